"""Dormancy 歇业: filed beforehand, at most three years together, resumed by trading or at its end (条例 art. 30)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from services.registration.domain.cases.engine import UNTIL, Action, EntityCase, Facts, Kind, Party
from services.registration.domain.cases.facts import NO_FACTS, day_of
from services.registration.domain.entity import Entity, EntityState
from services.registration.domain.limits import limit
from shared.clock import local_date
from shared.failures import FailedPrecondition, InvalidArgument, Violation

_ARTICLE = "市场主体登记管理条例 art. 30; 实施细则 arts. 41-42"


class DormantTooLong(FailedPrecondition):
    """Dormancy lasts three years at most, all its times together (条例 art. 30)."""


class ExtensionTooEarly(FailedPrecondition):
    """An extension is filed within the last days of the dormancy (实施细则 art. 42)."""


def _end_of(facts: Facts, after: date) -> date:
    until = day_of(facts, "until")
    if until <= after:
        violation = Violation("facts.until", f"must be a day after {after}", "DATE_INVALID")
        raise InvalidArgument(violation.description, reason="DATE_INVALID", violations=(violation,))
    return until


def _latest(entity: Entity, since: date) -> date:
    return limit("dormancy", since).last_day(since) - timedelta(days=entity.dormant_days)


def resume_when_over(entity: Entity, now: datetime) -> list[Any]:
    """An undone revocation left it dormant although its three years are over (条例 art. 30)."""
    dormant = entity.state is EntityState.DORMANT
    over = dormant and _latest(entity, date.fromisoformat(entity.state_date)) <= local_date(now)
    return [entity.move(EntityState.ACTIVE, "RESUMED", now)] if over else []


def _require_room(entity: Entity, since: date, until: date) -> None:
    most, latest = limit("dormancy", since), _latest(entity, since)
    if until > latest:
        raise DormantTooLong(
            f"all dormancies together last {most.amount} months at most: until {latest} here ({most.source})",
            metadata={"until": latest.isoformat()},
        )


def _sleep(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    until = _end_of(facts, local_date(now))
    if entity.state is EntityState.DORMANT:  # as an undone revocation left it
        since = date.fromisoformat(entity.state_date)
        if (latest := _latest(entity, since)) <= local_date(now):
            until = latest  # its three years are over: it is resumed at the next look
        _require_room(entity, since, until)
        case.until = until.isoformat()
        return ()
    _require_room(entity, local_date(now), until)
    case.until = until.isoformat()
    return (entity.move(EntityState.DORMANT, "DORMANCY", now),)


def _extend(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    end, today = date.fromisoformat(case.until), local_date(now)
    window = limit("dormancy_extension_window", today)
    if today < end - timedelta(days=window.amount):
        raise ExtensionTooEarly(f"file it within {window.amount} days before {end} ({window.source})")
    until = _end_of(facts, end)
    _require_room(entity, date.fromisoformat(entity.state_date), until)
    case.until = until.isoformat()
    return ()


def _wake(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    until, case.until = date.fromisoformat(case.until), ""
    if entity.state is not EntityState.DORMANT:  # its licence was revoked meanwhile
        return ()
    told = entity.move(EntityState.ACTIVE, "RESUMED", now)
    entity.dormant_days -= max(0, (local_date(now) - until).days)  # it ended when it ended, whenever we look
    return (told,)


_UNTIL = frozenset({"until"})
DORMANCY = Kind(
    key="DORMANCY", article=_ARTICLE, opens_in=(EntityState.ACTIVE,), goes_on_in=(EntityState.DORMANT,), first="DORMANT",
    by=(Party.APPLICANT,), opening=_sleep,
    uses=_UNTIL,
    owed={
        "DORMANT": (Party.APPLICANT, "resumption", UNTIL),
        "RESUMED": (Party.APPLICANT, "publication", "publication"),
    },
    actions=(
        Action("EXTEND", ("DORMANT",), "DORMANT", (Party.APPLICANT,), _ARTICLE, _extend, keeps_time=True, uses=_UNTIL),
        Action("RESUME", ("DORMANT",), "RESUMED", (Party.APPLICANT, Party.REGISTRAR), _ARTICLE, _wake,
               clocks={"publication": "dormancy_publication"}, uses=NO_FACTS),
        Action("TIME_OVER", ("DORMANT",), "RESUMED", (Party.PLATFORM,), _ARTICLE, _wake,
               clocks={"publication": "dormancy_publication"}, when_over=UNTIL, uses=NO_FACTS),
        Action("PUBLISH", ("RESUMED",), "CLOSED", (Party.APPLICANT, Party.REGISTRAR), _ARTICLE, uses=NO_FACTS),
    ),
)  # fmt: skip
