"""What every case about an entity is made of: states, actions with their article, clocks, and what follows when time is up.

A kind of case is data (`Kind`): what opens it, which action leads from which states to which, by which article, and what the
end of each clock does. The rules themselves are small functions beside the kind. An action that does not stand in the table
is refused with the articles of the state; so the table is the machine, and the diagram in README.md is drawn from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from services.registration.domain.cases.facts import read_facts
from services.registration.domain.entity import STATE_CHANGES, Entity, EntityState, Flag, RevokedFacts, StaleVersion
from services.registration.domain.events import EntityCaseDeadlineMissed, EntityCaseMoved
from services.registration.domain.limits import limits
from shared.case_clocks import CaseClocks
from shared.clock import end_of_local_day
from shared.failures import FailedPrecondition, InvalidArgument, PermissionDenied, Violation
from shared.legal_clock import ClockMark, ClockState
from shared.standing import Standing, StandingKind

# A deadline that the calendar cannot tell yet is looked at again every day (T36).
LOOK_AGAIN = timedelta(days=1)
# A case whose entity was ended or revoked on another way meanwhile: nothing is left to do in it.
OVERTAKEN = "OVERTAKEN"
# The clock of `EntityCase.until`.
UNTIL = "until"
# Steps that time brings within one look; more than these would be a table that goes round.
STEPS_AT_ONCE = 10
# No clock: a step of the platform that facts of the entity bring about (`Kind.follows`).
ENTITY_FACTS = "entity facts"
# The engine's own note that nobody applied for the case: some steps ask less then (实施细则 art. 52).
EX_OFFICIO = "ex_officio"
Facts = Mapping[str, str]


class Party(StrEnum):
    """Who acts, or owes the next step."""

    APPLICANT = "applicant"
    REGISTRAR = "registrar"
    # another authority: tax, social insurance, court; it objects or reports
    AUTHORITY = "authority"
    PLATFORM = "platform"


class ActionNotAllowed(FailedPrecondition):
    """The law does not know this step in this state of the case; the message names the article."""


class NotYourStep(PermissionDenied):
    """Another party takes this step."""


class CaseBarred(FailedPrecondition):
    """The law bars the procedure for this entity; `reason` names the bar, the message its article and what stays open."""


@dataclass(slots=True)
class EntityCase:
    """One case about an entity. `state` is one of its kind's; `marks` are the marks of its clocks; `facts` what was said in
    it (codes, dates and values, no names of persons)."""

    entity_case_id: str
    kind: str
    state: str
    version: int
    entity_id: str
    uscc: str
    division_code: str
    received_time: datetime
    since_time: datetime
    # state of the entity before the case, to which it returns when the case ends without effect
    entity_state: EntityState
    # where the case left the entity; another state is somebody else's doing
    entity_now: EntityState
    facts: dict[str, str] = field(default_factory=dict)
    marks: list[ClockMark] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    reason_codes: list[str] = field(default_factory=list)
    # a day that was filed or ruled rather than counted, ISO date: the end of a dormancy
    until: str = ""
    # what it revoked as false, as it stood before; None: nothing, or the registration as a whole
    revoked: RevokedFacts | None = None

    @property
    def clocks(self) -> CaseClocks:
        """Its clocks."""
        return CaseClocks(limits(), self.marks)

    def require(self, expected_version: int) -> None:
        """Raise StaleVersion unless the caller saw this version (0: any)."""
        if expected_version and self.version != expected_version:
            raise StaleVersion(
                f"the case is at version {self.version}, not {expected_version}; read it again",
                metadata={"current_version": str(self.version)},
            )


# What a rule is given: the case, its entity, what was said, now. It changes both and returns the events of the entity.
Rule = Callable[[EntityCase, Entity, Facts, datetime], Sequence[Any]]


def nothing(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """A step without an effect on the entity."""
    return ()


@dataclass(frozen=True, slots=True)
class Action:
    """One step: from `sources` to `target`. `clocks`: started by it, as clock → kind of limit. `ends`: clocks that it ends.
    `keeps_time`: the clocks run on (else all that run are ended)."""

    name: str
    sources: tuple[str, ...]
    target: str
    by: tuple[Party, ...]
    article: str
    do: Rule = nothing
    clocks: Mapping[str, str] = field(default_factory=dict)
    keeps_time: bool = False
    # when the time of this clock is up, the platform takes the step
    when_over: str = ""
    # facts that may be said with it; None: any that there is
    uses: frozenset[str] | None = None
    # whether its rule could let it through in this case: what is done once only is not shown again
    possible: Callable[[EntityCase], bool] = lambda case: True


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of case. `opens_in`: states of the entity. `check`: bars, and what the facts must say. `owed`: who owes what in
    each open state, and by which clock; a state that is not there is closed."""

    key: str
    article: str
    opens_in: tuple[EntityState, ...]
    first: str
    by: tuple[Party, ...]
    owed: Mapping[str, tuple[Party, str, str]]
    actions: tuple[Action, ...]
    check: Rule = nothing
    opening: Rule = nothing
    # name of the platform's step that the entity's own facts bring about, whatever the time; "" for none
    follows: Callable[[EntityCase, Entity, datetime], str] = lambda case, entity, now: ""
    # kinds of cases that a step of this one may bring on: open ones of the entity are looked at with the same write
    wakes: tuple[str, ...] = ()
    clocks: Mapping[str, str] = field(default_factory=dict)
    # states into which it leads itself, and in which an undone revocation (条例 art. 42) may leave the entity without a case
    goes_on_in: tuple[EntityState, ...] = ()
    # facts that may be said when it is opened; None: any that there is
    uses: frozenset[str] | None = None

    def is_open(self, case: EntityCase) -> bool:
        """Whether somebody owes something."""
        return case.state in self.owed

    @property
    def states(self) -> list[str]:
        """All states, in the order in which they can be reached."""
        return list(dict.fromkeys([self.first, *(a.target for a in self.actions)]))


