"""Leases: of many replicas one does a periodic job. Kept in the service's own store, taken over when they run out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pymongo import ReturnDocument
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from shared.clock import Clock


def take_lease(leases: Collection[Any], name: str, holder: str, seconds: float, clock: Clock) -> bool:
    """Take or renew the lease `name` for `holder`; False while another holder has it."""
    now = clock.now()
    free = {"_id": name, "$or": [{"holder": holder}, {"until_time": {"$lt": now}}]}
    update = {"$set": {"holder": holder, "until_time": now + timedelta(seconds=seconds)}}
    try:
        found = leases.find_one_and_update(free, update, upsert=True, return_document=ReturnDocument.AFTER)
    except DuplicateKeyError:  # it exists and is another's
        return False
    return bool(found and found["holder"] == holder)
