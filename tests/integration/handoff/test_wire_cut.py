"""The wire cut at each step of the protocol, a process killed at each transaction, a partner away for days (3-07, T31): in
the end both ledgers agree, each case exists once, and no receipt stands for what was not stored."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.handoff.usecases import facts
from services.handoff.usecases.window import act_on_case
from tests.integration.handoff.two_sides import CAUSE, CutWire, TwoSides

# the messages of a whole matter: three from the window, five from the deciding region
MESSAGES = 8


@pytest.mark.parametrize("number", range(MESSAGES))
@pytest.mark.parametrize("step", CutWire.STEPS)
def test_3_07_the_wire_is_cut_at_each_step_of_each_message(sides: TwoSides, step: str, number: int) -> None:
    seen: list[str] = []
    cut: list[str] = []

    def cuts(at: str, message_id: str) -> bool:
        if message_id not in seen:
            seen.append(message_id)
        if at != step or seen.index(message_id) != number or message_id in cut:
            return False
        cut.append(message_id)
        return True

    for wire in sides.wires:
        wire.cut = cuts
    case_id = sides.whole_matter()
    assert len(cut) == 1, "the step was reached"
    assert len(seen) == MESSAGES
    document = sides.here.store.find(case_id)
    assert document is not None
    assert document["state"] == "CLOSED"
    sides.judge([case_id])


def test_3_07_every_exchange_is_cut_again_and_again(sides: TwoSides) -> None:
    cut: set[tuple[str, str]] = set()

    def cuts(step: str, message_id: str) -> bool:
        first = (step, message_id) not in cut
        cut.add((step, message_id))
        return first

    for wire in sides.wires:
        wire.cut = cuts
    sides.judge([sides.whole_matter()])
    assert len({message for _, message in cut}) == MESSAGES
    assert {step for step, _ in cut} == set(CutWire.STEPS)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("side", ["here", "there"])
@pytest.mark.parametrize("transaction", range(1, 12))
def test_3_07_a_process_is_killed_at_each_transaction(sides: TwoSides, side: str, when: str, transaction: int) -> None:
    store = getattr(sides, side).store
    store.deadly, store.when = transaction, when
    case_id = sides.whole_matter()
    assert store.count >= transaction, "the transaction was reached"
    document = sides.there.store.find(case_id)
    assert document is not None
    assert document["state"] == "CLOSED"
    sides.judge([case_id])


@pytest.mark.parametrize("hours", [24, 72])
def test_T31_a_partner_that_is_down_loses_and_doubles_nothing_and_late_is_visible(sides: TwoSides, hours: int) -> None:
    for wire in sides.wires:
        wire.down = True
    case_ids = [sides.open(f"k{number}") for number in range(5)]
    for _ in range(hours):
        sides.clock.advance(timedelta(hours=1))
        sides.here.deliver()
        for case_id in case_ids:
            if (sides.here.store.find(case_id) or {}).get("next_due_time") is not None:
                act_on_case(sides.here.parts, case_id)
    waiting = sides.here.messages(direction="OUT")
    assert [message["state"] for message in waiting] == ["QUEUED"] * 5
    assert all(message["reason"] == "UNREACHABLE" and message["next_attempt_time"] for message in waiting)
    for case_id in case_ids:
        document = sides.here.store.find(case_id)
        assert document is not None
        assert document["state"] == "RECEIVED"
        assert document["standing"]["party"] == "region:320411"
        assert ("forward" in document["missed"]) == (hours > 38), "due at the end of the next working day"
        assert document["standing"]["escalated"] == (hours > 38)
    for wire in sides.wires:
        wire.down = False
    sides.clock.advance(timedelta(hours=24))  # the last wait of the schedule at most
    sides.settle()
    sides.judge(case_ids)
    assert all((sides.there.store.find(case_id) or {})["state"] == "FORWARDED" for case_id in case_ids)


def test_3_07_a_partner_that_is_back_gets_what_waits_for_it_within_a_minute_though_nothing_else_goes_either_way(
    sides: TwoSides,
) -> None:
    sides.wires[0].down = True
    case_ids = [sides.open(f"k{number}") for number in range(4)]
    for _ in range(20):  # eight seconds away would do: the second try of each fails, the third is minutes away
        sides.here.deliver()
        sides.clock.advance(timedelta(seconds=2))
    waits = [message["next_attempt_time"] - sides.clock.now() for message in sides.here.messages(direction="OUT")]
    assert min(waits) > timedelta(minutes=3)
    sides.wires[0].down = False
    for _ in range(30):
        sides.here.deliver()
        sides.clock.advance(timedelta(seconds=2))
    assert sides.here.waiting() == 0
    sides.judge(case_ids)


def test_3_07_asking_a_silent_partner_early_uses_up_no_try_and_moves_no_turn(sides: TwoSides) -> None:
    sides.wires[0].down = True
    sides.open()
    for _ in range(5):
        sides.here.deliver()
        sides.clock.advance(timedelta(seconds=6))
    (before,) = sides.here.messages(direction="OUT")
    asked: list[str] = []

    def cuts(step: str, message_id: str) -> bool:
        asked.append(step)
        return True

    sides.wires[0].down, sides.wires[0].cut = False, cuts
    for _ in range(120):
        sides.here.deliver()
        sides.clock.advance(timedelta(seconds=1))
    assert 5 <= len(asked) <= 7, "about every twenty seconds"
    (after,) = sides.here.messages(direction="OUT")
    assert [after[k] for k in ("attempts", "next_attempt_time")] == [
        before[k] for k in ("attempts", "next_attempt_time")
    ]


def test_3_07_messages_behind_others_of_their_case_keep_nobody_from_being_tried(
    sides: TwoSides, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.handoff.usecases.delivery.SWEEP", 3)
    sides.wires[0].down = True
    case_ids = [sides.open(f"k{number}") for number in range(5)]
    for number, case_id in enumerate(case_ids):  # a second message behind each first one, all due at once
        sides.step(case_id, f"w{number}", lambda case, now: case.withdraw(now))
    for _ in range(20):
        sides.here.deliver()
        sides.clock.advance(timedelta(seconds=6))
    waiting = sides.here.messages(direction="OUT", sequence=1)
    assert all(message["attempts"] >= 2 for message in waiting), "each first one has its turn"
    behind = sides.here.messages(direction="OUT", sequence=2)
    assert [message["attempts"] for message in behind] == [0] * 5
    sides.wires[0].down = False
    sides.settle()
    sides.judge(case_ids)


def test_whoever_shows_itself_gets_what_waits_for_it_at_once(sides: TwoSides) -> None:
    first, second = sides.open("k1"), sides.open("k2")
    sides.settle()
    sides.wires[1].down = True
    sides.fact(lambda p: facts.on_books(p, first, "e1", CAUSE, "pmc_1"))
    for _ in range(6):  # fails until the next try is hours away
        sides.there.deliver()
        sides.clock.advance(timedelta(hours=1))
    sides.there.deliver()
    sides.wires[1].down = False
    sides.clock.advance(timedelta(seconds=5))
    sides.there.deliver()  # it was asked for five seconds ago
    assert sides.there.waiting() == 1
    sides.step(second, "k3", lambda case, now: case.withdraw(now))
    sides.here.deliver()  # a message from here says that here is there
    sides.there.deliver()
    assert sides.there.waiting() == 0
    sides.judge([first, second])
