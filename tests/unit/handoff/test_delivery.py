"""What a partner answers is its own word: whatever it is, it breaks no delivery, and never that of another partner."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from services.handoff.domain.message import Message, MessageType, digest
from services.handoff.usecases import delivery
from services.handoff.usecases.context import Answer
from services.handoff.usecases.delivery import ReceiptForged, Try, deliver_due
from services.handoff.usecases.receiving import sign_receipt
from shared.clock import FixedClock
from shared.message_keys import read_message_key
from tests.unit.handoff.test_case_and_ledger import START

NOW = START + timedelta(hours=1)
MESSAGE = Message("msg_1", MessageType.CASE_WITHDRAWN, "hof_1", 1, "320411", "440305", "xinbei-nanshan", 1, START, {})


def read(folder: Path, at: datetime) -> datetime:
    """The time of a receipt that the partner signed, once it is taken."""
    key, data = read_message_key(folder), MESSAGE.encoded()
    text = sign_receipt(key, MESSAGE, digest(data), at)
    partner = SimpleNamespace(keys={key.key_id: key.private.public_key()})
    parts: Any = SimpleNamespace(clock=FixedClock(NOW), partners=SimpleNamespace(get=lambda _: partner))
    stored = {"partner_region": "440305", "sha256": digest(data), "created_time": START}
    receipt, _ = delivery._read_receipt(parts, stored, data, Answer(200, json.dumps({"receipt": text}).encode()))
    return receipt.received_time


@pytest.mark.parametrize("at", [START, NOW, NOW + timedelta(minutes=5), START - timedelta(minutes=5)])
def test_a_receipt_is_of_a_time_between_the_message_and_now(tmp_path: Path, at: datetime) -> None:
    assert read(tmp_path, at) == at


@pytest.mark.parametrize(
    "at",
    [
        NOW.replace(tzinfo=None), NOW + timedelta(days=1), START - timedelta(days=1), datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
    ],
)  # fmt: skip
def test_one_of_another_time_is_none_and_the_case_never_counts_from_it(tmp_path: Path, at: datetime) -> None:
    with pytest.raises(ReceiptForged, match="RECEIPT_TIME"):
        read(tmp_path, at)


@pytest.mark.parametrize(
    "body", [b"[]", b"7", b'{"code": 7}', '{"expected_sequence": "²"}'.encode(), b'{"expected_sequence": []}']
)
def test_a_refusal_in_any_shape_is_read(body: bytes) -> None:
    assert delivery._problem(Answer(409, body))[1] == 0
    gap = b'{"code": "SEQUENCE_GAP", "expected_sequence": "3"}'
    assert delivery._problem(Answer(409, gap)) == ("SEQUENCE_GAP", 3)


def test_a_message_that_breaks_keeps_no_other_partner_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def deliver(_parts: Any, message_id: str, early: bool = False) -> Try:
        tried.append(message_id)
        if message_id == "msg_broken":
            raise TypeError
        return Try.RECEIPTED

    monkeypatch.setattr(delivery, "deliver_case", deliver)
    due = [("msg_broken", "440305"), ("msg_behind", "440305"), ("msg_good", "440103")]
    store = SimpleNamespace(due_messages=lambda *_: due, next_waiting=lambda *_: "")
    partners = SimpleNamespace(all=lambda: {"440305": None, "440103": None})
    parts: Any = SimpleNamespace(store=store, partners=partners, clock=FixedClock(NOW))
    assert deliver_due(parts) == 2
    assert tried == ["msg_broken", "msg_good"], "the silent one is asked once a round"
