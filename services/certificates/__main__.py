"""`python -m services.certificates rpc|worker`: puts the parts together and runs one of the two processes."""

from __future__ import annotations

import sys

PROCESS = sys.argv[1] if len(sys.argv) > 1 else ""
if PROCESS == "worker":
    from shared.green import patch

    patch()

from contextlib import nullcontext
from functools import cache
from typing import Any

from services.certificates.config import GRPC_SERVICE, SERVICE, Settings
from services.certificates.domain.fonts import require_fonts
from services.certificates.domain.keys import load_key_ring
from services.certificates.domain.seal_keys import load_seals
from services.certificates.store import CertificateStore
from services.certificates.usecases import Parts
from shared import logs
from shared.clock import SystemClock
from shared.mongo import connect
from shared.outbox import Outbox
from shared.personal_data import read_sealer
from shared.publisher import Publisher
from shared.settings import read_settings
from shared.topology import load_topology

# Files that a crash left without a certificate are looked for this often.
UNCLAIMED_SECONDS = 3600.0


def main() -> None:
    """Run the process named on the command line."""
    settings, topology, clock = read_settings(Settings), load_topology(), SystemClock()
    service = topology.services[SERVICE]
    logs.configure(SERVICE, PROCESS, settings.log_level)
    keys = settings.key_dir / SERVICE
    ring = load_key_ring(keys, clock.now(), settings.create_signing_key)
    seals = load_seals(keys, clock.now(), settings.create_signing_key)
    store = CertificateStore(connect(settings, SERVICE), service.database, read_sealer(keys))
    store.prepare()
    publisher = Publisher(settings.amqp_uri, topology.publish_window)
    outbox = Outbox(
        SERVICE, {"certificates": store.certificates}, publisher, topology, clock, settings.outbox_limit
    )  # fmt: skip
    public_urls = frozenset({settings.public_url, *settings.former_public_urls})

    if PROCESS == "worker":
        from services.certificates.handlers import CertificatesHandlers, NativeThread
        from shared import worker

        require_fonts(settings.font_dir)
        # one thread renders at a time (NativeThread), and a lock of the patched library must not cross threads
        make_renderer = cache(lambda: _renderer(settings, lock=nullcontext()))
        parts = Parts(store, outbox, clock, ring, make_renderer, public_urls, NativeThread(), seals)
        worker_parts = worker.Parts(settings, topology, clock, publisher, outbox, store, parts)
        unclaimed = worker.Timer(
            "unclaimed-files", UNCLAIMED_SECONDS, lambda: store.remove_unclaimed_files(clock.now())
        )
        worker.run_worker(CertificatesHandlers, worker_parts, store.leases, service.worker_metrics_port, (unclaimed,))
    elif PROCESS == "rpc":
        from shared import rpc_process

        # only pictures need the fonts here; the first one loads them
        make_renderer = cache(lambda: _renderer(settings))
        parts = Parts(store, outbox, clock, ring, make_renderer, public_urls, lambda function: function(), seals)
        rpc_process.run(settings, GRPC_SERVICE, service, store, publisher, outbox, lambda server: _serve(parts, server))
    else:
        raise SystemExit(f"usage: python -m services.{SERVICE} rpc|worker")


def _renderer(settings: Settings, **options: Any) -> Any:
    """The renderer with its compiler and fonts, loaded when the first certificate is drawn: a process at rest needs none."""
    from services.certificates.domain.rendering import Renderer

    return Renderer(settings.font_dir, settings.public_url, **options)


def _serve(parts: Parts, server: object) -> None:
    from tongban.certificates.v1.service_pb2_grpc import add_CertificateServiceServicer_to_server

    from services.certificates.rpc import CertificateServicer

    add_CertificateServiceServicer_to_server(CertificateServicer(parts), server)  # type: ignore[arg-type, no-untyped-call, unused-ignore]


if __name__ == "__main__":
    main()
