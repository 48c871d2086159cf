"""Bundles: begin, resume, correct, give up; show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from services.registration.domain.bundle import Bundle, begin
from services.registration.domain.bundle_giving_up import give_up
from services.registration.domain.bundle_types import ROUTE, BundleKind, bundle_kind, split_facts
from services.registration.domain.cases import engine
from services.registration.domain.cases.cancellation import said_bars
from services.registration.domain.cases.engine import CaseBarred, Facts, Party
from services.registration.domain.cases.kinds import kind_of
from services.registration.domain.cases.new_facts import changed_facts
from services.registration.domain.cases.persons import opening_facts
from services.registration.domain.entity import Entity
from services.registration.domain.form_check import Investor, Person
from services.registration.usecases.bundle_steps import BUNDLE, advance, investors_of, person_of
from services.registration.usecases.context import Parts
from services.registration.usecases.entities import get_entity
from services.registration.usecases.entity_cases import require_free_name
from services.registration.usecases.entity_states import DivisionMismatch
from services.registration.usecases.forwarded import read_application
from services.registration.usecases.submit import check_application
from shared.commands import Command, version_made_by
from shared.failures import Aborted, AlreadyExists, Failure, InvalidArgument, Violation
from shared.flows import create, do, known, load
from shared.ids import new_id

Document = dict[str, Any]


class BundleAlreadyOpen(AlreadyExists):
    """A bundle of this kind is open for the entity."""


def start_bundle(
    parts: Parts, command: Command, kind_key: str, entity_id: str, facts: Facts, application: Mapping[str, Any] | None,
    division_code: str = "", person: Mapping[str, Any] | None = None, investors: Sequence[Mapping[str, Any]] = (),
) -> tuple[Bundle, Document, bool]:  # fmt: skip
    """Begin a bundle with one form. Returns it, its document, and whether this repeats a command.

    `application` (fields of the proto SetUpApplication): for an opening, else `entity_id`. `facts`: of the case about the
    entity, its `route` (`data/bundles.yaml`), and answers for the other authorities. What can be told at
    once is told at once, nothing is begun then: raises what the case or the application raises, EntityNotFound,
    DivisionMismatch, BundleAlreadyOpen. What bars a simplified cancellation by the register is shown with the other checks.
    """
    parts.outbox.check_capacity()
    if (before := known(BUNDLE, parts, command)) is not None:
        return before
    kind, (of_case, answers) = bundle_kind(kind_key), split_facts(facts)
    now, bundle_id = parts.clock.now(), new_id("ebn")
    division, changes, entity_key = parts.region, list[str](), ("", "")
    _check_asked(
        kind_key,
        {"entity_id": entity_id or None, "person": person, "investors": investors or None}
        if kind_key == "OPENING"
        else {"application": application},
    )
    if kind_key == "OPENING":
        _check_opening(parts, application, of_case)
    else:
        entity, _ = get_entity(parts, _named(entity_id))
        if entity.division_code != (division_code or parts.region):
            raise DivisionMismatch("the registrar of another division keeps this entity")
        entity_key, division = (entity.entity_id, entity.uscc), entity.division_code
        told = _check_case(parts, kind, entity, of_case, person_of(person), investors_of(investors))
        require_free_name(parts, kind.case_kind(of_case), entity, told)
        changes = changed_facts(kind.case_kind(of_case), entity, told) if kind_key == "INFORMATION_CHANGE" else []
    bundle, events = begin(bundle_id, kind, division, entity_key, of_case, answers, changes, now)
    content = {"application": dict(application or {}), "person": dict(person or {}), "investors": list(investors)}
    try:
        before = create(BUNDLE, parts, command, bundle, content, events, now)
    except Aborted as error:  # another key than that of the command stands in the way
        if parts.bundles.open_of_entity(entity_id, kind_key):
            raise BundleAlreadyOpen("a bundle of this kind is open for the entity") from error
        raise
    if before is not None:
        return before
    advance(parts, bundle_id, command.cause)
    return (*load(BUNDLE, parts, bundle_id), False)


def act_on_bundle(
    parts: Parts, command: Command, bundle_id: str, version: int, action: str, application: Mapping[str, Any] | None,
    only_client_id: str = "",
) -> tuple[Bundle, Document, bool]:  # fmt: skip
    """RESUME, CORRECT (with an application) or END. Raises BundleNotInState, StaleVersion, BundleNotFound, and what the
    application raises."""
    if action == "END":
        done = _end(parts, command, bundle_id, version, only_client_id)
    elif action == "CORRECT":
        _check_opening(parts, application, {})
        given = {"application": dict(application or {})}
        done = do(BUNDLE, parts, command, bundle_id, version, only_client_id, Bundle.correct, given)
    else:
        done = do(BUNDLE, parts, command, bundle_id, version, only_client_id, Bundle.resume)
    advance(parts, bundle_id, command.cause)
    return (*load(BUNDLE, parts, bundle_id, only_client_id), done[2])


def load_bundle(parts: Parts, bundle_id: str, only_client_id: str = "") -> tuple[Bundle, Document]:
    """The bundle and its document. Another client's is not found, as if it were none."""
    return load(BUNDLE, parts, bundle_id, only_client_id)


