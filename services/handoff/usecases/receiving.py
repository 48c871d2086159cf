"""A message of a partner region comes in: judged, stored with its receipt and its effect in one transaction, receipted.

A duplicate is answered with the stored receipt, byte for byte. What is refused gets no receipt and is noted; a retry of it is
judged anew, so a receipt never stands for a message that was not stored.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from joserfc import jws
from joserfc.jwk import OKPKey
from prometheus_client import Counter

from services.handoff.domain.agreement import RECEIVE, Agreement, AgreementNotInForce, UnknownAgreement
from services.handoff.domain.case import HandoffCase, NotDecidingRegion, Side, StaleVersion, State, take_case
from services.handoff.domain.ledger import RECEIVED
from services.handoff.domain.message import (
    FROM_DECIDING,
    RECEIPT_TYPE,
    Message,
    MessageType,
    MessageUnreadable,
    Receipt,
    codes_of,
    digest,
    read_message,
    text_of,
)
from services.handoff.usecases.context import Entry, Parts
from services.handoff.usecases.moves import TRIES, ledger_entry, message_document, store_move
from shared.clock import end_of_local_day
from shared.commands import KeyTaken
from shared.events import Cause
from shared.failures import Aborted, FailedPrecondition, Failure, PermissionDenied, Unavailable
from shared.ids import new_id
from shared.message_keys import MessageKey

MESSAGE_LIMIT = 2 * 1024 * 1024
# How far a partner's clock may be ahead of ours in what it says of its own moves.
AHEAD = timedelta(seconds=300)
MESSAGES = Counter(
    "tongban_handoff_message_received_total", "Messages of partners by what became of them.", ["outcome"]
)


class WrongParty(PermissionDenied):
    """The message is not of the region whose key signed it, not for this region, or not of a party to the case."""


class MessageIdReused(FailedPrecondition):
    """This id came before with other bytes."""


class SequenceUsed(FailedPrecondition):
    """Another message stands at this place of the case."""


class ReceiptPending(Unavailable):
    """The receipt of our own first message is not stored yet, and the case does not move before it is."""


class SequenceGap(Aborted):
    """Messages before this one have not come; send from `expected_sequence` on."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A body with the proof of who signed the request that carried it."""

    region: str
    key_id: str
    body: bytes
    signature_input: str = ""
    signature: str = ""
    traceparent: str = ""


def receive_message(parts: Parts, signed: Signed) -> tuple[str, bool]:
    """The receipt of a message, and whether it came before. Raises WrongParty, NotDecidingRegion, SequenceGap, …"""
    try:
        receipt, repeated = _receive(parts, signed)
    except (Unavailable, Aborted):
        MESSAGES.labels("later").inc()
        raise
    except Failure as failure:
        MESSAGES.labels("refused").inc()
        parts.store.log_refusal(
            {"_id": new_id("ref"), "time": parts.clock.now(), "partner_region": signed.region, "key_id": signed.key_id,
             "reason": failure.reason, "message_sha256": digest(signed.body)}
        )  # fmt: skip
        raise
    MESSAGES.labels("repeated" if repeated else "stored").inc()
    parts.store.wake(signed.region, parts.clock.now())  # the partner is there: what waits for it need not wait on
    return receipt, repeated


def _receive(parts: Parts, signed: Signed) -> tuple[str, bool]:
    parts.outbox.check_capacity()
    message = read_message(signed.body, MESSAGE_LIMIT)
    if message.from_region != signed.region or message.to_region != parts.region:
        raise WrongParty("the message is not of the region that signed it, or not for this one")
    if message.created_time > parts.clock.now() + AHEAD:
        raise MessageUnreadable("created_time lies in the future", reason="MESSAGE_TIME")
    agreement = _agreement(parts, message)
    for _ in range(TRIES):
        known = parts.store.message(message.message_id)
        if known is not None:
            return _receipt_again(known, signed), True
        try:
            return _store(parts, signed, message, agreement), False
        except (StaleVersion, KeyTaken):
            continue  # the case moved, or the same message came twice at once
        except SequenceUsed:
            # its place is taken: by itself, when the same message came twice at once, and then it gets its receipt
            if parts.store.message(message.message_id) is None:
                raise
    raise Aborted("the case keeps changing")


