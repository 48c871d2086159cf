"""A case between two regions, the same on both sides: states, clocks, who owes what, which message tells the other side.

    RECEIVED ─receipt─ FORWARDED ─ ACKNOWLEDGED ─ ACCEPTED ─ DECIDED ─ RESULT_SENT ─ DELIVERED ─receipt─ CLOSED
                                     NEED_MORE ⇄ SUPPLEMENTED            (a refusal is delivered without a result)
    WITHDRAWN from every state before DECIDED

The accepting region (收件地) moves: received, supplemented, withdrawn, delivered. The deciding region (办理地) moves the rest,
by facts of its own services. Each side learns the other's moves by messages, in the order in which they were made; a fact
that comes after a later one changes nothing. Times of moves travel in the messages, so both sides compute the same clocks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from services.handoff.domain.events import (
    CaseReceived,
    CaseWithdrawn,
    HandoffCaseClosed,
    HandoffCaseOpened,
    HandoffDeadlineMissed,
    HandoffStateChanged,
    MaterialsSupplied,
    ResultReceived,
)
from services.handoff.domain.limits import limits
from services.handoff.domain.message import FROM_DECIDING, MessageType, told_codes
from shared.case_clocks import CaseClocks
from shared.clock import end_of_local_day
from shared.failures import Aborted, FailedPrecondition, PermissionDenied
from shared.legal_clock import ClockMark, ClockState
from shared.standing import Standing, StandingKind
from shared.working_calendar import CALENDAR_NOT_LOADED

APPLICANT = "applicant"
DECISION = "decision"
GRANTED = "GRANTED"


class StaleVersion(Aborted):
    """The case has moved; read it again."""


class WrongState(FailedPrecondition):
    """The case is not in a state for this."""


class NotDecidingRegion(PermissionDenied):
    """Only the deciding region may write this (3-06): the power to decide never moves."""


class NotYourCase(PermissionDenied):
    """The case lies with another window."""


class State(StrEnum):
    """See the module."""

    RECEIVED = "RECEIVED"
    FORWARDED = "FORWARDED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    NEED_MORE = "NEED_MORE"
    SUPPLEMENTED = "SUPPLEMENTED"
    ACCEPTED = "ACCEPTED"
    DECIDED = "DECIDED"
    RESULT_SENT = "RESULT_SENT"
    DELIVERED = "DELIVERED"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"


RANK = {state: rank for rank, state in enumerate(State)}
FINAL = (State.CLOSED, State.WITHDRAWN)


class Side(StrEnum):
    """Which side of the case this platform is."""

    ACCEPTING = "ACCEPTING"
    DECIDING = "DECIDING"


@dataclass(frozen=True, slots=True)
class Draft:
    """What the other side must be told."""

    type: MessageType
    body: Mapping[str, Any]


@dataclass(slots=True)
class HandoffCase:
    """See the module. `sent`, `received`: last sequence in each direction; `taken`: ids of events that were applied."""

    handoff_case_id: str
    side: Side
    state: State
    version: int
    item: str
    item_code: str
    target: str
    mode: str
    accepting_region: str
    deciding_region: str
    agreement_id: str
    agreement_version: int
    authorisation_id: str
    unit_code: str
    client_id: str
    received_time: datetime
    since_time: datetime
    local_case_id: str = ""
    certificate_id: str = ""
    certificate_identifier: str = ""
    file_sha256: str = ""
    decision_due_date: str = ""
    outcome: str = ""
    reason_codes: list[str] = field(default_factory=list)
    sent: int = 0
    received: int = 0
    parked: bool = False
    missed: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    marks: list[ClockMark] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)

    @property
    def clocks(self) -> CaseClocks:
        return CaseClocks(limits(), self.marks)

    @property
    def partner(self) -> str:
        """The other region."""
        return self.deciding_region if self.side is Side.ACCEPTING else self.accepting_region

    def require(self, expected_version: int, unit_code: str) -> None:
        """Raise NotYourCase, StaleVersion, or NotDecidingRegion on the wrong side (steps of the window)."""
        if self.side is not Side.ACCEPTING:
            raise WrongState("the accepting region does this", reason="NOT_ACCEPTING_REGION")
        if unit_code != self.unit_code:
            raise NotYourCase("the case lies with another window")
        if expected_version != self.version:
            raise StaleVersion(
                f"the case is at version {self.version}, not {expected_version}; read it again",
                metadata={"current_version": str(self.version)},
            )

    # moves of the accepting region

    def forwarded(self, at: datetime) -> list[Any]:
        """The deciding region has stored the case: its receipt is here (or was just given)."""
        if self.state is not State.RECEIVED:
            return []
        self.clocks.end("forward", at)
        self.clocks.start("acknowledge", "acknowledge", at)
        return self._move(State.FORWARDED, at)

    def supplement(self, materials: Sequence[str], at: datetime) -> list[Any]:
        """What was asked for has come in at the window. Raises WrongState on the accepting side."""
        if self.state is not State.NEED_MORE:
            if self.side is Side.ACCEPTING:
                raise WrongState(f"nothing is asked for while the case is {self.state}")
            return []  # the deciding region has moved on meanwhile
        self.clocks.end(f"supplement_{self._round('supplement')}", at)
        self.clocks.start(f"notice_{self._round('supplement') + 1}", "notice", at)
        self._say(MessageType.MATERIALS_SUPPLEMENTED, {"materials": list(materials)})
        told: list[Any] = self._move(State.SUPPLEMENTED, at)
        if self.side is Side.DECIDING:
            told.append(MaterialsSupplied(self.handoff_case_id, self.target, list(materials)))
        return told

    def withdraw(self, at: datetime) -> list[Any]:
        """The applicant withdraws, at the latest before the decision. Raises WrongState on the accepting side."""
        if RANK[self.state] >= RANK[State.DECIDED]:
            if self.side is Side.ACCEPTING:
                raise WrongState(f"the case is {self.state}; there is nothing to withdraw")
            return []
        self._end_clocks(at)
        self._say(MessageType.CASE_WITHDRAWN, {})
        told: list[Any] = self._move(State.WITHDRAWN, at)
        if self.side is Side.DECIDING:
            told.append(CaseWithdrawn(self.handoff_case_id, self.target))
        return told

    def deliver(self, at: datetime) -> list[Any]:
        """The applicant holds the result, or knows the refusal. Raises WrongState on the accepting side."""
        ready = self.state is State.RESULT_SENT or (self.state is State.DECIDED and self.outcome != GRANTED)
        if not ready:
            if self.side is Side.ACCEPTING:
                raise WrongState(f"there is no result to deliver while the case is {self.state}")
            return []
        self._end_clocks(at)
        self.clocks.start("close", "close", at)
        self._say(MessageType.RESULT_DELIVERED, {})
        told = self._move(State.DELIVERED, at)
        # whoever reads the message knows at once; the sender when the receipt is here
        return told + (self.close(at) if self.side is Side.DECIDING else [])

    def close(self, at: datetime) -> list[Any]:
        """Both regions know that the applicant has the result."""
        if self.state is not State.DELIVERED:
            return []
        self._end_clocks(at)
        return [*self._move(State.CLOSED, at), HandoffCaseClosed(self.handoff_case_id, self.outcome)]

    # moves of the deciding region

    def acknowledge(self, local_case_id: str, at: datetime) -> list[Any]:
        """On the books of the deciding region."""
        self.local_case_id = self.local_case_id or local_case_id
        if RANK[self.state] >= RANK[State.ACKNOWLEDGED]:
            return []
        self.clocks.end("forward", at)
        self.clocks.end("acknowledge", at)
        self._say(MessageType.CASE_ACKNOWLEDGED, {"local_case_id": local_case_id})
        return self._move(State.ACKNOWLEDGED, at)

    def need_more(self, gap_codes: Sequence[str], at: datetime) -> list[Any]:
        """The one notice of all gaps (行政许可法 art. 32)."""
        if RANK[self.state] >= RANK[State.ACCEPTED] or self.state is State.NEED_MORE:
            return []
        self.clocks.end("acknowledge", at)
        self.clocks.end("notice", at)
        self.clocks.end(f"notice_{self._round('supplement') + 1}", at)
        self.clocks.start(f"supplement_{self._round('supplement') + 1}", "supplement", at)
        self.reason_codes = told_codes(gap_codes)
        self._say(MessageType.MATERIALS_NEEDED, {"gap_codes": list(self.reason_codes)})
        return self._move(State.NEED_MORE, at, "MATERIALS_MISSING")

    def accept(self, due_date: str, at: datetime) -> list[Any]:
        """Accepted in law: the time for the decision runs."""
        if RANK[self.state] >= RANK[State.ACCEPTED]:
            return []
        self._end_clocks(at)
        self.decision_due_date, self.reason_codes = due_date, []
        self._say(MessageType.CASE_ACCEPTED, {"due_date": due_date})
        return self._move(State.ACCEPTED, at)

    def decide(self, outcome: str, reason_codes: Sequence[str], at: datetime) -> list[Any]:
        """Decided; or it never came to a decision, with the reasons. The decision stands over a withdrawal that came late."""
        if self.outcome or self.state is State.CLOSED or (self.side is Side.DECIDING and self.state is State.WITHDRAWN):
            return []
        self._end_clocks(at)
        self.outcome, self.reason_codes = outcome, told_codes(reason_codes)
        if outcome == GRANTED:
            self.clocks.start("result", "result", at)
        self.clocks.start("delivery", "delivery", at)
        self._say(MessageType.CASE_DECIDED, {"outcome": outcome, "reason_codes": list(self.reason_codes)})
        return self._move(State.DECIDED, at, outcome)

    def send_result(
        self, certificate_id: str, identifier: str, sha256: str, content: str, at: datetime
    ) -> list[Any]:  # fmt: skip
        """The certificate goes back. `content`: the file in base64, only for the message."""
        told = self.decide(GRANTED, [], at)
        if self.file_sha256 or self.outcome != GRANTED or RANK[self.state] >= RANK[State.RESULT_SENT]:
            return told
        self.certificate_id, self.certificate_identifier, self.file_sha256 = certificate_id, identifier, sha256
        self.clocks.end("result", at)
        self._say(
            MessageType.RESULT_SENT,
            {"certificate_id": certificate_id, "certificate_identifier": identifier, "file_sha256": sha256,
             "file_base64": content},
        )  # fmt: skip
        told += self._move(State.RESULT_SENT, at)
        if self.side is Side.ACCEPTING:
            told.append(ResultReceived(self.handoff_case_id, self.outcome, identifier, sha256))
        return told

    # clocks and standing

    def readings(self) -> list[tuple[str, ClockState, date | None, datetime | None, str]]:
        """Every clock: name, state, due day, first instant at which it is missed, who owes the step."""
        found = [(n, self.clocks.deadline(n)) for n in self.clocks.names()]
        read = [(n, d.state, d.due_date, d.due_time, self._owed_by(n)) for n, d in found]
        if self.decision_due_date:
            day = date.fromisoformat(self.decision_due_date)
            over = RANK[self.state] >= RANK[State.DECIDED]
            state = ClockState.ENDED if over else ClockState.RUNNING
            read.append((DECISION, state, day, end_of_local_day(day), self._owed_by(DECISION)))
        return read

    def due(self, now: datetime) -> list[Any]:
        """Clocks that have passed, each told once."""
        told: list[Any] = []
        for name, state, _, due_time, owed_by in self.readings():
            if state is ClockState.RUNNING and due_time is not None and now >= due_time and name not in self.missed:
                self.missed.append(name)
                told.append(HandoffDeadlineMissed(self.handoff_case_id, name, owed_by))
        if told:
            self.version += 1
        return told

    def next_due_time(self) -> datetime | None:
        """When a clock is missed next that nobody was told of."""
        times = [t for n, s, _, t, _ in self.readings() if s is ClockState.RUNNING and t and n not in self.missed]
        return min(times, default=None)

    def standing(self) -> Standing:
        """Who owes the next step."""
        if self.state in FINAL:
            return Standing(StandingKind.CLOSED, "", "", self.since_time)
        name, party = self._owed_now()
        reading = next((one for one in self.readings() if one[0] == name), None)
        due_time = reading[3] if reading else None
        unknown = CALENDAR_NOT_LOADED if due_time is None else ""
        escalated = name in self.missed or self.parked
        flag = "MESSAGE_PARKED" if self.parked else unknown
        return Standing(StandingKind.WAITING, party, name, self.since_time, due_time, escalated, flag)

    def _owed_now(self) -> tuple[str, str]:
        names = {
            State.RECEIVED: "forward", State.FORWARDED: "acknowledge", State.ACKNOWLEDGED: "notice",
            State.NEED_MORE: f"supplement_{self._round('supplement')}",
            State.SUPPLEMENTED: f"notice_{self._round('supplement') + 1}", State.ACCEPTED: DECISION,
            State.DECIDED: "result" if self.outcome == GRANTED else "delivery", State.RESULT_SENT: "delivery",
            State.DELIVERED: "close",
        }  # fmt: skip
        name = names[self.state]
        if name == DECISION and not self.decision_due_date:
            name = "notice"
        return name, self._owed_by(name)

    def _owed_by(self, clock: str) -> str:
        if clock.startswith("supplement"):
            return APPLICANT
        accepting = clock in ("forward", "delivery", "close")
        return f"region:{self.accepting_region if accepting else self.deciding_region}"

    def _round(self, clock: str) -> int:
        return sum(name.startswith(f"{clock}_") for name in self.clocks.names())

    def _end_clocks(self, at: datetime) -> None:
        for name in self.clocks.names():
            self.clocks.end(name, at)

    def _say(self, kind: MessageType, body: Mapping[str, Any]) -> None:
        """Draft a message when this side is the one that says it; the other side is only told."""
        if (kind in FROM_DECIDING) == (self.side is Side.DECIDING):
            self.drafts.append(Draft(kind, body))

    def _move(self, state: State, at: datetime, reason_code: str = "") -> list[Any]:
        self.state, self.since_time = state, at
        self.version += 1
        return [
            HandoffStateChanged(self.handoff_case_id, state, self.side, reason_code, self.version, self.partner)
        ]  # fmt: skip


def open_case(case: HandoffCase, application: Mapping[str, Any], identity_check: str) -> list[Any]:
    """The window receives the case (异地受理, 3-05): the citizen's clock runs from here, and the case goes out at once."""
    at = case.received_time
    case.clocks.start("forward", "forward", at)
    case.clocks.start("notice", "notice", at)
    case.drafts.append(
        Draft(
            MessageType.CASE_FORWARDED,
            {"item": case.item, "mode": case.mode, "authorisation_id": case.authorisation_id,
             "unit_code": case.unit_code, "received_time": at.isoformat(), "identity_check": identity_check,
             "consent": True, "application": dict(application)},
        )
    )  # fmt: skip
    return [HandoffCaseOpened(case.handoff_case_id, case.item_code, case.deciding_region, case.agreement_version)]


def take_case(case: HandoffCase, at: datetime) -> list[Any]:
    """The deciding region stores the case that came, and asks its service to take it on the books."""
    case.clocks.start("forward", "forward", case.received_time)
    case.clocks.start("notice", "notice", case.received_time)
    received = CaseReceived(
        case.handoff_case_id, case.target, case.item_code, case.accepting_region, case.agreement_version
    )
    return [*case.forwarded(at), received]
