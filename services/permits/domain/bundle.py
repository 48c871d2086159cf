"""A running bundle: steps open as soon as all they wait for is done; a refused step blocks only what needs it.

step:    WAITING ─► OPEN ─► DONE | REFUSED           WAITING ─► BLOCKED (a prerequisite was refused or given up)
                     └► RETURNED (the licence; the applicant has the word) ─► OPEN | ENDED          WAITING ─► ENDED
bundle:  RUNNING ──► FINISHED (COMPLETE all done | PARTIAL some | FAILED none)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from services.permits.domain.bundle_types import LICENCE, BundleType, PlannedStep
from services.permits.domain.case import LOOK_AGAIN, StaleVersion
from services.permits.domain.events import (
    BundleDelayed,
    BundleFinished,
    BundleStarted,
    BundleStepChanged,
    LicenceRequested,
)
from services.permits.domain.owed import APPLICANT, REOPEN_AFTER, Owed, Seen, most_urgent, owed_by, standing_of
from shared.clock import end_of_local_day, local_date
from shared.failures import FailedPrecondition
from shared.ids import new_id
from shared.standing import Standing, StandingKind
from shared.working_calendar import CalendarNotLoaded, add_working_days


class BundleNotInState(FailedPrecondition):
    """The bundle is not in a state in which this can be done."""


class StepState(StrEnum):
    """Where a step stands. RETURNED: the licence came back incomplete and waits for corrected answers. ENDED: given up."""

    WAITING = "WAITING"
    OPEN = "OPEN"
    RETURNED = "RETURNED"
    DONE = "DONE"
    REFUSED = "REFUSED"
    BLOCKED = "BLOCKED"
    ENDED = "ENDED"


FINAL = frozenset({StepState.DONE, StepState.REFUSED, StepState.BLOCKED, StepState.ENDED})
UNDER_WAY = frozenset({StepState.OPEN, StepState.RETURNED})


class BundleState(StrEnum):
    """Where a bundle stands."""

    RUNNING = "RUNNING"
    FINISHED = "FINISHED"


@dataclass(slots=True)
class Step:
    """One step. `case_id`: the case or filing it became. `due_date`: last day of that case's decision. `attempt` counts how
    often it was asked for; `owed`: who has the word."""

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
    due_date: str = ""
    attempt: int = 1
    owed: Owed = field(default_factory=Owed)
    reason_codes: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        """The origin_ref of everything that follows from the present attempt: each is received once elsewhere."""
        return self.step_id if self.attempt == 1 else f"{self.step_id}.{self.attempt}"


@dataclass(slots=True)
class Bundle:
    """One bundle of one applicant. `holder_code`: the entity, once it exists. `commitments`: items it commits for.
    `promise_told`: the bundle's own promise has passed and somebody above knows."""

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
    promise_told: bool = False

    def require(self, expected_version: int) -> None:
        """Raise StaleVersion unless the caller saw this version (0: whatever it is)."""
        if expected_version and self.version != expected_version:
            raise StaleVersion(f"the bundle is at version {self.version}, not {expected_version}; read it again")

    def step(self, origin_ref: str) -> Step | None:
        """The step that an origin belongs to, in whichever attempt."""
        step_id = origin_ref.partition(".")[0]
        return next((step for step in self.steps if step.step_id == step_id), None)

    def open_ready(self, now: datetime) -> list[Any]:
        """Open every step whose prerequisites are done; the events. A licence is asked for in the same write."""
        done = {step.key for step in self.steps if step.state is StepState.DONE}
        events: list[Any] = []
        for step in self.steps:
            if step.state is StepState.WAITING and set(step.after) <= done:
                events += self._open(step, now)
        return events

    def to_open(self) -> list[Step]:
        """Open steps whose case is not on the books yet (a licence is registration's to open)."""
        return [s for s in self.steps if s.state is StepState.OPEN and not s.case_id and s.item_key != LICENCE]

    def settle(
        self, origin_ref: str, state: StepState, reason_codes: Sequence[str], now: datetime, case_id: str = ""
    ) -> list[Any]:
        """A result came, perhaps again: the first one counts. Opens what waited for it, or blocks it; the events.

        A refusal of an earlier attempt is no result any more; a licence that was granted counts in whichever attempt.
        """
        step = self.step(origin_ref)
        if step is None or step.state in FINAL or (state is not StepState.DONE and step.origin != origin_ref):
            return []
        step.state, step.reason_codes, step.case_id = state, list(reason_codes), case_id or step.case_id
        events: list[Any] = [self._changed(step, now)]
        if state is not StepState.DONE:
            events += self._block(step.key, now)
        return [*events, *self.open_ready(now), *self.finish()]

    def give_back(self, origin_ref: str, reason_codes: Sequence[str], now: datetime) -> list[Any]:
        """The licence came back incomplete (实施细则 art. 18): no refusal; the applicant has the word, for a limited time."""
        step = self.step(origin_ref)
        if step is None or step.state is not StepState.OPEN or step.origin != origin_ref:
            return []
        step.state, step.reason_codes, step.due_date = StepState.RETURNED, list(reason_codes), ""
        step.owed = owed_by(APPLICANT, "licence_application", "supplement", now)
        return [self._changed(step, now)]

    def correct(self, now: datetime) -> list[Any]:
        """The applicant gave corrected answers: the licence is asked for again. Raises BundleNotInState."""
        returned = [step for step in self.steps if step.state is StepState.RETURNED]
        if not returned:
            raise BundleNotInState("nothing came back; there is nothing to correct", metadata={"state": self.state})
        events: list[Any] = []
        for step in returned:
            step.attempt, step.case_id, step.reason_codes = step.attempt + 1, "", []
            events += self._open(step, now)
        return events

    def end(self, now: datetime) -> list[Any]:
        """The applicant gives up what has not begun or came back; what is open goes on as a case of its own."""
        left = [step for step in self.steps if step.state in (StepState.WAITING, StepState.RETURNED)]
        if not left:
            raise BundleNotInState("every step is open or settled; take its case back", metadata={"state": self.state})
        events: list[Any] = []
        for step in left:
            step.state, step.reason_codes = StepState.ENDED, ["ENDED_BY_APPLICANT"]
            events.append(self._changed(step, now))
        return [*events, *self.finish()]

    def look(self, step_id: str, seen: Seen, now: datetime) -> list[Any]:
        """What the step's own case tells: who has the word and by when. A new prediction is an event."""
        step = self.step(step_id)
        if step is None or step.state is not StepState.OPEN:
            return []
        if not step.owed.same(seen.owed):
            step.owed = seen.owed
        step.due_date, before = seen.due_date, self.predicted_finish_date
        changed = self._changed(step, now)
        return [changed] if self.predicted_finish_date != before else []

    def licence_received(self, origin_ref: str, application_id: str, due_date: str, now: datetime) -> list[Any]:
        """Registration has the application under review, with its own due date; it is only ever extended (条例 art. 19), so
        an earlier date that comes later is old."""
        step = self.step(origin_ref)
        if step is None or step.origin != origin_ref or (step.case_id == application_id and due_date < step.due_date):
            return []
        due = end_of_local_day(date.fromisoformat(due_date)) if due_date else step.owed.due_time
        if step.state is StepState.OPEN:
            step.case_id = application_id
        return self.look(step.step_id, Seen(Owed(step.owed.party, step.owed.what, due, step.owed.flag), due_date), now)

    def late(self, now: datetime) -> list[Any]:
        """What is late at `now`: a returned step ends, every other one is told upwards, each once; so is the promise."""
        events: list[Any] = []
        for step in self.steps:
            step.owed.count()
            if step.state not in UNDER_WAY or not step.owed.late(now):
                continue
            step.owed.told = True
            if step.state is StepState.RETURNED:
                events += self.settle(step.origin, StepState.ENDED, ["SUPPLEMENT_MISSED"], now)
            else:
                events.append(self._delayed(step.step_id, step.item_key, step.owed))
        promise = self._promise()
        if self.state is BundleState.RUNNING and not self.promise_told and promise and now >= promise:
            self.promise_told = True
            owed = most_urgent(step.owed for step in self.steps if step.state in UNDER_WAY) or Owed()
            events.append(self._delayed("", "", Owed(owed.party, owed.what, promise)))
        return events

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
        """The day on which everything is expected to be done: the longest way through the steps that are left, each by the
        due date of its case once that runs, before at its own promise in working days. "" when the calendar of a year it
        touches is not loaded."""
        today = local_date(now)
        finish: dict[str, date] = {}
        try:
            for step in self.steps:
                if step.state in FINAL:
                    finish[step.key] = today
                elif step.due_date:
                    finish[step.key] = max(today, date.fromisoformat(step.due_date))
                else:
                    begun = date.fromisoformat(step.opened_date) if step.opened_date else None
                    begin = begun or max((finish[key] for key in step.after if key in finish), default=today)
                    finish[step.key] = max(today, add_working_days(begin, step.days))
        except CalendarNotLoaded:
            return ""
        return max(finish.values(), default=today).isoformat()

    def standing(self, now: datetime) -> Standing:
        """The platform moves what it must open itself; else whoever owes the step that is late or due first."""
        if self.state is BundleState.FINISHED:
            return Standing(StandingKind.CLOSED, "", "", now)
        if self.to_open():
            return Standing(StandingKind.PROGRESSING, "platform", "open_step", now)
        return standing_of((step.owed for step in self.steps if step.state in UNDER_WAY), self.promise_told, now)

    def next_due_time(self, now: datetime) -> datetime | None:
        """When to look again: for steps whose case is not noted, for what is due, for the promise; None when it is over."""
        if self.state is BundleState.FINISHED:
            return None
        times = [step.owed.next_look(now) for step in self.steps if step.state in UNDER_WAY]
        times += [now + REOPEN_AFTER] if self.to_open() else []
        times += [] if self.promise_told else [self._promise() or now + LOOK_AGAIN]
        return min((time for time in times if time), default=None)

    def _promise(self) -> datetime | None:
        try:
            return end_of_local_day(add_working_days(local_date(self.received_time), self.promised_days))
        except CalendarNotLoaded:
            return None

    def _open(self, step: Step, now: datetime) -> list[Any]:
        step.state, step.opened_date = StepState.OPEN, local_date(now).isoformat()
        if step.item_key != LICENCE:
            return [self._changed(step, now)]
        step.owed = owed_by(f"registrar:{self.division_code}", "licence", "licence_registration", now)
        return [self._changed(step, now), LicenceRequested(self.bundle_id, step.origin, self.division_code)]

    def _block(self, key: str, now: datetime) -> list[Any]:
        events: list[Any] = []
        for step in self.steps:
            if step.state is StepState.WAITING and key in step.after:
                step.state, step.reason_codes = StepState.BLOCKED, ["PREREQUISITE_REFUSED"]
                events.append(self._changed(step, now))
                events += self._block(step.key, now)
        return events

    def _delayed(self, step_id: str, item_key: str, owed: Owed) -> BundleDelayed:
        due = owed.due_time.isoformat() if owed.due_time else ""
        return BundleDelayed(self.bundle_id, step_id, item_key, owed.party, owed.what, due)

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
