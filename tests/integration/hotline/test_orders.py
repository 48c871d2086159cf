"""Work orders over the contract, on a real store (domain-rules §5; T24, T27, T28; 3-15, 25.4-32, 25.4-33, 25.4-34)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from tongban.hotline.v1 import messages_pb2 as pb
from tongban.hotline.v1 import service_pb2 as rpc

from services.hotline.usecases.orders import act_on_order
from shared.clock import FixedClock
from shared.due_items import sweep_due
from shared.grpc_errors import failure_of
from tests.integration.hotline.conftest import ECOLOGY, NOISE, URBAN, WATER, at, file, handle


def sweep(parts: Any) -> int:
    """What a worker does with orders that are due."""
    return sweep_due(parts.store.orders, parts.clock, lambda order_id: act_on_order(parts, order_id))


def reason_of(error: pytest.ExceptionInfo[grpc.RpcError]) -> str:
    return failure_of(error.value).reason


def read(stub: Any, order: Any, unit: str = "") -> Any:
    return stub.GetOrder(rpc.GetOrderRequest(order_id=order.order_id, only_unit_code=unit)).order


def test_a_request_becomes_an_order_of_the_unit_on_the_duty_list(stub: Any, parts: Any) -> None:
    told = file(stub)
    assert (told.order.state, told.order.unit_code) == (pb.ORDER_STATE_DISPATCHED, ECOLOGY)
    assert (told.order.category.code, told.order.waits_for) == ("020101", f"unit:{ECOLOGY}")
    assert told.order.due_time.ToDatetime() == at("2025-09-29", 0).replace(tzinfo=None)
    assert parts.outbox.types() == ["RequestRegistered", "OrderDispatched"]


def test_T24_a_burst_pipe_on_a_holiday_night_is_signed_for_within_thirty_minutes(
    stub: Any, parts: Any, clock: FixedClock
) -> None:
    clock.set(at("2025-10-01", 23, 50))
    order = file(stub, title="自来水管爆管", text="路口自来水管爆管，水流满街。", kind="HELP").order
    assert (order.unit_code, order.urgency) == (WATER, "UTILITY")
    clock.set(at("2025-10-02", 0, 19))
    assert sweep(parts) == 0
    clock.set(at("2025-10-02", 0, 20))
    assert sweep(parts) == 1
    assert read(stub, order).escalated
    assert parts.outbox.entries[-1]["data"]["level"] == "REMINDER"


def test_when_no_category_fits_the_centre_owns_the_order_and_it_escalates(
    stub: Any, parts: Any, clock: FixedClock
) -> None:
    order = file(stub, title="谢谢", text="一件说不清的事", kind="OTHER").order
    assert (order.state, order.waits_for, order.category.code) == (pb.ORDER_STATE_UNOWNED, "centre", "")
    clock.set(at("2025-09-29", 0))
    assert sweep(parts) == 1
    assert parts.outbox.entries[-1]["data"]["clock"] == "unowned"
    work = stub.ListWork(rpc.ListWorkRequest(party="centre")).orders
    assert [found.escalated for found in work] == [True]
    order = handle(stub, read(stub, order), "d1", dispatch=rpc.Dispatch(unit_code=URBAN, category_code="020103"))
    assert (order.state, order.unit_code) == (pb.ORDER_STATE_DISPATCHED, URBAN)


def test_T27_after_two_returns_the_centre_appoints_and_the_appointed_unit_may_not_return(stub: Any, parts: Any) -> None:
    order = file(stub).order
    back = rpc.GiveBack(reason_code="NOT_COMPETENT", proposed_unit_code=URBAN)
    order = handle(stub, order, "r1", ECOLOGY, give_back=back)
    assert order.state == pb.ORDER_STATE_UNOWNED
    order = handle(stub, order, "d1", dispatch=rpc.Dispatch(unit_code=URBAN))
    back = rpc.GiveBack(reason_code="NOT_COMPETENT", proposed_unit_code=ECOLOGY)
    order = handle(stub, order, "r2", URBAN, give_back=back)
    assert (order.state, order.waits_for) == (pb.ORDER_STATE_DISPUTED, "centre")
    order = handle(stub, order, "d2", dispatch=rpc.Dispatch(unit_code=ECOLOGY))
    assert order.appointed
    with pytest.raises(grpc.RpcError) as error:
        handle(stub, order, "r3", ECOLOGY, give_back=back)
    assert reason_of(error) == "APPOINTED_MAY_NOT_RETURN"
    assert parts.outbox.types().count("OrderDisputed") == 1


def test_not_returned_within_a_working_day_the_unit_must_handle(stub: Any, parts: Any, clock: FixedClock) -> None:
    order = file(stub).order
    clock.set(at("2025-09-29", 0))
    sweep(parts)
    order = read(stub, order)
    with pytest.raises(grpc.RpcError) as error:
        handle(stub, order, "r1", ECOLOGY, give_back=rpc.GiveBack(reason_code="X", proposed_unit_code=URBAN))
    assert reason_of(error) == "RETURN_WINDOW_CLOSED"


def test_T28_the_same_caller_and_matter_urges_and_other_callers_count_each(stub: Any, store: Any) -> None:
    first = file(stub)
    for number in (2, 3):
        again = file(stub, f"k{number}", text=NOISE.replace("每晚", "每天晚上"))
        assert (again.urged, again.order.order_id) == (True, first.order.order_id)
    assert (again.order.urges, store.orders.count_documents({})) == (2, 1)

    def effective() -> int:
        request = rpc.GetStatisticsRequest(from_date="2025-09-26", to_date="2025-09-26")
        return stub.GetStatistics(request).effective_requests

    assert effective() == 1
    others = [file(stub, f"o{number}", caller=f"1380000010{number}").order for number in range(2)]
    similar = stub.ListSimilar(rpc.ListSimilarRequest(order_id=first.order.order_id)).similar_orders
    assert {found.order.order_id for found in similar} == {other.order_id for other in others}
    for number, other in enumerate(others):
        handle(stub, other, f"j{number}", join=rpc.Join(lead_order_id=first.order.order_id))
    assert effective() == 3


def test_another_matter_of_the_same_caller_is_another_order(stub: Any, store: Any) -> None:
    file(stub)
    told = file(stub, "k2", title="路灯不亮", text="通江路路灯坏了三天没人修，晚上很暗。")
    assert not told.urged
    assert store.orders.count_documents({}) == 2


def test_from_sign_to_close_with_a_helper(stub: Any, parts: Any, clock: FixedClock) -> None:
    order = handle(stub, file(stub).order, "s1", ECOLOGY, sign=rpc.Sign())
    order = handle(stub, order, "h1", ECOLOGY, add_helper=rpc.AddHelper(unit_code=URBAN))
    with pytest.raises(grpc.RpcError) as error:
        handle(stub, order, "p1", ECOLOGY, reply=rpc.Reply())
    assert reason_of(error) == "PARTS_OPEN"
    order = handle(stub, order, "q1", URBAN, settle_part=rpc.SettlePart(unit_code=URBAN))
    order = handle(stub, order, "p2", ECOLOGY, reply=rpc.Reply())
    assert (order.state, order.in_time, order.waits_for) == (pb.ORDER_STATE_REPLIED, True, "centre")
    follow = rpc.FollowUp(reached=True, resolved=True, satisfaction="SATISFIED")
    order = handle(stub, order, "f1", follow_up=follow)
    assert (order.state, order.outcome_code) == (pb.ORDER_STATE_CLOSED, "RESOLVED")
    assert parts.outbox.types()[-2:] == ["OrderFollowedUp", "OrderClosed"]


def test_not_satisfied_goes_back_to_the_unit(stub: Any, parts: Any) -> None:
    order = handle(stub, file(stub).order, "s1", ECOLOGY, sign=rpc.Sign())
    order = handle(stub, order, "p1", ECOLOGY, reply=rpc.Reply())
    follow = rpc.FollowUp(reached=True, resolved=False, satisfaction="DISSATISFIED")
    order = handle(stub, order, "f1", follow_up=follow)
    assert (order.state, order.unit_code, order.reopenings) == (pb.ORDER_STATE_DISPATCHED, ECOLOGY, 1)
    assert "OrderReopened" in parts.outbox.types()


def test_a_late_reply_is_told_upwards_once_even_with_two_sweepers(stub: Any, parts: Any, clock: FixedClock) -> None:
    for number in range(20):
        told = file(stub, f"k{number}", caller=f"1380000020{number:02d}")
        handle(stub, told.order, f"s{number}", ECOLOGY, sign=rpc.Sign())
    clock.set(at("2025-10-20"))
    with ThreadPoolExecutor(2) as pool:
        acted = list(pool.map(lambda _: sweep(parts), range(2)))
    assert sum(acted) == 20
    escalated = [e["data"]["clock"] for e in parts.outbox.entries if e["type"] == "OrderEscalated"]
    assert escalated == ["finish"] * 20
    assert sweep(parts) == 0


def test_an_order_of_another_unit_is_not_found_and_not_handled(stub: Any) -> None:
    order = file(stub).order
    with pytest.raises(grpc.RpcError) as error:
        read(stub, order, URBAN)
    assert reason_of(error) == "ORDER_NOT_FOUND"
    with pytest.raises(grpc.RpcError) as error:
        handle(stub, order, "s1", URBAN, sign=rpc.Sign())
    assert reason_of(error) == "NOT_YOUR_ORDER"
    with pytest.raises(grpc.RpcError) as error:
        handle(stub, order, "c1", ECOLOGY, close=rpc.Close(outcome_code="NUISANCE"))
    assert reason_of(error) == "CENTRE_ONLY"


def test_the_unit_reads_what_was_said_but_nobody_who_said_it(stub: Any, store: Any) -> None:
    order = file(stub).order
    assert order.text == ""
    whole = read(stub, order, ECOLOGY)
    assert whole.text == NOISE
    assert "13800000001" not in str(whole)
    stored = str(store.orders.find_one({"_id": order.order_id}))
    assert "13800000001" not in stored
    assert "打桩" not in stored


def test_the_same_command_again_has_one_effect(stub: Any, store: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: file(stub), range(16)))
    assert len({(one.request_id, one.order.order_id) for one in told}) == 1
    order = told[0].order
    with ThreadPoolExecutor(8) as pool:
        versions = {
            o.version for o in pool.map(lambda _: handle(stub, order, "s1", ECOLOGY, sign=rpc.Sign()), range(16))
        }
    assert versions == {order.version + 1}


def test_a_caller_reads_own_requests_only(stub: Any) -> None:
    told = file(stub)
    mine = stub.GetRequest(rpc.GetRequestRequest(request_id=told.request_id, only_client_id="client-1"))
    assert mine.order.order_id == told.order.order_id
    with pytest.raises(grpc.RpcError) as error:
        stub.GetRequest(rpc.GetRequestRequest(request_id=told.request_id, only_client_id="client-2"))
    assert error.value.code() is grpc.StatusCode.NOT_FOUND


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "SHOUT"}, "kind"),
        ({"category_code": "999999"}, "category_code"),
        ({"enterprise_code": "91320411MAXX000154"}, "caller_code"),
    ],
)
def test_bad_input_names_the_field(stub: Any, store: Any, change: dict[str, str], field: str) -> None:
    with pytest.raises(grpc.RpcError) as error:
        file(stub, **change)
    assert failure_of(error.value).violations[0].field == field
    assert store.orders.count_documents({}) == 0


def test_every_query_uses_an_index(stub: Any, store: Any) -> None:
    file(stub)
    queries: list[tuple[dict[str, Any], list[tuple[str, int]]]] = [
        ({"commands.key": "x"}, []),
        ({"requests.request_id": "x"}, []),
        ({"requests.caller_key": "x", "state": {"$ne": "CLOSED"}}, [("_id", -1)]),
        ({"bands": {"$in": ["x"]}}, [("_id", -1)]),
        ({"lead_order_id": "x"}, [("_id", 1)]),
        ({"standing.party": "centre"}, [("standing.due_time", 1), ("_id", 1)]),
        ({"registered_time": {"$gte": at("2025-01-01"), "$lt": at("2026-01-01")}}, []),
        ({"next_due_time": {"$lte": at("2030-01-01")}}, [("next_due_time", 1)]),
    ]
    for query, sort in queries:
        cursor = store.orders.find(query)
        plan = str((cursor.sort(sort) if sort else cursor).explain()["queryPlanner"]["winningPlan"])
        assert "COLLSCAN" not in plan, query
        assert "'SORT'" not in plan, query


def test_a_late_signature_is_told_upwards_although_nobody_swept(stub: Any, parts: Any, clock: FixedClock) -> None:
    order = file(stub).order
    clock.set(at("2025-09-30"))
    order = read(stub, order)
    with pytest.raises(grpc.RpcError) as error:
        handle(stub, order, "s1", ECOLOGY, sign=rpc.Sign())
    assert reason_of(error) == "STALE_VERSION"
    order = handle(stub, read(stub, order), "s2", ECOLOGY, sign=rpc.Sign())
    assert order.state == pb.ORDER_STATE_SIGNED
    assert [e["data"]["clock"] for e in parts.outbox.entries if e["type"] == "OrderEscalated"] == ["sign"]


def test_T28_many_urges_at_once_all_join_the_order(stub: Any) -> None:
    first = file(stub, "first")
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda n: file(stub, f"urge-{n}"), range(16)))
    assert {one.order.order_id for one in told} == {first.order.order_id}
    assert all(one.urged for one in told)
    last = file(stub, "last")
    assert last.order.urges == 17
