"""What certificates shows of permits and filings; and cases that partner regions hand over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from services.permits.domain.case import PermitCase
from services.permits.domain.content import APPLICANT, KNOWN, PREMISES
from services.permits.domain.events import ForwardedCaseAccepted, ForwardedCaseRejected
from services.permits.domain.filing import Filing, FilingState
from services.permits.usecases.cases import AlreadyCame, submit_case, supplement, withdraw
from services.permits.usecases.context import Asked, Entry, Parts
from services.permits.usecases.following import shown_content
from services.permits.usecases.saving import CASES, FILINGS
from shared.clock import local_date
from shared.commands import Command, command_by_event
from shared.events import Cause, timeline_entry
from shared.failures import Aborted, FailedPrecondition, Failure, InvalidArgument, Unavailable
from shared.ids import new_id


class ContentUnreadable(InvalidArgument):
    """The content of a handed-over case has not the shape of a permit case."""


class _HandedOver(msgspec.Struct):
    """A permit case as a partner region's window writes it (`SubmitCaseRequest`). Answers stand under `answers` or beside the
    others; what else it says is not asked for here and not taken."""

    holder_code: str = ""
    content: dict[str, str | int | float | dict[str, str]] = {}
    materials: list[str] = []
    facts: dict[str, str | int | float] = {}
    committed: bool = False


def certificate_facts(
    parts: Parts, refs: Sequence[Mapping[str, str]], purpose: str, asked_by: str
) -> list[dict[str, Any]]:
    """What the certificate of each permit ({"kind": "permit", "ref": permit id}) or filing shows. The disclosure is logged
    (who, why, about which case) before anything is told."""
    parts.store.log_disclosure(
        {"_id": new_id("dis"), "time": parts.clock.now(), "asked_by": asked_by, "purpose": purpose,
         "refs": [ref["ref"] for ref in refs], "fields": [APPLICANT, PREMISES]}
    )  # fmt: skip
    found = [_facts_of(parts, ref) for ref in refs]
    return [fact for fact in found if fact]


def _facts_of(parts: Parts, ref: Mapping[str, str]) -> dict[str, Any] | None:
    if ref["kind"] == "permit":
        document = parts.store.case_of_permit(ref["ref"])
        return _permit_facts(parts, parts.case_of(document), document) if document else None
    document = parts.store.find(FILINGS, ref["ref"])
    return _filing_facts(parts, parts.filing_of(document), document) if document else None


def _permit_facts(parts: Parts, case: PermitCase, document: Entry) -> dict[str, Any] | None:
    if case.permit is None or case.decided_time is None:
        return None
    shared = _shared(parts, case, document)
    return shared | {
        "kind": "permit", "ref": case.permit.permit_id, "version": case.permit.version,
        "valid_from_date": case.permit.valid_from_date, "valid_to_date": case.permit.valid_to_date,
        "issue_date": case.permit.shown_date or local_date(case.decided_time).isoformat(), "project_id": case.project_id,
    }  # fmt: skip


def _filing_facts(parts: Parts, filing: Filing, document: Entry) -> dict[str, Any] | None:
    if filing.state is not FilingState.RECORDED:
        return None  # taken back, or without effect: no certificate says that it is on record
    return _shared(parts, filing, document) | {
        "kind": "filing", "ref": filing.filing_id, "version": 1, "valid_from_date": filing.recorded_date,
        "valid_to_date": "", "issue_date": filing.recorded_date, "project_id": filing.project_id,
    }  # fmt: skip


def _shared(parts: Parts, aggregate: PermitCase | Filing, document: Entry) -> dict[str, Any]:
    item, content = parts.catalogue.at_version(aggregate.item_version), shown_content(parts, document)
    return {
        "certificate_type": aggregate.certificate_type, "item_code": item.item_code, "item_name": item.name,
        "holder_name": content.get(APPLICANT, ""), "holder_code": aggregate.holder_code,
        "holder_ref": aggregate.holder_ref, "premises": content.get(PREMISES, ""),
        "division_code": aggregate.division_code, "unit_name": item.unit_name,
        "fields": [{"label": key, "value": value} for key, value in content.items() if key not in KNOWN],
    }  # fmt: skip


def take_over(parts: Parts, handoff_case_id: str, content: Mapping[str, Any], cause: Cause) -> None:
    """Receive a case that a partner region handed over, once however often its event comes; the answer is an event."""
    command = command_by_event(
        str(content.get("client_id") or "handoff"), f"handoff-{handoff_case_id}", handoff_case_id.encode(), cause
    )
    try:
        item = parts.catalogue.by_code(str(content.get("item_code", "")), parts.clock.today())
        case, _, _ = submit_case(
            parts, command, read_handed_over(content.get("application"), item.key, handoff_case_id)
        )
        due = case.clocks.next_due()
        told: Any = ForwardedCaseAccepted(handoff_case_id, case.case_id, str((due and due.due_date) or ""))
    except AlreadyCame:
        known = parts.store.find_by_origin(CASES, handoff_case_id)
        told = ForwardedCaseAccepted(handoff_case_id, known["_id"] if known else "", "")
    except (Unavailable, Aborted):
        raise
    except Failure as failure:
        codes = list(dict.fromkeys(violation.reason for violation in failure.violations)) or [failure.reason]
        told = ForwardedCaseRejected(handoff_case_id, codes)
    now = parts.clock.now()
    entry = timeline_entry(told, now, cause)
    document = {
        "_id": handoff_case_id, "state": type(told).__name__, "noted_time": now, "timeline": [entry],
        "pending": [entry["id"]],
    }  # fmt: skip
    if parts.store.insert("forwarded", document):
        parts.outbox.committed_many("forwarded", [(handoff_case_id, entry)])


def read_handed_over(application: Any, item_key: str, handoff_case_id: str) -> Asked:
    """What a partner region's window received. No contract stood at that door, so its shape is judged here: what cannot be read
    is answered like every other form that is not taken, instead of being tried again and again.

    Raises ContentUnreadable; it never says what stands there.
    """
    try:
        read = msgspec.convert(_stated(application), _HandedOver)
    except (msgspec.ValidationError, ValueError, TypeError):
        raise ContentUnreadable("the content is no permit case") from None
    texts: dict[str, str] = {}
    for label, value in read.content.items():
        if not isinstance(value, dict):
            texts[label] = str(value)
        elif label == "answers":
            texts |= {own: text for own, text in value.items() if own not in KNOWN}
        else:
            raise ContentUnreadable("the content is no permit case")
    return Asked(
        item_key=item_key, holder_code=read.holder_code, content=texts, materials=tuple(read.materials),
        facts={name: str(value) for name, value in read.facts.items()}, committed=read.committed,
        origin_ref=handoff_case_id,
    )  # fmt: skip


def _stated(value: Any) -> Any:
    """What is said at all: null says nothing."""
    if isinstance(value, Mapping):
        return {name: _stated(part) for name, part in value.items() if part is not None}
    return value


def supplied(parts: Parts, handoff_case_id: str, event_id: str, materials: Sequence[str], cause: Cause) -> bool:
    """What was asked for came in at the partner region. False when the case is not here or has moved on: nothing to do."""
    known = parts.store.find_by_origin(CASES, handoff_case_id)
    if known is None:
        return False
    try:
        supplement(parts, _by_event(event_id, cause), known["_id"], materials)
    except (FailedPrecondition, InvalidArgument):
        return False  # accepted or ended meanwhile, or not among the item's materials: the case stands as it is
    return True


def withdrawn(parts: Parts, handoff_case_id: str, event_id: str, cause: Cause) -> bool:
    """The applicant withdrew at the partner region. A decision that was made before stands."""
    known = parts.store.find_by_origin(CASES, handoff_case_id)
    if known is None:
        return False
    try:
        withdraw(parts, _by_event(event_id, cause), known["_id"], "")
    except FailedPrecondition:
        return False
    return True


def _by_event(event_id: str, cause: Cause) -> Command:
    return command_by_event("handoff", event_id, event_id.encode(), cause)
