"""A change of legal representative or operator carries the person (实施细则 art. 16; 促进个体工商户发展条例 art. 13)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.store import RegisterStore
from services.registration.store.entity_cases import EntityCaseDocument
from services.registration.usecases import entities
from services.registration.usecases.context import Parts
from shared.clock import FixedClock
from tests.integration.registration.conftest import decide, received
from tests.integration.registration.test_applications import refused_with
from tests.integration.registration.test_entity_cases import REGISTRAR, acted, entity_of, opened, registered
from tests.integration.registration.test_persons import HEAD, INVESTOR, by_person, revoked

pytestmark = pytest.mark.integration
# 李小红 becomes the head; 王大明 is another person
NEW = {"name": "李小红", "id_type": "RESIDENT_ID", "id_number": "32041119880307003X", "identity_check": "FACE"}
BY_REGISTRAR: dict[str, Any] = {"by": REGISTRAR, "division_code": "320411"}
CHANGE = {"event_date": "2025-03-01"}
OPERATOR = CHANGE | {"taxes_settled": "true", "debts_dealt_with": "true"}


@pytest.fixture(autouse=True)
def in_a_known_year(clock: FixedClock) -> None:
    clock.set(datetime(2025, 3, 3, 2, tzinfo=UTC))


def person(**change: str) -> Any:
    return pb.Person(**(NEW | change))


def ids(stub: Any, who: dict[str, str]) -> list[str]:
    return [entity.entity_id for entity in by_person(stub, who).entities]


def name_on_the_licence(parts: Parts, entity: Any) -> str:
    (facts,) = entities.licence_facts(parts, [entity.entity_id], "REISSUE_LICENCE", "certificates")
    return str(facts["legal_representative"])


def as_sole_trader(store: RegisterStore, entity: Any) -> Any:
    change = {"entity_type": "SOLE_TRADER", "name": "常州云帆服饰店"}
    store.entities.update_one({"_id": entity.entity_id}, {"$set": change})
    return entity


def test_when_the_change_is_registered_the_licence_shows_the_new_name_and_the_person_is_found(
    stub: Any, parts: Parts, store: RegisterStore
) -> None:
    company = registered(stub)
    case = opened(stub, company, "CHANGE", CHANGE, person=person()).entity_case
    assert case.facts["new_legal_representative_masked"] == "李*红"
    stored = store.cases.find(case.entity_case_id) or {}
    assert NEW["id_number"] not in str(stored)
    assert NEW["name"] not in str(stored)
    EntityCaseDocument._from_son(stored).validate()
    assert name_on_the_licence(parts, company) == HEAD["name"]
    assert ids(stub, NEW) == []

    acted(stub, case, "REGISTER", "register", **BY_REGISTRAR)

    changed = entity_of(stub, company)
    assert (changed.legal_representative_masked, changed.version) == ("李*红", company.version + 1)
    assert name_on_the_licence(parts, company) == NEW["name"]
    assert ids(stub, NEW) == [company.entity_id]
    assert ids(stub, INVESTOR) == [company.entity_id]  # who holds shares still does
    assert ids(stub, HEAD) == []
    assert parts.outbox.entries[-1]["data"]["facts"] == ["legal_representative_masked"]  # type: ignore[attr-defined]
    assert NEW["name"] not in str(parts.outbox.entries)  # type: ignore[attr-defined]
    assert "person" not in (store.cases.find(case.entity_case_id) or {})


def test_the_old_head_who_holds_shares_is_still_found(stub: Any) -> None:
    capital = 500_000_000
    receipt = received(stub, "own", investors=[{"person": HEAD, "amount_fen": capital}])
    application = decide(stub, receipt.application_id).application
    company = stub.GetEntity(rpc.GetEntityRequest(entity_id=application.entity_id)).entity
    case = opened(stub, company, "CHANGE", CHANGE, person=person()).entity_case
    acted(stub, case, "REGISTER", "register", **BY_REGISTRAR)
    assert ids(stub, HEAD) == ids(stub, NEW) == [company.entity_id]


def test_another_person_with_the_same_mask_is_registered_too(stub: Any, parts: Parts) -> None:
    company = registered(stub)
    for number, name in enumerate(("王小明", "王大明")):
        case = opened(stub, company, "CHANGE", CHANGE, f"open-{number}", person=person(name=name)).entity_case
        acted(stub, case, "REGISTER", f"register-{number}", **BY_REGISTRAR)
    assert (entity_of(stub, company).legal_representative_masked, name_on_the_licence(parts, company)) == (
        "王*明", "王大明",
    )  # fmt: skip


def test_a_change_that_is_refused_leaves_the_person_as_it_was_and_keeps_nobody(
    stub: Any, parts: Parts, store: RegisterStore
) -> None:
    company = registered(stub)
    case = opened(stub, company, "CHANGE", CHANGE, person=person()).entity_case
    extended = acted(stub, case, "EXTEND", "extend", {"approved_by": "head-7"}, **BY_REGISTRAR)
    assert (store.cases.find(case.entity_case_id) or {})["person"]
    acted(stub, extended, "REFUSE", "refuse", {"reason_codes": "MATERIALS"}, **BY_REGISTRAR)
    assert name_on_the_licence(parts, company) == HEAD["name"]
    assert "person" not in (store.cases.find(case.entity_case_id) or {})


def test_the_same_command_with_its_person_is_recognised_and_another_person_is_another_content(stub: Any) -> None:
    company = registered(stub)
    first = opened(stub, company, "CHANGE", CHANGE, person=person())
    second = opened(stub, company, "CHANGE", CHANGE, person=person())
    assert (second.entity_case.entity_case_id, second.replayed) == (first.entity_case.entity_case_id, True)
    failure = refused_with(lambda: opened(stub, company, "CHANGE", CHANGE, person=person(name="李大红")))
    assert failure.reason == "IDEMPOTENCY_KEY_REUSED"


@pytest.mark.parametrize(
    ("kind", "facts", "who", "field", "reason"),
    [
        ("CHANGE", {"new_legal_representative_masked": "李*红"}, None, "person", "PERSON_MISSING"),
        ("CHANGE", {}, {"identity_check": ""}, "person.identity_check", "IDENTITY_NOT_CHECKED"),
        ("CHANGE", {}, {"id_number": "320411198803070031"}, "person.id_number", "RESIDENT_ID_CHECK_DIGIT"),
        ("CHANGE", {}, {"name": " "}, "person.name", "PERSON_NAME_MISSING"),
        ("DORMANCY", {"until": "2025-06-01"}, {}, "person", "PERSON_NOT_ASKED"),
        ("CHANGE_OF_OPERATOR", {}, {}, "entity_id", "NO_SOLE_TRADER"),
        ("CHANGE_OF_OPERATOR", {}, None, "person", "PERSON_MISSING"),
    ],
)
def test_a_person_that_is_missing_or_not_in_form_is_told_by_its_field_and_nothing_is_stored(
    stub: Any,
    store: RegisterStore,
    kind: str,
    facts: dict[str, str],
    who: dict[str, str] | None,
    field: str,
    reason: str,
) -> None:
    company = registered(stub)
    more = {"person": person(**who)} if who is not None else {}
    failure = refused_with(lambda: opened(stub, company, kind, CHANGE | facts, **more))
    assert [(v.field, v.reason) for v in failure.violations] == [(field, reason)]
    assert NEW["id_number"] not in failure.message
    assert store.cases.collection.count_documents({}) == 0


def test_nobody_notes_a_mask_in_a_step(stub: Any) -> None:
    company = registered(stub)
    case = opened(stub, company, "CHANGE", CHANGE, person=person()).entity_case
    facts = {"approved_by": "head-7", "new_legal_representative_masked": "赵*"}
    failure = refused_with(lambda: acted(stub, case, "EXTEND", "extend", facts, **BY_REGISTRAR))
    assert failure.violations[0].field == "facts.new_legal_representative_masked"


def test_the_operator_of_a_sole_trader_changes_directly_with_taxes_settled_and_debts_dealt_with(
    stub: Any, parts: Parts, store: RegisterStore
) -> None:
    trader = as_sole_trader(store, registered(stub))
    failure = refused_with(lambda: opened(stub, trader, "CHANGE", CHANGE, person=person()))
    assert (failure.violations[0].field, failure.reason) == ("kind", "CHANGE_OF_OPERATOR_NEEDED")
    assert "发展条例 art. 13" in failure.message
    failure = refused_with(lambda: opened(stub, trader, "CHANGE_OF_OPERATOR", CHANGE, person=person()))
    assert [v.field for v in failure.violations] == ["facts.taxes_settled", "facts.debts_dealt_with"]

    case = opened(stub, trader, "CHANGE_OF_OPERATOR", OPERATOR, person=person()).entity_case
    acted(stub, case, "REGISTER", "register", **BY_REGISTRAR)

    changed = entity_of(stub, trader)
    assert (changed.uscc, changed.legal_representative_masked) == (trader.uscc, "李*红")
    assert name_on_the_licence(parts, trader) == NEW["name"]


@pytest.mark.parametrize("who", [None, {}])
def test_a_converted_sole_trader_is_headed_by_its_operator_unless_somebody_else_is_named(
    stub: Any, parts: Parts, store: RegisterStore, who: dict[str, str] | None
) -> None:
    trader = as_sole_trader(store, registered(stub))
    facts = OPERATOR | {
        "new_entity_type": "LIMITED_COMPANY", "new_name": "常州云帆服饰有限公司", "new_capital_fen": "10000000",
        "new_paid_in_due_date": "2030-03-03",
    }  # fmt: skip
    more = {"person": person()} if who is not None else {}
    case = opened(stub, trader, "CONVERSION", facts, **more).entity_case
    acted(stub, case, "REGISTER", "register", **BY_REGISTRAR)
    assert name_on_the_licence(parts, trader) == (NEW if who is not None else HEAD)["name"]
    shown = entity_of(stub, trader).legal_representative_masked
    assert shown == ("李*红" if who is not None else trader.legal_representative_masked)


def test_T13_who_is_barred_becomes_no_legal_representative_neither_now_nor_when_it_is_registered(
    stub: Any, parts: Parts
) -> None:
    false, company = registered(stub, 1), registered(stub, 2)
    waiting = opened(stub, company, "CHANGE", CHANGE, person=person()).entity_case
    revoked(stub, false, NEW)
    failure = refused_with(lambda: acted(stub, waiting, "REGISTER", "register", **BY_REGISTRAR))
    assert (failure.reason, failure.metadata["until"]) == ("PERSON_BARRED", "2028-03-03")
    assert name_on_the_licence(parts, company) == HEAD["name"]
    other = registered(stub, 3)
    failure = refused_with(lambda: opened(stub, other, "CHANGE", CHANGE, "open-other", person=person()))
    assert failure.reason == "PERSON_BARRED"


def test_a_false_legal_representative_who_is_revoked_alone_is_on_no_licence_and_not_found(
    stub: Any, parts: Parts, store: RegisterStore
) -> None:
    company = registered(stub)
    opening = opened(stub, company, "IMPERSONATION", {}).entity_case
    case = acted(stub, opening, "ACCEPT", "accept", {"identity_verified": "true"}, **BY_REGISTRAR)
    items = {"reason_codes": "FALSE_ITEM", "items": "legal_representative"}
    acted(stub, case, "REVOKE", "revoke", items, **BY_REGISTRAR)
    assert name_on_the_licence(parts, company) == ""
    assert ids(stub, HEAD) == []
    assert ids(stub, INVESTOR) == [company.entity_id]


def test_what_an_entity_resembles_follows_its_name_address_and_person(stub: Any, store: RegisterStore) -> None:
    company = registered(stub)

    def keys() -> set[str]:
        return set((store.entity(company.entity_id) or {})["match_keys"])

    first = keys()
    facts = CHANGE | {"new_name": "常州星河机械有限公司", "new_address": "太湖路1号"}
    case = opened(stub, company, "CHANGE", facts, person=person()).entity_case
    acted(stub, case, "REGISTER", "register", **BY_REGISTRAR)
    assert not first & keys()
    assert len(keys()) == len(first)
