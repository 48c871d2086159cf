"""Filings and bundles over the contract, on a real store (domain-rules §3; T17, T19, T20, T21; 3-14, 4-03, 25.4-13)."""

from __future__ import annotations

import json
from typing import Any

import grpc
import pytest
from tongban.permits.v1 import messages_pb2 as pb
from tongban.permits.v1 import service_pb2 as rpc

from services.permits.domain.events import LicenceRequested
from services.permits.usecases import bundles, due
from shared.clock import FixedClock
from shared.due_items import sweep_due
from tests.integration.permits.conftest import COMPANY, FOOD, MARKET, at, content, context, handle
from tests.integration.permits.test_cases import REASON, reason_of

STORE = {
    "prepacked_only": "NO", "sells_tobacco": "YES", "sells_medical_devices": "YES", "has_sign": "YES",
    "public_gathering": "NO", "large_shop": "NO",
}  # fmt: skip
CAUSE = due.SYSTEM


def file(stub: Any, key: str = "f1", item: str = "prepacked_food_filing", **more: Any) -> Any:
    more.setdefault("materials", ["application_form", "premises_proof"])
    return stub.SubmitFiling(
        rpc.SubmitFilingRequest(context=context(key), item_key=item, holder_code=COMPANY, content=content(), **more)
    ).filing


def begin(stub: Any, key: str = "b1", kind: str = "convenience_store", answers: Any = None, **more: Any) -> Any:
    return stub.StartBundle(
        rpc.StartBundleRequest(
            context=context(key),
            bundle_type=kind,
            answers=STORE if answers is None else answers,
            content=content(),
            materials=more.pop("materials", [*FOOD, "sign_drawing"]),
            **more,
        )
    ).bundle


def steps_of(bundle: Any) -> dict[str, str]:
    return {step.key: step.state for step in bundle.steps}


def read(stub: Any, bundle: Any) -> Any:
    return stub.GetBundle(rpc.GetBundleRequest(bundle_id=bundle.bundle_id)).bundle


def test_T19_a_shop_with_pre_packed_food_only_files_and_has_no_decision(stub: Any, parts: Any) -> None:
    filing = file(stub)
    assert (filing.state, filing.recorded_date) == (pb.FILING_STATE_RECORDED, "2025-09-26")
    assert parts.outbox.types() == ["FilingRecorded"]


def test_an_incomplete_filing_comes_back_with_all_gaps_and_is_recorded_when_mended(stub: Any, parts: Any) -> None:
    filing = file(stub, materials=[])
    assert (filing.state, list(filing.gaps)) == (
        pb.FILING_STATE_RETURNED_INCOMPLETE, ["application_form", "premises_proof"],
    )  # fmt: skip
    amended = stub.AmendFiling(
        rpc.AmendFilingRequest(
            context=context("a1"),
            filing_id=filing.filing_id,
            expected_version=1,
            materials=["application_form", "premises_proof"],
        )
    ).filing
    assert amended.state == pb.FILING_STATE_RECORDED
    assert parts.outbox.types() == ["FilingReturned", "FilingRecorded"]


def test_a_returned_filing_that_nobody_mends_lapses(stub: Any, parts: Any, clock: FixedClock) -> None:
    filing = file(stub, materials=[])
    clock.set(at("2025-12-01"))
    assert sweep_due(parts.store.filings, clock, lambda i: due.act_on_filing(parts, i)) == 1
    found = stub.GetFiling(rpc.GetFilingRequest(filing_id=filing.filing_id)).filing
    assert found.state == pb.FILING_STATE_LAPSED
    assert parts.outbox.types() == ["FilingReturned", "FilingClosed"]


def test_T21_completion_is_filed_by_the_first_working_day_after_the_holiday(stub: Any, clock: FixedClock) -> None:
    clock.set(at("2025-10-09"))
    filing = file(
        stub, item="completion_filing", materials=["application_form", "completion_report"], event_date="2025-09-20",
        project_id="prj-1", subject_key="prj-1|B1|2025-001",
    )  # fmt: skip
    assert (filing.due_date, filing.in_time, filing.subject_key) == ("2025-10-09", True, "prj-1|B1|2025-001")


