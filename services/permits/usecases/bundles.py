"""Bundles: plan, start, open steps as cases and filings, take in their results. Every step may run twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from services.permits.domain.bundle import Bundle, Step, StepState, start
from services.permits.domain.bundle_types import LICENCE, BundleType, PlannedStep, bundle_type, check_commitments, plan
from services.permits.domain.catalogue import Item
from services.permits.domain.content import check_content
from services.permits.usecases.context import Asked, Entry, Parts
from services.permits.usecases.flows import BUNDLE, change, create, do, known, load, open_form
from services.permits.usecases.watching import open_item, seen
from shared.commands import Command
from shared.events import Cause
from shared.failures import InvalidArgument, Violation
from shared.ids import new_id
from shared.national_codes import check_uscc

STEP_PREFIX = "stp_"


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
    before = known(BUNDLE, parts, command)
    if before is not None:
        return before
    if holder_code:
        check_uscc(holder_code, field="holder_code")
    elif not content.get("licence"):
        description = "say who applies: the code of an entity, or the application for its licence"
        raise InvalidArgument(
            description, reason="HOLDER_MISSING", violations=(Violation("holder_code", description, "HOLDER_MISSING"),)
        )
    check_content(_texts(content))
    kind, planned = plan_bundle(parts, key, answers, bool(holder_code))
    check_commitments(planned, commitments)
    now, bundle_id = parts.clock.now(), new_id("bun")
    bundle, events = start(bundle_id, kind, planned, parts.region, holder_code, answers, now, commitments)
    before = create(BUNDLE, parts, command, bundle, {**content, "materials": list(materials)}, events, now)
    if before is not None:
        return before
    advance(parts, bundle_id, command.cause)
    return (*load(BUNDLE, parts, bundle_id), False)


def correct_bundle(
    parts: Parts, command: Command, bundle_id: str, version: int, licence: dict[str, Any], only_client_id: str
) -> tuple[Bundle, Entry, bool]:
    """The licence came back incomplete and the applicant gives corrected answers: it is asked for again.

    Raises BundleNotInState when nothing came back, StaleVersion.
    """
    return do(BUNDLE, parts, command, bundle_id, version, only_client_id, Bundle.correct, {"licence": licence})


def end_bundle(
    parts: Parts, command: Command, bundle_id: str, version: int, only_client_id: str
) -> tuple[Bundle, Entry, bool]:
    """The applicant gives up what has not begun; open steps go on. Raises BundleNotInState, StaleVersion."""
    return do(BUNDLE, parts, command, bundle_id, version, only_client_id, Bundle.end)


def advance(parts: Parts, bundle_id: str, cause: Cause) -> bool:
    """Open the steps that may open: each becomes a case or filing once, found again by its origin after a crash.
    Returns whether anything was opened."""
    bundle, document = load(BUNDLE, parts, bundle_id)
    steps = bundle.to_open()
    if not steps:
        return False
    content = open_form(parts, document)
    for step in steps:
        opened, reasons = open_item(
            parts, document["client_id"], f"bundle-{step.step_id}", step.item_key, step.origin,
            partial(_asked, bundle, step, content), cause,
        )  # fmt: skip
        _note(parts, bundle_id, step.step_id, opened, reasons, cause)
    return True


def result(
    parts: Parts, origin_ref: str, done: bool, reason_codes: Sequence[str], cause: Cause, holder_code: str = "",
    case_id: str = "",
) -> None:  # fmt: skip
    """A step has its result (by the events of its case). What is not a step of ours is ignored."""
    bundle_id = _bundle_of(parts, origin_ref)
    if not bundle_id:
        return

    def act(bundle: Bundle, now: datetime) -> list[Any]:
        if holder_code:
            bundle.holder_code = holder_code
        state = StepState.DONE if done else StepState.REFUSED
        return bundle.settle(origin_ref, state, reason_codes, now, case_id)

    change(BUNDLE, parts, bundle_id, act, cause)
    advance(parts, bundle_id, cause)


def moved(parts: Parts, origin_ref: str, cause: Cause) -> None:
    """The case of a step moved: who has the word and by when is read from the case itself, so the order of events does not
    matter."""
    bundle_id = _bundle_of(parts, origin_ref)
    if bundle_id:
        change(BUNDLE, parts, bundle_id, lambda bundle, now: _look(parts, bundle, now, origin_ref), cause)


def licence_returned(parts: Parts, origin_ref: str, reason_codes: Sequence[str], cause: Cause) -> None:
    """Registration gave the licence application back incomplete: the applicant has the word."""
    bundle_id = _bundle_of(parts, origin_ref)
    if bundle_id:
        change(BUNDLE, parts, bundle_id, lambda b, now: b.give_back(origin_ref, reason_codes, now), cause)


def licence_received(parts: Parts, origin_ref: str, application_id: str, due_date: str, cause: Cause) -> None:
    """Registration has the licence application under review, until its due date."""
    bundle_id = _bundle_of(parts, origin_ref)
    if bundle_id:
        change(
            BUNDLE,
            parts,
            bundle_id,
            lambda b, now: b.licence_received(origin_ref, application_id, due_date, now),
            cause,
        )


def licence_extended(parts: Parts, application_id: str, due_date: str, cause: Cause) -> None:
    """The registrar of a licence has more time. What is no licence of a bundle is ignored."""
    found = parts.store.bundle_of_case(application_id)
    if found is None:
        return
    origins = [step.origin for step in parts.bundle_of(found).steps if step.case_id == application_id]
    for origin in origins:
        licence_received(parts, origin, application_id, due_date, cause)


def act_on_bundle(parts: Parts, bundle_id: str) -> bool:
    """What falls due: a step that was opened and never noted (the process died in between) is opened again, harmlessly;
    every case is looked at; what is late is told upwards once."""
    cause = Cause(actor_id="platform")
    opened = advance(parts, bundle_id, cause)

    def act(bundle: Bundle, now: datetime) -> list[Any]:
        events = _look(parts, bundle, now)
        return [*events, *bundle.late(now)]

    done = change(BUNDLE, parts, bundle_id, act, cause, looked=True)
    return advance(parts, bundle_id, cause) or opened or bool(done)


def licence_applications(parts: Parts, step_ids: Sequence[str], purpose: str, asked_by: str) -> list[dict[str, Any]]:
    """The licence applications of these steps, for registration. The disclosure is logged before anything is told."""
    parts.store.log_disclosure(
        {"_id": new_id("dis"), "time": parts.clock.now(), "asked_by": asked_by, "purpose": purpose,
         "refs": list(step_ids), "fields": ["licence application"]}
    )  # fmt: skip
    answers = []
    for origin in step_ids:
        document = parts.store.bundle_of_step(origin.partition(".")[0])
        if document is None:
            continue
        application = open_form(parts, document).get("licence", {})
        answers.append({"step_id": origin, "application": application, "client_id": document["client_id"]})
    return answers


def _bundle_of(parts: Parts, origin_ref: str) -> str:
    """The bundle that an origin belongs to; "" for what is not a step of ours."""
    found = (
        parts.store.bundle_of_step(origin_ref.partition(".")[0]) if origin_ref.startswith(STEP_PREFIX) else None
    )  # fmt: skip
    return str(found["_id"]) if found else ""


def _look(parts: Parts, bundle: Bundle, now: datetime, origin_ref: str = "") -> list[Any]:
    """Look at the case of one step, or of all open ones; a result whose event is long under way is taken in here."""
    steps = [bundle.step(origin_ref)] if origin_ref else list(bundle.steps)
    events: list[Any] = []
    for step in steps:
        if step is None or step.state is not StepState.OPEN or not step.case_id or step.item_key == LICENCE:
            continue
        found = seen(parts, step.case_id)
        if found is None or found.done is None:
            events += bundle.look(step.step_id, found, now) if found else []
        elif not origin_ref:
            state = StepState.DONE if found.done else StepState.REFUSED
            events += bundle.settle(step.origin, state, found.reason_codes, now)
    return events


def _asked(bundle: Bundle, step: Step, content: dict[str, Any], item: Item) -> Asked:
    """What the step hands in, from the one form.

    Nobody commits for the applicant (告知承诺 is given in writing, item by item): without it a step goes the ordinary way.
    """
    brought = [m.material_type for m in item.materials if m.material_type in content.get("materials", ())]
    return Asked(
        item_key=step.item_key, holder_code=bundle.holder_code, content=_texts(content), materials=tuple(brought),
        facts=bundle.answers, committed=step.item_key in bundle.commitments, origin_ref=step.origin,
    )  # fmt: skip


def _note(parts: Parts, bundle_id: str, step_id: str, case_id: str, reasons: Sequence[str], cause: Cause) -> None:
    found = seen(parts, case_id) if case_id else None

    def act(bundle: Bundle, now: datetime) -> list[Any]:
        step = bundle.step(step_id)
        if step is None or step.case_id:
            return []
        if reasons:
            return bundle.settle(step.origin, StepState.REFUSED, reasons, now)
        step.case_id = case_id
        return bundle.look(step_id, found, now) if found else []

    change(BUNDLE, parts, bundle_id, act, cause)


def _texts(content: dict[str, Any]) -> dict[str, str]:
    """What the one form says in words, without the application for a licence."""
    return {key: value for key, value in content.items() if isinstance(value, str)}