def _receipt_again(known: Entry, signed: Signed) -> str:
    if known["direction"] != "IN" or known["sha256"] != digest(signed.body) or known["partner_region"] != signed.region:
        raise MessageIdReused("this message id came before with other content")
    return str(known["receipt"])


def _agreement(parts: Parts, message: Message) -> Agreement:
    try:
        found = parts.agreements.version(message.agreement_id, message.agreement_version)
    except UnknownAgreement:
        raise AgreementNotInForce("no such version of an agreement is known here", reason="AGREEMENT_UNKNOWN") from None
    if set(found.parties) != {message.from_region, message.to_region}:
        raise WrongParty("the agreement is not between these regions")
    if found.is_suspended(parts.clock.now()):
        raise AgreementNotInForce("the agreement is suspended", reason="AGREEMENT_SUSPENDED")
    return found


def _store(parts: Parts, signed: Signed, message: Message, agreement: Agreement) -> str:
    document, now = parts.store.find(message.handoff_case_id), parts.clock.now()
    case = parts.case_of(document) if document else None
    if case is not None and message.from_region != case.partner:
        raise WrongParty("the region is no party to this case")
    _check_place(case.received if case else 0, message)
    more: Entry = {}
    if case is None or document is None:
        case, events, more = _new_case(parts, message, agreement, now)
        expected = 0
    else:
        if case.side is Side.ACCEPTING and case.state is State.RECEIVED:
            raise ReceiptPending("our receipt is not stored yet; send again")
        events, expected = _apply(case, message), document["version"]
    case.received = message.sequence
    if case.version == expected:
        case.version += 1
    receipt = sign_receipt(parts.key, message, digest(signed.body), now)
    stored = message_document(parts, message, signed.body, "IN", now) | {
        "state": "RECEIVED", "receipt": receipt, "receipt_time": now,
        "evidence": {"key_id": signed.key_id, "input": signed.signature_input, "signature": signed.signature},
    }  # fmt: skip
    cause = Cause(f"region:{message.from_region}", message.handoff_case_id, message.message_id, signed.traceparent)
    entry = ledger_entry(stored, RECEIVED, receipt, now, parts.region)
    store_move(parts, case, expected, events, now, cause, ledger=[entry], more=more, messages_in=[stored])
    return receipt


def _check_place(received: int, message: Message) -> None:
    if message.sequence <= received:
        raise SequenceUsed("another message stands at this place of the case")
    if message.sequence > received + 1:
        raise SequenceGap(
            f"the case waits for message {received + 1}", metadata={"expected_sequence": str(received + 1)}
        )


def _new_case(
    parts: Parts, message: Message, agreement: Agreement, now: datetime
) -> tuple[HandoffCase, list[Any], Entry]:
    """A case that a partner region hands over: what the agreement says is checked again here, for the time at which the
    window received it (a case that waited for us while the agreement ran out is still taken)."""
    if message.type is not MessageType.CASE_FORWARDED:
        raise SequenceGap("the case is not known here", metadata={"expected_sequence": "1"})
    body = message.body
    received_time = _time(text_of(body, "received_time"))
    if received_time > now + AHEAD:
        raise MessageUnreadable("body.received_time lies in the future", reason="MESSAGE_TIME")
    name, unit, mode = (text_of(body, key, 60) for key in ("item", "unit_code", "mode"))
    if not agreement.in_force(received_time):
        raise AgreementNotInForce("the agreement was not in force when the window received the case")
    item = agreement.item(name, parts.region, mode)
    right = agreement.authorisation(name, parts.region, unit, RECEIVE, received_time)
    application = body.get("application")
    if not isinstance(application, dict) or body.get("consent") is not True:
        raise MessageUnreadable("body.application and body.consent must be there")
    case = HandoffCase(
        handoff_case_id=message.handoff_case_id, side=Side.DECIDING, state=State.RECEIVED, version=1, item=item.item,
        item_code=item.codes[parts.region], target=item.target, mode=mode, accepting_region=message.from_region,
        deciding_region=parts.region, agreement_id=agreement.agreement_id, agreement_version=agreement.version,
        authorisation_id=right.authorisation_id, unit_code=unit, client_id=f"region-{message.from_region}",
        received_time=received_time, since_time=now,
    )  # fmt: skip
    content = msgspec.json.encode({"item_code": case.item_code, "application": application})
    return case, take_case(case, now), {"content": parts.sealer.seal(content, case.handoff_case_id)}


