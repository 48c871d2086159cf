"""`python -m services.permits rpc|worker`: puts the parts together and runs one of the two processes."""

from __future__ import annotations

import sys

PROCESS = sys.argv[1] if len(sys.argv) > 1 else ""
if PROCESS == "worker":
    from shared.green import patch

    patch()

from collections.abc import Callable
from typing import Any

from services.permits.config import GRPC_SERVICE, SERVICE, Settings
from services.permits.domain.catalogue import catalogue
from services.permits.store import PermitStore
from services.permits.store.permit_store import bundle_of, case_of, filing_of, project_of
from services.permits.usecases.context import Parts
from shared import logs
from shared.clock import SystemClock
from shared.documents import to_document
from shared.mongo import connect
from shared.outbox import Outbox
from shared.personal_data import read_sealer
from shared.publisher import Publisher
from shared.settings import read_settings
from shared.topology import load_topology

# How often deadlines are looked at; each is acted on once, however many replicas look.
DUE_SECONDS = 5.0


def main() -> None:
    """Run the process named on the command line."""
    settings, topology, clock = read_settings(Settings), load_topology(), SystemClock()
    service = topology.services[SERVICE]
    logs.configure(SERVICE, PROCESS, settings.log_level)
    store = PermitStore(connect(settings, SERVICE), service.database)
    store.prepare()
    publisher = Publisher(settings.amqp_uri, topology.publish_window)
    outbox = Outbox(SERVICE, store.collections, publisher, topology, clock, settings.outbox_limit)
    parts = Parts(
        store, outbox, clock, read_sealer(settings.key_dir / SERVICE), catalogue(settings.region), to_document,
        case_of, filing_of, bundle_of, project_of,
    )  # fmt: skip

    if PROCESS == "worker":
        from services.permits.handlers import PermitsHandlers
        from services.permits.usecases import bundles, due, projects
        from shared import worker
        from shared.due_items import sweep_due

        worker_parts = worker.Parts(settings, topology, clock, publisher, outbox, store, parts)

        def due_timer(name: str, found: Any, act: Callable[[Parts, str], bool]) -> worker.Timer:
            job = lambda: sweep_due(found, clock, lambda document_id: act(parts, document_id))  # noqa: E731
            return worker.Timer(f"due-{name}", DUE_SECONDS, job)

        timers = (
            due_timer("cases", store.cases, due.act_on_case),
            due_timer("filings", store.filings, due.act_on_filing),
            due_timer("bundles", store.bundles, bundles.act_on_bundle),
            due_timer("projects", store.projects, projects.act_on_project),
        )
        worker.run_worker(PermitsHandlers, worker_parts, store.leases, service.worker_metrics_port, timers)
    elif PROCESS == "rpc":
        from shared import rpc_process

        rpc_process.run(settings, GRPC_SERVICE, service, store, publisher, outbox, lambda server: _serve(parts, server))
    else:
        raise SystemExit(f"usage: python -m services.{SERVICE} rpc|worker")


def _serve(parts: Parts, server: object) -> None:
    from tongban.permits.v1.service_pb2_grpc import add_PermitServiceServicer_to_server

    from services.permits.rpc import PermitServicer

    add_PermitServiceServicer_to_server(PermitServicer(parts), server)  # type: ignore[arg-type, no-untyped-call, unused-ignore]


if __name__ == "__main__":
    main()
