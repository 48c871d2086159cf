"""Persons by keyed hash: whose entities, and who is barred (条例 art. 40). Numbers are never stored or logged open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from services.registration.domain.form_check import ID_TYPES, Person, SetUpApplication
from services.registration.domain.persons import (
    HEAD_FIELD,
    named_persons,
    person_text,
    require_not_barred,
    require_number,
)
from services.registration.usecases.context import Parts
from shared.ids import new_id


def person_key(parts: Parts, id_type: str, id_number: str) -> str:
    """The keyed hash under which a person is found."""
    return parts.sealer.lookup(person_text(id_type, id_number))


def key_of(parts: Parts, person: Person) -> str:
    """The same of a person; "" of one without a number."""
    return person_key(parts, person.id_type, person.id_number) if person.id_number.strip() else ""


def named_keys(parts: Parts, asked: SetUpApplication) -> list[tuple[str, str]]:
    """(field, person key) of everybody whom an application names."""
    return [(named.field, key_of(parts, named.person)) for named in named_persons(asked)]


def head_of(named: Sequence[tuple[str, str]]) -> str:
    """The key of who heads the entity, of what `named_keys` found; "" for nobody."""
    return next((key for field, key in named if field == HEAD_FIELD), "")


def key_fields(head_key: str, investor_keys: Sequence[str]) -> dict[str, Any]:
    """What a document keeps of its persons: all keys for the look-up, and who is who, so that a new legal representative takes
    away the old one's key only if that one holds no share. Without persons nothing: an absent field costs no index entry."""
    keys = list(dict.fromkeys(key for key in (head_key, *investor_keys) if key))
    if not keys:
        return {}
    return {"person_keys": keys, "head_key": head_key, "investor_keys": [k for k in investor_keys if k]}


def all_key_fields(head_key: str, investor_keys: Sequence[str]) -> dict[str, Any]:
    """The same for a document that may have such fields, also when nobody is left."""
    return {"person_keys": [], "head_key": "", "investor_keys": [], **key_fields(head_key, investor_keys)}


def sealed_keys(parts: Parts, persons: dict[str, Any]) -> dict[str, Any]:
    """The same from the persons of an application as they were sealed."""
    head = persons["legal_representative"]
    investors = [investor["person"] for investor in persons["investors"]]
    return key_fields(
        key_of(parts, msgspec.convert(head, Person)) if head else "",
        [key_of(parts, msgspec.convert(person, Person)) for person in investors if person],
    )


def bars_of(parts: Parts, person_keys: Sequence[str]) -> dict[str, str]:
    """Person key → last day, of those who may register nothing today; one question for all of a group."""
    return parts.store.bars(person_keys, parts.clock.today().isoformat()) if person_keys else {}


def require_free(parts: Parts, named: Sequence[tuple[str, str]]) -> None:
    """Raise PersonBarred when one of these (field, person key) may register nothing today."""
    require_not_barred(bars_of(parts, [key for _, key in named if key]), named)


def find_entities_by_person(
    parts: Parts, key: str, purpose: str, asked_by: str, after: str, size: int
) -> tuple[list[dict[str, Any]], str, str]:  # fmt: skip
    """A page of the entities of a person (by `person_key`), the key of its last ("" on the last page), and the last day of a
    bar ("" for none). Logged (who, why, about which entities) before anything is told."""
    found, last = parts.store.entities_of_person(key, after, size)
    barred = bars_of(parts, [key]).get(key, "")
    parts.store.log_disclosure(
        {"_id": new_id("dis"), "time": parts.clock.now(), "asked_by": asked_by, "purpose": purpose, "person_key": key,
         "entity_ids": [entity["_id"] for entity in found], "fields": ["entities_of_person", "barred_until"]}
    )  # fmt: skip
    return found, last, barred


def asked_person(parts: Parts, id_type: str, id_number: str) -> str:
    """The key of the person who is asked about. Raises InvalidArgument naming the field."""
    require_number(id_type, id_number, ID_TYPES)
    return person_key(parts, id_type, id_number)
