"""What the use cases of certificates work with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from services.certificates.domain.certificate import Certificate
from services.certificates.domain.issuing import Issued, Wanted
from services.certificates.domain.lines import Known
from services.certificates.domain.sealing import Seals
from services.certificates.domain.signing import KeyRing
from services.certificates.domain.states import Order
from shared.clock import Clock
from shared.events import Cause
from shared.failures import FailedPrecondition

if TYPE_CHECKING:
    from services.certificates.domain.rendering import Renderer

T = TypeVar("T")


class RecordDamaged(FailedPrecondition):
    """What is stored of a certificate does not open, or its file is not the one issued: somebody changed the store."""


class Store(Protocol):
    """The store as the use cases see it (`store.py` says more). Reading raises RecordDamaged."""

    def issued_already(self, wanted: Iterable[Wanted]) -> list[Known]: ...
    def insert(self, issued: Sequence[tuple[Issued, dict[str, Any]]]) -> list[Exception | None]: ...
    def certificate(self, certificate_id: str) -> Certificate | None: ...
    def certificate_by_identifier(self, identifier: str) -> Certificate | None: ...
    def certificate_by_file(self, file_sha256: str) -> Certificate | None: ...
    def certificates_of(self, holder_code: str, after: str, size: int) -> tuple[list[Certificate], str]: ...
    def certificates_of_holders(
        self,
        holder_refs: Iterable[str],
        entity_refs: Iterable[str],
        holder_codes: Iterable[str] = (),
        subject_keys: Iterable[str] = (),
    ) -> list[Certificate]: ...
    def update_state(self, old: Certificate, new: Certificate, entry: dict[str, Any] | None) -> bool: ...
    def link(self, certificate_id: str, replaces_certificate_id: str) -> None: ...
    def keep_orders(self, orders: Sequence[tuple[Order, Cause]]) -> None: ...
    def orders_of(self, refs: Iterable[str]) -> list[tuple[Order, Cause]]: ...
    def pass_over(self, certificate_id: str, wanted: Wanted) -> bool: ...
    def passed_over(self, holder_refs: Iterable[str]) -> list[Wanted]: ...
    def log_disclosure(self, disclosure: dict[str, Any]) -> None: ...
    def pdf(self, certificate_id: str) -> bytes | None: ...


class Announcer(Protocol):
    """Publishes what was just stored (the outbox)."""

    def committed_many(self, collection: str, items: Iterable[tuple[str, dict[str, Any]]]) -> None: ...
    def check_capacity(self) -> None: ...


class RunNative(Protocol):
    """Runs a slow function without a loop waiting for it."""

    def __call__(self, function: Callable[[], T]) -> T: ...


@dataclass(frozen=True)
class Parts:
    """What the use cases work with. `renderer` is made on its first use: only some processes need the fonts."""

    store: Store
    outbox: Announcer
    clock: Clock
    ring: KeyRing
    renderer: Callable[[], Renderer]
    public_urls: Collection[str]
    run_native: RunNative
    seals: Seals
