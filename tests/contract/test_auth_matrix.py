"""Every route of the API's document against every kind of token. A new route is in the matrix by being in the document."""

from __future__ import annotations

import base64
import hmac
import json
import re
import time
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from joserfc.jwk import ECKey

from gateway.app import create_app
from gateway.auth import SCOPES
from gateway.config import read_settings
from gateway.routing import PUBLIC_ROUTES, GatewayRoute, stale_public_routes, unauthenticated_routes
from tests.unit.gateway.partners import Platform

DOCUMENT = create_app(read_settings()).openapi()
OPERATIONS = [
    (method.upper(), path, operation) for path, item in DOCUMENT["paths"].items() for method, operation in item.items()
]
PROTECTED = [(m, p, o["security"][0]["bearer"][0]) for m, p, o in OPERATIONS if "bearer" in (o["security"] or [{}])[0]]


def encoded(header: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()


def unsigned(platform: Platform) -> str:
    """A token that says it needs no signature."""
    _, claims, _ = platform.issuer.token().split(".")
    return f"{encoded({'alg': 'none', 'typ': 'at+jwt', 'kid': platform.issuer.key.kid})}.{claims}."


def symmetric(platform: Platform) -> str:
    """A token signed with the public key as if it were a shared secret."""
    _, claims, _ = platform.issuer.token().split(".")
    signed = f"{encoded({'alg': 'HS256', 'typ': 'at+jwt', 'kid': platform.issuer.key.kid})}.{claims}"
    mac = hmac.digest(platform.issuer.key.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


BAD_TOKENS: dict[str, tuple[Any, str]] = {
    "for another audience": (lambda p: p.issuer.token(aud="another"), "TOKEN_AUDIENCE"),
    "expired": (lambda p: p.issuer.token(exp=int(time.time()) - 31), "TOKEN_EXPIRED"),
    "without an end": (lambda p: p.issuer.token(exp=None), "TOKEN_EXPIRED"),
    "not valid yet": (lambda p: p.issuer.token(nbf=int(time.time()) + 120), "TOKEN_NOT_YET_VALID"),
    "of another issuer": (lambda p: p.issuer.token(iss="https://evil.example"), "TOKEN_ISSUER"),
    "with algorithm none": (unsigned, "TOKEN_ALGORITHM"),
    "signed with the public key as a secret": (symmetric, "TOKEN_ALGORITHM"),
    "that is an identity token": (lambda p: p.issuer.token(typ="JWT"), "TOKEN_TYPE"),
    "signed by a stranger under our key's name": (
        lambda p: p.issuer.token(key=ECKey.generate_key("P-256", {"kid": "k1"})), "TOKEN_SIGNATURE",
    ),
    "signed by an unknown key": (lambda p: p.issuer.token(key=ECKey.generate_key("P-256", {"kid": "k9"})), "TOKEN_KEY"),
    "naming nobody": (lambda p: p.issuer.token(sub=""), "TOKEN_SUBJECT"),
    "that is no JWT": (lambda p: "x.y.z", "TOKEN_MALFORMED"),
    "that is endless": (lambda p: "e" * 9000, "TOKEN_MALFORMED"),
}  # fmt: skip


def call(client: httpx.Client, method: str, path: str, token: str | None) -> httpx.Response:
    """The route with nothing right but the token: who may not come in learns nothing about the rest."""
    path = re.sub(r"\{\w+\}", "x1", path)
    kind = "text/csv" if path.endswith("/imports") else "application/json"
    headers = {"Content-Type": kind} | ({"Authorization": f"Bearer {token}"} if token else {})
    return client.request(method, path, headers=headers, content=b"{" if method == "POST" else None)


@pytest.mark.parametrize(("method", "path", "scope"), PROTECTED, ids=lambda value: str(value))
def test_nobody_enters_without_a_token(anybody: httpx.Client, method: str, path: str, scope: str) -> None:
    answer = call(anybody, method, path, None)
    assert (answer.status_code, answer.json()["code"]) == (401, "TOKEN_MISSING")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="tongban"'
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("kind", BAD_TOKENS)
@pytest.mark.parametrize(("method", "path", "scope"), PROTECTED, ids=lambda value: str(value))
def test_a_bad_token_is_401_on_every_route(
    anybody: httpx.Client, platform: Platform, method: str, path: str, scope: str, kind: str
) -> None:
    make, reason = BAD_TOKENS[kind]
    answer = call(anybody, method, path, make(platform))
    assert (answer.status_code, answer.json()["code"]) == (401, reason)
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    assert (
        platform.registration.heard
        == platform.certificates.heard
        == platform.permits.heard
        == platform.hotline.heard
        == platform.handoff.heard
        == []
    )


@pytest.mark.parametrize(("method", "path", "scope"), PROTECTED, ids=lambda value: str(value))
def test_all_other_scopes_together_are_403_naming_the_missing_one(
    anybody: httpx.Client, platform: Platform, method: str, path: str, scope: str
) -> None:
    others = " ".join(name for name in SCOPES if name != scope)
    answer = call(anybody, method, path, platform.issuer.token(others))
    assert (answer.status_code, answer.json()["code"]) == (403, "SCOPE_MISSING")
    assert scope in answer.json()["detail"]
    assert (
        platform.registration.heard
        == platform.certificates.heard
        == platform.permits.heard
        == platform.hotline.heard
        == platform.handoff.heard
        == []
    )


@pytest.mark.parametrize(("method", "path", "scope"), PROTECTED, ids=lambda value: str(value))
def test_the_right_scope_alone_comes_in(
    anybody: httpx.Client, platform: Platform, method: str, path: str, scope: str
) -> None:
    partner = {"division": "440305"} if scope == "feed:read" else {}
    answer = call(anybody, method, path, platform.issuer.token(scope, **partner))
    assert answer.status_code in (200, 400), answer.text


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=lambda value: str(value)[:60])
def test_a_route_without_security_in_the_document_is_a_public_one(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    assert bool(operation["security"]) != (f"{method} {path}" in PUBLIC_ROUTES)


@pytest.mark.parametrize("header", ["", "Bearer", "Basic dXNlcjpwYXNz", "bearer"])
def test_another_kind_of_authorization_is_401(anybody: httpx.Client, header: str) -> None:
    answer = anybody.get("/v1/registration/entities", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "TOKEN_MALFORMED")


def test_two_tokens_are_refused(anybody: httpx.Client, platform: Platform) -> None:
    token = f"Bearer {platform.issuer.token()}"
    answer = anybody.get("/v1/registration/entities", headers=[("Authorization", token), ("Authorization", token)])
    assert (answer.status_code, answer.json()["code"]) == (401, "TOKEN_MALFORMED")


def test_a_token_counts_until_30_seconds_after_its_end(anybody: httpx.Client, platform: Platform) -> None:
    token = platform.issuer.token(exp=int(time.time()) - 20)
    answer = anybody.get("/v1/registration/entities", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200


def test_every_route_authenticates_or_is_listed_with_a_reason() -> None:
    app = create_app(read_settings())
    assert unauthenticated_routes(app) == []
    assert stale_public_routes(app) == []
    assert all(len(reason) > 10 for reason in PUBLIC_ROUTES.values())


def test_a_planted_open_route_is_found_however_it_is_planted() -> None:
    app = create_app(read_settings())
    app.add_api_route("/v1/leak", lambda: {})
    app.add_route("/v1/starlette-leak", lambda request: None, methods=["POST"])
    included = APIRouter(route_class=GatewayRoute)
    included.add_api_route("/included-leak", lambda: {})
    app.include_router(included, prefix="/v1")
    app.mount("/mounted-leak", FastAPI())
    found = unauthenticated_routes(app)
    for leak in ("GET /v1/leak", "POST /v1/starlette-leak", "GET /v1/included-leak", "* /mounted-leak"):
        assert leak in found, found


def test_a_row_for_a_route_that_authenticates_is_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PUBLIC_ROUTES, "GET /v1/registration/entities", "because I say so")
    monkeypatch.setitem(PUBLIC_ROUTES, "GET /v1/gone", "because I say so")
    assert stale_public_routes(create_app(read_settings())) == ["GET /v1/gone", "GET /v1/registration/entities"]
