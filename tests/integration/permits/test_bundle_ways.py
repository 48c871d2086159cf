"""What becomes of a bundle when its steps go other ways than straight on: taken back, lapsed, returned, late."""

from __future__ import annotations

import json
from datetime import UTC, timedelta
from types import SimpleNamespace
from typing import Any

import grpc
import pytest
from tongban.permits.v1 import messages_pb2 as pb
from tongban.permits.v1 import service_pb2 as rpc

from services.permits.handlers import PermitsHandlers
from services.permits.usecases import bundles, due
from shared.clock import FixedClock
from shared.due_items import sweep_due
from tests.integration.permits.conftest import COMPANY, FOOD, MARKET, at, context, handle
from tests.integration.permits.test_cases import reason_of
from tests.integration.permits.test_filings_and_bundles import STORE, begin, read, steps_of


def hear(parts: Any, handler: str, **data: Any) -> None:
    """What a worker does with an event, twice, since events come twice."""
    handlers = PermitsHandlers()
    handlers.parts = SimpleNamespace(extra=parts)
    for _ in range(2):
        event = SimpleNamespace(data=SimpleNamespace(**data), time=parts.clock.now(), cause=lambda: due.SYSTEM)
        getattr(PermitsHandlers, handler)(handlers, [event])


def told(parts: Any, kind: str) -> list[dict[str, Any]]:
    return [entry["data"] for entry in parts.outbox.entries if entry["type"] == kind]


def only_filing(stub: Any, materials: list[str]) -> Any:
    """A store that only files: pre-packed food."""
    answers = STORE | {"prepacked_only": "YES", "sells_tobacco": "NO", "sells_medical_devices": "NO", "has_sign": "NO"}
    return begin(stub, answers=answers, holder_code=COMPANY, materials=materials)


GATHERING = STORE | {"public_gathering": "YES", "large_shop": "YES"}


def test_a_step_is_granted_on_the_commitment_given_for_it_and_only_there(stub: Any, parts: Any) -> None:
    materials = [*FOOD, "sign_drawing"]
    bundle = begin(stub, answers=GATHERING, holder_code=COMPANY, materials=materials, commitments=["fire_check"])
    cases = {
        step.key: stub.GetCase(rpc.GetCaseRequest(case_id=step.case_id)).permit_case
        for step in bundle.steps
        if step.key in ("fire", "hygiene")
    }
    assert (cases["fire"].state, cases["fire"].committed) == (pb.CASE_STATE_GRANTED, True)
    assert (cases["hygiene"].state, cases["hygiene"].committed) == (pb.CASE_STATE_ACCEPTED, False)
    assert list(read(stub, bundle).commitments) == ["fire_check"]


@pytest.mark.parametrize("item", ["food_sales_permit", "fire_check", "LICENCE"])
def test_a_commitment_for_what_knows_none_is_refused_before_anything_is_begun(stub: Any, store: Any, item: str) -> None:
    with pytest.raises(grpc.RpcError) as error:
        begin(stub, holder_code=COMPANY, commitments=[item])
    assert reason_of(error) == "COMMITMENT_UNKNOWN"
    assert store.bundles.count_documents({}) == 0


def test_a_filing_step_that_is_taken_back_moves_its_bundle(stub: Any, parts: Any) -> None:
    bundle = only_filing(stub, FOOD)
    [step] = bundle.steps
    stub.WithdrawFiling(
        rpc.WithdrawFilingRequest(context=context("w1"), filing_id=step.case_id, expected_version=1)
    )  # fmt: skip
    [closed] = told(parts, "FilingClosed")
    assert closed["origin_ref"] == step.step_id
    hear(parts, "on_filing_closed", **closed)
    bundle = read(stub, bundle)
    assert (bundle.state, bundle.outcome) == ("FINISHED", "FAILED")
    assert list(bundle.steps[0].reason_codes) == ["WITHDRAWN"]


def test_a_filing_step_that_lapses_moves_its_bundle(stub: Any, parts: Any, clock: FixedClock) -> None:
    bundle = only_filing(stub, [])
    clock.set(at("2025-12-01"))
    sweep_due(parts.store.filings, clock, lambda i: due.act_on_filing(parts, i))
    [closed] = told(parts, "FilingClosed")
    hear(parts, "on_filing_closed", **closed)
    bundle = read(stub, bundle)
    assert (bundle.state, steps_of(bundle)) == ("FINISHED", {"food_filing": "REFUSED"})
    assert told(parts, "BundleFinished") == [{"bundle_id": bundle.bundle_id, "outcome": "FAILED"}]


def begin_without_entity(stub: Any) -> tuple[Any, Any]:
    bundle = begin(stub, licence_application=json.dumps({"name": "first"}))
    return bundle, next(step for step in bundle.steps if step.key == "licence")


def returned(stub: Any, parts: Any) -> tuple[Any, Any]:
    bundle, step = begin_without_entity(stub)
    hear(parts, "on_application_returned", origin_ref=step.step_id, gap_reasons=["MATERIAL_MISSING"])
    return read(stub, bundle), step


