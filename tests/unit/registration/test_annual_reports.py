"""Which year's report is open, owed or closed; and who is above designated size (实施细则 art. 63; mission 1-10)."""

from __future__ import annotations

from datetime import date

import pytest

from services.registration.domain.above_size import check_industry, size_class, size_rules
from services.registration.domain.annual_reports import (
    NoReportPeriod,
    closed_year,
    first_owed_year,
    next_owed_year,
    report_period,
)
from services.registration.domain.entities import EntityType
from shared.failures import InvalidArgument

COMPANY, YUAN = EntityType.LIMITED_COMPANY, 100
END = date(2024, 12, 31)


def test_the_first_half_of_the_year_is_for_the_year_before() -> None:
    period = report_period(2025)
    assert (period.opens, period.closes) == (date(2026, 1, 1), date(2026, 6, 30))
    assert "art. 63" in period.source
    assert "art. 8" in report_period(2019).source
    with pytest.raises(NoReportPeriod):
        report_period(2012)


@pytest.mark.parametrize(
    ("founded", "entered", "owed"),
    [
        ("2026-03-01", "2026-03-01", 2026),
        ("2010-05-05", "2026-06-30", 2025),
        ("2010-05-05", "2026-07-01", 2026),
        ("2025-11-11", "2026-02-01", 2025),
        ("2026-01-05", "2026-02-01", 2026),
    ],
)
def test_the_first_report_owed_follows_from_founding_and_entry(founded: str, entered: str, owed: int) -> None:
    assert first_owed_year(date.fromisoformat(founded), date.fromisoformat(entered)) == owed


def test_a_year_is_closed_on_the_day_after_its_last() -> None:
    assert (closed_year(date(2026, 6, 30)), closed_year(date(2026, 7, 1))) == (2024, 2025)


def test_a_gap_between_reports_stays_owed() -> None:
    assert (next_owed_year(2022, [2023]), next_owed_year(2022, [2022, 2023, 2025])) == (2022, 2024)


@pytest.mark.parametrize(
    ("industry", "least", "key"),
    [
        ("0610", 20_000_000, "INDUSTRY"),
        ("3411", 20_000_000, "INDUSTRY"),
        ("46", 20_000_000, "INDUSTRY"),
        ("5111", 20_000_000, "WHOLESALE"),
        ("5211", 5_000_000, "RETAIL"),
        ("6110", 2_000_000, "ACCOMMODATION_CATERING"),
        ("62", 2_000_000, "ACCOMMODATION_CATERING"),
        ("5430", 20_000_000, "SERVICES"),
        ("6510", 20_000_000, "SERVICES"),
        ("7020", 10_000_000, "SERVICES"),
        ("7211", 10_000_000, "SERVICES"),
        ("8010", 5_000_000, "SERVICES"),
        ("9011", 5_000_000, "SERVICES"),
    ],
)
def test_mission_1_10_each_class_has_its_threshold(industry: str, least: int, key: str) -> None:
    assert size_class(COMPANY, industry, least * YUAN, False, END) == key
    assert size_class(COMPANY, industry, least * YUAN - 1, False, END) == ""


def test_qualified_builders_and_developers_are_all_taken_and_others_not() -> None:
    for industry, key in (("4710", "CONSTRUCTION"), ("50", "CONSTRUCTION"), ("7010", "REAL_ESTATE")):
        assert size_class(COMPANY, industry, 0, True, END) == key
        assert size_class(COMPANY, industry, 10**12, False, END) == ""


def test_farms_banks_and_who_is_no_legal_unit_are_not_taken() -> None:
    assert size_class(COMPANY, "0111", 10**12, True, END) == ""
    assert size_class(COMPANY, "6621", 10**12, True, END) == ""
    for kind in (EntityType.SOLE_TRADER, EntityType.BRANCH):
        assert size_class(kind, "5211", 10**12, True, END) == ""
    assert size_class(COMPANY, "3411", 10**12, True, date(2010, 12, 31)) == ""


def test_every_rule_has_a_source_and_no_industry_stands_twice() -> None:
    rules, _ = size_rules()
    assert all(rule.source for rule in rules)
    beginnings = [beginning for rule in rules if rule.valid_to is None for beginning in rule.industries]
    assert len(beginnings) == len(set(beginnings))


@pytest.mark.parametrize("code", ["", "5", "00", "98", "52111", "５２", "5a"])
def test_what_is_no_code_of_the_standard_is_refused(code: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        check_industry(code, "facts.industry")
    assert refused.value.violations[0].field == "facts.industry"


def test_a_year_after_which_no_date_can_be_written_has_no_period() -> None:
    with pytest.raises(NoReportPeriod):
        report_period(9999)
