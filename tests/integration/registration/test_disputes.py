"""What a revocation takes away and what undoing it brings back (mission R-04; T13; 条例 arts. 40, 42), and disputes about names
beside other procedures (R-05; 名称规定 art. 23), over the contract on a real store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.store import RegisterStore
from services.registration.store.documents import Entity as EntityDocument
from services.registration.store.entity_cases import EntityCaseDocument
from services.registration.usecases.context import Parts
from shared.clock import FixedClock
from tests.integration.registration.test_applications import refused_with
from tests.integration.registration.test_case_persons import (
    BY_REGISTRAR,
    CHANGE,
    NEW,
    OPERATOR,
    as_sole_trader,
    ids,
    name_on_the_licence,
    person,
)
from tests.integration.registration.test_entity_cases import acted, entity_of, opened, registered, sweep
from tests.integration.registration.test_entity_states import change
from tests.integration.registration.test_persons import HEAD, INVESTOR, revoked
from tests.integration.registration.test_share_transfers import holders

pytestmark = pytest.mark.integration
WHY, WRONG = {"reason_codes": "FALSE_ITEM"}, {"reason_codes": "REVOKED_WRONGLY"}
ITEMS = "legal_representative,shareholders,business_scope,address,capital,name"


@pytest.fixture(autouse=True)
def in_a_known_year(clock: FixedClock) -> None:
    clock.set(datetime(2025, 3, 3, 2, tzinfo=UTC))


def impersonated(who: dict[str, str]) -> dict[str, Any]:
    return {"person": pb.Person(id_type=who["id_type"], id_number=who["id_number"])}


def inquiry(stub: Any, entity: Any, **more: Any) -> Any:
    opening = opened(stub, entity, "IMPERSONATION", {}, f"impersonation-{entity.entity_id}", **more).entity_case
    verified = {"identity_verified": "true"}
    return acted(stub, opening, "ACCEPT", f"accept-{entity.entity_id}", verified, **BY_REGISTRAR)


def test_R04_undoing_brings_the_sealed_persons_back_who_were_in_no_event_meanwhile(
    stub: Any, parts: Parts, store: RegisterStore
) -> None:
    company = registered(stub)
    case = acted(stub, inquiry(stub, company, **impersonated(INVESTOR)), "REVOKE", "revoke", WHY | {"items": ITEMS},
                 **BY_REGISTRAR)  # fmt: skip
    emptied = entity_of(stub, company)
    assert (emptied.legal_representative_masked, emptied.business_scope, emptied.domicile.address) == ("", "", "")
    assert (emptied.HasField("capital"), emptied.shown_name) == (False, company.uscc)
    assert (name_on_the_licence(parts, company), ids(stub, HEAD), ids(stub, INVESTOR)) == ("", [], [])
    stored = store.cases.find(case.entity_case_id) or {}
    EntityCaseDocument._from_son(stored).validate()
    EntityDocument._from_son(store.entity(company.entity_id) or {}).validate()
    for told in (str(stored), str(parts.outbox.entries), str(case)):  # type: ignore[attr-defined]
        assert not any(secret in told for who in (HEAD, INVESTOR) for secret in (who["name"], who["id_number"]))

    acted(stub, case, "UNDO", "undo", WRONG, **BY_REGISTRAR)

    restored = entity_of(stub, company)
    for fact in (
        "legal_representative_masked",
        "business_scope",
        "domicile",
        "capital",
        "shown_name",
        "flags",
        "state",
    ):
        assert getattr(restored, fact) == getattr(company, fact), fact
    assert name_on_the_licence(parts, company) == HEAD["name"]
    assert ids(stub, HEAD) == ids(stub, INVESTOR) == [company.entity_id]
    assert "taken_out" not in (store.cases.find(case.entity_case_id) or {})


def test_R04_who_was_registered_since_stays_when_a_revocation_is_undone(stub: Any, parts: Parts) -> None:
    company = registered(stub)
    items = {"items": "legal_representative"}
    case = acted(stub, inquiry(stub, company), "REVOKE", "revoke", WHY | items, **BY_REGISTRAR)
    anew = opened(stub, company, "CHANGE", CHANGE, "anew", person=person()).entity_case
    acted(stub, anew, "REGISTER", "register", **BY_REGISTRAR)
    acted(stub, case, "UNDO", "undo", WRONG, **BY_REGISTRAR)
    assert (name_on_the_licence(parts, company), ids(stub, HEAD)) == (NEW["name"], [])


def test_R04_a_false_shareholder_of_a_transfer_goes_alone_and_comes_back_with_the_share(
    stub: Any, parts: Parts, store: RegisterStore
) -> None:
    company = registered(stub)
    transfer = opened(
        stub, company, "CHANGE", CHANGE | {"transfers_shares": "true"}, "transfer", investors=holders(company)
    ).entity_case
    acted(stub, transfer, "REGISTER", "register", **BY_REGISTRAR)

    def kept() -> list[dict[str, Any]]:
        sealed = (store.entity(company.entity_id) or {})["investors"]
        found: list[dict[str, Any]] = msgspec.json.decode(parts.sealer.open(sealed, company.entity_id))
        return found

    before = kept()
    items = WHY | {"items": "shareholders"}
    case = acted(stub, inquiry(stub, company, **impersonated(NEW)), "REVOKE", "revoke", items, **BY_REGISTRAR)
    assert ([one["uscc"] for one in kept()], ids(stub, NEW)) == (["91320411MAXX00023F"], [])
    assert parts.outbox.entries[-1]["data"]["facts"] == ["shareholders"]  # type: ignore[attr-defined]
    acted(stub, case, "UNDO", "undo", WRONG, **BY_REGISTRAR)
    assert sorted(map(str, kept())) == sorted(map(str, before))
    assert (ids(stub, NEW), ids(stub, HEAD)) == ([company.entity_id], [company.entity_id])


@pytest.mark.parametrize("who", [None, NEW])
def test_only_shares_of_the_person_who_was_impersonated_are_revoked(
    stub: Any, store: RegisterStore, who: dict[str, str] | None
) -> None:
    company = registered(stub)
    case = inquiry(stub, company, **(impersonated(who) if who else {}))
    failure = refused_with(
        lambda: acted(stub, case, "REVOKE", "revoke", WHY | {"items": "shareholders"}, **BY_REGISTRAR)
    )
    assert [(v.field, v.reason) for v in failure.violations] == [("facts.items", "SHAREHOLDER_NOT_NAMED")]
    assert ids(stub, INVESTOR) == [company.entity_id]
    acted(stub, case, "KEEP", "keep", WHY, **BY_REGISTRAR)
    assert "person" not in (store.cases.find(case.entity_case_id) or {})


def test_R04_a_registration_that_was_revoked_at_once_is_reviewed_and_restored_with_its_name(
    stub: Any, store: RegisterStore
) -> None:
    entity = registered(stub)
    change(stub, entity.entity_id, "LICENCE_REVOKED")
    change(stub, entity.entity_id, "REGISTRATION_REVOKED", 2)
    review = opened(stub, entity, "REVOCATION_REVIEW", {}).entity_case
    assert {step.action for step in review.steps} == {"UNDO", "UPHOLD", "WITHDRAW"}
    assert acted(stub, review, "UNDO", "undo", WRONG, **BY_REGISTRAR).state == "UNDONE"
    restored = entity_of(stub, entity)
    assert (restored.state, restored.state_reason_code) == (pb.ENTITY_STATE_LICENCE_REVOKED, "FALSE_REGISTRATION")
    assert (store.names.find_one({"full_name": entity.name}) or {})["state"] == "REGISTERED"


def test_R04_a_false_registration_is_revoked_also_where_the_licence_was_and_comes_back_so(stub: Any) -> None:
    entity = registered(stub)
    change(stub, entity.entity_id, "LICENCE_REVOKED")
    case = revoked(stub, entity, None)
    assert entity_of(stub, entity).state == pb.ENTITY_STATE_REGISTRATION_REVOKED
    failure = refused_with(lambda: opened(stub, entity, "REVOCATION_REVIEW", {}, "review"))
    assert (failure.reason, failure.metadata["entity_case_id"]) == ("UNDONE_IN_ITS_CASE", case.entity_case_id)
    acted(stub, case, "UNDO", "undo", WRONG, **BY_REGISTRAR)
    assert entity_of(stub, entity).state == pb.ENTITY_STATE_LICENCE_REVOKED
    failure = refused_with(lambda: opened(stub, entity, "REVOCATION_REVIEW", {}, "review-2"))
    assert failure.reason == "ENTITY_STATE_NOT_ALLOWED"


CONVERSION = OPERATOR | {
    "new_entity_type": "LIMITED_COMPANY", "new_name": "常州云帆服饰有限公司", "new_capital_fen": "10000000",
    "new_paid_in_due_date": "2029-03-03",
}  # fmt: skip


@pytest.mark.parametrize(
    ("who", "named", "field"),
    [(HEAD, False, "legal_representative"), (INVESTOR, False, "investors[0]"), (INVESTOR, True, "investors[0]")],
)
def test_T13_who_is_barred_converts_no_sole_trader_neither_as_its_operator_nor_with_capital(
    stub: Any, store: RegisterStore, who: dict[str, str], named: bool, field: str
) -> None:
    false, early, late = registered(stub, 1), registered(stub, 2), registered(stub, 3)
    more = {"person": person()} if named else {}
    waiting = opened(stub, as_sole_trader(store, early), "CONVERSION", CONVERSION, "early", **more).entity_case
    revoked(stub, false, who)
    failure = refused_with(lambda: acted(stub, waiting, "REGISTER", "register", **BY_REGISTRAR))
    assert (failure.reason, failure.metadata["field"]) == ("PERSON_BARRED", field)
    assert entity_of(stub, early).entity_type == pb.ENTITY_TYPE_SOLE_TRADER
    trader = as_sole_trader(store, late)
    failure = refused_with(lambda: opened(stub, trader, "CONVERSION", CONVERSION, "late", **more))
    assert (failure.reason, failure.metadata["field"]) == ("PERSON_BARRED", field)


def test_T13_a_barred_operator_hands_its_business_over_to_somebody_who_is_free(stub: Any, store: RegisterStore) -> None:
    false, other = registered(stub, 1), registered(stub, 2)
    revoked(stub, false, HEAD)
    case = opened(stub, as_sole_trader(store, other), "CONVERSION", CONVERSION, "convert", person=person()).entity_case
    assert acted(stub, case, "REGISTER", "register", **BY_REGISTRAR).state == "REGISTERED"


def test_R05_the_loser_obeys_by_its_own_change_and_a_clearing_that_is_given_up_ends_no_dispute(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    entity = registered(stub)
    dispute = opened(stub, entity, "NAME_DISPUTE", {}, "dispute", client="complainant").entity_case
    dispute = acted(stub, dispute, "ACCEPT", "accept", **BY_REGISTRAR)
    dispute = acted(stub, dispute, "ORDER_RENAME", "order", {"reason_codes": "CONFUSION"}, **BY_REGISTRAR)
    clearing = opened(stub, entity, "ORDINARY_CANCELLATION", {}, "clear").entity_case
    sweep(parts, store)
    acted(stub, clearing, "WITHDRAW", "withdraw")
    sweep(parts, store)

    def state() -> str:
        asked = rpc.GetEntityCaseRequest(entity_case_id=dispute.entity_case_id)
        return str(stub.GetEntityCase(asked).entity_case.state)

    assert (state(), list(entity_of(stub, entity).flags)) == ("RENAME_ORDERED", ["NAME_WITHDRAWN"])
    clock.set(datetime(2025, 3, 10, 2, tzinfo=UTC))
    facts = {"event_date": "2025-03-10", "new_name": "常州星辰机械有限公司"}
    case = opened(stub, entity, "CHANGE", facts, "rename").entity_case
    acted(stub, case, "REGISTER", "register", **BY_REGISTRAR)
    assert sweep(parts, store) == 1
    assert (state(), list(entity_of(stub, entity).flags)) == ("RENAMED", [])
    clock.set(datetime(2025, 5, 10, 2, tzinfo=UTC))
    sweep(parts, store)
    assert list(entity_of(stub, entity).flags) == []


def test_R05_the_list_keeps_its_reasons_in_the_store(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    entity = registered(stub)
    dispute = opened(stub, entity, "NAME_DISPUTE", {}, "dispute").entity_case
    dispute = acted(stub, dispute, "ACCEPT", "accept", **BY_REGISTRAR)
    acted(stub, dispute, "ORDER_RENAME", "order", {"reason_codes": "CONFUSION"}, **BY_REGISTRAR)
    clock.set(datetime(2025, 5, 10, 2, tzinfo=UTC))
    assert sweep(parts, store) == 1
    listing = opened(
        stub, entity, "ABNORMAL_LISTING", {"reason_codes": "SEAT_NOT_FOUND"}, "list", **BY_REGISTRAR
    ).entity_case
    document = store.entity(entity.entity_id) or {}
    assert document["listed_for"]["ABNORMAL_LIST"] == ["RENAME_MISSED", "SEAT_NOT_FOUND"]
    EntityDocument._from_son(document).validate()
    acted(stub, listing, "REMOVE", "remove", {"mended_by": "SEAT_FOUND"}, **BY_REGISTRAR)
    assert set(entity_of(stub, entity).flags) == {"NAME_WITHDRAWN", "ABNORMAL_LIST"}
