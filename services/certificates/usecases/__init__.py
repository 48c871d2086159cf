"""What certificates does: load, ask the domain, save."""

from services.certificates.usecases.issuing import FactsMissing, issue_certificates, passed_over
from services.certificates.usecases.parts import Parts, RecordDamaged
from services.certificates.usecases.reading import (
    MEDIA_TYPES,
    CertificateNotFound,
    FileFormat,
    disclose_file,
    get_certificate,
    get_file,
    key_set,
    list_certificates,
    verify,
)
from services.certificates.usecases.states import follow_orders, take_orders

__all__ = [
    "MEDIA_TYPES",
    "CertificateNotFound",
    "FactsMissing",
    "FileFormat",
    "Parts",
    "RecordDamaged",
    "disclose_file",
    "follow_orders",
    "get_certificate",
    "get_file",
    "issue_certificates",
    "key_set",
    "list_certificates",
    "passed_over",
    "take_orders",
    "verify",
]
