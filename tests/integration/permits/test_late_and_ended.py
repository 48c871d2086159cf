"""The law comes before the command, whether the sweeper was there or not; what has ended gets nothing more."""

from __future__ import annotations

from typing import Any

import grpc
import pytest
from tongban.permits.v1 import messages_pb2 as pb
from tongban.permits.v1 import service_pb2 as rpc

from services.permits.usecases import due
from shared.clock import FixedClock
from tests.integration.permits.conftest import COMPANY, FIRE, FOOD, MARKET, at, context, handle, submit
from tests.integration.permits.test_cases import reason_of, sweep
from tests.integration.permits.test_filings_and_bundles import file


def read(stub: Any, case: Any) -> Any:
    return stub.GetCase(rpc.GetCaseRequest(case_id=case.case_id)).permit_case


def test_T1_a_notice_after_its_limit_comes_too_late_although_nobody_swept(
    stub: Any, parts: Any, clock: FixedClock
) -> None:
    case = submit(stub, materials=FOOD[:2])
    clock.set(at("2025-10-20"))
    with pytest.raises(grpc.RpcError) as error:
        handle(stub, case, "n1", request_materials=rpc.RequestMaterials())
    assert reason_of(error) == "STALE_VERSION"
    case = read(stub, case)
    assert (case.state, case.deemed, case.accepted_date) == (pb.CASE_STATE_ACCEPTED, True, "2025-09-26")
    assert parts.outbox.types()[-2:] == ["PermitDeadlineMissed", "PermitCaseAccepted"]


def test_a_late_decision_is_told_upwards_although_nobody_swept(stub: Any, parts: Any, clock: FixedClock) -> None:
    case = submit(stub)
    clock.set(at("2025-12-10"))
    with pytest.raises(grpc.RpcError) as error:
        handle(stub, case, "g1", grant=rpc.Grant())
    assert reason_of(error) == "STALE_VERSION"
    case = handle(stub, read(stub, case), "g2", grant=rpc.Grant())
    assert case.state == pb.CASE_STATE_GRANTED
    assert parts.outbox.types().count("PermitDeadlineMissed") == 1


def test_a_deadline_that_the_calendar_cannot_tell_is_looked_at_again_every_day(
    stub: Any, parts: Any, store: Any, clock: FixedClock
) -> None:
    clock.set(at("2026-12-20"))
    case = submit(stub)
    assert store.cases.find_one({"_id": case.case_id})["next_due_time"] == at("2026-12-21")
    clock.set(at("2026-12-21"))
    assert sweep(parts) == 0
    assert store.cases.find_one({"_id": case.case_id})["next_due_time"] == at("2026-12-22")


def test_nothing_is_granted_to_a_holder_that_has_ended(stub: Any, parts: Any) -> None:
    parts.store.note_holder("ent_1", COMPANY, "ACTIVE", 1)
    case = submit(stub)
    parts.store.note_holder("ent_1", COMPANY, "CANCELLED", 2)
    for act in (lambda: handle(stub, case, "g1", grant=rpc.Grant()), lambda: submit(stub, "k2")):
        with pytest.raises(grpc.RpcError) as error:
            act()
        assert reason_of(error) == "HOLDER_ENDED"


@pytest.mark.parametrize("day", ["2025-13-40", "2025-10-01"])
def test_a_completion_filing_with_no_date_or_one_to_come_names_the_field(stub: Any, store: Any, day: str) -> None:
    with pytest.raises(grpc.RpcError) as error:
        file(stub, item="completion_filing", materials=["application_form", "completion_report"], event_date=day)
    assert reason_of(error) == "EVENT_DATE_INVALID"
    assert store.filings.count_documents({}) == 0


def test_T36_a_filing_is_not_refused_because_a_calendar_is_not_loaded(stub: Any, clock: FixedClock) -> None:
    clock.set(at("2026-12-28"))
    filing = file(
        stub, item="completion_filing", materials=["application_form", "completion_report"], event_date="2026-12-25"
    )
    assert (filing.state, filing.due_date) == (pb.FILING_STATE_RECORDED, "")


