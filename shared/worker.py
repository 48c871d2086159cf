"""The worker process of a service: event handlers, timers and the outbox sweeper, on eventlet.

`python -m services.<name> worker` calls `shared.green.patch()` before anything else is imported, then `run_worker`. Never a
gRPC server or client in here: a server in a patched process hangs, a client freezes the hub.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from nameko.extensions import DependencyProvider

from shared import garbage
from shared.bus_topology import QueueArgumentsChanged, declare_service
from shared.clock import Clock
from shared.events import CONTENT_TYPE
from shared.handled_events import HandledEvents
from shared.leases import take_lease
from shared.logs import get_logger
from shared.outbox import Outbox
from shared.publisher import Publisher
from shared.readiness import Readiness, serve_operations
from shared.settings import ProcessSettings
from shared.topology import Topology

log = get_logger(__name__)
SWEEP_SECONDS = 2.0


@dataclass(frozen=True)
class Parts:
    """What a handler may use: reached as `self.parts` in a handler class."""

    settings: ProcessSettings
    topology: Topology
    clock: Clock
    publisher: Publisher
    outbox: Outbox
    store: Any
    extra: Any = None

    @cached_property
    def handled(self) -> HandledEvents:
        """Notes of what this worker's queues have handled."""
        return HandledEvents(self.store.client, self.store.database)


class PartsProvider(DependencyProvider):  # type: ignore[misc]
    """Gives a handler class its `parts` (nameko asks before each call)."""

    def get_dependency(self, worker_ctx: Any) -> Parts:
        return cast(Parts, self.container.config["parts"])


@dataclass(frozen=True)
class Timer:
    """A job run every so many seconds by one replica at a time (lease)."""

    name: str
    seconds: float
    job: Callable[[], object]


def run_worker(handlers: type, parts: Parts, leases: Any, port: int, timers: tuple[Timer, ...] = ()) -> None:
    """Run until SIGTERM: declare own queues, consume, sweep; on SIGTERM finish what runs, then leave."""
    import eventlet
    from kombu.serialization import register
    from nameko.runners import ServiceRunner

    settings, service = parts.settings, handlers.name  # type: ignore[attr-defined]
    register(  # type: ignore[no-untyped-call]
        "cloudevents-batch", bytes, bytes, content_type=CONTENT_TYPE, content_encoding="binary"
    )
    readiness = Readiness()
    readiness.add_check("broker", parts.publisher.reason)
    readiness.add_check("store", parts.store.reason)
    readiness.set_reason("consumer", "not started")
    serve_operations(settings.bind_host, port, readiness)
    stopped = eventlet.event.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.ready() or stopped.send())
    signal.signal(signal.SIGINT, lambda *_: stopped.ready() or stopped.send())
    parts.publisher.start()
    parts.outbox.start()

    config = {
        "AMQP_URI": settings.amqp_uri,
        "max_workers": settings.worker_greenlets,
        "heartbeat": 15,
        "ACCEPT": ["cloudevents-batch", "json"],
        "parts": parts,
    }
    runner = ServiceRunner(config)
    runner.add_service(handlers)
    begun = eventlet.event.Event()
    eventlet.spawn(_consume, runner, parts, service, readiness, begun, stopped)
    sweep = Timer("outbox-sweep", SWEEP_SECONDS, parts.outbox.sweep)
    holder = f"{socket.gethostname()}:{os.getpid()}"
    for timer in (sweep, *timers):
        eventlet.spawn(_run_timer, timer, leases, holder, parts.clock, stopped)

    stopped.wait()
    readiness.set_reason("consumer", "stopping")
    try:
        with eventlet.Timeout(settings.drain_seconds):
            if begun.ready():
                runner.stop()
            parts.outbox.stop()
            parts.publisher.stop()
    except eventlet.Timeout:  # what it had begun is given out again; what it had not published is swept up
        log.warning("worker_stopped_in_the_middle", seconds=settings.drain_seconds)
    log.info("worker_stopped")
    os._exit(0)


def _consume(runner: Any, parts: Parts, service: str, readiness: Readiness, begun: Any, stopped: Any) -> None:
    import eventlet

    while not stopped.ready():
        try:
            queues = [s.queue for s in parts.topology.services[service].subscriptions]
            parts.handled.prepare(queues, parts.clock.now())
            declare_service(parts.settings.amqp_uri, parts.topology, service)
            break
        except QueueArgumentsChanged as error:
            readiness.set_reason("consumer", error.message)
            log.error("queue_arguments_changed", queue=error.metadata.get("queue"))
        except Exception as error:
            readiness.set_reason("consumer", f"cannot declare queues: {type(error).__name__}")
        eventlet.sleep(2)
    runner.start()
    begun.send()
    garbage.settle()
    readiness.set_reason("consumer", None)
    log.info("worker_started")
    try:
        runner.wait()
    except Exception as error:  # a fault of the kit: nothing is consumed any more
        log.error("container_ended", error=type(error).__name__)
    if not stopped.ready():
        os._exit(1)  # whoever supervises starts it anew; a worker that hears nothing helps nobody


def _run_timer(timer: Timer, leases: Any, holder: str, clock: Clock, stopped: Any) -> None:
    import eventlet

    while not stopped.ready():
        eventlet.sleep(timer.seconds)
        try:
            if take_lease(leases, timer.name, holder, timer.seconds * 3, clock):
                timer.job()
        except Exception as error:  # a timer never ends; the next round tries again
            log.warning("timer_failed", timer=timer.name, error=type(error).__name__)
