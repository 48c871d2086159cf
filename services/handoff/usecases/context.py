"""What a use case is given: who asks, and the parts it works with."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from services.handoff.domain.agreement import Agreements
from services.handoff.domain.case import HandoffCase
from shared.clock import Clock
from shared.message_keys import MessageKey, Partners
from shared.personal_data import Sealer

Entry = dict[str, Any]


@dataclass(slots=True)
class Move:
    """What is stored in one transaction: the case with its events and its command, new messages, a message that was
    delivered, their entries in the ledger, and what the partner reads in its feed. `expected_version` 0: a new case."""

    document: Entry
    expected_version: int
    entries: list[Entry]
    command: Entry | None = None
    messages: list[Entry] = field(default_factory=list)
    settled: Entry | None = None
    ledger: list[Entry] = field(default_factory=list)
    feed: list[Entry] = field(default_factory=list)


class Store(Protocol):
    """The store as the use cases see it (`store/` says more). `save` raises StaleVersion, KeyTaken, IdempotencyKeyReused."""

    def find(self, case_id: str) -> Entry | None: ...
    def find_by_command(self, key: str) -> Entry | None: ...
    def save(self, move: Move) -> None: ...
    def message(self, message_id: str) -> Entry | None: ...
    def message_of(self, case_id: str, kind: str) -> Entry | None: ...
    def claim(self, message_id: str, now: datetime, until: datetime, early: bool = False) -> Entry | None: ...
    def next_in_case(self, case_id: str, now: datetime) -> str: ...
    def next_waiting(self, region: str, now: datetime) -> str: ...
    def due_messages(self, now: datetime, limit: int) -> list[tuple[str, str]]: ...
    def not_delivered(self, message_id: str, change: Entry) -> None: ...
    def queue_again(self, case_id: str, from_sequence: int, now: datetime) -> int: ...
    def wake(self, region: str, now: datetime) -> int: ...
    def log_disclosure(self, disclosure: Entry) -> None: ...
    def log_refusal(self, refusal: Entry) -> None: ...
    def append_feed(self, entries: Sequence[Entry]) -> int: ...


class Announcer(Protocol):
    """Publishes what was just stored (the outbox)."""

    def committed_many(self, collection: str, items: Iterable[tuple[str, Entry]]) -> None: ...
    def check_capacity(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What a partner's gateway answered."""

    status: int
    body: bytes


class WireDown(Exception):
    """The partner's gateway could not be reached, or did not answer in time."""


class Wire(Protocol):
    """Carries a message to a partner's gateway, signed. Raises WireDown."""

    def post(self, region: str, message_id: str, body: bytes) -> Answer: ...


@dataclass(frozen=True)
class Parts:
    """What the use cases of handoff work with."""

    store: Store
    outbox: Announcer
    clock: Clock
    sealer: Sealer
    region: str
    agreements: Agreements
    partners: Partners
    key: MessageKey
    to_document: Callable[[HandoffCase], Entry]
    case_of: Callable[[Entry], HandoffCase]
    wire: Wire | None = None
    chance: random.Random = field(default_factory=random.Random)
