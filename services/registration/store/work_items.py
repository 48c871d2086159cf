"""The registrars' work list: cases by due date, built from events in any order; and what falls due among them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from services.registration.domain.application import Application
from shared.clock import end_of_local_day
from shared.commands import KeyTaken
from shared.group_writer import insert_group
from shared.standing import Standing, StandingKind
from shared.working_calendar import CALENDAR_NOT_LOADED


def taken(outcomes: list[Exception | None]) -> list[Exception | None]:
    """Duplicate keys as the use cases know them."""
    return [KeyTaken("key exists") if isinstance(outcome, DuplicateKeyError) else outcome for outcome in outcomes]


class WorkItemStore:
    """The part of the register's store about applications that wait."""

    applications: Collection[dict[str, Any]]
    work_items: Collection[dict[str, Any]]

    def open_work_items(self, items: Sequence[dict[str, Any]]) -> None:
        """Open cases; one that was closed before it was opened (events in any order) stays closed."""
        # nearly always it is new, and an insert costs the store half of what an upsert does
        outcomes = taken(insert_group(self.work_items, [{"open": True, **item} for item in items]))
        for outcome in outcomes:
            if outcome is not None and not isinstance(outcome, KeyTaken):
                raise outcome
        known = [item for item, outcome in zip(items, outcomes, strict=True) if outcome is not None]
        if known:
            self.work_items.bulk_write(
                [
                    UpdateOne(
                        {"_id": item["_id"]},
                        {
                            "$set": {name: item[name] for name in ("division_code", "opened_time", "noted_time")},
                            "$max": {"due_date": item["due_date"]},
                        },
                    )
                    for item in known
                ],
                ordered=False,
            )

    def close_work_items(self, application_ids: Sequence[str]) -> None:
        self.work_items.bulk_write(
            [UpdateOne({"_id": i}, {"$set": {"open": False}}, upsert=True) for i in application_ids], ordered=False
        )

    def move_due_dates(self, due_dates: Sequence[tuple[str, str]]) -> None:
        self.work_items.bulk_write(
            [
                UpdateOne({"_id": i}, {"$max": {"due_date": due_date}, "$setOnInsert": {"open": True}}, upsert=True)
                for i, due_date in due_dates
            ],
            ordered=False,
        )

    def overdue_work_items(self, division_code: str, today: str, size: int) -> list[str]:
        """Open cases of a division whose last day is over and of which nobody was told, oldest first."""
        query = {"division_code": division_code, "open": True, "due_date": {"$gt": "", "$lt": today}, "told": None}
        found = self.work_items.find(query, {"_id": 1}).sort("due_date", 1).hint("open").limit(size)
        return [item["_id"] for item in found]

    def undated_work_items(self, division_code: str, size: int) -> list[str]:
        """Open cases of a division without a due date, oldest first."""
        query = {"division_code": division_code, "open": True, "due_date": ""}
        found = self.work_items.find(query, {"_id": 1}).sort("_id", 1).hint("open").limit(size)
        return [item["_id"] for item in found]

    def date_review(self, application: Application, entry: dict[str, Any]) -> bool:
        """Store the due date of a review that had none; whether it was stored. No new version: nothing of what a registrar
        has read changes."""
        found = {
            "_id": application.application_id,
            "state": "UNDER_REVIEW",
            "version": application.version,
            "due_date": "",
        }
        dates = {"first_due_date": application.first_due_date, "due_date": application.due_date}
        update = {"$set": dates, "$push": {"timeline": entry, "pending": entry["id"]}}
        return self.applications.update_one(found, update).matched_count > 0

    def tell_late(self, application_id: str, entry: dict[str, Any]) -> bool:
        """Store with the application that its review is late, once, while it is under review; whether it was stored."""
        found = {"_id": application_id, "state": "UNDER_REVIEW", "late": None}
        update = {"$set": {"late": True}, "$push": {"timeline": entry, "pending": entry["id"]}}
        stored = self.applications.update_one(found, update).matched_count > 0
        self.work_items.update_one({"_id": application_id}, {"$set": {"told": True}})
        return stored

    def list_work_items(self, division_code: str, after: str, size: int) -> tuple[list[dict[str, Any]], str]:
        """Open cases of a division by due date."""
        query: dict[str, Any] = {"division_code": division_code, "open": True}
        if after:
            due_date, _, last_id = after.rpartition("|")
            query["$or"] = [{"due_date": {"$gt": due_date}}, {"due_date": due_date, "_id": {"$gt": last_id}}]
        found = list(self.work_items.find(query).sort([("due_date", 1), ("_id", 1)]).limit(size + 1))
        key = f"{found[size - 1]['due_date']}|{found[size - 1]['_id']}" if len(found) > size else ""
        return found[:size], key


def review_standing(document: dict[str, Any]) -> Standing:
    """Where an application under review stands: its registrar owes the decision (实施细则 art. 18)."""
    due = end_of_local_day(date.fromisoformat(document["due_date"])) if document.get("due_date") else None
    party, late = f"registrar:{document['division_code']}", bool(document.get("late"))
    flag = "" if due else CALENDAR_NOT_LOADED
    return Standing(StandingKind.WAITING, party, "decision", document["received_time"], due, late, flag)
