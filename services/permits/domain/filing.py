"""A filing 备案: it informs and permits nothing (优化营商环境条例 art. 39), so it has no decision and no refusal on substance.

SUBMITTED, complete ──► RECORDED (at once) ──► WITHDRAWN
     └─ incomplete ──► RETURNED_INCOMPLETE ── mended ──► RECORDED
                              └─ not in time ──► LAPSED ◄── recorded beside the end of its holder
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from services.permits.domain.case import LOOK_AGAIN, StaleVersion
from services.permits.domain.catalogue import Item
from services.permits.domain.events import FilingClosed, FilingRecorded, FilingReturned
from services.permits.domain.limits import limits
from shared.case_clocks import CaseClocks
from shared.clock import local_date
from shared.failures import FailedPrecondition, InvalidArgument, Violation
from shared.legal_clock import ClockMark, ClockState
from shared.standing import Standing, StandingKind
from shared.working_calendar import CalendarNotLoaded

SUPPLEMENT = "supplement"
COMPLETION = "completion_filing"


class FilingState(StrEnum):
    """Where a filing stands."""

    RETURNED_INCOMPLETE = "RETURNED_INCOMPLETE"
    RECORDED = "RECORDED"
    WITHDRAWN = "WITHDRAWN"
    LAPSED = "LAPSED"


class FilingNotInState(FailedPrecondition):
    """The filing is not in a state in which this can be done."""


@dataclass(slots=True)
class Filing:
    """One filing. `subject_key`: what its certificate is exactly one for; `in_time`: whether its own limit was kept."""

    filing_id: str
    state: FilingState
    version: int
    item_key: str
    item_version: str
    item_code: str
    certificate_type: str
    division_code: str
    unit_code: str
    holder_code: str
    holder_ref: str
    project_id: str
    subject_key: str
    origin_ref: str
    received_time: datetime
    materials: list[str]
    gaps: list[str] = field(default_factory=list)
    recorded_date: str = ""
    due_date: str = ""
    in_time: bool = True
    marks: list[ClockMark] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def clocks(self) -> CaseClocks:
        """Its clocks."""
        return CaseClocks(limits(), self.marks)

    def require(self, expected_version: int) -> None:
        """Raise StaleVersion unless the caller saw this version."""
        if expected_version and self.version != expected_version:
            raise StaleVersion(f"the filing is at version {self.version}, not {expected_version}; read it again")

    def record(self, now: datetime) -> FilingRecorded:
        """On record: at once, without discretion."""
        self.clocks.end(SUPPLEMENT, now)
        self.state, self.recorded_date, self.gaps = FilingState.RECORDED, local_date(now).isoformat(), []
        self.in_time = not self.due_date or self.recorded_date <= self.due_date
        return FilingRecorded(
            filing_id=self.filing_id, item_code=self.item_code, certificate_type=self.certificate_type,
            holder_ref=self.holder_ref, holder_code=self.holder_code, division_code=self.division_code,
            recorded_date=self.recorded_date, project_id=self.project_id, subject_key=self.subject_key,
            origin_ref=self.origin_ref,
        )  # fmt: skip

    def amend(self, materials: Sequence[str], now: datetime) -> FilingRecorded | None:
        """Bring what was missing: complete, it is recorded; else it stays returned."""
        if self.state is not FilingState.RETURNED_INCOMPLETE:
            raise FilingNotInState(f"the filing is {self.state}; nothing is missing", metadata={"state": self.state})
        self.materials = list(dict.fromkeys([*self.materials, *materials]))
        self.gaps = [gap for gap in self.gaps if gap not in self.materials]
        self.version += 1
        return None if self.gaps else self.record(now)

    def withdraw(self, now: datetime) -> FilingClosed:
        """Take it back."""
        if self.state not in (FilingState.RETURNED_INCOMPLETE, FilingState.RECORDED):
            raise FilingNotInState(f"the filing is {self.state}", metadata={"state": self.state})
        self.clocks.end(SUPPLEMENT, now)
        self.state = FilingState.WITHDRAWN
        self.version += 1
        return FilingClosed(self.filing_id, self.item_code, ["WITHDRAWN"], self.origin_ref)

    def lapse(self, now: datetime) -> FilingClosed:
        """Nobody mended it: it ends without effect, and may be submitted anew at any time."""
        self.clocks.end(SUPPLEMENT, now)
        self.state = FilingState.LAPSED
        self.version += 1
        return FilingClosed(self.filing_id, self.item_code, ["SUPPLEMENT_MISSED"], self.origin_ref)

    def end_with_holder(self) -> FilingClosed:
        """It was recorded for a holder that had ended already: it is without effect."""
        if self.state is not FilingState.RECORDED:
            raise FilingNotInState(f"the filing is {self.state}", metadata={"state": self.state})
        self.state = FilingState.LAPSED
        self.version += 1
        return FilingClosed(self.filing_id, self.item_code, ["HOLDER_ENDED"], self.origin_ref)

    def standing(self, now: datetime) -> Standing:
        """A returned filing waits for its applicant; every other one owes nothing."""
        found = self.clocks.deadline(SUPPLEMENT)
        if self.state is not FilingState.RETURNED_INCOMPLETE:
            return Standing(StandingKind.CLOSED, "", "", now)
        flag = found.reason if found.state is ClockState.UNKNOWN else ""
        return Standing(StandingKind.WAITING, "applicant", SUPPLEMENT, now, found.due_time, False, flag)

    def next_due_time(self, now: datetime) -> datetime | None:
        """When the applicant's time is over; a day that the calendar cannot tell yet is looked at again every day."""
        found = self.clocks.deadline(SUPPLEMENT)
        return (
            now + LOOK_AGAIN if found.state is ClockState.UNKNOWN else found.due_time if not found.ended_time else None
        )


