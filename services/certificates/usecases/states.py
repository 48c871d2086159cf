"""Certificates follow what became of their permit or their holder, by events of the issuer's case only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from prometheus_client import Counter

from services.certificates.domain.certificate import Certificate
from services.certificates.domain.states import ENTITY, Order, obey, replaced
from services.certificates.usecases.parts import Parts
from shared.events import Cause, timeline_entry
from shared.failures import Aborted

CHANGED = Counter("tongban_certificates_state_changed_total", "Certificates that changed their state.", ["state"])
TRIES = 5


class CertificateBusy(Aborted):
    """Others changed the certificate again and again; the event is tried once more."""


def take_orders(parts: Parts, orders: Sequence[tuple[Order, Cause]]) -> int:
    """Keep what was ordered, then let the certificates that there are follow it; returns how many changed their state.

    A certificate that does not exist yet follows when it is issued: the order is kept before one looks for certificates,
    and a certificate is stored before one looks for orders.
    """
    parts.outbox.check_capacity()
    parts.store.keep_orders(orders)
    permits = {order.ref for order, _ in orders if order.source != ENTITY}
    entities = {order.ref for order, _ in orders if order.source == ENTITY}
    return follow_orders(parts, permits, entities)


def follow_orders(
    parts: Parts, holder_refs: Collection[str], entity_refs: Collection[str], versions: bool = False
) -> int:
    """Let the certificates of these permits and entities follow the orders kept for them, and (with `versions`) older
    versions of a certificate give way to newer ones; returns how many changed their state."""
    kept = parts.store.orders_of({*holder_refs, *entity_refs})
    if not kept and not versions:
        return 0
    entities = {order.ref for order, _ in kept if order.source == ENTITY}
    certificates = parts.store.certificates_of_holders(holder_refs, entities & set(entity_refs))
    changed = 0
    for line in _lines(certificates):
        newest = line[-1]
        if len(line) > 1 and not newest.replaces_certificate_id:  # it was issued before the one that it replaces
            parts.store.link(newest.certificate_id, line[-2].certificate_id)
        for certificate in line:
            if certificate is not newest:
                by, now = newest.certificate_id, parts.clock.now()
                changed += _change(parts, certificate, lambda c, b=by, n=now: replaced(c, n, b), Cause())  # type: ignore[misc]
            for order, cause in kept:
                if order.ref in (certificate.holder_ref, certificate.entity_ref):
                    changed += _change(parts, certificate, lambda c, o=order: obey(c, o), cause)  # type: ignore[misc]
    return changed


def _lines(certificates: Iterable[Certificate]) -> list[list[Certificate]]:
    """The versions of each certificate, oldest first."""
    lines: dict[tuple[str, str], list[Certificate]] = {}
    for certificate in sorted(certificates, key=lambda c: c.holder_version):
        lines.setdefault((certificate.holder_ref, certificate.content.certificate_type), []).append(certificate)
    return list(lines.values())


def _change(
    parts: Parts, certificate: Certificate, change: Callable[[Certificate], Certificate | None], cause: Cause
) -> int:
    current: Certificate | None = certificate
    for _ in range(TRIES):
        new = change(current) if current is not None else None
        if current is None or new is None:
            return 0
        moved = new.version != current.version
        entry = timeline_entry(new.state_changed(), parts.clock.now(), cause) if moved else None
        if parts.store.update_state(current, new, entry):
            if entry is None:
                return 0
            CHANGED.labels(new.state.value).inc()
            parts.outbox.committed_many("certificates", [(new.certificate_id, entry)])
            return 1
        current = parts.store.certificate(certificate.certificate_id)
    raise CertificateBusy("the certificate is changed by others again and again")
