"""Storing what the domain decided: state, events, clocks, standing and the command in one write; repetitions answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from services.permits.domain.case import PermitCase, StaleVersion
from services.permits.domain.due import due_events
from services.permits.domain.filing import Filing
from services.permits.usecases.context import Entry, Parts
from shared.commands import Command, command_entry, version_made_by
from shared.events import Cause, timeline_entry
from shared.failures import NotFound

CASES, FILINGS = "cases", "filings"


class CaseNotFound(NotFound):
    """No case with this id, or it is not yours."""


class FilingNotFound(NotFound):
    """No filing with this id, or it is not yours."""


def document_of(parts: Parts, aggregate: PermitCase | Filing, now: datetime) -> Entry:
    """The stored form of a case or filing, with what is derived from it: standing and when it is due next."""
    document = parts.to_document(aggregate, "case_id" if isinstance(aggregate, PermitCase) else "filing_id")
    document["standing"] = parts.to_document(aggregate.standing(now), "")
    document["next_due_time"] = aggregate.next_due_time(now)
    return document


def create(
    parts: Parts, command: Command, aggregate: PermitCase | Filing, sealed: bytes, events: Sequence[Any], now: datetime
) -> bool:
    """Store a new case or filing with its first events; False when the same command stored one before."""
    collection = CASES if isinstance(aggregate, PermitCase) else FILINGS
    entries = [timeline_entry(event, now, command.cause) for event in events]
    document = document_of(parts, aggregate, now) | {
        "client_id": command.client_id,
        "content": sealed,
        "timeline": entries,
        "pending": [entry["id"] for entry in entries],
        "commands": [command_entry(command.key, command.digest, 1)],
    }
    if not parts.store.insert(collection, document):
        return False
    parts.outbox.committed_many(collection, [(document["_id"], entry) for entry in entries])
    return True


def load_case(parts: Parts, case_id: str, only_client_id: str = "") -> tuple[PermitCase, Entry]:
    """The case and its document. Another client's case is not found, as if it were none."""
    document = parts.store.find(CASES, case_id)
    if document is None or (only_client_id and document["client_id"] != only_client_id):
        raise CaseNotFound("no case with this id", metadata={"case_id": case_id[:64]})
    return parts.case_of(document), document


def load_filing(parts: Parts, filing_id: str, only_client_id: str = "") -> tuple[Filing, Entry]:
    """The filing and its document. Another client's filing is not found, as if it were none."""
    document = parts.store.find(FILINGS, filing_id)
    if document is None or (only_client_id and document["client_id"] != only_client_id):
        raise FilingNotFound("no filing with this id", metadata={"filing_id": filing_id[:64]})
    return parts.filing_of(document), document


def change_case(
    parts: Parts, command: Command, case_id: str, act: Callable[[PermitCase, datetime], Sequence[Any]],
    only_client_id: str = "",
) -> tuple[PermitCase, Entry, bool]:  # fmt: skip
    """Load, act, save. `act` changes the case and returns its events. Returns the case, its document, whether this repeats
    a command that was done before (also by a try that still ran while this one came)."""
    parts.outbox.check_capacity()
    case, document = load_case(parts, case_id, only_client_id)
    if version_made_by(document, command.key, command.digest) is not None:
        return case, document, True
    now = parts.clock.now()
    late = due_events(case, now)
    if late:  # the law comes before the command, whether the sweeper has been there or not
        save_by_itself(parts, case, document["version"], late, now, Cause(actor_id="platform"))
        case, document = load_case(parts, case_id, only_client_id)
    events = act(case, now)
    try:
        _save(parts, CASES, case, document["version"], events, now, command.cause, command)
    except StaleVersion:
        case, document = load_case(parts, case_id, only_client_id)
        if version_made_by(document, command.key, command.digest) is None:
            raise
        return case, document, True
    return case, document, False


def change_filing(
    parts: Parts, command: Command, filing_id: str, act: Callable[[Filing, datetime], Sequence[Any]],
    only_client_id: str = "",
) -> tuple[Filing, Entry, bool]:  # fmt: skip
    """The same for a filing."""
    parts.outbox.check_capacity()
    filing, document = load_filing(parts, filing_id, only_client_id)
    if version_made_by(document, command.key, command.digest) is not None:
        return filing, document, True
    now = parts.clock.now()
    events = act(filing, now)
    try:
        _save(parts, FILINGS, filing, document["version"], events, now, command.cause, command)
    except StaleVersion:
        filing, document = load_filing(parts, filing_id, only_client_id)
        if version_made_by(document, command.key, command.digest) is None:
            raise
        return filing, document, True
    return filing, document, False


def save_by_itself(
    parts: Parts,
    aggregate: PermitCase | Filing,
    expected_version: int,
    events: Sequence[Any],
    now: datetime,
    cause: Cause,
    more: Entry | None = None,
) -> None:
    """Save what an event or a deadline did, without a command; `more`: sealed fields beside the aggregate's own. Raises
    StaleVersion when another was faster."""
    collection = CASES if isinstance(aggregate, PermitCase) else FILINGS
    _save(parts, collection, aggregate, expected_version, events, now, cause, None, more)


def _save(
    parts: Parts, collection: str, aggregate: PermitCase | Filing, expected_version: int, events: Sequence[Any],
    now: datetime, cause: Cause, command: Command | None, more: Entry | None = None,
) -> None:  # fmt: skip
    entries = [timeline_entry(event, now, cause) for event in events]
    document = document_of(parts, aggregate, now) | (more or {})
    made = command_entry(command.key, command.digest, aggregate.version) if command else None
    parts.store.save(collection, document, expected_version, entries, made)
    parts.outbox.committed_many(collection, [(document["_id"], entry) for entry in entries])
