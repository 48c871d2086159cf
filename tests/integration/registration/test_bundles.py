"""Bundles of registration over the contract, on a real store, with other authorities that can be down, wrong or in the way
(mission 4-04, 25.4-09 … 25.4-11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.store.register import RegisterStore
from services.registration.usecases import bundle_steps
from services.registration.usecases.context import Parts
from shared.clock import FixedClock
from tests.integration.registration.conftest import asked, context, decide
from tests.integration.registration.outside import CAUSE, Outside, permits_answers, run, sweep
from tests.integration.registration.test_applications import refused_with
from tests.integration.registration.test_entity_cases import GOOD, REGISTRAR, acted, entity_of, opened, registered

pytestmark = pytest.mark.integration
CHECKS = [
    "REGISTER_CHECK",
    "TAX_CHECK",
    "SOCIAL_INSURANCE_CHECK",
    "HOUSING_FUND_CHECK",
    "CUSTOMS_CHECK",
    "PERMITS_CHECK",
]
CLEARANCES = ["TAX", "SOCIAL_INSURANCE", "HOUSING_FUND", "CUSTOMS"]


@pytest.fixture(autouse=True)
def in_a_known_year(clock: FixedClock) -> None:
    clock.set(datetime(2025, 3, 3, 2, tzinfo=UTC))


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def parts(parts: Parts, outside: Outside) -> Parts:
    return replace(parts, authorities=outside)


def started(stub: Any, kind: str, entity: Any = None, key: str = "start", **more: Any) -> Any:
    request = rpc.StartEntityBundleRequest(
        context=context(key, more.pop("client", "client-1")), kind=kind,
        entity_id=entity.entity_id if entity else "", **more,
    )  # fmt: skip
    return stub.StartEntityBundle(request)


def shown(stub: Any, bundle_id: str) -> Any:
    return stub.GetEntityBundle(rpc.GetEntityBundleRequest(bundle_id=bundle_id)).bundle


def act(stub: Any, bundle: Any, action: str, key: str, **more: Any) -> Any:
    request = rpc.ActOnEntityBundleRequest(
        context=context(key), bundle_id=bundle.bundle_id, expected_version=bundle.version, action=action, **more
    )
    return stub.ActOnEntityBundle(request).bundle


def states(bundle: Any) -> dict[str, str]:
    return {part.key: part.state for part in bundle.parts}


def codes(bundle: Any) -> dict[str, list[str]]:
    return {part.key: list(part.reason_codes) for part in bundle.parts if part.reason_codes}


def test_4_04_one_request_cancels_the_entity_and_everything_that_hangs_on_it(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock, outside: Outside
) -> None:
    entity = registered(stub)
    bundle = started(stub, "CANCELLATION", entity, facts=GOOD).bundle
    assert {key for key, state in states(bundle).items() if state == "WAITING"} == {
        *CLEARANCES, "ENTITY", "PERMITS", "SEALS", "BANK",
    }  # fmt: skip

    run(parts, store, bundle.bundle_id, permits=["per_1", "per_2"])

    bundle = shown(stub, bundle.bundle_id)
    assert {states(bundle)[key] for key in (*CHECKS, *CLEARANCES)} == {"DONE"}
    assert (states(bundle)["ENTITY"], entity_of(stub, entity).state) == ("ASKED", pb.ENTITY_STATE_CANCELLING)
    assert outside.authorities["seals"].effects() == []
    clock.set(datetime(2025, 3, 25, 2, tzinfo=UTC))  # the notice of 20 days is over; the form is the application

    run(parts, store, bundle.bundle_id, permits=["per_1", "per_2"])

    bundle = shown(stub, bundle.bundle_id)
    assert (bundle.state, bundle.outcome, set(states(bundle).values())) == ("FINISHED", "COMPLETE", {"DONE"})
    assert entity_of(stub, entity).state == pb.ENTITY_STATE_CANCELLED
    (permits,) = [part for part in bundle.parts if part.key == "PERMITS"]
    assert list(permits.followed) == ["per_1", "per_2"]
    assert outside.authorities["tax"].effects() == [("CHECK", entity.uscc), ("CLEAR", entity.uscc)]
    assert outside.authorities["bank"].effects() == [("CLOSE", entity.uscc)]
    assert bundle.owed_by == ""
    assert store.bundles.collection.count_documents({"open_key": {"$exists": True}}) == 0


def test_25_4_11_all_blocks_are_shown_at_once_and_nothing_is_touched(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock, outside: Outside
) -> None:
    entity = registered(stub)
    opened(stub, entity, "ABNORMAL_LISTING", {"reason_codes": "SEAT_NOT_FOUND"}, "list", by=REGISTRAR)
    outside.behave("tax", "BLOCKED", "TAXES_OWED", "INVOICES_NOT_RETURNED")
    outside.behave("customs", "BLOCKED", "DECLARATION_OPEN")
    bundle = started(stub, "CANCELLATION", entity, facts=GOOD).bundle
    sweep(parts, store)
    permits_answers(parts, bundle.bundle_id, ["CASE_UNDER_REVIEW"])

    bundle = shown(stub, bundle.bundle_id)

    assert codes(bundle) == {
        "REGISTER_CHECK": ["ON_ABNORMAL_LIST"], "TAX_CHECK": ["TAXES_OWED", "INVOICES_NOT_RETURNED"],
        "CUSTOMS_CHECK": ["DECLARATION_OPEN"], "PERMITS_CHECK": ["CASE_UNDER_REVIEW"],
    }  # fmt: skip
    assert (bundle.state, bundle.owed_by) == ("BLOCKED", "applicant")
    assert entity_of(stub, entity).state == pb.ENTITY_STATE_ACTIVE
    assert outside.authorities["social_insurance"].effects() == [("CHECK", entity.uscc)]

    outside.behave("tax", "OK")
    outside.behave("customs", "OK")
    case = stub.ListEntityCases(rpc.ListEntityCasesRequest(entity_id=entity.entity_id)).entity_cases[0]
    acted(stub, case, "REMOVE", "remove", {"mended_by": "SEAT"}, by=REGISTRAR, division_code="320411")
    bundle = act(stub, bundle, "RESUME", "resume")
    assert states(bundle)["REGISTER_CHECK"] == "DONE"
    run(parts, store, bundle.bundle_id)
    assert states(shown(stub, bundle.bundle_id))["ENTITY"] == "ASKED"


def test_a_block_that_was_cleared_is_found_the_next_day_without_anybody_saying_so(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock, outside: Outside
) -> None:
    outside.behave("tax", "BLOCKED", "TAXES_OWED")
    bundle = started(stub, "CANCELLATION", registered(stub), facts=GOOD).bundle
    run(parts, store, bundle.bundle_id)
    outside.behave("tax", "OK")
    clock.advance(timedelta(hours=23))
    run(parts, store, bundle.bundle_id)
    assert states(shown(stub, bundle.bundle_id))["TAX_CHECK"] == "BLOCKED"
    clock.advance(timedelta(hours=2))
    run(parts, store, bundle.bundle_id)
    assert states(shown(stub, bundle.bundle_id))["ENTITY"] == "ASKED"


@pytest.mark.parametrize("mode", ["DOWN", "GARBLED", "WRONG", "SILENT", "PENDING"])
def test_an_authority_that_is_down_wrong_or_slow_is_asked_again_and_does_each_thing_once(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock, outside: Outside, mode: str
) -> None:
    entity = registered(stub)
    outside.behave("tax", mode)
    bundle = started(stub, "CANCELLATION", entity, facts=GOOD).bundle
    run(parts, store, bundle.bundle_id)
    shown_state = {"GARBLED": "UNCLEAR", "WRONG": "UNCLEAR", "PENDING": "ASKED"}.get(mode, "UNREACHABLE")
    assert states(shown(stub, bundle.bundle_id))["TAX_CHECK"] == shown_state
    assert entity_of(stub, entity).state == pb.ENTITY_STATE_ACTIVE
    outside.behave("tax", "OK")
    clock.advance(timedelta(seconds=3))
    run(parts, store, bundle.bundle_id)
    assert states(shown(stub, bundle.bundle_id))["ENTITY"] == "ASKED"
    assert outside.authorities["tax"].effects() == [("CHECK", entity.uscc), ("CLEAR", entity.uscc)]
    tries = [record.times for record in outside.authorities["tax"].records.values()]
    assert tries[0] == (1 if mode in ("DOWN", "GARBLED") else 2)


def test_what_an_authority_owes_too_long_is_told_upwards_once(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock, outside: Outside
) -> None:
    outside.behave("tax", "DOWN")
    bundle = started(stub, "CANCELLATION", registered(stub), facts=GOOD).bundle
    clock.set(datetime(2025, 3, 7, 2, tzinfo=UTC))  # 3 working days after the 3rd are over
    run(parts, store, bundle.bundle_id)
    clock.advance(timedelta(days=1))
    run(parts, store, bundle.bundle_id)
    late = [e["data"] for e in parts.outbox.entries if e["type"] == "EntityBundleDelayed"]  # type: ignore[attr-defined]
    assert [(one["part"], one["owed_by"]) for one in late if one["part"] == "TAX_CHECK"] == [
        ("TAX_CHECK", "authority:tax")
    ]
    bundle = shown(stub, bundle.bundle_id)
    assert (bundle.owed_by, bundle.escalated) == ("authority:tax", True)


def test_an_objection_stops_the_cancellation_and_giving_up_takes_every_clearance_back(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock, outside: Outside
) -> None:
    entity = registered(stub)
    bundle = started(stub, "CANCELLATION", entity, facts=GOOD).bundle
    run(parts, store, bundle.bundle_id)
    (case,) = stub.ListEntityCases(rpc.ListEntityCasesRequest(entity_id=entity.entity_id)).entity_cases
    acted(stub, case, "OBJECT", "object", {"reason_codes": "CLAIM_OPEN"}, by=rpc.CASE_PARTY_AUTHORITY)
    run(parts, store, bundle.bundle_id)
    bundle = shown(stub, bundle.bundle_id)
    assert codes(bundle)["ENTITY"] == ["CASE_OBJECTED", "CLAIM_OPEN"]
    clock.advance(timedelta(days=3))
    run(parts, store, bundle.bundle_id)  # nobody opens the case again by himself
    assert len(stub.ListEntityCases(rpc.ListEntityCasesRequest(entity_id=entity.entity_id)).entity_cases) == 1
    outside.behave("customs", "DOWN")

    bundle = act(stub, shown(stub, bundle.bundle_id), "END", "end")

    assert bundle.state == "RUNNING"
    run(parts, store, bundle.bundle_id)
    assert states(shown(stub, bundle.bundle_id))["CUSTOMS"] == "UNREACHABLE"
    outside.behave("customs", "OK")
    clock.advance(timedelta(seconds=15))
    run(parts, store, bundle.bundle_id)
    bundle = shown(stub, bundle.bundle_id)
    assert (bundle.state, bundle.outcome) == ("FINISHED", "ENDED")
    assert {states(bundle)[key] for key in (*CLEARANCES, "ENTITY", "SEALS", "PERMITS")} == {"ENDED"}
    for code in ("tax", "customs", "housing_fund", "social_insurance"):
        assert [ask for ask, _ in outside.authorities[code].effects()] == ["CHECK", "CLEAR", "UNDO"]
    assert entity_of(stub, entity).state == pb.ENTITY_STATE_ACTIVE


def test_giving_up_while_the_notice_runs_takes_the_case_back_first(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    entity = registered(stub)
    bundle = started(stub, "CANCELLATION", entity, facts=GOOD).bundle
    run(parts, store, bundle.bundle_id)
    act(stub, shown(stub, bundle.bundle_id), "END", "end")
    run(parts, store, bundle.bundle_id)
    (case,) = stub.ListEntityCases(rpc.ListEntityCasesRequest(entity_id=entity.entity_id)).entity_cases
    assert (case.state, entity_of(stub, entity).state) == ("WITHDRAWN", pb.ENTITY_STATE_ACTIVE)
    assert shown(stub, bundle.bundle_id).outcome == "ENDED"


def test_4_04_the_ordinary_route_waits_for_the_clearing_and_does_not_ask_for_the_tax_clearance_again(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock, outside: Outside
) -> None:
    entity = registered(stub)
    opened(stub, entity, "ABNORMAL_LISTING", {"reason_codes": "SEAT_NOT_FOUND"}, "list", by=REGISTRAR)
    bundle = started(stub, "CANCELLATION", entity, facts={"route": "ORDINARY"}).bundle  # T11: this route stays open
    run(parts, store, bundle.bundle_id)
    (case,) = [
        one for one in stub.ListEntityCases(rpc.ListEntityCasesRequest(entity_id=entity.entity_id)).entity_cases
        if one.kind == "ORDINARY_CANCELLATION"
    ]  # fmt: skip
    assert entity_of(stub, entity).state == pb.ENTITY_STATE_CLEARING
    bundle = shown(stub, bundle.bundle_id)
    (part,) = [part for part in bundle.parts if part.key == "ENTITY"]
    assert (bundle.owed_by, bundle.owed, bundle.owed_flag) == ("applicant", "creditors_notice", "HAS_ITS_OWN_CASE")
    assert (part.owed_by, part.owed, part.due_date) == ("applicant", "creditors_notice", "2025-03-13")
    case = acted(stub, case, "TELL_CREDITORS", "tell")
    clock.set(datetime(2025, 4, 18, 2, tzinfo=UTC))  # 45 days for claims
    case = acted(stub, case, "FINISH_CLEARING", "finish", {"clearing_report_sha256": "a" * 64})
    brought = {"cancellation_application": "true", "dissolution_decision": "true", "clearing_report": "true"}
    acted(stub, case, "APPLY", "apply", {**brought, "branches_cancelled": "true"})
    run(parts, store, bundle.bundle_id)
    bundle = shown(stub, bundle.bundle_id)
    assert (bundle.outcome, set(states(bundle).values())) == ("COMPLETE", {"DONE"})


def test_an_ended_entity_cannot_be_given_up_again(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock, outside: Outside
) -> None:
    outside.behave("bank", "BLOCKED", "BALANCE_LEFT")
    bundle = started(stub, "CANCELLATION", registered(stub), facts=GOOD).bundle
    run(parts, store, bundle.bundle_id)
    clock.set(datetime(2025, 3, 25, 2, tzinfo=UTC))
    run(parts, store, bundle.bundle_id)
    bundle = shown(stub, bundle.bundle_id)
    assert (states(bundle)["ENTITY"], codes(bundle)) == ("DONE", {"BANK": ["BALANCE_LEFT"]})
    failure = refused_with(lambda: act(stub, bundle, "END", "end"))
    assert (failure.reason, "art. 31" in failure.message) == ("BUNDLE_NOT_IN_STATE", True)


def test_a_bundle_is_begun_once_and_only_one_of_a_kind_is_open(stub: Any, parts: Parts) -> None:
    entity = registered(stub)
    first = started(stub, "CANCELLATION", entity, facts=GOOD)
    again = started(stub, "CANCELLATION", entity, facts=GOOD)
    assert (again.replayed, again.bundle.bundle_id) == (True, first.bundle.bundle_id)
    failure = refused_with(lambda: started(stub, "CANCELLATION", entity, "other", facts=GOOD))
    assert failure.reason == "BUNDLE_ALREADY_OPEN"
    failure = refused_with(lambda: started(stub, "CANCELLATION", entity, "third"))
    assert failure.reason == "NOT_DECLARED"
    said = GOOD | {"fine_not_paid": "true"}  # it would stay said, and the bundle blocked, when the fine is paid
    assert refused_with(lambda: started(stub, "CANCELLATION", entity, "fine", facts=said)).reason == "FINE_NOT_PAID"
    opened(stub, entity, "ABNORMAL_LISTING", {"reason_codes": "SEAT_NOT_FOUND"}, "list", by=REGISTRAR)
    failure = refused_with(lambda: started(stub, "CANCELLATION", entity, "listed"))
    assert failure.reason == "NOT_DECLARED", "a bar that may go hides nothing that would stand in the way afterwards"
    failure = refused_with(lambda: started(stub, "MARRIAGE", entity, "fourth"))
    assert failure.reason == "BUNDLE_KIND_UNKNOWN"
    failure = refused_with(lambda: started(stub, "CANCELLATION", entity, "fifth", facts={**GOOD, "route": "BACK_DOOR"}))
    assert failure.reason == "ROUTE_UNKNOWN"
    hidden = rpc.GetEntityBundleRequest(bundle_id=first.bundle.bundle_id, only_client_id="somebody-else")
    assert refused_with(lambda: stub.GetEntityBundle(hidden)).reason == "ENTITY_BUNDLE_NOT_FOUND"


def test_25_4_09_one_form_opens_the_enterprise_everywhere(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock, outside: Outside
) -> None:
    outside.behave("bank", "BLOCKED", "BANK_HAS_NO_BRANCH_HERE")
    bundle = started(
        stub, "OPENING", application=asked(), facts={"staff_count": "12", "bank_code": "BOC", "invoice_kind": "DIGITAL"}
    ).bundle
    assert states(bundle) == {
        "LICENCE": "ASKED", "SEALS": "WAITING", "TAX": "WAITING", "SOCIAL_INSURANCE": "WAITING",
        "HOUSING_FUND": "WAITING", "BANK": "WAITING",
    }  # fmt: skip
    application_id = bundle.parts[0].reference
    assert bundle.owed_by == "registrar:320411"
    decided = decide(stub, application_id).application
    bundle_steps.advance(parts, bundle.bundle_id, CAUSE)
    run(parts, store, bundle.bundle_id)

    bundle = shown(stub, bundle.bundle_id)

    assert (bundle.entity_id, bundle.uscc) == (decided.entity_id, decided.uscc)
    assert states(bundle) == {
        "LICENCE": "DONE", "SEALS": "DONE", "TAX": "DONE", "SOCIAL_INSURANCE": "DONE", "HOUSING_FUND": "DONE",
        "BANK": "BLOCKED",
    }  # fmt: skip
    (told,) = [question.facts for question in outside.asked if question.authority == "social_insurance"]
    assert (told["staff_count"], told["entity_type"], "bank_code" in told) == ("12", "LIMITED_COMPANY", False)
    assert all(part.reference for part in bundle.parts if part.state == "DONE")
    bundle = act(stub, bundle, "END", "end")
    assert (bundle.state, bundle.outcome) == ("FINISHED", "PARTIAL")


def test_25_4_09_an_application_that_came_back_is_corrected_and_a_refused_one_ends_the_rest(
    stub: Any, parts: Parts, store: RegisterStore, outside: Outside
) -> None:
    bundle = started(stub, "OPENING", application=asked(business_scope=None)).bundle
    assert (states(bundle)["LICENCE"], bundle.state, bundle.owed_by) == ("RETURNED", "BLOCKED", "applicant")
    assert codes(bundle)["LICENCE"]
    bundle = act(stub, bundle, "CORRECT", "correct", application=asked())
    assert states(bundle)["LICENCE"] == "ASKED"
    decide(stub, bundle.parts[0].reference, refuse=("SCOPE_FORBIDDEN",))
    bundle_steps.advance(parts, bundle.bundle_id, CAUSE)
    run(parts, store, bundle.bundle_id)
    bundle = shown(stub, bundle.bundle_id)
    assert (bundle.state, bundle.outcome) == ("FINISHED", "ENDED")
    assert codes(bundle) == {"LICENCE": ["SCOPE_FORBIDDEN"]} | {
        key: ["PREREQUISITE_REFUSED"] for key in ("SEALS", "TAX", "SOCIAL_INSURANCE", "HOUSING_FUND", "BANK")
    }
    assert outside.asked == []


@pytest.mark.parametrize(
    ("kind", "more", "fields"),
    [
        ("OPENING", {"entity_id": "ent_1", "person": pb.Person(name="王小明")}, ["entity_id", "person"]),
        ("OPENING", {"investors": [pb.Investor(uscc="91320411MAXX00015L")]}, ["investors"]),
        ("CANCELLATION", {"entity_id": "ent_1", "application": pb.SetUpApplication(name="x")}, ["application"]),
        ("INFORMATION_CHANGE", {"entity_id": "ent_1", "application": pb.SetUpApplication()}, ["application"]),
    ],
)
def test_what_a_bundle_does_not_ask_for_is_refused_and_not_forgotten(
    stub: Any, kind: str, more: dict[str, Any], fields: list[str]
) -> None:
    request = rpc.StartEntityBundleRequest(
        context=context("start"), kind=kind, **({"application": asked()} if kind == "OPENING" else {}), **more
    )
    failure = refused_with(lambda: stub.StartEntityBundle(request))
    assert [(v.field, v.reason) for v in failure.violations] == [(field, "NOT_ASKED") for field in fields]


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"entity_type": pb.ENTITY_TYPE_UNSPECIFIED}, "application.entity_type", "ENTITY_TYPE_MISSING"),
        ({"division_code": "999999"}, "application.division_code", "UNKNOWN_DIVISION"),
        ({"name": "新北区好运机械有限公司"}, "application.name", "NAME_DIVISION_INCOMPLETE"),
    ],
)
def test_a_mistake_in_the_application_of_an_opening_is_named_from_the_request_on(
    stub: Any, change: dict[str, Any], field: str, reason: str
) -> None:
    application = asked()
    for name, value in change.items():
        setattr(application, name, value)
    failure = refused_with(lambda: started(stub, "OPENING", application=application))
    assert (failure.reason, failure.violations[0].field) == (reason, field)


def test_another_registrars_opening_and_a_lapsed_reservation_name_their_field_too(stub: Any) -> None:
    elsewhere = asked(domicile={"division_code": "320412", "address": "x"})
    failure = refused_with(lambda: started(stub, "OPENING", application=elsewhere))
    assert (failure.reason, failure.metadata["field"]) == ("NOT_COMPETENT", "application.domicile.division_code")
    reserved = asked(name=None, name_reservation_id="nam_none")
    failure = refused_with(lambda: started(stub, "OPENING", application=reserved))
    assert (failure.reason, failure.metadata["field"]) == ("RESERVATION_NOT_FOUND", "application.name_reservation_id")
