"""Persons in cases about entities, sealed and by keyed hash (`domain/cases/persons.py` has the rules)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from services.registration.domain.cases.engine import EntityCase, Facts
from services.registration.domain.cases.persons import BAR_GONE, REGISTERED, opening_facts
from services.registration.domain.duplicates import match_keys
from services.registration.domain.entity import Entity
from services.registration.domain.form_check import Person
from services.registration.domain.limits import due_date
from services.registration.domain.naming import parse_name
from services.registration.domain.persons import FALSE_REGISTRATION_BAR
from services.registration.usecases import persons
from services.registration.usecases.context import Parts
from services.registration.usecases.person_register import Beside

_NOBODY: Mapping[str, Any] = {"person_keys": [], "head_key": "", "investor_keys": []}


def opening(
    parts: Parts, kind: str, case_id: str, entity: Entity, facts: Facts, person: Person | None
) -> tuple[Facts, bytes | None]:  # fmt: skip
    """Facts of the case to open, and the person whom it names, sealed with the case. Raises InvalidArgument, PersonBarred."""
    facts = opening_facts(kind, entity.entity_type, facts, person, parts.clock.today())
    if person is None:
        return facts, None
    persons.require_free(parts, [("person", persons.key_of(parts, person))])
    return facts, parts.sealer.seal(msgspec.json.encode(person), case_id)


def beside(
    parts: Parts, case: EntityCase, person: Person | None, case_document: Mapping[str, Any], before: Entity, entity: Entity,
    entity_document: Mapping[str, Any],
) -> Beside:  # fmt: skip
    """What the step that the case has just taken writes beside it; `person`: whom the step named. Raises PersonBarred for a
    new legal representative who was barred since the case was opened."""
    bar = None
    if person is not None:
        until = due_date(FALSE_REGISTRATION_BAR, parts.clock.today()).isoformat()
        bar = {"_id": case.entity_case_id, "person_key": persons.key_of(parts, person), "until": until}
    fields = _new_head(parts, case, case_document, before, entity, entity_document.get("investor_keys", ()))
    told = ("name", "entity_type", "domicile")
    if fields or any(getattr(before, name) != getattr(entity, name) for name in told):
        name = parse_name(entity.name, entity.entity_type, entity.division_code)
        keys = fields.get("person_keys", entity_document.get("person_keys", ()))
        fields["match_keys"] = match_keys(name, entity.division_code, entity.domicile, keys)
    return Beside(fields, bar, (case.kind, case.state) == BAR_GONE, entity_document.get("head_key", ""))


def _new_head(
    parts: Parts, case: EntityCase, case_document: Mapping[str, Any], before: Entity, entity: Entity, investor_keys: Any
) -> dict[str, Any]:  # fmt: skip
    """The sealed person and the keys of the entity, when somebody else heads it now, or nobody (a false item was revoked)."""
    sealed = case_document.get("person")
    if sealed and case.state == REGISTERED:
        plain = parts.sealer.open(sealed, case.entity_case_id)
        key = persons.key_of(parts, msgspec.json.decode(plain, type=Person))
        persons.require_free(parts, [("person", key)])
        return {"persons": parts.sealer.seal(plain, entity.entity_id), **persons.key_fields(key, investor_keys)}
    if before.legal_representative_masked and not entity.legal_representative_masked:
        return {"persons": None, **_NOBODY, **persons.key_fields("", investor_keys)}
    return {}
