"""Registrations that somebody contests: impersonation 冒名登记 (条例 arts. 40-42, 实施细则 arts. 50-58), and the review of a
revocation that may have been wrong (条例 art. 42). Disputes about names: `name_disputes.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.registration.domain.cases.dormancy import resume_when_over
from services.registration.domain.cases.engine import (
    Action,
    CaseBarred,
    EntityCase,
    Facts,
    Kind,
    Party,
    give_reasons,
    require_facts,
    with_reasons,
)
from services.registration.domain.cases.facts import NO_FACTS, REASONS
from services.registration.domain.cases.new_facts import SHAREHOLDERS
from services.registration.domain.entity import (
    EXISTING,
    REVOCATION_UNDONE,
    Entity,
    EntityState,
    Flag,
    RevokedFacts,
)
from services.registration.domain.events import EntityChanged
from services.registration.domain.form_check import Domicile
from shared.failures import FailedPrecondition, InvalidArgument, Violation

_IMPERSONATION = "市场主体登记管理条例 arts. 40-42; 实施细则 arts. 50-58"
_UNDOING = "市场主体登记管理条例 art. 42"
# Registered items that may be revoked alone: the fact of the entity that goes, and what stands in its place until the item is
# registered anew. A name is not empty but withdrawn, the code stands for it; of the shareholders only who was impersonated goes.
_EMPTIED: Mapping[str, tuple[str, Callable[[Entity], object]]] = {
    "legal_representative": ("legal_representative_masked", lambda entity: ""),
    "business_scope": ("business_scope", lambda entity: ""),
    "address": ("domicile", lambda entity: Domicile(entity.domicile.division_code)),
    "capital": ("capital", lambda entity: None),
}
_NAME = "name"
REVOCABLE = (*_EMPTIED, _NAME, SHAREHOLDERS)
# The inquiry runs: before the notice or after an objection, during the notice, after one to which nobody objected.
INQUIRY_OPEN = ("INQUIRY", "NOTICE", "UNCONTESTED")
# Where each of them rests while it is suspended, to go on there.
SUSPENDED = {"INQUIRY": "SUSPENDED", "NOTICE": "NOTICE_SUSPENDED", "UNCONTESTED": "UNCONTESTED_SUSPENDED"}
_CLOCKS = ("inquiry", "notice")
_OFF = (Flag.IMPERSONATION_INQUIRY, False)


class IdentityNotVerified(FailedPrecondition):
    """The impersonated person's identity is verified before the application is accepted (实施细则 art. 52)."""


class NoticePublished(FailedPrecondition):
    """There is one public notice in an inquiry; somebody objected to it, who can be asked (条例 art. 40)."""


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
    if "notice" in case.clocks.names():
        raise NoticePublished("it was published before, and somebody objected (条例 art. 40)")
    case.clocks.start("notice", "impersonation_notice", now)
    return ()


