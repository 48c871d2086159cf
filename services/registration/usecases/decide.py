"""Decide applications: register (with code and entity), refuse, extend; take them back; show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from services.registration.domain.application import Application, RefusalReason
from services.registration.domain.codes import uscc_of
from services.registration.domain.duplicates import DuplicatesNotReviewed, match_keys
from services.registration.domain.entity import StaleVersion
from services.registration.usecases import persons
from services.registration.usecases.context import Parts
from services.registration.usecases.duplicates import require_reviewed
from shared.commands import Command, KeyTaken, command_entry, done_meanwhile, version_made_by
from shared.events import timeline_entry
from shared.failures import Aborted, NotFound
from shared.ids import new_id

# An imported entity may hold a code that the counter comes to; the next number is taken then.
CODE_TRIES = 20


class ApplicationNotFound(NotFound):
    """No application with this id."""


def get_application(parts: Parts, application_id: str, only_client_id: str = "") -> tuple[Application, dict[str, Any]]:
    """The application and its stored document (for the timeline).

    With `only_client_id` another client's application is not found, with the same answer as one that does not exist.
    """
    document = parts.store.application(application_id)
    if document is None or (only_client_id and document["client_id"] != only_client_id):
        raise ApplicationNotFound("no application with this id", metadata={"application_id": application_id})
    return parts.application_of(document), document


def register_application(
    parts: Parts, command: Command, application_id: str, expected_version: int, duplicates_reviewed: bool = False
) -> tuple[Application, bool]:
    """Register: code, entity and event in one step. Returns the application and whether this repeats a command. Raises
    DuplicatesNotReviewed unless the registrar says that what it resembles is another business, and PersonBarred."""
    parts.outbox.check_capacity()
    for _ in range(CODE_TRIES):
        application, document = get_application(parts, application_id)
        if version_made_by(document, command.key, command.digest) is not None:
            return application, True
        application.require_open(expected_version)
        named = msgspec.json.decode(parts.sealer.open(document["persons"], document["_id"]))
        keys = persons.sealed_keys(parts, named)
        persons.require_free(parts, [("persons", key) for key in keys.get("person_keys", ())])  # barred since it came
        try:
            word = require_reviewed(parts, application, document, duplicates_reviewed)
        except DuplicatesNotReviewed:
            # what it resembles may be itself, registered by an earlier try of this command a moment ago
            application, document = get_application(parts, application_id)
            if version_made_by(document, command.key, command.digest) is None:
                raise
            return application, True
        now, entity_id = parts.clock.now(), new_id("ent")
        uscc = uscc_of(application.entity_type, application.division_code, parts.store.next_code_number())
        entity = application.register(expected_version, entity_id, uscc, now)
        entry = timeline_entry(entity.registered(), now, command.cause)
        head = parts.sealer.seal(msgspec.json.encode(named["legal_representative"]), entity_id)
        notes = [timeline_entry(word, now, command.cause)] if word else []
        made = command_entry(command.key, command.digest, application.version)
        match = match_keys(application.name, entity.division_code, entity.domicile, keys.get("person_keys", ()))
        try:
            parts.store.register(application, made, entity, entry, head, keys | {"match_keys": match}, notes)
        except KeyTaken:
            continue
        except StaleVersion:
            return _by_an_earlier_try(parts, command, document)
        parts.outbox.committed_many("entities", [(entity_id, entry)])
        return application, False
    raise Aborted("no free code was found; try again", reason="NO_FREE_CODE")


def refuse_application(
    parts: Parts, command: Command, application_id: str, expected_version: int, reasons: Sequence[RefusalReason]
) -> tuple[Application, bool]:
    """Refuse with reasons; the name is free again."""
    parts.outbox.check_capacity()
    application, document = get_application(parts, application_id)
    if version_made_by(document, command.key, command.digest) is not None:
        return application, True
    now = parts.clock.now()
    entry = timeline_entry(application.refuse(expected_version, reasons, now), now, command.cause)
    try:
        parts.store.end_application(application, entry, command_entry(command.key, command.digest, application.version))
    except StaleVersion:
        return _by_an_earlier_try(parts, command, document)
    parts.outbox.committed_many("applications", [(application_id, entry)])
    return application, False


def withdraw_application(
    parts: Parts, command: Command, application_id: str, expected_version: int, only_client_id: str
) -> tuple[Application, bool]:
    """Its own client takes it back before it is decided; the name is free again. `expected_version` 0: whatever it is at."""
    parts.outbox.check_capacity()
    application, document = get_application(parts, application_id, only_client_id)
    if version_made_by(document, command.key, command.digest) is not None:
        return application, True
    now = parts.clock.now()
    entry = timeline_entry(application.withdraw(expected_version or application.version, now), now, command.cause)
    try:
        parts.store.end_application(application, entry, command_entry(command.key, command.digest, application.version))
    except StaleVersion:
        return _by_an_earlier_try(parts, command, document)
    parts.outbox.committed_many("applications", [(application_id, entry)])
    return application, False


def extend_review(
    parts: Parts, command: Command, application_id: str, expected_version: int, approved_by: str
) -> tuple[Application, bool]:
    """Three more working days, approved by the head (a pseudonym), who stands on the application. Raises
    ReviewAlreadyExtended, ClockExpired."""
    parts.outbox.check_capacity()
    application, document = get_application(parts, application_id)
    if version_made_by(document, command.key, command.digest) is not None:
        return application, True
    now = parts.clock.now()
    entry = timeline_entry(application.extend(expected_version, approved_by, now), now, command.cause)
    made = command_entry(command.key, command.digest, application.version)
    try:
        parts.store.update_application(application, [entry], made)
    except StaleVersion:
        return _by_an_earlier_try(parts, command, document)
    parts.outbox.committed_many("applications", [(application_id, entry)])
    return application, False


def _by_an_earlier_try(parts: Parts, command: Command, document: dict[str, Any]) -> tuple[Application, bool]:
    """The application changed under our hands, perhaps by an earlier try of this very command. Raises StaleVersion when it was
    another one."""
    done = done_meanwhile(lambda: get_application(parts, document["_id"])[1], command, document["version"])
    if done is None:
        raise StaleVersion("the application changed meanwhile; read it again")
    return parts.application_of(done), True
