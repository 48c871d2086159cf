"""Personal fields at rest: sealed with AES-256-GCM under the service's own key, found again by a keyed hash.

The key is a file in the process's key folder (a Secret in production); in development the first process makes it.
Sources: PIPL art. 51 (encryption), domain rule: search over ids by keyed hash, never plain.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.key_files import write_once
from shared.random_bytes import random_bytes

KEY_FILE = "personal-data.key"


class Sealer:
    """Seals and opens texts, and hashes them for look-ups, with one key."""

    def __init__(self, key: bytes) -> None:
        """`key`: 32 random bytes."""
        self._cipher = AESGCM(key)
        self._mac = hmac.new(hashlib.sha256(b"tongban-lookup" + key).digest(), digestmod=hashlib.sha256)

    def seal(self, plain: bytes, context: str) -> bytes:
        """Encrypt; `context` (e.g. the document's id) must be given again to open, so that blobs cannot be swapped."""
        nonce = random_bytes(12)
        return nonce + self._cipher.encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """Decrypt. Raises cryptography.exceptions.InvalidTag when altered or of another context."""
        return self._cipher.decrypt(sealed[:12], sealed[12:], context.encode())

    def lookup(self, value: str) -> str:
        """Keyed hash of a value, for equality search."""
        # a copy of one that has its key: half the work, and unlike `hmac.digest` it never waits for the interpreter lock
        mac = self._mac.copy()
        mac.update(value.encode())
        return mac.hexdigest()


def read_sealer(folder: Path) -> Sealer:
    """The sealer of this service's key folder; makes the key when there is none yet."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / KEY_FILE
    write_once(path, secrets.token_bytes(32))
    return Sealer(path.read_bytes())
