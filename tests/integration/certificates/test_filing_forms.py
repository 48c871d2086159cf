"""Forms of filings on a real store: one for a subject (4-07) as long as its filing has effect, the next version after it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from typing import Any

import pytest
from tongban.certificates.v1 import messages_pb2 as pb

from services.certificates.domain.identifier import parse_identifier
from services.certificates.store import CertificateDocument, CertificateStore
from services.certificates.usecases import FactsMissing, Parts
from shared.failures import Unavailable
from tests.integration.certificates.events import Heard
from tests.integration.certificates.test_licence_follows import moved
from tests.integration.certificates.test_reissue import certificates, verdict
from tests.unit.certificates.samples import COMPLETION_FILING, FOOD_PERMIT

CODE = COMPLETION_FILING["holder_code"]
SUBJECT = "prj_1|3|FILING-2026-17"


@pytest.fixture
def heard(parts: Parts) -> Heard:
    """Permits has these filings on record."""
    found = Heard(parts)
    found.held = {ref: COMPLETION_FILING | {"ref": ref} for ref in ("fil_1", "fil_2", "fil_3")}
    return found


def recorded(filing_id: str, holder_ref: str = "ent_01", subject_key: str = SUBJECT) -> dict[str, Any]:
    return {
        "filing_id": filing_id, "certificate_type": COMPLETION_FILING["certificate_type"], "holder_ref": holder_ref,
        "holder_code": CODE, "subject_key": subject_key, "origin_ref": f"stp_{filing_id}",
    }  # fmt: skip


def closed(filing_id: str) -> dict[str, Any]:
    return {"filing_id": filing_id, "reason_codes": ["WITHDRAWN"], "origin_ref": ""}


def withdraw(heard: Heard, filing_id: str) -> None:
    """Permits tells nothing of it any more, and says so."""
    del heard.held[filing_id]
    heard.hear("on_filing_closed", closed(filing_id))


def forms(store: CertificateStore) -> dict[str, str]:
    return {d["holder_ref"]: d["state"] for d in store.certificates.find()}


def test_the_form_of_a_filing_that_was_taken_back_is_cancelled(
    parts: Parts, store: CertificateStore, stub: Any, heard: Heard
) -> None:
    heard.hear("on_filing_recorded", recorded("fil_1"))
    for _ in range(2):
        heard.hear("on_filing_closed", closed("fil_1"))
    (found,) = certificates(stub, CODE)
    told = verdict(stub, found)
    assert (told.conclusion, told.state) == (pb.CONCLUSION_NOT_IN_FORCE, pb.CERTIFICATE_STATE_CANCELLED)
    assert told.state_reason_code == "WITHDRAWN"
    assert [e["type"] for e in parts.outbox.entries] == ["CertificateIssued", "CertificateStateChanged"]


def test_a_filing_heard_of_after_it_was_taken_back_gets_no_form(store: CertificateStore, heard: Heard) -> None:
    heard.hear("on_filing_closed", closed("fil_1"))
    heard.hear("on_filing_recorded", recorded("fil_1"))
    assert store.certificates.count_documents({}) == 0
    assert heard.questions == [], "nobody's name is disclosed for it"


def test_a_filing_that_permits_tells_nothing_of_waits_until_its_end_is_heard(
    store: CertificateStore, heard: Heard
) -> None:
    del heard.held["fil_1"]
    with pytest.raises(FactsMissing) as failure:
        heard.hear("on_filing_recorded", recorded("fil_1"))
    assert isinstance(failure.value, Unavailable), "the event waits, it is no dead letter"
    heard.hear("on_filing_closed", closed("fil_1"))
    heard.hear("on_filing_recorded", recorded("fil_1"))
    assert store.certificates.count_documents({}) == 0


def test_filing_again_after_a_withdrawal_gives_the_next_version_of_the_subject_s_form(
    parts: Parts, store: CertificateStore, stub: Any, heard: Heard
) -> None:
    heard.hear("on_filing_recorded", recorded("fil_1"))
    withdraw(heard, "fil_1")
    for _ in range(2):
        heard.hear("on_filing_recorded", recorded("fil_2"))
    old, new = certificates(stub, CODE)
    assert (old.state, new.state) == (pb.CERTIFICATE_STATE_CANCELLED, pb.CERTIFICATE_STATE_ISSUED)
    assert (new.replaces_certificate_id, old.replaced_by_certificate_id) == (old.certificate_id, new.certificate_id)
    one, two = parse_identifier(old.identifier), parse_identifier(new.identifier)
    assert (two.serial, one.version, two.version) == (one.serial, 1, 2)
    assert verdict(stub, new).conclusion == pb.CONCLUSION_IN_FORCE
    withdraw(heard, "fil_2")
    heard.hear("on_filing_recorded", recorded("fil_3"))
    assert forms(store) == {"fil_1": "CANCELLED", "fil_2": "CANCELLED", "fil_3": "ISSUED"}
    assert store.certificates.find_one({"holder_ref": "fil_3"})["holder_version"] == 3  # type: ignore[index]
    for document in store.certificates.find():
        CertificateDocument(**{"certificate_id" if k == "_id" else k: v for k, v in document.items()}).validate()


@pytest.mark.parametrize("order", list(permutations(["one", "closed", "two"])))
def test_in_whatever_order_it_is_heard_the_filing_in_effect_has_the_form(
    store: CertificateStore, heard: Heard, order: Sequence[str]
) -> None:
    deliveries = {
        "one": ("on_filing_recorded", recorded("fil_1")),
        "closed": ("on_filing_closed", closed("fil_1")),
        "two": ("on_filing_recorded", recorded("fil_2")),
    }
    for name in (*order, *order):
        handler, event = deliveries[name]
        heard.hear(handler, event)
    found = forms(store)
    assert found.pop("fil_2") == "ISSUED"
    assert found in ({}, {"fil_1": "CANCELLED"})


def test_of_two_filings_of_a_subject_one_has_the_form_and_the_other_gets_it_when_that_is_taken_back(
    store: CertificateStore, heard: Heard
) -> None:
    """T21, 4-07: whatever comes twice, also in one message and under another filing id, gives one form."""
    heard.hear("on_filing_recorded", recorded("fil_1"), recorded("fil_2"), recorded("fil_1"), recorded("fil_3"))
    assert forms(store) == {"fil_1": "ISSUED"}
    asked = len(heard.questions)
    heard.hear("on_filing_recorded", recorded("fil_2"))
    assert len(heard.questions) == asked, "nobody's name is disclosed for what is not issued"
    withdraw(heard, "fil_1")
    assert forms(store) == {"fil_1": "CANCELLED", "fil_2": "ISSUED"}
    entry = store.certificates.find_one({"holder_ref": "fil_2"})["timeline"][0]  # type: ignore[index]
    assert entry["data"]["origin_ref"] == "stp_fil_2"
    withdraw(heard, "fil_2")
    assert forms(store) == {"fil_1": "CANCELLED", "fil_2": "CANCELLED", "fil_3": "ISSUED"}


def test_a_filing_that_ended_while_it_was_passed_over_gets_no_form(store: CertificateStore, heard: Heard) -> None:
    heard.hear("on_filing_recorded", recorded("fil_1"))
    heard.hear("on_filing_recorded", recorded("fil_2"))
    withdraw(heard, "fil_2")
    withdraw(heard, "fil_1")
    assert forms(store) == {"fil_1": "CANCELLED"}


def test_a_withdrawal_beside_another_filing_of_the_subject_loses_neither(
    parts: Parts, store: CertificateStore, heard: Heard
) -> None:
    for _ in range(5):
        store.certificates.delete_many({})
        store.state_orders.delete_many({})
        heard.hear("on_filing_recorded", recorded("fil_1"))
        work = [("on_filing_closed", closed("fil_1")), ("on_filing_recorded", recorded("fil_2"))]
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda one: heard.hear(*one), work))
        assert forms(store) == {"fil_1": "CANCELLED", "fil_2": "ISSUED"}


def test_a_form_that_ended_just_before_another_filing_is_noted_on_it_does_not_keep_it_back(
    parts: Parts, store: CertificateStore, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard.hear("on_filing_recorded", recorded("fil_1"))
    pass_over = store.pass_over

    def late(certificate_id: str, wanted: Any) -> bool:
        monkeypatch.setattr(store, "pass_over", pass_over)
        heard.hear("on_filing_closed", closed("fil_1"))
        return pass_over(certificate_id, wanted)

    monkeypatch.setattr(store, "pass_over", late)
    heard.hear("on_filing_recorded", recorded("fil_2"))
    assert forms(store) == {"fil_1": "CANCELLED", "fil_2": "ISSUED"}


@pytest.mark.parametrize("first", ["issued", "cancelled"])
def test_a_cancelled_entity_holds_no_form_and_no_permit_that_knows_it_by_its_code_only(
    store: CertificateStore, heard: Heard, first: str
) -> None:
    """An entity from an older register: permits did not know its id when it put the filing on record (条例 art. 31)."""
    permit = {
        "permit_id": FOOD_PERMIT["ref"], "permit_version": 1, "certificate_type": FOOD_PERMIT["certificate_type"],
        "holder_ref": "", "holder_code": CODE, "origin_ref": "",
    }  # fmt: skip
    heard.held[FOOD_PERMIT["ref"]] = FOOD_PERMIT | {"holder_ref": ""}
    deliveries = [
        ("on_filing_recorded", recorded("fil_1", holder_ref="")),
        ("on_permit_granted", permit),
        ("on_entity_state_changed", moved(9, "CANCELLED")),
    ]
    for handler, event in deliveries if first == "issued" else reversed(deliveries):
        heard.hear(handler, event)
    assert set(forms(store).values()) == {"CANCELLED"}
    assert store.certificates.count_documents({}) == 2


def test_another_end_or_another_entity_leaves_them_in_force(store: CertificateStore, heard: Heard) -> None:
    heard.hear("on_filing_recorded", recorded("fil_1", holder_ref=""))
    heard.hear("on_entity_state_changed", moved(2, "LICENCE_REVOKED"))
    other = moved(9, "CANCELLED") | {"entity_id": "ent_02", "uscc": "92320411MAXX00023C"}
    heard.hear("on_entity_state_changed", other)
    assert forms(store) == {"fil_1": "ISSUED"}


def test_the_queries_of_filings_and_codes_use_an_index(store: CertificateStore) -> None:
    for query in (
        {"$or": [{"holder_ref": {"$in": ["a"]}}, {"holder_code": {"$in": ["b"]}}, {"subject_key": {"$in": ["c"]}}]},
        {"holder_ref": {"$in": ["a"]}, "passed_over": {"$exists": True}},
        {"_id": "a", "state": {"$ne": "CANCELLED"}},
    ):
        assert "COLLSCAN" not in str(store.certificates.find(query).explain()["queryPlanner"]["winningPlan"]), query
