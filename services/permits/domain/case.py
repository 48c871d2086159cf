"""A permit case: states, transitions, clocks, refusals with their article (行政许可法).

RECEIVED ── accept ─────────────► ACCEPTED ── decide ──► GRANTED ── deliver ──► DELIVERED
   │  └─ no notice in time ────────►  │  (deemed, as of receipt)  └─► REFUSED (reasons, remedies)
   ├─ one notice ► NOTICE_SENT ─ all brought ─► ACCEPTED
   │                   └─ silent ► ENDED      └─ a promised material missing ► ENDED
   └─ not needed, not competent ► NOT_ACCEPTED            WITHDRAWN from any open state
A complete case is accepted on the spot (art. 32(1)(5)); one on commitment is granted on the spot and checked later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.permits.domain.catalogue import Item, ItemKind
from services.permits.domain.events import (
    DecisionExtended,
    DecisionPaused,
    DecisionResumed,
    MaterialsRequested,
    PermitCaseAccepted,
    PermitCaseClosed,
    PermitCaseReceived,
    PermitDelivered,
    PermitGranted,
    PermitRefused,
)
from services.permits.domain.limits import limits
from services.permits.domain.permit import Permit, PermitState
from shared.case_clocks import CaseClocks
from shared.clock import end_of_local_day, local_date
from shared.failures import Aborted, FailedPrecondition, InvalidArgument, PermissionDenied, Violation
from shared.legal_clock import ClockMark, ClockState
from shared.standing import Standing, StandingKind
from shared.working_calendar import CALENDAR_NOT_LOADED, CalendarNotLoaded, add_months, add_working_days

NOTICE, SUPPLEMENT, DECISION, PROMISE, DELIVERY, AFTER_CHECK = (
    "notice", "supplement", "decision", "promise", "delivery", "after_check",
)  # fmt: skip
# Steps whose time does not count (art. 45).
PAUSE_REASONS = frozenset(
    {"HEARING", "BIDDING", "AUCTION", "INSPECTION", "TESTING", "QUARANTINE", "APPRAISAL", "EXPERT_REVIEW"}
)
LOOK_AGAIN = timedelta(days=1)


class CaseState(StrEnum):
    """Where a case stands."""

    RECEIVED = "RECEIVED"
    NOTICE_SENT = "NOTICE_SENT"
    ACCEPTED = "ACCEPTED"
    GRANTED = "GRANTED"
    DELIVERED = "DELIVERED"
    REFUSED = "REFUSED"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    WITHDRAWN = "WITHDRAWN"
    ENDED = "ENDED"


OPEN_STATES = frozenset({CaseState.RECEIVED, CaseState.NOTICE_SENT, CaseState.ACCEPTED})


class StaleVersion(Aborted):
    """The document changed since it was read: read it again, then decide again."""


class CaseNotInState(FailedPrecondition):
    """The case is not in a state in which this can be done; the message names the article."""


class NotTheCompetentUnit(PermissionDenied):
    """Only the body that the item names decides (art. 22)."""


class PromisedMaterialMissing(FailedPrecondition):
    """The result is issued only when what was promised has been brought (容缺受理)."""


class NotExtendable(FailedPrecondition):
    """The law knows no extension for this item."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a case is refused or not accepted: stable code, words for the applicant, the article."""

    code: str
    description: str
    source: str


