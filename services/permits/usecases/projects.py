"""Construction projects: plan, start, hand in items, take in their results; the land contract. Every step may run twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from services.permits.domain.catalogue import Item, gaps_of
from services.permits.domain.content import check_content
from services.permits.domain.filing import COMPLETION, check_event_date
from services.permits.domain.project import ItemState, Project, ProjectItem, start_project
from services.permits.domain.project_types import LAND_CONTRACT, PlannedItem, ProjectPath, paths, plan_project
from services.permits.usecases.cases import holder_ref_of
from services.permits.usecases.context import Asked, Entry, Parts
from services.permits.usecases.flows import PROJECT, change, create, do, known, load, open_form
from services.permits.usecases.watching import open_item, seen
from shared.clock import local_date
from shared.commands import Command
from shared.events import Cause
from shared.failures import InvalidArgument, Violation
from shared.ids import new_id
from shared.national_codes import check_uscc

ITEM_PREFIX = "pji_"


def plan(parts: Parts, traits: dict[str, str]) -> tuple[list[PlannedItem], ProjectPath]:
    """One project, one list, and how long it takes; begins nothing. Raises InvalidArgument naming the traits at fault."""
    planned = plan_project(traits, parts.catalogue, parts.clock.today())
    return planned, paths(planned)


def begin(
    parts: Parts, command: Command, traits: dict[str, str], holder_code: str, content: dict[str, str]
) -> tuple[Project, Entry, bool]:
    """Begin a project. `content` names who applies and where; sealed. Returns the project, its document, whether this repeats
    a command. Raises InvalidArgument, HolderEnded."""
    parts.outbox.check_capacity()
    before = known(PROJECT, parts, command)
    if before is not None:
        return before
    check_uscc(holder_code, field="holder_code")
    check_content(content)
    holder_ref_of(parts, holder_code)
    planned, path = plan(parts, traits)
    now, project_id = parts.clock.now(), new_id("prj")
    longest = (path.critical, path.days, path.serial_days)
    project, events = start_project(project_id, planned, longest, parts.region, holder_code, traits, now)
    before = create(PROJECT, parts, command, project, content, events, now)
    if before is not None:
        return before
    advance(parts, project_id, command.cause)
    return (*load(PROJECT, parts, project_id), False)


def hand_in(
    parts: Parts, command: Command, project_id: str, keys: Sequence[str], materials: Sequence[str], event_date: str,
    only_client_id: str,
) -> tuple[Project, Entry, bool]:  # fmt: skip
    """Hand in materials for items: each becomes a case or filing of its own, or goes into pre-review.

    Raises ProjectNotInState, ProjectItemNotFound, InvalidArgument (a material that none of them knows, a pre-review that is
    not complete, the day of the completion acceptance).
    """

    def act(project: Project, now: datetime) -> list[Any]:
        items = {key: _item(parts, project.named(key)) for key in keys}
        _check_known(items, materials)
        given, gaps = {}, {}
        for key, item in items.items():
            kinds = [m.material_type for m in item.materials] if item else []
            given[key] = [kind for kind in materials if kind in kinds]
            gaps[key] = [m.material_type for m in gaps_of(item, given[key])] if item else []
            if item is not None and project.named(key).state is not ItemState.WAITING:
                check_event_date(item, event_date, local_date(now))
        return project.hand_in(given, gaps, event_date, now)

    done = do(PROJECT, parts, command, project_id, 0, only_client_id, act)
    if not advance(parts, project_id, command.cause):
        return done
    return (*load(PROJECT, parts, project_id), done[2])


def conclude_pre_review(
    parts: Parts, command: Command, project_id: str, version: int, unit: str, key: str, reason_codes: Sequence[str]
) -> tuple[Project, Entry, bool]:
    """The item's own body finds a pre-reviewed file fit, or with reasons not."""
    return _handled(
        parts, command, project_id, version, lambda p, now: p.conclude_pre_review(key, unit, reason_codes, now)
    )


def record_land_contract(
    parts: Parts, command: Command, project_id: str, version: int, unit: str, contract_date: str
) -> tuple[Project, Entry, bool]:
    """The land contract is signed: pre-reviewed files become cases in the order of their prerequisites (拿地即开工)."""
    try:
        day = date.fromisoformat(contract_date)
    except ValueError:
        violation = Violation("contract_date", "is no date", "CONTRACT_DATE_INVALID")
        raise InvalidArgument("is no date", reason=violation.reason, violations=(violation,)) from None
    return _handled(parts, command, project_id, version, lambda p, now: p.record_land_contract(unit, day, now))


def land_fell_through(
    parts: Parts, command: Command, project_id: str, version: int, unit: str, reason_code: str
) -> tuple[Project, Entry, bool]:
    """No land: pre-reviews lapse without effect (T22)."""
    return _handled(parts, command, project_id, version, lambda p, now: p.land_fell_through(unit, reason_code, now))


