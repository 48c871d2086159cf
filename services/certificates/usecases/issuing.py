"""Issue what events ask for: each once, however often its event comes; what cannot be made keeps no other back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from prometheus_client import Counter, Histogram

from services.certificates.domain.certificate import FactsIncomplete
from services.certificates.domain.issuing import Issued, Wanted, issue
from services.certificates.domain.lines import Known, is_due, lines_of, next_filing, place_in, shows_former_facts
from services.certificates.domain.states import FILING, shows_former_fact, without_licence
from services.certificates.usecases.parts import Parts
from services.certificates.usecases.states import TRIES, follow_orders
from shared.commands import KeyTaken
from shared.events import timeline_entry
from shared.failures import Aborted, Failure, Unavailable
from shared.ids import new_id
from shared.logs import get_logger

log = get_logger(__name__)

ISSUED = Counter("tongban_certificates_certificate_issued_total", "Certificates issued.", ["type"])
MAKING_DURATION = Histogram(
    "tongban_certificates_making_duration_seconds",
    "Time to sign, render and seal the certificates of one message.",
    buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0),
)
# Asks whoever knows what these certificates show; each answer names what it is about: entity_id and entity_version, or
# ref and version.
AskFacts = Callable[[Sequence[Wanted]], Iterable[Mapping[str, Any]]]


class LineBusy(Aborted):
    """Others issued versions of the same certificate again and again; the event is tried once more."""


class FactsMissing(Unavailable):
    """The facts are not shown yet (or an older version than the event's)."""


@dataclass(slots=True)
class _Made:
    """What came of a batch: certificates, why others could not be made, and the changes that no licence can show."""

    issued: list[tuple[Wanted, Issued]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    not_shown: list[Wanted] = field(default_factory=list)


def issue_certificates(parts: Parts, asked: Sequence[Wanted], ask: AskFacts) -> int:
    """Issue the certificates that there are none of yet; returns how many.

    One question for all. A certificate that cannot be made does not keep the others: it is raised after they are stored.
    What happened to a permit, a filing or an entity before its certificate existed is made good at once. A change that no
    licence can show suspends those that show what was before.
    Raises Unavailable kinds (FactsMissing, NoSigningKey, OUTBOX_FULL), LineBusy and what the domain refuses.
    """
    parts.outbox.check_capacity()
    left = list({(one.holder_ref, one.certificate_type, one.holder_version): one for one in asked}.values())
    without = _without_licence(parts, left)
    facts: dict[str, Mapping[str, Any]] = {}
    told: set[str] = set()
    seen: set[tuple[str, str, int]] = set()
    stored = 0
    failures: list[Failure] = []
    not_shown: list[Wanted] = []
    for _ in range(TRIES):
        known = parts.store.issued_already(asked)
        seen |= {one.once for one in known}
        batch, left = _batch(parts, _missing(left, known), lines_of(known))
        if unasked := [one for one in batch if one.holder_ref not in told]:
            facts |= {fact.get("ref") or fact["entity_id"]: fact for fact in ask(unasked)}
            told |= {one.holder_ref for one in unasked}
        if batch:
            lines = lines_of(known)
            made = parts.run_native(lambda: _make(parts, batch, facts, lines, without))  # noqa: B023 - run at once
            failures += made.failures
            not_shown += made.not_shown
            count, taken = _store(parts, made.issued)
            stored += count
            # another worker issued it, or took its place in the line for another version
            left += taken
            seen |= {one.once for one, _ in made.issued}
        if not left:
            break
    else:
        raise LineBusy("others issue versions of the same certificate again and again")
    if not_shown:
        now = parts.clock.now()
        orders = [(shows_former_fact(one.entity_ref, one.holder_version, now), one.cause) for one in not_shown]
        parts.store.keep_orders(orders)
    # filings of one subject follow together
    subjects = {one.subject_key for one in asked if one.subject_key}
    mates = {one.holder_ref for one in known if one.ref in subjects}
    follow_orders(
        parts,
        {*mates, *(one.holder_ref for one in asked)},
        {one.entity_ref for one in asked if one.entity_ref},
        {one.holder_code for one in asked if one.holder_code},
        subjects,
        # a version beside another: the older one gives way
        len({once[:2] for once in seen}) < len(seen),
    )
    if failures:
        raise failures[0]
    return stored


def passed_over(parts: Parts, filing_ids: Collection[str]) -> list[Wanted]:
    """The forms of other filings of the same subjects that were not issued because these filings had one."""
    return parts.store.passed_over(filing_ids)


def _without_licence(parts: Parts, wanted: Sequence[Wanted]) -> dict[str, int]:
    entities = {one.entity_ref for one in wanted if one.occasion}
    kept = parts.store.orders_of(entities) if entities else []
    return without_licence(order for order, _ in kept)


def _missing(wanted: Iterable[Wanted], known: Iterable[Known]) -> list[Wanted]:
    """What is not issued yet, older versions first. A filing has one form, whatever version of its subject that is."""
    done = {one.once for one in known}
    filings = {(one.holder_ref, one.certificate_type) for one in known}
    missing = [
        one
        for one in wanted
        if ((one.holder_ref, one.certificate_type) not in filings if one.is_filing else one.once not in done)
    ]
    return sorted(missing, key=lambda one: one.holder_version)


def _batch(
    parts: Parts, wanted: Sequence[Wanted], lines: Mapping[tuple[str, str], Sequence[Known]]
) -> tuple[list[Wanted], list[Wanted]]:
    """What can be made now, and what must be looked at again. Of filings that are without effect nothing is; one of a subject
    whose form is in force is noted there."""
    batch = [one for one in wanted if not one.is_filing]
    filings = [one for one in wanted if one.is_filing]
    if not filings:
        return batch, []
    holders = {known.holder_ref for one in filings for known in lines.get(one.line, ())}
    kept = parts.store.orders_of({*holders, *(one.holder_ref for one in filings)})
    closed = {order.ref for order, _ in kept if order.source == FILING}
    again: list[Wanted] = []
    subjects: set[tuple[str, str]] = set()
    for one in filings:
        version, before = next_filing(lines.get(one.line, ()), closed)
        if one.holder_ref in closed:
            log.info("filing_closed", holder_ref=one.holder_ref)
        elif one.line in subjects:
            again.append(one)
        elif before:
            # False: it ended meanwhile
            if not parts.store.pass_over(before, one):
                again.append(one)
        else:
            subjects.add(one.line)
            batch.append(replace(one, holder_version=version))
    return batch, again


def _make(
    parts: Parts,
    wanted: Sequence[Wanted],
    facts: Mapping[str, Mapping[str, Any]],
    lines: dict[tuple[str, str], list[Known]],
    without: Mapping[str, int],
) -> _Made:
    """Make them; `lines` grows with what is made. A licence that is not due is left out."""
    now, renderer = parts.clock.now(), parts.renderer()
    key = parts.ring.signer(now)
    made = _Made()
    with MAKING_DURATION.time():
        for one in wanted:
            fact, line = facts.get(one.holder_ref), lines.setdefault(one.line, [])
            if fact is None or (not one.is_filing and _version(fact) < one.holder_version):
                made.failures.append(FactsMissing("the facts are not shown as the event says"))
                continue
            revoked = without.get(one.entity_ref, one.holder_version) < one.holder_version
            former = shows_former_facts(one.occasion, fact, line, revoked)
            if not is_due(one.occasion, fact, line, revoked):
                log.info("licence_not_due", holder_ref=one.holder_ref, holder_version=one.holder_version)
                made.not_shown += [one] if former else []
                continue
            try:
                place = place_in(line, one.holder_version)
                issued = issue(one, fact, new_id("cert"), key, parts.seals, renderer, now, place)
            except FactsIncomplete as failure:
                if former:
                    log.info("change_not_shown", holder_ref=one.holder_ref, holder_version=one.holder_version)
                    made.not_shown.append(one)
                else:
                    made.failures.append(failure)
                continue
            except Failure as failure:
                made.failures.append(failure)
                continue
            made.issued.append((one, issued))
            certificate = issued.certificate
            identifier = certificate.content.identifier
            line.append(Known(*one.once, certificate.certificate_id, identifier, one.holder_ref, issued.position))
    return made


def _version(fact: Mapping[str, Any]) -> int:
    return int(fact["entity_version"] if "entity_version" in fact else fact["version"])


def _store(parts: Parts, made: Sequence[tuple[Wanted, Issued]]) -> tuple[int, list[Wanted]]:
    """How many were stored, and which could not because another certificate has their place."""
    entries = [
        timeline_entry(one.certificate.issued(), one.certificate.issued_time, wanted.cause) for wanted, one in made
    ]
    outcomes = parts.store.insert([(one, entry) for (_, one), entry in zip(made, entries, strict=True)])
    stored, taken = [], []
    for (wanted, one), entry, outcome in zip(made, entries, outcomes, strict=True):
        if outcome is None:
            stored.append((one.certificate.certificate_id, entry))
            ISSUED.labels(one.certificate.content.certificate_type).inc()
        elif isinstance(outcome, KeyTaken):
            taken.append(wanted)
        else:
            raise outcome
    parts.outbox.committed_many("certificates", stored)
    return len(stored), taken
