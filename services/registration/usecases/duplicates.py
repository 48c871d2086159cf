"""Duplicates: an application is looked up in one question over the register and one over the open applications when a registrar
looks at it or decides, a group of rows of an import in one; what is found is compared by a registrar before it is registered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from services.registration.domain.application import Application, ApplicationState
from services.registration.domain.duplicates import (
    MOST,
    DuplicatesNotReviewed,
    DuplicatesReviewed,
    FieldComparison,
    Side,
    alike_keys,
    by_strength,
    compare,
)
from services.registration.usecases.context import Parts
from services.registration.usecases.persons import sealed_keys
from shared.clock import local_date

# How many documents a look-up reads of one key: hundreds may share one (one address, one investor), and one more than can be
# kept is enough, since the application itself may be among them.
OF_EACH = MOST + 1


@dataclass(frozen=True, slots=True)
class Pair:
    """What an application resembles: an entity, or another open application. `other_id` is its id."""

    other_id: str
    reasons: list[str]
    fields: list[FieldComparison]


def ids_by_key(found: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Match key → ids of the documents that have it, in their order."""
    by_key: dict[str, list[str]] = {}
    for other_id, keys in {document["_id"]: document["match_keys"] for document in found}.items():
        for key in keys:
            by_key.setdefault(key, []).append(other_id)
    return by_key


def resembling(keys: Iterable[str], by_key: Mapping[str, Sequence[str]], own_id: str = "") -> list[str]:
    """Ids that share a key with these, each once, at most MOST: those first that share what says most."""
    ids: dict[str, None] = {}
    for key in by_strength(keys):
        # of one key no more are looked at than can be kept: a key may have thousands
        ids |= dict.fromkeys(other for other in by_key.get(key, ())[:OF_EACH] if other != own_id)
        if len(ids) >= MOST:
            break
    return list(ids)[:MOST]


@dataclass(frozen=True, slots=True)
class Resembled:
    """What an application resembles now: entities in the register, and other applications under review."""

    entity_ids: list[str]
    application_ids: list[str]


def resembled(parts: Parts, application: Application, document: Mapping[str, Any]) -> Resembled:
    """What the application resembles now, as long as it waits for a decision. It is looked up whenever a registrar looks at it or
    decides, not when it is received: entities come and go while it waits, and thousands that nobody looks at yet cost nothing.
    """
    keys = document.get("match_keys", ()) if application.state is ApplicationState.UNDER_REVIEW else ()
    if not keys:
        return Resembled([], [])
    entities = ids_by_key(parts.store.entities_resembling([[key] for key in by_strength(keys)], OF_EACH))
    applications = ids_by_key(parts.store.applications_resembling([[key] for key in alike_keys(keys)], OF_EACH))
    return Resembled(resembling(keys, entities), resembling(keys, applications, application.application_id))


def require_reviewed(
    parts: Parts, application: Application, document: Mapping[str, Any], reviewed: bool
) -> DuplicatesReviewed | None:  # fmt: skip
    """What the registrar's word says that the application does not double; None when it resembles nothing now. Raises
    DuplicatesNotReviewed naming what it resembles."""
    found = resembled(parts, application, document)
    if not found.entity_ids and not found.application_ids:
        return None
    if not reviewed:
        raise DuplicatesNotReviewed(
            "compare the application with what it resembles, then say so with duplicates_reviewed: "
            + ", ".join((*found.entity_ids, *found.application_ids)),
            metadata={
                "entity_ids": ",".join(found.entity_ids), "application_ids": ",".join(found.application_ids),
            },
        )  # fmt: skip
    return DuplicatesReviewed(application.application_id, found.entity_ids, found.application_ids)


def compare_duplicates(parts: Parts, application: Application, document: Mapping[str, Any]) -> list[Pair]:
    """The application beside each that it resembles now, entities first."""
    found = resembled(parts, application, document)
    if not found.entity_ids and not found.application_ids:
        return []
    mine = _of_application(parts, application, document)
    others = [(entity["_id"], _of_entity(parts, entity)) for entity in parts.store.entities_by_id(found.entity_ids)] + [
        (other["_id"], _of_application(parts, parts.application_of(other), other))
        for other in parts.store.applications_by_id(found.application_ids)
    ]
    return [Pair(other_id, *compare(mine, other)) for other_id, other in others]


def _of_application(parts: Parts, application: Application, document: Mapping[str, Any]) -> Side:
    persons = msgspec.json.decode(parts.sealer.open(document["persons"], document["_id"]))
    return Side(
        name=application.name.full_name, entity_type=application.entity_type, domicile=application.domicile,
        business_scope=application.business_scope, capital=application.capital,
        legal_representative_masked=application.legal_representative_masked,
        head_key=sealed_keys(parts, persons).get("head_key", ""),
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
