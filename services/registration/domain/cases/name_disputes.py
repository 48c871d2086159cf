"""Name disputes 名称争议: ruling, renaming, and what follows where the name stays (企业名称登记管理规定 arts. 21, 23).

The loser renames by a change of its registered name like any other (`CHANGE`, `CONVERSION`), which ends the case whoever opened it;
or the registrar registers the name that the loser told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.registration.domain.cases.engine import (
    ENTITY_FACTS,
    Action,
    EntityCase,
    Facts,
    Kind,
    Party,
    entity_flag,
    give_reasons,
    require_facts,
    with_reasons,
)
from services.registration.domain.cases.facts import NO_FACTS, REASONS
from services.registration.domain.cases.new_facts import check_name
from services.registration.domain.entities import EntityType
from services.registration.domain.entity import EXISTING, Entity, EntityState, Flag
from services.registration.domain.naming import name_key, parse_name
from shared.failures import InvalidArgument, Violation

_NAME = "企业名称登记管理规定 arts. 21, 23"
# Why an entity stands on the lists that did not rename in time.
RENAME_MISSED = "RENAME_MISSED"
# The case's own note of the name that is contested: the one that the entity had when it was opened.
DISPUTED_NAME = "disputed_name"
_LISTS = (Flag.ABNORMAL_LIST, Flag.SERIOUS_LIST)


def require_other_name(entity: Entity, new_name: str, entity_type: EntityType | None = None) -> None:
    """Raise InvalidArgument for a new name that is, to the law, the one that must go: same trade and same trade name (art. 17).
    An entity whose name is not withdrawn may keep it."""
    if Flag.NAME_WITHDRAWN in entity.flags and not _differs(entity, entity.name, new_name, entity_type):
        raise _the_same()


def name_mended(entity: Entity) -> list[Any]:
    """It has another name: the code stands in its place no longer, and what it was listed for is mended (art. 23)."""
    return [
        *entity.flag(Flag.NAME_WITHDRAWN, False, "RENAMED"),
        *(told for flag in _LISTS if entity.listed_for.get(flag) for told in entity.unlist(flag, [RENAME_MISSED], "RENAMED")),
    ]  # fmt: skip


def _differs(entity: Entity, old_name: str, new_name: str, entity_type: EntityType | None = None) -> bool:
    old = parse_name(old_name, entity.entity_type, entity.division_code)
    new = parse_name(new_name, entity_type or entity.entity_type, entity.division_code)
    return name_key(old, entity.division_code) != name_key(new, entity.division_code)


def _the_same() -> InvalidArgument:
    violation = Violation("facts.new_name", f"is the name that must go ({_NAME})", "NAME_DISPUTED")
    return InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))


def _note_name(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    case.facts |= {DISPUTED_NAME: entity.name}
    return ()


def _rename_ordered(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """The loser renames in 30 days; until then its code stands in place of the name (art. 23)."""
    give_reasons(case, facts)
    case.facts.setdefault(DISPUTED_NAME, entity.name)  # of a case from before the name was noted when it is opened
    return [
        *entity.flag(Flag.NAME_DISPUTE, False, "NAME_RULING"),
        *entity.list_for(Flag.NAME_WITHDRAWN, [case.entity_case_id], "NAME_RULING"),
    ]


def _renamed(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    require_facts("new_name")(facts)
    check_name(facts["new_name"], entity.entity_type, entity.division_code)
    if not _differs(entity, case.facts.get(DISPUTED_NAME, entity.name), facts["new_name"]):
        raise _the_same()
    return [entity.change_facts({"name": facts["new_name"]}), *name_mended(entity)]


def _rename_missed(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """Onto the abnormal list, beside whatever else it is listed for; three years from here lead to the serious list."""
    return entity.list_for(Flag.ABNORMAL_LIST, [RENAME_MISSED], RENAME_MISSED)


def _three_years_late(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    return entity.list_for(Flag.SERIOUS_LIST, [RENAME_MISSED], "THREE_YEARS_ABNORMAL")


def _settled(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    give_reasons(case, facts)
    return entity.flag(Flag.NAME_DISPUTE, False, "NAME_DISPUTE_ENDED")


def _taken_back(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """Who asked for the ruling asks no longer; after the ruling there is nothing left to take back."""
    return entity.flag(Flag.NAME_DISPUTE, False, "NAME_DISPUTE_WITHDRAWN")


def _other_name(case: EntityCase, entity: Entity, now: datetime) -> str:
    """What is contested is gone, before the ruling or after it."""
    disputed = case.facts.get(DISPUTED_NAME, entity.name)
    return "NAME_CHANGED" if case.state in _OPEN and _differs(entity, disputed, entity.name) else ""


def _name_changed(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    return [*entity.flag(Flag.NAME_DISPUTE, False, "RENAMED"), *name_mended(entity)]


_R = (Party.REGISTRAR,)
_ORDERED = ("RENAME_ORDERED", "RENAME_LATE", "RENAME_SERIOUS")
_OPEN = ("RECEIVED", "ACCEPTED", *_ORDERED)
NAME_DISPUTE = Kind(
    # an entity that is being cleared, or whose licence is revoked, still has its name: no other procedure ends the dispute
    key="NAME_DISPUTE", article=_NAME, opens_in=tuple(s for s in EntityState if s in EXISTING), first="RECEIVED",
    by=(Party.APPLICANT, Party.REGISTRAR), opening=_note_name, follows=_other_name, uses=NO_FACTS,
    owed={
        "RECEIVED": (Party.REGISTRAR, "acceptance", ""),
        "ACCEPTED": (Party.REGISTRAR, "ruling", "ruling"),
        "RENAME_ORDERED": (Party.APPLICANT, "rename", "rename"),
        "RENAME_LATE": (Party.APPLICANT, "rename", "mending"),
        "RENAME_SERIOUS": (Party.APPLICANT, "rename", ""),
    },
    actions=(
        Action("ACCEPT", ("RECEIVED",), "ACCEPTED", _R, _NAME, entity_flag(Flag.NAME_DISPUTE, True, "NAME_DISPUTE_ACCEPTED"),
               clocks={"ruling": "name_ruling"}, uses=NO_FACTS),
        Action("NOT_ACCEPT", ("RECEIVED",), "NOT_ACCEPTED", _R, _NAME, with_reasons, uses=REASONS),
        Action("WITHDRAW", ("RECEIVED", "ACCEPTED"), "WITHDRAWN", (Party.APPLICANT,), _NAME, _taken_back, uses=NO_FACTS),
        Action("SETTLE", ("ACCEPTED",), "SETTLED", _R, _NAME, _settled, uses=REASONS),
        Action("DISMISS", ("ACCEPTED",), "DISMISSED", _R, _NAME, _settled, uses=REASONS),
        Action("ORDER_RENAME", ("ACCEPTED",), "RENAME_ORDERED", _R, _NAME, _rename_ordered, clocks={"rename": "rename"},
               uses=REASONS),
        Action("RENAME_MISSED", ("RENAME_ORDERED",), "RENAME_LATE", (Party.PLATFORM,), _NAME,
               _rename_missed, clocks={"mending": "abnormal_to_serious"}, when_over="rename", uses=NO_FACTS),
        Action("THREE_YEARS_OVER", ("RENAME_LATE",), "RENAME_SERIOUS", (Party.PLATFORM,), "企业信息公示暂行条例 art. 17",
               _three_years_late, when_over="mending", uses=NO_FACTS),
        # the case may be the complainant's, who renames nobody
        Action("RENAME", _ORDERED, "RENAMED", _R, _NAME, _renamed,
               uses=frozenset({"new_name", "name_reservation_id", "invested_usccs"})),
        Action("NAME_CHANGED", _OPEN, "RENAMED", (Party.PLATFORM,), _NAME, _name_changed, when_over=ENTITY_FACTS, uses=NO_FACTS),
    ),
)  # fmt: skip
