"""A licence follows its entity through every state and change, on a real store: what the newest word says must not hide what
one before it ended, and no licence in force says what does not hold any more."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest
from tongban.certificates.v1 import messages_pb2 as pb

from services.certificates.domain import lines
from services.certificates.domain.identifier import parse_identifier
from services.certificates.store import CertificateStore, StateOrderDocument
from services.certificates.usecases import Parts, issue_certificates
from tests.integration.certificates.events import Heard
from tests.integration.certificates.test_issuing import registered
from tests.integration.certificates.test_reissue import ASKED, certificates, changed, line, registration, verdict
from tests.unit.certificates.samples import COMPANY

UNDONE = "REVOCATION_UNDONE"


def moved(version: int, state: str, reason_code: str = "WHY") -> dict[str, Any]:
    return {
        "entity_id": "ent_01", "uscc": COMPANY["uscc"], "entity_version": version, "state": state,
        "reason_code": reason_code,
    }  # fmt: skip


def change(version: int, *facts: str) -> dict[str, Any]:
    return {"entity_id": "ent_01", "entity_version": version, "facts": list(facts)}


@pytest.fixture
def heard(parts: Parts) -> Heard:
    """Registration keeps ent_01 as an active company."""
    found = Heard(parts)
    found.entities["ent_01"] = ASKED | COMPANY
    return found


def now_is(heard: Heard, version: int, **facts: Any) -> None:
    """What registration says of ent_01 from here on."""
    heard.entities["ent_01"] |= {"entity_version": version} | facts


def register(heard: Heard) -> None:
    heard.hear("on_entity_registered", {"entity_id": "ent_01", "entity_version": 1, "origin_ref": ""})


def states(store: CertificateStore) -> dict[int, str]:
    return {d["holder_version"]: d["state"] for d in line(store)}


def told(parts: Parts) -> list[tuple[str, str]]:
    """States that were told, each with its reason."""
    return [
        (e["data"]["state"], e["data"]["reason_code"])
        for e in parts.outbox.entries
        if e["type"] == "CertificateStateChanged"
    ]


@pytest.mark.parametrize("messages", [[[2], [3]], [[3], [2]], [[2, 3]], [[3, 2]], [[3], [2], [2, 3]]])
@pytest.mark.parametrize("issued", ["before", "after"])
def test_a_revoked_licence_stays_revoked_while_its_entity_is_cleared(
    parts: Parts, store: CertificateStore, stub: Any, heard: Heard, messages: list[list[int]], issued: str
) -> None:
    """公司法 arts. 229, 241: after a revocation comes clearing, whose word says nothing of the licence."""
    words = {2: moved(2, "LICENCE_REVOKED", "NO_BUSINESS"), 3: moved(3, "CLEARING", "ORDINARY_CANCELLATION")}
    if issued == "before":
        register(heard)
    for message in messages:
        heard.hear("on_entity_state_changed", *(words[version] for version in message))
    now_is(heard, 3, state="CLEARING")
    if issued == "after":
        register(heard)
    assert states(store) == {1: "REVOKED"}
    assert told(parts) == [("REVOKED", "NO_BUSINESS")]
    (certificate,) = certificates(stub, COMPANY["uscc"])
    assert verdict(stub, certificate).conclusion == pb.CONCLUSION_NOT_IN_FORCE

    now_is(heard, 4)
    heard.hear("on_entity_changed", change(4, "name"))
    assert states(store) == {1: "REVOKED"}, "a change gives no licence to who lost it"


def test_a_revocation_heard_after_a_change_in_clearing_ends_the_licence_of_that_change_too(
    store: CertificateStore, heard: Heard
) -> None:
    register(heard)
    now_is(heard, 4, state="CLEARING")
    heard.hear("on_entity_state_changed", moved(3, "CLEARING"))
    heard.hear("on_entity_changed", change(4, "name"))
    heard.hear("on_entity_state_changed", moved(2, "LICENCE_REVOKED"))
    assert states(store) == {1: "REPLACED", 4: "REVOKED"}
    heard.hear("on_entity_state_changed", moved(5, "CANCELLED"))
    assert states(store) == {1: "REPLACED", 4: "CANCELLED"}


def test_an_entity_that_is_cleared_of_its_own_will_keeps_its_licence(store: CertificateStore, heard: Heard) -> None:
    register(heard)
    heard.hear("on_entity_state_changed", moved(2, "CLEARING"))
    now_is(heard, 3, state="CLEARING")
    heard.hear("on_entity_changed", change(3, "name"))
    assert states(store) == {1: "REPLACED", 3: "ISSUED"}


@pytest.mark.parametrize(
    ("fact", "facts"),
    [
        ("legal_representative_masked", {"legal_representative": "", "representative_known": False}),
        ("legal_representative_masked", {"representative_known": False}),
        ("business_scope", {"business_scope": ""}),
    ],
)
def test_a_licence_that_shows_a_fact_which_was_revoked_alone_is_suspended_until_there_is_one_that_does_not(
    parts: Parts, store: CertificateStore, stub: Any, heard: Heard, fact: str, facts: dict[str, Any]
) -> None:
    """条例 art. 40: only the false item is revoked; the impersonated person's name stands on no licence in force."""
    register(heard)
    now_is(heard, 2, **facts)
    for _ in range(2):
        heard.hear("on_entity_changed", change(2, fact))
    assert states(store) == {1: "SUSPENDED"}
    assert told(parts) == [("SUSPENDED", "SHOWS_FORMER_FACT")]
    (old,) = certificates(stub, COMPANY["uscc"])
    found = verdict(stub, old)
    assert (found.conclusion, found.state) == (pb.CONCLUSION_NOT_IN_FORCE, pb.CERTIFICATE_STATE_SUSPENDED)

    now_is(heard, 3)
    heard.hear("on_entity_changed", change(3, "name"))
    assert states(store) == {1: "SUSPENDED"}, "the next change cannot be shown either"

    heard.entities["ent_01"] = ASKED | COMPANY | {"entity_version": 4, "legal_representative": "欧阳清"}
    heard.hear("on_entity_changed", change(4, fact))
    assert states(store) == {1: "REPLACED", 4: "ISSUED"}
    old, new = certificates(stub, COMPANY["uscc"])
    assert (new.replaces_certificate_id, old.replaced_by_certificate_id) == (old.certificate_id, new.certificate_id)
    assert verdict(stub, new).conclusion == pb.CONCLUSION_IN_FORCE


