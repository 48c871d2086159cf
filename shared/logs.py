"""Structured logs: one JSON object a line on standard output.

A log line is a fixed event with ids as fields (`log.info("application_submitted", application_id=…)`), never content.
`info` = something a person may ask about later; `warning` = handled, but someone should look if it repeats; `error` =
someone must look. Field names that could carry personal data are dropped, whatever their value.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

from shared.lean import load_without

load_without("structlog", "rich")
import structlog  # noqa: E402

FORBIDDEN_FIELDS = frozenset(
    {"name", "full_name", "phone", "mobile", "id_number", "address", "text", "body", "payload", "holder_name", "person"}
)


def configure(service: str, process: str, level: str = "INFO") -> None:
    """Set up logging of this process; `service` and `process` are on every line."""
    logging.basicConfig(format="%(message)s", stream=sys.stdout, level=logging.WARNING, force=True)
    structlog.configure(
        processors=[
            _add_process(service, process),
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            drop_personal_data,
            where_it_broke,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=True,
    )


def _add_process(service: str, process: str) -> Any:
    """Not a context variable: green threads and pool threads start with an empty context."""

    def add(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["service"], event["process"] = service, process
        return event

    return add


def where_it_broke(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception as its type and the places it came through; its message may carry content and is left out."""
    if event.pop("exc_info", None):
        kind, _, trace = sys.exc_info()
        frames = traceback.extract_tb(trace)
        event["exception"] = kind.__name__ if kind else ""
        event["stack"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def drop_personal_data(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace the value of every field that could carry personal data, and control characters that forge lines."""
    for field, value in event.items():
        if field in FORBIDDEN_FIELDS:
            event[field] = "[dropped]"
        elif isinstance(value, str) and not value.isprintable():
            event[field] = "".join(c if c.isprintable() else "�" for c in value)
    return event


def get_logger(name: str) -> Any:
    """A logger bound to the module's name."""
    return structlog.get_logger(module=name)
