"""What a route finds in its request: the parts of the gateway, the command's context, the version it expects."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, cast

from fastapi import Depends
from starlette.requests import Request
from tongban.common.v1.command_pb2 import CommandContext

from gateway.auth import Client, Verifier
from gateway.clients import Services
from gateway.coalescing import Coalescer
from gateway.config import Settings
from gateway.errors import invalid_field

_KEY = re.compile(r"[A-Za-z0-9_.:-]{1,255}")
_ETAG = re.compile(r'(?:W/)?"?(\d{1,9})"?')
IDEMPOTENCY_HEADER = "Idempotency-Key"
REPLAYED_HEADERS = {"Idempotent-Replayed": "true"}


@dataclass(slots=True)
class Parts:
    """The parts of the running gateway. `services` and `submissions` are there once it has started."""

    settings: Settings
    verifier: Verifier
    services: Services
    submissions: Coalescer[Any, Any]
    partner_keys: Any
    rates: Any


def parts_of(request: Request) -> Parts:
    """The parts that serve this request."""
    return cast(Parts, request.scope["app"].state.parts)


def command_fields(request: Request, client: Client) -> dict[str, str]:
    """Fields of the CommandContext. Raises InvalidArgument (IDEMPOTENCY_KEY_MISSING, IDEMPOTENCY_KEY_FORM)."""
    keys = [value for name, value in request.scope["headers"] if name == b"idempotency-key"]
    if not keys:
        raise invalid_field(
            IDEMPOTENCY_HEADER,
            "IDEMPOTENCY_KEY_MISSING",
            f"send the header {IDEMPOTENCY_HEADER}: a new key for a new command, the same key to repeat it",
        )
    key = keys[0].decode("latin-1")
    if len(keys) > 1 or not _KEY.fullmatch(key):
        raise invalid_field(
            IDEMPOTENCY_HEADER, "IDEMPOTENCY_KEY_FORM", "one key of 1 to 255 letters, digits and _ . : - is allowed"
        )
    trace = request.scope["tongban.trace"]
    return {
        "idempotency_key": key,
        "client_id": client.subject,
        "actor_id": client.subject,
        "correlation_id": trace.correlation_id,
        "traceparent": trace.traceparent,
    }


class CommandKey:
    """Dependency of every route that changes something: the command's context. The route class has checked the key."""

    def __call__(self, request: Request) -> CommandContext:
        return CommandContext(**request.scope["tongban.command"])


COMMAND = Depends(CommandKey())
Command = Annotated[Any, COMMAND]


def expected_version(request: Request, in_body: int | None) -> int:
    """The version that the caller has read, from If-Match or the body.

    Raises InvalidArgument (EXPECTED_VERSION_MISSING, EXPECTED_VERSION_FORM, EXPECTED_VERSION_TWICE).
    """
    header = request.headers.get("if-match")
    if header is None:
        if in_body is None:
            raise invalid_field(
                "expected_version", "EXPECTED_VERSION_MISSING", "send the version you have read, here or as If-Match"
            )
        return in_body
    match = _ETAG.fullmatch(header.strip())
    if match is None or int(match[1]) < 1:
        raise invalid_field("If-Match", "EXPECTED_VERSION_FORM", 'send the ETag of the last answer, e.g. If-Match: "3"')
    if in_body is not None and in_body != int(match[1]):
        raise invalid_field("expected_version", "EXPECTED_VERSION_TWICE", "If-Match and expected_version differ")
    return int(match[1])
