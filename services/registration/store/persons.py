"""Persons in the store: entities by keyed hash, who may register nothing for a time, and what resembles what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import monotonic
from typing import Any

from mongoengine import Document, StringField
from pymongo.collection import Collection

from services.registration.domain.entity import EXISTING
from services.registration.store.documents import ALIAS
from services.registration.store.entity_queries import HIDDEN

BARRED_COLLECTION = "barred_persons"
# How old what is known of all bars may be when an application is received; the decision asks anew.
BARS_SECONDS = 2.0


class BarredPerson(Document):  # type: ignore[misc]
    """Who was directly responsible for a false registration, by keyed hash only (条例 art. 40); one for a case that
    revoked. It goes when the revocation is undone (art. 42)."""

    entity_case_id = StringField(primary_key=True)
    person_key = StringField(required=True)
    # last day, ISO date
    until = StringField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": BARRED_COLLECTION,
        "auto_create_index": False,
        # bars of the persons of a group of applications that last today
        # all bars that last today
        "indexes": [
            {"fields": ["person_key", "until"], "name": "person"},
            {"fields": ["until"], "name": "until"},
        ],
    }


class PersonStore:
    """Mixed into the store of the register."""

    applications: Collection[dict[str, Any]]
    entities: Collection[dict[str, Any]]
    barred_persons: Collection[dict[str, Any]]

    def bars(self, person_keys: Iterable[str], today: str) -> dict[str, str]:
        """Person key → last day, of those who are barred on this day (ISO date)."""
        found = self.barred_persons.find({"person_key": {"$in": sorted(set(person_keys))}, "until": {"$gte": today}})
        return {bar["person_key"]: bar["until"] for bar in found.sort([("person_key", 1), ("until", 1)])}

    def known_bars(self, today: str) -> dict[str, str]:
        """All bars that last on this day, as they stood at most BARS_SECONDS ago: there are few, and a flood of applications
        does not ask for each group. Whoever must know exactly asks `bars`."""
        known = self.__dict__.get("_known_bars")
        if known is None or known[0] != today or monotonic() - known[1] > BARS_SECONDS:
            found = self.barred_persons.find({"until": {"$gte": today}}).sort("until", 1).hint("until")
            known = self.__dict__["_known_bars"] = (today, monotonic(), {b["person_key"]: b["until"] for b in found})
        bars: dict[str, str] = known[2]
        return bars

    def forget_bars(self) -> None:
        """What is known of bars has changed here."""
        self.__dict__.pop("_known_bars", None)

    def entities_of_person(self, person_key: str, after: str, size: int) -> tuple[list[dict[str, Any]], str]:
        """A page in order of registration and the key of its last ("" on the last page)."""
        query: dict[str, Any] = {"person_keys": person_key} | ({"_id": {"$gt": after}} if after else {})
        page = list(self.entities.find(query, HIDDEN).sort("_id", 1).limit(size + 1).hint("persons"))
        return page[:size], str(page[size - 1]["_id"]) if len(page) > size else ""

    def entities_resembling(self, groups: Iterable[Sequence[str]], most: int) -> list[dict[str, Any]]:
        """Ids and match keys of existing entities that have one of the keys of a group, at most so many of each group, in the
        order of the groups and in one question; an entity may be told once for each."""
        return _of_each(self.entities, "match_keys", {"state": {"$in": sorted(EXISTING)}}, groups, most)

    def applications_resembling(self, groups: Iterable[Sequence[str]], most: int) -> list[dict[str, Any]]:
        """The same of applications under review, by their `alike_key`."""
        return _of_each(self.applications, "alike_key", {"state": "UNDER_REVIEW"}, groups, most)

    def applications_by_id(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        """Applications, whatever their state."""
        return list(self.applications.find({"_id": {"$in": list(ids)}}))


def _of_each(
    collection: Collection[dict[str, Any]], field: str, state: dict[str, Any], groups: Iterable[Sequence[str]], most: int
) -> list[dict[str, Any]]:  # fmt: skip
    # a limit over all keys together would be used up by one key that hundreds share
    asked: list[list[dict[str, Any]]] = [
        [{"$match": {field: {"$in": list(keys)}, **state}}, {"$limit": most}, {"$project": {"match_keys": 1}}]
        for keys in groups
    ]
    if not asked:
        return []
    others = [{"$unionWith": {"coll": collection.name, "pipeline": pipeline}} for pipeline in asked[1:]]
    return list(collection.aggregate([*asked[0], *others]))
