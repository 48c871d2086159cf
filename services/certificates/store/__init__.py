"""The store of certificates: documents and their indexes (`documents`), and what is asked of them (`certificate_store`)."""

from services.certificates.store.certificate_store import CertificateStore
from services.certificates.store.documents import ALIAS, CertificateDocument, FileDocument, StateOrderDocument

__all__ = ["ALIAS", "CertificateDocument", "CertificateStore", "FileDocument", "StateOrderDocument"]
