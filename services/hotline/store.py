"""The store of the hotline: orders with their indexes, each beside the query it serves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from mongoengine import (
    BinaryField,
    BooleanField,
    DateTimeField,
    DictField,
    IntField,
    ListField,
    StringField,
)
from pymongo import MongoClient
from pymongo.errors import DuplicateKeyError

from services.hotline.domain.order import Order, StaleVersion
from shared.commands import IdempotencyKeyReused
from shared.documents import COMMANDS_INDEX, Commanded, prepare_store
from shared.due_items import DUE_INDEX
from shared.leftovers import PENDING_INDEX
from shared.mongo import store_reason
from shared.open_cases import OpenCases
from shared.standing import STANDING_INDEX

ALIAS = "hotline"
CALLER_ORDERS = 50


class OrderDocument(Commanded):
    """A work order with its requests, its clocks and its timeline."""

    order_id = StringField(primary_key=True)
    division_code = StringField(required=True)
    kind = StringField(required=True)
    track = StringField(required=True)
    category_code = StringField()
    urgency = StringField(required=True)
    territory = StringField()
    unit_code = StringField()
    requests = ListField(DictField(), required=True)
    registered_time = DateTimeField(required=True)
    signature = ListField(StringField())
    bands = ListField(StringField())
    lead_order_id = StringField()
    helpers = ListField(DictField())
    dispatches = IntField()
    returns = IntField()
    reopenings = IntField()
    appointed = BooleanField()
    in_time = BooleanField()
    satisfaction = StringField()
    outcome_code = StringField()
    missed = ListField(StringField())
    escalations = IntField()
    marks = ListField(DictField())
    # title, text, place, caller: sealed
    content = BinaryField(required=True)
    standing = DictField(required=True)
    next_due_time = DateTimeField()

    meta: dict[str, Any] = {
        "db_alias": ALIAS,
        "collection": "orders",
        "auto_create_index": False,
        "indexes": [
            COMMANDS_INDEX,
            PENDING_INDEX,
            DUE_INDEX,
            STANDING_INDEX,
            # `find_one({"requests.request_id": …})`
            {"fields": ["requests.request_id"], "name": "request", "unique": True, "sparse": True},
            # open orders of a caller, newest first
            {"fields": ["requests.caller_key", "_id"], "name": "caller"},
            # orders about the same matter
            {"fields": ["bands", "_id"], "name": "bands"},
            # work of a unit or the centre, by what is due first
            {"fields": ["standing.party", "standing.due_time", "_id"], "name": "work"},
            # a group of orders by its lead
            {"fields": ["lead_order_id", "_id"], "name": "group"},
            # by time of registration, for counts of a month
            {"fields": ["registered_time"], "name": "registered"},
        ],
    }


def order_of(document: dict[str, Any]) -> Order:
    return msgspec.convert({**document, "order_id": document["_id"]}, Order)


class HotlineStore:
    """Orders of one district."""

    def __init__(self, client: MongoClient[dict[str, Any]], database: str) -> None:
        self.client, self.database = client, database
        self.orders = client[database]["orders"]
        self.leases = client[database]["leases"]

    def prepare(self) -> None:
        """Create missing collections and indexes. Harmless to repeat and to race."""
        prepare_store(self.client[self.database], (OrderDocument,), ("leases",))

    def audited(self) -> dict[str, OpenCases]:
        """Where open cases are kept."""
        return {"orders": OpenCases(self.orders)}

    def reason(self) -> str | None:
        """Readiness: None when the store answers."""
        return store_reason(self.client, self.database)

    def insert(self, document: dict[str, Any]) -> bool:
        """Store a new order; False when its command stored one before."""
        stored = {k: v for k, v in document.items() if not (k == "next_due_time" and v is None)}
        try:
            self.orders.insert_one(stored)
        except DuplicateKeyError:
            return False
        return True

    def find(self, order_id: str) -> dict[str, Any] | None:
        return self.orders.find_one({"_id": order_id})

    def find_by_command(self, key: str) -> dict[str, Any] | None:
        return self.orders.find_one({"commands.key": key})

    def find_by_request(self, request_id: str) -> dict[str, Any] | None:
        return self.orders.find_one({"requests.request_id": request_id})

    def open_of_caller(self, caller_key: str) -> list[dict[str, Any]]:
        """Open orders of a caller, newest first, with what tells the matter."""
        query = {"requests.caller_key": caller_key, "state": {"$ne": "CLOSED"}}
        return list(self.orders.find(query, {"signature": 1}).sort("_id", -1).limit(CALLER_ORDERS))

    def alike(self, bands: Sequence[str], limit: int) -> list[dict[str, Any]]:
        """Orders that share a look-up key, newest first."""
        return list(self.orders.find({"bands": {"$in": list(bands)}}).sort("_id", -1).limit(limit))

    def group_of(self, lead_order_id: str) -> list[dict[str, Any]]:
        """The lead and the orders that joined it."""
        found = list(self.orders.find({"lead_order_id": lead_order_id}).sort("_id", 1))
        lead = self.find(lead_order_id)
        return [lead, *found] if lead else found

    def work(self, party: str, after: str, size: int) -> tuple[list[dict[str, Any]], str]:
        """What waits for a party, by what is due first; what has no date yet comes before."""
        query: dict[str, Any] = {"standing.party": party}
        if after:
            due, _, last_id = after.partition("|")
            time = datetime.fromisoformat(due) if due else None
            same = {"standing.due_time": time, "_id": {"$gt": last_id}}
            later = {"standing.due_time": {"$gt": time}} if time else {"standing.due_time": {"$ne": None}}
            query["$or"] = [later, same]
        found = list(self.orders.find(query).sort([("standing.due_time", 1), ("_id", 1)]).limit(size + 1))
        if len(found) <= size:
            return found, ""
        time = found[size - 1]["standing"].get("due_time")
        return found[:size], f"{time.isoformat() if time else ''}|{found[size - 1]['_id']}"

    def registered_between(self, start: datetime, end: datetime) -> list[dict[str, Any]]:
        """What counts need of the orders registered in a span of time."""
        fields = {"content": 0, "timeline": 0, "commands": 0, "bands": 0, "signature": 0}
        return list(self.orders.find({"registered_time": {"$gte": start, "$lt": end}}, fields))

    def save(
        self, document: dict[str, Any], expected_version: int, entries: Sequence[dict[str, Any]],
        command: dict[str, Any] | None,
    ) -> None:  # fmt: skip
        """The new version with its events and its command, in one write. Raises StaleVersion, IdempotencyKeyReused."""
        changed = {k: v for k, v in document.items() if k != "_id" and not (k == "next_due_time" and v is None)}
        update: dict[str, Any] = {
            "$set": changed,
            "$push": {
                "timeline": {"$each": list(entries)},
                "pending": {"$each": [entry["id"] for entry in entries]},
                **({"commands": command} if command else {}),
            },
        }
        if document.get("next_due_time") is None:
            update["$unset"] = {"next_due_time": ""}
        try:
            result = self.orders.update_one({"_id": document["_id"], "version": expected_version}, update)
        except DuplicateKeyError as error:
            raise IdempotencyKeyReused("this Idempotency-Key was used for another command") from error
        if result.matched_count == 0:
            raise StaleVersion("the order changed meanwhile; read it again")
