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
from shared.labels import spelt

_FILE = Path(__file__).resolve().parent.parent / "data" / "holder_facts.yaml"
ALL_ITEMS = "*"
# The fact whose value names a person who is not the holder: it is asked for only when needed.
LEGAL_REPRESENTATIVE = "legal_representative_masked"
# A line of the form that may name the holder or its representative, but under a label that nobody knows, or with another
# value than the line beside it: it stays as it was written, and somebody must look at it.
LINE_NOT_FOLLOWED = "LINE_NOT_FOLLOWED"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a permit of some items does with a fact. `keeps`: the code of why it keeps the old value; "" = it follows."""

    items: frozenset[str]
    keeps: str
    source: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact of a holder as permits show it. `shown_as`: the lines of the permit's content in which it may stand, the best
    known first; `resembles`: words of a label that nobody knows but that may be of the kind."""

    fact: str
    shown_as: tuple[str, ...]
    resembles: tuple[str, ...]
    rules: tuple[Rule, ...]

    def rule(self, item_key: str, filing: bool = False) -> Rule | None:
        """The rule for an item; None when its permit does not show the fact. A filing is always named in its rule: "*" is
        about permits."""
        every = frozenset() if filing else frozenset({ALL_ITEMS})
        return next((rule for rule in self.rules if rule.items & (every | {item_key})), None)

    def lines(self, content: Mapping[str, str]) -> list[str]:
        """The lines of a content in which the fact may stand, by the order of `shown_as`."""
        places = {spelt(label): place for place, label in enumerate(self.shown_as)}
        found = [label for label, value in content.items() if value and spelt(label) in places]
        return sorted(found, key=lambda label: places[spelt(label)])

    def names(self, label: str) -> bool:
        """Whether this line is one of its own."""
        return spelt(label) in {spelt(own) for own in self.shown_as}


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of a holder means for one permit. `follows`: the lines of its content, by fact; `kept`: reasons."""

    follows: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kept: tuple[str, ...] = ()


class HolderFacts:
    """All rules. Raises ValueError for data that name an unknown item or say neither or both of follows and keeps."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.valid_from: date = raw["valid_from"]
        self.valid_to: date | None = raw["valid_to"]
        self.source: str = raw["source"]
        self.facts = {name: _shown(name, body) for name, body in raw["facts"].items()}

    def effect(
        self, item_key: str, facts: Sequence[str], content: Mapping[str, str], day: date, filing: bool = False
    ) -> Effect:  # fmt: skip
        """What a change of these facts on this day means for a permit (or a filing) of an item that shows `content`."""
        if day < self.valid_from or (self.valid_to is not None and day > self.valid_to):
            return Effect()
        follows: dict[str, tuple[str, ...]] = {}
        kept: list[str] = []
        for name in facts:
            shown = self.facts.get(name)
            rule = shown.rule(item_key, filing) if shown else None
            if shown is None or rule is None:
                continue
            lines, doubtful = shown.lines(content), self._doubtful(shown, content)
            if rule.keeps:
                kept += [rule.keeps] if lines or doubtful else []
                continue
            # one form may name two: a line is this one's when it says what the best known line says
            same = tuple(line for line in lines if spelt(content[line]) == spelt(content[lines[0]]))
            if same:
                follows[name] = same
            if doubtful or len(same) < len(lines):
                kept.append(LINE_NOT_FOLLOWED)
        return Effect(follows, tuple(dict.fromkeys(kept)))

    def _doubtful(self, shown: Shown, content: Mapping[str, str]) -> bool:
        """Whether a line may show the fact under a label that no fact knows."""
        return any(
            value and any(word in label for word in shown.resembles)
            and not any(other.names(label) for other in self.facts.values())
            for label, value in content.items()
        )  # fmt: skip

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
    return Shown(name, tuple(body["shown_as"]), tuple(body.get("resembles") or ()), tuple(rules))


@cache
def holder_facts() -> HolderFacts:
    """The rules of this platform."""
    return HolderFacts(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
