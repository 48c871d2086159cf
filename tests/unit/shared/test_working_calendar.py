"""The statutory calendar (domain-rules §0; cases T7, T8, T10, T12, T36)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shared.working_calendar import (
    CalendarNotLoaded,
    add_months,
    add_natural_days,
    add_working_days,
    is_working_day,
    working_days_between,
)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2024-02-08", 3, "2024-02-19"),
        ("2024-04-30", 5, "2024-05-10"),
        ("2024-09-27", 20, "2024-10-30"),
        ("2025-01-20", 5, "2025-01-26"),
        ("2025-04-25", 5, "2025-05-06"),
        ("2025-09-28", 20, "2025-10-31"),
        ("2025-09-25", 45, "2025-12-03"),
        ("2026-02-12", 5, "2026-02-26"),
        ("2026-09-18", 5, "2026-09-24"),
        ("2026-09-24", 3, "2026-09-30"),
        pytest.param("2025-09-28", 3, "2025-10-09", id="T7"),
        pytest.param("2025-10-09", 3, "2025-10-13", id="T7 complex"),
        pytest.param("2025-04-30", 3, "2025-05-08", id="T12 acceptance"),
    ],
)
def test_working_days_are_counted_without_the_first_day(start: str, days: int, due: str) -> None:
    assert add_working_days(day(start), days) == day(due)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2025-09-12", 20, "2025-10-09"),
        pytest.param("2025-09-03", 30, "2025-10-09", id="T8"),
        pytest.param("2025-09-25", 10, "2025-10-09", id="T10"),
        pytest.param("2025-06-10", 45, "2025-07-25", id="T12 notice"),
    ],
)
def test_natural_days_that_end_on_a_day_off_end_on_the_next_working_day(start: str, days: int, due: str) -> None:
    assert add_natural_days(day(start), days) == day(due)


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [("2025-05-08", 3, "2025-08-08"), ("2025-05-08", 6, "2025-11-10"), ("2024-11-30", 3, "2025-02-28")],
)
def test_T12_months_end_on_the_same_date_or_the_last_of_the_month(start: str, months: int, due: str) -> None:
    assert add_months(day(start), months) == day(due)


def test_without_rolling_a_period_may_end_on_a_day_off() -> None:
    assert add_natural_days(day("2025-09-12"), 20, roll=False) == day("2025-10-02")


@pytest.mark.parametrize(("year", "count"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_its_number_of_working_days(year: int, count: int) -> None:
    assert (
        working_days_between(date(year, 1, 1) - timedelta(1), date(year, 12, 30)) + is_working_day(date(year, 12, 31))
        == count
    )


def test_an_unknown_year_is_an_error_never_a_guess_T36() -> None:
    with pytest.raises(CalendarNotLoaded, match="calendar for 2027 not loaded") as caught:
        add_working_days(date(2026, 12, 30), 3)
    assert caught.value.reason == "CALENDAR_NOT_LOADED"


def test_new_years_eve_2024_was_a_working_day_and_a_saturday_may_be() -> None:
    assert is_working_day(date(2024, 2, 9))
    assert is_working_day(date(2025, 2, 8))
    assert not is_working_day(date(2025, 2, 4))


def test_all_days_of_three_years_agree_with_two_independent_packages() -> None:
    import chinese_calendar
    import holidays

    other = holidays.country_holidays("CN", years=(2024, 2025, 2026))
    start = date(2024, 1, 1)
    for number in range(1096):
        today = start + timedelta(number)
        assert is_working_day(today) == chinese_calendar.is_workday(today), today
        assert is_working_day(today) == other.is_working_day(today), today
