"""Certificates of entities and permits that changed (25.4-10, 25.4-12, T16): the next version of the same serial, once, in any
order; both certificates name each other."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import permutations
from types import SimpleNamespace
from typing import Any

import pytest
from tongban.certificates.v1 import messages_pb2 as pb
from tongban.certificates.v1 import service_pb2 as rpc

from services.certificates.domain.identifier import parse_identifier
from services.certificates.domain.issuing import Wanted
from services.certificates.domain.lines import CHANGED, MOVED_IN
from services.certificates.domain.states import ENTITY, PERMIT
from services.certificates.handlers import CertificatesHandlers
from services.certificates.store import CertificateDocument, CertificateStore
from services.certificates.usecases import Parts, RecordDamaged, issue_certificates, take_orders
from services.certificates.usecases import issuing as issuing_module
from shared.clock import FixedClock
from shared.events import Cause
from shared.national_codes import check_uscc
from tests.integration.certificates.test_issuing import registered
from tests.integration.certificates.test_states import order, permits
from tests.unit.certificates.samples import COMPANY, FOOD_PERMIT, SOLE_TRADER, wanted_for

ASKED = {"state": "ACTIVE", "imported": False, "representative_known": True}
# T16: the same code and founding date, now a company with a capital
CONVERTED = SOLE_TRADER | {
    "entity_version": 2, "entity_type": "LIMITED_COMPANY", "name": "常州市新北区𬭚记䶮食餐饮有限公司",
    "capital": {"amount_fen": 10_000_000, "currency": "CNY"}, "founding_date": "2020-01-06",
}  # fmt: skip
TRADER = SOLE_TRADER | {"founding_date": "2020-01-06"}


def registration(*facts: dict[str, Any], **answer: Any) -> Any:
    """What registration answers."""
    return lambda wanted: [
        ASKED | fact | answer for fact in facts for one in wanted if fact["entity_id"] == one.holder_ref
    ]


def changed(entity_id: str = "ent_02", version: int = 2) -> list[Wanted]:
    return [replace(one, occasion=CHANGED) for one in registered(entity_id, version=version)]


def certificates(stub: Any, holder_code: str) -> list[Any]:
    return list(stub.ListCertificates(rpc.ListCertificatesRequest(holder_code=holder_code)).certificates)


def verdict(stub: Any, certificate: Any) -> Any:
    return stub.VerifyCertificate(
        rpc.VerifyCertificateRequest(qr_text=certificate.qr_text, expected_holder_code=certificate.holder_code)
    ).verdict


def line(store: CertificateStore) -> list[dict[str, Any]]:
    return list(store.certificates.find().sort("holder_version", 1))


def test_T16_a_sole_trader_that_became_a_company_has_a_new_licence_with_the_old_code_and_both_are_linked(
    parts: Parts, store: CertificateStore, stub: Any, clock: FixedClock
) -> None:
    """25.4-12: code 92320411MAXX00023C and founding date stay; whoever checks the company's licence finds it in force."""
    issue_certificates(parts, registered("ent_02"), registration(TRADER))
    for _ in range(2):
        issue_certificates(parts, changed(), registration(CONVERTED))

    old, new = certificates(stub, "92320411MAXX00023C")
    assert (old.state, new.state) == (pb.CERTIFICATE_STATE_REPLACED, pb.CERTIFICATE_STATE_ISSUED)
    assert (new.replaces_certificate_id, old.replaced_by_certificate_id) == (old.certificate_id, new.certificate_id)
    assert (old.replaces_certificate_id, new.replaced_by_certificate_id) == ("", "")
    one, two = parse_identifier(old.identifier), parse_identifier(new.identifier)
    assert (two.serial, one.version, two.version) == (one.serial, 1, 2)
    assert (old.issue_date, new.issue_date) == ("2020-01-06", "2026-11-23")
    check_uscc(new.holder_code)
    face = {f.code: f.value for f in store.certificate(new.certificate_id).content.fields}  # type: ignore[union-attr]
    assert (face["entity_type"], face["founding_date"]) == ("有限责任公司", "2020年1月6日")
    assert (new.holder_name, new.version) == (CONVERTED["name"], 2)
    assert f'"replaces_identifier":"{old.identifier}"'.encode() in new.signed_content
    assert b"replaces_identifier" not in old.signed_content
    told = verdict(stub, new)
    assert (told.conclusion, told.certificate.holder_code) == (pb.CONCLUSION_IN_FORCE, "92320411MAXX00023C")
    told = verdict(stub, old)
    assert (told.conclusion, told.state) == (pb.CONCLUSION_NOT_IN_FORCE, pb.CERTIFICATE_STATE_REPLACED)
    assert "a newer one" in next(part.detail for part in told.parts if part.part == "STATE")


