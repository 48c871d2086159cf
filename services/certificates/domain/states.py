"""How a certificate follows what became of its permit or its holder.

An event of the issuer's case is kept as an order under the id of the permit or entity; the newest version counts. A
certificate takes an order whenever both are there, so that events may come in any order, twice, and before the certificate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.certificates.domain.certificate import BUSINESS_LICENCE, Certificate, CertificateState, may_become

PERMIT, ENTITY, REPLACEMENT = "permit", "entity", "replacement"
_OF_PERMIT = {
    "IN_FORCE": CertificateState.ISSUED,
    "SUSPENDED": CertificateState.SUSPENDED,
    "REVOKED": CertificateState.REVOKED,
    "CANCELLED": CertificateState.CANCELLED,
}
# Revoking licence (吊销) or registration (撤销) ends the licence; what becomes of the permits, whoever granted them decides
# (行政许可法 arts. 69, 70). A cancelled entity (注销) holds nothing any more.
_OF_ENTITY_LICENCE = {
    "LICENCE_REVOKED": CertificateState.REVOKED,
    "REGISTRATION_REVOKED": CertificateState.REVOKED,
    "CANCELLED": CertificateState.CANCELLED,
}
_OF_ENTITY_OTHERS = {"CANCELLED": CertificateState.CANCELLED}


@dataclass(frozen=True, slots=True)
class Order:
    """What the newest event says of a permit (`source` permit) or an entity (entity), with its version there."""

    ref: str
    source: str
    version: int
    state: str
    reason_code: str
    time: datetime

    def asks_of(self, certificate: Certificate) -> CertificateState | None:
        """The state that the certificate should have; None when the order is not about it."""
        licence = certificate.content.certificate_type == BUSINESS_LICENCE
        if self.source == PERMIT:
            older = self.version <= certificate.holder_version
            return None if certificate.holder_ref != self.ref or older else _OF_PERMIT.get(self.state)
        if certificate.entity_ref != self.ref or (licence and self.version <= certificate.holder_version):
            return None
        return (_OF_ENTITY_LICENCE if licence else _OF_ENTITY_OTHERS).get(self.state)


def obey(certificate: Certificate, order: Order) -> Certificate | None:
    """The certificate after the order; None when it knows the order (or a newer one) already. Its version goes up when the
    state changes; what is final does not come back."""
    if order.version <= certificate.orders.get(order.source, 0):
        return None
    known = replace(certificate, orders={**certificate.orders, order.source: order.version})
    state = order.asks_of(certificate)
    if state is None or not may_become(certificate.state, state):
        return known
    return _moved(known, state, order.reason_code, order.time)


def replaced(certificate: Certificate, now: datetime, by_certificate_id: str = "") -> Certificate | None:
    """The certificate once a newer version of it is issued, to which it points; None when it is final already."""
    if not may_become(certificate.state, CertificateState.REPLACED):
        return None
    moved = _moved(certificate, CertificateState.REPLACED, "NEWER_VERSION", now)
    return replace(moved, replaced_by_certificate_id=by_certificate_id)


def _moved(certificate: Certificate, state: CertificateState, reason_code: str, time: datetime) -> Certificate:
    version = certificate.version + 1
    return replace(certificate, state=state, state_reason_code=reason_code, state_time=time, version=version)
