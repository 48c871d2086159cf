"""Filings: hand in, mend, take back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.permits.domain.catalogue import ItemKind, gaps_of
from services.permits.domain.conditions import check_conditions
from services.permits.domain.filing import Filing, submit
from services.permits.usecases.cases import AlreadyCame, holder_ref_of, item_for, lawful_materials, seal_content
from services.permits.usecases.context import Asked, Entry, Parts
from services.permits.usecases.saving import FILINGS, change_filing, create, load_filing
from shared.commands import Command, version_made_by
from shared.failures import FailedPrecondition
from shared.ids import new_id


class NotAFiling(FailedPrecondition):
    """The item needs a permit: it is applied for, not filed (disguising one as the other: 优化营商环境条例 art. 39)."""


class HandInUnderProject(FailedPrecondition):
    """An item of a project is handed in under it: only so is its certificate exactly one (4-07)."""


def submit_filing(parts: Parts, command: Command, asked: Asked) -> tuple[Filing, Entry, bool]:
    """Put a filing on record, or return it with all gaps. Returns it, its document, whether this repeats a command."""
    parts.outbox.check_capacity()
    known = parts.store.find_by_command(FILINGS, command.key)
    if known is not None:
        version_made_by(known, command.key, command.digest)
        return parts.filing_of(known), known, True
    now, item = parts.clock.now(), item_for(parts, asked)
    if item.kind is not ItemKind.FILING:
        raise NotAFiling(f"{item.key} needs a permit; apply for it", metadata={"item": item.key})
    if asked.project_id and not asked.origin_ref and parts.store.find("projects", asked.project_id):
        raise HandInUnderProject("hand it in as an item of its project", metadata={"field": "project_id"})
    check_conditions(item.conditions, asked.facts)
    materials = lawful_materials(item, asked.materials)
    filing_id = new_id("fil")
    gaps = [material.material_type for material in gaps_of(item, materials)]
    holder = (asked.holder_code, holder_ref_of(parts, asked.holder_code))
    project = (asked.project_id, asked.subject_key)
    filing, event = submit(
        filing_id, item, holder, materials, gaps, project, asked.event_date, asked.origin_ref, now
    )  # fmt: skip
    if create(parts, command, filing, seal_content(parts, filing_id, asked.content), [event], now):
        return (*load_filing(parts, filing_id), False)
    known = parts.store.find_by_command(FILINGS, command.key)
    if known is None:
        raise AlreadyCame("a filing from this origin is on record already", metadata={"origin_ref": asked.origin_ref})
    version_made_by(known, command.key, command.digest)
    return parts.filing_of(known), known, True


def amend_filing(
    parts: Parts, command: Command, filing_id: str, version: int, materials: Sequence[str], only_client_id: str
) -> tuple[Filing, Entry, bool]:
    """Bring what was missing. Raises HolderEnded."""

    def act(filing: Filing, now: datetime) -> list[Any]:
        filing.require(version)
        holder_ref_of(parts, filing.holder_code)  # it may have ended since it was handed in
        item = parts.catalogue.at_version(filing.item_version)
        recorded = filing.amend(lawful_materials(item, materials), now)
        return [recorded] if recorded else []

    return change_filing(parts, command, filing_id, act, only_client_id)


def withdraw_filing(
    parts: Parts, command: Command, filing_id: str, version: int, only_client_id: str
) -> tuple[Filing, Entry, bool]:
    """Take it back."""

    def act(filing: Filing, now: datetime) -> list[Any]:
        filing.require(version)
        return [filing.withdraw(now)]

    return change_filing(parts, command, filing_id, act, only_client_id)
