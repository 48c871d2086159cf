"""Taking over entities from an older register: a CSV file goes through in groups of rows and is never held as a whole."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Annotated, Any, Literal

import grpc
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response
from tongban.registration.v1 import service_pb2 as rpc

from gateway.auth import Client, require_division, requires
from gateway.clients import IMPORT_SECONDS, Services
from gateway.context import Command, parts_of
from gateway.csv_rows import CsvReader, CsvRow
from gateway.messages import answer, to_json
from gateway.models import DIVISION_PATTERN
from gateway.routes.registration.models import ImportResult
from gateway.routes.registration.names import problem_field
from gateway.routing import GatewayRoute
from shared.failures import Unavailable, Violation
from shared.grpc_errors import failure_of

router = APIRouter(prefix="/v1/registration", tags=["registration"], route_class=GatewayRoute)
COLUMNS = ("name", "uscc", "registered_on", "type", "capital", "business_scope", "address")
GROUP = 500
EXAMPLE = (
    "name,uscc,registered_on,type,capital,business_scope,address\n"
    "常州市云帆软件有限公司,91320411MAXX00015L,2019-03-11,有限责任公司,100万人民币,软件开发,常州市新北区通江路88号\n"
)


@router.post(
    "/entities/imports",
    summary="Take over entities",
    response_model=ImportResult,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"text/csv": {"schema": {"type": "string", "examples": [EXAMPLE]}, "example": EXAMPLE}},
        }
    },
)
async def import_entities(
    request: Request, context: Command, client: Annotated[Client, requires("registration:import")],
    division_code: Annotated[
        str | None, Query(pattern=DIVISION_PATTERN, description="of the register; default: this platform's", examples=["320411"])
    ] = None,
    verdicts: Annotated[
        Literal["refused", "resembling", "all"], Query(description="which rows to tell", examples=["all"])
    ] = "refused",
) -> Response:  # fmt: skip
    """UTF-8, first row with the columns, at most 16 MiB. Every row gets its verdict; a bad row stops no other.

    A row that resembles an entity, or an earlier row, is taken over all the same; its verdict says which.

    A file may be sent again: rows that are registered with the same facts are UNCHANGED. When the answer is an error, rows
    before it may have been taken over already; mend and send again.
    """
    parts = parts_of(request)
    require_division(client, division_code or parts.settings.region)
    sending = _Import(parts.services, context)
    try:
        async for row in CsvReader(COLUMNS).rows(request.stream()):
            await sending.add(row)
        told = await sending.finish()
    except BaseException:
        sending.cancel()
        raise
    told["verdicts"] = [v for v in told["verdicts"] if _is_told(v, verdicts)]
    return answer(told)


def _is_told(verdict: dict[str, Any], which: str) -> bool:
    resembles = which == "resembling" and bool(verdict["duplicate_entity_ids"])
    return which == "all" or verdict["verdict"] == "REFUSED" or resembles


class _Import:
    """The stream to the service, opened by the first group."""

    def __init__(self, services: Services, context: Any) -> None:
        self._services, self._context = services, context
        self._call: Any = None
        self._group: list[Any] = []
        self._unread: list[tuple[int, Violation]] = []

    async def add(self, row: CsvRow) -> None:
        """Send on the row with its group; one that could not be read stays here. Raises the service's Failure."""
        if row.violation is not None:
            self._unread.append((row.number, row.violation))
            return
        self._group.append(rpc.EntityRow(row_number=row.number, **row.values))
        if len(self._group) == GROUP:
            await self._send()

    async def finish(self) -> dict[str, Any]:
        """Counts and all verdicts in the order of the rows. Raises the service's Failure."""
        if self._group:
            await self._send()
        told: dict[str, Any] = {"imported": 0, "unchanged": 0, "refused": 0, "verdicts": []}
        if self._call is not None:
            await self._call.done_writing()
            told = to_json(await self._outcome())
            for verdict in told["verdicts"]:
                verdict["violations"] = [problem_field(violation) for violation in verdict["violations"]]
        told["refused"] += len(self._unread)
        told["verdicts"] = sorted(
            told["verdicts"] + [_refused(*row) for row in self._unread], key=lambda v: v["row_number"]
        )
        return told

    def cancel(self) -> None:
        """Break off; what the service has done already stays done."""
        if self._call is not None:
            self._call.cancel()

    async def _send(self) -> None:
        if self._call is None:
            self._call = self._services.registration.ImportEntities(timeout=IMPORT_SECONDS)
            request = rpc.ImportEntitiesRequest(context=self._context, rows=self._group)
        else:
            request = rpc.ImportEntitiesRequest(rows=self._group)
        self._group = []
        try:
            await self._call.write(request)
        except (grpc.RpcError, grpc.aio.UsageError, asyncio.InvalidStateError, RuntimeError):
            try:
                await self._outcome()  # the service has ended the call; its status says why
            except Unavailable as failure:
                if failure.reason != "RPC_INTERNAL":
                    raise
            await self._ask_why()

    async def _ask_why(self) -> None:
        """Raise why the service ended the call. A write that broke in the same moment hides its status behind grpc's own
        INTERNAL, so the same import is opened once more, without rows."""
        self._call = self._services.registration.ImportEntities(timeout=IMPORT_SECONDS)
        with contextlib.suppress(grpc.aio.UsageError, asyncio.InvalidStateError, RuntimeError):
            await self._call.write(rpc.ImportEntitiesRequest(context=self._context))
            await self._call.done_writing()
        await self._outcome()
        raise Unavailable("the import broke off; send the file again", reason="IMPORT_BROKE_OFF")

    async def _outcome(self) -> Any:
        try:
            return await self._call
        except grpc.RpcError as error:
            raise failure_of(error) from error


def _refused(number: int, violation: Violation) -> dict[str, Any]:
    field = {"field": violation.field, "reason": violation.reason, "detail": violation.description}
    return {
        "row_number": number,
        "verdict": "REFUSED",
        "entity_id": None,
        "violations": [field],
        "duplicate_entity_ids": [],
    }
