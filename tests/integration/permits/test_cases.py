"""Permit cases over the contract, on a real store (domain-rules §3; T1, T3, T6, T17, T36; 25.4-13)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import grpc
import pytest
from tongban.permits.v1 import messages_pb2 as pb
from tongban.permits.v1 import service_pb2 as rpc

from services.permits.usecases import due
from shared.clock import FixedClock
from shared.due_items import sweep_due
from tests.integration.permits.conftest import COMPANY, FIRE, FOOD, MARKET, at, context, handle, submit

REASON = pb.Reason(code="NOT_FIT", description="the premises do not fit", source="食品安全法 art. 33")


def sweep(parts: Any) -> int:
    """What a worker does with cases that are due."""
    return sweep_due(parts.store.cases, parts.clock, lambda case_id: due.act_on_case(parts, case_id))


def reason_of(error: pytest.ExceptionInfo[grpc.RpcError]) -> str:
    from shared.grpc_errors import failure_of

    return failure_of(error.value).reason


def test_a_complete_case_is_accepted_on_the_spot_with_its_due_date(stub: Any, parts: Any) -> None:
    case = submit(stub)

    assert case.state == pb.CASE_STATE_ACCEPTED
    assert {d.clock: d.due_date for d in case.deadlines}["decision"] == "2025-10-30"
    assert (case.standing.party, case.standing.what) == (f"unit:{MARKET}", "decision")
    assert parts.outbox.types() == ["PermitCaseReceived", "PermitCaseAccepted"]


def test_T1_without_a_notice_in_time_the_case_is_accepted_as_of_receipt(
    stub: Any, parts: Any, clock: FixedClock
) -> None:
    case = submit(stub, materials=FOOD[:2])
    assert case.state == pb.CASE_STATE_RECEIVED
    assert case.deadlines[0].due_date == "2025-10-10"
    clock.set(at("2025-10-10", 23))
    assert sweep(parts) == 0
    clock.set(at("2025-10-11", 0))
    assert sweep(parts) == 1

    case = stub.GetCase(rpc.GetCaseRequest(case_id=case.case_id)).permit_case

    assert (case.state, case.accepted_date, case.deemed) == (pb.CASE_STATE_ACCEPTED, "2025-09-26", True)
    assert {d.clock: d.due_date for d in case.deadlines}["decision"] == "2025-10-30"
    case = handle(stub, case, "e1", extend=rpc.Extend(reason="COMPLEX"))
    assert {d.clock: d.due_date for d in case.deadlines}["decision"] == "2025-11-13"


def test_the_one_notice_tells_all_gaps_and_a_second_one_is_refused(stub: Any) -> None:
    case = submit(stub, materials=FOOD[:2])
    case = handle(stub, case, "n1", request_materials=rpc.RequestMaterials())
    assert case.state == pb.CASE_STATE_NOTICE_SENT
    assert list(case.gaps) == FOOD[2:]
    assert case.standing.party == "applicant"

    with pytest.raises(grpc.RpcError) as error:
        handle(stub, case, "n2", request_materials=rpc.RequestMaterials(gaps=["premises_proof"]))

    assert reason_of(error) == "CASE_NOT_IN_STATE"
    brought = stub.SupplementCase(
        rpc.SupplementCaseRequest(context=context("s1"), case_id=case.case_id, materials=FOOD[2:])
    )
    assert brought.permit_case.state == pb.CASE_STATE_ACCEPTED


def test_an_applicant_who_stays_silent_ends_the_case(stub: Any, parts: Any, clock: FixedClock) -> None:
    case = handle(stub, submit(stub, materials=[]), "n1", request_materials=rpc.RequestMaterials())
    clock.set(at("2025-12-01"))
    sweep(parts)
    case = stub.GetCase(rpc.GetCaseRequest(case_id=case.case_id)).permit_case
    assert (case.state, case.standing.kind) == (pb.CASE_STATE_ENDED, "CLOSED")


def test_a_granted_permit_is_delivered_when_its_certificate_exists(stub: Any, parts: Any) -> None:
    case = handle(stub, submit(stub), "g1", grant=rpc.Grant())
    assert (case.state, case.permit.state) == (pb.CASE_STATE_GRANTED, pb.PERMIT_STATE_IN_FORCE)
    assert (case.permit.valid_from_date, case.permit.valid_to_date) == ("2025-09-26", "2030-09-26")

    for _ in range(2):  # the event may come twice
        due.certificate_issued(parts, case.permit.permit_id, due.SYSTEM)

    case = stub.GetCase(rpc.GetCaseRequest(case_id=case.case_id)).permit_case
    assert (case.state, case.standing.kind) == (pb.CASE_STATE_DELIVERED, "CLOSED")
    assert parts.outbox.types().count("PermitDelivered") == 1


def test_T3_a_certificate_is_delivered_within_ten_working_days_over_the_spring_festival(
    stub: Any, clock: FixedClock
) -> None:
    clock.set(at("2025-01-22"))
    case = handle(stub, submit(stub), "g1", grant=rpc.Grant())
    assert {d.clock: d.due_date for d in case.deadlines}["delivery"] == "2025-02-11"


def test_T6_an_expert_review_moves_the_due_day_by_its_working_days(stub: Any, clock: FixedClock) -> None:
    case = submit(stub)
    clock.set(at("2025-10-10"))
    pause = rpc.Pause(reason="EXPERT_REVIEW", owner="unit:320411-experts", working_days=8)
    case = handle(stub, case, "p1", pause=pause)
    assert (case.standing.party, case.standing.what) == ("unit:320411-experts", "EXPERT_REVIEW")
    clock.set(at("2025-10-21"))
    case = handle(stub, case, "r1", resume=rpc.Resume(reason="EXPERT_REVIEW"))
    assert {d.clock: d.due_date for d in case.deadlines}["decision"] == "2025-11-11"


def test_only_the_items_own_unit_decides(stub: Any) -> None:
    with pytest.raises(grpc.RpcError) as error:
        handle(stub, submit(stub), "g1", unit=FIRE, grant=rpc.Grant())
    assert error.value.code() is grpc.StatusCode.PERMISSION_DENIED
    assert reason_of(error) == "NOT_THE_COMPETENT_UNIT"


def test_a_refusal_states_reasons_and_the_way_to_review(stub: Any, parts: Any) -> None:
    with pytest.raises(grpc.RpcError) as error:
        handle(stub, submit(stub), "x0", refuse=rpc.Refuse())
    assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    case = handle(stub, submit(stub, "k2"), "x1", refuse=rpc.Refuse(reasons=[REASON]))
    assert (case.state, case.remedies_due_date) == (pb.CASE_STATE_REFUSED, "2025-11-25")
    assert parts.outbox.types()[-1] == "PermitRefused"


def test_a_promised_material_may_follow_but_the_result_waits_for_it(stub: Any, parts: Any, clock: FixedClock) -> None:
    case = submit(stub, materials=[m for m in FOOD if m != "equipment_list"])
    case = handle(stub, case, "a1", accept=rpc.Accept(promised=["equipment_list"]))
    assert (case.state, list(case.promised)) == (pb.CASE_STATE_ACCEPTED, ["equipment_list"])
    with pytest.raises(grpc.RpcError) as error:
        handle(stub, case, "g1", grant=rpc.Grant())
    assert reason_of(error) == "PROMISED_MATERIAL_MISSING"
    clock.set(at("2025-10-31"))
    sweep(parts)
    case = stub.GetCase(rpc.GetCaseRequest(case_id=case.case_id)).permit_case
    assert case.state == pb.CASE_STATE_ENDED


def test_a_main_material_cannot_be_promised(stub: Any) -> None:
    case = submit(stub, materials=[m for m in FOOD if m != "premises_layout"])
    with pytest.raises(grpc.RpcError) as error:
        handle(stub, case, "a1", accept=rpc.Accept(promised=["premises_layout"]))
    assert reason_of(error) == "MATERIAL_MISSING"


def test_a_commitment_is_granted_at_once_and_a_false_one_revoked(stub: Any, parts: Any) -> None:
    case = submit(
        stub, item="fire_check", materials=["application_form", "premises_proof", "premises_layout"], committed=True
    )
    assert (case.state, case.permit.state) == (pb.CASE_STATE_GRANTED, pb.PERMIT_STATE_IN_FORCE)
    case = handle(stub, case, "c1", unit=FIRE, check_commitment=rpc.CheckCommitment(holds=False))
    assert (case.permit.state, case.permit.reason_code) == (pb.PERMIT_STATE_REVOKED, "FALSE_COMMITMENT")
    assert parts.outbox.types()[-1] == "PermitStateChanged"


@pytest.mark.parametrize(("metres", "refused"), [("180", True), ("199", True), ("200", False)])
def test_T17_an_internet_cafe_near_a_school_is_refused_before_any_step(
    stub: Any, store: Any, metres: str, refused: bool
) -> None:
    facts = {"school_distance_m": metres, "building_use": "SHOP"}
    materials = ["application_form", "premises_proof", "premises_layout", "fund_proof"]
    if not refused:
        case = submit(stub, item="internet_cafe_preparation", materials=materials, facts=facts)
        assert case.state == pb.CASE_STATE_ACCEPTED
        return
    with pytest.raises(grpc.RpcError) as error:
        submit(stub, item="internet_cafe_preparation", materials=materials, facts=facts)
    assert reason_of(error) == "TOO_CLOSE_TO_A_SCHOOL"
    assert store.cases.count_documents({}) == 0


def test_T36_a_deadline_that_touches_a_year_without_calendar_is_flagged_and_not_guessed(
    stub: Any, clock: FixedClock
) -> None:
    clock.set(at("2026-12-20"))
    case = submit(stub)
    found = {d.clock: (d.state, d.due_date, d.reason) for d in case.deadlines}
    assert found["decision"] == ("UNKNOWN", "", "CALENDAR_NOT_LOADED")
    assert (case.standing.kind, case.standing.flag) == ("WAITING", "CALENDAR_NOT_LOADED")


def test_a_missed_decision_is_told_upwards_once_even_with_two_sweepers(
    stub: Any, parts: Any, clock: FixedClock
) -> None:
    for number in range(30):
        submit(stub, f"k{number}")
    clock.set(at("2025-10-31"))

    with ThreadPoolExecutor(2) as pool:
        acted = list(pool.map(lambda _: sweep(parts), range(2)))

    assert sum(acted) == 30
    assert parts.outbox.types().count("PermitDeadlineMissed") == 30
    assert sweep(parts) == 0
    work = stub.ListWork(rpc.ListWorkRequest(unit_code=MARKET)).permit_cases
    assert all(case.standing.escalated for case in work)


def test_the_same_command_again_has_one_effect(stub: Any, store: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: submit(stub).case_id, range(16)))
    assert len(ids) == 1
    case = submit(stub)
    with ThreadPoolExecutor(8) as pool:
        permits = {
            c.permit.permit_id for c in pool.map(lambda _: handle(stub, case, "g1", grant=rpc.Grant()), range(16))
        }
    assert len(permits) == 1
    assert store.cases.count_documents({}) == 1


def test_the_same_key_with_another_content_is_refused(stub: Any) -> None:
    submit(stub)
    with pytest.raises(grpc.RpcError) as error:
        submit(stub, materials=FOOD[:1])
    assert reason_of(error) == "IDEMPOTENCY_KEY_REUSED"


def test_a_stale_version_is_told_to_reload(stub: Any) -> None:
    case = submit(stub)
    handle(stub, case, "e1", extend=rpc.Extend(reason="COMPLEX"))
    with pytest.raises(grpc.RpcError) as error:
        handle(stub, case, "g1", grant=rpc.Grant())
    assert (error.value.code(), reason_of(error)) == (grpc.StatusCode.ABORTED, "STALE_VERSION")


def test_another_clients_case_is_not_found_as_if_it_were_none(stub: Any) -> None:
    case = submit(stub)
    for asked in (case.case_id, "pmc_none"):
        with pytest.raises(grpc.RpcError) as error:
            stub.GetCase(rpc.GetCaseRequest(case_id=asked, only_client_id="client-2"))
        assert (error.value.code(), reason_of(error)) == (grpc.StatusCode.NOT_FOUND, "CASE_NOT_FOUND")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"holder_code": "91320411MAXX000154"}, "holder_code"),
        ({"materials": ["no_such_thing"]}, "materials[0]"),
        # what no certificate could show
        ({"content": rpc.Content(applicant_name=" ", premises="x")}, "content.applicant_name"),
        ({"content": rpc.Content(applicant_name="云帆\u200b便利店", premises="x")}, "content.applicant_name"),
        ({"content": rpc.Content(applicant_name="云帆", premises="通江路\x00")}, "content.premises"),
        (
            {"content": rpc.Content(applicant_name="云帆", premises="x", answers={"经营\u202e项目": "食品"})},
            "content.answers",
        ),
    ],
)
def test_bad_input_names_the_field(stub: Any, store: Any, change: dict[str, Any], field: str) -> None:
    with pytest.raises(grpc.RpcError) as error:
        submit(stub, **change)
    from shared.grpc_errors import failure_of

    assert failure_of(error.value).violations[0].field == field
    assert store.cases.count_documents({}) == 0


def test_a_filing_is_not_applied_for(stub: Any) -> None:
    with pytest.raises(grpc.RpcError) as error:
        submit(stub, item="prepacked_food_filing", materials=[])
    assert reason_of(error) == "NOT_A_PERMIT"


def test_when_an_entity_ends_its_permits_end_with_it(stub: Any, parts: Any) -> None:
    case = handle(stub, submit(stub), "g1", grant=rpc.Grant())
    for _ in range(2):
        due.end_permits(parts, COMPANY, due.SYSTEM)
    case = stub.GetCase(rpc.GetCaseRequest(case_id=case.case_id)).permit_case
    assert (case.permit.state, case.permit.reason_code) == (pb.PERMIT_STATE_CANCELLED, "HOLDER_ENDED")
    assert parts.outbox.types().count("PermitStateChanged") == 1


def test_a_revoked_permit_never_comes_back(stub: Any) -> None:
    case = handle(stub, submit(stub), "g1", grant=rpc.Grant())

    def change(key: str, state: int) -> Any:
        return stub.ChangePermit(
            rpc.ChangePermitRequest(
                context=context(key, "clerk"),
                permit_id=case.permit.permit_id,
                unit_code=MARKET,
                state=state,
                reason_code="FRAUD",
            )
        ).permit_case

    assert change("c1", pb.PERMIT_STATE_SUSPENDED).permit.state == pb.PERMIT_STATE_SUSPENDED
    assert change("c2", pb.PERMIT_STATE_REVOKED).permit.state == pb.PERMIT_STATE_REVOKED
    with pytest.raises(grpc.RpcError) as error:
        change("c3", pb.PERMIT_STATE_IN_FORCE)
    assert reason_of(error) == "PERMIT_CHANGE_NOT_ALLOWED"


def test_a_units_work_comes_by_what_is_due_first_in_pages(stub: Any, clock: FixedClock) -> None:
    for number in range(5):
        submit(stub, f"k{number}")
        clock.advance(timedelta(days=1))
    seen: list[str] = []
    token = ""
    while True:
        request = rpc.ListWorkRequest(unit_code=MARKET)
        request.page.page_size, request.page.page_token = 2, token
        answer = stub.ListWork(request)
        seen += [case.case_id for case in answer.permit_cases]
        token = answer.next_page_token
        if not token:
            break
    assert len(seen) == len(set(seen)) == 5


def test_every_query_of_cases_uses_an_index(stub: Any, store: Any) -> None:
    submit(stub)
    queries: list[tuple[dict[str, Any], list[tuple[str, int]]]] = [
        ({"commands.key": "client-1|k1"}, []),
        ({"origin_ref": "x"}, []),
        ({"permit.permit_id": "x"}, []),
        ({"holder_code": COMPANY, "_id": {"$gt": ""}}, [("_id", 1)]),
        ({"client_id": "client-1", "_id": {"$gt": ""}}, [("_id", 1)]),
        ({"standing.party": f"unit:{MARKET}"}, [("standing.due_time", 1), ("_id", 1)]),
        ({"next_due_time": {"$lte": at("2030-01-01")}}, [("next_due_time", 1)]),
    ]
    for query, sort in queries:
        cursor = store.cases.find(query)
        plan = str((cursor.sort(sort) if sort else cursor).explain()["queryPlanner"]["winningPlan"])
        assert "COLLSCAN" not in plan, query
        assert "'SORT'" not in plan, query
