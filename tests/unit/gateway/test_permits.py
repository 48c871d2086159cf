"""Routes of permits: what they pass on, and whom they turn away."""

from __future__ import annotations

import httpx
import pytest

from tests.unit.gateway.partners import DIVISION, Platform

KEY = {"Idempotency-Key": "k1"}
STEPS = "/v1/permits/cases/pmc_1/steps"


def token(platform: Platform, **claims: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {platform.issuer.token('permits:decide permits:read permits:write', **claims)}"}


def test_a_step_goes_to_the_service_with_the_unit_of_the_token(api: httpx.Client, platform: Platform) -> None:
    headers = KEY | token(platform, unit="320411-fire")
    answer = api.post(STEPS, json={"step": "GRANT", "expected_version": 2}, headers=headers)
    assert answer.status_code == 200
    [heard] = platform.permits.heard
    assert (heard.unit_code, heard.expected_version, heard.WhichOneof("step")) == ("320411-fire", 2, "grant")


def test_a_token_without_a_unit_does_no_step_and_sees_no_work(api: httpx.Client, platform: Platform) -> None:
    headers = KEY | token(platform, unit="")
    for answer in (
        api.post(STEPS, json={"step": "GRANT", "expected_version": 2}, headers=headers),
        api.get("/v1/permits/work", headers=headers),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "UNIT_MISSING")
    assert platform.permits.heard == []


def test_a_clerk_of_another_division_does_no_step(api: httpx.Client, platform: Platform) -> None:
    headers = KEY | token(platform, division="440305")
    answer = api.post(STEPS, json={"step": "GRANT", "expected_version": 2}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "DIVISION_MISMATCH")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"step": "REFUSE"}, "reasons"),
        ({"step": "GRANT", "reason": "COMPLEX"}, "reason"),
        ({"step": "PAUSE", "reason": "HEARING", "owner": "applicant"}, "working_days"),
        ({"step": "FLY"}, "step"),
        ({"step": "GRANT", "state": "GRANTED"}, "state"),
    ],
)
def test_a_step_with_other_fields_than_its_own_names_the_field(
    api: httpx.Client, platform: Platform, body: dict[str, str], field: str
) -> None:
    answer = api.post(STEPS, json=body | {"expected_version": 1}, headers=KEY)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert platform.permits.heard == []


def test_an_applicant_reads_own_cases_only_and_a_clerk_any(api: httpx.Client, platform: Platform) -> None:
    own = {"Authorization": f"Bearer {platform.issuer.token('permits:read')}"}
    assert api.get("/v1/permits/cases/pmc_1", headers=own).status_code == 200
    assert api.get("/v1/permits/cases/pmc_1", headers=token(platform)).status_code == 200
    assert [bool(heard.only_client_id) for heard in platform.permits.heard] == [True, False]
    answer = api.get("/v1/permits/cases/pmc_none", headers=own)
    assert answer.status_code == 404


def test_a_bundle_without_an_entity_carries_the_application_of_its_licence(
    api: httpx.Client, platform: Platform
) -> None:
    application = {
        "division_code": DIVISION, "name": "常州云帆便利店有限公司", "entity_type": "LIMITED_COMPANY",
        "capital": {"amount_fen": 10000000},
    }  # fmt: skip
    content = {"applicant_name": "常州云帆便利店有限公司", "premises": "常州市新北区通江路88号"}
    body = {
        "bundle_type": "convenience_store", "answers": {"has_sign": "NO"}, "content": content,
        "licence_application": application,
    }  # fmt: skip
    answer = api.post("/v1/permits/bundles", json=body, headers=KEY)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"].startswith("/v1/permits/bundles/")
    [heard] = platform.permits.heard
    assert '"entity_type":"ENTITY_TYPE_LIMITED_COMPANY"' in heard.licence_application


def test_a_wrong_licence_application_is_refused_with_its_field(api: httpx.Client, platform: Platform) -> None:
    content = {"applicant_name": "x", "premises": "y"}
    body = {
        "bundle_type": "convenience_store", "answers": {}, "content": content,
        "licence_application": {"entity_type": "NO_SUCH"},
    }  # fmt: skip
    answer = api.post("/v1/permits/bundles", json=body, headers=KEY)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"].endswith("entity_type")
    assert platform.permits.heard == []


def test_the_commitments_of_a_bundle_go_to_the_service(api: httpx.Client, platform: Platform) -> None:
    body = {
        "bundle_type": "restaurant", "answers": {"has_sign": "NO"}, "holder_code": "91320411MAXX00015L",
        "content": {"applicant_name": "云帆", "premises": "通江路88号"}, "commitments": ["fire_check"],
    }  # fmt: skip
    assert api.post("/v1/permits/bundles", json=body, headers=KEY).status_code == 201
    [heard] = platform.permits.heard
    assert list(heard.commitments) == ["fire_check"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"step": "PRE_REVIEW"}, "key"),
        ({"step": "LAND_CONTRACT", "contract_date": "2025-10-20", "reason_code": "X"}, "reason_code"),
        ({"step": "LAND_FELL_THROUGH"}, "reason_code"),
    ],
)
def test_a_step_with_a_project_takes_its_own_fields_only(
    api: httpx.Client, platform: Platform, body: dict[str, str], field: str
) -> None:
    answer = api.post("/v1/permits/projects/prj_1/steps", json=body | {"expected_version": 1}, headers=KEY)
    assert answer.status_code == 400
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert platform.permits.heard == []


def test_a_land_contract_goes_to_the_service_with_the_unit_of_the_token(api: httpx.Client, platform: Platform) -> None:
    headers = KEY | token(platform, unit="320411-planning")
    body = {"step": "LAND_CONTRACT", "contract_date": "2025-10-20", "expected_version": 3}
    assert api.post("/v1/permits/projects/prj_1/steps", json=body, headers=headers).status_code == 200
    [heard] = platform.permits.heard
    assert (heard.unit_code, heard.record_land_contract.contract_date) == ("320411-planning", "2025-10-20")


def test_a_clerk_of_another_division_does_no_step_with_a_project(api: httpx.Client, platform: Platform) -> None:
    headers = KEY | token(platform, division="440305")
    body = {"step": "LAND_CONTRACT", "contract_date": "2025-10-20", "expected_version": 3}
    answer = api.post("/v1/permits/projects/prj_1/steps", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "DIVISION_MISMATCH")
