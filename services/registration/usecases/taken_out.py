"""Persons whom a revocation of false items takes out of the register, and who come back when it was wrong (条例 arts. 40, 42).

Beside the facts of an entity stand its sealed persons and their keys. They go with the case, sealed for it, and are in no event.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from services.registration.domain.cases.engine import EntityCase
from services.registration.domain.cases.new_facts import SHAREHOLDERS
from services.registration.domain.cases.persons import require_share
from services.registration.domain.entity import Entity
from services.registration.domain.form_check import Investor, Person
from services.registration.usecases import persons
from services.registration.usecases.context import Parts


class TakenOut(msgspec.Struct):
    """Who is gone. `head`: as the entity kept them (null: nobody, or only a mask). `investor_key`: whose shares went; `shares`:
    these, where the entity kept them sealed."""

    head: msgspec.Raw = msgspec.Raw(b"null")
    head_key: str = ""
    investor_key: str = ""
    shares: list[Investor] = []


def take_out(
    parts: Parts, case: EntityCase, impersonated: bytes | None, before: Entity, entity: Entity,
    entity_document: Mapping[str, Any],
) -> tuple[dict[str, Any], bytes | None]:  # fmt: skip
    """What the entity keeps of its persons now, and who is gone, sealed with the case. `impersonated`: the person whom the case
    names, sealed. Raises InvalidArgument when the shares of nobody are to go."""
    gone, fields = TakenOut(), dict[str, Any]()
    head_key, investor_keys = entity_document.get("head_key", ""), list(entity_document.get("investor_keys", ()))
    if before.legal_representative_masked and not entity.legal_representative_masked:
        if entity_document.get("persons"):
            gone.head = msgspec.Raw(parts.sealer.open(entity_document["persons"], entity.entity_id))
        gone.head_key, head_key, fields["persons"] = head_key, "", None
    if case.revoked is not None and SHAREHOLDERS in case.revoked.items:
        gone.investor_key = _key_of_sealed(parts, case, impersonated)
        require_share(gone.investor_key, investor_keys)
        investor_keys.remove(gone.investor_key)
        if entity_document.get("investors"):
            kept = _shares(parts, entity, entity_document)
            gone.shares = [one for one in kept if _holds(parts, one, gone.investor_key)]
            fields["investors"] = _sealed_shares(parts, entity, [one for one in kept if one not in gone.shares])
    if not (fields or gone.investor_key):
        return {}, None
    fields |= persons.all_key_fields(head_key, investor_keys)
    return fields, parts.sealer.seal(msgspec.json.encode(gone), case.entity_case_id)


def put_back(
    parts: Parts, case: EntityCase, kept: bytes | None, before: Entity, entity: Entity, entity_document: Mapping[str, Any]
) -> dict[str, Any]:  # fmt: skip
    """The revocation is undone: they are there again, but not over somebody who was registered meanwhile."""
    if kept is None or entity.version == before.version:  # nobody, or it has ended, or is kept elsewhere
        return {}
    gone, fields = msgspec.json.decode(parts.sealer.open(kept, case.entity_case_id), type=TakenOut), dict[str, Any]()
    head_key, investor_keys = entity_document.get("head_key", ""), list(entity_document.get("investor_keys", ()))
    if entity.legal_representative_masked and not before.legal_representative_masked:
        head_key, plain = gone.head_key, bytes(gone.head)
        fields["persons"] = parts.sealer.seal(plain, entity.entity_id) if plain != b"null" else None
    if gone.investor_key and gone.investor_key not in investor_keys:
        investor_keys.append(gone.investor_key)
        if entity_document.get("investors"):
            fields["investors"] = _sealed_shares(
                parts, entity, [*_shares(parts, entity, entity_document), *gone.shares]
            )
    return fields | persons.all_key_fields(head_key, investor_keys)


def _key_of_sealed(parts: Parts, case: EntityCase, sealed: bytes | None) -> str:
    if sealed is None:
        return ""
    return persons.key_of(parts, msgspec.json.decode(parts.sealer.open(sealed, case.entity_case_id), type=Person))


def _holds(parts: Parts, investor: Investor, key: str) -> bool:
    return investor.person is not None and persons.key_of(parts, investor.person) == key


def _shares(parts: Parts, entity: Entity, entity_document: Mapping[str, Any]) -> list[Investor]:
    return msgspec.json.decode(parts.sealer.open(entity_document["investors"], entity.entity_id), type=list[Investor])


def _sealed_shares(parts: Parts, entity: Entity, investors: list[Investor]) -> bytes:
    return parts.sealer.seal(msgspec.json.encode(investors), entity.entity_id)
