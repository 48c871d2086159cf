"""Abnormal list 经营异常名录 and serious list 严重违法失信名单 (实施细则 art. 70; 企业信息公示暂行条例 art. 17)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.registration.domain.cases.engine import (
    Action,
    EntityCase,
    Facts,
    Kind,
    Party,
    entity_flag,
    give_reasons,
    require_facts,
)
from services.registration.domain.entity import EXISTING, Entity, EntityState, Flag

_ARTICLE = "市场主体登记管理条例实施细则 art. 70; 企业信息公示暂行条例 art. 17"
_R = (Party.REGISTRAR,)


def _listed(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    give_reasons(case, facts)
    return entity.flag(Flag.ABNORMAL_LIST, True, case.reason_codes[0])


def _off(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """Mended: the report is handed in, the seat is found."""
    require_facts("mended_by")(facts)
    return [
        *entity.flag(Flag.ABNORMAL_LIST, False, "MENDED"),
        *entity.flag(Flag.SERIOUS_LIST, False, "MENDED"),
    ]


ABNORMAL_LISTING = Kind(
    key="ABNORMAL_LISTING", article=_ARTICLE, opens_in=tuple(s for s in EntityState if s in EXISTING), first="LISTED",
    by=_R, opening=_listed, clocks={"mending": "abnormal_to_serious"},
    owed={
        "LISTED": (Party.APPLICANT, "mending", "mending"),
        "SERIOUS": (Party.APPLICANT, "mending", ""),
    },
    actions=(
        Action("REMOVE", ("LISTED", "SERIOUS"), "REMOVED", _R, _ARTICLE, _off),
        Action("THREE_YEARS_OVER", ("LISTED",), "SERIOUS", (Party.PLATFORM,), _ARTICLE,
               entity_flag(Flag.SERIOUS_LIST, True, "THREE_YEARS_ABNORMAL"), when_over="mending"),
    ),
)  # fmt: skip
