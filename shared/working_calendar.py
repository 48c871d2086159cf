"""The statutory calendar: working days 工作日, natural days 日, months, and where a period ends.

The day of the starting event is not counted (民法典 art. 201). A period of natural days or months whose last day is a day
off ends on the next working day (民法典 art. 203). Service hours (a Saturday service) make no working day.
Days are data (`shared/data/working_days.yaml`); a year that is not there raises CalendarNotLoaded, it is never guessed.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml

from shared.failures import FailedPrecondition

DATA = Path(__file__).parent / "data" / "working_days.yaml"
ONE_DAY = timedelta(days=1)
# Flag of a case whose deadline cannot be told yet (T36).
CALENDAR_NOT_LOADED = "CALENDAR_NOT_LOADED"


class CalendarNotLoaded(FailedPrecondition):
    """The State Council's notice for this year is not in the data yet."""


@dataclass(frozen=True, slots=True)
class Year:
    """One year of the statutory calendar."""

    days_off: frozenset[date]
    working_weekend_days: frozenset[date]
    source: str


@cache
def _years() -> dict[int, Year]:
    raw = yaml.safe_load(DATA.read_text(encoding="utf-8"))["years"]
    years = {}
    for number, body in raw.items():
        off: set[date] = set()
        for first, last in body["days_off"]:
            day, end = date.fromisoformat(first), date.fromisoformat(last)
            while day <= end:
                off.add(day)
                day += ONE_DAY
        weekend = frozenset(date.fromisoformat(day) for day in body["working_weekend_days"])
        years[number] = Year(frozenset(off), weekend, body["source"])
    return years


def year_of(day: date) -> Year:
    """The calendar of a day's year. Raises CalendarNotLoaded."""
    year = _years().get(day.year)
    if year is None:
        raise CalendarNotLoaded(f"calendar for {day.year} not loaded", metadata={"year": str(day.year)})
    return year


def is_working_day(day: date) -> bool:
    """Whether the day is a statutory working day. Raises CalendarNotLoaded."""
    year = year_of(day)
    if day in year.days_off:
        return False
    return day.weekday() < 5 or day in year.working_weekend_days


def add_working_days(start: date, days: int) -> date:
    """The day that is `days` working days after `start`, which is not counted. Raises CalendarNotLoaded, ValueError."""
    if days < 0:
        raise ValueError("a period has no negative length")
    day = start
    while days > 0:
        day += ONE_DAY
        days -= is_working_day(day)
    return day


def add_natural_days(start: date, days: int, *, roll: bool = True) -> date:
    """The day that is `days` after `start`; with `roll`, the next working day if that is a day off."""
    end = start + timedelta(days=days)
    return next_working_day(end) if roll else end


def add_months(start: date, months: int, *, roll: bool = True) -> date:
    """The same date `months` later, or that month's last day; with `roll`, the next working day if that is a day off."""
    years, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(years, month + 1)[1]
    end = date(years, month + 1, min(start.day, last))
    return next_working_day(end) if roll else end


def next_working_day(day: date) -> date:
    """The day itself when it is a working day, else the next one that is."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`."""
    days, day = 0, start
    while day < end:
        day += ONE_DAY
        days += is_working_day(day)
    return days
