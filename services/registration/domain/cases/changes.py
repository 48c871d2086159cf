"""What changes in an entity's life: registered facts (条例 art. 24), filed facts (art. 29), its kind (个转企), its registrar."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from services.registration.domain.cases.engine import (
    Action,
    EntityCase,
    Facts,
    Kind,
    Party,
    require_facts,
    require_true,
    with_reasons,
)
from services.registration.domain.cases.facts import NO_FACTS, REASONS, day_of
from services.registration.domain.cases.name_disputes import name_mended, require_other_name
from services.registration.domain.cases.new_facts import (
    CHANGE_FACTS,
    COMPANIES,
    CONVERSION_FACTS,
    MASK_FACT,
    amount_of,
    beside,
    check_conversion_term,
    check_name,
    check_new_facts,
    converted,
    invalid,
    new_facts,
    new_head,
    require_free_shares,
    require_no_reduction,
    type_after,
)
from services.registration.domain.entities import EntityType
from services.registration.domain.entity import Entity, EntityState
from services.registration.domain.limits import timeliness
from services.registration.domain.paid_in import TERM_FILED, check_filed_term
from shared.clock import local_date

_CHANGE, _FILING = "市场主体登记管理条例 arts. 24, 19; 实施细则 art. 18", "市场主体登记管理条例 art. 29"
_CONVERSION = "促进个体工商户发展条例 art. 13; 个体工商户登记管理规定 art. 17"
_OPERATOR = "促进个体工商户发展条例 art. 13"
_MOVE = "市场主体登记管理条例 art. 27; 实施细则 art. 62"
# A division of a province on the mainland (GB/T 2260); not all of them are known here by name.
_DIVISION = re.compile(r"(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])[0-9]{4}", re.ASCII)
# What is only filed (条例 art. 9).
FILED_FACTS = frozenset(
    {
        "ARTICLES",
        "TERM",
        "SUBSCRIBED_CAPITAL",
        "DIRECTORS",
        "SUPERVISORS",
        "MANAGERS",
        "CONTACT_PERSON",
        "BENEFICIAL_OWNERS",
    }
)
# Steps of the review carry no new values: what was checked is what is registered.
OPEN_STATES = (EntityState.ACTIVE, EntityState.DORMANT)


def _decided_on(facts: Facts, today: date) -> date:
    """The day of the change itself, from which the limit counts. Raises InvalidArgument."""
    day = day_of(facts, "event_date")
    if day > today:
        raise invalid("facts.event_date", "lies in the future", "EVENT_DATE_INVALID")
    return day


def _timeliness(case: EntityCase, facts: Facts, now: datetime, *limits: str) -> None:
    """Whether it came in time: late ones are registered all the same, and the lateness is told (条例 art. 46)."""
    today = local_date(now)
    case.facts |= timeliness(_decided_on(facts, today), today, *limits)


def _limits(entity: Entity) -> tuple[str, ...]:
    """By when a change is applied for; before 2022 the data know the limit of companies only."""
    return ("change_registration", *(("company_change_registration",) if entity.entity_type in COMPANIES else ()))


def _check_change(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    if facts.get("new_name"):
        require_other_name(entity, facts["new_name"], type_after(entity.entity_type, facts))
    check_new_facts(entity, facts, local_date(now))
    _timeliness(case, facts, now, *_limits(entity))
    return ()


def _register_change(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """What differs from the register by now; shares may be frozen, capital registered, the name withdrawn since the case was
    opened."""
    require_free_shares(entity, case.facts)
    require_no_reduction(entity, case.facts)
    new, others = new_facts(entity, case.facts), beside(case.facts)
    if "name" in new:
        require_other_name(entity, new["name"], new.get("entity_type"))
    told: list[Any] = [entity.change_facts(new, others)] if new or others else []
    if "name" in new:  # the name that had to go is gone (名称规定 art. 23)
        told += name_mended(entity)
    return told


def _extend_review(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    require_facts("approved_by")(facts)
    case.clocks.extend("review", "registration_review_extension", now, "COMPLEX_CASE")
    return ()


def review_steps(
    article: str, register: Any, withdrawn_from: tuple[str, ...] = ("UNDER_REVIEW",)
) -> tuple[Action, ...]:  # fmt: skip
    """The steps of the registrar that all reviews have (实施细则 art. 18), and the withdrawal."""
    # fmt: off
    return (
        Action("REGISTER", ("UNDER_REVIEW",), "REGISTERED", (Party.REGISTRAR,), article, register, uses=NO_FACTS),
        Action("REFUSE", ("UNDER_REVIEW",), "REFUSED", (Party.REGISTRAR,), article, with_reasons, uses=REASONS),
        Action("EXTEND", ("UNDER_REVIEW",), "UNDER_REVIEW", (Party.REGISTRAR,), article, _extend_review, keeps_time=True,
               uses=frozenset({"approved_by"}), possible=lambda case: not case.clocks.was_extended("review")),
        Action("WITHDRAW", withdrawn_from, "WITHDRAWN", (Party.APPLICANT,), article, uses=NO_FACTS),
    )
    # fmt: on


_OWED: Mapping[str, tuple[Party, str, str]] = {"UNDER_REVIEW": (Party.REGISTRAR, "decision", "review")}
_CLOCKS = {"review": "registration_review"}
CHANGE = Kind(
    key="CHANGE", article=_CHANGE, opens_in=OPEN_STATES, first="UNDER_REVIEW", by=(Party.APPLICANT,), check=_check_change,
    owed=_OWED, clocks=_CLOCKS, actions=review_steps(_CHANGE, _register_change), uses=CHANGE_FACTS, wakes=("NAME_DISPUTE",),
)  # fmt: skip


def _check_filing(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    if facts.get("filed") not in FILED_FACTS:
        raise invalid("facts.filed", f"is one of {', '.join(sorted(FILED_FACTS))}", "FILED_FACT_UNKNOWN")
    if facts.get("new_paid_in_due_date"):
        if facts["filed"] != TERM_FILED:
            raise invalid("facts.new_paid_in_due_date", f"goes with filed {TERM_FILED}", "FACT_NOT_USED")
        check_filed_term(entity, facts["new_paid_in_due_date"], local_date(now))
    _timeliness(case, facts, now, "filing")
    return ()


def _file_term(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """Another day by which the capital is paid in: shorter as the 2024 rules demand, or as the company likes."""
    if not facts.get("new_paid_in_due_date") or entity.capital is None:
        return ()
    entity.capital = replace(entity.capital, paid_in_due_date=facts["new_paid_in_due_date"])
    return (entity.change_facts({}, ("paid_in_due_date",)),)


# A filing informs and is on record at once; nobody decides.
FILING = Kind(
    key="FILING", article=_FILING, opens_in=OPEN_STATES, first="RECORDED", by=(Party.APPLICANT,), check=_check_filing,
    opening=_file_term, owed={}, actions=(), uses=frozenset({"filed", "event_date", "new_paid_in_due_date"}),
)  # fmt: skip


def _check_operator(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """The direct change of the operator: no cancellation and new set-up, but taxes settled and debts dealt with."""
    _require_sole_trader(entity, _OPERATOR)
    require_true(facts, _OPERATOR, "taxes_settled", "debts_dealt_with")
    _timeliness(case, facts, now, *_limits(entity))
    return ()


def _change_operator(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    return (entity.change_facts(new_head(case.facts)),)


def _require_sole_trader(entity: Entity, article: str) -> None:
    if entity.entity_type is not EntityType.SOLE_TRADER:
        raise invalid("entity_id", f"is no sole trader ({article})", "NO_SOLE_TRADER")


OPERATOR_CHANGE = Kind(
    key="CHANGE_OF_OPERATOR", article=_OPERATOR, opens_in=OPEN_STATES, first="UNDER_REVIEW", by=(Party.APPLICANT,),
    check=_check_operator, owed=_OWED, clocks=_CLOCKS, actions=review_steps(_OPERATOR, _change_operator),
    uses=frozenset({"event_date", "taxes_settled", "debts_dealt_with", MASK_FACT}),
)  # fmt: skip


def _check_conversion(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """The direct route: taxes settled and debts dealt with (发展条例 art. 13); code and founding date are kept (T16)."""
    _require_sole_trader(entity, _CONVERSION)
    require_true(facts, _OPERATOR, "taxes_settled", "debts_dealt_with")
    require_facts("new_name", "new_entity_type", "new_capital_fen")(facts)
    if facts["new_entity_type"] not in _INTO:
        raise invalid("facts.new_entity_type", f"is one of {', '.join(sorted(_INTO))}", "ENTITY_TYPE_NOT_ALLOWED")
    amount_of(facts)  # its licence states the capital 注册资本, 出资额 (条例 art. 8); a sole trader had none
    check_conversion_term(facts, local_date(now))
    check_name(facts["new_name"], EntityType(facts["new_entity_type"]), entity.division_code)
    require_other_name(entity, facts["new_name"], EntityType(facts["new_entity_type"]))
    if facts.get("event_date"):
        _timeliness(case, facts, now, *_limits(entity))
    return ()


_INTO = frozenset({EntityType.LIMITED_COMPANY, EntityType.SOLE_PROPRIETORSHIP, EntityType.GENERAL_PARTNERSHIP,
                   EntityType.LIMITED_PARTNERSHIP})  # fmt: skip


def _convert(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    require_other_name(entity, case.facts["new_name"], EntityType(case.facts["new_entity_type"]))
    told = entity.change_facts(converted(entity, case.facts), beside(case.facts))
    return [told, *name_mended(entity)]


CONVERSION = Kind(
    key="CONVERSION", article=_CONVERSION, opens_in=(EntityState.ACTIVE,), first="UNDER_REVIEW", by=(Party.APPLICANT,),
    check=_check_conversion, owed=_OWED, clocks=_CLOCKS, actions=review_steps(_CONVERSION, _convert),
    wakes=("NAME_DISPUTE",), uses=CONVERSION_FACTS,
)  # fmt: skip


def _check_move(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """The new registrar has agreed to take it before it moves (条例 art. 27). Where it was asked there, its letter is entered by
    the registrar here."""
    require_facts("to_division_code", "taking_over_ref")(facts)
    field = "facts.to_division_code"
    if facts["to_division_code"] == entity.division_code:
        raise invalid(field, f"is where it is kept: a new address here is a CHANGE ({_MOVE})", "SAME_DIVISION")
    if not _DIVISION.fullmatch(facts["to_division_code"]):
        raise invalid(field, "must be six digits of GB/T 2260, e.g. 320402", "DIVISION_INVALID")
    return ()


def _leave(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    return (entity.move(EntityState.MOVED_OUT, "MOVED_OUT", now),)


MOVE_OUT = Kind(
    key="MOVE_OUT", article=_MOVE, opens_in=(EntityState.ACTIVE,), first="REQUESTED", by=(Party.APPLICANT, Party.REGISTRAR),
    check=_check_move, clocks={"files": "file_transfer"}, uses=frozenset({"to_division_code", "taking_over_ref"}),
    owed={"REQUESTED": (Party.REGISTRAR, "files", "files")},
    actions=(
        Action("HAND_OVER", ("REQUESTED",), "HANDED_OVER", (Party.REGISTRAR,), _MOVE, _leave, uses=NO_FACTS),
        Action("WITHDRAW", ("REQUESTED",), "WITHDRAWN", (Party.APPLICANT, Party.REGISTRAR), _MOVE, uses=NO_FACTS),
    ),
)  # fmt: skip
