"""What the audit says, from what the services told: pure functions.

- Every open case is PROGRESSING, WAITING for a named party with a deadline, or STUCK; the three add up to the open cases.
- Every event that was stored is published; every published event was handled by each of its queues, or lies in one of them
  (waiting, on a delay queue, dead). What is neither is lost. What was handled and never published is unexpected.
- An event that is younger than the grace may still be on its way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

# A fresh event is published within milliseconds and handled within seconds.
GRACE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Case:
    """An open case as its service tells it."""

    service: str
    collection: str
    case_id: str
    verdict: str
    reason: str
    party: str
    owed: str


@dataclass(frozen=True, slots=True)
class Published:
    """An event as its publisher stored it."""

    event_id: str
    publisher: str
    type: str
    subject: str
    time: datetime
    pending: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """A subscription: its queue, what it is bound to, what was handled there (ids), since when that is noted, and how many
    messages lie in it and on its delay queues."""

    name: str
    publisher: str
    type: str
    handled: frozenset[str]
    noted_since: datetime
    messages: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that should not be, with its name."""

    invariant: str
    what: str


@dataclass
class Judgement:
    """One row for each invariant (how many violate it), and every finding."""

    rows: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def note(self, invariant: str, found: Iterable[str]) -> None:
        """A row, with its findings."""
        told = list(found)
        self.rows[invariant] = self.rows.get(invariant, 0) + len(told)
        self.findings += [Finding(invariant, one) for one in told]

    @property
    def ok(self) -> bool:
        return not self.findings


def judge_cases(judgement: Judgement, cases: Iterable[Case]) -> dict[str, Counter[str]]:
    """Verdicts by service; a stuck case is a finding, and so is a verdict that is none of the three."""
    counts: dict[str, Counter[str]] = {}
    stuck, unknown = [], []
    for case in cases:
        counts.setdefault(case.service, Counter())[case.verdict] += 1
        named = f"{case.service} {case.collection} {case.case_id}"
        if case.verdict == "STUCK":
            stuck.append(f"{named}: {case.reason} ({case.party or 'nobody'} owes {case.owed or 'nothing'})")
        elif case.verdict not in ("PROGRESSING", "WAITING"):
            unknown.append(f"{named}: {case.verdict}")
        if case.verdict == "WAITING" and not case.party:
            unknown.append(f"{named}: waits for nobody")
    judgement.note("cases_stuck", stuck)
    judgement.note("cases_unaccounted", unknown)
    return counts


def judge_events(
    judgement: Judgement, published: Mapping[str, Published], queues: Iterable[Queue], dead: Mapping[str, int],
    now: datetime, letters: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> None:  # fmt: skip
    """Whether outbox and consumers balance. `dead`: messages in each service's dead queue; `letters`: the first ones, named."""
    old = [event for event in published.values() if now - event.time > GRACE]
    judgement.note("outbox_unpublished", [_named(event) for event in old if event.pending])
    judgement.note(
        "dead_letters", [_held(service, count, letters.get(service, ())) for service, count in dead.items() if count]
    )
    lost, unexpected, waiting = list[str](), list[str](), 0
    by_type: dict[tuple[str, str], list[Published]] = {}
    for event in old:
        by_type.setdefault((event.publisher, event.type), []).append(event)
    for queue in queues:
        wanted = [
            e for e in by_type.get((queue.publisher, queue.type), ()) if e.time >= queue.noted_since and not e.pending
        ]
        missing = [event for event in wanted if event.event_id not in queue.handled]
        somewhere = queue.messages + dead.get(queue.name.split(".")[0], 0)
        if missing and not somewhere:
            lost += [f"{queue.name} never handled {_named(event)}" for event in missing]
        waiting += len(missing) if somewhere else 0
        unexpected += [
            f"{queue.name} handled {one}, which nobody published" for one in queue.handled - published.keys()
        ]
    judgement.note("events_lost", lost)
    judgement.note("events_unexpected", unexpected)
    judgement.note(
        "events_waiting", [f"{waiting} events wait in queues for longer than {GRACE.seconds} s"] if waiting else []
    )


def _held(service: str, count: int, letters: Sequence[str]) -> str:
    return f"{service}.dead holds {count}" + (f": {'; '.join(letters)}" if letters else "")


def _named(event: Published) -> str:
    return f"{event.publisher}.{event.type} {event.event_id} of {event.subject}"
