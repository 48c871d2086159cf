"""What falls due on a case: deemed acceptance, the end of handling, a word to the level above; each clock once."""

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
    if case.paused_until and now >= case.paused_until and case.pause_name not in case.missed:
        case.miss(case.pause_name)
        events.append(PermitDeadlineMissed(case.case_id, "pause", "", case.unit_code))
    return events
