"""Metrics of the gateway. Labels are route templates, methods, statuses and reasons; never a raw path or an id."""

from __future__ import annotations

from typing import Any

from prometheus_client import Counter, Gauge, Histogram

from shared.metrics import LATENCY_BUCKETS

REQUESTS_ANSWERED = Counter(
    "tongban_gateway_requests_answered_total",
    "Requests by route template, method and status.",
    ["route", "method", "status"],
)
REQUEST_DURATION = Histogram(
    "tongban_gateway_request_duration_seconds",
    "Time from the headers of a request to the end of its answer.",
    ["route", "method", "status"],
    buckets=LATENCY_BUCKETS,
)
REQUESTS_RUNNING = Gauge("tongban_gateway_requests_running", "Requests being served now.")
TOKENS_REFUSED = Counter("tongban_gateway_tokens_refused_total", "Requests refused by authentication.", ["reason"])
KEYS_FETCHED = Counter("tongban_gateway_keys_fetched_total", "Fetches of the issuer's keys.", ["outcome"])
RATE_LIMITED = Counter("tongban_gateway_rate_limited_total", "Requests above the limit of their client.")
BODIES_REFUSED = Counter("tongban_gateway_bodies_refused_total", "Bodies refused while reading.", ["reason"])
BATCH_SIZE = Histogram(
    "tongban_gateway_submission_batch_size",
    "Applications sent to registration in one call.",
    buckets=(1, 2, 5, 10, 20, 50, 100, 200),
)
SUBMISSIONS_WAITING = Gauge("tongban_gateway_submissions_waiting", "Applications that wait for the next call.")

_children: dict[tuple[str, str, int], tuple[Any, Any]] = {}


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """Count an answered request."""
    key = (route, method, status)
    found = _children.get(key)
    if found is None:
        labels = (route, method, str(status))
        found = _children[key] = (REQUESTS_ANSWERED.labels(*labels), REQUEST_DURATION.labels(*labels))
    found[0].inc()
    found[1].observe(seconds)
