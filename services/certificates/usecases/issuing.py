"""Issue what events ask for: each once, however often its event comes; what cannot be made keeps no other back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from prometheus_client import Counter, Histogram

from services.certificates.domain.issuing import Issued, Wanted, issue
from services.certificates.usecases.parts import Parts
from services.certificates.usecases.states import follow_orders
from shared.commands import KeyTaken
from shared.events import timeline_entry
from shared.failures import Failure, Unavailable
from shared.ids import new_id

ISSUED = Counter("tongban_certificates_certificate_issued_total", "Certificates issued.", ["type"])
MAKING_DURATION = Histogram(
    "tongban_certificates_making_duration_seconds",
    "Time to sign, render and seal the certificates of one message.",
    buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0),
)
# Asks whoever knows what these certificates show; each answer names what it is about: entity_id and entity_version, or
# ref and version.
AskFacts = Callable[[Sequence[Wanted]], Iterable[Mapping[str, Any]]]


class FactsMissing(Unavailable):
    """The facts are not shown yet (or an older version than the event's)."""


def issue_certificates(parts: Parts, asked: Sequence[Wanted], ask: AskFacts) -> int:
    """Issue the certificates that there are none of yet; returns how many.

    One question for all. A certificate that cannot be made does not keep the others: it is raised after they are stored.
    What happened to a permit or an entity before its certificate existed is made good at once.
    Raises Unavailable kinds (FactsMissing, NoSigningKey, OUTBOX_FULL) and what the domain refuses.
    """
    parts.outbox.check_capacity()
    unique = {one.once: one for one in asked}
    done = parts.store.issued_already(unique.values())
    wanted = [one for once, one in unique.items() if once not in done]
    stored = 0
    failures: list[Failure] = []
    if wanted:
        facts = {fact.get("ref") or fact["entity_id"]: fact for fact in ask(wanted)}
        made = parts.run_native(lambda: _make(parts, wanted, facts))
        stored = _store(parts, [one for one in made if isinstance(one, Issued)], wanted)
        failures = [one for one in made if isinstance(one, Failure)]
    # a version beside another: the older one gives way
    versions = len({once[:2] for once in (*done, *unique)}) < len({*done, *unique})
    entities = {one.entity_ref for one in asked if one.entity_ref}
    follow_orders(parts, {one.holder_ref for one in asked}, entities, versions)
    if failures:
        raise failures[0]
    return stored


def _make(parts: Parts, wanted: Sequence[Wanted], facts: Mapping[str, Mapping[str, Any]]) -> list[Issued | Failure]:
    now, renderer = parts.clock.now(), parts.renderer()
    key = parts.ring.signer(now)
    made: list[Issued | Failure] = []
    with MAKING_DURATION.time():
        for one in wanted:
            fact = facts.get(one.holder_ref)
            if fact is None or _version(fact) < one.holder_version:
                made.append(FactsMissing("the facts are not shown as the event says"))
                continue
            try:
                made.append(issue(one, fact, new_id("cert"), key, parts.seals, renderer, now))
            except Failure as failure:
                made.append(failure)
    return made


def _version(fact: Mapping[str, Any]) -> int:
    return int(fact["entity_version"] if "entity_version" in fact else fact["version"])


def _store(parts: Parts, issued: Sequence[Issued], wanted: Sequence[Wanted]) -> int:
    causes = {one.once: one.cause for one in wanted}
    entries = []
    for one in issued:
        certificate = one.certificate
        once = (
            certificate.subject_key or certificate.holder_ref,
            certificate.content.certificate_type,
            certificate.holder_version,
        )
        entries.append(timeline_entry(certificate.issued(), certificate.issued_time, causes[once]))
    outcomes = parts.store.insert(list(zip(issued, entries, strict=True)))
    stored = []
    for one, entry, outcome in zip(issued, entries, outcomes, strict=True):
        if outcome is None:
            stored.append((one.certificate.certificate_id, entry))
            ISSUED.labels(one.certificate.content.certificate_type).inc()
        elif not isinstance(outcome, KeyTaken):  # taken: another worker issued it meanwhile, which is as good
            raise outcome
    parts.outbox.committed_many("certificates", stored)
    return len(stored)