def correct(stub: Any, bundle: Any, key: str = "c1") -> Any:
    return stub.CorrectBundle(
        rpc.CorrectBundleRequest(
            context=context(key), bundle_id=bundle.bundle_id, expected_version=bundle.version,
            licence_application=json.dumps({"name": "second"}),
        )
    )  # fmt: skip


def end(stub: Any, bundle: Any) -> Any:
    return stub.EndBundle(
        rpc.EndBundleRequest(context=context("e1"), bundle_id=bundle.bundle_id, expected_version=bundle.version)
    ).bundle


def test_a_licence_that_came_back_is_no_refusal_and_the_applicant_has_the_word(stub: Any, parts: Any) -> None:
    bundle, _ = returned(stub, parts)
    assert (bundle.state, steps_of(bundle)["licence"], steps_of(bundle)["tobacco"]) == (
        "RUNNING",
        "RETURNED",
        "WAITING",
    )
    assert (bundle.standing.party, bundle.standing.what) == ("applicant", "licence_application")
    assert bundle.standing.due_time.ToDatetime(UTC) == at("2025-10-28", 0)


def test_corrected_answers_take_the_bundle_on_once_and_the_first_answer_counts_no_more(stub: Any, parts: Any) -> None:
    bundle, step = returned(stub, parts)
    told_again = correct(stub, bundle)
    assert correct(stub, bundle).replayed
    assert steps_of(told_again.bundle)["licence"] == "OPEN"
    [_, second] = told(parts, "LicenceRequested")
    origin = second["step_id"]
    assert origin == f"{step.step_id}.2"
    [shown] = bundles.licence_applications(parts, [origin], "TEST", "registration")
    assert (shown["step_id"], shown["application"]) == (origin, {"name": "second"})

    hear(parts, "on_application_returned", origin_ref=step.step_id, gap_reasons=["MATERIAL_MISSING"])  # late
    assert steps_of(read(stub, bundle))["licence"] == "OPEN"
    hear(
        parts, "on_entity_registered", entity_id="ent_1", uscc=COMPANY, entity_version=1, origin_ref=origin,
        application_id="app_2",
    )  # fmt: skip
    assert steps_of(read(stub, bundle)) == {
        "licence": "DONE", "food_permit": "OPEN", "tobacco": "OPEN", "medical": "OPEN", "sign": "OPEN",
    }  # fmt: skip


def test_a_bundle_whose_licence_came_back_can_be_ended_and_one_without_a_return_not_corrected(
    stub: Any, parts: Any
) -> None:
    bundle, _ = begin_without_entity(stub)
    with pytest.raises(grpc.RpcError) as error:
        correct(stub, bundle)
    assert reason_of(error) == "BUNDLE_NOT_IN_STATE"
    bundle, _ = returned_again(stub, parts, bundle)
    bundle = end(stub, bundle)
    assert (bundle.state, bundle.outcome, set(steps_of(bundle).values())) == ("FINISHED", "FAILED", {"ENDED"})
    assert bundle.standing.kind == "CLOSED"


def returned_again(stub: Any, parts: Any, bundle: Any) -> tuple[Any, Any]:
    step = next(step for step in bundle.steps if step.key == "licence")
    hear(parts, "on_application_returned", origin_ref=step.step_id, gap_reasons=["MATERIAL_MISSING"])
    return read(stub, bundle), step


def sweep(parts: Any, clock: FixedClock) -> int:
    return sweep_due(parts.store.bundles, clock, lambda i: bundles.act_on_bundle(parts, i))


def test_an_applicant_who_never_corrects_ends_the_bundle(stub: Any, parts: Any, clock: FixedClock) -> None:
    bundle, _ = returned(stub, parts)
    clock.set(at("2025-10-28", 1))
    assert sweep(parts, clock) == 1
    bundle = read(stub, bundle)
    assert (bundle.state, steps_of(bundle)["licence"], steps_of(bundle)["sign"]) == ("FINISHED", "ENDED", "BLOCKED")
    assert sweep(parts, clock) == 0


def test_the_standing_names_the_unit_whose_step_is_due_first_and_the_prediction_its_due_date(
    stub: Any, parts: Any
) -> None:
    bundle = begin(stub, holder_code=COMPANY)
    assert sweep(parts, parts.clock) == 0
    for step in bundle.steps:
        if step.kind == "FILING":
            hear(
                parts, "on_filing_recorded", origin_ref=step.step_id, filing_id=step.case_id, recorded_date="2025-09-26"
            )
    bundle = read(stub, bundle)
    assert (bundle.standing.kind, bundle.standing.party, bundle.standing.what) == (
        "WAITING", f"unit:{MARKET}", "decision",
    )  # fmt: skip
    # promises alone (10 working days) would say 2025-10-16; the cases run until the law's day
    assert {step.due_date for step in bundle.steps if step.kind == "PERMIT"} == {"2025-10-30"}
    assert bundle.predicted_finish_date == "2025-10-30"

    food = next(step for step in bundle.steps if step.key == "food_permit")
    case = stub.GetCase(rpc.GetCaseRequest(case_id=food.case_id)).permit_case
    handle(stub, case, "x1", extend=rpc.Extend(reason="COMPLEX"))
    [extended] = told(parts, "DecisionExtended")
    hear(parts, "on_decision_extended", **extended)
    bundle = read(stub, bundle)
    assert bundle.predicted_finish_date == extended["due_date"] == "2025-11-13"
    assert bundle.standing.party == "unit:320411-tobacco"


