"""What stood beside an entity whose registration was revoked and restored can be left again (条例 arts. 30, 42)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.registration.domain.cases.dormancy import DormantTooLong
from services.registration.domain.entity import Entity, EntityState, Flag, remember
from tests.unit.registration.test_entity_cases import GOOD, REGISTRAR, Play, at, entity

WRONG = {"reason_codes": "WRONG"}


def revoked(who: Entity, day: str, *beside: Play) -> Play:
    """A review of the revocation, which ended the cases beside it."""
    before = replace(who)
    who.change_state(who.version, EntityState.REGISTRATION_REVOKED, "FALSE_REGISTRATION", at(day))
    remember(before, who, at(day))
    for play in beside:
        play.due(day)
    return Play("REVOCATION_REVIEW", who, day, by=REGISTRAR)


def dormant(since: str, until: str) -> Play:
    who = entity()
    before = replace(who)
    play = Play("DORMANCY", who, since, {"until": until})
    remember(before, who, at(since))
    return play


def test_a_dormancy_whose_three_years_are_over_is_not_restored() -> None:
    sleep = dormant("2023-01-10", "2026-01-09")
    who = sleep.entity
    review = revoked(who, "2026-01-10", sleep).act("UNDO", "2026-02-14", WRONG, REGISTRAR)
    assert review.states == ("UNDONE", "ACTIVE")


def test_a_dormancy_that_nobody_filed_anew_ends_when_somebody_does_after_its_three_years() -> None:
    sleep = dormant("2023-01-10", "2026-01-09")
    who = sleep.entity
    revoked(who, "2025-12-09", sleep).act("UNDO", "2026-02-14", WRONG, REGISTRAR)
    assert who.state == "DORMANT"
    with pytest.raises(DormantTooLong):
        Play("DORMANCY", replace(who), "2026-02-20", {"until": "2026-12-20"})
    again = Play("DORMANCY", who, "2026-05-01", {"until": "2026-12-20"}).due("2026-05-01", 11)
    assert again.states == ("RESUMED", "ACTIVE")
    with pytest.raises(DormantTooLong):
        Play("DORMANCY", who, "2026-05-02", {"until": "2026-05-03"})


def test_what_a_court_froze_is_free_on_its_day_whatever_was_revoked_meanwhile() -> None:
    who = entity()
    order = {"court_ref": "(2025)苏0411执123号", "until": "2025-09-03"}
    freeze = Play("SHARES_FREEZE", who, "2025-03-03", order, REGISTRAR)
    review = revoked(who, "2025-06-09", freeze)
    assert freeze.states == ("FROZEN", "REGISTRATION_REVOKED")
    review.act("UNDO", "2025-06-14", WRONG, REGISTRAR)
    assert who.flags == [Flag.SHARES_FROZEN]
    assert freeze.due("2025-09-04").case.state == "LAPSED"
    assert Play("SIMPLIFIED_CANCELLATION", who, "2025-09-05", GOOD).states == ("ANNOUNCED", "CANCELLING")


def test_who_made_up_its_report_is_taken_off_the_list_although_the_listing_ended_with_the_revocation() -> None:
    who = entity(report_owed_year=2024, report_due_year=2024)
    missed = {"reason_codes": "ANNUAL_REPORT_MISSED"}
    listing = Play("ABNORMAL_LISTING", who, "2025-07-01", missed, REGISTRAR)
    revoked(who, "2025-07-09", listing).act("UNDO", "2025-07-14", WRONG, REGISTRAR)
    assert listing.case.state == "OVERTAKEN"
    report = {"report_year": "2024", "revenue_fen": "1", "employees": "1", "industry": "5211"}
    Play("ANNUAL_REPORT", who, "2025-07-15", report)
    again = Play("ABNORMAL_LISTING", who, "2025-07-16", missed, REGISTRAR).due("2025-07-16", 11)
    assert (again.case.state, again.due_date("removal")) == ("REMOVAL_ASKED", "2025-07-23")
    again.act("REMOVE", "2025-07-17", by=REGISTRAR)
    assert (who.flags, who.listed_for) == ([], {})
