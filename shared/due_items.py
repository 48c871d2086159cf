"""Acting on what falls due: documents carry `next_due_time`, an index finds the ones past it, each is acted on once.

Two sweepers may run at once: `act` loads the document, asks the domain what is due, and saves with the version it read;
the second one finds the version changed (Aborted) or nothing due any more, and both are fine. `next_due_time` is absent
where nothing is due. A document whose act fails is tried again at the next sweep and does not hold up the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pymongo.collection import Collection

from shared import metrics
from shared.clock import Clock
from shared.failures import Aborted
from shared.logs import get_logger

log = get_logger(__name__)
# Declared by every document class with clocks: `find({"next_due_time": {"$lte": now}})`.
DUE_INDEX: dict[str, Any] = {"fields": ["next_due_time"], "name": "due", "sparse": True}
BATCH = 500


# Calls a function for each of some ids, one after the other or side by side.
Each = Callable[[Callable[[str], bool], Iterable[str]], Iterable[bool]]


def sweep_due(
    collection: Collection[Any], clock: Clock, act: Callable[[str], bool], limit: int = BATCH, each: Each = map
) -> int:
    """Act on documents that are due, oldest first, at most `limit`; returns how many acted.

    `act(document_id)` returns whether it changed anything; it may raise Aborted when another sweeper was faster. `each`: how
    it is called for all; side by side where one that is slow must not hold up the others.
    """
    query = {"next_due_time": {"$lte": clock.now()}}
    found = collection.find(query, {"_id": 1}).sort("next_due_time", 1).hint(DUE_INDEX["name"]).limit(limit)

    def tried(document_id: str) -> bool:
        try:
            return bool(act(document_id))
        except Aborted:
            return False
        except Exception as error:
            metrics.DUE_FAILED.labels(collection.name).inc()
            log.exception("due_item_failed", document_id=document_id, error=type(error).__name__)
            return False

    acted = sum(each(tried, [document["_id"] for document in found]))
    metrics.DUE_ACTED.labels(collection.name).inc(acted)
    return acted
