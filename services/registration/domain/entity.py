"""A market entity in the register: its state, the flags beside it, and the ways that the law knows between states.

REGISTER ──► ACTIVE ⇄ DORMANT 歇业
               │ ├──► CANCELLING 简易注销公告 ──► CANCELLED 注销
               │ ├──► CLEARING 清算 ──► CANCELLED
               │ ├──► LICENCE_REVOKED 吊销 (it still exists) ──► CLEARING, CANCELLED
               │ ├──► REGISTRATION_REVOKED 撤销 ──► what it was before (the revocation was wrong)
               └─┴──► MOVED_OUT 迁出
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from services.registration.domain.annual_reports import first_owed_year, next_owed_year
from services.registration.domain.entities import EntityType
from services.registration.domain.events import EntityChanged, EntityFlagged, EntityRegistered, EntityStateChanged
from services.registration.domain.form_check import Capital, Domicile
from shared.clock import local_date
from shared.failures import Aborted, FailedPrecondition, InvalidArgument, Violation


class EntityState(StrEnum):
    """Where an entity stands."""

    ACTIVE = "ACTIVE"
    DORMANT = "DORMANT"
    CANCELLING = "CANCELLING"
    CLEARING = "CLEARING"
    LICENCE_REVOKED = "LICENCE_REVOKED"
    REGISTRATION_REVOKED = "REGISTRATION_REVOKED"
    CANCELLED = "CANCELLED"
    MOVED_OUT = "MOVED_OUT"


class Flag(StrEnum):
    """What stands beside the state, as long as it lasts."""

    ABNORMAL_LIST = "ABNORMAL_LIST"
    SERIOUS_LIST = "SERIOUS_LIST"
    IMPERSONATION_INQUIRY = "IMPERSONATION_INQUIRY"
    NAME_DISPUTE = "NAME_DISPUTE"
    # the code stands in place of the name until it is changed (企业名称登记管理规定 art. 23)
    NAME_WITHDRAWN = "NAME_WITHDRAWN"
    SHARES_FROZEN = "SHARES_FROZEN"


_S = EntityState
# Every way from a state to another, with the article that allows it.
STATE_CHANGES: dict[EntityState, dict[EntityState, str]] = {
    _S.ACTIVE: {
        _S.DORMANT: "市场主体登记管理条例 art. 30",
        _S.CANCELLING: "市场主体登记管理条例 art. 33",
        _S.CLEARING: "市场主体登记管理条例 art. 32",
        _S.LICENCE_REVOKED: "市场主体登记管理条例 arts. 44-46",
        _S.REGISTRATION_REVOKED: "市场主体登记管理条例 art. 40",
        _S.CANCELLED: "市场主体登记管理条例 art. 31",
        _S.MOVED_OUT: "市场主体登记管理条例 art. 27",
    },
    _S.DORMANT: {
        _S.ACTIVE: "市场主体登记管理条例实施细则 art. 42",
        _S.CLEARING: "市场主体登记管理条例 art. 32",
        _S.LICENCE_REVOKED: "市场主体登记管理条例 arts. 44-46",
        _S.REGISTRATION_REVOKED: "市场主体登记管理条例 art. 40",
        _S.CANCELLED: "市场主体登记管理条例 art. 31",
    },
    _S.CANCELLING: {
        _S.ACTIVE: "市场主体登记管理条例实施细则 art. 49",
        _S.LICENCE_REVOKED: "市场主体登记管理条例 arts. 44-46",
        _S.REGISTRATION_REVOKED: "市场主体登记管理条例 art. 40",
        _S.CANCELLED: "市场主体登记管理条例 art. 33",
    },
    _S.CLEARING: {
        _S.ACTIVE: "公司法 art. 230",
        _S.LICENCE_REVOKED: "市场主体登记管理条例 arts. 44-46",
        _S.REGISTRATION_REVOKED: "市场主体登记管理条例 art. 40",
        _S.CANCELLED: "市场主体登记管理条例 art. 32",
    },
    _S.LICENCE_REVOKED: {
        _S.CLEARING: "公司法 art. 232",
        _S.REGISTRATION_REVOKED: "市场主体登记管理条例 art. 40",
        _S.CANCELLED: "市场主体登记管理条例 art. 31; 公司法 art. 241",
    },
    _S.REGISTRATION_REVOKED: {
        _S.ACTIVE: "市场主体登记管理条例 art. 42",
        _S.DORMANT: "市场主体登记管理条例 art. 42",
        _S.CLEARING: "市场主体登记管理条例 art. 42",
        _S.LICENCE_REVOKED: "市场主体登记管理条例 art. 42",
    },
    _S.CANCELLED: {},
    _S.MOVED_OUT: {_S.ACTIVE: "市场主体登记管理条例 art. 27"},
}
# What a registrar may do without a procedure of its own (the others are the effect of a case, `entity_cases`).
AT_ONCE = frozenset({_S.LICENCE_REVOKED, _S.REGISTRATION_REVOKED, _S.CANCELLED})
# What ends an entity without a cancellation procedure here, as reason of the change: a court has cleared it.
CANCELLED_BY_COURT = {
    "BANKRUPTCY_ENDED": "企业破产法 art. 121",
    "COURT_CLEARING_ENDED": "公司法 art. 233",
}
# Entities that exist: they count as stock 实有 and hold their permits and their name.
EXISTING = frozenset({_S.ACTIVE, _S.DORMANT, _S.CANCELLING, _S.CLEARING, _S.LICENCE_REVOKED})
# Why an entity exists again that was revoked (条例 art. 42): the register's count knows it by this (`statistics.py`).
REVOCATION_UNDONE = "REVOCATION_UNDONE"
# Why a flag stands that was set before its reasons were noted.
NOT_NOTED = "NOT_NOTED"
# Why nothing (else) leads out of a state.
_STATE_BARS = {
    _S.ACTIVE: "an entity in operation cannot be set to this state (市场主体登记管理条例 arts. 31, 40, 44-46)",
    _S.DORMANT: "a dormant entity resumes, or is cleared or revoked (市场主体登记管理条例 art. 30)",
    _S.CANCELLING: "its simplified cancellation runs (市场主体登记管理条例 art. 33)",
    _S.CLEARING: "it is being cleared (公司法 arts. 232-239)",
    _S.LICENCE_REVOKED: "an entity whose licence is revoked can only be cleared and cancelled, or its registration revoked "
    "(公司法 art. 241; 市场主体登记管理条例 art. 40)",
    _S.REGISTRATION_REVOKED: "the registration is undone; only undoing the revocation could change that "
    "(市场主体登记管理条例 arts. 40, 42)",
    _S.CANCELLED: "the entity has ended with its cancellation (市场主体登记管理条例 art. 31)",
    _S.MOVED_OUT: "another registrar keeps the entity now (市场主体登记管理条例 art. 27)",
}


class EntityStateNotAllowed(FailedPrecondition):
    """The law knows no way from the entity's state to the one asked for; the message names the article."""


