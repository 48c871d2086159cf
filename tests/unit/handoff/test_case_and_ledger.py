"""A case between two regions as a machine on both sides, the messages between them, and the ledger's chain."""

from __future__ import annotations

import hashlib
import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.handoff.domain import ledger
from services.handoff.domain.case import FINAL, RANK, HandoffCase, Side, State, open_case, take_case
from services.handoff.domain.message import RETRY_WAITS, MessageType, next_attempt, read_message
from services.handoff.usecases.receiving import _EFFECTS
from shared.failures import Failure, InvalidArgument
from shared.legal_clock import ClockState
from shared.standing import AuditVerdict, StandingKind, verdict

START = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)
FILE = b"a certificate"
STEPS = (
    "books", "need", "supplement", "accept", "grant", "refuse", "result", "withdraw", "deliver", "receipt", "due",
)  # fmt: skip


def new_case(side: Side) -> HandoffCase:
    return HandoffCase(
        handoff_case_id="hof_1", side=side, state=State.RECEIVED, version=1, item="food_sales_permit", item_code="code",
        target="permits", mode="COLLECT_ELSEWHERE", accepting_region="320411", deciding_region="440305",
        agreement_id="xinbei-nanshan", agreement_version=1, authorisation_id="auth", unit_code="320411-window",
        client_id="window", received_time=START, since_time=START,
    )  # fmt: skip


class Two:
    """Both sides of a case and the messages on the way between them, which arrive in order, each when it may."""

    def __init__(self) -> None:
        self.here, self.there = new_case(Side.ACCEPTING), new_case(Side.DECIDING)
        open_case(self.here, {"a": "b"}, "IN_PERSON")
        self.here.drafts.clear()
        take_case(self.there, START)
        self.here.forwarded(START)
        self.to_there: list[Any] = []
        self.to_here: list[Any] = []

    def act(self, step: str, at: datetime) -> None:
        acts = {
            "books": lambda: self.there.acknowledge("pmc_1", at), "need": lambda: self.there.need_more(["GAP"], at),
            "accept": lambda: self.there.accept("2025-04-01", at), "grant": lambda: self.there.decide("GRANTED", [], at),
            "refuse": lambda: self.there.decide("REFUSED", ["UNSAFE"], at),
            "result": lambda: self.there.send_result("crt_1", "id", hashlib.sha256(FILE).hexdigest(), "", at),
            "supplement": lambda: self.here.supplement(["GAP"], at), "withdraw": lambda: self.here.withdraw(at),
            "deliver": lambda: self.here.deliver(at), "due": lambda: (self.here.due(at), self.there.due(at)),
            "receipt": lambda: None,
        }  # fmt: skip
        acts[step]()
        self.to_there += [(draft, at) for draft in self.here.drafts]
        self.to_here += [(draft, at) for draft in self.there.drafts]
        self.here.drafts.clear()
        self.there.drafts.clear()

    def arrive(self) -> None:
        """Every message on the way arrives, and its receipt goes back."""
        while self.to_there or self.to_here:
            for way, case in ((self.to_there, self.there), (self.to_here, self.here)):
                if way:
                    draft, at = way.pop(0)
                    self._apply(case, draft, at)

    def _apply(self, case: HandoffCase, draft: Any, at: datetime) -> None:
        if draft.type is MessageType.RESULT_SENT:
            case.send_result("crt_1", "id", draft.body["file_sha256"], "", at)
        else:
            _EFFECTS[draft.type](case, draft.body, at)
        assert not case.drafts, "what a message says is never said back"
        if draft.type is MessageType.RESULT_DELIVERED:
            self.here.close(at)


@settings(max_examples=400)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 60 * 24 * 3), st.booleans()), max_size=30))
def test_3_07_whatever_happens_both_sides_end_alike_and_each_open_case_names_who_owes_what(
    steps: list[tuple[str, int, bool]],
) -> None:
    two, now = Two(), START
    for step, minutes, arrives in steps:
        now += timedelta(minutes=minutes)
        before = (two.here.state, two.here.version)
        try:
            two.act(step, now)
        except Failure:
            assert (two.here.state, two.here.version) == before, "a refused step changes nothing"
        if arrives:
            two.arrive()
        for case in (two.here, two.there):
            case.due(now)
            standing = case.standing()
            if case.state in FINAL:
                assert standing.kind is StandingKind.CLOSED
                continue
            assert standing.party in ("applicant", "region:320411", "region:440305")
            assert standing.due_time is not None
            assert verdict(standing, now)[0] is AuditVerdict.WAITING
    two.arrive()
    for case in (two.here, two.there):
        case.due(now)
    assert two.here.outcome == two.there.outcome
    assert two.here.state == two.there.state or State.WITHDRAWN in (two.here.state, two.there.state)
    if two.here.state is State.WITHDRAWN:
        assert not two.here.outcome, "a decision stands over a withdrawal that came late"
    if two.here.state not in FINAL and two.here.state == two.there.state:
        assert two.here.standing().party == two.there.standing().party
        assert two.here.standing().due_time == two.there.standing().due_time


def test_the_matter_from_window_to_window_moves_both_sides_and_stops_every_clock() -> None:
    two = Two()
    for day, step in enumerate(("books", "need", "supplement", "accept", "grant", "result", "deliver")):
        two.act(step, START + timedelta(days=day))
        two.arrive()
    assert two.here.state is two.there.state is State.CLOSED
    assert two.here.file_sha256 == two.there.file_sha256 == hashlib.sha256(FILE).hexdigest()
    for case in (two.here, two.there):
        assert all(case.clocks.deadline(name).state is ClockState.ENDED for name in case.clocks.names())
        assert case.missed == []
    assert [m.time for m in two.here.marks] == [m.time for m in two.there.marks], "both sides hold the same clocks"


