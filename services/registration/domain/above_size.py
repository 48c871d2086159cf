"""Firms above designated size 四上: the classes of the official statistics, by the rule of `data/above_size.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from services.registration.domain.entities import EntityType
from shared.failures import InvalidArgument, Violation

_FILE = Path(__file__).resolve().parent.parent / "data" / "above_size.yaml"
# Divisions 大类 of GB/T 4754-2017 run from 01 to 97 without a gap.
LAST_DIVISION = 97


@dataclass(frozen=True, slots=True)
class SizeRule:
    """Who belongs to a class: `industries` are beginnings of codes of GB/T 4754, `least_revenue_fen` of a year in fen."""

    key: str
    industries: tuple[str, ...]
    least_revenue_fen: int
    qualified: bool
    valid_from: date
    valid_to: date | None
    source: str

    def holds(self, day: date) -> bool:
        """Whether the rule is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@cache
def size_rules() -> tuple[tuple[SizeRule, ...], frozenset[EntityType]]:
    """All rules, and the kinds of entity that are never taken."""
    data = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    rules = tuple(
        SizeRule(
            key=one["class"], industries=tuple(one["industries"]), least_revenue_fen=one["least_revenue_fen"],
            qualified=one["qualified"], valid_from=one["valid_from"], valid_to=one["valid_to"], source=one["source"],
        )
        for one in data["classes"]
    )  # fmt: skip
    return rules, frozenset(EntityType(kind) for kind in data["not_types"])


def size_class(entity_type: EntityType, industry: str, revenue_fen: int, qualified: bool, on_date: date) -> str:
    """Class of a firm by the revenue of a year (fen), e.g. INDUSTRY; "" when it is below, or of a trade without a class."""
    rules, never = size_rules()
    if entity_type in never:
        return ""
    fitting = [
        (len(beginning), rule)
        for rule in rules
        if rule.holds(on_date)
        for beginning in rule.industries
        if industry.startswith(beginning)
    ]
    if not fitting:
        return ""
    rule = max(fitting, key=lambda found: found[0])[1]
    return rule.key if revenue_fen >= rule.least_revenue_fen and (qualified or not rule.qualified) else ""


def check_industry(code: str, field: str) -> None:
    """Raise InvalidArgument unless this is a code of GB/T 4754-2017: its division 大类 and, if known, group and class."""
    if not (code.isascii() and code.isdigit() and 2 <= len(code) <= 4 and 1 <= int(code[:2]) <= LAST_DIVISION):
        violation = Violation(
            field, "must be a code of GB/T 4754-2017 with 2 to 4 digits, e.g. 5211", "INDUSTRY_UNKNOWN"
        )
        raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))
