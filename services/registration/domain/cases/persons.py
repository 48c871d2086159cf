"""Persons in cases about entities: which steps name one, and what is asked of them.

A case never holds a person open: it shows the mask, keeps who becomes legal representative or operator sealed until it is
closed, and of who is barred only the keyed hash. Who was impersonated is kept sealed with the case of impersonation until it is
decided; a revocation of false items keeps, sealed, the person whom it took out of the register, until it is undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from services.registration.domain.cases.engine import Facts
from services.registration.domain.entities import EntityType
from services.registration.domain.form_check import ID_TYPES, Person, form_rules, mask_name, person_gaps
from services.registration.domain.persons import require_number
from shared.failures import InvalidArgument, Violation

CHANGE, CHANGE_OF_OPERATOR, CONVERSION = "CHANGE", "CHANGE_OF_OPERATOR", "CONVERSION"
IMPERSONATION = "IMPERSONATION"
# Kinds that may name who becomes legal representative or operator, in whose state this is registered.
NAMING_KINDS = frozenset({CHANGE, CHANGE_OF_OPERATOR, CONVERSION})
REGISTERED = "REGISTERED"
# The platform's own note of the person, which everybody may see who may see the case.
MASK_FACT = "new_legal_representative_masked"
OPERATOR_ARTICLE = "促进个体工商户发展条例 art. 13"
# Steps that name who is directly responsible for a false registration, who is barred by them (条例 art. 40).
BARRING_STEPS = frozenset({(IMPERSONATION, "REVOKE")})
# The state in which registered items were revoked as false, and the one in which that was undone: the bar is gone, persons who
# were taken out of the register are there again (条例 arts. 40, 42).
ITEMS_GONE, UNDONE = (IMPERSONATION, "REVOKED"), (IMPERSONATION, "UNDONE")


def opening_facts(kind: str, entity_type: EntityType, facts: Facts, person: Person | None, today: date) -> Facts:
    """The facts of a case to open, with the platform's note of the person. The person is checked as in a set-up application,
    with the real-name check (实施细则 art. 16). Raises InvalidArgument naming every field at fault."""
    if person is None:
        if MASK_FACT in facts or kind == CHANGE_OF_OPERATOR:
            raise _invalid(
                "person",
                "name the person; the mask follows from it (市场主体登记管理条例实施细则 art. 16)",
                "PERSON_MISSING",
            )
        return facts
    if (
        kind == IMPERSONATION
    ):  # who was impersonated: no name is registered by it, the identity is verified when it is accepted
        require_number(person.id_type, person.id_number, ID_TYPES, "person.")
        return facts
    if kind not in NAMING_KINDS:
        raise _invalid("person", f"{kind} names no person", "PERSON_NOT_ASKED")
    if kind == CHANGE and entity_type is EntityType.SOLE_TRADER:
        raise _invalid(
            "kind", f"the operator of a sole trader changes by {CHANGE_OF_OPERATOR} ({OPERATOR_ARTICLE})",
            "CHANGE_OF_OPERATOR_NEEDED",
        )  # fmt: skip
    gaps = list(person_gaps(person, "person", form_rules()[_type_after(entity_type, facts)].head, today))
    if gaps:
        found = tuple(Violation(gap.field, f"{gap.description} ({gap.source})", gap.reason) for gap in gaps)
        raise InvalidArgument(f"{found[0].field}: {found[0].description}", reason=found[0].reason, violations=found)
    return {**facts, MASK_FACT: mask_name(person.name.strip())}


def check_step_person(kind: str, action: str, facts: Facts, person: Person | None) -> None:
    """Raise InvalidArgument for a person whom the step does not ask for, or who cannot be found by what is given; and for a
    mask that somebody else than the platform notes."""
    if MASK_FACT in facts:
        raise _invalid(f"facts.{MASK_FACT}", "is noted by the platform when a case is opened", "FACT_UNKNOWN")
    if person is None:
        return
    if (kind, action) not in BARRING_STEPS:
        raise _invalid("person", "this step names no person", "PERSON_NOT_ASKED")
    require_number(person.id_type, person.id_number, ID_TYPES, "person.")


def impersonated_investor(key: str, investor_keys: Sequence[str]) -> list[str]:
    """Who still puts in capital when the shares of the person with this key are revoked as false. Raises InvalidArgument when
    the case names nobody who was impersonated, or somebody who holds no share."""
    if not key or key not in investor_keys:
        text = "only shares of the person who was impersonated are revoked; name them when the case is opened"
        raise _invalid("facts.items", text, "INVESTOR_NOT_NAMED")
    return [one for one in investor_keys if one != key]


def _type_after(entity_type: EntityType, facts: Facts) -> EntityType:
    """The kind that a conversion leads to; a wrong one is told by the kind's own rule."""
    try:
        return EntityType(facts.get("new_entity_type") or entity_type)
    except ValueError:
        return entity_type


def _invalid(field: str, text: str, reason: str) -> InvalidArgument:
    return InvalidArgument(f"{field}: {text}", reason=reason, violations=(Violation(field, text, reason),))
