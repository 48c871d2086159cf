"""What certificates does: load, ask the domain, save."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Protocol

from prometheus_client import Counter, Histogram

from services.certificates.domain.certificate import BUSINESS_LICENCE, Certificate
from services.certificates.domain.identifier import parse_identifier
from services.certificates.domain.issuing import Issued, issue_licence
from services.certificates.domain.rendering import Renderer
from services.certificates.domain.shown import Kind, Shown, look_inside, show_file
from services.certificates.domain.signing import KeyRing
from services.certificates.domain.verification import Measures, Verdict, judge, rendition_of
from shared.clock import Clock
from shared.commands import KeyTaken
from shared.events import Cause, timeline_entry
from shared.failures import FailedPrecondition, Failure, InvalidArgument, NotFound, Unavailable, Violation
from shared.ids import new_id

ISSUED = Counter("tongban_certificates_certificate_issued_total", "Certificates issued.", ["type"])
VERIFIED = Counter("tongban_certificates_certificate_verified_total", "Verdicts given.", ["conclusion"])
MAKING_DURATION = Histogram(
    "tongban_certificates_making_duration_seconds",
    "Time to sign and render the certificates of one message.",
    buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0),
)
# Asks registration what the licences of these entities (ids) show.
AskFacts = Callable[[list[str]], Iterable[Mapping[str, Any]]]


class CertificateNotFound(NotFound):
    """No certificate with this id or identifier."""


class FactsMissing(Unavailable):
    """Registration does not show the entity yet (or shows an older version than its event)."""


class RecordDamaged(FailedPrecondition):
    """What is stored of a certificate does not open, or its file is not the one issued: somebody changed the store."""


class FileFormat(StrEnum):
    """Forms in which a certificate is given out."""

    PDF = "pdf"
    JSON = "json"
    PNG = "png"


MEDIA_TYPES = {
    FileFormat.PDF: "application/pdf",
    FileFormat.JSON: "application/json",
    FileFormat.PNG: "image/png",
}


class Store(Protocol):
    """The store as the use cases see it (`store.py` says more). Reading raises RecordDamaged."""

    def versions_issued(self, certificate_type: str, holder_refs: Iterable[str]) -> set[tuple[str, int]]: ...
    def insert(self, issued: Sequence[tuple[Issued, dict[str, Any]]]) -> list[Exception | None]: ...
    def certificate(self, certificate_id: str) -> Certificate | None: ...
    def certificate_by_identifier(self, identifier: str) -> Certificate | None: ...
    def certificate_by_file(self, file_sha256: str) -> Certificate | None: ...
    def certificates_of(self, holder_code: str, after: str, size: int) -> tuple[list[Certificate], str]: ...
    def pdf(self, certificate_id: str) -> bytes | None: ...


class Announcer(Protocol):
    """Publishes what was just stored (the outbox)."""

    def committed_many(self, collection: str, items: Iterable[tuple[str, dict[str, Any]]]) -> None: ...
    def check_capacity(self) -> None: ...


class RunNative(Protocol):
    """Runs a slow function without a loop waiting for it."""

    def __call__(self, function: Callable[[], list[Issued | Failure]]) -> list[Issued | Failure]: ...


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


@dataclass(frozen=True, slots=True)
class Registered:
    """An entity that was registered, as its event says it."""

    entity_id: str
    entity_version: int
    cause: Cause


def issue_licences(parts: Parts, registered: Sequence[Registered], ask: AskFacts) -> int:
    """Issue the business licences of entities that have none of this version yet; returns how many.

    One question to registration for all. A licence that cannot be made does not keep the others: it is raised after
    they are stored. Raises Unavailable kinds (FactsMissing, NoSigningKey, OUTBOX_FULL) and what the domain refuses.
    """
    parts.outbox.check_capacity()
    wanted = _without_licence(parts, registered)
    if not wanted:
        return 0
    facts = {fact["entity_id"]: fact for fact in ask([entity.entity_id for entity in wanted])}
    made = parts.run_native(lambda: _make(parts, wanted, facts))
    issued = [one for one in made if isinstance(one, Issued)]
    causes = {entity.cause.causation_id: entity.cause for entity in wanted}
    stored = _store(parts, issued, causes)
    failures = [one for one in made if isinstance(one, Failure)]
    if failures:
        raise failures[0]
    return stored


def _without_licence(parts: Parts, registered: Sequence[Registered]) -> list[Registered]:
    by_version = {(entity.entity_id, entity.entity_version): entity for entity in registered}
    done = parts.store.versions_issued(BUSINESS_LICENCE, {entity.entity_id for entity in registered})
    return [entity for version, entity in by_version.items() if version not in done]


def _make(parts: Parts, wanted: Sequence[Registered], facts: Mapping[str, Mapping[str, Any]]) -> list[Issued | Failure]:
    now, renderer = parts.clock.now(), parts.renderer()
    key = parts.ring.signer(now)
    made: list[Issued | Failure] = []
    with MAKING_DURATION.time():
        for entity in wanted:
            fact = facts.get(entity.entity_id)
            if fact is None or fact["entity_version"] < entity.entity_version:
                made.append(FactsMissing("registration does not show this entity as its event says"))
                continue
            try:
                cause_id = entity.cause.causation_id
                made.append(issue_licence(fact, new_id("cert"), entity.entity_version, cause_id, key, renderer, now))
            except Failure as failure:
                made.append(failure)
    return made


def _store(parts: Parts, issued: Sequence[Issued], causes: Mapping[str, Cause]) -> int:
    entries = [
        timeline_entry(one.certificate.issued(), one.certificate.issued_time, causes[one.certificate.cause_id])
        for one in issued
    ]
    outcomes = parts.store.insert(list(zip(issued, entries, strict=True)))
    stored = []
    for one, entry, outcome in zip(issued, entries, outcomes, strict=True):
        if outcome is None:
            stored.append((one.certificate.certificate_id, entry))
        elif not isinstance(outcome, KeyTaken):  # taken: another worker issued it meanwhile, which is as good
            raise outcome
    parts.outbox.committed_many("certificates", stored)
    ISSUED.labels(BUSINESS_LICENCE).inc(len(stored))
    return len(stored)


def get_certificate(parts: Parts, certificate_id: str = "", identifier: str = "") -> Certificate:
    """The certificate. Raises CertificateNotFound; IdentifierMalformed for an identifier that cannot be one."""
    if identifier:
        parse_identifier(identifier)
        found = parts.store.certificate_by_identifier(identifier)
    elif certificate_id:
        found = parts.store.certificate(certificate_id)
    else:
        violation = Violation("certificate_id", "say which certificate, by certificate_id or identifier", "KEY_MISSING")
        raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))
    if found is None:
        raise CertificateNotFound("no such certificate")
    return found


def get_file(parts: Parts, certificate_id: str, file_format: FileFormat) -> tuple[bytes, str]:
    """The certificate as a file, and its name. Raises CertificateNotFound, RecordDamaged."""
    found = get_certificate(parts, certificate_id)
    name = f"{found.content.certificate_type.lower().replace('_', '-')}-{found.content.holder_code}.{file_format}"
    if file_format is FileFormat.PDF:
        return _pdf(parts, found), name
    rendition = rendition_of(found, parts.ring)
    if file_format is FileFormat.JSON:
        return rendition.to_bytes(), name
    return parts.renderer().picture(rendition), name


def _pdf(parts: Parts, certificate: Certificate) -> bytes:
    pdf = parts.store.pdf(certificate.certificate_id)
    if pdf is None or hashlib.sha256(pdf).hexdigest() != certificate.file_sha256:
        raise RecordDamaged("the file in the store is not the one issued")
    return pdf


def verify(parts: Parts, shown: Shown | bytes, expected_holder_code: str = "") -> Verdict:
    """Judge what is shown (a file as its bytes) against the record, the keys and the state now. Never fails because of
    what is shown."""
    data = shown if isinstance(shown, bytes) else b""
    if isinstance(shown, bytes):
        shown = show_file(shown)
    damaged, record = False, None
    try:
        if shown.kind is Kind.PDF:
            record = parts.store.certificate_by_file(shown.file_sha256)
            shown = replace(shown, identifier=record.content.identifier) if record else look_inside(shown, data)
        record = record or _record(parts, shown.identifier)
    except RecordDamaged:
        damaged = True
    measures = Measures(parts.ring, parts.clock.now(), parts.public_urls)
    verdict = judge(shown, record, measures, expected_holder_code, damaged)
    VERIFIED.labels(verdict.conclusion.value).inc()
    return verdict


def _record(parts: Parts, identifier: str) -> Certificate | None:
    try:
        parse_identifier(identifier)
    except InvalidArgument:
        return None  # the store is not asked for what cannot be an identifier
    return parts.store.certificate_by_identifier(identifier)


def key_set(parts: Parts) -> str:
    """The public keys as a JWK set."""
    return json.dumps(parts.ring.jwks())
