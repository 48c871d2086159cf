"""The bus as `deploy/topology.yaml` wants it: exchanges, quorum queues, delay queues, dead queues, bindings.

Declared by one step before anything publishes, and again by each worker for its own queues at its start: a queue that
exists with other arguments answers 406, and the worker says so at /readyz instead of hanging.

    <publisher>.events ──► <consumer>.on_….v1 ──handler fails──► <consumer>.retry ──► ….retry.n (waits) ─┐
                             ▲                                                                          │
                             └───────────────────────── <consumer>.requeue ◄────────────────────────────┘
    delivery limit, undecodable, retries used up ──► <consumer>.dead ──► queue <consumer>.dead
"""

from __future__ import annotations

from typing import Any

import pika
from pika.exceptions import ChannelClosedByBroker

from shared.failures import FailedPrecondition
from shared.topology import Topology, dead_queue_name, exchange_name, retry_queue_name

QUORUM = {"x-queue-type": "quorum"}


class QueueArgumentsChanged(FailedPrecondition):
    """A queue exists with other arguments than the topology says; it needs a new version in its name."""


def declare_all(amqp_uri: str, topology: Topology) -> None:
    """Declare the whole bus (as its administrator). Harmless to repeat. Raises QueueArgumentsChanged."""
    with _connection(amqp_uri) as connection:
        for name in topology.services:
            _declare_exchanges(connection.channel(), name)
        for name in topology.services:
            _declare_service(connection, topology, name)


def declare_service(amqp_uri: str, topology: Topology, service: str) -> None:
    """Declare what belongs to one service (as that service's user). Raises QueueArgumentsChanged."""
    with _connection(amqp_uri) as connection:
        _declare_exchanges(connection.channel(), service)
        _declare_service(connection, topology, service)


def _connection(amqp_uri: str) -> Any:
    parameters = pika.URLParameters(amqp_uri)
    parameters.socket_timeout = 5
    return pika.BlockingConnection(parameters)


def _declare_exchanges(channel: Any, service: str) -> None:
    channel.exchange_declare(exchange_name(service), "topic", durable=True)
    channel.exchange_declare(f"{service}.retry", "direct", durable=True)
    channel.exchange_declare(f"{service}.requeue", "direct", durable=True)
    channel.exchange_declare(f"{service}.dead", "fanout", durable=True)
    channel.close()


def _declare_service(connection: Any, topology: Topology, service: str) -> None:
    dead = dead_queue_name(service)
    _declare_queue(connection, dead, {})
    channel = connection.channel()
    channel.queue_bind(dead, f"{service}.dead")
    for subscription in topology.services[service].subscriptions:
        _declare_queue(connection, subscription.queue, {})
        channel.queue_bind(subscription.queue, exchange_name(subscription.publisher), subscription.routing_key)
        channel.queue_bind(subscription.queue, f"{service}.requeue", subscription.queue)
        for step, delay in enumerate(topology.retry_delays_s, start=1):
            name = retry_queue_name(subscription.queue, step)
            arguments = {
                "x-message-ttl": int(delay * 1000),
                "x-dead-letter-exchange": f"{service}.requeue",
                "x-dead-letter-routing-key": subscription.queue,
                "x-dead-letter-strategy": "at-least-once",
                "x-overflow": "reject-publish",
            }
            _declare_queue(connection, name, arguments)
            channel.queue_bind(name, f"{service}.retry", name)
    channel.close()


def _declare_queue(connection: Any, name: str, arguments: dict[str, Any]) -> None:
    channel = connection.channel()
    try:
        channel.queue_declare(name, durable=True, arguments=QUORUM | arguments)
    except ChannelClosedByBroker as error:
        if error.reply_code == 406:
            raise QueueArgumentsChanged(
                f"queue {name} exists with other arguments; give it a new version", metadata={"queue": name}
            ) from error
        raise
    channel.close()