def _due_date(item: Item, event_date: str, today: date) -> str:
    """Last day of the item's own limit; "" when the calendar of that year is not loaded: a filing is not refused for that.

    Raises InvalidArgument for what is no date or lies in the future.
    """
    try:
        started = date.fromisoformat(event_date)
    except ValueError:
        started = None
    if started is None or started > today:
        description = "is no date" if started is None else "lies in the future"
        violation = Violation("event_date", description, "EVENT_DATE_INVALID")
        raise InvalidArgument(f"event_date {description}", reason="EVENT_DATE_INVALID", violations=(violation,))
    try:
        return limits().limit(item.limit, started).last_day(started).isoformat()
    except CalendarNotLoaded:
        return ""


def check_event_date(item: Item, event_date: str, today: date) -> str:
    """Last day of the item's own limit, "" for an item without one. Raises InvalidArgument for a day that is missing where
    the item counts from one (the completion acceptance), is no date or lies in the future."""
    if item.limit == COMPLETION and not event_date:
        description = "say on which day the works were accepted (建设工程质量管理条例 art. 49)"
        violation = Violation("event_date", description, "EVENT_DATE_MISSING")
        raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))
    return _due_date(item, event_date, today) if event_date else ""


def submit(
    filing_id: str, item: Item, holder: tuple[str, str], materials: Sequence[str], gaps: Sequence[str],
    project: tuple[str, str], event_date: str, origin_ref: str, now: datetime,
) -> tuple[Filing, FilingRecorded | FilingReturned]:  # fmt: skip
    """Submit: recorded at once when complete, else returned with all gaps.

    `project`: project id and what the certificate is for ("" for none). `event_date`: day of the event that starts the
    item's own limit (the completion acceptance, 建设工程质量管理条例 art. 49); "" where the item has none.
    """
    due = check_event_date(item, event_date, local_date(now))
    filing = Filing(
        filing_id=filing_id, state=FilingState.RETURNED_INCOMPLETE, version=1, item_key=item.key,
        item_version=item.version, item_code=item.item_code, certificate_type=item.certificate_type,
        division_code=item.division_code, unit_code=item.unit_code, holder_code=holder[0], holder_ref=holder[1],
        project_id=project[0], subject_key=project[1] or filing_id, origin_ref=origin_ref, received_time=now,
        materials=list(materials), gaps=list(gaps), due_date=due,
    )  # fmt: skip
    if not gaps:
        return filing, filing.record(now)
    filing.clocks.start(SUPPLEMENT, "filing_supplement", now)
    return filing, FilingReturned(filing_id, item.item_code, list(gaps), origin_ref)