def test_only_what_is_missing_can_be_promised(stub: Any) -> None:
    case = submit(stub, materials=[m for m in FOOD if m != "equipment_list"])
    with pytest.raises(grpc.RpcError) as error:
        handle(stub, case, "a1", accept=rpc.Accept(promised=["equipment_list", "premises_proof"]))
    assert reason_of(error) == "MATERIAL_MISSING"


def test_a_longer_pause_is_not_cut_short_by_a_shorter_one_and_each_overrun_is_told(
    stub: Any, parts: Any, clock: FixedClock
) -> None:
    case = submit(stub)
    long = rpc.Pause(reason="EXPERT_REVIEW", owner="unit:experts", working_days=20)
    case = handle(stub, case, "p1", pause=long)
    until = case.standing.due_time.ToDatetime()
    case = handle(stub, case, "p2", pause=rpc.Pause(reason="HEARING", owner="applicant", working_days=2))
    assert case.standing.due_time.ToDatetime() == until
    clock.set(at("2025-11-10"))
    assert sweep(parts) == 1
    assert read(stub, case).standing.escalated
    case = handle(stub, read(stub, case), "r1", resume=rpc.Resume(reason="EXPERT_REVIEW"))
    case = handle(stub, case, "r2", resume=rpc.Resume(reason="HEARING"))
    assert not case.standing.escalated


def test_an_after_check_of_a_permit_that_is_gone_still_ends(stub: Any, parts: Any) -> None:
    materials = ["application_form", "premises_proof", "premises_layout"]
    case = submit(stub, item="fire_check", materials=materials, committed=True)
    due.end_permits(parts, COMPANY, due.SYSTEM)
    case = handle(stub, read(stub, case), "c1", unit=FIRE, check_commitment=rpc.CheckCommitment(holds=False))
    assert case.permit.state == pb.PERMIT_STATE_CANCELLED


def test_T36_an_after_check_is_recorded_while_no_calendar_tells_its_last_day(stub: Any, clock: FixedClock) -> None:
    """30 working days from 27 November end in 2027, whose calendar is not loaded."""
    clock.set(at("2026-11-27"))
    materials = ["application_form", "premises_proof", "premises_layout"]
    case = submit(stub, item="fire_check", materials=materials, committed=True)
    case = handle(stub, case, "d1", unit=FIRE, deliver=rpc.Deliver())
    assert (case.standing.what, case.standing.flag) == ("after_check", "CALENDAR_NOT_LOADED")
    case = handle(stub, case, "c1", unit=FIRE, check_commitment=rpc.CheckCommitment(holds=True))
    assert (case.permit.state, case.standing.kind) == (pb.PERMIT_STATE_IN_FORCE, "CLOSED")
    with pytest.raises(grpc.RpcError) as error:
        handle(stub, case, "c2", unit=FIRE, check_commitment=rpc.CheckCommitment(holds=True))
    assert reason_of(error) == "CASE_NOT_IN_STATE"


def test_an_expired_permit_is_not_brought_back(stub: Any, clock: FixedClock) -> None:
    case = handle(stub, submit(stub), "g1", grant=rpc.Grant())
    clock.set(at("2030-10-08"))
    assert read(stub, case).permit.state == pb.PERMIT_STATE_EXPIRED
    with pytest.raises(grpc.RpcError) as error:
        stub.ChangePermit(
            rpc.ChangePermitRequest(
                context=context("c1", "clerk"), permit_id=case.permit.permit_id, unit_code=MARKET,
                state=pb.PERMIT_STATE_SUSPENDED, reason_code="X",
            )
        )  # fmt: skip
    assert reason_of(error) in ("PERMIT_CHANGE_NOT_ALLOWED", "STALE_VERSION")


def test_the_deciding_unit_reads_who_applies_and_that_is_logged(stub: Any, store: Any) -> None:
    case = read(stub, submit(stub))
    assert (case.applicant_name, case.premises) == ("常州云帆便利店有限公司", "常州市新北区通江路88号")
    assert store.disclosures.count_documents({"refs": case.case_id, "purpose": "DECIDE_CASE"}) == 1
    [listed] = stub.ListWork(rpc.ListWorkRequest(unit_code=MARKET)).permit_cases
    assert (listed.applicant_name, list(listed.timeline)) == ("", [])
