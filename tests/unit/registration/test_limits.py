"""Time limits of registration."""

from __future__ import annotations

from datetime import date

import pytest

from services.registration.domain.limits import LimitUnit, NoLimitInForce, due_date, limit


def test_review_takes_three_working_days_and_a_complex_case_three_more() -> None:
    # T7: complete on 2025-09-28 (a working Sunday), not decided on the spot
    first = due_date("registration_review", date(2025, 9, 28))

    assert first == date(2025, 10, 9)
    assert due_date("registration_review_extension", first) == date(2025, 10, 13)


def test_a_name_is_held_for_two_months_and_for_a_year_when_a_pre_approval_is_needed() -> None:
    assert due_date("name_reservation", date(2025, 3, 15)) == date(2025, 5, 15)
    assert due_date("name_reservation_pre_approval", date(2025, 3, 15)) == date(2026, 3, 15)


def test_a_reservation_ends_on_a_day_off_and_needs_no_calendar_of_later_years() -> None:
    assert due_date("name_reservation", date(2025, 8, 1)) == date(2025, 10, 1)
    assert due_date("name_reservation_pre_approval", date(2026, 6, 1)) == date(2027, 6, 1)


def test_a_review_that_touches_a_year_without_calendar_is_an_error_and_no_guess() -> None:
    with pytest.raises(Exception, match="2027"):
        due_date("registration_review", date(2026, 12, 30))


def test_a_limit_tells_its_source_and_version() -> None:
    found = limit("registration_review", date(2025, 1, 1))

    assert (found.amount, found.unit) == (3, LimitUnit.WORKING_DAY)
    assert "art. 18" in found.source
    assert found.version == "registration_review@2022-03-01"


@pytest.mark.parametrize(
    ("kind", "day"), [("registration_review", date(2022, 2, 28)), ("no_such_limit", date(2025, 1, 1))]
)
def test_without_a_limit_in_force_nothing_is_guessed(kind: str, day: date) -> None:
    with pytest.raises(NoLimitInForce) as caught:
        limit(kind, day)

    assert caught.value.metadata["kind"] == kind
