"""`python -m services.hotline rpc|worker`: puts the parts together and runs one of the two processes."""

from __future__ import annotations

import sys

PROCESS = sys.argv[1] if len(sys.argv) > 1 else ""
if PROCESS == "worker":
    from shared.green import patch

    patch()

from services.hotline.config import GRPC_SERVICE, SERVICE, Settings
from services.hotline.store import HotlineStore, order_of
from services.hotline.usecases.context import Parts
from shared import logs
from shared.clock import SystemClock
from shared.documents import to_document
from shared.mongo import connect
from shared.outbox import Outbox
from shared.personal_data import read_sealer
from shared.publisher import Publisher
from shared.settings import read_settings
from shared.topology import load_topology

# How often deadlines are looked at; the shortest limit is 15 minutes.
DUE_SECONDS = 5.0


def main() -> None:
    """Run the process named on the command line."""
    settings, topology, clock = read_settings(Settings), load_topology(), SystemClock()
    service = topology.services[SERVICE]
    logs.configure(SERVICE, PROCESS, settings.log_level)
    store = HotlineStore(connect(settings, SERVICE), service.database)
    store.prepare()
    publisher = Publisher(settings.amqp_uri, topology.publish_window)
    outbox = Outbox(SERVICE, {"orders": store.orders}, publisher, topology, clock, settings.outbox_limit)
    sealer = read_sealer(settings.key_dir / SERVICE)
    parts = Parts(store, outbox, clock, sealer, settings.region, to_document, order_of)

    if PROCESS == "worker":
        from services.hotline.handlers import HotlineHandlers
        from services.hotline.usecases.orders import act_on_order
        from shared import worker
        from shared.due_items import sweep_due

        worker_parts = worker.Parts(settings, topology, clock, publisher, outbox, store, parts)
        sweep = worker.Timer(
            "due-orders", DUE_SECONDS, lambda: sweep_due(store.orders, clock, lambda i: act_on_order(parts, i))
        )
        worker.run_worker(HotlineHandlers, worker_parts, store.leases, service.worker_metrics_port, (sweep,))
    elif PROCESS == "rpc":
        from shared import rpc_process

        rpc_process.run(settings, GRPC_SERVICE, service, store, publisher, outbox, lambda server: _serve(parts, server))
    else:
        raise SystemExit(f"usage: python -m services.{SERVICE} rpc|worker")


def _serve(parts: Parts, server: object) -> None:
    from tongban.hotline.v1.service_pb2_grpc import add_HotlineServiceServicer_to_server

    from services.hotline.rpc import HotlineServicer

    add_HotlineServiceServicer_to_server(HotlineServicer(parts), server)  # type: ignore[arg-type, no-untyped-call, unused-ignore]


if __name__ == "__main__":
    main()
