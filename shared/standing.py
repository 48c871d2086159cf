"""Where an open case stands, so that none is forgotten: the platform moves it, a named party owes something, or it is done.

Every case document carries `standing` (indexed with STANDING_INDEX) in the same write as its state. `verdict` turns it
into what the audit counts: PROGRESSING, WAITING or STUCK; the three add up to the open cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

# What the platform itself owes follows within seconds; after this it is stuck, and someone must look.
PROGRESS_GRACE = timedelta(minutes=5)
# Declared by every document class of cases, for the audit: `find({"standing.kind": …})`.
STANDING_INDEX: dict[str, Any] = {"fields": ["standing.kind", "standing.due_time"], "name": "standing"}


class StandingKind(StrEnum):
    """PROGRESSING: the platform owes the next step. WAITING: `party` does. CLOSED: nobody owes anything."""

    PROGRESSING = "PROGRESSING"
    WAITING = "WAITING"
    CLOSED = "CLOSED"


class AuditVerdict(StrEnum):
    """What the audit counts."""

    PROGRESSING = "PROGRESSING"
    WAITING = "WAITING"
    STUCK = "STUCK"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands since `since_time` (aware UTC).

    `party` names who owes the next step, as a code: "applicant", "unit:<code>", "region:<code>", "registrar:<division>",
    "platform". `what`: the step owed, e.g. "decision". `due_time`: first instant at which it is late; None only for
    CLOSED, PROGRESSING and a deadline that the calendar cannot tell yet (`flag` says so). `escalated`: it was late, and
    somebody above was told: then waiting on is right.
    """

    kind: StandingKind
    party: str
    what: str
    since_time: datetime
    due_time: datetime | None = None
    escalated: bool = False
    flag: str = ""


def verdict(standing: Standing, now: datetime) -> tuple[AuditVerdict, str]:
    """What the audit says of a case at `now`, and why when it is stuck."""
    if standing.kind is StandingKind.CLOSED:
        return AuditVerdict.CLOSED, ""
    if standing.kind is StandingKind.PROGRESSING:
        late = now - standing.since_time > PROGRESS_GRACE
        return (AuditVerdict.STUCK, "NOT_PROGRESSING") if late else (AuditVerdict.PROGRESSING, "")
    if not standing.party:
        return AuditVerdict.STUCK, "NOBODY_NAMED"
    if standing.due_time is None and not standing.flag:
        return AuditVerdict.STUCK, "NO_DEADLINE"
    if standing.due_time is not None and now - standing.due_time > PROGRESS_GRACE and not standing.escalated:
        return AuditVerdict.STUCK, "OVERDUE_AND_NOBODY_TOLD"
    return AuditVerdict.WAITING, ""
