"""The sample service of the kit's tests: `hotline` hears EntityRegistered, with short delays."""

from __future__ import annotations

import dataclasses

from shared.topology import Subscription, Topology, load_topology

SERVICE, QUEUE = "hotline", "hotline.on_entity_registered.v1"
SUBSCRIPTION = Subscription(QUEUE, SERVICE, "registration", "EntityRegistered")


def kit_topology() -> Topology:
    """The platform's topology with one more queue and delays that a test can wait for."""
    topology = load_topology()
    service = dataclasses.replace(topology.services[SERVICE], subscriptions=(SUBSCRIPTION,))
    return dataclasses.replace(
        topology, services=topology.services | {SERVICE: service}, retry_delays_s=(0.1, 0.2, 0.3)
    )
