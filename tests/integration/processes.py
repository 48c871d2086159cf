"""Processes of the stack in tests: each test that starts some finds stores and queues empty."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pika
from pymongo import MongoClient

from shared.topology import dead_queue_name, retry_queue_name
from tests.integration.servers import Servers

ROOT = Path(__file__).resolve().parents[2]
Start = Callable[[str], "subprocess.Popen[bytes]"]


def eventually(check: Callable[[], Any], seconds: float = 80.0) -> Any:
    """The first true value of `check`; fails with its last value when time is up. A worker that could not ask another asks again
    after 1, 5 and 30 seconds: no wait is shorter than that."""
    deadline = time.monotonic() + seconds
    while True:
        value = check()
        if value:
            return value
        assert time.monotonic() < deadline, f"not within {seconds} s: {value!r}"
        time.sleep(0.1)


def empty(servers: Servers) -> None:
    """Take everything out of all services' stores and queues. Tests come in any order, and most leave documents whose events
    were never published: a worker that starts would publish them, and hear what was meant for others."""
    for service in servers.topology.services:
        with MongoClient[dict[str, Any]](servers.mongo_uri(service)) as client:
            database = client.get_default_database()
            for name in database.list_collection_names():
                database[name].delete_many({})
    connection = pika.BlockingConnection(pika.URLParameters(servers.admin_amqp_uri))
    channel = connection.channel()
    for name, service_topology in servers.topology.services.items():
        for subscription in service_topology.subscriptions:
            steps = range(1, len(servers.topology.retry_delays_s) + 1)
            for queue in (subscription.queue, *(retry_queue_name(subscription.queue, step) for step in steps)):
                channel.queue_purge(queue)
        if service_topology.subscriptions:
            channel.queue_purge(dead_queue_name(name))
    connection.close()


@contextmanager
def processes(servers: Servers, folder: Path) -> Iterator[Start]:
    """Starts processes of an empty stack; all are ended afterwards, and what they logged is shown if the test fails."""
    empty(servers)
    running: list[subprocess.Popen[bytes]] = []

    def start(name: str) -> subprocess.Popen[bytes]:
        with (folder / f"{name}.log").open("ab") as log:
            environment = os.environ | servers.environment(name)
            running.append(subprocess.Popen(servers.command(name), env=environment, cwd=ROOT, stdout=log, stderr=log))
        return running[-1]

    try:
        yield start
    finally:
        print("processes:", [one.poll() for one in running])
        for path in sorted(folder.glob("*.log")):
            print(f"--- {path.name}", *path.read_text(encoding="utf-8", errors="replace").splitlines()[-40:], sep="\n")
        for one in running:
            one.terminate()
        for one in running:
            one.wait(30)
