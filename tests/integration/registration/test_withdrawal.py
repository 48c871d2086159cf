"""An applicant takes its application back until it is decided, on a real store."""

from __future__ import annotations

from typing import Any

import pytest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.usecases.context import Parts
from tests.integration.registration.conftest import context, decide, received
from tests.integration.registration.test_applications import refused_with

pytestmark = pytest.mark.integration


def withdraw(stub: Any, receipt: Any, key: str = "w", client: str = "client-1", version: int = 1) -> Any:
    request = rpc.WithdrawApplicationRequest(
        context=context(key, client), application_id=receipt.application_id, expected_version=version, only_client_id=client
    )  # fmt: skip
    return stub.WithdrawApplication(request)


def test_an_applicant_takes_its_own_application_back_until_it_is_decided_and_the_name_is_free_again(
    stub: Any, parts: Parts
) -> None:
    receipt = received(stub)
    assert refused_with(lambda: withdraw(stub, receipt, client="somebody-else")).reason == "APPLICATION_NOT_FOUND"
    assert refused_with(lambda: withdraw(stub, receipt, "stale", version=2)).reason == "STALE_VERSION"
    withdrawn = withdraw(stub, receipt)
    assert (withdrawn.application.state, withdrawn.replayed) == (pb.APPLICATION_STATE_WITHDRAWN, False)
    assert withdraw(stub, receipt).replayed
    assert parts.outbox.types() == ["ApplicationSubmitted", "ApplicationWithdrawn"]
    assert refused_with(lambda: decide(stub, receipt.application_id)).reason == "APPLICATION_ALREADY_DECIDED"
    again = received(stub, "key-2")
    assert again.state == pb.APPLICATION_STATE_UNDER_REVIEW
    decide(stub, again.application_id, key="d2")
    assert refused_with(lambda: withdraw(stub, again, "late", version=2)).reason == "APPLICATION_ALREADY_DECIDED"
