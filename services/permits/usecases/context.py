"""What a use case is given: who asks, and the parts it works with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from services.permits.domain.bundle import Bundle
from services.permits.domain.case import PermitCase
from services.permits.domain.catalogue import Catalogue
from services.permits.domain.filing import Filing
from services.permits.domain.project import Project
from shared.clock import Clock
from shared.personal_data import Sealer

Entry = dict[str, Any]


class Store(Protocol):
    """The store as the use cases see it (`store/` says more). Saving raises StaleVersion, IdempotencyKeyReused."""

    def insert(self, collection: str, document: Entry) -> bool: ...
    def find(self, collection: str, document_id: str) -> Entry | None: ...
    def find_by_command(self, collection: str, key: str) -> Entry | None: ...
    def find_by_origin(self, collection: str, origin_ref: str) -> Entry | None: ...
    def save(
        self, collection: str, document: Entry, expected_version: int, entries: Sequence[Entry], command: Entry | None
    ) -> None: ...
    def bundle_of_step(self, step_id: str) -> Entry | None: ...
    def bundle_of_case(self, case_id: str) -> Entry | None: ...
    def project_of_item(self, item_id: str) -> Entry | None: ...
    def own_projects(self, client_id: str, after: str, size: int) -> tuple[list[Entry], str]: ...
    def case_of_permit(self, permit_id: str) -> Entry | None: ...
    def permits_of_holder(self, holder_code: str, after: str, size: int) -> tuple[list[Entry], str]: ...
    def cases_of_holder(self, holder_code: str, after: str, size: int) -> tuple[list[Entry], str]: ...
    def work_list(self, unit_code: str, after: str, size: int) -> tuple[list[Entry], str]: ...
    def own_cases(self, client_id: str, after: str, size: int) -> tuple[list[Entry], str]: ...
    def filings_of_holder(self, holder_code: str, after: str, size: int) -> tuple[list[Entry], str]: ...
    def note_holder(
        self, entity_id: str, holder_code: str, state: str, version: int, time: datetime | None = None
    ) -> None: ...
    def holder(self, holder_code: str) -> Entry | None: ...
    def answered(self, keys: Iterable[str]) -> set[str]: ...
    def count_permits(self, holder_code: str, today: str) -> int: ...
    def open_matters(self, holder_code: str) -> set[str]: ...
    def log_disclosure(self, disclosure: Entry) -> None: ...


class Announcer(Protocol):
    """Publishes what was just stored (the outbox)."""

    def committed_many(self, collection: str, items: Iterable[tuple[str, Entry]]) -> None: ...
    def check_capacity(self) -> None: ...


@dataclass(frozen=True)
class Parts:
    """What the use cases of permits work with."""

    store: Store
    outbox: Announcer
    clock: Clock
    sealer: Sealer
    catalogue: Catalogue
    to_document: Callable[[Any, str], Entry]
    case_of: Callable[[Entry], PermitCase]
    filing_of: Callable[[Entry], Filing]
    bundle_of: Callable[[Entry], Bundle]
    project_of: Callable[[Entry], Project]

    @property
    def region(self) -> str:
        """Division of this platform."""
        return self.catalogue.division_code


@dataclass(frozen=True, slots=True)
class Asked:
    """What an applicant hands in, for a case or a filing. `content` names persons and is sealed: applicant_name, contact,
    premises, form answers. `facts`: what conditions depend on. `event_date`, `subject_key`: filings only."""

    item_key: str
    holder_code: str
    content: dict[str, str]
    materials: tuple[str, ...]
    facts: dict[str, str] = field(default_factory=dict)
    committed: bool = False
    origin_ref: str = ""
    event_date: str = ""
    project_id: str = ""
    subject_key: str = ""
