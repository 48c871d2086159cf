"""Making a certificate: content from facts, signature, file, seal. Pure and slow (some 30 ms), so run away from any loop."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.certificates.domain.certificate import (
    BUSINESS_LICENCE,
    Certificate,
    CertificateState,
    licence_from_facts,
)
from services.certificates.domain.lines import Place, placed
from services.certificates.domain.permit_content import content_from_facts
from services.certificates.domain.rendition import sign_content
from services.certificates.domain.sealing import Seals
from services.certificates.domain.signing import Key
from shared.clock import local_date
from shared.events import Cause

if TYPE_CHECKING:
    from services.certificates.domain.rendering import Renderer


@dataclass(frozen=True, slots=True)
class Wanted:
    """A certificate that an event asks for. `kind`: licence (the holder is an entity), permit or filing.

    `holder_version`: of a filing, which has one version only, that of its subject: how many forms it has had.
    `subject_key`: what makes it one where `holder_ref` alone does not; `entity_ref`: the entity that holds it, `holder_code` its
    code where that is not known; `occasion`: why it is asked for (`lines.py`), "" for the first time.
    """

    holder_ref: str
    holder_version: int
    cause: Cause
    kind: str = "licence"
    certificate_type: str = BUSINESS_LICENCE
    entity_ref: str = ""
    subject_key: str = ""
    origin_ref: str = ""
    occasion: str = ""
    holder_code: str = ""

    @property
    def is_filing(self) -> bool:
        """Whether it is the form of a filing."""
        return self.kind == "filing"

    @property
    def line(self) -> tuple[str, str]:
        """What its versions have in common."""
        return (self.subject_key or self.holder_ref, self.certificate_type)

    @property
    def once(self) -> tuple[str, str, int]:
        """There is one certificate for this, however often it is asked for."""
        return (*self.line, self.holder_version)


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with the file that was made of it, and its position in its line."""

    certificate: Certificate
    pdf: bytes
    position: int = 1


def issue(
    wanted: Wanted,
    facts: Mapping[str, Any],
    certificate_id: str,
    key: Key,
    seals: Seals,
    renderer: Renderer,
    now: datetime,
    place: Place | None = None,
) -> Issued:
    """Issue a certificate, at its place in its line. Raises what the contents, `Renderer.pdf` and `Seals.seal` raise."""
    place = place or Place()
    if wanted.kind == "licence":
        changed = {"issue_date": local_date(now).isoformat()} if wanted.occasion else {}
        content = licence_from_facts({**facts, **changed}, certificate_id)
    else:
        of_item = {**facts, "kind": wanted.kind, "certificate_type": wanted.certificate_type}
        content = content_from_facts(of_item, certificate_id)
    content = placed(content, place, certificate_id)
    rendition = sign_content(content, key, renderer.public_url)
    pdf = seals.seal(renderer.pdf(rendition), content.issuer_name, now)
    certificate = Certificate(
        certificate_id=certificate_id,
        content=rendition.content,
        state=CertificateState.ISSUED,
        holder_ref=wanted.holder_ref,
        holder_version=wanted.holder_version,
        cause_id=wanted.cause.causation_id,
        signed_content=rendition.signed_content,
        signature=rendition.signature,
        key_id=rendition.key_id,
        file_sha256=hashlib.sha256(pdf).hexdigest(),
        qr_text=rendition.qr_text,
        issued_time=now,
        subject_key=wanted.subject_key,
        entity_ref=wanted.entity_ref,
        origin_ref=wanted.origin_ref,
        replaces_certificate_id=place.replaces_certificate_id,
    )
    return Issued(certificate, pdf, place.position)
