"""Registration as it runs, without its processes: real store, real contract over a real channel, an outbox that listens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent import futures
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import mongoengine
import pytest
from google.protobuf.json_format import ParseDict
from tongban.common.v1 import command_pb2
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc
from tongban.registration.v1 import service_pb2_grpc

from deploy.demo.rows import SAMPLE, Row, read_rows
from services.registration.rpc import RegistrationServicer
from services.registration.store import RegisterStore
from services.registration.store.bundles import bundle_of
from services.registration.store.documents import ALIAS
from services.registration.store.entity_cases import case_of
from services.registration.store.register import application_of, entity_of
from services.registration.usecases.context import Parts
from shared.clock import FixedClock
from shared.documents import to_document
from shared.grpc_server import ChecksInterceptor
from shared.mongo import CLIENT_OPTIONS
from shared.personal_data import Sealer

# A Monday with working days behind it: 3 working days later is Thursday.
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class Listener:
    """An outbox that only remembers what it was told to publish."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def committed_many(self, collection: str, items: Iterable[tuple[str, dict[str, Any]]]) -> None:
        self.entries += [entry for _, entry in items]

    def check_capacity(self) -> None:
        """Always room."""

    def types(self) -> list[str]:
        return [entry["type"] for entry in self.entries]


@pytest.fixture(scope="session")
def register_store(servers: Any) -> Iterator[RegisterStore]:
    client = mongoengine.connect(host=servers.mongo_uri("registration"), alias=ALIAS, **CLIENT_OPTIONS)
    store = RegisterStore(client, client.get_default_database().name)
    store.prepare()
    yield store
    mongoengine.disconnect(ALIAS)


@pytest.fixture
def store(register_store: RegisterStore) -> RegisterStore:
    for collection in (
        register_store.applications, register_store.entities, register_store.names, register_store.work_items,
        register_store.disclosures, register_store.forwarded_cases, register_store.cases.collection,
        register_store.bundles.collection,
        register_store.barred_persons, register_store.moves, register_store.move_sums,
    ):  # fmt: skip
        collection.delete_many({})
    register_store.forget_bars()
    return register_store


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def parts(store: RegisterStore, clock: FixedClock) -> Parts:
    return Parts(
        store,
        Listener(),
        clock,
        Sealer(bytes(32)),
        "320411",
        to_document,
        application_of,
        entity_of,
        store.cases,
        case_of,
        store.bundles,
        bundle_of,
    )


@pytest.fixture
def stub(parts: Parts) -> Iterator[Any]:
    """The contract over a real channel, with the checks that every server makes."""
    server = grpc.server(futures.ThreadPoolExecutor(8), interceptors=[ChecksInterceptor()])
    service_pb2_grpc.add_RegistrationServiceServicer_to_server(RegistrationServicer(parts), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield service_pb2_grpc.RegistrationServiceStub(channel)
    server.stop(None).wait()


def sample_row(number: int = 1, path: Path = SAMPLE) -> Row:
    """A row of the shipped sample; row 1 is complete and lawful."""
    rows, _ = read_rows(path, "320411", None, NOW.date())
    return next(row for row in rows if row.number == number)


def asked(**changes: Any) -> Any:
    """A complete, lawful application (row 1 of the sample) with changes; None takes a field out."""
    body = dict(sample_row().application)
    body["capital"] = dict(body["capital"]) | {"paid_in_due_date": "2029-06-30"}
    body |= changes
    body["entity_type"] = f"ENTITY_TYPE_{body['entity_type']}"
    return ParseDict({key: value for key, value in body.items() if value is not None}, pb.SetUpApplication())


def context(key: str, client: str = "client-1") -> Any:
    return command_pb2.CommandContext(idempotency_key=key, client_id=client)


def submit(stub: Any, application: Any, key: str = "key-1", client: str = "client-1") -> Any:
    """One submission's outcome."""
    submission = rpc.Submission(context=context(key, client), application=application)
    (outcome,) = stub.SubmitApplications(rpc.SubmitApplicationsRequest(submissions=[submission])).outcomes
    return outcome


def received(stub: Any, key: str = "key-1", **changes: Any) -> Any:
    """The receipt of a submission that succeeds."""
    outcome = submit(stub, asked(**changes), key)
    assert outcome.WhichOneof("outcome") == "receipt", outcome.failure
    return outcome.receipt


def decide(
    stub: Any,
    application_id: str,
    version: int = 1,
    key: str = "decide-1",
    refuse: tuple[str, ...] = (),
    reviewed: bool = True,
) -> Any:
    request = rpc.DecideApplicationRequest(
        context=context(key, "registrar"), application_id=application_id, expected_version=version,
        decision=pb.DECISION_REFUSE if refuse else pb.DECISION_REGISTER,
        duplicates_reviewed=reviewed,
        reasons=[pb.RefusalReason(code=code, description="why", source="条例 art. 20") for code in refuse],
    )  # fmt: skip
    return stub.DecideApplication(request)
