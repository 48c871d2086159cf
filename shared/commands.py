"""Idempotent commands: a document remembers the commands that changed it, in the same write as their effect.

Same client, same key, same content: the command is done already and is answered from the document. Same key with other
content: IDEMPOTENCY_KEY_REUSED. The memory stays with the document (longer than the 8 days that retries may take). Why not
in the gateway: a note kept elsewhere is lost when a process dies between the effect and the note
(docs/adr/0004-idempotency-with-the-effect.md).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message

from shared.events import Cause
from shared.failures import AlreadyExists, FailedPrecondition

# How often, and how far apart, a change is looked for that a majority may not have yet.
READS, READ_SECONDS = 40, 0.025


class IdempotencyKeyReused(FailedPrecondition):
    """The key came before with another content; a new command needs a new key."""


class KeyTaken(AlreadyExists):
    """A document with this key exists: what a store answers for a duplicate, so that use cases know no driver."""


def command_key(client_id: str, idempotency_key: str) -> str:
    """Key under which the answer is kept: keys of different clients never meet."""
    return f"{client_id}|{idempotency_key}"


@dataclass(frozen=True, slots=True)
class Command:
    """Who commands, under which key, with what content (its digest). `origin_ref` and `causation_id`: what an event brings,
    and that event; never set by a caller of a contract."""

    client_id: str
    idempotency_key: str
    digest: bytes
    actor_id: str = ""
    correlation_id: str = ""
    traceparent: str = ""
    origin_ref: str = ""
    causation_id: str = ""

    @property
    def key(self) -> str:
        """Key under which its effect is kept."""
        # no client has an empty id, so that nobody can take the key of what is brought by an event
        return (
            command_key("", self.origin_ref) if self.origin_ref else command_key(self.client_id, self.idempotency_key)
        )

    @property
    def cause(self) -> Cause:
        """Cause of the events it makes."""
        return Cause(self.actor_id or self.client_id, self.correlation_id, self.causation_id, self.traceparent)


def command_by_event(client_id: str, idempotency_key: str, digest: bytes, cause: Cause) -> Command:
    """A command that the platform gives itself for an event."""
    return Command(
        client_id=client_id, idempotency_key=idempotency_key, digest=digest, actor_id="platform",
        correlation_id=cause.correlation_id, traceparent=cause.traceparent, causation_id=cause.causation_id,
    )  # fmt: skip


def command_of(context: Any, content: Message) -> Command:
    """The command of a contract's CommandContext; its digest is that of the content without a context of its own."""
    if "context" in content.DESCRIPTOR.fields_by_name:
        whole, content = content, type(content)()
        content.CopyFrom(whole)
        content.ClearField("context")
    return Command(
        client_id=context.client_id, idempotency_key=context.idempotency_key,
        digest=hashlib.sha256(content.SerializeToString(deterministic=True)).digest(), actor_id=context.actor_id,
        correlation_id=context.correlation_id, traceparent=context.traceparent,
    )  # fmt: skip


def version_made_by(document: dict[str, Any], key: str, digest: bytes) -> int | None:
    """Version that this command made of the document, or None if it is new. Raises IdempotencyKeyReused."""
    for kept in document.get("commands", ()):
        if kept["key"] == key:
            if bytes(kept["fingerprint"]) != digest:
                raise IdempotencyKeyReused("this Idempotency-Key was used for another content")
            return int(kept["version"])
    return None


def done_meanwhile(read: Callable[[], dict[str, Any]], command: Command, seen_version: int) -> dict[str, Any] | None:
    """The document that was at `seen_version` and has changed under our hands, if this very command changed it: a caller whose
    call timed out tries again while the first try still runs here. None when it was another command.

    A commit that refused our write is a moment later in what a majority has, and before that in no read.
    """
    for _ in range(READS):
        document = read()
        if version_made_by(document, command.key, command.digest) is not None:
            return document
        if document["version"] != seen_version:
            return None
        time.sleep(READ_SECONDS)
    return None


def command_entry(key: str, digest: bytes, version: int) -> dict[str, Any]:
    """What is stored in `commands` of the document, in the same write as the effect."""
    return {"key": key, "fingerprint": digest, "version": version}
