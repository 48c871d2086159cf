"""The parts of bundles move: our own ones at once, those of other authorities by the sweeper. Every step may run twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from services.registration.domain.application import OWN_BUNDLE, ApplicationAlreadyDecided, ApplicationState
from services.registration.domain.authority import Answer, Ask, Question
from services.registration.domain.bundle import FINAL, Bundle, BundleState, Heard, Part, PartState
from services.registration.domain.bundle_following import (
    follow,
    hear_check,
    hear_holder,
    hear_issued,
    no_licence,
    version_left,
)
from services.registration.domain.bundle_giving_up import taken_back, too_late
from services.registration.domain.bundle_types import ROUTE
from services.registration.domain.cases.cancellation import SIMPLIFIED, bars
from services.registration.domain.cases.engine import ActionNotAllowed, Party, standing
from services.registration.domain.cases.kinds import kind_of
from services.registration.domain.entity import Entity, EntityState
from services.registration.domain.form_check import Investor, Person
from services.registration.usecases.context import Parts
from services.registration.usecases.decide import get_application, withdraw_application
from services.registration.usecases.entities import get_entity, representative_known
from services.registration.usecases.entity_cases import act_on_entity_case, load_case, open_entity_case
from services.registration.usecases.forwarded import read_application
from services.registration.usecases.submit import submit_applications
from shared.commands import Command, command_by_event, command_key
from shared.events import Cause
from shared.failures import Aborted, Failure, NotFound, Unavailable
from shared.flows import Flow, change, open_form

# Own parts follow each other within one call (a licence that stands registered opens what waits for it); more is a fault.
ROUNDS = 10
_CASE_DONE = frozenset({"CANCELLED", "REGISTERED"})
_APPLY_IN = "OPEN_FOR_APPLICATION"
_STILL_OPEN = "OPEN"


class EntityBundleNotFound(NotFound):
    """No bundle with this id, or it is not yours."""


BUNDLE = Flow(
    "entity_bundles", "bundle_id", lambda parts: parts.bundles, lambda parts, document: parts.bundle_of(document),
    EntityBundleNotFound,
)  # fmt: skip


def person_of(told: Mapping[str, Any] | None) -> Person | None:
    """Who becomes legal representative or operator, as the form of a bundle names it; None when it names nobody."""
    return msgspec.convert(told, Person) if told else None


def investors_of(told: Sequence[Mapping[str, Any]]) -> tuple[Investor, ...]:
    """Who holds the shares afterwards, as the form of a bundle names them; amounts come as the contract writes them."""
    return tuple(
        Investor(int(one.get("amount_fen", 0)), person_of(one.get("person")), one.get("uscc", "")) for one in told
    )


def bundle_of_ref(origin_ref: str) -> str:
    """The bundle that an origin_ref or check_ref of ours belongs to; "" for what is none."""
    return origin_ref.partition(".")[0] if origin_ref.startswith(OWN_BUNDLE) else ""


def advance(parts: Parts, bundle_id: str, cause: Cause) -> bool:
    """Do what this platform owes in a bundle now; whether anything moved."""
    moved = False
    for _ in range(ROUNDS):
        if not change(BUNDLE, parts, bundle_id, lambda b, now: _own_steps(parts, b, now, cause), cause):
            return moved
        moved = True
    return moved


def act_on_due_bundle(parts: Parts, bundle_id: str) -> bool:
    """What is due: our own parts, questions to other authorities, what is late; whether anything moved."""
    cause = Cause(actor_id="platform")
    moved = advance(parts, bundle_id, cause)
    due = change(BUNDLE, parts, bundle_id, lambda bundle, now: bundle.act_when_due(now), cause, looked=True)
    return bool(ask_authorities(parts, bundle_id, cause)) or bool(due) or moved


def ask_authorities(parts: Parts, bundle_id: str, cause: Cause) -> int:
    """Ask the questions that are due, each answer is kept as it comes; how many were asked. That they are asked is stored
    first: whoever dies while asking leaves them to be asked again, under the same ids."""
    if parts.authorities is None:
        return 0
    questions: list[Question] = []

    def claim(bundle: Bundle, now: datetime) -> list[Any]:
        questions[:] = bundle.claim(now)
        return []

    change(BUNDLE, parts, bundle_id, claim, cause)
    if not questions:
        return 0
    told = _with_facts(parts, questions)
    parts.authorities.ask_each(told, lambda answer: _keep(parts, bundle_id, answer, cause))
    return len(questions)


def holder_checked(
    parts: Parts, check_ref: str, permit_count: int, reason_codes: Sequence[str], cause: Cause
) -> None:  # fmt: skip
    """Permits answered what stands in the way of an entity's end."""
    bundle_id = bundle_of_ref(check_ref)
    if bundle_id:
        change(
            BUNDLE, parts, bundle_id, lambda b, now: hear_check(b, check_ref, permit_count, list(reason_codes), now),
            cause,
        )  # fmt: skip
        advance(parts, bundle_id, cause)


