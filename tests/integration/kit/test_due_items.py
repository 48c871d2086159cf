"""Sweeping what is due, on a real store: what stays as it was is put off, and stands before nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from eventlet.event import Event

from shared import due_items, metrics
from shared.clock import FixedClock
from shared.due_items import DUE_INDEX, PATIENCE, sweep_due
from shared.failures import Aborted
from shared.green import side_by_side_for

pytestmark = pytest.mark.integration
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_was_put_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due_items, "_times_put_off", {})


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def cases(store: Any) -> Any:
    store.due_cases.create_index(DUE_INDEX["fields"][0], name=DUE_INDEX["name"], sparse=DUE_INDEX["sparse"])
    return store.due_cases


def due(cases: Any, *names: str, since: timedelta = timedelta(hours=1)) -> None:
    """Cases that are due since then, the first longest."""
    cases.insert_many(
        {"_id": name, "version": 1, "next_due_time": NOW - since + timedelta(milliseconds=number)}
        for number, name in enumerate(names)
    )


def act_but(cases: Any, stays: str, how: Callable[[], bool], seen: list[str]) -> Callable[[str], bool]:
    """Acts as a service does: moves a case on, but those whose name begins so."""

    def act(case_id: str) -> bool:
        seen.append(case_id)
        if case_id.startswith(stays):
            return how()
        cases.update_one({"_id": case_id}, {"$inc": {"version": 1}, "$unset": {"next_due_time": ""}})
        return True

    return act


def fails() -> bool:
    raise ValueError("a fault")


def is_slower() -> bool:
    raise Aborted("it changed meanwhile")


@pytest.mark.parametrize("how", [fails, is_slower, lambda: False], ids=["fails", "aborts", "does nothing"])
def test_however_many_cases_stay_as_they_were_the_next_sweep_comes_to_the_others(
    cases: Any, clock: FixedClock, how: Callable[[], bool]
) -> None:
    due(cases, *(f"bad-{number}" for number in range(5)))
    due(cases, "good", since=timedelta(minutes=1))
    seen: list[str] = []
    act = act_but(cases, "bad", how, seen)

    assert sweep_due(cases, clock, act, limit=5) == 0
    assert sweep_due(cases, clock, act, limit=5) == 1
    assert seen[5:] == ["good"]


def test_what_fails_is_tried_again_ever_later(cases: Any, clock: FixedClock) -> None:
    due(cases, "bad")
    failed, unmoved = (m.labels("due_cases")._value for m in (metrics.DUE_FAILED, metrics.DUE_UNMOVED))
    before, tries = (failed.get(), unmoved.get()), list[datetime]()

    def act(case_id: str) -> bool:
        tries.append(clock.now())
        return fails()

    for wait in (*PATIENCE, PATIENCE[-1]):
        sweep_due(cases, clock, act)
        clock.advance(wait - timedelta(seconds=1))
        sweep_due(cases, clock, act)
        clock.advance(timedelta(seconds=1))
    assert [later - earlier for earlier, later in pairwise(tries)] == list(PATIENCE)
    assert (failed.get(), unmoved.get()) == (before[0] + len(tries), before[1])


def test_after_it_was_acted_on_the_patience_begins_anew(cases: Any, clock: FixedClock) -> None:
    due(cases, "case")

    def moves(case_id: str) -> bool:
        cases.update_one({"_id": case_id}, {"$set": {"next_due_time": clock.now() + timedelta(days=1)}})
        return True

    for act in (lambda _: fails(), lambda _: fails(), moves, lambda _: fails()):
        (case,) = cases.find()
        clock.set(max(clock.now(), case["next_due_time"]))
        sweep_due(cases, clock, act)
    (case,) = cases.find()
    assert case["next_due_time"] == clock.now() + PATIENCE[0]


@pytest.mark.parametrize("then", [timedelta(seconds=1), timedelta(hours=-1)], ids=["later", "still due"])
def test_what_another_sweeper_moved_is_due_when_that_one_says(cases: Any, clock: FixedClock, then: timedelta) -> None:
    due(cases, "case")

    def act(case_id: str) -> bool:
        cases.update_one({"_id": case_id}, {"$set": {"next_due_time": NOW + then}, "$inc": {"version": 1}})
        return is_slower()

    sweep_due(cases, clock, act)
    assert cases.find_one()["next_due_time"] == NOW + then


def test_a_case_that_nothing_moves_is_counted(cases: Any, clock: FixedClock) -> None:
    due(cases, "idle", "good")
    failed, unmoved = (m.labels("due_cases")._value for m in (metrics.DUE_FAILED, metrics.DUE_UNMOVED))
    before = failed.get(), unmoved.get()

    assert sweep_due(cases, clock, act_but(cases, "idle", lambda: False, [])) == 1
    assert (failed.get(), unmoved.get()) == (before[0], before[1] + 1)


def test_a_case_whose_act_hangs_does_not_hold_up_the_next_sweep(cases: Any, clock: FixedClock) -> None:
    due(cases, "hangs")
    gate, seen = Event(), list[str]()

    def waits() -> bool:
        cases.update_one(
            {"_id": "hangs"}, {"$set": {"next_due_time": clock.now() + timedelta(seconds=30)}}
        )  # its claim
        gate.wait()
        return True

    act, each = act_but(cases, "hangs", waits, seen), side_by_side_for(0.05)
    assert sweep_due(cases, clock, act, each=each) == 0
    due(cases, "good")
    assert sweep_due(cases, clock, act, each=each) == 1
    assert seen == ["hangs", "good"]
    gate.send()
