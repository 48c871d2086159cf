"""What a problem tells a caller's program: the field at fault, as the caller named it, and what it needs to go on by itself."""

from __future__ import annotations

import copy
from typing import Any

import httpx
import msgspec
import pytest
from tongban.common.v1 import failure_pb2
from tongban.registration.v1 import service_pb2 as rpc

from gateway.errors import failure_response, renamed
from gateway.routes.registration.submission import EXAMPLE
from shared.failures import AlreadyExists, FailedPrecondition, InvalidArgument, Violation
from tests.contract.calls import example_of
from tests.unit.gateway.partners import Platform

APPLICATIONS, BUNDLES = "/v1/registration/applications", "/v1/registration/bundles"
KEY = {"Idempotency-Key": "k"}


def told(failure: Any) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(failure_response({}, failure).body)
    return found


def test_the_field_that_a_service_names_beside_a_failure_is_an_error_of_the_problem() -> None:
    problem = told(AlreadyExists("the name is held", reason="NAME_TAKEN", metadata={"field": "name"}))
    assert problem["errors"] == [{"field": "name", "reason": "NAME_TAKEN", "detail": "the name is held"}]
    assert "field" not in problem


def test_violations_say_more_than_the_one_field() -> None:
    violation = Violation("a", "must go", "GONE")
    problem = told(InvalidArgument("no", reason="X", violations=[violation], metadata={"field": "b"}))
    assert [error["field"] for error in problem["errors"]] == ["a"]


def test_what_a_program_needs_to_go_on_stands_in_members_and_lists_are_lists() -> None:
    metadata = {"entity_ids": "ent_1,ent_2", "application_ids": "", "until": "2028-03-03", "secret": "x"}
    problem = told(FailedPrecondition("compare it first", reason="DUPLICATES_NOT_REVIEWED", metadata=metadata))
    assert (problem["entity_ids"], problem["until"]) == (["ent_1", "ent_2"], "2028-03-03")
    assert {"application_ids", "secret"} & set(problem) == set()
    assert told(FailedPrecondition("x", reason="X", metadata={"years": "2023, 2024"}))["years"] == ["2023", "2024"]


def test_every_member_stands_in_the_document(anybody: httpx.Client) -> None:
    from gateway.errors import _TOLD, _TOLD_LISTS

    problem = anybody.get("/openapi.json").json()["components"]["schemas"]["Problem"]["properties"]
    assert set(_TOLD) | set(_TOLD_LISTS) <= set(problem)
    assert all({"type": "array", "items": {"type": "string"}} in problem[name]["anyOf"] for name in _TOLD_LISTS)


def test_an_own_application_that_is_open_already_is_named_by_its_id(
    api: httpx.Client, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    failure = failure_pb2.ItemFailure(
        code="ALREADY_EXISTS", reason="DUPLICATE_APPLICATION", message="open already",
        metadata={"application_id": "app_7", "field": "application.name"},
    )  # fmt: skip
    monkeypatch.setattr(platform.registration, "_outcome", lambda _: rpc.SubmissionOutcome(failure=failure))
    answer = api.post(APPLICATIONS, json=EXAMPLE, headers=KEY)
    assert (answer.status_code, answer.json()["application_id"]) == (409, "app_7")
    assert [error["field"] for error in answer.json()["errors"]] == ["name"]


def test_a_failure_keeps_its_kind_and_reason_when_its_fields_get_other_names() -> None:
    before = FailedPrecondition(
        "capital.amount_fen: is too small", reason="R", metadata={"field": "capital"},
        violations=[Violation("capital.amount_fen", "is too small", "R")],
    )  # fmt: skip
    after = renamed(before, lambda name: f"application.{name}")
    assert isinstance(after, FailedPrecondition)
    assert (after.reason, after.metadata["field"]) == ("R", "application.capital")
    assert after.message == "application.capital.amount_fen: is too small"
    assert after.violations[0].field == "application.capital.amount_fen"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"capital": {"amount_fen": -1}}, "application.capital.amount_fen"),
        ({"investors": [{"persom": {}}]}, "application.investors[0].persom"),
        ({"surprise": 1}, "application.surprise"),
    ],
)
def test_an_application_inside_a_bundle_names_its_fields_from_the_body_on(
    api: httpx.Client, platform: Platform, change: dict[str, Any], field: str
) -> None:
    body = {"kind": "OPENING", "application": copy.deepcopy(EXAMPLE) | change}
    answer = api.post(BUNDLES, json=body, headers=KEY)
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (400, [field])
    assert answer.json()["detail"].startswith(field)
    assert platform.registration.heard == []


def test_the_application_inside_a_bundle_of_permits_is_named_by_its_place_too(
    api: httpx.Client, platform: Platform
) -> None:
    body = example_of({"$ref": "#/components/schemas/BundleGiven"})
    body["licence_application"] = copy.deepcopy(EXAMPLE) | {"capital": {"amount_fen": "1"}}
    answer = api.post("/v1/permits/bundles", json=body, headers=KEY)
    fields = [error["field"] for error in answer.json()["errors"]]
    assert (answer.status_code, fields) == (400, ["licence_application.capital.amount_fen"])
    assert platform.permits.heard == []


@pytest.mark.parametrize("digest", ["ab" * 32 + "\n", "\n"])
def test_a_digest_with_a_line_end_is_refused_by_its_own_name(
    api: httpx.Client, platform: Platform, digest: str
) -> None:
    body = copy.deepcopy(EXAMPLE) | {"materials": [{"type_code": "X", "sha256": digest}]}
    answer = api.post(APPLICATIONS, json=body, headers=KEY)
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (400, ["materials[0].sha256"])
    assert "submissions" not in answer.text
    assert platform.registration.heard == []


def test_what_only_the_contract_refuses_is_told_without_the_place_in_the_batch(
    api: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway.routes.registration import applications

    def lax(body: bytes) -> dict[str, Any]:
        return {"name": "名" * 121}

    monkeypatch.setattr(applications, "read_application", lax)
    answer = api.post(APPLICATIONS, json=EXAMPLE, headers=KEY)
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (400, ["name"])
    assert answer.json()["detail"].startswith("name")
    assert "submissions" not in answer.text
