"""The worker as a process: events in, licences out, each once, whatever is down meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pika
import pytest
from pymongo import MongoClient

from services.registration.domain.events import EntityRegistered
from shared.events import CONTENT_TYPE, Cause, encode, encode_batch, timeline_entry
from shared.personal_data import read_sealer
from tests.integration.processes import eventually
from tests.unit.certificates.samples import COMPANY, SOLE_TRADER

pytestmark = pytest.mark.integration


@pytest.fixture
def databases(servers: Any, process: Any) -> Iterator[dict[str, Any]]:
    """Both services' databases, which `process` empties."""
    clients = [MongoClient(servers.mongo_uri(name), tz_aware=True) for name in ("registration", "certificates")]
    found = {client.get_default_database().name: client.get_default_database() for client in clients}
    yield found
    for client in clients:
        client.close()


def register(servers: Any, databases: dict[str, Any], facts: dict[str, Any]) -> None:
    """Put an entity into the register as registration stores it."""
    sealer = read_sealer(servers.state.keys / "registration")
    person = ('{"name":"' + facts["legal_representative"] + '"}').encode()
    document = {
        key: facts[key] for key in ("uscc", "name", "entity_type", "capital", "business_scope", "division_code")
    }
    document |= {
        "_id": facts["entity_id"], "version": 1, "founding_date": facts["founding_date"], "state": "ACTIVE",
        "domicile": {"division_code": facts["division_code"], "address": facts["address"]},
        "persons": sealer.seal(person, facts["entity_id"]), "timeline": [], "pending": [],
    }  # fmt: skip
    databases["registration"].entities.replace_one({"_id": facts["entity_id"]}, document, upsert=True)


def announce(servers: Any, *entities: dict[str, Any], times: int = 1) -> None:
    """Publish that these were registered, all in one message, as often as asked."""
    entries = [
        timeline_entry(
            EntityRegistered(
                e["entity_id"], "app_1", e["uscc"], e["entity_type"], e["division_code"], e["founding_date"], 1
            ),
            datetime.now(UTC),
            Cause(correlation_id="cor_1"),
        )
        for e in entities
    ]
    body = encode_batch(encode("registration", "320411", entry["data"]["entity_id"], entry) for entry in entries)
    connection = pika.BlockingConnection(pika.URLParameters(servers.admin_amqp_uri))
    channel = connection.channel()
    channel.confirm_delivery()
    properties = pika.BasicProperties(content_type=CONTENT_TYPE, content_encoding="binary", delivery_mode=2)
    for _ in range(times):
        channel.basic_publish(
            "registration.events", "tongban.registration.v1.EntityRegistered", body, properties, mandatory=True
        )
    connection.close()


def published(databases: dict[str, Any], count: int) -> bool:
    certificates = databases["certificates"].certificates
    return certificates.count_documents({"pending": []}) == count == certificates.count_documents({})


def test_an_event_that_comes_many_times_gives_one_licence_that_names_its_cause(
    servers: Any, databases: dict[str, Any], process: Any
) -> None:
    for facts in (COMPANY, SOLE_TRADER):
        register(servers, databases, facts)
    announce(servers, COMPANY, SOLE_TRADER, times=4)
    process("registration-worker")
    process("certificates-worker")

    eventually(lambda: published(databases, 2))
    eventually(lambda: databases["registration"].entities.count_documents({"licence_identifier": {"$gt": ""}}) == 2)

    certificates = databases["certificates"].certificates
    assert set(certificates.distinct("holder_code")) == {COMPANY["uscc"], SOLE_TRADER["uscc"]}
    assert certificates.distinct("timeline.correlation_id") == ["cor_1"]
    # a handler that came second removes the files it made only after it saw that the certificates were there
    eventually(lambda: databases["certificates"].files.count_documents({}) == 2)


def test_while_registration_is_away_the_event_waits_and_nothing_is_lost(
    servers: Any, databases: dict[str, Any], process: Any
) -> None:
    register(servers, databases, COMPANY)
    registration = process("registration-worker")
    process("certificates-worker")
    announce(servers, COMPANY)
    eventually(lambda: published(databases, 1))
    registration.terminate()
    registration.wait(30)

    register(servers, databases, SOLE_TRADER)
    announce(servers, SOLE_TRADER)
    time.sleep(3)
    assert databases["certificates"].certificates.count_documents({}) == 1
    process("registration-worker")

    eventually(lambda: published(databases, 2), 60)


def test_a_worker_killed_in_the_middle_leaves_no_gap_and_no_double(
    servers: Any, databases: dict[str, Any], process: Any
) -> None:
    many = [COMPANY | {"entity_id": f"ent_{n:03d}", "uscc": f"91320411MAXX{n:06d}"} for n in range(60)]
    for facts in many:
        register(servers, databases, facts)
    process("registration-worker")
    worker = process("certificates-worker")
    for start in range(0, 60, 20):
        announce(servers, *many[start : start + 20])
    eventually(lambda: databases["certificates"].files.count_documents({}) > 0)
    worker.kill()
    worker.wait(30)
    process("certificates-worker")

    eventually(lambda: published(databases, 60), 60)
    assert len(databases["certificates"].certificates.distinct("holder_ref")) == 60
