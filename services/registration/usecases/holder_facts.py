"""What permits show of an entity, told in answer to a question: names are not in events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.registration.usecases.context import Parts
from services.registration.usecases.entities import representative_of
from shared.ids import new_id


def holder_facts(
    parts: Parts, entity_ids: Sequence[str], purpose: str, asked_by: str, persons: bool
) -> list[dict[str, Any]]:
    """Name, kind and address of each entity at its version now; with `persons` also who represents it ("" when only the mask
    of the name is known). Who is not in the register is left out. The disclosure is logged (who, why, about whom by id)
    before anything is told."""
    fields = ["name", "domicile.address", *(["legal_representative.name"] if persons else [])]
    parts.store.log_disclosure(
        {"_id": new_id("dis"), "time": parts.clock.now(), "asked_by": asked_by, "purpose": purpose,
         "entity_ids": list(entity_ids), "fields": fields}
    )  # fmt: skip
    return [_facts(parts, document, persons) for document in parts.store.entities_by_id(entity_ids)]


def _facts(parts: Parts, document: dict[str, Any], persons: bool) -> dict[str, Any]:
    facts = {
        "entity_id": document["_id"],
        "entity_version": document["version"],
        "uscc": document["uscc"],
        "name": document["name"],
        "entity_type": document["entity_type"],
        "address": document["domicile"]["address"],
    }
    if persons:
        name, registered = representative_of(parts, document)
        facts["legal_representative"] = name if registered else ""
    return facts