def _end(
    parts: Parts, command: Command, bundle_id: str, version: int, only_client_id: str
) -> tuple[Bundle, Document, bool]:  # fmt: skip
    """Give up what stands now: what the case did and nobody has heard yet is looked at first. That it is given up is stored
    before anything is taken back, so whoever dies in between leaves it to be taken back."""
    bundle, document = load(BUNDLE, parts, bundle_id, only_client_id)
    if version_made_by(document, command.key, command.digest) is None:
        bundle.require(version)
        advance(parts, bundle_id, command.cause)
    return do(BUNDLE, parts, command, bundle_id, version, only_client_id, give_up)


def _check_opening(parts: Parts, application: Mapping[str, Any] | None, of_case: Facts) -> None:
    if not application:
        raise _missing("application", "an opening needs the application for the licence")
    if of_case:
        name = sorted(of_case)[0]
        raise _missing(f"facts.{name}", "is no answer of this bundle", "FACT_UNKNOWN")
    if not application.get("entity_type"):
        raise _missing("application.entity_type", "say which kind of entity is to be registered", "ENTITY_TYPE_MISSING")
    try:
        check_application(parts, read_application(application))
    except Failure as failure:
        raise _inside(failure, "application") from failure


def _inside(failure: Failure, field: str) -> Failure:
    """The same failure with the fields that it names standing below `field`, as the caller sent them."""
    told = failure.metadata
    below = {"field": f"{field}.{told['field']}"} if told.get("field") else {}
    found = [replace(violation, field=f"{field}.{violation.field}") for violation in failure.violations]
    return type(failure)(failure.message, reason=failure.reason, violations=found, metadata=told | below)


def _check_asked(kind: str, unused: Mapping[str, Any]) -> None:
    """Raise InvalidArgument for every part of the form that is given although this kind of bundle does not use it."""
    found = [
        Violation(name, f"is not asked for by {kind}; leave it out", "NOT_ASKED")
        for name, value in unused.items() if value is not None
    ]  # fmt: skip
    if found:
        raise InvalidArgument(
            f"{found[0].field} {found[0].description}", reason=found[0].reason, violations=tuple(found)
        )


def _check_case(
    parts: Parts, kind: BundleKind, entity: Entity, of_case: Facts, person: Person | None, investors: Sequence[Investor]
) -> Facts:  # fmt: skip
    """The facts of the case to open. Raises what opening it would raise, but for what bars it by the register: that is shown as
    the block of our own check, together with all others, and may go while the bundle waits."""
    opened = kind_of(kind.case_kind(of_case))
    said: Facts = {name: value for name, value in of_case.items() if name != ROUTE}
    said = opening_facts(opened.key, entity, said, person, investors, parts.clock.today())
    try:
        engine.open_case(opened, "", replace(entity), said, Party.APPLICANT, parts.clock.now())
    except CaseBarred:
        if said_bars(said):  # what is declared does not change while the bundle runs: it would be blocked for good
            raise
    return said


def _named(entity_id: str) -> str:
    if not entity_id:
        raise _missing("entity_id", "say which entity it is about")
    return entity_id


def _missing(field: str, text: str, reason: str = "MISSING") -> InvalidArgument:
    return InvalidArgument(f"{field}: {text}", reason=reason, violations=(Violation(field, text, reason),))