def open_case(
    kind: Kind, case_id: str, entity: Entity, facts: Facts, by: Party, now: datetime
) -> tuple[EntityCase, list[Any]]:  # fmt: skip
    """Open a case; its events, with those of the entity. Raises ActionNotAllowed, NotYourStep, CaseBarred, InvalidArgument."""
    facts = read_facts(facts, None if kind.uses is None else kind.uses | {EX_OFFICIO})
    _require_party(by, kind.by)
    facts = _noted_opener(facts, by)
    if entity.state not in (*kind.opens_in, *kind.goes_on_in):
        raise ActionNotAllowed(
            f"this cannot begin while the entity is {entity.state} ({kind.article})",
            reason="ENTITY_STATE_NOT_ALLOWED", metadata={"state": entity.state.value},
        )  # fmt: skip
    case = EntityCase(
        entity_case_id=case_id, kind=kind.key, state=kind.first, version=1, entity_id=entity.entity_id, uscc=entity.uscc,
        division_code=entity.division_code, received_time=now, since_time=now, entity_state=entity.state,
        entity_now=entity.state, facts=dict(facts),
    )  # fmt: skip
    kind.check(case, entity, facts, now)
    told = list(kind.opening(case, entity, facts, now))
    for clock, limit in kind.clocks.items():
        case.clocks.start(clock, limit, now)
    case.entity_now = entity.state
    return case, [_moved(case), *told]


def act(
    kind: Kind, case: EntityCase, entity: Entity, name: str, facts: Facts, by: Party, now: datetime
) -> list[Any]:  # fmt: skip
    """Take a step; the events of case and entity. What follows because time is up comes first: nobody is early or late
    because the platform has not looked yet. Raises ActionNotAllowed, NotYourStep, InvalidArgument, and what its rule raises."""
    facts = read_facts(facts)
    _noted_opener(facts, Party.APPLICANT)  # who opened it is no matter of any later step
    told = catch_up(kind, case, entity, now)
    if case.state == OVERTAKEN:
        raise ActionNotAllowed(
            f"the entity is {entity.state} by another way; nothing is left to do here ({kind.article})",
            reason="CASE_OVERTAKEN", metadata={"state": entity.state.value},
        )  # fmt: skip
    found = [a for a in kind.actions if a.name == name]
    if not found:
        raise _invalid("action", "is no step of this kind of case", "ACTION_UNKNOWN")
    fits = [a for a in found if case.state in a.sources]
    if not fits:
        articles = sorted({a.article for a in found})
        raise ActionNotAllowed(
            f"{name} is no step of a case that is {case.state} ({'; '.join(articles)})", metadata={"state": case.state}
        )
    _require_party(by, fits[0].by)
    read_facts(facts, fits[0].uses)
    return [*told, *_take(case, entity, fits[0], facts, now)]


