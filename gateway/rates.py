"""Rate limits by client: how many requests in a window, counted in this process; what is left is told in every answer.

`RateLimit-Policy` and `RateLimit` as in draft-ietf-httpapi-ratelimit-headers. A replica counts for itself: the limit that a
client meets is this one times the replicas. Anonymous callers (verification of certificates) are the ingress's to limit, which
knows their addresses.

Windows are fixed and the same for all clients, so that a count is one entry of a dict: the library whose notation of limits
this reads takes 13 µs a request for it (its store starts a timer thread), a fourteenth of what a request costs here.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from limits import RateLimitItem, parse
from starlette.requests import Request

from gateway import metrics
from gateway.errors import HttpProblem


class Rates:
    """Counts requests of clients. `limit` as "12000/minute"; raises ValueError for another form."""

    def __init__(self, limit: str, clock: Callable[[], float] = time.monotonic) -> None:
        item: RateLimitItem = parse(limit)
        self._amount, self._window, self._clock = item.amount, item.get_expiry(), clock
        self._policy = f'"client";q={self._amount};w={self._window}'.encode()
        self._began, self._counts = clock(), dict[str, int]()

    def count(self, request: Request, client_id: str) -> None:
        """Count one request. Raises HttpProblem 429 above the limit."""
        now = self._clock()
        if now - self._began >= self._window:
            self._began, self._counts = now, {}
        count = self._counts[client_id] = self._counts.get(client_id, 0) + 1
        seconds = max(1, int(self._began + self._window - now + 0.999))
        if count > self._amount:
            metrics.RATE_LIMITED.inc()
            headers = {"RateLimit-Policy": self._policy.decode(), "RateLimit": f'"client";r=0;t={seconds}'}
            raise HttpProblem(
                429, "RATE_LIMITED", f"more than {self._amount} requests; wait {seconds} s",
                headers | {"Retry-After": str(seconds)},
            )  # fmt: skip
        told = f'"client";r={self._amount - count};t={seconds}'.encode()
        request.scope["tongban.rate"] = ((b"ratelimit-policy", self._policy), (b"ratelimit", told))
