"""A bundle of this service: one request, several authorities; every part has a state that people can see and resume.

part:    WAITING ─► ASKED ─► DONE           what opened it: every part in `after` is done
           │          ├──► BLOCKED (reasons) ─ RESUME, or the next day ─► ASKED, as another question
           │          ├──► UNREACHABLE | UNCLEAR ─ again and again, under the same id ─► …
           │          ├──► RETURNED (the licence application; the applicant corrects it) ─► ASKED
           │          └──► REFUSED (the licence)                                              final
           └──► ENDED (given up, or what it waits for is refused)                             final
bundle:  RUNNING ⇄ BLOCKED (somebody must act) ──► FINISHED (COMPLETE | PARTIAL | ENDED)

Given up (`bundle_giving_up`) before its entity ended, every clearance is taken back (UNDO): the entity is never half closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from services.registration.domain.authority import NOT_ANSWERING, Answer, AnswerState, Ask, Question
from services.registration.domain.bundle_types import BundleKind, PartRule, bundle_kind
from services.registration.domain.entity import StaleVersion
from services.registration.domain.events import EntityBundleDelayed, EntityBundleMoved, HolderCheckRequested
from services.registration.domain.limits import known_due_date
from shared.clock import end_of_local_day, local_date
from shared.failures import FailedPrecondition
from shared.standing import Standing, StandingKind
from shared.working_calendar import CALENDAR_NOT_LOADED

# How long to wait before a part is asked again that got no answer, by how often it was asked; then the last one for ever.
PATIENCE = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 60, 300, 1800))
# A question is one process's to ask for this long; after a crash another one asks it, under the same id.
CLAIM = timedelta(seconds=30)
# What is blocked may have been cleared without anybody telling us; what waits for other parts of the platform is looked at.
BLOCKED_AGAIN, LOOK_AGAIN = timedelta(days=1), timedelta(minutes=10)
# More reasons than a person reads are no reasons.
MAX_REASONS = 20


class BundleNotInState(FailedPrecondition):
    """The bundle is not in a state in which this can be done."""


class PartState(StrEnum):
    """Where a part stands."""

    WAITING = "WAITING"
    ASKED = "ASKED"
    DONE = "DONE"
    BLOCKED = "BLOCKED"
    UNREACHABLE = "UNREACHABLE"
    UNCLEAR = "UNCLEAR"
    RETURNED = "RETURNED"
    REFUSED = "REFUSED"
    ENDED = "ENDED"


class BundleState(StrEnum):
    """Where a bundle stands. BLOCKED: somebody must act before all of it can go on."""

    RUNNING = "RUNNING"
    BLOCKED = "BLOCKED"
    FINISHED = "FINISHED"


# Answered by events of the other services of this platform.
BY_EVENTS = frozenset({"permits_check", "permits", "certificates", "own_licence"})
# Their own case or application has its clocks and tells when it is late.
OWN_CLOCKS = frozenset({"case", "licence"})
FINAL = frozenset({PartState.DONE, PartState.REFUSED, PartState.ENDED})
# The answer is owed by whoever was asked.
UNDER_WAY = frozenset({PartState.ASKED, PartState.UNREACHABLE, PartState.UNCLEAR})
STOPPED = frozenset({PartState.BLOCKED, PartState.RETURNED})


@dataclass(slots=True)
class Part:
    """One part. `attempt` counts the questions (a new one after it was blocked), `tries` how often this one was asked.

    `due_date`: last day for it, ISO; `told`: that day has passed and the level above knows. `reference`: number of the result
    there, or id of the case or application here. `followed`, `not_followed`: permits and certificates.
    """

    key: str
    state: PartState = PartState.WAITING
    ask: Ask = Ask.CHECK
    attempt: int = 1
    tries: int = 0
    reason_codes: list[str] = field(default_factory=list)
    reference: str = ""
    opened_time: datetime | None = None
    next_time: datetime | None = None
    due_date: str = ""
    told: bool = False
    # who owes the next step of its own case or application, and which
    owed_by: str = ""
    owed: str = ""
    followed: list[str] = field(default_factory=list)
    not_followed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Bundle:
    """`changes`: facts of the entity that an information change touches. `entity_version`: the entity as the bundle left it.
    `heard`: what permits told of the holder, by version; `issued`: certificates as <holder>@<version>, heard before the part
    that waits for them was open."""

    bundle_id: str
    kind: str
    state: BundleState
    version: int
    division_code: str
    entity_id: str
    uscc: str
    received_time: datetime
    since_time: datetime
    parts: list[Part]
    facts: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    # the version at which it last came into another state that people see
    moved_version: int = 1
    outcome: str = ""
    entity_version: int = 0
    given_up: bool = False
    heard: list[Heard] = field(default_factory=list)
    issued: list[str] = field(default_factory=list)

    @property
    def rules(self) -> BundleKind:
        """Its kind."""
        return bundle_kind(self.kind)

    def part(self, key: str) -> Part | None:
        """One part; None when the bundle has none of this name."""
        return next((part for part in self.parts if part.key == key), None)

    def doing(self, does: str) -> list[Part]:
        """The parts done by one of `bundle_types.DOERS`."""
        return [part for part in self.parts if self.rules.rule(part.key).does == does]

    def require(self, expected_version: int) -> None:
        """Raise StaleVersion unless nothing that people see has moved since this version (0: any): that an authority was asked
        once more is nobody's reason to read it again."""
        if expected_version and not self.moved_version <= expected_version <= self.version:
            raise StaleVersion(
                f"the bundle is at version {self.version}, not {expected_version}; read it again",
                metadata={"current_version": str(self.version)},
            )

    def request_id(self, part: Part) -> str:
        """The id of the part's present question."""
        undo = ".UNDO" if part.ask is Ask.UNDO else ""
        return f"{self.bundle_id}.{part.key}.{part.attempt}{undo}"

    def open_ready(self, now: datetime) -> list[Any]:
        """Open the parts whose turn it is; the events."""
        done = {part.key for part in self.parts if part.state is PartState.DONE}
        told: list[Any] = []
        for part in self.parts:
            if part.state is PartState.WAITING and set(self._after(part)) <= done:
                told += self.open_part(part, now)
        return told

    def claim(self, now: datetime) -> list[Question]:
        """The questions to other authorities that are due, each this caller's to ask for a while."""
        due = [
            part for part in self.doing("authority")
            if part.state in UNDER_WAY and part.next_time is not None and part.next_time <= now
        ]  # fmt: skip
        for part in due:
            part.tries, part.next_time = part.tries + 1, now + CLAIM
        return [self._question(part) for part in due]

    def answered(self, answer: Answer, now: datetime) -> list[Any]:
        """What became of a question; the events. An answer to an older question changes nothing."""
        part = next((p for p in self.parts if self.request_id(p) == answer.request_id), None)
        if part is None or part.state not in UNDER_WAY:
            return []
        if answer.state is AnswerState.UNREACHABLE and answer.reason_codes == (NOT_ANSWERING,):
            # it was not asked: no try, nothing to tell, and nothing to take back if it is given up
            part.tries, part.next_time = max(0, part.tries - 1), now + PATIENCE[1]
            return []
        state = PartState.ASKED if answer.state is AnswerState.PENDING else PartState(answer.state)
        if state is PartState.DONE and part.ask is Ask.UNDO:
            state = PartState.ENDED
        if state in UNDER_WAY:
            part.next_time = now + PATIENCE[min(part.tries, len(PATIENCE)) - 1]
        return self.settle(part, state, answer.reason_codes, now, answer.reference)

    def settle(
        self, part: Part, state: PartState, reason_codes: Iterable[str], now: datetime, reference: str = ""
    ) -> list[Any]:
        """A part came to a state; what waits for it opens, or ends. The events; none when nothing changed."""
        codes = list(dict.fromkeys(reason_codes))[:MAX_REASONS]
        part.reference = reference or part.reference
        if part.state is state and part.reason_codes == codes:
            return []
        part.state, part.reason_codes, part.owed_by, part.owed = state, codes, "", ""
        if state not in UNDER_WAY:
            # a case that came to nothing is only opened again by whoever asked for it
            again = state is PartState.BLOCKED and self.rules.rule(part.key).does not in OWN_CLOCKS
            part.next_time = now + BLOCKED_AGAIN if again else None
        told = [self.part_moved(part)]
        if state in (PartState.REFUSED, PartState.ENDED):
            told += self._end_behind(part)
        return [*told, *self.open_ready(now), *self.look_at_all(now)]

    def resume(self, now: datetime) -> list[Any]:
        """Ask again now whatever is blocked (another question) or got no answer (the same). Raises BundleNotInState."""
        stuck = [p for p in self.parts if p.state in (PartState.BLOCKED, PartState.UNREACHABLE, PartState.UNCLEAR)]
        if not stuck:
            raise BundleNotInState("nothing is blocked or out of reach", metadata={"state": self.state})
        told: list[Any] = []
        for part in stuck:
            told += self._again(part, now)
        return [*told, *self.look_at_all(now)]

    def correct(self, now: datetime) -> list[Any]:
        """The applicant gave a corrected application: it is handed in again. Raises BundleNotInState."""
        returned = [part for part in self.parts if part.state is PartState.RETURNED]
        if not returned:
            raise BundleNotInState("nothing came back; there is nothing to correct", metadata={"state": self.state})
        told: list[Any] = []
        for part in returned:
            part.attempt, part.reference = part.attempt + 1, ""
            told += self.open_part(part, now)
        return [*told, *self.look_at_all(now)]

    def act_when_due(self, now: datetime) -> list[Any]:
        """What is blocked is asked again after a day; what is late is told upwards, once; the events."""
        told: list[Any] = []
        for part in self.parts:
            if part.state is PartState.BLOCKED and part.next_time is not None and part.next_time <= now:
                told += self._again(part, now)
            if part.state in UNDER_WAY and not part.due_date and part.opened_time:  # the calendar has come since (T36)
                part.due_date = known_due_date(self.rules.rule(part.key).limit, local_date(part.opened_time))
            if (end := self._end_of(part)) is not None and not part.told and now >= end:
                part.told = True
                told.append(EntityBundleDelayed(self.bundle_id, part.key, self._owes(part)))
        return [*told, *self.look_at_all(now)]

    def looked(self, part: Part, now: datetime, owed: tuple[str, str] = ("", "")) -> None:
        """A part of this platform was looked at and is not through; its own events bring it on, or the next look. `owed`: who
        owes the next step of its case, and which."""
        part.next_time, (part.owed_by, part.owed) = now + LOOK_AGAIN, owed

    def looked_at_others(self, now: datetime) -> None:
        """The same for parts that wait for events of the other services."""
        for part in self.parts:
            waits = part.state is PartState.ASKED and self.rules.rule(part.key).does in BY_EVENTS
            if waits and part.next_time is not None and part.next_time <= now:
                self.looked(part, now)

    def standing(self, now: datetime) -> Standing:
        """Who owes what: the applicant what is blocked, else the authority whose part is due first."""
        if self.state is BundleState.FINISHED:
            return Standing(StandingKind.CLOSED, "", "", self.since_time)
        stopped = [part for part in self.parts if part.state in STOPPED]
        if stopped:
            what = f"{stopped[0].state.lower()}:{stopped[0].key}"
            return Standing(StandingKind.WAITING, "applicant", what, self.since_time, flag="NO_LIMIT_IN_LAW")
        running = [part for part in self.parts if part.state in UNDER_WAY]
        if not running:
            return Standing(StandingKind.PROGRESSING, "platform", "open_part", self.since_time)
        part = min(running, key=lambda p: p.due_date or "9999")
        due, own = self._end_of(part), self.rules.rule(part.key).does in OWN_CLOCKS
        flag = "" if due else "HAS_ITS_OWN_CASE" if own else CALENDAR_NOT_LOADED
        since = part.opened_time or now
        return Standing(
            StandingKind.WAITING, self._owes(part), part.owed or part.key.lower(), since, due, part.told, flag
        )

    def next_due_time(self, now: datetime) -> datetime | None:
        """When to look next; None when it is over."""
        if self.state is BundleState.FINISHED:
            return None
        times = [part.next_time for part in self.parts if part.state in UNDER_WAY or part.state is PartState.BLOCKED]
        times += [self._end_of(part) for part in self.parts if not part.told]
        # only the applicant can move what is left: nobody waits for our look
        return min((time for time in times if time is not None), default=now + BLOCKED_AGAIN)

    def _end_of(self, part: Part) -> datetime | None:
        own = self.rules.rule(part.key).does in OWN_CLOCKS
        return None if own or part.state not in UNDER_WAY or not part.due_date else _end(part.due_date)

    def _after(self, part: Part) -> tuple[str, ...]:
        here = {one.key for one in self.parts}
        return tuple(key for key in self.rules.rule(part.key).after if key in here)

    def open_part(self, part: Part, now: datetime) -> list[Any]:
        """Its question is to be asked now; the events."""
        rule = self.rules.rule(part.key)
        part.state, part.opened_time, part.next_time, part.tries = PartState.ASKED, now, now, 0
        part.reason_codes, part.told = [], False
        part.due_date = known_due_date(rule.limit, local_date(now))
        asked = (
            [HolderCheckRequested(self.request_id(part), self.entity_id, self.uscc)]
            if rule.does == "permits_check" else []
        )  # fmt: skip
        return [self.part_moved(part), *asked]

    def _again(self, part: Part, now: datetime) -> list[Any]:
        if part.state is PartState.BLOCKED:
            part.attempt, part.reference = part.attempt + 1, ""
            return self.open_part(part, now)
        part.next_time = now
        return []

    def _end_behind(self, part: Part) -> list[Any]:
        told: list[Any] = []
        for behind in self.parts:
            if behind.state is PartState.WAITING and part.key in self._after(behind):
                behind.state, behind.reason_codes = PartState.ENDED, ["PREREQUISITE_REFUSED"]
                told += [self.part_moved(behind), *self._end_behind(behind)]
        return told

    def look_at_all(self, now: datetime) -> list[Any]:
        """State and outcome follow from the parts; the event when that is news."""
        before = self.state
        if all(part.state in FINAL for part in self.parts):
            done = sum(part.state is PartState.DONE for part in self.parts)
            self.outcome = "COMPLETE" if done == len(self.parts) else self._partly(done)
            self.state = BundleState.FINISHED
        else:
            stopped = any(part.state in STOPPED for part in self.parts)
            self.state = BundleState.BLOCKED if stopped else BundleState.RUNNING
        if self.state is before:
            return []
        self.since_time, self.moved_version = now, self.version + 1
        return [EntityBundleMoved(self.bundle_id, self.kind, self.entity_id, self.uscc, "", "", self.state, [])]

    def _partly(self, done: int) -> str:
        # a cancellation that was given up has changed nothing, whatever was checked on the way
        return "PARTIAL" if done and self.kind != "CANCELLATION" else "ENDED"

    def part_moved(self, part: Part) -> EntityBundleMoved:
        """That a part came to another state; stored as the next version."""
        self.moved_version = self.version + 1
        return EntityBundleMoved(
            self.bundle_id, self.kind, self.entity_id, self.uscc, part.key, part.state, self.state,
            list(part.reason_codes),
        )  # fmt: skip

    def _owes(self, part: Part) -> str:
        if part.owed_by:
            return part.owed_by
        code = self.rules.rule(part.key).authority
        return f"registrar:{self.division_code}" if code == "registrar" else f"authority:{code}"

    def _question(self, part: Part) -> Question:
        rule = self.rules.rule(part.key)
        told = {key: self.answers[key] for key in rule.tell if key in self.answers}
        if part.ask is Ask.UPDATE:
            told["changed"] = ",".join(self.changes)
        return Question(self.request_id(part), rule.authority, part.ask, self.uscc, told)


@dataclass(slots=True)
class Heard:
    """What permits told of the holder as of a version of the entity."""

    version: int
    followed: list[str]
    certified: list[str]
    not_followed: list[str]


def begin(
    bundle_id: str, kind: BundleKind, division_code: str, entity: tuple[str, str], facts: Mapping[str, str],
    answers: Mapping[str, str], changes: Sequence[str], now: datetime,
) -> tuple[Bundle, list[Any]]:  # fmt: skip
    """Begin: the first parts open at once. `entity`: (id, code), empty for an opening. `changes`: facts that change; parts
    that are only for others are left out."""
    rules: list[PartRule] = [rule for rule in kind.parts if not rule.when or set(rule.when) & set(changes)]
    bundle = Bundle(
        bundle_id=bundle_id, kind=kind.key, state=BundleState.RUNNING, version=1, division_code=division_code,
        entity_id=entity[0], uscc=entity[1], received_time=now, since_time=now,
        parts=[Part(rule.key, ask=rule.ask) for rule in rules], facts=dict(facts), answers=dict(answers),
        changes=sorted(changes),
    )  # fmt: skip
    return bundle, bundle.open_ready(now)


def _end(day: str) -> datetime:
    return end_of_local_day(date.fromisoformat(day))