def advance(parts: Parts, project_id: str, cause: Cause) -> bool:
    """Bring onto the books what is under way: each item becomes a case or filing once, found again by its origin after a
    crash. Returns whether anything was opened."""
    project, document = load(PROJECT, parts, project_id)
    items = project.to_open()
    if not items:
        return False
    content = open_form(parts, document)
    for item in items:
        case_id, reasons = open_item(
            parts, document["client_id"], f"project-{item.origin}", item.item_key, item.origin,
            partial(_asked, project, item, content), cause,
        )  # fmt: skip
        _note(parts, project_id, item.origin, case_id, reasons, cause)
    return True


def result(
    parts: Parts, origin_ref: str, done: bool, reason_codes: Sequence[str], cause: Cause, case_id: str = "", day: str = ""
) -> None:  # fmt: skip
    """An item has its result (by the events of its case). What is no item of ours is ignored."""
    project_id = _project_of(parts, origin_ref)
    if not project_id:
        return
    change(
        PROJECT, parts, project_id, lambda p, now: p.settle(origin_ref, done, reason_codes, day, now, case_id), cause
    )
    advance(parts, project_id, cause)


def moved(parts: Parts, origin_ref: str, cause: Cause) -> None:
    """The case of an item moved: who has the word and by when is read from the case itself."""
    project_id = _project_of(parts, origin_ref)
    if project_id:
        change(PROJECT, parts, project_id, lambda p, now: _look(parts, p, now, origin_ref), cause)


def act_on_project(parts: Parts, project_id: str) -> bool:
    """What falls due: an item that is under way and was never noted is opened again, harmlessly; every case is looked at;
    what is late is told upwards once."""
    cause = Cause(actor_id="platform")
    opened = advance(parts, project_id, cause)

    def act(project: Project, now: datetime) -> list[Any]:
        events = _look(parts, project, now)
        return [*events, *project.late(now)]

    done = change(PROJECT, parts, project_id, act, cause, looked=True)
    return advance(parts, project_id, cause) or opened or bool(done)


def _asked(project: Project, item: ProjectItem, content: dict[str, str], offered: Item) -> Asked:
    """What an item of the project hands in."""
    # the day of the completion acceptance is the completion filing's own, whatever was handed in with it
    counted = offered.limit == COMPLETION
    return Asked(
        item_key=item.item_key, holder_code=project.holder_code, content=content, materials=tuple(item.handed),
        facts=project.traits, origin_ref=item.origin, event_date=item.event_date if counted else "",
        # exactly one certificate for it, however often it is filed (4-07)
        project_id=project.project_id, subject_key=f"{project.project_id}|{item.key}",
    )  # fmt: skip


def _handled(
    parts: Parts, command: Command, project_id: str, version: int, act: Callable[[Project, datetime], list[Any]]
) -> tuple[Project, Entry, bool]:
    done = do(PROJECT, parts, command, project_id, version, "", act)
    if not advance(parts, project_id, command.cause):
        return done
    return (*load(PROJECT, parts, project_id), done[2])


def _item(parts: Parts, item: ProjectItem) -> Item | None:
    """The item of the catalogue; None for a fact."""
    return None if item.item_key == LAND_CONTRACT else parts.catalogue.item(item.item_key, parts.clock.today())


def _check_known(items: dict[str, Item | None], materials: Sequence[str]) -> None:
    """What no item needs is not taken."""
    kinds = {material.material_type for item in items.values() if item for material in item.materials}
    for index, kind in enumerate(materials):
        if kind not in kinds:
            violation = Violation(
                f"materials[{index}]",
                "is no material of these items; what is not needed is not taken",
                "MATERIAL_UNKNOWN",
            )
            raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))


def _project_of(parts: Parts, origin_ref: str) -> str:
    """The project that an origin belongs to; "" for what is no item of ours."""
    found = (
        parts.store.project_of_item(origin_ref.partition(".")[0]) if origin_ref.startswith(ITEM_PREFIX) else None
    )  # fmt: skip
    return str(found["_id"]) if found else ""


def _look(parts: Parts, project: Project, now: datetime, origin_ref: str = "") -> list[Any]:
    """Look at the case of one item, or of all under way; a result whose event is long on its way is taken in here."""
    events: list[Any] = []
    for item in [project.item(origin_ref)] if origin_ref else list(project.items):
        if item is None or item.state is not ItemState.UNDER_WAY or not item.case_id:
            continue
        found = seen(parts, item.case_id)
        if found is not None and found.done is None:
            project.look(item.item_id, found)
        elif found is not None and not origin_ref:
            events += project.settle(item.origin, bool(found.done), found.reason_codes, found.done_date, now)
    return events


def _note(parts: Parts, project_id: str, origin: str, case_id: str, reasons: Sequence[str], cause: Cause) -> None:
    found = seen(parts, case_id) if case_id else None

    def act(project: Project, now: datetime) -> list[Any]:
        item = project.item(origin)
        if item is None or item.origin != origin or item.case_id or item.state is not ItemState.UNDER_WAY:
            return []
        if reasons:
            return project.settle(origin, False, reasons, "", now)
        item.case_id = case_id
        if found:
            project.look(item.item_id, found)
        return []

    change(PROJECT, parts, project_id, act, cause)
