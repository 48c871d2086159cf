"""Time in cases about entities: what is counted from an end is counted from that end, and a step never comes before what time
brought; what came in between is seen."""

from __future__ import annotations

from typing import Any

import pytest

from services.registration.domain.cases.cancellation import TooEarly
from services.registration.domain.cases.dormancy import DormantTooLong
from services.registration.domain.cases.engine import ActionNotAllowed, CaseBarred, catch_up, next_due_time
from services.registration.domain.entities import EntityType
from services.registration.domain.entity import EntityState, Flag
from services.registration.domain.events import EntityCaseMoved
from shared.failures import InvalidArgument
from tests.unit.registration.test_entity_cases import GOOD, REGISTRAR, Play, at, entity


@pytest.mark.parametrize("looked", ["2026-03-25", "2026-03-30"])
def test_4_04_twenty_days_for_the_application_begin_when_the_notice_ends_whenever_the_platform_looks(
    looked: str,
) -> None:
    play = Play("SIMPLIFIED_CANCELLATION", entity(), "2026-03-04", GOOD)
    assert play.due_date("objections") == "2026-03-24"
    play.due(looked)
    assert (play.states[0], play.due_date("application")) == ("OPEN_FOR_APPLICATION", "2026-04-13")


def test_4_04_an_application_after_its_time_is_refused_also_when_the_platform_has_not_looked() -> None:
    play = Play("SIMPLIFIED_CANCELLATION", entity(), "2026-03-04", GOOD)
    with pytest.raises(ActionNotAllowed, match="LAPSED"):
        play.act("APPLY", "2026-04-14")
    in_time = Play("SIMPLIFIED_CANCELLATION", entity(), "2026-03-04", GOOD).act("APPLY", "2026-04-13")
    assert in_time.states == ("CANCELLED", "CANCELLED"), "the notice is over, looked at or not"


@pytest.mark.parametrize("flag", [Flag.SHARES_FROZEN, Flag.ABNORMAL_LIST, Flag.IMPERSONATION_INQUIRY])
@pytest.mark.parametrize("kind", [EntityType.LIMITED_COMPANY, EntityType.SOLE_TRADER])
def test_T11_a_bar_that_came_during_the_notice_stops_the_simplified_cancellation(flag: Flag, kind: EntityType) -> None:
    play = Play("SIMPLIFIED_CANCELLATION", entity(kind), "2025-03-03", GOOD)
    play.entity.flag(flag, True, "WHY")
    assert play.due("2025-03-05").states[1] == "CANCELLING", "it may go away before the notice ends"
    for _ in range(3):
        play.due("2025-03-26")
    assert play.states == ("BARRED", "ACTIVE")
    assert play.case.reason_codes
    assert Play("ORDINARY_CANCELLATION", play.entity, "2025-03-27").states[1] == "CLEARING"


def test_T11_a_bar_that_came_during_the_notice_is_seen_with_the_end_of_the_notice() -> None:
    play = Play("SIMPLIFIED_CANCELLATION", entity(), "2025-03-03", GOOD)
    play.entity.flag(Flag.ABNORMAL_LIST, True, "WHY")
    told = catch_up(play.kind, play.case, play.entity, at("2025-03-25"))
    assert play.states == ("BARRED", "ACTIVE"), "else it is looked at again when the time for the application is over"
    assert [e.state for e in told if isinstance(e, EntityCaseMoved)] == ["OPEN_FOR_APPLICATION", "BARRED"]


def test_T11_a_bar_that_came_after_the_notice_stops_it_before_the_application() -> None:
    play = Play("SIMPLIFIED_CANCELLATION", entity(), "2025-03-03", GOOD).due("2025-03-25")
    play.entity.flag(Flag.SHARES_FROZEN, True, "COURT")
    with pytest.raises(ActionNotAllowed, match="BARRED"):
        play.act("APPLY", "2025-03-26")


@pytest.mark.parametrize("kind", [EntityType.SOLE_TRADER, EntityType.BRANCH])
def test_T11_who_has_nothing_to_clear_applies_for_the_ordinary_cancellation_at_once(kind: EntityType) -> None:
    play = Play("ORDINARY_CANCELLATION", entity(kind, flags=[Flag.ABNORMAL_LIST]), "2025-03-03")
    assert play.states == ("NOTHING_TO_CLEAR", "CLEARING")
    with pytest.raises(InvalidArgument) as gaps:
        play.act("APPLY", "2025-03-03")
    assert len(gaps.value.violations) == 2
    play.act("APPLY", "2025-03-03", {"cancellation_application": "true", "tax_clearance": "true"})
    assert play.states == ("CANCELLED", "CANCELLED")


