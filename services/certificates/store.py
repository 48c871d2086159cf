"""The store of certificates: documents with their indexes, each beside the query it serves, and what is asked of them.

Content and file show a natural person's name, so both are sealed. The seal is bound to identifier and file hash: a
record that was changed in the store does not open any more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from mongoengine import BinaryField, DateTimeField, DictField, Document, IntField, ListField, StringField
from pymongo import MongoClient
from pymongo.errors import DuplicateKeyError

from services.certificates.domain.certificate import Certificate, CertificateState, content_from_mapping
from services.certificates.domain.issuing import Issued
from services.certificates.usecases import RecordDamaged
from shared.commands import KeyTaken
from shared.group_writer import insert_group
from shared.ids import bound_before
from shared.leftovers import PENDING_INDEX
from shared.mongo import store_reason
from shared.personal_data import Sealer

ALIAS = "certificates"
# A file is written just before its certificate; one that is still alone after this time never gets one.
UNCLAIMED_AFTER, UNCLAIMED_WINDOW = timedelta(hours=1), timedelta(days=3)


class CertificateDocument(Document):  # type: ignore[misc, unused-ignore]
    """A certificate with its timeline."""

    certificate_id = StringField(primary_key=True)
    state = StringField(required=True)
    version = IntField(required=True)
    certificate_type = StringField(required=True)
    identifier = StringField(required=True)
    holder_code = StringField(required=True)
    holder_ref = StringField(required=True)
    holder_version = IntField(required=True)
    # the event that caused it
    cause_id = StringField(required=True)
    # the signed content, sealed
    content = BinaryField(required=True)
    signature = BinaryField(required=True)
    key_id = StringField(required=True)
    file_sha256 = StringField(required=True)
    qr_text = StringField(required=True)
    issued_time = DateTimeField(required=True)
    timeline = ListField(DictField())
    pending = ListField(StringField())

    meta = {
        "db_alias": ALIAS,
        "collection": "certificates",
        "auto_create_index": False,
        "indexes": [
            # one certificate of a kind for one version of its holder, however often the event comes;
            # `find({"holder_ref": {"$in": …}, "certificate_type": …})`
            {"fields": ["holder_ref", "certificate_type", "holder_version"], "name": "cause", "unique": True},
            # `find_one({"identifier": …})`
            {"fields": ["identifier"], "name": "identifier", "unique": True},
            # `find_one({"file_sha256": …})`: which certificate a file is
            {"fields": ["file_sha256"], "name": "file", "unique": True},
            # certificates of a holder in order of issue
            {"fields": ["holder_code", "_id"], "name": "holder"},
            PENDING_INDEX,
        ],
    }


class FileDocument(Document):  # type: ignore[misc, unused-ignore]
    """The PDF of a certificate, sealed; under the certificate's id."""

    certificate_id = StringField(primary_key=True)
    pdf = BinaryField(required=True)

    meta = {"db_alias": ALIAS, "collection": "files", "auto_create_index": False}


