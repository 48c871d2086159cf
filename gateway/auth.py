"""Who is calling: bearer tokens (RFC 9068 JWTs, ES256) of the issuer, checked against its published keys.

A verified token is remembered by its digest until it expires, because the signature check costs 50 times as much as the
rest. The memory is emptied when the issuer's keys change, so a withdrawn key stops counting at the next fetch.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import Depends
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet
from starlette.requests import Request

from gateway import metrics
from gateway.config import AUDIENCE
from gateway.errors import HttpProblem
from shared.failures import PermissionDenied, Unavailable
from shared.logs import get_logger

log = get_logger(__name__)

ALGORITHMS = ["ES256"]
TOKEN_TYPES = frozenset({"at+jwt", "application/at+jwt"})
LEEWAY_SECONDS = 30
REFETCH_SECONDS = 10.0
REFRESH_SECONDS = 300.0
RETRY_SECONDS = 1.0
REMEMBERED = 10_000
MAX_TOKEN_BYTES = 8192
SCOPES = {
    "registration:read": "read applications and the register, check names",
    "registration:write": "reserve names, hand in applications, open cases about entities and bundles of entities",
    "registration:decide": "work list, forecast, decisions and takeovers of the registrar of the token's division, comparing"
    " applications with what they resemble, entities of a person",
    "registration:import": "take over entities from an older register of the token's division",
    "registration:object": "read the cases in which another authority has a part and object to them, for tax, social insurance"
    " and other authorities",
    "registration:supervise": "listings, inquiries and frozen shares ex officio; revoke licences and registrations, cancel"
    " entities of the token's division",
    "certificates:read": "read certificates and their files",
    "permits:read": "read the catalogue, own permit cases, filings, bundles and projects",
    "permits:write": "hand in permit cases, filings, bundles and projects",
    "permits:decide": "work list and decisions of the token's unit in the token's division",
    "hotline:write": "file requests",
    "hotline:read": "read own requests and the orders they became",
    "hotline:handle": "work list, signing and replies of the token's unit",
    "hotline:dispatch": "the centre: import, dispatch, arbitration, follow-up",
    "handoff:write": "the accepting window: open and forward cases to partner regions",
    "handoff:read": "cases between regions, their receipts and the ledger",
    "feed:read": "the feed of events for partners",
    "ops:read": "read how the platform is doing",
}


@dataclass(frozen=True, slots=True)
class Client:
    """An authenticated caller. `division` and `unit` are those it acts for; empty where it acts for itself."""

    subject: str
    scopes: frozenset[str]
    division: str = ""
    unit: str = ""


class Requirement:
    """A dependency that says which scope a route needs. The route class checks it before it reads the body."""

    def __init__(self, scope: str) -> None:
        if scope not in SCOPES:
            raise ValueError(f"unknown scope {scope}")
        self.scope = scope

    def __call__(self, request: Request) -> Client:
        client = request.scope["tongban.client"]
        assert isinstance(client, Client)
        return client


def requires(scope: str) -> Any:
    """For `Annotated[Client, requires("registration:read")]` or `dependencies=[requires(…)]`."""
    return Depends(Requirement(scope), use_cache=False)


def require_division(client: Client, division_code: str) -> None:
    """Raise PermissionDenied (DIVISION_MISMATCH) unless the registrar's token is of that division."""
    if not client.division or client.division != division_code:
        raise PermissionDenied("your token is not of the division that decides this", reason="DIVISION_MISMATCH")


def unit_of(client: Client) -> str:
    """The unit that the token acts for. Raises PermissionDenied (UNIT_MISSING); whether it is the competent one, the service
    that keeps the case decides."""
    if not client.unit:
        raise PermissionDenied("your token names no unit that it acts for", reason="UNIT_MISSING")
    return client.unit


def refuse(reason: str, detail: str, error: str = "invalid_token") -> HttpProblem:
    """401 with the challenge of RFC 6750."""
    metrics.TOKENS_REFUSED.labels(reason).inc()
    suffix = f', error="{error}", error_description="{detail}"' if error else ""
    return HttpProblem(401, reason, detail, {"WWW-Authenticate": f'Bearer realm="tongban"{suffix}'})


