"""Kinds of bundles of this service, read from `data/bundles.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.registration.domain.authority import Ask
from services.registration.domain.cases.facts import KNOWN
from services.registration.domain.limits import limits
from shared.failures import InvalidArgument, Violation

_FILE = Path(__file__).resolve().parent.parent / "data" / "bundles.yaml"
# The answer that says by which kind of case a bundle goes.
ROUTE = "route"
# Who does a part; `authority` is another authority behind its port, the others are this platform.
DOERS = frozenset({
    "authority", "register", "case", "licence", "permits_check", "permits", "certificates", "own_licence",
})  # fmt: skip


class BundleKindUnknown(InvalidArgument):
    """There is no such kind of bundle."""


@dataclass(frozen=True, slots=True)
class PartRule:
    """A part of a bundle; the fields are explained at the top of the data file."""

    key: str
    does: str
    authority: str
    ask: Ask
    after: tuple[str, ...]
    limit: str
    when: tuple[str, ...] = ()
    tell: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BundleKind:
    """A kind of bundle with its parts, each after those it waits for."""

    key: str
    name: str
    name_en: str
    source: str
    parts: tuple[PartRule, ...]
    # kinds of cases about the entity that it may open, by their route; the first is taken where none is named
    routes: Mapping[str, str] = field(default_factory=dict)

    def case_kind(self, facts: Mapping[str, str]) -> str:
        """The kind of case about the entity that a bundle with these facts opens. Raises InvalidArgument."""
        route = facts.get(ROUTE) or next(iter(self.routes))
        if route not in self.routes:
            text = f"is one of {', '.join(self.routes)}"
            violation = Violation(f"facts.{ROUTE}", text, "ROUTE_UNKNOWN")
            raise InvalidArgument(f"facts.{ROUTE} {text}", reason="ROUTE_UNKNOWN", violations=(violation,))
        return self.routes[route]

    def rule(self, key: str) -> PartRule:
        """The rule of a part."""
        return next(rule for rule in self.parts if rule.key == key)


def bundle_kinds() -> Mapping[str, BundleKind]:
    """All kinds."""
    return _read()[0]


def bundle_kind(key: str) -> BundleKind:
    """One kind. Raises BundleKindUnknown."""
    found = bundle_kinds().get(key)
    if found is None:
        text = f"is one of {', '.join(sorted(bundle_kinds()))}"
        raise BundleKindUnknown(f"kind {text}", violations=(Violation("kind", text, "BUNDLE_KIND_UNKNOWN"),))
    return found


def authority_name(code: str) -> str:
    """What an authority is called, e.g. 税务机关."""
    return _read()[1][code]


def authority_codes() -> tuple[str, ...]:
    """Other authorities, each behind its port."""
    kinds = bundle_kinds().values()
    return tuple(sorted({rule.authority for kind in kinds for rule in kind.parts if rule.does == "authority"}))


def split_facts(facts: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """(facts of the case, answers for the other authorities). What neither knows stays with the case, which refuses it."""
    answers = _read()[2]
    return (
        {key: value for key, value in facts.items() if key not in answers},
        {key: value for key, value in facts.items() if key in answers},
    )


@cache
def _read() -> tuple[dict[str, BundleKind], dict[str, str], frozenset[str]]:
    raw: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    names = {code: body["name"] for code, body in raw["authorities"].items()}
    answers = frozenset(raw["answers"])
    if answers & KNOWN:
        raise ValueError(f"answers are facts of cases too: {sorted(answers & KNOWN)}")
    return {key: _kind(key, body, set(names), answers) for key, body in raw["bundles"].items()}, names, answers


def _kind(key: str, body: dict[str, Any], authorities: set[str], answers: frozenset[str]) -> BundleKind:
    before: set[str] = set()
    parts = []
    for entry in body["parts"]:
        rule = PartRule(
            entry["key"], entry["does"], entry["authority"], Ask(entry["ask"]), tuple(entry["after"]), entry["limit"],
            tuple(entry.get("when", ())), tuple(entry.get("tell", ())),
        )  # fmt: skip
        if not set(rule.after) <= before or rule.key in before:
            raise ValueError(f"bundle {key}: part {rule.key} comes before what it waits for, or twice")
        known = rule.does in DOERS and rule.authority in authorities and rule.limit in limits().kinds
        if not known or not set(rule.tell) <= answers:
            raise ValueError(f"bundle {key}: part {rule.key} names what is not there")
        before.add(rule.key)
        parts.append(rule)
    return BundleKind(key, body["name"], body["en"], body["source"], tuple(parts), body.get("routes", {}))
