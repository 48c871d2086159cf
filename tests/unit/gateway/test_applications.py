"""The routes of applications, over real HTTP and gRPC."""

from __future__ import annotations

import copy
from typing import Any

import httpx
import pytest

from gateway.routes.registration.submission import EXAMPLE
from tests.unit.gateway.partners import Platform

PATH = "/v1/registration/applications"


def hand_in(api: httpx.Client, key: str = "k-1", **fields: Any) -> httpx.Response:
    return api.post(PATH, json=copy.deepcopy(EXAMPLE) | fields, headers={"Idempotency-Key": key})


def test_a_complete_application_is_received_with_a_due_date(api: httpx.Client) -> None:
    answer = hand_in(api)
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{PATH}/{answer.json()['application_id']}"
    assert answer.headers["ETag"] == '"1"'
    assert "Idempotent-Replayed" not in answer.headers
    assert answer.json() == {
        "application_id": "app_1",
        "state": "UNDER_REVIEW",
        "version": 1,
        "name": {"full_name": EXAMPLE["name"], "division": None, "trade_name": None, "trade": None, "form": None},
        "received_time": "2026-05-04T09:30:00.000+08:00",
        "due_date": "2026-05-11",
        "due_date_flag": None,
        "gaps": [],
    }


def test_every_field_of_an_application_reaches_the_service(api: httpx.Client, platform: Platform) -> None:
    hand_in(api)
    sent = platform.registration.heard[0].submissions[0].application
    assert sent.entity_type == 1
    assert sent.capital.amount_fen == 100000000
    assert sent.investors[0].person.id_number == EXAMPLE["investors"][0]["person"]["id_number"]
    assert sent.materials[0].sha256 == EXAMPLE["materials"][0]["sha256"]
    assert sent.domicile.address == EXAMPLE["domicile"]["address"]


def test_an_incomplete_application_comes_back_with_all_gaps_as_a_201(api: httpx.Client) -> None:
    answer = hand_in(api, name="缺料有限公司")
    assert answer.status_code == 201
    assert answer.json()["state"] == "RETURNED"
    assert answer.json()["due_date"] is None
    assert answer.json()["gaps"][0]["reason"] == "MATERIAL_MISSING"


def test_the_context_of_a_command_names_client_key_and_trace(api: httpx.Client, platform: Platform) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    headers = {
        "Idempotency-Key": "order:1",
        "X-Correlation-Id": "case-7",
        "traceparent": f"00-{trace}-b7ad6b7169203331-01",
    }
    answer = api.post(PATH, json=EXAMPLE, headers=headers)
    context = platform.registration.heard[0].submissions[0].context
    assert (context.idempotency_key, context.client_id, context.correlation_id) == ("order:1", "applicant", "case-7")
    assert context.traceparent.split("-")[1] == trace
    assert context.traceparent.split("-")[2] != "b7ad6b7169203331"
    assert answer.headers["X-Correlation-Id"] == "case-7"


def test_a_repeated_key_says_that_the_answer_is_the_first_one(api: httpx.Client) -> None:
    first, second = hand_in(api, "same"), hand_in(api, "same")
    assert second.status_code == 201
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.json() == first.json()


def test_the_failure_of_one_application_is_told_with_its_field(api: httpx.Client) -> None:
    answer = hand_in(api, name="占用有限公司")
    assert answer.status_code == 409
    assert answer.json()["code"] == "NAME_TAKEN"
    assert answer.json()["type"] == "urn:tongban:problem:name-taken"
    assert answer.json()["errors"] == [{"field": "name", "reason": "NAME_TAKEN", "detail": "held"}]


@pytest.mark.parametrize("key", ["", "a b", '{"$ne":null}', "k" * 256, "é"])
def test_a_badly_formed_idempotency_key_is_refused(api: httpx.Client, platform: Platform, key: str) -> None:
    answer = api.post(PATH, json=EXAMPLE, headers={"Idempotency-Key": key.encode("latin-1")})
    assert answer.status_code == 400
    assert answer.json()["code"] == "IDEMPOTENCY_KEY_FORM"
    assert platform.registration.heard == []


def test_a_command_without_a_key_is_refused_naming_the_header(api: httpx.Client, platform: Platform) -> None:
    for path in (PATH, "/v1/registration/name-reservations", f"{PATH}/app_1/decision", f"{PATH}/app_1/extension"):
        answer = api.post(path, json={"what": "ever"})
        assert (answer.status_code, answer.json()["code"]) == (400, "IDEMPOTENCY_KEY_MISSING")
        assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
    assert platform.registration.heard == []


