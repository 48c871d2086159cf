"""Permit cases: hand in, one notice, accept, decide, deliver; each is one act of the domain, stored in one write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from services.permits.domain.case import PermitCase, Reason, receive
from services.permits.domain.catalogue import Item, ItemKind, gaps_of
from services.permits.domain.conditions import check_conditions
from services.permits.domain.content import APPLICANT, CONTACT, PREMISES, check_content
from services.permits.domain.permit import PermitState
from services.permits.usecases.context import Asked, Entry, Parts
from services.permits.usecases.saving import CASES, CaseNotFound, change_case, create, load_case
from shared.clock import local_date
from shared.commands import Command, version_made_by
from shared.failures import FailedPrecondition, InvalidArgument, Violation
from shared.ids import new_id
from shared.national_codes import check_uscc

CONTENT_LIMIT = 4000


class NotAPermit(FailedPrecondition):
    """The item is a filing: it is put on record, not applied for (优化营商环境条例 art. 39)."""


class HolderEnded(FailedPrecondition):
    """The holder's licence was revoked or it is no more: nothing is granted to it (行政许可法 art. 70(3))."""


class AlreadyCame(FailedPrecondition):
    """Another command brought a case from this origin before."""


def submit_case(parts: Parts, command: Command, asked: Asked) -> tuple[PermitCase, Entry, bool]:
    """Receive materials for a permit. Returns the case, its document and whether this repeats a command.

    Raises ItemNotFound, NotAPermit, ConditionNotMet, InvalidArgument (a code, the form, a fact, a material).
    """
    parts.outbox.check_capacity()
    known = parts.store.find_by_command(CASES, command.key)
    if known is not None:
        version_made_by(known, command.key, command.digest)
        return parts.case_of(known), known, True
    now = parts.clock.now()
    item = item_for(parts, asked)
    if item.kind is ItemKind.FILING:
        raise NotAPermit(f"{item.key} is a filing; hand it in as one", metadata={"item": item.key})
    check_conditions(item.conditions, asked.facts)
    materials = lawful_materials(item, asked.materials)
    case_id = new_id("pmc")
    gaps = [material.material_type for material in gaps_of(item, materials)]
    holder = (asked.holder_code, holder_ref_of(parts, asked.holder_code))
    case, events = receive(
        case_id, item, holder, materials, gaps, asked.committed, asked.origin_ref, now, asked.project_id
    )  # fmt: skip
    told: list[Any] = list(events)
    if item.kind is ItemKind.COMMITMENT and asked.committed and not gaps:
        told.append(case.grant(new_id("per"), item, now))
    if create(parts, command, case, seal_content(parts, case_id, asked.content), told, now):
        return (*load_case(parts, case_id), False)
    known = parts.store.find_by_command(CASES, command.key)
    if known is None:
        raise AlreadyCame("a case from this origin is on the books already", metadata={"origin_ref": asked.origin_ref})
    version_made_by(known, command.key, command.digest)
    return parts.case_of(known), known, True


def item_for(parts: Parts, asked: Asked) -> Item:
    """The item asked for, in the version in force today; the holder's code and the form judged."""
    check_uscc(asked.holder_code, field="holder_code")
    check_content(asked.content)
    return parts.catalogue.item(asked.item_key, parts.clock.today())


def lawful_materials(item: Item, brought: Sequence[str]) -> list[str]:
    """The types of material brought, each once. Raises InvalidArgument for one that the item does not know."""
    known = {material.material_type for material in item.materials}
    for index, kind in enumerate(brought):
        if kind not in known:
            description = f"{kind[:60]!r} is no material of this item; what is not needed is not taken"
            raise InvalidArgument(
                description, reason="MATERIAL_UNKNOWN",
                violations=(Violation(f"materials[{index}]", description, "MATERIAL_UNKNOWN"),),
            )  # fmt: skip
    return list(dict.fromkeys(brought))


def holder_ref_of(parts: Parts, holder_code: str) -> str:
    """Entity id of the holder in this region's register, "" for one that is registered elsewhere. Raises HolderEnded."""
    found = parts.store.holder(holder_code)
    if found and found["state"] != "ACTIVE":
        raise HolderEnded("the holder is no active entity", metadata={"field": "holder_code", "state": found["state"]})
    return str(found["entity_id"]) if found else ""


def seal_content(parts: Parts, document_id: str, content: dict[str, str]) -> bytes:
    """What names persons, sealed for its document."""
    return parts.sealer.seal(msgspec.json.encode(content), document_id)


def content_of(parts: Parts, document: Entry) -> dict[str, str]:
    """The sealed content of a case or filing; a disclosure must be logged first."""
    opened: dict[str, str] = msgspec.json.decode(parts.sealer.open(bytes(document["content"]), document["_id"]))
    return opened


def note_reading(parts: Parts, case_id: str) -> None:
    """A deciding unit reads who applies: logged before it is told (网络数据安全管理条例 art. 12)."""
    parts.store.log_disclosure(
        {"_id": new_id("dis"), "time": parts.clock.now(), "asked_by": "permits.decide", "purpose": "DECIDE_CASE",
         "refs": [case_id], "fields": [APPLICANT, PREMISES, CONTACT]}
    )  # fmt: skip


