"""The feed that partners pull: what changed since their cursor."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response
from tongban.handoff.v1 import service_pb2 as rpc

from gateway.auth import Client, requires
from gateway.context import parts_of
from gateway.described import told_model
from gateway.messages import answer
from gateway.routing import GatewayRoute
from shared.failures import PermissionDenied

router = APIRouter(prefix="/v1/feed", tags=["handoff"], route_class=GatewayRoute)


@router.get("/events", summary="Events after a cursor", response_model=told_model(rpc.ListFeedResponse))
async def list_events(
    request: Request, client: Annotated[Client, requires("feed:read")],
    after: Annotated[
        int, Query(ge=0, le=2**63 - 1, description="`next` of the last answer; 0: from the oldest kept", examples=[1204])
    ] = 0,
    limit: Annotated[int, Query(ge=1, le=500, description="entries at most", examples=[100])] = 100,
) -> Response:  # fmt: skip
    """States of certificates, permits and entities, and moves of your cases; ids and codes only. Keep `next` and send it as
    `after`: nothing is skipped and nothing comes twice. 422 CURSOR_EXPIRED when what follows is no longer kept."""
    if not client.division or client.division == parts_of(request).settings.region:
        raise PermissionDenied("your token names no partner region", reason="DIVISION_MISMATCH")
    services = parts_of(request).services
    query = rpc.ListFeedRequest(partner_region=client.division, after=after, limit=limit)
    return answer(await services.query(services.handoff.ListFeed, query))
