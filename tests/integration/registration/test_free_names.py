"""Names that are free for one and not for another, over the contract and on a real store (名称规定 art. 17)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
from pymongo import MongoClient, monitoring
from pymongo.errors import OperationFailure
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.domain.entities import EntityRow
from services.registration.domain.held_names import wanted_name
from services.registration.domain.naming import parse_name
from services.registration.rpc.mapping import application_of
from services.registration.store import RegisterStore
from services.registration.store.names import pass_by
from services.registration.usecases.context import Parts
from services.registration.usecases.entities import import_rows
from services.registration.usecases.submit import submit_applications
from shared.clock import FixedClock
from shared.commands import Command
from shared.grpc_errors import failure_of
from shared.mongo import CLIENT_OPTIONS
from shared.national_codes import compose_uscc
from tests.integration.registration.conftest import asked, context, decide, received, sample_row, submit
from tests.integration.registration.test_applications import refused_with
from tests.integration.registration.test_case_persons import BY_REGISTRAR
from tests.integration.registration.test_entity_cases import acted, entity_of, opened, registered
from tests.integration.registration.test_entity_states import change
from tests.integration.registration.test_moving_in import taken_over

pytestmark = pytest.mark.integration
MACHINES, FOOD, BARE = "常州日湖机械有限公司", "常州日湖食品有限公司", "常州日湖有限公司"
BESIDE = "常州市新北区日湖机械有限公司"
COMPANY = pb.ENTITY_TYPE_LIMITED_COMPANY


@pytest.fixture(autouse=True)
def in_a_known_year(clock: FixedClock) -> None:
    clock.set(datetime(2025, 3, 3, 2, tzinfo=UTC))


def reserved(stub: Any, name: str, key: str = "reserve", client: str = "client-1", **more: Any) -> Any:
    return stub.ReserveName(
        rpc.ReserveNameRequest(
            context=context(key, client), division_code="320411", name=name, entity_type=COMPANY, **more
        )
    )


def available(stub: Any, name: str, **more: Any) -> bool:
    request = rpc.CheckNameRequest(division_code="320411", name=name, entity_type=COMPANY, **more)
    return bool(stub.CheckName(request).available)


def renamed(stub: Any, entity: Any, name: str, key: str, facts: dict[str, str] | None = None, client: str = "") -> Any:
    """The entity after a change of its name."""
    said = {"event_date": "2025-03-01", "new_name": name} | (facts or {})
    case = opened(stub, entity, "CHANGE", said, key, client=client or "client-1").entity_case
    acted(stub, case, "REGISTER", f"{key}-registered", **BY_REGISTRAR)
    return entity_of(stub, entity)


def company(stub: Any, name: str, key: str, **changes: Any) -> Any:
    """An entity under this name."""
    receipt = received(stub, key, name=name, **changes)
    made = decide(stub, receipt.application_id, key=f"decide-{key}").application
    return stub.GetEntity(rpc.GetEntityRequest(entity_id=made.entity_id)).entity


def invested(uscc: str) -> list[Any]:
    """Investors of a company that another one holds."""
    amounts = [one["amount_fen"] for one in sample_row().application["investors"]]
    return [{"uscc": uscc, "amount_fen": sum(amounts)}]


def state_of(store: RegisterStore, name: str) -> list[str]:
    return [found["state"] for found in store.names.find({"full_name": name})]


def test_a_name_whose_year_of_rest_is_over_is_reserved_by_anybody(
    stub: Any, store: RegisterStore, clock: FixedClock
) -> None:
    entity = registered(stub)
    change(stub, entity.entity_id, "CANCELLED")
    assert not available(stub, entity.name)
    assert refused_with(lambda: reserved(stub, entity.name)).reason == "NAME_TAKEN"
    clock.set(datetime(2026, 3, 4, 2, tzinfo=UTC))
    assert available(stub, entity.name)
    held = reserved(stub, entity.name, "later")
    assert (held.expiry_date, reserved(stub, entity.name, "later").replayed) == ("2026-05-04", True)
    assert state_of(store, entity.name) == ["RESERVED"]


def test_a_reservation_is_not_prolonged_by_reserving_again_and_a_lapsed_one_is_taken_over_once(
    stub: Any, clock: FixedClock
) -> None:
    reserved(stub, MACHINES)
    assert refused_with(lambda: reserved(stub, MACHINES, "again")).reason == "NAME_TAKEN"
    clock.set(datetime(2025, 6, 3, 2, tzinfo=UTC))

    def take(number: int) -> str:
        outcome = submit(stub, asked(name=MACHINES), f"take-{number}", f"client-{number}")
        return str(outcome.failure.reason)

    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(take, range(6)))
    assert sorted(told) == ["", *["NAME_TAKEN"] * 5]


@pytest.mark.parametrize("client", ["client-1", "client-2"])
def test_a_company_takes_the_name_whose_reservation_it_brings_through_whichever_client(
    stub: Any, store: RegisterStore, client: str
) -> None:
    entity, held = registered(stub), reserved(stub, MACHINES)
    brings = {"name_reservation_id": held.reservation_id}
    assert renamed(stub, entity, MACHINES, "change", brings, client).name == MACHINES
    assert (state_of(store, MACHINES), state_of(store, entity.name)) == (["REGISTERED"], ["RESTING"])


@pytest.mark.parametrize("client", ["client-1", "client-2"], ids=["same counter", "another"])
def test_a_company_does_not_take_the_name_that_somebody_else_reserved_until_that_lapses(
    stub: Any, store: RegisterStore, clock: FixedClock, client: str
) -> None:
    """名称规定 art. 17: one portal or counter is the client of many applicants."""
    entity, _ = registered(stub), reserved(stub, MACHINES, client=client)
    assert refused_with(lambda: renamed(stub, entity, MACHINES, "a")).metadata["field"] == "facts.new_name"
    assert (state_of(store, MACHINES), state_of(store, entity.name)) == (["RESERVED"], ["REGISTERED"])
    clock.set(datetime(2025, 5, 6, 2, tzinfo=UTC))
    assert renamed(stub, entity, MACHINES, "b").name == MACHINES
    assert (state_of(store, MACHINES), state_of(store, entity.name)) == (["REGISTERED"], ["RESTING"])


def test_a_name_that_somebody_gets_after_the_change_was_applied_for_is_looked_at_again(
    stub: Any, store: RegisterStore
) -> None:
    entity = registered(stub)
    case = opened(stub, entity, "CHANGE", {"event_date": "2025-03-01", "new_name": MACHINES}).entity_case
    reserved(stub, MACHINES, client="client-2")
    assert refused_with(lambda: acted(stub, case, "REGISTER", "a", **BY_REGISTRAR)).reason == "NAME_TAKEN"
    assert (state_of(store, MACHINES), state_of(store, entity.name)) == (["RESERVED"], ["REGISTERED"])


@pytest.mark.parametrize("started_by", ["case", "bundle"])
def test_a_taken_name_is_told_when_the_change_is_applied_for_whichever_way(stub: Any, started_by: str) -> None:
    entity, other = registered(stub, 1), registered(stub, 2)
    said = {"event_date": "2025-03-01", "new_name": other.name}

    def apply() -> Any:
        if started_by == "case":
            return opened(stub, entity, "CHANGE", said)
        asked_for = {"kind": "INFORMATION_CHANGE", "entity_id": entity.entity_id, "facts": said}
        return stub.StartEntityBundle(rpc.StartEntityBundleRequest(context=context("bundle"), **asked_for))

    told = refused_with(apply)
    assert (told.reason, told.metadata["field"]) == ("NAME_TAKEN", "facts.new_name")


def test_a_company_goes_back_to_its_own_former_name_and_nobody_else_does(stub: Any, store: RegisterStore) -> None:
    entity, other = registered(stub, 1), registered(stub, 2)
    renamed(stub, entity, MACHINES, "away")
    assert refused_with(lambda: renamed(stub, other, entity.name, "o")).reason == "NAME_TAKEN"
    assert renamed(stub, entity, entity.name, "back").name == entity.name
    assert (state_of(store, entity.name), state_of(store, MACHINES)) == (["REGISTERED"], ["RESTING"])


def test_a_name_ruled_against_is_changed_to_one_that_the_company_reserved(stub: Any, store: RegisterStore) -> None:
    entity, held = registered(stub), reserved(stub, MACHINES, client="the-loser")
    case = opened(stub, entity, "NAME_DISPUTE", {}, client="its-opponent").entity_case
    case = acted(stub, case, "ACCEPT", "accept", **BY_REGISTRAR)
    case = acted(stub, case, "ORDER_RENAME", "order", {"reason_codes": "CONFUSING"}, **BY_REGISTRAR)
    facts = {"new_name": MACHINES}
    assert refused_with(lambda: acted(stub, case, "RENAME", "no", facts, **BY_REGISTRAR)).reason == "NAME_TAKEN"
    acted(stub, case, "RENAME", "yes", facts | {"name_reservation_id": held.reservation_id}, **BY_REGISTRAR)
    assert (entity_of(stub, entity).name, state_of(store, MACHINES)) == (MACHINES, ["REGISTERED"])


def test_another_division_or_form_keeps_the_held_name_and_tells_it_anew(stub: Any, store: RegisterStore) -> None:
    entity = company(stub, MACHINES, "one")
    assert renamed(stub, entity, BESIDE, "change").name == BESIDE
    assert (state_of(store, MACHINES), state_of(store, BESIDE)) == ([], ["REGISTERED"])


def test_a_trade_name_without_a_trade_keeps_out_all_trades(stub: Any, store: RegisterStore) -> None:
    bare = company(stub, BARE, "bare")
    assert not available(stub, MACHINES)
    assert refused_with(lambda: reserved(stub, MACHINES)).reason == "NAME_TAKEN"
    assert submit(stub, asked(name=MACHINES), "submit", "client-2").failure.reason == "NAME_TAKEN"
    other = registered(stub)
    assert refused_with(lambda: renamed(stub, other, FOOD, "a")).reason == "NAME_TAKEN"
    assert refused_with(lambda: taken_over(stub, name=MACHINES)).reason == "NAME_TAKEN"
    assert store.names.count_documents({"_id": {"$regex": "日湖"}}) == 1  # nothing is left of those who tried
    renamed(stub, bare, "常州山川有限公司", "away")
    assert refused_with(lambda: reserved(stub, MACHINES, "rests")).reason == "NAME_TAKEN"
    store.names.update_one({"full_name": BARE}, {"$set": {"expiry_date": "2025-03-02"}})
    assert available(stub, MACHINES)
    assert submit(stub, asked(name=MACHINES), "submit-2", "client-2").receipt.application_id
    assert renamed(stub, other, FOOD, "b").name == FOOD


def test_any_trade_keeps_out_the_trade_name_without_one(stub: Any, store: RegisterStore) -> None:
    first = received(stub, "one", name=MACHINES)
    assert not available(stub, BARE)
    assert refused_with(lambda: reserved(stub, BARE)).reason == "NAME_TAKEN"
    assert submit(stub, asked(name=BARE), "submit", "client-2").failure.reason == "NAME_TAKEN"
    other = registered(stub)
    assert refused_with(lambda: renamed(stub, other, BARE, "a")).reason == "NAME_TAKEN"
    assert refused_with(lambda: taken_over(stub, name=BARE)).reason == "NAME_TAKEN"
    assert store.names.count_documents({"_id": {"$regex": "日湖"}}) == 1
    decide(stub, first.application_id, refuse=("OTHER",))
    assert renamed(stub, other, BARE, "b").name == BARE
    assert state_of(store, BARE) == ["REGISTERED"]
    assert not available(stub, FOOD)


def ways_to_a_name(stub: Any, number: int) -> list[Any]:
    """Each a way to get a name, given as (name, key) → whether it was had. The entities stand before anybody runs."""
    entities = [registered(stub, number * 2), registered(stub, number * 2 + 1)]

    def by_reservation(name: str, key: str) -> bool:
        return bool(reserved(stub, name, f"r-{key}", "somebody-else").reservation_id)

    def by_application(name: str, key: str) -> bool:
        outcome = submit(stub, asked(name=name), f"s-{key}", f"client-{key}")
        assert outcome.failure.reason in ("", "NAME_TAKEN"), outcome
        return outcome.WhichOneof("outcome") == "receipt"

    def by_change(name: str, key: str) -> bool:
        renamed(stub, entities.pop(), name, f"c-{key}")
        return True

    def told(way: Any) -> Any:
        def run(name: str, key: str) -> bool:
            try:
                return bool(way(name, key))
            except grpc.RpcError as error:
                failure = failure_of(error)
                assert failure is not None
                assert failure.reason == "NAME_TAKEN", failure
                return False

        return run

    return [told(way) for way in (by_application, by_change, by_reservation)]


@pytest.mark.parametrize(
    "names", [(MACHINES, BARE), (BARE, BARE), (MACHINES, MACHINES)], ids=["mixed", "bare", "trade"]
)
@pytest.mark.parametrize("first", [0, 1, 2])
@pytest.mark.parametrize("second", [0, 1, 2])
def test_of_two_who_want_what_only_one_may_have_at_once_exactly_one_gets_it(
    stub: Any, store: RegisterStore, names: tuple[str, str], first: int, second: int
) -> None:
    for turn in range(4):
        store.names.delete_many({"_id": {"$regex": "日湖"}})
        ways = ways_to_a_name(stub, 10 * turn)
        with ThreadPoolExecutor(2) as pool:
            one = pool.submit(ways[first], names[0], f"{turn}-one")
            other = pool.submit(ways[second], names[1], f"{turn}-other")
            won = [one.result(), other.result()]
        assert sorted(won) == [False, True], (turn, won)
        held = [n for n in store.names.find({"_id": {"$regex": "日湖"}}) if n["state"] != "OPEN"]
        assert [n["full_name"] for n in held] == [names[won.index(True)]]


def test_an_investor_lets_a_company_use_its_trade_name_in_its_trade(stub: Any, store: RegisterStore) -> None:
    parent = company(stub, MACHINES, "parent")
    assert not available(stub, BESIDE)
    assert available(stub, BESIDE, invested_usccs=[parent.uscc])
    assert submit(stub, asked(name=BESIDE), "stranger", "client-2").failure.reason == "NAME_TAKEN"
    held = reserved(stub, BESIDE, invested_usccs=[parent.uscc])
    assert reserved(stub, BESIDE, invested_usccs=[parent.uscc]).reservation_id == held.reservation_id
    changes = {"name": None, "name_reservation_id": held.reservation_id, "investors": invested(parent.uscc)}
    receipt = received(stub, "child", **changes)
    child = decide(stub, receipt.application_id, key="decide-child").application
    kept = {n["full_name"]: (n["state"], n.get("entity_id")) for n in store.names.find()}
    assert kept == {
        MACHINES: ("REGISTERED", parent.entity_id),
        BESIDE: ("REGISTERED", child.entity_id),
    }
    # the child gives its name up: it rests, and the parent's is as it was
    renamed(stub, child, "常州星辰机械有限公司", "away")
    assert (state_of(store, MACHINES), state_of(store, BESIDE)) == (["REGISTERED"], ["RESTING"])


def test_what_stands_beside_a_name_keeps_strangers_out_when_that_name_has_rested(
    stub: Any, store: RegisterStore, clock: FixedClock
) -> None:
    parent = company(stub, MACHINES, "parent")
    company(stub, BESIDE, "child", investors=invested(parent.uscc))
    change(stub, parent.entity_id, "CANCELLED")
    clock.set(datetime(2026, 3, 4, 2, tzinfo=UTC))
    assert not available(stub, MACHINES)
    assert submit(stub, asked(name=MACHINES), "stranger", "client-2").failure.reason == "NAME_TAKEN"
    assert refused_with(lambda: reserved(stub, BARE)).reason == "NAME_TAKEN"


def test_a_change_declares_the_investment_relation(stub: Any, store: RegisterStore) -> None:
    parent, entity = company(stub, MACHINES, "parent"), registered(stub)
    assert renamed(stub, entity, BESIDE, "change", {"invested_usccs": parent.uscc}).name == BESIDE
    assert (state_of(store, MACHINES), state_of(store, BESIDE)) == (["REGISTERED"], ["REGISTERED"])
    assert refused_with(lambda: available(stub, BESIDE, invested_usccs=["1"])).reason == "USCC_LENGTH"


def rows(*names: str) -> list[EntityRow]:
    return [
        EntityRow(
            n, name, compose_uscc("91", "320411", f"MAXX1{n:03}"), "2001-05-08", business_scope="机械", address="路1号"
        )
        for n, name in enumerate(names, 1)
    ]


def test_names_of_an_older_register_are_facts_and_each_entity_keeps_its_own(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    reserved(stub, FOOD)
    clock.set(datetime(2025, 6, 3, 2, tzinfo=UTC))
    found = import_rows(parts, Command("c", "k", b"d"), rows(MACHINES, BARE, BESIDE, FOOD))
    assert [verdict.verdict for verdict in found] == ["IMPORTED"] * 4
    entities = [stub.GetEntity(rpc.GetEntityRequest(entity_id=verdict.entity_id)).entity for verdict in found]
    kept = {n["full_name"]: (n["state"], n["entity_id"]) for n in store.names.find()}
    assert kept == {entity.name: ("REGISTERED", entity.entity_id) for entity in entities}
    change(stub, entities[2].entity_id, "CANCELLED")
    assert (state_of(store, MACHINES), state_of(store, BESIDE)) == (["REGISTERED"], ["RESTING"])


class Heard(monitoring.CommandListener):
    """Which commands a client sends about names."""

    def __init__(self) -> None:
        self.commands: list[str] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command.get(event.command_name) == "names":
            self.commands.append(event.command_name)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Nothing to note."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Nothing to note."""


