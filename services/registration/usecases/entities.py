"""The register: look up, list, take over existing entities, tell what a licence shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec

from services.registration.domain.duplicates import MOST, by_strength, match_keys
from services.registration.domain.entities import EntityRow, ReadRow, read_row
from services.registration.domain.entity import EXISTING, Entity, EntityState, as_of
from services.registration.domain.events import EntityImported
from services.registration.domain.form_check import Domicile, mask_name
from services.registration.domain.held_names import entity_name, wanted_name
from services.registration.domain.naming import parse_name
from services.registration.usecases.context import Parts
from services.registration.usecases.duplicates import ids_by_key, resembling
from shared.commands import Command, KeyTaken
from shared.events import timeline_entry
from shared.failures import InvalidArgument, NotFound, Violation
from shared.ids import new_id
from shared.national_codes import check_uscc


class EntityNotFound(NotFound):
    """No entity with this id or code."""


class Verdict(msgspec.Struct):
    """What became of a row."""

    row_number: int
    verdict: str
    entity_id: str = ""
    violations: list[Violation] = []
    # what it resembles, for a registrar to compare; it was taken over all the same
    duplicate_entity_ids: list[str] = []


def get_entity(parts: Parts, entity_id: str = "", uscc: str = "") -> tuple[Entity, dict[str, Any]]:
    """The entity and its stored document (for the timeline). Raises EntityNotFound, InvalidArgument for a code that is none."""
    if uscc:
        check_uscc(uscc, "uscc")
    document = parts.store.entity(entity_id, uscc)
    if document is None:
        raise EntityNotFound("no such entity in the register")
    return parts.entity_of(document), document


def get_entity_as_of(parts: Parts, entity_id: str, uscc: str, day: str) -> tuple[Entity, dict[str, Any]]:
    """The entity as it stood at the end of a day, without its timeline. Raises EntityNotFound before it was founded,
    InvalidArgument for what is no day, or one that has not come: nobody knows yet how it will stand."""
    _, document = get_entity(parts, entity_id, uscc)
    try:
        moment = date.fromisoformat(day)
    except ValueError:
        violation = Violation("as_of", "is no day", "DATE_INVALID")
        raise InvalidArgument("as_of is no day", reason="DATE_INVALID", violations=(violation,)) from None
    if moment > parts.clock.today():
        violation = Violation("as_of", "lies in the future", "DATE_IN_FUTURE")
        raise InvalidArgument("as_of lies in the future", reason="DATE_IN_FUTURE", violations=(violation,))
    found = as_of(document, moment)
    if found is None:
        raise EntityNotFound("there was no such entity on that day")
    return parts.entity_of(found), {}


def founding_days(first: str, last: str) -> tuple[str, str]:
    """First and last day of founding of a search, "" for none. Raises InvalidArgument that names the field."""
    for field, day in (("founded_from", first), ("founded_to", last)):
        try:
            _ = date.fromisoformat(day) if day else None
        except ValueError:
            violation = Violation(field, "is no day", "DATE_INVALID")
            raise InvalidArgument(f"{field} is no day", reason="DATE_INVALID", violations=(violation,)) from None
    if first and last and last < first:
        violation = Violation("founded_to", "lies before founded_from", "DAYS_REVERSED")
        raise InvalidArgument("founded_to lies before founded_from", reason="DAYS_REVERSED", violations=(violation,))
    return first, last


def import_rows(parts: Parts, command: Command, rows: Sequence[EntityRow]) -> list[Verdict]:
    """Take over a group of rows; every row gets its verdict. A row that stands in the register already is UNCHANGED
    when its facts are the same, else REFUSED. A code tells who gave it: rows of other registrars of the city are kept under
    theirs, found and resembled like all others, and nobody here acts on them."""
    parts.outbox.check_capacity()
    today, now = parts.clock.today(), parts.clock.now()
    verdicts: dict[int, Verdict] = {}
    entities: dict[str, tuple[int, Entity]] = {}
    for row in rows:
        try:
            read = read_row(row, today)
        except InvalidArgument as failure:
            verdicts[row.row_number] = Verdict(row.row_number, "REFUSED", violations=list(failure.violations))
            continue
        if read.uscc in entities:
            first = entities[read.uscc][0]
            double = Violation("uscc", f"the same code stands in row {first}", "USCC_TWICE")
            verdicts[row.row_number] = Verdict(row.row_number, "REFUSED", violations=[double])
        else:
            entities[read.uscc] = (row.row_number, _entity(read, today))
    documents, entries = [], []
    names = {uscc: parse_name(e.name, e.entity_type, e.division_code) for uscc, (_, e) in entities.items()}
    keys = {uscc: match_keys(names[uscc], e.division_code, e.domicile) for uscc, (_, e) in entities.items()}
    # one question: the keys of a kind together, so that a trade name that hundreds share hides nothing stronger
    kinds = groupby(by_strength(key for found in keys.values() for key in found), itemgetter(0))
    resembled = ids_by_key(parts.store.entities_resembling([list(of_kind) for _, of_kind in kinds], MOST * len(keys)))
    for uscc, (_, entity) in entities.items():
        event = EntityImported(entity.entity_id, entity.uscc, entity.entity_type, entity.division_code)
        entry = timeline_entry(event, now, command.cause)
        document = parts.to_document(entity, "entity_id")
        documents.append(
            document | {"timeline": [entry], "pending": [entry["id"]], "persons": None, "match_keys": keys[uscc]}
        )
        entries.append((entity.entity_id, entry))
    results = parts.store.insert_entities(documents)
    stored, taken = [], []
    broken: Exception | None = None
    for (number, entity), result, pair in zip(entities.values(), results, entries, strict=True):
        if result is None:
            stored.append((entity, pair))
            duplicates = resembling(keys[entity.uscc], resembled)
            verdicts[number] = Verdict(number, "IMPORTED", entity.entity_id, duplicate_entity_ids=duplicates)
            for key in keys[entity.uscc]:  # for the rows that come after it
                resembled.setdefault(key, []).append(entity.entity_id)
        elif isinstance(result, KeyTaken):
            taken.append((number, entity))
        else:
            broken = result
    # whoever sends the rows again after we died between the two writes mends it: those that stand here already are noted where
    # they are not
    new, known = (
        [entity_name(entity, wanted_name(names[entity.uscc], entity.division_code), now) for entity in some]
        for some in ([entity for entity, _ in stored], _judge_taken(parts, taken, verdicts))
    )
    parts.store.note_names([*new, *parts.store.names_not_held(known)])
    parts.outbox.committed_many("entities", [pair for _, pair in stored])
    if broken is not None:
        raise broken
    return [verdicts[row.row_number] for row in rows]


def _entity(read: ReadRow, today: date) -> Entity:
    entity = Entity(
        entity_id=new_id("ent"),
        uscc=read.uscc,
        state=EntityState.ACTIVE,
        version=1,
        entity_type=read.entity_type,
        name=read.name,
        division_code=read.division_code,
        domicile=Domicile(read.division_code, read.address),
        business_scope=read.business_scope,
        capital=read.capital,
        founding_date=read.registered_on.isoformat(),
        imported=True,
    )
    entity.owe_reports(today)
    return entity


def _judge_taken(parts: Parts, taken: list[tuple[int, Entity]], verdicts: dict[int, Verdict]) -> list[Entity]:
    """Verdicts on rows whose code stands in the register; those that are there unchanged, under the ids that they have."""
    unchanged: list[Entity] = []
    known = parts.store.entities_by_uscc([entity.uscc for _, entity in taken]) if taken else {}
    for number, entity in taken:
        document = known.get(entity.uscc)
        differing = _differing_columns(parts.entity_of(document), entity) if document is not None else []
        if document is not None and not differing:
            verdicts[number] = Verdict(number, "UNCHANGED", document["_id"])
            if document["state"] in EXISTING:
                unchanged.append(replace(entity, entity_id=document["_id"]))
        else:
            text = (
                f"the code stands in the register with another {', '.join(differing)}; an import changes nothing there"
            )
            other = Violation("uscc", text, "USCC_TAKEN")
            verdicts[number] = Verdict(number, "REFUSED", violations=[other])
    return unchanged


def _differing_columns(kept: Entity, read: Entity) -> list[str]:
    """Columns of a file in which a row says something else than the register."""

    def row(entity: Entity) -> dict[str, Any]:
        capital = entity.capital
        return {
            "name": entity.name, "registered_on": entity.founding_date, "type": entity.entity_type,
            "capital": (capital.amount_fen, capital.currency) if capital else None,
            "business_scope": entity.business_scope, "address": entity.domicile.address,
        }  # fmt: skip

    ours, theirs = row(kept), row(read)
    return [column for column, value in theirs.items() if ours[column] != value]


def licence_facts(parts: Parts, entity_ids: Sequence[str], purpose: str, asked_by: str) -> list[dict[str, Any]]:
    """What a business licence shows of each entity, with the legal representative's name. The disclosure is logged
    (who, why, about whom by id) before anything is told."""
    parts.store.log_disclosure(
        {"_id": new_id("dis"), "time": parts.clock.now(), "asked_by": asked_by, "purpose": purpose,
         "entity_ids": list(entity_ids), "fields": ["legal_representative.name"]}
    )  # fmt: skip
    return [_licence_facts(parts, document) for document in parts.store.entities_by_id(entity_ids)]


def _licence_facts(parts: Parts, document: dict[str, Any]) -> dict[str, Any]:
    representative, registered = representative_of(parts, document)
    return {
        "entity_id": document["_id"],
        "entity_version": document["version"],
        "uscc": document["uscc"],
        "name": document["name"],
        "entity_type": document["entity_type"],
        "legal_representative": representative,
        "capital": document["capital"],
        "business_scope": document["business_scope"],
        "address": document["domicile"]["address"],
        "division_code": document["division_code"],
        "founding_date": document["founding_date"],
        # whether a licence is due when something changes
        "state": document["state"],
        "imported": bool(document.get("imported")),
        "representative_known": registered,
    }


def representative_known(parts: Parts, document: dict[str, Any]) -> bool:
    """Whether a licence could name the registered legal representative; nobody is told the name."""
    return representative_of(parts, document)[1]


def representative_of(parts: Parts, document: dict[str, Any]) -> tuple[str, bool]:
    """The name kept of an entity's legal representative ("" for none), and whether it is the registered one's: a change names
    the new one masked, and whose name does not fit the mask is not the new one. The disclosure must be logged first."""
    name = ""
    if document.get("persons"):
        person = msgspec.json.decode(parts.sealer.open(document["persons"], document["_id"]))
        name = person["name"] if person else ""
    return name, bool(name) and document.get("legal_representative_masked") == mask_name(name)
