"""Bundles and the catalogue as rules (T20; 25.4-13…18, 25.4-18)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.permits.domain.bundle import FINAL, Bundle, BundleState, Step, StepState, start
from services.permits.domain.bundle_types import (
    PlannedStep,
    _type,
    asked_materials,
    bundle_type,
    bundle_types,
    material_cut,
    merged_materials,
    plan,
)
from services.permits.domain.catalogue import Material, catalogue
from services.permits.domain.events import BundleFinished, LicenceRequested
from services.permits.domain.owed import Owed, Seen
from shared.failures import Failure
from shared.national_codes import uscc_violation
from shared.standing import AuditVerdict, StandingKind, verdict

NOW = datetime(2025, 9, 26, 2, 0, tzinfo=UTC)
DAY = date(2025, 9, 26)
ITEMS = catalogue("320411")


def material(kind: str, source: str = "APPLICANT") -> Material:
    return Material(kind, kind, kind, False, source)


def step(key: str, kinds: list[str], sources: dict[str, str] | None = None) -> PlannedStep:
    materials = tuple(material(kind, (sources or {}).get(kind, "APPLICANT")) for kind in kinds)
    return PlannedStep(key, key, "PERMIT", key, key, (), "because", 5, materials)


def test_T20_of_twenty_materials_nine_remain_and_a_source_lowers_the_nine_never_the_twenty() -> None:
    lists = [list("abcde"), list("abcfg"), list("abdhi"), list("abcde")]
    steps = [step(f"s{i}", kinds) for i, kinds in enumerate(lists)]
    assert sum(len(s.materials) for s in steps) == 20
    assert len(asked_materials(steps)) == 9
    assert material_cut(20, 9) == pytest.approx(0.55)
    shared = [step(f"s{i}", kinds, {"a": "E_CERTIFICATE:BUSINESS_LICENCE"}) for i, kinds in enumerate(lists)]
    assert (len(asked_materials(shared)), sum(len(s.materials) for s in shared)) == (8, 20)
    assert len(merged_materials(shared)) == 9


@pytest.mark.parametrize("kind", [kind.key for kind in bundle_types()])
def test_every_bundle_has_one_list_one_form_and_cuts_its_materials(kind: str) -> None:
    found = bundle_type(kind)
    answers = {
        q.key: ("300" if q.key == "school_distance_m" else "SHOP") if q.is_text else "NO" for q in found.questions
    }
    steps = plan(found, answers, ITEMS, DAY, has_licence=False)
    assert steps[0].item_key == "LICENCE"
    total = sum(len(s.materials) for s in steps)
    assert material_cut(total, len(asked_materials(steps))) >= 0.3
    for one in steps:
        assert set(one.after) <= {s.key for s in steps}


def test_the_bundles_cut_more_than_half_on_average() -> None:
    cuts = []
    for kind in bundle_types():
        answers = {
            q.key: ("300" if q.key == "school_distance_m" else "SHOP") if q.is_text else "YES" for q in kind.questions
        }
        answers = {k: "NO" if k == "with_storage" else v for k, v in answers.items()}
        steps = plan(kind, answers, ITEMS, DAY, has_licence=False)
        cuts.append(material_cut(sum(len(s.materials) for s in steps), len(asked_materials(steps))))
    assert sum(cuts) / len(cuts) > 0.5


def test_every_item_of_every_division_has_a_lawful_code_and_no_promise_beyond_the_law() -> None:
    for division in ("320411", "440305", "440103", "120112"):
        for item in catalogue(division).offered(date(2026, 11, 25)):
            assert len(item.item_code) == 31
            assert uscc_violation(item.item_code[:18]) is None
            assert item.unit_code.startswith(division)
    codes = [item.item_code for item in ITEMS.offered(date(2026, 11, 25))]
    assert len(set(codes)) == len(codes)


def test_a_bundle_without_steps_is_refused_when_the_configuration_is_read() -> None:
    entry = {"name": "x", "en": "x", "promised_days": 1, "source": "x", "questions": [], "steps": []}
    with pytest.raises(ValueError, match="bundle empty: it has no steps"):
        _type("empty", 1, entry)


def test_answers_that_lead_to_no_step_end_the_bundle_at_once() -> None:
    bundle, events = start("b", bundle_type("restaurant"), [], "320411", "x", {}, NOW)
    assert (bundle.state, bundle.outcome) == (BundleState.FINISHED, "COMPLETE")
    assert [type(event).__name__ for event in events] == ["BundleStarted", "BundleFinished"]
    assert bundle.standing(NOW).kind is StandingKind.CLOSED


BUNDLE_ACTS = st.lists(
    st.tuples(
        st.sampled_from(["done", "refused", "back", "old_back", "correct", "end", "late", "look"]),
        st.integers(0, 5), st.integers(0, 40),
    ),
    max_size=30,
)  # fmt: skip
STEP_NEXT: dict[StepState, set[StepState]] = {
    StepState.WAITING: {StepState.OPEN, StepState.BLOCKED, StepState.ENDED},
    StepState.OPEN: {StepState.DONE, StepState.REFUSED, StepState.RETURNED},
    StepState.RETURNED: {StepState.OPEN, StepState.DONE, StepState.REFUSED, StepState.ENDED},
}


def act(bundle: Bundle, kind: str, step: Step, now: datetime) -> list[Any]:
    """One act; only a case that exists has a result."""
    running, first = step.state in (StepState.OPEN, StepState.RETURNED), bundle.steps[0]
    seen = Seen(Owed("unit:u", "decision", now + timedelta(days=5)), "2025-12-01")
    does: dict[str, Any] = {
        "done": lambda: bundle.settle(step.origin, StepState.DONE, [], now) if running else [],
        "refused": lambda: bundle.settle(step.origin, StepState.REFUSED, ["X"], now) if running else [],
        "back": lambda: bundle.give_back(first.origin, ["GAP"], now),
        "old_back": lambda: bundle.give_back(first.step_id, ["GAP"], now) if first.attempt > 1 else [],
        "correct": lambda: bundle.correct(now),
        "end": lambda: bundle.end(now),
        "late": lambda: bundle.late(now),
        "look": lambda: bundle.look(step.step_id, seen, now),
    }
    found: list[Any] = does[kind]()
    return found


@given(BUNDLE_ACTS, st.lists(st.sets(st.integers(0, 4), max_size=3), min_size=1, max_size=6))
def test_returned_corrected_ended_or_late_a_bundle_never_hangs_and_ends_once(
    acts: list[tuple[str, int, int]], graph: list[set[int]]
) -> None:
    planned = [
        PlannedStep(
            f"s{i}", "LICENCE" if i == 0 else f"i{i}", "PERMIT", "", "", tuple(f"s{j}" for j in sorted(before) if j < i),
            "", 3, (),
        )
        for i, before in enumerate(graph)
    ]  # fmt: skip
    bundle, events = start("b", bundle_type("restaurant"), planned, "320411", "", {}, NOW)
    now, first = NOW, bundle.steps[0]
    for kind, number, days in acts:
        now += timedelta(days=days)
        step = bundle.steps[number % len(bundle.steps)]
        before = {one.key: one.state for one in bundle.steps}
        try:
            events += act(bundle, kind, step, now)
        except Failure:
            assert {one.key: one.state for one in bundle.steps} == before, "a refused act changes nothing"
        if kind == "old_back":
            assert {one.key: one.state for one in bundle.steps} == before, "an old answer counts no more"
        for one in bundle.steps:
            assert one.state is before[one.key] or one.state in STEP_NEXT[before[one.key]]
        events += bundle.late(now)
        if not bundle.to_open():
            assert verdict(bundle.standing(now), now)[0] is not AuditVerdict.STUCK
        assert (bundle.next_due_time(now) is None) or bundle.state is BundleState.RUNNING
    finished = all(one.state in FINAL for one in bundle.steps)
    assert (bundle.state is BundleState.FINISHED) == finished
    assert sum(isinstance(event, BundleFinished) for event in events) == int(finished)
    asked = [event.step_id for event in events if isinstance(event, LicenceRequested)]
    assert len(asked) == len(set(asked)) == first.attempt


@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from([StepState.DONE, StepState.REFUSED])), max_size=30),
    st.lists(st.sets(st.integers(0, 4), max_size=3), min_size=1, max_size=6),
)
def test_whatever_comes_in_whatever_order_no_step_is_lost(
    results: list[tuple[int, StepState]], graph: list[set[int]]
) -> None:
    """Random prerequisites among earlier steps, random results, some twice, some for steps that are not open."""
    planned = [
        PlannedStep(
            f"s{i}", f"i{i}", "PERMIT", "", "", tuple(f"s{j}" for j in sorted(before) if j < i), "", 3, ()
        )
        for i, before in enumerate(graph)
    ]  # fmt: skip
    bundle, events = start("b", bundle_type("restaurant"), planned, "320411", "x", {}, NOW)
    for number, state in results:
        if number >= len(bundle.steps):
            continue
        target = bundle.steps[number]
        if target.state is StepState.OPEN:  # only a case that exists has a result
            before = target.state
            events += bundle.settle(target.step_id, state, [], NOW)
            assert target.state is state is not before
        elif target.state in FINAL:
            assert bundle.settle(target.step_id, state, [], NOW) == []
        done = {s.key for s in bundle.steps if s.state is StepState.DONE}
        refused = {s.key for s in bundle.steps if s.state in (StepState.REFUSED, StepState.BLOCKED)}
        for one in bundle.steps:
            if one.state is StepState.WAITING:
                assert not set(one.after) <= done
                assert not set(one.after) & refused
            if one.state is StepState.OPEN:
                assert set(one.after) <= done
            if one.state is StepState.BLOCKED:
                assert set(one.after) & refused
    finished = all(one.state in FINAL for one in bundle.steps)
    assert (bundle.state is BundleState.FINISHED) == finished
    assert sum(isinstance(event, BundleFinished) for event in events) == int(finished)
