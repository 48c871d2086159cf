"""Which names without a trade anybody wants or has (`held_names.Wanted.states_no_trade`): every process has a copy, so that
nobody must look in the store for them with each name that states a trade. They are few: 0.7 % of an older register.

A key is noted before anybody looks whether its name is free, and stays for ever. Who finds a key here looks at what is held under
it; who finds none need not, because whoever notes one waits until every copy has it before looking:

- a copy is used for FRESH seconds from the moment at which its reading began;
- `settle` returns SETTLED seconds after the key stood in the store.

So a claim that stood in the store before a copy without the key was asked stood there before the one who noted the key looked.
Each process measures seconds for itself, on a clock that also counts while its machine sleeps; no clocks are compared.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from shared.group_writer import insert_group

FRESH, SETTLED = 0.2, 0.25
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
# Counts how often keys were noted; no key of a name is without a registrar.
_VERSION = "version"
_NEVER = float("-inf")


@dataclass(frozen=True, slots=True)
class _Copy:
    began: float = _NEVER
    version: int = -1
    keys: frozenset[str] = frozenset()


class BareNames:
    """The copy of one process."""

    def __init__(self, collection: Collection[dict[str, Any]]) -> None:
        self._collection = collection
        self._lock = threading.Lock()
        self._copy = _Copy()
        self._noted: dict[str, float] = {}

    def among(self, keys: Iterable[str]) -> frozenset[str]:
        """Those of the keys that anybody has noted. What this process wrote before it asks stands before what is noted later
        is looked at."""
        copy = self._copy
        if _now() - copy.began > FRESH:
            copy = self._read()
        return copy.keys.intersection(keys)

    def note(self, keys: Iterable[str]) -> None:
        """Note keys, without waiting for other copies."""
        new = [key for key in keys if key not in self._noted]
        if not new:
            return
        for outcome in insert_group(self._collection, [{"_id": key} for key in new]):
            if outcome is not None and not isinstance(outcome, DuplicateKeyError):
                raise outcome
        self._count()  # also for one that stood there: whoever noted it may have died before this
        self._noted.update(dict.fromkeys(new, _now()))
        self._copy = replace(self._copy, began=_NEVER)

    def settle(self, keys: Iterable[str]) -> None:
        """Note keys, and return when every process has them in its copy."""
        asked = list(keys)
        self.note(asked)
        left = max((self._noted[key] for key in asked), default=_NEVER) + SETTLED - _now()
        if left > 0:
            time.sleep(left)

    def _count(self) -> None:
        try:
            self._collection.update_one({"_id": _VERSION}, {"$inc": {"n": 1}}, upsert=True)
        except DuplicateKeyError:  # another process was the first to count
            self._collection.update_one({"_id": _VERSION}, {"$inc": {"n": 1}})

    def _read(self) -> _Copy:
        """A fresh copy: one question, and all keys only where some were noted since the last."""
        with self._lock:
            began, copy = _now(), self._copy
            if began - copy.began <= FRESH:
                return copy  # another thread's
            counted = self._collection.find_one({"_id": _VERSION}) or {"n": 0}
            if counted["n"] == copy.version:
                copy = replace(copy, began=began)
            else:
                found = self._collection.find({"_id": {"$ne": _VERSION}})
                copy = _Copy(began, counted["n"], frozenset(one["_id"] for one in found))
            self._copy = copy
            return copy


def _now() -> float:
    return time.clock_gettime(_CLOCK)
