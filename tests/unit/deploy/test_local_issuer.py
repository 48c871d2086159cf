"""The development issuer gives tokens to its clients, with their scopes, and refuses the rest as RFC 6749 says."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from deploy.local.issuer import CLIENTS, Issuer, TokenRefused, make_app, read_key
from deploy.local.state import ASSERTING_CLIENTS, CLIENT_NAMES, open_state, read_clients
from deploy.local.tokens import ASSERTION_TYPE, assertion, client_key

URL = "http://issuer.test"
FORM = {"grant_type": "client_credentials", "client_id": "registrar", "client_secret": "s-registrar"}


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer(URL, read_key(tmp_path / "keys" / "issuer.json"), {name: f"s-{name}" for name in CLIENTS})


async def ask(issuer: Issuer, method: str, path: str, **options: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app=make_app(issuer))
    async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
        return await client.request(method, path, **options)


def call(issuer: Issuer, method: str, path: str, **options: Any) -> httpx.Response:
    import asyncio

    return asyncio.run(ask(issuer, method, path, **options))


def test_a_token_verifies_with_the_published_key_and_says_who_and_what(issuer: Issuer) -> None:
    answer = call(issuer, "POST", "/token", data=FORM)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3600)
    token = jwt.decode(
        body["access_token"], KeySet.import_key_set(call(issuer, "GET", "/.well-known/jwks.json").json())
    )
    assert (token.header["typ"], token.header["alg"]) == ("at+jwt", "ES256")
    claims = token.claims
    assert (claims["iss"], claims["sub"], claims["aud"]) == (URL, "registrar", "tongban-gateway")
    assert claims["exp"] - claims["iat"] == 3600
    assert set(claims["scope"].split()) == set(CLIENTS["registrar"].scopes)
    assert (claims["division"], claims["unit"]) == ("320411", "registration-window")


def test_the_published_key_set_has_no_private_part(issuer: Issuer) -> None:
    assert all("d" not in key for key in call(issuer, "GET", "/.well-known/jwks.json").json()["keys"])


def test_discovery_points_to_keys_and_tokens(issuer: Issuer) -> None:
    found = call(issuer, "GET", "/.well-known/openid-configuration").json()
    assert found["issuer"] == URL
    assert found["jwks_uri"] == f"{URL}/.well-known/jwks.json"
    assert found["token_endpoint"] == f"{URL}/token"


def test_fewer_scopes_can_be_asked_for(issuer: Issuer) -> None:
    assert issuer.grant(FORM | {"scope": "registration:read"})["scope"] == "registration:read"


def test_two_tokens_are_never_the_same(issuer: Issuer) -> None:
    assert issuer.grant(FORM, 1)["access_token"] != issuer.grant(FORM, 1)["access_token"]


def test_http_basic_is_understood(issuer: Issuer) -> None:
    header = {"Authorization": "Basic " + base64.b64encode(b"ops:s-ops").decode()}
    answer = call(issuer, "POST", "/token", data={"grant_type": "client_credentials"}, headers=header)
    assert answer.json()["scope"] == "ops:read handoff:read"


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_id": "nobody", "client_secret": ""}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": None}, 400, "invalid_request"),
        ({"scope": "ops:read"}, 400, "invalid_scope"),
    ],
)
def test_what_is_wrong_is_refused_by_its_name(issuer: Issuer, change: dict[str, Any], status: int, error: str) -> None:
    form = {key: value for key, value in (FORM | change).items() if value is not None}
    answer = call(issuer, "POST", "/token", data=form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert ("www-authenticate" in answer.headers) == (status == 401)


@pytest.mark.parametrize("body", [b"\xff", b"a=b&a=c", b"nonsense", b"x" * 20_000])
def test_a_form_that_cannot_be_read_is_refused(issuer: Issuer, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = call(issuer, "POST", "/token", content=body, headers=headers)
    assert answer.status_code in (400, 413)
    assert answer.json()["error"] == "invalid_request"


def test_the_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "issuer.json"
    assert read_key(path).as_dict(private=True) == read_key(path).as_dict(private=True)
    assert path.stat().st_mode & 0o777 == 0o600


def test_every_client_but_partner_platforms_has_a_generated_secret(tmp_path: Path) -> None:
    assert set(CLIENT_NAMES) == set(CLIENTS)
    clients = read_clients(tmp_path / "state")
    assert set(clients) == set(CLIENTS) - ASSERTING_CLIENTS
    assert {name for name in CLIENTS if name.startswith("partner-")} == ASSERTING_CLIENTS
    assert len(set(clients.values())) == len(clients)
    assert clients == read_clients(tmp_path / "state")
    assert (tmp_path / "state" / "clients.json").stat().st_mode & 0o777 == 0o600


PARTNER = "partner-440305"


@pytest.fixture
def partner(tmp_path: Path) -> tuple[Issuer, ECKey]:
    state = open_state(tmp_path / "state")
    key = client_key(state, PARTNER)
    return Issuer(URL, read_key(tmp_path / "issuer.json"), {PARTNER: "a-secret"}, {PARTNER: key}), key


def asserting(proof: str, **change: str) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": proof,
    } | change


def test_a_partner_platform_proves_itself_with_its_key(partner: tuple[Issuer, ECKey]) -> None:
    issuer, key = partner
    token = issuer.grant(asserting(assertion(key, PARTNER, f"{URL}/token")))["access_token"]
    claims = jwt.decode(token, KeySet.import_key_set(issuer.public_keys)).claims
    assert (claims["sub"], claims["division"]) == (PARTNER, "440305")


def test_an_assertion_counts_once(partner: tuple[Issuer, ECKey]) -> None:
    issuer, key = partner
    form = asserting(assertion(key, PARTNER, f"{URL}/token"))
    issuer.grant(form)
    with pytest.raises(TokenRefused, match="used before"):
        issuer.grant(form)


def test_a_partner_platform_has_no_secret(partner: tuple[Issuer, ECKey]) -> None:
    with pytest.raises(TokenRefused):
        partner[0].grant({"grant_type": "client_credentials", "client_id": PARTNER, "client_secret": "a-secret"})


@pytest.mark.parametrize(
    ("change", "form"),
    [
        ({"aud": "https://another.example"}, {}), ({"exp": 1}, {}), ({"exp": 4_000_000_000}, {}), ({"exp": None}, {}),
        ({"jti": None}, {}), ({"iat": 4_000_000_000}, {}), ({"sub": "registrar"}, {}), ({"iss": "registrar"}, {}),
        ({}, {"client_id": "registrar"}), ({}, {"client_secret": "x"}), ({}, {"client_assertion_type": "another"}),
        ({}, {"client_assertion": "x.y.z"}),
    ],
    ids=str,
)  # fmt: skip
def test_an_assertion_that_does_not_hold_is_refused(
    partner: tuple[Issuer, ECKey], change: dict[str, Any], form: dict[str, str]
) -> None:
    issuer, key = partner
    with pytest.raises(TokenRefused):
        issuer.grant(asserting(assertion(key, PARTNER, f"{URL}/token", **change), **form))


def test_another_key_under_a_partners_name_is_refused(partner: tuple[Issuer, ECKey]) -> None:
    stranger = ECKey.generate_key("P-256", private=True, auto_kid=True)
    with pytest.raises(TokenRefused, match="no client signed"):
        partner[0].grant(asserting(assertion(stranger, PARTNER, f"{URL}/token")))
