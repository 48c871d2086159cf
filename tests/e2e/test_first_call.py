"""A partner that does what the README and the API's document show, through the real gateway: examples are taken as they stand,
problems say what to mend, and who may object can read what about."""

from __future__ import annotations

import copy
import secrets
from typing import Any

import pytest

from deploy.demo.desk import Desk, wait_for
from gateway.routes.registration.submission import EXAMPLE
from shared.national_codes import compose_uscc
from tests.contract.calls import example_of
from tests.e2e.regions import Regions
from tests.e2e.test_authorisation_matrix import registered_entity

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
APPLICATIONS, ENTITIES = "/v1/registration/applications", "/v1/registration/entities"
HEADER = "name,uscc,registered_on,type,capital,business_scope,address"


@pytest.fixture(scope="module")
def desk(regions: Regions) -> Desk:
    return regions.here


def key() -> str:
    return secrets.token_hex(8)


@pytest.fixture(scope="module")
def first(desk: Desk) -> Any:
    """The answer to the example of the document."""
    return desk.answer("POST", APPLICATIONS, "applicant", key=key(), json=EXAMPLE)


def test_the_example_of_the_document_is_under_review(first: Any) -> None:
    assert first.status_code == 201, first.text
    assert (first.json()["state"], first.json()["gaps"]) == ("UNDER_REVIEW", [])
    assert first.json()["due_date"] or first.json()["due_date_flag"] == "CALENDAR_NOT_LOADED"


def test_the_example_of_a_takeover_is_taken_over_and_gets_its_licence(desk: Desk) -> None:
    body = example_of({"$ref": "#/components/schemas/TakeOver"}) | {"name": "常州瑞禾软件有限公司"}
    answer = desk.answer("POST", f"{ENTITIES}/takeovers", "registrar", key=key(), json=body)
    assert answer.status_code == 201, answer.text
    entity = f"{ENTITIES}/{answer.json()['entity_id']}"
    wait_for("its licence", lambda: desk.ask("GET", entity, "registrar")["licence_certificate_id"], bool)


def test_a_name_that_is_held_is_told_with_its_field_and_the_own_application_with_its_id(desk: Desk, first: Any) -> None:
    mine = desk.answer("POST", APPLICATIONS, "applicant", key=key(), json=EXAMPLE).json()
    assert (mine["code"], mine["application_id"]) == ("DUPLICATE_APPLICATION", first.json()["application_id"])
    other = desk.answer("POST", APPLICATIONS, "neighbour", key=key(), json=EXAMPLE).json()
    assert (other["code"], [error["field"] for error in other["errors"]]) == ("NAME_TAKEN", ["name"])
    assert first.json()["application_id"] not in str(other)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"entity_type": ""}, "application.entity_type"),
        ({"name": "新北区好运机械有限公司"}, "application.name"),
        ({"domicile": {"division_code": "320412", "address": "x"}}, "application.domicile.division_code"),
        ({"capital": {"amount_fen": -1}}, "application.capital.amount_fen"),
        ({"name": "", "name_reservation_id": "nam_none"}, "application.name_reservation_id"),
    ],
)
def test_a_mistake_inside_a_bundle_is_named_from_the_body_on(desk: Desk, change: dict[str, Any], field: str) -> None:
    body = {"kind": "OPENING", "application": copy.deepcopy(EXAMPLE) | change}
    answer = desk.answer("POST", "/v1/registration/bundles", "applicant", key=key(), json=body)
    assert answer.status_code in (400, 404, 422), answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_bundle_refuses_what_it_does_not_ask_for(desk: Desk) -> None:
    body = {"kind": "OPENING", "application": EXAMPLE, "entity_id": "ent_1"}
    answer = desk.answer("POST", "/v1/registration/bundles", "applicant", key=key(), json=body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "entity_id")


def test_an_authority_finds_and_reads_what_it_objects_to(desk: Desk) -> None:
    entity_id = registered_entity(desk, key())
    facts = {"no_debts": "true", "all_investors_signed": "true"}
    case = desk.ask("POST", f"{ENTITIES}/{entity_id}/cases", "applicant", key=key(),
                    json={"kind": "SIMPLIFIED_CANCELLATION", "facts": facts})  # fmt: skip

    (listed,) = desk.ask("GET", f"{ENTITIES}/{entity_id}/authority-cases", "tax")["entity_cases"]
    address = f"/v1/registration/entity-cases/{listed['entity_case_id']}"
    read = desk.ask("GET", address, "tax")
    objected = desk.ask("POST", f"{address}/objection", "tax", key=key(),
                        json={"reason_codes": ["TAXES_OWED"], "expected_version": read["version"]})  # fmt: skip

    assert (read["entity_case_id"], objected["state"]) == (case["entity_case_id"], "OBJECTED")
    assert desk.answer("GET", f"{ENTITIES}/{entity_id}/cases", "tax").status_code == 403


def test_rows_of_another_registrar_are_kept_and_days_are_days(desk: Desk) -> None:
    rows = [HEADER, f"北京云帆软件有限公司,{compose_uscc('91', '110105', 'MAXX0001')},2001-05-08,,,软件,某路1号"]
    answer = desk.answer("POST", f"{ENTITIES}/imports", "registrar", key=key(), content="\n".join(rows).encode(),
                         headers={"Content-Type": "text/csv"})  # fmt: skip
    told = answer.json()
    assert told["imported"] + told["unchanged"] == 1, told
    assert desk.answer("GET", f"{ENTITIES}?founded_from=0", "applicant").status_code == 400