def _apply(case: HandoffCase, message: Message) -> list[Any]:
    """What a message does to the case. The power to decide never moves: T32."""
    decides = message.type in FROM_DECIDING
    if decides != (message.from_region == case.deciding_region):
        raise NotDecidingRegion("only the deciding region writes decisions, and it writes nothing else")
    if (message.agreement_id, message.agreement_version) != (case.agreement_id, case.agreement_version):
        raise WrongParty("the case runs under another version of the agreement", reason="AGREEMENT_MISMATCH")
    if message.type is MessageType.CASE_FORWARDED:
        raise SequenceUsed("the case is here already")
    return list(_EFFECTS[message.type](case, message.body, message.created_time))


Effect = Callable[[HandoffCase, Mapping[str, Any], datetime], Sequence[Any]]
_EFFECTS: dict[MessageType, Effect] = {
    MessageType.MATERIALS_SUPPLEMENTED: lambda c, b, at: c.supplement(codes_of(b, "materials"), at),
    MessageType.CASE_WITHDRAWN: lambda c, b, at: c.withdraw(at),
    MessageType.RESULT_DELIVERED: lambda c, b, at: c.deliver(at),
    MessageType.CASE_ACKNOWLEDGED: lambda c, b, at: c.acknowledge(text_of(b, "local_case_id", 64), at),
    MessageType.MATERIALS_NEEDED: lambda c, b, at: c.need_more(codes_of(b, "gap_codes"), at),
    MessageType.CASE_ACCEPTED: lambda c, b, at: c.accept(_day(text_of(b, "due_date", 10)), at),
    MessageType.CASE_DECIDED: lambda c, b, at: c.decide(text_of(b, "outcome", 20), codes_of(b, "reason_codes"), at),
    MessageType.RESULT_SENT: lambda c, b, at: _result(c, b, at),
}


def _result(case: HandoffCase, body: Mapping[str, Any], at: datetime) -> Sequence[Any]:
    sha256 = text_of(body, "file_sha256", 64)
    try:
        content = base64.b64decode(text_of(body, "file_base64", MESSAGE_LIMIT), validate=True)
    except binascii.Error:
        content = b""
    if not content or hashlib.sha256(content).hexdigest() != sha256:
        raise MessageUnreadable("body.file_base64 is not the file of body.file_sha256", reason="FILE_DIGEST")
    identifier = text_of(body, "certificate_identifier")
    return case.send_result(text_of(body, "certificate_id", 64), identifier, sha256, "", at)


def sign_receipt(key: MessageKey, message: Message, sha256: str, now: datetime) -> str:
    """The receipt as a JWS: header, content and signature in one text."""
    receipt = Receipt(
        receipt_id=new_id("rcp"), message_id=message.message_id, message_sha256=sha256,
        handoff_case_id=message.handoff_case_id, sequence=message.sequence, from_region=message.from_region,
        to_region=message.to_region, received_time=now,
    )  # fmt: skip
    header = {"alg": "Ed25519", "typ": RECEIPT_TYPE, "kid": key.key_id}
    return jws.serialize_compact(
        header, msgspec.json.encode(receipt), OKPKey.import_key(key.private), algorithms=["Ed25519"]
    )


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise MessageUnreadable("body.received_time is no instant") from None
    if found.tzinfo is None:
        raise MessageUnreadable("body.received_time is no instant with offset")
    return found


def _day(text: str) -> str:
    """The day as it is kept: one that no clock can end on would be found when the case is looked at, and never after."""
    if text:
        try:
            day = date.fromisoformat(text)
            end_of_local_day(day)
        except (ValueError, OverflowError):
            raise MessageUnreadable("body.due_date is no date") from None
        if day.isoformat() != text:
            raise MessageUnreadable("body.due_date is not written as YYYY-MM-DD")
    return text
