"""`python -m services.handoff rpc|worker`: puts the parts together and runs one of the two processes."""

from __future__ import annotations

import sys

PROCESS = sys.argv[1] if len(sys.argv) > 1 else ""
if PROCESS == "worker":
    from shared.green import patch

    patch()

import dataclasses

import yaml

from services.handoff.config import GRPC_SERVICE, SERVICE, Settings
from services.handoff.domain.agreement import Agreements
from services.handoff.store import HandoffStore, case_of, to_document
from services.handoff.usecases.context import Parts
from shared import logs
from shared.clock import SystemClock
from shared.message_keys import Partners, read_message_key
from shared.mongo import connect
from shared.outbox import Outbox
from shared.personal_data import read_sealer
from shared.publisher import Publisher
from shared.settings import read_settings
from shared.topology import load_topology

# How often deadlines and waiting messages are looked at; a fresh message goes out at once by its event.
DUE_SECONDS, DELIVER_SECONDS, TRIM_SECONDS = 5.0, 1.0, 3600.0


def main() -> None:
    """Run the process named on the command line."""
    settings, topology, clock = read_settings(Settings), load_topology(), SystemClock()
    service = topology.services[SERVICE]
    logs.configure(SERVICE, PROCESS, settings.log_level)
    store = HandoffStore(connect(settings, SERVICE), service.database, clock, settings.feed_days)
    store.prepare()
    publisher = Publisher(settings.amqp_uri, topology.publish_window)
    outbox = Outbox(SERVICE, {"cases": store.cases}, publisher, topology, clock, settings.outbox_limit)
    folder = settings.key_dir / SERVICE
    agreements = Agreements(yaml.safe_load(settings.agreements_file.read_text(encoding="utf-8")), settings.region)
    parts = Parts(
        store, outbox, clock, read_sealer(folder), settings.region, agreements, Partners(settings.partners_file),
        read_message_key(folder), to_document, case_of,
    )  # fmt: skip

    if PROCESS == "worker":
        from services.handoff.handlers import HandoffHandlers
        from services.handoff.usecases.delivery import deliver_due
        from services.handoff.usecases.window import act_on_case
        from services.handoff.wire import HttpWire
        from shared import worker
        from shared.due_items import sweep_due

        wire = HttpWire(parts.partners, parts.key, clock, settings.partner_seconds)
        parts = dataclasses.replace(parts, wire=wire)
        worker_parts = worker.Parts(settings, topology, clock, publisher, outbox, store, parts)
        timers = (
            worker.Timer(
                "due-cases", DUE_SECONDS, lambda: sweep_due(store.cases, clock, lambda i: act_on_case(parts, i))
            ),
            worker.Timer("due-messages", DELIVER_SECONDS, lambda: deliver_due(parts)),
            worker.Timer("trim-feed", TRIM_SECONDS, store.trim_feed),
        )
        worker.run_worker(HandoffHandlers, worker_parts, store.leases, service.worker_metrics_port, timers)
    elif PROCESS == "rpc":
        from shared import rpc_process

        rpc_process.run(settings, GRPC_SERVICE, service, store, publisher, outbox, lambda server: _serve(parts, server))
    else:
        raise SystemExit(f"usage: python -m services.{SERVICE} rpc|worker")


def _serve(parts: Parts, server: object) -> None:
    from tongban.handoff.v1.service_pb2_grpc import add_HandoffServiceServicer_to_server

    from services.handoff.rpc import HandoffServicer

    add_HandoffServiceServicer_to_server(HandoffServicer(parts, parts.store), server)  # type: ignore[arg-type, no-untyped-call, unused-ignore]


if __name__ == "__main__":
    main()