def holder_followed(parts: Parts, entity_id: str, heard: Heard, cause: Cause) -> None:
    """Permits took in that an entity changed or ended: bundles of the entity that wait for it go on."""
    for bundle_id in parts.bundles.open_of_entity(entity_id):
        change(BUNDLE, parts, bundle_id, lambda b, now: hear_holder(b, heard, now), cause)


def certificates_issued(parts: Parts, issued: Iterable[tuple[str, str, int, Cause]]) -> None:
    """Certificates exist, as (code of the entity, holder, version of the holder, cause): bundles that wait for them go on."""
    told = list(issued)
    waiting = parts.bundles.changing({code for code, *_ in told})
    for code, holder_ref, version, cause in told:
        for bundle_id in waiting.get(code, ()):
            change(BUNDLE, parts, bundle_id, lambda b, now, h=holder_ref, v=version: hear_issued(b, h, v, now), cause)  # type: ignore[misc]


def case_moved(parts: Parts, case_ids: Iterable[str], cause: Cause) -> None:
    """Cases about entities moved: bundles that opened them look at them. Order does not matter, the case itself is read."""
    for bundle_id in parts.bundles.of_references(set(case_ids)):
        advance(parts, bundle_id, cause)


def _own_steps(parts: Parts, bundle: Bundle, now: datetime, cause: Cause) -> list[Any]:
    if bundle.state is BundleState.FINISHED:
        return []
    told: list[Any] = _ended_otherwise(parts, bundle, now)
    for does, step in (("register", _register), ("licence", _licence), ("case", _case)):
        for part in bundle.doing(does):
            if part.state is PartState.ASKED:
                told += step(parts, bundle, part, now, cause)
    if bundle.entity_version:
        told += follow(bundle, now)
        if any(part.state is PartState.ASKED for part in bundle.doing("own_licence")):
            entity, document = get_entity(parts, bundle.entity_id)
            held = bool(entity.licence_certificate_id)
            told += no_licence(bundle, entity.state, held, held and representative_known(parts, document), now)
    bundle.looked_at_others(now)
    return told


def _ended_otherwise(parts: Parts, bundle: Bundle, now: datetime) -> list[Any]:
    """The entity was ended by another way while its cancellation was prepared: what comes behind the end goes on."""
    open_cases = [part for part in bundle.doing("case") if bundle.kind == "CANCELLATION" and part.state not in FINAL]
    if not open_cases or bundle.given_up:
        return []
    entity, of_entity = get_entity(parts, bundle.entity_id)
    if entity.state is not EntityState.CANCELLED:
        return []
    bundle.entity_version = _version_of_change(parts, bundle, open_cases[0], entity, of_entity)
    return [event for part in open_cases for event in bundle.settle(part, PartState.DONE, [], now)]


def _register(parts: Parts, bundle: Bundle, part: Part, now: datetime, cause: Cause) -> list[Any]:
    entity, _ = get_entity(parts, bundle.entity_id)
    # nothing bars an end that has come by another way
    simple = bundle.rules.case_kind(bundle.facts) == SIMPLIFIED.key and entity.state is not EntityState.CANCELLED
    codes = [code for code, _ in bars(entity, bundle.facts)] if simple else []
    return bundle.settle(part, PartState.BLOCKED if codes else PartState.DONE, codes, now)


