"""The graph of a project and its state machine (4-08…4-11, T22): no cycle, nothing opens before what it comes after."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.permits.domain.catalogue import catalogue
from services.permits.domain.events import ProjectCompleted, ProjectItemOpened
from services.permits.domain.graph import Graph
from services.permits.domain.project import ItemState, Project, ProjectState, start_project
from services.permits.domain.project_types import (
    DATA,
    LAND_CONTRACT,
    PlannedItem,
    paths,
    plan_project,
    project_lists,
    read_lists,
)
from shared.failures import Failure, InvalidArgument
from shared.standing import AuditVerdict, StandingKind, verdict

NOW = datetime(2025, 9, 26, 2, 0, tzinfo=UTC)
DAY = date(2025, 9, 26)
ITEMS = catalogue("320411")
TRAITS = {
    "land_kind": "TRANSFER", "investor": "ENTERPRISE", "industry_code": "C", "eia_class": "REGISTRATION", "hazard": "NO",
    "area_m2": "1800", "height_m": "20",
}  # fmt: skip
GRAPHS = st.lists(st.sets(st.integers(0, 7), max_size=3), min_size=1, max_size=8).map(
    lambda before: {f"i{n}": [f"i{b}" for b in sorted(found) if b < n] for n, found in enumerate(before)}
)


def raw() -> Any:
    return copy.deepcopy(yaml.safe_load(DATA.read_text(encoding="utf-8")))


def test_a_cycle_in_the_lists_is_an_error_when_they_are_read() -> None:
    broken = raw()
    next(item for item in broken["items"] if item["key"] == "project_filing")["after"] = ["completion_filing"]
    with pytest.raises(ValueError, match=r"in a circle: .*completion_filing"):
        read_lists(broken)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("after", ["nowhere"], "which is not there"),
        ("line", "AIR", "no line"),
        ("when", {"colour": ["RED"]}, "unknown trait"),
    ],
)
def test_what_the_lists_do_not_know_is_an_error_when_they_are_read(field: str, value: Any, says: str) -> None:
    broken = raw()
    broken["items"][0][field] = value
    with pytest.raises(ValueError, match=says):
        read_lists(broken)


@given(GRAPHS)
def test_the_order_respects_every_prerequisite_and_the_longest_way_is_no_longer_than_the_sum(
    after: dict[str, list[str]],
) -> None:
    graph = Graph(after)
    assert sorted(graph.order) == sorted(after)
    for key, before in after.items():
        assert all(graph.order.index(b) < graph.order.index(key) for b in before)
        assert key not in graph.all_before(key)
    days = {key: number + 1 for number, key in enumerate(after)}
    path, total = graph.longest(days)
    assert total == sum(days[key] for key in path) <= sum(days.values())
    assert total >= max(days.values())
    done: set[str] = set()
    while ready := graph.ready(done):
        assert all(set(after[key]) <= done for key in ready)
        done |= set(ready)
    assert done == set(after)


@given(GRAPHS, st.sets(st.integers(0, 7)))
def test_leaving_an_item_out_keeps_the_order_of_what_is_left(after: dict[str, list[str]], kept: set[int]) -> None:
    graph = Graph(after)
    keys = {key for number, key in enumerate(after) if number in kept}
    part = graph.within(keys)
    for key in keys:
        assert part.all_before(key) == graph.all_before(key) & keys


def test_every_item_stands_in_one_of_four_lists_and_the_catalogue_knows_it() -> None:
    lists = project_lists()
    assert len(lists.lines) == len(lists.stages) == 4
    items = [rule for rule in lists.rules.values() if rule.item_key != LAND_CONTRACT]
    assert len(items) == len({rule.item_key for rule in items}) == 93
    assert {rule.line for rule in items} == set(lists.lines)
    for rule in lists.rules.values():
        assert rule.because
        assert rule.item_key == LAND_CONTRACT or ITEMS.item(rule.item_key, DAY)


def test_traits_give_the_list_and_each_item_says_why() -> None:
    small = {item.key: item for item in plan_project(TRAITS, ITEMS, DAY)}
    assert all(item.because for item in small.values())
    assert "eia_registration" in small
    assert not {"eia_report", "project_approval", "fire_design", "safety_conditions"} & set(small)
    large = {i.key for i in plan_project(TRAITS | {"height_m": "60", "hazard": "YES", "area_m2": "30000"}, ITEMS, DAY)}
    assert {"fire_design", "safety_conditions", "energy_review", "civil_defence"} <= large
    owned = {i.key for i in plan_project(TRAITS | {"land_kind": "OWNED"}, ITEMS, DAY)}
    assert not {"land_contract", "land_use", "land_right"} & owned


def test_four_lines_side_by_side_are_shorter_than_one_after_the_other() -> None:
    planned = plan_project(TRAITS, ITEMS, DAY)
    path = paths(planned)
    assert path.days < path.serial_days == sum(item.days for item in planned)
    assert path.critical[-1] == "property_registration"


SOME_TRAITS = st.fixed_dictionaries(
    {
        trait.key: st.sampled_from(trait.values)
        if trait.values
        else st.sampled_from([0, 1999, 2000, 5000, 20000, 250000]).map(str)
        for trait in project_lists().traits
    }
)


@given(SOME_TRAITS)
def test_whatever_the_traits_the_list_is_in_order_and_ends_with_the_completion_filing(traits: dict[str, str]) -> None:
    planned = plan_project(traits, ITEMS, DAY)
    before: set[str] = set()
    for item in planned:
        assert set(item.after) <= before
        before.add(item.key)
    graph = Graph({item.key: item.after for item in planned})
    assert {"works_planning", "construction_permit", "fire_acceptance"} <= graph.all_before("completion_filing")
    assert ("land_contract" in graph.all_before("construction_permit")) == (traits["land_kind"] == "TRANSFER")
    path = paths(planned)
    assert path.days <= path.serial_days


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"hazard": "MAYBE"}, "TRAIT_INVALID"), ({"area_m2": "x"}, "TRAIT_INVALID"), ({"colour": "RED"}, "TRAIT_UNKNOWN")],
)
def test_a_trait_at_fault_is_named(change: dict[str, str], reason: str) -> None:
    with pytest.raises(InvalidArgument) as error:
        plan_project(TRAITS | change, ITEMS, DAY)
    assert [(v.field, v.reason) for v in error.value.violations] == [(f"traits.{next(iter(change))}", reason)]


def planned(after: dict[str, list[str]], land: str) -> list[PlannedItem]:
    return [
        PlannedItem(
            key, LAND_CONTRACT if key == land else f"x{key}", "" if key == land else key,
            "PERMIT", "", "", "MAIN", "WORKS", tuple(before), "", 3, "u", key != "i1", False,
        )
        for key, before in after.items()
    ]  # fmt: skip


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["hand_in", "fit", "unfit", "done", "again", "refused", "land", "no_land", "late"]),
        st.integers(0, 7), st.integers(0, 40),
    ),
    max_size=40,
)  # fmt: skip
NEXT: dict[ItemState, set[ItemState]] = {
    ItemState.WAITING: {ItemState.OPEN, ItemState.UNDER_WAY, ItemState.PRE_REVIEW, ItemState.LAPSED},
    ItemState.PRE_REVIEW: {ItemState.PRE_REVIEWED, ItemState.WAITING, ItemState.UNDER_WAY, ItemState.LAPSED},
    ItemState.PRE_REVIEWED: {ItemState.UNDER_WAY, ItemState.LAPSED},
    ItemState.OPEN: {ItemState.UNDER_WAY, ItemState.DONE, ItemState.LAPSED},
    ItemState.UNDER_WAY: {ItemState.DONE, ItemState.REFUSED, ItemState.LAPSED},
    ItemState.REFUSED: {ItemState.UNDER_WAY, ItemState.LAPSED},
    ItemState.DONE: set(),
    ItemState.LAPSED: set(),
}


def act(project: Project, step: str, key: str, now: datetime) -> list[Any]:
    item = project.named(key)
    acts: dict[str, Any] = {
        "hand_in": lambda: project.hand_in({key: ["m"]}, {key: []}, "", now),
        "fit": lambda: project.conclude_pre_review(key, "u", [], now),
        "unfit": lambda: project.conclude_pre_review(key, "u", ["NOT_FIT"], now),
        "done": lambda: project.settle(item.origin, True, [], "", now, "pmc"),
        "again": lambda: project.settle(item.item_id, False, ["X"], "", now, "pmc"),
        "refused": lambda: project.settle(item.origin, False, ["X"], "", now, "pmc"),
        "land": lambda: project.record_land_contract("u", DAY, now),
        "no_land": lambda: project.land_fell_through("u", "NO_LAND", now) if len(project.items) % 4 == 0 else [],
        "late": lambda: project.late(now),
    }
    found: list[Any] = acts[step]()
    return found


@given(ACTS, GRAPHS, st.integers(0, 7))
def test_whatever_happens_no_item_is_open_before_its_predecessors_are_done(
    steps: list[tuple[str, int, int]], after: dict[str, list[str]], land: int
) -> None:
    project, events = start_project("prj", planned(after, f"i{land}"), ((), 0, 0), "320411", "x", {}, NOW)
    now = NOW
    for step, number, days in steps:
        now += timedelta(days=days)
        if f"i{number}" not in after:
            continue
        before = {item.key: item.state for item in project.items}
        try:
            events += act(project, step, f"i{number}", now)
        except Failure:
            assert {item.key: item.state for item in project.items} == before, "a refused step changes nothing"
        done = {item.key for item in project.items if item.state is ItemState.DONE}
        for item in project.items:
            assert item.state is before[item.key] or item.state in _reachable(before[item.key])
            if item.state in (ItemState.OPEN, ItemState.UNDER_WAY, ItemState.REFUSED, ItemState.DONE):
                assert set(item.after) <= done
            if item.state is ItemState.WAITING and project.state is ProjectState.RUNNING:
                assert not item.after or not set(item.after) <= done
        events += project.late(now)
        standing = project.standing(now)
        assert (standing.kind is StandingKind.CLOSED) == (project.state is not ProjectState.RUNNING)
        assert verdict(standing, now)[0] is not AuditVerdict.STUCK
    opened = [event.item_code for event in events if isinstance(event, ProjectItemOpened)]
    assert len(opened) == len(set(opened)), "an item opens once"
    complete = all(item.state is ItemState.DONE for item in project.items)
    assert sum(isinstance(event, ProjectCompleted) for event in events) == int(complete)
    assert (project.state is ProjectState.COMPLETED) == complete


def _reachable(state: ItemState) -> set[ItemState]:
    """What one act may lead to: its own step and the opening that follows from it."""
    return NEXT[state] | {second for first in NEXT[state] for second in NEXT[first]}


def test_T22_a_land_contract_that_falls_through_lets_the_pre_reviews_lapse_and_nothing_was_permitted() -> None:
    after: dict[str, list[str]] = {"land": [], "permit": ["land"]}
    project, _ = start_project("prj", planned(after, "land"), ((), 0, 0), "320411", "x", {}, NOW)
    project.hand_in({"permit": ["m"]}, {"permit": []}, "", NOW)
    project.conclude_pre_review("permit", "u", [], NOW)
    assert project.to_open() == []
    project.land_fell_through("u", "AUCTION_FAILED", NOW)
    permit = project.named("permit")
    assert (permit.state, permit.handed, permit.case_id) == (ItemState.LAPSED, [], "")
    assert project.to_open() == []
    with pytest.raises(Failure):
        project.record_land_contract("u", DAY, NOW)
