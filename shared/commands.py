"""Idempotent commands: a document remembers the commands that changed it, in the same write as their effect.

Same client, same key, same content: the command is done already and is answered from the document. Same key with other
content: IDEMPOTENCY_KEY_REUSED. The memory stays with the document (longer than the 8 days that retries may take). Why not
in the gateway: a note kept elsewhere is lost when a process dies between the effect and the note
(docs/adr/0004-idempotency-with-the-effect.md).
"""

from __future__ import annotations

import hashlib
from typing import Any

from google.protobuf.message import Message

from shared.failures import AlreadyExists, FailedPrecondition


class IdempotencyKeyReused(FailedPrecondition):
    """The key came before with another content; a new command needs a new key."""


class KeyTaken(AlreadyExists):
    """A document with this key exists: what a store answers for a duplicate, so that use cases know no driver."""


def command_key(client_id: str, idempotency_key: str) -> str:
    """Key under which the answer is kept: keys of different clients never meet."""
    return f"{client_id}|{idempotency_key}"


def fingerprint(command: Message) -> bytes:
    """Digest of a command's content (without its context)."""
    return hashlib.sha256(command.SerializeToString(deterministic=True)).digest()


def version_made_by(document: dict[str, Any], key: str, digest: bytes) -> int | None:
    """Version that this command made of the document, or None if it is new. Raises IdempotencyKeyReused."""
    for kept in document.get("commands", ()):
        if kept["key"] == key:
            if bytes(kept["fingerprint"]) != digest:
                raise IdempotencyKeyReused("this Idempotency-Key was used for another content")
            return int(kept["version"])
    return None


def command_entry(key: str, digest: bytes, version: int) -> dict[str, Any]:
    """What is stored in `commands` of the document, in the same write as the effect."""
    return {"key": key, "fingerprint": digest, "version": version}
