"""The lists of construction projects, read from `data/projects.yaml`, and what the traits of one project lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.permits.domain.catalogue import Catalogue
from services.permits.domain.graph import Graph
from shared.failures import InvalidArgument, Violation

DATA = Path(__file__).resolve().parent.parent / "data" / "projects.yaml"
# A fact, not an item: the land contract is signed. The unit of the land-use planning permit records it.
LAND_CONTRACT = "LAND_CONTRACT"
LAND_UNIT_ITEM = "land_use_planning_permit"


@dataclass(frozen=True, slots=True)
class Trait:
    """What is asked of a project once. `values`: the possible answers; none: a whole number."""

    key: str
    text: str
    text_en: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemRule:
    """An item of the lists: where it stands, what it comes after, the traits under which it is needed, and why."""

    key: str
    item_key: str
    line: str
    stage: str
    after: tuple[str, ...]
    when: dict[str, tuple[str, ...]]
    at_least: dict[str, int]
    joint: bool
    because: str

    def needed(self, traits: Mapping[str, str]) -> bool:
        """Whether a project of these traits needs it."""
        return all(traits[key] in values for key, values in self.when.items()) and all(
            int(traits[key]) >= least for key, least in self.at_least.items()
        )


@dataclass(frozen=True, slots=True)
class Lists:
    """All items of the four lists with their graph. `lines`, `stages`: names by code."""

    lines: dict[str, str]
    stages: dict[str, str]
    traits: tuple[Trait, ...]
    rules: dict[str, ItemRule]
    graph: Graph


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An item that the traits lead to. `days`: its own promise in working days. `asked`: whether the applicant must bring
    anything for it; where not, it opens by itself (在线政务服务规定 art. 7)."""

    key: str
    item_key: str
    item_code: str
    kind: str
    name: str
    name_en: str
    line: str
    stage: str
    after: tuple[str, ...]
    because: str
    days: int
    unit_code: str
    asked: bool
    joint: bool


@dataclass(frozen=True, slots=True)
class ProjectPath:
    """How long it takes in working days: along the critical path, and one after the other for comparison (4-10)."""

    critical: tuple[str, ...]
    days: int
    serial_days: int


def plan_project(traits: Mapping[str, str], items: Catalogue, day: date) -> list[PlannedItem]:
    """One project, one list: the items that its traits lead to, each with its reason, in an order that respects the
    prerequisites. Raises InvalidArgument naming each trait that is missing, unknown or not one of its values."""
    lists = project_lists()
    _check_traits(lists, traits)
    wanted = {key for key, rule in lists.rules.items() if rule.needed(traits)}
    graph = lists.graph.within(wanted)
    return [_planned(lists.rules[key], graph.after[key], items, day) for key in graph.order]


def paths(planned: list[PlannedItem]) -> ProjectPath:
    """The critical path of a plan and its serial sum."""
    days = {item.key: item.days for item in planned}
    critical, total = Graph({item.key: item.after for item in planned}).longest(days)
    return ProjectPath(tuple(critical), total, sum(days.values()))


def _planned(rule: ItemRule, after: tuple[str, ...], items: Catalogue, day: date) -> PlannedItem:
    if rule.item_key == LAND_CONTRACT:
        unit = items.item(LAND_UNIT_ITEM, day).unit_code
        return PlannedItem(
            rule.key, LAND_CONTRACT, "", LAND_CONTRACT, "国有建设用地使用权出让合同", "Land contract", rule.line,
            rule.stage, after, rule.because, 0, unit, False, False,
        )  # fmt: skip
    item = items.item(rule.item_key, day)
    return PlannedItem(
        rule.key, item.key, item.item_code, item.kind, item.name, item.name_en, rule.line, rule.stage, after,
        rule.because, item.promised_days, item.unit_code, bool(item.required()), rule.joint,
    )  # fmt: skip


def _check_traits(lists: Lists, traits: Mapping[str, str]) -> None:
    violations = []
    for trait in lists.traits:
        value = traits.get(trait.key, "")
        whole = value.isascii() and value.isdigit() and len(value) < 10
        if (trait.values and value not in trait.values) or (not trait.values and not whole):
            wanted = f"is one of {', '.join(trait.values)}" if trait.values else "is a whole number"
            violations.append(Violation(f"traits.{trait.key}", wanted, "TRAIT_INVALID"))
    known = {trait.key for trait in lists.traits}
    violations += [Violation(f"traits.{k[:60]}", "is no trait", "TRAIT_UNKNOWN") for k in traits if k not in known]
    if violations:
        raise InvalidArgument(violations[0].description, reason=violations[0].reason, violations=violations)


@cache
def project_lists() -> Lists:
    """The lists of this platform. Raises ValueError for data that break a rule: a cycle, an unknown prerequisite, line,
    stage or trait, a key that comes twice."""
    return read_lists(yaml.safe_load(DATA.read_text(encoding="utf-8")))


def read_lists(raw: dict[str, Any]) -> Lists:
    """The lists from their raw form; see `project_lists`."""
    traits = tuple(Trait(t["key"], t["text"], t["en"], tuple(t.get("values", ()))) for t in raw["traits"])
    rules = {entry["key"]: _rule(entry) for entry in raw["items"]}
    if len(rules) != len(raw["items"]):
        raise ValueError("projects: an item stands in the lists twice")
    names = {trait.key for trait in traits}
    for rule in rules.values():
        if rule.line not in raw["lines"] or rule.stage not in raw["stages"]:
            raise ValueError(f"projects: {rule.key} stands in no line or stage")
        if not {*rule.when, *rule.at_least} <= names:
            raise ValueError(f"projects: {rule.key} depends on an unknown trait")
    try:
        graph = Graph({key: rule.after for key, rule in rules.items()})
    except ValueError as error:
        raise ValueError(f"projects: {error}") from error
    return Lists(raw["lines"], raw["stages"], traits, rules, graph)


def _rule(entry: dict[str, Any]) -> ItemRule:
    return ItemRule(
        key=entry["key"], item_key=entry["item"], line=entry["line"], stage=entry["stage"],
        after=tuple(entry["after"]), when={k: tuple(v) for k, v in entry["when"].items()},
        at_least=entry.get("at_least", {}), joint=entry.get("joint", False), because=entry["because"],
    )  # fmt: skip
