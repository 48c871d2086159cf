"""Token issuer for development: client credentials grant, ES256 access tokens (RFC 6749 §4.4, RFC 9068, OIDC discovery).

Production brings any OIDC issuer; the gateway sees the same claims. The clients below are those of the local stack, their
secrets are generated (`clients.json` in the state directory), and the key is made at the first start. The process also
answers as the other authorities (`authorities.py`): all of the world outside that development needs.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import yaml
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.local import authorities
from deploy.local.state import ASSERTING_CLIENTS, CLIENTS_FILE, open_state, read_clients, write_json
from deploy.local.tokens import ASSERTION_TYPE, client_key
from shared.topology import load_topology

AUDIENCE = "tongban-gateway"
LIFETIME_SECONDS = 3600
LARGEST_FORM = 16 * 1024
LONGEST_ASSERTION, LEEWAY = 300, 30
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@dataclass(frozen=True, slots=True)
class Client:
    """Who may ask for a token: what it may do, and the division and unit it acts for."""

    scopes: tuple[str, ...]
    division: str
    unit: str | None = None


def _read_clients() -> dict[str, Client]:
    raw = yaml.safe_load(CLIENTS_FILE.read_text(encoding="utf-8"))
    return {
        name: Client(
            tuple(body["scopes"]),
            body.get("division") or load_topology().region,
            body["unit"].replace("{region}", load_topology().region) if "unit" in body else None,
        )
        for name, body in raw.items()
    }


CLIENTS = _read_clients()


class TokenRefused(Exception):
    """Why no token was given: error code of RFC 6749 §5.2, a sentence, the HTTP status."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.status = status