def _licence(parts: Parts, bundle: Bundle, part: Part, now: datetime, cause: Cause) -> list[Any]:
    if part.ask is Ask.UNDO:
        return _take_application_back(parts, bundle, part, now, cause)
    if not part.reference:
        document = parts.bundles.find(BUNDLE.collection, bundle.bundle_id)
        assert document is not None  # it was loaded a moment ago
        asked = read_application(open_form(parts, document)["application"])
        request_id = bundle.request_id(part)
        command = Command(
            client_id=document["client_id"], idempotency_key="", digest=_digest(request_id), actor_id=cause.actor_id,
            correlation_id=cause.correlation_id, traceparent=cause.traceparent, origin_ref=request_id,
            causation_id=cause.causation_id,
        )  # fmt: skip
        (outcome,) = submit_applications(parts, [(command, asked)])
        if outcome.application is None:
            assert outcome.failure is not None
            return bundle.settle(part, PartState.RETURNED, _codes(outcome.failure), now)
        part.reference = outcome.application.application_id
    application, _ = get_application(parts, part.reference)
    if application.state is ApplicationState.RETURNED:
        return bundle.settle(part, PartState.RETURNED, [gap.reason for gap in application.gaps], now)
    if application.state is ApplicationState.REFUSED:
        return bundle.settle(part, PartState.REFUSED, [reason.code for reason in application.refusal_reasons], now)
    if application.state is ApplicationState.REGISTERED:
        bundle.entity_id, bundle.uscc = application.entity_id, application.uscc
        return bundle.settle(part, PartState.DONE, [], now)
    if application.state is ApplicationState.WITHDRAWN:
        return bundle.settle(part, PartState.RETURNED, ["APPLICATION_WITHDRAWN"], now)
    part.due_date = application.due_date
    bundle.looked(part, now)
    return []


def _take_application_back(parts: Parts, bundle: Bundle, part: Part, now: datetime, cause: Cause) -> list[Any]:
    """The opening was given up: its application is withdrawn, unless the registrar was faster."""
    document = parts.bundles.find(BUNDLE.collection, bundle.bundle_id)
    assert document is not None  # it was loaded a moment ago
    handed_in = bundle.request_id(replace(part, ask=Ask.OPEN))
    if not part.reference:
        found = parts.store.applications_by_command([command_key("", handed_in)])
        part.reference = next((document["_id"] for document in found.values()), "")
    if not part.reference:
        return taken_back(bundle, part, now)
    application, _ = get_application(parts, part.reference)
    if application.state is ApplicationState.UNDER_REVIEW:
        key = f"{handed_in}.WITHDRAW"
        command = command_by_event(document["client_id"], key, _digest(key), cause)
        with suppress(Aborted, ApplicationAlreadyDecided):  # it was decided beside us: what became of it is read again
            withdraw_application(parts, command, part.reference, 0, "")
        application, _ = get_application(parts, part.reference)
    if application.state is ApplicationState.REGISTERED:
        bundle.entity_id, bundle.uscc = application.entity_id, application.uscc
        return too_late(bundle, part, now)
    if application.state is ApplicationState.UNDER_REVIEW:
        bundle.looked(part, now)
        return []
    return taken_back(bundle, part, now)


def _take_back(parts: Parts, bundle: Bundle, part: Part, now: datetime, cause: Cause) -> list[Any]:
    """The bundle was given up: its case is withdrawn, also one that was opened by a process that died before it was noted."""
    document = parts.bundles.find(BUNDLE.collection, bundle.bundle_id)
    assert document is not None  # it was loaded a moment ago
    opened = bundle.request_id(replace(part, ask=Ask.OPEN))
    if not part.reference:
        key = command_by_event(document["client_id"], opened, _digest(opened), cause).key
        part.reference = (parts.cases.find_by_command(key) or {"_id": ""})["_id"]
    state = _withdrawn(parts, part.reference, document["client_id"], opened, cause) if part.reference else ""
    entity, of_entity = get_entity(parts, bundle.entity_id)
    if state in _CASE_DONE or (bundle.kind == "CANCELLATION" and entity.state is EntityState.CANCELLED):
        bundle.entity_version = _version_of_change(parts, bundle, part, entity, of_entity)
        return too_late(bundle, part, now)
    if state == _STILL_OPEN:
        bundle.looked(part, now)
        return []
    return taken_back(bundle, part, now)


def _withdrawn(parts: Parts, case_id: str, client_id: str, opened: str, cause: Cause) -> str:
    """Withdraw a case that is open; the state in which it ended."""
    case, _ = load_case(parts, case_id)
    if kind_of(case.kind).is_open(case):
        key = f"{opened}.WITHDRAW"
        command = command_by_event(client_id, key, _digest(key), cause)
        with suppress(ActionNotAllowed):  # it moved beside us: what became of it is read again
            act_on_entity_case(parts, command, case_id, 0, "WITHDRAW", {}, Party.APPLICANT)
        case, _ = load_case(parts, case_id)
    return _STILL_OPEN if kind_of(case.kind).is_open(case) else case.state


