"""Giving bundles up, ends that come by another way, versions that nobody's reading makes stale (mission 4-04), on a real store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.store.register import RegisterStore
from services.registration.usecases import bundle_steps, bundles
from services.registration.usecases.context import Parts
from shared.clock import FixedClock
from tests.integration.registration.conftest import asked, context, decide
from tests.integration.registration.outside import CAUSE, Outside, run
from tests.integration.registration.test_applications import refused_with
from tests.integration.registration.test_bundles import (
    act,
    codes,
    in_a_known_year,
    outside,
    parts,
    shown,
    started,
    states,
)
from tests.integration.registration.test_entity_cases import GOOD, REGISTRAR, acted, entity_of, opened, registered

pytestmark = pytest.mark.integration


__all__ = ["in_a_known_year", "outside", "parts"]  # fixtures


def test_4_04_giving_up_is_done_once_and_a_stale_one_takes_nothing_back(
    stub: Any, parts: Parts, store: RegisterStore
) -> None:
    entity = registered(stub)
    begun = started(stub, "CANCELLATION", entity, facts=GOOD).bundle
    run(parts, store, begun.bundle_id)
    assert refused_with(lambda: act(stub, begun, "END", "stale")).reason == "STALE_VERSION"
    (case,) = stub.ListEntityCases(rpc.ListEntityCasesRequest(entity_id=entity.entity_id)).entity_cases
    assert (case.state, entity_of(stub, entity).state) == ("ANNOUNCED", pb.ENTITY_STATE_CANCELLING)
    seen = shown(stub, begun.bundle_id)
    act(stub, seen, "END", "end")
    run(parts, store, begun.bundle_id)
    assert act(stub, seen, "END", "end").outcome == "ENDED"


def test_4_04_a_case_whose_opening_was_not_noted_any_more_is_taken_back_all_the_same(
    stub: Any, parts: Parts, store: RegisterStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    entity, opens = registered(stub), bundle_steps.open_entity_case

    def dies(*arguments: Any, **more: Any) -> Any:
        opens(*arguments, **more)
        raise RuntimeError("killed after the case was opened")

    bundle = started(stub, "CANCELLATION", entity, facts=GOOD).bundle
    with monkeypatch.context() as killed:
        killed.setattr(bundle_steps, "open_entity_case", dies)
        with pytest.raises(RuntimeError, match="killed"):
            run(parts, store, bundle.bundle_id)
    bundle = shown(stub, bundle.bundle_id)
    assert (states(bundle)["ENTITY"], entity_of(stub, entity).state) == ("ASKED", pb.ENTITY_STATE_CANCELLING)
    with monkeypatch.context() as killed:  # and the one that gives up dies as well, before it looks
        killed.setattr(bundles, "advance", lambda *a: False)
        act(stub, bundle, "END", "end")
    run(parts, store, bundle.bundle_id)
    (case,) = stub.ListEntityCases(rpc.ListEntityCasesRequest(entity_id=entity.entity_id)).entity_cases
    assert (case.state, entity_of(stub, entity).state) == ("WITHDRAWN", pb.ENTITY_STATE_ACTIVE)
    assert shown(stub, bundle.bundle_id).outcome == "ENDED"


@pytest.mark.parametrize("heard", [True, False])
def test_4_04_whoever_gives_up_after_the_end_of_the_entity_is_too_late_and_nothing_is_undone(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock, outside: Outside, heard: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    entity = registered(stub)
    bundle = started(stub, "CANCELLATION", entity, facts=GOOD).bundle
    run(parts, store, bundle.bundle_id)
    clock.set(datetime(2025, 3, 25, 2, tzinfo=UTC))
    (case,) = stub.ListEntityCases(rpc.ListEntityCasesRequest(entity_id=entity.entity_id)).entity_cases
    acted(stub, case, "APPLY", "apply")  # the applicant did it; its event is still on its way
    bundle = shown(stub, bundle.bundle_id)
    with monkeypatch.context() as blind:
        if not heard:  # the case ends between our look and our word
            blind.setattr(bundles, "advance", lambda *a: False)
            act(stub, bundle, "END", "end")
        else:
            assert refused_with(lambda: act(stub, bundle, "END", "end")).reason == "STALE_VERSION"
    run(parts, store, bundle.bundle_id)
    bundle = shown(stub, bundle.bundle_id)
    assert (bundle.outcome, set(states(bundle).values())) == ("COMPLETE", {"DONE"})
    assert codes(bundle).get("ENTITY") == (None if heard else ["TOO_LATE_TO_GIVE_UP"])
    assert [ask for ask, _ in outside.authorities["tax"].effects()] == ["CHECK", "CLEAR"]


@pytest.mark.parametrize("registered_first", [False, True])
def test_25_4_09_giving_up_an_opening_takes_its_application_back_unless_the_registrar_was_faster(
    stub: Any, parts: Parts, store: RegisterStore, outside: Outside, registered_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    bundle = started(stub, "OPENING", application=asked()).bundle
    application_id = bundle.parts[0].reference
    with monkeypatch.context() as blind:
        blind.setattr(bundles, "advance", lambda *a: False)
        act(stub, bundle, "END", "end")
    if registered_first:
        decide(stub, application_id)
    run(parts, store, bundle.bundle_id)
    bundle = shown(stub, bundle.bundle_id)
    if registered_first:
        assert (bundle.outcome, codes(bundle)["LICENCE"]) == ("COMPLETE", ["TOO_LATE_TO_GIVE_UP"])
        return
    assert (bundle.state, bundle.outcome, set(states(bundle).values())) == ("FINISHED", "ENDED", {"ENDED"})
    refused = refused_with(lambda: decide(stub, application_id))
    assert (refused.reason, outside.asked) == ("APPLICATION_ALREADY_DECIDED", [])


def test_25_4_09_an_application_of_an_opening_that_is_taken_back_itself_comes_back_for_correction(
    stub: Any, parts: Parts, store: RegisterStore
) -> None:
    bundle = started(stub, "OPENING", application=asked()).bundle
    request = rpc.WithdrawApplicationRequest(
        context=context("w"), application_id=bundle.parts[0].reference, expected_version=1, only_client_id="client-1"
    )
    stub.WithdrawApplication(request)
    bundle_steps.advance(parts, bundle.bundle_id, CAUSE)  # its event was heard
    bundle = shown(stub, bundle.bundle_id)
    assert (states(bundle)["LICENCE"], codes(bundle)["LICENCE"]) == ("RETURNED", ["APPLICATION_WITHDRAWN"])
    assert states(act(stub, bundle, "CORRECT", "correct", application=asked()))["LICENCE"] == "ASKED"


def test_4_04_an_entity_that_a_court_ends_meanwhile_is_finished_everywhere(
    stub: Any, parts: Parts, store: RegisterStore, outside: Outside
) -> None:
    outside.behave("tax", "BLOCKED", "TAXES_OWED")
    entity = registered(stub)
    opened(stub, entity, "ABNORMAL_LISTING", {"reason_codes": "SEAT_NOT_FOUND"}, "list", by=REGISTRAR)
    bundle = started(stub, "CANCELLATION", entity, facts=GOOD).bundle
    run(parts, store, bundle.bundle_id)
    assert states(shown(stub, bundle.bundle_id))["REGISTER_CHECK"] == "BLOCKED"
    ended = rpc.ChangeEntityStateRequest(
        context=context("court", "registrar"), entity_id=entity.entity_id, division_code="320411",
        expected_version=entity_of(stub, entity).version, state="ENTITY_STATE_CANCELLED", reason_code="BANKRUPTCY_ENDED",
    )  # fmt: skip
    stub.ChangeEntityState(ended)
    outside.behave("tax", "OK")
    act(stub, shown(stub, bundle.bundle_id), "RESUME", "resume")
    run(parts, store, bundle.bundle_id)
    bundle = shown(stub, bundle.bundle_id)
    assert (bundle.outcome, set(states(bundle).values())) == ("COMPLETE", {"DONE"})


def test_a_bundle_in_which_nothing_happens_keeps_its_version_for_whoever_corrects_it(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock, outside: Outside
) -> None:
    read = started(stub, "OPENING", application=asked(business_scope=None)).bundle
    for _ in range(6):
        clock.advance(timedelta(minutes=11))
        run(parts, store, read.bundle_id)
    assert shown(stub, read.bundle_id).version <= read.version + 1, "it is not written for nothing"
    assert states(act(stub, read, "CORRECT", "correct", application=asked()))["LICENCE"] == "ASKED"


def test_an_authority_that_is_asked_again_and_again_makes_nobodys_version_stale(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock, outside: Outside
) -> None:
    outside.behave("customs", "DOWN")
    bundle = started(stub, "CANCELLATION", registered(stub), facts=GOOD).bundle
    run(parts, store, bundle.bundle_id)
    read = shown(stub, bundle.bundle_id)
    for _ in range(3):
        clock.advance(timedelta(hours=1))
        run(parts, store, bundle.bundle_id)
    assert act(stub, read, "END", "end").bundle_id == bundle.bundle_id
