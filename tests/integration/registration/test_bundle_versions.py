"""What becomes of an entity beside its bundle leaves no part of the bundle waiting for ever (25.4-10, 25.4-11)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.store.register import RegisterStore
from services.registration.usecases import bundle_steps
from services.registration.usecases.context import Parts
from shared.clock import FixedClock
from tests.integration.registration.conftest import context
from tests.integration.registration.outside import CAUSE, Outside, permits_answers, run
from tests.integration.registration.test_bundles import codes, in_a_known_year, outside, parts, shown, started, states
from tests.integration.registration.test_entity_cases import GOOD, REGISTRAR, acted, entity_of, opened, registered

pytestmark = pytest.mark.integration
__all__ = ["in_a_known_year", "outside", "parts"]  # fixtures
FACTS = {"event_date": "2025-03-01", "new_business_scope": "机械销售"}


def change_registered(stub: Any, store: RegisterStore) -> tuple[Any, Any]:
    """A change of an entity that has a licence is registered; the bundle has not looked yet."""
    entity = registered(stub)
    store.set_licence([(entity.entity_id, "cert_1", "1.2.156", 1)])
    bundle = started(stub, "INFORMATION_CHANGE", entity, facts=FACTS).bundle
    (case,) = stub.ListEntityCases(rpc.ListEntityCasesRequest(entity_id=entity.entity_id)).entity_cases
    acted(stub, case, "REGISTER", "register", by=REGISTRAR, division_code="320411")
    return entity, bundle


def licences_come(parts: Parts, store: RegisterStore, entity: Any) -> None:
    """Certificates issues a licence for every change of the entity, and for nothing else."""
    document = store.entity(entity.entity_id)
    assert document is not None
    for entry in document["timeline"]:
        if entry["type"] == "EntityChanged":
            version = entry["data"]["entity_version"]
            bundle_steps.certificates_issued(parts, [(entity.uscc, entity.entity_id, version, CAUSE)])


def test_an_entity_that_moves_on_before_the_bundle_looks_keeps_no_part_waiting(
    stub: Any, parts: Parts, store: RegisterStore
) -> None:
    entity, bundle = change_registered(stub, store)
    opened(stub, entity, "SIMPLIFIED_CANCELLATION", GOOD, "cancel")  # CANCELLING: nobody answers that version
    run(parts, store, bundle.bundle_id, permits=["per_1"])
    licences_come(parts, store, entity)
    bundle_steps.certificates_issued(parts, [(entity.uscc, "per_1", 2, CAUSE)])
    bundle = shown(stub, bundle.bundle_id)
    assert set(states(bundle).values()) == {"DONE"}
    assert bundle.outcome == "COMPLETE"


def test_what_a_change_could_not_update_is_told_although_a_later_one_was_registered_and_answered(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    entity, bundle = change_registered(stub, store)
    clock.advance(timedelta(seconds=1))
    other = opened(
        stub, entity, "CHANGE", {"event_date": "2025-03-02", "new_address": "太湖东路9号"}, "other"
    ).entity_case
    acted(stub, other, "REGISTER", "register-other", by=REGISTRAR, division_code="320411")
    version = entity_of(stub, entity).version
    run_without_permits(parts, bundle)
    ours = bundle_steps.Heard(version - 1, ["per_1"], [], ["per_2:PREMISES_NEED_OWN_CHANGE"])
    later = bundle_steps.Heard(version, [], [], [])
    for heard in (later, ours):
        bundle_steps.holder_followed(parts, entity.entity_id, heard, CAUSE)
    (permits,) = [part for part in shown(stub, bundle.bundle_id).parts if part.key == "PERMITS"]
    assert (list(permits.followed), list(permits.not_followed)) == (["per_1"], ["per_2:PREMISES_NEED_OWN_CHANGE"])


def run_without_permits(parts: Parts, bundle: Any) -> None:
    document = parts.bundles.find("entity_bundles", bundle.bundle_id)
    assert document is not None
    references = [part["reference"] for part in document["parts"] if part["reference"].startswith("enc_")]
    bundle_steps.case_moved(parts, references, CAUSE)


def test_a_licence_that_was_revoked_beside_the_change_is_not_waited_for(
    stub: Any, parts: Parts, store: RegisterStore
) -> None:
    entity, bundle = change_registered(stub, store)
    stub.ChangeEntityState(
        rpc.ChangeEntityStateRequest(
            context=context("revoke", "registrar"), entity_id=entity.entity_id, division_code="320411",
            expected_version=entity_of(stub, entity).version, state=pb.ENTITY_STATE_LICENCE_REVOKED,
            reason_code="UNLAWFUL_ACTS",
        )
    )  # fmt: skip
    run(parts, store, bundle.bundle_id)
    bundle = shown(stub, bundle.bundle_id)
    assert (states(bundle)["LICENCE"], codes(bundle)) == ("DONE", {"LICENCE": ["LICENCE_ENDED"]})
    assert bundle.outcome == "COMPLETE"


def test_a_licence_waits_for_a_representative_that_is_registered(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock, outside: Outside
) -> None:
    """The false representative was revoked beside the change (条例 art. 40): the applicant has the word, not certificates."""
    entity, bundle = change_registered(stub, store)
    by = {"by": REGISTRAR, "division_code": "320411"}
    case = opened(stub, entity, "IMPERSONATION", {}, "imp", **by).entity_case
    case = acted(stub, case, "ACCEPT", "imp-1", {"identity_verified": "true"}, **by)
    acted(stub, case, "REVOKE", "imp-2", {"reason_codes": "FALSE", "items": "legal_representative"}, **by)
    run(parts, store, bundle.bundle_id)
    bundle = shown(stub, bundle.bundle_id)
    assert (bundle.state, codes(bundle)) == ("BLOCKED", {"LICENCE": ["REPRESENTATIVE_NOT_REGISTERED"]})
    licences_come(parts, store, entity)
    clock.advance(timedelta(days=1))
    run(parts, store, bundle.bundle_id)
    assert shown(stub, bundle.bundle_id).outcome == "COMPLETE"


def test_4_04_the_permits_of_a_cancelled_entity_are_waited_for_at_its_end_and_no_later_version(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    entity = registered(stub)
    bundle = started(stub, "CANCELLATION", entity, facts=GOOD).bundle
    run(parts, store, bundle.bundle_id, permits=["per_1"])
    clock.advance(timedelta(days=22))
    run(parts, store, bundle.bundle_id, permits=["per_1"])
    permits_answers(parts, bundle.bundle_id, permits=["per_1"])
    kept = store.bundles.find("entity_bundles", bundle.bundle_id)
    document = store.entity(entity.entity_id)
    assert kept is not None
    assert document is not None
    (end,) = [e for e in document["timeline"] if e["data"].get("state") == "CANCELLED"]
    assert kept["entity_version"] == end["data"]["entity_version"]
    assert shown(stub, bundle.bundle_id).outcome == "COMPLETE"