def catch_up(kind: Kind, case: EntityCase, entity: Entity, now: datetime) -> list[Any]:
    """Everything that follows because time is up by now; the events."""
    told: list[Any] = []
    for _ in range(STEPS_AT_ONCE):
        version = case.version
        told += act_when_due(kind, case, entity, now)
        if case.version == version:
            break
    return told


def act_when_due(kind: Kind, case: EntityCase, entity: Entity, now: datetime) -> list[Any]:
    """What follows because time is up: a step of the platform, or the word to the level above, each once."""
    told: list[Any] = []
    if overtaken(kind, case, entity):
        for clock in case.clocks.names():
            case.clocks.end(clock, now, OVERTAKEN)
        case.state, case.since_time, case.until, case.version = OVERTAKEN, now, "", case.version + 1
        return [_moved(case)]
    if followed := kind.follows(case, entity, now):
        return _take(case, entity, next(a for a in kind.actions if a.name == followed), {}, now)
    if case.until and now >= _end(case):
        step = next((a for a in kind.actions if a.when_over == UNTIL and case.state in a.sources), None)
        if step is not None:
            return _take(case, entity, step, {}, now, _within(_end(case)))
    for clock in case.clocks.names():
        found = case.clocks.deadline(clock)
        if found.state is not ClockState.RUNNING or not found.missed(now) or clock in case.missed:
            continue
        step = next((a for a in kind.actions if a.when_over == clock and case.state in a.sources), None)
        if step is not None:
            assert found.due_time is not None  # it is missed
            return [*told, *_take(case, entity, step, {}, now, _within(found.due_time))]
        case.missed.append(clock)
        case.version += 1
        if kind.is_open(case):
            told.append(EntityCaseDeadlineMissed(case.entity_case_id, case.kind, clock))
    return told


def overtaken(kind: Kind, case: EntityCase, entity: Entity) -> bool:
    """Whether the entity came into a state, by another way, in which an open case of this kind has no place: another than the
    one into which the case brought it, or, where it left the entity as it was, one in which it could not begin."""
    if not kind.is_open(case) or entity.state is case.entity_now:
        return False
    return entity.state not in kind.opens_in or case.entity_now not in kind.opens_in


def standing(kind: Kind, case: EntityCase, now: datetime) -> Standing:
    """Who owes what by when."""
    if not kind.is_open(case):
        return Standing(StandingKind.CLOSED, "", "", case.since_time)
    party, what, clock = kind.owed[case.state]
    found = case.clocks.deadline(clock) if clock and clock != UNTIL else None
    due = found.due_time if found else _end(case) if clock == UNTIL else None
    flag = "" if due else (found.reason if found and found.reason else "NO_LIMIT_IN_LAW")
    name = f"registrar:{case.division_code}" if party is Party.REGISTRAR else str(party)
    return Standing(StandingKind.WAITING, name, what, case.since_time, due, clock in case.missed, flag)


def next_due_time(kind: Kind, case: EntityCase, now: datetime) -> datetime | None:
    """When to look next; None when nothing runs."""
    if not kind.is_open(case):
        return None
    found = [case.clocks.deadline(clock) for clock in case.clocks.names() if clock not in case.missed]
    times = [one.due_time for one in found if one.state is ClockState.RUNNING and one.due_time is not None]
    if any(one.state is ClockState.UNKNOWN and one.ended_time is None for one in found):
        times.append(now + LOOK_AGAIN)  # the other clocks of the case keep their time
    return min([*times, *([_end(case)] if case.until else [])], default=None)


def _end(case: EntityCase) -> datetime:
    return end_of_local_day(date.fromisoformat(case.until))


def _within(end: datetime) -> datetime:
    """The last instant of a period: what is counted from its end begins on its last day, whenever the platform looks."""
    return end - timedelta(milliseconds=1)


