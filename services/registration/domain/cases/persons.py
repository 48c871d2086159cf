"""Persons in cases about entities: which steps name one, and what is asked of them.

A case never holds a person open: it shows the mask, keeps who becomes legal representative or operator sealed until it is
closed, and of who is barred only the keyed hash. Who was impersonated is kept sealed with the case of impersonation until it is
decided; a revocation of false items keeps, sealed, the person whom it took out of the register, until it is undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from services.registration.domain.cases.engine import Facts
from services.registration.domain.cases.new_facts import (
    HOLDERS_ARTICLE,
    HOLDERS_FACT,
    HOLDERS_REGISTERED,
    MASK_FACT,
    capital_after,
    refuse,
    type_after,
)
from services.registration.domain.entities import EntityType
from services.registration.domain.entity import Entity
from services.registration.domain.form_check import (
    ID_TYPES,
    Investor,
    Person,
    form_rules,
    investor_gaps,
    mask_name,
    person_gaps,
)
from services.registration.domain.persons import require_number
from shared.failures import InvalidArgument, Violation

CHANGE, CHANGE_OF_OPERATOR, CONVERSION = "CHANGE", "CHANGE_OF_OPERATOR", "CONVERSION"
IMPERSONATION = "IMPERSONATION"
# Kinds that may name who becomes legal representative or operator, in whose state this is registered.
NAMING_KINDS = frozenset({CHANGE, CHANGE_OF_OPERATOR, CONVERSION})
# Kinds that may name who holds the shares afterwards, all of them, as at a set-up.
HOLDING_KINDS = frozenset({CHANGE, CONVERSION})
REGISTERED = "REGISTERED"
# The platform's own notes of the persons, which everybody may see who may see the case.
NOTES = (MASK_FACT, HOLDERS_FACT)
OPERATOR_ARTICLE = "促进个体工商户发展条例 art. 13"
# Steps that name who is directly responsible for a false registration, who is barred by them (条例 art. 40).
BARRING_STEPS = frozenset({(IMPERSONATION, "REVOKE")})
# The state in which registered items were revoked as false, and the one in which that was undone: the bar is gone, persons who
# were taken out of the register are there again (条例 arts. 40, 42).
ITEMS_GONE, UNDONE = (IMPERSONATION, "REVOKED"), (IMPERSONATION, "UNDONE")


def opening_facts(
    kind: str, entity: Entity, facts: Facts, person: Person | None, investors: Sequence[Investor], today: date
) -> Facts:  # fmt: skip
    """The facts of a case to open, with the platform's notes of the persons. They are checked as in a set-up application, with
    the real-name check (实施细则 art. 16). Raises InvalidArgument naming every field at fault."""
    return _with_holders(kind, entity, _with_head(kind, entity.entity_type, facts, person, today), investors, today)


def _with_head(kind: str, entity_type: EntityType, facts: Facts, person: Person | None, today: date) -> Facts:
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
    refuse(person_gaps(person, "person", form_rules()[type_after(entity_type, facts)].head, today))
    return {**facts, MASK_FACT: mask_name(person.name)}


def _with_holders(
    kind: str, entity: Entity, facts: Facts, investors: Sequence[Investor], today: date
) -> Facts:  # fmt: skip
    """A transfer of shares, and shareholders that come in, are told by the list of all who hold them then; the amounts add up to
    the capital."""
    if facts.get(HOLDERS_FACT):
        raise _invalid(f"facts.{HOLDERS_FACT}", "is noted by the platform from `investors`", "FACT_UNKNOWN")
    if not investors:
        if facts.get("transfers_shares") == "true":
            raise _invalid("investors", "name everyone who holds shares after the transfer", "INVESTORS_MISSING")
        return facts
    after = type_after(entity.entity_type, facts)
    if kind not in HOLDING_KINDS or after not in HOLDERS_REGISTERED:
        text = f"{kind} of {after} registers no holders of shares ({HOLDERS_ARTICLE})"
        raise _invalid("investors", text, "INVESTORS_NOT_ASKED")
    refuse(investor_gaps(investors, capital_after(entity, facts), form_rules()[after], today))
    return {**facts, HOLDERS_FACT: str(len(investors))}


def check_step_person(kind: str, action: str, facts: Facts, person: Person | None) -> None:
    """Raise InvalidArgument for a person whom the step does not ask for, or who cannot be found by what is given; and for a
    mask that somebody else than the platform notes."""
    for note in NOTES:
        if note in facts:
            raise _invalid(f"facts.{note}", "is noted by the platform when a case is opened", "FACT_UNKNOWN")
    if person is None:
        return
    if (kind, action) not in BARRING_STEPS:
        raise _invalid("person", "this step names no person", "PERSON_NOT_ASKED")
    require_number(person.id_type, person.id_number, ID_TYPES, "person.")


def require_share(key: str, investor_keys: Sequence[str]) -> None:
    """Raise InvalidArgument when shares are to be revoked as false, but the case names nobody who was impersonated, or somebody
    who holds none. `key`: of who was impersonated, "" for nobody."""
    if not key or key not in investor_keys:
        text = "only shares of the person who was impersonated are revoked; name them when the case is opened"
        raise _invalid("facts.items", text, "SHAREHOLDER_NOT_NAMED")


def _invalid(field: str, text: str, reason: str) -> InvalidArgument:
    return InvalidArgument(f"{field}: {text}", reason=reason, violations=(Violation(field, text, reason),))
