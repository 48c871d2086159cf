"""Time: instants are aware UTC with milliseconds (what MongoDB keeps); days are those of Asia/Shanghai.

Shanghai has had no DST since 1991. A naive datetime is refused: it would be read in the time zone of the machine.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Where code gets the time from; tests set it."""

    def now(self) -> datetime:
        """This instant: aware, UTC, whole milliseconds."""

    def today(self) -> date:
        """This day in Shanghai."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """This instant: aware, UTC, whole milliseconds."""
        return _stored(datetime.now(UTC))

    def today(self) -> date:
        """This day in Shanghai."""
        return local_date(self.now())


class FixedClock:
    """A clock that stands until it is moved. Raises ValueError when it is set to a naive datetime."""

    def __init__(self, now: datetime) -> None:
        self._now = _stored(now)

    def now(self) -> datetime:
        """The instant at which it stands: aware, UTC, whole milliseconds."""
        return self._now

    def today(self) -> date:
        """The day in Shanghai at which it stands."""
        return local_date(self._now)

    def advance(self, step: timedelta) -> None:
        """Move by a span; a negative one moves back."""
        self._now = _stored(self._now + step)

    def set(self, now: datetime) -> None:
        """Move to an instant. Raises ValueError for a naive datetime."""
        self._now = _stored(now)


def local_date(instant: datetime) -> date:
    """The day in Shanghai of an instant. Raises ValueError for a naive datetime."""
    return _aware(instant).astimezone(LOCAL).date()


def end_of_local_day(day: date) -> datetime:
    """The first instant after a day in Shanghai, in UTC: what is earlier lies within the day."""
    return datetime.combine(day + timedelta(days=1), time(), LOCAL).astimezone(UTC)


def _aware(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError("an instant has a time zone; this datetime is naive")
    return instant


def _stored(instant: datetime) -> datetime:
    """As MongoDB gives it back: UTC, cut to milliseconds."""
    return _aware(instant).astimezone(UTC).replace(microsecond=instant.microsecond // 1000 * 1000)
