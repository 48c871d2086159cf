"""Lists of the register: by beginning of the name, by what it contains, by business scope, by day of founding, by what an
entity is; each on an index."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import ExecutionTimeout

from services.registration.domain.naming import normalise_name
from services.registration.domain.scope_items import scope_beginning
from services.registration.domain.search import query_grams
from shared.failures import FailedPrecondition, InvalidArgument, Violation

# How far the names with a pair of characters are counted to find the rarest.
COUNTED = 1000
# A condition that so many entities meet at most is rare: they are counted on its index in 3 ms, and read and sorted in 20. What
# more meet is found soon in a million; two conditions that one in a hundred meets are not.
FEW = 5000
# Conditions that are all frequent and hardly ever come together: the caller is told instead of kept waiting.
SEARCH_MS = 2000
# What no list shows: what happened and commands grow with the years, and a page has two hundred entities.
HIDDEN = dict.fromkeys(
    (
        "persons",
        "grams",
        "scope_items",
        "person_keys",
        "investor_keys",
        "match_keys",
        "timeline",
        "pending",
        "commands",
    ),
    0,
)
# The index that counts the entities with these values, by the first of which it begins.
_FILTERED = {"state_report": ("state", "division_code"), "type": ("entity_type",), "division": ("division_code",)}
# Order of a page, and the field by whose value (with the id) the next one begins.
BY_ID, BY_NAME, BY_FOUNDING = "_id", "name", "founding_date"


class QueryTooBroad(FailedPrecondition):
    """The search would read too much of the register; more of the name or other conditions make it narrower."""


class EntityQueries:
    """Reads of the collection of entities."""

    def __init__(self, entities: Collection[dict[str, Any]]) -> None:
        self._entities = entities

    def page(
        self, filters: dict[str, str], name_prefix: str, name_contains: str, after: str, size: int,
        founded: tuple[str, str] = ("", ""), scope_keyword: str = "",
    ) -> tuple[list[dict[str, Any]], str]:  # fmt: skip
        """A page and the key of its last item ("" on the last page): by name when a prefix is given, by day of founding when
        `founded` (first and last day) bounds it and no name is searched, else in order of registration. Raises
        InvalidArgument (QUERY_TOO_SHORT, SCOPE_KEYWORD_INVALID, TEXT_UNPRINTABLE), QueryTooBroad."""
        query, order, hint = self.plan(filters, name_prefix, name_contains, founded, scope_keyword)
        if after and order == BY_ID:
            query["_id"] = {"$gt": after}
        elif after:
            value, _, entity_id = after.rpartition("|")
            query["$or"] = [{order: {"$gt": value}}, {order: value, "_id": {"$gt": entity_id}}]
        found = self._entities.find(query, HIDDEN).sort(list(dict.fromkeys([(order, 1), ("_id", 1)])))
        try:
            page = list((found.hint(hint) if hint else found).limit(size + 1).max_time_ms(SEARCH_MS))
        except ExecutionTimeout:
            raise QueryTooBroad("too many entities would have to be read; narrow the search down") from None
        if len(page) <= size:
            return page, ""
        last = page[size - 1]
        return page[:size], str(last["_id"]) if order == BY_ID else f"{last[order]}|{last['_id']}"

    def plan(
        self,
        filters: dict[str, str],
        name_prefix: str,
        name_contains: str,
        founded: tuple[str, str],
        scope_keyword: str,
    ) -> tuple[dict[str, Any], str, str]:
        """The query, its order, and the index that serves it ("": the store chooses). A condition that few entities meet
        decides on the index; where none does, a page is full soon in the index of its order."""
        for field, text in (
            ("name_prefix", name_prefix), ("name_contains", name_contains), ("scope_keyword", scope_keyword),
        ):  # fmt: skip
            if "\0" in text:  # the store cannot search for it, and no name or scope has it
                violation = Violation(field, "holds characters that cannot be seen: U+0000", "TEXT_UNPRINTABLE")
                raise InvalidArgument(
                    f"{field} {violation.description}", reason=violation.reason, violations=(violation,)
                )
        query: dict[str, Any] = {key: value for key, value in filters.items() if value}
        # the conditions that an index can count, each with that index
        narrow: list[tuple[str, dict[str, Any]]] = [
            (index, {field: query[field] for field in fields if field in query})
            for index, fields in _FILTERED.items()
            if fields[0] in query
        ]
        if bounds := {operator: day for operator, day in zip(("$gte", "$lte"), founded, strict=True) if day}:
            query["founding_date"] = bounds
            narrow.append(("founded", {"founding_date": bounds}))
        if scope_keyword:
            query["scope_items"] = {"$regex": "^" + re.escape(scope_beginning(scope_keyword))}
            narrow.insert(0, ("scope", {"scope_items": query["scope_items"]}))
        if name_prefix:
            query["name"] = {"$regex": "^" + re.escape(name_prefix)}
            return query, BY_NAME, self._rare(narrow, {"name": query["name"]}, "name")
        if name_contains:
            query |= {"grams": self._rarest(query_grams(name_contains)), "name": _contains(name_contains)}
            return query, BY_ID, self._rare(narrow, {"grams": query["grams"]}, "grams")
        if bounds:
            return query, BY_FOUNDING, self._rare(narrow[:-1], {"founding_date": bounds}, "founded")
        if scope_keyword:
            # no condition is served by the order of the ids
            return query, BY_ID, self._rare(narrow, {}, "division" if "division_code" in query else "_id_")
        return query, BY_ID, ""

    def _rare(self, narrow: list[tuple[str, dict[str, Any]]], own: dict[str, Any], index: str) -> str:
        """The index of a condition that few entities meet, else `index`, which has the order of the page and serves the condition
        `own`. Few are sorted in memory; in the order of the page all would be read to find them."""
        if narrow and own and self._is_rare(own, index):
            return index
        return next((other for other, condition in narrow if self._is_rare(condition, other)), index)

    def _is_rare(self, condition: dict[str, Any], index: str) -> bool:
        return self._entities.count_documents(condition, limit=FEW + 1, hint=index) <= FEW

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
