"""Applications from bundles and partner regions: received once, under their origin; what cannot be received is told once."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict, ParseDict
from tongban.registration.v1 import messages_pb2 as pb

from services.registration.domain.application import Application
from services.registration.domain.form_check import SetUpApplication
from services.registration.rpc import mapping
from services.registration.store import RegisterStore
from services.registration.usecases.forwarded import (
    ContentUnreadable,
    ForwardedCase,
    read_application,
    receive_forwarded,
)
from shared.events import Cause
from shared.failures import Unavailable
from tests.integration.registration.conftest import asked, decide, received

CAUSE = Cause("//tongban/320411/permits", "cor_1", "evt_9")


def content(**changes: Any) -> dict[str, Any]:
    """The application as its forwarder tells it: the JSON of the proto."""
    told: dict[str, Any] = MessageToDict(asked(), preserving_proto_field_name=True)
    return told | changes


def case(origin_ref: str = "stp_1", **changes: Any) -> ForwardedCase:
    return ForwardedCase(origin_ref, "applicant-1", content(**changes), CAUSE)


def events(parts: Any, name: str) -> list[dict[str, Any]]:
    return [entry["data"] for entry in parts.outbox.entries if entry["type"] == name]


def test_the_content_of_a_forwarder_is_read_as_the_contract_reads_it() -> None:
    expected: SetUpApplication = mapping.application_of(asked())
    assert read_application(content()) == expected
    assert read_application(content(entity_type="LIMITED_COMPANY", name_reservation_id=None)) == expected


def test_a_capital_of_nothing_is_no_capital_whichever_way_it_came() -> None:
    told = {"amount_fen": "0", "currency": "CNY"}
    asked_for = content(capital=told)
    direct = mapping.application_of(ParseDict(asked_for, pb.SetUpApplication()))
    assert (read_application(asked_for).capital, direct.capital) == (None, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"entity_type": "ENTITY_TYPE_UNSPECIFIED"},
        {"unknown": 1},
        {"name": "名" * 121},
        {"capital": {"amount_fen": -1}},
        {"investors": [{"amount_fen": "much"}]},
        {"domicile": "somewhere"},
    ],
)
def test_what_the_contract_would_refuse_is_unreadable(changes: dict[str, Any]) -> None:
    with pytest.raises(ContentUnreadable) as failure:
        read_application(content(**changes))
    assert "名" not in failure.value.message


def test_a_forwarded_application_is_under_review_once_and_says_where_it_came_from(
    parts: Any, store: RegisterStore, stub: Any
) -> None:
    for _ in range(3):
        receive_forwarded(parts, [case(), case()])
    (document,) = store.applications.find()
    assert (document["origin_ref"], document["client_id"]) == ("stp_1", "applicant-1")
    assert [entry["type"] for entry in document["timeline"]] == ["ApplicationSubmitted", "ForwardedCaseAccepted"]
    assert document["pending"] == [entry["id"] for entry in document["timeline"]]
    assert events(parts, "ApplicationSubmitted")[0]["origin_ref"] == "stp_1"
    (accepted,) = events(parts, "ForwardedCaseAccepted")
    assert accepted == {"origin_ref": "stp_1", "application_id": document["_id"], "due_date": document["due_date"]}
    assert {entry["causation_id"] for entry in document["timeline"]} == {"evt_9"}
    decide(stub, document["_id"])
    (registered,) = events(parts, "EntityRegistered")
    assert registered["origin_ref"] == "stp_1"


def test_a_refusal_carries_the_origin(parts: Any, store: RegisterStore, stub: Any) -> None:
    receive_forwarded(parts, [case()])
    (document,) = store.applications.find()
    decide(stub, document["_id"], refuse=("SCOPE_FORBIDDEN",))
    assert events(parts, "ApplicationRefused")[0]["origin_ref"] == "stp_1"


def test_an_incomplete_one_is_returned_with_its_origin(parts: Any, store: RegisterStore) -> None:
    receive_forwarded(parts, [case(materials=[])])
    (document,) = store.applications.find()
    assert document["state"] == "RETURNED"
    assert events(parts, "ApplicationReturned")[0]["origin_ref"] == "stp_1"
    assert not events(parts, "ForwardedCaseAccepted")


def test_what_cannot_be_received_is_rejected_once_with_codes_only(parts: Any, store: RegisterStore, stub: Any) -> None:
    received(stub)
    for _ in range(2):
        receive_forwarded(parts, [case("stp_2"), case("hof_1", division_code="000000"), case("hof_2", extra="x")])
    rejected = {data["origin_ref"]: data["reason_codes"] for data in events(parts, "ForwardedCaseRejected")}
    assert len(events(parts, "ForwardedCaseRejected")) == 3
    assert rejected["stp_2"] == ["NAME_TAKEN"]
    assert rejected["hof_2"] == ["CONTENT_UNREADABLE"]
    assert store.forwarded_cases.count_documents({"pending": {"$size": 1}}) == 3
    assert store.applications.count_documents({}) == 1


def test_a_rejected_case_stays_rejected_when_its_event_comes_again_later(
    parts: Any, store: RegisterStore, stub: Any
) -> None:
    application = received(stub)
    receive_forwarded(parts, [case()])
    decide(stub, application.application_id, refuse=("SCOPE_FORBIDDEN",))
    receive_forwarded(parts, [case()])
    assert store.applications.count_documents({"origin_ref": "stp_1"}) == 0


def test_what_is_temporary_is_tried_again_and_nothing_is_rejected(
    parts: Any, store: RegisterStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise Unavailable("full", reason="OUTBOX_FULL")

    with monkeypatch.context() as patched:
        patched.setattr(parts.outbox, "check_capacity", full)
        with pytest.raises(Unavailable):
            receive_forwarded(parts, [case()])
    assert store.forwarded_cases.count_documents({}) == 0
    receive_forwarded(parts, [case()])
    assert store.applications.count_documents({}) == 1


def test_no_client_can_set_an_origin_or_take_its_key(parts: Any, store: RegisterStore, stub: Any) -> None:
    assert "origin_ref" not in {field.name for field in asked().DESCRIPTOR.fields}
    received(stub, key="stp_1")
    (document,) = store.applications.find()
    assert document["origin_ref"] == Application.__dataclass_fields__["origin_ref"].default == ""
