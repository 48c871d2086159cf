"""Issuing on a real store: once, atomic with its event, sealed; what fails keeps no other back."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from services.certificates.domain.certificate import UnprintableText
from services.certificates.domain.issuing import Wanted
from services.certificates.domain.signing import KeyRing, NoSigningKey
from services.certificates.store import CertificateDocument, CertificateStore
from services.certificates.usecases import FactsMissing, Parts, RecordDamaged, get_file, issue_certificates
from services.certificates.usecases import FileFormat as Form
from shared.clock import SystemClock
from shared.events import Cause
from shared.ids import bound_before
from tests.unit.certificates.samples import COMPANY, NOW, PARTNERSHIP, SOLE_TRADER

FACTS = {facts["entity_id"]: facts for facts in (COMPANY, SOLE_TRADER, PARTNERSHIP)}


class Registration:
    """Registration's answer, and how often it was asked."""

    def __init__(self, **changes: Any) -> None:
        self.facts = {entity_id: facts | changes for entity_id, facts in FACTS.items()}
        self.questions: list[list[str]] = []

    def __call__(self, wanted: Sequence[Wanted]) -> list[dict[str, Any]]:
        entity_ids = [one.holder_ref for one in wanted]
        self.questions.append(entity_ids)
        return [self.facts[entity_id] for entity_id in entity_ids if entity_id in self.facts]


def registered(*entity_ids: str, version: int = 1) -> list[Wanted]:
    source = "//tongban/320411/registration"
    return [
        Wanted(entity_id, version, Cause(source, "cor_1", f"evt_{entity_id}"), entity_ref=entity_id)
        for entity_id in entity_ids
    ]


def test_the_licences_of_a_message_are_issued_with_one_question(parts: Parts, store: CertificateStore) -> None:
    ask = Registration()

    assert issue_certificates(parts, registered(*FACTS), ask) == 3

    assert len(ask.questions) == 1
    assert store.certificates.count_documents({}) == store.files.count_documents({}) == 3
    for document in store.certificates.find():
        entry = document["timeline"][0]
        assert document["pending"] == [entry["id"]]
        assert entry["type"] == "CertificateIssued"
        assert entry["data"]["file_sha256"] == document["file_sha256"]
        assert entry["causation_id"] == document["cause_id"] == f"evt_{document['holder_ref']}"
        assert entry["correlation_id"] == "cor_1"
    assert {entry["id"] for entry in parts.outbox.entries} == set(store.certificates.distinct("pending"))


def test_what_comes_twice_is_issued_once(parts: Parts, store: CertificateStore) -> None:
    ask = Registration()
    assert issue_certificates(parts, registered("ent_01", "ent_01"), ask) == 1
    assert issue_certificates(parts, registered("ent_01"), ask) == 0
    assert len(ask.questions) == 1, "registration is not asked again"
    assert issue_certificates(parts, registered("ent_01", "ent_02"), ask) == 1
    assert store.certificates.count_documents({}) == store.files.count_documents({}) == 2


def test_workers_that_issue_at_the_same_time_issue_one_certificate(parts: Parts, store: CertificateStore) -> None:
    with ThreadPoolExecutor(4) as pool:
        issued = list(pool.map(lambda _: issue_certificates(parts, registered("ent_01"), Registration()), range(4)))
    assert sum(issued) == 1
    assert store.certificates.count_documents({}) == store.files.count_documents({}) == 1
    assert len(parts.outbox.entries) == 1


def test_a_licence_that_cannot_be_made_does_not_keep_the_others(parts: Parts, store: CertificateStore) -> None:
    ask = Registration()
    ask.facts["ent_02"] = SOLE_TRADER | {"name": "坏\u202e名"}
    with pytest.raises(UnprintableText):
        issue_certificates(parts, registered(*FACTS), ask)
    assert set(store.certificates.distinct("holder_ref")) == {"ent_01", "ent_03"}
    assert len(parts.outbox.entries) == 2


def test_facts_that_are_missing_or_older_than_the_event_make_it_wait(parts: Parts, store: CertificateStore) -> None:
    with pytest.raises(FactsMissing):
        issue_certificates(parts, registered("ent_99"), Registration())
    with pytest.raises(FactsMissing):
        issue_certificates(parts, registered("ent_01", version=2), Registration())
    assert store.certificates.count_documents({}) == 0


def test_without_a_valid_key_nothing_is_issued(parts: Parts, store: CertificateStore) -> None:
    keyless = replace(parts, ring=KeyRing([], "none"))
    with pytest.raises(NoSigningKey):
        issue_certificates(keyless, registered("ent_01"), Registration())
    assert store.files.count_documents({}) == 0


