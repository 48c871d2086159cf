"""Routes of hotline. None yet: they come with the service's contract in `protos/tongban/hotline/v1/`."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.routing import GatewayRoute

router = APIRouter(prefix="/v1/hotline", tags=["hotline"], route_class=GatewayRoute)
