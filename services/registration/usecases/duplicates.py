"""Duplicates: each group of applications, and of rows of an import, is looked up in one question over the register (and one
over the open applications); what is found is compared by a registrar before it is registered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.registration.domain.application import Application
from services.registration.domain.duplicates import (
    MOST,
    DuplicatesNotReviewed,
    DuplicatesReviewed,
    FieldComparison,
    Side,
    compare,
)
from services.registration.usecases.context import Parts
from shared.clock import local_date

# How many documents one look-up of a group reads at most, so that a key which thousands share (one address, one investor)
# does not hold up the reception. One application alone, as when it is decided, finds all that it can keep.
READ_AT_LEAST, READ_FOR_EACH = 2 * MOST, 1


@dataclass(frozen=True, slots=True)
class Pair:
    """What an application resembles: an entity, or another open application. `other_id` is its id."""

    other_id: str
    reasons: list[str]
    fields: list[FieldComparison]


def ids_by_key(found: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Match key → ids of the documents that have it, in their order."""
    by_key: dict[str, list[str]] = {}
    for document in found:
        for key in document["match_keys"]:
            by_key.setdefault(key, []).append(document["_id"])
    return by_key


def resembling(keys: Iterable[str], by_key: Mapping[str, Sequence[str]], own_id: str = "") -> list[str]:
    """Ids that share a key with these, each once, at most MOST."""
    ids: dict[str, None] = {}
    for key in keys:
        # of one key no more are looked at than can be kept: a key may have thousands
        ids |= dict.fromkeys(other for other in by_key.get(key, ())[: MOST + 1] if other != own_id)
        if len(ids) >= MOST:
            break
    return list(ids)[:MOST]


def note_duplicates(parts: Parts, group: Sequence[tuple[Application, Sequence[str]]]) -> None:
    """Note on each application (with its match keys) what it resembles in the register and among the open applications,
    those before it in its own group too: two questions for all."""
    asked = [key for _, keys in group for key in keys]
    if not asked:
        return
    most = max(READ_AT_LEAST, READ_FOR_EACH * len(group))
    entities = ids_by_key(parts.store.entities_resembling(asked, most))
    applications = ids_by_key(parts.store.applications_resembling(asked, most))
    for application, keys in group:
        application.duplicate_entity_ids = resembling(keys, entities)
        application.duplicate_application_ids = resembling(keys, applications, application.application_id)
        for key in keys:
            applications.setdefault(key, []).append(application.application_id)


def require_reviewed(
    parts: Parts, application: Application, document: Mapping[str, Any], reviewed: bool
) -> DuplicatesReviewed | None:  # fmt: skip
    """What the registrar's word says that the application does not double; None when it resembles nothing now (entities come
    and go while it waits, so they are looked up again). Raises DuplicatesNotReviewed naming what it resembles."""
    note_duplicates(parts, [(application, document.get("match_keys", ()))])
    entity_ids, application_ids = application.duplicate_entity_ids, application.duplicate_application_ids
    if not entity_ids and not application_ids:
        return None
    if not reviewed:
        raise DuplicatesNotReviewed(
            "compare the application with what it resembles, then say so with duplicates_reviewed: "
            + ", ".join((*entity_ids, *application_ids)),
            metadata={"entity_ids": ",".join(entity_ids), "application_ids": ",".join(application_ids)},
        )
    return DuplicatesReviewed(application.application_id, entity_ids, application_ids)


def compare_duplicates(parts: Parts, application: Application, document: Mapping[str, Any]) -> list[Pair]:
    """The application beside each that it resembles now, entities first."""
    note_duplicates(parts, [(application, document.get("match_keys", ()))])
    mine = _of_application(application, document)
    others = [
        (entity["_id"], _of_entity(parts, entity))
        for entity in parts.store.entities_by_id(application.duplicate_entity_ids)
    ] + [
        (other["_id"], _of_application(parts.application_of(other), other))
        for other in parts.store.applications_by_id(application.duplicate_application_ids)
    ]
    return [Pair(other_id, *compare(mine, other)) for other_id, other in others]


def _of_application(application: Application, document: Mapping[str, Any]) -> Side:
    return Side(
        name=application.name.full_name, entity_type=application.entity_type, domicile=application.domicile,
        business_scope=application.business_scope, capital=application.capital,
        legal_representative_masked=application.legal_representative_masked, head_key=document.get("head_key", ""),
        date=local_date(application.received_time).isoformat(), state=application.state,
        match_keys=document.get("match_keys", ()),
    )  # fmt: skip


def _of_entity(parts: Parts, document: dict[str, Any]) -> Side:
    entity = parts.entity_of(document)
    return Side(
        name=entity.name, entity_type=entity.entity_type, domicile=entity.domicile, business_scope=entity.business_scope,
        capital=entity.capital, legal_representative_masked=entity.legal_representative_masked,
        head_key=document.get("head_key", ""), date=entity.founding_date, state=entity.state,
        match_keys=document.get("match_keys", ()),
    )  # fmt: skip
