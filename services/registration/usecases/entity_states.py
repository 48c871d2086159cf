"""Change an entity's state: revoke its licence or its registration, cancel it; its name rests with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.registration.domain.entity import Entity, EntityState, StaleVersion, remember
from services.registration.domain.held_names import name_moves
from services.registration.domain.limits import due_date
from services.registration.usecases.context import Parts
from services.registration.usecases.entities import get_entity
from shared.commands import Command, command_entry, done_meanwhile, version_made_by
from shared.events import timeline_entry
from shared.failures import PermissionDenied


class DivisionMismatch(PermissionDenied):
    """Another registrar keeps this entity."""


def change_entity_state(
    parts: Parts,
    command: Command,
    entity_id: str,
    division_code: str,
    expected_version: int,
    state: EntityState,
    reason_code: str,
) -> tuple[Entity, bool]:
    """The new state with its event in one write. Returns the entity and whether this repeats a command.

    Raises EntityNotFound, DivisionMismatch, EntityStateNotAllowed, StaleVersion, IdempotencyKeyReused.
    """
    parts.outbox.check_capacity()
    entity, document = get_entity(parts, entity_id)
    if entity.division_code != division_code:
        raise DivisionMismatch("the registrar of another division keeps this entity")
    if version_made_by(document, command.key, command.digest) is not None:
        return entity, True
    now, before = parts.clock.now(), replace(entity)
    entry = timeline_entry(entity.change_state(expected_version, state, reason_code, now), now, command.cause)
    remember(before, entity, now)
    rest_until = due_date("name_rest", parts.clock.today()).isoformat()
    names = name_moves(before, entity, rest_until, document.get("head_key", ""))
    try:
        parts.store.change_entity(entity, entry, command_entry(command.key, command.digest, entity.version), names)
    except StaleVersion:
        return _by_an_earlier_try(parts, command, document)
    parts.outbox.committed_many("entities", [(entity_id, entry)])
    return entity, False


def _by_an_earlier_try(parts: Parts, command: Command, document: dict[str, Any]) -> tuple[Entity, bool]:
    """The entity changed under our hands, perhaps by an earlier try of this very command. Raises StaleVersion when it was
    another one."""
    done = done_meanwhile(lambda: get_entity(parts, document["_id"])[1], command, document["version"])
    if done is None:
        raise StaleVersion("the entity changed meanwhile; read it again")
    return parts.entity_of(done), True
