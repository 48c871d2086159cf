"""What could not be handled: seen, and sent back to its queue on purpose, never dropped.

`<service>.dead` holds messages that a handler gave up (with reason, attempt and queue in headers), that could not be
decoded, or that the broker gave up after its delivery limit (x-death tells the queue). Nothing leaves but by `replay`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pika

from shared.events import decode_batch
from shared.failures import InvalidArgument
from shared.topology import dead_queue_name

ATTEMPT_HEADER, REASON_HEADER, QUEUE_HEADER = "x-tongban-attempt", "x-tongban-reason", "x-tongban-queue"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message of a dead queue. `event_ids` is empty when it cannot be decoded."""

    queue: str
    reason: str
    attempts: int
    event_type: str
    event_ids: tuple[str, ...]
    subjects: tuple[str, ...]


def list_dead(amqp_uri: str, service: str, limit: int = 100) -> list[DeadLetter]:
    """The first messages of a service's dead queue; they stay where they are."""
    with pika.BlockingConnection(pika.URLParameters(amqp_uri)) as connection:
        channel = connection.channel()
        found = [_read(message) for message in _messages(channel, service, limit)]
        channel.close()  # what was looked at and not acknowledged goes back
        return found


def replay_dead(amqp_uri: str, service: str, wanted: Callable[[DeadLetter], bool], limit: int = 10_000) -> int:
    """Send the wanted messages back to the queues they came from, confirmed, with a fresh count of tries."""
    with pika.BlockingConnection(pika.URLParameters(amqp_uri)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        replayed = 0
        for message in _messages(channel, service, limit):
            (method, properties, body), letter = message, _read(message)
            if letter.queue and wanted(letter):
                again = pika.BasicProperties(
                    content_type=properties.content_type, content_encoding=properties.content_encoding, delivery_mode=2
                )
                channel.basic_publish(f"{service}.requeue", letter.queue, body, again, mandatory=True)
                channel.basic_ack(method.delivery_tag)
                replayed += 1
        channel.close()
        return replayed


def _messages(channel: Any, service: str, limit: int) -> Iterator[tuple[Any, Any, bytes]]:
    for _ in range(limit):
        method, properties, body = channel.basic_get(dead_queue_name(service), auto_ack=False)
        if method is None:
            return
        yield method, properties, body


def _read(message: Any) -> DeadLetter:
    _method, properties, body = message
    headers = properties.headers or {}
    death = (headers.get("x-death") or [{}])[0]
    try:
        events = decode_batch(body)
    except InvalidArgument:
        events = []
    return DeadLetter(
        queue=headers.get(QUEUE_HEADER) or death.get("queue", ""),
        reason=headers.get(REASON_HEADER) or death.get("reason", "unknown"),
        attempts=int(headers.get(ATTEMPT_HEADER, death.get("count", 0))),
        event_type=events[0].type if events else "",
        event_ids=tuple(event.id for event in events),
        subjects=tuple(event.subject for event in events),
    )
