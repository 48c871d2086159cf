"""What is asked of the store of certificates.

Content and file show a natural person's name, so both are sealed. The seal is bound to identifier and file hash: a
record that was changed in the store does not open any more.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from pymongo import MongoClient
from pymongo.errors import DuplicateKeyError

from services.certificates.domain.certificate import Certificate, CertificateState, content_from_mapping
from services.certificates.domain.issuing import Issued, Wanted
from services.certificates.domain.lines import Known
from services.certificates.domain.states import Order, keys_of, ref_of
from services.certificates.store.documents import CertificateDocument
from services.certificates.usecases.parts import RecordDamaged
from shared.commands import KeyTaken
from shared.events import Cause
from shared.group_writer import insert_group
from shared.ids import bound_before
from shared.mongo import store_reason
from shared.open_cases import OpenCases
from shared.personal_data import Sealer

# A file is written just before its certificate; one that is still alone after this time never gets one.
UNCLAIMED_AFTER, UNCLAIMED_WINDOW = timedelta(hours=1), timedelta(days=3)

# What one must know of a certificate to issue another of its line.
_OF_A_LINE = ("holder_ref", "holder_version", "identifier", "number", "state")


class CertificateStore:
    """Certificates and their files."""

    def __init__(self, client: MongoClient[dict[str, Any]], database: str, sealer: Sealer) -> None:
        self.client, self.database = client, database
        self._sealer = sealer
        self.certificates = client[database]["certificates"]
        self.files = client[database]["files"]
        self.disclosures = client[database]["disclosures"]
        self.state_orders = client[database]["state_orders"]
        self.leases = client[database]["leases"]

    def prepare(self) -> None:
        """Create missing indexes. Harmless to repeat and to race."""
        CertificateDocument.ensure_indexes()

    def audited(self) -> dict[str, OpenCases]:
        """No certificate waits for anybody: what must be issued is an event until it is."""
        return {}

    def reason(self) -> str | None:
        """Readiness: None when the store answers."""
        return store_reason(self.client, self.database)

    def issued_already(self, wanted: Iterable[Wanted]) -> list[Known]:
        """The certificates that there are in the lines of these."""
        asked: dict[tuple[str, str], set[str]] = defaultdict(set)
        for one in wanted:
            asked["subject_key" if one.subject_key else "holder_ref", one.certificate_type].add(one.line[0])
        known = []
        for (key, certificate_type), refs in asked.items():
            query = {key: {"$in": list(refs)}, "certificate_type": certificate_type}
            for d in self.certificates.find(query, dict.fromkeys((key, *_OF_A_LINE), 1)):
                state, place = CertificateState(d["state"]), d.get("number") or 0
                version, holder_ref = d["holder_version"], d["holder_ref"]
                known.append(
                    Known(d[key], certificate_type, version, d["_id"], d["identifier"], holder_ref, place, state)
                )
        return known

    def insert(self, issued: Sequence[tuple[Issued, dict[str, Any]]]) -> list[Exception | None]:
        """Store certificates, each with its event in one write, their files just before. KeyTaken: issued already."""
        if not issued:
            return []
        self.files.insert_many([self._file(one) for one, _ in issued], ordered=False)
        outcomes = insert_group(self.certificates, [self._document(one, entry) for one, entry in issued])
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

    def certificates_of_holders(
        self,
        holder_refs: Iterable[str],
        entity_refs: Iterable[str],
        holder_codes: Iterable[str] = (),
        subject_keys: Iterable[str] = (),
    ) -> list[Certificate]:
        """Certificates of these permits, filings or entities, all that these entities and holders with these codes hold, and
        the forms of these subjects."""
        asked = {
            "holder_ref": list(holder_refs), "entity_ref": list(entity_refs), "holder_code": list(holder_codes),
            "subject_key": list(subject_keys),
        }  # fmt: skip
        queries = [{key: {"$in": values}} for key, values in asked.items() if values]
        found = self.certificates.find({"$or": queries}) if queries else ()
        return [certificate for certificate in map(self._opened, found) if certificate is not None]

    def update_state(self, old: Certificate, new: Certificate, entry: dict[str, Any] | None) -> bool:
        """Store a new state with its event, or only the orders known; False when the certificate changed meanwhile."""
        changed = {
            "state": new.state.value, "version": new.version, "state_reason_code": new.state_reason_code,
            "state_time": new.state_time, "orders": dict(new.orders),
        }  # fmt: skip
        if new.replaced_by_certificate_id:
            changed["replaced_by_certificate_id"] = new.replaced_by_certificate_id
        update: dict[str, Any] = {"$set": changed}
        if entry is not None:
            update["$push"] = {"timeline": entry, "pending": entry["id"]}
        # certificates that were stored before there were orders have none
        orders: Any = dict(old.orders) or {"$in": [None, {}]}
        same = {"_id": old.certificate_id, "version": old.version, "orders": orders}
        return self.certificates.update_one(same, update).matched_count == 1

    def link(self, certificate_id: str, replaces_certificate_id: str) -> None:
        """Note which certificate it replaces, if none is noted; harmless to repeat."""
        unlinked = {"_id": certificate_id, "replaces_certificate_id": {"$exists": False}}
        self.certificates.update_one(unlinked, {"$set": {"replaces_certificate_id": replaces_certificate_id}})

    def keep_orders(self, orders: Sequence[tuple[Order, Cause]]) -> None:
        """Keep orders; one that is not newer than the one kept changes nothing."""
        for order, cause in orders:
            document = {
                "source": order.source, "version": order.version, "state": order.state, "time": order.time,
                "reason_code": order.reason_code, "correlation_id": cause.correlation_id,
                "causation_id": cause.causation_id, "traceparent": cause.traceparent, "actor_id": cause.actor_id,
            }  # fmt: skip
            older = {"_id": order.key, "version": {"$lt": order.version}}
            with suppress(DuplicateKeyError):  # the one that is there is as new
                self.state_orders.update_one(older, {"$set": document}, upsert=True)

    def orders_of(self, refs: Iterable[str]) -> list[tuple[Order, Cause]]:
        """The orders kept for these permits, filings, entities and holders' codes, each with its cause."""
        return [
            (
                Order(ref_of(d["_id"]), d["source"], d["version"], d["state"], d["reason_code"], d["time"]),
                Cause(d["actor_id"], d["correlation_id"], d["causation_id"], d["traceparent"]),
            )
            for d in self.state_orders.find({"_id": {"$in": sorted(keys_of(refs))}})
        ]

    def pass_over(self, certificate_id: str, wanted: Wanted) -> bool:
        """Note on the form in force of a subject that another filing of it has none; False when the form has ended."""
        note = {
            "entity_ref": wanted.entity_ref, "holder_code": wanted.holder_code, "origin_ref": wanted.origin_ref,
            "correlation_id": wanted.cause.correlation_id, "causation_id": wanted.cause.causation_id,
            "traceparent": wanted.cause.traceparent, "actor_id": wanted.cause.actor_id,
        }  # fmt: skip
        in_force = {"_id": certificate_id, "state": {"$ne": CertificateState.CANCELLED.value}}
        noted = {"$set": {f"passed_over.{wanted.holder_ref}": note}}
        return self.certificates.update_one(in_force, noted).matched_count == 1

    def passed_over(self, holder_refs: Iterable[str]) -> list[Wanted]:
        """The forms of filings that were noted on those of these filings."""
        query = {"holder_ref": {"$in": list(holder_refs)}, "passed_over": {"$exists": True}}
        fields = ("certificate_type", "subject_key", "passed_over")
        return [
            Wanted(
                filing_id, 1, Cause(n["actor_id"], n["correlation_id"], n["causation_id"], n["traceparent"]),
                kind="filing", certificate_type=d["certificate_type"], entity_ref=n["entity_ref"],
                subject_key=d["subject_key"], origin_ref=n["origin_ref"], holder_code=n["holder_code"],
            )
            for d in self.certificates.find(query, dict.fromkeys(fields, 1))
            for filing_id, n in d["passed_over"].items()
        ]  # fmt: skip

    def log_disclosure(self, disclosure: dict[str, Any]) -> None:
        """Keep who got a certificate's file, why and of which certificate (网络数据安全管理条例 art. 12: 3 years)."""
        self.disclosures.insert_one(disclosure)

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

    def _document(self, issued: Issued, entry: dict[str, Any]) -> dict[str, Any]:
        certificate = issued.certificate
        context = _context(certificate.certificate_id, certificate.content.identifier, certificate.file_sha256)
        subject = {"subject_key": certificate.subject_key} if certificate.subject_key else {}
        before = certificate.replaces_certificate_id
        return (
            subject
            | ({"replaces_certificate_id": before} if before else {})
            | {
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
                "entity_ref": certificate.entity_ref,
                "origin_ref": certificate.origin_ref,
                "state_reason_code": "",
                "state_time": None,
                "orders": {},
                "number": issued.position,
                "timeline": [entry],
                "pending": [entry["id"]],
            }
        )

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
            subject_key=document.get("subject_key", ""),
            entity_ref=document.get("entity_ref", ""),
            origin_ref=document.get("origin_ref", ""),
            version=document["version"],
            state_reason_code=document.get("state_reason_code") or "",
            state_time=document.get("state_time"),
            orders=document.get("orders") or {},
            replaces_certificate_id=document.get("replaces_certificate_id", ""),
            replaced_by_certificate_id=document.get("replaced_by_certificate_id", ""),
        )

    def _open(self, sealed: bytes, context: str) -> bytes:
        try:
            return self._sealer.open(sealed, context)
        except InvalidTag:
            raise RecordDamaged("a record in the store was changed") from None


def _context(certificate_id: str, identifier: str, file_sha256: str) -> str:
    return "|".join((certificate_id, identifier, file_sha256))