def test_a_first_licence_that_comes_after_such_a_change_is_suspended_too(store: CertificateStore, heard: Heard) -> None:
    now_is(heard, 2, representative_known=False)
    heard.hear("on_entity_changed", change(2, "legal_representative_masked"))
    register(heard)
    assert states(store) == {1: "SUSPENDED"}


def test_an_imported_entity_without_a_licence_has_none_to_suspend(store: CertificateStore, heard: Heard) -> None:
    now_is(heard, 2, imported=True, representative_known=False)
    heard.hear("on_entity_changed", change(2, "legal_representative_masked"))
    assert store.state_orders.count_documents({}) == 0


def test_a_suspended_licence_is_revoked_or_cancelled_with_its_entity(store: CertificateStore, heard: Heard) -> None:
    register(heard)
    now_is(heard, 2, representative_known=False)
    heard.hear("on_entity_changed", change(2, "legal_representative_masked"))
    heard.hear("on_entity_state_changed", moved(3, "LICENCE_REVOKED"))
    assert states(store) == {1: "REVOKED"}


@pytest.mark.parametrize("order", list(permutations(["out", "in", "changed"])))
def test_who_moves_out_leaves_no_licence_in_force_and_who_comes_back_has_exactly_one(
    store: CertificateStore, heard: Heard, order: Sequence[str]
) -> None:
    """条例 art. 27: the other registrar issues its own licence; whoever comes back gets one that shows what was handed over."""
    register(heard)
    heard.hear("on_entity_state_changed", moved(2, "MOVED_OUT", "MOVED_OUT"))
    assert {d["holder_version"]: (d["state"], d["state_reason_code"]) for d in line(store)} == {
        1: ("CANCELLED", "MOVED_OUT")
    }

    store.certificates.delete_many({})
    store.state_orders.delete_many({})
    now_is(heard, 1)
    register(heard)
    now_is(heard, 4)
    deliveries: dict[str, tuple[str, dict[str, Any]]] = {
        "out": ("on_entity_state_changed", moved(2, "MOVED_OUT", "MOVED_OUT")),
        "in": ("on_entity_moved_in", {"entity_id": "ent_01", "entity_version": 4}),
        "changed": ("on_entity_changed", change(4, "name", "domicile")),
    }
    for name in (*order, *order):
        handler, event = deliveries[name]
        heard.hear(handler, event)
    old, new = line(store)
    assert old["state"] == ("CANCELLED" if order[0] == "out" else "REPLACED")
    assert (new["holder_version"], new["state"]) == (4, "ISSUED")
    assert (old["replaced_by_certificate_id"], new["replaces_certificate_id"]) == (new["_id"], old["_id"])