def test_a_permit_is_not_filed(stub: Any) -> None:
    with pytest.raises(grpc.RpcError) as error:
        file(stub, item="food_sales_permit", materials=[])
    assert reason_of(error) == "NOT_A_FILING"


def test_the_store_bundle_cuts_more_than_half_of_the_materials(stub: Any, store: Any) -> None:
    plan = stub.PlanBundle(rpc.PlanBundleRequest(bundle_type="convenience_store", answers=STORE)).plan
    assert [step.key for step in plan.steps] == ["licence", "food_permit", "tobacco", "medical", "sign"]
    assert all(step.because for step in plan.steps)
    assert plan.material_cut >= 5000
    assert len({m.material.material_type for m in plan.materials}) == len(plan.materials)
    assert store.bundles.count_documents({}) == 0


def test_an_answer_that_is_missing_is_named(stub: Any) -> None:
    with pytest.raises(grpc.RpcError) as error:
        stub.PlanBundle(rpc.PlanBundleRequest(bundle_type="convenience_store", answers={"prepacked_only": "NO"}))
    from shared.grpc_errors import failure_of

    fields = [violation.field for violation in failure_of(error.value).violations]
    assert "answers.sells_tobacco" in fields
    assert len(fields) == 5


def test_T17_a_bundle_near_a_school_is_refused_before_any_step(stub: Any, store: Any) -> None:
    answers = {"school_distance_m": "180", "building_use": "SHOP", "has_sign": "NO"}
    with pytest.raises(grpc.RpcError) as error:
        begin(stub, kind="internet_cafe", answers=answers, holder_code=COMPANY)
    assert reason_of(error) == "TOO_CLOSE_TO_A_SCHOOL"
    assert store.bundles.count_documents({}) == 0


def test_an_entity_opens_a_store_and_each_step_is_a_case_or_filing_of_its_own(stub: Any, parts: Any) -> None:
    bundle = begin(stub, holder_code=COMPANY)
    assert steps_of(bundle) == {"food_permit": "OPEN", "tobacco": "OPEN", "medical": "OPEN", "sign": "OPEN"}
    assert all(step.case_id for step in bundle.steps)
    filed = [step for step in bundle.steps if step.kind == "FILING"]
    for step in filed:
        bundles.result(parts, step.step_id, True, [], CAUSE, case_id=step.case_id)
    for step in bundle.steps:
        if step.kind == "PERMIT":
            case = stub.GetCase(rpc.GetCaseRequest(case_id=step.case_id)).permit_case
            assert (case.state, case.origin_ref) == (pb.CASE_STATE_ACCEPTED, step.step_id)
            handle(stub, case, f"g-{step.key}", unit=case.unit_code, grant=rpc.Grant())
            for _ in range(2):  # events come twice
                bundles.result(parts, step.step_id, True, [], CAUSE, case_id=step.case_id)

    bundle = read(stub, bundle)

    assert (bundle.state, bundle.outcome) == ("FINISHED", "COMPLETE")
    assert parts.outbox.types().count("BundleFinished") == 1


def test_without_an_entity_the_licence_comes_first_and_opens_the_rest(stub: Any, parts: Any) -> None:
    licence = json.dumps({"name": "常州云帆便利店有限公司"}, ensure_ascii=False)
    bundle = begin(stub, licence_application=licence)
    assert set(steps_of(bundle).values()) == {"OPEN", "WAITING"}
    step = next(step for step in bundle.steps if step.key == "licence")
    asked = next(e for e in parts.outbox.entries if e["type"] == LicenceRequested.__name__)
    assert asked["data"]["step_id"] == step.step_id
    told = bundles.licence_applications(parts, [step.step_id], "TEST", "registration")
    assert told[0]["application"] == {"name": "常州云帆便利店有限公司"}
    assert parts.store.disclosures.count_documents({"asked_by": "registration"}) == 1

    bundles.result(parts, step.step_id, True, [], CAUSE, holder_code=COMPANY, case_id="app_1")

    bundle = read(stub, bundle)
    assert bundle.holder_code == COMPANY
    assert steps_of(bundle) == {
        "licence": "DONE", "food_permit": "OPEN", "tobacco": "OPEN", "medical": "OPEN", "sign": "OPEN",
    }  # fmt: skip
    case = stub.GetCase(rpc.GetCaseRequest(case_id=bundle.steps[1].case_id)).permit_case
    assert case.holder_code == COMPANY


