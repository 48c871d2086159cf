"""The information change 一件事: told everywhere or reported; also a new legal representative, and a sole trader that becomes a
company (mission 25.4-10, 25.4-12)."""

from __future__ import annotations

from typing import Any

import pytest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.store.register import RegisterStore
from services.registration.usecases import bundle_steps
from services.registration.usecases.context import Parts
from shared.clock import FixedClock
from tests.integration.registration.conftest import decide, received
from tests.integration.registration.outside import CAUSE, Outside, run
from tests.integration.registration.test_applications import refused_with
from tests.integration.registration.test_bundles import in_a_known_year, outside, parts, shown, started, states
from tests.integration.registration.test_entity_cases import REGISTRAR, acted, entity_of, registered

pytestmark = pytest.mark.integration
__all__ = ["in_a_known_year", "outside", "parts"]  # fixtures


def test_25_4_10_a_change_is_told_everywhere_or_reported(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock, outside: Outside
) -> None:
    entity = registered(stub)
    store.set_licence([(entity.entity_id, "cert_1", "1.2.156", 1)])
    facts = {"event_date": "2025-03-01", "new_business_scope": "机械销售"}
    bundle = started(stub, "INFORMATION_CHANGE", entity, facts=facts).bundle
    assert set(states(bundle)) == {"ENTITY", "LICENCE", "PERMITS", "CERTIFICATES", "TAX"}  # nobody else shows the scope
    (case,) = stub.ListEntityCases(rpc.ListEntityCasesRequest(entity_id=entity.entity_id)).entity_cases
    acted(stub, case, "REGISTER", "register", by=REGISTRAR, division_code="320411")
    version = entity_of(stub, entity).version
    # heard before anybody looked at the case again: order does not count
    bundle_steps.certificates_issued(parts, [(entity.uscc, "per_1", 2, CAUSE)])
    run(parts, store, bundle.bundle_id, permits=["per_1"])
    bundle = shown(stub, bundle.bundle_id)
    assert states(bundle) == {
        "ENTITY": "DONE", "LICENCE": "ASKED", "PERMITS": "DONE", "CERTIFICATES": "DONE", "TAX": "DONE",
    }  # fmt: skip
    bundle_steps.certificates_issued(parts, [(entity.uscc, entity.entity_id, version, CAUSE)])
    bundle = shown(stub, bundle.bundle_id)
    assert (bundle.state, bundle.outcome) == ("FINISHED", "COMPLETE")
    (told,) = [question.facts["changed"] for question in outside.asked]
    assert told == "business_scope"


PERSON = {
    "name": "李小红", "id_type": "RESIDENT_ID", "id_number": "320411198512310021", "phone": "13800000001",
    "identity_check": "FACE",
}  # fmt: skip


def test_25_4_10_a_new_legal_representative_goes_with_the_form_and_is_kept_sealed(
    stub: Any, parts: Parts, store: RegisterStore, outside: Outside
) -> None:
    entity = registered(stub)
    facts = {"event_date": "2025-03-01"}
    failure = refused_with(lambda: started(stub, "INFORMATION_CHANGE", entity, facts=facts))
    assert failure.reason == "NO_CHANGE"
    bundle = started(stub, "INFORMATION_CHANGE", entity, "with", facts=facts, person=pb.Person(**PERSON)).bundle
    assert "SEALS" not in states(bundle)
    assert states(bundle)["BANK"] == "WAITING"
    (case,) = stub.ListEntityCases(rpc.ListEntityCasesRequest(entity_id=entity.entity_id)).entity_cases
    acted(stub, case, "REGISTER", "register", by=REGISTRAR, division_code="320411")
    run(parts, store, bundle.bundle_id)
    assert entity_of(stub, entity).legal_representative_masked == "李*红"
    assert {q.facts["changed"] for q in outside.asked} == {"legal_representative_masked"}
    kept = str(store.bundles.collection.find_one({"_id": bundle.bundle_id}))
    assert PERSON["name"] not in kept
    assert PERSON["id_number"] not in kept


def test_25_4_12_a_sole_trader_becomes_a_company_everywhere(
    stub: Any, parts: Parts, store: RegisterStore, outside: Outside
) -> None:
    receipt = received(
        stub, "sole", entity_type="SOLE_TRADER", name="常州市新北区天河机械加工店", capital=None, investors=[]
    )
    entity = decide(stub, receipt.application_id, key="decide-sole").application
    entity = stub.GetEntity(rpc.GetEntityRequest(entity_id=entity.entity_id)).entity
    facts = {
        "route": "CONVERSION", "new_name": "常州天河机械有限公司", "new_entity_type": "LIMITED_COMPANY",
        "new_capital_fen": "10000000", "new_paid_in_due_date": "2030-03-03", "taxes_settled": "true", "debts_dealt_with": "true",
    }  # fmt: skip
    bundle = started(stub, "INFORMATION_CHANGE", entity, facts=facts).bundle
    assert {"SEALS", "SOCIAL_INSURANCE", "BANK"} <= set(states(bundle))
    (case,) = stub.ListEntityCases(rpc.ListEntityCasesRequest(entity_id=entity.entity_id)).entity_cases
    assert case.kind == "CONVERSION"
    acted(stub, case, "REGISTER", "register", by=REGISTRAR, division_code="320411")
    run(parts, store, bundle.bundle_id)
    found = entity_of(stub, entity)
    assert (found.uscc, found.founding_date, found.entity_type) == (
        entity.uscc, entity.founding_date, pb.ENTITY_TYPE_LIMITED_COMPANY,
    )  # fmt: skip
    assert {q.facts["changed"] for q in outside.asked} == {"capital,entity_type,name"}
    assert (shown(stub, bundle.bundle_id).outcome) == "COMPLETE"