@pytest.mark.parametrize("messages", [[[2], [3]], [[3], [2]], [[2, 3]], [[3, 2]], [[2], [2, 3], [3]]])
def test_an_undone_revocation_gives_one_new_licence_in_whatever_order_it_is_heard(
    parts: Parts, store: CertificateStore, stub: Any, heard: Heard, messages: list[list[int]]
) -> None:
    """条例 art. 42: the revocation was wrong; nothing final comes back, so a new version takes its place."""
    words = {2: moved(2, "REGISTRATION_REVOKED", "FALSE_REGISTRATION"), 3: moved(3, "ACTIVE", UNDONE)}
    register(heard)
    now_is(heard, 3)
    for message in messages:
        heard.hear("on_entity_state_changed", *(words[version] for version in message))
    old, new = line(store)
    assert old["state"] == ("REPLACED" if messages[0] == [3] else "REVOKED")
    assert (new["holder_version"], new["state"]) == (3, "ISSUED")
    assert (old["replaced_by_certificate_id"], new["replaces_certificate_id"]) == (new["_id"], old["_id"])
    for certificate, conclusion in zip(
        certificates(stub, COMPANY["uscc"]), (pb.CONCLUSION_NOT_IN_FORCE, pb.CONCLUSION_IN_FORCE), strict=True
    ):
        assert verdict(stub, certificate).conclusion == conclusion
    assert sum(entry["type"] == "CertificateIssued" for entry in parts.outbox.entries) == 2

    now_is(heard, 4)
    heard.hear("on_entity_changed", change(4, "name"))
    one, three, four = line(store)
    assert (three["state"], four["state"]) == ("REPLACED", "ISSUED")
    assert (one["replaced_by_certificate_id"], three["replaced_by_certificate_id"]) == (three["_id"], four["_id"])


def test_a_revocation_that_was_undone_and_made_again_gives_nothing(store: CertificateStore, heard: Heard) -> None:
    register(heard)
    now_is(heard, 4, state="REGISTRATION_REVOKED")
    heard.hear(
        "on_entity_state_changed",
        moved(2, "REGISTRATION_REVOKED"), moved(3, "ACTIVE", UNDONE), moved(4, "REGISTRATION_REVOKED"),
    )  # fmt: skip
    assert states(store) == {1: "REVOKED"}


def test_an_entity_that_is_dormant_again_and_resumed_at_once_has_its_licence_again(
    store: CertificateStore, heard: Heard
) -> None:
    """条例 arts. 30, 42: its three years were over meanwhile."""
    register(heard)
    now_is(heard, 4)
    heard.hear("on_entity_state_changed", moved(2, "REGISTRATION_REVOKED"))
    heard.hear("on_entity_state_changed", moved(3, "DORMANT", UNDONE), moved(4, "ACTIVE", "RESUMED"))
    assert [one["state"] for one in line(store)] == ["REVOKED", "ISSUED"]


def test_an_entity_whose_licence_is_revoked_as_before_gets_none(store: CertificateStore, heard: Heard) -> None:
    register(heard)
    now_is(heard, 3, state="LICENCE_REVOKED")
    heard.hear("on_entity_state_changed", moved(2, "REGISTRATION_REVOKED"), moved(3, "LICENCE_REVOKED", UNDONE))
    assert states(store) == {1: "REVOKED"}


def test_an_active_entity_gets_no_second_licence_for_another_reason(store: CertificateStore, heard: Heard) -> None:
    register(heard)
    now_is(heard, 3)
    heard.hear("on_entity_state_changed", moved(2, "CANCELLING"), moved(3, "ACTIVE", "OBJECTION"))
    assert states(store) == {1: "ISSUED"}


def test_when_a_serial_is_full_the_line_goes_on_under_a_new_one(
    parts: Parts, store: CertificateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GB/T 36904 has three digits for the version. Two stand for them here: the third version is what the 1000th is."""
    monkeypatch.setattr(lines, "MAX_VERSION", 2)
    issue_certificates(parts, registered("ent_01"), registration(COMPANY))
    for version in range(2, 6):
        issue_certificates(parts, changed("ent_01", version), registration(COMPANY | {"entity_version": version}))
    found = line(store)
    identifiers = [parse_identifier(d["identifier"]) for d in found]
    assert [d["number"] for d in found] == [1, 2, 3, 4, 5]
    assert [identifier.version for identifier in identifiers] == [1, 2, 1, 2, 1]
    serials = [identifier.serial for identifier in identifiers]
    assert (serials[0], serials[2], len(set(serials))) == (serials[1], serials[3], 3)
    assert [d["state"] for d in found] == ["REPLACED"] * 4 + ["ISSUED"]
    assert [d.get("replaces_certificate_id", "") for d in found] == ["", *(d["_id"] for d in found[:-1])]


def test_what_is_kept_beside_an_order_is_stored_as_its_document_says_and_found_by_its_key(
    store: CertificateStore, heard: Heard
) -> None:
    heard.hear("on_entity_state_changed", moved(2, "LICENCE_REVOKED"), moved(3, "CLEARING"), moved(4, "CANCELLED"))
    assert set(store.state_orders.distinct("_id")) == {"ent_01", "ent_01|licence_end", COMPANY["uscc"]}
    for document in store.state_orders.find():
        StateOrderDocument(**{"ref" if key == "_id" else key: value for key, value in document.items()}).validate()
    kept = [(order.ref, order.source, order.state) for order, _ in store.orders_of(["ent_01"])]
    assert sorted(kept) == [("ent_01", "entity", "CANCELLED"), ("ent_01", "licence_end", "LICENCE_REVOKED")]
