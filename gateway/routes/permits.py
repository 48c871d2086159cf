"""Routes of permits. None yet: they come with the service's contract in `protos/tongban/permits/v1/`."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.routing import GatewayRoute

router = APIRouter(prefix="/v1/permits", tags=["permits"], route_class=GatewayRoute)