def test_a_group_of_applications_claims_its_names_in_one_write(
    servers: Any, parts: Parts, store: RegisterStore
) -> None:
    heard = Heard()
    with MongoClient[dict[str, Any]](
        servers.mongo_uri("registration"), event_listeners=[heard], **CLIENT_OPTIONS
    ) as client:
        listened = replace(parts, store=RegisterStore(client, store.database))
        names = [f"常州{chr(0x5929 + number)}河机械有限公司" for number in range(40)]
        group = [(Command("c", name, b"d"), application_of(asked(name=name))) for name in names]
        told = submit_applications(listened, group)
    assert all(one.application is not None for one in told)
    assert heard.commands == ["insert"]


@pytest.mark.parametrize("name", [MACHINES, BARE])
def test_names_are_looked_up_by_keys_only(store: RegisterStore, name: str) -> None:
    wanted = wanted_name(parse_name(name, "LIMITED_COMPANY", "320411"), "320411")
    store.names.insert_many([{"_id": f"320411|{n}|", "state": "REGISTERED", "full_name": str(n)} for n in range(50)])
    ranges = [{"_id": {"$gte": first, "$lt": before}} for first, before in wanted.ranges]
    own = [{"entity_id": "e"}, {"entity_id": None, "full_name": "x"}]
    first, before = wanted.ranges[0]
    for query in (
        {"$or": ranges},
        {"_id": {"$in": [wanted.key, wanted.prefix]}},
        {"_id": {"$gte": first, "$lt": before}, "state": "REGISTERED", "$or": own},
        {"_id": {"$in": ["a"]}, "command_key": {"$in": ["b"]}, "state": "APPLIED"},
        {"commands.key": "k"},
    ):
        plan = store.names.find(query).explain()
        assert "COLLSCAN" not in str(plan["queryPlanner"]["winningPlan"]), query
        assert plan["executionStats"]["totalDocsExamined"] == 0, query


def test_who_passes_by_a_trade_name_without_a_trade_meets_whoever_wrote_there_since_it_looked(
    store: RegisterStore,
) -> None:
    wanted = wanted_name(parse_name(MACHINES, "LIMITED_COMPANY", "320411"), "320411")
    with store.client.start_session() as one, store.client.start_session() as other:
        one.start_transaction()
        other.start_transaction()
        assert store.names_in_the_way(wanted, one) == store.names_in_the_way(wanted, other) == []
        pass_by(store.names, wanted, datetime(2025, 3, 3, tzinfo=UTC), other)
        other.commit_transaction()
        assert store.names_by_key([wanted.prefix]) == {}  # nothing is left of it
        with pytest.raises(OperationFailure, match=r"(?i)write ?conflict"):
            pass_by(store.names, wanted, datetime(2025, 3, 3, tzinfo=UTC), one)
