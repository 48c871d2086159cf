"""Whether the gateway lives and may get work."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gateway.context import parts_of
from gateway.errors import failure_response
from gateway.messages import answer
from gateway.models import Health, Ready
from gateway.routes import ROUTERS
from gateway.routing import GatewayRoute
from shared.failures import Unavailable, Violation

router = APIRouter(tags=["operations"], route_class=GatewayRoute)


@router.get("/healthz", summary="The process lives", response_model=Health)
async def healthz() -> Response:
    """Touches nothing else: an orchestrator restarts what does not answer here."""
    return answer({"status": "ok"})


@router.get("/readyz", summary="The gateway can work", response_model=Ready)
async def readyz(request: Request) -> Response:
    """200, or 503 with the reasons in `errors`: keys of the issuer not fetched yet, a service that does not serve."""
    parts = parts_of(request)
    reasons = {} if parts.verifier.ready else {"issuer": "keys not fetched yet"}
    reasons |= await parts.services.not_serving(name for name, router in ROUTERS.items() if router.routes)
    if not reasons:
        return answer({"reasons": {}})
    violations = [Violation(part, reason, "NOT_READY") for part, reason in reasons.items()]
    told = f"not ready: {', '.join(reasons)}"
    return failure_response(request.scope, Unavailable(told, reason="NOT_READY", violations=violations))
