"""Rate limits by client: how many requests in a minute, counted in this process; what is left is told in every answer.

`RateLimit-Policy` and `RateLimit` as in draft-ietf-httpapi-ratelimit-headers. A replica counts for itself: the limit that a
client meets is this one times the replicas. Anonymous callers (verification of certificates) are the ingress's to limit, which
knows their addresses.
"""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from starlette.requests import Request

from gateway import metrics
from gateway.errors import HttpProblem


class Rates:
    """Counts requests of clients. `limit` as "12000/minute"; raises ValueError for another form."""

    def __init__(self, limit: str) -> None:
        self._item: RateLimitItem = parse(limit)
        # the store of the fixed-window strategy, asked once a request: the strategy would ask three times (25 µs)
        self._storage, self._window = MemoryStorage(), self._item.get_expiry()
        self._policy = f'"client";q={self._item.amount};w={self._window}'

    def count(self, request: Request, client_id: str) -> None:
        """Count one request. Raises HttpProblem 429 above the limit."""
        key = self._item.key_for(client_id)
        count = self._storage.incr(key, self._window)
        seconds = max(1, math.ceil(self._storage.get_expiry(key) - time.time()))
        remaining = max(0, self._item.amount - count)
        headers = {"RateLimit-Policy": self._policy, "RateLimit": f'"client";r={remaining};t={seconds}'}
        if count > self._item.amount:
            metrics.RATE_LIMITED.inc()
            raise HttpProblem(
                429, "RATE_LIMITED", f"more than {self._item.amount} requests; wait {seconds} s",
                headers | {"Retry-After": str(seconds)},
            )  # fmt: skip
        request.scope["tongban.rate"] = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
