"""Partner platforms as callers: their requests carry an HTTP signature (RFC 9421) instead of a token.

The keys come from handoff, which keeps them with the partners; they are fetched again when one is unknown, and now and then.
The address that must have been signed is ours (`public_url`), whatever the Host header says: a request that was signed for
another platform is none for this one. Nothing of the body is parsed before its signature and digest hold.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import Depends
from starlette.requests import Request
from tongban.handoff.v1 import service_pb2 as rpc

from gateway import metrics
from gateway.auth import Client
from gateway.clients import Services
from gateway.errors import HttpProblem
from shared.http_signatures import SignatureRefused, verify

REFRESH_SECONDS, REFETCH_SECONDS = 60.0, 2.0
CHALLENGE = {"WWW-Authenticate": 'Signature realm="tongban", profile="tongban-handoff-v1"'}


@dataclass(frozen=True, slots=True)
class Signer:
    """The region whose key signed a request, and the proof."""

    region: str
    key_id: str
    signature_input: str
    signature: str


class SignatureRequirement:
    """A dependency that says that a route is for partner platforms. The route class verifies before it parses."""

    def __call__(self, request: Request) -> Signer:
        signer = request.scope["tongban.signer"]
        assert isinstance(signer, Signer)
        return signer


SIGNED = Depends(SignatureRequirement(), use_cache=False)


class PartnerKeys:
    """Keys of the partners by id, as handoff tells them; our own never counts as a partner's."""

    def __init__(self, services: Services, region: str) -> None:
        self._services, self._region = services, region
        self._keys: dict[str, tuple[str, Ed25519PublicKey]] = {}
        self._fetched_at = -REFRESH_SECONDS
        self._fetching = asyncio.Lock()

    async def get(self, key_id: str) -> tuple[str, Ed25519PublicKey] | None:
        """Region and key of an id. Raises Unavailable when handoff cannot be asked and the id is unknown."""
        wait = REFETCH_SECONDS if key_id not in self._keys else REFRESH_SECONDS
        if time.monotonic() - self._fetched_at >= wait:
            async with self._fetching:
                if time.monotonic() - self._fetched_at >= wait:
                    await self._fetch()
        return self._keys.get(key_id)

    async def _fetch(self) -> None:
        told = await self._services.query(self._services.handoff.ListKeys, rpc.ListKeysRequest())
        self._keys = {
            key.key_id: (key.region, Ed25519PublicKey.from_public_bytes(key.public_key))
            for key in told.keys
            if key.region != self._region
        }
        self._fetched_at = time.monotonic()


async def authenticate_signed(request: Request, keys: PartnerKeys, public_url: str) -> Client:
    """The partner platform that signed the request. Raises HttpProblem 401."""
    scope = request.scope
    lines = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    query = scope["query_string"].decode("latin-1")
    url = public_url + scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
    key_id = _claimed_key(lines)
    known = await keys.get(key_id) if key_id else None
    try:
        verified = verify(
            request.method, url, lines, await request.body(), lambda wanted: known[1] if known else None,
            datetime.now(UTC),
        )  # fmt: skip
        if known is None or verified != key_id:
            raise SignatureRefused("SIGNATURE_KEY", "no partner has this key")
    except SignatureRefused as refused:
        metrics.TOKENS_REFUSED.labels(refused.reason).inc()
        raise HttpProblem(401, refused.reason, str(refused), CHALLENGE) from None
    fields = {name.lower(): value for name, value in lines}
    scope["tongban.signer"] = Signer(known[0], key_id, fields["signature-input"], fields["signature"])
    return Client(f"region-{known[0]}", frozenset(), division=known[0])


def _claimed_key(lines: list[tuple[str, Any]]) -> str:
    """The key id that the request claims, still unproven, so that its key can be fetched."""
    for name, value in lines:
        if name.lower() == "signature-input" and 'keyid="' in value:
            return str(value.partition('keyid="')[2].partition('"')[0][:100])
    return ""
