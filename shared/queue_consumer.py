"""The one connection on which a worker hears events, questions and answers: back within seconds of the broker, losing nothing
that was not settled, with a limited number of seats for events."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from amqp.exceptions import AMQPError
from eventlet.semaphore import Semaphore
from nameko.messaging import QueueConsumer

from shared import metrics
from shared.logs import get_logger

log = get_logger(__name__)
# Of the messages that a worker handles at once, one in four may only be a question of another service. Handlers of events wait for
# others; were all of them to wait, this service answered nobody, and those who wait for it would answer nobody either.
KEPT_FOR_ANSWERS = 4
# The connection went away under an answer to the broker: it gives the message out again. nameko knows only one of the ways
# in which that shows (amqp's ConnectionError); any other would end the container, and with it all consuming.
GONE = (OSError, AMQPError)


class BatchQueueConsumer(QueueConsumer):  # type: ignore[misc]
    """nameko's consumer, back within seconds of the broker, rejecting (not acknowledging) what kombu cannot decode."""

    def establish_connection(self) -> Any:
        connection = self.create_connection()
        connection.ensure_connection(
            self.on_connection_error, None, interval_start=0.5, interval_step=0.5, interval_max=2
        )
        return connection

    def __init__(self) -> None:
        super().__init__()
        self._in_flight = 0
        self.seats = Semaphore(1)

    def setup(self) -> None:
        """Count the seats for events; who has none yet waits in the order of coming."""
        handled = self.container.max_workers
        self.seats = Semaphore(max(1, handled - -(-handled // KEPT_FOR_ANSWERS)))

    def handle_message(self, provider: Any, body: bytes, message: Any) -> None:
        self._in_flight += 1
        super().handle_message(provider, body, message)

    def ack_message(self, message: Any) -> None:
        self._in_flight -= 1
        with suppress(*GONE):
            super().ack_message(message)

    def requeue_message(self, message: Any) -> None:
        self._in_flight -= 1
        with suppress(*GONE):
            super().requeue_message(message)

    def reject_message(self, message: Any, error: Exception) -> None:
        """A message that came to a handler and is of no kind that one takes."""
        self._in_flight -= 1
        with suppress(*GONE):
            self.on_decode_error(message, error)

    def on_iteration(self) -> None:
        """Leave only when every message that came is settled: nameko would close the connection before the last ack."""
        self._cancel_consumers_if_requested()
        if not self._consumers and self._in_flight <= 0:
            self.should_stop = True

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        log.error("message_undecodable", queue=message.delivery_info.get("routing_key"), error=type(exc).__name__)
        metrics.EVENTS_DEAD.labels("unknown", "UNKNOWN_CONTENT_TYPE").inc()
        message.reject()  # the queue's policy dead-letters it with reason "rejected"
