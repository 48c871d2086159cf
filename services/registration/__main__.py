"""`python -m services.registration rpc|worker`: puts the parts together and runs one of the two processes."""

from __future__ import annotations

import sys

PROCESS = sys.argv[1] if len(sys.argv) > 1 else ""
if PROCESS == "worker":
    from shared.green import patch

    patch()

import dataclasses

from services.registration.config import GRPC_SERVICE, SERVICE, Settings
from services.registration.store import RegisterStore
from services.registration.store.bundles import bundle_of
from services.registration.store.entity_cases import case_of
from services.registration.store.register import application_of, entity_of
from services.registration.usecases.context import Parts
from shared import logs
from shared.clock import SystemClock
from shared.documents import to_document
from shared.mongo import connect
from shared.outbox import Outbox
from shared.personal_data import read_sealer
from shared.publisher import Publisher
from shared.settings import read_settings
from shared.topology import load_topology

# How often the work list is looked at for reviews that are late; limits are days.
LATE_SECONDS, DUE_SECONDS, STOCK_SECONDS = 30.0, 5.0, 600.0
# Other authorities are asked within this time; bundles whose authority is slow are not waited for longer than this either.
BUNDLE_SECONDS = 1.0
# A batch is 200 entities, so a register of 300,000 of which a tenth is late is through in an hour and a half.
REPORT_SECONDS = 30.0


def main() -> None:
    """Run the process named on the command line."""
    settings, topology, clock = read_settings(Settings), load_topology(), SystemClock()
    service = topology.services[SERVICE]
    logs.configure(SERVICE, PROCESS, settings.log_level)
    store = RegisterStore(connect(settings, SERVICE), service.database)
    store.prepare()
    publisher = Publisher(settings.amqp_uri, topology.publish_window)
    collections = {"applications": store.applications, "entities": store.entities, "names": store.names}
    collections |= {"forwarded_cases": store.forwarded_cases, "entity_cases": store.cases.collection}
    collections["entity_bundles"] = store.bundles.collection
    outbox = Outbox(SERVICE, collections, publisher, topology, clock, settings.outbox_limit)
    folder = settings.key_dir / SERVICE
    sealer = read_sealer(folder)
    parts = Parts(
        store, outbox, clock, sealer, settings.region, to_document, application_of, entity_of, store.cases, case_of,
        store.bundles, bundle_of,
    )  # fmt: skip

    if PROCESS == "worker":
        from services.registration.handlers import RegistrationHandlers
        from services.registration.usecases.annual_reports import list_late_reporters
        from services.registration.usecases.bundle_steps import act_on_due_bundle
        from services.registration.usecases.entity_cases import act_on_due_case
        from services.registration.usecases.statistics import check_stock
        from services.registration.usecases.work_list import date_reviews, tell_late
        from services.registration.wire import HttpAuthorities
        from shared import worker
        from shared.due_items import sweep_due
        from shared.green import side_by_side, side_by_side_for

        wire = HttpAuthorities(settings.authorities_file, folder, clock, settings.authority_seconds, side_by_side())
        parts = dataclasses.replace(parts, authorities=wire)
        worker_parts = worker.Parts(settings, topology, clock, publisher, outbox, store, parts)
        timers = (
            worker.Timer("undated-reviews", LATE_SECONDS, lambda: date_reviews(parts)),
            worker.Timer("late-reviews", LATE_SECONDS, lambda: tell_late(parts)),
            worker.Timer(
                "due-entity-cases", DUE_SECONDS,
                lambda: sweep_due(store.cases.collection, clock, lambda case_id: act_on_due_case(parts, case_id)),
            ),
            worker.Timer(
                "due-bundles", BUNDLE_SECONDS,
                lambda: sweep_due(
                    store.bundles.collection, clock, lambda bundle_id: act_on_due_bundle(parts, bundle_id),
                    each=side_by_side_for(BUNDLE_SECONDS),
                ),
            ),
            worker.Timer("annual-reports", REPORT_SECONDS, lambda: list_late_reporters(parts)),
            worker.Timer("stock-check", STOCK_SECONDS, lambda: check_stock(parts)),
        )  # fmt: skip
        worker.run_worker(RegistrationHandlers, worker_parts, store.leases, service.worker_metrics_port, timers)
    elif PROCESS == "rpc":
        from shared import rpc_process

        rpc_process.run(settings, GRPC_SERVICE, service, store, publisher, outbox, lambda server: _serve(parts, server))
    else:
        raise SystemExit(f"usage: python -m services.{SERVICE} rpc|worker")


def _serve(parts: Parts, server: object) -> None:
    from tongban.registration.v1.service_pb2_grpc import add_RegistrationServiceServicer_to_server

    from services.registration.rpc import RegistrationServicer

    add_RegistrationServiceServicer_to_server(RegistrationServicer(parts), server)  # type: ignore[arg-type, no-untyped-call, unused-ignore]


if __name__ == "__main__":
    main()
