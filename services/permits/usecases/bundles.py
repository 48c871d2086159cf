"""Bundles: plan, start, open steps as cases and filings, take in their results. Every step may run twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from services.permits.domain.bundle import Bundle, Step, StepState, start
from services.permits.domain.bundle_types import BundleType, PlannedStep, bundle_type, check_commitments, plan
from services.permits.domain.case import StaleVersion
from services.permits.domain.catalogue import ItemKind
from services.permits.usecases.cases import AlreadyCame, submit_case
from services.permits.usecases.context import Asked, Command, Entry, Parts
from services.permits.usecases.filings import submit_filing
from services.permits.usecases.saving import CASES, FILINGS
from shared.commands import command_entry, version_made_by
from shared.events import Cause, timeline_entry
from shared.failures import Aborted, Failure, InvalidArgument, NotFound, Unavailable, Violation
from shared.ids import new_id
from shared.national_codes import check_uscc

BUNDLES = "bundles"
TRIES = 10


class BundleNotFound(NotFound):
    """No bundle with this id, or it is not yours."""


def plan_bundle(
    parts: Parts, key: str, answers: dict[str, str], has_licence: bool
) -> tuple[BundleType, list[PlannedStep]]:
    """What the answers lead to, without beginning anything. Raises what `plan` raises."""
    kind = bundle_type(key)
    return kind, plan(kind, answers, parts.catalogue, parts.clock.today(), has_licence)


def start_bundle(
    parts: Parts, command: Command, key: str, answers: dict[str, str], holder_code: str, materials: Sequence[str],
    content: dict[str, Any], commitments: Sequence[str] = (),
) -> tuple[Bundle, Entry, bool]:  # fmt: skip
    """Begin a bundle with one form. Without a `holder_code` the business licence comes first and `content["licence"]` is
    its application (SetUpApplication). `commitments`: items for which the applicant commits (告知承诺).
    Returns the bundle, its document, whether this repeats a command."""
    parts.outbox.check_capacity()
    known = parts.store.find_by_command(BUNDLES, command.key)
    if known is not None:
        version_made_by(known, command.key, command.digest)
        return parts.bundle_of(known), known, True
    if holder_code:
        check_uscc(holder_code, field="holder_code")
    elif not content.get("licence"):
        description = "say who applies: the code of an entity, or the application for its licence"
        raise InvalidArgument(
            description, reason="HOLDER_MISSING", violations=(Violation("holder_code", description, "HOLDER_MISSING"),)
        )
    kind, planned = plan_bundle(parts, key, answers, bool(holder_code))
    check_commitments(planned, commitments)
    now, bundle_id = parts.clock.now(), new_id("bun")
    bundle, events = start(bundle_id, kind, planned, parts.region, holder_code, answers, now, commitments)
    sealed = parts.sealer.seal(msgspec.json.encode({**content, "materials": list(materials)}), bundle_id)
    entries = [timeline_entry(event, now, command.cause) for event in events]
    document = _document(parts, bundle, now) | {
        "client_id": command.client_id,
        "content": sealed,
        "timeline": entries,
        "pending": [entry["id"] for entry in entries],
        "commands": [command_entry(command.key, command.digest, 1)],
    }
    if not parts.store.insert(BUNDLES, document):
        known = parts.store.find_by_command(BUNDLES, command.key)
        if known is None:
            raise Aborted("the bundle could not be stored; try again")
        version_made_by(known, command.key, command.digest)
        return parts.bundle_of(known), known, True
    parts.outbox.committed_many(BUNDLES, [(bundle_id, entry) for entry in entries])
    advance(parts, bundle_id, command.cause)
    bundle, document = load_bundle(parts, bundle_id)
    return bundle, document, False


def load_bundle(parts: Parts, bundle_id: str, only_client_id: str = "") -> tuple[Bundle, Entry]:
    """The bundle and its document. Another client's is not found, as if it were none."""
    document = parts.store.find(BUNDLES, bundle_id)
    if document is None or (only_client_id and document["client_id"] != only_client_id):
        raise BundleNotFound("no bundle with this id", metadata={"bundle_id": bundle_id[:64]})
    return parts.bundle_of(document), document


def advance(parts: Parts, bundle_id: str, cause: Cause) -> bool:
    """Open the steps that may open: each becomes a case or filing once, found again by its origin after a crash.
    Returns whether anything was opened."""
    bundle, document = load_bundle(parts, bundle_id)
    steps = bundle.to_open()
    if not steps:
        return False
    content = msgspec.json.decode(parts.sealer.open(bytes(document["content"]), bundle_id))
    for step in steps:
        opened, reasons = _open(parts, bundle, document["client_id"], step, content, cause)
        _note(parts, bundle_id, step.step_id, opened, reasons, cause)
    return True


