"""How a certificate follows what became of its permit, its filing or its holder.

An event of the issuer's case is kept as an order under the id of the permit, filing or entity; the newest version counts. What
the newest must not hide is kept beside it (`kept_as`). A certificate takes an order whenever both are there, so that events may
come in any order, twice, and before the certificate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from services.certificates.domain.certificate import BUSINESS_LICENCE, Certificate, CertificateState, may_become

PERMIT, ENTITY, FILING = "permit", "entity", "filing"
# Kept beside the newest order of an entity: the newest that ended its licence, though it goes on; that a change cannot be shown
# on a licence; and that it is no more, under its code: who granted a permit may have known its holder by code only.
LICENCE_END, FACTS, HOLDER = "licence_end", "facts", "holder"
_BESIDE = (LICENCE_END, FACTS)
# Sources whose newest version a certificate remembers: their orders may be taken back. The others only ever end something.
_REMEMBERED = (PERMIT, ENTITY)
_OF_PERMIT = {
    "IN_FORCE": CertificateState.ISSUED,
    "SUSPENDED": CertificateState.SUSPENDED,
    "REVOKED": CertificateState.REVOKED,
    "CANCELLED": CertificateState.CANCELLED,
}
# Revoking licence (吊销) or registration (撤销) ends the licence, and so does moving out (条例 art. 27: the other registrar
# issues its own). What becomes of the permits, whoever granted them decides (行政许可法 arts. 69, 70). A cancelled entity (注销)
# holds nothing any more.
_OF_ENTITY_LICENCE = {
    "LICENCE_REVOKED": CertificateState.REVOKED,
    "REGISTRATION_REVOKED": CertificateState.REVOKED,
    "MOVED_OUT": CertificateState.CANCELLED,
    "CANCELLED": CertificateState.CANCELLED,
}
_OF_ENTITY_OTHERS = {"CANCELLED": CertificateState.CANCELLED}
# States after which an entity may go on, into one that says nothing of its licence.
_GOES_ON = frozenset({"LICENCE_REVOKED", "REGISTRATION_REVOKED", "MOVED_OUT"})
# An entity whose licence is revoked is only cleared and cancelled (公司法 arts. 229, 241).
_STILL_REVOKED = frozenset({"LICENCE_REVOKED", "CLEARING"})
CLOSED, FORMER_FACT = "CLOSED", "SHOWS_FORMER_FACT"


@dataclass(frozen=True, slots=True)
class Order:
    """What the newest event says of a permit, a filing or an entity (`source`), with its version there.

    `holder_code`: unified social credit code of an entity. `lasts`: also for what shows a newer version of the entity.
    """

    ref: str
    source: str
    version: int
    state: str
    reason_code: str
    time: datetime
    holder_code: str = ""
    lasts: bool = False

    @property
    def key(self) -> str:
        """Under which it is kept; the newest version under one key counts."""
        return _key(self.ref, self.source)

    def is_about(self, certificate: Certificate) -> bool:
        """Whether the certificate has to follow it."""
        newer = self.lasts or self.version > certificate.holder_version
        licence = certificate.content.certificate_type == BUSINESS_LICENCE
        if self.source in (PERMIT, FILING):
            return certificate.holder_ref == self.ref and (newer or self.source == FILING)
        if self.source == HOLDER:
            return certificate.content.holder_code == self.ref and not licence
        if self.source in _BESIDE and not licence:
            return False
        return certificate.entity_ref == self.ref and (newer or not licence)

    def ends_before(self, newest: Certificate) -> bool:
        """Whether it ended the older certificates of a line before the newest one was due."""
        return self.source == FILING or (self.source == LICENCE_END and self.version < newest.holder_version)

    def asks_of(self, certificate: Certificate) -> CertificateState | None:
        """The state that the certificate should have; None when the order is not about it."""
        if not self.is_about(certificate):
            return None
        if self.source == PERMIT:
            return _OF_PERMIT.get(self.state)
        if self.source == FILING:
            return CertificateState.CANCELLED
        if self.source == FACTS:
            return CertificateState.SUSPENDED
        licence = certificate.content.certificate_type == BUSINESS_LICENCE
        return (_OF_ENTITY_LICENCE if licence else _OF_ENTITY_OTHERS).get(self.state)


def closed_filing(filing_id: str, reason_code: str, time: datetime) -> Order:
    """A filing is without effect: it was withdrawn, or lapsed. It never comes back, so this is its only order."""
    return Order(filing_id, FILING, 1, CLOSED, reason_code, time)


def shows_former_fact(entity_id: str, version: int, time: datetime) -> Order:
    """What a licence states changed with this version of the entity, and no licence can show it as it is now: those that show
    an older version are suspended until there is one."""
    return Order(entity_id, FACTS, version, FORMER_FACT, FORMER_FACT, time)


def kept_as(order: Order) -> tuple[Order, ...]:
    """What is kept of an order, itself last: whoever sees it sees what stands beside it."""
    beside: tuple[Order, ...] = ()
    if order.source == ENTITY and order.state in _GOES_ON:
        beside = (replace(order, source=LICENCE_END),)
    elif order.source == ENTITY and order.state in _OF_ENTITY_OTHERS and order.holder_code:
        beside = (replace(order, ref=order.holder_code, source=HOLDER),)
    return (*beside, order)


def keys_of(refs: Iterable[str]) -> set[str]:
    """The keys of what may be kept for these permits, filings, entities and holders' codes."""
    return {key for ref in refs for key in (ref, *(_key(ref, source) for source in _BESIDE))}


