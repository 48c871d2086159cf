"""Running a handler on a batch of events, so that the failure of one is its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from shared import metrics
from shared.events import Event
from shared.failures import Failure
from shared.logs import get_logger

log = get_logger(__name__)


def reason_of(error: BaseException) -> str:
    """Stable reason for headers, logs and metrics; never the message, which may carry content."""
    return error.reason if isinstance(error, Failure) else type(error).__name__


def run_handler(queue: str, handler: Callable[[Any, list[Event]], None], service: Any, events: list[Event]) -> Any:
    """Run a handler on a batch; if it fails, on each event alone. Returns the events that failed, with their errors."""
    started = time.perf_counter()
    failed: list[tuple[Event, Exception]] = []
    try:
        handler(service, events)
    except Exception as error:
        log.warning(
            "handler_failed", queue=queue, events=len(events), reason=reason_of(error), exc_info=len(events) == 1
        )
        if len(events) == 1:
            failed = [(events[0], error)]
        else:
            return [pair for event in events for pair in run_handler(queue, handler, service, [event])]
    metrics.HANDLING_DURATION.labels(queue).observe(time.perf_counter() - started)
    metrics.EVENTS_HANDLED.labels(queue).inc(len(events) - len(failed))
    return failed
