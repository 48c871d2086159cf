"""What becomes of a bundle when its steps go other ways than straight on: taken back, lapsed, returned, late."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import grpc
import pytest
from tongban.permits.v1 import messages_pb2 as pb
from tongban.permits.v1 import service_pb2 as rpc

from services.permits.handlers import PermitsHandlers
from services.permits.usecases import due
from shared.clock import FixedClock
from shared.due_items import sweep_due
from tests.integration.permits.conftest import COMPANY, FOOD, at, context
from tests.integration.permits.test_cases import reason_of
from tests.integration.permits.test_filings_and_bundles import STORE, begin, read, steps_of


def hear(parts: Any, handler: str, **data: Any) -> None:
    """What a worker does with an event, twice, since events come twice."""
    handlers = PermitsHandlers()
    handlers.parts = SimpleNamespace(extra=parts)
    for _ in range(2):
        event = SimpleNamespace(data=SimpleNamespace(**data), cause=lambda: due.SYSTEM)
        getattr(PermitsHandlers, handler)(handlers, [event])


def told(parts: Any, kind: str) -> list[dict[str, Any]]:
    return [entry["data"] for entry in parts.outbox.entries if entry["type"] == kind]


def only_filing(stub: Any, materials: list[str]) -> Any:
    """A store that only files: pre-packed food."""
    answers = STORE | {"prepacked_only": "YES", "sells_tobacco": "NO", "sells_medical_devices": "NO", "has_sign": "NO"}
    return begin(stub, answers=answers, holder_code=COMPANY, materials=materials)


GATHERING = STORE | {"public_gathering": "YES", "large_shop": "YES"}


def test_a_step_is_granted_on_the_commitment_given_for_it_and_only_there(stub: Any, parts: Any) -> None:
    materials = [*FOOD, "sign_drawing"]
    bundle = begin(stub, answers=GATHERING, holder_code=COMPANY, materials=materials, commitments=["fire_check"])
    cases = {
        step.key: stub.GetCase(rpc.GetCaseRequest(case_id=step.case_id)).permit_case
        for step in bundle.steps
        if step.key in ("fire", "hygiene")
    }
    assert (cases["fire"].state, cases["fire"].committed) == (pb.CASE_STATE_GRANTED, True)
    assert (cases["hygiene"].state, cases["hygiene"].committed) == (pb.CASE_STATE_ACCEPTED, False)
    assert list(read(stub, bundle).commitments) == ["fire_check"]


@pytest.mark.parametrize("item", ["food_sales_permit", "fire_check", "LICENCE"])
def test_a_commitment_for_what_knows_none_is_refused_before_anything_is_begun(stub: Any, store: Any, item: str) -> None:
    with pytest.raises(grpc.RpcError) as error:
        begin(stub, holder_code=COMPANY, commitments=[item])
    assert reason_of(error) == "COMMITMENT_UNKNOWN"
    assert store.bundles.count_documents({}) == 0


def test_a_filing_step_that_is_taken_back_moves_its_bundle(stub: Any, parts: Any) -> None:
    bundle = only_filing(stub, FOOD)
    [step] = bundle.steps
    stub.WithdrawFiling(
        rpc.WithdrawFilingRequest(context=context("w1"), filing_id=step.case_id, expected_version=1)
    )  # fmt: skip
    [closed] = told(parts, "FilingClosed")
    assert closed["origin_ref"] == step.step_id
    hear(parts, "on_filing_closed", **closed)
    bundle = read(stub, bundle)
    assert (bundle.state, bundle.outcome) == ("FINISHED", "FAILED")
    assert list(bundle.steps[0].reason_codes) == ["WITHDRAWN"]


def test_a_filing_step_that_lapses_moves_its_bundle(stub: Any, parts: Any, clock: FixedClock) -> None:
    bundle = only_filing(stub, [])
    clock.set(at("2025-12-01"))
    sweep_due(parts.store.filings, clock, lambda i: due.act_on_filing(parts, i))
    [closed] = told(parts, "FilingClosed")
    hear(parts, "on_filing_closed", **closed)
    bundle = read(stub, bundle)
    assert (bundle.state, steps_of(bundle)) == ("FINISHED", {"food_filing": "REFUSED"})
    assert told(parts, "BundleFinished") == [{"bundle_id": bundle.bundle_id, "outcome": "FAILED"}]
