"""A line of certificates: of one kind, for one permit, entity or subject of filings; each re-issue is its next version
(GB/T 36904).

A re-issue keeps the serial of the first certificate and counts on: 001, 002, … in the order of issue, which need not be that
of the holder's versions, since events come in any order. What comes late is replaced at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.certificates.domain.certificate import CertificateState, Content, serial_of
from services.certificates.domain.identifier import MAX_VERSION, compose_identifier, parse_identifier

# Why a certificate is asked for, where its first issue is not the reason: facts changed, another registrar kept the entity
# before, a revocation that was wrong is undone (条例 art. 42).
CHANGED, MOVED_IN, RESTORED = "CHANGED", "MOVED_IN", "RESTORED"
# Facts that a business licence states, by their names in registration's events (条例 art. 22).
LICENCE_FACTS = frozenset(
    {"name", "domicile", "business_scope", "capital", "entity_type", "legal_representative_masked"}
)
# States in which an entity gets no licence any more (条例 arts. 27, 31, 40, 44-46).
WITHOUT_LICENCE = frozenset({"LICENCE_REVOKED", "REGISTRATION_REVOKED", "CANCELLED", "MOVED_OUT"})
# A licence stays as it was issued until there is one of a later version; only these need facts that can be shown.
_OF_ONE_BEFORE = frozenset({CHANGED, RESTORED})


@dataclass(frozen=True, slots=True)
class Known:
    """A certificate that was issued. `ref`: what its line is for (a subject key, else the holder); `holder_ref`: the permit,
    entity or filing it is for; `place`: in its line, from 1; 0 where none was noted, then it is that of its identifier."""

    ref: str
    certificate_type: str
    holder_version: int
    certificate_id: str
    identifier: str
    holder_ref: str = ""
    place: int = 0
    state: CertificateState = CertificateState.ISSUED

    @property
    def line(self) -> tuple[str, str]:
        """What its versions have in common."""
        return (self.ref, self.certificate_type)

    @property
    def once(self) -> tuple[str, str, int]:
        """What it was issued for (`Wanted.once`)."""
        return (*self.line, self.holder_version)

    @property
    def rank(self) -> int:
        """Its place in the line."""
        return self.place or parse_identifier(self.identifier).version


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new certificate stands: `position` in its line, and `number` under a serial, which goes on from 001 under a new
    one when it is full. `serial` "" = its own; `replaces_*`: the one before it, or ""."""

    serial: str = ""
    number: int = 1
    replaces_certificate_id: str = ""
    replaces_identifier: str = ""
    position: int = 1


def lines_of(known: Iterable[Known]) -> dict[tuple[str, str], list[Known]]:
    """Certificates by their line."""
    lines: dict[tuple[str, str], list[Known]] = {}
    for one in known:
        lines.setdefault(one.line, []).append(one)
    return lines


def place_in(line: Sequence[Known], holder_version: int) -> Place:
    """The next place in a line, for the certificate of a version of its holder. One that comes after a newer version has
    been issued replaces nothing. When the serial is full, the line goes on under a new one."""
    if not line:
        return Place()
    last = max(line, key=lambda one: (one.rank, one.certificate_id))
    identifier = parse_identifier(last.identifier)
    serial, number = identifier.serial, identifier.version + 1
    newest = max(line, key=lambda one: one.holder_version)
    before = newest if newest.holder_version < holder_version else None
    if number > MAX_VERSION:
        serial, number = "", 1
    return Place(
        serial, number, before.certificate_id if before else "", before.identifier if before else "", last.rank + 1
    )  # fmt: skip


def next_filing(line: Sequence[Known], closed: Collection[str]) -> tuple[int, str]:
    """The version of its subject that the form of another filing is, and "" when it is due now; else the certificate that
    stands before it: there is one form for a subject (4-07) until that filing is without effect (`closed`, by filing id)."""
    if not line:
        return 1, ""
    newest = max(line, key=lambda one: one.holder_version)
    over = newest.state is CertificateState.CANCELLED or newest.holder_ref in closed
    return newest.holder_version + 1, "" if over else newest.certificate_id


def placed(content: Content, place: Place, certificate_id: str) -> Content:
    """A content at its place: identifier and version, and the related certificate (GB/T 36903)."""
    serial = place.serial or serial_of(certificate_id)
    return replace(
        content,
        identifier=compose_identifier(content.type_code, content.issuer_code, serial, place.number),
        version=place.number,
        replaces_identifier=place.replaces_identifier,
    )


def may_have_one(fact: Mapping[str, Any], line: Sequence[Known], revoked: bool = False) -> bool:
    """Whether an entity may have a licence that goes with what changed: it has one (an entity taken over from an older register
    has none) and its state allows it. `revoked`: its licence was revoked before the change, whatever state it is in now."""
    has_licence = bool(line) or not fact["imported"]
    return has_licence and fact["state"] not in WITHOUT_LICENCE and not revoked


def is_due(occasion: str, fact: Mapping[str, Any], line: Sequence[Known], revoked: bool = False) -> bool:
    """Whether a licence is due for this occasion: a change gives a new one only to an entity that may have one and whose
    representative is known by name: a licence never names somebody who is not."""
    if occasion not in _OF_ONE_BEFORE:
        return True
    return may_have_one(fact, line, revoked) and bool(fact["representative_known"])


def shows_former_facts(occasion: str, fact: Mapping[str, Any], line: Sequence[Known], revoked: bool = False) -> bool:
    """Whether licences of older versions say what does not hold any more, given that no new one can be made."""
    return occasion in _OF_ONE_BEFORE and may_have_one(fact, line, revoked)
