"""The worker as a process: it counts who moves in, and lists who has not reported."""

from __future__ import annotations

from typing import Any

import pytest

from services.registration.store import RegisterStore
from tests.integration.processes import eventually
from tests.integration.registration.test_forwarded_worker import publish
from tests.integration.registration.test_register import import_rows, row

pytestmark = pytest.mark.integration


def test_who_moves_in_is_counted_once_and_who_has_not_reported_is_listed(
    servers: Any, store: RegisterStore, stub: Any, process: Any
) -> None:
    """The entity came before the period of its first report was over, some years ago."""
    assert import_rows(stub, [row(1), row(2)]).imported == 2
    late, in_time = (one["_id"] for one in store.entities.find().sort("_id", 1))
    store.entities.update_one({"_id": late}, {"$set": {"report_owed_year": 2023, "report_due_year": 2023}})
    store.entities.update_one({"_id": in_time}, {"$set": {"report_owed_year": 9999, "report_due_year": 9999}})
    process("registration-worker")
    moved = {
        "entity_id": "ent_1", "uscc": "91320402MAXX00017D", "entity_type": "BRANCH", "division_code": "320411",
        "from_division_code": "320402", "entity_version": 1,
    }  # fmt: skip
    publish(servers, "registration", "EntityMovedIn", moved)

    eventually(lambda: store.moves.count_documents({"move": "MOVED_IN"}) == 1, 90)
    eventually(lambda: store.entities.count_documents({"flags": "ABNORMAL_LIST"}) == 1, 90)
    eventually(lambda: store.entities.count_documents({"pending": {"$ne": []}}) == 0, 90)
    (listing,) = store.cases.collection.find()
    assert (listing["entity_id"], listing["reason_codes"]) == (late, ["ANNUAL_REPORT_MISSED"])
    assert listing["client_id"] == "platform"
