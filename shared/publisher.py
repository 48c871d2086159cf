"""Publishing with confirms: one pika connection on a thread of its own, a bounded window, an outcome for every message.

pika connections belong to one thread; others hand over through `publish`, which never blocks. A message is CONFIRMED
when a majority of the quorum queue has it, UNROUTABLE when no queue took it (mandatory), FAILED when the broker refused
or the connection broke: then nobody knows, and whoever asked must publish the same id again.
Runs on native threads in an rpc process and on green ones in a worker (eventlet patches `select`).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import suppress
from typing import Any

import pika
from pika.exceptions import AMQPError
from pika.spec import Basic, BasicProperties

from shared import metrics
from shared.logs import get_logger
from shared.outgoing import Outcome, Outgoing

log = get_logger(__name__)
RECONNECT_SECONDS = (0.2, 0.5, 1.0, 2.0)


class Publisher:
    """One publishing connection. `window`: messages sent and not yet confirmed, at most."""

    def __init__(self, amqp_uri: str, window: int = 500) -> None:
        self._parameters = pika.URLParameters(amqp_uri)
        self._parameters.heartbeat = 30
        self._window = window
        self._waiting: deque[Outgoing] = deque()
        self._unconfirmed: dict[int, Outgoing] = {}
        self._tag = 0
        self._connection: Any = None
        self._channel: Any = None
        self._wake_scheduled = False
        self._lock = threading.Lock()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def connected(self) -> bool:
        return self._channel is not None

    def reason(self) -> str | None:
        """Readiness check: None while the connection is open."""
        return None if self.connected else "broker is not connected"

    def publish(self, message: Outgoing) -> None:
        """Hand over a message; without a connection it fails at once (the outbox keeps what it is about)."""
        if not self.connected or self._stopping:
            message.on_outcome(Outcome.FAILED)
            return
        with self._lock:
            self._waiting.append(message)
            schedule, self._wake_scheduled = not self._wake_scheduled, True
        if schedule:
            try:
                self._connection.ioloop.add_callback_threadsafe(self._drain)
            except (AttributeError, AMQPError, OSError):
                self._fail_all()

    def stop(self, timeout: float = 5.0) -> None:
        """Wait for what is under way, then close."""
        deadline = time.monotonic() + timeout
        while (self._waiting or self._unconfirmed) and self.connected and time.monotonic() < deadline:
            time.sleep(0.01)
        self._stopping = True
        connection = self._connection
        if connection is not None:
            connection.ioloop.add_callback_threadsafe(self._close)
        self._thread.join(timeout)

    def _run(self) -> None:
        attempt = 0
        while not self._stopping:
            try:
                self._connection = pika.SelectConnection(
                    self._parameters,
                    on_open_callback=lambda c: c.channel(on_open_callback=self._on_channel),
                    on_open_error_callback=lambda c, _e: c.ioloop.stop(),
                    on_close_callback=lambda c, _e: c.ioloop.stop(),
                )
                self._connection.ioloop.start()
            except Exception as error:
                log.warning("publisher_connection_broke", error=type(error).__name__)
            attempt = 0 if self.connected else attempt + 1
            self._channel = None
            if self._connection is not None:
                with suppress(Exception):  # its files go now, not when the collector comes, which is seldom
                    self._connection.ioloop.close()
            metrics.BROKER_CONNECTED.set(0)
            self._fail_all()
            if not self._stopping:
                time.sleep(RECONNECT_SECONDS[min(attempt, len(RECONNECT_SECONDS) - 1)])

    def _on_channel(self, channel: Any) -> None:
        self._tag = 0
        channel.add_on_close_callback(lambda _c, _e: self._close())
        channel.add_on_return_callback(self._on_return)
        channel.confirm_delivery(self._on_confirm, callback=lambda _frame: self._on_open(channel))

    def _on_open(self, channel: Any) -> None:
        self._channel = channel
        metrics.BROKER_CONNECTED.set(1)
        self._drain()

    def _drain(self) -> None:
        with self._lock:
            self._wake_scheduled = False
        while self._channel is not None and self._waiting and len(self._unconfirmed) < self._window:
            message = self._waiting.popleft()
            self._tag += 1
            self._unconfirmed[self._tag] = message
            properties = BasicProperties(
                content_type=message.content_type,
                content_encoding="binary",
                delivery_mode=2,
                message_id=str(self._tag),
                headers=message.headers or None,
            )
            self._channel.basic_publish(
                message.exchange, message.routing_key, message.body, properties, mandatory=message.mandatory
            )

    def _on_return(self, _channel: Any, _method: Any, properties: BasicProperties, _body: bytes) -> None:
        message = self._unconfirmed.get(int(properties.message_id or 0))
        if message is not None:
            message.returned = True  # the confirm follows; only then is it settled

    def _on_confirm(self, frame: Any) -> None:
        method = frame.method
        tags = (
            [tag for tag in self._unconfirmed if tag <= method.delivery_tag]
            if method.multiple
            else [method.delivery_tag]
        )
        for tag in tags:
            message = self._unconfirmed.pop(tag, None)
            if message is None:
                continue
            if isinstance(method, Basic.Nack):
                message.on_outcome(Outcome.FAILED)
            else:
                message.on_outcome(Outcome.UNROUTABLE if message.returned else Outcome.CONFIRMED)
        self._drain()

    def _close(self) -> None:
        self._channel = None
        if self._connection is not None and self._connection.is_open:
            self._connection.close()

    def _fail_all(self) -> None:
        with self._lock:
            failed = [*self._unconfirmed.values(), *self._waiting]
            self._unconfirmed.clear()
            self._waiting.clear()
            self._wake_scheduled = False
        for message in failed:
            message.on_outcome(Outcome.FAILED)
