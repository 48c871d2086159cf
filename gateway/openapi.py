"""The API's document (OpenAPI 3.1) and its page, both without the internet.

What the routes themselves cannot say is added here once for all: which scope a route needs, which problems it may answer,
the headers of commands, and the shapes that are not pydantic's.
"""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from gateway import examples
from gateway.auth import SCOPES
from gateway.config import Settings
from gateway.models import Problem
from gateway.routing import GatewayRoute, is_signed, required_scope, takes_command

VERSION = "1.0.0"
REF = "#/components/schemas/{name}"
SECURITY, SIGNATURE = "bearer", "httpSignature"
_PROBLEMS = {
    400: "The request breaks a rule; `errors` names the fields.",
    401: "No token, or one that does not count.",
    403: "The token lacks the scope, or is of another division.",
    404: "There is no such thing.",
    408: "The body did not arrive in time.",
    409: "It exists already, or it has changed: read it again.",
    413: "The body is too large.",
    415: "This kind of content is not taken here.",
    422: "Not possible in this state.",
    429: "More requests than allowed; wait `Retry-After` seconds.",
    500: "Something broke here; ask with `instance`.",
    503: "Try again after `Retry-After` seconds.",
}
_MSGSPEC_TYPES: list[type] = []


def _parameter(name: str, description: str, required: bool, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "description": description, "schema": schema}


_KEY = _parameter(
    "Idempotency-Key",
    "Chosen by you, new for a new command. The same key with the same body does nothing twice and is answered again"
    " (`Idempotent-Replayed: true`): a receipt as it was first given, a document as it stands now. With another body 422"
    " IDEMPOTENCY_KEY_REUSED. Kept at least 8 days. Imports judge every row anew instead.",
    True,
    {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{1,255}$", "examples": ["order-2026-000123"]},
)
_MATCH = _parameter(
    "If-Match", "ETag of the version you have read; or send `expected_version`.", False,
    {"type": "string", "examples": ['"1"']},
)  # fmt: skip
VERSION_EXTRA: dict[str, Any] = {"parameters": [_MATCH]}
# In `openapi_extra`: statuses that a route may answer although its kind of route does not.
PROBLEMS = "x-problems"
# a message of a partner platform: its shape is the protocol's, its key is the message's id
MESSAGE_EXTRA: dict[str, Any] = {
    "parameters": [_KEY],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"type": "object", "description": "docs/handoff-protocol.md"},
                "example": {
                    "message_id": "msg_01KA3N6Q0V8T3J5M9W2XYZABCD",
                    "type": "CASE_ACCEPTED",
                    "handoff_case_id": "hof_01KA3N6Q0V8T3J5M9W2XYZABCD",
                    "sequence": 2,
                    "from_region": "440305",
                    "to_region": "320411",
                    "agreement_id": "xinbei-nanshan",
                    "agreement_version": 1,
                    "created_time": "2026-05-06T01:30:00Z",
                    "body": {"due_date": "2026-06-03"},
                },
            }
        },
    },
}


def json_body(kind: type, example: Any) -> dict[str, Any]:
    """The description of a JSON body whose shape is a msgspec Struct."""
    _MSGSPEC_TYPES.append(kind)
    schema = {"$ref": REF.format(name=kind.__name__)}
    return {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}


def verify_body(kind: Any, example: Any) -> dict[str, Any]:
    """The three ways to show a certificate."""
    schema = kind.model_json_schema(ref_template=REF.replace("{name}", "{model}"))
    form = {
        "type": "object",
        "properties": {
            "file": {"type": "string", "contentMediaType": "application/octet-stream"},
            "identifier": {"type": "string", "maxLength": 1000, "examples": [example["identifier"]]},
            "expected_holder_code": {"type": "string", "maxLength": 18, "examples": ["91320411MAXX00015L"]},
        },
    }
    return {
        "required": True,
        "content": {
            "application/json": {"schema": schema, "example": example},
            "application/pdf": {"schema": {"type": "string", "contentMediaType": "application/pdf"}},
            "multipart/form-data": {"schema": form},
        },
    }


def install(app: FastAPI, settings: Settings) -> None:
    """Add the document and its page to the application."""
    kept: dict[str, bytes] = {}

    async def document(request: Request) -> Response:
        if "json" not in kept:
            kept["json"] = msgspec.json.encode(app.openapi())
        return Response(kept["json"], headers={"Cache-Control": "public, max-age=60"}, media_type="application/json")

    async def page(request: Request) -> Response:
        return HTMLResponse(
            _PAGE, headers={"Content-Security-Policy": _PAGE_POLICY, "Cache-Control": "public, max-age=60"}
        )

    for path, endpoint in (("/openapi.json", document), ("/docs", page)):
        app.router.add_api_route(path, endpoint, include_in_schema=False, route_class_override=GatewayRoute)

    def build() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = build_document(app, settings)
        return app.openapi_schema

    app.openapi = build  # type: ignore[method-assign]


