"""The legal clock: a deadline is a pure function of what happened to a case (its marks), of dated limits and the calendar.

    STARTED ── PAUSED … RESUMED ── EXTENDED ── ENDED        one line of marks for each clock of a case

- The day of a mark is its day in Shanghai; it is not counted (民法典 art. 201).
- Days in a pause are not counted (行政许可法 art. 45): from the day it begins up to the day before the one it ends on, working
  days for a limit of working days. Pauses that overlap count once.
- A pause that begins after the due day changes nothing: what is overdue stays overdue.
- An extension starts with the last day of the period before it, not moved by a day off; only the very end is.
- Limits are pinned by version when a mark is made, so no later change of the data moves a running clock.
- A year that the calendar does not know makes the deadline UNKNOWN, until the clock ends, with a reason; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from shared.clock import end_of_local_day, local_date
from shared.limits import Limit, Limits, LimitUnit
from shared.working_calendar import ONE_DAY, CalendarNotLoaded, is_working_day, next_working_day

ROLL_SOURCE = "民法典 art. 203"


class MarkKind(StrEnum):
    """What happened to a clock."""

    STARTED = "STARTED"
    PAUSED = "PAUSED"
    RESUMED = "RESUMED"
    EXTENDED = "EXTENDED"
    ENDED = "ENDED"


class ClockState(StrEnum):
    """Where a clock stands. UNKNOWN: not ended, and the calendar of a year it touches is not loaded."""

    NOT_STARTED = "NOT_STARTED"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    ENDED = "ENDED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class ClockMark:
    """One thing that happened to the clock `clock` of a case at an instant (aware UTC).

    `limit`: version of the limit that starts or extends it. `reason`: code of a pause, an extension or an end.
    `owner`: the party that a pause waits for.
    """

    clock: str
    kind: MarkKind
    time: datetime
    limit: str = ""
    reason: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the explanation of a deadline: from one day or instant to another, how much, why."""

    kind: MarkKind
    start: str
    end: str
    amount: int
    unit: str
    because: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """What follows from the marks of one clock.

    `due_date`: last day (limits of days only). `due_time`: first instant at which it is missed (aware UTC). Both are None
    while paused or not started, and where the calendar cannot tell them. `reason`, `owner`: why it is paused and for whom, or
    why its last day is not known.
    """

    clock: str
    state: ClockState
    due_date: date | None = None
    due_time: datetime | None = None
    ended_time: datetime | None = None
    reason: str = ""
    owner: str = ""
    steps: tuple[Step, ...] = ()

    def missed(self, now: datetime) -> bool:
        """Whether the deadline has passed unmet at `now`, or was met too late."""
        return self.due_time is not None and (self.ended_time or now) >= self.due_time


def deadline(clock: str, marks: Iterable[ClockMark], limits: Limits) -> Deadline:
    """The deadline of one clock from all marks of its case, in any order. Raises NoLimitInForce for an unknown version."""
    own = sorted((mark for mark in marks if mark.clock == clock), key=lambda mark: mark.time)
    starts = [mark for mark in own if mark.kind is MarkKind.STARTED]
    if not starts:
        return Deadline(clock, ClockState.NOT_STARTED)
    ended = next((mark.time for mark in own if mark.kind is MarkKind.ENDED), None)
    periods = [(starts[0], limits.version(starts[0].limit))]
    periods += [(mark, limits.version(mark.limit)) for mark in own if mark.kind is MarkKind.EXTENDED]
    closed, still_open = _pauses(own, ended)
    try:
        found = _running(starts[0].time, periods, closed)
    except CalendarNotLoaded as error:  # what has ended has ended whatever its last day would be
        return Deadline(clock, ClockState.ENDED if ended else ClockState.UNKNOWN, ended_time=ended, reason=error.reason)
    found = replace(found, clock=clock, ended_time=ended)
    if ended is not None:
        return replace(found, state=ClockState.ENDED)
    if still_open is not None and found.due_time is not None and still_open.time < found.due_time:
        return Deadline(clock, ClockState.PAUSED, reason=still_open.reason, owner=still_open.owner, steps=found.steps)
    return found


def _pauses(
    marks: Sequence[ClockMark], ended: datetime | None
) -> tuple[list[tuple[datetime, datetime, str]], ClockMark | None]:
    """Closed stretches in order, overlapping ones merged, with their reasons; and the pause that is still open."""
    stretches: list[tuple[datetime, datetime, str]] = []
    running: dict[str, ClockMark] = {}
    first: ClockMark | None = None
    for mark in marks:
        if mark.kind is MarkKind.PAUSED and mark.reason not in running:
            first = mark if not running else first
            running[mark.reason] = mark
        elif mark.kind is MarkKind.RESUMED and mark.reason in running:
            del running[mark.reason]
            if not running and first is not None:
                stretches.append((first.time, mark.time, first.reason))
                first = None
    if first is not None and ended is not None:
        stretches.append((first.time, max(first.time, ended), first.reason))
        first = None
    return stretches, first


def _running(
    start: datetime, periods: Sequence[tuple[ClockMark, Limit]], pauses: Sequence[tuple[datetime, datetime, str]]
) -> Deadline:
    limit = periods[0][1]
    if not limit.counts_days:
        return _running_clock(start, periods, pauses)
    first, day, steps = local_date(start), local_date(start), []
    for mark, period in periods:
        end = _without_roll(period).last_day(day)
        steps.append(Step(mark.kind, str(day), str(end), period.amount, period.unit, period.source))
        day = end
    counts = is_working_day if limit.unit is LimitUnit.WORKING_DAY else lambda _day: True
    stopped: set[date] = set()
    for began, resumed, reason in pauses:
        days = [d for d in _days(local_date(began), local_date(resumed)) if counts(d)]
        stopped.update(days)
        unit = limit.unit if limit.unit is LimitUnit.WORKING_DAY else LimitUnit.NATURAL_DAY
        steps.append(Step(MarkKind.PAUSED, str(local_date(began)), str(local_date(resumed)), len(days), unit, reason))
    owed = sum(first < d <= day for d in stopped)
    while owed:
        day += ONE_DAY
        owed -= counts(day) and day not in stopped
    due = next_working_day(day) if limit.roll else day
    if due != day:
        steps.append(Step(MarkKind.ENDED, str(day), str(due), (due - day).days, LimitUnit.NATURAL_DAY, ROLL_SOURCE))
    return Deadline("", ClockState.RUNNING, due, end_of_local_day(due), steps=tuple(steps))


def _days(first: date, end: date) -> Iterable[date]:
    """The days from `first` up to the one before `end`."""
    return (first + timedelta(days=offset) for offset in range((end - first).days))


def _running_clock(
    start: datetime, periods: Sequence[tuple[ClockMark, Limit]], pauses: Sequence[tuple[datetime, datetime, str]]
) -> Deadline:
    """The 7×24 clock: hours and minutes."""
    due, steps = start, []
    for mark, period in periods:
        end = period.end(due)
        steps.append(Step(mark.kind, due.isoformat(), end.isoformat(), period.amount, period.unit, period.source))
        due = end
    for began, resumed, reason in pauses:
        if began >= due:
            break
        due += resumed - began
        minutes = int((resumed - began).total_seconds() // 60)
        steps.append(Step(MarkKind.PAUSED, began.isoformat(), resumed.isoformat(), minutes, LimitUnit.MINUTE, reason))
    return Deadline("", ClockState.RUNNING, None, due, steps=tuple(steps))


def _without_roll(limit: Limit) -> Limit:
    return replace(limit, roll=False)
