"""Routes of handoff. None yet: they come with the service's contract in `protos/tongban/handoff/v1/`."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.routing import GatewayRoute

router = APIRouter(prefix="/v1/handoff", tags=["handoff"], route_class=GatewayRoute)
