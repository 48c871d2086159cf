"""Construction projects over the contract, on a real store (4-07…4-11, T22): a small project runs to its completion."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import grpc
import pytest
from tongban.permits.v1 import messages_pb2 as pb
from tongban.permits.v1 import service_pb2 as rpc

from services.permits.domain.owed import owed_by
from services.permits.store.documents import ProjectDocument
from services.permits.usecases import facts, projects
from shared.clock import FixedClock
from shared.due_items import sweep_due
from tests.integration.permits.conftest import COMPANY, HOUSING, at, content, context, handle
from tests.integration.permits.test_bundle_ways import hear, told
from tests.integration.permits.test_cases import REASON, reason_of
from tests.unit.permits.test_projects import TRAITS

PLANNING = "320411-planning"
FORM, DRAWINGS = "application_form", "design_drawings"


def begin(stub: Any, key: str = "p1", **traits: str) -> Any:
    return stub.StartProject(
        rpc.StartProjectRequest(context=context(key), traits=TRAITS | traits, holder_code=COMPANY, content=content())
    ).project


def read(stub: Any, project: Any) -> Any:
    return stub.GetProject(rpc.GetProjectRequest(project_id=project.project_id)).project


def states(project: Any) -> dict[str, str]:
    return {item.key: item.state for item in project.items}


def item_of(project: Any, key: str) -> Any:
    return next(item for item in project.items if item.key == key)


def hand_in(stub: Any, project: Any, keys: list[str], materials: list[str], day: str = "", command: str = "") -> Any:
    return stub.OpenProjectItems(
        rpc.OpenProjectItemsRequest(
            context=context(command or f"h-{keys[0]}-{len(materials)}"), project_id=project.project_id, keys=keys,
            materials=materials, event_date=day, only_client_id="client-1",
        )
    ).project  # fmt: skip


def unit_step(stub: Any, project: Any, key: str, unit: str = PLANNING, **step: Any) -> Any:
    project = read(stub, project)
    return stub.HandleProject(
        rpc.HandleProjectRequest(
            context=context(key, "clerk"), project_id=project.project_id, expected_version=project.version,
            unit_code=unit, **step,
        )
    ).project  # fmt: skip


def settle(stub: Any, parts: Any, project: Any, key: str) -> Any:
    """The item's case is granted where it is one; and its event comes, twice."""
    item = item_of(read(stub, project), key)
    if item.kind != "FILING":
        case = stub.GetCase(rpc.GetCaseRequest(case_id=item.case_id)).permit_case
        assert (case.project_id, case.origin_ref) == (project.project_id, item.item_id)
        handle(stub, case, f"g-{item.item_id}", unit=item.unit_code, grant=rpc.Grant())
        granted = next(e for e in told(parts, "PermitGranted") if e["case_id"] == item.case_id)
        hear(parts, "on_permit_granted", **granted)
    else:
        recorded = next(e for e in told(parts, "FilingRecorded") if e["filing_id"] == item.case_id)
        hear(parts, "on_filing_recorded", **recorded)
    return read(stub, project)


def to_completion(stub: Any, parts: Any, project: Any) -> Any:
    """Everything up to the completion filing."""
    hand_in(stub, project, ["project_filing"], [FORM])
    settle(stub, parts, project, "project_filing")
    unit_step(stub, project, "land", record_land_contract=rpc.RecordLandContract(contract_date="2025-09-26"))
    hand_in(stub, project, ["land_use", "eia_registration", "drawing_review"], [FORM, DRAWINGS, "review_certificate"])
    for key in ("land_use", "eia_registration", "drawing_review"):
        settle(stub, parts, project, key)
    hand_in(stub, project, ["land_right", "supervision"], [FORM, "review_certificate", "contractor_contract"])
    for key in ("land_right", "supervision"):
        settle(stub, parts, project, key)
    hand_in(stub, project, ["works_planning"], [FORM, DRAWINGS])
    settle(stub, parts, project, "works_planning")
    hand_in(stub, project, ["construction_permit"], [FORM, "contractor_contract", "fund_proof"])
    hand_in(stub, project, ["drainage", "water"], [FORM, "drainage_plan", "premises_proof"])
    for key in ("construction_permit", "drainage", "water"):
        settle(stub, parts, project, key)
    joint = ["planning_acceptance", "fire_acceptance", "archives"]
    hand_in(stub, project, joint, ["joint_acceptance_form", "survey_report", "fire_test_report"])
    for key in joint:
        settle(stub, parts, project, key)
    return read(stub, project)