def _take(
    case: EntityCase, entity: Entity, action: Action, facts: Facts, now: datetime, since: datetime | None = None
) -> list[Any]:  # fmt: skip
    told = list(action.do(case, entity, facts, now))
    case.facts |= {k: v for k, v in facts.items() if v}
    if not action.keeps_time:
        for clock in case.clocks.names():
            case.clocks.end(clock, now, action.name)
    for clock, limit in action.clocks.items():
        case.clocks.start(clock, limit, since or now)
    case.entity_now = entity.state
    case.since_time = now if action.target != case.state else case.since_time
    case.state, case.version = action.target, case.version + 1
    return [_moved(case), *told]


def _moved(case: EntityCase) -> EntityCaseMoved:
    return EntityCaseMoved(
        case.entity_case_id, case.kind, case.entity_id, case.uscc, case.state, list(case.reason_codes)
    )


def _require_party(by: Party, allowed: tuple[Party, ...]) -> None:
    if by not in allowed:
        raise NotYourStep(f"this step is taken by {', '.join(allowed)}", metadata={"party": by.value})


def _noted_opener(facts: Facts, by: Party) -> Facts:
    """Whether a case is opened ex officio follows from who opens it; nobody else can say so. Raises InvalidArgument."""
    if by in (Party.REGISTRAR, Party.PLATFORM):
        return {**facts, EX_OFFICIO: "true"}
    if facts.get(EX_OFFICIO):
        raise _invalid(f"facts.{EX_OFFICIO}", "is noted by the platform when a case is opened", "FACT_UNKNOWN")
    return facts


def _invalid(field_name: str, text: str, reason: str) -> InvalidArgument:
    return InvalidArgument(f"{field_name} {text}", reason=reason, violations=(Violation(field_name, text, reason),))


# Rules that many kinds share.


def require_facts(*needed: str) -> Callable[[Facts], None]:
    """All of these must be said; what is missing is told at once (one-time notice). Raises InvalidArgument."""

    def check(facts: Facts) -> None:
        missing = [name for name in needed if not facts.get(name)]
        if missing:
            violations = tuple(Violation(f"facts.{name}", "must be given", "FACT_MISSING") for name in missing)
            raise InvalidArgument("the step lacks what it needs", reason="FACTS_MISSING", violations=violations)

    return check


def require_true(facts: Facts, article: str, *needed: str) -> None:
    """Each of these must be declared true. Raises InvalidArgument that names the article."""
    missing = [name for name in needed if facts.get(name) != "true"]
    if missing:
        violations = tuple(Violation(f"facts.{n}", f"must be declared ({article})", "NOT_DECLARED") for n in missing)
        raise InvalidArgument(f"a declaration is missing ({article})", reason="NOT_DECLARED", violations=violations)


def give_reasons(case: EntityCase, facts: Facts) -> None:
    """A decision against somebody states its reasons. Raises InvalidArgument."""
    codes = [code for code in facts.get("reason_codes", "").split(",") if code]
    if not codes:
        raise _invalid("facts.reason_codes", "must say why", "REASONS_MISSING")
    case.reason_codes = codes


def with_reasons(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """A step whose only condition is that it says why."""
    give_reasons(case, facts)
    return ()


def entity_back(case: EntityCase, entity: Entity, facts: Facts, now: datetime) -> Sequence[Any]:
    """The entity is as it was before the case, unless its licence was revoked meanwhile. A dormancy is over: whoever gives up
    ending the entity goes on with it (公司法 art. 230)."""
    ways = STATE_CHANGES[entity.state]
    back = case.entity_state if case.entity_state in ways else EntityState.ACTIVE
    return (entity.move(back, f"{case.kind}_ENDED", now),) if back in ways else ()


def entity_to(state: EntityState, reason: str) -> Rule:
    """The entity comes into a state."""
    return lambda case, entity, facts, now: (entity.move(state, reason, now),)


def entity_flag(flag: Flag, on: bool, reason: str) -> Rule:
    """A flag of the entity is set or lifted."""
    return lambda case, entity, facts, now: entity.flag(flag, on, reason)
