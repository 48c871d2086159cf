"""What falls due, and what the events of others do to cases: without a command, so harmless to do twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.permits.domain.case import (
    AFTER_CHECK,
    DECISION,
    DELIVERY,
    NOTICE,
    PROMISE,
    SUPPLEMENT,
    CaseState,
    PermitCase,
)
from services.permits.domain.events import PermitDeadlineMissed
from services.permits.domain.permit import PermitState
from services.permits.usecases.context import Parts
from services.permits.usecases.saving import load_case, load_filing, save_by_itself
from shared.events import Cause
from shared.failures import Aborted

SYSTEM = Cause(actor_id="platform")
HOLDER_PAGE = 200
TRIES = 5


def act_on_case(parts: Parts, case_id: str) -> bool:
    """Do what a deadline demands: deem accepted, end, or tell somebody above; whether anything was done."""
    case, document = load_case(parts, case_id)
    now = parts.clock.now()
    events = due_events(case, now)
    if not events:
        return False
    save_by_itself(parts, case, document["version"], events, now, SYSTEM)
    return True


def due_events(case: PermitCase, now: datetime) -> list[Any]:
    """What is due at `now`, done to the case; its events in order."""
    events: list[Any] = []
    for clock in (NOTICE, SUPPLEMENT, PROMISE, DECISION, DELIVERY, AFTER_CHECK):
        found = case.clocks.deadline(clock)
        if clock in case.missed or found.ended_time is not None or not found.missed(now):
            continue
        due = str(found.due_date or "")
        case.miss(clock)
        events.append(PermitDeadlineMissed(case.case_id, clock, due, case.unit_code))
        if clock == NOTICE and case.state is CaseState.RECEIVED:
            events.append(case.deem_accepted(now))
        elif clock == SUPPLEMENT and case.state is CaseState.NOTICE_SENT:
            events.append(case.end("SUPPLEMENT_MISSED", now))
        elif clock == PROMISE and case.state is CaseState.ACCEPTED:
            events.append(case.end("PROMISE_MISSED", now))
    if case.paused_until and now >= case.paused_until and "pause" not in case.missed:
        case.miss("pause")
        events.append(PermitDeadlineMissed(case.case_id, "pause", "", case.unit_code))
    return events


def act_on_filing(parts: Parts, filing_id: str) -> bool:
    """A returned filing that nobody mended lapses."""
    filing, document = load_filing(parts, filing_id)
    now, found = parts.clock.now(), filing.clocks.next_due()
    if found is None or not found.missed(now):
        return False
    filing.lapse(now)
    save_by_itself(parts, filing, document["version"], [], now, SYSTEM)
    return True


def certificate_issued(parts: Parts, permit_id: str, cause: Cause) -> None:
    """The e-certificate of a permit exists: the result is delivered with it (在线政务服务规定 art. 10)."""
    for _ in range(TRIES):
        found = parts.store.case_of_permit(permit_id)
        case = parts.case_of(found) if found else None
        if found is None or case is None or case.state is not CaseState.GRANTED:
            return
        now = parts.clock.now()
        try:
            save_by_itself(parts, case, found["version"], [case.deliver(now)], now, cause)
        except Aborted:
            continue
        return
    raise Aborted("the case keeps changing")


def entity_changed(parts: Parts, holder_code: str, state: str, cause: Cause) -> int:
    """A holder lost its licence or is no more: its permits end with it (行政许可法 art. 70(3)). Returns how many."""
    if state == "ACTIVE":
        return 0
    changed, after = 0, ""
    while True:
        page, after = parts.store.permits_of_holder(holder_code, after, HOLDER_PAGE)
        for document in page:
            changed += _cancel(parts, document["_id"], cause)
        if not after:
            return changed


def _cancel(parts: Parts, case_id: str, cause: Cause) -> int:
    for _ in range(TRIES):
        case, document = load_case(parts, case_id)
        permit, now = case.permit, parts.clock.now()
        if permit is None or permit.state not in (PermitState.IN_FORCE, PermitState.SUSPENDED):
            return 0
        case.version += 1
        event = permit.change(case.case_id, PermitState.CANCELLED, "HOLDER_ENDED")
        try:
            save_by_itself(parts, case, document["version"], [event], now, cause)
        except Aborted:
            continue
        return 1
    raise Aborted("the case keeps changing")