def test_the_plan_shows_one_list_with_reasons_and_a_critical_path_below_the_serial_sum(stub: Any, store: Any) -> None:
    plan = stub.PlanProject(rpc.PlanProjectRequest(traits=TRAITS)).plan
    assert {item.line for item in plan.items} == {"INDUSTRY", "LAND", "MAIN", "AUXILIARY"}
    assert {item.stage for item in plan.items} == {"PLANNING", "WORKS", "START", "COMPLETION"}
    assert all(item.because for item in plan.items)
    assert 0 < plan.critical_days < plan.serial_days
    assert store.projects.count_documents({}) == 0
    traits = stub.ListProjectTraits(rpc.ListProjectTraitsRequest()).traits
    assert {trait.key for trait in traits} == set(TRAITS)


def test_a_small_project_runs_to_its_completion_and_its_certificate_is_wanted_once(stub: Any, parts: Any) -> None:
    project = begin(stub)
    assert {k for k, s in states(project).items() if s == "OPEN"} == {"project_filing", "land_contract"}
    project = to_completion(stub, parts, project)
    assert states(project)["completion_filing"] == "OPEN"

    hand_in(stub, project, ["completion_filing"], [FORM, "completion_report"], day="2025-09-20")
    project = settle(stub, parts, project, "completion_filing")

    # the property certificate's case begins by itself: there is no second application
    assert states(project)["property_registration"] == "UNDER_WAY"
    project = settle(stub, parts, project, "property_registration")
    assert (project.state, set(states(project).values())) == ("COMPLETED", {"DONE"})
    assert project.standing.kind == "CLOSED"
    wanted = [e for e in told(parts, "FilingRecorded") if e["certificate_type"] == "COMPLETION_FILING_FORM"]
    assert [e["subject_key"] for e in wanted] == [f"{project.project_id}|completion_filing"]
    [shown] = facts.certificate_facts(
        parts, [{"kind": "filing", "ref": wanted[0]["filing_id"]}], "TEST", "certificates"
    )
    assert shown["project_id"] == project.project_id
    types = parts.outbox.types()
    assert (types.count("ProjectStarted"), types.count("ProjectCompleted")) == (1, 1)
    assert types.count("ProjectItemDone") == types.count("ProjectItemOpened") == len(project.items)


def test_a_second_completion_filing_of_a_project_does_not_open(stub: Any, parts: Any) -> None:
    project = to_completion(stub, parts, begin(stub))
    day = "2025-09-20"
    hand_in(stub, project, ["completion_filing"], [FORM, "completion_report"], day=day)
    hand_in(stub, project, ["completion_filing"], [FORM, "completion_report"], day=day)  # the same command again
    with pytest.raises(grpc.RpcError) as error:
        hand_in(stub, project, ["completion_filing"], [FORM, "completion_report"], day=day, command="other")
    assert reason_of(error) == "PROJECT_NOT_IN_STATE"
    assert len([e for e in told(parts, "FilingRecorded") if e["certificate_type"]]) == 1


def test_a_filing_of_a_project_does_not_come_in_by_the_side_door(stub: Any, parts: Any) -> None:
    project = to_completion(stub, parts, begin(stub))
    with pytest.raises(grpc.RpcError) as error:
        stub.SubmitFiling(
            rpc.SubmitFilingRequest(
                context=context("side"), item_key="completion_filing", holder_code=COMPANY, content=content(),
                materials=[FORM, "completion_report"], event_date="2025-09-20", project_id=project.project_id,
                subject_key="another",
            )
        )  # fmt: skip
    assert reason_of(error) == "HAND_IN_UNDER_PROJECT"


