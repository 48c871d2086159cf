"""What a crash left in the outbox: documents whose events were stored and never confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pymongo.collection import Collection

from shared.clock import Clock
from shared.ids import bound_before

# Declared by every document class with an outbox, for `sweep`.
PENDING_INDEX: dict[str, Any] = {
    "fields": ["pending"],
    "name": "outbox_pending",
    "partialFilterExpression": {"pending": {"$type": "string"}},
}
# A fresh event is its own process's business for this long; only then is it a leftover.
SWEEP_GRACE = timedelta(seconds=5)
SWEEP_BATCH = 500


class Leftovers:
    """Finds and counts them, by the partial index, over all collections of a service."""

    def __init__(self, collections: dict[str, Collection[Any]], clock: Clock) -> None:
        self._collections, self._clock = collections, clock

    def find(self) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
        """Collection, document id and unpublished entries of documents past the grace period, some of each collection."""
        bound = self._bound()
        for name, collection in self._collections.items():
            found = collection.find(self._query(bound), {"pending": 1, "timeline": 1}).hint(PENDING_INDEX["name"])
            for document in found.limit(SWEEP_BATCH):
                entries = {entry["id"]: entry for entry in document["timeline"]}
                yield name, document["_id"], [entries[i] for i in document["pending"] if i < bound]

    def count(self, limit: int) -> int:
        """How many documents there are, at most `limit` of each collection."""
        query = self._query(self._bound())
        return sum(
            c.count_documents(query, limit=limit, hint=PENDING_INDEX["name"]) for c in self._collections.values()
        )

    def _bound(self) -> str:
        return bound_before("evt", self._clock.now() - SWEEP_GRACE)

    def _query(self, bound: str) -> dict[str, Any]:
        return {"pending": {"$type": "string", "$lt": bound}}
