"""What a worker has handled, noted before it acknowledges: the other half of the outbox, for the audit.

One small document for each message (up to 50 events), kept a little longer than events may be repeated. An event that was
published and stands here for none of its queues, and lies in no queue either, is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

COLLECTION = "handled_events"
KEPT_SECONDS = 9 * 24 * 3600


class HandledEvents:
    """The notes of one service."""

    def __init__(self, client: MongoClient[dict[str, Any]], database: str) -> None:
        self.collection: Collection[dict[str, Any]] = client[database][COLLECTION]

    def prepare(self, queues: Iterable[str], now: datetime) -> None:
        """Index, and for each queue the time from which on it notes. Harmless to repeat and to race."""
        self.collection.create_index("time", name="kept", expireAfterSeconds=KEPT_SECONDS)
        for queue in queues:
            try:
                self.collection.insert_one({"_id": f"since|{queue}", "since": now})
            except DuplicateKeyError:
                continue

    def note(self, queue: str, event_ids: Sequence[str], now: datetime) -> None:
        """These events are handled."""
        self.collection.insert_one({"queue": queue, "ids": list(event_ids), "time": now})

    def since(self) -> dict[str, datetime]:
        """Queue → time from which on it notes."""
        found = self.collection.find({"_id": {"$regex": "^since"}})
        return {mark["_id"].partition("|")[2]: mark["since"] for mark in found}
