"""Tests that start processes begin with an empty stack, whatever ran before them."""

from __future__ import annotations

from typing import Any

import pika
from pymongo import MongoClient

from shared.topology import dead_queue_name, retry_queue_name
from tests.integration.processes import empty

QUEUE = "registration.on_application_submitted.v1"


def test_nothing_that_others_left_is_swept_up_or_heard(servers: Any) -> None:
    client: MongoClient[dict[str, Any]] = MongoClient(servers.mongo_uri("registration"))
    applications = client.get_default_database().applications
    applications.insert_one({"_id": "left-behind", "pending": ["evt_1"], "timeline": []})
    connection = pika.BlockingConnection(pika.URLParameters(servers.admin_amqp_uri))
    channel = connection.channel()
    channel.confirm_delivery()
    queues = (QUEUE, retry_queue_name(QUEUE, 1), dead_queue_name("registration"))
    for queue in queues:
        channel.basic_publish("", queue, b"left behind", mandatory=True)

    empty(servers)

    assert applications.count_documents({}) == 0
    assert [channel.queue_declare(queue, passive=True).method.message_count for queue in queues] == [0, 0, 0]
    connection.close()
    client.close()
