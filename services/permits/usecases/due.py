"""What falls due, and what the events of others do to cases: without a command, so harmless to do twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from services.permits.domain.case import CaseState
from services.permits.domain.due import due_events
from services.permits.domain.filing import FilingState
from services.permits.domain.holder import has_ended
from services.permits.domain.permit import HELD, Permit, PermitState
from services.permits.usecases.context import Entry, Parts
from services.permits.usecases.saving import CASES, FILINGS, load_case, load_filing, save_by_itself
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
    # without events the case was only looked at again, because the calendar could not tell: note when to look next
    save_by_itself(parts, case, document["version"], events, now, SYSTEM)
    return bool(events)


def act_on_filing(parts: Parts, filing_id: str) -> bool:
    """A returned filing that nobody mended lapses."""
    filing, document = load_filing(parts, filing_id)
    now, found = parts.clock.now(), filing.clocks.next_due()
    events = [filing.lapse(now)] if found is not None and found.missed(now) else []
    save_by_itself(parts, filing, document["version"], events, now, SYSTEM)
    return bool(events)


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


HOLDER_ENDED = "HOLDER_ENDED"


def end_permits(parts: Parts, holder_code: str, cause: Cause) -> list[str]:
    """A holder lost its licence or is no more: its permits end with it (行政许可法 art. 70(3)). Returns the ids of those that
    ended so, whether by this call or by one before it."""
    return _ended(parts, holder_code, lambda document: _cancel(parts, document, cause))


def ended_permits(parts: Parts, holder_code: str) -> list[str]:
    """The ids of the permits that ended with their holder."""
    return _ended(parts, holder_code, lambda document: parts.case_of(document).permit)


def _ended(parts: Parts, holder_code: str, permit_of: Callable[[Entry], Permit | None]) -> list[str]:
    ended: list[str] = []
    after = ""
    while True:
        page, after = parts.store.permits_of_holder(holder_code, after, HOLDER_PAGE)
        for document in page:
            permit = permit_of(document)
            if permit and permit.state is PermitState.CANCELLED and permit.reason_code == HOLDER_ENDED:
                ended.append(permit.permit_id)
        if not after:
            return ended


def permit_granted(parts: Parts, case_id: str, cause: Cause) -> None:
    """A permit was granted: its holder may have ended between the unit's last look at it and the grant. Whoever notes the end
    looks for permits after that, whoever grants looks at the holder after that; so one of the two sees the other."""
    document = parts.store.find(CASES, case_id)
    if document is not None and document.get("permit") and has_ended(parts.store.holder(document["holder_code"])):
        _cancel(parts, document, cause)


def filing_recorded(parts: Parts, filing_id: str, recorded_time: datetime, cause: Cause) -> None:
    """The same for a filing: one that was recorded before its holder ended was lawful and stays on record."""
    for _ in range(TRIES):
        document = parts.store.find(FILINGS, filing_id)
        if document is None or document["state"] != FilingState.RECORDED:
            return
        holder = parts.store.holder(document["holder_code"])
        if holder is None or not has_ended(holder) or recorded_time < (holder.get("ended_time") or recorded_time):
            return
        filing = parts.filing_of(document)
        try:
            save_by_itself(
                parts, filing, document["version"], [filing.end_with_holder()], parts.clock.now(), cause
            )  # fmt: skip
        except Aborted:
            continue
        return
    raise Aborted("the filing keeps changing")


def _cancel(parts: Parts, document: Entry, cause: Cause) -> Permit:
    """The permit of a case, cancelled if it was held."""
    case = parts.case_of(document)
    for _ in range(TRIES):
        permit, now = case.permit, parts.clock.now()
        assert permit is not None
        if permit.state not in HELD:
            return permit
        case.version += 1
        event = permit.change(case.case_id, PermitState.CANCELLED, HOLDER_ENDED, parts.clock.today())
        try:
            save_by_itself(parts, case, document["version"], [event], now, cause)
        except Aborted:
            case, document = load_case(parts, case.case_id)
            continue
        return permit
    raise Aborted("the case keeps changing")
