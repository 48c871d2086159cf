"""Time limits as data: each with its source and the days it is in force, read from a service's `data/limits.yaml`.

    limits:
      decision:
        - {amount: 20, unit: working_day, roll: false, valid_from: 2004-07-01, valid_to: null, source: "行政许可法 art. 42"}

A limit is pinned to a case by its version (`decision@2004-07-01`): a later change of the data moves no running case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from shared.clock import end_of_local_day, local_date
from shared.failures import FailedPrecondition
from shared.working_calendar import add_months, add_natural_days, add_working_days


class NoLimitInForce(FailedPrecondition):
    """No time limit of this kind is in force on that day; the data must be brought up to date, nothing is guessed."""


class LimitUnit(StrEnum):
    """What a limit counts: 工作日, 日, months, or the 7×24 clock in hours and minutes."""

    WORKING_DAY = "working_day"
    NATURAL_DAY = "natural_day"
    MONTH = "month"
    HOUR = "hour"
    MINUTE = "minute"


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit. `roll`: a last day that is a day off moves to the next working day (民法典 art. 203).

    `version` names the entry of the data, e.g. "registration_review@2022-03-01".
    """

    amount: int
    unit: LimitUnit
    source: str
    version: str
    roll: bool = False

    @property
    def counts_days(self) -> bool:
        """Whether the limit ends with a day (else with an instant of the 7×24 clock)."""
        return self.unit not in (LimitUnit.HOUR, LimitUnit.MINUTE)

    @property
    def duration(self) -> timedelta:
        """Length of a limit of hours or minutes."""
        return timedelta(hours=self.amount) if self.unit is LimitUnit.HOUR else timedelta(minutes=self.amount)

    def last_day(self, start: date) -> date:
        """Last day when the limit starts with an event on `start`, which is not counted (民法典 art. 201).

        Raises CalendarNotLoaded for a year the working calendar does not know; ValueError for hours and minutes.
        """
        if self.unit is LimitUnit.WORKING_DAY:
            return add_working_days(start, self.amount)
        if self.unit is LimitUnit.NATURAL_DAY:
            return add_natural_days(start, self.amount, roll=self.roll)
        if self.unit is LimitUnit.MONTH:
            return add_months(start, self.amount, roll=self.roll)
        raise ValueError(f"{self.version} counts no days")

    def end(self, start: datetime) -> datetime:
        """First instant at which the limit is over, for one that starts at `start` and is never paused."""
        if not self.counts_days:
            return start + self.duration
        return end_of_local_day(self.last_day(local_date(start)))


@dataclass(frozen=True, slots=True)
class _Period:
    limit: Limit
    valid_from: date
    valid_to: date | None

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Limits:
    """The limits of one service. Raises KeyError, ValueError for data that break the shape above."""

    def __init__(self, path: Path) -> None:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))["limits"]
        self._periods = {kind: tuple(_period(kind, entry) for entry in entries) for kind, entries in raw.items()}
        self._versions = {p.limit.version: p.limit for periods in self._periods.values() for p in periods}

    @property
    def kinds(self) -> frozenset[str]:
        """Every kind of limit that the data know."""
        return frozenset(self._periods)

    def limit(self, kind: str, on_date: date) -> Limit:
        """The limit of this kind in force on a day. Raises NoLimitInForce."""
        for period in self._periods.get(kind, ()):
            if period.holds(on_date):
                return period.limit
        raise NoLimitInForce(
            f"no time limit {kind} is in force on {on_date.isoformat()}",
            metadata={"kind": kind, "date": on_date.isoformat()},
        )

    def version(self, version: str) -> Limit:
        """The limit that a case has pinned, whatever is in force now. Raises NoLimitInForce."""
        found = self._versions.get(version)
        if found is None:
            raise NoLimitInForce(f"no time limit {version} stands in the data", metadata={"version": version})
        return found


def _period(kind: str, entry: dict[str, Any]) -> _Period:
    version = f"{kind}@{entry['valid_from'].isoformat()}"
    found = Limit(entry["amount"], LimitUnit(entry["unit"]), entry["source"], version, entry["roll"])
    if found.amount < 0 or not found.source:
        raise ValueError(f"{version}: a limit has a length and a source")
    return _Period(found, entry["valid_from"], entry["valid_to"])
