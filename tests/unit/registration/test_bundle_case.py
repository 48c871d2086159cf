"""A bundle and the case that it opened: what the case brings is read, and a step that came too late breaks nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from services.registration.domain.bundle import PartState, begin
from services.registration.domain.bundle_types import bundle_kind
from services.registration.domain.cases import engine
from services.registration.domain.entity import Flag
from services.registration.usecases import bundle_steps
from shared.events import Cause
from tests.unit.registration.test_entity_cases import GOOD, Play, at, entity


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    """A simplified cancellation whose notice is over, in place of the store."""
    found = Play("SIMPLIFIED_CANCELLATION", entity(), "2025-03-03", GOOD).due("2025-03-25")

    def act(_parts: Any, _command: Any, _case_id: str, _version: int, name: str, facts: Any, by: Any) -> Any:
        return engine.act(found.kind, found.case, found.entity, name, facts, by, at("2025-03-25")), {}, False

    monkeypatch.setattr(bundle_steps, "load_case", lambda *_: (found.case, {}))
    monkeypatch.setattr(bundle_steps, "get_entity", lambda *_: (found.entity, {}))
    monkeypatch.setattr(bundle_steps, "act_on_entity_case", act)
    return found


def looked(play: Play) -> Any:
    """The bundle's part that ends the entity, once the bundle has looked at its case."""
    bundle, _ = begin(
        "ebn_1", bundle_kind("CANCELLATION"), "320411", ("ent_1", play.entity.uscc), {}, {}, [], at("2025-03-03")
    )
    part = bundle.doing("case")[0]
    bundle.open_part(part, at("2025-03-03"))
    part.reference = play.case.entity_case_id
    parts: Any = SimpleNamespace(bundles=SimpleNamespace(find=lambda *_: {"client_id": "client-1"}))
    bundle_steps._case(parts, bundle, part, at("2025-03-25"), Cause())
    return part


def test_the_one_form_of_the_bundle_is_the_application(play: Play) -> None:
    part = looked(play)
    assert (play.states, part.state) == (("CANCELLED", "CANCELLED"), PartState.DONE)


def test_T11_a_bar_that_is_found_with_the_application_is_no_fault_and_is_told(play: Play) -> None:
    play.entity.flag(Flag.SHARES_FROZEN, True, "COURT")
    part = looked(play)
    assert (part.state, part.reason_codes) == (PartState.BLOCKED, ["CASE_BARRED", "SHARES_FROZEN"])
