"""Keys of messages between platforms: our own Ed25519 key, and the partners' addresses and public keys (a file).

    partners:
      "440305": {gateway_url: "https://…", keys: {<key id>: <public key, 32 bytes, base64url>}}

A partner may have several keys (a new one before the old one goes). The file is read again when it changes.
"""

from __future__ import annotations

import base64
import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

KEY_FILE = "message-key.pem"


@dataclass(frozen=True, slots=True)
class MessageKey:
    """Our own key; `key_id` is made from its public half."""

    key_id: str
    private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        """The public half, 32 bytes."""
        return raw_public(self.private.public_key())


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner platform. `gateway_url` empty: not connected yet, messages wait."""

    region: str
    gateway_url: str
    keys: dict[str, Ed25519PublicKey]


class Partners:
    """The partners file, read again when it has changed. No file: no partner is connected."""

    def __init__(self, path: Path | None) -> None:
        self._path, self._stamp, self._partners = path, 0, dict[str, Partner]()

    def all(self) -> dict[str, Partner]:
        """Partners by region. Raises ValueError for a file that breaks the form; the last good content stays."""
        if self._path is None:
            return {}
        stamp = self._path.stat().st_mtime_ns if self._path.exists() else 0
        if stamp != self._stamp:
            self._partners = _read(self._path) if stamp else {}
            self._stamp = stamp
        return self._partners

    def get(self, region: str) -> Partner:
        """One partner; unconnected when the file does not name it."""
        return self.all().get(region) or Partner(region, "", {})


def read_message_key(folder: Path) -> MessageKey:
    """Our key from this folder; makes it when there is none yet (development; in production it is a Secret)."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / KEY_FILE
    made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    part = path.with_suffix(f".{os.getpid()}")
    if not path.exists():
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(made)
        with suppress(FileExistsError):
            os.link(part, path)  # whole or not at all, and never over another's
        part.unlink()
    private = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(private, Ed25519PrivateKey):
        raise ValueError(f"{path} holds no Ed25519 key")
    return MessageKey(key_id_of(private.public_key()), private)


def key_id_of(key: Ed25519PublicKey) -> str:
    """Id of a key: the first 16 hex digits of the SHA-256 of its public half."""
    return hashlib.sha256(raw_public(key)).hexdigest()[:16]


def raw_public(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def write_text(key: bytes) -> str:
    """A public key as it stands in the file."""
    return base64.urlsafe_b64encode(key).rstrip(b"=").decode()


def _read(path: Path) -> dict[str, Partner]:
    raw: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return {
        str(region): Partner(
            str(region), str(body.get("gateway_url") or "").rstrip("/"),
            {str(key_id): _public(text) for key_id, text in (body.get("keys") or {}).items()},
        )
        for region, body in (raw.get("partners") or {}).items()
    }  # fmt: skip


def _public(text: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
