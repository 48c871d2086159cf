"""Putting the gateway together: routes, layers, start and stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from gateway import errors, openapi, portal
from gateway.access_log import AccessLog
from gateway.auth import Verifier
from gateway.bodies import BodyGuard, body_rules
from gateway.clients import Services
from gateway.coalescing import Coalescer
from gateway.config import Settings
from gateway.context import Parts
from gateway.edge import Edge
from gateway.rates import Rates
from gateway.routes import ROUTERS, operations
from gateway.routes.registration.applications import submit_batch
from gateway.routing import RawRoute, unauthenticated_routes
from gateway.signed import PartnerKeys
from shared import garbage
from shared.topology import load_topology

STATIC = Path(__file__).parent / "static"


def create_app(settings: Settings, access_log: AccessLog | None = None) -> FastAPI:
    """The application. Raises RuntimeError naming routes that neither authenticate nor are listed as public."""
    app = FastAPI(
        title="Tongban 通办",
        lifespan=_lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # asked at every request although nothing is set up; the ids of gateway.edge go through to the services
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.settings = settings
    # taken over as they are: a router included the usual way is looked up twice per request
    for router in (*ROUTERS.values(), operations.router, portal.router):
        app.router.routes.extend(router.routes)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    errors.install(app)
    openapi.install(app, settings)
    # the last one added is the outermost
    usual, exceptions = body_rules(settings)
    app.add_middleware(BodyGuard, usual=usual, exceptions=exceptions)
    lanes: dict[tuple[str, str], ASGIApp] = {
        (method, route.path): BodyGuard(errors.answering(route.lane), usual, exceptions)
        for route in app.routes
        if isinstance(route, RawRoute)
        for method in route.methods or ()
    }
    app.add_middleware(Edge, limit=settings.requests_in_flight, access_log=access_log or AccessLog(), lanes=lanes)
    open_routes = unauthenticated_routes(app)
    if open_routes:
        raise RuntimeError(f"routes that authenticate nobody: {', '.join(open_routes)}")
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    services = Services({name: settings.address(name) for name in load_topology().gateway_calls})
    submissions: Coalescer[Any, Any] = Coalescer(
        lambda batch: submit_batch(services, batch),
        max_batch=settings.submit_batch,
        calls=settings.submit_calls,
        worth=settings.submit_worth,
        max_waiting=settings.submit_waiting,
    )
    verifier = Verifier(settings.issuer_url)
    app.state.parts = Parts(settings, verifier, services, submissions, PartnerKeys(services, settings.region),
                            Rates(settings.rate_limit))  # fmt: skip
    keeping = asyncio.create_task(verifier.keep_fresh())
    garbage.settle()
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        await services.close()
