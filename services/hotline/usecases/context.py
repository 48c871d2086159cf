"""What a use case is given: who asks, and the parts it works with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.hotline.domain.order import Order
from shared.clock import Clock
from shared.personal_data import Sealer

Entry = dict[str, Any]


class Store(Protocol):
    """The store as the use cases see it (`store.py` says more). Saving raises StaleVersion, IdempotencyKeyReused."""

    def insert(self, document: Entry) -> bool: ...
    def find(self, order_id: str) -> Entry | None: ...
    def find_by_command(self, key: str) -> Entry | None: ...
    def find_by_request(self, request_id: str) -> Entry | None: ...
    def open_of_caller(self, caller_key: str) -> list[Entry]: ...
    def alike(self, bands: Sequence[str], limit: int) -> list[Entry]: ...
    def group_of(self, lead_order_id: str) -> list[Entry]: ...
    def work(self, party: str, after: str, size: int) -> tuple[list[Entry], str]: ...
    def registered_between(self, start: datetime, end: datetime) -> list[Entry]: ...
    def save(self, document: Entry, expected_version: int, entries: Sequence[Entry], command: Entry | None) -> None: ...


class Announcer(Protocol):
    """Publishes what was just stored (the outbox)."""

    def committed_many(self, collection: str, items: Iterable[tuple[str, Entry]]) -> None: ...
    def check_capacity(self) -> None: ...


@dataclass(frozen=True)
class Parts:
    """What the use cases of the hotline work with."""

    store: Store
    outbox: Announcer
    clock: Clock
    sealer: Sealer
    region: str
    to_document: Callable[[Any, str], Entry]
    order_of: Callable[[Entry], Order]


@dataclass(frozen=True, slots=True)
class Filed:
    """A request as it comes in. `caller`: phone or account, never shown. `category_code` "": by the words."""

    caller: str
    title: str
    text: str
    kind: str
    place: str = ""
    territory: str = ""
    category_code: str = ""
    track: str = "CITIZEN"
    caller_code: str = ""
