"""The one nameko entrypoint of a worker: idempotent batches, retries with back-off, dead letters with a reason.

nameko's own handlers lose a message whose handler raises and one that cannot be decoded. Here a message is acknowledged
only when each of its events is handled, waits on a delay queue, or lies in `<service>.dead` with the reason; if the
broker does not confirm that, the message stays where it is. A failing event leaves its envelope and is tried alone; the
others are done once. A handler gets a list of events, may get them twice and in any order.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from kombu.entity import Queue
from nameko.exceptions import ContainerBeingKilled
from nameko.messaging import Consumer
from pymongo.errors import ConnectionFailure

from shared import metrics
from shared.dead_letters import ATTEMPT_HEADER, QUEUE_HEADER, REASON_HEADER
from shared.events import CONTENT_TYPE, Event, decode_batch
from shared.failures import InvalidArgument, Unavailable
from shared.handling import reason_of, run_handler
from shared.logs import get_logger
from shared.outgoing import Outcome, Outgoing
from shared.publisher import Publisher
from shared.queue_consumer import BatchQueueConsumer
from shared.topology import Topology, retry_queue_name

log = get_logger(__name__)
# While another part is Unavailable, or the own store away, the event is not at fault: it waits this many tries of the last
# delay (a day at 30 s).
UNAVAILABLE_ATTEMPTS = 2880
CONFIRM_SECONDS = 10.0


class EventsConsumer(Consumer):  # type: ignore[misc]
    """Entrypoint behind `on_events`."""

    queue_consumer = BatchQueueConsumer()

    def __init__(self, queue: str, **options: Any) -> None:
        self.queue_name = queue
        super().__init__(Queue(queue, no_declare=True, durable=True), **options)  # type: ignore[no-untyped-call]

    @property
    def _parts(self) -> Any:
        return self.container.config["parts"]

    def handle_message(self, body: bytes, message: Any) -> None:
        """Decode and hand to a worker; called by nameko for each message."""
        if not isinstance(body, bytes):  # kombu made something of it, as of the questions and answers beside the events
            self.queue_consumer.reject_message(message, TypeError("not the content type of events"))
            return
        try:
            events = decode_batch(body)
        except InvalidArgument as error:
            outgoing = self._dead(body, error, attempt=_attempt(message))
            self._finish(message, [outgoing])
            return
        done = partial(self._handled, message, events)
        self.queue_consumer.seats.acquire()
        try:
            self.container.spawn_worker(self, (events,), {}, context_data={}, handle_result=done)
        except ContainerBeingKilled:
            self.queue_consumer.seats.release()
            self.queue_consumer.requeue_message(message)

    def _handled(
        self, message: Any, events: list[Event], _context: Any, result: Any = None, exc_info: Any = None
    ) -> tuple[Any, Any]:
        try:
            self._settle(message, events, result, exc_info)
        finally:
            self.queue_consumer.seats.release()
        return result, exc_info

    def _settle(self, message: Any, events: list[Event], result: Any, exc_info: Any) -> None:
        # without a result: only a fault of the kit gets here; the broker's delivery limit ends it
        if exc_info is not None or not self._note(events, result):
            self.queue_consumer.requeue_message(message)
            return
        attempt = _attempt(message)
        self._finish(message, [self._after_failure(event, error, attempt) for event, error in result])

    def _note(self, events: list[Event], failed: list[tuple[Event, BaseException]]) -> bool:
        """Note what is handled, for the audit; without the note the message comes again (handlers may run twice)."""
        left = {event.id for event, _ in failed}
        done = [event.id for event in events if event.id not in left]
        try:
            if done:
                self._parts.handled.note(self.queue_name, done, self._parts.clock.now())
        except Exception as error:
            log.warning("handled_events_not_noted", queue=self.queue_name, error=type(error).__name__)
            return False
        return True

    def _after_failure(self, event: Event, error: BaseException, attempt: int) -> Outgoing:
        topology: Topology = self._parts.topology
        if attempt >= tries_allowed(error, topology):
            log.error(
                "event_dead", event_id=event.id, event_type=event.type, queue=self.queue_name, reason=reason_of(error)
            )
            return self._dead(event.raw, error, attempt)
        step = min(attempt + 1, len(topology.retry_delays_s))
        metrics.EVENTS_RETRIED.labels(self.queue_name, reason_of(error)).inc()
        return self._outgoing("retry", retry_queue_name(self.queue_name, step), event.raw, error, attempt + 1)

    def _dead(self, body: bytes, error: BaseException, attempt: int) -> Outgoing:
        metrics.EVENTS_DEAD.labels(self.queue_name, reason_of(error)).inc()
        return self._outgoing("dead", self.queue_name, body, error, attempt)

    def _outgoing(self, exchange: str, key: str, body: bytes, error: BaseException, attempt: int) -> Outgoing:
        headers = {ATTEMPT_HEADER: attempt, REASON_HEADER: reason_of(error), QUEUE_HEADER: self.queue_name}
        return Outgoing(
            exchange=f"{self.container.service_name}.{exchange}", routing_key=key, body=body, content_type=CONTENT_TYPE,
            headers=headers, on_outcome=lambda _outcome: None,
        )  # fmt: skip

    def _finish(self, message: Any, outgoing: Sequence[Outgoing]) -> None:
        """Acknowledge once everything that left the message is safe elsewhere; else give the message back."""
        if publish_all(self._parts.publisher, outgoing):
            self.queue_consumer.ack_message(message)
        else:
            self.queue_consumer.requeue_message(message)


def tries_allowed(error: BaseException, topology: Topology) -> int:
    """How often an event that failed with this is tried again."""
    waits = isinstance(error, (Unavailable, ConnectionFailure))
    return UNAVAILABLE_ATTEMPTS if waits else len(topology.retry_delays_s)


def publish_all(publisher: Publisher, messages: Sequence[Outgoing]) -> bool:
    """Publish and wait for the confirms; whether all of them are safe."""
    if not messages:
        return True
    outcomes: list[Outcome] = []
    settled = threading.Event()

    def note(outcome: Outcome) -> None:
        outcomes.append(outcome)
        if len(outcomes) == len(messages):
            settled.set()

    for message in messages:
        message.on_outcome = note
        publisher.publish(message)
    return settled.wait(CONFIRM_SECONDS) and all(outcome is Outcome.CONFIRMED for outcome in outcomes)


def _attempt(message: Any) -> int:
    value = (message.headers or {}).get(ATTEMPT_HEADER, 0)
    return value if isinstance(value, int) else 0


def on_events(queue: str) -> Callable[[Callable[[Any, list[Event]], None]], Any]:
    """Decorate a worker's method as the handler of a queue of `deploy/topology.yaml`."""

    def decorate(handler: Callable[[Any, list[Event]], None]) -> Any:
        def entrypoint(service: Any, events: list[Event]) -> Any:
            return run_handler(queue, handler, service, events)

        entrypoint.__name__, entrypoint.__doc__ = handler.__name__, handler.__doc__
        entrypoint.handled_queue = queue  # type: ignore[attr-defined]
        return EventsConsumer.decorator(queue)(entrypoint)

    return decorate
