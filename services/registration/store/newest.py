"""Pages of what belongs to somebody, newest first: ids are sorted by time."""

from __future__ import annotations

from typing import Any

from pymongo.collection import Collection

# What no list shows: what happened, commands, and what is sealed.
LEFT_OUT = dict.fromkeys(("timeline", "pending", "commands", "persons", "content", "handed_in"), 0)


def newest(
    collection: Collection[dict[str, Any]], of: dict[str, Any], after: str, size: int
) -> tuple[list[dict[str, Any]], str]:
    """Documents with these fields (an index has them, then `-_id`), and the key of the page's last ("" on the last page)."""
    query = of | ({"_id": {"$lt": after}} if after else {})
    found = list(collection.find(query, LEFT_OUT).sort("_id", -1).limit(size + 1))
    return found[:size], found[size - 1]["_id"] if len(found) > size else ""
