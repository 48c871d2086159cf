"""Days in addresses, entities of the past, and what an authority reads of cases."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tongban.registration.v1 import service_pb2 as rpc

from tests.unit.gateway.partners import Platform

ENTITIES, CASE = "/v1/registration/entities", "/v1/registration/entity-cases/enc_1"


@pytest.mark.parametrize(
    "day", ["0", "1735689600", "2026-05-04T00:00:00", "2026-5-4", "20260504", "2026-05-04\n", "２０２６-05-04"]
)
@pytest.mark.parametrize("field", ["as_of", "founded_from", "founded_to"])
def test_a_day_is_an_iso_date_and_nothing_else(api: httpx.Client, platform: Platform, field: str, day: str) -> None:
    path = f"{ENTITIES}/ent_1" if field == "as_of" else ENTITIES
    answer = api.get(path, params={field: day})
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (400, [field])
    assert platform.registration.heard == []


def test_an_entity_of_the_past_has_no_version_to_change(api: httpx.Client, platform: Platform) -> None:
    assert api.get(f"{ENTITIES}/ent_1").headers["ETag"] == '"2"'
    past = api.get(f"{ENTITIES}/ent_1", params={"as_of": "2026-05-04"})
    assert past.status_code == 200
    assert "ETag" not in past.headers
    assert platform.registration.heard[-1].as_of == "2026-05-04"


@pytest.mark.parametrize(
    ("scopes", "own_only", "party"),
    [
        ("registration:read", "applicant", rpc.CASE_PARTY_UNSPECIFIED),
        ("registration:read registration:object", "applicant", rpc.CASE_PARTY_AUTHORITY),
        ("registration:read registration:decide", "", rpc.CASE_PARTY_UNSPECIFIED),
    ],
)
def test_a_case_is_read_as_what_the_token_makes_of_its_holder(
    anybody: httpx.Client, platform: Platform, scopes: str, own_only: str, party: Any
) -> None:
    headers = {"Authorization": f"Bearer {platform.issuer.token(scopes)}"}
    assert anybody.get(CASE, headers=headers).status_code == 200
    heard = platform.registration.heard[-1]
    assert (heard.only_client_id, heard.as_party) == (own_only, party)


def test_an_authority_lists_the_cases_in_which_it_has_a_part(anybody: httpx.Client, platform: Platform) -> None:
    headers = {"Authorization": f"Bearer {platform.issuer.token('registration:object')}"}
    answer = anybody.get(f"{ENTITIES}/ent_1/authority-cases", headers=headers)
    assert answer.status_code == 200
    assert platform.registration.heard[-1].as_party == rpc.CASE_PARTY_AUTHORITY
    assert anybody.get(f"{ENTITIES}/ent_1/cases", headers=headers).status_code == 403
