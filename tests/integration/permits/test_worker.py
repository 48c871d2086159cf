"""Permits as its two processes over the real bus: its own events move projects and bundles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from tongban.permits.v1 import service_pb2 as rpc
from tongban.permits.v1 import service_pb2_grpc

from tests.integration.permits.conftest import COMPANY, context
from tests.integration.permits.test_filings_and_bundles import STORE
from tests.integration.permits.test_filings_and_bundles import begin as begin_bundle
from tests.integration.permits.test_filings_and_bundles import read as read_bundle
from tests.integration.permits.test_projects import FORM, begin, hand_in, read, states
from tests.integration.processes import eventually

pytestmark = pytest.mark.integration


@pytest.fixture
def running(servers: Any, store: Any, process: Any) -> Iterator[Any]:
    """The contract, answered by the rpc process, while the worker process hears."""
    for name in ("permits-rpc", "permits-worker"):
        process(name)
    with grpc.insecure_channel(f"127.0.0.1:{servers.topology.services['permits'].rpc_port}") as channel:
        grpc.channel_ready_future(channel).result(40)
        yield service_pb2_grpc.PermitServiceStub(channel)


def test_the_record_of_an_item_opens_what_comes_after_it_and_a_lost_filing_ends_its_bundle(
    running: Any, store: Any
) -> None:
    project = begin(running)
    hand_in(running, project, ["project_filing"], [FORM])
    opened = eventually(lambda: states(read(running, project))["drawing_review"] == "OPEN")
    assert opened
    assert states(read(running, project))["project_filing"] == "DONE"

    answers = STORE | {"prepacked_only": "YES", "sells_tobacco": "NO", "sells_medical_devices": "NO", "has_sign": "NO"}
    bundle = begin_bundle(running, answers=answers, holder_code=COMPANY, materials=[])
    assert bundle.standing.party == "applicant"
    running.WithdrawFiling(
        rpc.WithdrawFilingRequest(context=context("w"), filing_id=bundle.steps[0].case_id, expected_version=1)
    )  # fmt: skip
    assert eventually(lambda: read_bundle(running, bundle).state == "FINISHED")
    assert eventually(lambda: not store.projects.count_documents({"pending": {"$ne": []}}))
