"""What falls due in the next days: reviews and cases about entities, by day and kind, from indexes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.store.register import RegisterStore
from services.registration.usecases import work_list
from services.registration.usecases.context import Parts
from shared.clock import FixedClock, end_of_local_day
from tests.integration.registration.test_applications import refused_with
from tests.integration.registration.test_entity_cases import GOOD, REGISTRAR, acted, opened, registered

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def in_a_known_year(clock: FixedClock) -> None:
    clock.set(datetime(2025, 3, 3, 2, tzinfo=UTC))


def forecast(stub: Any, days: int = 30, division: str = "320411") -> Any:
    return stub.GetForecast(rpc.GetForecastRequest(division_code=division, days=days))


def rows(told: Any) -> list[tuple[str, str, str, str, int]]:
    return [(row.day, row.kind, row.owed_by, row.owed, row.count) for row in told.rows]


def test_the_forecast_tells_each_day_what_falls_due_and_what_is_late_or_undated(
    stub: Any, parts: Parts, clock: FixedClock
) -> None:
    first, second, third, fourth = (registered(stub, n) for n in range(4))
    time = parts.clock.now()
    days = ("2025-03-05", "2025-03-05", "2025-03-03", "2025-03-02", "", "2025-04-02")
    work_list.open_cases(parts, [(f"app_{n}", "320411", day, time) for n, day in enumerate(days)])
    work_list.open_cases(
        parts, [("app_there", "320402", "2025-03-05", time), ("app_done", "320411", "2025-03-05", time)]
    )
    work_list.close_cases(parts, ["app_done"])
    for entity in (first, second):
        opened(stub, entity, "CHANGE", {"event_date": "2025-03-01", "new_address": "科技路2号"}, entity.uscc)
    opened(stub, third, "SIMPLIFIED_CANCELLATION", GOOD, "third")
    dispute = opened(stub, fourth, "NAME_DISPUTE", {}, "fourth").entity_case  # no limit in law until it is accepted
    gone = opened(stub, fourth, "CHANGE", {"event_date": "2025-03-01", "new_address": "科技路2号"}, "gone").entity_case
    acted(stub, gone, "WITHDRAW", "withdraw")

    told = forecast(stub)

    assert rows(told) == [
        ("2025-03-03", "SET_UP", "registrar", "decision", 1),
        ("2025-03-05", "SET_UP", "registrar", "decision", 2),
        ("2025-03-06", "CHANGE", "registrar", "decision", 2),
        ("2025-03-24", "SIMPLIFIED_CANCELLATION", "platform", "notice", 1),
    ]
    assert (told.late, told.undated) == (1, 2)

    acted(stub, dispute, "ACCEPT", "accept", by=REGISTRAR, division_code="320411")
    told = forecast(stub, 92)
    assert rows(told)[4:] == [("2025-04-02", "SET_UP", "registrar", "decision", 1)]
    assert told.undated == 1
    clock.set(datetime(2025, 3, 7, 2, tzinfo=UTC))
    assert (rows(forecast(stub))[0][0], forecast(stub).late) == ("2025-03-24", 6)


def test_the_last_day_counts_until_its_end_in_shanghai_and_the_range_holds_so_many_days(
    stub: Any, store: RegisterStore, clock: FixedClock
) -> None:
    entity = registered(stub)
    case = opened(stub, entity, "CHANGE", {"event_date": "2025-03-01", "new_address": "科技路2号"}).entity_case
    last = datetime(2025, 3, 6).date()
    assert store.cases.find(case.entity_case_id)["standing"]["due_time"] == end_of_local_day(last)  # type: ignore[index]
    clock.set(end_of_local_day(last) - timedelta(milliseconds=1))
    assert (rows(forecast(stub, 1)), forecast(stub, 1).late) == (
        [("2025-03-06", "CHANGE", "registrar", "decision", 1)],
        0,
    )
    clock.set(end_of_local_day(last))
    assert (rows(forecast(stub, 92)), forecast(stub, 92).late) == ([], 1)
    clock.set(datetime(2025, 3, 3, 2, tzinfo=UTC))
    assert (rows(forecast(stub, 3)), len(rows(forecast(stub, 4)))) == ([], 1)


@pytest.mark.parametrize("days", [0, 93])
def test_days_out_of_range_are_refused_by_their_field(stub: Any, days: int) -> None:
    assert [v.field for v in refused_with(lambda: forecast(stub, days)).violations] == ["days"]


def test_the_forecast_is_counted_from_indexes(stub: Any, parts: Parts, store: RegisterStore) -> None:
    for number in range(3):
        opened(stub, registered(stub, number), "CHANGE", {"event_date": "2025-03-01", "new_address": "x"}, f"o{number}")
    asked: list[Any] = []
    command = store.client[store.database].command

    def heard(collection: Any) -> Any:
        real = collection.aggregate

        def aggregate(steps: Any, hint: str) -> Any:
            asked.append((collection.name, steps, hint))
            return real(steps, hint=hint)

        return aggregate

    for collection in (store.work_items, store.entity_cases):
        collection.aggregate = heard(collection)
    try:
        forecast(stub)
    finally:
        for collection in (store.work_items, store.entity_cases):
            del collection.aggregate
    assert {name for name, _, _ in asked} == {"work_items", "entity_cases"}
    for name, steps, hint in asked:
        plan = command(
            "explain", {"aggregate": name, "pipeline": steps, "cursor": {}, "hint": hint}, verbosity="executionStats"
        )
        assert f"'indexName': '{hint}'" in str(plan)
        assert "'stage': 'COLLSCAN'" not in str(plan)
        if name == "entity_cases":
            assert "'totalDocsExamined': 0" in str(plan), "the index says all"
