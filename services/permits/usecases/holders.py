"""What is told of a holder, once for each change and each check: an event in a document of its own."""

from __future__ import annotations

from typing import Any

from services.permits.domain.events import HolderChecked
from services.permits.usecases.context import Parts
from shared.events import Cause, timeline_entry

COLLECTION = "holder_answers"
# What stands in the way of an entity's end: what it asked for is decided or taken back first (公司法 art. 236(1)(3):
# unfinished business is ended in the clearing).
BARS = (("cases", "CASE_UNDER_REVIEW"), ("filings", "FILING_OPEN"), ("projects", "PROJECT_OPEN"))


def check(parts: Parts, check_ref: str, holder_code: str, cause: Cause) -> bool:
    """Tell what a holder has and what stands in the way of its end, once for a check; False when it was told before."""
    parts.outbox.check_capacity()
    if parts.store.answered([check_ref]):
        return False
    open_matters = parts.store.open_matters(holder_code)
    reasons = [reason for name, reason in BARS if name in open_matters]
    count = parts.store.count_permits(holder_code, parts.clock.today().isoformat())
    return answer(parts, check_ref, HolderChecked(check_ref, holder_code, count, reasons), cause)


def answer(parts: Parts, key: str, event: Any, cause: Cause) -> bool:
    """Store an answer with its event in one write; False when it was given before."""
    now = parts.clock.now()
    entry = timeline_entry(event, now, cause)
    document = {"_id": key, "noted_time": now, "timeline": [entry], "pending": [entry["id"]]}
    if not parts.store.insert(COLLECTION, document):
        return False
    parts.outbox.committed_many(COLLECTION, [(key, entry)])
    return True
