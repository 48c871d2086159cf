"""New values of registered facts (条例 art. 8): which a change may carry, what the law asks for each, and what differs from the
register.

What is checked, what is registered and what a bundle tells others as changed come from the same functions here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from services.registration.domain.cases.engine import Facts, require_true
from services.registration.domain.divisions import named_elsewhere
from services.registration.domain.entities import MAX_FEN, Capital, EntityType
from services.registration.domain.entity import Entity, Flag
from services.registration.domain.form_check import Domicile, Gap, form_rules, paid_in_gaps
from services.registration.domain.name_judgement import name_violations
from services.registration.domain.naming import parse_name
from services.registration.domain.naming_rules import divisions
from shared.failures import FailedPrecondition, InvalidArgument, Violation

MASK_FACT = "new_legal_representative_masked"
# How many hold the shares afterwards; the platform's own note of the list that came with the case.
HOLDERS_FACT = "new_holders"
# The name by which a change of who holds shares is told; the register keeps them sealed.
SHAREHOLDERS = "shareholders"
# What lets a new name be free for the entity: the reservation that holds it, and investment relations (名称规定 art. 17).
NAME_FACTS = ("name_reservation_id", "invested_usccs")
# What CHANGE may carry.
CHANGE_FACTS = frozenset({
    "event_date", "new_name", "new_address", "new_business_scope", "new_entity_type", "new_capital_fen", "new_paid_in_due_date",
    "paid_in_full", "transfers_shares", MASK_FACT, HOLDERS_FACT, *NAME_FACTS,
})  # fmt: skip
CONVERSION_FACTS = frozenset({
    "event_date", "taxes_settled", "debts_dealt_with", "new_name", "new_entity_type", "new_capital_fen", "new_paid_in_due_date",
    MASK_FACT, HOLDERS_FACT, *NAME_FACTS,
})  # fmt: skip
_T = EntityType
COMPANIES = (_T.LIMITED_COMPANY, _T.JOINT_STOCK_COMPANY)
# A company becomes one of the other type by a change registration, its debts stay its own (公司法 art. 12); so does an
# enterprise of the older laws that becomes a company 改制. The number of the article of 实施细则 is from memory.
TYPE_ARTICLE = "公司法 art. 12; 市场主体登记管理条例实施细则 art. 37"
TYPE_CHANGES: Mapping[EntityType, tuple[EntityType, ...]] = {
    _T.LIMITED_COMPANY: (_T.JOINT_STOCK_COMPANY,),
    _T.JOINT_STOCK_COMPANY: (_T.LIMITED_COMPANY,),
    _T.STATE_OWNED: COMPANIES,
    _T.COLLECTIVE: COMPANIES,
    _T.JOINT_ENTERPRISE: COMPANIES,
}
# Whose holders of shares stand in the register (条例 art. 8(2)). Of a joint-stock company only the founders do, members of a
# co-operative are filed (art. 9), and who owns a sole proprietorship or trades heads it: that change names the `person`.
HOLDERS_REGISTERED = frozenset({
    _T.LIMITED_COMPANY, _T.STATE_OWNED, _T.COLLECTIVE, _T.JOINT_ENTERPRISE, _T.GENERAL_PARTNERSHIP, _T.LIMITED_PARTNERSHIP,
})  # fmt: skip
HOLDERS_ARTICLE = "市场主体登记管理条例 art. 8"
_PAID_IN_FULL = "公司法 arts. 98, 108, 228"
_ADDED = "paid_in_added_capital"
_MOVE = "市场主体登记管理条例 art. 27"


class SharesFrozen(FailedPrecondition):
    """While shares are frozen, nothing that touches them is registered."""


def invalid(field: str, text: str, reason: str) -> InvalidArgument:
    """A fact that is wrong, by its field."""
    return InvalidArgument(f"{field} {text}", reason=reason, violations=(Violation(field, text, reason),))


def amount_of(facts: Facts) -> int:
    """The new capital in fen. Raises InvalidArgument."""
    text = facts.get("new_capital_fen", "")
    if not (text.isascii() and text.isdigit() and 0 < len(text) <= 19 and 0 < int(text) <= MAX_FEN):
        raise invalid("facts.new_capital_fen", "must be the new capital in fen, more than zero", "CAPITAL_INVALID")
    return int(text)


def type_after(entity_type: EntityType, facts: Facts) -> EntityType:
    """The kind of entity that a case with these facts leads to. Raises InvalidArgument for a text that is none."""
    text = facts.get("new_entity_type") or entity_type
    try:
        return EntityType(text)
    except ValueError:
        known = ", ".join(sorted(EntityType))
        raise invalid("facts.new_entity_type", f"is one of {known}", "ENTITY_TYPE_NOT_ALLOWED") from None


def check_name(full_name: str, kind: EntityType, division_code: str) -> None:
    """Raise InvalidArgument with everything that forbids the new name, by the fact that says it."""
    name = parse_name(full_name, kind, division_code)
    found = tuple(replace(one, field="facts.new_name") for one in name_violations(name, division_code, kind))
    if found:
        raise InvalidArgument(found[0].description, reason=found[0].reason, violations=found)


def new_facts(entity: Entity, facts: Facts) -> dict[str, Any]:
    """Fields of the entity that a CHANGE gives another value than they have. What is said as it stands is no change; another
    person may have the same mask."""
    kind = type_after(entity.entity_type, facts)
    said: dict[str, Any] = {name: facts.get(f"new_{name}") for name in ("name", "business_scope")}
    said["domicile"] = (
        Domicile(entity.domicile.division_code, facts["new_address"]) if facts.get("new_address") else None
    )
    said |= {"entity_type": kind, "capital": capital_after(entity, facts)}
    return _differing(entity, said) | new_head(facts)


def converted(entity: Entity, facts: Facts) -> dict[str, Any]:
    """The same of a CONVERSION; the operator stays at the head unless somebody else is named."""
    capital = Capital(amount_of(facts), paid_in_due_date=facts.get("new_paid_in_due_date", ""))
    said = {"entity_type": EntityType(facts["new_entity_type"]), "name": facts["new_name"], "capital": capital}
    return _differing(entity, said) | new_head(facts)


def new_head(facts: Facts) -> dict[str, str]:
    """The mask of who heads it from now on, if a person is named."""
    return {"legal_representative_masked": facts[MASK_FACT]} if facts.get(MASK_FACT) else {}


def beside(facts: Facts) -> list[str]:
    """What changes that is no field of the entity."""
    return [SHAREHOLDERS] if facts.get(HOLDERS_FACT) else []


def changed_facts(kind: str, entity: Entity, facts: Facts) -> list[str]:
    """What a case of this kind with these facts changes in the register, by the names that its event tells."""
    of = {"CHANGE": new_facts, "CONVERSION": converted}.get(kind)
    return sorted([*(of(entity, facts) if of else new_head(facts)), *beside(facts)])


def capital_after(entity: Entity, facts: Facts) -> Capital | None:
    """The capital that the licence shows afterwards. Its day is that by which all of it is paid in: when capital is added, the
    later of both; when the kind changes, that of the new kind."""
    was = entity.capital
    if not facts.get("new_capital_fen") and type_after(entity.entity_type, facts) is entity.entity_type:
        return was
    amount = amount_of(facts) if facts.get("new_capital_fen") else was.amount_fen if was else 0
    day = facts.get("new_paid_in_due_date", "")
    if was and type_after(entity.entity_type, facts) is entity.entity_type:
        day = was.paid_in_due_date if amount <= was.amount_fen else max(day, was.paid_in_due_date)
    return Capital(amount, was.currency if was else "CNY", day) if amount else was


def require_free_shares(entity: Entity, facts: Facts) -> None:
    """Raise SharesFrozen when the case changes who holds shares while a court has frozen them; checked when it is opened and
    again when it is registered."""
    owner = entity.entity_type is EntityType.SOLE_PROPRIETORSHIP and facts.get(MASK_FACT)
    if Flag.SHARES_FROZEN in entity.flags and (facts.get(HOLDERS_FACT) or owner):
        raise SharesFrozen("the shares are frozen by a court; no transfer is registered (民事诉讼法 art. 253)")


def check_new_facts(entity: Entity, facts: Facts, today: date) -> None:
    """All rules on what a CHANGE may carry. Raises InvalidArgument naming the field, SharesFrozen."""
    kind = type_after(entity.entity_type, facts)
    changes = kind is not entity.entity_type
    if changes and kind not in TYPE_CHANGES.get(entity.entity_type, ()):
        allowed = ", ".join(TYPE_CHANGES.get(entity.entity_type, ())) or "none"
        text = f"leads from {entity.entity_type} by a change registration to: {allowed} ({TYPE_ARTICLE})"
        raise invalid("facts.new_entity_type", text, "ENTITY_TYPE_NOT_ALLOWED")
    new = new_facts(entity, facts)
    if not new and not beside(facts):
        text = "name what changes: a new_ fact that differs from the register, the person, or the investors"
        violation = Violation("facts", text, "NO_CHANGE")
        raise InvalidArgument(text, reason="NO_CHANGE", violations=(violation,))
    if changes and kind in HOLDERS_REGISTERED and entity.entity_type not in HOLDERS_REGISTERED and not beside(facts):
        raise invalid(
            "investors", f"must be named: {kind} registers its shareholders ({HOLDERS_ARTICLE})", "INVESTORS_MISSING"
        )
    if "domicile" in new and (place := named_elsewhere(facts["new_address"], entity.division_code, divisions())):
        text = f"begins with {place}: apply to the registrar there, and leave here by MOVE_OUT ({_MOVE})"
        raise invalid("facts.new_address", text, "ADDRESS_ELSEWHERE")
    if "name" in new or changes:
        check_name(new.get("name", entity.name), kind, entity.division_code)
    check_capital(entity, facts, today)
    require_free_shares(entity, facts)


def check_capital(entity: Entity, facts: Facts, today: date) -> None:
    """Capital that is added, and capital of a company that changes its type, is paid in as at a set-up (公司法 arts. 12, 228)."""
    kind, was = type_after(entity.entity_type, facts), entity.capital
    after = capital_after(entity, facts)
    require_no_reduction(entity, facts)
    if facts.get("new_capital_fen") and was is None and not form_rules()[kind].capital_required:
        raise invalid("facts.new_capital_fen", f"{kind} registers no capital ({HOLDERS_ARTICLE})", "NO_CAPITAL")
    becomes = kind is not entity.entity_type
    if becomes and after is None:
        raise invalid("facts.new_capital_fen", f"must be given ({HOLDERS_ARTICLE})", "FACT_MISSING")
    more = after is not None and after.amount_fen > (was.amount_fen if was else 0)
    if not (more or becomes) or kind not in COMPANIES:
        unused = [name for name in ("new_paid_in_due_date", "paid_in_full") if facts.get(name)]
        if unused:
            text = (
                "is said only when a company's capital goes up or its type changes; a new term alone is filed (FILING)"
            )
            raise invalid(f"facts.{unused[0]}", text, "FACT_NOT_USED")
    elif kind is EntityType.JOINT_STOCK_COMPANY:
        require_true(facts, _PAID_IN_FULL, "paid_in_full")
        if facts.get("new_paid_in_due_date"):
            text = f"its shares are paid in before they are registered ({_PAID_IN_FULL})"
            raise invalid("facts.new_paid_in_due_date", text, "FACT_NOT_USED")
    elif facts.get("paid_in_full") != "true":
        refuse(paid_in_gaps(facts.get("new_paid_in_due_date", ""), "facts.new_paid_in_due_date", _ADDED, today))
    elif facts.get("new_paid_in_due_date"):
        raise invalid("facts.new_paid_in_due_date", "nothing is left to pay in", "FACT_NOT_USED")


def require_no_reduction(entity: Entity, facts: Facts) -> None:
    """A company's capital goes down only after the notice to its creditors. Raises InvalidArgument; also when the change is
    registered, since the company may have more capital by then."""
    if not facts.get("new_capital_fen") or entity.capital is None or entity.entity_type not in COMPANIES:
        return
    if amount_of(facts) < entity.capital.amount_fen:
        text = "is less than the capital: CAPITAL_REDUCTION begins with the notice to creditors (公司法 art. 224)"
        raise invalid("facts.new_capital_fen", text, "CAPITAL_REDUCTION_NEEDED")


def check_conversion_term(facts: Facts, today: date) -> None:
    """A limited company states by when its capital is paid in (公司法 art. 47), counted from its conversion; others do not."""
    day, field = facts.get("new_paid_in_due_date", ""), "facts.new_paid_in_due_date"
    if form_rules()[EntityType(facts["new_entity_type"])].paid_in_due_date_required:
        refuse(paid_in_gaps(day, field, "paid_in_capital", today))
    elif day:
        raise invalid(field, "is asked of a limited company only (公司法 art. 47)", "FACT_NOT_USED")


def refuse(gaps: Iterable[Gap]) -> None:
    """Raise InvalidArgument that names every gap with its article; nothing when there is none."""
    found = tuple(Violation(gap.field, f"{gap.description} ({gap.source})", gap.reason) for gap in gaps)
    if found:
        raise InvalidArgument(f"{found[0].field}: {found[0].description}", reason=found[0].reason, violations=found)


def _differing(entity: Entity, said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value and value != getattr(entity, name)}
