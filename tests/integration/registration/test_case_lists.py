"""Lists of cases about entities: what a registrar owes, by what is due first, and what a client opened (mission 4-04)."""

from __future__ import annotations

from typing import Any

import pytest
from tongban.common.v1.paging_pb2 import PageRequest
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.store.register import RegisterStore
from tests.integration.registration.test_applications import refused_with
from tests.integration.registration.test_entity_cases import REGISTRAR, in_a_known_year, opened, registered

pytestmark = pytest.mark.integration
__all__ = ["in_a_known_year"]  # a fixture


def pages(stub: Any, size: int, **of: str) -> list[list[str]]:
    """The kinds of the cases on each page."""
    found, token = [], ""
    while True:
        page = stub.ListCasesOf(rpc.ListCasesOfRequest(**of, page=PageRequest(page_size=size, page_token=token)))
        found.append([case.kind for case in page.entity_cases])
        token = page.next_page_token
        if not token:
            return found


@pytest.fixture
def cases(stub: Any) -> None:
    """A change (three working days), a dispute (no limit), a listing (the entity owes), an impersonation by another client."""
    for number in range(2):
        entity = registered(stub, number)
        opened(stub, entity, "CHANGE", {"event_date": "2025-03-01", "new_address": "科技路2号"}, f"c{number}")
        opened(stub, entity, "NAME_DISPUTE", {}, f"d{number}", client="complainant")
        opened(stub, entity, "ABNORMAL_LISTING", {"reason_codes": "SEAT_NOT_FOUND"}, f"l{number}", by=REGISTRAR)
    opened(stub, entity, "IMPERSONATION", {}, "i", client="victim")


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_4_04_a_registrar_sees_what_it_owes_by_what_is_due_first_and_undated_last(
    stub: Any, cases: None, size: int
) -> None:
    found = pages(stub, size, division_code="320411")
    kinds = [kind for page in found for kind in page]
    assert sorted(kinds[:3]) == ["CHANGE", "CHANGE", "IMPERSONATION"]
    assert kinds[3:] == ["NAME_DISPUTE", "NAME_DISPUTE"]
    assert all(len(page) <= size for page in found)
    assert pages(stub, size, division_code="440305") == [[]]


@pytest.mark.parametrize("size", [1, 2, 50])
def test_4_04_a_client_sees_the_cases_that_it_opened_and_no_others(stub: Any, cases: None, size: int) -> None:
    assert [kind for page in pages(stub, size, client_id="complainant") for kind in page] == ["NAME_DISPUTE"] * 2
    assert pages(stub, size, client_id="nobody") == [[]]


def test_a_list_says_whose_cases_and_its_pages_are_its_own(stub: Any, cases: None) -> None:
    nobody = refused_with(lambda: stub.ListCasesOf(rpc.ListCasesOfRequest()))
    assert [violation.field for violation in nobody.violations] == ["of"]
    first = stub.ListCasesOf(rpc.ListCasesOfRequest(division_code="320411", page=PageRequest(page_size=1)))
    other = rpc.ListCasesOfRequest(client_id="victim", page=PageRequest(page_token=first.next_page_token))
    assert "page_token" in refused_with(lambda: stub.ListCasesOf(other)).message


def test_lists_of_cases_are_read_from_indexes(store: RegisterStore, cases: None) -> None:
    read = store.entity_cases
    queries = [
        read.find({"client_id": "victim"}).sort("_id", -1),
        read.find({"standing.party": "registrar:320411", "standing.due_time": {"$ne": None}}).sort(
            [("standing.due_time", 1), ("_id", 1)]
        ),
        read.find({"standing.party": "registrar:320411", "standing.due_time": None}).sort("_id", 1),
    ]
    for query in queries:
        plan = str(query.explain()["queryPlanner"]["winningPlan"])
        assert "COLLSCAN" not in plan
        assert "'stage': 'SORT'" not in plan


def test_an_entity_without_cases_has_an_empty_list_and_one_that_is_not_there_has_none(stub: Any) -> None:
    there, code = registered(stub), "91320411MAXX000154"  # its last character must be L
    asked: list[Any] = [
        lambda of: stub.ListEntityCases(rpc.ListEntityCasesRequest(entity_id=of)).entity_cases,
        lambda of: (
            stub.ListEntityCases(
                rpc.ListEntityCasesRequest(entity_id=of, as_party=rpc.CASE_PARTY_AUTHORITY)
            ).entity_cases
        ),
        lambda of: stub.ListEntityBundles(rpc.ListEntityBundlesRequest(entity_id=of)).bundles,
    ]
    for ask in asked:
        assert not ask(there.entity_id)
        assert refused_with(lambda ask=ask: ask("ent_mistyped")).reason == "ENTITY_NOT_FOUND"
    mistyped = refused_with(lambda: stub.GetEntity(rpc.GetEntityRequest(uscc=code)))
    assert [(v.field, v.reason) for v in mistyped.violations] == [("uscc", "USCC_CHECK_DIGIT")]
