"""`python -m services.handoff rpc|worker`: puts the parts together and runs one of the two processes."""

from __future__ import annotations

import sys

PROCESS = sys.argv[1] if len(sys.argv) > 1 else ""
if PROCESS == "worker":
    from shared.green import patch

    patch()

from services.handoff.config import GRPC_SERVICE, SERVICE, Settings
from services.handoff.store import HandoffStore
from shared import logs
from shared.clock import SystemClock
from shared.mongo import connect
from shared.outbox import Outbox
from shared.publisher import Publisher
from shared.settings import read_settings
from shared.topology import load_topology


def main() -> None:
    """Run the process named on the command line."""
    settings, topology, clock = read_settings(Settings), load_topology(), SystemClock()
    service = topology.services[SERVICE]
    logs.configure(SERVICE, PROCESS, settings.log_level)
    store = HandoffStore(connect(settings, SERVICE), service.database)
    publisher = Publisher(settings.amqp_uri, topology.publish_window)
    outbox = Outbox(SERVICE, {}, publisher, topology, clock, settings.outbox_limit)

    if PROCESS == "worker":
        from services.handoff.handlers import HandoffHandlers
        from shared import worker

        parts = worker.Parts(settings, topology, clock, publisher, outbox, store)
        worker.run_worker(HandoffHandlers, parts, store.leases, service.worker_metrics_port)
    elif PROCESS == "rpc":
        from shared import rpc_process

        rpc_process.run(settings, GRPC_SERVICE, service, store, publisher, outbox, _serve)
    else:
        raise SystemExit(f"usage: python -m services.{SERVICE} rpc|worker")


def _serve(server: object) -> None:
    from tongban.handoff.v1.service_pb2_grpc import add_HandoffServiceServicer_to_server

    from services.handoff.rpc import HandoffServicer

    add_HandoffServiceServicer_to_server(HandoffServicer(), server)  # type: ignore[arg-type, no-untyped-call, unused-ignore]


if __name__ == "__main__":
    main()