BAD_FIELDS: list[tuple[str, Any, str, str]] = [
    ("capital", {"amount_fen": -1}, "capital.amount_fen", "FIELD_RULE"),
    ("capital", {"amount_fen": 2**53}, "capital.amount_fen", "FIELD_RULE"),
    ("capital", {"amount_fen": "5"}, "capital.amount_fen", "FIELD_TYPE"),
    ("capital", {"amount_fen": 1.5}, "capital.amount_fen", "FIELD_TYPE"),
    ("capital", {"amount_fen": True}, "capital.amount_fen", "FIELD_TYPE"),
    ("entity_type", "COMPANY", "entity_type", "FIELD_VALUE"),
    ("entity_type", 1, "entity_type", "FIELD_TYPE"),
    ("name", "名" * 121, "name", "FIELD_RULE"),
    ("name", None, "name", "FIELD_TYPE"),
    ("state", "REGISTERED", "state", "FIELD_UNKNOWN"),
    ("investors", [{"persom": {}}], "investors[0].persom", "FIELD_UNKNOWN"),
    ("investors", [{"person": {}, "uscc": "9"}], "investors[0]", "FIELD_RULE"),
    ("investors", [{}] * 201, "investors", "FIELD_RULE"),
    ("materials", [{"sha256": "A" * 64}], "materials[0].sha256", "FIELD_RULE"),
    ("domicile", "here", "domicile", "FIELD_TYPE"),
    ("legal_representative", {"phone": "1" * 21}, "legal_representative.phone", "FIELD_RULE"),
]


@pytest.mark.parametrize(("field", "value", "named", "reason"), BAD_FIELDS)
def test_a_bad_field_is_named(
    api: httpx.Client, platform: Platform, field: str, value: Any, named: str, reason: str
) -> None:
    answer = hand_in(api, **{field: value})
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] == "INVALID_FIELD"
    assert [(e["field"], e["reason"]) for e in answer.json()["errors"]] == [(named, reason)]
    assert platform.registration.heard == []


def test_reading_gives_the_version_as_etag_and_local_times(api: httpx.Client) -> None:
    answer = api.get(f"{PATH}/app_9")
    assert answer.status_code == 200
    assert answer.headers["ETag"] == '"3"'
    assert answer.json()["received_time"] == "2026-05-04T09:30:00.000+08:00"
    assert answer.json()["entity_type"] == "LIMITED_COMPANY"
    assert answer.json()["decided_time"] is None
    assert answer.json()["timeline"][0]["data"] == {"a": "b"}


def test_an_unknown_application_is_404_with_the_reason_of_the_service(api: httpx.Client) -> None:
    answer = api.get(f"{PATH}/app_none")
    assert (answer.status_code, answer.json()["code"]) == (404, "APPLICATION_NOT_FOUND")


def test_what_breaks_inside_a_service_is_500_without_any_detail(api: httpx.Client) -> None:
    answer = api.get(f"{PATH}/app_broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL_ERROR")
    assert "mongodb" not in answer.text
    assert "RuntimeError" not in answer.text


def decide(api: httpx.Client, body: dict[str, Any], application_id: str = "app_1", **headers: str) -> httpx.Response:
    return api.post(f"{PATH}/{application_id}/decision", json=body, headers={"Idempotency-Key": "d-1"} | headers)


def test_the_expected_version_comes_from_if_match_or_from_the_body(api: httpx.Client) -> None:
    assert decide(api, {"decision": "REGISTER", "expected_version": 3}).status_code == 200
    answer = decide(api, {"decision": "REGISTER"}, **{"If-Match": '"3"'})
    assert answer.status_code == 200
    assert answer.headers["ETag"] == '"4"'
    assert answer.headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        ({"decision": "REGISTER"}, {}, "EXPECTED_VERSION_MISSING"),
        ({"decision": "REGISTER"}, {"If-Match": "*"}, "EXPECTED_VERSION_FORM"),
        ({"decision": "REGISTER", "expected_version": 2}, {"If-Match": '"3"'}, "EXPECTED_VERSION_TWICE"),
        ({"decision": "MAYBE", "expected_version": 2}, {}, "INVALID_FIELD"),
        ({"decision": "REGISTER", "expected_version": 0}, {}, "INVALID_FIELD"),
        ({"decision": "REFUSE", "expected_version": 3, "reasons": [{"code": "x"}]}, {}, "INVALID_FIELD"),
        ({"decision": "REGISTER", "expected_version": 3, "state": "x"}, {}, "INVALID_FIELD"),
    ],
)
def test_a_decision_that_breaks_a_rule_is_refused(
    api: httpx.Client, body: dict[str, Any], headers: dict[str, str], code: str
) -> None:
    answer = decide(api, body, **headers)
    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.text


