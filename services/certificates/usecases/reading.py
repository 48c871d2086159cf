"""Show certificates, give out their files, judge what is shown."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from enum import StrEnum
from typing import Any

from prometheus_client import Counter

from services.certificates.domain.certificate import Certificate
from services.certificates.domain.identifier import parse_identifier
from services.certificates.domain.permit_content import NO_CODE
from services.certificates.domain.shown import Kind, Shown, look_inside, show_file
from services.certificates.domain.verification import Measures, Verdict, judge, rendition_of
from services.certificates.usecases.parts import Parts, RecordDamaged
from shared.failures import InvalidArgument, NotFound, Violation
from shared.ids import new_id

VERIFIED = Counter("tongban_certificates_certificate_verified_total", "Verdicts given.", ["conclusion"])


class CertificateNotFound(NotFound):
    """No certificate with this id or identifier."""


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


def list_certificates(parts: Parts, holder_code: str, after: str, size: int) -> tuple[list[Certificate], str]:
    """A page of a holder's certificates in order of issue, and the key of its last item. Holders without a public code have
    none in common: they are not listed together."""
    return ([], "") if holder_code == NO_CODE else parts.store.certificates_of(holder_code, after, size)


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


def disclose_file(parts: Parts, certificate_id: str, purpose: str, asked_by: str) -> dict[str, Any]:
    """The PDF for another service, as base64, with its hash; who got it and why is kept before it is told."""
    found = get_certificate(parts, certificate_id)
    parts.store.log_disclosure(
        {"_id": new_id("dis"), "time": parts.clock.now(), "asked_by": asked_by, "purpose": purpose,
         "certificate_id": certificate_id, "fields": ["file"]}
    )  # fmt: skip
    content, name = get_file(parts, certificate_id, FileFormat.PDF)
    return {
        "certificate_id": certificate_id,
        "identifier": found.content.identifier,
        "certificate_type": found.content.certificate_type,
        "holder_ref": found.holder_ref,
        "issue_date": found.content.issue_date,
        "file_name": name,
        "media_type": MEDIA_TYPES[FileFormat.PDF],
        "file_sha256": found.file_sha256,
        "content_base64": base64.b64encode(content).decode(),
    }


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
    measures = Measures(parts.ring, parts.clock.now(), parts.public_urls, parts.seals)
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
    """The public keys as a JWK set: those of the contents, and the certificates of the seal with their chain."""
    return json.dumps({"keys": parts.ring.jwks()["keys"] + parts.seals.jwks()})
