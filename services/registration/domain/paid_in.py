"""By when the capital of a limited company is paid in (公司法 art. 47), and who must shorten an older term (`data/duties.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.registration.domain.entities import EntityType, parse_date
from services.registration.domain.entity import EXISTING, Entity
from services.registration.domain.limits import limit
from shared.failures import InvalidArgument, Violation
from shared.working_calendar import add_months

_FILE = Path(__file__).resolve().parent.parent / "data" / "duties.yaml"
_FIELD = "facts.new_paid_in_due_date"
# Amounts and days that shareholders subscribe are filed, not registered (条例 art. 9).
TERM_FILED = "SUBSCRIBED_CAPITAL"


@dataclass(frozen=True, slots=True)
class Duty:
    """What an entity must do by a day, by which article. `latest`: last day that its new term may have, ISO date."""

    code: str
    due_date: str
    latest: str
    source: str


@cache
def _rule() -> dict[str, Any]:
    rule: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))["paid_in_term"]
    return rule


def duties(entity: Entity) -> list[Duty]:
    """What it still has to do. A company of which the register states no day has none that could be told."""
    rule, day = _rule(), (entity.capital.paid_in_due_date or "") if entity.capital else ""
    if not _is_older(entity) or entity.state not in EXISTING or day <= rule["latest"].isoformat():
        return []
    return [Duty(rule["code"], rule["due_date"].isoformat(), rule["latest"].isoformat(), rule["source"])]


def check_filed_term(entity: Entity, text: str, today: date) -> None:
    """A day that is filed alone is no later than the one before it, or than five years after the founding; of an older company
    no later than the rules of 2024 allow. Raises InvalidArgument."""
    if entity.entity_type is not EntityType.LIMITED_COMPANY or entity.capital is None:
        raise _invalid("is filed by a limited company that states its capital (公司法 art. 47)", "FACT_NOT_USED")
    day, rule, term = parse_date(text, _FIELD), _rule(), limit("paid_in_capital", today)
    latest = add_months(date.fromisoformat(entity.founding_date), term.amount, roll=False)
    source = term.source
    if before := entity.capital.paid_in_due_date:
        latest = max(latest, date.fromisoformat(before))
    if _is_older(entity):
        latest, source = min(latest if before else rule["latest"], rule["latest"]), rule["source"]
    if day > latest:
        raise _invalid(f"must be no later than {latest.isoformat()} ({source})", "PAID_IN_TERM_TOO_LONG")


def _is_older(entity: Entity) -> bool:
    """Whether the rules for companies from before the new Company Law are its rules."""
    limited = entity.entity_type is EntityType.LIMITED_COMPANY
    return limited and entity.founding_date <= _rule()["founded_until"].isoformat()


def _invalid(text: str, reason: str) -> InvalidArgument:
    return InvalidArgument(f"{_FIELD} {text}", reason=reason, violations=(Violation(_FIELD, text, reason),))
