"""Revoking and cancelling entities over the API; what the pages say of a certificate's state."""

from __future__ import annotations

import httpx
from tongban.certificates.v1 import messages_pb2 as cpb
from tongban.registration.v1 import messages_pb2 as pb

from tests.unit.gateway.partners import DIVISION, Platform
from tests.unit.gateway.test_certificates import Page

STATE = "/v1/registration/entities/ent_1/state"
BODY = {"state": "LICENCE_REVOKED", "reason_code": "FALSE_REGISTRATION"}


def test_a_registrar_revokes_in_the_name_of_its_division(api: httpx.Client, platform: Platform) -> None:
    answer = api.post(STATE, json=BODY, headers={"Idempotency-Key": "k1", "If-Match": '"2"'})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"3"')
    told = answer.json()
    assert (told["state"], told["state_reason_code"], told["state_date"]) == (
        "LICENCE_REVOKED", "FALSE_REGISTRATION", "2026-11-25",
    )  # fmt: skip
    command = platform.registration.heard[-1]
    assert (command.state, command.division_code, command.expected_version) == (
        pb.ENTITY_STATE_LICENCE_REVOKED, DIVISION, 2,
    )  # fmt: skip


def test_an_entity_is_not_set_back_to_active_and_a_reason_is_a_code(api: httpx.Client) -> None:
    for body, field in ((BODY | {"state": "ACTIVE"}, "state"), (BODY | {"reason_code": "因为"}, "reason_code")):
        answer = api.post(STATE, json=body, headers={"Idempotency-Key": "k2", "If-Match": '"2"'})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == field


def test_an_old_version_is_a_conflict(api: httpx.Client) -> None:
    answer = api.post(STATE, json=BODY | {"expected_version": 1}, headers={"Idempotency-Key": "k3"})
    assert (answer.status_code, answer.json()["code"]) == (409, "STALE_VERSION")


def test_the_page_says_since_when_and_why_a_certificate_is_not_in_force(
    anybody: httpx.Client, platform: Platform
) -> None:
    platform.certificates.verdict = lambda: cpb.Verdict(
        conclusion=cpb.CONCLUSION_NOT_IN_FORCE,
        parts=[cpb.VerdictPart(part="SEAL", result=cpb.PART_RESULT_FAILED, reason="SEAL_ALTERED", detail="x")],
        state=cpb.CERTIFICATE_STATE_REVOKED,
        state_reason_code="FALSE_REGISTRATION",
        state_since_date="2026-11-20",
    )
    page = Page(anybody.get("/v/1.2.3"))
    for said in ("2026-11-20", "虚假登记", "false registration", "Revoked", "盖章后文件被改动", "电子印章"):
        assert said in page.text, said
    platform.certificates.verdict = lambda: cpb.Verdict(
        conclusion=cpb.CONCLUSION_NOT_IN_FORCE, state=cpb.CERTIFICATE_STATE_SUSPENDED, state_reason_code="OTHER_CODE"
    )
    page = Page(anybody.get("/v/1.2.3"))
    assert "OTHER_CODE" in page.text
    assert "since" not in page.text