def build_document(app: FastAPI, settings: Settings) -> dict[str, Any]:
    """The whole document."""
    routes = [route for route in app.routes if isinstance(route, GatewayRoute) and route.include_in_schema]
    document = get_openapi(
        title=app.title,
        version=VERSION,
        openapi_version="3.1.0",
        summary="Matters of a city district, started anywhere and finished once.",
        description=_DESCRIPTION,
        routes=routes,
        tags=[
            {"name": "registration", "description": "market-entity registration 经营主体登记"},
            {"name": "certificates", "description": "e-certificates 电子证照"},
            {"name": "permits", "description": "permits, filings and bundles 许可、备案、一件事"},
            {"name": "hotline", "description": "12345 hotline 热线"},
            {"name": "handoff", "description": "cases between regions 跨域通办, and the feed for partners"},
            {"name": "operations", "description": "health of the gateway"},
        ],
        servers=[{"url": "/", "description": "this host"}, {"url": settings.public_url}],
    )
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template=REF.replace("{name}", "{model}"))
    schemas |= problem.pop("$defs") | {"Problem": problem}
    own = msgspec.json.schema_components(_MSGSPEC_TYPES, ref_template=REF)[1]
    if twice := sorted(set(own) & set(schemas)):
        raise RuntimeError(f"two shapes have the same name: {', '.join(twice)}")
    schemas |= own
    document["components"]["responses"] = {f"Problem{status}": _problem(text) for status, text in _PROBLEMS.items()}
    document["components"]["securitySchemes"] = {
        SECURITY: {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT (RFC 9068, ES256)",
            "description": "Scopes:\n" + "\n".join(f"- `{name}`: {text}" for name, text in SCOPES.items()),
        },
        SIGNATURE: {
            "type": "apiKey", "in": "header", "name": "Signature",
            "description": "HTTP message signature (RFC 9421) by the platform's Ed25519 key, profile tongban-handoff-v1:"
            " Signature, Signature-Input and Content-Digest; see docs/handoff-protocol.md",
        },
    }  # fmt: skip
    for route in routes:
        for method in route.methods or ():
            _complete(document["paths"][route.path][method.lower()], route)
    examples.complete(document)
    return document


def _complete(operation: dict[str, Any], route: GatewayRoute) -> None:
    scope, command = required_scope(route), takes_command(route)
    signed = is_signed(route)
    operation["security"] = [{SECURITY: [scope]}] if scope else [{SIGNATURE: []}] if signed else []
    if command:
        operation.setdefault("parameters", []).append(_KEY)
    statuses = {400, 500}
    statuses |= {401, 403, 429} if scope or signed else set()
    statuses |= {404} if "{" in route.path else set()
    statuses |= {408, 413, 415} if "requestBody" in operation else set()
    statuses |= {409, 422} if command or signed else set()
    statuses |= {503} if route.path.startswith("/v1") else set()
    statuses |= set(operation.pop(PROBLEMS, ()))
    operation["responses"].pop("422", None)
    for status in sorted(statuses):
        operation["responses"].setdefault(str(status), {"$ref": f"#/components/responses/Problem{status}"})


def _problem(text: str) -> dict[str, Any]:
    return {
        "description": text,
        "headers": {"X-Correlation-Id": {"schema": {"type": "string"}}},
        "content": {"application/problem+json": {"schema": {"$ref": REF.format(name="Problem")}}},
    }


_DESCRIPTION = """\
Registration of market entities, permits and filings, e-certificates and the hotline, for applicants, officers and partners.

- **Token**: `Authorization: Bearer …` from the issuer; each route names its scope.
- **Commands** carry an `Idempotency-Key` and may be repeated safely.
- **Errors** are `application/problem+json` with a stable `code`.
- **Lists** come in pages: follow `Link: rel="next"`.
- Money is in fen, times are RFC 3339 in +08:00, dates ISO 8601. Fields unknown here are refused, not ignored.
"""
# the page's own styles are set from script; everything else comes from this host
_PAGE_POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Tongban API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" type="image/png" href="/static/vendor/swagger-ui-dist/favicon-32x32.png">
<link rel="stylesheet" href="/static/vendor/swagger-ui-dist/swagger-ui.css"></head>
<body><div id="swagger-ui"></div>
<script src="/static/vendor/swagger-ui-dist/swagger-ui-bundle.js"></script>
<script src="/static/docs.js"></script></body></html>
"""
