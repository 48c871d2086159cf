"""What a use case is given: who asks, and the parts it works with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from services.registration.domain.application import Application, Entity
from shared.clock import Clock
from shared.commands import command_key
from shared.events import Cause
from shared.personal_data import Sealer


class Register(Protocol):
    """The store as the use cases see it (`store/register.py` says more)."""

    def claim_names(self, names: Sequence[dict[str, Any]]) -> list[Exception | None]: ...
    def names_by_key(self, keys: Iterable[str]) -> dict[str, dict[str, Any]]: ...
    def name_of_reservation(self, reservation_id: str) -> dict[str, Any] | None: ...
    def take_over_name(self, held: dict[str, Any], name: dict[str, Any]) -> bool: ...
    def release_names(self, command_keys: Sequence[str]) -> None: ...
    def insert_applications(self, applications: Sequence[dict[str, Any]]) -> list[Exception | None]: ...
    def applications_by_command(self, keys: Iterable[str]) -> dict[str, dict[str, Any]]: ...
    def application(self, application_id: str) -> dict[str, Any] | None: ...
    def applications_exist(self, ids: Iterable[str]) -> set[str]: ...
    def update_application(
        self, application: Application, entries: Sequence[dict[str, Any]], command: dict[str, Any]
    ) -> None: ...
    def refuse(self, application: Application, entry: dict[str, Any], command: dict[str, Any]) -> None: ...
    def register(
        self,
        application: Application,
        command: dict[str, Any],
        entity: Entity,
        entry: dict[str, Any],
        persons: bytes | None,
    ) -> None: ...
    def next_code_number(self) -> int: ...
    def entity(self, entity_id: str = "", uscc: str = "") -> dict[str, Any] | None: ...
    def entities_by_id(self, ids: Iterable[str]) -> list[dict[str, Any]]: ...
    def entities_by_uscc(self, codes: Iterable[str]) -> dict[str, dict[str, Any]]: ...
    def insert_entities(self, entities: Sequence[dict[str, Any]]) -> list[Exception | None]: ...
    def change_entity(self, entity: Entity, entry: dict[str, Any], command: dict[str, Any]) -> None: ...
    def forwarded_rejected(self, origin_refs: Iterable[str]) -> set[str]: ...
    def insert_rejections(self, rejections: Sequence[dict[str, Any]]) -> list[Exception | None]: ...
    def note_names(self, names: Sequence[dict[str, Any]]) -> None: ...
    def list_entities(
        self, filters: dict[str, str], name_prefix: str, after: str, size: int
    ) -> tuple[list[dict[str, Any]], str]: ...
    def set_licence(self, licences: Sequence[tuple[str, str, str]]) -> None: ...
    def log_disclosure(self, disclosure: dict[str, Any]) -> None: ...
    def open_work_items(self, items: Sequence[dict[str, Any]]) -> None: ...
    def close_work_items(self, application_ids: Sequence[str]) -> None: ...
    def move_due_dates(self, due_dates: Sequence[tuple[str, str]]) -> None: ...
    def list_work_items(self, division_code: str, after: str, size: int) -> tuple[list[dict[str, Any]], str]: ...


class Announcer(Protocol):
    """Publishes what was just stored (the outbox)."""

    def committed_many(self, collection: str, items: Iterable[tuple[str, dict[str, Any]]]) -> None: ...
    def check_capacity(self) -> None: ...


@dataclass(frozen=True)
class Parts:
    """What the use cases of registration work with."""

    store: Register
    outbox: Announcer
    clock: Clock
    sealer: Sealer
    region: str
    to_document: Callable[[Any, str], dict[str, Any]]
    application_of: Callable[[dict[str, Any]], Application]
    entity_of: Callable[[dict[str, Any]], Entity]


@dataclass(frozen=True, slots=True)
class Command:
    """Who commands, under which key, with what content (digest)."""

    client_id: str
    idempotency_key: str
    digest: bytes
    actor_id: str = ""
    correlation_id: str = ""
    traceparent: str = ""
    # what an application came from, and the event that brought it; never set by a caller of the contract
    origin_ref: str = ""
    causation_id: str = ""

    @property
    def key(self) -> str:
        # no client has an empty id, so that nobody can take the key of what is brought by an event
        return (
            command_key("", self.origin_ref) if self.origin_ref else command_key(self.client_id, self.idempotency_key)
        )

    @property
    def cause(self) -> Cause:
        return Cause(self.actor_id or self.client_id, self.correlation_id, self.causation_id, self.traceparent)
