"""The audit's pages over a real store: every open case once, and no page that looks for them among all closed ones."""

from __future__ import annotations

from typing import Any

import pytest
from tongban.audit.v1 import service_pb2 as audit

from services.registration.store import RegisterStore
from services.registration.usecases.context import Parts
from shared import audit_service
from shared.audit_service import AuditServicer
from shared.handled_events import HandledEvents
from shared.open_cases import OpenCases

pytestmark = pytest.mark.integration
READ = 4


class Watched:
    """A collection that keeps the cursors of its reads, so that they can be explained."""

    def __init__(self, collection: Any) -> None:
        self._collection = collection
        self.cursors: list[Any] = []

    def find(self, *asked: Any) -> Any:
        self.cursors.append(self._collection.find(*asked))
        return self.cursors[-1]


@pytest.mark.parametrize("page", [2, 3, 1000])
@pytest.mark.parametrize("open_ones", [(), (0,), (13,), (5, 6, 7, 8, 13), tuple(range(14))])
def test_every_open_case_is_told_once_and_a_page_reads_only_so_many(
    parts: Parts, store: RegisterStore, monkeypatch: pytest.MonkeyPatch, page: int, open_ones: tuple[int, ...]
) -> None:
    monkeypatch.setattr(audit_service, "PAGE", page)
    monkeypatch.setattr(audit_service, "READ", READ)
    kinds = ["WAITING" if number in open_ones else "CLOSED" for number in range(14)]
    standing = {"party": "registrar:320411", "what": "decision", "since_time": parts.clock.now(), "flag": "NO_LIMIT"}
    store.cases.collection.insert_many(
        {"_id": f"enc_{number:02}", "standing": {"kind": kind, **standing}, "client_id": "client-1"}
        for number, kind in enumerate(kinds)
    )
    watched: Any = Watched(store.cases.collection)
    places = {"applications": OpenCases(store.applications), "entity_cases": OpenCases(watched)}
    servicer = AuditServicer(places, {}, HandledEvents(store.client, store.database), parts.clock)
    told, cursor = [], ""
    while True:
        found = servicer.ReadStandings(audit.ReadStandingsRequest(cursor=cursor), None)
        told += [case.case_id for case in found.cases]
        cursor = found.next_cursor
        if not cursor:
            break
    assert told == [f"enc_{number:02}" for number in open_ones]
    for read in watched.cursors:
        stats = read.clone().explain()["executionStats"]
        assert stats["totalDocsExamined"] <= READ
        assert stats["totalKeysExamined"] <= READ + 1
