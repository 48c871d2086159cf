"""The HTTP connection: uvicorn's httptools protocol with limits it does not have itself.

Headers must arrive in time and stay small, connections are counted, and what is no HTTP gets a problem like everything
else. Costs nothing for a request whose headers come in one piece.
"""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gateway.errors import HTTP_PROBLEMS, MEDIA_TYPE, problem_type

HEADER_BYTES = 32 * 1024


def protocol_class(header_seconds: float, connections: int) -> type[HttpToolsProtocol]:
    """The protocol with these limits."""
    limits = {"header_seconds": header_seconds, "max_connections": connections}
    return type("LimitedProtocol", (GuardedProtocol,), limits)


class GuardedProtocol(HttpToolsProtocol):
    """One connection."""

    max_connections = 4000
    header_seconds = 10.0

    _timer: asyncio.TimerHandle | None = None
    _header_bytes = 0
    _in_headers = True
    _headers_seen = 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if len(self.connections) > self.max_connections:
            transport.close()
            return
        self._wait_for_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        before = self._headers_seen
        super().data_received(data)
        if self._headers_seen != before:
            self._header_bytes = 0
        if self._in_headers:
            self._header_bytes += len(data)
            if self._header_bytes > HEADER_BYTES:
                self._refuse(431)
            elif self._timer is None:
                self._wait_for_headers()
        elif self._timer is not None:
            self._stop_timer()

    def on_message_begin(self) -> None:
        self._in_headers = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_headers = False
        self._headers_seen += 1
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        self._refuse(400)

    def _wait_for_headers(self) -> None:
        self._timer = self.loop.call_later(self.header_seconds, self._refuse, 408)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, status: int) -> None:
        self._stop_timer()
        if self.transport.is_closing():
            return
        # an answer is under way: nothing may be written into it
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(_refusal(status))
        self.transport.close()


def _refusal(status: int) -> bytes:
    reason, title, _ = HTTP_PROBLEMS[status]
    reason = "HEADERS_TIMEOUT" if status == 408 else reason
    title = "The headers did not arrive in time" if status == 408 else title
    body = msgspec.json.encode({"type": problem_type(reason), "title": title, "status": status, "code": reason})
    head = (
        f"HTTP/1.1 {status} {reason}\r\nContent-Type: {MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n"
        "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
