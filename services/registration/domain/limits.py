"""Time limits of registration, read from `data/limits.yaml`: each with its source and the days it is in force."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from shared.limits import Limit, Limits, LimitUnit, NoLimitInForce
from shared.working_calendar import CALENDAR_NOT_LOADED, CalendarNotLoaded

__all__ = ["Limit", "LimitUnit", "NoLimitInForce", "due_date", "known_due_date", "limit", "timeliness"]
# Why a day has no limit that could be told: the data know none that was in force then.
LIMIT_NOT_LOADED = "LIMIT_NOT_LOADED"
_FILE = Path(__file__).resolve().parent.parent / "data" / "limits.yaml"


@cache
def limits() -> Limits:
    """All limits of this service."""
    return Limits(_FILE)


def limit(kind: str, on_date: date) -> Limit:
    """The limit of this kind in force on a day, e.g. `limit("registration_review", today)`. Raises NoLimitInForce."""
    return limits().limit(kind, on_date)


def due_date(kind: str, start: date) -> date:
    """Last day of the limit that starts with an event on `start` (that day is not counted, 民法典 art. 201).

    An extension starts with the last day of the limit it extends. Raises NoLimitInForce, and whatever the working
    calendar raises for a year it does not know.
    """
    return limit(kind, start).last_day(start)


def known_due_date(kind: str, start: date) -> str:
    """The same as ISO date; "" while the calendar of a year that it touches is not loaded: never guessed, and no reason to
    turn an applicant away."""
    try:
        return due_date(kind, start).isoformat()
    except CalendarNotLoaded:
        return ""


def timeliness(start: date, today: date, *kinds: str) -> dict[str, str]:
    """Facts of a case about what was due by the first of these limits that was in force on `start`: `due_date` (ISO date) and
    `in_time` (true, false); or in_time "unknown" with the reason in `undated`, so that a day that cannot be told is no
    reason to turn an applicant away, and is not called kept either (T36)."""
    for kind in kinds:
        try:
            due = due_date(kind, start)
        except NoLimitInForce:
            continue
        except CalendarNotLoaded:
            return {"due_date": "", "in_time": "unknown", "undated": CALENDAR_NOT_LOADED}
        return {"due_date": due.isoformat(), "in_time": str(today <= due).lower()}
    return {"due_date": "", "in_time": "unknown", "undated": LIMIT_NOT_LOADED}
