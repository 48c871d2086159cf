"""What a client handed in and began, newest first: whoever lost an id finds it again, and nobody finds another's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tongban.common.v1.paging_pb2 import PageRequest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.store.register import RegisterStore
from services.registration.usecases.context import Parts
from shared.clock import FixedClock
from tests.integration.registration.conftest import asked, context, submit
from tests.integration.registration.test_applications import refused_with

pytestmark = pytest.mark.integration
NAMES = {"one": "常州青禾机械有限公司", "two": "常州云帆机械有限公司", "three": "常州星河机械有限公司"}


@pytest.fixture
def applications(stub: Any) -> list[str]:
    """Ids of three of one client, in the order in which they came, the second with a gap; and one of another client."""
    submit(stub, asked(name="常州远航机械有限公司"), "other", client="client-2")
    changes: list[dict[str, Any]] = [{}, {"business_scope": ""}, {}]
    told = [
        submit(stub, asked(name=name, **change), key)
        for (key, name), change in zip(NAMES.items(), changes, strict=True)
    ]
    return [outcome.receipt.application_id for outcome in told]


def pages(call: Any, request: Any, size: int, client_id: str) -> list[Any]:
    """All pages."""
    found, token = [], ""
    while True:
        page = call(request(client_id=client_id, page=PageRequest(page_size=size, page_token=token)))
        found.append(page)
        if not (token := page.next_page_token):
            return found


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_a_client_sees_its_own_applications_newest_first(stub: Any, applications: list[str], size: int) -> None:
    found = pages(stub.ListApplicationsOf, rpc.ListApplicationsOfRequest, size, "client-1")
    listed = [one for page in found for one in page.applications]
    assert [one.application_id for one in listed] == applications[::-1]
    assert all(len(page.applications) <= size for page in found)
    assert [bool(one.gaps) for one in listed] == [False, True, False]
    assert not any(one.timeline or one.investors or one.materials for one in listed)
    (nobodys,) = pages(stub.ListApplicationsOf, rpc.ListApplicationsOfRequest, size, "client-3")
    assert not nobodys.applications


@pytest.mark.parametrize("size", [1, 50])
def test_a_client_sees_its_own_bundles_newest_first(stub: Any, size: int) -> None:
    def opened(key: str, name: str, client: str = "client-1") -> str:
        request = rpc.StartEntityBundleRequest(
            context=context(key, client), kind="OPENING", application=asked(name=name)
        )
        return str(stub.StartEntityBundle(request).bundle.bundle_id)

    opened("other", "常州远航机械有限公司", "client-2")
    mine = [opened(key, name) for key, name in NAMES.items()]
    found = pages(stub.ListBundlesOf, rpc.ListBundlesOfRequest, size, "client-1")
    assert [one.bundle_id for page in found for one in page.bundles] == mine[::-1]
    assert not any(one.timeline for page in found for one in page.bundles)


def reserve(stub: Any, key: str, name: str, client: str = "client-1") -> Any:
    return stub.ReserveName(
        rpc.ReserveNameRequest(
            context=context(key, client), name=name, division_code="320411", entity_type=pb.ENTITY_TYPE_LIMITED_COMPANY
        )
    )


def give_up(stub: Any, reservation_id: str, key: str = "end", client: str = "client-1") -> Any:
    return stub.GiveUpName(rpc.GiveUpNameRequest(context=context(key, client), reservation_id=reservation_id))


def reservations(stub: Any, size: int = 50) -> list[str]:
    found = pages(stub.ListReservationsOf, rpc.ListReservationsOfRequest, size, "client-1")
    return [one.reservation_id for page in found for one in page.reservations]


@pytest.mark.parametrize("size", [1, 2, 50])
def test_a_client_sees_the_names_that_it_holds_until_they_lapse_or_are_used(
    stub: Any, clock: FixedClock, size: int
) -> None:
    reserve(stub, "other", "常州远航机械有限公司", "client-2")
    mine = [reserve(stub, key, name).reservation_id for key, name in NAMES.items()]
    assert reservations(stub, size) == mine[::-1]
    submit(stub, asked(name="", name_reservation_id=mine[1]), "use")
    assert reservations(stub, size) == [mine[2], mine[0]]
    clock.advance(timedelta(days=70))
    assert reservations(stub, size) == []


def test_a_name_that_is_given_up_is_free_at_once_and_told_once(stub: Any, parts: Parts, store: RegisterStore) -> None:
    name = NAMES["one"]
    mine = reserve(stub, "one", name).reservation_id
    told = give_up(stub, mine)
    assert (told.reservation.reservation_id, told.replayed) == (mine, False)
    assert give_up(stub, mine).replayed
    assert parts.outbox.types() == ["NameReserved", "NameGivenUp"]  # type: ignore[attr-defined]
    assert reservations(stub) == []
    assert refused_with(lambda: give_up(stub, mine, "again")).reason == "RESERVATION_NOT_FOUND"
    used = submit(stub, asked(name="", name_reservation_id=mine), "use")
    assert used.failure.reason == "RESERVATION_NOT_FOUND"
    assert reserve(stub, "two", name, "client-2").reservation_id != mine
    assert store.names.count_documents({}) == 1


def test_only_who_reserved_a_name_gives_it_up_and_not_once_it_is_used(stub: Any) -> None:
    mine = reserve(stub, "one", NAMES["one"]).reservation_id
    for asking in (lambda: give_up(stub, mine, client="client-2"), lambda: give_up(stub, "nam_none")):
        assert refused_with(asking).reason == "RESERVATION_NOT_FOUND"
    application = submit(stub, asked(name="", name_reservation_id=mine), "use").receipt.application_id
    failure = refused_with(lambda: give_up(stub, mine))
    assert (failure.reason, failure.metadata["application_id"]) == ("RESERVATION_USED", application)


def test_a_page_of_one_client_is_no_page_of_another(stub: Any, applications: list[str]) -> None:
    first = stub.ListApplicationsOf(rpc.ListApplicationsOfRequest(client_id="client-1", page=PageRequest(page_size=1)))
    other = rpc.ListApplicationsOfRequest(client_id="client-2", page=PageRequest(page_token=first.next_page_token))
    assert refused_with(lambda: stub.ListApplicationsOf(other)).reason == "PAGE_TOKEN"
    assert (
        refused_with(lambda: stub.ListApplicationsOf(rpc.ListApplicationsOfRequest())).violations[0].field
        == "client_id"
    )


def test_own_lists_are_read_from_indexes(store: RegisterStore, applications: list[str]) -> None:
    held = {"client_id": "client-1", "state": "RESERVED", "expiry_date": {"$gte": "2026-01-01"}}
    reserved = store.names.find(held).sort("reservation_id", -1).hint("reserved").explain()
    assert "'stage': 'SORT'" not in str(reserved["queryPlanner"]["winningPlan"])
    for collection in (store.applications, store.bundles.collection):
        plan = str(collection.find({"client_id": "client-1"}).sort("_id", -1).explain()["queryPlanner"]["winningPlan"])
        assert "COLLSCAN" not in plan
        assert "'stage': 'SORT'" not in plan