@dataclass(slots=True)
class PermitCase:
    """One case. `materials` and `promised` are types of material; `marks` are the marks of its clocks."""

    case_id: str
    state: CaseState
    version: int
    item_key: str
    item_version: str
    item_code: str
    limit: str
    certificate_type: str
    division_code: str
    unit_code: str
    holder_code: str
    holder_ref: str
    origin_ref: str
    received_time: datetime
    materials: list[str]
    gaps: list[str] = field(default_factory=list)
    promised: list[str] = field(default_factory=list)
    committed: bool = False
    accepted_date: str = ""
    deemed: bool = False
    decided_time: datetime | None = None
    reasons: list[Reason] = field(default_factory=list)
    remedies_due_date: str = ""
    permit: Permit | None = None
    paused_until: datetime | None = None
    missed: list[str] = field(default_factory=list)
    marks: list[ClockMark] = field(default_factory=list)
    project_id: str = ""

    @property
    def clocks(self) -> CaseClocks:
        """Its clocks."""
        return CaseClocks(limits(), self.marks)

    def require(self, expected_version: int, unit_code: str = "") -> None:
        """Raise StaleVersion unless the caller saw this version, NotTheCompetentUnit unless it is the item's body."""
        if unit_code and unit_code != self.unit_code:
            raise NotTheCompetentUnit("the item is decided by another unit (行政许可法 art. 22)")
        if expected_version and self.version != expected_version:
            raise StaleVersion(
                f"the case is at version {self.version}, not {expected_version}; read it again",
                metadata={"current_version": str(self.version)},
            )

    def request_materials(self, gaps: Sequence[str], now: datetime) -> MaterialsRequested:
        """The one notice of all gaps (art. 32(1)(4)); a second one is refused. The applicant then has the word."""
        self._in(CaseState.RECEIVED, article="art. 32: one notice tells all gaps at once")
        all_gaps = list(dict.fromkeys([*self.gaps, *gaps]))
        if not all_gaps:
            raise _invalid("gaps", "a notice names what is missing", "GAPS_MISSING")
        self.clocks.end(NOTICE, now)
        self.clocks.start(SUPPLEMENT, "supplement", now)
        self.state, self.gaps = CaseState.NOTICE_SENT, all_gaps
        self.version += 1
        return MaterialsRequested(self.case_id, self.item_code, all_gaps, self.origin_ref)

    def supplement(self, materials: Sequence[str], now: datetime) -> PermitCaseAccepted | None:
        """The applicant brings what was missing: all of it accepts the case (art. 32(1)(5)), less of it waits on."""
        self._in(CaseState.RECEIVED, CaseState.NOTICE_SENT, CaseState.ACCEPTED, article="nothing is missing any more")
        self.materials = list(dict.fromkeys([*self.materials, *materials]))
        self.gaps = [gap for gap in self.gaps if gap not in self.materials]
        self.promised = [kind for kind in self.promised if kind not in self.materials]
        self.version += 1
        if not self.promised:
            self.clocks.end(PROMISE, now)
        return self._accept(now, now) if not self.gaps and self.state is not CaseState.ACCEPTED else None

    def accept(self, promised: Sequence[str], tolerable: Sequence[str], now: datetime) -> PermitCaseAccepted:
        """Accept, also with secondary materials promised in writing (容缺受理): those that the item lets follow."""
        self._in(CaseState.RECEIVED, CaseState.NOTICE_SENT, article="art. 32")
        missing = [gap for gap in self.gaps if gap not in promised]
        hard = [kind for kind in promised if kind not in tolerable or kind not in self.gaps]
        if missing or hard:
            first = (missing or hard)[0]
            raise _invalid(
                "promised", f"{first} cannot be promised: it must be there now, or is not missing", "MATERIAL_MISSING"
            )
        self.promised, self.gaps = list(promised), []
        if promised:
            self.clocks.start(PROMISE, "promised_material", now)
        self.version += 1
        return self._accept(now, now)

    def decline(self, reasons: Sequence[Reason], now: datetime) -> PermitCaseClosed:
        """No permit is needed, or another body is competent, which is named (art. 32(1)(1)(2))."""
        self._in(CaseState.RECEIVED, article="art. 32: said at once, not after acceptance")
        self._close(CaseState.NOT_ACCEPTED, now, _stated(reasons))
        return PermitCaseClosed(self.case_id, self.item_code, [r.code for r in reasons], self.origin_ref)

    def withdraw(self, now: datetime) -> PermitCaseClosed:
        """The applicant takes the case back before a decision."""
        self._in(*OPEN_STATES, article="a decision stands")
        self._close(CaseState.WITHDRAWN, now, [])
        return PermitCaseClosed(self.case_id, self.item_code, ["WITHDRAWN"], self.origin_ref)

    def pause(self, reason: str, owner: str, working_days: int, now: datetime) -> DecisionPaused:
        """Stop the decision's clock for a step that does not count; its time is told in writing (art. 45)."""
        self._in(CaseState.ACCEPTED, article="art. 45")
        if reason not in PAUSE_REASONS:
            raise _invalid("reason", "is no step whose time does not count (行政许可法 art. 45)", "PAUSE_REASON")
        self.clocks.pause(DECISION, now, reason, owner)
        last = ""
        try:
            day = add_working_days(local_date(now), working_days)
            until, last = end_of_local_day(day), day.isoformat()
            self.paused_until = max(until, self.paused_until or until)
        except CalendarNotLoaded:
            self.paused_until = None
        self.version += 1
        return DecisionPaused(self.case_id, reason, owner, last, self.origin_ref)

    def resume(self, reason: str, now: datetime) -> DecisionResumed:
        """Count on."""
        self._in(CaseState.ACCEPTED, article="art. 45")
        found = self.clocks.resume(DECISION, now, reason)
        self.paused_until = None if found.state is not ClockState.PAUSED else self.paused_until
        self.version += 1
        return DecisionResumed(self.case_id, reason, str(found.due_date or ""), self.origin_ref)

    def extend(self, reason: str, now: datetime) -> DecisionExtended:
        """More time, once, with reasons told, approved by the head (art. 42)."""
        self._in(CaseState.ACCEPTED, article="art. 42")
        kind = f"{self.limit}_extension"
        if kind not in limits().kinds:
            raise NotExtendable("the law gives no extension for this item", metadata={"limit": self.limit})
        found = self.clocks.extend(DECISION, kind, now, reason)
        self.version += 1
        return DecisionExtended(self.case_id, str(found.due_date or ""), self.origin_ref)

    def grant(self, permit_id: str, item: Item, now: datetime) -> PermitGranted:
        """Grant (art. 38): the permit exists from today on, for as long as the item says."""
        self._in(CaseState.ACCEPTED, article="art. 37")
        if self.promised:
            raise PromisedMaterialMissing(
                "the result is issued when the promised materials have been brought",
                metadata={"materials": ",".join(self.promised)},
            )
        today = local_date(now)
        last = _last_day(today, item.validity_months)
        self.permit = Permit(permit_id, PermitState.IN_FORCE, 1, today.isoformat(), last)
        self._decided(CaseState.GRANTED, now)
        self.clocks.start(DELIVERY, "delivery", now)
        if self.committed and item.kind is ItemKind.COMMITMENT:
            self.clocks.start(AFTER_CHECK, "after_check", now)
        return PermitGranted(
            case_id=self.case_id, permit_id=permit_id, item_code=self.item_code, certificate_type=self.certificate_type,
            holder_ref=self.holder_ref, holder_code=self.holder_code, division_code=self.division_code,
            valid_from_date=self.permit.valid_from_date, valid_to_date=last, permit_version=1, origin_ref=self.origin_ref,
        )  # fmt: skip

    def refuse(self, reasons: Sequence[Reason], now: datetime) -> PermitRefused:
        """Refuse with reasons; the applicant is told of review and suit (art. 38)."""
        self._in(CaseState.ACCEPTED, article="art. 38")
        stated = _stated(reasons)
        try:
            limit = limits().limit("reconsideration", local_date(now))
            self.remedies_due_date = limit.last_day(local_date(now)).isoformat()
        except CalendarNotLoaded:
            self.remedies_due_date = ""
        self.reasons = stated
        self._decided(CaseState.REFUSED, now)
        return PermitRefused(self.case_id, self.item_code, [r.code for r in stated], self.origin_ref)

    def deliver(self, now: datetime) -> PermitDelivered:
        """The result reached the applicant (art. 44)."""
        self._in(CaseState.GRANTED, article="art. 44")
        assert self.permit is not None
        self.clocks.end(DELIVERY, now)
        self.state = CaseState.DELIVERED
        self.version += 1
        return PermitDelivered(self.case_id, self.permit.permit_id, self.origin_ref)

    def record_after_check(self, now: datetime) -> None:
        """The promised facts were checked and hold; what does not hold is revoked (`Permit`)."""
        # also while no calendar tells its last day (T36)
        if self.clocks.deadline(AFTER_CHECK).state not in (ClockState.RUNNING, ClockState.UNKNOWN):
            raise CaseNotInState("no after-check is owed here", metadata={"state": self.state})
        self.clocks.end(AFTER_CHECK, now)
        self.version += 1

    def deem_accepted(self, now: datetime) -> PermitCaseAccepted:
        """No notice in time: accepted as of the day of receipt (art. 32(1)(4)). What is missing is asked for no more."""
        self._in(CaseState.RECEIVED, article="art. 32")
        self.deemed, self.gaps = True, []
        self.version += 1
        return self._accept(self.received_time, now)

    def end(self, reason_code: str, now: datetime) -> PermitCaseClosed:
        """Handling ends: the applicant stayed silent, or broke the promise."""
        self._in(*OPEN_STATES, article="handling has ended")
        self._close(CaseState.ENDED, now, [Reason(reason_code, "what was missing did not come in time", "art. 32")])
        return PermitCaseClosed(self.case_id, self.item_code, [reason_code], self.origin_ref)

    def miss(self, clock: str) -> None:
        """A deadline passed and somebody above is told, once."""
        self.missed.append(clock)
        self.version += 1

    def standing(self, now: datetime) -> Standing:
        """Who owes the next step, and by when."""
        clock, party, what = {
            CaseState.RECEIVED: (NOTICE, f"unit:{self.unit_code}", "notice"),
            CaseState.NOTICE_SENT: (SUPPLEMENT, "applicant", "supplement"),
            CaseState.ACCEPTED: (DECISION, f"unit:{self.unit_code}", "decision"),
            CaseState.GRANTED: (DELIVERY, f"unit:{self.unit_code}", "delivery"),
            CaseState.DELIVERED: (AFTER_CHECK, f"unit:{self.unit_code}", "after_check"),
        }.get(self.state, ("", "", ""))
        found = self.clocks.deadline(clock) if clock else None
        if found is None or found.state in (ClockState.ENDED, ClockState.NOT_STARTED):
            return Standing(StandingKind.CLOSED, "", "", now)
        due, flag = found.due_time, ""
        if found.state is ClockState.PAUSED:
            party, what, due = found.owner, found.reason, self.paused_until
        if due is None:
            flag = found.reason if found.state is ClockState.UNKNOWN else CALENDAR_NOT_LOADED
        elif self.promised and clock == DECISION:
            promise = self.clocks.deadline(PROMISE)
            if promise.due_time and promise.due_time < due:
                party, what, due = "applicant", "promised_material", promise.due_time
        escalated = (self.pause_name if found.state is ClockState.PAUSED else clock) in self.missed
        return Standing(StandingKind.WAITING, party, what, now, due, escalated, flag)

    @property
    def pause_name(self) -> str:
        """Name under which the present pause is noted when it lasts longer than was told."""
        return f"pause:{self.paused_until.isoformat()}" if self.paused_until else ""

    def next_due_time(self, now: datetime) -> datetime | None:
        """When to look at it next, None when nothing runs; what the calendar cannot tell yet is looked at every day."""
        due = [self.clocks.deadline(c) for c in self.clocks.names() if c not in self.missed]
        times = [d.due_time for d in due if d.state is ClockState.RUNNING and d.due_time]
        times += [now + LOOK_AGAIN for d in due if d.state is ClockState.UNKNOWN and d.ended_time is None]
        paused = self.paused_until if self.pause_name not in self.missed else None
        return min([*times, *([paused] if paused else [])], default=None)

    def _accept(self, start: datetime, now: datetime) -> PermitCaseAccepted:
        self.clocks.end(NOTICE, now)
        self.clocks.end(SUPPLEMENT, now)
        found = self.clocks.start(DECISION, self.limit, start)
        self.state, self.accepted_date = CaseState.ACCEPTED, local_date(start).isoformat()
        due = str(found.due_date or "")
        return PermitCaseAccepted(self.case_id, self.item_code, self.accepted_date, due, self.deemed, self.origin_ref)

    def _decided(self, state: CaseState, now: datetime) -> None:
        self.clocks.end(DECISION, now)
        self.clocks.end(PROMISE, now)
        self.state, self.decided_time, self.paused_until = state, now, None
        self.version += 1

    def _close(self, state: CaseState, now: datetime, reasons: list[Reason]) -> None:
        for clock in self.clocks.names():
            self.clocks.end(clock, now)
        self.state, self.reasons, self.paused_until = state, reasons, None
        self.version += 1

    def _in(self, *states: CaseState, article: str) -> None:
        if self.state not in states:
            raise CaseNotInState(
                f"the case is {self.state}; this needs {' or '.join(states)} ({article})",
                metadata={"state": self.state},
            )


