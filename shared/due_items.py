"""Acting on what falls due: documents carry `next_due_time`, an index finds the ones past it, each is acted on once.

Two sweepers may run at once: `act` loads the document, asks the domain what is due, and saves with the version it read;
the second one finds the version changed (Aborted) or nothing due any more, and both are fine. `next_due_time` is absent
where nothing is due. A document that stays as it was, because its act fails or does nothing, is put off ever longer: a sweep
takes the oldest first, and however many of these there are, they never stand before the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
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
# How long a document is put off, by how often in a row; then the last one for ever.
PATIENCE = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600))
# How often in a row, by collection and id. In memory: after a restart the patience begins anew.
_times_put_off: dict[tuple[str, str], int] = {}
_MOST_REMEMBERED = 10_000


# Calls a function for each of some documents, one after the other or side by side.
Each = Callable[[Callable[[Any], bool], Iterable[Any]], Iterable[bool]]


def sweep_due(
    collection: Collection[Any], clock: Clock, act: Callable[[str], bool], limit: int = BATCH, each: Each = map
) -> int:
    """Act on documents that are due, oldest first, at most `limit`; returns how many acted.

    `act(document_id)` returns whether it changed anything; it may raise Aborted when another sweeper was faster. `each`: how
    it is called for all; side by side where one that is slow must not hold up the others.
    """
    query, shown = {"next_due_time": {"$lte": clock.now()}}, {"next_due_time": 1, "version": 1}
    found = collection.find(query, shown).sort("next_due_time", 1).hint(DUE_INDEX["name"]).limit(limit)

    def tried(document: dict[str, Any]) -> bool:
        document_id, acted, failed, unless = document["_id"], False, False, dict[str, Any]()
        try:
            acted = bool(act(document_id))
        except Aborted:  # another one may have moved it: then it is as due as its new version says
            unless = {"version": document.get("version")}
        except Exception as error:
            failed = True
            metrics.DUE_FAILED.labels(collection.name).inc()
            log.exception("due_item_failed", document_id=document_id, error=type(error).__name__)
        if acted or not _put_off(collection, clock, document, unless):
            _times_put_off.pop((collection.full_name, document_id), None)
        elif not failed:
            metrics.DUE_UNMOVED.labels(collection.name).inc()
        metrics.DUE_ACTED.labels(collection.name).inc(acted)
        return acted

    return sum(each(tried, list(found)))


def _put_off(collection: Collection[Any], clock: Clock, document: dict[str, Any], unless: dict[str, Any]) -> bool:
    """Whether the document is still due as it was found, and so was put off. `unless`: what else must be unchanged."""
    if len(_times_put_off) > _MOST_REMEMBERED:
        _times_put_off.clear()
    key = (collection.full_name, document["_id"])
    times = _times_put_off.get(key, 0)
    later = clock.now() + PATIENCE[min(times, len(PATIENCE) - 1)]
    as_found = {"_id": document["_id"], "next_due_time": {"$lte": document["next_due_time"]}, **unless}
    if not collection.update_one(as_found, {"$set": {"next_due_time": later}}).matched_count:
        return False
    _times_put_off[key] = times + 1
    return True
