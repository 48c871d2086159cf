"""Whether the gateway lives and may get work."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gateway.context import parts_of
from gateway.messages import answer
from gateway.models import Health, Ready
from gateway.routing import GatewayRoute

router = APIRouter(tags=["operations"], route_class=GatewayRoute)


@router.get("/healthz", summary="The process lives", response_model=Health)
async def healthz() -> Response:
    """Touches nothing else: an orchestrator restarts what does not answer here."""
    return answer({"status": "ok"})


@router.get("/readyz", summary="The gateway can work", response_model=Ready, responses={503: {"model": Ready}})
async def readyz(request: Request) -> Response:
    """200, or 503 with the reasons: keys of the issuer not fetched yet, a service that does not serve."""
    from gateway.routes import ROUTERS

    parts = parts_of(request)
    reasons = {} if parts.verifier.ready else {"issuer": "keys not fetched yet"}
    reasons |= await parts.services.not_serving(name for name, router in ROUTERS.items() if router.routes)
    return answer({"reasons": reasons}, 503 if reasons else 200)
