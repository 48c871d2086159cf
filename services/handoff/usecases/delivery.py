"""Messages go to partner regions: in order within a case, again until the signed receipt is here, then never silence.

QUEUED ── receipt ──► DELIVERED      the receipt is stored and stands in the ledger before the case moves
   └── refused, or out of tries ──► PARKED    a human looks; `retry_message` queues it again
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from prometheus_client import Counter, Histogram

from services.handoff.domain.case import HandoffCase
from services.handoff.domain.ledger import RECEIPTED
from services.handoff.domain.message import RECEIPT_TYPE, MessageType, Receipt, next_attempt, read_message
from services.handoff.usecases.context import Answer, Entry, Parts, WireDown
from services.handoff.usecases.moves import SYSTEM, follow, ledger_entry
from services.handoff.usecases.receiving import AHEAD, MESSAGE_LIMIT
from shared import strict_json
from shared.commands import KeyTaken
from shared.failures import Failure, NotFound
from shared.logs import get_logger
from shared.message_keys import key_id_of

log = get_logger(__name__)

# A message is one process's to deliver for this long; after a crash another one takes it.
CLAIM = timedelta(seconds=15)
SWEEP = 200
# A partner that answers these judged the message: the same bytes would be refused again.
REFUSED = frozenset({400, 403, 404, 409, 413, 415, 422})
DELIVERED = Counter(
    "tongban_handoff_message_sent_total", "Tries to deliver messages, by what became of them.", ["outcome"]
)
TO_RECEIPT = Histogram(
    "tongban_handoff_receipt_seconds", "From a message's making to its stored receipt.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600, 86400),
)  # fmt: skip


class MessageNotFound(NotFound):
    """No message with this id."""


class ReceiptForged(Exception):
    """What came back is no receipt of this message by this partner."""


class Try(StrEnum):
    """What a try to deliver came to."""

    RECEIPTED = "RECEIPTED"
    # the partner does not answer, or not as agreed: later again
    FAILED = "FAILED"
    # another process has it, it is not its turn, it is done, or a human must look
    LEFT = "LEFT"


def deliver_case(parts: Parts, message_id: str, early: bool = False) -> Try:
    """Deliver a message, now or also before its time, and what waits behind it in its case; what the last try came to."""
    last = Try.LEFT
    while message_id:
        last, case_id = _deliver(parts, message_id, early)
        message_id = parts.store.next_in_case(case_id, parts.clock.now()) if last is Try.RECEIPTED else ""
    return last


def deliver_due(parts: Parts) -> int:
    """Deliver what is due: first tries that were missed, and tries again; returns how many were looked at.

    A partner that does not answer is asked once a round, whatever waits for it. One for which messages wait longer is asked
    every few seconds, by the first of them, whether it is back: messages move within a minute of its return (the promise)
    also when nothing else goes either way (found by a test: a gateway that was away for eight seconds had cost five minutes).
    """
    count, silent = 0, set[str]()
    for message_id, region in parts.store.due_messages(parts.clock.now(), SWEEP):
        if region not in silent:
            count += 1
            if _deliver_or_log(parts, message_id) is Try.FAILED:
                silent.add(region)
    for region in parts.partners.all().keys() - silent:
        if message_id := parts.store.next_waiting(region, parts.clock.now()):
            count += 1
            _deliver_or_log(parts, message_id, early=True)
    return count


def _deliver_or_log(parts: Parts, message_id: str, early: bool = False) -> Try:
    """One message on which this platform breaks keeps those of no other partner back."""
    try:
        return deliver_case(parts, message_id, early)
    except Exception as error:
        DELIVERED.labels("broken").inc()
        log.exception("message_not_delivered", message_id=message_id, error=type(error).__name__)
        return Try.FAILED


def _deliver(parts: Parts, message_id: str, early: bool) -> tuple[Try, str]:
    """One try, and the case that the message belongs to."""
    now = parts.clock.now()
    claimed = parts.store.claim(message_id, now, now + CLAIM, early)
    if claimed is None:
        return Try.LEFT, ""  # another process has it, it is not its turn, or it is done
    return _try(parts, claimed, now), claimed["handoff_case_id"]


def _try(parts: Parts, claimed: Entry, now: datetime) -> Try:
    assert parts.wire is not None
    message_id = claimed["_id"]
    data = parts.sealer.open(bytes(claimed["sealed"]), message_id)
    try:
        answer = parts.wire.post(claimed["partner_region"], message_id, data)
    except WireDown as error:
        return _failed(parts, claimed, str(error) or "UNREACHABLE")
    if answer.status in (200, 201):
        try:
            receipt, text = _read_receipt(parts, claimed, data, answer)
        except ReceiptForged as error:
            return _failed(parts, claimed, str(error))
        _receipted(parts, claimed, receipt, text)
        return Try.RECEIPTED
    reason, expected = _problem(answer)
    if reason == "SEQUENCE_GAP" and 0 < expected < claimed["sequence"]:
        parts.store.queue_again(claimed["handoff_case_id"], expected, now)
        DELIVERED.labels("gap").inc()
        return Try.LEFT
    if answer.status in REFUSED:
        return _park(parts, claimed, reason)
    return _failed(parts, claimed, reason)


def _receipted(parts: Parts, message: Entry, receipt: Receipt, text: str) -> None:
    now = parts.clock.now()
    entry = ledger_entry(message, RECEIPTED, text, now, parts.region)
    settled = {"_id": message["_id"], "receipt": text, "receipt_time": receipt.received_time}

    def moved(case: HandoffCase, _now: datetime) -> list[Any]:
        case.parked = False
        if message["type"] == MessageType.CASE_FORWARDED:
            return case.forwarded(receipt.received_time)
        return case.close(now) if message["type"] == MessageType.RESULT_DELIVERED else []

    with suppress(KeyTaken):  # another process delivered it at the same time: the receipt is stored
        follow(parts, message["handoff_case_id"], moved, SYSTEM, settled=settled, ledger=[entry])
    DELIVERED.labels("receipted").inc()
    TO_RECEIPT.observe(max(0.0, (now - message["created_time"]).total_seconds()))
    parts.store.wake(message["partner_region"], now)  # the partner is there: what waits for it need not wait on


def _failed(parts: Parts, message: Entry, reason: str) -> Try:
    now, attempts, later = parts.clock.now(), message["attempts"], message["next_attempt_time"]
    if later <= now:  # one that was sent before its time keeps its turn
        attempts += 1
        later = next_attempt(attempts, message.get("queued_time") or message["stored_time"], now, parts.chance)
    if later is None:
        return _park(parts, message, "RETRIES_EXHAUSTED")
    DELIVERED.labels("failed").inc()
    change = {"attempts": attempts, "next_attempt_time": later, "reason": reason, "state": "QUEUED"}
    parts.store.not_delivered(message["_id"], change)
    return Try.FAILED


def _park(parts: Parts, message: Entry, reason: str) -> Try:
    """The message stays, with the reason, and its case says that a human must look."""
    DELIVERED.labels("parked").inc()
    change = {"attempts": message["attempts"] + 1, "reason": reason, "state": "PARKED", "next_attempt_time": None}
    parts.store.not_delivered(message["_id"], change)

    def parked(case: HandoffCase, _now: datetime) -> list[Any]:
        case.parked, case.version = True, case.version + 1
        return []

    follow(parts, message["handoff_case_id"], parked, SYSTEM)
    return Try.LEFT


def retry_message(parts: Parts, message_id: str) -> Entry:
    """A human sends a parked or waiting message now. Raises MessageNotFound."""
    found = parts.store.message(message_id)
    if found is None or found["direction"] != "OUT":
        raise MessageNotFound("no message of ours has this id", metadata={"message_id": message_id[:64]})
    if found["state"] != "DELIVERED":
        now = parts.clock.now()
        change = {
            "state": "QUEUED", "attempts": 0, "next_attempt_time": now, "queued_time": now, "reason": found["reason"]
        }  # fmt: skip
        parts.store.not_delivered(message_id, change)
    return parts.store.message(message_id) or found


def _read_receipt(parts: Parts, message: Entry, data: bytes, answer: Answer) -> tuple[Receipt, str]:
    """The receipt in an answer. Raises ReceiptForged unless this partner signed it for these very bytes, for a time between our
    making the message and now."""
    try:
        text = strict_json.loads(answer.body)["receipt"]
        receipt = read_receipt(text, parts.partners.get(message["partner_region"]).keys)
    except (Failure, KeyError, TypeError) as error:
        raise ReceiptForged("RECEIPT_UNREADABLE") from error
    if not receipt.acknowledges(read_message(data, MESSAGE_LIMIT), message["sha256"]):
        raise ReceiptForged("RECEIPT_OF_ANOTHER_MESSAGE")
    at = receipt.received_time  # the clocks of the case run from it
    if at.tzinfo is None or not message["created_time"] - AHEAD <= at <= parts.clock.now() + AHEAD:
        raise ReceiptForged("RECEIPT_TIME")
    return receipt, text


def read_receipt(text: Any, keys: Mapping[str, Ed25519PublicKey]) -> Receipt:
    """A receipt that one of these keys signed. Raises ReceiptForged. The algorithm is ours, never the header's."""
    if not isinstance(text, str) or len(text) > 4096:
        raise ReceiptForged("RECEIPT_UNREADABLE")
    for key in keys.values():
        try:
            found = jws.deserialize_compact(text, OKPKey.import_key(key), algorithms=["Ed25519"])
            header = found.headers()
            if header.get("typ") == RECEIPT_TYPE and header.get("kid") == key_id_of(key):
                return msgspec.json.decode(found.payload or b"", type=Receipt)
        except (JoseError, ValueError, TypeError, msgspec.MsgspecError):
            continue
    raise ReceiptForged("RECEIPT_SIGNATURE")


def _problem(answer: Answer) -> tuple[str, int]:
    """Reason of a refusal, and the place from which the partner wants the case's messages."""
    try:
        content = strict_json.loads(answer.body)
        reason = str(content.get("code", ""))[:60]
        expected = str(content.get("expected_sequence", ""))
    except (Failure, AttributeError):
        reason, expected = "", ""
    number = int(expected) if expected.isascii() and expected.isdigit() and len(expected) < 6 else 0
    return reason or f"HTTP_{answer.status}", number
