"""What creditors are told of beforehand: a company's capital goes down 减资, companies merge 合并, a company divides 分立.

公司法 (2023) arts. 220, 222, 224: creditors are told within 10 days of the resolution and the public within 30; 实施细则 arts. 21,
36: registration is applied for 45 days after the notice. The case begins with the notice. A creditor who objects stops nothing
for good, but no registration is applied for before its claim is paid or secured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.registration.domain.cases.changes import review_steps
from services.registration.domain.cases.engine import (
    Action,
    EntityCase,
    Facts,
    Kind,
    Party,
    Rule,
    give_reasons,
    require_facts,
    require_true,
)
from services.registration.domain.cases.facts import NO_FACTS, REASONS, day_of
from services.registration.domain.cases.new_facts import COMPANIES, SharesFrozen, amount_of, invalid
from services.registration.domain.entities import Capital
from services.registration.domain.entity import Entity, EntityState, Flag
from services.registration.domain.limits import timeliness
from shared.clock import LOCAL, local_date
from shared.failures import FailedPrecondition
from shared.national_codes import check_uscc

_REDUCTION = "公司法 art. 224; 市场主体登记管理条例实施细则 art. 36"
_MERGER = "公司法 arts. 218-221; 市场主体登记管理条例实施细则 art. 21"
_DIVISION = "公司法 arts. 222-223; 市场主体登记管理条例实施细则 art. 21"
_ANYBODY = (Party.AUTHORITY, Party.REGISTRAR, Party.APPLICANT)
# What becomes of the company, by kind of case; and whether it ends.
ROLES: Mapping[str, Mapping[str, bool]] = {
    # 吸收合并 as the one that takes the other in, 被吸收 or 新设合并 as one that ends
    "MERGER": {"SURVIVING": False, "ABSORBED": True},
    # 存续分立, 解散分立
    "DIVISION": {"SURVIVING": False, "DISSOLVED": True},
}


class NoCompany(FailedPrecondition):
    """Only a company reduces its capital, merges or divides by this procedure (公司法)."""


class CreditorsNotTold(FailedPrecondition):
    """The known creditors are told one by one, beside the public notice (公司法 arts. 220, 222, 224)."""


class ObjectionOpen(FailedPrecondition):
    """A creditor objected; its claim is paid or secured first (公司法 arts. 220, 224)."""


def _announce(case: EntityCase, entity: Entity, facts: Facts, now: datetime, article: str) -> None:
    """What all three need: a company whose shares are free, a resolution, a notice in time (lateness is told, 条例 art. 46)."""
    if entity.entity_type not in COMPANIES:
        raise NoCompany(f"only a company does this ({article})", metadata={"entity_type": entity.entity_type.value})
    if Flag.SHARES_FROZEN in entity.flags:
        raise SharesFrozen(f"the shares are frozen by a court; nothing that touches them is registered ({article})")
    resolved, today = day_of(facts, "event_date"), local_date(now)
    if resolved > today:
        raise invalid("facts.event_date", "lies in the future", "EVENT_DATE_INVALID")
    case.facts |= timeliness(resolved, today, "creditors_public_notice")


def _require_reduction(entity: Entity, amount: int) -> None:
    if entity.capital is None:
        raise invalid("entity_id", f"states no capital ({_REDUCTION})", "NO_CAPITAL")
    if amount >= entity.capital.amount_fen:
        text = f"must be less than {entity.capital.amount_fen}; more capital is a CHANGE"
        raise invalid("facts.new_capital_fen", text, "NO_REDUCTION")


def _check_reduction(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    _require_reduction(entity, amount_of(facts))
    _announce(case, entity, facts, now, _REDUCTION)
    return ()


def _check_role(article: str) -> Rule:
    def check(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
        require_facts("role", *(("other_uscc",) if case.kind == "MERGER" else ()))(facts)
        if facts["role"] not in ROLES[case.kind]:
            raise invalid("facts.role", f"is one of {', '.join(ROLES[case.kind])}", "ROLE_UNKNOWN")
        if case.kind == "MERGER":
            check_uscc(facts["other_uscc"], "facts.other_uscc")
            if facts["other_uscc"] == entity.uscc:
                raise invalid("facts.other_uscc", "is the company itself", "SAME_COMPANY")
        if facts.get("new_capital_fen"):
            if ROLES[case.kind][facts["role"]]:
                raise invalid("facts.new_capital_fen", "is of no use to a company that ends", "FACT_NOT_USED")
            amount_of(facts)
        _announce(case, entity, facts, now, article)
        return ()

    return check


def _start(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """Telling the creditors counts from the resolution, the notice from today."""
    resolved = datetime.combine(date.fromisoformat(facts["event_date"]), datetime.min.time(), LOCAL)
    case.clocks.start("creditors", "creditors_told_of_change", resolved)
    return ()


def _tell(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    require_true(facts, "公司法 arts. 220, 222, 224", "creditors_told")
    case.clocks.end("creditors", now, "TOLD")
    return ()


def _over(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """The notice is over; telling the creditors may still be owed."""
    case.clocks.end("notice", now, "NOTICE_OVER")
    return ()


def _object(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    give_reasons(case, facts)
    case.facts |= {"objected": "true"}
    return ()


def _apply(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """The statement on debts paid or secured comes with the application (实施细则 arts. 21, 36)."""
    if case.facts.get("creditors_told") != "true":
        raise CreditorsNotTold("tell the known creditors first (公司法 arts. 220, 222, 224)")
    if case.facts.get("objected") == "true" and facts.get("claims_settled") != "true":
        raise ObjectionOpen("a creditor objected; pay or secure the claim first (公司法 arts. 220, 224)")
    require_true(facts, "市场主体登记管理条例实施细则 arts. 21, 36", "debts_dealt_with")
    return ()


def _register(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """The capital changes; a company that is absorbed or dissolved ends without clearing (公司法 arts. 221, 223, 229)."""
    if Flag.SHARES_FROZEN in entity.flags:
        raise SharesFrozen("the shares are frozen by a court; nothing that touches them is registered")
    if ROLES.get(case.kind, {}).get(case.facts.get("role", "")):
        return (entity.move(EntityState.CANCELLED, "MERGED" if case.kind == "MERGER" else "DIVIDED", now),)
    if not case.facts.get("new_capital_fen"):
        return ()
    if case.kind == "CAPITAL_REDUCTION":
        _require_reduction(entity, amount_of(case.facts))  # another case may have changed the capital meanwhile
    was = entity.capital or Capital(0)
    capital = Capital(amount_of(case.facts), was.currency, was.paid_in_due_date)
    return (entity.change_facts({"capital": capital}),)


def _kind(key: str, article: str, check: Rule, *uses: str) -> Kind:
    before = ("ANNOUNCED", "READY")
    return Kind(
        key=key, article=article, opens_in=(EntityState.ACTIVE,), first="ANNOUNCED", by=(Party.APPLICANT,), check=check,
        opening=_start, clocks={"notice": "creditors_notice_of_change"},
        uses=frozenset({"event_date", "new_capital_fen", *uses}),
        owed={
            "ANNOUNCED": (Party.PLATFORM, "notice", "notice"),
            "READY": (Party.APPLICANT, "application", ""),
            "UNDER_REVIEW": (Party.REGISTRAR, "decision", "review"),
        },
        actions=(
            *(Action("TELL_CREDITORS", (s,), s, (Party.APPLICANT,), article, _tell, keeps_time=True,
                     uses=frozenset({"creditors_told"})) for s in before),
            *(Action("OBJECT", (s,), s, _ANYBODY, article, _object, keeps_time=True, uses=REASONS) for s in before),
            Action("NOTICE_OVER", ("ANNOUNCED",), "READY", (Party.PLATFORM,), article, _over, keeps_time=True,
                   when_over="notice", uses=NO_FACTS),
            Action("APPLY", ("READY",), "UNDER_REVIEW", (Party.APPLICANT,), article, _apply,
                   clocks={"review": "registration_review"}, uses=frozenset({"debts_dealt_with", "claims_settled"})),
            *review_steps(article, _register, withdrawn_from=("ANNOUNCED", "READY", "UNDER_REVIEW")),
        ),
    )  # fmt: skip


CAPITAL_REDUCTION = _kind("CAPITAL_REDUCTION", _REDUCTION, _check_reduction)
MERGER = _kind("MERGER", _MERGER, _check_role(_MERGER), "role", "other_uscc")
DIVISION = _kind("DIVISION", _DIVISION, _check_role(_DIVISION), "role")
