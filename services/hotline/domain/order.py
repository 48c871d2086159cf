"""A work order: states, clocks, returns, helpers, urges (domain rules: Tianjin, Weifang, Jinan, Beijing hotline statutes).

UNOWNED ── the centre finds a unit ──► DISPATCHED ── sign ──► SIGNED ── reply ──► REPLIED ── asked ──► CLOSED
                                          ▲   └─ return (ground, twice at most) ─► DISPUTED ─ appoint ─┘   │
                                          └──────────────── not satisfied, not really done ◄───────────────┘
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from services.hotline.domain.events import (
    OrderClosed,
    OrderDispatched,
    OrderDisputed,
    OrderEscalated,
    OrderExtended,
    OrderFollowedUp,
    OrderGrouped,
    OrderReopened,
    OrderReplied,
    OrderReturned,
    OrderSigned,
    OrderUrged,
    RequestRegistered,
)
from services.hotline.domain.limits import limits
from shared.case_clocks import CaseClocks
from shared.failures import Aborted, FailedPrecondition, InvalidArgument, PermissionDenied, Violation
from shared.legal_clock import ClockMark, ClockState
from shared.standing import Standing, StandingKind

# After this many returns the centre appoints (arbitration).
RETURNS = 2
# An order keeps each urge with its events. One more than these says nothing new; thousands (one file of requests can bring them)
# fill its document, and then nothing could be written to it any more: no reply, no close, no word that it is late.
MOST_URGES = 200
LOOK_AGAIN = timedelta(days=1)
LEVELS = ("REMINDER", "YELLOW_LIGHT", "RED_LIGHT", "SUPERVISION")
KINDS = frozenset({"CONSULTATION", "HELP", "COMPLAINT", "REPORT", "SUGGESTION", "PRAISE", "OTHER"})


class OrderState(StrEnum):
    """Where an order stands."""

    UNOWNED = "UNOWNED"
    DISPATCHED = "DISPATCHED"
    SIGNED = "SIGNED"
    DISPUTED = "DISPUTED"
    REPLIED = "REPLIED"
    CLOSED = "CLOSED"


OPEN = frozenset(set(OrderState) - {OrderState.CLOSED})


class StaleVersion(Aborted):
    """The order changed since it was read: read it again, then act."""


class OrderNotInState(FailedPrecondition):
    """The order is not in a state in which this can be done."""


class NotYourOrder(PermissionDenied):
    """The order lies with another unit."""


class AppointedMayNotReturn(FailedPrecondition):
    """A body that was appointed after a dispute may not return the order (潍坊 art. 22)."""


class ReturnWindowClosed(FailedPrecondition):
    """Not returned in time: the unit must handle the order."""


class UrgedTooOften(FailedPrecondition):
    """The same caller has urged the order so often that once more changes nothing."""


class PartsOpen(FailedPrecondition):
    """An order with helpers closes only when every part is done or excused by the lead (多跨)."""


@dataclass(slots=True)
class Request:
    """One request of one caller. `caller_key`: keyed hash. `counted`: whether it may count as effective."""

    request_id: str
    caller_key: str
    client_id: str
    received_time: datetime
    counted: bool = True


@dataclass(slots=True)
class Helper:
    """A helping unit with its own part. `state`: OPEN, DONE or EXCUSED (with the lead's reason)."""

    unit_code: str
    state: str = "OPEN"
    reason: str = ""


@dataclass(slots=True)
class Order:
    """One work order; `requests[0]` is the head, every further one an urge of the same caller."""

    order_id: str
    state: OrderState
    version: int
    division_code: str
    kind: str
    track: str
    category_code: str
    urgency: str
    territory: str
    unit_code: str
    requests: list[Request]
    registered_time: datetime
    signature: list[str] = field(default_factory=list)
    bands: list[str] = field(default_factory=list)
    lead_order_id: str = ""
    helpers: list[Helper] = field(default_factory=list)
    dispatches: int = 0
    returns: int = 0
    reopenings: int = 0
    appointed: bool = False
    in_time: bool = True
    satisfaction: str = ""
    outcome_code: str = ""
    missed: list[str] = field(default_factory=list)
    escalations: int = 0
    marks: list[ClockMark] = field(default_factory=list)

    @property
    def clocks(self) -> CaseClocks:
        """Its clocks; a dispatch starts its own, named with its number."""
        return CaseClocks(limits(), self.marks)

    def require(self, expected_version: int, unit_code: str = "") -> None:
        """Raise NotYourOrder unless the unit has it (as lead), StaleVersion unless the caller saw this version."""
        if unit_code and unit_code != self.unit_code:
            raise NotYourOrder("the order lies with another unit")
        if expected_version and expected_version != self.version:
            raise StaleVersion(
                f"the order is at version {self.version}, not {expected_version}; read it again",
                metadata={"current_version": str(self.version)},
            )

    def dispatch(self, unit_code: str, now: datetime, appointed: bool = False) -> OrderDispatched:
        """Send to a unit: its clocks start. `appointed`: by the centre after a dispute, and then without return.

        Once returned too often, every later dispatch is an appointment, also a correction of the first one: else the
        next unit could return the order a third time (潍坊 art. 22).
        """
        self._in(OrderState.UNOWNED, OrderState.DISPUTED, OrderState.DISPATCHED)
        appointed = appointed or self.returns >= RETURNS
        self._end_clocks(now)
        self.unit_code, self.state, self.appointed = unit_code, OrderState.DISPATCHED, appointed
        self.dispatches += 1
        sign = self.clocks.start(self._clock("sign"), f"sign_{self._class}", now)
        self.clocks.start(self._clock("finish"), self._finish_limit, now)
        if not appointed:
            self.clocks.start(self._clock("return"), "return_window", now)
        self.version += 1
        due = sign.due_time.isoformat() if sign.due_time else ""
        return OrderDispatched(
            self.order_id, unit_code, self.category_code, self.urgency, self.dispatches, due, appointed
        )

    def sign(self, now: datetime) -> OrderSigned:
        """The unit takes the order on."""
        self._in(OrderState.DISPATCHED)
        self.clocks.end(self._clock("sign"), now)
        self.state = OrderState.SIGNED
        self.version += 1
        finish = self.clocks.deadline(self._clock("finish"))
        return OrderSigned(self.order_id, self.unit_code, finish.due_time.isoformat() if finish.due_time else "")

    def give_back(self, reason_code: str, proposed_unit: str, now: datetime) -> list[Any]:
        """Return as not competent, with ground and proposed body; the second time the centre decides who leads."""
        self._in(OrderState.DISPATCHED, OrderState.SIGNED)
        if self.appointed:
            raise AppointedMayNotReturn(
                "the unit was appointed after a dispute and may not return the order (潍坊 art. 22)"
            )
        if self.clocks.deadline(self._clock("return")).missed(now):
            raise ReturnWindowClosed("not returned within one working day: the unit must handle the order")
        self.returns += 1
        told: list[Any] = [OrderReturned(self.order_id, self.unit_code, reason_code, proposed_unit, self.returns)]
        self._end_clocks(now)
        if self.returns >= RETURNS:
            self.state = OrderState.DISPUTED
            self.clocks.start(f"arbitration_{self.dispatches}", "arbitration", now)
            told.append(OrderDisputed(self.order_id, self.returns))
        else:
            self.state = OrderState.UNOWNED
            self.clocks.start(f"unowned_{self.dispatches}", "unowned", now)
        self.unit_code = ""
        self.version += 1
        return told

    def extend(self, reason_code: str, now: datetime) -> OrderExtended:
        """As much time again, once, asked before the limit runs out."""
        self._in(OrderState.SIGNED)
        found = self.clocks.extend(self._clock("finish"), self._finish_limit, now, reason_code)
        self.version += 1
        return OrderExtended(self.order_id, found.due_time.isoformat() if found.due_time else "", reason_code)

    def add_helper(self, unit_code: str) -> None:
        """A further unit with its own part; the lead stays the lead (25.4-33)."""
        self._in(OrderState.DISPATCHED, OrderState.SIGNED)
        if unit_code == self.unit_code or any(helper.unit_code == unit_code for helper in self.helpers):
            raise _invalid("unit_code", "has a part in this order already", "UNIT_HAS_PART")
        self.helpers.append(Helper(unit_code))
        self.version += 1

    def settle_part(self, unit_code: str, state: str, reason: str) -> None:
        """A part is done (by its unit) or excused (by the lead, with a reason)."""
        helper = next((helper for helper in self.helpers if helper.unit_code == unit_code), None)
        if helper is None:
            raise _invalid("unit_code", "has no part in this order", "UNIT_HAS_NO_PART")
        if state == "EXCUSED" and not reason:
            raise _invalid("reason", "a part is excused with a reason", "REASON_MISSING")
        helper.state, helper.reason = state, reason
        self.version += 1

    def reply(self, now: datetime) -> OrderReplied:
        """The unit replies: what it owed is done, in time or not."""
        self._in(OrderState.SIGNED)
        if any(helper.state == "OPEN" for helper in self.helpers):
            raise PartsOpen("every part must be done or excused before the lead replies")
        finish = self.clocks.end(self._clock("finish"), now)
        self.in_time = not finish.missed(now)
        self._end_clocks(now)
        self.clocks.start(f"follow_up_{self.dispatches}", "follow_up", now)
        self.state = OrderState.REPLIED
        self.version += 1
        return OrderReplied(self.order_id, self.unit_code, self.in_time)

    def follow_up(self, reached: bool, resolved: bool, satisfaction: str, now: datetime) -> list[Any]:
        """The caller is asked. Not resolved or dissatisfied: back to the unit (济南 art. 27); else closed."""
        self._in(OrderState.REPLIED)
        told: list[Any] = [OrderFollowedUp(self.order_id, reached, resolved, satisfaction if reached else "")]
        self.satisfaction = satisfaction if reached else ""
        if reached and (not resolved or satisfaction in ("DISSATISFIED", "VERY_DISSATISFIED")):
            self._end_clocks(now)
            self.reopenings += 1
            self.state = OrderState.DISPUTED  # so that it may be dispatched again, to the same unit
            told.append(OrderReopened(self.order_id, self.reopenings, "NOT_SATISFIED" if resolved else "NOT_RESOLVED"))
            told.append(self.dispatch(self.unit_code, now, appointed=True))
        else:
            told.append(self._close("RESOLVED" if resolved else "NOT_REACHED", now))
        self.version += 1
        return told

    def close(self, outcome_code: str, now: datetime) -> OrderClosed:
        """The centre closes: answered on the call, withdrawn, not in scope (with its reason)."""
        self._in(*OPEN)
        closed = self._close(outcome_code, now)
        self.version += 1
        return closed

    def urge(self, request: Request) -> list[Any]:
        """The same caller, matter and place again: no new order, an urge on this one. Raises UrgedTooOften."""
        self._in(*OPEN)
        if len(self.requests) > MOST_URGES:
            raise UrgedTooOften(
                f"it was urged {MOST_URGES} times and lies with {self.unit_code or 'the centre'}",
                metadata={"order_id": self.order_id},
            )
        self.requests.append(request)
        self.version += 1
        return [
            RequestRegistered(
                request.request_id, self.order_id, self.kind, self.category_code, self.division_code, self.track
            ),
            OrderUrged(self.order_id, request.request_id, len(self.requests) - 1),
        ]

    def join(self, lead_order_id: str) -> OrderGrouped:
        """Another caller on the same matter: one lead, each gets a reply."""
        self._in(*OPEN)
        self.lead_order_id = lead_order_id
        self.version += 1
        return OrderGrouped(self.order_id, lead_order_id)

    def due(self, now: datetime) -> list[Any]:
        """What is late at `now`, each clock once, one level up each time; the events."""
        told: list[Any] = []
        before = len(self.missed)
        for name in self.clocks.names():
            found = self.clocks.deadline(name)
            kind = name.rpartition("_")[0]
            if name in self.missed or found.ended_time is not None or not found.missed(now):
                continue
            self.missed.append(name)
            if kind == "return":
                continue  # no duty was broken: only the way back is closed
            level = LEVELS[min(self.escalations, len(LEVELS) - 1)]
            self.escalations += 1
            told.append(OrderEscalated(self.order_id, kind, level, self.unit_code))
        if len(self.missed) > before:
            self.version += 1
        return told

    def standing(self, now: datetime) -> Standing:
        """Who owes the next step, and by when."""
        names = {
            OrderState.UNOWNED: (f"unowned_{self.dispatches}", "centre", "dispatch"),
            OrderState.DISPUTED: (f"arbitration_{self.dispatches}", "centre", "arbitration"),
            OrderState.DISPATCHED: (self._clock("sign"), f"unit:{self.unit_code}", "sign"),
            OrderState.SIGNED: (self._clock("finish"), f"unit:{self.unit_code}", "reply"),
            OrderState.REPLIED: (f"follow_up_{self.dispatches}", "centre", "follow_up"),
        }
        if self.state is OrderState.CLOSED:
            return Standing(StandingKind.CLOSED, "", "", now)
        clock, party, what = names[self.state]
        found = self.clocks.deadline(clock)
        flag = found.reason if found.state is ClockState.UNKNOWN else ""
        return Standing(StandingKind.WAITING, party, what, now, found.due_time, clock in self.missed, flag)

    def next_due_time(self, now: datetime) -> datetime | None:
        """When somebody must look at it next; None when nothing runs. A deadline that the calendar cannot tell yet is looked
        at again every day."""
        found = [self.clocks.deadline(name) for name in self.clocks.names() if name not in self.missed]
        times = [d.due_time for d in found if d.state is ClockState.RUNNING and d.due_time]
        times += [now + LOOK_AGAIN for d in found if d.state is ClockState.UNKNOWN and d.ended_time is None]
        return min(times, default=None)

    @property
    def _class(self) -> str:
        return {"DANGER": "danger", "UTILITY": "utility"}.get(self.urgency, "general")

    @property
    def _finish_limit(self) -> str:
        if self._class != "general":
            return f"finish_{self._class}"
        return "finish_consultation" if self.kind == "CONSULTATION" else "finish_general"

    def _clock(self, name: str) -> str:
        return f"{name}_{self.dispatches}"

    def _end_clocks(self, now: datetime) -> None:
        for name in self.clocks.names():
            self.clocks.end(name, now)

    def _close(self, outcome_code: str, now: datetime) -> OrderClosed:
        self._end_clocks(now)
        self.state, self.outcome_code = OrderState.CLOSED, outcome_code
        return OrderClosed(self.order_id, outcome_code, self.dispatches == 1)

    def _in(self, *states: OrderState) -> None:
        if self.state not in states:
            raise OrderNotInState(f"the order is {self.state}", metadata={"state": self.state})


def register(
    order_id: str, request: Request, kind: str, track: str, category_code: str, urgency: str, territory: str,
    division_code: str, unit_code: str, now: datetime,
) -> tuple[Order, list[Any]]:  # fmt: skip
    """A request becomes an order: dispatched when the duty list names a unit, else the centre owns it with a limit."""
    order = Order(
        order_id=order_id, state=OrderState.UNOWNED, version=1, division_code=division_code, kind=kind, track=track,
        category_code=category_code, urgency=urgency, territory=territory, unit_code="", requests=[request],
        registered_time=now,
    )  # fmt: skip
    told: list[Any] = [RequestRegistered(request.request_id, order_id, kind, category_code, division_code, track)]
    if unit_code:
        told.append(order.dispatch(unit_code, now))
    else:
        order.clocks.start("unowned_0", "unowned", now)
    return order, told


def effective_requests(orders: Sequence[Order]) -> int:
    """有效诉求 of orders on one matter, rule version 1: the head of a merge counts once, each different caller counts, a
    repeat of the same caller and matter (an urge) does not, and what was withdrawn or is out of scope does not either."""
    callers = {
        order.requests[0].caller_key
        for order in orders
        if order.requests[0].counted and order.outcome_code not in ("WITHDRAWN", "OUT_OF_SCOPE", "NUISANCE")
    }
    return len(callers)


def _invalid(field_name: str, description: str, reason: str) -> InvalidArgument:
    return InvalidArgument(description, reason=reason, violations=(Violation(field_name, description, reason),))
