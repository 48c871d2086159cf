"""The API's document of the registrar's supervision against the contract."""

from __future__ import annotations

from typing import get_args

from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from gateway.routes.registration import models as registration
from services.registration.domain.entity import AT_ONCE


def test_a_change_of_state_has_the_fields_of_the_contract() -> None:
    """The path names the entity, the token the division."""
    asked = {field.name for field in rpc.ChangeEntityStateRequest.DESCRIPTOR.fields}
    assert set(registration.EntityStateChange.model_fields) == asked - {"context", "entity_id", "division_code"}


def test_a_change_leads_to_the_states_that_a_registrar_sets_at_once() -> None:
    words = get_args(registration.EntityStateChange.model_fields["state"].annotation)
    states = [name.removeprefix("ENTITY_STATE_") for name in pb.EntityState.keys()]  # noqa: SIM118, no mapping
    assert list(words) == [state for state in states if state in AT_ONCE]