def test_T16_the_permit_s_certificate_is_issued_anew_with_a_link_and_its_event_says_so(
    parts: Parts, store: CertificateStore, stub: Any
) -> None:
    """25.4-10: what registration and permits wait for stands in the event: the version shown, and what it replaces."""
    company = {"holder_name": CONVERTED["name"], "holder_code": "92320411MAXX00023C"}
    issue_certificates(parts, [wanted_for(FOOD_PERMIT)], permits(FOOD_PERMIT | {"holder_code": "92320411MAXX00023C"}))
    newer = FOOD_PERMIT | company | {"version": 2, "issue_date": "2026-11-25"}
    for _ in range(2):
        issue_certificates(parts, [replace(wanted_for(FOOD_PERMIT), holder_version=2)], permits(newer))

    old, new = certificates(stub, "92320411MAXX00023C")
    assert (old.state, new.holder_name) == (pb.CERTIFICATE_STATE_REPLACED, CONVERTED["name"])
    assert (old.valid_to_date, new.valid_to_date, new.issue_date) == ("2031-11-22", "2031-11-22", "2026-11-25")
    assert old.replaced_by_certificate_id == new.certificate_id
    issued = [e["data"] for e in parts.outbox.entries if e["type"] == "CertificateIssued"]
    assert [(d["holder_version"], d["replaces_certificate_id"]) for d in issued] == [(1, ""), (2, old.certificate_id)]
    assert verdict(stub, new).conclusion == pb.CONCLUSION_IN_FORCE
    for document in store.certificates.find():
        CertificateDocument(**{"certificate_id" if k == "_id" else k: v for k, v in document.items()}).validate()


@pytest.mark.parametrize("versions", list(permutations([1, 3, 5])))
def test_versions_in_any_order_and_twice_leave_the_newest_in_force_under_one_serial(
    parts: Parts, store: CertificateStore, versions: Sequence[int]
) -> None:
    newest = permits(FOOD_PERMIT | {"version": 5})
    for version in (*versions, *versions):
        issue_certificates(parts, [replace(wanted_for(FOOD_PERMIT), holder_version=version)], newest)
    one, three, five = line(store)
    assert [d["state"] for d in (one, three, five)] == ["REPLACED", "REPLACED", "ISSUED"]
    identifiers = [parse_identifier(d["identifier"]) for d in (one, three, five)]
    assert len({identifier.serial for identifier in identifiers}) == 1
    assert sorted(identifier.version for identifier in identifiers) == [1, 2, 3]
    assert one["replaced_by_certificate_id"] in (three["_id"], five["_id"])
    assert three["replaced_by_certificate_id"] == five["_id"]
    assert five["replaces_certificate_id"] in (one["_id"], three["_id"])


def test_two_versions_in_one_message_take_two_places(parts: Parts, store: CertificateStore) -> None:
    both = [replace(wanted_for(FOOD_PERMIT), holder_version=version) for version in (4, 1)]
    assert issue_certificates(parts, both, permits(FOOD_PERMIT | {"version": 4})) == 2
    one, four = line(store)
    assert (one["number"], four["number"], four["replaces_certificate_id"]) == (1, 2, one["_id"])


