"""Making a business licence: content from facts, signature, file. Pure and slow (some 15 ms), so run away from any loop."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.certificates.domain.certificate import Certificate, CertificateState, licence_from_facts
from services.certificates.domain.rendering import Renderer
from services.certificates.domain.rendition import sign_content
from services.certificates.domain.signing import Key


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with the file that was made of it."""

    certificate: Certificate
    pdf: bytes


def issue_licence(
    facts: Mapping[str, Any],
    certificate_id: str,
    holder_version: int,
    cause_id: str,
    key: Key,
    renderer: Renderer,
    now: datetime,
) -> Issued:
    """Issue the licence of an entity. Raises what `licence_from_facts` and `Renderer.pdf` raise."""
    rendition = sign_content(licence_from_facts(facts, certificate_id), key, renderer.public_url)
    pdf = renderer.pdf(rendition)
    certificate = Certificate(
        certificate_id=certificate_id,
        content=rendition.content,
        state=CertificateState.ISSUED,
        holder_ref=facts["entity_id"],
        holder_version=holder_version,
        cause_id=cause_id,
        signed_content=rendition.signed_content,
        signature=rendition.signature,
        key_id=rendition.key_id,
        file_sha256=hashlib.sha256(pdf).hexdigest(),
        qr_text=rendition.qr_text,
        issued_time=now,
    )
    return Issued(certificate, pdf)
