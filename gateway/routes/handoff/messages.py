"""Messages of partner platforms: signed, receipted, and what became of ours."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from tongban.common.v1.paging_pb2 import PageRequest
from tongban.handoff.v1 import messages_pb2 as pb
from tongban.handoff.v1 import service_pb2 as rpc

from gateway.auth import Client, requires
from gateway.context import REPLAYED_HEADERS, Command, parts_of
from gateway.described import told_model
from gateway.messages import answer
from gateway.models import ID_PATTERN, PageSize, PageToken, Told, next_link
from gateway.openapi import MESSAGE_EXTRA
from gateway.routing import GatewayRoute
from gateway.signed import SIGNED, Signer

router = APIRouter(prefix="/v1/handoff", tags=["handoff"], route_class=GatewayRoute)
MessageId = Annotated[str, Path(pattern=ID_PATTERN, examples=["msg_01KA3N6Q0V8T3J5M9W2XYZABCD"])]


class ReceiptTold(Told):
    receipt: str = Field(description="JWS (Ed25519) over message id, digest, regions and time of receipt")


@router.post(
    "/messages",
    summary="Hand over a message (partner platforms)",
    response_model=ReceiptTold,
    openapi_extra=MESSAGE_EXTRA,
)
async def receive_message(request: Request, signer: Annotated[Signer, SIGNED]) -> Response:
    """Signed by the partner platform (RFC 9421, profile tongban-handoff-v1; no token). Answered with the signed receipt once
    the message is stored; a repetition gets the same receipt. 409 SEQUENCE_GAP names the message that is missing."""
    services = parts_of(request).services
    told = await services.command(
        services.handoff.ReceiveMessage,
        rpc.ReceiveMessageRequest(
            partner_region=signer.region, key_id=signer.key_id, body=await request.body(),
            signature_input=signer.signature_input, signature=signer.signature,
            traceparent=request.scope["tongban.trace"].traceparent,
        ),
    )  # fmt: skip
    return answer({"receipt": told.receipt}, headers=REPLAYED_HEADERS if told.duplicate else {})


@router.get(
    "/messages", summary="List messages and their delivery", response_model=told_model(rpc.ListMessagesResponse)
)
async def list_messages(
    request: Request, client: Annotated[Client, requires("handoff:read")],
    handoff_case_id: Annotated[str, Query(
        pattern=r"^[A-Za-z0-9_.-]{0,64}$", examples=["hof_01KA3N6Q0V8T3J5M9W2XYZABCD"],
    )] = "",
    state: Annotated[Literal["QUEUED", "PARKED", "DELIVERED", "RECEIVED"] | None, Query(examples=["PARKED"])] = None,
    page_size: PageSize = 50, page_token: PageToken = "",
) -> Response:  # fmt: skip
    """Newest first, with receipts: what waits for a partner, since when, why, and when it is tried again."""
    services = parts_of(request).services
    query: Any = rpc.ListMessagesRequest(
        handoff_case_id=handoff_case_id, state=state or "", page=PageRequest(page_size=page_size, page_token=page_token)
    )
    found = await services.query(services.handoff.ListMessages, query)
    return answer(found, headers=next_link(request, found.next_page_token))


@router.post("/messages/{message_id}/retry", summary="Send a message now", response_model=told_model(pb.MessageReport))
async def retry_message(
    request: Request, message_id: MessageId, context: Command, client: Annotated[Client, requires("handoff:write")]
) -> Response:
    """For one that is parked (refused, or out of tries) or waits for its next try."""
    services = parts_of(request).services
    query = rpc.RetryMessageRequest(context=context, message_id=message_id)
    return answer((await services.command(services.handoff.RetryMessage, query)).message)
