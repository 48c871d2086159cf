"""Requests of callers: file one, see what became of it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from tongban.hotline.v1 import messages_pb2 as pb
from tongban.hotline.v1 import service_pb2 as rpc

from gateway.auth import Client, requires
from gateway.context import REPLAYED_HEADERS, Command, parts_of
from gateway.described import told_model
from gateway.messages import answer, to_json
from gateway.models import ID_PATTERN, USCC_PATTERN, Asked
from gateway.routing import GatewayRoute

router = APIRouter(prefix="/v1/hotline", tags=["hotline"], route_class=GatewayRoute)
RequestId = Annotated[str, Path(pattern=ID_PATTERN, examples=["req_01KA3N6Q0V8T3J5M9W2XYZABCD"])]
Kind = Literal["CONSULTATION", "HELP", "COMPLAINT", "REPORT", "SUGGESTION", "PRAISE", "OTHER"]


class RequestGiven(Asked):
    """What a caller says 诉求. The caller is kept sealed and never shown."""

    caller: str = Field(min_length=1, max_length=60, description="phone or account", examples=["13800000001"])
    title: str = Field(min_length=1, max_length=200, examples=["小区夜间施工噪音扰民"])
    text: str = Field("", max_length=8000, examples=["每晚十点后仍在施工，影响休息。"])
    kind: Kind = Field(examples=["COMPLAINT"])
    place: str = Field("", max_length=200, examples=["通江路88号"])
    territory: str = Field("", max_length=60, description="town or street")
    category_code: str = Field("", pattern=r"^([0-9]{6})?$", description="empty: the words decide")
    enterprise_code: str = Field("", pattern=USCC_PATTERN.replace("{18}", "{0,18}"), description="an enterprise's code")


@router.post(
    "/requests", status_code=201, summary="File a request",
    response_model=told_model(rpc.FileRequestResponse, ("replayed",)),
)  # fmt: skip
async def file_request(
    request: Request, body: RequestGiven, context: Command, client: Annotated[Client, requires("hotline:write")]
) -> Response:
    """Becomes a work order with the unit that is competent, or, from the same caller about the same matter, an urge on the
    order that is open (`urged`). When no category fits, the centre owns the order until it finds a unit."""
    services = parts_of(request).services
    told = await services.command(
        services.hotline.FileRequest, rpc.FileRequestRequest(context=context, **body.model_dump())
    )
    content = to_json(told)
    replayed = content.pop("replayed")
    headers = {"Location": f"/v1/hotline/requests/{told.request_id}"} | (REPLAYED_HEADERS if replayed else {})
    return answer(content, 201, headers)


@router.get("/requests/{request_id}", summary="Read your request", response_model=told_model(pb.Order))
async def get_request(
    request: Request, request_id: RequestId, client: Annotated[Client, requires("hotline:read")]
) -> Response:
    """The order that your request became: who has it, by when, what happened. Another's is 404 as if it were none."""
    services = parts_of(request).services
    query = rpc.GetRequestRequest(request_id=request_id, only_client_id=client.subject)
    return answer((await services.query(services.hotline.GetRequest, query)).order)
