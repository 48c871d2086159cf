"""Routes that authenticate before they read anything, and the proof that all do.

`GatewayRoute` checks in this order: token and scope (or a partner platform's signature), Idempotency-Key, query parameters,
JSON as strict JSON; then FastAPI validates and calls. A route without a requirement answers only if it stands in
`PUBLIC_ROUTES`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from fastapi import FastAPI, params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.auth import Client, Requirement, authenticate, refuse
from gateway.context import CommandKey, command_fields, parts_of
from gateway.errors import invalid_field
from gateway.signed import SignatureRequirement, authenticate_signed
from shared import strict_json

Handler = Callable[[Request], Awaitable[Response]]

# Routes that ask nobody who they are, each with the reason why.
PUBLIC_ROUTES: dict[str, str] = {
    "GET /": "landing page: links only",
    "GET /healthz": "probed by the orchestrator, which has no token; says nothing but that the process lives",
    "GET /readyz": "probed by the orchestrator; names parts that are not ready, no addresses",
    "GET /docs": "partners read the documentation before they have a token",
    "GET /openapi.json": "the contract is public",
    "GET /verify": "anybody may check a certificate shown to them",
    "POST /verify": "anybody may check a certificate shown to them",
    "GET /v/{identifier}": "address in the QR code of every certificate",
    "POST /v1/certificates/verify": "anybody may check a certificate shown to them; changes nothing",
    "GET /v1/certificates/keys": "public keys, for checks without the platform",
    "* /static": "style sheets, scripts and pictures of the pages above",
}


def required_scope(route: Any) -> str | None:
    """The scope that a route asks for, or None."""
    found = [d.call.scope for d in _dependants(route.dependant) if isinstance(d.call, Requirement)]
    if len(set(found)) > 1:
        raise TypeError(f"{route.path} asks for several scopes: {found}")
    return found[0] if found else None


def is_signed(route: Any) -> bool:
    """Whether a route is for partner platforms, which sign their requests."""
    return any(isinstance(d.call, SignatureRequirement) for d in _dependants(route.dependant))


def takes_command(route: Any) -> bool:
    """Whether a route changes something, and so needs an Idempotency-Key."""
    return any(isinstance(d.call, CommandKey) for d in _dependants(route.dependant))


class GatewayRoute(APIRoute):
    """A route of the gateway; see the module."""

    def get_route_handler(self) -> Any:
        inner = super().get_route_handler()
        guard = _guard(self)
        reads_json = self.body_field is not None and not isinstance(self.body_field.field_info, params.Form)

        async def handle(request: Request) -> Response:
            await guard(request)
            if reads_json:
                body = await request.body()
                if body:
                    request._json = strict_json.loads(body)
            response: Response = await inner(request)
            return response

        return handle


class RawRoute(GatewayRoute):
    """A hot route: its endpoint gets the request as it is, without FastAPI's solving of parameters.

    Its path has no variable part, and `lane` is reached directly from gateway.edge. What the document says of its body
    stands in `openapi_extra`.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        handle = self.get_route_handler()

        async def lane(scope: Scope, receive: Receive, send: Send) -> None:
            scope["route"] = self
            response = await handle(Request(scope, receive, send))
            await response(scope, receive, send)

        self.lane = lane

    def get_route_handler(self) -> Any:
        guard, endpoint = _guard(self), self.endpoint

        async def handle(request: Request) -> Response:
            await guard(request)
            response: Response = await endpoint(request)
            return response

        return handle


def _guard(route: APIRoute) -> Callable[[Request], Awaitable[Client | None]]:
    scope, command, signed = required_scope(route), takes_command(route), is_signed(route)
    public = all(f"{method} {route.path}" in PUBLIC_ROUTES for method in route.methods or ())
    known = {field.alias for d in _dependants(route.dependant) for field in d.query_params}
    # the address in a QR code carries parameters that are judged, not used
    any_query = not route.include_in_schema

    async def guard(request: Request) -> Client | None:
        client = None
        if scope is not None:
            client = await authenticate(request, parts_of(request).verifier, scope)
        elif signed:
            parts = parts_of(request)
            client = await authenticate_signed(request, parts.partner_keys, parts.settings.public_url)
            request.scope["tongban.client"] = client
        elif not public:
            raise refuse("ROUTE_CLOSED", "this route is open to nobody")
        if client is not None:
            parts_of(request).rates.count(request, client.subject)
        if command and client is not None:
            request.scope["tongban.command"] = command_fields(request, client)
        if request.scope["query_string"] and not any_query:
            _check_query(request, known)
        return client

    return guard


def _check_query(request: Request, known: set[str]) -> None:
    """A parameter unknown or given twice is a mistake of the caller, or an attack; never silently dropped."""
    seen: set[str] = set()
    for name, _ in request.query_params.multi_items():
        if name not in known:
            raise invalid_field(name[:60], "PARAMETER_UNKNOWN", f"this route has no parameter {name[:60]!r}")
        if name in seen:
            raise invalid_field(name, "PARAMETER_TWICE", f"{name} is given twice")
        seen.add(name)


def unauthenticated_routes(app: FastAPI) -> list[str]:
    """Routes that anybody may call although `PUBLIC_ROUTES` does not list them, e.g. "GET /v1/leak"."""
    return sorted(name for name, scope in _all_routes(app) if scope is None and name not in PUBLIC_ROUTES)


def stale_public_routes(app: FastAPI) -> list[str]:
    """Rows of `PUBLIC_ROUTES` that name no route, or one that authenticates."""
    public = {name for name, scope in _all_routes(app) if scope is None}
    return sorted(set(PUBLIC_ROUTES) - public)


def _all_routes(app: FastAPI) -> Iterator[tuple[str, str | None]]:
    """Every route of whatever kind as "METHOD /path", with the scope that it really enforces."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        # only this class checks its requirement; the same dependency elsewhere would be a decoration
        enforced = isinstance(route, GatewayRoute)
        for method in sorted(context.methods or {"*"}):
            yield f"{method} {context.path}", _proof(context) if enforced else None


def _proof(route: Any) -> str | None:
    return required_scope(route) or ("signature" if is_signed(route) else None)


def _dependants(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for child in dependant.dependencies:
        yield from _dependants(child)
