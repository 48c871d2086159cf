"""What hotline tells the others: facts in the past tense, ids and codes only.

Same names and fields as `protos/tongban/hotline/v1/events.proto` (a test compares them).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestRegistered:
    """A request became a work order, or joined one."""

    request_id: str
    order_id: str
    kind: str
    category_code: str
    division_code: str
    track: str


@dataclass(frozen=True, slots=True)
class OrderDispatched:
    """An order was sent to the unit that is competent by the duty list, or appointed."""

    order_id: str
    unit_code: str
    category_code: str
    urgency: str
    dispatch_number: int
    sign_due_time: str
    appointed: bool


@dataclass(frozen=True, slots=True)
class OrderSigned:
    """The unit took the order on."""

    order_id: str
    unit_code: str
    finish_due_time: str


@dataclass(frozen=True, slots=True)
class OrderReturned:
    """The unit returned the order as not its own, with its ground."""

    order_id: str
    unit_code: str
    reason_code: str
    proposed_unit_code: str
    return_number: int


@dataclass(frozen=True, slots=True)
class OrderDisputed:
    """Returned too often: the centre decides who leads (arbitration); the appointed body may not return."""

    order_id: str
    return_number: int


@dataclass(frozen=True, slots=True)
class OrderExtended:
    """More time, once, before the limit ran out."""

    order_id: str
    finish_due_time: str
    reason_code: str


@dataclass(frozen=True, slots=True)
class OrderReplied:
    """The unit replied."""

    order_id: str
    unit_code: str
    in_time: bool


@dataclass(frozen=True, slots=True)
class OrderFollowedUp:
    """The caller was asked; or could not be reached."""

    order_id: str
    reached: bool
    resolved: bool
    satisfaction: str


@dataclass(frozen=True, slots=True)
class OrderReopened:
    """Not satisfied, or not really done: the order goes back."""

    order_id: str
    reopen_number: int
    reason_code: str


@dataclass(frozen=True, slots=True)
class OrderClosed:
    """Nobody owes anything any more."""

    order_id: str
    outcome_code: str
    first_dispatch: bool


@dataclass(frozen=True, slots=True)
class OrderEscalated:
    """Nobody took the order, or a limit passed: a level up is told."""

    order_id: str
    clock: str
    level: str
    unit_code: str


@dataclass(frozen=True, slots=True)
class OrderUrged:
    """The order was urged again by its caller."""

    order_id: str
    request_id: str
    urge_number: int


@dataclass(frozen=True, slots=True)
class OrderGrouped:
    """Several callers on one matter: the order joined a group with one lead."""

    order_id: str
    lead_order_id: str
