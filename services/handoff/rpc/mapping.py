"""Between the contract's messages and the domain, nothing else."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from tongban.handoff.v1 import messages_pb2 as pb

from services.handoff.domain.agreement import ACCEPTING_DUTIES, DECIDING_DUTIES, AgreedItem, Agreement, differences
from services.handoff.domain.case import HandoffCase


def case_message(case: HandoffCase, document: dict[str, Any], now: datetime) -> Any:
    """A case with its clocks, who owes what, and who answers for what (3-05)."""
    standing = case.standing()
    return pb.HandoffCase(
        handoff_case_id=case.handoff_case_id, state=f"HANDOFF_STATE_{case.state}", side=f"SIDE_{case.side}",
        version=case.version, item_code=case.item_code, item=case.item, accepting_region=case.accepting_region,
        deciding_region=case.deciding_region, agreement_id=case.agreement_id, agreement_version=case.agreement_version,
        mode=case.mode, authorisation_id=case.authorisation_id, unit_code=case.unit_code,
        received_time=_stamp(case.received_time), local_case_id=case.local_case_id,
        decision_due_date=case.decision_due_date, outcome=case.outcome, reason_codes=case.reason_codes,
        certificate_identifier=case.certificate_identifier, file_sha256=case.file_sha256, waits_for=standing.party,
        owed=standing.what, due_time=_stamp(standing.due_time), escalated=standing.escalated,
        responsibilities=[
            pb.Responsibility(region=case.accepting_region, duties=ACCEPTING_DUTIES),
            pb.Responsibility(region=case.deciding_region, duties=DECIDING_DUTIES),
        ],
        clocks=[
            pb.ClockReading(
                clock=name, state=state, due_date=str(due_date or ""), due_time=_stamp(due_time), owed_by=owed_by,
                missed=name in case.missed,
            )
            for name, state, due_date, due_time, owed_by in case.readings()
        ],
        timeline=[
            pb.TimelineEntry(
                event_id=e["id"], type=e["type"], time=_stamp(e["time"]), actor_id=e["actor_id"],
                data=json.dumps(e["data"], ensure_ascii=False),
            )
            for e in document.get("timeline", ())
        ],
    )  # fmt: skip


def message_report(document: dict[str, Any]) -> Any:
    """A message and what became of it, without its content."""
    return pb.MessageReport(
        message_id=document["_id"], handoff_case_id=document["handoff_case_id"],
        direction=f"DIRECTION_{document['direction']}", type=document["type"], sequence=document["sequence"],
        partner_region=document["partner_region"], state=document["state"], attempts=document["attempts"],
        next_attempt_time=_stamp(document.get("next_attempt_time")), reason=document["reason"],
        created_time=_stamp(document["created_time"]), receipt_time=_stamp(document.get("receipt_time")),
        message_sha256=document["sha256"], receipt=document["receipt"],
    )  # fmt: skip


def ledger_message(entry: dict[str, Any]) -> Any:
    """One entry of the ledger."""
    names = (
        "position", "kind", "message_id", "message_type", "handoff_case_id", "sequence", "from_region", "to_region",
        "message_sha256", "receipt_sha256", "previous_hash", "hash",
    )  # fmt: skip
    return pb.LedgerEntry(**{name: entry[name] for name in names}, time=_stamp(entry["time"]))


def agreement_message(agreement: Agreement, region: str, now: datetime) -> Any:
    """An agreement with its items in both directions, and in which elements the two regions' versions differ (3-03)."""
    return pb.Agreement(
        agreement_id=agreement.agreement_id, version=agreement.version, parties=agreement.parties,
        valid_from_date=agreement.valid_from.isoformat(),
        valid_to_date=agreement.valid_to.isoformat() if agreement.valid_to else "", in_force=agreement.in_force(now),
        items=[
            _agreed(item, next(p for p in agreement.parties if p != deciding), deciding)
            for item in agreement.items.values()
            for deciding in agreement.parties
            if deciding in item.deciding
        ],
    )  # fmt: skip


def _agreed(item: AgreedItem, accepting: str, deciding: str) -> Any:
    return pb.AgreedItem(
        item=item.item, item_code=item.codes[deciding], deciding_region=deciding, modes=item.modes,
        required=item.required,
        differences=[
            pb.ElementDifference(element=name, accepting=ours, deciding=theirs)
            for name, ours, theirs in differences(item, accepting, deciding)
        ],
    )  # fmt: skip


def feed_message(entry: dict[str, Any]) -> Any:
    """One entry of the feed."""
    return pb.FeedEntry(
        sequence=entry["_id"], event_id=entry["event_id"], type=entry["type"], subject=entry["subject"],
        time=_stamp(entry["event_time"]), data=entry["data"],
    )  # fmt: skip


def _stamp(instant: datetime | None) -> Timestamp | None:
    if instant is None:
        return None
    stamp = Timestamp()
    stamp.FromDatetime(instant)
    return stamp
