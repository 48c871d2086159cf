"""What a partner does by hand through the real gateway: each mistake is answered with its field, nothing half done."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from deploy.local.tokens import fetch_token
from shared.national_codes import compose_uscc
from tests.bench.__main__ import body_template
from tests.bench.paced import filled
from tests.bench.platform import Platform

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
NOWHERE = {"division_code": "999999", "address": "x"}
HEADER = "name,uscc,registered_on,type,capital,business_scope,address"


@pytest.fixture(scope="module")
def registrar(running: Platform) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {running.token}"}
    with httpx.Client(base_url=running.gateway, headers=headers, timeout=30) as client:
        yield client


def application(trade_name: str, **changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(filled(body_template(), trade_name, zlib.crc32(trade_name.encode()) % 10**6))
    return body | changes


def apply(client: httpx.Client, body: dict[str, Any], key: str) -> httpx.Response:
    return client.post("/v1/registration/applications", json=body, headers={"Idempotency-Key": key})


def decide(client: httpx.Client, application_id: str, version: int, key: str) -> httpx.Response:
    return client.post(
        f"/v1/registration/applications/{application_id}/decision",
        json={"decision": "REGISTER", "expected_version": version},
        headers={"Idempotency-Key": key},
    )


@pytest.fixture(scope="module")
def licence(registrar: httpx.Client) -> dict[str, Any]:
    """A licence that was issued just now."""
    received = apply(registrar, application("云帆手制"), "hand-licence").json()
    uscc = decide(registrar, received["application_id"], 1, "hand-decision").json()["uscc"]
    for _ in range(200):
        found = registrar.get("/v1/certificates", params={"holder_code": uscc}).json()["certificates"]
        if found:
            return dict(found[0])
        time.sleep(0.1)
    raise AssertionError("no licence within 20 s")


def test_an_application_can_be_followed_from_receipt_to_licence(
    registrar: httpx.Client, licence: dict[str, Any]
) -> None:
    for _ in range(100):
        entity = registrar.get(f"/v1/registration/entities/by-code/{licence['holder_code']}").json()
        if entity.get("licence_certificate_id"):
            break
        time.sleep(0.1)

    assert entity["licence_certificate_id"] == licence["certificate_id"]
    shown = registrar.get(f"/v1/registration/applications/{entity['application_id']}").json()
    assert [entry["type"] for entry in shown["timeline"]] == ["ApplicationSubmitted"]
    assert shown["state"] == "REGISTERED"
    work = registrar.get("/v1/registration/work-items", params={"division_code": "320411"}).json()["work_items"]
    assert entity["application_id"] not in [item["application_id"] for item in work]


def test_an_applicant_reads_own_applications_only(running: Platform, registrar: httpx.Client) -> None:
    mine = apply(registrar, application("私有"), "hand-own").json()["application_id"]
    issuer = f"http://127.0.0.1:{running.topology.issuer_port}"
    headers = {"Authorization": f"Bearer {fetch_token(issuer, 'applicant', running.folder)}"}

    other = httpx.get(f"{running.gateway}/v1/registration/applications/{mine}", headers=headers)
    none = httpx.get(f"{running.gateway}/v1/registration/applications/app_none", headers=headers)

    assert registrar.get(f"/v1/registration/applications/{mine}").status_code == 200
    assert (
        (other.status_code, other.json()["code"])
        == (none.status_code, none.json()["code"])
        == (404, "APPLICATION_NOT_FOUND")
    )


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        (application("好运", name="新北区好运机械有限公司"), 400, "NAME_DIVISION_INCOMPLETE", "name"),
        (application("甲一", division_code="999999"), 400, "UNKNOWN_DIVISION", "division_code"),
        (application("甲二", domicile=NOWHERE), 400, "UNKNOWN_DIVISION", "domicile.division_code"),
        (application("甲三", entity_type="SPACESHIP"), 400, "INVALID_FIELD", "entity_type"),
        (application("甲四", status="REGISTERED"), 400, "INVALID_FIELD", "status"),
        (application("甲五", domicile={"division_code": "320412", "address": "x"}), 422, "NOT_COMPETENT", None),
    ],
)  # fmt: skip
def test_a_mistake_is_a_problem_that_names_the_field(
    registrar: httpx.Client, body: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    answer = apply(registrar, body, f"hand-{body['name'].encode().hex()[:40]}")

    problem = answer.json()
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.status_code == status, problem
    assert problem["code"] == code or field in [error["field"] for error in problem.get("errors", ())]
    if field:
        assert field in [error["field"] for error in problem["errors"]]
    assert "Traceback" not in answer.text


def test_a_duplicate_application_and_a_stale_version_are_conflicts(registrar: httpx.Client) -> None:
    first = apply(registrar, application("双生"), "hand-double-1").json()

    second = apply(registrar, application("双生"), "hand-double-2")
    stale = decide(registrar, first["application_id"], 7, "hand-stale")

    assert (second.status_code, second.json()["code"]) == (409, "DUPLICATE_APPLICATION")
    assert (stale.status_code, stale.json()["code"]) == (409, "STALE_VERSION")


def test_the_same_command_again_is_answered_again_and_a_reused_key_is_refused(registrar: httpx.Client) -> None:
    first = apply(registrar, application("重放"), "hand-replay")
    again = apply(registrar, application("重放"), "hand-replay")
    reused = apply(registrar, application("重放", business_scope="另一范围"), "hand-replay")

    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (reused.status_code, reused.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")


def test_an_oversized_body_and_malformed_json_are_refused(registrar: httpx.Client) -> None:
    headers = {"Idempotency-Key": "hand-big", "Content-Type": "application/json"}
    big = registrar.post(
        "/v1/registration/applications", content=b'{"name":"' + b"x" * 1_100_000 + b'"}', headers=headers
    )
    double = registrar.post("/v1/registration/applications", content=b'{"name":"a","name":"b"}', headers=headers)

    assert big.status_code == 413
    assert (double.status_code, double.json()["code"]) == (400, "MALFORMED_JSON")


def test_an_import_gives_every_bad_row_its_verdict_and_takes_the_rest(registrar: httpx.Client) -> None:
    good = compose_uscc("91", "320411", "MAXX0777")
    rows = [
        HEADER,
        f"常州手制远航机械有限公司,{good},2001-05-08,,50(万元人民币),机械零部件的制造。,常州市新北区某路1号",
        "常州手制错码机械有限公司,91320411MAXX00016P,2001-05-08,,50(万元人民币),机械。,常州市新北区某路2号",
        "常州手制少列机械有限公司,91320411MAXX00015L,2001-05-08",
    ]
    headers = {"Idempotency-Key": "hand-import", "Content-Type": "text/csv"}

    answer = registrar.post(
        "/v1/registration/entities/imports", content="\n".join(rows).encode(), headers=headers
    ).json()

    assert (answer["imported"], answer["refused"]) == (1, 2)
    refused = {verdict["row_number"]: verdict["violations"][0] for verdict in answer["verdicts"]}
    assert refused[2]["reason"] == "USCC_ORGANISATION_DIGIT"
    assert set(refused) == {2, 3}
    assert registrar.get(f"/v1/registration/entities/by-code/{good}").json()["imported"] is True


def failed_parts(answer: httpx.Response) -> set[str]:
    verdict = answer.json()
    assert answer.status_code == 200, verdict
    return {part["part"] for part in verdict["parts"] if part["result"] == "FAILED"}


def test_an_altered_pdf_json_or_code_is_refused_with_the_part_that_failed(
    registrar: httpx.Client, licence: dict[str, Any]
) -> None:
    file = f"/v1/certificates/{licence['certificate_id']}/file"
    pdf = registrar.get(file, params={"format": "pdf"}).content
    document = registrar.get(file, params={"format": "json"}).content

    def verify(content: bytes, kind: str) -> httpx.Response:
        return registrar.post("/v1/certificates/verify", files={"file": ("licence", content, kind)})

    def verify_code(text: str) -> httpx.Response:
        return registrar.post("/v1/certificates/verify", json={"qr_text": text})

    assert failed_parts(verify(pdf, "application/pdf")) == set()
    assert verify(pdf, "application/pdf").json()["conclusion"] == "IN_FORCE"
    middle = len(pdf) // 2
    altered = pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1 :]
    assert "FILE_HASH" in failed_parts(verify(altered, "application/pdf"))
    assert "FILE_HASH" in failed_parts(verify(pdf + b"\n%%EOF\n", "application/pdf"))

    assert failed_parts(verify(document, "application/json")) == set()
    changed = document.replace("云帆手制".encode(), "云帆手改".encode())
    assert changed != document
    assert failed_parts(verify(changed, "application/json")) & {"CONTENT", "SIGNATURE"}

    assert failed_parts(verify_code(licence["qr_text"])) == set()
    other = licence["qr_text"].replace(licence["holder_code"], "91320411MAXX00015L")
    assert failed_parts(verify_code(other)) & {"QR_SIGNATURE", "CONTENT", "HOLDER"}
    wrong = registrar.post("/v1/certificates/verify", json={"identifier": licence["identifier"][:-1] + "!"})
    assert "IDENTIFIER" in failed_parts(wrong)


def test_the_public_page_shows_the_verdict_to_a_phone(running: Platform, licence: dict[str, Any]) -> None:
    page = httpx.get(licence["qr_text"], timeout=30)
    bad = httpx.get(licence["qr_text"].replace("s=", "s=A"), timeout=30)

    assert page.status_code == 200
    assert "有效" in page.text
    assert licence["holder_code"] in page.text
    assert "证照真实，目前有效" not in bad.text
    assert "http://" not in page.text.replace(running.gateway, "")
