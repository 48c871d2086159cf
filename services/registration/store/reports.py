"""Annual reports in the store: who has not handed theirs in, and how many firms are above designated size."""

from __future__ import annotations

from typing import Any

from pymongo.collection import Collection

from services.registration.domain.entity import EXISTING

_EXISTING = sorted(EXISTING)


class ReportStore:
    """The part of the register's store about annual reports."""

    entities: Collection[dict[str, Any]]

    def late_reporters(self, division_code: str, closed_year: int, size: int) -> list[str]:
        """Existing entities of a registrar whose report of a closed year was not looked at yet."""
        query = late_query(division_code, closed_year)
        return [found["_id"] for found in self.entities.find(query, {"_id": 1}).hint("state_report").limit(size)]

    def put_off_report(self, entity_id: str, year: int) -> None:
        """Nothing more is to be done about its reports before the period of this year is over."""
        self.entities.update_one({"_id": entity_id}, {"$max": {"report_due_year": year}})

    def count_above_size(self) -> int:
        """Existing entities that are above designated size."""
        query = {"above_size": {"$gt": ""}, "state": {"$in": _EXISTING}}
        return self.entities.count_documents(query, hint="above_size")


def late_query(division_code: str, closed_year: int) -> dict[str, Any]:
    """Existing entities of a registrar that are to be looked at."""
    due = {"$gt": 0, "$lte": closed_year}
    return {"state": {"$in": _EXISTING}, "division_code": division_code, "report_due_year": due}
