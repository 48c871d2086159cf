"""Annual reports 年度报告: which year is open, which is owed, and the day by which (条例 art. 35, 实施细则 art. 63).

A report for a year is handed in during the first half of the next. An entity owes its first report for the year in which
it was founded (企业信息公示暂行条例 art. 8); one that comes from another register owes what is still to be handed in when
it comes: the reports of closed years were made, or the failure was judged, where it was kept before.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import MAXYEAR, date
from functools import cache
from pathlib import Path

import yaml

from shared.failures import FailedPrecondition

_FILE = Path(__file__).resolve().parent.parent / "data" / "annual_reports.yaml"


class NoReportPeriod(FailedPrecondition):
    """No period for reports of this year stands in the data; nothing is guessed."""


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """When the report of a year is handed in; both days count. `source`: the article."""

    report_year: int
    opens: date
    closes: date
    source: str


@dataclass(frozen=True, slots=True)
class _Rule:
    first_year: int
    last_year: int | None
    opens: str
    closes: str
    source: str


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(_Rule(**entry) for entry in yaml.safe_load(_FILE.read_text(encoding="utf-8"))["periods"])


def report_period(report_year: int) -> ReportPeriod:
    """The days in which the report of this year is handed in. Raises NoReportPeriod."""
    for rule in _rules() if report_year < MAXYEAR else ():  # it is handed in a year later
        if rule.first_year <= report_year and (rule.last_year is None or report_year <= rule.last_year):
            opens, closes = (date.fromisoformat(f"{report_year + 1}-{day}") for day in (rule.opens, rule.closes))
            return ReportPeriod(report_year, opens, closes, rule.source)
    raise NoReportPeriod(
        f"no period for reports of {report_year} stands in the data", metadata={"year": str(report_year)}
    )


def closed_year(today: date) -> int:
    """The newest year whose report can no longer come in time: on 1 July the year before, on 30 June the one before that."""
    newest = today.year - 1
    return newest if today > report_period(newest).closes else newest - 1


def first_owed_year(founding_date: date, today: date) -> int:
    """The first year whose report an entity owes that is entered in the register today."""
    return max(founding_date.year, closed_year(today) + 1)


def next_owed_year(owed: int, reported: Collection[int]) -> int:
    """The first year from `owed` on without a report."""
    while owed in reported:
        owed += 1
    return owed
