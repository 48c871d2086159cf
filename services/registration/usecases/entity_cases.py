"""Cases about entities: open, act, act when due. State of case and entity, their events and the name move in one write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.registration.domain.application import NameTaken
from services.registration.domain.cases import engine
from services.registration.domain.cases.engine import EntityCase, Facts, Kind, Party
from services.registration.domain.cases.facts import codes_of
from services.registration.domain.cases.kinds import KINDS, concerning, kind_of
from services.registration.domain.cases.new_facts import type_after
from services.registration.domain.cases.persons import CHANGE, CONVERSION, check_step_person
from services.registration.domain.entity import Entity, StaleVersion, remember
from services.registration.domain.form_check import Investor, Person
from services.registration.domain.held_names import (
    NOBODY,
    Holder,
    NameClaim,
    claim_of,
    holder_of,
    name_moves,
    takes_another_name,
)
from services.registration.domain.limits import due_date
from services.registration.usecases import case_persons, names
from services.registration.usecases.case_persons import SEALED, Sealed
from services.registration.usecases.context import Parts
from services.registration.usecases.entities import get_entity
from services.registration.usecases.entity_states import DivisionMismatch
from services.registration.usecases.person_register import NOTHING_BESIDE, Beside
from shared.commands import Command, KeyTaken, command_entry, version_made_by
from shared.events import Cause, timeline_entry
from shared.failures import Aborted, AlreadyExists, Failure, NotFound
from shared.ids import new_id

COLLECTION = "entity_cases"
TRIES = 5
# Kinds that only the entity itself asks for; a dispute is opened by its opponent.
_OF_ITSELF = frozenset({CHANGE, CONVERSION})


class EntityCaseNotFound(NotFound):
    """No case with this id, or it is not yours."""


class CaseAlreadyOpen(AlreadyExists):
    """A case of this kind is open for the entity."""


def open_entity_case(
    parts: Parts, command: Command, kind_key: str, entity_id: str, division_code: str, facts: Facts, by: Party,
    person: Person | None = None, investors: Sequence[Investor] = (),
) -> tuple[EntityCase, dict[str, Any], bool]:  # fmt: skip
    """Open a case. Returns it, its document, and whether this repeats a command. `division_code`: of the registrar that acts,
    "" for anybody else. `person`: who becomes legal representative or operator. `investors`: who holds the shares afterwards.
    Raises what the kind's rules raise, PersonBarred, NameTaken, CaseAlreadyOpen, DivisionMismatch, EntityNotFound."""
    parts.outbox.check_capacity()
    if (known := _known(parts, command)) is not None:
        return known
    try:
        return _open(parts, command, kind_of(kind_key), entity_id, division_code, facts, by, person, investors)
    except Failure:
        if (known := _known(parts, command)) is not None:  # the same command was done beside us
            return known
        raise


def _open(
    parts: Parts, command: Command, kind: Kind, entity_id: str, division_code: str, facts: Facts, by: Party,
    person: Person | None, investors: Sequence[Investor],
) -> tuple[EntityCase, dict[str, Any], bool]:  # fmt: skip
    now = parts.clock.now()
    entity, entity_document = get_entity(parts, entity_id)
    _require_division(
        entity.division_code, division_code or parts.region
    )  # the registrar that keeps it is the competent one
    before, case_id = replace(entity), new_id("enc")
    facts, sealed = case_persons.opening(parts, kind.key, case_id, entity, facts, person, investors, entity_document)
    case, events = engine.open_case(kind, case_id, entity, facts, by, now)
    require_free_name(parts, kind.key, before, case.facts)
    try:
        _save(parts, kind, case, 0, entity, before, events, now, command.cause, command, sealed)
    except KeyTaken as error:
        raise _taken(error, kind) from error
    return (*load_case(parts, case.entity_case_id), False)


def _known(parts: Parts, command: Command) -> tuple[EntityCase, dict[str, Any], bool] | None:
    """What this command opened before. Raises IdempotencyKeyReused."""
    found = parts.cases.find_by_command(command.key)
    if found is None:
        return None
    version_made_by(found, command.key, command.digest)
    return parts.case_of(found), found, True


def act_on_entity_case(
    parts: Parts, command: Command, case_id: str, expected_version: int, action: str, facts: Facts, by: Party,
    division_code: str = "", only_client_id: str = "", person: Person | None = None,
) -> tuple[EntityCase, dict[str, Any], bool]:  # fmt: skip
    """Take a step. Returns the case, its document, and whether this repeats a command. Raises what the kind's rules raise,
    StaleVersion, EntityCaseNotFound, DivisionMismatch."""
    parts.outbox.check_capacity()
    for _ in range(TRIES):
        case, document = load_case(parts, case_id, only_client_id)
        if version_made_by(document, command.key, command.digest) is not None:
            return case, document, True
        _require_division(case.division_code, division_code)
        case.require(expected_version)
        check_step_person(case.kind, action, facts, person)
        if _step(
            parts, case, document, lambda k, c, e, n: engine.act(k, c, e, action, facts, by, n), command.cause, command,
            person,
        ):  # fmt: skip
            return (*load_case(parts, case_id), False)
    raise Aborted("the case keeps changing; try again")


def act_on_due_case(parts: Parts, case_id: str) -> bool:
    """What follows because time is up; whether anything did. Raises Aborted when another sweeper was faster."""
    case, document = load_case(parts, case_id)
    told: list[Any] = []

    def due(kind: Kind, case: EntityCase, entity: Entity, now: datetime) -> list[Any]:
        # a step may bring the next at once: a notice that is over leads to what stood in the way during it; where nothing
        # came, only the next time to look is noted: whoever has read the case has read it as it stands
        told.extend(engine.catch_up(kind, case, entity, now))
        return told

    if not _step(parts, case, document, due, Cause(actor_id="platform"), None):
        raise Aborted("another sweeper was faster")
    return bool(told)


