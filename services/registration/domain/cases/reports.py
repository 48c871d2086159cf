"""The annual report 年度报告: on record at once, in time or late (市场主体登记管理条例 art. 35; 实施细则 art. 63)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from services.registration.domain.above_size import check_industry, size_class
from services.registration.domain.annual_reports import closed_year, report_period
from services.registration.domain.cases.engine import EntityCase, Facts, Kind, Party, require_facts
from services.registration.domain.entities import MAX_FEN
from services.registration.domain.entity import EXISTING, Entity, EntityState
from shared.clock import local_date
from shared.failures import FailedPrecondition, InvalidArgument, Violation

_ARTICLE = "市场主体登记管理条例 art. 35; 实施细则 art. 63"
_CORRECTION = "企业信息公示暂行条例 art. 12"
REPORT_MISSED = "ANNUAL_REPORT_MISSED"
MOST_EMPLOYEES = 10_000_000


class ReportYearNotOpen(FailedPrecondition):
    """The report of a year is handed in from the next year's first day on (实施细则 art. 63)."""


class NoReportOwed(FailedPrecondition):
    """The entity did not exist in that year (企业信息公示暂行条例 art. 8)."""


class ReportMadeAlready(FailedPrecondition):
    """A report is corrected until its last day, and not later (企业信息公示暂行条例 art. 12)."""


class ReportStillMissing(FailedPrecondition):
    """It leaves the list when all missing reports are made up (企业经营异常名录管理暂行办法 arts. 10, 11)."""


def missing_years(entity: Entity, today: date) -> list[int]:
    """Closed years whose report is missing, oldest first."""
    first, last = entity.report_owed_year, closed_year(today)
    return [year for year in range(first, last + 1) if year not in entity.reported_years] if first else []


def require_reports(entity: Entity, today: date) -> None:
    """Raise ReportStillMissing, naming the years, unless the reports of all closed years are here."""
    if missing := missing_years(entity, today):
        told = ", ".join(str(year) for year in missing)
        raise ReportStillMissing(
            f"the reports of {told} are missing (企业经营异常名录管理暂行办法 arts. 10, 11)", metadata={"years": told}
        )


def _number(facts: Facts, name: str, least: int, most: int) -> int:
    text = facts.get(name, "")
    digits = text.removeprefix("-") if least < 0 else text
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 19 and least <= int(text) <= most):
        violation = Violation(f"facts.{name}", f"must be a whole number from {least} to {most}", "NUMBER_INVALID")
        raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))
    return int(text)


def _check(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    require_facts("report_year", "revenue_fen", "employees", "industry")(facts)
    year, today = _number(facts, "report_year", 1, 9999), local_date(now)
    _number(facts, "revenue_fen", 0, MAX_FEN)
    _number(facts, "employees", 0, MOST_EMPLOYEES)
    if facts.get("total_assets_fen"):
        _number(facts, "total_assets_fen", 0, MAX_FEN)
    check_industry(facts["industry"], "facts.industry")
    if year < date.fromisoformat(entity.founding_date).year:
        raise NoReportOwed(f"the entity was founded on {entity.founding_date} (企业信息公示暂行条例 art. 8)")
    period = report_period(year)
    if today < period.opens:
        raise ReportYearNotOpen(f"the report of {year} is handed in from {period.opens} on ({period.source})")
    if year in entity.reported_years and today > period.closes:
        raise ReportMadeAlready(f"the report of {year} could be corrected until {period.closes} ({_CORRECTION})")
    case.facts |= {"due_date": period.closes.isoformat(), "in_time": str(today <= period.closes).lower()}
    return ()


def _record(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """The newest year decides on the class above designated size, by the rule in force at its end."""
    year = int(facts["report_year"])
    entity.record_report(year)
    if year == entity.last_report_year:
        qualified = facts.get("qualified") == "true"
        revenue, end = int(facts["revenue_fen"]), date(year, 12, 31)
        entity.above_size = size_class(entity.entity_type, facts["industry"], revenue, qualified, end)
    return ()


ANNUAL_REPORT = Kind(
    key="ANNUAL_REPORT", article=_ARTICLE, opens_in=tuple(s for s in EntityState if s in EXISTING), first="RECORDED",
    by=(Party.APPLICANT,), check=_check, opening=_record, wakes=("ABNORMAL_LISTING",), owed={}, actions=(),
    uses=frozenset({"report_year", "revenue_fen", "total_assets_fen", "employees", "industry", "qualified"}),
)  # fmt: skip