def _notice_over(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    case.clocks.end("notice", now, "NOTICE_OVER")
    return ()


def _objected(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """Who objects can be asked: silence is no ground any more, only what the inquiry finds (条例 art. 40)."""
    give_reasons(case, facts)
    case.clocks.end("notice", now, "OBJECTED")
    return ()


def _suspend(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """A civil dispute, a lawsuit, an unsettled case: by a written opinion (实施细则 art. 55). The notice stops with the inquiry:
    nobody shall be held to silence while the question lies with a court; an objection is taken all the same."""
    give_reasons(case, facts)
    for clock in case.clocks.names():
        found = case.clocks.deadline(clock)
        # an inquiry that is late stays late; its notice is suspended all the same
        if clock in _CLOCKS and not found.ended_time and not found.missed(now):
            case.clocks.pause(clock, now, "SUSPENDED", "authority")
    return ()


def _go_on(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    for clock in case.clocks.names():
        if case.clocks.is_paused(clock, "SUSPENDED"):
            case.clocks.resume(clock, now, "SUSPENDED")
    return ()


def _items(facts: Facts) -> list[str]:
    items = list(dict.fromkeys(facts["items"].split(",")))
    if unknown := sorted(set(items) - set(REVOCABLE)):
        text = f"{', '.join(unknown)} cannot be revoked alone; those are {', '.join(REVOCABLE)}"
        violation = Violation("facts.items", text, "ITEM_UNKNOWN")
        raise InvalidArgument(text, reason=violation.reason, violations=(violation,))
    return items


def _revoke(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """The registration as a whole, or only its false items (`items`); who is directly responsible is barred three years."""
    items = _items(facts) if facts.get("items") else []
    give_reasons(case, facts)
    told: list[Any] = list(entity.flag(*_OFF, "IMPERSONATION_DECIDED"))
    if not items:
        entity.revocation_case_id = case.entity_case_id
        return [*told, entity.move(EntityState.REGISTRATION_REVOKED, "FALSE_REGISTRATION", now)]
    if _NAME in items:  # beside a ruling that withdrew it too, before or after
        told += entity.list_for(Flag.NAME_WITHDRAWN, [case.entity_case_id], "FALSE_REGISTRATION")
    case.revoked = RevokedFacts(
        items, entity.name, entity.domicile, entity.business_scope, entity.capital, entity.legal_representative_masked
    )
    emptied = {fact: empty(entity) for item, (fact, empty) in _EMPTIED.items() if item in items}
    return [*told, *_changed(entity, emptied, SHAREHOLDERS in items)]


def _changed(entity: Entity, facts: Mapping[str, object], shareholders: bool) -> list[EntityChanged]:
    return [entity.change_facts(facts, [SHAREHOLDERS] if shareholders else [])] if facts or shareholders else []


def _keep(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """Not revoked: no false registration, grave public harm, or a state that cannot be restored (条例 art. 41)."""
    give_reasons(case, facts)
    return entity.flag(*_OFF, "IMPERSONATION_DECIDED")


def _undo(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """A revocation that was wrong is undone: the original registration is there again (条例 art. 42)."""
    give_reasons(case, facts)
    if case.revoked is not None:
        return _restored_items(case.entity_case_id, case.revoked, entity)
    # "" in a register from before the case was noted with the entity
    if entity.state is EntityState.REGISTRATION_REVOKED and entity.revocation_case_id in ("", case.entity_case_id):
        return _restored(entity, now)
    return ()


def _restored_items(case_id: str, revoked: RevokedFacts, entity: Entity) -> Sequence[Any]:
    """What is still empty is as it was; what has been registered anew since stays. An entity that has ended, or is kept
    elsewhere, is not touched."""
    if entity.state in (EntityState.CANCELLED, EntityState.MOVED_OUT):
        return ()
    same_name = _NAME in revoked.items and entity.name == revoked.name
    told = entity.unlist(Flag.NAME_WITHDRAWN, [case_id], REVOCATION_UNDONE) if same_name else []
    facts = {
        fact: getattr(revoked, fact)
        for item, (fact, empty) in _EMPTIED.items()
        if item in revoked.items and getattr(entity, fact) == empty(entity)
    }
    return [*told, *_changed(entity, facts, SHAREHOLDERS in revoked.items)]


def _restored(entity: Entity, now: datetime) -> list[Any]:
    """Inquiry and name dispute ended with the revocation (OVERTAKEN), so that nobody would ever lift their flags; whatever else
    stood beside the state is part of what is restored."""
    return [
        entity.restore(now),
        *resume_when_over(entity, now),
        *entity.flag(*_OFF, REVOCATION_UNDONE),
        *entity.flag(Flag.NAME_DISPUTE, False, REVOCATION_UNDONE),
    ]


_R = (Party.REGISTRAR,)
_OPEN = (*INQUIRY_OPEN, *SUSPENDED.values())
IMPERSONATION = Kind(
    key="IMPERSONATION", article=_IMPERSONATION, opens_in=tuple(s for s in EntityState if s in EXISTING), first="RECEIVED",
    by=(Party.APPLICANT, Party.REGISTRAR), uses=NO_FACTS, clocks={"acceptance": "impersonation_acceptance"},
    owed={
        "RECEIVED": (Party.REGISTRAR, "acceptance", "acceptance"),
        **dict.fromkeys(INQUIRY_OPEN, (Party.REGISTRAR, "decision", "inquiry")),
        **dict.fromkeys(SUSPENDED.values(), (Party.AUTHORITY, "outcome", "")),
    },
    actions=(
        Action("ACCEPT", ("RECEIVED",), "INQUIRY", _R, "实施细则 art. 52", _require_identity,
               clocks={"inquiry": "impersonation_inquiry"}, uses=frozenset({"identity_verified"})),
        Action("NOT_ACCEPT", ("RECEIVED",), "NOT_ACCEPTED", _R, "实施细则 art. 52", with_reasons, uses=REASONS),
        *(Action("EXTEND", (s,), s, _R, "实施细则 art. 53", _extend, keeps_time=True,
                 uses=frozenset({"approved_by"}), possible=lambda case: not case.clocks.was_extended("inquiry"))
          for s in INQUIRY_OPEN),
        Action("PUBLISH_NOTICE", ("INQUIRY",), "NOTICE", _R, "实施细则 art. 53", _notice, keeps_time=True, uses=NO_FACTS,
               possible=lambda case: "notice" not in case.clocks.names()),
        Action("OBJECT", ("NOTICE",), "INQUIRY", (Party.AUTHORITY, Party.REGISTRAR), "条例 art. 40", _objected,
               keeps_time=True, uses=REASONS),
        Action("OBJECT", ("NOTICE_SUSPENDED",), "SUSPENDED", (Party.AUTHORITY, Party.REGISTRAR), "条例 art. 40", _objected,
               keeps_time=True, uses=REASONS),
        Action("NOTICE_OVER", ("NOTICE",), "UNCONTESTED", (Party.PLATFORM,), "条例 art. 40", _notice_over, keeps_time=True,
               when_over="notice", uses=NO_FACTS),
        *(Action("SUSPEND", (s,), rest, _R, "实施细则 art. 55", _suspend, keeps_time=True, uses=REASONS)
          for s, rest in SUSPENDED.items()),
        *(Action("GO_ON", (rest,), s, _R, "实施细则 art. 55", _go_on, keeps_time=True, uses=NO_FACTS)
          for s, rest in SUSPENDED.items()),
        # on what the inquiry found, or because nobody objected; not while the notice runs
        Action("REVOKE", ("INQUIRY", "UNCONTESTED"), "REVOKED", _R, "条例 art. 40", _revoke,
               uses=frozenset({"items", "reason_codes"})),
        Action("KEEP", _OPEN, "NOT_REVOKED", _R, "条例 art. 41", _keep, uses=REASONS),
        Action("WITHDRAW", ("RECEIVED",), "WITHDRAWN", (Party.APPLICANT,), "实施细则 art. 52", uses=NO_FACTS),
        Action("UNDO", ("REVOKED",), "UNDONE", _R, "条例 art. 42", _undo, uses=REASONS),
    ),
)  # fmt: skip


def _check_review(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """Where a case revoked, that case holds who is barred by it, and undoes both."""
    if entity.revocation_case_id:
        raise CaseBarred(
            f"the case that revoked it undoes it ({_UNDOING})", reason="UNDONE_IN_ITS_CASE",
            metadata={"entity_case_id": entity.revocation_case_id},
        )  # fmt: skip
    return ()


def _undo_at_once(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    give_reasons(case, facts)
    return _restored(entity, now)


# A registration that was revoked at once, without a case of impersonation.
REVOCATION_REVIEW = Kind(
    key="REVOCATION_REVIEW", article=_UNDOING, opens_in=(EntityState.REGISTRATION_REVOKED,), first="RECEIVED",
    by=(Party.APPLICANT, Party.REGISTRAR), check=_check_review, uses=NO_FACTS, owed={"RECEIVED": (Party.REGISTRAR, "decision", "")},
    actions=(
        Action("UNDO", ("RECEIVED",), "UNDONE", _R, _UNDOING, _undo_at_once, uses=REASONS),
        Action("UPHOLD", ("RECEIVED",), "UPHELD", _R, _UNDOING, with_reasons, uses=REASONS),
        Action("WITHDRAW", ("RECEIVED",), "WITHDRAWN", (Party.APPLICANT,), _UNDOING, uses=NO_FACTS),
    ),
)  # fmt: skip
