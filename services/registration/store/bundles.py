"""What bundles of entities ask of the store. A bundle is one document; nothing needs a transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from mongoengine import BinaryField, BooleanField, DateTimeField, DictField, IntField, ListField, StringField
from pymongo import MongoClient

from services.registration.domain.bundle import Bundle
from services.registration.domain.bundle_types import bundle_kinds
from services.registration.domain.entity import StaleVersion
from services.registration.store.documents import ALIAS
from services.registration.store.newest import newest
from shared.document_store import DocumentStore
from shared.documents import COMMANDS_INDEX, Commanded
from shared.due_items import DUE_INDEX
from shared.leftovers import PENDING_INDEX
from shared.standing import STANDING_INDEX

COLLECTION = "entity_bundles"


class EntityBundleDocument(Commanded):
    """A bundle with its parts and its timeline."""

    bundle_id = StringField(primary_key=True)
    kind = StringField(required=True)
    division_code = StringField(required=True)
    entity_id = StringField()
    uscc = StringField()
    received_time = DateTimeField(required=True)
    since_time = DateTimeField(required=True)
    parts = ListField(DictField())
    facts = DictField()
    answers = DictField()
    changes = ListField(StringField())
    moved_version = IntField()
    outcome = StringField()
    entity_version = IntField()
    given_up = BooleanField()
    heard = ListField(DictField())
    issued = ListField(StringField())
    # the form with its persons, sealed
    content = BinaryField()
    client_id = StringField(required=True)
    # absent when it is finished, or has no entity yet: one open bundle of a kind for an entity
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
            # open bundles of an entity
            {"fields": ["open_key"], "name": "open", "unique": True, "sparse": True},
            # bundles of an entity, newest first
            {"fields": ["entity_id", "-_id"], "name": "entity"},
            # bundles that a client began, newest first
            {"fields": ["client_id", "-_id"], "name": "client"},
            # information changes that wait for certificates of these entities
            {"fields": ["uscc", "kind", "state"], "name": "uscc"},
            # the bundle that opened a case
            {"fields": ["parts.reference"], "name": "reference"},
        ],
    }


def bundle_of(document: dict[str, Any]) -> Bundle:
    """A stored bundle."""
    return msgspec.convert({**document, "bundle_id": document["_id"]}, Bundle)


class EntityBundleStore(DocumentStore):
    """Bundles of the entities of one district, beside the register."""

    absent_when_empty = ("next_due_time", "open_key")
    stale = StaleVersion

    def __init__(self, client: MongoClient[dict[str, Any]], database: str) -> None:
        self.collection = client[database][COLLECTION]

    @property
    def collections(self) -> dict[str, Any]:
        return {COLLECTION: self.collection}

    def insert(self, collection: str, document: dict[str, Any]) -> bool:
        return super().insert(collection, document | _open_key(document))

    def save(
        self, collection: str, document: dict[str, Any], expected_version: int, entries: Sequence[dict[str, Any]],
        command: dict[str, Any] | None,
    ) -> None:  # fmt: skip
        super().save(collection, document | _open_key(document), expected_version, entries, command)

    def open_of_entity(self, entity_id: str, kind: str = "") -> list[str]:
        """Ids of the open bundles of an entity, of one kind or of all."""
        keys = [f"{one}|{entity_id}" for one in ([kind] if kind else bundle_kinds())]
        return [found["_id"] for found in self.collection.find({"open_key": {"$in": keys}}, {"_id": 1})]

    def changing(self, codes: Iterable[str]) -> dict[str, list[str]]:
        """Ids of open information changes by the code of their entity."""
        asked = {"uscc": {"$in": list(codes)}, "kind": "INFORMATION_CHANGE", "state": {"$in": ["RUNNING", "BLOCKED"]}}
        result: dict[str, list[str]] = defaultdict(list)
        for found in self.collection.find(asked, {"uscc": 1}):
            result[found["uscc"]].append(found["_id"])
        return result

    def of_references(self, references: Iterable[str]) -> list[str]:
        """Ids of the bundles that have a part with one of these references."""
        asked = {"parts.reference": {"$in": list(references)}}
        return [found["_id"] for found in self.collection.find(asked, {"_id": 1})]

    def of_entity(self, entity_id: str, after: str, size: int) -> tuple[list[dict[str, Any]], str]:
        """Bundles of an entity, newest first, and the key of the page's last ("" on the last page)."""
        return newest(self.collection, {"entity_id": entity_id}, after, size)

    def of_client(self, client_id: str, after: str, size: int) -> tuple[list[dict[str, Any]], str]:
        """The same of the bundles that a client began."""
        return newest(self.collection, {"client_id": client_id}, after, size)


def _open_key(document: dict[str, Any]) -> dict[str, str]:
    is_open = document["state"] != "FINISHED" and document["entity_id"]
    return {"open_key": f"{document['kind']}|{document['entity_id']}" if is_open else ""}