def test_a_stale_version_is_409(api: httpx.Client) -> None:
    answer = decide(api, {"decision": "REGISTER", "expected_version": 2})
    assert (answer.status_code, answer.json()["code"]) == (409, "STALE_VERSION")


def test_reasons_of_a_refusal_reach_the_service(api: httpx.Client, platform: Platform) -> None:
    reason = {"code": "FORBIDDEN_TRADE", "description": "not open to companies", "source": "art. 20"}
    assert decide(api, {"decision": "REFUSE", "expected_version": 3, "reasons": [reason]}).status_code == 200
    sent = platform.registration.heard[-1]
    assert (sent.decision, sent.reasons[0].code, sent.reasons[0].source) == (2, "FORBIDDEN_TRADE", "art. 20")


def test_a_registrar_decides_only_for_the_own_division(api: httpx.Client, platform: Platform) -> None:
    answer = decide(api, {"decision": "REGISTER", "expected_version": 3}, "app_elsewhere")
    assert (answer.status_code, answer.json()["code"]) == (403, "DIVISION_MISMATCH")
    extension = {"approved_by": "head-1", "expected_version": 3}
    headers = {"Idempotency-Key": "x"}
    answer = api.post(f"{PATH}/app_elsewhere/extension", json=extension, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "DIVISION_MISMATCH")
    answer = api.get("/v1/registration/work-items", params={"division_code": "440305"})
    assert (answer.status_code, answer.json()["code"]) == (403, "DIVISION_MISMATCH")
    assert {type(request).__name__ for request in platform.registration.heard} == {"GetApplicationRequest"}


def test_a_token_without_a_division_decides_nothing(api: httpx.Client, platform: Platform) -> None:
    api.headers["Authorization"] = f"Bearer {platform.issuer.token(division=None)}"
    assert decide(api, {"decision": "REGISTER", "expected_version": 3}).json()["code"] == "DIVISION_MISMATCH"


def test_the_work_list_and_an_extension_work_for_the_own_division(api: httpx.Client) -> None:
    items = api.get("/v1/registration/work-items", params={"division_code": "320411"})
    assert items.json()["work_items"][0]["opened_time"] == "2026-05-04T09:30:00.000+08:00"
    assert "Link" not in items.headers
    extension = {"approved_by": "head-1", "expected_version": 3}
    answer = api.post(f"{PATH}/app_1/extension", json=extension, headers={"Idempotency-Key": "x"})
    assert (answer.status_code, answer.json()["version"]) == (200, 4)


def test_a_client_lists_its_own_applications_and_cannot_ask_for_anothers(api: httpx.Client, platform: Platform) -> None:
    page = api.get(PATH, params={"page_size": 1})
    assert [one["application_id"] for one in page.json()["applications"]] == ["app_1"]
    assert "page_token=more" in page.headers["Link"]
    sent = platform.registration.heard[-1]
    assert (sent.client_id, sent.page.page_size) == ("applicant", 1)
    api.get(PATH, params={"client_id": "somebody"})
    assert {request.client_id for request in platform.registration.heard} == {"applicant"}


def test_a_registrar_says_that_it_has_compared_and_silence_says_nothing(api: httpx.Client, platform: Platform) -> None:
    for body, said in (({"duplicates_reviewed": True}, True), ({}, False)):
        answer = decide(api, {"decision": "REGISTER", "expected_version": 3} | body)
        assert answer.status_code == 200
        assert platform.registration.heard[-1].duplicates_reviewed is said
    assert decide(api, {"decision": "REGISTER", "expected_version": 3, "duplicates_reviewed": "yes"}).status_code == 400


def test_only_a_registrar_of_its_division_compares_an_application(api: httpx.Client, platform: Platform) -> None:
    answer = api.get(f"{PATH}/app_1/duplicates")
    assert answer.status_code == 200
    (pair,) = answer.json()["pairs"]
    assert set(pair) == {"entity_id", "reasons", "fields"}
    elsewhere = api.get(f"{PATH}/app_elsewhere/duplicates")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "DIVISION_MISMATCH")
    assert api.get(f"{PATH}/app_none/duplicates").status_code == 404
