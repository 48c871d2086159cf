"""A line of certificates: of one kind, for one permit, entity or filing; each re-issue is its next version (GB/T 36904).

A re-issue keeps the serial of the first certificate and counts on: 001, 002, … in the order of issue, which need not be that
of the holder's versions, since events come in any order. What comes late is replaced at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.certificates.domain.certificate import Content, serial_of
from services.certificates.domain.identifier import MAX_VERSION, compose_identifier, parse_identifier

# Why a certificate is asked for, where its first issue is not the reason.
CHANGED, MOVED_IN = "CHANGED", "MOVED_IN"
# Facts that a business licence states, by their names in registration's events (条例 art. 22).
LICENCE_FACTS = frozenset(
    {"name", "domicile", "business_scope", "capital", "entity_type", "legal_representative_masked"}
)
# States in which an entity gets no licence any more (条例 arts. 27, 31, 40, 44-46).
WITHOUT_LICENCE = frozenset({"LICENCE_REVOKED", "REGISTRATION_REVOKED", "CANCELLED", "MOVED_OUT"})


@dataclass(frozen=True, slots=True)
class Known:
    """A certificate that was issued. `ref`: what its line is for (a subject key, else the holder)."""

    ref: str
    certificate_type: str
    holder_version: int
    certificate_id: str
    identifier: str

    @property
    def once(self) -> tuple[str, str, int]:
        """What it was issued for (`Wanted.once`)."""
        return (self.ref, self.certificate_type, self.holder_version)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new certificate stands in its line. `serial` "" = its own; `replaces_*`: the one before it, or ""."""

    serial: str = ""
    number: int = 1
    replaces_certificate_id: str = ""
    replaces_identifier: str = ""


def lines_of(known: Iterable[Known]) -> dict[tuple[str, str], list[Known]]:
    """Certificates by their line."""
    lines: dict[tuple[str, str], list[Known]] = {}
    for one in known:
        lines.setdefault((one.ref, one.certificate_type), []).append(one)
    return lines


def place_in(line: Sequence[Known], holder_version: int) -> Place:
    """The next place in a line, for the certificate of a version of its holder. One that comes after a newer version has
    been issued replaces nothing. A line that is full goes on under a serial of its own."""
    if not line:
        return Place()
    first = min(line, key=lambda one: one.certificate_id)
    serial = parse_identifier(first.identifier).serial
    number = 1 + max(found.version for one in line if (found := parse_identifier(one.identifier)).serial == serial)
    newest = max(line, key=lambda one: one.holder_version)
    before = newest if newest.holder_version < holder_version else None
    if number > MAX_VERSION:
        serial, number = "", 1
    return Place(
        serial, number, before.certificate_id if before else "", before.identifier if before else ""
    )  # fmt: skip


def placed(content: Content, place: Place, certificate_id: str) -> Content:
    """A content at its place: identifier and version, and the related certificate (GB/T 36903)."""
    serial = place.serial or serial_of(certificate_id)
    return replace(
        content,
        identifier=compose_identifier(content.type_code, content.issuer_code, serial, place.number),
        version=place.number,
        replaces_identifier=place.replaces_identifier,
    )


def is_due(occasion: str, fact: Mapping[str, Any], line: Sequence[Known]) -> bool:
    """Whether a licence is due for this occasion: a change gives a new one only to an entity that has one (an entity taken
    over from an older register has none), that may still have one and whose representative is known by name: a licence
    never names somebody who is not."""
    if occasion != CHANGED:
        return True
    has_licence = bool(line) or not fact["imported"]
    return has_licence and fact["state"] not in WITHOUT_LICENCE and bool(fact["representative_known"])
