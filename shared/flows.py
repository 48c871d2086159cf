"""Aggregates that move by commands and by the events of their parts: load, act, save in one write, again when somebody was
faster; repetitions answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import msgspec

from shared.clock import Clock
from shared.commands import Command, command_entry, version_made_by
from shared.events import Cause, timeline_entry
from shared.failures import Aborted, NotFound
from shared.personal_data import Sealer

TRIES = 10
Act = Callable[[Any, datetime], list[Any]]


Entry = dict[str, Any]


class Store(Protocol):
    """`shared.document_store` as flows see it."""

    @property
    def stale(self) -> type[Aborted]: ...

    def insert(self, collection: str, document: Entry) -> bool: ...
    def find(self, collection: str, document_id: str) -> Entry | None: ...
    def find_by_command(self, collection: str, key: str) -> Entry | None: ...
    def save(
        self, collection: str, document: Entry, expected_version: int, entries: Sequence[Entry], command: Entry | None
    ) -> None: ...


class Announcer(Protocol):
    """The outbox as flows see it."""

    def committed_many(self, collection: str, items: Any) -> None: ...
    def check_capacity(self) -> None: ...


class Parts(Protocol):
    """What the use cases of a service work with, as flows see it."""

    @property
    def outbox(self) -> Announcer: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def sealer(self) -> Sealer: ...
    @property
    def to_document(self) -> Callable[[Any, str], Entry]: ...


@dataclass(frozen=True, slots=True)
class Flow:
    """A kind of aggregate that has parts: where it is kept, the field of its id, how it is read, what its absence is.

    The aggregate has `version`, `standing(now)` and `next_due_time(now)`; its document keeps the form sealed in `content`.
    """

    collection: str
    id_field: str
    store: Callable[[Any], Store]
    read: Callable[[Any, Entry], Any]
    absent: type[NotFound]


def load(flow: Flow, parts: Parts, flow_id: str, only_client_id: str = "") -> tuple[Any, Entry]:
    """The aggregate and its document. Another client's is not found, as if it were none."""
    document = flow.store(parts).find(flow.collection, flow_id)
    if document is None or (only_client_id and document["client_id"] != only_client_id):
        raise flow.absent("none with this id", metadata={flow.id_field: flow_id[:64]})
    return flow.read(parts, document), document


def known(flow: Flow, parts: Parts, command: Command) -> tuple[Any, Entry, bool] | None:
    """What this command began before, or None. Raises IdempotencyKeyReused."""
    document = flow.store(parts).find_by_command(flow.collection, command.key)
    if document is None:
        return None
    version_made_by(document, command.key, command.digest)
    return flow.read(parts, document), document, True


def create(
    flow: Flow, parts: Parts, command: Command, aggregate: Any, content: dict[str, Any], events: Sequence[Any], now: datetime
) -> tuple[Any, Entry, bool] | None:  # fmt: skip
    """Store a new one with its sealed form and its first events. What the same command began a moment before, else None."""
    flow_id = getattr(aggregate, flow.id_field)
    entries = [timeline_entry(event, now, command.cause) for event in events]
    document = document_of(flow, parts, aggregate, now) | {
        "client_id": command.client_id,
        "content": parts.sealer.seal(msgspec.json.encode(content), flow_id),
        "timeline": entries,
        "pending": [entry["id"] for entry in entries],
        "commands": [command_entry(command.key, command.digest, 1)],
    }
    if not flow.store(parts).insert(flow.collection, document):
        before = known(flow, parts, command)
        if before is None:
            raise Aborted("it could not be stored; try again")
        return before
    parts.outbox.committed_many(flow.collection, [(flow_id, entry) for entry in entries])
    return None


def change(flow: Flow, parts: Parts, flow_id: str, act: Act, cause: Cause, looked: bool = False) -> int:
    """Load, act, save, again when somebody was faster; how many events. Nothing is written when nothing changed, unless it
    was `looked` at because it was due: then the next time to look is noted."""
    for _ in range(TRIES):
        aggregate, document = load(flow, parts, flow_id)
        before, now = parts.to_document(aggregate, ""), parts.clock.now()
        events = act(aggregate, now)
        if not events and not looked and parts.to_document(aggregate, "") == before:
            return 0
        try:
            _save(flow, parts, aggregate, document, events, now, cause, None)
        except flow.store(parts).stale:
            continue
        return len(events)
    raise Aborted("it keeps changing; try again")


def do(
    flow: Flow, parts: Parts, command: Command, flow_id: str, version: int, only_client_id: str, act: Act,
    given: dict[str, Any] | None = None,
) -> tuple[Any, Entry, bool]:  # fmt: skip
    """What somebody commands, once. `given` is put into the sealed form in the same write. Returns the aggregate, its
    document and whether this repeats a command. Raises StaleVersion when it is no more at the `version` that the caller saw;
    without one (0) it is tried again, since events of its parts move it at any time."""
    parts.outbox.check_capacity()
    for _ in range(TRIES):
        aggregate, document = load(flow, parts, flow_id, only_client_id)
        if version_made_by(document, command.key, command.digest) is not None:
            return aggregate, document, True
        aggregate.require(version)
        now = parts.clock.now()
        events = act(aggregate, now)
        sealed: Entry = {}
        if given:
            content = open_form(parts, document) | given
            sealed = {"content": parts.sealer.seal(msgspec.json.encode(content), flow_id)}
        try:
            _save(flow, parts, aggregate, document, events, now, command.cause, command, sealed)
        except flow.store(parts).stale:
            continue
        return (*load(flow, parts, flow_id), False)
    raise Aborted("it keeps changing; try again")


def open_form(parts: Parts, document: Entry) -> dict[str, Any]:
    """The sealed form; whoever shows it logs that first."""
    found: dict[str, Any] = msgspec.json.decode(parts.sealer.open(bytes(document["content"]), document["_id"]))
    return found


def document_of(flow: Flow, parts: Parts, aggregate: Any, now: datetime) -> Entry:
    """The stored form, with what is derived from it: standing and when to look next."""
    document = parts.to_document(aggregate, flow.id_field)
    document["standing"] = parts.to_document(aggregate.standing(now), "")
    document["next_due_time"] = aggregate.next_due_time(now)
    return document


def _save(
    flow: Flow, parts: Parts, aggregate: Any, loaded: Entry, events: list[Any], now: datetime, cause: Cause,
    command: Command | None, more: Entry | None = None,
) -> None:  # fmt: skip
    aggregate.version += 1
    entries = [timeline_entry(event, now, cause) for event in events]
    made = command_entry(command.key, command.digest, aggregate.version) if command else None
    document = document_of(flow, parts, aggregate, now) | (more or {})
    flow.store(parts).save(flow.collection, document, loaded["version"], entries, made)
    parts.outbox.committed_many(flow.collection, [(document["_id"], entry) for entry in entries])
