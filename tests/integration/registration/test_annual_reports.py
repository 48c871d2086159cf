"""Annual reports: on record at once, late ones lead onto the abnormal list and off it again (实施细则 arts. 63, 70)."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.store.register import RegisterStore
from services.registration.store.reports import late_query
from services.registration.usecases.annual_reports import list_late_reporters
from services.registration.usecases.context import Parts
from shared.clock import FixedClock
from tests.integration.registration.test_applications import refused_with
from tests.integration.registration.test_entity_cases import REGISTRAR, acted, entity_of, opened, registered, sweep
from tests.integration.registration.test_register import import_rows, row

pytestmark = pytest.mark.integration
REPORT = {"revenue_fen": "150000000", "employees": "12", "industry": "3411"}


@pytest.fixture(autouse=True)
def in_a_known_year(clock: FixedClock) -> None:
    clock.set(datetime(2025, 3, 3, 2, tzinfo=UTC))


def reported(stub: Any, entity: Any, year: int, key: str = "", **facts: str) -> Any:
    said = REPORT | {"report_year": str(year)} | facts
    return opened(stub, entity, "ANNUAL_REPORT", said, key or f"report-{year}").entity_case


def day(clock: FixedClock, iso: str) -> None:
    clock.set(datetime.fromisoformat(f"{iso}T02:00:00+00:00"))


def listings(stub: Any, entity: Any) -> list[Any]:
    found = stub.ListEntityCases(rpc.ListEntityCasesRequest(entity_id=entity.entity_id)).entity_cases
    return [case for case in found if case.kind == "ABNORMAL_LISTING"]


def test_the_report_of_the_year_before_is_on_record_at_once(stub: Any, parts: Parts, clock: FixedClock) -> None:
    entity = registered(stub)
    day(clock, "2026-06-30")
    case = reported(stub, entity, 2025)
    assert (case.state, case.facts["in_time"], case.facts["due_date"]) == ("RECORDED", "true", "2026-06-30")
    assert entity_of(stub, entity).last_report_year == 2025
    day(clock, "2026-07-01")
    assert list_late_reporters(parts) == 0


def test_a_missed_report_leads_onto_the_list_and_making_it_up_leads_off_it(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    entity = registered(stub)
    day(clock, "2026-06-30")
    assert list_late_reporters(parts) == 0
    day(clock, "2026-07-01")
    assert list_late_reporters(parts) == 1
    assert list_late_reporters(parts) == 0
    (listing,) = listings(stub, entity)
    assert (list(listing.reason_codes), list(entity_of(stub, entity).flags)) == (
        ["ANNUAL_REPORT_MISSED"], ["ABNORMAL_LIST"],
    )  # fmt: skip
    registrar = {"by": REGISTRAR, "division_code": "320411"}
    failure = refused_with(lambda: acted(stub, listing, "REMOVE", "remove", {"mended_by": "X"}, **registrar))
    assert (failure.reason, failure.metadata["years"]) == ("REPORT_STILL_MISSING", "2025")

    case = reported(stub, entity, 2025)
    assert (case.state, case.facts["in_time"]) == ("RECORDED", "false")
    assert sweep(parts, store) == 1

    (listing,) = listings(stub, entity)
    assert (listing.state, listing.owed_by, listing.owed) == ("REMOVAL_ASKED", "registrar:320411", "removal")
    removal = next(one for one in listing.deadlines if one.clock == "removal")
    assert removal.due_date == "2026-07-08"
    acted(stub, listing, "REMOVE", "remove-2", **registrar)
    assert list(entity_of(stub, entity).flags) == []
    assert list_late_reporters(parts) == 0


def test_two_workers_at_once_list_each_entity_once(stub: Any, parts: Parts, clock: FixedClock) -> None:
    clock.set(datetime(2025, 3, 3, 2, tzinfo=UTC))
    assert import_rows(stub, [row(number) for number in range(1, 41)]).imported == 40
    day(clock, "2025-07-01")

    def work() -> int:
        return sum(iter(lambda: list_late_reporters(parts, 7), 0))

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(lambda _: work(), range(2))) == 40
    flagged = [e for e in parts.outbox.entries if e["type"] == "EntityFlagged"]  # type: ignore[attr-defined]
    assert len({e["data"]["entity_id"] for e in flagged}) == len(flagged) == 40


@pytest.mark.parametrize(
    ("imported", "closed", "listed"), [("2025-06-30", "2025-07-01", 1), ("2025-07-01", "2025-07-02", 0)]
)
def test_an_imported_entity_owes_what_could_still_be_handed_in_when_it_came(
    stub: Any, parts: Parts, clock: FixedClock, imported: str, closed: str, listed: int
) -> None:
    day(clock, imported)
    import_rows(stub, [row(1)])
    day(clock, closed)
    assert list_late_reporters(parts) == listed


def test_who_is_listed_for_something_else_is_listed_for_the_report_when_it_leaves(
    stub: Any, parts: Parts, clock: FixedClock
) -> None:
    entity = registered(stub)
    first = opened(
        stub, entity, "ABNORMAL_LISTING", {"reason_codes": "SEAT_NOT_FOUND"}, "list", by=REGISTRAR
    ).entity_case
    day(clock, "2026-07-01")
    assert list_late_reporters(parts) == 0
    assert parts.store.late_reporters("320411", 2025, 10) == []
    acted(stub, first, "REMOVE", "remove", {"mended_by": "SEAT_FOUND"}, by=REGISTRAR, division_code="320411")
    assert list_late_reporters(parts) == 1
    assert list(listings(stub, entity)[0].reason_codes) == ["ANNUAL_REPORT_MISSED"]


def test_the_entity_is_listed_although_another_year_is_reported_and_stays_until_all_are(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    entity = registered(stub)
    day(clock, "2026-07-01")
    list_late_reporters(parts)
    day(clock, "2027-07-01")
    assert list_late_reporters(parts) == 0  # it is listed already
    reported(stub, entity, 2026)
    sweep(parts, store)
    assert listings(stub, entity)[0].state == "LISTED"
    reported(stub, entity, 2025)
    sweep(parts, store)
    assert listings(stub, entity)[0].state == "REMOVAL_ASKED"


@pytest.mark.parametrize(
    ("facts", "reason", "field_or_article"),
    [
        ({"report_year": "2026"}, "REPORT_YEAR_NOT_OPEN", "art. 63"),
        ({"report_year": "2024"}, "NO_REPORT_OWED", "art. 8"),
        ({"revenue_fen": "-1"}, "NUMBER_INVALID", "facts.revenue_fen"),
        ({"industry": "98"}, "INDUSTRY_UNKNOWN", "facts.industry"),
        ({"employees": ""}, "FACTS_MISSING", "facts.employees"),
    ],
)
def test_a_report_that_cannot_be_is_refused(
    stub: Any, store: RegisterStore, clock: FixedClock, facts: dict[str, str], reason: str, field_or_article: str
) -> None:
    entity = registered(stub)
    day(clock, "2026-03-03")
    failure = refused_with(lambda: reported(stub, entity, **({"year": 2025} | facts)))
    told = [violation.field for violation in failure.violations]
    assert failure.reason == reason
    assert field_or_article in (told or [failure.message])[0]
    assert store.cases.collection.count_documents({}) == 0


def test_a_report_is_corrected_until_its_last_day(stub: Any, clock: FixedClock) -> None:
    entity = registered(stub)
    day(clock, "2026-03-03")
    reported(stub, entity, 2025)
    day(clock, "2026-06-30")
    reported(stub, entity, 2025, "again", employees="13")
    day(clock, "2026-07-01")
    failure = refused_with(lambda: reported(stub, entity, 2025, "late"))
    assert (failure.reason, "art. 12" in failure.message) == ("REPORT_MADE_ALREADY", True)


def test_mission_1_10_a_firm_is_above_size_by_its_newest_report_and_counted(
    stub: Any, store: RegisterStore, clock: FixedClock
) -> None:
    def above_size() -> int:
        query = rpc.GetStatisticsRequest(first_month="2026-01", last_month="2026-01")
        return int(stub.GetStatistics(query).above_size)

    entity, other = registered(stub, 1), registered(stub, 2)
    day(clock, "2027-03-03")
    reported(stub, entity, 2026, revenue_fen="2000000000")
    reported(stub, other, 2026, "other", revenue_fen="1999999999")
    assert (entity_of(stub, entity).above_size, entity_of(stub, other).above_size) == ("INDUSTRY", "")
    assert above_size() == 1
    reported(stub, entity, 2025, revenue_fen="0")  # an older year changes nothing
    assert above_size() == 1
    store.entities.update_one({"_id": entity.entity_id}, {"$set": {"state": "CANCELLED"}})
    assert above_size() == 0


def test_both_queries_run_on_their_index(store: RegisterStore) -> None:
    late = late_query("320411", 2025)
    above = {"above_size": {"$gt": ""}, "state": "ACTIVE"}
    plans = {
        name: str(store.entities.find(query).hint(name).explain()["queryPlanner"]["winningPlan"])
        for name, query in {"state_report": late, "above_size": above}.items()
    }
    for name, plan in plans.items():
        assert f"'indexName': '{name}'" in plan
        assert "COLLSCAN" not in plan
    assert "(0, 2025]" in plans["state_report"]


def test_what_is_told_of_a_report_names_no_person(stub: Any, parts: Parts, clock: FixedClock, caplog: Any) -> None:
    entity = registered(stub)
    day(clock, "2026-03-03")
    with caplog.at_level(logging.INFO):
        reported(stub, entity, 2025)
    told = parts.outbox.entries[-1]  # type: ignore[attr-defined]
    assert (told["type"], told["data"]["kind"], told["data"]["state"]) == (
        "EntityCaseMoved",
        "ANNUAL_REPORT",
        "RECORDED",
    )
    assert "revenue_fen" not in str(told)


def test_an_entity_of_another_registrar_is_not_listed_here_and_one_that_fails_stops_no_other(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    assert import_rows(stub, [row(number) for number in range(1, 5)]).imported == 4
    first, second, *_ = (one["_id"] for one in store.entities.find().sort("_id", 1))
    store.entities.update_one({"_id": first}, {"$set": {"division_code": "320402"}})
    store.entities.update_one({"_id": second}, {"$set": {"report_owed_year": 2030}})  # nothing is missing
    day(clock, "2025-07-01")
    assert list_late_reporters(parts) == 2
    assert list_late_reporters(parts) == 0
    assert store.late_reporters("320411", 2024, 10) == []
    assert store.entities.count_documents({"flags": "ABNORMAL_LIST"}) == 2
