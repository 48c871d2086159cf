"""Permits as it runs, without its processes: real store, real contract over a real channel, an outbox that listens."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent import futures
from datetime import UTC, date, datetime
from typing import Any

import grpc
import mongoengine
import pytest
from tongban.common.v1 import command_pb2
from tongban.permits.v1 import service_pb2 as rpc
from tongban.permits.v1 import service_pb2_grpc

from services.permits.domain.catalogue import catalogue
from services.permits.rpc import PermitServicer
from services.permits.store import PermitStore
from services.permits.store.documents import ALIAS
from services.permits.store.permit_store import bundle_of, case_of, filing_of, project_of
from services.permits.usecases.context import Parts
from shared.clock import LOCAL, FixedClock
from shared.documents import to_document
from shared.grpc_server import ChecksInterceptor
from shared.mongo import CLIENT_OPTIONS
from shared.personal_data import Sealer
from tests.integration.registration.conftest import Listener

COMPANY = "91320411MAXX00015L"
MARKET, HOUSING, FIRE = "320411-market", "320411-housing", "320411-fire"
# what the applicant must bring for a food permit
FOOD = ["application_form", "premises_proof", "premises_layout", "equipment_list", "food_safety_staff"]


def at(day: str, hour: int = 10) -> datetime:
    """An instant of a day in Shanghai."""
    start = datetime.combine(date.fromisoformat(day), datetime.min.time(), LOCAL)
    return start.replace(hour=hour).astimezone(UTC)


@pytest.fixture(scope="session")
def permit_store(servers: Any) -> Iterator[PermitStore]:
    client = mongoengine.connect(host=servers.mongo_uri("permits"), alias=ALIAS, **CLIENT_OPTIONS)
    store = PermitStore(client, client.get_default_database().name)
    store.prepare()
    yield store
    mongoengine.disconnect(ALIAS)


@pytest.fixture
def store(permit_store: PermitStore) -> PermitStore:
    for collection in (*permit_store.collections.values(), permit_store.holders, permit_store.disclosures):
        collection.delete_many({})
    return permit_store


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(at("2025-09-26"))


@pytest.fixture
def parts(store: PermitStore, clock: FixedClock) -> Parts:
    return Parts(
        store,
        Listener(),
        clock,
        Sealer(bytes(32)),
        catalogue("320411"),
        to_document,
        case_of,
        filing_of,
        bundle_of,
        project_of,
    )


@pytest.fixture
def stub(parts: Parts) -> Iterator[Any]:
    """The contract over a real channel, with the checks that every server makes."""
    server = grpc.server(futures.ThreadPoolExecutor(8), interceptors=[ChecksInterceptor()])
    service_pb2_grpc.add_PermitServiceServicer_to_server(PermitServicer(parts), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield service_pb2_grpc.PermitServiceStub(channel)
    server.stop(None).wait()


def context(key: str, client: str = "client-1") -> Any:
    return command_pb2.CommandContext(idempotency_key=key, client_id=client)


def content(name: str = "常州云帆便利店有限公司") -> Any:
    return rpc.Content(applicant_name=name, premises="常州市新北区通江路88号", contact="13800000000")


def submit(
    stub: Any, key: str = "k1", materials: list[str] | None = None, item: str = "food_sales_permit", **more: Any
) -> Any:
    """A case handed in; complete unless told otherwise."""
    more.setdefault("holder_code", COMPANY)
    more.setdefault("content", content())
    return stub.SubmitCase(
        rpc.SubmitCaseRequest(
            context=context(key),
            item_key=item,
            materials=FOOD if materials is None else materials,
            **more,
        )
    ).permit_case


def handle(stub: Any, case: Any, key: str, unit: str = MARKET, **step: Any) -> Any:
    """One step of the unit at the version it saw."""
    return stub.HandleCase(
        rpc.HandleCaseRequest(
            context=context(key, "clerk"), case_id=case.case_id, expected_version=case.version, unit_code=unit, **step
        )
    ).permit_case