def _case(parts: Parts, bundle: Bundle, part: Part, now: datetime, cause: Cause) -> list[Any]:
    if part.ask is Ask.UNDO:
        return _take_back(parts, bundle, part, now, cause)
    document = parts.bundles.find(BUNDLE.collection, bundle.bundle_id)
    assert document is not None  # it was loaded a moment ago
    client_id, request_id = document["client_id"], bundle.request_id(part)
    if not part.reference:
        said = {name: value for name, value in bundle.facts.items() if name != ROUTE}
        if bundle.kind == "CANCELLATION":  # the tax authority has just cleared it
            said |= {"tax_clearance": "true"}
        form = open_form(parts, document)
        try:
            case, _, _ = open_entity_case(
                parts, command_by_event(client_id, request_id, _digest(request_id), cause),
                bundle.rules.case_kind(bundle.facts), bundle.entity_id, bundle.division_code, said, Party.APPLICANT,
                person_of(form.get("person")), investors_of(form.get("investors", ())),
            )  # fmt: skip
        except Failure as failure:
            return bundle.settle(part, PartState.BLOCKED, _codes(failure), now)
        part.reference = case.entity_case_id
    case, _ = load_case(parts, part.reference)
    if case.state == _APPLY_IN:  # the one form of the bundle is the application (条例 art. 33)
        key = f"{request_id}.APPLY"
        command = command_by_event(client_id, key, _digest(key), cause)
        # a bar came, or the case ended beside us: the case brings what became of it, and that is read then
        with suppress(ActionNotAllowed):
            act_on_entity_case(parts, command, part.reference, 0, "APPLY", {}, Party.APPLICANT)
        case, _ = load_case(parts, part.reference)
    entity, of_entity = get_entity(parts, bundle.entity_id)
    if case.state in _CASE_DONE or (bundle.kind == "CANCELLATION" and entity.state is EntityState.CANCELLED):
        bundle.entity_version = _version_of_change(parts, bundle, part, entity, of_entity)
        return bundle.settle(part, PartState.DONE, [], now)
    kind = kind_of(case.kind)
    if not kind.is_open(case):
        return bundle.settle(part, PartState.BLOCKED, [f"CASE_{case.state}", *case.reason_codes], now)
    clock, owes = kind.owed[case.state][2], standing(kind, case, now)
    due = case.clocks.deadline(clock).due_date if clock in case.clocks.names() else None
    part.due_date = due.isoformat() if due else ""
    bundle.looked(part, now, (owes.party, owes.what))
    return []


def _version_of_change(parts: Parts, bundle: Bundle, part: Part, entity: Entity, document: dict[str, Any]) -> int:
    """Version of the entity as the case of this part left it; a case and what it does to its entity are of one instant."""
    decided = load_case(parts, part.reference)[0].since_time if part.reference else None
    return version_left(bundle, document.get("timeline", ()), decided) or entity.version


def _with_facts(parts: Parts, questions: Sequence[Question]) -> list[Question]:
    """What stands in the register goes with every question (数据共享: nobody is asked for what government holds)."""
    document = parts.store.entity(uscc=questions[0].uscc)
    entity = parts.entity_of(document) if document else None
    if entity is None:
        return list(questions)
    known = {
        "name": entity.shown_name, "entity_type": entity.entity_type.value, "state": entity.state.value,
        "address": entity.domicile.address, "founding_date": entity.founding_date,
    }  # fmt: skip
    return [Question(q.request_id, q.authority, q.ask, q.uscc, known | dict(q.facts)) for q in questions]


def _keep(parts: Parts, bundle_id: str, answer: Answer, cause: Cause) -> None:
    change(BUNDLE, parts, bundle_id, lambda bundle, now: bundle.answered(answer, now), cause)
    advance(parts, bundle_id, cause)


def _codes(failure: Failure) -> list[str]:
    """Why it was not done. Raises what is only for now."""
    if isinstance(failure, (Unavailable, Aborted)):
        raise failure
    bars_told = failure.metadata.get("bars", "")
    return bars_told.split(",") if bars_told else [v.reason for v in failure.violations] or [failure.reason]


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
