"""Registrations and names that somebody contests: impersonation 冒名登记 (条例 arts. 40-42, 实施细则 arts. 50-58) and name
disputes 名称争议 (企业名称登记管理规定 arts. 21, 23)."""

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
    with_reasons,
)
from services.registration.domain.entity import EXISTING, Entity, EntityState, Flag
from services.registration.domain.naming import name_violations, parse_name
from shared.failures import FailedPrecondition, InvalidArgument, Violation

_IMPERSONATION = "市场主体登记管理条例 arts. 40-42; 实施细则 arts. 50-58"
_NAME = "企业名称登记管理规定 arts. 21, 23"
# Registered items that may be revoked alone, with the fact of the entity that goes.
REVOCABLE = {"legal_representative": "legal_representative_masked", "business_scope": "business_scope"}
INQUIRY_OPEN = ("INQUIRY", "NOTICE")
_OFF = (Flag.IMPERSONATION_INQUIRY, False)


class IdentityNotVerified(FailedPrecondition):
    """The impersonated person's identity is verified before the application is accepted (实施细则 art. 52)."""


def _require_identity(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    if facts.get("identity_verified") != "true" and case.facts.get("ex_officio") != "true":
        raise IdentityNotVerified("verify the identity of the impersonated person first (实施细则 art. 52)")
    return entity.flag(Flag.IMPERSONATION_INQUIRY, True, "IMPERSONATION_ACCEPTED")


def _extend(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    require_facts("approved_by")(facts)
    case.clocks.extend("inquiry", "impersonation_inquiry_extension", now, "COMPLEX_CASE")
    return ()


def _notice(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """Parties that cannot be reached or do not co-operate: 45 days' public notice beside the inquiry (实施细则 art. 53)."""
    case.clocks.start("notice", "impersonation_notice", now)
    return ()


def _suspend(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """A civil dispute, a lawsuit, an unsettled case: by a written opinion (实施细则 art. 55)."""
    give_reasons(case, facts)
    case.clocks.pause("inquiry", now, "SUSPENDED", "authority")
    return ()


def _go_on(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    case.clocks.resume("inquiry", now, "SUSPENDED")
    return ()


def _items(facts: Facts) -> list[str]:
    items = facts["items"].split(",")
    if unknown := sorted(set(items) - set(REVOCABLE)):
        text = f"{', '.join(unknown)} cannot be revoked alone; those are {', '.join(REVOCABLE)}"
        violation = Violation("facts.items", text, "ITEM_UNKNOWN")
        raise InvalidArgument(text, reason=violation.reason, violations=(violation,))
    return items


def _revoke(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """The registration as a whole, or only its false items (`items`); who is directly responsible is barred three years."""
    give_reasons(case, facts)
    told: list[Any] = list(entity.flag(*_OFF, "IMPERSONATION_DECIDED"))
    if facts.get("items"):
        return [*told, entity.change_facts({REVOCABLE[item]: "" for item in _items(facts)})]
    return [*told, entity.move(EntityState.REGISTRATION_REVOKED, "FALSE_REGISTRATION", now)]


def _keep(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """Not revoked: no false registration, grave public harm, or a state that cannot be restored (条例 art. 41)."""
    give_reasons(case, facts)
    return entity.flag(*_OFF, "IMPERSONATION_DECIDED")


def _undo(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """A revocation that was wrong is undone (条例 art. 42)."""
    give_reasons(case, facts)
    if entity.state is EntityState.REGISTRATION_REVOKED:
        return (entity.move(EntityState.ACTIVE, "REVOCATION_UNDONE", now),)
    return ()


_R = (Party.REGISTRAR,)
IMPERSONATION = Kind(
    key="IMPERSONATION", article=_IMPERSONATION, opens_in=tuple(s for s in EntityState if s in EXISTING), first="RECEIVED",
    by=(Party.APPLICANT, Party.REGISTRAR), clocks={"acceptance": "impersonation_acceptance"},
    owed={
        "RECEIVED": (Party.REGISTRAR, "acceptance", "acceptance"),
        "INQUIRY": (Party.REGISTRAR, "decision", "inquiry"),
        "NOTICE": (Party.REGISTRAR, "decision", "inquiry"),
        "SUSPENDED": (Party.AUTHORITY, "outcome", ""),
    },
    actions=(
        Action("ACCEPT", ("RECEIVED",), "INQUIRY", _R, "实施细则 art. 52", _require_identity,
               clocks={"inquiry": "impersonation_inquiry"}),
        Action("NOT_ACCEPT", ("RECEIVED",), "NOT_ACCEPTED", _R, "实施细则 art. 52", with_reasons),
        Action("EXTEND", ("INQUIRY",), "INQUIRY", _R, "实施细则 art. 53", _extend, keeps_time=True),
        Action("EXTEND", ("NOTICE",), "NOTICE", _R, "实施细则 art. 53", _extend, keeps_time=True),
        Action("PUBLISH_NOTICE", ("INQUIRY",), "NOTICE", _R, "实施细则 art. 53", _notice, keeps_time=True),
        Action("SUSPEND", INQUIRY_OPEN, "SUSPENDED", _R, "实施细则 art. 55", _suspend, keeps_time=True),
        Action("GO_ON", ("SUSPENDED",), "INQUIRY", _R, "实施细则 art. 55", _go_on, keeps_time=True),
        Action("REVOKE", INQUIRY_OPEN, "REVOKED", _R, "条例 art. 40", _revoke),
        Action("KEEP", INQUIRY_OPEN, "NOT_REVOKED", _R, "条例 art. 41", _keep),
        Action("WITHDRAW", ("RECEIVED",), "WITHDRAWN", (Party.APPLICANT,), "实施细则 art. 52"),
        Action("UNDO", ("REVOKED",), "UNDONE", _R, "条例 art. 42", _undo),
    ),
)  # fmt: skip


def _rename_ordered(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """The loser renames in 30 days; until then its code stands in place of the name (art. 23)."""
    give_reasons(case, facts)
    return [
        *entity.flag(Flag.NAME_DISPUTE, False, "NAME_RULING"),
        *entity.flag(Flag.NAME_WITHDRAWN, True, "NAME_RULING"),
    ]


def _renamed(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    require_facts("new_name")(facts)
    name = parse_name(facts["new_name"], entity.entity_type, entity.division_code)
    if violations := name_violations(name, entity.division_code, entity.entity_type):
        raise InvalidArgument(violations[0].description, reason=violations[0].reason, violations=tuple(violations))
    return [
        entity.change_facts({"name": facts["new_name"]}),
        *entity.flag(Flag.NAME_WITHDRAWN, False, "RENAMED"),
        *(entity.flag(Flag.ABNORMAL_LIST, False, "RENAMED") if case.facts.get("listed") == "true" else ()),
    ]


def _rename_missed(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """Onto the abnormal list; whoever stands on it for something else stays there when the name is mended."""
    told = entity.flag(Flag.ABNORMAL_LIST, True, "RENAME_MISSED")
    case.facts |= {"listed": "true"} if told else {}
    return told


def _settled(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    give_reasons(case, facts)
    return entity.flag(Flag.NAME_DISPUTE, False, "NAME_DISPUTE_ENDED")


NAME_DISPUTE = Kind(
    key="NAME_DISPUTE", article=_NAME, opens_in=(EntityState.ACTIVE, EntityState.DORMANT), first="RECEIVED",
    by=(Party.APPLICANT, Party.REGISTRAR),
    owed={
        "RECEIVED": (Party.REGISTRAR, "acceptance", ""),
        "ACCEPTED": (Party.REGISTRAR, "ruling", "ruling"),
        "RENAME_ORDERED": (Party.APPLICANT, "rename", "rename"),
        "RENAME_LATE": (Party.APPLICANT, "rename", ""),
    },
    actions=(
        Action("ACCEPT", ("RECEIVED",), "ACCEPTED", _R, _NAME, entity_flag(Flag.NAME_DISPUTE, True, "NAME_DISPUTE_ACCEPTED"),
               clocks={"ruling": "name_ruling"}),
        Action("NOT_ACCEPT", ("RECEIVED",), "NOT_ACCEPTED", _R, _NAME, with_reasons),
        Action("SETTLE", ("ACCEPTED",), "SETTLED", _R, _NAME, _settled),
        Action("DISMISS", ("ACCEPTED",), "DISMISSED", _R, _NAME, _settled),
        Action("ORDER_RENAME", ("ACCEPTED",), "RENAME_ORDERED", _R, _NAME, _rename_ordered, clocks={"rename": "rename"}),
        Action("RENAME_MISSED", ("RENAME_ORDERED",), "RENAME_LATE", (Party.PLATFORM,), _NAME,
               _rename_missed, when_over="rename"),
        Action("RENAME", ("RENAME_ORDERED", "RENAME_LATE"), "RENAMED", (Party.APPLICANT, Party.REGISTRAR), _NAME, _renamed),
    ),
)  # fmt: skip