def receive(
    case_id: str, item: Item, holder: tuple[str, str], materials: Sequence[str], gaps: Sequence[str], committed: bool,
    origin_ref: str, now: datetime, project_id: str = "",
) -> tuple[PermitCase, list[PermitCaseReceived | PermitCaseAccepted]]:  # fmt: skip
    """Receive materials: the clock of the notice runs; a complete case is accepted on the spot (art. 32).

    `holder`: code and entity id. The day of receipt is not counted.
    """
    case = PermitCase(
        case_id=case_id, state=CaseState.RECEIVED, version=1, item_key=item.key, item_version=item.version,
        item_code=item.item_code, limit=item.limit, certificate_type=item.certificate_type,
        division_code=item.division_code, unit_code=item.unit_code, holder_code=holder[0], holder_ref=holder[1],
        origin_ref=origin_ref, received_time=now, materials=list(materials), gaps=list(gaps), committed=committed,
        project_id=project_id,
    )  # fmt: skip
    notice = case.clocks.start(NOTICE, "notice", now)
    events: list[PermitCaseReceived | PermitCaseAccepted] = [
        PermitCaseReceived(
            case_id, item.item_code, item.division_code, item.unit_code, str(notice.due_date or ""), origin_ref
        )
    ]
    if not gaps:
        events.append(case._accept(now, now))
    return case, events


def _last_day(first: date, months: int | None) -> str:
    return add_months(first, months, roll=False).isoformat() if months else ""


def _stated(reasons: Sequence[Reason]) -> list[Reason]:
    if not reasons:
        raise _invalid("reasons", "a refusal states its reasons (行政许可法 art. 38)", "REASONS_MISSING")
    return list(reasons)


def _invalid(field_name: str, description: str, reason: str) -> InvalidArgument:
    return InvalidArgument(description, reason=reason, violations=(Violation(field_name, description, reason),))
