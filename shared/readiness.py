"""Whether a process may get work: named checks, each silent or giving a reason, served at /readyz beside /metrics."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest


class Readiness:
    """Collects reasons why a process is not ready. A check returns None (fine) or a sentence."""

    def __init__(self) -> None:
        self._checks: dict[str, Callable[[], str | None]] = {}
        self._reasons: dict[str, str] = {}

    def add_check(self, name: str, check: Callable[[], str | None]) -> None:
        self._checks[name] = check

    def set_reason(self, name: str, reason: str | None) -> None:
        """Note (or clear) a reason that code found by itself, e.g. a queue with other arguments."""
        if reason is None:
            self._reasons.pop(name, None)
        else:
            self._reasons[name] = reason

    def reasons(self) -> dict[str, str]:
        """Everything that stands against being ready; empty means ready."""
        found = dict(self._reasons)
        for name, check in self._checks.items():
            try:
                reason = check()
            except Exception as error:  # a check that breaks is a reason, not a crash
                reason = type(error).__name__
            if reason:
                found[name] = reason
        return found


def serve_operations(host: str, port: int, readiness: Readiness) -> ThreadingHTTPServer:
    """Serve /healthz (the process lives), /readyz (200 or 503 with reasons) and /metrics on a thread of their own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/healthz":
                self._answer(200, b"{}", "application/json")
            elif self.path == "/readyz":
                reasons = readiness.reasons()
                self._answer(503 if reasons else 200, json.dumps({"reasons": reasons}).encode(), "application/json")
            elif self.path == "/metrics":
                self._answer(200, generate_latest(), CONTENT_TYPE_LATEST)
            else:
                self._answer(404, b"{}", "application/json")

        def _answer(self, status: int, body: bytes, content_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Probes are not worth a line."""

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="operations", daemon=True).start()
    return server
