"""Certificates as it runs, without its processes: real store, real contract over a real channel, an outbox that listens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent import futures
from typing import Any

import grpc
import mongoengine
import pytest
from tongban.certificates.v1 import service_pb2_grpc

from services.certificates.rpc import CertificateServicer
from services.certificates.store import ALIAS, CertificateStore
from services.certificates.usecases import Parts
from shared.clock import FixedClock
from shared.grpc_server import ChecksInterceptor
from shared.mongo import CLIENT_OPTIONS
from shared.personal_data import Sealer
from tests.unit.certificates.samples import NOW, PUBLIC_URL, RING, SEALS, renderer


class Listener:
    """An outbox that only remembers what it was told to publish."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def committed_many(self, collection: str, items: Iterable[tuple[str, dict[str, Any]]]) -> None:
        self.entries += [entry for _, entry in items]

    def check_capacity(self) -> None:
        """Always room."""


@pytest.fixture(scope="session")
def certificate_store(servers: Any) -> Iterator[CertificateStore]:
    client = mongoengine.connect(host=servers.mongo_uri("certificates"), alias=ALIAS, **CLIENT_OPTIONS)
    store = CertificateStore(client, client.get_default_database().name, Sealer(bytes(32)))
    store.prepare()
    yield store
    mongoengine.disconnect(ALIAS)


@pytest.fixture
def store(certificate_store: CertificateStore) -> CertificateStore:
    certificate_store.certificates.delete_many({})
    certificate_store.files.delete_many({})
    certificate_store.state_orders.delete_many({})
    certificate_store.disclosures.delete_many({})
    return certificate_store


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def parts(store: CertificateStore, clock: FixedClock) -> Parts:
    return Parts(store, Listener(), clock, RING, renderer, frozenset({PUBLIC_URL}), lambda function: function(), SEALS)


@pytest.fixture
def stub(parts: Parts) -> Iterator[Any]:
    """The contract over a real channel, with the checks that every server makes."""
    options = [("grpc.max_receive_message_length", 64 * 1024 * 1024)]
    server = grpc.server(futures.ThreadPoolExecutor(4), interceptors=[ChecksInterceptor()], options=options)
    service_pb2_grpc.add_CertificateServiceServicer_to_server(CertificateServicer(parts), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
        yield service_pb2_grpc.CertificateServiceStub(channel)
    server.stop(None).wait()
