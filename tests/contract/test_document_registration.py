"""The API's document of the registrar's supervision against the contract."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, get_args

import pytest
from pydantic import ValidationError
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from gateway.routes.registration import bundle_models, case_facts, case_models, forecast, moving_in
from gateway.routes.registration import models as registration
from services.registration.domain.authority import Ask
from services.registration.domain.bundle import BundleState, PartState
from services.registration.domain.bundle_types import bundle_kinds
from services.registration.domain.cases.engine import OVERTAKEN, Party
from services.registration.domain.cases.facts import DECLARATIONS, VALUES, read_facts
from services.registration.domain.cases.kinds import KINDS
from services.registration.domain.entities import MAX_FEN
from services.registration.domain.entity import AT_ONCE
from services.registration.domain.persons import PSEUDONYM
from shared.failures import InvalidArgument
from shared.legal_clock import ClockState
from shared.national_codes import resident_id_violation, uscc_violation
from tests.contract.calls import DOCUMENT


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


def test_the_facts_of_cases_are_those_of_the_register() -> None:
    assert {kind: frozenset(facts) for kind, facts in case_facts.OPENED_WITH.items()} == {
        kind.key: kind.uses for kind in KINDS.values()
    }
    assert {name: f"declares: {text}" for name, text in DECLARATIONS.items()} | VALUES == case_facts.MEANING


def test_the_words_of_cases_and_bundles_are_those_of_the_domain() -> None:
    states = {OVERTAKEN} | {state for kind in KINDS.values() for state in (*kind.states, *kind.owed)}
    assert set(get_args(case_models.CaseKind)) == set(KINDS)
    assert set(get_args(case_models.CaseState)) == states
    clocks = case_models.CaseDeadline.model_fields["state"].annotation
    assert set(get_args(clocks)) == set(ClockState) - {ClockState.NOT_STARTED}  # a clock of a case has begun
    assert set(get_args(bundle_models.BundleKind)) == set(bundle_kinds())
    assert set(get_args(bundle_models.BundleState)) == set(BundleState)
    assert set(get_args(bundle_models.PartState)) == set(PartState)
    assert set(get_args(bundle_models.PartAsk)) == set(Ask)


@pytest.mark.parametrize("name", ["EntityBundle", "BundlePart"])
def test_every_field_of_a_bundle_is_described(name: str) -> None:
    schemas = DOCUMENT["components"]["schemas"]
    fields = (schemas.get(f"Registration{name}") or schemas[name])["properties"]
    assert [field for field, schema in fields.items() if not schema.get("description")] == []


def examples(node: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every example of the document, with the name of its field or parameter."""
    if isinstance(node, dict):
        given = node.get("examples")
        yield from ((name, example) for example in (given if isinstance(given, list) else ()))
        yield from _fields(node.get("example"))
        for key, inner in node.items():
            yield from examples(inner, node["name"] if key == "schema" and "name" in node else key)
    elif isinstance(node, list):
        for inner in node:
            yield from examples(inner, name)


def _fields(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _fields(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _fields(inner, name)
    else:
        yield name, value


def test_numbers_of_persons_and_codes_in_examples_have_lawful_check_digits() -> None:
    found = [(name, value) for name, value in examples(DOCUMENT) if isinstance(value, str)]
    numbers = {value for name, value in found if name == "id_number"}
    codes = {value for name, value in found if name in ("uscc", "holder_code")}
    assert len(numbers) > 1
    assert len(codes) > 1
    assert [n for n in numbers if resident_id_violation(n, date(2026, 5, 4), "id_number")] == []
    assert [c for c in codes if uscc_violation(c, "uscc")] == []


def test_amounts_end_where_every_reader_of_json_still_tells_them_apart() -> None:
    assert MAX_FEN == moving_in.MAX_FEN == 2**53 - 1


def test_what_a_route_may_answer_beside_its_kind_stands_in_the_document() -> None:
    paths = DOCUMENT["paths"]
    assert "422" in paths["/v1/registration/entities"]["get"]["responses"]
    assert "404" in paths["/v1/registration/applications"]["post"]["responses"]
    assert "404" in paths["/v1/registration/bundles"]["post"]["responses"]
    assert "x-problems" not in str(paths)
