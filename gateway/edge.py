"""The outermost layer: ids of a request, its log line, its metrics, the headers of every answer, the last safety net.

A raw ASGI middleware. Trace context comes from `traceparent` (W3C) or begins here; the correlation id from
`X-Correlation-Id`, else the trace id. Logs and metrics carry the route's template, never the path.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway import metrics
from gateway.access_log import AccessLog
from gateway.errors import failure_response, http_response, internal_response
from shared.failures import Unavailable
from shared.logs import get_logger

log = get_logger(__name__)

_TRACEPARENT = re.compile(rb"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")
_CORRELATION_ID = re.compile(rb"[A-Za-z0-9_.:-]{1,128}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET = frozenset({"/healthz", "/readyz"})

SECURITY_HEADERS: list[tuple[bytes, bytes]] = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
]
CSP = (b"content-security-policy", b"default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
NO_STORE = (b"cache-control", b"no-store")


@dataclass(slots=True)
class Trace:
    """Ids of one request. `traceparent` is what goes on to the services; `hosts` counts Host headers (one is right)."""

    trace_id: str
    span_id: str
    flags: str
    correlation_id: str
    hosts: int

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


def begin_trace(headers: list[tuple[bytes, bytes]]) -> Trace:
    """Ids from the headers where they are well formed, else new ones."""
    trace_id, flags, correlation_id, hosts = "", "01", "", 0
    for name, value in headers:
        if name == b"traceparent":
            match = _TRACEPARENT.fullmatch(value)
            if match:
                trace_id, flags = match[1].decode(), match[2].decode()
        elif name == b"x-correlation-id" and _CORRELATION_ID.fullmatch(value):
            correlation_id = value.decode()
        elif name == b"host":
            hosts += 1
    random = os.urandom(24).hex()
    trace_id = trace_id or random[:32]
    return Trace(trace_id, random[32:], flags, correlation_id or trace_id, hosts)


class Edge:
    """The middleware. More than `limit` requests at once are told to come back (503).

    `lanes` are hot routes by method and path: they are reached from here, past all layers in between.
    """

    def __init__(
        self, app: ASGIApp, limit: int, access_log: AccessLog, lanes: Mapping[tuple[str, str], ASGIApp]
    ) -> None:
        self._app, self._limit, self._access_log, self._lanes = app, limit, access_log, lanes
        self._running = 0
        metrics.REQUESTS_RUNNING.set_function(lambda: self._running)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        trace = scope["tongban.trace"] = begin_trace(scope["headers"])
        answer = _Answer(send, trace, scope)
        self._running += 1
        try:
            if self._running > self._limit:
                busy = Unavailable("too many requests are being served", reason="OVERLOADED")
                await failure_response(scope, busy)(scope, receive, answer.send)
            elif trace.hosts > 1:
                await http_response(scope, 400, "HOST_HEADER", "send one Host header")(scope, receive, answer.send)
            else:
                app = self._lanes.get((scope["method"], scope["path"]), self._app)
                await app(scope, receive, answer.send)
        except Exception as error:
            log.exception("request_broke", trace_id=trace.trace_id, error=type(error).__name__)
            if answer.status:
                raise  # the answer has begun; the server cuts the connection
            await internal_response(scope)(scope, receive, answer.send)
        finally:
            self._running -= 1
            self._note(scope, trace, answer.status, time.perf_counter() - started)

    def _note(self, scope: Scope, trace: Trace, status: int, seconds: float) -> None:
        route = scope.get("route")
        template = getattr(route, "path", None) or "(none)"
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        metrics.count_request(template, method, status, seconds)
        if template not in _QUIET:
            client: Any = scope.get("tongban.client")
            self._access_log.write(template, method, status, seconds, trace, client.subject if client else None)


class _Answer:
    """Adds the headers of every answer and remembers its status."""

    __slots__ = ("_scope", "_send", "_trace", "status")

    def __init__(self, send: Send, trace: Trace, scope: Scope) -> None:
        self._send, self._trace, self._scope, self.status = send, trace, scope, 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message.get("headers", ()))
            names = {name for name, _ in headers}
            headers += SECURITY_HEADERS
            headers.append((b"x-correlation-id", self._trace.correlation_id.encode()))
            headers += self._scope.get("tongban.rate", ())
            if b"content-security-policy" not in names:
                headers.append(CSP)
            if b"cache-control" not in names:
                headers.append(NO_STORE)
            message = {**message, "headers": headers}
        await self._send(message)
