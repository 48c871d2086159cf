"""The one way in which a case changes: load, act, and store case, events, messages and ledger in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from services.handoff.domain.case import HandoffCase, StaleVersion
from services.handoff.domain.events import HandoffStateChanged, MessageQueued
from services.handoff.domain.ledger import SENT
from services.handoff.domain.message import Message, digest
from services.handoff.usecases.context import Entry, Move, Parts
from shared.commands import Command, command_entry, version_made_by
from shared.events import Cause, timeline_entry
from shared.failures import Aborted, NotFound
from shared.ids import new_id
from shared.topology import routing_key

CASES = "cases"
SYSTEM = Cause(actor_id="platform")
TRIES = 8
REMEMBERED_EVENTS = 60
Act = Callable[[HandoffCase, datetime], Sequence[Any]]


class CaseNotFound(NotFound):
    """No case with this id, or it is not yours to see."""


def load_case(parts: Parts, case_id: str) -> tuple[HandoffCase, Entry]:
    """The case and its document. Raises CaseNotFound."""
    document = parts.store.find(case_id)
    if document is None:
        raise CaseNotFound("no case with this id", metadata={"handoff_case_id": case_id[:64]})
    return parts.case_of(document), document


def change_case(
    parts: Parts, case_id: str, act: Act, command: Command, ledger: Sequence[Entry] = ()
) -> tuple[HandoffCase, Entry, bool]:  # fmt: skip
    """A command of the window. Returns the case, its document, and whether this repeats a command. Raises StaleVersion."""
    parts.outbox.check_capacity()
    case, document = load_case(parts, case_id)
    if version_made_by(document, command.key, command.digest) is not None:
        return case, document, True
    now = parts.clock.now()
    late = case.due(now)  # the law comes before the command, whether the sweeper was there or not
    if late:
        store_move(parts, case, document["version"], late, now, SYSTEM)
        case, document = load_case(parts, case_id)
    events = act(case, now)
    try:
        store_move(parts, case, document["version"], events, now, command.cause, command, ledger=ledger)
    except StaleVersion:
        case, document = load_case(parts, case_id)
        if version_made_by(document, command.key, command.digest) is None:
            raise
        return case, document, True
    return (*load_case(parts, case_id), False)


def follow(
    parts: Parts, case_id: str, act: Act, cause: Cause, event_id: str = "", settled: Entry | None = None,
    ledger: Sequence[Entry] = (),
) -> bool:  # fmt: skip
    """What happens by itself: a fact, a receipt, a deadline. Loads again when the case moved meanwhile; an event that was
    applied before changes nothing. Returns whether anything was stored."""
    for _ in range(TRIES):
        document = parts.store.find(case_id)
        if document is None:
            return False
        case, now = parts.case_of(document), parts.clock.now()
        if event_id and event_id in case.taken:
            return False
        before = case.version
        events = act(case, now)
        if event_id:
            case.taken = [*case.taken, event_id][-REMEMBERED_EVENTS:]
        if case.version == before and settled is None and not event_id:
            return False
        if case.version == before:
            case.version += 1
        try:
            store_move(parts, case, document["version"], events, now, cause, settled=settled, ledger=ledger)
        except StaleVersion:
            continue
        return True
    raise Aborted("the case keeps changing")


def store_move(
    parts: Parts, case: HandoffCase, expected_version: int, events: Sequence[Any], now: datetime, cause: Cause,
    command: Command | None = None, settled: Entry | None = None, ledger: Sequence[Entry] = (),
    more: Entry | None = None, messages_in: Sequence[Entry] = (),
) -> None:  # fmt: skip
    """Store one move, then publish its events."""
    messages, told = _messages(parts, case, now), list(events)
    told += [MessageQueued(m["_id"], case.handoff_case_id, m["partner_region"], m["sequence"]) for m in messages]
    entries = [timeline_entry(event, now, cause) for event in told]
    kept = command_entry(command.key, command.digest, case.version) if command else None
    written = [*(ledger_entry(m, SENT, "", now, parts.region) for m in messages), *ledger]
    document = parts.to_document(case) | (more or {})
    told_partner = [feed_entry(e, case) for e in entries if e["type"] == HandoffStateChanged.__name__]
    parts.store.save(
        Move(document, expected_version, entries, kept, [*messages_in, *messages], settled, written, told_partner)
    )  # fmt: skip
    parts.outbox.committed_many(CASES, [(case.handoff_case_id, entry) for entry in entries])


def feed_entry(entry: Entry, case: HandoffCase) -> Entry:
    """A move of a case as its partner reads it in the feed: in the same transaction, so that none is missing and none is early."""
    data = {name: str(value) for name, value in entry["data"].items() if name != "partner_region" and value}
    return {
        "event_id": entry["id"], "type": routing_key("handoff", entry["type"]), "subject": case.handoff_case_id,
        "event_time": entry["time"], "data": data, "audience": case.partner,
    }  # fmt: skip


def ledger_entry(message: Entry, kind: str, receipt: str, now: datetime, region: str) -> Entry:
    """An entry about a message, still without its place in the chain."""
    out = message["direction"] == "OUT"
    return {
        "time": now, "kind": kind, "message_id": message["_id"], "message_type": message["type"],
        "handoff_case_id": message["handoff_case_id"], "sequence": message["sequence"],
        "from_region": region if out else message["partner_region"],
        "to_region": message["partner_region"] if out else region, "message_sha256": message["sha256"],
        "receipt_sha256": digest(receipt.encode()) if receipt else "",
    }  # fmt: skip


def _messages(parts: Parts, case: HandoffCase, now: datetime) -> list[Entry]:
    """The drafts of a case as stored messages, in order."""
    made = []
    for draft in case.drafts:
        case.sent += 1
        message = Message(
            message_id=new_id("msg"), type=draft.type, handoff_case_id=case.handoff_case_id, sequence=case.sent,
            from_region=parts.region, to_region=case.partner, agreement_id=case.agreement_id,
            agreement_version=case.agreement_version, created_time=now, body=dict(draft.body),
        )  # fmt: skip
        data = message.encoded()
        made.append(message_document(parts, message, data, "OUT", now) | {"state": "QUEUED", "next_attempt_time": now})
    case.drafts.clear()
    return made


def message_document(parts: Parts, message: Message, data: bytes, direction: str, now: datetime) -> Entry:
    """A message as it is kept: its bytes sealed, its digest open."""
    return {
        "_id": message.message_id, "handoff_case_id": message.handoff_case_id, "direction": direction,
        "type": str(message.type), "sequence": message.sequence, "sha256": digest(data),
        "partner_region": message.to_region if direction == "OUT" else message.from_region, "attempts": 0,
        "reason": "", "created_time": message.created_time, "stored_time": now, "receipt": "",
        "sealed": parts.sealer.seal(data, message.message_id),
    }  # fmt: skip