class StaleVersion(Aborted):
    """The document changed since it was read: read it again, then decide again."""


@dataclass(frozen=True, slots=True)
class Past:
    """What some facts were until an instant (aware UTC)."""

    until: datetime
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RevokedFacts:
    """Registered facts as they stood before some of them were revoked as false (条例 art. 40), so that they can be restored
    (art. 42). `items`: what was revoked; persons are not among the facts, they are kept sealed beside the case."""

    items: list[str]
    name: str
    domicile: Domicile
    business_scope: str
    capital: Capital | None
    legal_representative_masked: str


@dataclass(slots=True)
class Entity:
    """A market entity in the register (registered facts: 条例 art. 8). `version` goes up with every change."""

    entity_id: str
    uscc: str
    state: EntityState
    version: int
    entity_type: EntityType
    name: str
    division_code: str
    domicile: Domicile
    business_scope: str
    capital: Capital | None
    founding_date: str
    legal_representative_masked: str = ""
    application_id: str = ""
    licence_certificate_id: str = ""
    licence_identifier: str = ""
    imported: bool = False
    origin_ref: str = ""
    # why and since when it is in its state; empty while it is as registered
    state_reason_code: str = ""
    state_date: str = ""
    flags: list[Flag] = field(default_factory=list)
    # why it stands on a list, by the list's flag, and by which cases its name is withdrawn: the flag falls with the last of them
    listed_for: dict[str, list[str]] = field(default_factory=dict)
    # the case that revoked its registration, and alone can undo that; "" when it was revoked at once
    revocation_case_id: str = ""
    # when its licence was revoked, whatever it was begun to be cleared and given up since (公司法 art. 241)
    licence_revoked_date: str = ""
    # days spent dormant before (at most 3 years together, 条例 art. 30)
    dormant_days: int = 0
    # what facts were before, oldest first
    past: list[Past] = field(default_factory=list)
    # years whose annual report is here, and the first year whose report is owed (0: not known)
    reported_years: list[int] = field(default_factory=list)
    report_owed_year: int = 0
    # when this year's period is over, it is looked whether the entity goes onto the abnormal list
    report_due_year: int = 0
    # class above designated size 四上, e.g. INDUSTRY
    above_size: str = ""
    # division that it moved in from (条例 art. 27)
    from_division_code: str = ""

    def registered(self) -> EntityRegistered:
        """The fact that it exists."""
        return EntityRegistered(
            entity_id=self.entity_id,
            application_id=self.application_id,
            uscc=self.uscc,
            entity_type=self.entity_type,
            division_code=self.division_code,
            founding_date=self.founding_date,
            entity_version=self.version,
            origin_ref=self.origin_ref,
        )

    @property
    def shown_name(self) -> str:
        """Its name, or its code while the name is withdrawn (名称规定 art. 23)."""
        return self.uscc if Flag.NAME_WITHDRAWN in self.flags else self.name

    def change_state(
        self, expected_version: int, state: EntityState, reason_code: str, now: datetime
    ) -> EntityStateChanged:
        """What a registrar may do at once: revoke the licence or the registration, or cancel what a court has cleared. Raises
        EntityStateNotAllowed, InvalidArgument for another ground of a cancellation or none of a revocation, StaleVersion."""
        if reason_code == REVOCATION_UNDONE:
            violation = Violation("reason_code", "is why an entity is there again", "NO_GROUND")
            raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))
        if state not in AT_ONCE:
            raise EntityStateNotAllowed(_STATE_BARS[self.state], metadata={"state": self.state.value})
        self.require_way(state)
        if state is EntityState.CANCELLED and reason_code not in CANCELLED_BY_COURT:
            grounds = ", ".join(f"{code} ({article})" for code, article in CANCELLED_BY_COURT.items())
            text = f"a cancellation without a procedure needs a ground: {grounds}"
            violation = Violation("reason_code", text, "NO_GROUND")
            raise InvalidArgument(text, reason=violation.reason, violations=(violation,))
        if self.version != expected_version:
            raise StaleVersion(
                f"the entity is at version {self.version}, not {expected_version}; read it again",
                metadata={"current_version": str(self.version)},
            )
        return self.move(state, reason_code, now)

    def require_way(self, state: EntityState) -> None:
        """Raise EntityStateNotAllowed unless the law knows a way to this state."""
        if state not in STATE_CHANGES[self.state]:
            raise EntityStateNotAllowed(_STATE_BARS[self.state], metadata={"state": self.state.value})

    def move(self, state: EntityState, reason_code: str, now: datetime) -> EntityStateChanged:
        """Into another state. Raises EntityStateNotAllowed."""
        self.require_way(state)
        today = local_date(now)
        if self.state is EntityState.DORMANT:
            self.dormant_days += (today - date.fromisoformat(self.state_date)).days
        if state is EntityState.LICENCE_REVOKED:
            self.licence_revoked_date = self.licence_revoked_date or today.isoformat()
        self.state, self.state_reason_code, self.state_date = state, reason_code, today.isoformat()
        self.version += 1
        return EntityStateChanged(self.entity_id, self.uscc, state, reason_code, self.state_date, self.version)

    def restore(self, now: datetime) -> EntityStateChanged:
        """The revocation of its registration was wrong: it is again what it was (条例 art. 42), as its history tells, and since
        when; a dormancy counts on from today, since the time of the revocation is none. A simplified cancellation that had
        begun ended with the revocation, so that the entity is as before it. Raises EntityStateNotAllowed."""
        # the history keeps what changed: a reason or day that is not there was the same
        changed: dict[str, Any] = next((past.facts for past in reversed(self.past) if "state" in past.facts), {})
        former = {"state_reason_code": self.state_reason_code, "state_date": self.state_date} | changed
        state = self.state_before(_S.CANCELLING, _S.REGISTRATION_REVOKED)
        told = self.move(state, REVOCATION_UNDONE, now)
        if state in (_S.CLEARING, _S.LICENCE_REVOKED):
            self.state_reason_code, self.state_date = former["state_reason_code"], former["state_date"]
        self.revocation_case_id = ""
        return told

    def state_before(self, *passed: EntityState) -> EntityState:
        """The last state in its history that is none of these; ACTIVE where there is none."""
        states = (EntityState(past.facts["state"]) for past in reversed(self.past) if "state" in past.facts)
        return next((state for state in states if state not in passed), EntityState.ACTIVE)

    def list_for(self, flag: Flag, reasons: Sequence[str], reason_code: str) -> list[EntityFlagged]:
        """Onto a list, for these reasons beside those for which it stands there."""
        before = self.listed_for.get(flag, [NOT_NOTED] if flag in self.flags else [])
        known = list(dict.fromkeys([*before, *reasons]))
        if known != before:
            self.listed_for = {**self.listed_for, flag.value: known}
            # where the flag stands already, the reason must be stored all the same
            self.version += flag in self.flags
        return self.flag(flag, True, reason_code)

    def unlist(self, flag: Flag, mended: Sequence[str], reason_code: str) -> list[EntityFlagged]:
        """These reasons are gone; off the list when none is left."""
        before = self.listed_for.get(flag, [])
        left = [reason for reason in before if reason not in mended]
        if left != before:
            self.listed_for = {**self.listed_for, flag.value: left}
            self.version += bool(left)
        return [] if left else self.flag(flag, False, reason_code)

    def flag(self, flag: Flag, on: bool, reason_code: str) -> list[EntityFlagged]:
        """Set or lift a flag; nothing when it stands so already."""
        if (flag in self.flags) == on:
            return []
        self.flags = [*self.flags, flag] if on else [f for f in self.flags if f is not flag]
        if not on:
            self.listed_for = {name: reasons for name, reasons in self.listed_for.items() if name != flag}
        self.version += 1
        return [EntityFlagged(self.entity_id, self.uscc, flag, on, reason_code, self.version)]

    @property
    def last_report_year(self) -> int:
        """Year of the last annual report; 0: none."""
        return max(self.reported_years, default=0)

    def owe_reports(self, today: date) -> None:
        """It is entered in the register today: from now on it owes annual reports (实施细则 art. 63)."""
        self.report_owed_year = first_owed_year(date.fromisoformat(self.founding_date), today)
        self.report_due_year = self.report_owed_year

    def record_report(self, year: int) -> None:
        """The annual report of a year is here, or a correction of it."""
        self.reported_years = sorted({*self.reported_years, year})
        self.report_owed_year = next_owed_year(self.report_owed_year, self.reported_years)
        self.report_due_year = max(self.report_due_year, self.report_owed_year)
        self.version += 1

    def change_facts(self, facts: Mapping[str, object], beside: Sequence[str] = ()) -> EntityChanged:
        """Registered facts change (条例 art. 24). `facts`: fields of this class with their new values; `beside`: names of others
        that change with them, e.g. who holds its shares, which is kept sealed."""
        for name, value in facts.items():
            setattr(self, name, value)
        self.version += 1
        return EntityChanged(self.entity_id, self.uscc, sorted([*facts, *beside]), self.version)


# Facts whose past values are kept, and shown as of a day.
HISTORIC = (
    "state", "state_reason_code", "state_date", "entity_type", "name", "domicile", "business_scope", "capital",
    "legal_representative_masked", "flags", "reported_years", "above_size",
)  # fmt: skip


def remember(before: Entity, entity: Entity, now: datetime) -> None:
    """Keep what changed since `before`, a copy made before the change."""
    changed = {name: getattr(before, name) for name in HISTORIC if getattr(before, name) != getattr(entity, name)}
    if changed:
        entity.past = [*entity.past, Past(now, changed)]


def as_of(document: Mapping[str, Any], day: date) -> dict[str, Any] | None:
    """A stored entity as it stood at the end of a day in Shanghai; None before its founding date."""
    if day < date.fromisoformat(document["founding_date"]):
        return None
    found = dict(document)
    for past in reversed(document.get("past", ())):
        if local_date(past["until"]) <= day:
            break
        found |= past["facts"]
    return found
