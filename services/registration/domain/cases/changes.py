"""What changes in an entity's life: registered facts (条例 art. 24), filed facts (art. 29), its kind (个转企), its registrar."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
from services.registration.domain.cases.facts import day_of
from services.registration.domain.cases.name_disputes import name_mended, require_other_name
from services.registration.domain.entities import Capital, EntityType
from services.registration.domain.entity import Entity, EntityState, Flag
from services.registration.domain.form_check import Domicile
from services.registration.domain.limits import known_due_date
from services.registration.domain.naming import name_violations, parse_name
from shared.clock import local_date
from shared.failures import FailedPrecondition, InvalidArgument, Violation

_CHANGE, _FILING = "市场主体登记管理条例 arts. 24, 19; 实施细则 art. 18", "市场主体登记管理条例 art. 29"
_CONVERSION = "促进个体工商户发展条例 art. 13; 个体工商户登记管理规定 art. 17"
_OPERATOR = "促进个体工商户发展条例 art. 13"
_MOVE = "市场主体登记管理条例 art. 27; 实施细则 art. 62"
# Registered facts that a change may carry (条例 art. 8), as `new_<fact>`; and what is only filed (art. 9).
REGISTERED_FACTS = ("name", "address", "business_scope", "legal_representative_masked")
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
OPEN_STATES = (EntityState.ACTIVE, EntityState.DORMANT)


class SharesFrozen(FailedPrecondition):
    """While shares are frozen, nothing that touches them is registered."""


def _decided_on(facts: Facts, today: date) -> date:
    """The day of the change itself, from which the limit counts. Raises InvalidArgument."""
    day = day_of(facts, "event_date")
    if day > today:
        violation = Violation("facts.event_date", "lies in the future", "EVENT_DATE_INVALID")
        raise InvalidArgument("event_date lies in the future", reason="EVENT_DATE_INVALID", violations=(violation,))
    return day


def _timeliness(case: EntityCase, kind: str, facts: Facts, now: datetime) -> None:
    """Whether it came in time: late ones are registered all the same, and the lateness is told (条例 art. 46)."""
    due = known_due_date(kind, _decided_on(facts, local_date(now)))
    case.facts |= {"due_date": due, "in_time": str(not due or local_date(now).isoformat() <= due).lower()}


def _new_facts(entity: Entity, facts: Facts) -> dict[str, Any]:
    new: dict[str, Any] = {name: facts[f"new_{name}"] for name in REGISTERED_FACTS if facts.get(f"new_{name}")}
    if "address" in new:
        new["domicile"] = Domicile(entity.domicile.division_code, new.pop("address"))
    return new


def changed_facts(facts: Facts) -> list[str]:
    """The facts of the entity that a change with these facts touches, by their names in the register."""
    called = {"address": "domicile", "capital_fen": "capital"}
    named = [name for name in (*REGISTERED_FACTS, "entity_type", "capital_fen") if facts.get(f"new_{name}")]
    return [called.get(name, name) for name in named]


def _check_change(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    new = _new_facts(entity, facts)
    if not new:
        violation = Violation(
            "facts", "name what changes: new_name, new_address, new_business_scope, or the person", "NO_CHANGE"
        )
        raise InvalidArgument(violation.description, reason="NO_CHANGE", violations=(violation,))
    if "name" in new:
        name = parse_name(new["name"], entity.entity_type, entity.division_code)
        if violations := name_violations(name, entity.division_code, entity.entity_type):
            raise InvalidArgument(violations[0].description, reason=violations[0].reason, violations=tuple(violations))
        require_other_name(entity, new["name"])
    if (
        "legal_representative_masked" in new
        and Flag.SHARES_FROZEN in entity.flags
        and facts.get("transfers_shares") == "true"
    ):
        raise SharesFrozen("the shares are frozen by a court (实施细则 art. 48(2))")
    _timeliness(case, "change_registration", facts, now)
    return ()


def _register_change(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    new = _new_facts(entity, case.facts)
    if "name" in new:  # a ruling may have come since it was asked for
        require_other_name(entity, new["name"])
    told: list[Any] = [entity.change_facts(new)]
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
    return (
        Action("REGISTER", ("UNDER_REVIEW",), "REGISTERED", (Party.REGISTRAR,), article, register),
        Action("REFUSE", ("UNDER_REVIEW",), "REFUSED", (Party.REGISTRAR,), article, with_reasons),
        Action(
            "EXTEND", ("UNDER_REVIEW",), "UNDER_REVIEW", (Party.REGISTRAR,), article, _extend_review, keeps_time=True
        ),
        Action("WITHDRAW", withdrawn_from, "WITHDRAWN", (Party.APPLICANT,), article),
    )


_OWED: Mapping[str, tuple[Party, str, str]] = {"UNDER_REVIEW": (Party.REGISTRAR, "decision", "review")}
_CLOCKS = {"review": "registration_review"}
CHANGE = Kind(
    key="CHANGE", article=_CHANGE, opens_in=OPEN_STATES, first="UNDER_REVIEW", by=(Party.APPLICANT,), check=_check_change,
    owed=_OWED, clocks=_CLOCKS, actions=review_steps(_CHANGE, _register_change), wakes=("NAME_DISPUTE",),
)  # fmt: skip


def _check_filing(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    if facts.get("filed") not in FILED_FACTS:
        violation = Violation("facts.filed", f"is one of {', '.join(sorted(FILED_FACTS))}", "FILED_FACT_UNKNOWN")
        raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))
    _timeliness(case, "filing", facts, now)
    return ()


# A filing informs and is on record at once; nobody decides.
FILING = Kind(
    key="FILING", article=_FILING, opens_in=OPEN_STATES, first="RECORDED", by=(Party.APPLICANT,), check=_check_filing,
    owed={}, actions=(),
)  # fmt: skip


def _check_operator(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """The direct change of the operator: no cancellation and new set-up, but taxes settled and debts dealt with."""
    _require_sole_trader(entity, _OPERATOR)
    require_true(facts, _OPERATOR, "taxes_settled", "debts_dealt_with")
    _timeliness(case, "change_registration", facts, now)
    return ()


def _change_operator(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    return (entity.change_facts(_new_head(case.facts)),)


def _new_head(facts: Facts) -> dict[str, str]:
    masked = facts.get("new_legal_representative_masked")
    return {"legal_representative_masked": masked} if masked else {}


def _require_sole_trader(entity: Entity, article: str) -> None:
    if entity.entity_type is not EntityType.SOLE_TRADER:
        violation = Violation("entity_id", f"is no sole trader ({article})", "NO_SOLE_TRADER")
        raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))


OPERATOR_CHANGE = Kind(
    key="CHANGE_OF_OPERATOR", article=_OPERATOR, opens_in=OPEN_STATES, first="UNDER_REVIEW", by=(Party.APPLICANT,),
    check=_check_operator, owed=_OWED, clocks=_CLOCKS, actions=review_steps(_OPERATOR, _change_operator),
)  # fmt: skip


def _check_conversion(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """The direct route: taxes settled and debts dealt with (发展条例 art. 13); code and founding date are kept (T16)."""
    _require_sole_trader(entity, _CONVERSION)
    require_true(facts, _OPERATOR, "taxes_settled", "debts_dealt_with")
    require_facts("new_name", "new_entity_type", "new_capital_fen")(facts)
    if facts["new_entity_type"] not in _INTO:
        violation = Violation(
            "facts.new_entity_type", f"is one of {', '.join(sorted(_INTO))}", "ENTITY_TYPE_NOT_ALLOWED"
        )
        raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))
    if not _FEN.fullmatch(facts["new_capital_fen"]):
        violation = Violation("facts.new_capital_fen", "is a number of fen, more than zero", "CAPITAL_MISSING")
        raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))
    kind = EntityType(facts["new_entity_type"])
    name = parse_name(facts["new_name"], kind, entity.division_code)
    if violations := name_violations(name, entity.division_code, kind):
        raise InvalidArgument(violations[0].description, reason=violations[0].reason, violations=tuple(violations))
    require_other_name(entity, facts["new_name"], kind)
    return ()


# Its licence states the capital 注册资本, 出资额 (条例 art. 8); a sole trader had none.
_FEN = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_INTO = frozenset({EntityType.LIMITED_COMPANY, EntityType.SOLE_PROPRIETORSHIP, EntityType.GENERAL_PARTNERSHIP,
                   EntityType.LIMITED_PARTNERSHIP})  # fmt: skip


def _convert(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    kind, capital = EntityType(case.facts["new_entity_type"]), Capital(int(case.facts["new_capital_fen"]))
    require_other_name(entity, case.facts["new_name"], kind)
    head = _new_head(case.facts)  # the operator stays at its head unless somebody else is named
    changed = {"entity_type": kind, "name": case.facts["new_name"], "capital": capital, **head}
    return [entity.change_facts(changed), *name_mended(entity)]


CONVERSION = Kind(
    key="CONVERSION", article=_CONVERSION, opens_in=(EntityState.ACTIVE,), first="UNDER_REVIEW", by=(Party.APPLICANT,),
    check=_check_conversion, owed=_OWED, clocks=_CLOCKS, actions=review_steps(_CONVERSION, _convert),
    wakes=("NAME_DISPUTE",),
)  # fmt: skip


def _check_move(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """The new registrar has agreed to take it before it moves (条例 art. 27)."""
    require_facts("to_division_code", "taking_over_ref")(facts)
    return ()


def _leave(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    return (entity.move(EntityState.MOVED_OUT, "MOVED_OUT", now),)


MOVE_OUT = Kind(
    key="MOVE_OUT", article=_MOVE, opens_in=(EntityState.ACTIVE,), first="REQUESTED", by=(Party.APPLICANT, Party.AUTHORITY),
    check=_check_move, clocks={"files": "file_transfer"},
    owed={"REQUESTED": (Party.REGISTRAR, "files", "files")},
    actions=(
        Action("HAND_OVER", ("REQUESTED",), "HANDED_OVER", (Party.REGISTRAR,), _MOVE, _leave),
        Action("WITHDRAW", ("REQUESTED",), "WITHDRAWN", (Party.APPLICANT,), _MOVE),
    ),
)  # fmt: skip
