"""Requests from a file: what another channel took down becomes orders, row by row, each row once."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from tongban.common.v1.command_pb2 import CommandContext
from tongban.hotline.v1 import service_pb2 as rpc

from gateway.auth import Client, requires
from gateway.clients import Services
from gateway.context import Command, parts_of
from gateway.csv_rows import CsvReader, CsvRow
from gateway.messages import answer
from gateway.models import Told
from gateway.routing import GatewayRoute
from shared.failures import Failure, Unavailable

router = APIRouter(prefix="/v1/hotline", tags=["hotline"], route_class=GatewayRoute)
COLUMNS = ("caller", "title", "text", "kind", "place", "territory", "category_code")
# calls in flight at once: the file must not take the hotline from callers
WIDTH = 8
EXAMPLE = (
    "caller,title,text,kind,place,territory,category_code\n"
    "13800000001,小区夜间施工噪音扰民,每晚十点后仍在施工，影响休息。,COMPLAINT,通江路88号,,\n"
)


class RequestVerdict(Told):
    row_number: int = Field(description="from 1, without the header")
    verdict: str = Field(description="REGISTERED, URGED, REPEATED, REFUSED", examples=["REGISTERED"])
    request_id: str | None
    order_id: str | None
    reason: str | None = Field(description="of a refused row", examples=["FIELD_RULE"])
    field: str | None = Field(description="of a refused row", examples=["title"])


class RequestsImported(Told):
    registered: int
    urged: int = Field(description="joined the open order of the same caller and matter")
    repeated: int = Field(description="came before, in an earlier try of this file")
    refused: int
    verdicts: list[RequestVerdict]


@router.post(
    "/requests/imports", summary="File requests from CSV", response_model=RequestsImported,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"text/csv": {"schema": {"type": "string", "examples": [EXAMPLE]}, "example": EXAMPLE}},
        }
    },
)  # fmt: skip
async def import_requests(
    request: Request, context: Command, client: Annotated[Client, requires("hotline:dispatch")]
) -> Response:
    """UTF-8, first row with the columns, at most 16 MiB. Every row gets its verdict; a bad row stops no other.

    A file may be sent again under its key: rows that were filed are REPEATED, so a try that broke off is mended by the next.
    Two equal rows are two requests of the caller: the second urges.
    """
    parts = parts_of(request)
    told: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    waiting: set[asyncio.Task[dict[str, Any]]] = set()
    try:
        async for row in CsvReader(COLUMNS).rows(request.stream()):
            if len(waiting) >= WIDTH:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                told += [task.result() for task in done]
            key = _key(context, row, seen)
            waiting.add(asyncio.create_task(_file(parts.services, context, row, key)))
        told += await asyncio.gather(*waiting)
    except BaseException:
        for task in waiting:
            task.cancel()
        raise
    told.sort(key=lambda verdict: verdict["row_number"])
    counts = {
        name.lower(): sum(v["verdict"] == name for v in told) for name in ("REGISTERED", "URGED", "REPEATED", "REFUSED")
    }
    return answer(counts | {"verdicts": told})


def _key(context: Any, row: CsvRow, seen: dict[str, int]) -> str:
    """Key of a row: the file's key, the row's content, and which of equal rows it is; the order of the rows may change."""
    digest = hashlib.sha256(f"{context.idempotency_key}\0{sorted(row.values.items())}".encode()).hexdigest()[:40]
    seen[digest] = seen.get(digest, 0) + 1
    return f"csv-{digest}-{seen[digest]}"


async def _file(services: Services, context: Any, row: CsvRow, key: str) -> dict[str, Any]:
    """File one row. Raises Unavailable: the file is sent again."""
    verdict: dict[str, Any] = {"row_number": row.number, "verdict": "REFUSED", "request_id": None, "order_id": None}
    if row.violation is not None:
        return verdict | {"reason": row.violation.reason, "field": row.violation.field}
    own = CommandContext()
    own.CopyFrom(context)
    own.idempotency_key = key
    try:
        filed = await services.command(services.hotline.FileRequest, rpc.FileRequestRequest(context=own, **row.values))
    except Unavailable:
        raise
    except Failure as failure:
        field = failure.violations[0].field if failure.violations else None
        return verdict | {"reason": failure.reason, "field": field}
    name = "REPEATED" if filed.replayed else "URGED" if filed.urged else "REGISTERED"
    return verdict | {
        "verdict": name, "request_id": filed.request_id, "order_id": filed.order.order_id, "reason": None, "field": None
    }  # fmt: skip
