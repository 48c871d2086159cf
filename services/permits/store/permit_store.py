"""What permits asks of its store. Every document is one aggregate; nothing needs a transaction."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec
from pymongo import MongoClient
from pymongo.errors import DuplicateKeyError

from services.permits.domain.bundle import Bundle
from services.permits.domain.case import OPEN_STATES, PermitCase, StaleVersion
from services.permits.domain.filing import Filing
from services.permits.domain.holder import ENDED
from services.permits.domain.permit import HELD as HELD_STATES
from services.permits.domain.project import Project
from services.permits.store import documents
from shared.document_store import DocumentStore
from shared.documents import prepare_store
from shared.mongo import store_reason
from shared.open_cases import OpenCases

# Absent, not empty or null, in the store: their indexes are sparse.
ABSENT_WHEN_EMPTY = ("origin_ref", "next_due_time", "permit")
HELD, OPEN_CASES = sorted(HELD_STATES), sorted(OPEN_STATES)


def case_of(document: dict[str, Any]) -> PermitCase:
    return msgspec.convert({"origin_ref": "", "permit": None, **document, "case_id": document["_id"]}, PermitCase)


def filing_of(document: dict[str, Any]) -> Filing:
    return msgspec.convert({"origin_ref": "", **document, "filing_id": document["_id"]}, Filing)


def bundle_of(document: dict[str, Any]) -> Bundle:
    return msgspec.convert({"origin_ref": "", **document, "bundle_id": document["_id"]}, Bundle)


def project_of(document: dict[str, Any]) -> Project:
    return msgspec.convert({**document, "project_id": document["_id"]}, Project)


class PermitStore(DocumentStore):
    """Cases, filings, bundles, projects and holders of one district."""

    absent_when_empty = ABSENT_WHEN_EMPTY
    stale = StaleVersion

    def __init__(self, client: MongoClient[dict[str, Any]], database: str) -> None:
        self.client, self.database = client, database
        store = client[database]
        self.cases = store["cases"]
        self.filings = store["filings"]
        self.bundles = store["bundles"]
        self.projects = store["projects"]
        self.holders = store["holders"]
        # answers to partner regions' cases, one for each
        self.forwarded = store["forwarded"]
        # what was told of holders, once for each change and each check
        self.holder_answers = store["holder_answers"]
        self.leases = store["leases"]
        self.disclosures = store["disclosures"]

    @property
    def collections(self) -> dict[str, Any]:
        """Collections with an outbox."""
        return {
            "cases": self.cases, "filings": self.filings, "bundles": self.bundles, "projects": self.projects,
            "forwarded": self.forwarded, "holder_answers": self.holder_answers,
        }  # fmt: skip

    def prepare(self) -> None:
        """Create missing collections and indexes. Harmless to repeat and to race."""
        prepare_store(self.client[self.database], documents.DOCUMENTS, ("leases", "disclosures"))

    def audited(self) -> dict[str, OpenCases]:
        """Where open cases are kept."""
        return {name: OpenCases(self.collections[name]) for name in ("cases", "filings", "bundles")}

    def reason(self) -> str | None:
        """Readiness: None when the store answers."""
        return store_reason(self.client, self.database)

    def find_by_origin(self, collection: str, origin_ref: str) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.collections[collection].find_one({"origin_ref": origin_ref})
        return found

    def case_of_permit(self, permit_id: str) -> dict[str, Any] | None:
        return self.cases.find_one({"permit.permit_id": permit_id})

    def bundle_of_step(self, step_id: str) -> dict[str, Any] | None:
        return self.bundles.find_one({"steps.step_id": step_id})

    def bundle_of_case(self, case_id: str) -> dict[str, Any] | None:
        return self.bundles.find_one({"steps.case_id": case_id})

    def project_of_item(self, item_id: str) -> dict[str, Any] | None:
        return self.projects.find_one({"items.item_id": item_id})

    def own_projects(self, client_id: str, after: str, size: int) -> tuple[list[dict[str, Any]], str]:
        """An applicant's own projects, in order of receipt."""
        query = {"client_id": client_id, "_id": {"$gt": after}}
        return _page(list(self.projects.find(query).sort("_id", 1).limit(size + 1)), size)

    def permits_of_holder(self, holder_code: str, after: str, size: int) -> tuple[list[dict[str, Any]], str]:
        """Cases of a holder that have a permit, in order of their id, and the key of the last one ("" at the end)."""
        query = {"holder_code": holder_code, "_id": {"$gt": after}, "permit": {"$type": "object"}}
        return _page(list(self.cases.find(query).sort("_id", 1).limit(size + 1)), size)

    def cases_of_holder(self, holder_code: str, after: str, size: int) -> tuple[list[dict[str, Any]], str]:
        """The same with the cases of a holder that may lead to a permit yet."""
        leads = [{"permit": {"$type": "object"}}, {"state": {"$in": OPEN_CASES}}]
        query = {"holder_code": holder_code, "_id": {"$gt": after}, "$or": leads}
        return _page(list(self.cases.find(query).sort("_id", 1).limit(size + 1)), size)

    def filings_of_holder(self, holder_code: str, after: str, size: int) -> tuple[list[dict[str, Any]], str]:
        """Filings of a holder that are on record, in order of their id, and the key of the last one ("" at the end)."""
        query = {"holder_code": holder_code, "state": "RECORDED", "_id": {"$gt": after}}
        return _page(list(self.filings.find(query).sort("_id", 1).limit(size + 1)), size)

    def own_cases(self, client_id: str, after: str, size: int) -> tuple[list[dict[str, Any]], str]:
        """An applicant's own cases, in order of receipt."""
        query = {"client_id": client_id, "_id": {"$gt": after}}
        return _page(list(self.cases.find(query).sort("_id", 1).limit(size + 1)), size)

    def work_list(self, unit_code: str, after: str, size: int) -> tuple[list[dict[str, Any]], str]:
        """What waits for a unit, by what is due first; what has no date yet comes before."""
        query: dict[str, Any] = {"standing.party": f"unit:{unit_code}"}
        if after:
            due, _, last_id = after.partition("|")
            time = datetime.fromisoformat(due) if due else None
            same = {"standing.due_time": time, "_id": {"$gt": last_id}}
            query["$or"] = (
                [{"standing.due_time": {"$gt": time}}, same] if time else [same, {"standing.due_time": {"$ne": None}}]
            )
        found = list(self.cases.find(query).sort([("standing.due_time", 1), ("_id", 1)]).limit(size + 1))
        if len(found) <= size:
            return found, ""
        last = found[size - 1]
        time = last["standing"].get("due_time")
        return found[:size], f"{time.isoformat() if time else ''}|{last['_id']}"

    def note_holder(
        self, entity_id: str, holder_code: str, state: str, version: int, time: datetime | None = None
    ) -> None:  # fmt: skip
        """What registration told of an entity at a time; an older fact never overwrites a newer one. Its last end is kept
        beside the newest state, which may be another (an entity is cleared after its licence was revoked)."""
        fields = {"entity_id": entity_id, "state": state, "entity_version": version}
        with suppress(DuplicateKeyError):  # a newer fact is there
            self.holders.update_one(
                {"_id": holder_code, "entity_version": {"$lt": version}}, {"$set": fields}, upsert=True
            )
        if state in ENDED:
            end = {"ended_version": version, "ended_state": state, "ended_time": time}
            older = {"_id": holder_code, "ended_version": {"$not": {"$gte": version}}}
            self.holders.update_one(older, {"$set": end})

    def holder(self, holder_code: str) -> dict[str, Any] | None:
        return self.holders.find_one({"_id": holder_code})

    def answered(self, keys: Iterable[str]) -> set[str]:
        """Which of these changes and checks of holders have their answer."""
        return {d["_id"] for d in self.holder_answers.find({"_id": {"$in": list(keys)}}, {"_id": 1})}

    def count_permits(self, holder_code: str, today: str) -> int:
        """How many permits a holder has, in force or suspended, and not past their last day (ISO)."""
        # without an end the date is "", which sorts before every day
        expired = {"$gt": "", "$lt": today}
        query = {"holder_code": holder_code, "permit.state": {"$in": HELD}, "permit.valid_to_date": {"$not": expired}}
        return self.cases.count_documents(query)

    def open_matters(self, holder_code: str) -> set[str]:
        """In which of cases, filings and projects a holder has one that is not finished."""
        queries: dict[str, Any] = {
            "cases": {"$in": OPEN_CASES}, "filings": "RETURNED_INCOMPLETE", "projects": "RUNNING",
        }  # fmt: skip
        return {
            name for name, state in queries.items()
            if self.collections[name].find_one({"holder_code": holder_code, "state": state}, {"_id": 1})
        }  # fmt: skip

    def log_disclosure(self, disclosure: dict[str, Any]) -> None:
        """Keep who got personal data, why and about whom (ids), for at least 3 years (网络数据安全管理条例 art. 12)."""
        self.disclosures.insert_one(disclosure)


def _page(found: list[dict[str, Any]], size: int) -> tuple[list[dict[str, Any]], str]:
    return (found[:size], str(found[size - 1]["_id"])) if len(found) > size else (found, "")
