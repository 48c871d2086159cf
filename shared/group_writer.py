"""Group commit: what concurrent callers write becomes one call to the store, and each caller gets its own outcome.

Groups form by themselves: whatever queued while the last group was being written is the next one. There is no timer, so
a lone write waits for nobody. `ordered=False`: a duplicate key fails its own caller only.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, Generic, TypeVar, cast

from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError

from shared import metrics

MAX_GROUP = 200
T = TypeVar("T")
R = TypeVar("R")


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


class _Turn(Generic[T, R]):
    """What one caller wants done, and what became of it."""

    def __init__(self, item: T) -> None:
        self.item = item
        self.ready = threading.Event()
        self.outcome: R | None = None
        self.done = False
        self.error: Exception | None = None


class Grouped(Generic[T, R]):
    """Work of many threads done in groups. One caller works for all who wait, then hands over to the first who came
    meanwhile, so that nobody works for others for ever.

    `work` gets items in order of their coming and returns an outcome for each; what it raises, every caller of the group
    gets. `size` of all items of a group together: at most `limit`, or one item.
    """

    def __init__(
        self, work: Callable[[list[T]], list[R]], limit: int, size: Callable[[T], int] = lambda _item: 1
    ) -> None:
        self._work, self._limit, self._size = work, limit, size
        self._waiting: deque[_Turn[T, R]] = deque()
        self._working = False
        self._lock = threading.Lock()

    def do(self, item: T) -> R:
        """Have it done, and wait for its outcome."""
        turn: _Turn[T, R] = _Turn(item)
        with self._lock:
            self._waiting.append(turn)
            if not self._working:
                self._working = True
                turn.ready.set()
        turn.ready.wait()  # for the turn to work, or for the outcome
        if not turn.done and turn.error is None:
            self._do(self._take_group())
            self._hand_over()
        if turn.error is not None:
            raise turn.error
        return cast(R, turn.outcome)

    def _take_group(self) -> list[_Turn[T, R]]:
        """The first who waits and as many more as fit."""
        with self._lock:
            group: list[_Turn[T, R]] = []
            size = 0
            while self._waiting and (not group or size + self._size(self._waiting[0].item) <= self._limit):
                group.append(self._waiting.popleft())
                size += self._size(group[-1].item)
            return group

    def _hand_over(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting[0].ready.set()
            else:
                self._working = False

    def _do(self, group: list[_Turn[T, R]]) -> None:
        try:
            outcomes = self._work([turn.item for turn in group])
        except Exception as error:  # every caller learns of it; nothing is swallowed
            for turn in group:
                turn.error = error
        else:
            for turn, outcome in zip(group, outcomes, strict=True):
                turn.outcome, turn.done = outcome, True
        for turn in group:
            turn.ready.set()


class GroupWriter:
    """Collects inserts into one collection from many threads."""

    def __init__(self, collection: Collection[Any]) -> None:
        self._collection = collection
        self._grouped: Grouped[Sequence[dict[str, Any]], list[Exception | None]] = Grouped(self._write, MAX_GROUP, len)

    def insert(self, documents: Sequence[dict[str, Any]]) -> list[Exception | None]:
        """Insert and wait; outcomes as `insert_group`, which may also raise."""
        return self._grouped.do(documents)

    def _write(self, group: list[Sequence[dict[str, Any]]]) -> list[list[Exception | None]]:
        outcomes = iter(insert_group(self._collection, [document for documents in group for document in documents]))
        return [list(islice(outcomes, len(documents))) for documents in group]
