"""Idempotent commands: the answer to a command is kept in the document it changed, in the same write.

Same client, same key, same content: the kept answer again. Same key with other content: IDEMPOTENCY_KEY_REUSED. Answers
stay with the document (longer than the 8 days that retries may take). Why not in the gateway: an answer kept elsewhere is
lost when a process dies between the effect and the note of it (docs/adr/0004-idempotency-with-the-effect.md).
"""

from __future__ import annotations

import hashlib
from typing import Any

from google.protobuf.message import Message

from shared.failures import FailedPrecondition


class IdempotencyKeyReused(FailedPrecondition):
    """The key came before with another content; a new command needs a new key."""


def command_key(client_id: str, idempotency_key: str) -> str:
    """Key under which the answer is kept: keys of different clients never meet."""
    return f"{client_id}|{idempotency_key}"


def fingerprint(command: Message) -> bytes:
    """Digest of a command's content (without its context)."""
    return hashlib.sha256(command.SerializeToString(deterministic=True)).digest()


def kept_answer(document: dict[str, Any], key: str, digest: bytes) -> bytes | None:
    """The answer kept in `document["commands"]` for this command, or None if it is new. Raises IdempotencyKeyReused."""
    for kept in document.get("commands", ()):
        if kept["key"] == key:
            if bytes(kept["fingerprint"]) != digest:
                raise IdempotencyKeyReused("this Idempotency-Key was used for another content")
            return bytes(kept["answer"])
    return None


def answer_entry(key: str, digest: bytes, answer: bytes) -> dict[str, Any]:
    """What is stored: key, digest of the content, serialised answer."""
    return {"key": key, "fingerprint": digest, "answer": answer}
