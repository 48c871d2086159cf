"""What becomes of a name when its entity ends, comes back, or was a sole trader's (名称规定 art. 17; mission 4-17, 25.4-12)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.store import RegisterStore
from shared.clock import FixedClock
from tests.integration.registration.conftest import asked, context, decide, received, sample_row, submit
from tests.integration.registration.test_applications import refused_with
from tests.integration.registration.test_case_persons import BY_REGISTRAR, person
from tests.integration.registration.test_entity_cases import acted, entity_of, registered
from tests.integration.registration.test_entity_states import change
from tests.integration.registration.test_persons import revoked

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def in_a_known_year(clock: FixedClock) -> None:
    clock.set(datetime(2025, 3, 3, 2, tzinfo=UTC))


def name_of(store: RegisterStore, entity: Any) -> dict[str, Any]:
    found = store.names.find_one({"full_name": entity.name})
    assert found is not None
    return found


@pytest.mark.parametrize("state", ["CANCELLED", "REGISTRATION_REVOKED"])
def test_the_name_of_an_entity_that_ends_at_once_rests_a_year(
    stub: Any, store: RegisterStore, clock: FixedClock, state: str
) -> None:
    entity = registered(stub)
    change(stub, entity.entity_id, state)
    assert (name_of(store, entity)["state"], name_of(store, entity)["expiry_date"]) == ("RESTING", "2026-03-03")
    assert submit(stub, asked(name=entity.name), "again").failure.reason == "NAME_TAKEN"
    clock.set(datetime(2026, 3, 4, 2, tzinfo=UTC))
    assert submit(stub, asked(name=entity.name), "a-year-later").receipt.application_id


def test_a_revoked_licence_leaves_the_name_held(stub: Any, store: RegisterStore) -> None:
    entity = registered(stub)
    change(stub, entity.entity_id, "LICENCE_REVOKED")
    assert name_of(store, entity)["state"] == "REGISTERED"
    change(stub, entity.entity_id, "CANCELLED", 2)
    assert name_of(store, entity)["state"] == "RESTING"


def test_an_entity_whose_revocation_is_undone_has_its_name_again(stub: Any, store: RegisterStore) -> None:
    entity = registered(stub)
    case = revoked(stub, entity, None)
    assert name_of(store, entity)["state"] == "RESTING"
    acted(stub, case, "UNDO", "undo", {"reason_codes": "REVOCATION_WRONG"}, **BY_REGISTRAR)
    assert entity_of(stub, entity).state == pb.ENTITY_STATE_ACTIVE
    assert (name_of(store, entity)["state"], name_of(store, entity)["expiry_date"]) == ("REGISTERED", None)


def test_25_4_12_the_second_way_a_cancelled_sole_traders_operator_sets_up_an_enterprise_under_its_trade_name(
    stub: Any, store: RegisterStore
) -> None:
    sole = received(stub, "sole", entity_type="SOLE_TRADER", name="常州市新北区天河机械店", capital=None, investors=[])
    trader = decide(stub, sole.application_id, key="decide-sole").application
    change(stub, trader.entity_id, "CANCELLED", reason="COURT_CLEARING_ENDED")
    company = {"name": "常州市新北区天河机械有限公司"}
    stranger = submit(stub, asked(**company, legal_representative=_told(person())), "stranger")
    assert stranger.failure.reason == "NAME_TAKEN"

    receipt = submit(stub, asked(**company), "operator").receipt

    made = decide(stub, receipt.application_id, key="decide-company").application
    assert made.uscc.startswith("91")
    assert made.uscc != trader.uscc
    held = store.names.find_one({"full_name": company["name"]})
    assert held is not None
    assert (held["state"], held["application_id"]) == ("REGISTERED", receipt.application_id)


def _told(who: Any) -> dict[str, str]:
    return {field.name: value for field, value in who.ListFields()}


def test_checking_a_name_that_somebody_has_says_so(stub: Any) -> None:
    received(stub, "first")
    request = rpc.CheckNameRequest(
        division_code="320411", name=sample_row().name, entity_type=pb.ENTITY_TYPE_LIMITED_COMPANY
    )
    answer = stub.CheckName(request)
    assert ([v.reason for v in answer.violations], answer.available) == (["NAME_TAKEN"], False)


def test_names_of_another_registrar_are_neither_judged_nor_held_here(stub: Any, store: Any) -> None:
    wanted: dict[str, Any] = {
        "division_code": "440305", "name": "深圳市南山区云帆软件有限公司", "entity_type": pb.ENTITY_TYPE_LIMITED_COMPANY,
    }  # fmt: skip
    for ask in (
        lambda: stub.CheckName(rpc.CheckNameRequest(**wanted)),
        lambda: stub.ReserveName(rpc.ReserveNameRequest(context=context("reserve"), **wanted)),
    ):
        failure = refused_with(ask)
        assert (failure.reason, failure.metadata["field"]) == ("NOT_COMPETENT", "division_code")
        assert failure.metadata["competent_division_code"] == "440305"
    wanted["division_code"] = "999999"
    assert refused_with(lambda: stub.CheckName(rpc.CheckNameRequest(**wanted))).reason == "UNKNOWN_DIVISION"
    assert store.names.count_documents({}) == 0