class Verifier:
    """Checks tokens against the issuer's keys and keeps those fresh."""

    def __init__(self, issuer: str, clock: Callable[[], float] = time.time) -> None:
        self._issuer = issuer
        self._clock = clock
        self._keys: KeySet | None = None
        self._fingerprint = b""
        self._fetched_at = -REFETCH_SECONDS
        self._fetching = asyncio.Lock()
        self._known: dict[bytes, tuple[float, Client]] = {}

    @property
    def ready(self) -> bool:
        """Whether the keys have been fetched at least once."""
        return self._keys is not None

    async def keep_fresh(self) -> None:
        """Fetch the keys now and again until cancelled."""
        while True:
            fetched = await self.fetch()
            await asyncio.sleep(REFRESH_SECONDS if fetched else RETRY_SECONDS)

    async def fetch(self) -> bool:
        """Fetch the issuer's keys; on failure the old ones stay."""
        self._fetched_at = time.monotonic()
        try:
            async with httpx.AsyncClient(timeout=5.0, trust_env=self._issuer.startswith("https:")) as client:
                answer = await client.get(f"{self._issuer}/.well-known/jwks.json")
                answer.raise_for_status()
                found = answer.json()["keys"]
            self._take(found)
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            metrics.KEYS_FETCHED.labels("failed").inc()
            log.warning("issuer_keys_not_fetched", error=type(error).__name__)
            return False
        metrics.KEYS_FETCHED.labels("fetched").inc()
        return True

    def _take(self, found: list[dict[str, Any]]) -> None:
        usable = [
            k for k in found if k.get("kty") == "EC" and k.get("crv") == "P-256" and k.get("kid") and "d" not in k
        ]
        if not usable:
            raise ValueError("the issuer publishes no usable key")
        fingerprint = hashlib.sha256(repr(sorted(sorted(key.items()) for key in usable)).encode()).digest()
        if fingerprint != self._fingerprint:
            self._keys = KeySet([ECKey.import_key(key) for key in usable])
            self._known.clear()
            self._fingerprint = fingerprint

    async def verify(self, token: bytes) -> Client:
        """The caller that a token names. Raises HttpProblem 401; Unavailable while no keys have been fetched."""
        digest = hashlib.sha256(token).digest()
        known, now = self._known.get(digest), self._clock()
        if known is not None:
            if known[0] > now:
                return known[1]
            del self._known[digest]
        expires, client = await self._check(token, now)
        if len(self._known) >= REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[digest] = (expires, client)
        return client

    async def _check(self, token: bytes, now: float) -> tuple[float, Client]:
        if self._keys is None:
            raise Unavailable("the issuer's keys are not there yet", reason="KEYS_NOT_FETCHED")
        kid = _header(token).get("kid")
        if not isinstance(kid, str):
            raise refuse("TOKEN_HEADER", "the token names no key")
        if not self._has(kid):
            async with self._fetching:
                if not self._has(kid) and time.monotonic() - self._fetched_at >= REFETCH_SECONDS:
                    await self.fetch()
        if not self._has(kid):
            raise refuse("TOKEN_KEY", "the token is signed by a key that the issuer does not publish")
        try:
            decoded = jwt.decode(token.decode("ascii"), self._keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            raise refuse("TOKEN_SIGNATURE", "the token's signature does not hold") from None
        return _accepted(decoded.claims, self._issuer, now)

    def _has(self, kid: str) -> bool:
        return self._keys is not None and any(key.kid == kid for key in self._keys.keys)


def _header(token: bytes) -> dict[str, Any]:
    """The header of a token, still unproven; algorithm and type must be ours."""
    from joserfc.jws import extract_compact  # the only reader of a header before its key is known

    if len(token) > MAX_TOKEN_BYTES:
        raise refuse("TOKEN_MALFORMED", "the token is too long")
    try:
        header = dict(extract_compact(token).headers())
    except (JoseError, ValueError, TypeError, AttributeError):
        raise refuse("TOKEN_MALFORMED", "the token is no JWT") from None
    if header.get("alg") not in ALGORITHMS:
        raise refuse("TOKEN_ALGORITHM", "the token is not signed with ES256")
    if str(header.get("typ", "")).lower() not in TOKEN_TYPES:
        raise refuse("TOKEN_TYPE", "the token is no access token (typ at+jwt)")
    return header


def _accepted(claims: dict[str, Any], issuer: str, now: float) -> tuple[float, Client]:
    """When the token ends and whom it names."""
    audience, subject = claims.get("aud"), claims.get("sub")
    expires: Any = claims.get("exp")
    if claims.get("iss") != issuer:
        raise refuse("TOKEN_ISSUER", "the token is of another issuer")
    if audience != AUDIENCE and not (isinstance(audience, list) and AUDIENCE in audience):
        raise refuse("TOKEN_AUDIENCE", f"the token is not for {AUDIENCE}")
    if not _is_time(expires) or expires + LEEWAY_SECONDS <= now:
        raise refuse("TOKEN_EXPIRED", "the token has expired")
    for name in ("nbf", "iat"):
        value: Any = claims.get(name, now)
        if not _is_time(value) or value - LEEWAY_SECONDS > now:
            raise refuse("TOKEN_NOT_YET_VALID", "the token is not valid yet")
    if not isinstance(subject, str) or not 1 <= len(subject) <= 128 or not subject.isprintable():
        raise refuse("TOKEN_SUBJECT", "the token names nobody")
    scope, division, unit = (claims.get(name, "") for name in ("scope", "division", "unit"))
    if not all(isinstance(claim, str) for claim in (scope, division, unit)):
        raise refuse("TOKEN_CLAIMS", "scope, division and unit of a token are texts")
    return expires + LEEWAY_SECONDS, Client(subject, frozenset(scope.split()), division, unit)


def _is_time(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


async def authenticate(request: Request, verifier: Verifier, scope: str) -> Client:
    """The caller, who must hold the scope. Raises HttpProblem 401 or PermissionDenied (SCOPE_MISSING)."""
    offered = [value for name, value in request.scope["headers"] if name == b"authorization"]
    if not offered:
        raise refuse("TOKEN_MISSING", "send a bearer token", error="")
    kind, _, token = offered[0].partition(b" ")
    if len(offered) > 1 or kind.lower() != b"bearer" or not token.strip():
        raise refuse("TOKEN_MALFORMED", "send one header: Authorization: Bearer <token>", error="invalid_request")
    client = await verifier.verify(token.strip())
    if scope not in client.scopes:
        metrics.TOKENS_REFUSED.labels("SCOPE_MISSING").inc()
        raise PermissionDenied(f"the token lacks the scope {scope}", reason="SCOPE_MISSING", metadata={"scope": scope})
    request.scope["tongban.client"] = client
    return client
