"""Broker users get the rights that the topology gives them, and no more."""

from __future__ import annotations

import json
import re

import pytest

from deploy.bus.definitions import definitions
from deploy.bus.rights import rights_of
from shared.topology import Topology, dead_queue_name, exchange_name, load_topology, retry_queue_name, routing_key

SERVICES = tuple(load_topology(port_offset=0).services)


@pytest.fixture
def topology() -> Topology:
    return load_topology(port_offset=0)


def allowed(topology: Topology, service: str, right: str, name: str) -> bool:
    return re.search(rights_of(topology, service).permission[right], name) is not None


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_configures_what_the_topology_gives_it(topology: Topology, service: str) -> None:
    names = [
        exchange_name(service),
        f"{service}.retry",
        f"{service}.requeue",
        f"{service}.dead",
        dead_queue_name(service),
    ]
    for subscription in topology.services[service].subscriptions:
        names += [subscription.queue, retry_queue_name(subscription.queue, 1)]
    assert all(allowed(topology, service, right, n) for right in ("configure", "write", "read") for n in names)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_neither_configures_nor_writes_what_is_anothers(topology: Topology, service: str) -> None:
    others = [name for name in SERVICES if name != service]
    names = [name for other in others for name in (exchange_name(other), dead_queue_name(other), f"{other}.retry")]
    names += [f"x{service}.events", f"{service}", f"{service}x.events", "amq.default", ""]
    assert not [n for n in names for right in ("configure", "write") if allowed(topology, service, right, n)]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_from_the_exchanges_it_hears_and_no_others(topology: Topology, service: str) -> None:
    heard = {s.publisher for s in topology.services[service].subscriptions} | {service}
    readable = {name for name in SERVICES if allowed(topology, service, "read", exchange_name(name))}
    assert readable == heard


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_publishes_events_under_its_own_keys_only(topology: Topology, service: str) -> None:
    write, _read = rights_of(topology, service).topics[exchange_name(service)]
    assert re.search(write, routing_key(service, "SomethingHappened"))
    assert not [other for other in SERVICES if other != service and re.search(write, routing_key(other, "X"))]


def test_a_subscriber_binds_to_the_events_it_consumes_only(topology: Topology) -> None:
    write, read = rights_of(topology, "certificates").topics["registration.events"]
    assert re.search(read, routing_key("registration", "EntityRegistered"))
    assert not re.search(read, routing_key("registration", "ApplicationSubmitted"))
    assert not re.search(read, "#")
    assert not re.search(write, routing_key("registration", "EntityRegistered"))


def test_policies_fit_the_event_queues_and_nothing_else(topology: Topology) -> None:
    policies = definitions(topology, dict.fromkeys(("admin", *SERVICES), ""))["policies"]
    for subscription in topology.subscriptions:
        found = [policy for policy in policies if re.search(policy["pattern"], subscription.queue)]
        assert [policy["definition"]["dead-letter-exchange"] for policy in found] == [f"{subscription.consumer}.dead"]
        assert found[0]["definition"]["delivery-limit"] == topology.delivery_limit
        others = [retry_queue_name(subscription.queue, 1), dead_queue_name(subscription.consumer)]
        assert not [name for name in others if re.search(found[0]["pattern"], name)]


def test_the_definitions_name_the_administrator_and_every_service_and_no_guest(topology: Topology) -> None:
    found = definitions(topology, dict.fromkeys(("admin", *SERVICES), "hash"))
    assert {user["name"] for user in found["users"]} == {"admin", *SERVICES}
    assert [user["name"] for user in found["users"] if user["tags"]] == ["admin"]
    assert "guest" not in json.dumps(found)