def test_what_is_stored_is_what_the_document_class_describes(stub: Any, store: Any) -> None:
    begin(stub)
    stored = store.projects.find_one({})
    fields = {"_id" if name == "project_id" else name for name in ProjectDocument._fields}
    assert set(stored) <= fields
    ProjectDocument._from_son(stored).validate()


def test_a_date_that_the_calendar_cannot_tell_yet_is_flagged_and_found_later(
    stub: Any, store: Any, clock: FixedClock
) -> None:
    clock.set(at("2026-11-20"))
    begin(stub)
    land = next(item for item in store.projects.find_one({})["items"] if item["key"] == "land_contract")
    assert (land["owed"]["due_time"], land["owed"]["flag"]) == (None, "CALENDAR_NOT_LOADED")
    owed = owed_by("applicant", "hand_in", "land_contract", at("2025-09-26"))
    owed.due_time, owed.flag = None, "CALENDAR_NOT_LOADED"
    owed.count()
    assert (owed.flag, owed.due_time) == ("", at("2026-03-26", 0))


def test_a_completion_filing_without_its_day_is_refused_before_it_is_handed_in(stub: Any, parts: Any) -> None:
    project = to_completion(stub, parts, begin(stub))
    with pytest.raises(grpc.RpcError) as error:
        hand_in(stub, project, ["completion_filing"], [FORM, "completion_report"])
    assert reason_of(error) == "EVENT_DATE_MISSING"
    assert states(read(stub, project))["completion_filing"] == "OPEN"


def test_a_day_of_acceptance_counts_for_the_completion_filing_only(stub: Any) -> None:
    project = hand_in(stub, begin(stub), ["project_filing"], [FORM], day="2025-01-02")
    found = rpc.GetFilingRequest(filing_id=item_of(project, "project_filing").case_id)
    filing = stub.GetFiling(found).filing
    assert (filing.state, filing.due_date, filing.in_time) == (pb.FILING_STATE_RECORDED, "", True)


def test_an_item_is_not_handed_in_before_what_it_comes_after_is_done(stub: Any) -> None:
    project = begin(stub)
    with pytest.raises(grpc.RpcError) as error:
        hand_in(stub, project, ["drawing_review"], [FORM])
    assert reason_of(error) == "PROJECT_NOT_IN_STATE"
    with pytest.raises(grpc.RpcError) as error:
        hand_in(stub, project, ["project_filing"], ["fund_proof"])
    assert reason_of(error) == "MATERIAL_UNKNOWN"
    with pytest.raises(grpc.RpcError) as error:
        hand_in(stub, project, ["nothing"], [])
    assert reason_of(error) == "PROJECT_ITEM_NOT_FOUND"


def pre_review(stub: Any, project: Any, key: str, materials: list[str], unit: str = PLANNING) -> Any:
    hand_in(stub, project, [key], materials)
    return unit_step(stub, project, f"r-{key}", unit=unit, conclude_pre_review=rpc.ConcludePreReview(key=key))


def with_pre_reviews(stub: Any, parts: Any) -> Any:
    project = begin(stub)
    hand_in(stub, project, ["project_filing"], [FORM])
    settle(stub, parts, project, "project_filing")
    hand_in(stub, project, ["drawing_review"], [FORM, DRAWINGS, "review_certificate"])
    settle(stub, parts, project, "drawing_review")
    hand_in(stub, project, ["supervision"], [FORM, "review_certificate", "contractor_contract"])
    settle(stub, parts, project, "supervision")
    pre_review(stub, project, "land_use", [FORM])
    pre_review(stub, project, "land_right", [FORM])
    pre_review(stub, project, "works_planning", [FORM, DRAWINGS])
    return pre_review(stub, project, "construction_permit", [FORM, "contractor_contract", "fund_proof"], unit=HOUSING)


FOUR = ["land_use", "land_right", "works_planning", "construction_permit"]