def request_materials(
    parts: Parts, command: Command, case_id: str, version: int, unit: str, gaps: Sequence[str]
) -> tuple[PermitCase, Entry, bool]:
    """The unit's one notice of all gaps."""

    def act(case: PermitCase, now: datetime) -> list[Any]:
        case.require(version, unit)
        return [case.request_materials(gaps, now)]

    return change_case(parts, command, case_id, act)


def supplement(
    parts: Parts, command: Command, case_id: str, materials: Sequence[str], only_client_id: str = ""
) -> tuple[PermitCase, Entry, bool]:
    """The applicant brings what was missing."""

    def act(case: PermitCase, now: datetime) -> list[Any]:
        item = parts.catalogue.at_version(case.item_version)
        accepted = case.supplement(lawful_materials(item, materials), now)
        return [accepted] if accepted else []

    return change_case(parts, command, case_id, act, only_client_id)


def accept(
    parts: Parts, command: Command, case_id: str, version: int, unit: str, promised: Sequence[str]
) -> tuple[PermitCase, Entry, bool]:
    """The unit accepts, also with secondary materials promised (容缺受理)."""

    def act(case: PermitCase, now: datetime) -> list[Any]:
        case.require(version, unit)
        materials = parts.catalogue.at_version(case.item_version).materials
        return [case.accept(promised, [m.material_type for m in materials if m.tolerable], now)]

    return change_case(parts, command, case_id, act)


def decline(
    parts: Parts, command: Command, case_id: str, version: int, unit: str, reasons: Sequence[Reason]
) -> tuple[PermitCase, Entry, bool]:
    """The unit does not accept: not needed, or another body is competent."""

    def act(case: PermitCase, now: datetime) -> list[Any]:
        case.require(version, unit)
        return [case.decline(reasons, now)]

    return change_case(parts, command, case_id, act)


def withdraw(parts: Parts, command: Command, case_id: str, only_client_id: str) -> tuple[PermitCase, Entry, bool]:
    """The applicant takes the case back."""
    return change_case(parts, command, case_id, lambda case, now: [case.withdraw(now)], only_client_id)


def pause(
    parts: Parts, command: Command, case_id: str, version: int, unit: str, reason: str, owner: str, days: int
) -> tuple[PermitCase, Entry, bool]:
    """Stop the decision's clock (art. 45)."""

    def act(case: PermitCase, now: datetime) -> list[Any]:
        case.require(version, unit)
        return [case.pause(reason, owner, days, now)]

    return change_case(parts, command, case_id, act)


def resume(
    parts: Parts, command: Command, case_id: str, version: int, unit: str, reason: str
) -> tuple[PermitCase, Entry, bool]:
    """Let the decision's clock count on."""

    def act(case: PermitCase, now: datetime) -> list[Any]:
        case.require(version, unit)
        return [case.resume(reason, now)]

    return change_case(parts, command, case_id, act)


def extend(
    parts: Parts, command: Command, case_id: str, version: int, unit: str, reason: str
) -> tuple[PermitCase, Entry, bool]:
    """More time for the decision, once (art. 42)."""

    def act(case: PermitCase, now: datetime) -> list[Any]:
        case.require(version, unit)
        return [case.extend(reason, now)]

    return change_case(parts, command, case_id, act)


def decide(
    parts: Parts, command: Command, case_id: str, version: int, unit: str, grant: bool, reasons: Sequence[Reason]
) -> tuple[PermitCase, Entry, bool]:
    """Grant or refuse (art. 37, 38)."""

    def act(case: PermitCase, now: datetime) -> list[Any]:
        case.require(version, unit)
        if not grant:
            return [case.refuse(reasons, now)]
        holder_ref_of(parts, case.holder_code)  # it may have ended since it applied
        return [case.grant(new_id("per"), parts.catalogue.at_version(case.item_version), now)]

    return change_case(parts, command, case_id, act)


def deliver(parts: Parts, command: Command, case_id: str, version: int, unit: str) -> tuple[PermitCase, Entry, bool]:
    """The result was handed over (art. 44)."""

    def act(case: PermitCase, now: datetime) -> list[Any]:
        case.require(version, unit)
        return [case.deliver(now)]

    return change_case(parts, command, case_id, act)


def check_commitment(
    parts: Parts, command: Command, case_id: str, version: int, unit: str, holds: bool
) -> tuple[PermitCase, Entry, bool]:
    """The after-check of an approval on commitment: what does not hold is revoked (国办发〔2020〕42号)."""

    def act(case: PermitCase, now: datetime) -> list[Any]:
        case.require(version, unit)
        case.record_after_check(now)
        if holds or case.permit is None or case.permit.state in (PermitState.REVOKED, PermitState.CANCELLED):
            return []
        return [case.permit.change(case.case_id, PermitState.REVOKED, "FALSE_COMMITMENT", local_date(now))]

    return change_case(parts, command, case_id, act)


def change_permit(
    parts: Parts, command: Command, permit_id: str, version: int, unit: str, state: PermitState, reason_code: str
) -> tuple[PermitCase, Entry, bool]:
    """Suspend, reinstate, revoke or cancel a permit (art. 69, 70)."""
    found = parts.store.case_of_permit(permit_id)
    if found is None:
        raise CaseNotFound("no permit with this id", metadata={"permit_id": permit_id[:64]})

    def act(case: PermitCase, now: datetime) -> list[Any]:
        case.require(version, unit)
        assert case.permit is not None
        case.version += 1
        return [case.permit.change(case.case_id, state, reason_code, local_date(now))]

    return change_case(parts, command, found["_id"], act)
