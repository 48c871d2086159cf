"""Messages between regions, their receipts, and when a message that was not delivered is tried again.

A message is the bytes that were stored when it was made: every try sends the same bytes under a fresh signature. The receipt
is signed by whoever received it and names the digest of those bytes; a duplicate is answered with the very same receipt.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

import msgspec

from shared import strict_json
from shared.failures import InvalidArgument, Violation

# Waits between tries (AS4 reception awareness, spread over 75 h 35 min): a partner that is down for three days loses
# nothing; after the last one a human is asked.
RETRY_WAITS = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)
GIVE_UP = sum(RETRY_WAITS, timedelta())
JITTER = 0.1
RECEIPT_TYPE = "tongban-receipt+jws"
# As many codes as whoever reads a message takes, and how long one may be.
MOST_CODES, LONGEST_CODE = 200, 100
# Keys that what a message carries may have together: a message has 10 000 at most, and some are its own.
MOST_KEYS = 9_900


class MessageType(StrEnum):
    """What a message says. The first group goes to the deciding region, the second comes from it."""

    CASE_FORWARDED = "CASE_FORWARDED"
    MATERIALS_SUPPLEMENTED = "MATERIALS_SUPPLEMENTED"
    CASE_WITHDRAWN = "CASE_WITHDRAWN"
    RESULT_DELIVERED = "RESULT_DELIVERED"
    CASE_ACKNOWLEDGED = "CASE_ACKNOWLEDGED"
    MATERIALS_NEEDED = "MATERIALS_NEEDED"
    CASE_ACCEPTED = "CASE_ACCEPTED"
    CASE_DECIDED = "CASE_DECIDED"
    RESULT_SENT = "RESULT_SENT"


FROM_DECIDING = frozenset(
    {
        MessageType.CASE_ACKNOWLEDGED, MessageType.MATERIALS_NEEDED, MessageType.CASE_ACCEPTED,
        MessageType.CASE_DECIDED, MessageType.RESULT_SENT,
    }
)  # fmt: skip


class MessageUnreadable(InvalidArgument):
    """The message is not of the agreed form."""


_Region = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{6}$")]
_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


class Message(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One message as it travels. `sequence` counts, from 1, the messages of a case in one direction."""

    message_id: _Id
    type: MessageType
    handoff_case_id: _Id
    sequence: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    from_region: _Region
    to_region: _Region
    agreement_id: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    agreement_version: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    created_time: datetime
    body: dict[str, Any]

    def encoded(self) -> bytes:
        """The bytes that are stored, sent and digested."""
        return strict_json.dumps(msgspec.to_builtins(self))


class Receipt(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What the receiver signs: that it has stored these very bytes."""

    receipt_id: _Id
    message_id: _Id
    message_sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
    handoff_case_id: _Id
    sequence: int
    from_region: _Region
    to_region: _Region
    received_time: datetime

    def acknowledges(self, message: Message, sha256: str) -> bool:
        """Whether this is the receipt of this message."""
        mine = (self.message_id, self.handoff_case_id, self.sequence, self.from_region, self.to_region)
        asked = (message.message_id, message.handoff_case_id, message.sequence, message.from_region, message.to_region)
        return mine == asked and self.message_sha256 == sha256


def read_message(data: bytes, limit: int) -> Message:
    """Parse strictly: no duplicate keys, no unknown fields, no other shapes. Raises MessageUnreadable, MalformedJson."""
    try:
        message = msgspec.convert(strict_json.loads(data, max_bytes=limit), Message)
    except msgspec.ValidationError as error:
        where = str(error).rpartition("`$")[2].strip("`.") or "message"
        violation = Violation(where[:80], "is not of the agreed form", "MESSAGE_FORM")
        raise MessageUnreadable(f"{where[:80]} is not of the agreed form", violations=(violation,)) from None
    if message.created_time.tzinfo is None:
        raise MessageUnreadable("created_time has no offset")
    return message


def check_carried(application: Mapping[str, Any]) -> None:
    """Raise MalformedJson for an application that no message can carry: the other region would refuse the message, whatever it
    says, and the case would never move. It is nested as deep, or has as many keys, as only a body of its own may; or a number
    with more digits than anybody reads, which our own door takes as a fraction."""
    strict_json.loads(strict_json.dumps({"body": {"application": application}}), max_keys=MOST_KEYS)


def told_codes(codes: Iterable[str]) -> list[str]:
    """Codes as a message carries them, each once: a form may have the same gap for two hundred investors."""
    return list(dict.fromkeys(codes))[:MOST_CODES]


def digest(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def next_attempt(attempts: int, queued: datetime, now: datetime, chance: random.Random) -> datetime | None:
    """When a message that failed `attempts` times is tried again; None: a human decides.

    Time ends the tries, not their number: a partner that shows itself is tried early, also when it then fails (found by
    chaos: ten failures within seconds had parked a message).
    """
    if now - queued >= GIVE_UP:
        return None
    wait = RETRY_WAITS[min(max(0, attempts - 1), len(RETRY_WAITS) - 1)]
    return now + wait * (1 + JITTER * chance.uniform(-1, 1))


def text_of(body: Mapping[str, Any], name: str, largest: int = 200) -> str:
    """A text of a message's body. Raises MessageUnreadable naming the field."""
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > largest:
        violation = Violation(f"body.{name}", "is not of the agreed form", "MESSAGE_FORM")
        raise MessageUnreadable(f"body.{name} is not of the agreed form", violations=(violation,))
    return value


def codes_of(body: Mapping[str, Any], name: str) -> list[str]:
    """A list of codes of a message's body. Raises MessageUnreadable naming the field."""
    value = body.get(name, [])
    if (
        not isinstance(value, list) or len(value) > MOST_CODES
        or not all(isinstance(code, str) and len(code) <= LONGEST_CODE for code in value)
    ):  # fmt: skip
        violation = Violation(f"body.{name}", "is not of the agreed form", "MESSAGE_FORM")
        raise MessageUnreadable(f"body.{name} is not of the agreed form", violations=(violation,))
    return value