def test_on_the_day_of_the_land_contract_pre_reviewed_files_become_permits_in_order(
    stub: Any, parts: Any, clock: FixedClock
) -> None:
    project = with_pre_reviews(stub, parts)
    assert [states(project)[key] for key in FOUR] == ["PRE_REVIEWED"] * 4
    assert parts.store.cases.count_documents({}) == 0
    clock.set(at("2025-10-20", 9))
    project = unit_step(
        stub, project, "land", record_land_contract=rpc.RecordLandContract(contract_date="2025-10-20")
    )  # fmt: skip
    for number, key in enumerate(FOUR):
        expected = ["UNDER_WAY"] + ["PRE_REVIEWED"] * (3 - number)
        assert [states(project)[k] for k in FOUR[number:]] == expected
        clock.advance(timedelta(hours=1, minutes=45))
        project = settle(stub, parts, project, key)
    assert project.land_to_permit_minutes == 7 * 60
    granted = told(parts, "PermitGranted")
    assert [e["valid_from_date"] for e in granted] == ["2025-10-20"] * 4
    assert all(e["valid_from_date"] >= project.land_contract_date for e in granted)


def test_T22_when_the_land_contract_falls_through_pre_reviews_lapse_and_no_permit_exists(stub: Any, parts: Any) -> None:
    project = with_pre_reviews(stub, parts)
    project = unit_step(
        stub, project, "none", land_fell_through=rpc.LandFellThrough(reason_code="AUCTION_FAILED")
    )  # fmt: skip
    assert (project.state, project.reason_code) == ("ENDED", "AUCTION_FAILED")
    assert {states(project)[key] for key in FOUR} == {"LAPSED"}
    assert states(project)["project_filing"] == "DONE"
    assert (parts.store.cases.count_documents({}), told(parts, "PermitGranted")) == (0, [])
    assert told(parts, "ProjectEnded") == [{"project_id": project.project_id, "reason_code": "AUCTION_FAILED"}]
    with pytest.raises(grpc.RpcError) as error:
        unit_step(stub, project, "late", record_land_contract=rpc.RecordLandContract(contract_date="2025-09-26"))
    assert reason_of(error) == "PROJECT_NOT_IN_STATE"


@pytest.mark.parametrize("day", ["2025-09-27", "2025-02-30"])
def test_a_land_contract_of_a_day_to_come_or_of_no_day_is_refused(stub: Any, day: str) -> None:
    with pytest.raises(grpc.RpcError) as error:
        unit_step(stub, begin(stub), "l", record_land_contract=rpc.RecordLandContract(contract_date=day))
    assert reason_of(error) == "CONTRACT_DATE_INVALID"


def test_only_the_items_own_unit_concludes_a_pre_review_and_an_incomplete_one_is_not_taken(stub: Any) -> None:
    project = begin(stub)
    with pytest.raises(grpc.RpcError) as error:
        hand_in(stub, project, ["works_planning"], [FORM])
    assert reason_of(error) == "MATERIAL_MISSING"
    project = hand_in(stub, project, ["land_use"], [FORM])
    conclude = rpc.ConcludePreReview(key="land_use", reason_codes=["PLAN_NOT_FIT"])
    with pytest.raises(grpc.RpcError) as error:
        unit_step(stub, project, "u1", unit=HOUSING, conclude_pre_review=conclude)
    assert reason_of(error) == "NOT_THE_COMPETENT_UNIT"
    project = unit_step(stub, project, "u2", conclude_pre_review=conclude)
    found = item_of(project, "land_use")
    assert (found.state, list(found.reason_codes)) == ("WAITING", ["PLAN_NOT_FIT"])


