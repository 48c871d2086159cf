"""Who holds the shares, changed over the contract on a real store: sealed, found by person, told everywhere (REG 8)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.store import RegisterStore
from services.registration.store.documents import Entity
from services.registration.store.entity_cases import EntityCaseDocument
from services.registration.usecases.context import Parts
from shared.clock import FixedClock
from tests.integration.registration.outside import Outside, run
from tests.integration.registration.test_applications import refused_with
from tests.integration.registration.test_bundles import outside, parts, shown, started
from tests.integration.registration.test_case_persons import BY_REGISTRAR, CHANGE, NEW, ids, name_on_the_licence
from tests.integration.registration.test_entity_cases import acted, entity_of, opened, registered
from tests.integration.registration.test_persons import HEAD, INVESTOR, revoked

pytestmark = pytest.mark.integration
__all__ = ["outside", "parts"]  # fixtures
COURT = {"court_ref": "(2025)苏0411执123号", "until": "2026-03-03"}


@pytest.fixture(autouse=True)
def in_a_known_year(clock: FixedClock) -> None:
    clock.set(datetime(2025, 3, 3, 2, tzinfo=UTC))


def holders(entity: Any, *more: Any) -> list[Any]:
    half = entity.capital.amount_fen // 2
    rest = entity.capital.amount_fen - half
    return [
        pb.Investor(person=pb.Person(**NEW), amount_fen=half),
        pb.Investor(uscc="91320411MAXX00023F", amount_fen=rest),
        *more,
    ]


def now(stub: Any, case: Any) -> Any:
    """The case as it stands: a step of another one may have woken it."""
    return stub.GetEntityCase(rpc.GetEntityCaseRequest(entity_case_id=case.entity_case_id)).entity_case


def test_when_a_transfer_is_registered_who_holds_shares_now_is_found_and_who_sold_them_is_not(
    stub: Any, parts: Parts, store: RegisterStore
) -> None:
    company = registered(stub)
    facts = CHANGE | {"transfers_shares": "true"}
    case = opened(stub, company, "CHANGE", facts, investors=holders(company)).entity_case
    assert case.facts["new_holders"] == "2"
    stored = store.cases.find(case.entity_case_id) or {}
    assert NEW["id_number"] not in str(stored)
    assert NEW["name"] not in str(stored)
    EntityCaseDocument._from_son(stored).validate()
    assert (ids(stub, INVESTOR), ids(stub, NEW)) == ([company.entity_id], [])

    acted(stub, case, "REGISTER", "register", **BY_REGISTRAR)

    assert (ids(stub, INVESTOR), ids(stub, NEW)) == ([], [company.entity_id])
    assert ids(stub, HEAD) == [company.entity_id]  # still heads it
    assert name_on_the_licence(parts, company) == HEAD["name"]
    assert parts.outbox.entries[-1]["data"]["facts"] == ["shareholders"]  # type: ignore[attr-defined]
    assert NEW["name"] not in str(parts.outbox.entries)  # type: ignore[attr-defined]
    assert "investors" not in (store.cases.find(case.entity_case_id) or {})
    document = store.entity(company.entity_id) or {}
    Entity._from_son(document).validate()
    kept = msgspec.json.decode(parts.sealer.open(document["investors"], company.entity_id))
    assert [one["person"] and one["person"]["name"] for one in kept] == [NEW["name"], None]


def test_shareholders_who_come_in_with_new_capital_and_a_new_head_are_one_change(
    stub: Any, store: RegisterStore
) -> None:
    company = registered(stub)
    more = company.capital.amount_fen + 100
    facts = CHANGE | {"new_capital_fen": str(more), "new_paid_in_due_date": "2030-03-03"}
    investors = holders(company, pb.Investor(uscc=company.uscc, amount_fen=100))
    case = opened(stub, company, "CHANGE", facts, investors=investors, person=pb.Person(**NEW)).entity_case
    acted(stub, case, "REGISTER", "register", **BY_REGISTRAR)
    found = entity_of(stub, company)
    assert (found.capital.amount_fen, found.capital.paid_in_due_date) == (more, "2030-03-03")
    assert (found.legal_representative_masked, found.version) == ("李*红", company.version + 1)
    assert ids(stub, HEAD) == ids(stub, INVESTOR) == []


def test_T13_who_is_barred_takes_over_no_shares_neither_now_nor_when_it_is_registered(stub: Any) -> None:
    false, company, other = registered(stub, 1), registered(stub, 2), registered(stub, 3)
    waiting = opened(stub, company, "CHANGE", CHANGE, investors=holders(company)).entity_case
    revoked(stub, false, NEW)
    failure = refused_with(lambda: acted(stub, waiting, "REGISTER", "register", **BY_REGISTRAR))
    assert failure.reason == "PERSON_BARRED"
    failure = refused_with(lambda: opened(stub, other, "CHANGE", CHANGE, "open-other", investors=holders(other)))
    assert (failure.reason, failure.metadata["field"]) == ("PERSON_BARRED", "investors[0].person")


def test_frozen_shares_are_not_transferred_until_the_court_frees_them(stub: Any) -> None:
    company = registered(stub)
    waiting = opened(stub, company, "CHANGE", CHANGE, investors=holders(company)).entity_case
    freeze = opened(stub, company, "SHARES_FREEZE", COURT, "freeze", **BY_REGISTRAR).entity_case
    failure = refused_with(lambda: acted(stub, now(stub, waiting), "REGISTER", "register", **BY_REGISTRAR))
    assert failure.reason == "SHARES_FROZEN"
    assert ids(stub, NEW) == []
    acted(stub, freeze, "RELEASE", "release", {"court_ref": COURT["court_ref"]}, **BY_REGISTRAR)
    assert acted(stub, now(stub, waiting), "REGISTER", "register-2", **BY_REGISTRAR).state == "REGISTERED"


def test_a_bundle_tells_of_a_transfer_what_changed_and_keeps_nobody_open(
    stub: Any, parts: Parts, store: RegisterStore, outside: Outside
) -> None:
    company = registered(stub)
    facts = CHANGE | {"new_address": company.domicile.address, "new_name": company.name}
    assert refused_with(lambda: started(stub, "INFORMATION_CHANGE", company, facts=facts)).reason == "NO_CHANGE"
    bundle = started(stub, "INFORMATION_CHANGE", company, "with", facts=facts, investors=holders(company)).bundle
    (case,) = stub.ListEntityCases(rpc.ListEntityCasesRequest(entity_id=company.entity_id)).entity_cases
    acted(stub, case, "REGISTER", "register", **BY_REGISTRAR)
    run(parts, store, bundle.bundle_id)
    assert {question.facts["changed"] for question in outside.asked} == {"shareholders"}
    assert ids(stub, NEW) == [company.entity_id]
    kept = str(store.bundles.collection.find_one({"_id": bundle.bundle_id}))
    assert NEW["id_number"] not in kept
    assert shown(stub, bundle.bundle_id).kind == "INFORMATION_CHANGE"


def test_a_duty_of_a_changed_law_is_shown_with_its_day_until_it_is_done(stub: Any, store: RegisterStore) -> None:
    company = registered(stub)
    change = {"founding_date": "2020-01-06", "capital.paid_in_due_date": "2045-01-01"}
    store.entities.update_one({"_id": company.entity_id}, {"$set": change})
    (duty,) = entity_of(stub, company).duties
    assert (duty.code, duty.due_date, duty.latest_date) == ("SHORTEN_PAID_IN_TERM", "2027-06-30", "2032-06-30")
    facts = CHANGE | {"filed": "SUBSCRIBED_CAPITAL", "new_paid_in_due_date": "2031-01-01"}
    assert opened(stub, company, "FILING", facts).entity_case.state == "RECORDED"
    found = entity_of(stub, company)
    assert (list(found.duties), found.capital.paid_in_due_date) == ([], "2031-01-01")
