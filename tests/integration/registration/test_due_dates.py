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
from tests.integration.registration.conftest import asked, context, decide, received, submit
from tests.integration.registration.test_applications import refused_with

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
        work_list.move_cases(parts, [d["application_id"] for d in moved])


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


def extended(stub: Any, application_id: str, approved_by: str = "head-7") -> Any:
    return stub.ExtendReview(
        rpc.ExtendReviewRequest(
            context=context(f"extend-{application_id}"), application_id=application_id, expected_version=1,
            approved_by=approved_by,
        )
    ).application  # fmt: skip


def work_items(store: RegisterStore) -> dict[str, str]:
    return {item["_id"]: item["due_date"] for item in store.work_items.find({"open": True})}


def test_T36_a_review_whose_extension_needs_the_next_calendar_is_not_told_late_and_dated_when_the_calendar_comes(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock, calendar_of_2027: Any
) -> None:
    clock.set(datetime(2026, 12, 24, 2, tzinfo=UTC))
    receipt = received(stub)
    assert receipt.due_date == "2026-12-29"
    heard(parts)
    clock.set(datetime(2026, 12, 28, 2, tzinfo=UTC))
    assert extended(stub, receipt.application_id).due_date_flag == "CALENDAR_NOT_LOADED"
    heard(parts)
    assert work_items(store) == {receipt.application_id: ""}
    clock.set(datetime(2026, 12, 30, 2, tzinfo=UTC))
    assert (work_list.tell_late(parts), work_list.date_reviews(parts)) == (0, 0)

    calendar_of_2027()  # 30 and 31 December and 4 January are the three working days after the 29th
    clock.set(datetime(2027, 1, 2, 2, tzinfo=UTC))
    assert work_list.date_reviews(parts) == 1
    for _ in range(2):
        heard(parts)  # whatever comes again, and in whatever order, changes nothing
        assert work_items(store) == {receipt.application_id: "2027-01-04"}
    assert shown(stub, receipt.application_id).due_date == "2027-01-04"
    clock.set(datetime(2027, 1, 5, 2, tzinfo=UTC))
    assert work_list.tell_late(parts) == 1


def test_a_review_whose_extension_the_list_has_not_heard_of_is_told_when_its_new_day_is_over(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    receipt = received(stub)
    heard(parts)
    new_day = extended(stub, receipt.application_id).due_date
    assert (receipt.due_date, new_day) == ("2026-11-26", "2026-12-01")
    clock.set(datetime(2026, 11, 27, 2, tzinfo=UTC))
    assert work_list.tell_late(parts) == 0
    assert work_items(store) == {receipt.application_id: new_day}
    clock.set(datetime(2026, 12, 2, 2, tzinfo=UTC))
    assert work_list.tell_late(parts) == 1


def test_a_decided_review_without_a_day_hides_no_other(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock, calendar_of_2027: Any
) -> None:
    clock.set(END_OF_2026)
    decided = received(stub)
    other = received(stub, "key-2", name="常州星河机械有限公司")
    heard(parts)
    decide(stub, decided.application_id, refuse=("UNLAWFUL",))
    calendar_of_2027()
    assert work_list.date_reviews(parts) == 1
    heard(parts)
    assert work_items(store) == {other.application_id: "2027-01-05"}


def test_RREG18_an_extension_names_who_approved_it_and_comes_while_the_first_days_run(
    stub: Any, store: RegisterStore, clock: FixedClock
) -> None:
    in_time, late = received(stub), received(stub, "key-2", name="常州星河机械有限公司")
    assert refused_with(lambda: extended(stub, in_time.application_id, "王小明")).reason == "PSEUDONYM_INVALID"
    extended(stub, in_time.application_id)
    found = store.application(in_time.application_id)
    assert found is not None
    assert found["extension_approved_by"] == "head-7"
    clock.set(datetime(2026, 11, 27, 2, tzinfo=UTC))
    assert refused_with(lambda: extended(stub, late.application_id)).reason == "CLOCK_EXPIRED"
    assert extended(stub, in_time.application_id).version == 2, "the same command again, after its day"
