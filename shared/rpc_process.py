"""Putting an rpc process together: publisher, outbox, readiness, server; the same in every service."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from tongban.audit.v1.service_pb2_grpc import add_AuditServiceServicer_to_server

from shared.audit_service import AuditServicer
from shared.clock import SystemClock
from shared.grpc_server import run_server
from shared.handled_events import HandledEvents
from shared.logs import get_logger
from shared.outbox import Outbox
from shared.publisher import Publisher
from shared.readiness import Readiness
from shared.settings import ProcessSettings
from shared.topology import Service

log = get_logger(__name__)
MEASURE_SECONDS = 2.0


def run(
    settings: ProcessSettings, grpc_service: str, service: Service, store: Any, publisher: Publisher, outbox: Outbox,
    register: Callable[[Any], None],
) -> None:  # fmt: skip
    """Serve the service's contract, and what the audit asks, until SIGTERM, publishing what its commands store."""
    readiness = Readiness()
    readiness.add_check("broker", publisher.reason)
    readiness.add_check("store", store.reason)
    publisher.start()
    outbox.start()
    stopped = threading.Event()
    threading.Thread(target=_measure, args=(outbox, stopped), name="outbox-measure", daemon=True).start()

    def stop() -> None:
        stopped.set()
        outbox.stop()
        publisher.stop()

    def register_all(server: Any) -> None:
        register(server)
        handled = HandledEvents(store.client, store.database)
        audit = AuditServicer(store.audited(), outbox.collections, handled, SystemClock())
        add_AuditServiceServicer_to_server(audit, server)  # type: ignore[no-untyped-call, unused-ignore]

    run_server(settings, grpc_service, service.rpc_port, service.rpc_metrics_port, readiness, register_all, stop)


def _measure(outbox: Outbox, stopped: threading.Event) -> None:
    while not stopped.wait(MEASURE_SECONDS):
        try:
            outbox.measure()
        except Exception as error:
            log.warning("outbox_not_measured", error=type(error).__name__)
