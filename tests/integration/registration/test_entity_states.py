"""Revoking licences and registrations, cancelling entities: only as the law knows it, once, with its event."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.domain.entity import AT_ONCE, STATE_CHANGES, EntityState
from services.registration.store import RegisterStore
from services.registration.usecases import entity_cases
from shared.grpc_errors import failure_of
from tests.integration.registration.conftest import context, decide, received
from tests.integration.registration.test_entity_cases import REGISTRAR, acted, opened, sweep

KEYS = count()


@pytest.fixture
def entity_id(stub: Any) -> str:
    receipt = received(stub)
    return str(decide(stub, receipt.application_id).application.entity_id)


def change(
    stub: Any, entity_id: str, state: str, version: int = 1, key: str = "", division: str = "320411",
    reason: str = "",
) -> Any:  # fmt: skip
    reason = reason or ("BANKRUPTCY_ENDED" if state == "CANCELLED" else "FALSE_REGISTRATION")
    request = rpc.ChangeEntityStateRequest(
        context=context(key or f"state-{next(KEYS)}", "registrar"), entity_id=entity_id, division_code=division,
        expected_version=version, state=f"ENTITY_STATE_{state}", reason_code=reason,
    )  # fmt: skip
    return stub.ChangeEntityState(request)


def failure(call: Any, *arguments: Any, **changes: Any) -> Any:
    with pytest.raises(grpc.RpcError) as error:
        call(*arguments, **changes)
    return failure_of(error.value)


def test_a_revoked_licence_leaves_an_entity_that_can_only_end(stub: Any, parts: Any, entity_id: str) -> None:
    entity = change(stub, entity_id, "LICENCE_REVOKED").entity
    assert (entity.state, entity.version) == (pb.ENTITY_STATE_LICENCE_REVOKED, 2)
    assert (entity.state_reason_code, entity.state_date) == ("FALSE_REGISTRATION", "2026-11-23")
    refused = failure(change, stub, entity_id, "LICENCE_REVOKED", 2)
    assert (refused.reason, "公司法 art. 241" in refused.message) == ("ENTITY_STATE_NOT_ALLOWED", True)
    assert change(stub, entity_id, "CANCELLED", 2).entity.state == pb.ENTITY_STATE_CANCELLED
    ended = failure(change, stub, entity_id, "LICENCE_REVOKED", 3)
    assert (ended.reason, "art. 31" in ended.message) == ("ENTITY_STATE_NOT_ALLOWED", True)
    changed = [entry["data"] for entry in parts.outbox.entries if entry["type"] == "EntityStateChanged"]
    assert [(data["state"], data["entity_version"]) for data in changed] == [("LICENCE_REVOKED", 2), ("CANCELLED", 3)]
    assert changed[0]["effective_date"] == "2026-11-23"


def test_the_state_and_its_event_are_in_one_document(stub: Any, store: RegisterStore, entity_id: str) -> None:
    change(stub, entity_id, "CANCELLED")
    document = store.entities.find_one({"_id": entity_id})
    assert document is not None
    assert [entry["type"] for entry in document["timeline"]] == ["EntityRegistered", "EntityStateChanged"]
    assert document["pending"][-1] == document["timeline"][-1]["id"]


def test_the_same_command_again_is_answered_and_another_content_is_not(stub: Any, entity_id: str) -> None:
    first = change(stub, entity_id, "CANCELLED", key="once")
    again = change(stub, entity_id, "CANCELLED", key="once")
    assert (first.replayed, again.replayed) == (False, True)
    assert again.entity == first.entity
    reused = failure(change, stub, entity_id, "LICENCE_REVOKED", key="once")
    assert reused.reason == "IDEMPOTENCY_KEY_REUSED"


def test_many_tries_of_one_command_at_once_are_one_change(stub: Any, parts: Any, entity_id: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: change(stub, entity_id, "LICENCE_REVOKED", key="once"), range(8)))
    assert {answer.entity.version for answer in answers} == {2}
    assert parts.outbox.types().count("EntityStateChanged") == 1


def test_an_old_version_another_division_and_an_unknown_entity_are_refused(stub: Any, entity_id: str) -> None:
    assert failure(change, stub, entity_id, "CANCELLED", 2).reason == "STALE_VERSION"
    assert failure(change, stub, entity_id, "CANCELLED", division="440305").reason == "DIVISION_MISMATCH"
    assert failure(change, stub, "ent_none", "CANCELLED").reason == "ENTITY_NOT_FOUND"
    assert failure(change, stub, entity_id, "ACTIVE").violations[0].field == "state"
    no_ground = failure(change, stub, entity_id, "CANCELLED", reason="OWN_REQUEST")
    assert [(v.field, v.reason) for v in no_ground.violations] == [("reason_code", "NO_GROUND")]


def test_4_04_open_cases_of_an_entity_that_ends_by_another_way_end_with_it_whatever_clocks_they_have(
    stub: Any, parts: Any, store: RegisterStore, entity_id: str
) -> None:
    entity = stub.GetEntity(rpc.GetEntityRequest(entity_id=entity_id)).entity
    opened(stub, entity, "NAME_DISPUTE", {}, "dispute", by=REGISTRAR)
    version = stub.GetEntity(rpc.GetEntityRequest(entity_id=entity_id)).entity.version
    change(stub, entity_id, "CANCELLED", version)
    sweep(parts, store)
    dispute = store.entity_cases.find_one({"kind": "NAME_DISPUTE"})
    assert dispute is not None
    assert (dispute["state"], dispute["standing"]["kind"]) == ("OVERTAKEN", "CLOSED")


def test_4_04_a_case_that_ends_or_revokes_an_entity_wakes_all_others_of_it(
    stub: Any, parts: Any, store: RegisterStore, entity_id: str
) -> None:
    entity = stub.GetEntity(rpc.GetEntityRequest(entity_id=entity_id)).entity
    opened(stub, entity, "NAME_DISPUTE", {}, "dispute", by=REGISTRAR)
    freeze = {"court_ref": "(2026)苏0411执123号", "until": "2027-11-22"}
    opened(stub, entity, "SHARES_FREEZE", freeze, "freeze", by=REGISTRAR, division_code="320411")
    case = opened(stub, entity, "ORDINARY_CANCELLATION", {}, "ending").entity_case
    sweep(parts, store)
    found = {d["kind"]: d["state"] for d in store.entity_cases.find()}
    assert found["ORDINARY_CANCELLATION"] == "CLEARING_GROUP_NAMED"
    assert found["SHARES_FREEZE"] == "FROZEN", "a freeze goes on while the entity is cleared"
    acted(stub, case, "WITHDRAW", "back")
    version = stub.GetEntity(rpc.GetEntityRequest(entity_id=entity_id)).entity.version
    change(stub, entity_id, "REGISTRATION_REVOKED", version)
    sweep(parts, store)
    assert {d["kind"]: d["state"] for d in store.entity_cases.find()} == {
        "NAME_DISPUTE": "OVERTAKEN", "ORDINARY_CANCELLATION": "WITHDRAWN",
        "SHARES_FREEZE": "FROZEN",  # what a court ordered ends on its day, or with the entity
    }  # fmt: skip


def test_a_licence_that_is_noted_while_a_case_steps_is_not_lost(
    stub: Any, store: RegisterStore, entity_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = entity_cases.get_entity

    def noted_in_between(*arguments: Any) -> Any:
        found = read(*arguments)
        store.set_licence([(entity_id, "crt_1", "LIC-1", 1)])
        return found

    entity = stub.GetEntity(rpc.GetEntityRequest(entity_id=entity_id)).entity
    monkeypatch.setattr(entity_cases, "get_entity", noted_in_between)
    opened(stub, entity, "ABNORMAL_LISTING", {"reason_codes": "SEAT_NOT_FOUND"}, "list", by=REGISTRAR)
    document = store.entity(entity_id)
    assert document is not None
    assert (document["licence_certificate_id"], document["licence_identifier"]) == ("crt_1", "LIC-1")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(AT_ONCE)), max_size=6))
def test_whatever_is_commanded_only_ways_of_the_law_are_gone(
    stub: Any, store: RegisterStore, steps: list[EntityState]
) -> None:
    for collection in (store.applications, store.entities, store.names):
        collection.delete_many({})
    entity_id = decide(stub, received(stub).application_id).application.entity_id
    state, version = EntityState.ACTIVE, 1
    for step in steps:
        allowed = step in AT_ONCE and step in STATE_CHANGES[state]
        if allowed:
            answer = change(stub, entity_id, step, version)
            state, version = step, version + 1
            assert answer.entity.version == version
        else:
            assert failure(change, stub, entity_id, step, version).reason == "ENTITY_STATE_NOT_ALLOWED"
    document = store.entities.find_one({"_id": entity_id})
    assert document is not None
    assert (document["state"], document["version"]) == (state, version)
