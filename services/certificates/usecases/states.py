"""Certificates follow what became of their permit or their holder, by events of the issuer's case only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial

from prometheus_client import Counter

from services.certificates.domain.certificate import Certificate
from services.certificates.domain.states import ENTITY, HOLDER, Order, in_effect, kept_as, obey, replaced
from services.certificates.usecases.parts import Parts
from shared.events import Cause, timeline_entry
from shared.failures import Aborted

CHANGED = Counter("tongban_certificates_state_changed_total", "Certificates that changed their state.", ["state"])
TRIES = 5
# What a certificate is afterwards; None: as it is.
Change = Callable[[Certificate], Certificate | None]


class CertificateBusy(Aborted):
    """Others changed the certificate again and again; the event is tried once more."""


def take_orders(parts: Parts, orders: Sequence[tuple[Order, Cause]]) -> int:
    """Keep what was ordered, then let the certificates that there are follow it; returns how many changed their state.

    A certificate that does not exist yet follows when it is issued: the order is kept before one looks for certificates,
    and a certificate is stored before one looks for orders.
    """
    parts.outbox.check_capacity()
    kept = [(one, cause) for order, cause in orders for one in kept_as(order)]
    parts.store.keep_orders(kept)
    entities = {order.ref for order, _ in orders if order.source == ENTITY}
    codes = {order.ref for order, _ in kept if order.source == HOLDER}
    return follow_orders(parts, {order.ref for order, _ in orders} - entities, entities, codes)


def follow_orders(
    parts: Parts,
    holder_refs: Collection[str],
    entity_refs: Collection[str],
    holder_codes: Collection[str] = (),
    subject_keys: Collection[str] = (),
    versions: bool = False,
) -> int:
    """Let the certificates of these permits, filings, entities and holders' codes follow the orders kept for them, and (with
    `versions`) older versions of a certificate give way to newer ones; returns how many changed their state."""
    kept = parts.store.orders_of({*holder_refs, *entity_refs, *holder_codes})
    if not kept and not versions:
        return 0
    told = {order.ref for order, _ in kept}
    certificates = parts.store.certificates_of_holders(
        holder_refs, told.intersection(entity_refs), told.intersection(holder_codes), subject_keys
    )
    causes = {order.key: cause for order, cause in kept}
    orders = [(order, causes[order.key]) for order in in_effect(order for order, _ in kept)]
    changed = 0
    for line in _lines(certificates):
        newest = line[-1]
        if len(line) > 1 and not newest.replaces_certificate_id:  # it was issued before the one that it replaces
            parts.store.link(newest.certificate_id, line[-2].certificate_id)
        for certificate in line:
            mine = [(order, cause) for order, cause in orders if order.is_about(certificate)]
            before = [one for one in mine if one[0].ends_before(newest)]
            changes: list[tuple[Cause, Change]] = [(cause, partial(obey, order=order)) for order, cause in before]
            if certificate is not newest:
                now, by = parts.clock.now(), newest.certificate_id
                changes.append((Cause(), partial(replaced, now=now, by_certificate_id=by)))
            changes += [(cause, partial(obey, order=order)) for order, cause in mine if (order, cause) not in before]
            changed += _change(parts, certificate, changes)
    return changed


def _lines(certificates: Iterable[Certificate]) -> list[list[Certificate]]:
    """The versions of each certificate, oldest first."""
    lines: dict[tuple[str, str], list[Certificate]] = {}
    for certificate in sorted(certificates, key=lambda c: c.holder_version):
        ref = certificate.subject_key or certificate.holder_ref
        lines.setdefault((ref, certificate.content.certificate_type), []).append(certificate)
    return list(lines.values())


def _change(parts: Parts, certificate: Certificate, changes: Iterable[tuple[Cause, Change]]) -> int:
    """Change a certificate, one change after the other; returns how often its state changed."""
    current: Certificate | None = certificate
    changed = 0
    for cause, change in changes:
        for _ in range(TRIES):
            new = change(current) if current is not None else None
            if current is None or new is None:
                break
            moved = new.version != current.version
            entry = timeline_entry(new.state_changed(), parts.clock.now(), cause) if moved else None
            if parts.store.update_state(current, new, entry):
                if entry is not None:
                    CHANGED.labels(new.state.value).inc()
                    parts.outbox.committed_many("certificates", [(new.certificate_id, entry)])
                    changed += 1
                current = new
                break
            current = parts.store.certificate(certificate.certificate_id)
        else:
            raise CertificateBusy("the certificate is changed by others again and again")
    return changed
