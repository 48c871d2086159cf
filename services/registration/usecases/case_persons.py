"""Persons in cases about entities, sealed and by keyed hash (`domain/cases/persons.py` has the rules)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from services.registration.domain.cases.disputes import INVESTORS
from services.registration.domain.cases.engine import EntityCase, Facts
from services.registration.domain.cases.persons import (
    CONVERSION,
    IMPERSONATION,
    ITEMS_GONE,
    REGISTERED,
    UNDONE,
    impersonated_investor,
    opening_facts,
)
from services.registration.domain.duplicates import match_keys
from services.registration.domain.entity import Entity
from services.registration.domain.form_check import Person
from services.registration.domain.limits import due_date
from services.registration.domain.naming import parse_name
from services.registration.domain.persons import FALSE_REGISTRATION_BAR, HEAD_FIELD
from services.registration.usecases import persons
from services.registration.usecases.context import Parts
from services.registration.usecases.person_register import Beside

_NOBODY: Mapping[str, Any] = {"person_keys": [], "head_key": "", "investor_keys": []}


class TakenOut(msgspec.Struct):
    """Whom a revocation of false items took out of the register, kept sealed with the case: the legal representative as the
    entity kept them (null: nobody, or only a mask), the key of each."""

    head: msgspec.Raw = msgspec.Raw(b"null")
    head_key: str = ""
    investor_key: str = ""


def opening(
    parts: Parts, kind: str, case_id: str, entity: Entity, facts: Facts, person: Person | None,
    entity_document: Mapping[str, Any],
) -> tuple[Facts, bytes | None]:  # fmt: skip
    """Facts of the case to open, and the person whom it names, sealed with the case. Raises InvalidArgument, PersonBarred."""
    facts = opening_facts(kind, entity.entity_type, facts, person, parts.clock.today())
    if kind == CONVERSION:
        _require_nobody_barred(parts, entity_document, "" if person else entity_document.get("head_key", ""))
    if person is None:
        return facts, None
    if kind != IMPERSONATION:
        persons.require_free(parts, [("person", persons.key_of(parts, person))])
    return facts, parts.sealer.seal(msgspec.json.encode(person), case_id)


def beside(
    parts: Parts, case: EntityCase, person: Person | None, case_document: Mapping[str, Any], before: Entity, entity: Entity,
    entity_document: Mapping[str, Any],
) -> Beside:  # fmt: skip
    """What the step that the case has just taken writes beside it; `person`: whom the step named. Raises PersonBarred for a
    new legal representative, or whoever converts, who was barred since the case was opened; InvalidArgument for shares of nobody
    that are to be revoked."""
    bar = None
    if person is not None:
        until = due_date(FALSE_REGISTRATION_BAR, parts.clock.today()).isoformat()
        bar = {"_id": case.entity_case_id, "person_key": persons.key_of(parts, person), "until": until}
    fields, taken_out = _persons(parts, case, case_document, before, entity, entity_document)
    told = ("name", "entity_type", "domicile")
    if fields or any(getattr(before, name) != getattr(entity, name) for name in told):
        name = parse_name(entity.name, entity.entity_type, entity.division_code)
        keys = fields.get("person_keys", entity_document.get("person_keys", ()))
        fields["match_keys"] = match_keys(name, entity.division_code, entity.domicile, keys)
    undone = (case.kind, case.state) == UNDONE
    return Beside(fields, bar, undone, entity_document.get("head_key", ""), taken_out=taken_out)


def _persons(
    parts: Parts, case: EntityCase, case_document: Mapping[str, Any], before: Entity, entity: Entity,
    entity_document: Mapping[str, Any],
) -> tuple[dict[str, Any], bytes | None]:  # fmt: skip
    """The entity's sealed person and keys where the step changes them; and who was taken out, sealed with the case."""
    sealed, investor_keys = case_document.get("person"), entity_document.get("investor_keys", ())
    if (case.kind, case.state) == ITEMS_GONE and case.revoked is not None:
        return _taken_out(parts, case, sealed, before, entity, entity_document)
    if (case.kind, case.state) == UNDONE and (kept := case_document.get("taken_out")):
        return _there_again(parts, case, kept, before, entity, entity_document), None
    if case.state == REGISTERED and case.kind == CONVERSION:
        _require_nobody_barred(parts, entity_document, "" if sealed else entity_document.get("head_key", ""))
    if sealed and case.state == REGISTERED:
        plain = parts.sealer.open(sealed, case.entity_case_id)
        key = persons.key_of(parts, msgspec.json.decode(plain, type=Person))
        persons.require_free(parts, [("person", key)])
        return {"persons": parts.sealer.seal(plain, entity.entity_id), **persons.key_fields(key, investor_keys)}, None
    return {}, case_document.get("taken_out")


def _taken_out(
    parts: Parts, case: EntityCase, sealed: bytes | None, before: Entity, entity: Entity, entity_document: Mapping[str, Any]
) -> tuple[dict[str, Any], bytes | None]:  # fmt: skip
    """False items were revoked: whom they named is in the register no longer."""
    fields: dict[str, Any] = {}
    gone, items = TakenOut(), case.revoked.items if case.revoked else []
    head_key, investor_keys = entity_document.get("head_key", ""), list(entity_document.get("investor_keys", ()))
    if before.legal_representative_masked and not entity.legal_representative_masked:
        if entity_document.get("persons"):
            gone.head = msgspec.Raw(parts.sealer.open(entity_document["persons"], entity.entity_id))
        gone.head_key, head_key, fields["persons"] = head_key, "", None
    if INVESTORS in items:
        named = msgspec.json.decode(parts.sealer.open(sealed, case.entity_case_id), type=Person) if sealed else None
        key = persons.key_of(parts, named) if named else ""
        investor_keys, gone.investor_key = impersonated_investor(key, investor_keys), key
    if not (fields or gone.investor_key):
        return {}, None
    fields |= {**_NOBODY, **persons.key_fields(head_key, investor_keys)}
    return fields, parts.sealer.seal(msgspec.json.encode(gone), case.entity_case_id)


def _there_again(
    parts: Parts, case: EntityCase, kept: bytes, before: Entity, entity: Entity, entity_document: Mapping[str, Any]
) -> dict[str, Any]:  # fmt: skip
    """The revocation is undone: they are there again, unless somebody else was registered meanwhile."""
    if entity.version == before.version:  # it has ended, or is kept elsewhere
        return {}
    gone = msgspec.json.decode(parts.sealer.open(kept, case.entity_case_id), type=TakenOut)
    fields: dict[str, Any] = {}
    head_key, investor_keys = entity_document.get("head_key", ""), list(entity_document.get("investor_keys", ()))
    if entity.legal_representative_masked and not before.legal_representative_masked:
        head_key, plain = gone.head_key, bytes(gone.head)
        fields["persons"] = parts.sealer.seal(plain, entity.entity_id) if plain != b"null" else None
    if gone.investor_key and gone.investor_key not in investor_keys:
        investor_keys.append(gone.investor_key)
    return fields | {**_NOBODY, **persons.key_fields(head_key, investor_keys)}


def _require_nobody_barred(parts: Parts, entity_document: Mapping[str, Any], head_key: str) -> None:
    """A conversion registers an enterprise: who heads it from now on (`head_key`; "" where the case names somebody else) and
    whoever puts in capital must be free to register (条例 art. 40). Raises PersonBarred."""
    investors: Sequence[str] = entity_document.get("investor_keys", ())
    named = [(HEAD_FIELD, head_key), *((f"{INVESTORS}[{index}]", key) for index, key in enumerate(investors))]
    persons.require_free(parts, named)
