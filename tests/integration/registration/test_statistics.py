"""A year of the register replayed in small, and its numbers from events alone (mission 4-01, 4-02)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.domain.statistics import Move, change_in_percent, move_of_state
from services.registration.store.register import RegisterStore
from services.registration.store.statistics import noted_between
from services.registration.usecases import statistics
from services.registration.usecases.context import Parts
from shared.clock import FixedClock
from shared.grpc_errors import failure_of
from tests.integration.registration.conftest import NOW, asked, context, decide, submit

pytestmark = pytest.mark.integration
# The district's years 2023 and 2024 at a thousandth (set up 23.7 and 18.4, gone 12.2 thousand), played in years whose
# calendars are loaded.
YEAR_2023, YEAR_2024, GONE_2024 = 24, 18, 12
LETTERS = "云帆星河嘉恒瑞祥泰和盛隆昌茂源通达顺康宁安乐丰裕鸿运福禄喜庆春夏秋冬松柏梅兰竹菊"


def set_up(stub: Any, number: int) -> str:
    receipt = submit(
        stub, asked(name=f"常州{LETTERS[number % 40]}{LETTERS[number // 6]}机械有限公司"), f"s{number}"
    ).receipt
    return str(decide(stub, receipt.application_id, key=f"d{number}").application.entity_id)


def end(stub: Any, entity_id: str, number: int, state: int = pb.ENTITY_STATE_CANCELLED) -> None:
    stub.ChangeEntityState(
        rpc.ChangeEntityStateRequest(
            context=context(f"e{number}"), entity_id=entity_id, division_code="320411", expected_version=1, state=state,
            reason_code="BANKRUPTCY_ENDED",
        )
    )  # fmt: skip


def hear(parts: Parts) -> None:
    """What the worker makes of the events, in any order and more than once."""
    for entry in [*reversed(parts.outbox.entries), *parts.outbox.entries]:  # type: ignore[attr-defined]
        data = entry["data"]
        move = {"EntityRegistered": Move.SET_UP}.get(entry["type"])
        if entry["type"] == "EntityStateChanged":
            move = move_of_state(data["state"], data["reason_code"])
        statistics.note_moves(parts, [(entry["id"], data.get("entity_id", ""), move, entry["time"])])


def test_the_year_2024_in_small_gives_new_gone_stock_and_rates_from_events_alone(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    store.moves.delete_many({})
    clock.set(datetime(2025, 1, 8, 2, tzinfo=UTC))
    first = [set_up(stub, n) for n in range(YEAR_2023)]  # the year before, as one month
    start = datetime(2026, 1, 6, 2, tzinfo=UTC)
    for number in range(YEAR_2024):
        clock.set(start + timedelta(days=19 * number))
        set_up(stub, YEAR_2023 + number)
        if number < GONE_2024:
            end(stub, first[number], number)
    hear(parts)

    before = statistics.monthly(parts, "2025-01", "2025-12")
    year = statistics.monthly(parts, "2026-01", "2026-12")

    new = sum(m.moves[Move.SET_UP] for m in year)
    gone = sum(m.moves[Move.CANCELLED] for m in year)
    assert (before[-1].stock, new, gone, year[-1].stock) == (YEAR_2023, YEAR_2024, GONE_2024, 30)
    for earlier, later in zip([before[-1], *year], year, strict=False):
        assert later.stock == earlier.stock + later.moves[Move.SET_UP] - later.moves[Move.CANCELLED]
    assert (change_in_percent(new, YEAR_2023), change_in_percent(30, YEAR_2023)) == ("-25.00", "25.00")
    assert statistics.check_stock(parts) == 0
    told = stub.GetStatistics(rpc.GetStatisticsRequest(first_month="2026-01", last_month="2026-12")).months
    assert [(m.set_up, m.cancelled, m.stock) for m in told] == [
        (m.moves[Move.SET_UP], m.moves[Move.CANCELLED], m.stock) for m in year
    ]

    store.moves.delete_one({"move": "CANCELLED"})  # a lost event is seen
    assert statistics.check_stock(parts) == -1


def noted(parts: Parts, *moves: tuple[str, Move, str]) -> None:
    statistics.note_moves(
        parts, [(i, "ent_1", move, datetime.fromisoformat(f"{month}-08T02:00+00:00")) for i, move, month in moves]
    )


def test_months_are_told_from_sums_and_what_was_noted_since_each_move_once(
    parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    # without noted_time
    store.moves.insert_one({"_id": "old", "entity_id": "e", "move": "SET_UP", "month": "2026-01", "time": NOW})
    noted(parts, ("a", Move.SET_UP, "2026-09"), ("b", Move.CANCELLED, "2026-10"))

    def stocks() -> list[int]:
        return [month.stock for month in statistics.monthly(parts, "2026-08", "2026-11")]

    assert stocks() == [1, 2, 1, 1]
    store.sum_moves(clock.now())
    assert (stocks(), store.move_sums.find_one()["sums"]) == (  # type: ignore[index]
        [1, 2, 1, 1], [{"month": "2026-01", "move": "SET_UP", "count": 1}],
    )  # fmt: skip
    for _ in range(2):  # what came late counts in its own month, however often it is noted and summed
        clock.set(clock.now() + timedelta(hours=1))
        noted(parts, ("a", Move.SET_UP, "2026-09"), ("c", Move.SET_UP, "2026-08"))
        store.sum_moves(clock.now())
        store.sum_moves(clock.now())
        assert stocks() == [2, 3, 2, 2]
    # a wrong clock wrote what is never summed again; a day later all are counted anew
    store.moves.insert_one({"_id": "d", "entity_id": "e", "move": "SET_UP", "month": "2026-11", "noted_time": NOW})
    clock.set(clock.now() + timedelta(hours=12))
    store.sum_moves(clock.now())
    assert stocks()[-1] == 2
    clock.set(clock.now() + timedelta(hours=12))
    store.sum_moves(clock.now())
    assert stocks()[-1] == 3


@pytest.mark.parametrize("after", [None, NOW])
@pytest.mark.parametrize("until", [None, NOW + timedelta(hours=1)])
def test_moves_are_counted_from_the_index_alone(
    parts: Parts, store: RegisterStore, after: datetime | None, until: datetime | None
) -> None:
    noted(parts, ("a", Move.SET_UP, "2026-09"), ("b", Move.CANCELLED, "2026-10"))
    plan = store.client[store.database].command(
        "explain", {"aggregate": "moves", "pipeline": noted_between(after, until), "cursor": {}, "hint": "noted"},
        verbosity="executionStats",
    )  # fmt: skip
    assert "'indexName': 'noted'" in str(plan)
    assert "'totalDocsExamined': 0" in str(plan)


def test_months_that_are_too_many_or_backwards_are_refused(stub: Any) -> None:
    for first, last in (("2025-02", "2025-01"), ("2001-01", "2025-01")):
        request = rpc.GetStatisticsRequest(first_month=first, last_month=last)
        with pytest.raises(grpc.RpcError) as error:
            stub.GetStatistics(request)
        assert failure_of(error.value).reason == "MONTHS_RANGE"
