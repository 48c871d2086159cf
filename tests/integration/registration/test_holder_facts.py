"""What permits and certificates are told of an entity that changed: values as they are now, each disclosure logged before."""

from __future__ import annotations

from typing import Any

import pytest

from services.registration.store.documents import Entity
from services.registration.store.register import RegisterStore
from services.registration.usecases.context import Parts
from services.registration.usecases.entities import licence_facts
from services.registration.usecases.holder_facts import holder_facts
from services.registration.usecases.work_list import note_licences
from tests.integration.registration.test_applications import refused_with
from tests.integration.registration.test_entity_cases import REGISTRAR, acted, entity_of, opened, registered

CHANGE = {"event_date": "2026-11-20"}


def changed(stub: Any, entity: Any, **facts: str) -> Any:
    case = opened(stub, entity, "CHANGE", CHANGE | facts).entity_case
    acted(stub, case, "REGISTER", "register", by=REGISTRAR, division_code="320411")
    return entity_of(stub, entity)


def ask(parts: Parts, entity: Any, persons: bool = False) -> dict[str, Any]:
    [told] = holder_facts(parts, [entity.entity_id, "ent_none"], "FOLLOW_HOLDER", "permits", persons)
    return told


def test_a_holder_is_told_as_it_is_now_without_the_person_unless_asked_for(
    stub: Any, parts: Parts, store: RegisterStore
) -> None:
    entity = registered(stub)
    named = ask(parts, entity, persons=True)["legal_representative"]
    changed(stub, entity, new_name="常州星河机械有限公司", new_address="科技路2号")

    told = ask(parts, entity)

    assert told == {
        "entity_id": entity.entity_id, "entity_version": 2, "uscc": entity.uscc, "name": "常州星河机械有限公司",
        "entity_type": "LIMITED_COMPANY", "address": "科技路2号",
    }  # fmt: skip
    first, second = store.disclosures.find().sort("_id", 1)
    assert (first["fields"][-1], second["fields"]) == ("legal_representative.name", ["name", "domicile.address"])
    assert (second["asked_by"], second["purpose"]) == ("permits", "FOLLOW_HOLDER")
    assert named
    assert named not in str(told)


def test_a_representative_of_whom_only_the_mask_is_registered_is_not_told_by_the_old_name(
    stub: Any, parts: Parts, store: RegisterStore
) -> None:
    """Otherwise a new licence would name somebody who represents the entity no more. So stand entities whose representative
    changed before a change carried the person."""
    entity = registered(stub)
    assert licence_facts(parts, [entity.entity_id], "X", "x")[0]["representative_known"] is True
    store.entities.update_one({"_id": entity.entity_id}, {"$set": {"legal_representative_masked": "诸*亮"}})
    [facts] = licence_facts(parts, [entity.entity_id], "X", "x")
    assert (facts["representative_known"], facts["state"], facts["imported"]) == (False, "ACTIVE", False)
    assert ask(parts, entity, persons=True)["legal_representative"] == ""


def test_a_licence_that_comes_late_does_not_take_the_place_of_a_newer_one(
    stub: Any, parts: Parts, store: RegisterStore
) -> None:
    entity = registered(stub)
    note_licences(parts, [(entity.entity_id, "cert_1", "one", 1)])
    note_licences(parts, [(entity.entity_id, "cert_3", "three", 3)])
    for _ in range(2):
        note_licences(parts, [(entity.entity_id, "cert_2", "two", 2)])
    document = store.entities.find_one({"_id": entity.entity_id})
    assert document is not None
    assert (document["licence_certificate_id"], document["licence_identifier"]) == ("cert_3", "three")
    Entity(**{"entity_id" if key == "_id" else key: value for key, value in document.items()}).validate()


@pytest.mark.parametrize("capital", ["", "0", "-5", "1.5", "１００", "9" * 19])
def test_T16_a_conversion_without_a_capital_that_a_licence_can_state_names_the_field(
    stub: Any, parts: Parts, store: RegisterStore, capital: str
) -> None:
    trader = registered(stub)
    store.entities.update_one({"_id": trader.entity_id}, {"$set": {"entity_type": "SOLE_TRADER"}})
    facts = {
        "taxes_settled": "true",
        "debts_dealt_with": "true",
        "new_entity_type": "LIMITED_COMPANY",
        "new_name": "常州云帆服饰有限公司",
        "new_capital_fen": capital,
    }
    failure = refused_with(lambda: opened(stub, trader, "CONVERSION", facts))
    assert [violation.field for violation in failure.violations] == ["facts.new_capital_fen"]
