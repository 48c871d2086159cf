"""What a crash left in the outbox: documents whose events were stored and never confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pymongo.collection import Collection

from shared.clock import Clock
from shared.ids import bound_before, id_time

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
        # the last event that was found, by collection; "": begin with the oldest
        self._after = dict.fromkeys(collections, "")

    def find(self) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
        """Collection, document id and unpublished entries of documents past the grace period, some of each collection: those
        behind the ones of the last call, then from the oldest on again. So events that nobody takes hide no others."""
        bound = self._bound()
        for name, collection in self._collections.items():
            after, last, count = self._after[name], "", 0
            for document in self._oldest(collection, after, bound).limit(SWEEP_BATCH):
                last, count = min(i for i in document["pending"] if after < i < bound), count + 1
                entries = {entry["id"]: entry for entry in document["timeline"]}
                # an id without its entry stays, counted as pending; it keeps no other document back
                yield name, document["_id"], [entries[i] for i in document["pending"] if i < bound and i in entries]
            self._after[name] = last if count == SWEEP_BATCH else ""

    def count(self, limit: int) -> int:
        """How many documents there are, at most `limit` of each collection."""
        query = self._query("", self._bound())
        return sum(
            c.count_documents(query, limit=limit, hint=PENDING_INDEX["name"]) for c in self._collections.values()
        )

    def oldest_age(self) -> float:
        """Seconds since the oldest of them was made; 0 when there is none."""
        bound = self._bound()
        firsts = [one for c in self._collections.values() for one in self._oldest(c, "", bound).limit(1)]
        made = [id_time(min(one["pending"])) for one in firsts]
        return (self._clock.now() - min(made)).total_seconds() if made else 0.0

    def _oldest(self, collection: Collection[Any], after: str, bound: str) -> Any:
        # the index gives them in its order; asked to sort by an array, the store would read them all
        shown = {"pending": 1, "timeline": 1}
        return collection.find(self._query(after, bound), shown).hint(PENDING_INDEX["name"])

    def _bound(self) -> str:
        return bound_before("evt", self._clock.now() - SWEEP_GRACE)

    def _query(self, after: str, bound: str) -> dict[str, Any]:
        return {"pending": {"$type": "string", "$elemMatch": {"$gt": after, "$lt": bound}}}
