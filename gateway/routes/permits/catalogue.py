"""The catalogue: what may be asked for, of whom, with what, in what time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from tongban.permits.v1 import service_pb2 as rpc

from gateway.auth import Client, requires
from gateway.context import parts_of
from gateway.described import told_model
from gateway.messages import answer
from gateway.routing import GatewayRoute

router = APIRouter(prefix="/v1/permits", tags=["permits"], route_class=GatewayRoute)


@router.get("/items", summary="List the items offered", response_model=told_model(rpc.ListItemsResponse))
async def list_items(request: Request, client: Annotated[Client, requires("permits:read")]) -> Response:
    """Every item 事项 that this district offers today, with its materials, its limit and its promise."""
    services = parts_of(request).services
    return answer(await services.query(services.permits.ListItems, rpc.ListItemsRequest()))
