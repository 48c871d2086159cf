"""A service's users reach the service's own data and messages, and nobody else's."""

from __future__ import annotations

import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pika
import psutil
import pytest
from pika.exceptions import (
    AMQPError,
    ChannelClosedByBroker,
    ProbableAccessDeniedError,
    ProbableAuthenticationError,
    UnroutableError,
)
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from deploy.local import rabbit
from shared.topology import routing_key
from tests.integration.servers import Servers, free_offset, servers

pytestmark = pytest.mark.integration
ISSUED = routing_key("certificates", "CertificateIssued")
REGISTERED = routing_key("registration", "EntityRegistered")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with servers(tmp_path_factory.mktemp("stack"), free_offset()) as running:
        yield running


@pytest.fixture
def channel_of(stack: Servers) -> Iterator[Any]:
    connections = []

    def open_channel(service: str) -> Any:
        connection = pika.BlockingConnection(pika.URLParameters(stack.amqp_uri(service)))
        connections.append(connection)
        channel = connection.channel()
        channel.confirm_delivery()
        return channel

    yield open_channel
    for connection in connections:
        with suppress(AMQPError):  # a test may have ended the broker
            connection.close()


def refused(action: Any, *arguments: Any, **options: Any) -> bool:
    with pytest.raises(ChannelClosedByBroker) as caught:
        action(*arguments, **options)
    return bool(caught.value.reply_code == 403)


def test_a_service_reads_and_writes_its_own_database(stack: Servers) -> None:
    with MongoClient[dict[str, Any]](stack.mongo_uri("permits")) as client:
        client.permits.notes.insert_one({"_id": "own"})
        client.permits.notes.create_index("text")
        assert client.permits.notes.count_documents({"_id": "own"}) == 1


@pytest.mark.parametrize("database", ["registration", "admin", "local"])
def test_a_service_cannot_read_another_database(stack: Servers, database: str) -> None:
    with MongoClient[dict[str, Any]](stack.mongo_uri("permits")) as client, pytest.raises(OperationFailure) as caught:
        client[database].notes.find_one()
    assert caught.value.code == 13


def test_the_store_answers_nobody_without_a_password(stack: Servers) -> None:
    client: MongoClient[dict[str, Any]] = MongoClient("127.0.0.1", stack.topology.mongo["port"], directConnection=True)
    with client, pytest.raises(OperationFailure) as caught:
        client.registration.notes.find_one()
    assert caught.value.code == 13


def test_the_store_runs_no_scripts(stack: Servers) -> None:
    with MongoClient[dict[str, Any]](stack.mongo_uri("permits")) as client, pytest.raises(OperationFailure):
        client.permits.notes.find_one({"$where": "true"})


def test_a_service_publishes_under_its_own_keys(channel_of: Any) -> None:
    channel_of("certificates").basic_publish("certificates.events", ISSUED, b"", mandatory=True)


def test_a_service_cannot_publish_to_anothers_exchange(channel_of: Any) -> None:
    assert refused(channel_of("permits").basic_publish, "certificates.events", ISSUED, b"")


def test_a_subscriber_cannot_publish_to_the_exchange_it_hears(channel_of: Any) -> None:
    assert refused(channel_of("certificates").basic_publish, "registration.events", REGISTERED, b"")


def test_a_service_cannot_publish_with_anothers_routing_key(channel_of: Any) -> None:
    assert refused(channel_of("certificates").basic_publish, "certificates.events", REGISTERED, b"")


def test_a_service_cannot_publish_through_the_default_exchange(channel_of: Any) -> None:
    assert refused(channel_of("permits").basic_publish, "", "certificates.dead", b"")


def test_a_service_cannot_read_anothers_queue(channel_of: Any) -> None:
    assert refused(channel_of("permits").basic_get, "certificates.dead")


def test_a_service_cannot_bind_to_an_exchange_it_does_not_hear(channel_of: Any) -> None:
    assert refused(channel_of("hotline").queue_bind, "hotline.dead", "registration.events", REGISTERED)


def test_a_service_binds_only_to_the_events_it_consumes(channel_of: Any) -> None:
    channel = channel_of("certificates")
    channel.queue_bind("certificates.dead", "registration.events", REGISTERED)
    channel.queue_unbind("certificates.dead", "registration.events", REGISTERED)
    other = routing_key("registration", "ApplicationRefused")
    assert refused(channel.queue_bind, "certificates.dead", "registration.events", other)