def test_a_refused_item_may_be_handed_in_anew_and_the_old_answer_counts_no_more(stub: Any, parts: Any) -> None:
    project = begin(stub, investor="GOVERNMENT")
    project = hand_in(stub, project, ["project_approval"], [FORM, "feasibility_study"])
    item = item_of(project, "project_approval")
    case = stub.GetCase(rpc.GetCaseRequest(case_id=item.case_id)).permit_case
    handle(stub, case, "r1", unit=item.unit_code, refuse=rpc.Refuse(reasons=[REASON]))
    [refused] = told(parts, "PermitRefused")
    hear(parts, "on_permit_refused", **refused)
    project = read(stub, project)
    assert (states(project)["project_approval"], project.state) == ("REFUSED", "RUNNING")
    project = hand_in(stub, project, ["project_approval"], [FORM, "feasibility_study"], command="anew")
    again = item_of(project, "project_approval")
    assert again.case_id != item.case_id
    hear(parts, "on_permit_refused", **refused)
    assert states(read(stub, project))["project_approval"] == "UNDER_WAY"


def test_a_project_that_died_between_opening_an_item_and_noting_it_goes_on(
    stub: Any, parts: Any, clock: FixedClock
) -> None:
    project = hand_in(stub, begin(stub), ["project_filing"], [FORM])
    parts.store.projects.update_one(
        {"_id": project.project_id}, {"$set": {"items.0.case_id": "", "next_due_time": clock.now()}}
    )
    clock.advance(timedelta(seconds=1))
    assert sweep(parts, clock) == 1
    assert parts.store.filings.count_documents({}) == 1
    project = read(stub, project)
    # its record is found by looking, should its event be lost
    assert states(project)["project_filing"] == "DONE"


def sweep(parts: Any, clock: FixedClock) -> int:
    return sweep_due(parts.store.projects, clock, lambda i: projects.act_on_project(parts, i))


def test_who_has_the_word_is_named_and_what_is_late_is_told_once(stub: Any, parts: Any, clock: FixedClock) -> None:
    project = begin(stub, investor="GOVERNMENT", land_kind="OWNED")
    assert (project.standing.party, project.standing.what) == ("applicant", "hand_in")
    project = hand_in(stub, project, ["project_approval"], [FORM, "feasibility_study"])
    assert (project.standing.party, project.standing.what) == ("unit:320411-approval", "decision")
    assert item_of(project, "project_approval").due_date == "2025-10-30"
    clock.set(at("2025-11-03"))
    assert [sweep(parts, clock), sweep(parts, clock)] == [1, 0]
    [late] = told(parts, "ProjectDelayed")
    assert (late["party"], late["what"], late["line"]) == ("unit:320411-approval", "decision", "INDUSTRY")
    assert read(stub, project).standing.escalated


def test_the_same_command_begins_one_project_and_each_client_lists_its_own(stub: Any, store: Any) -> None:
    project = begin(stub)
    assert begin(stub).project_id == project.project_id
    assert begin(stub, "p2").project_id != project.project_id
    assert store.projects.count_documents({}) == 2
    page = rpc.ListProjectsRequest(client_id="client-1")
    assert next(p.project_id for p in stub.ListProjects(page).projects) == project.project_id
    assert not stub.ListProjects(rpc.ListProjectsRequest(client_id="client-2")).projects
    with pytest.raises(grpc.RpcError) as error:
        stub.GetProject(rpc.GetProjectRequest(project_id=project.project_id, only_client_id="client-2"))
    assert reason_of(error) == "PROJECT_NOT_FOUND"


def test_every_query_of_projects_uses_an_index(stub: Any, store: Any) -> None:
    begin(stub)
    for query in (
        {"items.item_id": "x"}, {"commands.key": "x"}, {"client_id": "x", "_id": {"$gt": ""}},
        {"standing.kind": "WAITING"}, {"next_due_time": {"$lte": at("2025-09-26")}},
    ):  # fmt: skip
        assert "COLLSCAN" not in str(store.projects.find(query).explain()["queryPlanner"]["winningPlan"]), query


def test_a_case_outside_a_project_names_none(stub: Any) -> None:
    filing = stub.SubmitFiling(
        rpc.SubmitFilingRequest(
            context=context("f"), item_key="project_filing", holder_code=COMPANY, content=content(), materials=[FORM]
        )
    ).filing
    assert (filing.project_id, filing.state) == ("", pb.FILING_STATE_RECORDED)
