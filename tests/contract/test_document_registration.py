"""The API's document of the registrar's supervision against the contract."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from gateway.routes.registration import case_models, forecast, moving_in
from gateway.routes.registration import models as registration
from services.registration.domain.cases.engine import Party
from services.registration.domain.cases.kinds import KINDS
from services.registration.domain.entity import AT_ONCE


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
