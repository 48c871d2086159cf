"""Group commit: inserts of concurrent callers become one `insert_many`, and each caller gets its own outcome.

Groups form by themselves: whatever queued while the last group was being written is the next one. There is no timer, so
a lone insert waits for nobody. `ordered=False`: a duplicate key fails its own caller only.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
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


class _Entry:
    """What one caller wants written, and what became of it."""

    def __init__(self, documents: Sequence[dict[str, Any]]) -> None:
        self.documents = documents
        self.turn = threading.Event()
        self.outcomes: list[Exception | None] | None = None
        self.error: Exception | None = None


class GroupWriter:
    """Collects inserts into one collection from many threads. One caller writes for all who wait, then hands over to the
    first who came meanwhile, so that nobody writes for others for ever."""

    def __init__(self, collection: Collection[Any]) -> None:
        self._collection = collection
        self._waiting: list[_Entry] = []
        self._writing = False
        self._lock = threading.Lock()

    def insert(self, documents: Sequence[dict[str, Any]]) -> list[Exception | None]:
        """Insert and wait; outcomes as `insert_group`, which may also raise."""
        entry = _Entry(documents)
        with self._lock:
            self._waiting.append(entry)
            if not self._writing:
                self._writing = True
                entry.turn.set()
        entry.turn.wait()  # for the turn to write, or for the outcome
        if entry.outcomes is None and entry.error is None:
            self._write(self._take_group())
            self._hand_over()
        if entry.error is not None:
            raise entry.error
        assert entry.outcomes is not None
        return entry.outcomes

    def _take_group(self) -> list[_Entry]:
        """The first who waits and as many more as fit."""
        with self._lock:
            group: list[_Entry] = []
            size = 0
            while self._waiting and (not group or size + len(self._waiting[0].documents) <= MAX_GROUP):
                group.append(self._waiting.pop(0))
                size += len(group[-1].documents)
            return group

    def _hand_over(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting[0].turn.set()
            else:
                self._writing = False

    def _write(self, group: list[_Entry]) -> None:
        try:
            outcomes = insert_group(self._collection, [document for entry in group for document in entry.documents])
        except Exception as error:  # every caller learns of it; nothing is swallowed
            for entry in group:
                entry.error = error
        else:
            start = 0
            for entry in group:
                entry.outcomes = outcomes[start : start + len(entry.documents)]
                start += len(entry.documents)
        for entry in group:
            entry.turn.set()
