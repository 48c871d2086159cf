"""The feed that partners pull: facts of this platform in one sequence, for all partners or for one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.handoff.usecases.context import Parts
from shared.events import Event
from shared.failures import FailedPrecondition

EVERYBODY = "*"


class CursorExpired(FailedPrecondition):
    """What follows the cursor is no longer kept; begin again at 0 and compare what you hold."""


def append(parts: Parts, events: Sequence[Event]) -> int:
    """Put events into the feed, each once however often it comes; returns how many were new.

    A state of a certificate, a permit or an entity is public and for every partner. Moves of cases are appended with the move
    itself (`moves.feed_entry`), for the partner of the case.
    """
    return parts.store.append_feed([_entry(event) for event in events])


def _entry(event: Event) -> dict[str, Any]:
    data = {field.name: _text(value) for field, value in event.data.ListFields()}
    return {
        "event_id": event.id, "type": event.type, "subject": event.subject, "event_time": event.time, "data": data,
        "audience": EVERYBODY,
    }  # fmt: skip


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) or hasattr(value, "extend") else str(value)