def result(
    parts: Parts, origin_ref: str, done: bool, reason_codes: Sequence[str], cause: Cause, holder_code: str = "",
    case_id: str = "",
) -> None:  # fmt: skip
    """A step has its result (by the events of its case). What is not a step of ours is ignored."""
    if not origin_ref.startswith("stp_"):
        return
    found = parts.store.bundle_of_step(origin_ref)
    if found is None:
        return

    def act(bundle: Bundle, now: datetime) -> list[Any]:
        if holder_code:
            bundle.holder_code = holder_code
        state = StepState.DONE if done else StepState.REFUSED
        return bundle.settle(origin_ref, state, reason_codes, now, case_id)

    _change(parts, found["_id"], act, cause)
    advance(parts, found["_id"], cause)


def act_on_bundle(parts: Parts, bundle_id: str) -> bool:
    """A step was opened and its case never noted (the process died in between): open it again, harmlessly."""
    return advance(parts, bundle_id, Cause(actor_id="platform"))


def licence_applications(parts: Parts, step_ids: Sequence[str], purpose: str, asked_by: str) -> list[dict[str, Any]]:
    """The licence applications of these steps, for registration. The disclosure is logged before anything is told."""
    parts.store.log_disclosure(
        {"_id": new_id("dis"), "time": parts.clock.now(), "asked_by": asked_by, "purpose": purpose,
         "refs": list(step_ids), "fields": ["licence application"]}
    )  # fmt: skip
    answers = []
    for step_id in step_ids:
        document = parts.store.bundle_of_step(step_id)
        if document is None:
            continue
        content = msgspec.json.decode(parts.sealer.open(bytes(document["content"]), document["_id"]))
        answers.append(
            {"step_id": step_id, "application": content.get("licence", {}), "client_id": document["client_id"]}
        )
    return answers


def _open(
    parts: Parts, bundle: Bundle, client_id: str, step: Step, content: dict[str, Any], cause: Cause
) -> tuple[str, list[str]]:
    """The id of the step's case or filing, or why it cannot be opened.

    Nobody commits for the applicant (告知承诺 is given in writing, item by item): without it a step goes the ordinary way.
    """
    item = parts.catalogue.item(step.item_key, parts.clock.today())
    brought = [m.material_type for m in item.materials if m.material_type in content.get("materials", ())]
    texts = {key: value for key, value in content.items() if isinstance(value, str)}
    asked = Asked(
        item_key=step.item_key, holder_code=bundle.holder_code, content=texts, materials=tuple(brought),
        facts=bundle.answers, committed=step.item_key in bundle.commitments, origin_ref=step.step_id,
    )  # fmt: skip
    command = Command(
        client_id=client_id, idempotency_key=f"bundle-{step.step_id}", digest=step.step_id.encode(),
        actor_id="platform", correlation_id=cause.correlation_id, causation_id=cause.causation_id,
        traceparent=cause.traceparent,
    )  # fmt: skip
    filing = item.kind is ItemKind.FILING
    try:
        if filing:
            return submit_filing(parts, command, asked)[0].filing_id, []
        return submit_case(parts, command, asked)[0].case_id, []
    except AlreadyCame:
        known = parts.store.find_by_origin(FILINGS if filing else CASES, step.step_id)
        if known is None:
            raise
        return str(known["_id"]), []
    except (Unavailable, Aborted):
        raise
    except Failure as failure:
        return "", [failure.reason]


def _note(parts: Parts, bundle_id: str, step_id: str, case_id: str, reasons: Sequence[str], cause: Cause) -> None:
    def act(bundle: Bundle, now: datetime) -> list[Any]:
        step = bundle.step(step_id)
        if step is None or step.case_id:
            return []
        if reasons:
            return bundle.settle(step_id, StepState.REFUSED, reasons, now)
        step.case_id = case_id
        return []

    _change(parts, bundle_id, act, cause)


def _change(parts: Parts, bundle_id: str, act: Callable[[Bundle, datetime], list[Any]], cause: Cause) -> None:
    """Load, act, save, again when somebody was faster. Nothing is written when nothing changed."""
    for _ in range(TRIES):
        bundle, document = load_bundle(parts, bundle_id)
        before, now = parts.to_document(bundle, ""), parts.clock.now()
        events = act(bundle, now)
        if not events and parts.to_document(bundle, "") == before:
            return
        bundle.version += 1
        entries = [timeline_entry(event, now, cause) for event in events]
        try:
            parts.store.save(BUNDLES, _document(parts, bundle, now), document["version"], entries, None)
        except StaleVersion:
            continue
        parts.outbox.committed_many(BUNDLES, [(bundle_id, entry) for entry in entries])
        return
    raise Aborted("the bundle keeps changing; try again")


def _document(parts: Parts, bundle: Bundle, now: datetime) -> Entry:
    document = parts.to_document(bundle, "bundle_id")
    document["standing"] = parts.to_document(bundle.standing(now), "")
    document["next_due_time"] = bundle.next_due_time(now)
    return document
