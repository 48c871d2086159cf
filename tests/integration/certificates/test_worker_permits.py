"""The worker as a process: permits, filings and what becomes of them, killed in the middle, in any order, all twice."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pika
import pytest

from shared.events import CONTENT_TYPE, encode, encode_batch
from shared.ids import new_id
from tests.integration.certificates.test_worker import databases, published
from tests.integration.processes import ROOT, eventually
from tests.unit.certificates.samples import COMPLETION_FILING, FOOD_PERMIT

pytestmark = pytest.mark.integration
__all__ = ["databases"]  # fixture
COUNT = 12
PERMITS = [FOOD_PERMIT | {"ref": f"prm_{number:03d}"} for number in range(COUNT)]
FILINGS = [COMPLETION_FILING | {"ref": f"fil_{number:03d}"} for number in range(COUNT)]


@pytest.fixture
def answers(servers: Any, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Lets permits answer."""
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(PERMITS + FILINGS, ensure_ascii=False), encoding="utf-8")
    running: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        command = [sys.executable, "-m", "tests.integration.certificates.permits_answers"]
        environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'protos' / 'gen'}"}
        with (tmp_path / "permits.log").open("ab") as log:
            running.append(
                subprocess.Popen(
                    [*command, servers.amqp_uri("permits"), str(facts)],
                    cwd=ROOT,
                    env=environment,
                    stdout=log,
                    stderr=log,
                )
            )

    yield start
    for one in running:
        one.terminate()
        one.wait(30)


def entry(name: str, **data: Any) -> dict[str, Any]:
    return {
        "id": new_id("evt"), "type": name, "time": datetime.now(UTC), "actor_id": "x", "correlation_id": "cor_1",
        "causation_id": "", "traceparent": "", "data": data,
    }  # fmt: skip


def granted(facts: dict[str, Any]) -> dict[str, Any]:
    return entry(
        "PermitGranted", permit_id=facts["ref"], certificate_type=facts["certificate_type"], permit_version=1,
        holder_ref="ent_01", holder_code=facts["holder_code"], division_code="320411", origin_ref="stp_1",
    )  # fmt: skip


def recorded(facts: dict[str, Any]) -> dict[str, Any]:
    return entry(
        "FilingRecorded", filing_id=facts["ref"], certificate_type=facts["certificate_type"], holder_ref="ent_01",
        subject_key=f"prj_1|1|{facts['ref']}", project_id="prj_1", division_code="320411",
    )  # fmt: skip


def changed(facts: dict[str, Any], version: int, state: str) -> dict[str, Any]:
    return entry("PermitStateChanged", permit_id=facts["ref"], state=state, reason_code="WHY", permit_version=version)


def publish(servers: Any, service: str, entries: list[dict[str, Any]]) -> None:
    """Each event in a message of its own, in this order."""
    connection = pika.BlockingConnection(pika.URLParameters(servers.admin_amqp_uri))
    channel = connection.channel()
    channel.confirm_delivery()
    properties = pika.BasicProperties(content_type=CONTENT_TYPE, content_encoding="binary", delivery_mode=2)
    for one in entries:
        body = encode_batch([encode(service, "320411", "x", one)])
        key = f"tongban.{service}.v1.{one['type']}"
        channel.basic_publish(f"{service}.events", key, body, properties, mandatory=True)
    connection.close()


def test_events_replayed_in_any_order_over_a_killed_worker_make_each_certificate_once_in_its_newest_state(
    servers: Any, databases: dict[str, Any], process: Any, answers: Callable[[], None]
) -> None:
    """T21, 4-07."""
    store = databases["certificates"]
    entries = [granted(facts) for facts in PERMITS] + [recorded(facts) for facts in FILINGS]
    for facts in PERMITS:
        entries += [changed(facts, 2, "SUSPENDED"), changed(facts, 3, "IN_FORCE"), changed(facts, 4, "REVOKED")]
    deliveries = entries * 2
    random.Random(7).shuffle(deliveries)
    answers()
    worker = process("certificates-worker")
    publish(servers, "permits", deliveries)
    eventually(lambda: store.certificates.count_documents({}) > 0)
    worker.kill()
    worker.wait(30)
    process("certificates-worker")

    eventually(lambda: published(databases, 2 * COUNT), 60)
    eventually(lambda: store.certificates.count_documents({"state": "REVOKED"}) == COUNT)
    assert set(store.certificates.distinct("holder_ref", {"state": "REVOKED"})) == {facts["ref"] for facts in PERMITS}
    assert (
        store.certificates.count_documents({"state": "ISSUED", "certificate_type": "COMPLETION_FILING_FORM"}) == COUNT
    )
    assert store.certificates.distinct("origin_ref", {"state": "REVOKED"}) == ["stp_1"]
    # the killed worker may have left a file whose certificate it never stored: an hourly job removes those
    assert set(store.certificates.distinct("_id")) <= set(store.files.distinct("_id"))

    ended = entry("EntityStateChanged", entity_id="ent_01", state="CANCELLED", reason_code="X", entity_version=9)
    publish(servers, "registration", [ended, ended])
    eventually(lambda: store.certificates.count_documents({"state": "CANCELLED", "pending": []}) == 2 * COUNT)
    assert all(len(found["timeline"]) == found["version"] for found in store.certificates.find())


def test_while_permits_is_away_the_event_waits(
    servers: Any, databases: dict[str, Any], process: Any, answers: Callable[[], None]
) -> None:
    process("certificates-worker")
    publish(servers, "permits", [granted(PERMITS[0])])
    answers()
    eventually(lambda: published(databases, 1), 60)


def test_the_form_of_a_filing_that_was_taken_back_ends(
    servers: Any, databases: dict[str, Any], process: Any, answers: Callable[[], None]
) -> None:
    process("certificates-worker")
    answers()
    publish(servers, "permits", [recorded(FILINGS[0])])
    eventually(lambda: published(databases, 1), 60)
    closed = entry("FilingClosed", filing_id=FILINGS[0]["ref"], reason_codes=["WITHDRAWN"])
    publish(servers, "permits", [closed, closed])
    found = databases["certificates"].certificates
    ended = {"state": "CANCELLED", "state_reason_code": "WITHDRAWN", "pending": []}
    eventually(lambda: found.count_documents(ended) == 1)
