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
