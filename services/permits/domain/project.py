"""A construction project: items open as soon as what they come after is done, whichever line that is in (4-10).

item:     WAITING ─► OPEN ── handed in ─► UNDER_WAY ─► DONE | REFUSED ── handed in anew ─► UNDER_WAY
             └─ before the land contract: PRE_REVIEW ─► PRE_REVIEWED ── ready ─► UNDER_WAY (拿地即开工)
project:  RUNNING ─► COMPLETED (all done) | ENDED (the land contract fell through: what is not done LAPSES without effect)

No case exists before everything it comes after is done, so no permit bears a date before its legal prerequisites.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from services.permits.domain.case import NotTheCompetentUnit, StaleVersion
from services.permits.domain.events import (
    ProjectCompleted,
    ProjectDelayed,
    ProjectEnded,
    ProjectItemDone,
    ProjectItemOpened,
    ProjectStarted,
)
from services.permits.domain.graph import Graph
from services.permits.domain.owed import APPLICANT, REOPEN_AFTER, Owed, Seen, owed_by, standing_of
from services.permits.domain.project_types import LAND_CONTRACT, PlannedItem
from shared.clock import local_date
from shared.failures import FailedPrecondition, InvalidArgument, NotFound, Violation
from shared.ids import new_id
from shared.standing import Standing, StandingKind


class ProjectNotInState(FailedPrecondition):
    """The project or its item is not in a state in which this can be done."""


class ProjectItemNotFound(NotFound):
    """The project's list has no such item."""


class ItemState(StrEnum):
    """Where an item stands. OPEN: its materials may be handed in; UNDER_WAY: it is a case or filing of its own."""

    WAITING = "WAITING"
    PRE_REVIEW = "PRE_REVIEW"
    PRE_REVIEWED = "PRE_REVIEWED"
    OPEN = "OPEN"
    UNDER_WAY = "UNDER_WAY"
    DONE = "DONE"
    REFUSED = "REFUSED"
    LAPSED = "LAPSED"


BEFORE = frozenset({ItemState.WAITING, ItemState.PRE_REVIEW, ItemState.PRE_REVIEWED})
OWING = frozenset({ItemState.PRE_REVIEW, ItemState.OPEN, ItemState.UNDER_WAY, ItemState.REFUSED})


class ProjectState(StrEnum):
    """Where a project stands."""

    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    ENDED = "ENDED"


@dataclass(slots=True)
class ProjectItem:
    """One item of the project's list. `handed`: materials handed in. `pre_reviewed`: found fit before the land contract.
    `event_date`: day that starts the item's own limit. `attempt` counts how often it was handed in as a case."""

    item_id: str
    key: str
    item_key: str
    item_code: str
    kind: str
    line: str
    stage: str
    after: list[str]
    because: str
    days: int
    unit_code: str
    asked: bool
    joint: bool
    state: ItemState = ItemState.WAITING
    handed: list[str] = field(default_factory=list)
    event_date: str = ""
    pre_reviewed: bool = False
    case_id: str = ""
    attempt: int = 1
    due_date: str = ""
    done_date: str = ""
    done_time: datetime | None = None
    owed: Owed = field(default_factory=Owed)
    reason_codes: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        """The origin_ref of the case or filing of the present attempt."""
        return self.item_id if self.attempt == 1 else f"{self.item_id}.{self.attempt}"


