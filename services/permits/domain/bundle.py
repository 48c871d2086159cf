"""A running bundle: steps open as soon as all they wait for is done; a refused step blocks only what needs it.

step:    WAITING ──► OPEN ──► DONE | REFUSED          WAITING ──► BLOCKED (a prerequisite was refused)
bundle:  RUNNING ──► FINISHED (COMPLETE all done | PARTIAL some | FAILED none)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from services.permits.domain.bundle_types import LICENCE, BundleType, PlannedStep
from services.permits.domain.events import BundleFinished, BundleStarted, BundleStepChanged, LicenceRequested
from shared.clock import end_of_local_day, local_date
from shared.ids import new_id
from shared.standing import Standing, StandingKind
from shared.working_calendar import CalendarNotLoaded, add_working_days

# A step that is open and whose case is not noted yet is opened again after this: the process died in between.
REOPEN_AFTER = timedelta(seconds=20)


class StepState(StrEnum):
    """Where a step stands."""

    WAITING = "WAITING"
    OPEN = "OPEN"
    DONE = "DONE"
    REFUSED = "REFUSED"
    BLOCKED = "BLOCKED"


FINAL = frozenset({StepState.DONE, StepState.REFUSED, StepState.BLOCKED})


class BundleState(StrEnum):
    """Where a bundle stands."""

    RUNNING = "RUNNING"
    FINISHED = "FINISHED"


@dataclass(slots=True)
class Step:
    """One step. `case_id`: the case or filing it became; `step_id` is the origin_ref of everything that follows."""

    step_id: str
    key: str
    item_key: str
    kind: str
    after: list[str]
    because: str
    days: int
    state: StepState = StepState.WAITING
    case_id: str = ""
    opened_date: str = ""
    reason_codes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Bundle:
    """One bundle of one applicant. `holder_code`: the entity, once it exists. `commitments`: items it commits for."""

    bundle_id: str
    state: BundleState
    version: int
    bundle_type: str
    bundle_version: str
    division_code: str
    holder_code: str
    answers: dict[str, str]
    steps: list[Step]
    received_time: datetime
    promised_days: int
    predicted_finish_date: str = ""
    outcome: str = ""
    commitments: list[str] = field(default_factory=list)

    def step(self, step_id: str) -> Step | None:
        """The step of an id."""
        return next((step for step in self.steps if step.step_id == step_id), None)

    def open_ready(self, now: datetime) -> list[Any]:
        """Open every step whose prerequisites are done; the events. A licence is asked for in the same write."""
        done = {step.key for step in self.steps if step.state is StepState.DONE}
        events: list[Any] = []
        for step in self.steps:
            if step.state is StepState.WAITING and set(step.after) <= done:
                step.state, step.opened_date = StepState.OPEN, local_date(now).isoformat()
                events.append(self._changed(step, now))
                if step.item_key == LICENCE:
                    events.append(LicenceRequested(self.bundle_id, step.step_id, self.division_code))
        return events

    def to_open(self) -> list[Step]:
        """Open steps whose case is not on the books yet (a licence is registration's to open)."""
        return [s for s in self.steps if s.state is StepState.OPEN and not s.case_id and s.item_key != LICENCE]

    def settle(
        self, step_id: str, state: StepState, reason_codes: Sequence[str], now: datetime, case_id: str = ""
    ) -> list[Any]:
        """A result came, perhaps again: the first one counts. Opens what waited for it, or blocks it; the events."""
        step = self.step(step_id)
        if step is None or step.state in FINAL:
            return []
        step.state, step.reason_codes, step.case_id = state, list(reason_codes), case_id or step.case_id
        events: list[Any] = [self._changed(step, now)]
        if state is StepState.REFUSED:
            events += self._block(step.key, now)
        return [*events, *self.open_ready(now), *self.finish()]

    def finish(self) -> list[Any]:
        """End when no step is left to go: also a bundle whose answers lead to none, which is complete at once."""
        events: list[Any] = []
        if self.state is BundleState.RUNNING and all(step.state in FINAL for step in self.steps):
            done = sum(step.state is StepState.DONE for step in self.steps)
            self.outcome = "COMPLETE" if done == len(self.steps) else "PARTIAL" if done else "FAILED"
            self.state = BundleState.FINISHED
            events.append(BundleFinished(self.bundle_id, self.outcome))
        return events

    def predict(self, now: datetime) -> str:
        """The day on which everything is expected to be done: the longest way through the steps that are left, each at its
        own promise in working days. "" when the calendar of a year it touches is not loaded."""
        today = local_date(now)
        finish: dict[str, date] = {}
        try:
            for step in self.steps:
                if step.state in FINAL:
                    finish[step.key] = today
                    continue
                begun = date.fromisoformat(step.opened_date) if step.opened_date else None
                begin = begun or max((finish[key] for key in step.after if key in finish), default=today)
                finish[step.key] = max(today, add_working_days(begin, step.days))
        except CalendarNotLoaded:
            return ""
        return max(finish.values(), default=today).isoformat()

    def standing(self, now: datetime) -> Standing:
        """The platform moves what it must open itself; else the bundle waits for the services that have its steps."""
        if self.state is BundleState.FINISHED:
            return Standing(StandingKind.CLOSED, "", "", now)
        if self.to_open():
            return Standing(StandingKind.PROGRESSING, "platform", "open_step", now)
        open_steps = [step for step in self.steps if step.state is StepState.OPEN]
        owners = "registrar" if any(s.item_key == LICENCE for s in open_steps) else "unit"
        due, flag = None, ""
        try:
            due = end_of_local_day(add_working_days(local_date(self.received_time), self.promised_days + 30))
        except CalendarNotLoaded as error:
            flag = error.reason
        return Standing(StandingKind.WAITING, f"{owners}:{self.division_code}", "results", now, due, False, flag)

    def next_due_time(self, now: datetime) -> datetime | None:
        """When to look again for steps whose case is not noted."""
        return now + REOPEN_AFTER if self.to_open() else None

    def _block(self, key: str, now: datetime) -> list[Any]:
        events: list[Any] = []
        for step in self.steps:
            if step.state is StepState.WAITING and key in step.after:
                step.state, step.reason_codes = StepState.BLOCKED, ["PREREQUISITE_REFUSED"]
                events.append(self._changed(step, now))
                events += self._block(step.key, now)
        return events

    def _changed(self, step: Step, now: datetime) -> BundleStepChanged:
        self.predicted_finish_date = self.predict(now)
        return BundleStepChanged(self.bundle_id, step.step_id, step.item_key, step.state, self.predicted_finish_date)


def start(
    bundle_id: str, kind: BundleType, planned: Sequence[PlannedStep], division_code: str, holder_code: str,
    answers: dict[str, str], now: datetime, commitments: Sequence[str] = (),
) -> tuple[Bundle, list[Any]]:  # fmt: skip
    """Begin: the first steps open at once."""
    steps = [
        Step(new_id("stp"), step.key, step.item_key, step.kind, list(step.after), step.because, step.days)
        for step in planned
    ]
    bundle = Bundle(
        bundle_id=bundle_id, state=BundleState.RUNNING, version=1, bundle_type=kind.key, bundle_version=kind.version,
        division_code=division_code, holder_code=holder_code, answers=answers, steps=steps, received_time=now,
        promised_days=kind.promised_days, commitments=list(dict.fromkeys(commitments)),
    )  # fmt: skip
    bundle.predicted_finish_date = bundle.predict(now)
    begun = BundleStarted(bundle_id, kind.key, division_code, bundle.predicted_finish_date)
    return bundle, [begun, *bundle.open_ready(now), *bundle.finish()]
