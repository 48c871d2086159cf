"""What certificates hears: entities, permits and filings come into being or change, so their certificates are issued; permits,
filings and entities change their state, so their certificates follow. And the one question it answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from eventlet import semaphore, tpool

from services.certificates import usecases
from services.certificates.domain.issuing import Wanted
from services.certificates.domain.lines import CHANGED, LICENCE_FACTS, MOVED_IN, RESTORED
from services.certificates.domain.states import ENTITY, PERMIT, Order, closed_filing
from services.certificates.usecases.parts import T
from shared.consumer import on_events
from shared.events import Event
from shared.failures import Unavailable
from shared.logs import get_logger
from shared.questions import AnotherService, answers, ask
from shared.worker import PartsProvider

log = get_logger(__name__)
PURPOSE = "ISSUE_BUSINESS_LICENCE"
PERMIT_PURPOSE = "ISSUE_CERTIFICATE"
# The form of a filing says what is on record; there is no second version of it.
FILING_VERSION = 1
# Why an entity whose registration was revoked is what it was again: active, dormant, or being cleared (条例 art. 42).
UNDONE = "REVOCATION_UNDONE"


class RegistrationDoesNotAnswer(Unavailable):
    """Registration could not be asked, or its answer broke; the event waits."""


class PermitsDoesNotAnswer(Unavailable):
    """Permits could not be asked, or its answer broke; the event waits."""


class CertificatesHandlers:
    """Event handlers of certificates."""

    name = "certificates"
    parts = PartsProvider()
    registration = AnotherService("registration")
    permits = AnotherService("permits")

    @on_events("certificates.on_entity_registered.v1")
    def on_entity_registered(self, events: list[Event]) -> None:
        """Issue the licences of the entities, each once however often its event comes."""
        self._issue([_licence(event) for event in events], self._ask_registration)

    @on_events("certificates.on_entity_changed.v1")
    def on_entity_changed(self, events: list[Event]) -> None:
        """Licences that show what changed are issued anew, for entities that have one."""
        shown = [event for event in events if LICENCE_FACTS.intersection(event.data.facts)]
        self._issue([_licence(event, CHANGED) for event in shown], self._ask_registration)

    @on_events("certificates.on_entity_moved_in.v1")
    def on_entity_moved_in(self, events: list[Event]) -> None:
        """Issue the licences of entities that another registrar kept before."""
        self._issue([_licence(event, MOVED_IN) for event in events], self._ask_registration)

    @on_events("certificates.on_permit_granted.v1")
    def on_permit_granted(self, events: list[Event]) -> None:
        """Issue the certificates of the permits whose item gives one."""
        wanted = [_permit(event, event.data.holder_code) for event in events if event.data.certificate_type]
        self._issue(wanted, self._ask_permits)

    @on_events("certificates.on_permit_changed.v1")
    def on_permit_changed(self, events: list[Event]) -> None:
        """The certificates of permits that show a new value are issued anew."""
        self._issue([_permit(event) for event in events if event.data.certificate_type], self._ask_permits)

    @on_events("certificates.on_filing_recorded.v1")
    def on_filing_recorded(self, events: list[Event]) -> None:
        """Issue the forms of the filings whose item gives one (竣备即发证: no second application)."""
        self._issue([_filing(event) for event in events if event.data.certificate_type], self._ask_permits)

    @on_events("certificates.on_permit_state_changed.v1")
    def on_permit_state_changed(self, events: list[Event]) -> None:
        """The certificates of a permit follow it."""
        self._take([(_order(e, e.data.permit_id, PERMIT, e.data.permit_version), e) for e in events])

    @on_events("certificates.on_filing_closed.v1")
    def on_filing_closed(self, events: list[Event]) -> None:
        """The form of a filing that is without effect ends, and another filing of its subject gets one."""
        closed = {e.data.filing_id: e for e in events}
        self._take([(closed_filing(ref, next(iter(e.data.reason_codes), ""), e.time), e) for ref, e in closed.items()])
        self._issue(usecases.passed_over(self.parts.extra, closed.keys()), self._ask_permits)

    @on_events("certificates.on_entity_state_changed.v1")
    def on_entity_state_changed(self, events: list[Event]) -> None:
        """The certificates of an entity follow it; one whose revocation was wrong gets a new licence."""
        self._take([(_order(e, e.data.entity_id, ENTITY, e.data.entity_version, e.data.uscc), e) for e in events])
        undone = [event for event in events if event.data.reason_code == UNDONE]
        self._issue([_licence(event, RESTORED) for event in undone], self._ask_registration)

    @answers  # type: ignore[untyped-decorator]
    def certificate_file(self, certificate_id: str, purpose: str, asked_by: str) -> dict[str, Any]:
        """The PDF of a certificate as base64, with its hash; every disclosure is logged."""
        return usecases.disclose_file(self.parts.extra, certificate_id, purpose, asked_by)

    def _issue(self, wanted: list[Wanted], facts_of: Callable[[Sequence[Wanted]], Any]) -> None:
        if wanted:
            count = usecases.issue_certificates(self.parts.extra, wanted, facts_of)
            log.info("certificates_issued", events=len(wanted), issued=count)

    def _take(self, orders: list[tuple[Order, Event]]) -> None:
        count = usecases.take_orders(self.parts.extra, [(order, event.cause()) for order, event in orders])
        log.info("orders_taken", events=len(orders), changed=count)

    def _ask_registration(self, wanted: Sequence[Wanted]) -> Any:
        ids = [one.holder_ref for one in wanted]
        return ask(RegistrationDoesNotAnswer, self.registration.licence_facts, ids, PURPOSE, self.name)

    def _ask_permits(self, wanted: Sequence[Wanted]) -> Any:
        refs = [{"kind": one.kind, "ref": one.holder_ref} for one in wanted]
        return ask(PermitsDoesNotAnswer, self.permits.certificate_facts, refs, PERMIT_PURPOSE, self.name)


def _order(event: Event, ref: str, source: str, version: int, holder_code: str = "") -> Order:
    data = event.data
    return Order(ref, source, version, data.state, data.reason_code, event.time, holder_code)


def _licence(event: Event, occasion: str = "") -> Wanted:
    """The licence that an event asks for. Only a first one belongs to the matter (`origin_ref`) from which it came."""
    data = event.data
    return Wanted(
        data.entity_id,
        data.entity_version,
        event.cause(),
        entity_ref=data.entity_id,
        origin_ref="" if occasion else data.origin_ref,
        occasion=occasion,
    )


def _permit(event: Event, holder_code: str = "") -> Wanted:
    data = event.data
    return Wanted(
        data.permit_id,
        data.permit_version,
        event.cause(),
        kind="permit",
        certificate_type=data.certificate_type,
        entity_ref=data.holder_ref,
        origin_ref=data.origin_ref,
        holder_code="" if data.holder_ref else holder_code,
    )


def _filing(event: Event) -> Wanted:
    data = event.data
    return Wanted(
        data.filing_id,
        FILING_VERSION,
        event.cause(),
        kind="filing",
        certificate_type=data.certificate_type,
        entity_ref=data.holder_ref,
        subject_key=data.subject_key,
        origin_ref=data.origin_ref,
        holder_code="" if data.holder_ref else data.holder_code,
    )


class NativeThread:
    """Runs slow native work in a thread of its own, one at a time, while the hub goes on."""

    def __init__(self) -> None:
        self._turn = semaphore.Semaphore(1)

    def __call__(self, function: Callable[[], T]) -> T:
        with self._turn:
            done: T = tpool.execute(function)
        return done
