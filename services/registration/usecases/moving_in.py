"""Take over an entity that moves in: the entity, its event, its command and its name in one write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec

from services.registration.domain.application import NameTaken
from services.registration.domain.duplicates import match_keys
from services.registration.domain.entity import Entity, remember
from services.registration.domain.held_names import claim_of, holder_of
from services.registration.domain.moving_in import EntityAlreadyKept, TakeOver, check_take_over, come_back, moved_in
from services.registration.domain.naming import parse_name
from services.registration.usecases import persons
from services.registration.usecases.context import Parts
from services.registration.usecases.entities import representative_of
from shared.commands import Command, KeyTaken, command_entry, version_made_by
from shared.events import timeline_entry
from shared.failures import Aborted, Failure
from shared.ids import new_id


def take_over_entity(parts: Parts, command: Command, asked: TakeOver) -> tuple[Entity, bool]:
    """The entity, kept here from now on, and whether this repeats a command. One that moved out comes back as itself. Raises
    InvalidArgument, NotCompetent, EntityAlreadyKept, NameTaken, IdempotencyKeyReused."""
    parts.outbox.check_capacity()
    if (known := _known(parts, command)) is not None:
        return known, True
    try:
        return _take_over(parts, command, asked), False
    except Failure:
        if (known := _known(parts, command)) is not None:  # the same command was done beside us
            return known, True
        raise


def _known(parts: Parts, command: Command) -> Entity | None:
    document = parts.store.entity_by_command(command.key)
    if document is None:
        return None
    version_made_by(document, command.key, command.digest)
    return parts.entity_of(document)


def _take_over(parts: Parts, command: Command, asked: TakeOver) -> Entity:
    now = parts.clock.now()
    check_take_over(asked, parts.region, parts.clock.today())
    document = parts.store.entity(uscc=asked.uscc)
    before: Entity | None = None
    events: Sequence[Any]
    if document is None:
        entity, event = moved_in(asked, new_id("ent"), now)
        events = [event]
    else:
        entity = parts.entity_of(document)
        before = replace(entity)
        # compared here, told nobody
        same = representative_of(parts, document) == (asked.legal_representative.name, True)
        events = come_back(asked, entity, now, same)
        remember(before, entity, now)
    head = persons.key_of(parts, asked.legal_representative)
    persons.require_free(parts, [("legal_representative", head)])
    entries = [timeline_entry(event, now, command.cause) for event in events]
    parsed = parse_name(entity.name, entity.entity_type, entity.division_code)
    written = (
        parts.to_document(entity, "entity_id")
        | persons.key_fields(head, ())
        | {
            "match_keys": match_keys(parsed, entity.division_code, entity.domicile, [head] if head else ()),
            "persons": parts.sealer.seal(msgspec.json.encode(asked.legal_representative), entity.entity_id),
            "move_in": {"taking_over_ref": asked.taking_over_ref, "files_sha256": asked.files_sha256, "time": now},
        }
    )
    claim = claim_of(entity, holder_of(entity), parts.clock.today().isoformat(), now)
    kept = command_entry(command.key, command.digest, entity.version)
    try:
        parts.store.take_in(written, before.version if before else 0, entries, kept, claim)
    except KeyTaken as error:
        raise _taken(error, asked) from error
    parts.outbox.committed_many("entities", [(entity.entity_id, entry) for entry in entries])
    return entity


def _taken(error: KeyTaken, asked: TakeOver) -> Failure:
    if "uscc" in str(error):
        return EntityAlreadyKept("an entity with this code is kept here", metadata={"uscc": asked.uscc})
    return _name_taken() if "_id" in str(error) else Aborted("it could not be stored; try again")


def _name_taken() -> NameTaken:
    return NameTaken(
        "the trade name is held in this trade here (企业名称登记管理规定 art. 17); change it before the move",
        metadata={"field": "name"},
    )
