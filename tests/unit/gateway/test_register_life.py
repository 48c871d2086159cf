"""Lists by scope and founding, what falls due, and entities that move in, over the API."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.contract.calls import example_of
from tests.unit.gateway.partners import DIVISION, Platform

TAKE_OVER = "/v1/registration/entities/takeovers"
BODY = example_of({"$ref": "#/components/schemas/TakeOver"})


def test_a_list_asks_for_days_of_founding_and_the_scope(api: httpx.Client, platform: Platform) -> None:
    asked = {"founded_from": "2025-01-01", "founded_to": "2025-12-31", "scope_keyword": "食品销售"}
    assert api.get("/v1/registration/entities", params=asked).status_code == 200
    heard = platform.registration.heard[-1]
    assert (heard.founded_from, heard.founded_to, heard.scope_keyword) == ("2025-01-01", "2025-12-31", "食品销售")


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"founded_from": "2025-02-30"}, "founded_from"), ({"scope_keyword": "食"}, "scope_keyword")],
)
def test_a_condition_that_is_none_is_refused_by_its_name(api: httpx.Client, asked: dict[str, str], field: str) -> None:
    answer = api.get("/v1/registration/entities", params=asked)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_the_forecast_is_of_the_tokens_division(api: httpx.Client, platform: Platform) -> None:
    answer = api.get("/v1/registration/forecast", params={"days": 7})
    assert answer.status_code == 200
    assert set(answer.json()) == {"rows", "late", "undated"}
    heard = platform.registration.heard[-1]
    assert (heard.division_code, heard.days) == (DIVISION, 7)
    assert api.get("/v1/registration/forecast", params={"days": 93}).status_code == 400


def test_an_entity_moves_in_to_the_tokens_division_and_no_number_is_told_back(
    api: httpx.Client, platform: Platform
) -> None:
    answer = api.post(TAKE_OVER, json=BODY, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 201
    assert answer.headers["Location"].startswith("/v1/registration/entities/")
    heard = platform.registration.heard[-1]
    assert (heard.division_code, heard.from_division_code, heard.uscc) == (DIVISION, "320402", BODY["uscc"])
    assert heard.legal_representative.name == BODY["legal_representative"]["name"]
    assert BODY["legal_representative"]["id_number"] not in answer.text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"division_code": "320402"}, "division_code"),
        ({"files_sha256": "x"}, "files_sha256"),
        ({"domicile": {"division_code": "320411", "address": ""}}, "domicile.address"),
    ],
)
def test_a_move_that_is_none_is_refused_by_its_field(api: httpx.Client, change: dict[str, Any], field: str) -> None:
    answer = api.post(TAKE_OVER, json=BODY | change, headers={"Idempotency-Key": "k2"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