def test_4_04_whoever_gives_up_ending_a_dormant_entity_goes_on_with_it_and_the_dormant_days_count() -> None:
    who = entity()
    dormancy = Play("DORMANCY", who, "2024-08-01", {"until": "2025-08-01"})
    ending = Play("ORDINARY_CANCELLATION", who, "2024-08-31").act("WITHDRAW", "2024-09-10")
    assert ending.states == ("WITHDRAWN", "ACTIVE")
    assert who.dormant_days == 30
    assert dormancy.due("2024-09-10").states[0] == "OVERTAKEN"
    with pytest.raises(DormantTooLong) as refused:
        Play("DORMANCY", who, "2024-09-11", {"until": "2027-08-15"})
    assert refused.value.metadata == {"until": "2027-08-12"}
    assert Play("DORMANCY", who, "2024-09-11", {"until": "2027-08-12"}).states[1] == "DORMANT"


def test_4_04_a_dormancy_ends_on_its_day_however_late_the_platform_looks_and_the_rest_is_left() -> None:
    play = Play("DORMANCY", entity(), "2025-01-01", {"until": "2026-01-01"}).due("2026-02-01")
    assert (play.states, play.entity.dormant_days) == (("RESUMED", "ACTIVE"), 365)
    assert play.due_date("publication") == "2026-02-02", "thirty days from its end, which is a Saturday"
    Play("DORMANCY", play.entity, "2026-02-02", {"until": "2028-02-02"})


def test_4_04_three_years_of_a_revoked_licence_run_on_whatever_is_begun_and_given_up() -> None:
    who = entity()
    who.change_state(who.version, EntityState.LICENCE_REVOKED, "PENALTY", at("2021-05-10"))
    assert Play("ORDINARY_CANCELLATION", who, "2025-03-03").act("WITHDRAW", "2025-03-20").states[1] == "LICENCE_REVOKED"
    assert Play("FORCED_CANCELLATION", who, "2025-03-21", by=REGISTRAR).states[0] == "ANNOUNCED"
    late = entity(state=EntityState.LICENCE_REVOKED, state_date="2025-03-20")
    with pytest.raises(TooEarly):
        Play("FORCED_CANCELLATION", late, "2025-03-21", by=REGISTRAR)


def test_4_04_only_a_company_is_cancelled_without_an_application() -> None:
    who = entity(EntityType.SOLE_TRADER, state=EntityState.LICENCE_REVOKED, state_date="2019-01-01")
    with pytest.raises(CaseBarred) as barred:
        Play("FORCED_CANCELLATION", who, "2025-03-21", by=REGISTRAR)
    assert (barred.value.reason, barred.value.metadata["route"]) == ("NOT_A_COMPANY", "ORDINARY_CANCELLATION")


@pytest.mark.parametrize("state", [EntityState.ACTIVE, EntityState.DORMANT, EntityState.LICENCE_REVOKED])
def test_4_04_only_a_court_ends_an_entity_without_a_procedure(state: EntityState) -> None:
    who = entity(state=state, state_date="2025-01-02")
    with pytest.raises(InvalidArgument, match="BANKRUPTCY_ENDED") as refused:
        who.change_state(who.version, EntityState.CANCELLED, "OWN_REQUEST", at("2025-03-03"))
    assert [v.field for v in refused.value.violations] == ["reason_code"]
    who.change_state(who.version, EntityState.CANCELLED, "BANKRUPTCY_ENDED", at("2025-03-03"))
    assert who.state is EntityState.CANCELLED


def test_a_case_without_a_running_clock_is_looked_at_only_when_it_is_woken() -> None:
    play: Any = Play("NAME_DISPUTE", entity(), "2025-03-03")
    assert next_due_time(play.kind, play.case, at("2025-03-04")) is None


def test_T36_a_clock_whose_day_no_calendar_tells_keeps_no_other_clock_of_the_case_waiting() -> None:
    """2027 is not loaded: the inquiry has no day yet, the notice ends with 28 December all the same."""
    play = Play("IMPERSONATION", entity(), "2026-11-09")
    play.act("ACCEPT", "2026-11-10", {"identity_verified": "true"}, REGISTRAR)
    play.act("PUBLISH_NOTICE", "2026-11-12", by=REGISTRAR)
    assert play.case.clocks.deadline("inquiry").state == "UNKNOWN"
    assert next_due_time(play.kind, play.case, at("2026-12-28", 23)) == at("2026-12-29", 0)
    assert next_due_time(play.kind, play.case, at("2026-12-01", 10)) == at("2026-12-02", 10)


def test_T36_an_inquiry_without_a_day_is_suspended_and_goes_on_and_no_pause_is_lost() -> None:
    play = Play("IMPERSONATION", entity(), "2026-11-09")
    play.act("ACCEPT", "2026-11-10", {"identity_verified": "true"}, REGISTRAR)
    play.act("SUSPEND", "2026-11-12", {"reason_codes": "LAWSUIT"}, REGISTRAR)
    assert play.case.clocks.is_paused("inquiry", "SUSPENDED")
    play.act("GO_ON", "2026-11-20", by=REGISTRAR)
    assert play.case.clocks.deadline("inquiry").state == "UNKNOWN"
    assert [mark.kind for mark in play.case.marks if mark.clock == "inquiry"] == ["STARTED", "PAUSED", "RESUMED"]
