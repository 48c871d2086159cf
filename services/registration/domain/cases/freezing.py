"""Shares frozen by a court 股权冻结: while it lasts, nothing that touches them is registered (民事诉讼法 art. 253).

The registrar enters what a court's notice orders (协助执行), to freeze, to go on or to release; it decides nothing itself, and the
court itself takes no step here. Three years at most each time; it ends by
itself when they are over (民诉法司法解释 art. 485).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from services.registration.domain.cases.engine import (
    UNTIL,
    Action,
    EntityCase,
    Facts,
    Kind,
    Party,
    entity_flag,
    require_facts,
)
from services.registration.domain.cases.facts import NO_FACTS, day_of
from services.registration.domain.entity import EXISTING, Entity, EntityState, Flag
from services.registration.domain.limits import limit
from shared.clock import local_date
from shared.failures import FailedPrecondition, InvalidArgument, Violation

_ARTICLE = "民事诉讼法 art. 253; 最高人民法院关于适用民事诉讼法的解释 art. 485"
_COURT_REF = re.compile(
    r"[(（][0-9]{4}[)）][一-鿿]{1,4}[0-9]{0,4}[一-鿿]{1,4}[0-9]{1,8}号(之[一二三四五六七八九十]{1,3})?"
)
_ENTERED = (Party.REGISTRAR,)
_ORDER = frozenset({"court_ref", "until"})


class FrozenTooLong(FailedPrecondition):
    """Shares are frozen for three years at most each time (民诉法司法解释 art. 485)."""


def _require_ref(facts: Facts) -> None:
    """The number of the court's order 案号; nothing else, so that no name of a person stands there."""
    require_facts("court_ref")(facts)
    if not _COURT_REF.fullmatch(facts["court_ref"]):
        text = "must be the number of the court's order, e.g. (2025)苏0411执123号"
        violation = Violation("facts.court_ref", text, "COURT_REF_INVALID")
        raise InvalidArgument(text, reason=violation.reason, violations=(violation,))


def _until(case: EntityCase, facts: Facts, start: date, today: date) -> None:
    _require_ref(facts)
    until, most = day_of(facts, "until"), limit("shares_freeze", today)
    if until <= start:
        violation = Violation("facts.until", f"must be a day after {start}", "DATE_INVALID")
        raise InvalidArgument(violation.description, reason="DATE_INVALID", violations=(violation,))
    if until > (last := most.last_day(start)):
        raise FrozenTooLong(f"until {last} at most ({most.source})", metadata={"until": last.isoformat()})
    case.until = until.isoformat()


def _freeze(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    _until(case, facts, local_date(now), local_date(now))
    return entity.flag(Flag.SHARES_FROZEN, True, "COURT_ORDER")


def _extend(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    _until(case, facts, date.fromisoformat(case.until), local_date(now))
    return ()


def _release(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    _require_ref(facts)
    case.until = ""
    return entity.flag(Flag.SHARES_FROZEN, False, "COURT_RELEASE")


def _over(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    case.until = ""
    return entity_flag(Flag.SHARES_FROZEN, False, "FREEZE_OVER")(case, entity, facts, now)


SHARES_FREEZE = Kind(
    key="SHARES_FREEZE", article=_ARTICLE, first="FROZEN",
    # no revocation ends what a court ordered: undone, it would leave shares that are frozen for good (条例 art. 42)
    opens_in=tuple(s for s in EntityState if s in EXISTING or s is EntityState.REGISTRATION_REVOKED),
    by=_ENTERED, opening=_freeze, uses=_ORDER, owed={"FROZEN": (Party.AUTHORITY, "release", UNTIL)},
    actions=(
        Action("EXTEND", ("FROZEN",), "FROZEN", _ENTERED, _ARTICLE, _extend, keeps_time=True, uses=_ORDER),
        Action("RELEASE", ("FROZEN",), "RELEASED", _ENTERED, _ARTICLE, _release, uses=frozenset({"court_ref"})),
        Action("TIME_OVER", ("FROZEN",), "LAPSED", (Party.PLATFORM,), _ARTICLE, _over, when_over=UNTIL, uses=NO_FACTS),
    ),
)  # fmt: skip
