"""What falls due, counted by the store: reviews of applications, and what is owed in cases about entities."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pymongo.collection import Collection

from shared.clock import LOCAL

# A case is late from the first instant after its last day on; a millisecond before lies in that day.
_LAST_DAY = {
    "$dateToString": {
        "date": {"$subtract": ["$standing.due_time", 1]},
        "format": "%Y-%m-%d",
        "timezone": LOCAL.key,
    }
}


class ForecastStore:
    """The part of the register's store about what falls due."""

    work_items: Collection[dict[str, Any]]
    entity_cases: Collection[dict[str, Any]]

    def reviews_due(self, division_code: str, first: str, last: str) -> dict[str, int]:
        """Day → open reviews whose last day it is, from `first` to `last`, ISO dates; both count."""
        query = {"division_code": division_code, "open": True, "due_date": {"$gte": first, "$lte": last}}
        steps: list[dict[str, Any]] = [{"$match": query}, {"$group": {"_id": "$due_date", "count": {"$sum": 1}}}]
        return {found["_id"]: found["count"] for found in self.work_items.aggregate(steps, hint="open")}

    def reviews_beside(self, division_code: str, today: str) -> tuple[int, int]:
        """Open reviews that are late, and those without a day."""
        still = {"division_code": division_code, "open": True}
        late = self.work_items.count_documents(still | {"due_date": {"$gt": "", "$lt": today}}, hint="open")
        return late, self.work_items.count_documents(still | {"due_date": ""}, hint="open")

    def cases_due(
        self, division_code: str, after: datetime, until: datetime
    ) -> list[tuple[str, str, str, str, int]]:  # fmt: skip
        """(last day, kind, who owes it, what, how many) of cases about entities that become late after one instant and not
        after the other."""
        query = waiting(division_code) | {"standing.due_time": {"$gt": after, "$lte": until}}
        key = {"day": _LAST_DAY, "kind": "$kind", "party": "$standing.party", "what": "$standing.what"}
        steps = [{"$match": query}, {"$group": {"_id": key, "count": {"$sum": 1}}}]
        found = self.entity_cases.aggregate(steps, hint="forecast")
        return [(*(one["_id"][name] for name in ("day", "kind", "party", "what")), one["count"]) for one in found]

    def cases_beside(self, division_code: str, now: datetime) -> tuple[int, int]:
        """Open cases about entities that are late, and those without a day that can be told."""
        still = waiting(division_code)
        late = self.entity_cases.count_documents(still | {"standing.due_time": {"$lte": now}}, hint="forecast")
        return late, self.entity_cases.count_documents(still | {"standing.due_time": None}, hint="forecast")


def waiting(division_code: str) -> dict[str, Any]:
    """Cases of a division in which somebody owes something."""
    return {"division_code": division_code, "standing.kind": "WAITING"}