class CertificateStore:
    """Certificates and their files."""

    def __init__(self, client: MongoClient[dict[str, Any]], database: str, sealer: Sealer) -> None:
        self.client, self.database = client, database
        self._sealer = sealer
        self.certificates = client[database]["certificates"]
        self.files = client[database]["files"]
        self.leases = client[database]["leases"]

    def prepare(self) -> None:
        """Create missing indexes. Harmless to repeat and to race."""
        CertificateDocument.ensure_indexes()

    def reason(self) -> str | None:
        """Readiness: None when the store answers."""
        return store_reason(self.client, self.database)

    def versions_issued(self, certificate_type: str, holder_refs: Iterable[str]) -> set[tuple[str, int]]:
        """For which (holder, version) a certificate of this kind exists."""
        query = {"holder_ref": {"$in": list(holder_refs)}, "certificate_type": certificate_type}
        found = self.certificates.find(query, {"_id": 0, "holder_ref": 1, "holder_version": 1})
        return {(document["holder_ref"], document["holder_version"]) for document in found}

    def insert(self, issued: Sequence[tuple[Issued, dict[str, Any]]]) -> list[Exception | None]:
        """Store certificates, each with its event in one write, their files just before. KeyTaken: issued already."""
        if not issued:
            return []
        self.files.insert_many([self._file(one) for one, _ in issued], ordered=False)
        outcomes = insert_group(self.certificates, [self._document(one.certificate, entry) for one, entry in issued])
        taken = [
            one.certificate.certificate_id
            for (one, _), outcome in zip(issued, outcomes, strict=True)
            if isinstance(outcome, DuplicateKeyError)
        ]
        if taken:
            self.files.delete_many({"_id": {"$in": taken}})
        return [KeyTaken("issued already") if isinstance(o, DuplicateKeyError) else o for o in outcomes]

    def certificate(self, certificate_id: str) -> Certificate | None:
        return self._opened(self.certificates.find_one({"_id": certificate_id}))

    def certificate_by_identifier(self, identifier: str) -> Certificate | None:
        return self._opened(self.certificates.find_one({"identifier": identifier}))

    def certificate_by_file(self, file_sha256: str) -> Certificate | None:
        return self._opened(self.certificates.find_one({"file_sha256": file_sha256}))

    def certificates_of(self, holder_code: str, after: str, size: int) -> tuple[list[Certificate], str]:
        """A page in order of issue, and the key of its last item ("" when it is the last page)."""
        query = {"holder_code": holder_code, "_id": {"$gt": after}}
        found = list(self.certificates.find(query).sort("_id", 1).limit(size + 1))
        page = [certificate for certificate in map(self._opened, found[:size]) if certificate is not None]
        return page, page[-1].certificate_id if len(found) > size else ""

    def pdf(self, certificate_id: str) -> bytes | None:
        """The file as issued. Raises RecordDamaged."""
        document = self.files.find_one({"_id": certificate_id})
        return None if document is None else self._open(bytes(document["pdf"]), certificate_id)

    def remove_unclaimed_files(self, now: datetime) -> int:
        """Remove files whose certificate was never stored (a crash between the two writes); returns how many."""
        bounds = (bound_before("cert", now - UNCLAIMED_WINDOW), bound_before("cert", now - UNCLAIMED_AFTER))
        recent = {"_id": {"$gte": bounds[0], "$lt": bounds[1]}}
        files = {document["_id"] for document in self.files.find(recent, {"_id": 1})}
        claimed = {document["_id"] for document in self.certificates.find(recent, {"_id": 1})}
        return self.files.delete_many({"_id": {"$in": sorted(files - claimed)}}).deleted_count if files - claimed else 0

    def _document(self, certificate: Certificate, entry: dict[str, Any]) -> dict[str, Any]:
        context = _context(certificate.certificate_id, certificate.content.identifier, certificate.file_sha256)
        return {
            "_id": certificate.certificate_id,
            "state": certificate.state.value,
            "version": 1,
            "certificate_type": certificate.content.certificate_type,
            "identifier": certificate.content.identifier,
            "holder_code": certificate.content.holder_code,
            "holder_ref": certificate.holder_ref,
            "holder_version": certificate.holder_version,
            "cause_id": certificate.cause_id,
            "content": self._sealer.seal(certificate.signed_content, context),
            "signature": certificate.signature,
            "key_id": certificate.key_id,
            "file_sha256": certificate.file_sha256,
            "qr_text": certificate.qr_text,
            "issued_time": certificate.issued_time,
            "timeline": [entry],
            "pending": [entry["id"]],
        }

    def _file(self, issued: Issued) -> dict[str, Any]:
        certificate_id = issued.certificate.certificate_id
        return {"_id": certificate_id, "pdf": self._sealer.seal(issued.pdf, certificate_id)}

    def _opened(self, document: dict[str, Any] | None) -> Certificate | None:
        if document is None:
            return None
        context = _context(document["_id"], document["identifier"], document["file_sha256"])
        signed_content = self._open(bytes(document["content"]), context)
        return Certificate(
            certificate_id=document["_id"],
            content=content_from_mapping(json.loads(signed_content)),
            state=CertificateState(document["state"]),
            holder_ref=document["holder_ref"],
            holder_version=document["holder_version"],
            cause_id=document["cause_id"],
            signed_content=signed_content,
            signature=bytes(document["signature"]),
            key_id=document["key_id"],
            file_sha256=document["file_sha256"],
            qr_text=document["qr_text"],
            issued_time=document["issued_time"],
        )

    def _open(self, sealed: bytes, context: str) -> bytes:
        try:
            return self._sealer.open(sealed, context)
        except InvalidTag:
            raise RecordDamaged("a record in the store was changed") from None


def _context(certificate_id: str, identifier: str, file_sha256: str) -> str:
    return "|".join((certificate_id, identifier, file_sha256))
