"""The API's document of the registrar's supervision against the contract."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest
from pydantic import ValidationError
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from gateway.routes.registration import case_models, forecast, moving_in
from gateway.routes.registration import models as registration
from services.registration.domain.cases.engine import Party
from services.registration.domain.cases.facts import read_facts
from services.registration.domain.cases.kinds import KINDS
from services.registration.domain.entity import AT_ONCE
from services.registration.domain.persons import PSEUDONYM
from shared.failures import InvalidArgument


def test_a_change_of_state_has_the_fields_of_the_contract() -> None:
    """The path names the entity, the token the division."""
    asked = {field.name for field in rpc.ChangeEntityStateRequest.DESCRIPTOR.fields}
    assert set(registration.EntityStateChange.model_fields) == asked - {"context", "entity_id", "division_code"}


def test_a_change_leads_to_the_states_that_a_registrar_sets_at_once() -> None:
    words = get_args(registration.EntityStateChange.model_fields["state"].annotation)
    states = [name.removeprefix("ENTITY_STATE_") for name in pb.EntityState.keys()]  # noqa: SIM118, no mapping
    assert list(words) == [state for state in states if state in AT_ONCE]


@pytest.mark.parametrize(
    ("model", "message", "left_out"),
    [
        (forecast.RegisterForecast, rpc.GetForecastResponse, set()),
        (forecast.ForecastRow, rpc.ForecastRow, set()),
        (registration.RegisterMonth, rpc.RegisterMonth, set()),
        (registration.RegisterStatistics, rpc.GetStatisticsResponse, set()),
        # the division is the token's
        (moving_in.TakeOver, rpc.TakeOverEntityRequest, {"context", "division_code"}),
        (moving_in.PersonHandedOver, pb.Person, set()),
        (moving_in.DomicileHere, pb.Domicile, set()),
        (moving_in.CapitalHandedOver, pb.Capital, set()),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_falls_due_and_who_moves_in_have_the_fields_of_the_contract(
    model: Any, message: Any, left_out: set[str]
) -> None:
    assert set(model.model_fields) == {field.name for field in message.DESCRIPTOR.fields} - left_out


def test_every_kind_of_case_can_be_opened_over_the_api_by_one_of_its_parties() -> None:
    asked = set(get_args(case_models.CaseOpening.model_fields["kind"].annotation))
    ex_officio = set(get_args(case_models.CaseOpeningExOfficio.model_fields["kind"].annotation))
    assert asked <= {key for key, kind in KINDS.items() if Party.APPLICANT in kind.by}
    assert ex_officio <= {key for key, kind in KINDS.items() if Party.REGISTRAR in kind.by}
    assert asked | ex_officio == set(KINDS)


@pytest.mark.parametrize(
    ("fact", "value", "fits"),
    [
        ("reason_codes", "TAXES_OWED,CLAIM_OPEN", True),
        ("reason_codes", ",".join(["X"] * 20), True),
        ("reason_codes", ",".join(["X"] * 21), False),
        ("reason_codes", "owes money", False),
        ("reason_codes", "X" * 61, False),
        ("approved_by", "head-7", True),
        ("approved_by", "王小明", False),
        ("approved_by", "x" * 129, False),
        ("new_address", "x" * 300, True),
        ("new_address", "x" * 301, False),
    ],
)
def test_the_document_says_of_a_fact_what_the_register_takes(fact: str, value: str, fits: bool) -> None:
    for model in (case_models.CaseOpening, case_models.CaseOpeningExOfficio, case_models.CaseStepTaken):
        form = model.model_json_schema()["properties"]["facts"]["properties"][fact]
        short_enough = len(value) <= form.get("maxLength", len(value))
        assert (short_enough and re.search(form.get("pattern", ""), value) is not None) == fits
    try:
        read_facts({fact: value})
    except InvalidArgument:
        assert not fits
    else:
        assert fits


@pytest.mark.parametrize(("value", "fits"), [("head-7", True), ("王小明", False), ("Wang Xiaoming", False)])
def test_an_extension_is_asked_for_with_a_pseudonym(value: str, fits: bool) -> None:
    if fits:
        assert registration.ExtensionRequest(approved_by=value).approved_by == value
    else:
        with pytest.raises(ValidationError):
            registration.ExtensionRequest(approved_by=value)
    assert (PSEUDONYM.fullmatch(value) is not None) == fits
