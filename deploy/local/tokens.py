"""Getting a token from the development issuer, the way the client is set up to prove itself.

Most clients have a secret. Partner platforms have a key and send a signed assertion (`private_key_jwt`, RFC 7523): no secret
of theirs is known to us. In development the key is made here, in the state directory, and the issuer knows its public half.
"""

from __future__ import annotations

import json
import secrets
import time
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from deploy.local.state import ASSERTING_CLIENTS, State, open_state, read_clients, write_json

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 120


def client_key(state: State, client_id: str) -> ECKey:
    """The key of a client that proves itself by assertions, made at the first call."""
    with state.locked("client-keys"):
        path = state.directory / "client-keys" / f"{client_id}.json"
        if not path.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, private=True, auto_kid=True)
            write_json(path, key.as_dict(private=True))
        return ECKey.import_key(json.loads(path.read_text(encoding="utf-8")))


def assertion(key: ECKey, client_id: str, audience: str, now: int | None = None, **change: Any) -> str:
    """A signed statement of who asks, for one issuer and a short time, to be used once."""
    issued = int(time.time()) if now is None else now
    claims = {
        "iss": client_id, "sub": client_id, "aud": audience, "iat": issued, "exp": issued + ASSERTION_SECONDS,
        "jti": secrets.token_urlsafe(16),
    } | change  # fmt: skip
    return jwt.encode({"alg": "ES256", "kid": key.kid}, {k: v for k, v in claims.items() if v is not None}, key)


def token_form(state: State, issuer: str, client_id: str) -> dict[str, str]:
    """The form of a token request. Raises KeyError for an unknown client."""
    form = {"grant_type": "client_credentials", "client_id": client_id}
    if client_id in ASSERTING_CLIENTS:
        proof = assertion(client_key(state, client_id), client_id, f"{issuer}/token")
        return form | {"client_assertion_type": ASSERTION_TYPE, "client_assertion": proof}
    return form | {"client_secret": read_clients(state.directory)[client_id]}


def fetch_token(issuer: str, client_id: str, state: Path | None = None, scope: str = "") -> str:
    """A bearer token from the issuer of the stack whose data lie in `state` (default: this checkout's).

    Raises httpx.HTTPStatusError when the issuer refuses.
    """
    import httpx  # the issuer uses this module too and calls nobody

    form = token_form(open_state(state), issuer, client_id) | ({"scope": scope} if scope else {})
    answer = httpx.post(f"{issuer}/token", data=form, timeout=10)
    answer.raise_for_status()
    return str(answer.json()["access_token"])
