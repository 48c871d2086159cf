"""One JSON line per request: template, status, time, ids. No path, query, body or name.

The same fields as `shared.logs` writes; encoded directly, because at thousands of requests a second the general way costs
more than the routing.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    from gateway.edge import Trace


class _Sink(Protocol):
    def write(self, data: bytes, /) -> object: ...

    def flush(self) -> object: ...


class AccessLog:
    """Writes to standard output, or to `sink`."""

    def __init__(self, enabled: bool = True, sink: _Sink | None = None) -> None:
        self._enabled = enabled
        self._sink: _Sink = sink or sys.stdout.buffer
        self._encoder = msgspec.json.Encoder()
        self._flushing = False

    def write(self, route: str, method: str, status: int, seconds: float, trace: Trace, client_id: str | None) -> None:
        """Note an answered request."""
        if not self._enabled:
            return
        line = {
            "service": "gateway",
            "process": "http",
            "event": "request_answered",
            "level": "error" if status >= 500 else "info",
            "timestamp": datetime.now(UTC).isoformat(),
            "route": route,
            "method": method,
            "status": status,
            "ms": round(seconds * 1000, 2),
            "trace_id": trace.trace_id,
            "correlation_id": trace.correlation_id,
            "client_id": client_id,
        }
        self._sink.write(self._encoder.encode(line) + b"\n")
        if not self._flushing:
            self._flushing = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        """Once for all lines of one turn of the loop: at a thousand requests a second most of the cost is the call."""
        self._flushing = False
        self._sink.flush()
