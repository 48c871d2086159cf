"""What the stores of all services do alike: documents that carry their events and commands, and making a store ready.

Writes insert plain mappings of the same shape (mongoengine's own save costs 0.4 ms a document); a test of each service
holds both together.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from mongoengine import DictField, Document, IntField, ListField, StringField
from pymongo.database import Database
from pymongo.errors import CollectionInvalid, OperationFailure

NAMESPACE_EXISTS = 48
# A command is done once, whatever document it changed: `find({"commands.key": …})`.
# Sparse, not partial: the planner takes a partial index by type for no equality.
COMMANDS_INDEX: dict[str, Any] = {"fields": ["commands.key"], "name": "commands", "unique": True, "sparse": True}


class Announcing(Document):  # type: ignore[misc, unused-ignore]
    """A document whose events are stored with it: `timeline` holds them, `pending` names those not yet on the bus."""

    timeline = ListField(DictField())
    pending = ListField(StringField())

    meta: dict[str, Any] = {"abstract": True}


class Commanded(Announcing):
    """A document that is changed by commands, each once, one after the other by its version."""

    state = StringField(required=True)
    version = IntField(required=True)
    commands = ListField(DictField())

    meta: dict[str, Any] = {"abstract": True}


def to_document(record: Any, key: str) -> dict[str, Any]:
    """A domain object as the mapping that is stored; `key` is the field that becomes `_id` ("" for a part)."""
    document: dict[str, Any] = msgspec.to_builtins(record, builtin_types=(datetime, bytes))
    if key:
        document["_id"] = document.pop(key)
    return document


def prepare_store(
    database: Database[dict[str, Any]], documents: Iterable[type[Document]], plain: Iterable[str] = ()
) -> None:
    """Create missing indexes, and the collections without a document class (a transaction cannot create one). Harmless to
    repeat and to race with the other process of the service."""
    for document in documents:
        document.ensure_indexes()
    for name in set(plain) - set(database.list_collection_names()):
        try:
            database.create_collection(name)
        except CollectionInvalid:
            continue
        except OperationFailure as error:
            if error.code != NAMESPACE_EXISTS:  # the other process was faster
                raise
