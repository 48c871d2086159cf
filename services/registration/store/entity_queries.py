"""Lists of the register: by beginning of the name, by what it contains, by what an entity is; each on an index."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import ExecutionTimeout

from services.registration.domain.naming import normalise_name
from services.registration.domain.search import query_grams
from shared.failures import FailedPrecondition

# How far the pairs of a query are counted to find the one that narrows it down most.
COUNTED = 1000
# Pairs that are all frequent and hardly ever stand in one name: the caller is told instead of kept waiting.
SEARCH_MS = 2000
HIDDEN = {"persons": 0, "grams": 0, "person_keys": 0, "investor_keys": 0, "match_keys": 0}


class QueryTooBroad(FailedPrecondition):
    """The search would read too much of the register; more of the name makes it narrower."""


class EntityQueries:
    """Reads of the collection of entities."""

    def __init__(self, entities: Collection[dict[str, Any]]) -> None:
        self._entities = entities

    def page(
        self, filters: dict[str, str], name_prefix: str, name_contains: str, after: str, size: int
    ) -> tuple[list[dict[str, Any]], str]:  # fmt: skip
        """A page and the key of its last item ("" on the last page): by name when a prefix is given, else in order of
        registration. Raises InvalidArgument (QUERY_TOO_SHORT), QueryTooBroad."""
        query: dict[str, Any] = {key: value for key, value in filters.items() if value}
        if name_prefix:
            return self._by_prefix(query, name_prefix, after, size)
        if after:
            query["_id"] = {"$gt": after}
        hint = None
        if name_contains:
            query |= {"grams": self._rarest(query_grams(name_contains)), "name": _contains(name_contains)}
            hint = "grams"
        found = self._entities.find(query, HIDDEN).sort("_id", 1).limit(size + 1).max_time_ms(SEARCH_MS)
        try:
            page = list(found.hint(hint) if hint else found)
        except ExecutionTimeout:
            raise QueryTooBroad("too many names would have to be read; give more of the name") from None
        return page[:size], str(page[size - 1]["_id"]) if len(page) > size else ""

    def _by_prefix(
        self, query: dict[str, Any], name_prefix: str, after: str, size: int
    ) -> tuple[list[dict[str, Any]], str]:  # fmt: skip
        query["name"] = {"$regex": "^" + re.escape(name_prefix)}
        if after:
            name, _, entity_id = after.rpartition("|")
            query["$or"] = [{"name": {"$gt": name}}, {"name": name, "_id": {"$gt": entity_id}}]
        found = list(self._entities.find(query, HIDDEN).sort([("name", 1), ("_id", 1)]).limit(size + 1))
        return found[:size], f"{found[size - 1]['name']}|{found[size - 1]['_id']}" if len(found) > size else ""

    def _rarest(self, grams: Sequence[str]) -> str:
        """The pair with the fewest names, counted on the index up to COUNTED: with a rare one few names are read, and where all
        are frequent a page is full soon."""
        fewest, best = COUNTED + 1, grams[0]
        for gram in grams:
            count = self._entities.count_documents({"grams": gram}, limit=fewest, hint="grams")
            if count < fewest:
                fewest, best = count, gram
            if fewest == 0:
                break
        return best


def _contains(text: str) -> dict[str, str]:
    return {"$regex": re.escape(normalise_name(text)), "$options": "i"}
