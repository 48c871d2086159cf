"""The question about a person over the API: its number is in no address, answer or log (mission R-04)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.unit.gateway.conftest import LogLines
from tests.unit.gateway.partners import Platform

BY_PERSON = "/v1/registration/entities/by-person"
NUMBER = "32041119880307003X"
QUESTION = {"id_type": "RESIDENT_ID", "id_number": NUMBER, "purpose": "CHECK_OF_BAR"}


def test_a_registrar_asks_with_a_purpose_in_its_own_name(
    api: httpx.Client, platform: Platform, log_lines: LogLines
) -> None:
    answer = api.post(BY_PERSON, json=QUESTION)
    assert answer.status_code == 200
    heard = platform.registration.heard[-1]
    assert (heard.id_number, heard.purpose, heard.asked_by) == (NUMBER, "CHECK_OF_BAR", "applicant")
    assert log_lines.lines()[-1]["route"] == BY_PERSON
    assert NUMBER not in answer.text + log_lines.getvalue().decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [({"purpose": "因为"}, "purpose"), ({"id_type": "DRIVING"}, "id_type"), ({"id_number": ""}, "id_number")],
)
def test_a_question_that_cannot_be_asked_names_its_field_and_repeats_no_number(
    api: httpx.Client, platform: Platform, log_lines: LogLines, change: dict[str, Any], field: str
) -> None:
    answer = api.post(BY_PERSON, json=QUESTION | change)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    assert NUMBER not in answer.text + log_lines.getvalue().decode()
    assert platform.registration.heard == []


def test_a_number_in_the_address_is_refused(api: httpx.Client, platform: Platform) -> None:
    assert api.post(BY_PERSON, params={"id_number": NUMBER}, json=QUESTION).status_code == 400
    assert platform.registration.heard == []


def test_who_does_not_decide_is_told_the_scope(anybody: httpx.Client, platform: Platform) -> None:
    token = platform.issuer.token(scope="registration:read registration:write")
    answer = anybody.post(BY_PERSON, json=QUESTION, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "SCOPE_MISSING")


def test_a_registrars_step_names_the_person_and_does_not_show_them(
    api: httpx.Client, platform: Platform, log_lines: LogLines
) -> None:
    person = {"name": "李小红", "id_type": "RESIDENT_ID", "id_number": NUMBER}
    answer = api.post(
        "/v1/registration/entity-cases/enc_1/registrar-steps",
        json={"action": "REVOKE", "facts": {"reason_codes": "FALSE_REGISTRATION"}, "person": person},
        headers={"Idempotency-Key": "k1", "If-Match": '"2"'},
    )
    assert answer.status_code == 200
    assert platform.registration.heard[-1].person.id_number == NUMBER
    assert not any(text in answer.text + log_lines.getvalue().decode() for text in (NUMBER, "李小红"))


def test_whoever_opens_a_change_names_the_new_person_in_the_body_only(
    api: httpx.Client, platform: Platform, log_lines: LogLines
) -> None:
    person = {"name": "李小红", "id_type": "RESIDENT_ID", "id_number": NUMBER, "identity_check": "FACE"}
    path, headers = "/v1/registration/entities/ent_1/cases", {"Idempotency-Key": "k2"}
    body = {"kind": "CHANGE", "facts": {"event_date": "2026-01-05"}}
    answer = api.post(path, json=body | {"person": person}, headers=headers)
    assert answer.status_code == 201
    assert (platform.registration.heard[-1].person.name, platform.registration.heard[-1].kind) == ("李小红", "CHANGE")
    assert not any(text in answer.text + log_lines.getvalue().decode() for text in (NUMBER, "李小红"))
    assert api.post(path, json=body, headers=headers).status_code == 201
    assert not platform.registration.heard[-1].HasField("person")
    answer = api.post(path, json=body | {"person": person | {"identity_check": "SEEN"}}, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "person.identity_check")
    assert NUMBER not in answer.text


def test_whoever_holds_shares_afterwards_is_a_person_or_an_organisation_and_named_in_the_body_only(
    api: httpx.Client, platform: Platform, log_lines: LogLines
) -> None:
    person = {
        "name": "陈小明",
        "id_type": "RESIDENCE_PERMIT",
        "id_number": "810000199003070015",
        "identity_check": "FACE",
    }
    holders = [{"person": person, "amount_fen": 600}, {"uscc": "91320411MAXX00023F", "amount_fen": 400}]
    path, headers = "/v1/registration/entities/ent_1/cases", {"Idempotency-Key": "k3"}
    body = {"kind": "CHANGE", "facts": {"event_date": "2026-01-05", "transfers_shares": "true"}}
    answer = api.post(path, json=body | {"investors": holders}, headers=headers)
    assert answer.status_code == 201
    first, second = platform.registration.heard[-1].investors
    assert (first.person.id_type, first.amount_fen, first.WhichOneof("holder")) == ("RESIDENCE_PERMIT", 600, "person")
    assert (second.uscc, second.amount_fen) == ("91320411MAXX00023F", 400)
    assert person["id_number"] not in answer.text + log_lines.getvalue().decode()
    for wrong in ({"amount_fen": 400}, holders[0] | holders[1]):
        answer = api.post(path, json=body | {"investors": [wrong]}, headers=headers)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "investors[0]")
        assert person["id_number"] not in answer.text + log_lines.getvalue().decode()