def test_what_is_written_is_a_valid_document_and_names_nobody(parts: Parts, store: CertificateStore) -> None:
    issue_certificates(parts, registered("ent_02"), Registration())
    document = CertificateDocument.objects.get()
    document.validate()
    raw = store.certificates.find_one()
    assert {k: bytes(v) if isinstance(v, bytes) else v for k, v in document.to_mongo().items()} == raw
    for raw in (store.certificates.find_one(), store.files.find_one()):
        for person in (SOLE_TRADER["legal_representative"], SOLE_TRADER["name"]):
            assert person not in str(raw)
            assert not any(isinstance(value, bytes) and person.encode() in value for value in raw.values())


def test_a_stored_certificate_comes_back_as_it_was(parts: Parts, store: CertificateStore) -> None:
    issue_certificates(parts, registered("ent_01"), Registration())
    certificate_id = store.certificates.find_one()["_id"]
    certificate = store.certificate(certificate_id)
    assert certificate is not None
    assert store.certificate_by_identifier(certificate.content.identifier) == certificate
    assert store.certificate_by_file(certificate.file_sha256) == certificate
    assert certificate.content.canonical() == certificate.signed_content
    assert certificate.content.fields[2].value == "王小明"


@pytest.mark.parametrize("field", ["file_sha256", "identifier", "content"])
def test_a_record_that_was_changed_in_the_store_does_not_open(
    parts: Parts, store: CertificateStore, field: str
) -> None:
    issue_certificates(parts, registered("ent_01", "ent_02"), Registration())
    one, other = store.certificates.find().sort("_id", 1)
    store.certificates.delete_one({"_id": other["_id"]})
    store.certificates.update_one({"_id": one["_id"]}, {"$set": {field: other[field]}})
    with pytest.raises(RecordDamaged):
        store.certificate(one["_id"])


def test_a_file_that_was_exchanged_is_not_given_out(parts: Parts, store: CertificateStore) -> None:
    issue_certificates(parts, registered("ent_01", "ent_02"), Registration())
    one, other = store.files.find().sort("_id", 1)
    store.files.update_one({"_id": one["_id"]}, {"$set": {"pdf": other["pdf"]}})
    with pytest.raises(RecordDamaged):
        get_file(parts, one["_id"], Form.PDF)
    store.files.delete_one({"_id": other["_id"]})
    with pytest.raises(RecordDamaged):
        get_file(parts, other["_id"], Form.PDF)


def test_a_crash_between_file_and_certificate_is_mended_by_the_next_delivery_and_leaves_no_file(
    parts: Parts, store: CertificateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any) -> Any:
        raise AutoReconnect("the process dies here")

    with monkeypatch.context() as patched:
        patched.setattr("services.certificates.store.certificate_store.insert_group", dies)
        with pytest.raises(AutoReconnect):
            issue_certificates(parts, registered("ent_01"), Registration())
    assert parts.outbox.entries == []
    assert issue_certificates(parts, registered("ent_01"), Registration()) == 1
    assert store.files.count_documents({}) == 2
    real_now = SystemClock().now()  # ids carry the real time
    assert store.remove_unclaimed_files(real_now) == 0, "a fresh file may still get its certificate"
    assert store.remove_unclaimed_files(real_now + timedelta(hours=2)) == 1
    assert store.files.distinct("_id") == store.certificates.distinct("_id")


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({"holder_ref": {"$in": ["7", "8"]}, "certificate_type": "BUSINESS_LICENCE"}, "cause"),
        ({"identifier": "7"}, "identifier"),
        ({"file_sha256": "7"}, "file"),
        ({"holder_code": "7", "_id": {"$gt": ""}}, "holder"),
        ({"_id": {"$gte": bound_before("cert", NOW), "$lt": "cert_Z"}}, "_id_"),
    ],
)
def test_every_query_uses_its_index(store: CertificateStore, query: dict[str, Any], index: str) -> None:
    fields = ("holder_ref", "identifier", "file_sha256", "holder_code")
    documents = [{"_id": f"cert_{n}", "certificate_type": "BUSINESS_LICENCE", "holder_version": 1} for n in range(500)]
    store.certificates.insert_many([d | dict.fromkeys(fields, str(n)) for n, d in enumerate(documents)])
    found = store.certificates.find(query)
    plan = str((found.sort("_id", 1) if index == "holder" else found).explain()["queryPlanner"]["winningPlan"])
    assert f"'indexName': '{index}'" in plan
    assert "COLLSCAN" not in plan