def test_T31_what_a_partner_that_is_down_owes_is_told_upwards_once_and_names_the_region() -> None:
    case = new_case(Side.ACCEPTING)
    open_case(case, {"a": "b"}, "IN_PERSON")
    late = START + timedelta(days=2)
    assert [(e.clock, e.owed_by) for e in case.due(late)] == [("forward", "region:320411")]
    assert case.due(late) == []
    assert case.standing().escalated
    case.forwarded(late)
    assert [(e.clock, e.owed_by) for e in case.due(late + timedelta(days=9))] == [
        ("notice", "region:440305"), ("acknowledge", "region:440305")]  # fmt: skip


def test_no_state_lies_beyond_a_final_one() -> None:
    assert max(RANK, key=lambda state: RANK[state]) in FINAL


def test_a_message_is_tried_for_75_hours_and_35_minutes_then_a_human_is_asked() -> None:
    assert sum(RETRY_WAITS, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)
    chance, now = random.Random(1), START
    waits = []
    for attempts in range(1, len(RETRY_WAITS) + 1):
        later = next_attempt(attempts, now, now, chance)
        assert later is not None
        waits.append(later - now)
    assert all(abs(wait / planned - 1) <= 0.1 for wait, planned in zip(waits, RETRY_WAITS, strict=True))
    end = now + timedelta(hours=75, minutes=36)
    assert next_attempt(3, now, end, chance) is None
    assert next_attempt(1000, now, now + timedelta(hours=1), chance) is not None, (
        "time ends the tries, not their number"
    )


GOOD = {
    "message_id": "msg_1", "type": "CASE_ACCEPTED", "handoff_case_id": "hof_1", "sequence": 2, "from_region": "440305",
    "to_region": "320411", "agreement_id": "xinbei-nanshan", "agreement_version": 1,
    "created_time": "2025-03-03T02:00:00+00:00", "body": {"due_date": "2025-04-01"},
}  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [{"sequence": 0}, {"sequence": "2"}, {"sequence": 1e3}, {"type": "DECIDE"}, {"from_region": "44030"},
     {"created_time": "2025-03-03T02:00:00"}, {"created_time": "yesterday"}, {"extra": 1}, {"body": []},
     {"message_id": "a b"}, {"message_id": ""}, {"agreement_version": True}, {"handoff_case_id": {"$ne": None}}],
    ids=str,
)  # fmt: skip
def test_a_message_of_another_form_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgument):
        read_message(json.dumps(GOOD | change).encode(), 10_000)


def test_a_message_with_a_key_twice_is_refused() -> None:
    data = json.dumps(GOOD)[:-1] + ', "to_region": "440305"}'
    with pytest.raises(InvalidArgument):
        read_message(data.encode(), 10_000)


def chain(count: int) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    head = ledger.GENESIS
    for position in range(1, count + 1):
        entry = {
            "time": START + timedelta(seconds=position), "kind": "SENT", "message_id": f"msg_{position}",
            "message_type": "CASE_FORWARDED", "handoff_case_id": "hof_1", "sequence": position, "from_region": "320411",
            "to_region": "440305", "message_sha256": "0" * 64, "receipt_sha256": "",
        }  # fmt: skip
        entries.append(ledger.link(entry, position, head))
        head = entries[-1]["hash"]
    return entries


def test_any_change_removal_or_reordering_of_the_ledger_is_found() -> None:
    good = chain(6)
    assert ledger.broken_at(good) == (6, 0, good[-1]["hash"])
    for index, entry in enumerate(good):
        for name in entry:
            value = entry[name]
            other = value + timedelta(milliseconds=1) if isinstance(value, datetime) else (
                value + 1 if isinstance(value, int) else f"{value}0")  # fmt: skip
            changed = [*good[:index], entry | {name: other}, *good[index + 1 :]]
            assert ledger.broken_at(changed)[1] in (index + 1, index + 2), name
        assert ledger.broken_at([*good[:index], *good[index + 1 :]])[1] == (index + 1 if index < 5 else 0)
        if index:
            swapped = [*good[: index - 1], good[index], good[index - 1], *good[index + 1 :]]
            assert ledger.broken_at(swapped)[1] == index


def test_two_ledgers_that_differ_name_the_message() -> None:
    def told(*kinds: str, receipt: str = "r", sha: str = "m") -> list[dict[str, Any]]:
        return [{"message_id": "msg_1", "kind": kind, "message_sha256": sha,
                 "receipt_sha256": "" if kind == "SENT" else receipt} for kind in kinds]  # fmt: skip

    assert ledger.disagreements(told("SENT", "RECEIPTED"), told("RECEIVED")) == []
    assert ledger.disagreements(told("SENT"), told("RECEIVED")) == ["msg_1"]
    assert ledger.disagreements(told("SENT", "RECEIPTED"), []) == ["msg_1"]
    assert ledger.disagreements(told("SENT", "RECEIPTED"), told("RECEIVED", receipt="x")) == ["msg_1"]
    assert ledger.disagreements(told("SENT", "RECEIPTED", sha="y"), told("RECEIVED")) == ["msg_1"]
