"""The outbox on a real store and broker: nothing lost, nothing doubled in effect (pitfalls 8, 14-17)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pymongo.errors import PyMongoError

from services.registration.domain.events import EntityRegistered
from shared import metrics
from shared.clock import FixedClock, SystemClock
from shared.events import Cause, decode_batch, timeline_entry
from shared.failures import Unavailable
from shared.group_writer import GroupWriter, insert_group
from shared.leases import take_lease
from shared.leftovers import PENDING_INDEX, Leftovers
from shared.outbox import Outbox
from shared.outgoing import Outcome, Outgoing
from shared.publisher import Publisher
from tests.integration.kit.conftest import Bus, eventually
from tests.integration.kit.sample import QUEUE, SERVICE, kit_topology

pytestmark = pytest.mark.integration


def case(number: int) -> dict[str, Any]:
    """A document with one event that is not published yet."""
    event = EntityRegistered(
        f"ok-{number}", "app_1", "91320411MAXX00015L", "LIMITED_COMPANY", "320411", "2026-11-23", 1
    )
    entry = timeline_entry(event, SystemClock().now(), Cause())
    return {"_id": f"case_{number}", "timeline": [entry], "pending": [entry["id"]]}


@pytest.fixture
def cases(store: Any) -> Any:
    store.cases.create_index(
        "pending", name=PENDING_INDEX["name"], partialFilterExpression=PENDING_INDEX["partialFilterExpression"]
    )
    return store.cases


@pytest.fixture
def publisher(servers: Any, bus: Bus) -> Iterator[Publisher]:
    publisher = Publisher(servers.admin_amqp_uri, window=50)
    publisher.start()
    eventually(lambda: publisher.connected)
    yield publisher
    publisher.stop()


def make_outbox(cases: Any, publisher: Publisher, clock: Any = None, limit: int = 1000) -> Outbox:
    outbox = Outbox("registration", {"cases": cases}, publisher, kit_topology(), clock or SystemClock(), limit)
    outbox.start()
    return outbox


def received(bus: Bus) -> list[str]:
    """Subjects of everything in the sample queue, which is empty afterwards."""
    subjects = []
    while (found := bus.get(QUEUE)) is not None:
        subjects += [event.subject for event in decode_batch(found[1])]
    return subjects


def test_what_is_committed_is_published_in_groups_and_then_no_longer_pending(
    cases: Any, publisher: Publisher, bus: Bus
) -> None:
    outbox = make_outbox(cases, publisher)
    documents = [case(number) for number in range(120)]
    assert insert_group(cases, documents) == [None] * 120

    outbox.committed_many("cases", [(d["_id"], d["timeline"][0]) for d in documents])

    eventually(lambda: cases.count_documents({"pending": {"$type": "string"}}) == 0)
    with bus.channel() as channel:
        messages = channel.queue_declare(QUEUE, passive=True).method.message_count
    assert sorted(received(bus)) == sorted(d["_id"] for d in documents)
    assert messages <= 6
    outbox.stop()


def test_killed_between_store_and_publish_the_sweeper_delivers_it_once(
    cases: Any, publisher: Publisher, bus: Bus
) -> None:
    cases.insert_one(case(1))  # and here the process died
    later = FixedClock(SystemClock().now() + timedelta(seconds=30))
    outbox = make_outbox(cases, publisher, later)

    assert outbox.sweep() == 1

    eventually(lambda: cases.count_documents({"pending": {"$type": "string"}}) == 0)
    assert outbox.sweep() == 0
    assert received(bus) == ["case_1"]
    outbox.stop()


def test_a_fresh_event_is_left_to_its_own_process(cases: Any, publisher: Publisher, bus: Bus) -> None:
    cases.insert_one(case(1))
    outbox = make_outbox(cases, publisher)

    assert outbox.sweep() == 0
    outbox.stop()


def test_an_event_that_cannot_be_encoded_stays_and_holds_up_no_other(
    cases: Any, publisher: Publisher, bus: Bus
) -> None:
    outbox = make_outbox(cases, publisher)
    broken, good = case(1), case(2)
    broken["timeline"][0]["type"] = "NoSuchEvent"
    cases.insert_many([broken, good])

    outbox.committed("cases", "case_1", broken["timeline"])
    outbox.committed("cases", "case_2", good["timeline"])

    eventually(lambda: cases.find_one({"_id": "case_2"})["pending"] == [])
    assert cases.find_one({"_id": "case_1"})["pending"] == broken["pending"]
    assert received(bus) == ["case_2"]
    outbox.check_capacity()
    outbox.stop()


def test_an_unroutable_event_stays_in_the_outbox_and_is_alarmed(cases: Any, publisher: Publisher, bus: Bus) -> None:
    before = metrics.EVENTS_UNROUTABLE.labels("EntityRegistered")._value.get()
    outbox = make_outbox(cases, publisher)
    document = case(1)
    cases.insert_one(document)
    topology = kit_topology()
    with bus.channel() as channel:
        for subscription in topology.subscriptions:
            if subscription.event == "EntityRegistered":
                channel.queue_unbind(subscription.queue, "registration.events", subscription.routing_key)
    try:
        outbox.committed("cases", "case_1", document["timeline"])
        eventually(lambda: metrics.EVENTS_UNROUTABLE.labels("EntityRegistered")._value.get() == before + 1)
        assert cases.find_one({"_id": "case_1"})["pending"] == document["pending"]
    finally:
        with bus.channel() as channel:
            for subscription in topology.subscriptions:
                if subscription.event == "EntityRegistered":
                    channel.queue_bind(subscription.queue, "registration.events", subscription.routing_key)
    outbox.stop()


def test_a_sweep_goes_on_where_the_last_one_stopped_and_then_begins_with_the_oldest(
    cases: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.leftovers.SWEEP_BATCH", 5)
    documents = [case(number) for number in range(12)]
    newest = case(99)  # its event stands in a document that also has an old one: the document is found at each
    documents[3]["pending"] += newest["pending"]
    documents[3]["timeline"] += newest["timeline"]
    cases.insert_many(documents)
    left = Leftovers({"cases": cases}, FixedClock(SystemClock().now() + timedelta(seconds=30)))

    rounds = [[document_id for _, document_id, _ in left.find()] for _ in range(4)]

    assert rounds == [
        ["case_0", "case_1", "case_2", "case_3", "case_4"],
        ["case_5", "case_6", "case_7", "case_8", "case_9"],
        ["case_10", "case_11", "case_3"],
        ["case_0", "case_1", "case_2", "case_3", "case_4"],
    ]


def test_an_event_behind_a_whole_sweep_of_unroutable_ones_is_published(
    cases: Any, publisher: Publisher, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.leftovers.SWEEP_BATCH", 5)
    stuck = [case(number) for number in range(5)]
    for document in stuck:
        document["timeline"][0]["type"] = "NoSuchEvent"
    cases.insert_many(stuck)
    cases.insert_one(case(5))
    later = FixedClock(SystemClock().now() + timedelta(seconds=90))
    outbox = make_outbox(cases, publisher, later)

    swept = [outbox.sweep(), outbox.sweep()]

    assert swept == [5, 1]
    eventually(lambda: cases.find_one({"_id": "case_5"})["pending"] == [])
    assert received(bus) == ["case_5"]
    assert metrics.OUTBOX_OLDEST._value.get() > 60, "the oldest one is told of, whichever were swept"
    outbox.stop()


def test_a_sweep_reads_only_what_is_behind_the_last_one(cases: Any) -> None:
    cases.insert_many([case(number) for number in range(300)])
    left = Leftovers({"cases": cases}, FixedClock(SystemClock().now() + timedelta(seconds=30)))
    after = cases.find_one({"_id": "case_199"})["pending"][0]

    plan = left._oldest(cases, after, left._bound()).limit(50).explain()["executionStats"]

    assert (plan["totalKeysExamined"], plan["totalDocsExamined"]) == (50, 50)


def test_above_its_limit_the_outbox_refuses_commands(cases: Any, servers: Any) -> None:
    silent = Publisher(servers.admin_amqp_uri)  # never started: the broker is out of reach
    outbox = Outbox(
        "registration",
        {"cases": cases},
        silent,
        kit_topology(),
        FixedClock(SystemClock().now() + timedelta(minutes=1)),
        limit=3,
    )
    cases.insert_many([case(number) for number in range(5)])
    outbox.check_capacity()

    outbox.measure()

    with pytest.raises(Unavailable) as caught:
        outbox.check_capacity()
    assert caught.value.reason == "OUTBOX_FULL"
    assert caught.value.metadata["retry_after_seconds"]


def test_without_a_broker_publishing_fails_at_once_and_blocks_nobody(servers: Any) -> None:
    publisher = Publisher("amqp://nobody:nobody@127.0.0.1:1/none")
    publisher.start()
    outcomes: list[Outcome] = []

    publisher.publish(Outgoing("x", "y", b"", outcomes.append, "text/plain"))

    assert outcomes == [Outcome.FAILED]
    assert publisher.reason()
    publisher.stop(1)


def test_many_threads_publish_through_one_connection_within_the_window(publisher: Publisher, bus: Bus) -> None:
    outcomes: list[Outcome] = []
    widest = 0

    def note(outcome: Outcome) -> None:
        nonlocal widest
        outcomes.append(outcome)
        widest = max(widest, len(publisher._unconfirmed))

    def work() -> None:
        for _ in range(200):
            publisher.publish(Outgoing("hotline.requeue", QUEUE, b"x", note, "text/plain"))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    eventually(lambda: len(outcomes) == 1600, 30)
    assert set(outcomes) == {Outcome.CONFIRMED}
    assert widest <= 50
    bus.purge()


def test_a_duplicate_fails_its_own_caller_only(store: Any) -> None:
    writer = GroupWriter(store.effects)
    store.effects.insert_one({"_id": "taken"})
    outcomes: dict[str, Any] = {}

    def insert(key: str) -> None:
        outcomes[key] = writer.insert([{"_id": key}])[0]

    threads = [threading.Thread(target=insert, args=(key,)) for key in ("a", "taken", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert type(outcomes.pop("taken")).__name__ == "DuplicateKeyError"
    assert set(outcomes.values()) == {None}
    assert store.effects.count_documents({}) == 4


def test_many_callers_at_once_are_written_in_few_groups_and_each_hears_of_its_own(store: Any) -> None:
    writer, outcomes = GroupWriter(store.effects), {}
    groups = metrics.GROUP_SIZE._sum.get(), _count(metrics.GROUP_SIZE)

    def insert(number: int) -> None:
        outcomes[number] = writer.insert([{"_id": f"{number}-a"}, {"_id": f"{number % 30}-same"}])

    threads = [threading.Thread(target=insert, args=(number,)) for number in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(outcomes) == 60
    assert all(first is None for first, _ in outcomes.values())
    assert sum(second is not None for _, second in outcomes.values()) == 30
    assert metrics.GROUP_SIZE._sum.get() - groups[0] == 120
    assert _count(metrics.GROUP_SIZE) - groups[1] < 60


def test_when_the_store_fails_every_caller_of_the_group_hears_of_it() -> None:
    class Broken:
        def insert_many(self, documents: Any, ordered: bool) -> None:
            raise PyMongoError("down")

    writer = GroupWriter(Broken())  # type: ignore[arg-type]
    for _ in range(2):  # and the writer goes on afterwards
        with pytest.raises(PyMongoError):
            writer.insert([{"_id": 1}])


def _count(histogram: Any) -> float:
    return float(sum(bucket.get() for bucket in histogram._buckets))


def test_of_two_replicas_one_holds_the_lease_until_it_runs_out(store: Any) -> None:
    clock = FixedClock(SystemClock().now())

    assert take_lease(store.leases, "sweep", "a", 6, clock)
    assert not take_lease(store.leases, "sweep", "b", 6, clock)
    assert take_lease(store.leases, "sweep", "a", 6, clock)
    clock.advance(timedelta(seconds=7))
    assert take_lease(store.leases, "sweep", "b", 6, clock)
    assert not take_lease(store.leases, "sweep", "a", 6, clock)
    assert SERVICE
