"""Group commit: inserts of concurrent callers become one `insert_many`, and each caller gets its own outcome.

Groups form by themselves: whatever queued while the last group was being written is the next one. There is no timer, so
a lone insert waits for nobody. `ordered=False`: a duplicate key fails its own caller only.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError

from shared import metrics

MAX_GROUP = 200


def insert_group(collection: Collection[Any], documents: Sequence[dict[str, Any]]) -> list[Exception | None]:
    """Insert documents in one call; per document None or its error (DuplicateKeyError for a taken key).

    Raises PyMongoError when nothing is known of any of them (store down, no majority).
    """
    outcomes: list[Exception | None] = [None] * len(documents)
    if not documents:
        return outcomes
    metrics.GROUP_SIZE.observe(len(documents))
    try:
        collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        details = error.details or {}
        if details.get("writeConcernErrors"):
            raise
        for failed in details.get("writeErrors", []):
            kind = DuplicateKeyError if failed["code"] == 11000 else PyMongoError
            outcomes[failed["index"]] = (
                kind(failed["errmsg"], failed["code"], failed) if kind is DuplicateKeyError else kind(failed["errmsg"])
            )
    return outcomes


class GroupWriter:
    """Collects inserts into one collection from many threads."""

    def __init__(self, collection: Collection[Any]) -> None:
        self._collection = collection
        self._waiting: list[tuple[Sequence[dict[str, Any]], Future[list[Exception | None]]]] = []
        self._writing = False
        self._lock = threading.Lock()

    def insert(self, documents: Sequence[dict[str, Any]]) -> list[Exception | None]:
        """Insert and wait; outcomes as `insert_group`. The first caller of an idle writer writes for all who queue."""
        future: Future[list[Exception | None]] = Future()
        with self._lock:
            self._waiting.append((documents, future))
            leads, self._writing = not self._writing, True
        if leads:
            self._write_until_empty()
        return future.result()

    def _write_until_empty(self) -> None:
        while True:
            with self._lock:
                group: list[tuple[Sequence[dict[str, Any]], Future[list[Exception | None]]]] = []
                size = 0
                while self._waiting and (not group or size + len(self._waiting[0][0]) <= MAX_GROUP):
                    group.append(self._waiting.pop(0))
                    size += len(group[-1][0])
                if not group:
                    self._writing = False
                    return
            self._write(group)

    def _write(self, group: list[tuple[Sequence[dict[str, Any]], Future[list[Exception | None]]]]) -> None:
        try:
            outcomes = insert_group(self._collection, [document for documents, _ in group for document in documents])
        except Exception as error:  # every caller learns of it; nothing is swallowed
            for _, future in group:
                future.set_exception(error)
            return
        start = 0
        for documents, future in group:
            future.set_result(outcomes[start : start + len(documents)])
            start += len(documents)
