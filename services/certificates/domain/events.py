"""What certificates tells the others. Same name and fields as `protos/tongban/certificates/v1/events.proto`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CertificateIssued:
    """A certificate is in force."""

    certificate_id: str
    identifier: str
    certificate_type: str
    holder_ref: str
    holder_code: str
    issue_date: str
    file_sha256: str
    origin_ref: str = ""
    # version of the holder that it shows
    holder_version: int = 0
    # the certificate in whose place it comes
    replaces_certificate_id: str = ""


@dataclass(frozen=True, slots=True)
class CertificateStateChanged:
    """A certificate was suspended, reinstated, revoked, cancelled or replaced."""

    certificate_id: str
    identifier: str
    certificate_type: str
    holder_ref: str
    holder_code: str
    state: str
    reason_code: str
    certificate_version: int
