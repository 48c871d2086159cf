"""The hotline as it runs, without its processes: real store, real contract over a real channel, an outbox that listens."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent import futures
from datetime import UTC, date, datetime
from typing import Any

import grpc
import mongoengine
import pytest
from tongban.common.v1 import command_pb2
from tongban.hotline.v1 import service_pb2 as rpc
from tongban.hotline.v1 import service_pb2_grpc

from services.hotline.rpc import HotlineServicer
from services.hotline.store import ALIAS, HotlineStore, order_of
from services.hotline.usecases.context import Parts
from shared.clock import LOCAL, FixedClock
from shared.documents import to_document
from shared.grpc_server import ChecksInterceptor
from shared.mongo import CLIENT_OPTIONS
from shared.personal_data import Sealer
from tests.integration.registration.conftest import Listener

ECOLOGY, URBAN, WATER = "320411-ecology", "320411-urban", "320411-water"
NOISE = "小区旁工地夜间施工噪音扰民，每晚十一点后仍在打桩，严重影响休息，请有关部门处理。"


def at(day: str, hour: int = 10, minute: int = 0) -> datetime:
    """An instant of a day in Shanghai."""
    start = datetime.combine(date.fromisoformat(day), datetime.min.time(), LOCAL)
    return start.replace(hour=hour, minute=minute).astimezone(UTC)


@pytest.fixture(scope="session")
def hotline_store(servers: Any) -> Iterator[HotlineStore]:
    client = mongoengine.connect(host=servers.mongo_uri("hotline"), alias=ALIAS, **CLIENT_OPTIONS)
    store = HotlineStore(client, client.get_default_database().name)
    store.prepare()
    yield store
    mongoengine.disconnect(ALIAS)


@pytest.fixture
def store(hotline_store: HotlineStore) -> HotlineStore:
    hotline_store.orders.delete_many({})
    return hotline_store


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(at("2025-09-26"))


@pytest.fixture
def parts(store: HotlineStore, clock: FixedClock) -> Parts:
    return Parts(store, Listener(), clock, Sealer(bytes(32)), "320411", to_document, order_of)


@pytest.fixture
def stub(parts: Parts) -> Iterator[Any]:
    """The contract over a real channel, with the checks that every server makes."""
    server = grpc.server(futures.ThreadPoolExecutor(8), interceptors=[ChecksInterceptor()])
    service_pb2_grpc.add_HotlineServiceServicer_to_server(HotlineServicer(parts), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield service_pb2_grpc.HotlineServiceStub(channel)
    server.stop(None).wait()


def context(key: str, client: str = "client-1") -> Any:
    return command_pb2.CommandContext(idempotency_key=key, client_id=client)


def file(stub: Any, key: str = "k1", caller: str = "13800000001", text: str = NOISE, **more: Any) -> Any:
    """A request; about noise at night unless told otherwise."""
    more.setdefault("kind", "COMPLAINT")
    more.setdefault("title", "夜间施工噪音扰民")
    return stub.FileRequest(
        rpc.FileRequestRequest(context=context(key), caller=caller, text=text, place="通江路88号", **more)
    )


def handle(stub: Any, order: Any, key: str, unit: str = "", **step: Any) -> Any:
    """One step of a unit, or of the centre."""
    return stub.HandleOrder(
        rpc.HandleOrderRequest(
            context=context(key, unit or "centre"), order_id=order.order_id, expected_version=order.version,
            unit_code=unit, **step,
        )
    ).order  # fmt: skip
