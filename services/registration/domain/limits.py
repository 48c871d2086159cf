"""Time limits of registration, read from `data/limits.yaml`: each with its source and the days it is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shared.failures import FailedPrecondition
from shared.working_calendar import add_months, add_working_days

_FILE = Path(__file__).resolve().parent.parent / "data" / "limits.yaml"


class NoLimitInForce(FailedPrecondition):
    """No time limit of this kind is in force on that day; the data must be brought up to date, nothing is guessed."""


class LimitUnit(StrEnum):
    """What a limit counts: 工作日 or months."""

    WORKING_DAY = "working_day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit in force. `roll`: a last day that is a day off moves to the next working day (民法典 art. 203).

    `version` names the entry of the data, e.g. "registration_review@2022-03-01".
    """

    amount: int
    unit: LimitUnit
    source: str
    version: str
    roll: bool = False


@dataclass(frozen=True, slots=True)
class _Period:
    limit: Limit
    valid_from: date
    valid_to: date | None

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def limit(kind: str, on_date: date) -> Limit:
    """The limit of this kind in force on a day, e.g. `limit("registration_review", today)`. Raises NoLimitInForce."""
    for period in _limits().get(kind, ()):
        if period.holds(on_date):
            return period.limit
    raise NoLimitInForce(
        f"no time limit {kind} is in force on {on_date.isoformat()}",
        metadata={"kind": kind, "date": on_date.isoformat()},
    )


def due_date(kind: str, start: date) -> date:
    """Last day of the limit that starts with an event on `start` (that day is not counted, 民法典 art. 201).

    An extension starts with the last day of the limit it extends. Raises NoLimitInForce, and whatever the working
    calendar raises for a year it does not know.
    """
    found = limit(kind, start)
    if found.unit is LimitUnit.WORKING_DAY:
        return add_working_days(start, found.amount)
    return add_months(start, found.amount, roll=found.roll)


@cache
def _limits() -> dict[str, tuple[_Period, ...]]:
    data = yaml.safe_load(_FILE.read_text(encoding="utf-8"))["limits"]
    return {kind: tuple(_period(kind, entry) for entry in entries) for kind, entries in data.items()}


def _period(kind: str, entry: dict[str, Any]) -> _Period:
    version = f"{kind}@{entry['valid_from'].isoformat()}"
    found = Limit(entry["amount"], LimitUnit(entry["unit"]), entry["source"], version, entry["roll"])
    return _Period(found, entry["valid_from"], entry["valid_to"])
