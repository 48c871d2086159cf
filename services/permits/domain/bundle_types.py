"""Kinds of bundle, read from `data/bundles.yaml`, and what answers to their questions lead to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.permits.domain.catalogue import Catalogue, ItemKind, Material
from services.permits.domain.conditions import check_conditions
from shared.failures import InvalidArgument, NotFound, Violation

DATA = Path(__file__).resolve().parent.parent / "data" / "bundles.yaml"
LICENCE = "LICENCE"


class BundleTypeNotFound(NotFound):
    """There is no such bundle."""


@dataclass(frozen=True, slots=True)
class Question:
    """Asked once. `is_text`: the answer is a fact, else YES or NO."""

    key: str
    text: str
    text_en: str
    is_text: bool


@dataclass(frozen=True, slots=True)
class StepRule:
    """A step, the steps it comes after, and the answers under which it is needed."""

    key: str
    item_key: str
    after: tuple[str, ...]
    when: dict[str, str]
    because: str


@dataclass(frozen=True, slots=True)
class BundleType:
    """One version of a kind of bundle."""

    key: str
    version: str
    name: str
    name_en: str
    promised_days: int
    source: str
    questions: tuple[Question, ...]
    steps: tuple[StepRule, ...]


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step that the answers lead to. `item_key` is LICENCE for the business licence. `days`: its own promise."""

    key: str
    item_key: str
    kind: str
    name: str
    name_en: str
    after: tuple[str, ...]
    because: str
    days: int
    materials: tuple[Material, ...]


@dataclass(frozen=True, slots=True)
class MergedMaterial:
    """One type of material for the whole bundle, and the steps that want it."""

    material: Material
    steps: tuple[str, ...]


def bundle_types() -> list[BundleType]:
    """All kinds of bundle in their newest version."""
    return [versions[-1] for versions in _types().values()]


def bundle_type(key: str, version: str = "") -> BundleType:
    """A kind of bundle, in the given or the newest version. Raises BundleTypeNotFound."""
    versions = _types().get(key, ())
    found = [v for v in versions if not version or v.version == version]
    if not found:
        raise BundleTypeNotFound("no such bundle", metadata={"bundle_type": key[:60]})
    return found[-1]


def plan(
    kind: BundleType, answers: Mapping[str, str], items: Catalogue, day: date, has_licence: bool
) -> list[PlannedStep]:
    """The steps that the answers lead to, each with its reason, in an order that respects the prerequisites.

    Raises InvalidArgument naming the question that is not answered; ConditionNotMet when a condition of the law that
    depends on the answers is broken, before anything is begun.
    """
    _check_answers(kind, answers)
    wanted = [
        rule
        for rule in kind.steps
        if all(answers.get(question) == value for question, value in rule.when.items())
        and not (rule.item_key == LICENCE and has_licence)
    ]
    keys = {rule.key for rule in wanted}
    planned = [_planned(rule, keys, items, day) for rule in wanted]
    for step in planned:
        if step.item_key != LICENCE:
            check_conditions(items.item(step.item_key, day).conditions, answers)
    return planned


def check_commitments(steps: Sequence[PlannedStep], commitments: Sequence[str]) -> None:
    """A commitment is given item by item, for items that know it (国办发〔2020〕42号); a licence and a filing know none.

    Raises InvalidArgument naming the first one that is none.
    """
    known = {step.item_key for step in steps if step.kind == ItemKind.COMMITMENT}
    for index, item_key in enumerate(commitments):
        if item_key not in known:
            description = f"{item_key[:60]} is no step of this bundle that is decided on a commitment"
            violation = Violation(f"commitments[{index}]", description, "COMMITMENT_UNKNOWN")
            raise InvalidArgument(description, reason=violation.reason, violations=(violation,))


def merged_materials(steps: Sequence[PlannedStep]) -> list[MergedMaterial]:
    """One list of materials: each type once, with the steps that want it."""
    found: dict[str, tuple[Material, list[str]]] = {}
    for step in steps:
        for material in step.materials:
            found.setdefault(material.material_type, (material, []))[1].append(step.key)
    return [MergedMaterial(material, tuple(keys)) for material, keys in found.values()]


def asked_materials(steps: Sequence[PlannedStep], held: frozenset[str] = frozenset()) -> list[MergedMaterial]:
    """What the applicant still brings: not what government shares, an e-certificate or an earlier step gives, what a
    commitment replaces, nor what lies here already (`held`)."""
    return [
        merged
        for merged in merged_materials(steps)
        if merged.material.asked_of_applicant and merged.material.material_type not in held
    ]


def material_cut(total: int, asked: int) -> float:
    """1 − asked / total: of 20 materials 9 remain, so 55 % are cut."""
    return 1 - asked / total if total else 0.0


def _check_answers(kind: BundleType, answers: Mapping[str, str]) -> None:
    violations = []
    for question in kind.questions:
        answer = answers.get(question.key, "")
        if not answer or (not question.is_text and answer not in ("YES", "NO")):
            wanted = "must be answered" if question.is_text else "must be answered YES or NO"
            violations.append(Violation(f"answers.{question.key}", wanted, "ANSWER_MISSING"))
    known = {question.key for question in kind.questions}
    violations += [
        Violation(f"answers.{key[:60]}", "is no question of this bundle", "ANSWER_UNKNOWN")
        for key in answers
        if key not in known
    ]
    if violations:
        raise InvalidArgument(violations[0].description, reason=violations[0].reason, violations=violations)


def _planned(rule: StepRule, keys: set[str], items: Catalogue, day: date) -> PlannedStep:
    after = tuple(key for key in rule.after if key in keys)
    if rule.item_key == LICENCE:
        raw = _raw()
        own = {
            kind: Material(kind, body["name"], body["en"], body["tolerable"], body["source"])
            for kind, body in raw["materials"].items()
        }
        materials = tuple(own[kind] if kind in own else items.material(kind) for kind in raw["licence"]["materials"])
        days = raw["licence"]["promised_days"]
        return PlannedStep(
            rule.key, LICENCE, LICENCE, "营业执照", "Business licence", after, rule.because, days, materials
        )
    item = items.item(rule.item_key, day)
    return PlannedStep(
        rule.key, item.key, item.kind, item.name, item.name_en, after, rule.because, item.promised_days, item.materials
    )


@cache
def _raw() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return content


@cache
def _types() -> dict[str, tuple[BundleType, ...]]:
    return {
        key: tuple(_type(key, number, entry) for number, entry in enumerate(entries, start=1))
        for key, entries in _raw()["bundles"].items()
    }


def _type(key: str, number: int, entry: dict[str, Any]) -> BundleType:
    questions = tuple(Question(q["key"], q["text"], q["en"], q.get("kind") == "TEXT") for q in entry["questions"])
    steps = tuple(StepRule(s["key"], s["item"], tuple(s["after"]), s["when"], s["because"]) for s in entry["steps"])
    if not steps:
        raise ValueError(f"bundle {key}: it has no steps")
    names = {question.key for question in questions}
    before: set[str] = set()
    for step in steps:
        if not set(step.after) <= before or not set(step.when) <= names:
            raise ValueError(f"bundle {key}: step {step.key} comes before its prerequisite or asks an unknown question")
        before.add(step.key)
    return BundleType(
        key, f"{key}@{number}", entry["name"], entry["en"], entry["promised_days"], entry["source"], questions, steps
    )
