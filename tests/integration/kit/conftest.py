"""Fixtures of the kit's tests: a bus with the sample queue, a worker process, and a store to look into."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pika
import pytest
from pymongo import MongoClient

from shared.bus_topology import declare_all, declare_service
from shared.events import CONTENT_TYPE, Cause, encode, encode_batch, timeline_entry
from shared.topology import dead_queue_name, load_topology, retry_queue_name
from tests.integration.kit.sample import QUEUE, SERVICE, kit_topology

ROOT = Path(__file__).resolve().parents[3]


def eventually(check: Callable[[], Any], seconds: float = 15.0, pause: float = 0.05) -> Any:
    """The first true value of `check`; fails with its last value when time is up."""
    deadline = time.monotonic() + seconds
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {value!r}")
        time.sleep(pause)


class Bus:
    """The broker as its administrator sees it."""

    def __init__(self, uri: str) -> None:
        self.uri = uri

    @contextlib.contextmanager
    def channel(self) -> Iterator[Any]:
        connection = pika.BlockingConnection(pika.URLParameters(self.uri))
        try:
            yield connection.channel()
        finally:
            if connection.is_open:
                connection.close()

    def send(self, *entity_ids: str) -> list[str]:
        """Publish EntityRegistered events in one message; returns their ids."""
        from datetime import UTC, datetime

        from services.registration.domain.events import EntityRegistered

        entries = [
            timeline_entry(EntityRegistered(i, "app_1", "91320411MAXX00015L", "LIMITED_COMPANY", "320411", "2026-11-23", 1),
                           datetime.now(UTC), Cause())
            for i in entity_ids
        ]  # fmt: skip
        body = encode_batch(encode("registration", "320411", entry["data"]["entity_id"], entry) for entry in entries)
        self.publish(body)
        return [entry["id"] for entry in entries]

    def publish(self, body: bytes, content_type: str = CONTENT_TYPE, encoding: str = "binary") -> None:
        with self.channel() as channel:
            properties = pika.BasicProperties(content_type=content_type, content_encoding=encoding, delivery_mode=2)
            channel.confirm_delivery()
            channel.basic_publish(
                "registration.events", "tongban.registration.v1.EntityRegistered", body, properties, mandatory=True
            )

    def get(self, queue: str) -> tuple[Any, bytes] | None:
        with self.channel() as channel:
            method, properties, body = channel.basic_get(queue, auto_ack=True)
            return None if method is None else (properties, body)

    def ask(self, question: str, *arguments: Any) -> str:
        """Send a question to a worker, as another one would; the queue of its answer."""
        with self.channel() as channel:
            name = f"rpc.reply-test-{uuid.uuid4()}"
            channel.queue_declare(name, arguments={"x-queue-type": "classic", "x-expires": 60_000})
            channel.queue_bind(name, "nameko-rpc", name)
            properties = pika.BasicProperties(content_type="application/json", content_encoding="utf-8", reply_to=name)
            channel.basic_publish(
                "nameko-rpc", question, json.dumps({"args": arguments, "kwargs": {}}).encode(), properties
            )
        return name

    def count(self, queue: str) -> int:
        """How many messages wait in a queue."""
        with self.channel() as channel:
            return int(channel.queue_declare(queue, passive=True).method.message_count)

    def purge(self) -> None:
        with self.channel() as channel:
            for queue in (QUEUE, dead_queue_name(SERVICE), *(retry_queue_name(QUEUE, step) for step in (1, 2, 3))):
                channel.queue_purge(queue)


class Worker:
    """A worker process of the kit."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._environment, self._log = environment, log
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, wait: bool = True) -> None:
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.integration.kit.worker_process", str(self.port)],
                env=os.environ | self._environment, cwd=ROOT, stdout=log, stderr=log,
            )  # fmt: skip
        if wait:
            eventually(lambda: self.ready() == 200, 20)

    def ready(self) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def reasons(self) -> str:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return str(answer.read())
        except urllib.error.HTTPError as error:
            return error.read().decode()
        except OSError:
            return ""

    def metrics(self) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=2) as answer:
            return answer.read().decode()

    def stop(self, number: int = signal.SIGTERM, seconds: float = 25) -> int:
        if self.process is None or self.process.poll() is not None:
            return 0 if self.process is None else self.process.returncode
        self.process.send_signal(number)
        return self.process.wait(seconds)

    def log(self) -> str:
        return self._log.read_text()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def bus(servers: Any) -> Bus:
    """The bus with the sample queue, empty."""
    declare_all(servers.admin_amqp_uri, load_topology())
    declare_service(servers.admin_amqp_uri, kit_topology(), SERVICE)
    bus = Bus(servers.admin_amqp_uri)
    bus.purge()
    return bus


@pytest.fixture
def store(servers: Any) -> Iterator[Any]:
    """The sample service's database, empty."""
    client: MongoClient = MongoClient(servers.mongo_uri(SERVICE), tz_aware=True)
    database = client.get_default_database()
    for name in database.list_collection_names():
        database[name].delete_many({})
    yield database
    client.close()


@pytest.fixture
def worker(servers: Any, bus: Bus, store: Any, tmp_path: Path) -> Iterator[Worker]:
    """A worker that is not started yet; stopped at the end whatever happens."""
    environment = {
        "TONGBAN_MONGO_URI": servers.mongo_uri(SERVICE),
        "TONGBAN_AMQP_URI": servers.admin_amqp_uri,
        "PYTHONPATH": f"{ROOT}:{ROOT / 'protos' / 'gen'}",
    }
    worker = Worker(environment, tmp_path / "worker.log")
    yield worker
    if worker.process is not None and worker.process.poll() is None:
        worker.process.kill()
        worker.process.wait()