def test_workers_that_issue_different_versions_at_once_lose_none_and_share_one_serial(
    parts: Parts, store: CertificateStore
) -> None:
    facts = permits(FOOD_PERMIT | {"version": 4})
    wanted = [replace(wanted_for(FOOD_PERMIT), holder_version=version) for version in (1, 2, 3, 4)]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda one: issue_certificates(parts, [one], facts), wanted))
    assert made == [1, 1, 1, 1]
    found = line(store)
    assert sorted(d["number"] for d in found) == [1, 2, 3, 4]
    assert len({parse_identifier(d["identifier"]).serial for d in found}) == 1
    assert [d["state"] for d in found] == ["REPLACED"] * 3 + ["ISSUED"]
    assert store.files.count_documents({}) == 4


def test_a_place_that_is_always_taken_is_tried_again_with_the_event(
    parts: Parts, store: CertificateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_certificates(parts, [wanted_for(FOOD_PERMIT)], permits(FOOD_PERMIT))
    monkeypatch.setattr(store, "issued_already", lambda wanted: [])
    with pytest.raises(issuing_module.LineBusy):
        issue_certificates(
            parts, [replace(wanted_for(FOOD_PERMIT), holder_version=2)], permits(FOOD_PERMIT | {"version": 2})
        )
    assert store.certificates.count_documents({}) == store.files.count_documents({}) == 1


def test_an_imported_entity_that_changes_gets_no_licence_and_one_with_a_licence_does(
    parts: Parts, store: CertificateStore
) -> None:
    newer = COMPANY | {"entity_version": 2}
    assert issue_certificates(parts, changed("ent_01"), registration(newer, imported=True)) == 0
    moved = [replace(one, occasion=MOVED_IN) for one in registered("ent_01")]
    assert issue_certificates(parts, moved, registration(COMPANY, imported=True)) == 1
    assert line(store)[0]["state"] == "ISSUED"
    assert issue_certificates(parts, changed("ent_01"), registration(newer, imported=True)) == 1


@pytest.mark.parametrize(
    "answer",
    [{"state": state} for state in ("LICENCE_REVOKED", "REGISTRATION_REVOKED", "CANCELLED", "MOVED_OUT")]
    + [{"representative_known": False}],
)
def test_a_change_gives_no_licence_that_would_say_what_does_not_hold(
    parts: Parts, store: CertificateStore, answer: dict[str, Any]
) -> None:
    issue_certificates(parts, registered("ent_01"), registration(COMPANY))
    newer = registration(COMPANY | {"entity_version": 2}, **answer)
    assert issue_certificates(parts, changed("ent_01"), newer) == 0
    assert store.certificates.count_documents({}) == 1


def test_a_revocation_that_came_before_a_change_it_follows_ends_the_new_licence_too(
    parts: Parts, store: CertificateStore
) -> None:
    take_orders(parts, [order(ENTITY, 3, "LICENCE_REVOKED")])
    issue_certificates(parts, changed("ent_01"), registration(COMPANY | {"entity_version": 2}))
    assert [d["state"] for d in line(store)] == ["REVOKED"]


def test_a_suspended_permit_s_new_certificate_is_suspended_by_the_word_that_follows(
    parts: Parts, store: CertificateStore
) -> None:
    """Permits says after a change once more that the permit is suspended: version 2 suspended, 3 changed, 4 suspended."""
    deliveries: list[Any] = [
        lambda: issue_certificates(parts, [wanted_for(FOOD_PERMIT)], permits(FOOD_PERMIT | {"version": 4})),
        lambda: take_orders(parts, [order(PERMIT, 2, "SUSPENDED")]),
        lambda: issue_certificates(
            parts, [replace(wanted_for(FOOD_PERMIT), holder_version=3)], permits(FOOD_PERMIT | {"version": 4})
        ),
        lambda: take_orders(parts, [order(PERMIT, 4, "SUSPENDED")]),
    ]
    for seed in range(4):
        for collection in (store.certificates, store.files, store.state_orders):
            collection.delete_many({})
        shuffled = deliveries * 2
        random.Random(seed).shuffle(shuffled)
        for deliver in shuffled:
            deliver()
        assert [d["state"] for d in line(store)] == ["REPLACED", "SUSPENDED"]


def test_a_crash_between_issue_and_replacement_is_mended_by_the_next_delivery(
    parts: Parts, store: CertificateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_certificates(parts, registered("ent_02"), registration(TRADER))

    def dies(*_: Any) -> Any:
        raise MemoryError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(issuing_module, "follow_orders", dies)
        with pytest.raises(MemoryError):
            issue_certificates(parts, changed(), registration(CONVERTED))
    assert [d["state"] for d in line(store)] == ["ISSUED", "ISSUED"]
    assert issue_certificates(parts, changed(), registration(CONVERTED)) == 0
    assert [d["state"] for d in line(store)] == ["REPLACED", "ISSUED"]


def test_certificates_that_were_stored_before_there_were_places_go_on_under_their_serial(
    parts: Parts, store: CertificateStore
) -> None:
    issue_certificates(parts, registered("ent_02"), registration(TRADER))
    store.certificates.update_many({}, {"$unset": {"number": ""}})
    issue_certificates(parts, changed(), registration(CONVERTED))
    old, new = line(store)
    assert new["identifier"].split(".")[7:9] == [old["identifier"].split(".")[7], "002"]


def test_a_link_that_was_changed_into_another_content_does_not_open(parts: Parts, store: CertificateStore) -> None:
    issue_certificates(parts, registered("ent_02"), registration(TRADER))
    issue_certificates(parts, changed(), registration(CONVERTED))
    old, new = line(store)
    store.certificates.update_one({"_id": new["_id"]}, {"$set": {"content": old["content"]}})
    with pytest.raises(RecordDamaged):
        store.certificate(new["_id"])


def test_the_handlers_ask_once_for_what_shows_the_change(parts: Parts, store: CertificateStore) -> None:
    asked: list[Any] = []

    def licence_facts(entity_ids: list[str], *_: Any) -> Any:
        asked.append(entity_ids)
        return [ASKED | CONVERTED, ASKED | COMPANY | {"entity_version": 3}]

    handlers = CertificatesHandlers()
    handlers.parts, handlers.registration = SimpleNamespace(extra=parts), SimpleNamespace(licence_facts=licence_facts)

    def event(**data: Any) -> Any:
        return SimpleNamespace(data=SimpleNamespace(**data), cause=lambda: Cause(causation_id="evt_1"))

    change = event(entity_id="ent_02", entity_version=2, facts=["capital", "entity_type", "name"])
    other = event(entity_id="ent_01", entity_version=3, facts=["articles"])
    CertificatesHandlers.on_entity_changed(handlers, [change, other])
    CertificatesHandlers.on_entity_moved_in(handlers, [event(entity_id="ent_01", entity_version=3)])
    assert asked == [["ent_02"], ["ent_01"]]
    assert sorted(store.certificates.distinct("holder_version")) == [2, 3]
    plain = event(permit_id="per_1", permit_version=2, certificate_type="", holder_ref="ent_01", origin_ref="")
    CertificatesHandlers.on_permit_changed(handlers, [plain])  # its item gives no certificate: nobody is asked


def test_the_queries_of_a_line_use_an_index(store: CertificateStore) -> None:
    for query in (
        {"holder_ref": {"$in": ["a"]}, "certificate_type": "X"},
        {"_id": "a", "replaces_certificate_id": {"$exists": False}},
    ):
        assert "COLLSCAN" not in str(store.certificates.find(query).explain()["queryPlanner"]["winningPlan"]), query