def test_a_service_asks_the_questions_that_are_its_to_ask(channel_of: Any) -> None:
    answering, asking = channel_of("registration"), channel_of("certificates")
    reply_key = str(uuid.uuid4())
    reply_queue = f"rpc.reply-certificates-{reply_key}"
    for channel, queue, key in (
        (answering, "rpc-registration", "registration.*"),
        (asking, reply_queue, reply_key),
    ):
        channel.exchange_declare("nameko-rpc", "topic", durable=True)
        channel.queue_declare(queue, durable=True)
        channel.queue_bind(queue, "nameko-rpc", key)
    asking.basic_publish("nameko-rpc", "registration.licence_facts", b"?", mandatory=True)
    answering.basic_publish("nameko-rpc", reply_key, b"!", mandatory=True)
    asking.queue_delete(reply_queue)
    answering.queue_delete("rpc-registration")
    assert refused(asking.basic_publish, "nameko-rpc", "registration.something_else", b"")


def test_nobody_listens_to_anothers_answers(channel_of: Any) -> None:
    channel = channel_of("certificates")
    channel.exchange_declare("nameko-rpc", "topic", durable=True)
    assert refused(channel.queue_bind, "certificates.dead", "nameko-rpc", "#")


def test_a_service_without_questions_cannot_ask(channel_of: Any) -> None:
    admin = channel_of("admin")
    admin.exchange_declare("nameko-rpc", "topic", durable=True)
    assert refused(channel_of("hotline").basic_publish, "nameko-rpc", "registration.licence_facts", b"")


def test_there_is_no_guest(stack: Servers) -> None:
    parameters = pika.URLParameters(stack.amqp_uri("permits"))
    parameters.credentials = pika.PlainCredentials("guest", "guest")
    with pytest.raises((ProbableAccessDeniedError, ProbableAuthenticationError)):
        pika.BlockingConnection(parameters)


def test_a_queue_declared_without_a_type_is_a_quorum_queue_with_the_services_policy(
    stack: Servers, channel_of: Any
) -> None:
    queue = "permits.on_sample_happened.v1"
    channel = channel_of("permits")
    channel.queue_declare(queue, durable=True)
    listed = rabbit.control(stack.state, stack.topology, "list_queues", "-p", "tongban", "name", "type", "policy")
    channel.queue_delete(queue)
    assert f"{queue}\tquorum\tpermits-consumption" in listed.splitlines()


def test_an_event_that_nobody_hears_is_returned(channel_of: Any) -> None:
    with pytest.raises(UnroutableError):
        channel_of("permits").basic_publish(
            "permits.events", routing_key("permits", "NobodyHears"), b"", mandatory=True
        )


def test_a_confirmed_message_survives_the_death_of_the_broker(stack: Servers, channel_of: Any) -> None:
    channel_of("certificates").basic_publish(
        "certificates.dead", "", b"keep", pika.BasicProperties(delivery_mode=2), mandatory=True
    )
    stack.kill_rabbit()
    stack.start_rabbit()
    channel = channel_of("certificates")
    bodies = []
    for _method, _properties, body in channel.consume("certificates.dead", auto_ack=True, inactivity_timeout=10):
        bodies.append(body)
        if body in (b"keep", None):
            break
    assert b"keep" in bodies


def test_a_queue_that_is_as_new_as_the_death_of_the_broker_answers_after_it(stack: Servers, channel_of: Any) -> None:
    """The broker notes whose log a new queue's is a second late; a queue that it forgot was there and answered nothing for ever."""
    queue = "permits.on_sample_happened.v1"
    channel_of("permits").queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})
    stack.kill_rabbit()
    stack.start_rabbit()
    channel = channel_of("admin")
    channel.basic_publish("", queue, b"taken", pika.BasicProperties(delivery_mode=2), mandatory=True)
    _method, _properties, body = channel.basic_get(queue, auto_ack=True)
    channel_of("admin").queue_delete(queue)  # the broker may break a channel that sent to the queue when it goes
    assert body == b"taken"


def test_a_write_survives_the_death_of_the_store(stack: Servers) -> None:
    with MongoClient[dict[str, Any]](stack.mongo_uri("handoff"), w="majority") as client:
        client.handoff.notes.insert_one({"_id": "keep"})
    stack.kill_mongo()
    stack.start_mongo()
    with MongoClient[dict[str, Any]](stack.mongo_uri("handoff")) as client:
        assert client.handoff.notes.find_one({"_id": "keep"})


def test_the_broker_exports_metrics_on_loopback(stack: Servers) -> None:
    with urllib.request.urlopen(
        f"http://127.0.0.1:{stack.topology.rabbit['metrics_port']}/metrics", timeout=5
    ) as answer:
        assert b"rabbitmq_build_info" in answer.read()


def test_nothing_listens_beyond_loopback(stack: Servers) -> None:
    ports = set(stack.topology.all_ports().values())
    listening = [
        c.laddr for c in psutil.net_connections("tcp") if c.status == psutil.CONN_LISTEN and c.laddr.port in ports
    ]
    assert len(listening) >= 5
    assert {address.ip for address in listening} <= {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
