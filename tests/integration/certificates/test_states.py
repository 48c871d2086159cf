"""Permits, filings and states on a real store: once, in any order, never lost; every query has its index."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from tongban.certificates.v1 import messages_pb2 as pb
from tongban.certificates.v1 import service_pb2 as rpc

from services.certificates.domain.issuing import Wanted
from services.certificates.domain.states import ENTITY, PERMIT, Order
from services.certificates.store import CertificateStore, StateOrderDocument
from services.certificates.usecases import Parts, disclose_file, issue_certificates, take_orders
from shared.events import Cause
from tests.integration.certificates.test_issuing import Registration, registered
from tests.unit.certificates.samples import COMPLETION_FILING, FOOD_PERMIT, NOW, wanted_for

CAUSE = Cause("//tongban/320411/permits", "cor_1", "evt_1")
PERMIT_REF = str(FOOD_PERMIT["ref"])


def permits(*facts: dict[str, Any]) -> Any:
    """What permits answers."""
    return lambda wanted: [fact for fact in facts for one in wanted if fact["ref"] == one.holder_ref]


def filing(**changes: Any) -> Wanted:
    return replace(wanted_for(COMPLETION_FILING), subject_key="prj_1|3|FILING-2026-17", origin_ref="stp_1", **changes)


def order(source: str, version: int, state: str, ref: str = "") -> tuple[Order, Cause]:
    ref = ref or (PERMIT_REF if source == PERMIT else "ent_01")
    return Order(ref, source, version, state, "WHY", NOW), CAUSE


def states(store: CertificateStore) -> dict[str, str]:
    return {document["certificate_type"]: document["state"] for document in store.certificates.find()}


def test_a_filing_event_replayed_makes_one_form(parts: Parts, store: CertificateStore) -> None:
    """T21, 4-07: whatever comes twice, also under another filing id of the same subject."""
    assert issue_certificates(parts, [filing()], permits(COMPLETION_FILING)) == 1
    assert issue_certificates(parts, [filing()], permits(COMPLETION_FILING)) == 0
    again = COMPLETION_FILING | {"ref": "fil_99"}
    assert issue_certificates(parts, [filing(holder_ref="fil_99")], permits(again)) == 0
    other = replace(filing(holder_ref="fil_99"), subject_key="prj_1|4|FILING-2026-18")
    assert issue_certificates(parts, [other], permits(again)) == 1
    assert store.certificates.count_documents({}) == 2
    entry = store.certificates.find_one({"subject_key": filing().subject_key})["timeline"][0]  # type: ignore[index]
    assert (entry["data"]["origin_ref"], entry["data"]["certificate_type"]) == ("stp_1", "COMPLETION_FILING_FORM")


def test_workers_that_issue_the_same_form_at_once_issue_one(parts: Parts, store: CertificateStore) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: issue_certificates(parts, [filing()], permits(COMPLETION_FILING)), range(4)))
    assert sum(made) == 1
    assert store.certificates.count_documents({}) == store.files.count_documents({}) == 1


@pytest.mark.parametrize("seed", range(6))
def test_events_in_any_order_and_twice_end_the_same(parts: Parts, store: CertificateStore, seed: int) -> None:
    licence = registered("ent_01")
    deliveries: list[Any] = [
        lambda: issue_certificates(parts, [wanted_for(FOOD_PERMIT)], permits(FOOD_PERMIT)),
        lambda: issue_certificates(parts, licence, Registration()),
        lambda: take_orders(parts, [order(PERMIT, 2, "SUSPENDED")]),
        lambda: take_orders(parts, [order(PERMIT, 3, "IN_FORCE")]),
        lambda: take_orders(parts, [order(PERMIT, 4, "SUSPENDED")]),
        lambda: take_orders(parts, [order(ENTITY, 2, "LICENCE_REVOKED")]),
    ] * 2
    random.Random(seed).shuffle(deliveries)
    for deliver in deliveries:
        deliver()
    assert states(store) == {"BUSINESS_LICENCE": "REVOKED", "FOOD_BUSINESS_PERMIT": "SUSPENDED"}
    take_orders(parts, [order(ENTITY, 3, "CANCELLED")])
    assert states(store) == {"BUSINESS_LICENCE": "CANCELLED", "FOOD_BUSINESS_PERMIT": "CANCELLED"}
    take_orders(parts, [order(PERMIT, 5, "IN_FORCE")])
    assert states(store)["FOOD_BUSINESS_PERMIT"] == "CANCELLED"


def test_a_state_and_its_event_are_one_write_and_a_repetition_adds_none(parts: Parts, store: CertificateStore) -> None:
    issue_certificates(parts, [wanted_for(FOOD_PERMIT)], permits(FOOD_PERMIT))
    assert take_orders(parts, [order(PERMIT, 2, "SUSPENDED")]) == 1
    assert take_orders(parts, [order(PERMIT, 2, "SUSPENDED")]) == 0
    (document,) = store.certificates.find()
    issued, changed = document["timeline"]
    assert document["pending"] == [issued["id"], changed["id"]]
    assert changed["data"] == {
        "certificate_id": document["_id"], "identifier": document["identifier"], "state": "SUSPENDED",
        "certificate_type": "FOOD_BUSINESS_PERMIT", "holder_ref": PERMIT_REF, "holder_code": document["holder_code"],
        "reason_code": "WHY", "certificate_version": 2,
    }  # fmt: skip
    assert (changed["causation_id"], changed["correlation_id"]) == ("evt_1", "cor_1")


def test_a_crash_between_issue_and_order_is_mended_by_the_next_delivery(
    parts: Parts, store: CertificateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_orders(parts, [order(PERMIT, 2, "SUSPENDED")])

    def dies(refs: Sequence[str]) -> Any:
        raise MemoryError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(store, "orders_of", dies)
        with pytest.raises(MemoryError):
            issue_certificates(parts, [wanted_for(FOOD_PERMIT)], permits(FOOD_PERMIT))
    assert states(store) == {"FOOD_BUSINESS_PERMIT": "ISSUED"}
    assert issue_certificates(parts, [wanted_for(FOOD_PERMIT)], permits(FOOD_PERMIT)) == 0
    assert states(store) == {"FOOD_BUSINESS_PERMIT": "SUSPENDED"}


def test_orders_taken_by_many_workers_at_once_end_with_the_newest(parts: Parts, store: CertificateStore) -> None:
    issue_certificates(parts, [wanted_for(FOOD_PERMIT)], permits(FOOD_PERMIT))
    changes = [order(PERMIT, n, "SUSPENDED" if n % 2 == 0 else "IN_FORCE") for n in range(2, 14)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda change: take_orders(parts, [change]), changes))
    (document,) = store.certificates.find()
    assert (document["state"], document["orders"]) == ("ISSUED", {"permit": 13})
    assert document["version"] == len(document["timeline"])


def test_a_renewed_permit_replaces_its_certificate_whichever_comes_first(parts: Parts, store: CertificateStore) -> None:
    newer = replace(wanted_for(FOOD_PERMIT), holder_version=2)
    issue_certificates(parts, [newer], permits(FOOD_PERMIT | {"version": 2}))
    issue_certificates(parts, [wanted_for(FOOD_PERMIT)], permits(FOOD_PERMIT | {"version": 2}))
    found = {document["holder_version"]: document["state"] for document in store.certificates.find()}
    assert found == {1: "REPLACED", 2: "ISSUED"}


def test_the_contract_tells_state_since_when_and_why(parts: Parts, stub: Any) -> None:
    issue_certificates(parts, [wanted_for(FOOD_PERMIT)], permits(FOOD_PERMIT))
    (certificate,) = stub.ListCertificates(
        rpc.ListCertificatesRequest(holder_code=FOOD_PERMIT["holder_code"])
    ).certificates
    assert (certificate.state_since_date, certificate.state_reason_code) == ("", "")
    take_orders(parts, [order(PERMIT, 2, "REVOKED")])
    verdict = stub.VerifyCertificate(rpc.VerifyCertificateRequest(qr_text=certificate.qr_text)).verdict
    assert (verdict.conclusion, verdict.state) == (pb.CONCLUSION_NOT_IN_FORCE, pb.CERTIFICATE_STATE_REVOKED)
    assert (verdict.state_since_date, verdict.state_reason_code) == ("2026-11-23", "WHY")


def test_a_file_is_told_to_another_service_only_after_it_is_noted(parts: Parts, store: CertificateStore) -> None:
    issue_certificates(parts, [wanted_for(FOOD_PERMIT)], permits(FOOD_PERMIT))
    (document,) = store.certificates.find()
    told = disclose_file(parts, document["_id"], "SEND_RESULT", "handoff")
    assert told["file_sha256"] == document["file_sha256"]
    (noted,) = store.disclosures.find()
    assert (noted["asked_by"], noted["purpose"], noted["certificate_id"]) == ("handoff", "SEND_RESULT", document["_id"])


def test_an_order_is_stored_as_its_document_says(parts: Parts, store: CertificateStore) -> None:
    take_orders(parts, [order(ENTITY, 2, "CANCELLED", "ent_77")])
    (document,) = store.state_orders.find()
    StateOrderDocument(**{"ref" if key == "_id" else key: value for key, value in document.items()}).validate()


def test_no_query_scans_the_collection(store: CertificateStore) -> None:
    queries: list[dict[str, Any]] = [
        {"subject_key": {"$in": ["a", "b"]}, "certificate_type": "X"},
        {"holder_ref": {"$in": ["a"]}, "certificate_type": "X"},
        {"$or": [{"holder_ref": {"$in": ["a"]}}, {"entity_ref": {"$in": ["b"]}}]},
        {"$or": [{"entity_ref": {"$in": ["b"]}}]},
        {"_id": "a", "version": 1, "orders": {"$in": [None, {}]}},
        {"identifier": "a"},
        {"file_sha256": "a"},
        {"holder_code": "a", "_id": {"$gt": ""}},
    ]
    for query in queries:
        plan = str(store.certificates.find(query).explain()["queryPlanner"]["winningPlan"])
        assert "COLLSCAN" not in plan, query
