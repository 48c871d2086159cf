"""What cases about entities ask of the store. A step moves case, entity and name in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from mongoengine import BinaryField, DateTimeField, DictField, ListField, StringField
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from services.registration.domain.cases.engine import EntityCase
from services.registration.domain.entity import Entity, StaleVersion
from services.registration.domain.held_names import NameClaim, NameMove
from services.registration.domain.search import search_fields
from services.registration.store.documents import ALIAS
from services.registration.store.names import HeldNames, move_names
from services.registration.store.newest import LEFT_OUT, newest
from services.registration.store.persons import BARRED_COLLECTION
from services.registration.usecases.person_register import NOTHING_BESIDE, Beside
from shared.commands import IdempotencyKeyReused, KeyTaken
from shared.documents import COMMANDS_INDEX, Commanded, to_document
from shared.due_items import DUE_INDEX
from shared.leftovers import PENDING_INDEX
from shared.standing import STANDING_INDEX

COLLECTION = "entity_cases"
# What a list shows of a case: what happened stands in the case itself.
_DUE = "standing.due_time"
LICENCE_FIELDS = ("licence_certificate_id", "licence_identifier")


class EntityCaseDocument(Commanded):
    """A case about an entity with its clocks and its timeline."""

    entity_case_id = StringField(primary_key=True)
    kind = StringField(required=True)
    entity_id = StringField(required=True)
    uscc = StringField(required=True)
    division_code = StringField(required=True)
    client_id = StringField(required=True)
    received_time = DateTimeField(required=True)
    since_time = DateTimeField(required=True)
    entity_state = StringField(required=True)
    entity_now = StringField(required=True)
    facts = DictField()
    marks = ListField(DictField())
    missed = ListField(StringField())
    reason_codes = ListField(StringField())
    until = StringField()
    # who becomes legal representative or operator, or was impersonated, sealed; absent when it is closed
    person = BinaryField()
    # whom revoked items took out of the register, sealed; absent when that is undone
    taken_out = BinaryField()
    # facts that were revoked as false, as they stood before
    revoked = DictField(null=True)
    # who holds the shares afterwards, in the same way
    investors = BinaryField()
    # absent when it is closed: one open case of a kind for an entity
    open_key = StringField()
    standing = DictField(required=True)
    next_due_time = DateTimeField()

    meta: dict[str, Any] = {
        "db_alias": ALIAS,
        "collection": COLLECTION,
        "auto_create_index": False,
        "indexes": [
            COMMANDS_INDEX,
            PENDING_INDEX,
            DUE_INDEX,
            STANDING_INDEX,
            {"fields": ["open_key"], "name": "open", "unique": True, "sparse": True},
            # cases of an entity, newest first
            {"fields": ["entity_id", "-_id"], "name": "entity"},
            # cases that a client opened, newest first
            {"fields": ["client_id", "-_id"], "name": "client"},
            # the registrars' list by what is due first
            {"fields": ["standing.party", "standing.due_time", "_id"], "name": "work"},
            # what falls due by day, kind and party, from the index alone
            {
                "fields": [
                    "division_code",
                    "standing.kind",
                    "standing.due_time",
                    "kind",
                    "standing.party",
                    "standing.what",
                ],
                "name": "forecast",
            },
        ],
    }


def case_of(document: dict[str, Any]) -> EntityCase:
    """A stored case."""
    return msgspec.convert({**document, "entity_case_id": document["_id"]}, EntityCase)


def wake_cases(
    collection: Collection[dict[str, Any]], entity_id: str, now: datetime | None, session: Any, but: str = ""
) -> None:  # fmt: skip
    """All open cases of an entity, but one, are looked at from now on, within a transaction. A step that is being stored beside
    this one is stored again, so that it cannot set the time back."""
    query = {"entity_id": entity_id, "standing.kind": "WAITING", "_id": {"$ne": but}}
    collection.update_many(query, _wake(now), session=session)


def _wake(now: datetime | None) -> dict[str, Any]:
    return {"$set": {"next_due_time": now}, "$inc": {"version": 1}}


class EntityCaseStore:
    """Cases about the entities of one district, beside the register."""

    def __init__(self, client: MongoClient[dict[str, Any]], database: str) -> None:
        self._client = client
        self.collection = client[database][COLLECTION]
        self._entities, self._names = client[database]["entities"], HeldNames(client, database)
        self._barred = client[database][BARRED_COLLECTION]

    def find(self, case_id: str) -> dict[str, Any] | None:
        return self.collection.find_one({"_id": case_id})

    def find_by_command(self, key: str) -> dict[str, Any] | None:
        return self.collection.find_one({"commands.key": key})

    def of_client(self, client_id: str, after: str, size: int) -> tuple[list[dict[str, Any]], str]:
        """Cases that a client opened, newest first, and the key of the page's last ("" on the last page)."""
        return newest(self.collection, {"client_id": client_id}, after, size)

    def owed_by(self, party: str, after: str, size: int) -> tuple[list[dict[str, Any]], str]:
        """Cases whose next step a party owes: by what is due first, then those without a day; and the key of the page's last
        ("" on the last page)."""
        day, _, last = after.partition("|")
        found: list[dict[str, Any]] = []
        if day or not after:
            due = datetime.fromisoformat(day) if day else None
            behind = (
                {"$or": [{_DUE: {"$gt": due}}, {_DUE: due, "_id": {"$gt": last}}]} if due else {_DUE: {"$ne": None}}
            )
            dated: dict[str, Any] = {"standing.party": party, **behind}  # type: ignore[dict-item, unused-ignore]
            found = list(self.collection.find(dated, LEFT_OUT).sort([(_DUE, 1), ("_id", 1)]).limit(size + 1))
            last = ""
        if len(found) <= size:
            undated: dict[str, Any] = {"standing.party": party, _DUE: None}
            undated |= {"_id": {"$gt": last}} if last else {}
            found += self.collection.find(undated, LEFT_OUT).sort("_id", 1).limit(size + 1 - len(found))
        if len(found) <= size:
            return found, ""
        end = found[size - 1]
        due = end["standing"].get("due_time")
        return found[:size], f"{due.isoformat() if due else ''}|{end['_id']}"

    def of_entity(
        self, entity_id: str, after: str, size: int, kinds: Sequence[str] = ()
    ) -> tuple[list[dict[str, Any]], str]:  # fmt: skip
        """Cases of an entity, of some kinds or all, newest first, and the key of the page's last ("" on the last page)."""
        of: dict[str, Any] = {"entity_id": entity_id} | ({"kind": {"$in": list(kinds)}} if kinds else {})
        return newest(self.collection, of, after, size)

    def save(
        self, document: dict[str, Any], expected_version: int, entries: Sequence[dict[str, Any]],
        command: dict[str, Any] | None, entity: Entity, entity_version: int, entity_entries: Sequence[dict[str, Any]],
        names: Sequence[NameMove], beside: Beside = NOTHING_BESIDE, claim: NameClaim | None = None,
    ) -> None:  # fmt: skip
        """One step, whole or not at all. `expected_version` 0: a new case.
        `beside.woken`: open cases, by `open_key`, that are looked at from `beside.at` on; all of the entity's when it came
        into another state or under another flag, since that may end them. `claim`: the name that is held from now on.
        Raises StaleVersion, KeyTaken (an open case of this kind, or the name is held), IdempotencyKeyReused."""

        def work(session: Any, sign: str) -> None:
            self._save_case(document, expected_version, entries, command, session)
            if entity.version != entity_version or entity_entries:
                self._save_entity(entity, entity_version, entity_entries, session, beside.entity)
            move_names(self._names, names, claim, sign, session)
            if beside.wakes_all:
                wake_cases(self.collection, entity.entity_id, beside.at, session, document["_id"])
            elif beside.woken:
                self.collection.update_many(
                    {"open_key": {"$in": list(beside.woken)}}, _wake(beside.at), session=session
                )
            if beside.unbar:
                self._barred.delete_one({"_id": document["_id"]}, session=session)
            if beside.bar is not None:
                self._barred.insert_one(dict(beside.bar), session=session)

        try:
            claims = [claim] if claim is not None else []
            with self._names.announced(claims) as sign, self._client.start_session() as session:
                session.with_transaction(lambda one: work(one, sign))
        except DuplicateKeyError as error:
            if expected_version and "commands" in str(error):
                raise IdempotencyKeyReused("this Idempotency-Key was used for another command") from error
            raise KeyTaken(str((error.details or {}).get("keyPattern", ""))) from error

    def _save_case(
        self, document: dict[str, Any], expected_version: int, entries: Sequence[dict[str, Any]],
        command: dict[str, Any] | None, session: Any,
    ) -> None:  # fmt: skip
        absent = {"open_key": "", "next_due_time": "", "person": "", "investors": "", "taken_out": ""}
        kept = {k: v for k, v in document.items() if not (k in absent and not v)}
        pending = [entry["id"] for entry in entries]
        if expected_version == 0:
            new = kept | {"timeline": list(entries), "pending": pending}
            self.collection.insert_one(new | ({"commands": [command]} if command else {}), session=session)
            return
        update: dict[str, Any] = {
            "$set": {k: v for k, v in kept.items() if k not in ("_id", "client_id")},
            "$push": {"timeline": {"$each": list(entries)}, "pending": {"$each": pending}},
        }
        if command:
            update["$push"]["commands"] = command
        if gone := {name: "" for name in absent if name not in kept}:
            update["$unset"] = gone
        found = {"_id": document["_id"], "version": expected_version}
        if self.collection.update_one(found, update, session=session).matched_count == 0:
            raise StaleVersion("the case changed meanwhile; read it again")

    def _save_entity(
        self, entity: Entity, expected_version: int, entries: Sequence[dict[str, Any]], session: Any,
        more: Mapping[str, Any],
    ) -> None:  # fmt: skip
        changed = to_document(entity, "entity_id") | search_fields(entity.name, entity.business_scope) | dict(more)
        for name in LICENCE_FIELDS:  # certificates says these, beside any step
            changed.pop(name, None)
        push = {"timeline": {"$each": list(entries)}, "pending": {"$each": [entry["id"] for entry in entries]}}
        result = self._entities.update_one(
            {"_id": changed.pop("_id"), "version": expected_version}, {"$set": changed, "$push": push}, session=session
        )
        if result.matched_count == 0:
            raise StaleVersion("the entity changed meanwhile; read it again")
