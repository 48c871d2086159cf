"""Who owes the next step of one part of a bundle or a project, and by when; the word goes up once when it is late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.permits.domain.case import DECISION, LOOK_AGAIN, OPEN_STATES, CaseState, PermitCase
from services.permits.domain.filing import Filing, FilingState
from services.permits.domain.limits import limits
from shared.clock import local_date
from shared.legal_clock import ClockState
from shared.standing import Standing, StandingKind
from shared.working_calendar import CalendarNotLoaded

PLATFORM, APPLICANT = "platform", "applicant"
# What the platform itself owes is looked at again after this: the process may have died in between.
REOPEN_AFTER = timedelta(seconds=20)


@dataclass(slots=True)
class Owed:
    """`party` owes `what` by `due_time` (first instant at which it is late). `flag`: why there is no date. `told`: it was
    late and somebody above knows. `limit`, `since_time`: what `due_time` follows from, where it is not a case's own. A part
    that nobody looked at yet is the platform's to look at."""

    party: str = PLATFORM
    what: str = "look"
    due_time: datetime | None = None
    flag: str = ""
    told: bool = False
    limit: str = ""
    since_time: datetime | None = None

    def count(self) -> None:
        """Find the date that the calendar could not tell yet; a year that is not loaded leaves a flag, nothing is guessed."""
        if self.due_time is not None or not self.limit or self.since_time is None:
            return
        try:
            self.due_time = limits().limit(self.limit, local_date(self.since_time)).end(self.since_time)
            self.flag = ""
        except CalendarNotLoaded as error:
            self.flag = error.reason

    def late(self, now: datetime) -> bool:
        """Whether it is late and nobody above was told."""
        return self.due_time is not None and now >= self.due_time and not self.told

    def next_look(self, now: datetime) -> datetime | None:
        """When to look again: soon for the platform's own, daily for a date that the calendar cannot tell yet."""
        if self.party == PLATFORM:
            return now + REOPEN_AFTER
        if self.due_time is None:
            return now + LOOK_AGAIN
        return None if self.told else self.due_time

    def same(self, other: Owed) -> bool:
        """Whether the same party owes the same by the same time."""
        return (self.party, self.what, self.due_time) == (other.party, other.what, other.due_time)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a case or filing tells of itself. `due_date`: last day of its decision, "" when it has none. `done`: whether it
    led to what was asked (on `done_date`), None while it is open."""

    owed: Owed
    due_date: str = ""
    done: bool | None = None
    reason_codes: tuple[str, ...] = ()
    done_date: str = ""


def owed_by(party: str, what: str, limit: str, now: datetime) -> Owed:
    """Owed within a limit of `data/limits.yaml` from now on."""
    owed = Owed(party, what, limit=limit, since_time=now)
    owed.count()
    return owed


def seen_case(case: PermitCase, now: datetime) -> Seen:
    """A permit case: its own standing while it is open (the unit, the applicant, whoever a pause waits for)."""
    if case.state not in OPEN_STATES:
        done = case.state in (CaseState.GRANTED, CaseState.DELIVERED)
        codes = tuple(reason.code for reason in case.reasons) or (() if done else (str(case.state),))
        day = case.permit.valid_from_date if case.permit else ""
        return Seen(Owed(what="result"), done=done, reason_codes=codes, done_date=day)
    found = case.clocks.deadline(DECISION)
    due = str(found.due_date) if found.state is ClockState.RUNNING and found.due_date else ""
    return Seen(_of(case.standing(now)), due)


def seen_filing(filing: Filing, now: datetime) -> Seen:
    """A filing: only a returned one is open, and waits for its applicant."""
    if filing.state is not FilingState.RETURNED_INCOMPLETE:
        done = filing.state is FilingState.RECORDED
        return Seen(
            Owed(what="result"),
            done=done,
            reason_codes=() if done else (str(filing.state),),
            done_date=filing.recorded_date,
        )
    return Seen(_of(filing.standing(now)))


def most_urgent(found: Iterable[Owed]) -> Owed | None:
    """The platform's own first, then what is late or due first; what has no date comes last."""
    return min(
        found, default=None,
        key=lambda one: (one.party != PLATFORM, one.due_time is None, one.due_time.timestamp() if one.due_time else 0),
    )  # fmt: skip


def standing_of(found: Iterable[Owed], told: bool, now: datetime) -> Standing:
    """The standing of the whole: that of its most urgent part. `told`: the whole is late, and somebody above knows."""
    owed = most_urgent(found)
    if owed is None or owed.party == PLATFORM:
        return Standing(StandingKind.PROGRESSING, PLATFORM, owed.what if owed else "open_step", now)
    return Standing(StandingKind.WAITING, owed.party, owed.what, now, owed.due_time, owed.told or told, owed.flag)


def _of(standing: Standing) -> Owed:
    return Owed(standing.party, standing.what, standing.due_time, standing.flag, standing.escalated)