class Issuer:
    """Signs tokens for the clients whose secrets it knows."""

    def __init__(
        self, url: str, key: ECKey, client_secrets: dict[str, str], client_keys: Mapping[str, ECKey] | None = None
    ) -> None:
        self.url = url
        self._key = key
        self._secrets = client_secrets
        self._client_keys = client_keys or {}
        self._used: dict[str, float] = {}

    @property
    def public_keys(self) -> dict[str, Any]:
        """The key set that verifiers fetch."""
        return {"keys": [self._key.as_dict(private=False)]}

    def grant(self, form: dict[str, str], now: int | None = None) -> dict[str, Any]:
        """Answer a token request. Raises TokenRefused."""
        client_id = form.get("client_id", "")
        issued = int(time.time()) if now is None else now
        if "client_assertion" in form:
            client_id, client = self._proven(form, issued)
        else:
            client = self._authenticate(client_id, form.get("client_secret", ""))
        if "grant_type" not in form:
            raise TokenRefused("invalid_request", "grant_type is missing")
        if form["grant_type"] != "client_credentials":
            raise TokenRefused("unsupported_grant_type", "only client_credentials is supported")
        wanted = tuple(dict.fromkeys(form.get("scope", "").split())) or client.scopes
        refused = [scope for scope in wanted if scope not in client.scopes]
        if refused:
            raise TokenRefused("invalid_scope", f"not for this client: {' '.join(refused)}")
        scope = " ".join(wanted)
        claims: dict[str, Any] = {
            "iss": self.url,
            "sub": client_id,
            "client_id": client_id,
            "aud": AUDIENCE,
            "iat": issued,
            "exp": issued + LIFETIME_SECONDS,
            "jti": secrets.token_urlsafe(16),
            "scope": scope,
            "division": client.division,
        }
        if client.unit:
            claims["unit"] = client.unit
        header = {"alg": "ES256", "typ": "at+jwt", "kid": self._key.kid}
        token = jwt.encode(header, claims, self._key)
        return {"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME_SECONDS, "scope": scope}

    def _proven(self, form: dict[str, str], now: int) -> tuple[str, Client]:
        """The client that signed an assertion (RFC 7523 §3): for us, now, once. Raises TokenRefused."""
        if form.get("client_assertion_type") != ASSERTION_TYPE or form.get("client_secret"):
            raise TokenRefused("invalid_request", "send a jwt-bearer assertion and nothing else to prove yourself")
        for client_id, key in self._client_keys.items():
            try:
                claims = jwt.decode(form["client_assertion"], key, algorithms=["ES256"]).claims
            except (JoseError, ValueError):
                continue
            if claims.get("iss") == claims.get("sub") == client_id and form.get("client_id", client_id) == client_id:
                self._check_assertion(claims, now)
                return client_id, CLIENTS[client_id]
        raise TokenRefused("invalid_client", "no client signed this assertion", 401)

    def _check_assertion(self, claims: dict[str, Any], now: int) -> None:
        expires: Any = claims.get("exp")
        made: Any = claims.get("iat", now)
        used = claims.get("jti")
        times = all(isinstance(t, int) and not isinstance(t, bool) for t in (expires, made))
        if not times or not now < expires <= now + LONGEST_ASSERTION or made > now + LEEWAY:
            raise TokenRefused("invalid_client", "the assertion is not valid now, or for too long", 401)
        if claims.get("aud") not in (self.url, f"{self.url}/token"):
            raise TokenRefused("invalid_client", "the assertion is for somebody else", 401)
        self._used = {jti: until for jti, until in self._used.items() if until > now}
        if not isinstance(used, str) or not used or used in self._used:
            raise TokenRefused("invalid_client", "the assertion has no jti, or was used before", 401)
        self._used[used] = float(expires)

    def _authenticate(self, client_id: str, secret: str) -> Client:
        known = self._secrets.get(client_id, "") if client_id not in ASSERTING_CLIENTS else ""
        if not secrets.compare_digest(known.encode(), secret.encode()) or not known or client_id not in CLIENTS:
            raise TokenRefused("invalid_client", "unknown client or wrong secret", 401)
        return CLIENTS[client_id]


def read_key(path: Path) -> ECKey:
    """The signing key, made at the first call and kept in a file that only its owner reads."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, private=True, auto_kid=True)
        write_json(path, key.as_dict(private=True))
    return ECKey.import_key(json.loads(path.read_text(encoding="utf-8")))


def make_app(issuer: Issuer) -> Starlette:
    """The HTTP side of an issuer."""

    async def discovery(_request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": issuer.url,
                "jwks_uri": f"{issuer.url}/.well-known/jwks.json",
                "token_endpoint": f"{issuer.url}/token",
                "grant_types_supported": ["client_credentials"],
                "token_endpoint_auth_methods_supported": [
                    "client_secret_post",
                    "client_secret_basic",
                    "private_key_jwt",
                ],
                "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
                "scopes_supported": sorted({scope for client in CLIENTS.values() for scope in client.scopes}),
                "response_types_supported": ["token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256"],
            }
        )

    async def keys(_request: Request) -> Response:
        return JSONResponse(issuer.public_keys, headers={"Cache-Control": "max-age=300"})

    async def token(request: Request) -> Response:
        try:
            return JSONResponse(issuer.grant(await _read_form(request)), headers=NO_STORE)
        except TokenRefused as refusal:
            headers = NO_STORE | ({"WWW-Authenticate": 'Basic realm="tongban"'} if refusal.status == 401 else {})
            content = {"error": refusal.error, "error_description": str(refusal)}
            return JSONResponse(content, refusal.status, headers)

    async def healthz(_request: Request) -> Response:
        return JSONResponse({})

    return Starlette(
        routes=[
            Route("/.well-known/openid-configuration", discovery),
            Route("/.well-known/jwks.json", keys),
            Route("/token", token, methods=["POST"]),
            Route("/healthz", healthz),
            *authorities.routes(authorities.Authorities()),
        ]
    )


async def _read_form(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise TokenRefused("invalid_request", "the body must be application/x-www-form-urlencoded")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise TokenRefused("invalid_request", "the form is too large", 413)
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=32)
    except ValueError as error:
        raise TokenRefused("invalid_request", "the form cannot be read") from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise TokenRefused("invalid_request", "a parameter is given twice")
    return form | _basic_credentials(request.headers.get("authorization", ""))


def _basic_credentials(header: str) -> dict[str, str]:
    """Client id and secret of HTTP Basic (RFC 6749 §2.3.1: both form-encoded first)."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise TokenRefused("invalid_client", "the Authorization header cannot be read", 401) from error
    return {"client_id": unquote(client_id), "client_secret": unquote(secret)}


def main() -> None:
    """Serve until SIGTERM."""
    import uvicorn

    state, topology = open_state(), load_topology()
    folder = Path(os.environ.get("TONGBAN_KEY_DIR") or state.keys)
    url = os.environ.get("TONGBAN_ISSUER_URL") or f"http://127.0.0.1:{topology.issuer_port}"
    keys = {name: client_key(state, name) for name in ASSERTING_CLIENTS}
    issuer = Issuer(url, read_key(folder / "issuer.json"), read_clients(state.directory), keys)
    host = os.environ.get("TONGBAN_BIND_HOST") or "127.0.0.1"
    uvicorn.run(make_app(issuer), host=host, port=topology.issuer_port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
