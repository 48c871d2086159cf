"""Reviews and their due dates on a real store: not dated while a calendar is missing, late told once (T36; RREG 18)."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.store.register import RegisterStore
from services.registration.usecases import work_list
from services.registration.usecases.context import Parts
from shared import working_calendar
from shared.clock import FixedClock
from shared.standing import AuditVerdict, verdict
from tests.integration.registration.conftest import asked, context, received, submit

pytestmark = pytest.mark.integration
END_OF_2026 = datetime(2026, 12, 30, 2, tzinfo=UTC)


@pytest.fixture
def calendar_of_2027(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Loads an invented calendar for 2027 (only New Year's Day is off) when it is called."""

    def load() -> None:
        years = dict(working_calendar._years())
        years[2027] = working_calendar.Year(
            frozenset({datetime(2027, 1, 1).date()}), frozenset(), "invented for this test"
        )
        monkeypatch.setattr(working_calendar, "_years", lambda: years)

    return load


def heard(parts: Parts) -> None:
    """The work list hears what was published."""
    told = [e for e in parts.outbox.entries if e["type"] == "ApplicationSubmitted"]  # type: ignore[attr-defined]
    work_list.open_cases(
        parts, [(d["application_id"], d["division_code"], d["due_date"], e["time"]) for e in told for d in (e["data"],)]
    )
    moved = [e["data"] for e in parts.outbox.entries if e["type"] in ("ReviewDated", "ReviewExtended")]  # type: ignore[attr-defined]
    if moved:
        work_list.move_cases(parts, [(d["application_id"], d["due_date"]) for d in moved])


def shown(stub: Any, application_id: str) -> Any:
    return stub.GetApplication(rpc.GetApplicationRequest(application_id=application_id)).application


def test_T36_without_the_calendar_an_application_is_received_and_flagged_and_nothing_is_guessed(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    clock.set(END_OF_2026)

    receipt = received(stub)

    assert (receipt.state, receipt.due_date) == (pb.APPLICATION_STATE_UNDER_REVIEW, "")
    assert receipt.due_date_flag == "CALENDAR_NOT_LOADED"
    assert shown(stub, receipt.application_id).due_date_flag == "CALENDAR_NOT_LOADED"
    heard(parts)
    clock.set(datetime(2027, 1, 20, tzinfo=UTC))
    assert work_list.tell_late(parts) == 0, "nobody can say that it is late"
    assert work_list.date_reviews(parts) == 0
    open_cases = store.audited()["applications"]
    (document,) = open_cases.collection.find(open_cases.query)
    assert verdict(open_cases.standing_of(document), clock.now()) == (AuditVerdict.WAITING, "")


def test_T36_when_the_calendar_comes_the_review_is_dated_once_from_its_receipt_by_whoever_sweeps(
    stub: Any, parts: Parts, clock: FixedClock, calendar_of_2027: Any
) -> None:
    clock.set(END_OF_2026)
    plain, complex_case = received(stub), received(stub, "key-2", name="常州星河机械有限公司")
    extension = rpc.ExtendReviewRequest(
        context=context("extend"), application_id=complex_case.application_id, expected_version=1, approved_by="head-7"
    )
    assert stub.ExtendReview(extension).application.due_date_flag == "CALENDAR_NOT_LOADED"
    heard(parts)

    calendar_of_2027()
    with ThreadPoolExecutor(2) as pool:
        dated = sum(pool.map(lambda _: work_list.date_reviews(parts), range(2)))

    # 30 December is not counted; 31 December, 4 and 5 January are the three working days
    assert dated == 2
    assert (shown(stub, plain.application_id).due_date, shown(stub, plain.application_id).version) == ("2027-01-05", 1)
    assert shown(stub, complex_case.application_id).due_date == "2027-01-08"
    assert parts.outbox.types().count("ReviewDated") == 2  # type: ignore[attr-defined]
    heard(parts)
    items = stub.ListWorkItems(rpc.ListWorkItemsRequest(division_code="320411")).work_items
    assert {item.application_id: item.due_date for item in items} == {
        plain.application_id: "2027-01-05", complex_case.application_id: "2027-01-08",
    }  # fmt: skip
    assert work_list.date_reviews(parts) == 0


def test_a_review_that_is_late_is_told_upwards_once_with_two_sweepers(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    for number in range(20):
        assert submit(stub, asked(name=f"常州{chr(0x5929 + number)}河机械有限公司"), f"key-{number}").receipt.due_date
    heard(parts)
    assert work_list.tell_late(parts) == 0
    clock.advance(timedelta(days=30))

    with ThreadPoolExecutor(2) as pool:
        told = sum(pool.map(lambda _: work_list.tell_late(parts), range(2)))

    assert told == 20
    assert parts.outbox.types().count("ReviewDeadlineMissed") == 20  # type: ignore[attr-defined]
    assert work_list.tell_late(parts) == 0
    assert store.applications.count_documents({"late": True}) == 20


def test_a_dated_review_is_not_dated_by_an_older_view_of_it(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock, calendar_of_2027: Any
) -> None:
    clock.set(END_OF_2026)
    receipt = received(stub)
    document = store.application(receipt.application_id)
    assert document is not None
    old = parts.application_of(document)
    calendar_of_2027()
    old.date_again()
    entry = {"id": "evt_x", "type": "ReviewDated", "time": clock.now(), "data": {}}
    assert store.date_review(old, entry)
    assert not store.date_review(dataclasses.replace(old, due_date="2027-02-01"), entry | {"id": "evt_y"})
