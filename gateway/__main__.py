"""`python -m gateway`: serves the API and the pages; metrics on a port of their own. SIGTERM finishes what runs."""

from __future__ import annotations

import gc
import signal

import uvicorn

from gateway.app import create_app
from gateway.config import read_settings
from gateway.server import protocol_class
from shared import logs
from shared.logs import get_logger
from shared.readiness import Readiness, serve_operations
from shared.topology import load_topology


def main() -> None:
    """Serve until SIGTERM: then take no new connections, finish running requests, leave."""
    settings, topology = read_settings(), load_topology()
    logs.configure("gateway", "http", settings.log_level)
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        host=settings.bind_host,
        port=topology.gateway_port,
        loop="uvloop",
        http=protocol_class(settings.header_seconds, settings.connections),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        # whoever stands in front tells the peer's address, which nothing here uses
        proxy_headers=False,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=settings.drain_seconds,
        backlog=1024,
    )
    serve_operations(settings.bind_host, topology.gateway_metrics_port, Readiness())
    # what is there now stays; looking through all of it again and again would make pauses that clients notice
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    # uvicorn raises the signal again when all is finished; leaving by it would look like a crash
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    get_logger(__name__).info("gateway_started", port=topology.gateway_port)
    uvicorn.Server(config).run()
    get_logger(__name__).info("gateway_stopped")


if __name__ == "__main__":
    main()