def test_a_refused_licence_blocks_what_needs_it_and_nothing_hangs(stub: Any, parts: Any) -> None:
    bundle = begin(stub, licence_application=json.dumps({"name": "x"}))
    step = next(step for step in bundle.steps if step.key == "licence")
    bundles.result(parts, step.step_id, False, ["NAME_TAKEN"], CAUSE)
    bundle = read(stub, bundle)
    assert (bundle.state, bundle.outcome) == ("FINISHED", "FAILED")
    assert {step.key: list(step.reason_codes) for step in bundle.steps}["tobacco"] == ["PREREQUISITE_REFUSED"]


def test_one_refused_step_leaves_the_others(stub: Any, parts: Any) -> None:
    bundle = begin(stub, holder_code=COMPANY)
    step = next(step for step in bundle.steps if step.key == "food_permit")
    case = stub.GetCase(rpc.GetCaseRequest(case_id=step.case_id)).permit_case
    handle(stub, case, "r1", unit=MARKET, refuse=rpc.Refuse(reasons=[REASON]))
    bundles.result(parts, step.step_id, False, ["NOT_FIT"], CAUSE)
    assert steps_of(read(stub, bundle)) == {
        "food_permit": "REFUSED", "tobacco": "OPEN", "medical": "OPEN", "sign": "OPEN",
    }  # fmt: skip


def test_a_bundle_that_died_between_opening_a_step_and_noting_it_goes_on(
    stub: Any, parts: Any, clock: FixedClock
) -> None:
    bundle = begin(stub, holder_code=COMPANY)
    before = parts.store.cases.count_documents({})
    # as a crash leaves it: the cases are there, the bundle knows of none
    parts.store.bundles.update_one(
        {"_id": bundle.bundle_id},
        {"$set": {"steps.$[].case_id": "", "next_due_time": clock.now()}},
    )
    assert sweep_due(parts.store.bundles, clock, lambda i: bundles.act_on_bundle(parts, i)) == 1
    assert parts.store.cases.count_documents({}) == before
    assert {s.step_id: s.case_id for s in read(stub, bundle).steps} == {s.step_id: s.case_id for s in bundle.steps}


def test_what_is_no_step_of_ours_is_ignored(stub: Any, parts: Any) -> None:
    bundles.result(parts, "stp_none", True, [], CAUSE)
    bundles.result(parts, "hof_other", True, [], CAUSE)
    assert parts.outbox.types() == []


def test_every_query_of_bundles_and_filings_uses_an_index(stub: Any, store: Any) -> None:
    begin(stub, holder_code=COMPANY)
    for collection, query in (
        (store.bundles, {"steps.step_id": "x"}),
        (store.bundles, {"steps.case_id": "x"}),
        (store.bundles, {"commands.key": "x"}),
        (store.filings, {"commands.key": "x"}),
        (store.filings, {"origin_ref": "x"}),
    ):
        assert "COLLSCAN" not in str(collection.find(query).explain()["queryPlanner"]["winningPlan"]), query


def test_nothing_is_granted_on_a_commitment_that_nobody_gave(stub: Any, parts: Any) -> None:
    bundle = begin(stub, holder_code=COMPANY, answers=STORE | {"public_gathering": "YES"})
    step = next(step for step in bundle.steps if step.key == "fire")
    case = stub.GetCase(rpc.GetCaseRequest(case_id=step.case_id)).permit_case
    assert (case.state, case.committed) == (pb.CASE_STATE_ACCEPTED, False)
    assert "PermitGranted" not in parts.outbox.types()
