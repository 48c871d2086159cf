"""Three ways out of the register 注销: simplified (条例 art. 33), ordinary (art. 32), forced (公司法 art. 241)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from services.registration.domain.cases.engine import (
    ENTITY_FACTS,
    Action,
    CaseBarred,
    EntityCase,
    Facts,
    Kind,
    Party,
    entity_back,
    entity_to,
    give_reasons,
    require_facts,
    require_true,
    with_reasons,
)
from services.registration.domain.cases.facts import NO_FACTS, REASONS
from services.registration.domain.entities import COMPANIES, EntityType
from services.registration.domain.entity import Entity, EntityState, Flag
from services.registration.domain.limits import limit
from shared.clock import local_date
from shared.failures import FailedPrecondition
from shared.working_calendar import add_months

_SIMPLE, _ORDINARY = "市场主体登记管理条例 art. 33", "市场主体登记管理条例 art. 32; 公司法 arts. 232-239"
_FORCED = "公司法 art. 241"
_BARS = "市场主体登记管理条例实施细则 art. 48"
# Bars by what stands in the register, and by what the applicant says of itself.
_FLAG_BARS = {
    Flag.ABNORMAL_LIST: ("ON_ABNORMAL_LIST", f"{_BARS}(1)"),
    Flag.SERIOUS_LIST: ("ON_SERIOUS_LIST", f"{_BARS}(1)"),
    Flag.SHARES_FROZEN: ("SHARES_FROZEN", f"{_BARS}(2)"),
    Flag.IMPERSONATION_INQUIRY: ("UNDER_INQUIRY", f"{_BARS}(3)"),
}
_SAID_BARS = {
    "pledged_or_mortgaged": ("PLEDGED_OR_MORTGAGED", f"{_BARS}(2)"),
    "invests_in_others": ("INVESTS_IN_OTHERS", f"{_BARS}(2)"),
    "under_investigation": ("UNDER_INVESTIGATION", f"{_BARS}(3)"),
    "in_lawsuit_or_arbitration": ("IN_LAWSUIT", f"{_BARS}(3)"),
    "ordered_to_close": ("ORDERED_TO_CLOSE", f"{_BARS}(4)"),
    "fine_not_paid": ("FINE_NOT_PAID", f"{_BARS}(5)"),
    "needs_approval": ("NEEDS_APPROVAL", f"{_BARS}(6)"),
}
# What comes with an ordinary cancellation (实施细则 art. 46), also where nothing is cleared.
MATERIALS = ("cancellation_application", "tax_clearance")
ORDINARY_MATERIALS = (*MATERIALS, "dissolution_decision", "clearing_report")
_BROUGHT = frozenset({*ORDINARY_MATERIALS, "branches_cancelled"})
# Neither has creditors of its own who would be called: a sole trader answers with what it owns (民法典 art. 56), a branch's
# company answers for it (公司法 art. 13).
NOT_CLEARED = frozenset({EntityType.SOLE_TRADER, EntityType.BRANCH})


class ClaimsStillOpen(FailedPrecondition):
    """Creditors may still bring their claims (公司法 art. 235)."""


class TooEarly(FailedPrecondition):
    """Three years without an application must have passed (公司法 art. 241)."""


def bars(entity: Entity, facts: Facts) -> list[tuple[str, str]]:
    """Every bar to a simplified cancellation, with its article (实施细则 art. 48)."""
    return [*(bar for flag, bar in _FLAG_BARS.items() if flag in entity.flags), *said_bars(facts)]


def said_bars(facts: Facts) -> list[tuple[str, str]]:
    """Those of them that the applicant itself declares."""
    return [bar for name, bar in _SAID_BARS.items() if facts.get(name) == "true"]


def _check_simple(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    require_true(facts, _SIMPLE, "no_debts", "all_investors_signed")
    found = bars(entity, facts)
    if found:
        told = "; ".join(f"{code} ({article})" for code, article in found)
        raise CaseBarred(
            f"no simplified cancellation: {told}. The ordinary cancellation stays open", reason=found[0][0],
            metadata={"bars": ",".join(code for code, _ in found), "route": "ORDINARY_CANCELLATION"},
        )  # fmt: skip
    return ()


def _open_simple(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """A sole trader has no notice: it is pushed to tax and others, who may object (T10)."""
    sole = entity.entity_type is EntityType.SOLE_TRADER
    case.state = "PUSHED" if sole else "ANNOUNCED"
    case.clocks.start("objections", "simplified_objection_sole_trader" if sole else "simplified_notice", now)
    return (entity.move(EntityState.CANCELLING, "SIMPLIFIED_CANCELLATION", now),)


def _objected(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    give_reasons(case, facts)
    return entity_back(case, entity, facts, now)


def _barred_meanwhile(case: EntityCase, entity: Entity, now: datetime) -> str:
    """A bar that stands when the notice or the time for objections is over: it is not registered (实施细则 art. 48). One that
    came and went meanwhile is none."""
    over = case.state == "OPEN_FOR_APPLICATION" or (
        case.state == "PUSHED" and case.clocks.deadline("objections").missed(now)
    )
    return "BARRED" if over and bars(entity, case.facts) else ""


def _barred(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    case.reason_codes = [code for code, _ in bars(entity, case.facts)]
    return entity_back(case, entity, facts, now)


_CANCELLED = entity_to(EntityState.CANCELLED, "SIMPLIFIED_CANCELLATION")
_ANYBODY = (Party.AUTHORITY, Party.REGISTRAR, Party.APPLICANT)
SIMPLIFIED = Kind(
    key="SIMPLIFIED_CANCELLATION", article=_SIMPLE, opens_in=(EntityState.ACTIVE,), first="ANNOUNCED",
    by=(Party.APPLICANT,), check=_check_simple, opening=_open_simple, follows=_barred_meanwhile,
    uses=frozenset({"no_debts", "all_investors_signed", "tax_clearance", *_SAID_BARS}),
    owed={
        "ANNOUNCED": (Party.PLATFORM, "notice", "objections"),
        "PUSHED": (Party.AUTHORITY, "objection", "objections"),
        "OPEN_FOR_APPLICATION": (Party.APPLICANT, "application", "application"),
    },
    actions=(
        Action("OBJECT", ("ANNOUNCED", "PUSHED"), "OBJECTED", _ANYBODY, _SIMPLE, _objected, uses=REASONS),
        Action("NOTICE_OVER", ("ANNOUNCED",), "OPEN_FOR_APPLICATION", (Party.PLATFORM,), _SIMPLE,
               clocks={"application": "simplified_application"}, when_over="objections", uses=NO_FACTS),
        Action("BARRED", ("OPEN_FOR_APPLICATION", "PUSHED"), "BARRED", (Party.PLATFORM,), _BARS, _barred,
               when_over=ENTITY_FACTS, uses=NO_FACTS),
        Action("CANCEL", ("PUSHED",), "CANCELLED", (Party.PLATFORM,), _SIMPLE, _CANCELLED, when_over="objections", uses=NO_FACTS),
        Action("APPLY", ("OPEN_FOR_APPLICATION",), "CANCELLED", (Party.APPLICANT,), _SIMPLE, _CANCELLED, uses=NO_FACTS),
        Action("LAPSE", ("OPEN_FOR_APPLICATION",), "LAPSED", (Party.PLATFORM,), _SIMPLE, entity_back,
               when_over="application", uses=NO_FACTS),
        Action("WITHDRAW", ("ANNOUNCED", "PUSHED", "OPEN_FOR_APPLICATION"), "WITHDRAWN", (Party.APPLICANT,), _SIMPLE,
               entity_back, uses=NO_FACTS),
    ),
)  # fmt: skip


def _finish(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    # in a case from before the end of the claims was a step of its own, their clock was noted as missed
    if case.state == "CREDITORS_TOLD" and "claims" not in case.missed:
        found = case.clocks.deadline("claims")
        if found.due_date is None:  # never guessed (T36)
            raise ClaimsStillOpen(
                f"creditors may still bring claims; until when cannot be told yet: {found.reason} (公司法 art. 235)"
            )
        until = found.due_date.isoformat()
        raise ClaimsStillOpen(f"creditors may bring claims until {until} (公司法 art. 235)", metadata={"until": until})
    require_facts("clearing_report_sha256")(facts)
    return ()


def _apply(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """All gaps at once; branches go first (实施细则 art. 46; 条例 art. 32). What was brought before is not asked for again
    (条例 art. 16)."""
    cleared = entity.entity_type not in NOT_CLEARED
    needed = (*ORDINARY_MATERIALS, "branches_cancelled") if cleared else MATERIALS
    require_true({**case.facts, **facts}, "市场主体登记管理条例实施细则 art. 46", *needed)
    return (entity.move(EntityState.CANCELLED, "ORDINARY_CANCELLATION", now),)


def _open_ordinary(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """A clearing group is named and creditors are called; who is not cleared applies at once."""
    if entity.entity_type in NOT_CLEARED:
        case.state = "NOTHING_TO_CLEAR"
    else:
        case.clocks.start("group_notice", "clearing_group_notice", now)
        case.clocks.start("creditors_notice", "creditors_notice", now)
    if entity.state is EntityState.CLEARING:  # as an undone revocation left it (条例 art. 42)
        case.entity_state = entity.state_before(EntityState.CLEARING, EntityState.REGISTRATION_REVOKED)
        return ()
    return (entity.move(EntityState.CLEARING, "ORDINARY_CANCELLATION", now),)


ORDINARY = Kind(
    key="ORDINARY_CANCELLATION", article=_ORDINARY,
    opens_in=(EntityState.ACTIVE, EntityState.DORMANT, EntityState.LICENCE_REVOKED), goes_on_in=(EntityState.CLEARING,),
    first="CLEARING_GROUP_NAMED", by=(Party.APPLICANT,), opening=_open_ordinary, uses=_BROUGHT,
    owed={
        "NOTHING_TO_CLEAR": (Party.APPLICANT, "application", ""),
        # creditors are told within ten days, in public within sixty: the step is owed by the first of both (公司法 art. 235)
        "CLEARING_GROUP_NAMED": (Party.APPLICANT, "creditors_notice", "group_notice"),
        "CREDITORS_TOLD": (Party.PLATFORM, "claims", "claims"),
        # the law sets no day for the report
        "CLAIMS_OVER": (Party.APPLICANT, "clearing_report", ""),
        "CLEARED": (Party.APPLICANT, "application", "application"),
    },
    actions=(
        Action("TELL_CREDITORS", ("CLEARING_GROUP_NAMED",), "CREDITORS_TOLD", (Party.APPLICANT,), "公司法 art. 235",
               clocks={"claims": "creditor_claims"}, uses=NO_FACTS),
        Action("CLAIMS_OVER", ("CREDITORS_TOLD",), "CLAIMS_OVER", (Party.PLATFORM,), "公司法 art. 235", when_over="claims",
               uses=NO_FACTS),
        Action("FINISH_CLEARING", ("CREDITORS_TOLD", "CLAIMS_OVER"), "CLEARED", (Party.APPLICANT,), "公司法 art. 239", _finish,
               clocks={"application": "ordinary_application"}, uses=frozenset({"clearing_report_sha256"})),
        Action("APPLY", ("CLEARED", "NOTHING_TO_CLEAR"), "CANCELLED", (Party.APPLICANT,), _ORDINARY, _apply,
               uses=_BROUGHT),
        Action("WITHDRAW", ("CLEARING_GROUP_NAMED", "CREDITORS_TOLD", "CLAIMS_OVER", "CLEARED", "NOTHING_TO_CLEAR"), "WITHDRAWN",
               (Party.APPLICANT,), "公司法 art. 230", entity_back, uses=NO_FACTS),
    ),
)  # fmt: skip


def _check_forced(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """Three whole years since the licence was revoked, whatever was begun and given up meanwhile; companies only."""
    if entity.entity_type not in COMPANIES:
        raise CaseBarred(
            f"only a company is cancelled without an application ({_FORCED}); the ordinary cancellation stays open",
            reason="NOT_A_COMPANY", metadata={"route": "ORDINARY_CANCELLATION"},
        )  # fmt: skip
    wait = limit("forced_cancellation_wait", local_date(now))
    since = date.fromisoformat(entity.licence_revoked_date or entity.state_date or entity.founding_date)
    last = add_months(since, wait.amount, roll=False)
    if local_date(now) <= last:
        free = last + timedelta(days=1)
        raise TooEarly(f"not before {free} ({wait.source})", metadata={"from": free.isoformat()})
    return ()


FORCED = Kind(
    key="FORCED_CANCELLATION", article=_FORCED, opens_in=(EntityState.LICENCE_REVOKED,), first="ANNOUNCED",
    by=(Party.REGISTRAR,), check=_check_forced, uses=REASONS, clocks={"notice": "forced_cancellation_notice"},
    owed={
        "ANNOUNCED": (Party.PLATFORM, "notice", "notice"),
        "READY": (Party.REGISTRAR, "decision", ""),
    },
    actions=(
        Action("OBJECT", ("ANNOUNCED",), "OBJECTED", _ANYBODY, _FORCED, with_reasons, uses=REASONS),
        Action("NOTICE_OVER", ("ANNOUNCED",), "READY", (Party.PLATFORM,), _FORCED, when_over="notice", uses=NO_FACTS),
        Action("CANCEL", ("READY",), "CANCELLED", (Party.REGISTRAR,), _FORCED,
               entity_to(EntityState.CANCELLED, "FORCED_CANCELLATION"), uses=NO_FACTS),
        Action("STOP", ("ANNOUNCED", "READY"), "STOPPED", (Party.REGISTRAR,), _FORCED,
               with_reasons, uses=REASONS),
    ),
)  # fmt: skip
