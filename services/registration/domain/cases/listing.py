"""Abnormal list 经营异常名录 and serious list 严重违法失信名单 (实施细则 art. 70; 企业信息公示暂行条例 art. 17).

Who makes up the missing reports is taken off by the registrar in five working days (企业经营异常名录管理暂行办法 arts. 10, 11); the
law asks for an application, and handing in the last missing report is taken as one. Where the entity is listed for something
else, the registrar finds itself that it is mended.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.registration.domain.annual_reports import closed_year
from services.registration.domain.cases.engine import (
    ENTITY_FACTS,
    Action,
    EntityCase,
    Facts,
    Kind,
    Party,
    give_reasons,
    require_facts,
)
from services.registration.domain.cases.facts import NO_FACTS, REASONS
from services.registration.domain.cases.name_disputes import RENAME_MISSED
from services.registration.domain.cases.reports import REPORT_MISSED, missing_years, require_reports
from services.registration.domain.entity import EXISTING, Entity, EntityState, Flag
from shared.clock import local_date
from shared.failures import FailedPrecondition

_ARTICLE = "市场主体登记管理条例实施细则 art. 70; 企业信息公示暂行条例 art. 17"
_REMOVAL = "企业经营异常名录管理暂行办法 arts. 10, 11"
_R = (Party.REGISTRAR,)


class NothingMissing(FailedPrecondition):
    """No report of a closed year is missing: there is nothing to list it for (实施细则 art. 63)."""


def _listed(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    give_reasons(case, facts)
    if REPORT_MISSED in case.reason_codes and entity.report_owed_year:
        # a listing that ended with a revocation left its reason behind: listed anew, so that it can be taken off
        if not missing_years(entity, local_date(now)) and REPORT_MISSED not in entity.listed_for.get(
            Flag.ABNORMAL_LIST, ()
        ):
            raise NothingMissing("no report of a closed year is missing (实施细则 art. 63)")
        entity.report_due_year = closed_year(local_date(now)) + 1
        # also where the flag stood before, what is noted above must be stored
        entity.version += 1
    return entity.list_for(Flag.ABNORMAL_LIST, case.reason_codes, case.reason_codes[0])


def _made_up(case: EntityCase, entity: Entity, now: datetime) -> str:
    """The duty is done: the three years end, and taking it off is the registrar's to do. Where a registrar listed it for
    nothing else, nothing but the reports counts."""
    listed = case.state == "LISTED" and case.reason_codes == [REPORT_MISSED] and entity.report_owed_year
    return "REPORTS_MADE_UP" if listed and not missing_years(entity, local_date(now)) else ""


def _off(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """Mended: the reports are handed in, the seat is found. A report that is missing beside another reason, or whose time
    ended after the application, is looked at again at once. A name that must still be changed keeps it on the list
    (名称规定 art. 23): only another name mends that."""
    today = local_date(now)
    if case.state != "REMOVAL_ASKED":
        require_facts("mended_by")(facts)
        if REPORT_MISSED in case.reason_codes:
            require_reports(entity, today)
    if missing_years(entity, today):
        entity.report_due_year = entity.report_owed_year
        entity.version += 1
    return [
        told
        for flag in (Flag.ABNORMAL_LIST, Flag.SERIOUS_LIST)
        for told in entity.unlist(flag, _mended(entity, flag), "MENDED")
    ]


def _mended(entity: Entity, flag: Flag) -> list[str]:
    """Whatever it is listed for but its name; also what an earlier listing left behind that was overtaken."""
    bound = Flag.NAME_WITHDRAWN in entity.flags
    return [reason for reason in entity.listed_for.get(flag, ()) if not (bound and reason == RENAME_MISSED)]


def _three_years(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    return entity.list_for(Flag.SERIOUS_LIST, case.reason_codes, "THREE_YEARS_ABNORMAL")


ABNORMAL_LISTING = Kind(
    key="ABNORMAL_LISTING", article=_ARTICLE, opens_in=tuple(s for s in EntityState if s in EXISTING), first="LISTED",
    by=(Party.REGISTRAR, Party.PLATFORM), opening=_listed, follows=_made_up, uses=REASONS,
    clocks={"mending": "abnormal_to_serious"},
    owed={
        "LISTED": (Party.APPLICANT, "mending", "mending"),
        "REMOVAL_ASKED": (Party.REGISTRAR, "removal", "removal"),
        "SERIOUS": (Party.APPLICANT, "mending", ""),
    },
    actions=(
        Action("REPORTS_MADE_UP", ("LISTED",), "REMOVAL_ASKED", (Party.PLATFORM,), _REMOVAL,
               clocks={"removal": "abnormal_removal"}, when_over=ENTITY_FACTS, uses=NO_FACTS),
        Action("REMOVE", ("LISTED", "REMOVAL_ASKED", "SERIOUS"), "REMOVED", _R, _ARTICLE, _off, uses=frozenset({"mended_by"})),
        Action("THREE_YEARS_OVER", ("LISTED",), "SERIOUS", (Party.PLATFORM,), _ARTICLE,
               _three_years, when_over="mending", uses=NO_FACTS),
    ),
)  # fmt: skip
