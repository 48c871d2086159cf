"""Signatures over certificates, behind a port: an algorithm is a `Key` class in `ALGORITHMS`; SM2 joins there.

Each kind of message has its own prefix, so that a signature over one is never taken for the other. This is technical
integrity, not an e-seal in the sense of the law.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from shared.failures import Unavailable

CERTIFICATE_PREFIX = b"tongban-certificate-v1\n"
QR_PREFIX = b"tongban-qr-v1\n"


class NoSigningKey(Unavailable):
    """No key may sign now: the active one is missing, expired or not yet valid. An operator must act; issuing waits."""


class Key(Protocol):
    """A key of the ring. `not_after` None: may sign without end."""

    key_id: str
    algorithm: str
    not_before: datetime
    not_after: datetime | None

    @property
    def can_sign(self) -> bool:
        """Whether the secret half is here."""

    def sign(self, message: bytes) -> bytes:
        """Signature over the message."""

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's over exactly this message."""

    def jwk(self) -> dict[str, Any]:
        """The public half, RFC 7517."""


class Ed25519Key:
    """Ed25519 (RFC 8032) from a PEM file: the secret key, or only the public one for keys that sign no more."""

    algorithm = "Ed25519"

    def __init__(self, key_id: str, pem: bytes, not_before: datetime, not_after: datetime | None) -> None:
        self.key_id, self.not_before, self.not_after = key_id, not_before, not_after
        self._secret: Ed25519PrivateKey | None = None
        key = load_pem_public_key(pem) if b"PUBLIC KEY" in pem else load_pem_private_key(pem, None)
        if isinstance(key, Ed25519PrivateKey):
            self._secret, key = key, key.public_key()
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError(f"{key_id} is no Ed25519 key")
        self._public = key

    @staticmethod
    def generate() -> bytes:
        """A new secret key as PEM."""
        return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def can_sign(self) -> bool:
        return self._secret is not None

    def sign(self, message: bytes) -> bytes:
        if self._secret is None:
            raise NoSigningKey("the secret half of this key is not here", metadata={"key_id": self.key_id})
        return self._secret.sign(message)

    def verify(self, message: bytes, signature: bytes) -> bool:
        try:
            self._public.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def jwk(self) -> dict[str, Any]:
        x = to_base64url(self._public.public_bytes(Encoding.Raw, PublicFormat.Raw))
        return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": self.key_id, "x": x}


ALGORITHMS: dict[str, type[Ed25519Key]] = {Ed25519Key.algorithm: Ed25519Key}


class KeyRing:
    """The issuer's keys: one signs, all verify what they signed while they were valid."""

    def __init__(self, keys: Iterable[Key], active_id: str) -> None:
        self._keys = {key.key_id: key for key in keys}
        self._active_id = active_id

    def signer(self, now: datetime) -> Key:
        """The key that signs now. Raises NoSigningKey."""
        key = self._keys.get(self._active_id)
        if key is None or not key.can_sign or not was_valid(key, now):
            raise NoSigningKey("no key may sign now", metadata={"key_id": self._active_id})
        return key

    def find(self, key_id: str) -> Key | None:
        """A key by its id, whether it still signs or not."""
        return self._keys.get(key_id)

    def jwks(self) -> dict[str, Any]:
        """All public keys with the time in which they sign (`not_before`, `not_after`: ISO 8601; null = open)."""
        return {
            "keys": [
                key.jwk()
                | {
                    "not_before": key.not_before.isoformat(),
                    "not_after": key.not_after.isoformat() if key.not_after else None,
                }
                for key in self._keys.values()
            ]
        }


def was_valid(key: Key, time: datetime) -> bool:
    """Whether the key might sign at that time."""
    return key.not_before <= time and (key.not_after is None or time <= key.not_after)


def to_base64url(data: bytes) -> str:
    """Base64url without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """The bytes of exactly this spelling. Raises ValueError: other alphabet, padding, stray bits."""
    try:
        data = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeError) as error:
        raise ValueError("not base64url") from error
    if to_base64url(data) != text:
        raise ValueError("not the one spelling of these bytes")
    return data
