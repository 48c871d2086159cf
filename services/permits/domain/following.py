"""Which facts of its holder a permit shows, and whether it follows them by itself (`../data/holder_facts.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.permits.domain.catalogue import Catalogue

_FILE = Path(__file__).resolve().parent.parent / "data" / "holder_facts.yaml"
ALL_ITEMS = "*"
# The fact whose value names a person who is not the holder: it is asked for only when needed.
LEGAL_REPRESENTATIVE = "legal_representative_masked"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a permit of some items does with a fact. `keeps`: the code of why it keeps the old value; "" = it follows."""

    items: frozenset[str]
    keeps: str
    source: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact of a holder as permits show it. `shown_as`: the line of the permit's content in which it stands."""

    fact: str
    shown_as: str
    rules: tuple[Rule, ...]

    def rule(self, item_key: str) -> Rule | None:
        """The rule for an item; None when its permit does not show the fact."""
        return next((rule for rule in self.rules if item_key in rule.items or ALL_ITEMS in rule.items), None)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of a holder means for one permit. `follows`: the line of its content, by fact; `kept`: reasons."""

    follows: dict[str, str] = field(default_factory=dict)
    kept: tuple[str, ...] = ()


class HolderFacts:
    """All rules. Raises ValueError for data that name an unknown item or say neither or both of follows and keeps."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.valid_from: date = raw["valid_from"]
        self.valid_to: date | None = raw["valid_to"]
        self.source: str = raw["source"]
        self.facts = {name: _shown(name, body) for name, body in raw["facts"].items()}

    def effect(self, item_key: str, facts: Sequence[str], content: Mapping[str, str], day: date) -> Effect:
        """What a change of these facts on this day means for a permit of an item that shows `content`."""
        if day < self.valid_from or (self.valid_to is not None and day > self.valid_to):
            return Effect()
        follows: dict[str, str] = {}
        kept: list[str] = []
        for name in facts:
            shown = self.facts.get(name)
            rule = shown.rule(item_key) if shown else None
            if shown is None or rule is None or not content.get(shown.shown_as):
                continue
            if rule.keeps:
                kept.append(rule.keeps)
            else:
                follows[name] = shown.shown_as
        return Effect(follows, tuple(dict.fromkeys(kept)))

    def unknown_items(self, catalogue: Catalogue) -> set[str]:
        """Items of the rules that the catalogue does not know."""
        named = {item for shown in self.facts.values() for rule in shown.rules for item in rule.items}
        return named - {ALL_ITEMS} - set(catalogue.keys())


def _shown(name: str, body: Mapping[str, Any]) -> Shown:
    rules = []
    for rule in body["rules"]:
        if bool(rule.get("follows")) == bool(rule.get("keeps")) or not rule.get("source"):
            raise ValueError(f"a rule of {name} says either follows or keeps, and its source")
        items = frozenset([rule["items"]] if isinstance(rule["items"], str) else rule["items"])
        rules.append(Rule(items, rule.get("keeps", ""), rule["source"]))
    return Shown(name, body["shown_as"], tuple(rules))


@cache
def holder_facts() -> HolderFacts:
    """The rules of this platform."""
    return HolderFacts(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