def load_case(
    parts: Parts, case_id: str, only_client_id: str = "", as_party: Party | None = None
) -> tuple[EntityCase, dict[str, Any]]:  # fmt: skip
    """The case and its document. Another client's is not found, as if it were none, unless `as_party` has a part in cases of
    its kind: an authority reads what it may object to."""
    document = parts.cases.find(case_id)
    if document is None or not (
        not only_client_id
        or document.get("client_id") == only_client_id
        or (as_party is not None and document["kind"] in concerning(as_party))
    ):
        raise EntityCaseNotFound("no case with this id", metadata={"entity_case_id": case_id[:64]})
    return parts.case_of(document), document


Act = Callable[[Kind, EntityCase, Entity, datetime], list[Any]]


def _step(
    parts: Parts, case: EntityCase, document: Mapping[str, Any], act: Act, cause: Cause, command: Command | None,
    person: Person | None = None,
) -> bool:  # fmt: skip
    """One step on case and entity as they are now; False when either changed under our hands."""
    kind, now = KINDS[case.kind], parts.clock.now()
    entity, entity_document = get_entity(parts, case.entity_id)
    before, sealed = replace(entity), case_persons.kept_sealed(document)
    events = act(kind, case, entity, now)
    try:
        beside = case_persons.beside(parts, case, person, document, before, entity, entity_document)
        _save(parts, kind, case, document["version"], entity, before, events, now, cause, command, sealed, beside)
    except StaleVersion:
        return False
    except KeyTaken as error:
        raise _taken(error, kind) from error
    return True


def _save(
    parts: Parts, kind: Kind, case: EntityCase, expected_version: int, entity: Entity, before: Entity,
    events: list[Any], now: datetime, cause: Cause, command: Command | None, sealed: Sealed,
    beside: Beside = NOTHING_BESIDE,
) -> None:  # fmt: skip
    remember(before, entity, now)
    entries = [timeline_entry(event, now, cause) for event in events]
    of_case = [e for e in entries if e["type"].startswith("EntityCase")]
    of_entity = [e for e in entries if e not in of_case]
    document = (
        parts.to_document(case, "entity_case_id")
        | {
            "standing": parts.to_document(engine.standing(kind, case, now), ""),
            "next_due_time": engine.next_due_time(kind, case, now),
            "open_key": f"{case.kind}|{case.entity_id}" if kind.is_open(case) else "",
            "taken_out": beside.taken_out,
        }
        | {name: sealed.get(name) if kind.is_open(case) else None for name in SEALED}
    )
    if expected_version == 0 and command is not None:
        document["client_id"] = command.client_id
    rest_until = due_date("name_rest", parts.clock.today()).isoformat()
    moves = name_moves(before, entity, rest_until, beside.head_key)
    claim = _claim(case, before, entity, parts.clock.today().isoformat(), now)
    kept = command_entry(command.key, command.digest, case.version) if command else None
    # a step that leaves the entity as it was brings nothing on, and makes nobody read another case again
    changed = entity.version != before.version
    woken = tuple(f"{other}|{case.entity_id}" for other in kind.wakes if changed)
    stands = (before.state, before.flags) == (entity.state, entity.flags)
    beside = replace(beside, woken=woken, wakes_all=not stands, at=now)
    parts.cases.save(document, expected_version, of_case, kept, entity, before.version, of_entity, moves, beside, claim)
    if beside.bar is not None or beside.unbar:
        parts.store.forget_bars()
    parts.outbox.committed_many(COLLECTION, [(case.entity_case_id, entry) for entry in of_case])
    parts.outbox.committed_many("entities", [(case.entity_id, entry) for entry in of_entity])


def _claim(case: EntityCase, before: Entity, entity: Entity, today: str, now: datetime) -> NameClaim | None:
    """The name that the step gives the entity, if it is another one."""
    if not takes_another_name(before, entity):
        return None
    return claim_of(entity, _holder(entity, case.facts), today, now)


def require_free_name(parts: Parts, kind: str, entity: Entity, facts: Facts) -> None:
    """What an entity would have to be refused for later is told when it asks: another has its new name (名称规定 art. 17). It is
    looked at again when it is registered. Raises NameTaken."""
    if kind not in _OF_ITSELF or not facts.get("new_name"):
        return
    renamed = replace(entity, name=facts["new_name"], entity_type=type_after(entity.entity_type, facts))
    if takes_another_name(entity, renamed):
        wanted = claim_of(renamed, NOBODY, "", parts.clock.now()).wanted
        names.require_free(parts, wanted, _holder(entity, facts), "facts.new_name")


def _holder(entity: Entity, facts: Facts) -> Holder:
    """A reservation belongs to whoever brings its number: the client is a portal or counter, of many applicants."""
    return holder_of(entity, facts.get("name_reservation_id", ""), codes_of(facts.get("invested_usccs", "")))


def _taken(error: KeyTaken, kind: Kind) -> Exception:
    if "open_key" in str(error):
        return CaseAlreadyOpen(f"a case of this kind is open for the entity: {kind.key}", metadata={"kind": kind.key})
    if "_id" in str(error):
        return NameTaken(names.TAKEN, metadata={"field": "facts.new_name"})
    return Aborted("it could not be stored; try again")


def _require_division(own: str, acting: str) -> None:
    if acting and own != acting:
        raise DivisionMismatch("the registrar of another division keeps this entity")
