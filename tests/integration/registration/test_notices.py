"""Notices to creditors over the contract, on a real store: the capital changes, the absorbed company and its name end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.store.register import RegisterStore
from services.registration.usecases.context import Parts
from shared.clock import FixedClock
from tests.integration.registration.conftest import asked, submit
from tests.integration.registration.test_applications import refused_with
from tests.integration.registration.test_entity_cases import (
    GOOD,
    REGISTRAR,
    acted,
    entity_of,
    opened,
    registered,
    sweep,
)

pytestmark = pytest.mark.integration
HERE = {"by": REGISTRAR, "division_code": "320411"}


@pytest.fixture(autouse=True)
def in_a_known_year(clock: FixedClock) -> None:
    clock.set(datetime(2025, 3, 3, 2, tzinfo=UTC))


def through(stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock, case: Any) -> Any:
    """From the notice to the registration."""
    case = acted(stub, case, "TELL_CREDITORS", "tell", {"creditors_told": "true"})
    assert {step.action for step in case.steps} == {"TELL_CREDITORS", "OBJECT", "WITHDRAW"}
    clock.set(datetime(2025, 4, 18, 2, tzinfo=UTC))
    assert sweep(parts, store) == 1
    case = stub.GetEntityCase(rpc.GetEntityCaseRequest(entity_case_id=case.entity_case_id)).entity_case
    assert (case.state, case.owed_by, case.owed) == ("READY", "applicant", "application")
    case = acted(stub, case, "APPLY", "apply", {"debts_dealt_with": "true"})
    return acted(stub, case, "REGISTER", "register", **HERE)


def test_a_reduction_from_notice_to_register(stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock) -> None:
    entity = registered(stub)
    less = entity.capital.amount_fen // 2
    facts = {"event_date": "2025-02-24", "new_capital_fen": str(less)}
    case = through(stub, parts, store, clock, opened(stub, entity, "CAPITAL_REDUCTION", facts).entity_case)
    assert case.state == "REGISTERED"
    assert entity_of(stub, entity).capital.amount_fen == less
    on = stub.GetEntity(rpc.GetEntityRequest(entity_id=entity.entity_id, as_of="2025-04-17")).entity
    assert on.capital.amount_fen == entity.capital.amount_fen


def test_the_absorbed_company_ends_and_its_name_rests(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    absorbed, other = registered(stub, 1), registered(stub, 2)
    facts = {"event_date": "2025-02-24", "role": "ABSORBED", "other_uscc": other.uscc}
    through(stub, parts, store, clock, opened(stub, absorbed, "MERGER", facts).entity_case)
    ended = entity_of(stub, absorbed)
    assert (ended.state, ended.state_reason_code) == (pb.ENTITY_STATE_CANCELLED, "MERGED")
    assert entity_of(stub, other).state == pb.ENTITY_STATE_ACTIVE
    assert submit(stub, asked(name=absorbed.name), "again").failure.reason == "NAME_TAKEN"
    assert store.names.count_documents({"state": "RESTING"}) == 1


def test_frozen_shares_bar_a_simplified_cancellation_until_the_court_frees_them(stub: Any) -> None:
    entity = registered(stub)
    facts = {"court_ref": "(2025)苏0411执123号", "until": "2026-03-03"}
    freeze = opened(stub, entity, "SHARES_FREEZE", facts, **HERE).entity_case
    assert list(entity_of(stub, entity).flags) == ["SHARES_FROZEN"]
    assert refused_with(lambda: opened(stub, entity, "SIMPLIFIED_CANCELLATION", GOOD, "x")).reason == "SHARES_FROZEN"
    acted(stub, freeze, "RELEASE", "release", {"court_ref": facts["court_ref"]}, **HERE)
    assert opened(stub, entity, "SIMPLIFIED_CANCELLATION", GOOD, "y").entity_case.state == "ANNOUNCED"
