"""Issue what events ask for: each once, however often its event comes; what cannot be made keeps no other back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from prometheus_client import Counter, Histogram

from services.certificates.domain.certificate import Certificate
from services.certificates.domain.issuing import Issued, Wanted, issue
from services.certificates.domain.lines import Known, is_due, lines_of, place_in
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


def issue_certificates(parts: Parts, asked: Sequence[Wanted], ask: AskFacts) -> int:
    """Issue the certificates that there are none of yet; returns how many.

    One question for all. A certificate that cannot be made does not keep the others: it is raised after they are stored.
    What happened to a permit or an entity before its certificate existed is made good at once.
    Raises Unavailable kinds (FactsMissing, NoSigningKey, OUTBOX_FULL), LineBusy and what the domain refuses.
    """
    parts.outbox.check_capacity()
    unique = {one.once: one for one in asked}
    known = parts.store.issued_already(unique.values())
    wanted = _missing(unique, known)
    stored = 0
    failures: list[Failure] = []
    if wanted:
        facts = {fact.get("ref") or fact["entity_id"]: fact for fact in ask(wanted)}
        for _ in range(TRIES):
            lines, batch = lines_of(known), wanted
            made = parts.run_native(lambda: _make(parts, batch, facts, lines))  # noqa: B023 - run before the next turn
            failures += [one for one in made if isinstance(one, Failure)]
            count, taken = _store(parts, [one for one in made if isinstance(one, Issued)], wanted)
            stored += count
            if not taken:
                break
            # another worker issued it, or took its place in the line for another version
            known = parts.store.issued_already(unique.values())
            wanted = _missing({once: unique[once] for once in taken}, known)
            if not wanted:
                break
        else:
            raise LineBusy("others issue versions of the same certificate again and again")
    # a version beside another: the older one gives way
    onces = {*unique, *(one.once for one in known)}
    versions = len({once[:2] for once in onces}) < len(onces)
    entities = {one.entity_ref for one in asked if one.entity_ref}
    follow_orders(parts, {one.holder_ref for one in asked}, entities, versions)
    if failures:
        raise failures[0]
    return stored


def _missing(unique: Mapping[tuple[str, str, int], Wanted], known: Iterable[Known]) -> list[Wanted]:
    """What is not issued yet, older versions first."""
    done = {one.once for one in known}
    return sorted((one for once, one in unique.items() if once not in done), key=lambda one: one.holder_version)


def _make(
    parts: Parts,
    wanted: Sequence[Wanted],
    facts: Mapping[str, Mapping[str, Any]],
    lines: dict[tuple[str, str], list[Known]],
) -> list[Issued | Failure]:
    """Make them; `lines` grows with what is made. A licence that is not due is left out."""
    now, renderer = parts.clock.now(), parts.renderer()
    key = parts.ring.signer(now)
    made: list[Issued | Failure] = []
    with MAKING_DURATION.time():
        for one in wanted:
            fact, line = facts.get(one.holder_ref), lines.setdefault(one.line, [])
            if fact is None or _version(fact) < one.holder_version:
                made.append(FactsMissing("the facts are not shown as the event says"))
                continue
            if not is_due(one.occasion, fact, line):
                log.info("licence_not_due", holder_ref=one.holder_ref, holder_version=one.holder_version)
                continue
            try:
                place = place_in(line, one.holder_version)
                issued = issue(one, fact, new_id("cert"), key, parts.seals, renderer, now, place)
            except Failure as failure:
                made.append(failure)
                continue
            made.append(issued)
            certificate = issued.certificate
            line.append(Known(*one.once, certificate.certificate_id, certificate.content.identifier))
    return made


def _version(fact: Mapping[str, Any]) -> int:
    return int(fact["entity_version"] if "entity_version" in fact else fact["version"])


def _store(parts: Parts, issued: Sequence[Issued], wanted: Sequence[Wanted]) -> tuple[int, list[tuple[str, str, int]]]:
    """How many were stored, and which (`Wanted.once`) could not because another certificate has their place."""
    causes = {one.once: one.cause for one in wanted}
    keys = [_once(one.certificate) for one in issued]
    entries = [
        timeline_entry(one.certificate.issued(), one.certificate.issued_time, causes[key])
        for one, key in zip(issued, keys, strict=True)
    ]
    outcomes = parts.store.insert(list(zip(issued, entries, strict=True)))
    stored, taken = [], []
    for one, key, entry, outcome in zip(issued, keys, entries, outcomes, strict=True):
        if outcome is None:
            stored.append((one.certificate.certificate_id, entry))
            ISSUED.labels(one.certificate.content.certificate_type).inc()
        elif isinstance(outcome, KeyTaken):
            taken.append(key)
        else:
            raise outcome
    parts.outbox.committed_many("certificates", stored)
    return len(stored), taken


def _once(certificate: Certificate) -> tuple[str, str, int]:
    ref = certificate.subject_key or certificate.holder_ref
    return (ref, certificate.content.certificate_type, certificate.holder_version)
