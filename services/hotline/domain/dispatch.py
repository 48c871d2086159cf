"""What a request is about and who is competent for it: words point to a category, the duty list names the unit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shared.failures import InvalidArgument, Violation

DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Category:
    """A leaf of the tree. `name`: the three levels from the top. `urgency`: DANGER, UTILITY or GENERAL."""

    code: str
    name: tuple[str, str, str]
    urgency: str
    words: tuple[str, ...]


def categories() -> tuple[Category, ...]:
    """All categories, in the order of the data."""
    return _categories()[0]


def category(code: str) -> Category:
    """The category of a code. Raises InvalidArgument (CATEGORY_UNKNOWN)."""
    for found in categories():
        if found.code == code:
            return found
    description = f"there is no category {code[:20]!r}"
    violation = Violation("category_code", description, "CATEGORY_UNKNOWN")
    raise InvalidArgument(description, reason="CATEGORY_UNKNOWN", violations=(violation,))


def suggest(text: str) -> Category | None:
    """The category that the words of a text point to; None when none fits, which is a lawful outcome (25.4-34).

    A word counts by its length; the title may be given first, since words count wherever they stand.
    """
    found, threshold = _categories()
    weights = [sum(len(word) for word in candidate.words if word in text) for candidate in found]
    best = max(weights, default=0)
    return found[weights.index(best)] if best >= threshold else None


def competent_unit(code: str, territory: str, division_code: str) -> str:
    """The unit that the duty list names for a category in a territory; "" when the list names none.

    A territory's own line comes before the district's (职权法定、属地管理).
    """
    line: dict[str, str] = _duties()["duties"].get(code, {})
    unit = line.get(territory) or line.get("*", "")
    return f"{division_code}-{unit}" if unit else ""


def check_unit(unit_code: str, division_code: str) -> None:
    """Raise InvalidArgument (UNIT_UNKNOWN) for a unit that is not on the duty list."""
    division, _, unit = unit_code.partition("-")
    if division != division_code or unit not in _duties()["units"]:
        description = f"no unit {unit_code[:40]!r} is on the duty list"
        raise InvalidArgument(
            description, reason="UNIT_UNKNOWN", violations=(Violation("unit_code", description, "UNIT_UNKNOWN"),)
        )


@cache
def _categories() -> tuple[tuple[Category, ...], int]:
    raw = _load("categories.yaml")
    found = tuple(Category(c["code"], tuple(c["name"]), c["urgency"], tuple(c["words"])) for c in raw["categories"])
    return found, int(raw["threshold"])


def _duties() -> dict[str, Any]:
    return _load("duties.yaml")


@cache
def _load(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    return content