def test_the_registrar_owes_the_licence_until_its_own_due_date(stub: Any, parts: Any) -> None:
    bundle, step = begin_without_entity(stub)
    assert bundle.standing.party == "registrar:320411"
    assert bundle.standing.due_time.ToDatetime(UTC) == at("2025-10-01", 0)
    hear(
        parts, "on_forwarded_case_accepted", origin_ref=step.step_id, application_id="app_1", due_date="2025-10-09"
    )  # fmt: skip
    bundle = read(stub, bundle)
    assert bundle.standing.due_time.ToDatetime(UTC) == at("2025-10-10", 0)
    assert bundle.steps[0].due_date == "2025-10-09"
    hear(parts, "on_review_extended", application_id="app_1", due_date="2025-10-14")
    hear(parts, "on_review_extended", application_id="app_other", due_date="2025-10-20")
    hear(
        parts, "on_forwarded_case_accepted", origin_ref=step.step_id, application_id="app_1", due_date="2025-10-09"
    )  # fmt: skip
    assert read(stub, bundle).steps[0].due_date == "2025-10-14"


def test_a_notice_gives_the_word_to_the_applicant(stub: Any, parts: Any) -> None:
    bundle = begin(stub, holder_code=COMPANY, materials=FOOD[:1], answers=STORE | {"sells_medical_devices": "NO"})
    food = next(step for step in bundle.steps if step.key == "food_permit")
    case = stub.GetCase(rpc.GetCaseRequest(case_id=food.case_id)).permit_case
    handle(stub, case, "n1", request_materials=rpc.RequestMaterials())
    [asked] = told(parts, "MaterialsRequested")
    hear(parts, "on_materials_requested", **asked)
    document = parts.store.bundles.find_one({"_id": bundle.bundle_id})
    assert {s["key"]: s["owed"]["party"] for s in document["steps"]}["food_permit"] == "applicant"


def test_a_pause_gives_the_word_to_whoever_owes_the_step_and_a_resumption_takes_it_back(stub: Any, parts: Any) -> None:
    bundle = begin(stub, holder_code=COMPANY)
    food = next(step for step in bundle.steps if step.key == "food_permit")
    case = stub.GetCase(rpc.GetCaseRequest(case_id=food.case_id)).permit_case
    pause = rpc.Pause(reason="EXPERT_REVIEW", owner="unit:experts", working_days=3)
    case = handle(stub, case, "p1", pause=pause)
    [paused] = told(parts, "DecisionPaused")
    assert (paused["owner"], paused["until_date"]) == ("unit:experts", "2025-09-30")
    hear(parts, "on_decision_paused", **paused)

    def owed() -> Any:
        document = parts.store.bundles.find_one({"_id": bundle.bundle_id})
        return {s["key"]: s["owed"]["party"] for s in document["steps"]}["food_permit"]

    assert owed() == "unit:experts"
    handle(stub, case, "p2", resume=rpc.Resume(reason="EXPERT_REVIEW"))
    [resumed] = told(parts, "DecisionResumed")
    hear(parts, "on_decision_resumed", **resumed)
    assert owed() == f"unit:{MARKET}"


def test_what_is_late_is_told_upwards_once_and_so_is_the_promise(stub: Any, parts: Any, clock: FixedClock) -> None:
    bundle = begin(stub, holder_code=COMPANY)
    for step in bundle.steps:
        if step.kind == "FILING":
            hear(
                parts, "on_filing_recorded", origin_ref=step.step_id, filing_id=step.case_id, recorded_date="2025-09-26"
            )
    clock.set(at("2025-11-03"))
    assert [sweep(parts, clock), sweep(parts, clock)] == [1, 0]
    delayed = told(parts, "BundleDelayed")
    assert [(d["item_key"], d["party"]) for d in delayed] == [
        ("food_sales_permit", f"unit:{MARKET}"), ("tobacco_permit", "unit:320411-tobacco"), ("", f"unit:{MARKET}"),
    ]  # fmt: skip
    bundle = read(stub, bundle)
    assert bundle.standing.escalated
    document = parts.store.bundles.find_one({"_id": bundle.bundle_id})
    assert "next_due_time" not in document


def test_a_result_whose_event_was_lost_is_found_by_looking(stub: Any, parts: Any, clock: FixedClock) -> None:
    bundle = only_filing(stub, FOOD)
    clock.advance(timedelta(minutes=1))
    assert sweep(parts, clock) == 1
    assert (read(stub, bundle).state, read(stub, bundle).outcome) == ("FINISHED", "COMPLETE")
