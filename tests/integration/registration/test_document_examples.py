"""What the API's document shows as an example is taken by the service as it stands there."""

from __future__ import annotations

import csv
import io
from typing import Any

import msgspec
import pytest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from gateway.routes.registration import imports
from gateway.routes.registration.submission import ENTITY_TYPES, EXAMPLE, read_application
from tests.contract.calls import example_of
from tests.integration.registration.conftest import context, submit
from tests.integration.registration.test_register import import_rows

pytestmark = pytest.mark.integration


def test_the_example_of_an_application_is_under_review_without_a_gap(stub: Any) -> None:
    outcome = submit(stub, pb.SetUpApplication(**read_application(msgspec.json.encode(EXAMPLE))))
    assert (outcome.failure.reason, list(outcome.receipt.gaps)) == ("", [])
    assert outcome.receipt.state == pb.APPLICATION_STATE_UNDER_REVIEW


def test_the_example_of_a_bundle_of_an_opening_begins(stub: Any) -> None:
    application = pb.SetUpApplication(**read_application(msgspec.json.encode(EXAMPLE)))
    request = rpc.StartEntityBundleRequest(context=context("open"), kind="OPENING", application=application)
    assert {part.key for part in stub.StartEntityBundle(request).bundle.parts} >= {"LICENCE", "SEALS", "TAX"}


def test_the_example_of_a_takeover_is_taken_over(stub: Any) -> None:
    body = example_of({"$ref": "#/components/schemas/TakeOver"})
    body |= {"entity_type": ENTITY_TYPES[body["entity_type"]], "division_code": "320411"}
    entity = stub.TakeOverEntity(rpc.TakeOverEntityRequest(context=context("take"), **body)).entity
    assert (entity.uscc, entity.state) == (body["uscc"], pb.ENTITY_STATE_ACTIVE)


def test_the_example_of_a_file_is_imported(stub: Any) -> None:
    (fields,) = csv.DictReader(io.StringIO(imports.EXAMPLE))
    assert import_rows(stub, [rpc.EntityRow(row_number=1, **fields)]).imported == 1
