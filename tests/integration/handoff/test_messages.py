"""What is refused, and that nothing of it is stored: wrong parties, decisions by the wrong side (T32), gaps, forged receipts."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from services.handoff.domain.agreement import AgreementNotInForce, ItemNotAgreed, NotAuthorised
from services.handoff.domain.case import NotDecidingRegion, WrongState
from services.handoff.domain.message import Message, MessageType
from services.handoff.usecases import delivery, facts, receiving, window
from services.handoff.usecases.context import Answer, Move
from shared.commands import Command, IdempotencyKeyReused
from shared.failures import Failure, InvalidArgument
from tests.integration.handoff.two_sides import APPLICATION, CAUSE, FILE, HERE, THERE, Side, TwoSides


def message(sides: TwoSides, case_id: str, kind: MessageType, sequence: int, **change: Any) -> bytes:
    """A message from here to there, as a program that does not keep the rules would write it."""
    fields: dict[str, Any] = {
        "message_id": f"msg_{kind}_{sequence}", "type": kind, "handoff_case_id": case_id, "sequence": sequence,
        "from_region": HERE, "to_region": THERE, "agreement_id": "xinbei-nanshan", "agreement_version": 1,
        "created_time": sides.clock.now(), "body": {},
    }  # fmt: skip
    return Message(**fields | change).encoded()


def give(side: Side, body: bytes, region: str = HERE) -> str:
    return receiving.receive_message(side.parts, receiving.Signed(region, "key", body))[0]


def test_3_05_the_receipt_of_acceptance_names_both_regions_and_the_right_under_which_the_clerk_acts(
    sides: TwoSides,
) -> None:
    case_id = sides.open()
    sides.settle()
    for side in (sides.here, sides.there):
        document = side.store.find(case_id)
        assert document is not None
        assert (document["accepting_region"], document["deciding_region"]) == (HERE, THERE)
        assert document["authorisation_id"] == "auth-440305-320411-2024"
        assert document["state"] == "FORWARDED"
    told = facts.case_content(sides.there.parts, [case_id], "RECEIVE_PERMIT_CASE", "permits")
    assert told[0]["application"] == APPLICATION
    assert sides.there.store.disclosures.count_documents({"asked_by": "permits"}) == 1


def test_T32_the_accepting_region_writes_a_decision_and_is_refused_and_noted(sides: TwoSides) -> None:
    case_id = sides.open()
    sides.settle()
    for kind in (MessageType.CASE_DECIDED, MessageType.CASE_ACCEPTED, MessageType.RESULT_SENT):
        with pytest.raises(NotDecidingRegion):
            give(sides.there, message(sides, case_id, kind, 2, body={"outcome": "GRANTED"}))
    document = sides.there.store.find(case_id)
    assert document is not None
    assert (document["state"], document["outcome"], document["received"]) == ("FORWARDED", "", 1)
    noted = list(sides.there.store.refusals.find({"partner_region": HERE}))
    assert [entry["reason"] for entry in noted] == ["NOT_DECIDING_REGION"] * 3
    assert len(sides.there.ledger()) == 1


@pytest.mark.parametrize(
    ("change", "region", "reason"),
    [
        ({"from_region": "440103"}, HERE, "WRONG_PARTY"),
        ({}, "440103", "WRONG_PARTY"),
        ({"to_region": "440103"}, HERE, "WRONG_PARTY"),
        ({"agreement_id": "another"}, HERE, "AGREEMENT_UNKNOWN"),
        ({"agreement_version": 9}, HERE, "AGREEMENT_UNKNOWN"),
        ({"sequence": 1}, HERE, "SEQUENCE_USED"),
        ({"sequence": 3}, HERE, "SEQUENCE_GAP"),
        ({"handoff_case_id": "hof_none"}, HERE, "SEQUENCE_GAP"),
    ],
)
def test_a_message_of_a_wrong_party_or_out_of_place_stores_nothing(
    sides: TwoSides, change: dict[str, Any], region: str, reason: str
) -> None:
    case_id = sides.open()
    sides.settle()
    before = (sides.there.ledger(), sides.there.messages(), list(sides.there.store.cases.find()))
    with pytest.raises(Failure) as refused:
        give(
            sides.there,
            message(sides, case_id, MessageType.CASE_WITHDRAWN, change.pop("sequence", 2), **change),
            region,
        )
    assert refused.value.reason == reason
    assert before == (sides.there.ledger(), sides.there.messages(), list(sides.there.store.cases.find()))


def test_a_message_a_hundred_times_has_one_effect_and_one_receipt(sides: TwoSides) -> None:
    case_id = sides.open()
    sides.settle()
    body = message(sides, case_id, MessageType.CASE_WITHDRAWN, 2)
    receipts = {give(sides.there, body) for _ in range(100)}
    assert len(receipts) == 1
    assert len([e for e in sides.there.ledger() if e["message_type"] == "CASE_WITHDRAWN"]) == 1
    with pytest.raises(receiving.MessageIdReused):
        give(sides.there, message(sides, case_id, MessageType.CASE_WITHDRAWN, 2, body={"x": "y"}))


def test_a_failed_message_gets_the_same_failure_again_and_never_a_receipt(sides: TwoSides) -> None:
    case_id = sides.open()
    sides.settle()
    sides.fact(lambda p: facts.decided(p, case_id, "e1", CAUSE, "GRANTED", []))
    body = message(
        sides, case_id, MessageType.RESULT_SENT, 1, from_region=THERE, to_region=HERE,
        body={"file_sha256": FILE["file_sha256"], "file_base64": "b3RoZXI="},
    )  # fmt: skip
    for _ in range(3):
        with pytest.raises(receiving.MessageUnreadable) as refused:
            give(sides.here, body, THERE)
        assert refused.value.reason == "FILE_DIGEST"
    assert sides.here.messages(direction="IN") == []


@pytest.mark.parametrize("forged", ["of another message", "by another key", "empty", "of other bytes"])
def test_a_receipt_that_does_not_hold_is_none(sides: TwoSides, forged: str) -> None:
    case_id = sides.open()
    [mine] = sides.here.messages(direction="OUT")
    data = sides.here.parts.sealer.open(bytes(mine["sealed"]), mine["_id"])
    good = receiving.read_message(data, 10_000)
    key = sides.there.key if forged != "by another key" else sides.here.key
    if forged == "of another message":
        good = Message(**{f: getattr(good, f) for f in good.__struct_fields__} | {"message_id": "msg_other"})
    sha = mine["sha256"] if forged != "of other bytes" else "0" * 64
    receipt = "" if forged == "empty" else receiving.sign_receipt(key, good, sha, sides.clock.now())

    class Liar:
        def post(self, region: str, message_id: str, body: bytes) -> Answer:
            return Answer(200, json.dumps({"receipt": receipt}).encode())

    sides.here.restart(Liar())
    assert delivery.deliver_case(sides.here.parts, mine["_id"]) is delivery.Try.FAILED
    document = sides.here.store.find(case_id)
    assert document is not None
    assert document["state"] == "RECEIVED"
    [after] = sides.here.messages(direction="OUT")
    assert (after["state"], after["receipt"]) == ("QUEUED", "")
    assert after["reason"].startswith("RECEIPT_")


def test_a_refused_message_is_parked_its_case_says_so_and_a_human_sends_it_again(sides: TwoSides) -> None:
    there = next(a for a in sides.there.raw["agreements"] if a["agreement_id"] == "xinbei-nanshan")
    there["versions"][0]["suspended"] = [
        {"from": sides.clock.now() + timedelta(seconds=1), "to": sides.clock.now() + timedelta(days=1)}
    ]
    sides.there.restart(sides.wires[1])
    case_id = sides.open()
    sides.clock.advance(timedelta(seconds=2))
    sides.here.deliver()
    [mine] = sides.here.messages(direction="OUT")
    assert (mine["state"], mine["reason"]) == ("PARKED", "AGREEMENT_SUSPENDED")
    document = sides.here.store.find(case_id)
    assert document is not None
    assert document["standing"]["flag"] == "MESSAGE_PARKED"
    assert document["standing"]["escalated"]
    sides.clock.advance(timedelta(days=1))
    delivery.retry_message(sides.here.parts, mine["_id"])
    sides.settle()
    sides.judge([case_id])
    document = sides.here.store.find(case_id)
    assert document is not None
    assert document["standing"]["flag"] == ""


def test_a_partner_that_lost_its_store_is_sent_the_case_again_from_the_gap(sides: TwoSides) -> None:
    case_id = sides.open()
    sides.settle()
    for name in ("cases", "messages", "ledger", "counters", "feed"):
        sides.there.store.client[sides.there.store.database][name].delete_many({})
    sides.step(case_id, "k2", lambda case, now: case.withdraw(now))
    sides.settle()
    document = sides.there.store.find(case_id)
    assert document is not None
    assert (document["state"], document["received"]) == ("WITHDRAWN", 2)


def test_T30_a_case_runs_on_under_its_version_after_its_item_left_the_list(sides: TwoSides) -> None:
    case_id = sides.open()
    for side, wire in zip((sides.here, sides.there), sides.wires, strict=True):
        versions = next(a for a in side.raw["agreements"] if a["agreement_id"] == "xinbei-nanshan")["versions"]
        tomorrow = sides.clock.today() + timedelta(days=1)
        new = versions[0] | {"version": 2, "valid_from": tomorrow, "items": versions[0]["items"][:1]}
        versions[0]["valid_to"] = sides.clock.today()
        versions.append(new)
        side.restart(wire)
    sides.clock.advance(timedelta(days=1))
    with pytest.raises(ItemNotAgreed):
        sides.open("k9")
    sides.settle()
    sides.fact(lambda p: facts.on_books(p, case_id, "e1", CAUSE, "pmc_1"))
    sides.settle()
    sides.judge([case_id])
    document = sides.here.store.find(case_id)
    assert document is not None
    assert (document["state"], document["agreement_version"]) == ("ACKNOWLEDGED", 1)


def test_3_01_nothing_begins_without_agreement_item_direction_mode_and_right(sides: TwoSides) -> None:
    for change, failure in (
        ({"deciding_region": "110105"}, AgreementNotInForce), ({"item": "tobacco_permit"}, ItemNotAgreed),
        ({"item": "catering_permit", "mode": "FULLY_ONLINE"}, ItemNotAgreed),
        ({"unit_code": "320411-market"}, NotAuthorised), ({"deciding_region": HERE}, InvalidArgument),
    ):  # fmt: skip
        with pytest.raises(failure):
            sides.open("k1", **change)
    assert sides.here.store.cases.count_documents({}) == 0
    assert sides.here.messages() == []


def test_the_window_names_every_gap_of_the_form_and_the_missing_consent_at_once(sides: TwoSides) -> None:
    with pytest.raises(InvalidArgument) as refused:
        sides.open("k1", application={"content": {}}, consent=False)
    assert [v.field for v in refused.value.violations] == [
        "application.holder_code", "application.content.applicant_name", "application.content.premises", "consent"]  # fmt: skip


def test_the_same_command_opens_one_case_and_another_content_under_its_key_is_refused(sides: TwoSides) -> None:
    assert sides.open("k1") == sides.open("k1")
    assert sides.here.store.cases.count_documents({}) == 1
    with pytest.raises(IdempotencyKeyReused):
        opening = window.Opening(
            "food_sales_permit", THERE, "320411-window", "COLLECT_ELSEWHERE", "IN_PERSON", True, APPLICATION
        )
        window.open_handoff(sides.here.parts, Command("window", "k1", b"other"), opening)


def test_a_result_is_shown_only_when_it_is_there_and_its_reading_is_noted(sides: TwoSides) -> None:
    case_id = sides.open()
    with pytest.raises(WrongState):
        window.result_file(sides.here.parts, case_id, "window")
    sides.settle()
    sides.fact(lambda p: facts.result(p, case_id, "e1", CAUSE, FILE))
    sides.settle()
    pdf, case = window.result_file(sides.here.parts, case_id, "window")
    assert pdf == b"a certificate"
    assert case.state == "RESULT_SENT"
    assert sides.here.store.disclosures.count_documents({"asked_by": "window"}) == 1


def test_no_name_of_the_applicant_stands_in_the_store_in_the_clear(sides: TwoSides) -> None:
    case_id = sides.whole_matter()
    for side in (sides.here, sides.there):
        for name in ("cases", "messages", "ledger"):
            for document in side.store.client[side.store.database][name].find():
                assert "云帆" not in repr(document).encode().decode("unicode_escape", "ignore")
                assert "云帆".encode() not in repr(document).encode()
    assert case_id


def test_the_same_message_at_once_is_stored_once_and_both_get_its_receipt(sides: TwoSides) -> None:
    case_id = sides.open()
    sides.settle()
    body = message(sides, case_id, MessageType.CASE_WITHDRAWN, 2)
    with ThreadPoolExecutor(8) as pool:
        receipts = set(pool.map(lambda _: give(sides.there, body), range(16)))
    assert len(receipts) == 1
    assert sides.there.store.verify_ledger()[:2] == (2, 0)


def test_many_cases_at_once_keep_the_ledger_whole_and_the_feed_without_gaps(sides: TwoSides) -> None:
    with ThreadPoolExecutor(8) as pool:
        case_ids = list(pool.map(lambda n: sides.open(f"k{n}"), range(24)))
    sides.settle()
    sides.judge(case_ids)
    places = [entry["_id"] for entry in sides.there.store.list_feed(HERE, 0, 500)]
    assert places == list(range(1, len(case_ids) + 1))
    moves = sides.here.store.list_feed(THERE, 0, 500)
    assert {entry["data"]["state"] for entry in moves} == {"FORWARDED"}


def test_of_moves_written_together_each_gets_its_own_verdict_and_the_chain_holds(sides: TwoSides) -> None:
    """A group in which one move is stale and one case is there already: both alone fail, the others are stored."""
    first, second = sides.open("k1"), sides.open("k2")
    store = sides.here.store

    def move(case_id: str, expected: int, **change: Any) -> Move:
        document = {k: v for k, v in store.find(case_id).items() if k not in ("timeline", "pending", "commands")}  # type: ignore[union-attr]
        entry = store.ledger.find_one({"handoff_case_id": first}) or {}
        fields = {
            k: v for k, v in entry.items() if k not in ("_id", "position", "previous_hash", "hash", "partner_region")
        }
        return Move(document | {"version": expected + 1} | change, expected, [], ledger=[fields])

    before = store.ledger.estimated_document_count()
    group = [move(first, 1), move(second, 7), move(first, 0), move(second, 1), move(first, 0, _id="hof_new")]
    outcomes = store._moves._write(group)

    assert [type(outcome).__name__ for outcome in outcomes] == [
        "NoneType",
        "StaleVersion",
        "KeyTaken",
        "NoneType",
        "NoneType",
    ]
    assert store.ledger.estimated_document_count() == before + 3
    assert store.verify_ledger()[1] == 0
    assert {c["_id"]: c["version"] for c in store.cases.find()} == {first: 2, second: 2, "hof_new": 1}
