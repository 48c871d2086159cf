"""Cases, messages, ledger and feed of one region. A move of a case is one transaction over all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec
from pymongo import ASCENDING, MongoClient, ReturnDocument
from pymongo.collection import Collection

from services.handoff.domain.case import HandoffCase
from services.handoff.domain.ledger import GENESIS, broken_at
from services.handoff.store.documents import DOCUMENTS, PLAIN
from services.handoff.store.move_writer import HEADS, MoveWriter
from services.handoff.usecases.context import Move
from shared.clock import Clock
from shared.documents import prepare_store
from shared.documents import to_document as to_stored
from shared.mongo import NOT_AWAITED, store_reason
from shared.open_cases import OpenCases

Entry = dict[str, Any]
T = TypeVar("T")
DUPLICATE_KEY = 11000
WAKE_PAUSE = timedelta(seconds=1)
# A partner that does not answer is asked this often whether it is back, whatever its messages wait for.
ASK_PAUSE = timedelta(seconds=20)
# When a message that waits for an earlier one of its case is looked at: behind one that is due or on its way, and behind one
# that waits for a human. Whoever delivers the earlier one goes on with it at once.
TURN_PAUSE, PARKED_PAUSE = timedelta(seconds=5), timedelta(hours=24)
BEHIND = timedelta(milliseconds=1)
TRANSIENT = ("drafts",)
# The place up to which the feed was dropped.
TRIMMED = {"_id": "feed"}


def to_document(case: HandoffCase) -> Entry:
    """A case as the mapping that is stored, with who owes what and when to look next."""
    document = to_stored(case, "handoff_case_id")
    for name in TRANSIENT:
        document.pop(name)
    document["standing"] = to_stored(case.standing(), "")
    return document | {"next_due_time": case.next_due_time()}


def case_of(document: Entry) -> HandoffCase:
    """A stored case."""
    return msgspec.convert({**document, "handoff_case_id": document["_id"]}, HandoffCase)


class HandoffStore:
    """The database of handoff."""

    def __init__(self, client: MongoClient[Entry], database: str, clock: Clock, feed_days: int = 30) -> None:
        self.client, self.database, self._clock, self._feed_days = client, database, clock, feed_days
        self._woken: dict[str, datetime] = {}
        self._asked: dict[str, datetime] = {}
        db = client[database]
        self.cases, self.messages, self.ledger, self.feed = (db[n] for n in ("cases", "messages", "ledger", "feed"))
        # a claim that a crash undoes costs a message that comes twice
        self._claims = self.messages.with_options(write_concern=NOT_AWAITED)
        self.counters, self.leases, self.disclosures, self.refusals = (
            db[n] for n in ("counters", "leases", "disclosures", "refusals")
        )

        self._moves = MoveWriter(client, self.cases, self.messages, self.ledger, self.feed, self.counters, clock)

    def prepare(self) -> None:
        """Create missing collections and indexes. Harmless to repeat and to race."""
        prepare_store(self.client[self.database], DOCUMENTS, PLAIN)

    def audited(self) -> dict[str, OpenCases]:
        """Where open cases are kept."""
        return {"cases": OpenCases(self.cases)}

    def reason(self) -> str | None:
        """Readiness: None when the store answers."""
        return store_reason(self.client, self.database)

    # moves

    def save(self, move: Move) -> None:
        """One move, whole or not at all. Raises StaleVersion, KeyTaken (the case or a message is here already),
        IdempotencyKeyReused."""
        self._moves.save(move)

    # cases

    def find(self, case_id: str) -> Entry | None:
        return self.cases.find_one({"_id": case_id})

    def find_by_command(self, key: str) -> Entry | None:
        return self.cases.find_one({"commands.key": key})

    def list_cases(self, side: str, state: str, after: str, size: int) -> tuple[list[Entry], str]:
        """Cases, newest first. `side` empty: all."""
        query: Entry = ({"side": side} if side else {"side": {"$in": ["ACCEPTING", "DECIDING"]}}) | (
            {"state": state} if state else {}
        )
        return _page(self.cases, query | ({"_id": {"$lt": after}} if after else {}), [("_id", -1)], size)

    # messages

    def message(self, message_id: str) -> Entry | None:
        return self.messages.find_one({"_id": message_id})

    def message_of(self, case_id: str, kind: str) -> Entry | None:
        return self.messages.find_one({"handoff_case_id": case_id, "direction": "IN", "type": kind})

    def claim(self, message_id: str, now: datetime, until: datetime, early: bool = False) -> Entry | None:
        """Take a message that is due, or is sent before its time, and is first in its case; None when it is not this
        process's turn. One that must wait for another is due just behind it: it never stands before others."""
        free: Entry = {
            "_id": message_id, "state": "QUEUED", "$or": [{"claimed_until": None}, {"claimed_until": {"$lte": now}}]
        } | ({} if early else {"next_attempt_time": {"$lte": now}})  # fmt: skip
        taken = {"$set": {"claimed_until": until}}
        found = self._claims.find_one_and_update(free, taken, return_document=ReturnDocument.AFTER)
        if found is None or found["sequence"] == 1:
            return found
        earlier = {
            "handoff_case_id": found["handoff_case_id"], "direction": "OUT",
            "sequence": {"$lt": found["sequence"]}, "state": {"$ne": "DELIVERED"},
        }  # fmt: skip
        before = self.messages.find_one(earlier, {"next_attempt_time": 1, "state": 1}, sort=[("sequence", 1)])
        if before is None:
            return found
        pause = PARKED_PAUSE if before["state"] == "PARKED" else TURN_PAUSE
        later = before["next_attempt_time"] + BEHIND if before.get("next_attempt_time", now) > now else now + pause
        change = {"$set": {"next_attempt_time": later}, "$unset": {"claimed_until": ""}}
        # awaited, for the next round reads it
        self.messages.update_one({"_id": message_id, "claimed_until": until}, change)
        return None

    def next_in_case(self, case_id: str, now: datetime) -> str:
        """The first message of a case that is queued, due from now on; "": none is."""
        query = {"handoff_case_id": case_id, "direction": "OUT", "state": "QUEUED"}
        due = {"$min": {"next_attempt_time": now}}
        found = self._claims.find_one_and_update(query, due, {"_id": 1}, sort=[("sequence", 1)])
        return str(found["_id"]) if found else ""

    def due_messages(self, now: datetime, limit: int) -> list[tuple[str, str]]:
        """Queued messages whose time has come, oldest first, with their partner. `claim` skips those that must wait for
        another one of their case."""
        query = {"state": "QUEUED", "next_attempt_time": {"$lte": now}}
        found = self.messages.find(query, {"partner_region": 1}).sort("next_attempt_time", 1).hint("due_messages")
        return [(message["_id"], message["partner_region"]) for message in found.limit(limit)]

    def not_delivered(self, message_id: str, change: Entry) -> None:
        """Note a try that brought no receipt; the message is free again."""
        unset = {"claimed_until": ""} | ({"next_attempt_time": ""} if change.get("next_attempt_time") is None else {})
        kept = {k: v for k, v in change.items() if v is not None}
        found = {"_id": message_id, "state": {"$ne": "DELIVERED"}}
        self.messages.update_one(found, {"$set": kept, "$unset": unset})

    def next_waiting(self, region: str, now: datetime) -> str:
        """Of the messages that wait for a partner the one whose turn comes first; "": none waits, or the partner was asked
        for less than ASK_PAUSE ago (by this process)."""
        if (last := self._asked.get(region)) and timedelta() <= now - last < ASK_PAUSE:
            return ""
        self._asked[region] = now
        query = {"partner_region": region, "state": "QUEUED", "next_attempt_time": {"$gt": now}}
        found = self.messages.find_one(query, {"_id": 1}, sort=[("next_attempt_time", 1)])
        return str(found["_id"]) if found else ""

    def queue_again(self, case_id: str, from_sequence: int, now: datetime) -> int:
        """The partner lacks messages that it had receipted (it lost its store): they are sent again; returns how many."""
        query = {"handoff_case_id": case_id, "direction": "OUT", "sequence": {"$gte": from_sequence}}
        change = {"$set": {"state": "QUEUED", "next_attempt_time": now}, "$unset": {"claimed_until": ""}}
        return self.messages.update_many(query, change).modified_count

    def wake(self, region: str, now: datetime) -> int:
        """Messages that wait for a partner are due now. Asked at every exchange, so looked at once a second at most."""
        if (last := self._woken.get(region)) and timedelta() <= now - last < WAKE_PAUSE:
            return 0
        self._woken[region] = now
        query = {"partner_region": region, "state": "QUEUED", "next_attempt_time": {"$gt": now}}
        return self.messages.update_many(query, {"$set": {"next_attempt_time": now}}).modified_count

    def list_messages(self, case_id: str, state: str, after: str, size: int) -> tuple[list[Entry], str]:
        """Messages, newest first, without their content."""
        query: Entry = ({"handoff_case_id": case_id} if case_id else {}) | ({"state": state} if state else {})
        query |= {"_id": {"$lt": after}} if after else {}
        return _page(self.messages, query, [("_id", -1)], size, {"sealed": 0})

    # ledger

    def list_ledger(self, partner: str, case_id: str, after: int, size: int) -> tuple[list[Entry], str]:
        """Entries in order, after a position."""
        query: Entry = {"_id": {"$gt": after}}
        query |= {"partner_region": partner} if partner else {}
        query |= {"handoff_case_id": case_id} if case_id else {}
        return _page(self.ledger, query, [("_id", ASCENDING)], size)

    def verify_ledger(self) -> tuple[int, int, str]:
        """(entries, first position that does not hold or 0, hash of the head); the head kept beside must agree."""
        count, broken, head = broken_at(self.ledger.find().sort("_id", 1))
        noted = self.counters.find_one(HEADS) or {}
        if not broken and (noted.get("position", 0), noted.get("hash", GENESIS)) != (count, head):
            broken = count + 1  # entries are gone from the end
        return count, broken, head

    # feed

    def append_feed(self, entries: Sequence[Entry]) -> int:
        """Put entries into the feed, each once; returns how many were new."""
        return self._moves.append_feed(entries)

    def list_feed(self, region: str, after: int, size: int) -> list[Entry]:
        """Entries for a partner after a place, in order."""
        query = {"audience": {"$in": ["*", region]}, "_id": {"$gt": after}}
        return list(self.feed.find(query).sort("_id", 1).limit(size))

    def feed_begins(self) -> int:
        """The place before the oldest kept entry: a cursor older than this has missed something."""
        found = self.counters.find_one(TRIMMED)
        return int(found.get("dropped", 0)) if found else 0

    def trim_feed(self) -> int:
        """Drop what is older than the days that the feed is kept, in order; returns how many."""
        old = self._clock.now() - timedelta(days=self._feed_days)
        last = 0
        for entry in (
            self.feed.find({"_id": {"$gt": self.feed_begins()}}, {"noted_time": 1}).sort("_id", 1).limit(10_000)
        ):
            if entry["noted_time"] >= old:
                break
            last = entry["_id"]
        if last:
            self.counters.update_one(TRIMMED, {"$set": {"dropped": last}}, upsert=True)
        return self.feed.delete_many({"_id": {"$lte": last}}).deleted_count if last else 0

    # notes

    def log_disclosure(self, disclosure: Entry) -> None:
        self.disclosures.insert_one(disclosure)

    def log_refusal(self, refusal: Entry) -> None:
        self.refusals.insert_one(refusal)


def _page(
    collection: Collection[Entry], query: Entry, order: list[tuple[str, int]], size: int, fields: Entry | None = None
) -> tuple[list[Entry], str]:  # fmt: skip
    found = list(collection.find(query, fields).sort(order).limit(size + 1))
    return found[:size], str(found[size - 1]["_id"]) if len(found) > size else ""
