"""The worker as a process: bundles bring applications, twice, over a killed worker, unanswered at first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pika
import pytest

from services.registration.store import RegisterStore
from shared.events import CONTENT_TYPE, encode, encode_batch
from shared.ids import new_id
from tests.integration.processes import ROOT, eventually
from tests.integration.registration.test_forwarded import content

pytestmark = pytest.mark.integration


@pytest.fixture
def forwarder(servers: Any, tmp_path: Path) -> Iterator[Callable[[str, dict[str, Any]], None]]:
    """Lets permits answer."""
    running: list[subprocess.Popen[bytes]] = []

    def start(service: str, answers: dict[str, Any]) -> None:
        path = tmp_path / f"{service}.json"
        path.write_text(json.dumps(answers, ensure_ascii=False), encoding="utf-8")
        command = [sys.executable, "-m", "tests.integration.registration.forwarders"]
        environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'protos' / 'gen'}"}
        with (tmp_path / f"{service}.log").open("ab") as log:
            uri = servers.amqp_uri(service)
            running.append(
                subprocess.Popen([*command, uri, service, str(path)], cwd=ROOT, env=environment, stdout=log, stderr=log)
            )

    yield start
    for one in running:
        one.terminate()
        one.wait(30)


def publish(servers: Any, service: str, name: str, *events: dict[str, Any]) -> None:
    """All in one message, twice."""
    entries = [
        {"id": new_id("evt"), "type": name, "time": datetime.now(UTC), "actor_id": "x", "correlation_id": "cor_1",
         "causation_id": "", "traceparent": "", "data": data}
        for data in events
    ]  # fmt: skip
    body = encode_batch(encode(service, "320411", "x", entry) for entry in entries)
    connection = pika.BlockingConnection(pika.URLParameters(servers.admin_amqp_uri))
    channel = connection.channel()
    channel.confirm_delivery()
    properties = pika.BasicProperties(content_type=CONTENT_TYPE, content_encoding="binary", delivery_mode=2)
    for _ in range(2):
        channel.basic_publish(f"{service}.events", f"tongban.{service}.v1.{name}", body, properties, mandatory=True)
    connection.close()


def test_cases_from_bundles_are_received_once_whatever_dies_meanwhile(
    servers: Any, store: RegisterStore, process: Any, forwarder: Any
) -> None:
    letters = "甲乙"
    names = [f"常州{letter}云帆软件有限公司" for letter in letters]
    told = [{"client_id": "applicant-1", "application": content(name=name)} for name in names]
    worker = process("registration-worker")
    publish(servers, "permits", "LicenceRequested", *({"step_id": f"stp_{n}", "bundle_id": "bnd_1"} for n in range(3)))
    time.sleep(2)
    assert store.applications.count_documents({}) == 0, "nobody answers yet"
    worker.kill()
    worker.wait(30)
    # the third step asks for the name of the second
    forwarder("permits", {"stp_0": told[0], "stp_1": told[1], "stp_2": told[1]})
    process("registration-worker")

    eventually(lambda: store.applications.count_documents({"pending": []}) == 2, 90)
    eventually(lambda: store.forwarded_cases.count_documents({"pending": []}) == 1, 90)
    (rejected,) = store.forwarded_cases.find()
    origins = set(store.applications.distinct("origin_ref"))
    assert origins | {rejected["_id"]} == {"stp_0", "stp_1", "stp_2"}
    assert rejected["reason_codes"] in (["NAME_TAKEN"], ["DUPLICATE_APPLICATION"])
    assert all(len(found["timeline"]) == 2 for found in store.applications.find())
    eventually(lambda: store.work_items.count_documents({"open": True}) >= 2)
    assert {item["_id"] for item in store.work_items.find({"open": True})} == set(store.applications.distinct("_id"))