@dataclass(slots=True)
class Project:
    """One construction project. `land_time`: when the land contract was recorded; `land_contract_date`: its day."""

    project_id: str
    state: ProjectState
    version: int
    division_code: str
    holder_code: str
    traits: dict[str, str]
    items: list[ProjectItem]
    received_time: datetime
    critical: list[str]
    critical_days: int
    serial_days: int
    land_contract_date: str = ""
    land_time: datetime | None = None
    reason_code: str = ""

    @property
    def graph(self) -> Graph:
        """The prerequisites of its items."""
        return Graph({item.key: item.after for item in self.items})

    def require(self, expected_version: int) -> None:
        """Raise StaleVersion unless the caller saw this version (0: whatever it is)."""
        if expected_version and self.version != expected_version:
            raise StaleVersion(f"the project is at version {self.version}, not {expected_version}; read it again")

    def item(self, origin_ref: str) -> ProjectItem | None:
        """The item that an origin belongs to, in whichever attempt."""
        item_id = origin_ref.partition(".")[0]
        return next((item for item in self.items if item.item_id == item_id), None)

    def named(self, key: str) -> ProjectItem:
        """The item of a key. Raises ProjectItemNotFound."""
        found = next((item for item in self.items if item.key == key), None)
        if found is None:
            raise ProjectItemNotFound("the project's list has no such item", metadata={"item": key[:60]})
        return found

    def open_ready(self, now: datetime) -> list[Any]:
        """Open what comes after nothing that is not done. What was pre-reviewed, or asks nothing of the applicant, is under
        way at once: there is no second application (竣备即发证, 在线政务服务规定 art. 7)."""
        done = {item.key for item in self.items if item.state is ItemState.DONE}
        events: list[Any] = []
        for key in self.graph.ready(done):
            item = self.named(key)
            if self.state is not ProjectState.RUNNING or item.state not in BEFORE:
                continue
            if item.item_key == LAND_CONTRACT:
                item.state = ItemState.OPEN
                item.owed = owed_by(f"unit:{item.unit_code}", "land_contract", "land_contract", now)
            elif item.handed or not item.asked:
                item.state, item.owed = ItemState.UNDER_WAY, Owed(what="open_item")
            else:
                item.state, item.owed = ItemState.OPEN, owed_by(APPLICANT, "hand_in", "hand_in", now)
            events.append(ProjectItemOpened(self.project_id, item.item_code, item.line))
        return events

    def to_open(self) -> list[ProjectItem]:
        """Items that are under way and whose case is not on the books yet."""
        return [item for item in self.items if item.state is ItemState.UNDER_WAY and not item.case_id]

    def hand_in(
        self, given: Mapping[str, Sequence[str]], gaps: Mapping[str, Sequence[str]], event_date: str, now: datetime
    ) -> list[Any]:
        """The applicant hands in materials for items, together where they are open together (并联). What still waits for the
        land contract goes into pre-review (拿地即开工), complete or not at all. All of them or none. Raises ProjectNotInState,
        InvalidArgument naming what a pre-review lacks (`gaps` by item)."""
        self._running()
        items = [self.named(key) for key in given]
        for item in items:
            allowed = item.state in (ItemState.OPEN, ItemState.REFUSED) or self._waits_for_land(item)
            if item.item_key == LAND_CONTRACT or not allowed:
                raise ProjectNotInState(
                    f"{item.key} is {item.state}; it opens when {', '.join(item.after) or 'nothing'} is done",
                    metadata={"item": item.key, "state": item.state},
                )
            if item.state is ItemState.WAITING and gaps[item.key]:
                description = f"a pre-review of {item.key} also needs {', '.join(gaps[item.key])}"
                violation = Violation("materials", description, "MATERIAL_MISSING")
                raise InvalidArgument(description, reason=violation.reason, violations=(violation,))
        for item in items:
            item.handed, item.event_date, item.reason_codes = list(given[item.key]), event_date, []
            if item.state is ItemState.WAITING:
                item.state = ItemState.PRE_REVIEW
                item.owed = owed_by(f"unit:{item.unit_code}", "pre_review", "pre_review", now)
                continue
            if item.state is ItemState.REFUSED:
                item.attempt, item.case_id, item.due_date = item.attempt + 1, "", ""
            item.state, item.owed = ItemState.UNDER_WAY, Owed(what="open_item")
        return []

    def conclude_pre_review(self, key: str, unit_code: str, reason_codes: Sequence[str], now: datetime) -> list[Any]:
        """The item's own body finds it fit, or (with reasons) not: then it may be handed in again. It decides nothing: the
        permit is decided when the land contract exists (T22)."""
        self._running()
        item = self.named(key)
        self._competent(item, unit_code)
        if item.state is not ItemState.PRE_REVIEW:
            raise ProjectNotInState(f"{key} is {item.state}; nothing is under pre-review", metadata={"item": key})
        item.pre_reviewed, item.owed = not reason_codes, Owed()
        item.state, item.reason_codes = ItemState.PRE_REVIEWED, []
        if reason_codes:
            item.state, item.reason_codes, item.handed = ItemState.WAITING, list(reason_codes), []
        return []

    def record_land_contract(self, unit_code: str, day: date, now: datetime) -> list[Any]:
        """The land contract is signed: the pre-reviewed files become cases, in the order of their prerequisites.

        Raises InvalidArgument for a day to come, ProjectNotInState, NotTheCompetentUnit.
        """
        item = self._land(unit_code)
        if day > local_date(now):
            violation = Violation("contract_date", "lies in the future", "CONTRACT_DATE_INVALID")
            raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))
        self.land_contract_date, self.land_time = day.isoformat(), now
        return self._done(item, day.isoformat(), now)

    def land_fell_through(self, unit_code: str, reason_code: str, now: datetime) -> list[Any]:
        """No land: the project ends, pre-reviews lapse without effect (T22). What is decided stays decided."""
        self._land(unit_code)
        for item in self.items:
            if item.state is not ItemState.DONE:
                item.state, item.handed = ItemState.LAPSED, []
        self.state, self.reason_code = ProjectState.ENDED, reason_code
        return [ProjectEnded(self.project_id, reason_code)]

    def settle(
        self, origin_ref: str, done: bool, reason_codes: Sequence[str], day: str, now: datetime, case_id: str = ""
    ) -> list[Any]:
        """The case or filing of an item has its result, perhaps again: the first one of an attempt counts. Done, it opens
        what comes after; refused, taken back or lapsed, the item may be handed in anew."""
        item = self.item(origin_ref)
        if item is None or item.state is not ItemState.UNDER_WAY or item.origin != origin_ref:
            return []
        item.case_id = case_id or item.case_id
        if done:
            return self._done(item, day or local_date(now).isoformat(), now)
        item.state, item.reason_codes = ItemState.REFUSED, list(reason_codes)
        item.owed = owed_by(APPLICANT, "hand_in", "hand_in", now)
        return []

    def look(self, item_id: str, seen: Seen) -> None:
        """What the item's own case tells: who has the word and by when."""
        item = self.item(item_id)
        if item is None or item.state is not ItemState.UNDER_WAY:
            return
        item.due_date = seen.due_date
        if not item.owed.same(seen.owed):
            item.owed = seen.owed

    def late(self, now: datetime) -> list[Any]:
        """What is late at `now` is told upwards, once."""
        events: list[Any] = []
        for item in self.items:
            item.owed.count()
            if self.state is ProjectState.RUNNING and item.state in OWING and item.owed.late(now):
                item.owed.told = True
                due = item.owed.due_time.isoformat() if item.owed.due_time else ""
                events.append(
                    ProjectDelayed(self.project_id, item.item_code, item.line, item.owed.party, item.owed.what, due)
                )
        return events

    def land_to_permit_minutes(self) -> int:
        """From the land contract to the last permit that was pre-reviewed (拿地即开工), in minutes; 0 until all are there."""
        ends = [item.done_time for item in self.items if item.pre_reviewed]
        if self.land_time is None or not ends or not all(ends):
            return 0
        return int((max(end for end in ends if end) - self.land_time).total_seconds() // 60)

    def standing(self, now: datetime) -> Standing:
        """Whoever owes the item that is late or due first; the platform what it must open itself."""
        if self.state is not ProjectState.RUNNING:
            return Standing(StandingKind.CLOSED, "", "", now)
        return standing_of((item.owed for item in self.items if item.state in OWING), False, now)

    def next_due_time(self, now: datetime) -> datetime | None:
        """When to look again; None when it is over or everything late was told."""
        if self.state is not ProjectState.RUNNING:
            return None
        times = [item.owed.next_look(now) for item in self.items if item.state in OWING]
        times += [now + REOPEN_AFTER] if self.to_open() else []
        return min((time for time in times if time), default=None)

    def _done(self, item: ProjectItem, day: str, now: datetime) -> list[Any]:
        item.state, item.done_date, item.done_time, item.reason_codes = ItemState.DONE, day, now, []
        events: list[Any] = [ProjectItemDone(self.project_id, item.item_code, day), *self.open_ready(now)]
        if all(one.state is ItemState.DONE for one in self.items):
            self.state = ProjectState.COMPLETED
            events.append(ProjectCompleted(self.project_id))
        return events

    def _waits_for_land(self, item: ProjectItem) -> bool:
        land = next((one for one in self.items if one.item_key == LAND_CONTRACT), None)
        open_land = land is not None and land.state is not ItemState.DONE
        return (
            open_land and land is not None and item.state is ItemState.WAITING
            and land.key in self.graph.all_before(item.key)
        )  # fmt: skip

    def _land(self, unit_code: str) -> ProjectItem:
        self._running()
        item = next((one for one in self.items if one.item_key == LAND_CONTRACT), None)
        if item is None or item.state is not ItemState.OPEN:
            raise ProjectNotInState("no land contract is waited for", metadata={"state": item.state if item else ""})
        self._competent(item, unit_code)
        return item

    def _competent(self, item: ProjectItem, unit_code: str) -> None:
        if unit_code != item.unit_code:
            raise NotTheCompetentUnit("the item is another unit's (行政许可法 art. 22)", metadata={"item": item.key})

    def _running(self) -> None:
        if self.state is not ProjectState.RUNNING:
            raise ProjectNotInState(f"the project is {self.state}", metadata={"state": self.state})


def start_project(
    project_id: str, planned: Sequence[PlannedItem], path: tuple[Sequence[str], int, int], division_code: str,
    holder_code: str, traits: dict[str, str], now: datetime,
) -> tuple[Project, list[Any]]:  # fmt: skip
    """Begin: what comes after nothing opens at once. `path`: the critical path, its days, the serial sum."""
    items = [
        ProjectItem(
            item_id=new_id("pji"), key=p.key, item_key=p.item_key, item_code=p.item_code, kind=p.kind, line=p.line,
            stage=p.stage, after=list(p.after), because=p.because, days=p.days, unit_code=p.unit_code, asked=p.asked,
            joint=p.joint,
        )
        for p in planned
    ]  # fmt: skip
    project = Project(
        project_id=project_id, state=ProjectState.RUNNING, version=1, division_code=division_code,
        holder_code=holder_code, traits=traits, items=items, received_time=now, critical=list(path[0]),
        critical_days=path[1], serial_days=path[2],
    )  # fmt: skip
    codes = [item.item_code for item in items if item.item_code]
    return project, [ProjectStarted(project_id, division_code, codes), *project.open_ready(now)]
