"""Cases about entities over the contract, on a real store (mission 4-04, R-04, R-05; domain-rules §2)."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.domain.cases.engine import Party
from services.registration.domain.naming import name_key, parse_name
from services.registration.store.register import RegisterStore
from services.registration.usecases.context import Parts
from services.registration.usecases.entity_cases import act_on_due_case, open_entity_case
from shared.clock import FixedClock
from shared.commands import Command
from shared.due_items import sweep_due
from tests.integration.registration.conftest import asked, context, decide, received, sample_row, submit
from tests.integration.registration.test_applications import refused_with

pytestmark = pytest.mark.integration
DUE_ITEMS = int(os.environ.get("DUE_ITEMS", "40"))
GOOD = {"no_debts": "true", "all_investors_signed": "true"}
APPLICANT, REGISTRAR = rpc.CASE_PARTY_APPLICANT, rpc.CASE_PARTY_REGISTRAR


@pytest.fixture(autouse=True)
def in_a_known_year(clock: FixedClock) -> None:
    clock.set(datetime(2025, 3, 3, 2, tzinfo=UTC))


def registered(stub: Any, number: int = 0) -> Any:
    """An entity that exists."""
    receipt = received(stub, f"key-{number}", name=f"常州{chr(0x5929 + number)}河机械有限公司")
    application = decide(stub, receipt.application_id, key=f"decide-{number}").application
    return stub.GetEntity(rpc.GetEntityRequest(entity_id=application.entity_id)).entity


def opened(stub: Any, entity: Any, kind: str, facts: dict[str, str], key: str = "open", **more: Any) -> Any:
    request = rpc.OpenEntityCaseRequest(
        context=context(key, more.pop("client", "client-1")), kind=kind, entity_id=entity.entity_id, facts=facts,
        by=more.pop("by", APPLICANT), **more,
    )  # fmt: skip
    return stub.OpenEntityCase(request)


def acted(stub: Any, case: Any, action: str, key: str, facts: dict[str, str] | None = None, **more: Any) -> Any:
    request = rpc.ActOnEntityCaseRequest(
        context=context(key), entity_case_id=case.entity_case_id, action=action, facts=facts or {},
        expected_version=more.pop("version", case.version), by=more.pop("by", APPLICANT), **more,
    )  # fmt: skip
    return stub.ActOnEntityCase(request).entity_case


def sweep(parts: Parts, store: RegisterStore) -> int:
    return sweep_due(store.cases.collection, parts.clock, lambda case_id: act_on_due_case(parts, case_id))


def entity_of(stub: Any, entity: Any) -> Any:
    return stub.GetEntity(rpc.GetEntityRequest(entity_id=entity.entity_id)).entity


def test_a_simplified_cancellation_from_notice_to_the_end_and_its_name_rests_a_year(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    entity = registered(stub)
    case = opened(stub, entity, "SIMPLIFIED_CANCELLATION", GOOD).entity_case
    assert (case.state, entity_of(stub, entity).state) == ("ANNOUNCED", pb.ENTITY_STATE_CANCELLING)
    assert {step.action for step in case.steps} == {"OBJECT", "WITHDRAW"}
    (notice,) = case.deadlines
    assert (notice.due_date, "登记管理条例 art. 33" in notice.explanation[0]) == ("2025-03-24", True)
    assert sweep(parts, store) == 0
    clock.set(datetime(2025, 3, 25, 2, tzinfo=UTC))
    assert sweep(parts, store) == 1
    case = stub.GetEntityCase(rpc.GetEntityCaseRequest(entity_case_id=case.entity_case_id)).entity_case
    assert (case.state, case.owed_by, case.owed) == ("OPEN_FOR_APPLICATION", "applicant", "application")

    case = acted(stub, case, "APPLY", "apply")

    assert (case.state, case.owed_by) == ("CANCELLED", "")
    assert entity_of(stub, entity).state == pb.ENTITY_STATE_CANCELLED
    assert parts.outbox.types()[-2:] == ["EntityCaseMoved", "EntityStateChanged"]  # type: ignore[attr-defined]
    assert store.cases.collection.count_documents({"next_due_time": {"$exists": True}}) == 0
    again = submit(stub, asked(name=entity.name), "again")
    assert again.failure.reason == "NAME_TAKEN"
    clock.set(datetime(2026, 3, 26, 2, tzinfo=UTC))
    assert submit(stub, asked(name=entity.name), "a-year-later").receipt.application_id


def test_an_amount_of_nothing_is_no_capital(stub: Any) -> None:
    trader = dict(sample_row(2).application) | {"capital": {"amount_fen": 0, "currency": "CNY"}}
    assert trader["entity_type"] == "SOLE_TRADER"
    made = decide(stub, received(stub, **({"investors": None} | trader)).application_id).application
    entity = stub.GetEntity(rpc.GetEntityRequest(entity_id=made.entity_id)).entity
    assert not entity.HasField("capital")
    more = {"event_date": "2025-03-01", "new_capital_fen": "100"}
    assert refused_with(lambda: opened(stub, entity, "CHANGE", more)).reason == "NO_CAPITAL"


def test_what_is_done_once_only_is_no_step_any_more(stub: Any) -> None:
    change = {"event_date": "2025-03-01", "new_address": "常州市新北区黄河路1号"}
    case = opened(stub, registered(stub), "CHANGE", change).entity_case
    assert "EXTEND" in {step.action for step in case.steps}
    registrar = {"by": REGISTRAR, "division_code": "320411"}
    case = acted(stub, case, "EXTEND", "extend", {"approved_by": "head-7"}, **registrar)
    assert {step.action for step in case.steps} == {"REGISTER", "REFUSE", "WITHDRAW"}
    assert refused_with(lambda: acted(stub, case, "EXTEND", "b", {"approved_by": "head-7"}, **registrar)).reason == (
        "CLOCK_ALREADY_EXTENDED"
    )
    case = opened(stub, registered(stub, 2), "IMPERSONATION", {}, "x", by=REGISTRAR).entity_case
    case = acted(stub, case, "ACCEPT", "accept", **registrar)
    case = acted(stub, case, "PUBLISH_NOTICE", "notice", **registrar)
    case = acted(stub, case, "OBJECT", "object", {"reason_codes": "KNOWN"}, **registrar)
    assert (case.state, "PUBLISH_NOTICE" in {step.action for step in case.steps}) == ("INQUIRY", False)


def test_T36_a_deadline_that_cannot_be_told_yet_says_what_it_is_counted_from_and_why(
    stub: Any, clock: FixedClock
) -> None:
    entity = registered(stub)
    clock.set(datetime(2026, 11, 26, 2, tzinfo=UTC))
    case = opened(stub, entity, "ORDINARY_CANCELLATION", {}).entity_case
    assert (case.owed, case.owed_until.ToDatetime(tzinfo=UTC)) == (
        "creditors_notice",
        datetime(2026, 12, 7, 16, tzinfo=UTC),
    )
    (untold,) = [one for one in case.deadlines if not one.due_date]
    assert (untold.clock, untold.state) == ("creditors_notice", "UNKNOWN")
    assert list(untold.explanation) == [
        "STARTED: 2026-11-26 → ?, 60 natural_day (公司法 (2023) art. 235)", "CALENDAR_NOT_LOADED",
    ]  # fmt: skip


def test_T36_who_has_read_a_case_that_is_only_looked_at_again_has_read_it_as_it_stands(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    clock.set(datetime(2026, 11, 27, 2, tzinfo=UTC))
    case = opened(stub, registered(stub), "IMPERSONATION", {}).entity_case
    registrar = {"by": REGISTRAR, "division_code": "320411"}
    read = acted(stub, case, "ACCEPT", "accept", {"identity_verified": "true"}, **registrar)
    for day in (28, 29, 30):  # the calendar in which the inquiry ends is not loaded: it is looked for every day
        clock.set(datetime(2026, 11, day, 3, tzinfo=UTC))
        sweep(parts, store)
        (stored,) = store.cases.collection.find()
        assert (stored["version"], stored["next_due_time"]) == (read.version, clock.now() + timedelta(days=1))
    acted(stub, read, "EXTEND", "extend", {"approved_by": "head-7"}, **registrar)  # at the version that was read


def test_the_same_command_is_done_once_and_another_open_case_of_the_kind_is_refused(
    stub: Any, store: RegisterStore
) -> None:
    entity = registered(stub)
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: opened(stub, entity, "SIMPLIFIED_CANCELLATION", GOOD), range(4)))
    assert len({one.entity_case.entity_case_id for one in told}) == 1
    assert sum(one.replayed for one in told) == 3
    failure = refused_with(lambda: opened(stub, entity, "SIMPLIFIED_CANCELLATION", GOOD, "other"))
    assert failure.reason == "ENTITY_STATE_NOT_ALLOWED"
    opened(stub, entity, "ABNORMAL_LISTING", {"reason_codes": "SEAT_NOT_FOUND"}, "list", by=REGISTRAR)
    failure = refused_with(
        lambda: opened(stub, entity, "ABNORMAL_LISTING", {"reason_codes": "X"}, "list-2", by=REGISTRAR)
    )
    assert failure.reason == "CASE_ALREADY_OPEN"
    assert store.cases.collection.count_documents({}) == 2


def test_T11_a_bar_is_told_with_its_article_and_nothing_is_stored(stub: Any, store: RegisterStore) -> None:
    entity = registered(stub)
    opened(stub, entity, "ABNORMAL_LISTING", {"reason_codes": "SEAT_NOT_FOUND"}, "list", by=REGISTRAR)
    assert list(entity_of(stub, entity).flags) == ["ABNORMAL_LIST"]

    failure = refused_with(lambda: opened(stub, entity, "SIMPLIFIED_CANCELLATION", GOOD))

    assert failure.reason == "ON_ABNORMAL_LIST"
    assert "art. 48(1)" in failure.message
    assert store.cases.collection.count_documents({"kind": "SIMPLIFIED_CANCELLATION"}) == 0
    assert entity_of(stub, entity).state == pb.ENTITY_STATE_ACTIVE


def test_a_change_of_name_holds_the_new_one_and_a_taken_one_changes_nothing(
    stub: Any, parts: Parts, store: RegisterStore
) -> None:
    first, second = registered(stub, 1), registered(stub, 2)
    facts = {"event_date": "2025-03-01", "new_name": second.name}
    registrar = {"by": REGISTRAR, "division_code": "320411"}
    assert refused_with(lambda: opened(stub, first, "CHANGE", facts)).reason == "NAME_TAKEN"
    facts["new_name"] = "常州星河机械有限公司"
    case = opened(stub, first, "CHANGE", facts).entity_case
    received(stub, "faster", name="常州星河机械有限公司")
    failure = refused_with(lambda: acted(stub, case, "REGISTER", "register", **registrar))
    assert failure.reason == "NAME_TAKEN"
    assert entity_of(stub, first).name == first.name
    assert stub.GetEntityCase(rpc.GetEntityCaseRequest(entity_case_id=case.entity_case_id)).entity_case.version == 1
    store.names.delete_one({"full_name": "常州星河机械有限公司"})

    acted(stub, case, "REGISTER", "register-2", **registrar)

    assert entity_of(stub, first).name == "常州星河机械有限公司"
    assert store.names.count_documents({"state": "RESTING"}) == 1
    assert parts.outbox.entries[-1]["data"]["facts"] == ["name"]  # type: ignore[attr-defined]
    assert submit(stub, asked(name="常州星河机械有限公司"), "k").failure.reason == "NAME_TAKEN"


def test_T16_a_converted_sole_trader_keeps_its_code_and_its_old_name_rests(
    stub: Any, parts: Parts, store: RegisterStore
) -> None:
    trader = registered(stub)
    old_key = name_key(parse_name("常州云帆服饰店", "SOLE_TRADER", "320411"), "320411")
    change = {"entity_type": "SOLE_TRADER", "name": "常州云帆服饰店"}
    store.entities.update_one({"_id": trader.entity_id}, {"$set": change})
    held = dict(store.names.find_one({"state": "REGISTERED"}) or {}) | {"_id": old_key, "full_name": change["name"]}
    store.names.insert_one({k: v for k, v in held.items() if k != "reservation_id"})
    facts = {"taxes_settled": "true", "debts_dealt_with": "true", "new_entity_type": "LIMITED_COMPANY"}
    facts |= {"new_capital_fen": "10000000", "new_paid_in_due_date": "2030-03-03"}
    case = opened(stub, trader, "CONVERSION", facts | {"new_name": "常州云帆服饰有限公司"}).entity_case

    acted(stub, case, "REGISTER", "register", by=REGISTRAR, division_code="320411")

    company = entity_of(stub, trader)
    assert (company.uscc, company.founding_date) == (trader.uscc, trader.founding_date)
    assert (company.name, company.entity_type) == ("常州云帆服饰有限公司", pb.ENTITY_TYPE_LIMITED_COMPANY)
    new_key = name_key(parse_name(company.name, "LIMITED_COMPANY", "320411"), "320411")
    kept = {n["_id"]: n["state"] for n in store.names.find({"_id": {"$in": [old_key, new_key]}})}
    assert kept == ({old_key: "RESTING", new_key: "REGISTERED"} if old_key != new_key else {old_key: "REGISTERED"})


def test_only_the_registrar_of_its_division_and_only_the_applicant_itself_take_their_steps(stub: Any) -> None:
    entity = registered(stub)
    case = opened(stub, entity, "CHANGE", {"event_date": "2025-03-01", "new_address": "科技路2号"}).entity_case
    other = refused_with(lambda: acted(stub, case, "REGISTER", "a", by=REGISTRAR, division_code="320402"))
    assert other.reason == "DIVISION_MISMATCH"
    assert refused_with(lambda: acted(stub, case, "REGISTER", "b")).reason == "NOT_YOUR_STEP"
    assert (
        refused_with(lambda: acted(stub, case, "WITHDRAW", "c", only_client_id="client-2")).reason
        == "ENTITY_CASE_NOT_FOUND"
    )
    assert refused_with(lambda: acted(stub, case, "APPLY", "d")).reason == "ACTION_UNKNOWN"
    assert refused_with(lambda: acted(stub, case, "WITHDRAW", "e", version=7)).reason == "STALE_VERSION"
    assert acted(stub, case, "WITHDRAW", "f").state == "WITHDRAWN"


def test_a_case_about_an_entity_of_another_registrar_is_not_opened_here(stub: Any, store: RegisterStore) -> None:
    entity = registered(stub)
    store.entities.update_one({"_id": entity.entity_id}, {"$set": {"division_code": "320402"}})
    failure = refused_with(lambda: opened(stub, entity, "SIMPLIFIED_CANCELLATION", GOOD))
    assert failure.reason == "DIVISION_MISMATCH"
    assert store.cases.collection.count_documents({}) == 0


def test_two_sweepers_at_once_act_once_on_each_case(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    """`DUE_ITEMS=10000` plays it at the size of a bad day."""
    template = store.entity(registered(stub).entity_id)
    assert template is not None
    kept = {k: v for k, v in template.items() if k not in ("timeline", "pending", "commands")}
    store.insert_entities([kept | {"_id": f"ent_{n}", "uscc": f"code-{n}"} for n in range(DUE_ITEMS)])
    for number in range(DUE_ITEMS):
        command = Command("client-1", f"open-{number}", b"x")
        open_entity_case(parts, command, "SIMPLIFIED_CANCELLATION", f"ent_{number}", "", GOOD, Party.APPLICANT)
    clock.set(datetime(2025, 3, 25, 2, tzinfo=UTC))

    def sweep_all() -> int:
        return sum(iter(lambda: sweep(parts, store), 0))

    with ThreadPoolExecutor(2) as pool:
        acted_on = sum(pool.map(lambda _: sweep_all(), range(2)))

    assert acted_on == DUE_ITEMS
    assert store.cases.collection.count_documents({"state": "OPEN_FOR_APPLICATION"}) == DUE_ITEMS
    moved = [e for e in parts.outbox.entries if e["data"].get("state") == "OPEN_FOR_APPLICATION"]  # type: ignore[attr-defined]
    assert len(moved) == DUE_ITEMS


def test_a_revoked_licence_overtakes_a_cancellation_and_the_case_ends(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    entity = registered(stub)
    case = opened(stub, entity, "SIMPLIFIED_CANCELLATION", GOOD).entity_case
    stub.ChangeEntityState(
        rpc.ChangeEntityStateRequest(
            context=context("revoke"), entity_id=entity.entity_id, division_code="320411", expected_version=2,
            state=pb.ENTITY_STATE_LICENCE_REVOKED, reason_code="PENALTY",
        )
    )  # fmt: skip
    clock.advance(timedelta(seconds=1))
    assert sweep(parts, store) == 1
    case = stub.GetEntityCase(rpc.GetEntityCaseRequest(entity_case_id=case.entity_case_id)).entity_case
    assert case.state == "OVERTAKEN"
    assert sweep(parts, store) == 0
    listed = stub.ListEntityCases(rpc.ListEntityCasesRequest(entity_id=entity.entity_id)).entity_cases
    assert [one.entity_case_id for one in listed] == [case.entity_case_id]


def test_an_entity_is_shown_as_it_stood_on_any_day(stub: Any, clock: FixedClock) -> None:
    entity = registered(stub)
    registrar = {"by": REGISTRAR, "division_code": "320411"}
    for day, address in ((4, "科技路2号"), (6, "科技路3号")):
        clock.set(datetime(2025, 3, day, 2, tzinfo=UTC))
        facts = {"event_date": "2025-03-01", "new_address": address}
        case = opened(stub, entity, "CHANGE", facts, f"open-{day}").entity_case
        acted(stub, case, "REGISTER", f"register-{day}", **registrar)
    clock.set(datetime(2025, 3, 10, 2, tzinfo=UTC))
    opened(stub, entity, "SIMPLIFIED_CANCELLATION", GOOD, "cancel")

    def on(day: str) -> Any:
        return stub.GetEntity(rpc.GetEntityRequest(entity_id=entity.entity_id, as_of=day)).entity

    assert [on(f"2025-03-{day:02}").domicile.address for day in (3, 4, 5, 6, 9)] == [
        entity.domicile.address, "科技路2号", "科技路2号", "科技路3号", "科技路3号",
    ]  # fmt: skip
    assert (on("2025-03-09").state, on("2025-03-10").state) == (pb.ENTITY_STATE_ACTIVE, pb.ENTITY_STATE_CANCELLING)
    assert refused_with(lambda: on("2025-03-02")).reason == "ENTITY_NOT_FOUND"
    assert refused_with(lambda: on("2025-02-30")).violations[0].field == "as_of"
    assert on("2025-03-10").state == pb.ENTITY_STATE_CANCELLING  # today
    assert refused_with(lambda: on("2025-03-11")).reason == "DATE_IN_FUTURE"


def test_an_authority_reads_and_lists_the_cases_in_which_it_has_a_part_and_no_others(stub: Any) -> None:
    entity = registered(stub)
    change = opened(stub, entity, "CHANGE", {"event_date": "2025-03-01", "new_address": "通江路9号"}, "c").entity_case
    ended = opened(stub, entity, "SIMPLIFIED_CANCELLATION", GOOD, "s").entity_case

    def read(case: Any, **more: Any) -> Any:
        request = rpc.GetEntityCaseRequest(entity_case_id=case.entity_case_id, only_client_id="tax", **more)
        return stub.GetEntityCase(request).entity_case

    def listed(**more: Any) -> list[str]:
        found = stub.ListEntityCases(rpc.ListEntityCasesRequest(entity_id=entity.entity_id, **more)).entity_cases
        return [case.entity_case_id for case in found]

    authority = rpc.CASE_PARTY_AUTHORITY
    assert read(ended, as_party=authority).version == ended.version
    assert refused_with(lambda: read(ended)).reason == "ENTITY_CASE_NOT_FOUND"
    assert refused_with(lambda: read(change, as_party=authority)).reason == "ENTITY_CASE_NOT_FOUND"
    assert listed(as_party=authority) == [ended.entity_case_id]
    assert listed() == [ended.entity_case_id, change.entity_case_id]


def test_who_is_shown_a_step_can_take_it_and_a_move_may_be_asked_for_by_the_other_registrar(stub: Any) -> None:
    """What a court orders and another registrar asks for is entered by the registrar (条例 art. 27, 民事诉讼法 art. 253)."""
    entity, here = registered(stub), {"by": REGISTRAR, "division_code": "320411"}
    order = {"court_ref": "(2025)苏0411执123号", "until": "2026-03-03"}
    refused = refused_with(lambda: opened(stub, entity, "SHARES_FREEZE", order, "court", by=rpc.CASE_PARTY_AUTHORITY))
    assert refused.reason == "NOT_YOUR_STEP"
    freeze = opened(stub, entity, "SHARES_FREEZE", order, "freeze", **here).entity_case
    assert {party for step in freeze.steps for party in step.by} == {"registrar"}
    asked_for = {"to_division_code": "320402", "taking_over_ref": "QR-1"}
    move = opened(stub, entity, "MOVE_OUT", asked_for, "move", **here).entity_case
    assert acted(stub, move, "WITHDRAW", "back", **here).state == "WITHDRAWN"
