"""The audit's judgement: what balances is green, what is lost is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deploy.audit.judge import Case, Judgement, Published, Queue, judge_cases, judge_events

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
EVENT = Published("evt_1", "registration", "EntityRegistered", "ent_1", NOW - timedelta(minutes=1), pending=False)
QUEUE = Queue(
    "certificates.on_entity_registered.v1", "registration", "EntityRegistered", frozenset({"evt_1"}),
    NOW - timedelta(days=1), 0,
)  # fmt: skip
CASE = Case("permits", "cases", "pmc_1", "WAITING", "", "unit:320411-market", "decision")


def judged(event: Published = EVENT, queue: Queue = QUEUE, dead: dict[str, int] | None = None) -> Judgement:
    judgement = Judgement()
    judge_events(judgement, {event.event_id: event}, [queue], dead or {"certificates": 0}, NOW)
    return judgement


def test_what_is_published_and_handled_is_green() -> None:
    assert judged().ok
    assert set(judged().rows.values()) == {0}


def test_a_lost_event_is_found_and_named() -> None:
    found = judged(queue=replace(QUEUE, handled=frozenset()))
    assert found.rows["events_lost"] == 1
    assert [f.what for f in found.findings] == [
        "certificates.on_entity_registered.v1 never handled registration.EntityRegistered evt_1 of ent_1"]  # fmt: skip


@pytest.mark.parametrize(
    ("event", "queue", "dead", "row"),
    [
        (replace(EVENT, pending=True), replace(QUEUE, handled=frozenset()), 0, "outbox_unpublished"),
        (EVENT, replace(QUEUE, handled=frozenset(), messages=1), 0, "events_waiting"),
        (EVENT, replace(QUEUE, handled=frozenset()), 1, "dead_letters"),
        (EVENT, replace(QUEUE, handled=frozenset({"evt_1", "evt_9"})), 0, "events_unexpected"),
    ],
)
def test_each_imbalance_has_its_row(event: Published, queue: Queue, dead: int, row: str) -> None:
    found = judged(event, queue, {"certificates": dead})
    assert found.rows[row] == 1
    assert found.rows["events_lost"] == 0
    assert not found.ok


def test_what_lies_dead_is_named_with_the_queue_that_gave_it_up_and_why() -> None:
    judgement = Judgement()
    letters = {"certificates": ["certificates.on_entity_moved_in.v1 evt_9 FACTS_INCOMPLETE"]}
    judge_events(judgement, {}, [], {"certificates": 2, "permits": 0}, NOW, letters)
    assert [f.what for f in judgement.findings] == [
        "certificates.dead holds 2: certificates.on_entity_moved_in.v1 evt_9 FACTS_INCOMPLETE"]  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [{"event": replace(EVENT, time=NOW - timedelta(seconds=5))}, {"queue": replace(QUEUE, noted_since=NOW)}],
    ids=["still on its way", "before the queue noted"],
)
def test_what_cannot_be_judged_yet_is_no_loss(change: dict[str, Any]) -> None:
    given = {"event": EVENT, "queue": QUEUE} | change
    assert judged(given["event"], replace(given["queue"], handled=frozenset())).ok


def test_the_three_verdicts_add_up_and_a_stuck_case_names_its_debtor() -> None:
    judgement = Judgement()
    stuck = replace(CASE, case_id="pmc_2", verdict="STUCK", reason="OVERDUE_AND_NOBODY_TOLD")
    moving = replace(CASE, case_id="pmc_3", verdict="PROGRESSING")
    counts = judge_cases(judgement, [CASE, stuck, moving])
    assert counts["permits"] == {"WAITING": 1, "STUCK": 1, "PROGRESSING": 1}
    assert [f.what for f in judgement.findings] == [
        "permits cases pmc_2: OVERDUE_AND_NOBODY_TOLD (unit:320411-market owes decision)"]  # fmt: skip


@pytest.mark.parametrize("case", [replace(CASE, party=""), replace(CASE, verdict="LOST")])
def test_a_case_that_is_with_nobody_is_unaccounted(case: Case) -> None:
    judgement = Judgement()
    judge_cases(judgement, [case])
    assert judgement.rows["cases_unaccounted"] == 1
