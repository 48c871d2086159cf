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
            # a due date that stands there is this one or a newer one
            same = ("division_code", "opened_time", "noted_time")
            changes = (
                {name: item[name] for name in same} | {"due_date": {"$ifNull": ["$due_date", item["due_date"]]}}
                for item in known
            )
            self.work_items.bulk_write(
                [UpdateOne({"_id": i["_id"]}, [{"$set": c}]) for i, c in zip(known, changes, strict=True)],
                ordered=False,
            )

    def close_work_items(self, application_ids: Sequence[str]) -> None:
        self.work_items.bulk_write(
            [UpdateOne({"_id": i}, {"$set": {"open": False}}, upsert=True) for i in application_ids], ordered=False
        )

    def move_due_dates(self, application_ids: Sequence[str]) -> None:
        """Due dates as the applications have them now: the newest version counts, whatever the order in which this is done. A
        later version may have none (T36), so the later date says nothing; a date that becomes known makes no version."""
        found = self.applications.find({"_id": {"$in": list(application_ids)}}, {"version": 1, "due_date": 1})
        moves = []
        for application in found:
            now = [application["version"], application["due_date"]]
            known = [{"$ifNull": ["$version", 0]}, {"$ifNull": ["$due_date", ""]}]
            version, due_date = ({"$arrayElemAt": [{"$max": [now, known]}, n]} for n in (0, 1))
            change = {"version": version, "due_date": due_date, "open": {"$ifNull": ["$open", True]}}
            moves.append(UpdateOne({"_id": application["_id"]}, [{"$set": change}], upsert=True))
        if moves:
            self.work_items.bulk_write(moves, ordered=False)

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

    def tell_late(self, application_id: str, today: str, entry: dict[str, Any]) -> bool:
        """Store with the application that its review is late, once, while it is under review and its last day is over; whether
        it was stored."""
        waits = {"_id": application_id, "state": "UNDER_REVIEW", "late": None}
        update = {"$set": {"late": True}, "$push": {"timeline": entry, "pending": entry["id"]}}
        late = waits | {"due_date": {"$gt": "", "$lt": today}}
        stored = self.applications.update_one(late, update).matched_count > 0
        if not stored and self.applications.count_documents(waits, limit=1):
            self.move_due_dates([application_id])  # it was extended, and the list has not heard of it yet
        else:
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