def ref_of(key: str) -> str:
    """What an order kept under this key is about."""
    return key.partition("|")[0]


def in_effect(kept: Iterable[Order]) -> list[Order]:
    """Kept orders as certificates take them, older first."""
    orders = list(kept)
    revoked = without_licence(orders)
    return [
        replace(order, lasts=order.source == LICENCE_END and order.ref in revoked)
        for order in sorted(orders, key=lambda order: order.version)
    ]


def without_licence(kept: Iterable[Order]) -> dict[str, int]:
    """Entities whose licence was revoked and that have only been cleared since, with the version at which it was: no later
    change of theirs gives a new one."""
    orders = list(kept)
    newest = {order.ref: order.state for order in orders if order.source == ENTITY}
    return {
        order.ref: order.version
        for order in orders
        if order.source == LICENCE_END and order.state == "LICENCE_REVOKED" and newest.get(order.ref) in _STILL_REVOKED
    }


def obey(certificate: Certificate, order: Order) -> Certificate | None:
    """The certificate after the order; None when it knows the order (or a newer one) already, or need not know it. Its version
    goes up when the state changes; what is final does not come back."""
    remembers = order.source in _REMEMBERED
    known = certificate
    if remembers:
        if order.version <= certificate.orders.get(order.source, 0):
            return None
        known = replace(certificate, orders={**certificate.orders, order.source: order.version})
    state = order.asks_of(certificate)
    if state is None or not may_become(certificate.state, state):
        return known if remembers else None
    return _moved(known, state, order.reason_code, order.time)


def replaced(certificate: Certificate, now: datetime, by_certificate_id: str = "") -> Certificate | None:
    """The certificate once a newer version of it is issued, to which it points; what ended before keeps its state and its
    version. None when nothing changes."""
    if may_become(certificate.state, CertificateState.REPLACED):
        moved = _moved(certificate, CertificateState.REPLACED, "NEWER_VERSION", now)
        return replace(moved, replaced_by_certificate_id=by_certificate_id)
    if not by_certificate_id or certificate.replaced_by_certificate_id:
        return None
    return replace(certificate, replaced_by_certificate_id=by_certificate_id)


def _key(ref: str, source: str) -> str:
    return f"{ref}|{source}" if source in _BESIDE else ref


def _moved(certificate: Certificate, state: CertificateState, reason_code: str, time: datetime) -> Certificate:
    version = certificate.version + 1
    return replace(certificate, state=state, state_reason_code=reason_code, state_time=time, version=version)
