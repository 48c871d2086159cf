"""Bodies, guarded while they are read: size, time and kind, whatever Content-Length says.

A raw ASGI middleware: it counts what arrives (also chunked), stops reading at the cap (413), gives up on a body that does
not arrive (408) and refuses kinds of content that a route does not take (415). A connection whose body was not read to its
end is closed after the answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway import metrics
from gateway.config import Settings
from gateway.errors import HttpProblem, http_response

WITH_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class BodyRule:
    """What an address takes: kinds of content, bytes, and seconds spent waiting for the body."""

    kinds: tuple[str, ...]
    limit: int
    seconds: float


def body_rules(settings: Settings) -> tuple[BodyRule, dict[str, BodyRule]]:
    """The usual rule (JSON) and the exceptions by path; none of these paths has a variable part."""

    def files(*kinds: str) -> BodyRule:
        return BodyRule(kinds, settings.file_limit, settings.file_seconds)

    return BodyRule((JSON,), settings.body_limit, settings.body_seconds), {
        "/v1/certificates/verify": files(JSON, "application/pdf", "multipart/form-data"),
        "/v1/registration/entities/imports": files("text/csv"),
        "/v1/hotline/requests/imports": files("text/csv"),
        "/v1/handoff/messages": BodyRule((JSON,), settings.message_limit, settings.file_seconds),
        "/verify": files("multipart/form-data", "application/x-www-form-urlencoded"),
    }


class BodyGuard:
    """The middleware."""

    def __init__(self, app: ASGIApp, usual: BodyRule, exceptions: Mapping[str, BodyRule]) -> None:
        self._app, self._usual, self._exceptions = app, usual, exceptions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in WITH_BODY:
            await self._app(scope, receive, send)
            return
        rule = self._exceptions.get(scope["path"], self._usual)
        body = _Body(rule, receive, send)
        refused = body.refusal_of_headers(scope["headers"])
        if refused is not None:
            metrics.BODIES_REFUSED.labels(refused.reason).inc()
            response = http_response(scope, refused.status_code, refused.reason, str(refused.detail))
            await response(scope, receive, body.send)
            return
        await self._app(scope, body.receive, body.send)


class _Body:
    def __init__(self, rule: BodyRule, receive: Receive, send: Send) -> None:
        self._rule, self._receive, self._send = rule, receive, send
        self._read, self._seconds_left, self._finished = 0, rule.seconds, False

    def refusal_of_headers(self, headers: list[tuple[bytes, bytes]]) -> HttpProblem | None:
        """What the headers already tell: a body too large or of a kind not taken."""
        kind, length, chunked, encoding = b"", b"0", False, b""
        for name, value in headers:
            if name == b"content-type":
                kind = value
            elif name == b"content-length":
                length = value
            elif name == b"transfer-encoding":
                chunked = True
            elif name == b"content-encoding":
                encoding = value
        if length.isdigit() and int(length[:20]) > self._rule.limit:
            return self._too_large()
        if length == b"0" and not chunked:
            self._finished = True
            return None
        if encoding.lower() not in (b"", b"identity"):
            return HttpProblem(415, "CONTENT_ENCODING", "send the body as it is, not compressed")
        # the usual case first: it costs nothing
        if kind != b"application/json" or JSON not in self._rule.kinds:
            return _refusal_of_kind(kind.decode("latin-1"), self._rule.kinds)
        return None

    async def receive(self) -> Message:
        """The next piece. Raises HttpProblem 413 or 408."""
        if self._finished:
            return await self._receive()
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout_at(started + self._seconds_left):
                message = await self._receive()
        except TimeoutError:
            metrics.BODIES_REFUSED.labels("BODY_TIMEOUT").inc()
            seconds = f"{self._rule.seconds:g}"
            raise HttpProblem(408, "BODY_TIMEOUT", f"the body did not arrive within {seconds} s") from None
        self._seconds_left -= loop.time() - started
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            if self._read > self._rule.limit:
                metrics.BODIES_REFUSED.labels("BODY_TOO_LARGE").inc()
                raise self._too_large()
            self._finished = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Pass on; an answer given before the body's end closes the connection, which nobody would read on."""
        if message["type"] == "http.response.start" and not self._finished:
            message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
        await self._send(message)

    def _too_large(self) -> HttpProblem:
        return HttpProblem(413, "BODY_TOO_LARGE", f"at most {self._rule.limit} bytes are taken here")


async def whole_body(receive: Receive) -> bytes:
    """The body of a hot route, without the generators of `Request.body`. Raises ClientDisconnect."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        body: bytes = message.get("body", b"")
        return body
    pieces = []
    while message["type"] == "http.request":
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(pieces)
        message = await receive()
    raise ClientDisconnect


def _refusal_of_kind(value: str, kinds: tuple[str, ...]) -> HttpProblem | None:
    kind, _, parameters = value.partition(";")
    charset = dict(_pairs(parameters)).get("charset", "utf-8")
    if kind.strip().lower() not in kinds:
        return HttpProblem(415, "CONTENT_TYPE", f"send one of: {', '.join(kinds)}")
    if charset.lower() not in ("utf-8", "utf8"):
        return HttpProblem(415, "CONTENT_CHARSET", "send UTF-8")
    return None


def _pairs(parameters: str) -> list[tuple[str, Any]]:
    pairs = (parameter.partition("=") for parameter in parameters.split(";"))
    return [(name.strip().lower(), value.strip().strip('"')) for name, _, value in pairs]
