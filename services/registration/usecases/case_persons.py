"""Persons in cases about entities, sealed and by keyed hash (`domain/cases/persons.py` has the rules)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from services.registration.domain.cases.engine import EntityCase, Facts
from services.registration.domain.cases.persons import BAR_GONE, REGISTERED, opening_facts
from services.registration.domain.duplicates import match_keys
from services.registration.domain.entity import Entity
from services.registration.domain.form_check import Investor, Person
from services.registration.domain.limits import due_date
from services.registration.domain.naming import parse_name
from services.registration.domain.persons import FALSE_REGISTRATION_BAR
from services.registration.usecases import persons
from services.registration.usecases.context import Parts
from services.registration.usecases.person_register import Beside

_NOBODY: Mapping[str, Any] = {"person_keys": [], "head_key": "", "investor_keys": []}
# What a case keeps sealed as long as somebody must decide about it, by field of its document: who becomes legal representative
# or operator, and who holds the shares afterwards.
Sealed = Mapping[str, bytes]
SEALED = ("person", "investors")


def opening(
    parts: Parts, kind: str, case_id: str, entity: Entity, facts: Facts, person: Person | None,
    investors: Sequence[Investor] = (),
) -> tuple[Facts, Sealed]:  # fmt: skip
    """Facts of the case to open, and the persons whom it names, sealed with the case. Raises InvalidArgument, PersonBarred."""
    facts = opening_facts(kind, entity, facts, person, investors, parts.clock.today())
    sealed: dict[str, bytes] = {}
    if person is not None:
        persons.require_free(parts, [("person", persons.key_of(parts, person))])
        sealed["person"] = parts.sealer.seal(msgspec.json.encode(person), case_id)
    if investors:
        persons.require_free(parts, _holders(parts, investors))
        sealed["investors"] = parts.sealer.seal(msgspec.json.encode(investors), case_id)
    return facts, sealed


def kept_sealed(document: Mapping[str, Any]) -> Sealed:
    """What a stored case keeps sealed."""
    return {name: document[name] for name in SEALED if document.get(name)}


def _holders(parts: Parts, investors: Sequence[Investor]) -> list[tuple[str, str]]:
    """(field, person key) of the natural persons among them."""
    return [
        (f"investors[{index}].person", persons.key_of(parts, investor.person))
        for index, investor in enumerate(investors)
        if investor.person is not None
    ]


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
    fields = _new_persons(parts, case, case_document, before, entity, entity_document)
    told = ("name", "entity_type", "domicile")
    if fields or any(getattr(before, name) != getattr(entity, name) for name in told):
        name = parse_name(entity.name, entity.entity_type, entity.division_code)
        keys = fields.get("person_keys", entity_document.get("person_keys", ()))
        fields["match_keys"] = match_keys(name, entity.division_code, entity.domicile, keys)
    return Beside(fields, bar, (case.kind, case.state) == BAR_GONE, entity_document.get("head_key", ""))


def _new_persons(
    parts: Parts, case: EntityCase, case_document: Mapping[str, Any], before: Entity, entity: Entity,
    entity_document: Mapping[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """The sealed persons and the keys of the entity, when somebody else heads it now or holds its shares, or nobody heads it (a
    false item was revoked)."""
    fields: dict[str, Any] = {}
    head_key, investor_keys = entity_document.get("head_key", ""), entity_document.get("investor_keys", ())
    sealed = kept_sealed(case_document) if case.state == REGISTERED else {}
    if "person" in sealed:
        plain = parts.sealer.open(sealed["person"], case.entity_case_id)
        head_key = persons.key_of(parts, msgspec.json.decode(plain, type=Person))
        persons.require_free(parts, [("person", head_key)])
        fields["persons"] = parts.sealer.seal(plain, entity.entity_id)
    elif before.legal_representative_masked and not entity.legal_representative_masked:
        fields["persons"], head_key = None, ""
    if "investors" in sealed:
        plain = parts.sealer.open(sealed["investors"], case.entity_case_id)
        holders = _holders(parts, msgspec.json.decode(plain, type=list[Investor]))
        persons.require_free(parts, holders)
        investor_keys = [key for _, key in holders]
        fields["investors"] = parts.sealer.seal(plain, entity.entity_id)
    return fields and {**_NOBODY, **persons.key_fields(head_key, investor_keys), **fields}
