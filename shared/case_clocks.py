"""The clocks of one case: marks are added under rules, never changed or taken away, so no edit resets a deadline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from shared.clock import local_date
from shared.failures import FailedPrecondition
from shared.legal_clock import ClockMark, ClockState, Deadline, MarkKind, Step, deadline
from shared.limits import Limits


class ClockAlreadyStarted(FailedPrecondition):
    """A clock starts once; nothing resets it."""


class ClockNotRunning(FailedPrecondition):
    """The clock is not in a state in which this can happen to it."""


class ClockExpired(FailedPrecondition):
    """The deadline has passed; it can be neither paused nor extended any more."""


class ClockAlreadyExtended(FailedPrecondition):
    """The law gives this many extensions and no more."""


class CaseClocks:
    """All clocks of a case over the list of its marks, which this class appends to and never changes otherwise."""

    def __init__(self, limits: Limits, marks: list[ClockMark]) -> None:
        self.limits, self.marks = limits, marks

    def deadline(self, clock: str) -> Deadline:
        """Where one clock stands."""
        return deadline(clock, self.marks, self.limits)

    def untold(self, clock: str) -> list[Step]:
        """What an unknown deadline is counted from: its periods, with "?" for each day that cannot be told."""
        begun = [m for m in self.marks if m.clock == clock and m.kind in (MarkKind.STARTED, MarkKind.EXTENDED)]
        found = []
        for mark in sorted(begun, key=lambda one: one.time):
            limit = self.limits.version(mark.limit)
            start = local_date(mark.time).isoformat() if mark.kind is MarkKind.STARTED else "?"
            found.append(Step(mark.kind, start, "?", limit.amount, limit.unit, limit.source))
        return found

    def was_extended(self, clock: str) -> bool:
        """Whether more time was given."""
        return any(mark.clock == clock and mark.kind is MarkKind.EXTENDED for mark in self.marks)

    def is_paused(self, clock: str, reason: str) -> bool:
        """Whether it is paused for this, also where nobody can tell its last day."""
        return self.deadline(clock).state is not ClockState.ENDED and reason in self._open_pauses(clock)

    def names(self) -> list[str]:
        """Every clock that was ever started, in order."""
        return list(dict.fromkeys(mark.clock for mark in self.marks if mark.kind is MarkKind.STARTED))

    def next_due(self, clocks: Iterable[str] | None = None) -> Deadline | None:
        """The running deadline that is missed first, of these clocks or of all; None when none runs."""
        found = [self.deadline(clock) for clock in (self.names() if clocks is None else clocks)]
        running = [one for one in found if one.state is ClockState.RUNNING and one.due_time is not None]
        return min(running, key=lambda one: one.due_time.timestamp() if one.due_time else 0.0, default=None)

    def start(self, clock: str, kind: str, time: datetime) -> Deadline:
        """Start a clock with the limit of this kind in force on the day. Raises ClockAlreadyStarted, NoLimitInForce."""
        if self.deadline(clock).state is not ClockState.NOT_STARTED:
            raise ClockAlreadyStarted(f"the clock {clock} runs already; nothing resets it", metadata={"clock": clock})
        limit = self.limits.limit(kind, local_date(time))
        return self._add(ClockMark(clock, MarkKind.STARTED, time, limit.version))

    def pause(self, clock: str, time: datetime, reason: str, owner: str) -> Deadline:
        """Stop counting, for a coded reason, while `owner` owes something. Raises ClockNotRunning, ClockExpired."""
        found = self._open(clock, time)
        if found.state is ClockState.PAUSED and reason in self._open_pauses(clock):
            raise ClockNotRunning(f"the clock {clock} is paused for {reason} already", metadata={"clock": clock})
        return self._add(ClockMark(clock, MarkKind.PAUSED, time, reason=reason, owner=owner))

    def resume(self, clock: str, time: datetime, reason: str) -> Deadline:
        """Count on after a pause. Raises ClockNotRunning when it is not paused for this reason, or ended."""
        if self.deadline(clock).state is ClockState.ENDED or reason not in self._open_pauses(clock):
            raise ClockNotRunning(f"the clock {clock} is not paused for {reason}", metadata={"clock": clock})
        return self._add(ClockMark(clock, MarkKind.RESUMED, time, reason=reason))

    def extend(self, clock: str, kind: str, time: datetime, reason: str, at_most: int = 1) -> Deadline:
        """Give more time, `at_most` so often. Raises ClockNotRunning, ClockExpired, ClockAlreadyExtended."""
        self._open(clock, time)
        times = sum(mark.clock == clock and mark.kind is MarkKind.EXTENDED for mark in self.marks)
        if times >= at_most:
            raise ClockAlreadyExtended(f"the clock {clock} was extended before", metadata={"clock": clock})
        limit = self.limits.limit(kind, local_date(time))
        return self._add(ClockMark(clock, MarkKind.EXTENDED, time, limit.version, reason))

    def end(self, clock: str, time: datetime, reason: str = "") -> Deadline:
        """What was owed is done; late or not, the clock stops for good. Harmless when it never started or has ended."""
        if self.deadline(clock).state in (ClockState.NOT_STARTED, ClockState.ENDED):
            return self.deadline(clock)
        return self._add(ClockMark(clock, MarkKind.ENDED, time, reason=reason))

    def _open(self, clock: str, time: datetime) -> Deadline:
        found = self.deadline(clock)
        if found.state in (ClockState.NOT_STARTED, ClockState.ENDED):
            raise ClockNotRunning(f"the clock {clock} does not run", metadata={"clock": clock, "state": found.state})
        if found.missed(time):
            raise ClockExpired(f"the deadline of {clock} has passed", metadata={"clock": clock})
        return found

    def _open_pauses(self, clock: str) -> set[str]:
        reasons: set[str] = set()
        for mark in sorted((m for m in self.marks if m.clock == clock), key=lambda m: m.time):
            if mark.kind is MarkKind.PAUSED:
                reasons.add(mark.reason)
            elif mark.kind is MarkKind.RESUMED:
                reasons.discard(mark.reason)
        return reasons

    def _add(self, mark: ClockMark) -> Deadline:
        self.marks.append(mark)
        return self.deadline(mark.clock)
