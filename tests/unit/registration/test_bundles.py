"""Bundles of entities by themselves: random answers, repetitions, resumptions and days lead to no illegal state (4-04)."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from services.registration.domain.authority import NOT_ANSWERING, Answer, AnswerState, Ask
from services.registration.domain.bundle import (
    FINAL,
    Bundle,
    BundleNotInState,
    BundleState,
    Heard,
    PartState,
    begin,
)
from services.registration.domain.bundle_following import follow, hear_check, hear_holder, hear_issued, no_licence
from services.registration.domain.bundle_giving_up import give_up, taken_back, too_late
from services.registration.domain.bundle_types import BundleKindUnknown, authority_codes, bundle_kind, bundle_kinds
from services.registration.domain.entity import EntityState
from shared.standing import StandingKind, verdict

START = datetime(2025, 3, 3, 2, tzinfo=UTC)
KINDS = sorted(bundle_kinds())


def begun(kind: str) -> Bundle:
    entity = ("", "") if kind == "OPENING" else ("ent_1", "91320411MAXX00015L")
    changes = ["name"] if kind == "INFORMATION_CHANGE" else []
    return begin("ebn_1", bundle_kind(kind), "320411", entity, {}, {}, changes, START)[0]


def check_invariants(bundle: Bundle, now: datetime) -> None:
    """What always holds."""
    done = {part.key for part in bundle.parts if part.state is PartState.DONE}
    ever = {part.key for part in bundle.parts if part.state is not PartState.WAITING or part.key in done}
    rules = {rule.key: rule for rule in bundle.rules.parts}
    for part in bundle.parts:
        if part.state is PartState.DONE and not bundle.given_up:
            assert set(rules[part.key].after) & {p.key for p in bundle.parts} <= done, part.key
        if part.state in (PartState.BLOCKED, PartState.REFUSED, PartState.UNCLEAR, PartState.UNREACHABLE):
            assert part.reason_codes, part.key
    if bundle.kind == "CANCELLATION" and "ENTITY" in done:
        assert {"TAX", "SOCIAL_INSURANCE", "HOUSING_FUND", "CUSTOMS"} <= done
        assert not bundle.given_up
    assert (bundle.state is BundleState.FINISHED) == all(part.state in FINAL for part in bundle.parts)
    assert bool(bundle.outcome) == (bundle.state is BundleState.FINISHED)
    standing = bundle.standing(now)
    assert (standing.kind is StandingKind.CLOSED) == (bundle.state is BundleState.FINISHED)
    if standing.kind is StandingKind.WAITING:
        assert standing.party
        assert standing.due_time or standing.flag
        if standing.due_time and standing.due_time <= now:
            assert standing.escalated or bundle.next_due_time(now) is not None
    if bundle.state is not BundleState.FINISHED:
        assert bundle.next_due_time(now) is not None
        verdict(standing, now)
    assert ever


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ANSWER", "ANSWER", "ANSWER", "OWN", "OWN", "RESUME", "CORRECT", "END", "TIME", "REPEAT"]),
        st.integers(0, 20),
        st.sampled_from(list(AnswerState)),
    ),
    max_size=60,
)


class Player:
    """Plays steps on one bundle and remembers what authorities did."""

    def __init__(self, kind: str) -> None:
        self.bundle, self.now = begun(kind), START
        self.answers: list[Answer] = []
        self.cleared: set[str] = set()

    def step(self, name: str, number: int, state: AnswerState) -> None:
        self.now += timedelta(seconds=1)
        getattr(self, name.lower())(number, state)
        for part in self.bundle.parts:
            if part.ask is Ask.CLEAR and part.state is PartState.DONE:
                self.cleared.add(part.key)
        check_invariants(self.bundle, self.now)

    def answer(self, number: int, state: AnswerState) -> None:
        questions = self.bundle.claim(self.now)
        for index, question in enumerate(questions):
            mine = state if index == number % len(questions) else AnswerState.DONE
            codes = () if mine in (AnswerState.DONE, AnswerState.PENDING) else ("REASON",)
            answer = Answer(question.request_id, mine, "ref" if mine is AnswerState.DONE else "", codes)
            self.answers.append(answer)
            self.bundle.answered(answer, self.now)

    def repeat(self, number: int, state: AnswerState) -> None:
        """An answer that comes again, or much later, changes nothing that is settled."""
        if self.answers:
            before = {p.key: p.state for p in self.bundle.parts if p.state in FINAL}
            self.bundle.answered(self.answers[number % len(self.answers)], self.now)
            assert before.items() <= {p.key: p.state for p in self.bundle.parts}.items()

    def own(self, number: int, state: AnswerState) -> None:
        asked = [p for p in self.bundle.parts if p.state is PartState.ASKED]
        own = [p for p in asked if self.bundle.rules.rule(p.key).does != "authority"]
        if not own:
            return
        part = own[number % len(own)]
        does, good = self.bundle.rules.rule(part.key).does, state in (AnswerState.DONE, AnswerState.PENDING)
        if does == "permits_check":
            hear_check(self.bundle, self.bundle.request_id(part), 1, [] if good else ["CASE_UNDER_REVIEW"], self.now)
        elif part.ask is Ask.UNDO:  # our case is taken back, or had taken effect
            if good:
                taken_back(self.bundle, part, self.now)
            else:
                self.bundle.entity_version = 3
                too_late(self.bundle, part, self.now)
        elif (
            does == "own_licence" and state is AnswerState.BLOCKED
        ):  # no licence comes: revoked, none held, nobody to name
            now_in = (EntityState.LICENCE_REVOKED, EntityState.ACTIVE, EntityState.ACTIVE)[number % 3]
            no_licence(self.bundle, now_in, number % 3 != 1, number % 3 != 2, self.now)
        elif does == "permits" and state is AnswerState.UNCLEAR:  # the word about another change
            hear_holder(self.bundle, Heard(4, [], [], []), self.now)
        elif does in ("permits", "certificates", "own_licence"):
            hear_holder(self.bundle, Heard(3, ["per_1"], ["per_1@2"], []), self.now)
            hear_issued(self.bundle, "per_1", 2, self.now)
            hear_issued(self.bundle, "ent_1", 3, self.now)
        else:
            target = PartState.DONE if good else PartState.RETURNED if does == "licence" else PartState.BLOCKED
            if good:
                self.bundle.entity_id, self.bundle.entity_version = "ent_1", 3
            self.bundle.settle(part, target, [] if good else ["REASON"], self.now)
            follow(self.bundle, self.now)

    def resume(self, number: int, state: AnswerState) -> None:
        self._may_refuse(self.bundle.resume)

    def correct(self, number: int, state: AnswerState) -> None:
        self._may_refuse(self.bundle.correct)

    def end(self, number: int, state: AnswerState) -> None:
        if number == 20:  # rarely, else little else happens
            self._may_refuse(lambda now: give_up(self.bundle, now))

    def time(self, number: int, state: AnswerState) -> None:
        self.now += timedelta(hours=number)
        self.bundle.act_when_due(self.now)

    def _may_refuse(self, act: Any) -> None:
        before = deepcopy(self.bundle)
        try:
            act(self.now)
        except BundleNotInState:
            assert self.bundle == before, "a refused step changed something"


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(KINDS), STEPS)
def test_4_04_no_order_of_answers_steps_and_days_leads_to_a_half_closed_entity(
    kind: str, steps: list[tuple[str, int, AnswerState]]
) -> None:
    player = Player(kind)
    for step in steps:
        player.step(*step)
    bundle = player.bundle
    if bundle.given_up and kind == "CANCELLATION":
        for _ in range(3):  # every authority works again, and our case is taken back
            player.now += timedelta(hours=1)
            player.own(0, AnswerState.DONE)
            player.answer(0, AnswerState.DONE)
        assert bundle.state is BundleState.FINISHED
        undone = {part.key for part in bundle.parts if part.ask is Ask.UNDO and part.state is PartState.ENDED}
        assert player.cleared <= undone


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(KINDS), STEPS)
def test_when_everybody_answers_in_the_end_every_bundle_ends(
    kind: str, steps: list[tuple[str, int, AnswerState]]
) -> None:
    player = Player(kind)
    for step in steps:
        player.step(*step)
    for _ in range(40):
        player.now += timedelta(hours=1)
        for act in (player.resume, player.correct, player.answer, player.own):
            act(0, AnswerState.DONE)
            check_invariants(player.bundle, player.now)
    assert player.bundle.state is BundleState.FINISHED
    assert player.bundle.given_up or player.bundle.outcome == "COMPLETE"


def test_an_answer_to_a_question_that_was_blocked_and_asked_anew_is_old() -> None:
    bundle = begun("CANCELLATION")
    tax = next(q for q in bundle.claim(START) if q.authority == "tax")
    bundle.answered(Answer(tax.request_id, AnswerState.BLOCKED, "", ("TAXES_OWED",)), START)
    bundle.resume(START)
    assert bundle.answered(Answer(tax.request_id, AnswerState.DONE, "old"), START) == []
    (again,) = [q for q in bundle.claim(START) if q.authority == "tax"]
    assert again.request_id != tax.request_id


def test_a_question_without_an_answer_is_asked_again_under_its_id_ever_more_rarely() -> None:
    bundle, now, seen, waits = begun("CANCELLATION"), START, set(), []
    for _ in range(7):
        (tax,) = [q for q in bundle.claim(now) if q.authority == "tax"]
        seen.add(tax.request_id)
        bundle.answered(Answer(tax.request_id, AnswerState.UNREACHABLE, "", ("TIMEOUT",)), now)
        part = bundle.part("TAX_CHECK")
        assert part is not None
        assert part.next_time is not None
        waits.append((part.next_time - now).total_seconds())
        now = part.next_time
    assert len(seen) == 1
    assert waits == [2, 10, 60, 300, 1800, 1800, 1800]


def test_a_question_that_was_not_asked_is_no_try_and_nothing_to_take_back() -> None:
    bundle, now = begun("CANCELLATION"), START
    for check in bundle.claim(now):
        bundle.answered(Answer(check.request_id, AnswerState.DONE), now)
    for check_part in (*bundle.doing("register"), *bundle.doing("permits_check")):
        bundle.settle(check_part, PartState.DONE, [], now)
    part = bundle.part("TAX")
    assert part is not None
    for _ in range(3):
        (clear,) = [q for q in bundle.claim(now) if q.ask is Ask.CLEAR and q.authority == "tax"]
        told = bundle.answered(Answer(clear.request_id, AnswerState.UNREACHABLE, "", (NOT_ANSWERING,)), now)
        assert (told, part.state, part.tries, part.reason_codes) == ([], PartState.ASKED, 0, [])
        assert part.next_time == now + timedelta(seconds=10)
        now = part.next_time
    give_up(bundle, now)
    assert (part.state, part.ask) == (PartState.ENDED, Ask.CLEAR)


def test_each_authority_of_the_data_has_its_port_and_an_unknown_kind_is_told() -> None:
    assert authority_codes() == ("bank", "customs", "housing_fund", "seals", "social_insurance", "tax")
    with pytest.raises(BundleKindUnknown, match="CANCELLATION"):
        bundle_kind("MARRIAGE")
