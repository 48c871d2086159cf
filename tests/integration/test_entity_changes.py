"""An entity changes, and everything that shows it follows: workers of three services over the real bus, one of them killed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import grpc
import pika
import pytest
from pymongo import MongoClient
from tongban.permits.v1 import messages_pb2 as pb
from tongban.permits.v1 import service_pb2 as rpc
from tongban.permits.v1 import service_pb2_grpc

from services.registration.domain.events import EntityChanged
from services.registration.domain.form_check import mask_name
from shared.events import CONTENT_TYPE, Cause, encode, encode_batch, timeline_entry
from tests.integration.certificates.test_worker import announce, databases, published, register
from tests.integration.permits.conftest import FOOD, MARKET, context
from tests.integration.processes import eventually
from tests.unit.certificates.samples import COMPANY

pytestmark = pytest.mark.integration
__all__ = ["databases"]  # fixture
# A worker that could not ask another asks again after 1, 5 and 30 seconds (`deploy/topology.yaml`): no wait is shorter than that.
PATIENCE = 80.0
NEW_NAME = "常州市新北区凤凰智能装备制造有限公司"
FACTS = COMPANY | {"founding_date": "2024-03-01"}


def put(servers: Any, databases: dict[str, Any], version: int, name: str) -> None:
    """The entity as registration keeps it at a version."""
    register(servers, databases, FACTS | {"name": name})
    masked = mask_name(FACTS["legal_representative"])
    databases["registration"].entities.update_one(
        {"_id": FACTS["entity_id"]}, {"$set": {"version": version, "legal_representative_masked": masked}}
    )


def tell_change(servers: Any, version: int, times: int) -> None:
    """Publish that the entity has another name, as often as asked."""
    event = EntityChanged(FACTS["entity_id"], FACTS["uscc"], ["domicile", "name"], version)
    entry = timeline_entry(event, datetime.now(UTC), Cause(correlation_id="cor_change"))
    body = encode_batch([encode("registration", "320411", FACTS["entity_id"], entry)])
    connection = pika.BlockingConnection(pika.URLParameters(servers.admin_amqp_uri))
    channel = connection.channel()
    channel.confirm_delivery()
    properties = pika.BasicProperties(content_type=CONTENT_TYPE, content_encoding="binary", delivery_mode=2)
    for _ in range(times):
        channel.basic_publish(
            "registration.events", "tongban.registration.v1.EntityChanged", body, properties, mandatory=True
        )
    connection.close()


def grant(servers: Any) -> str:
    """A food permit of the entity, by permits' own contract; its id."""
    with grpc.insecure_channel(f"127.0.0.1:{servers.topology.services['permits'].rpc_port}") as channel:
        grpc.channel_ready_future(channel).result(40)
        stub = service_pb2_grpc.PermitServiceStub(channel)
        held = rpc.Content(applicant_name=FACTS["name"], premises=FACTS["address"], contact="13800000000")
        case = stub.SubmitCase(
            rpc.SubmitCaseRequest(
                context=context("changes-1"), item_key="food_sales_permit", holder_code=FACTS["uscc"], content=held,
                materials=FOOD,
            )
        ).permit_case  # fmt: skip
        case = stub.HandleCase(
            rpc.HandleCaseRequest(
                context=context("changes-2", "clerk"), case_id=case.case_id, expected_version=case.version,
                unit_code=MARKET, grant=rpc.Grant(),
            )
        ).permit_case  # fmt: skip
        assert case.state == pb.CASE_STATE_GRANTED
        return str(case.permit.permit_id)


def test_25_4_10_a_new_name_reaches_licence_and_permit_once_although_a_worker_is_killed(
    servers: Any, databases: dict[str, Any], process: Any
) -> None:
    permits = MongoClient(servers.mongo_uri("permits"), tz_aware=True).get_default_database()
    certificates = databases["certificates"].certificates
    put(servers, databases, 1, FACTS["name"])
    workers = {name: process(name) for name in ("registration-worker", "certificates-worker", "permits-worker")}
    process("permits-rpc")
    announce(servers, FACTS)
    eventually(lambda: permits.holders.count_documents({"_id": FACTS["uscc"]}), PATIENCE)
    permit_id = grant(servers)
    eventually(lambda: published(databases, 2), PATIENCE)

    put(servers, databases, 2, NEW_NAME)
    tell_change(servers, 2, times=3)
    workers["permits-worker"].kill()
    workers["permits-worker"].wait(30)
    process("permits-worker")

    eventually(lambda: published(databases, 4), PATIENCE)
    eventually(lambda: certificates.count_documents({"state": "REPLACED", "pending": []}) == 2, PATIENCE)
    for kind, ref in (("BUSINESS_LICENCE", FACTS["entity_id"]), ("FOOD_BUSINESS_PERMIT", permit_id)):
        old, new = certificates.find({"certificate_type": kind}).sort("holder_version", 1)
        assert (old["holder_ref"], old["state"], new["state"], new["number"]) == (ref, "REPLACED", "ISSUED", 2)
        assert (new["replaces_certificate_id"], old["replaced_by_certificate_id"]) == (old["_id"], new["_id"])
    [answer] = eventually(lambda: list(permits.holder_answers.find({"pending": []})), PATIENCE)
    told = answer["timeline"][0]["data"]
    assert (answer["_id"], told["certified"]) == (f"{FACTS['entity_id']}@2", [f"{permit_id}@2"])
    assert (told["kept_permit_ids"], told["kept_reason_codes"]) == ([permit_id], ["PREMISES_NEED_OWN_CHANGE"])
    found = eventually(
        lambda: databases["registration"].entities.find_one({"_id": FACTS["entity_id"], "licence_version": 2}),
        PATIENCE,
    )
    assert found["licence_certificate_id"] == new_licence(certificates)


def new_licence(certificates: Any) -> str:
    return str(certificates.find_one({"certificate_type": "BUSINESS_LICENCE", "state": "ISSUED"})["_id"])
