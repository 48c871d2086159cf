"""Receive set-up applications, in groups: names are claimed in one write, applications stored in one write.

The order makes a crash harmless: a name claimed by a command whose application is missing is taken over by the
repetition of that command, or by anyone after a minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import msgspec

from services.registration.domain.application import (
    Application,
    ApplicationState,
    DuplicateApplication,
    NameTaken,
    receive,
)
from services.registration.domain.duplicates import alike_key, match_keys
from services.registration.domain.events import ForwardedCaseAccepted
from services.registration.domain.form_check import SetUpApplication, form_gaps, require_competent
from services.registration.domain.handed_in import handed_in
from services.registration.domain.held_names import (
    APPLIED,
    RESERVED,
    AsOf,
    Holder,
    NameClaim,
    Wanted,
    place_of,
    wanted_name,
)
from services.registration.domain.name_judgement import name_violations
from services.registration.domain.naming import parse_name
from services.registration.domain.persons import PersonBarred, require_not_barred
from services.registration.usecases import persons
from services.registration.usecases.context import Parts
from services.registration.usecases.name_register import NameBeside
from services.registration.usecases.names import ReservationNotFound, as_of
from shared.commands import Command, IdempotencyKeyReused, KeyTaken, command_entry, version_made_by
from shared.events import timeline_entry
from shared.failures import Failure, InvalidArgument
from shared.ids import new_id
from shared.national_codes import division


@dataclass(slots=True)
class Submitted:
    """Outcome of one submission: the application as received, or why not."""

    application: Application | None = None
    failure: Failure | None = None
    replayed: bool = False


@dataclass(slots=True)
class _Draft:
    index: int
    command: Command
    asked: SetUpApplication
    document: dict[str, Any]
    application: Application
    claim: NameClaim | None
    entries: list[dict[str, Any]]
    # (field, person key) of those whom it names
    named: list[tuple[str, str]]


def submit_applications(parts: Parts, submissions: Sequence[tuple[Command, SetUpApplication]]) -> list[Submitted]:
    """Receive applications, each with its own outcome. Raises Unavailable when the outbox is full."""
    parts.outbox.check_capacity()
    now = parts.clock.now()
    outcomes = [Submitted() for _ in submissions]
    drafts: list[_Draft] = []
    for index, (command, asked) in enumerate(submissions):
        try:
            drafts.append(_draft(parts, index, command, asked, now))
        except Failure as failure:
            outcomes[index].failure = failure
    drafts = _refuse_barred(parts, drafts, outcomes)
    drafts = _claim_names(parts, drafts, outcomes, now)
    _store(parts, drafts, outcomes)
    _answer_repetitions(parts, submissions, outcomes)
    return outcomes


def check_application(parts: Parts, asked: SetUpApplication) -> None:
    """Raise what handing it in would raise at once: another registrar's, a name that breaks the rules, a lapsed reservation.
    Gaps are no failure; they come back with the application."""
    _draft(parts, 0, Command("check", "", b""), asked, parts.clock.now())


def _draft(
    parts: Parts, index: int, command: Command, asked: SetUpApplication, now: datetime, application_id: str = ""
) -> _Draft:
    division(asked.division_code)
    if asked.domicile.division_code:
        division(asked.domicile.division_code, "domicile.division_code")
    require_competent(asked, parts.region)
    reservation = _reservation(parts, asked, now) if asked.name_reservation_id else None
    full_name = reservation["full_name"] if reservation else asked.name
    gaps = form_gaps(asked, parts.clock.today(), has_name=bool(full_name))
    name = parse_name(full_name, asked.entity_type, asked.division_code)
    if full_name and (violations := name_violations(name, asked.division_code, asked.entity_type)):
        raise InvalidArgument(violations[0].description, reason=violations[0].reason, violations=tuple(violations))
    wanted = wanted_name(name, asked.division_code)
    key = wanted.key if full_name else ""
    application, event = receive(application_id or new_id("app"), asked, name, key, gaps, now, command.origin_ref)
    document = parts.to_document(application, "application_id")
    entries = [timeline_entry(event, now, command.cause)]
    if command.origin_ref and not gaps:
        accepted = ForwardedCaseAccepted(command.origin_ref, application.application_id, application.due_date)
        entries.append(timeline_entry(accepted, now, command.cause))
    named = persons.named_keys(parts, asked)
    keys: list[str] = []
    if not gaps:  # one that went back is never decided
        person_keys = list(dict.fromkeys(key for _, key in named))
        keys = match_keys(name, asked.division_code, asked.domicile, person_keys)
    document |= {
        "match_keys": keys,
        "alike_key": alike_key(keys),
        "client_id": command.client_id,
        "timeline": entries,
        "pending": [entry["id"] for entry in entries],
        "commands": [command_entry(command.key, command.digest, 1)],
    }
    if not gaps:  # of what went back no persons and no files are kept (PIPL art. 19)
        document["persons"] = parts.sealer.seal(_persons(asked), application.application_id)
        document["handed_in"] = handed_in(asked)
    today = parts.clock.today().isoformat()
    claim = None if gaps else _claim(application, wanted, command, asked, reservation, named, today, now)
    return _Draft(index, command, asked, document, application, claim, entries, named)


def _reservation(parts: Parts, asked: SetUpApplication, now: datetime) -> dict[str, Any]:
    held = parts.store.name_of_reservation(asked.name_reservation_id)
    if held is None or (held["state"] == RESERVED and held["expiry_date"] < parts.clock.today().isoformat()):
        raise ReservationNotFound(
            "no such name reservation, or it has expired", metadata={"field": "name_reservation_id"}
        )
    return held


def _persons(asked: SetUpApplication) -> bytes:
    return msgspec.json.encode({"legal_representative": asked.legal_representative, "investors": asked.investors})


def _claim(
    application: Application, wanted: Wanted, command: Command, asked: SetUpApplication,
    reservation: dict[str, Any] | None, named: list[tuple[str, str]], today: str, now: datetime,
) -> NameClaim:  # fmt: skip
    reserved = {"reservation_id": reservation["reservation_id"]} if reservation else {}
    written = reserved | {
        "_id": wanted.key,
        "state": APPLIED,
        "full_name": application.name.full_name,
        "division_code": application.division_code,
        "expiry_date": None,
        "application_id": application.application_id,
        "client_id": command.client_id,
        "command_key": command.key,
        "claimed_time": now,
    }
    # whoever puts in capital has an investment relation; a reservation may have been made by virtue of one
    related = [investor.uscc for investor in asked.investors if investor.uscc]
    holder = Holder(
        application_id=application.application_id, reservation_id=reserved.get("reservation_id", ""),
        head_key=persons.head_of(named), related=frozenset((*related, *(reservation or {}).get("related", ()))),
    )  # fmt: skip
    return NameClaim(wanted, holder, written, today, now)


def _refuse_barred(parts: Parts, drafts: list[_Draft], outcomes: list[Submitted]) -> list[_Draft]:
    """Whoever was directly responsible for a false registration registers nothing for three years (条例 art. 40)."""
    bars = parts.store.known_bars(parts.clock.today().isoformat())
    for draft in drafts if bars else ():
        try:
            require_not_barred(bars, draft.named)
        except PersonBarred as failure:
            outcomes[draft.index].failure = failure
    return [draft for draft in drafts if outcomes[draft.index].failure is None]


def _claim_names(parts: Parts, drafts: list[_Draft], outcomes: list[Submitted], now: datetime) -> list[_Draft]:
    """Claim all names in one write and one look; settle the conflicts one by one. Returns the drafts that hold their name."""
    claims = {draft.index: draft.claim for draft in drafts if draft.claim is not None}
    results = dict(zip(claims, parts.store.claim_names(list(claims.values())), strict=True))
    conflicts = {index: result for index, result in results.items() if result is not None}
    if not conflicts:
        return drafts
    for result in conflicts.values():
        if not isinstance(result, KeyTaken):
            raise result
    held = parts.store.names_by_key({claims[index].wanted.key for index in conflicts})
    beside = [result.held for result in conflicts.values() if isinstance(result, NameBeside)]
    moment = as_of(parts, [*held.values(), *beside])
    kept = []
    for draft in drafts:
        try:
            settled = draft.index in conflicts
            kept.append(_settle(parts, draft, conflicts[draft.index], held, moment, now) if settled else draft)
        except Failure as failure:
            outcomes[draft.index].failure = failure
    return kept


def _settle(
    parts: Parts, draft: _Draft, conflict: Exception, known: dict[str, dict[str, Any]], moment: AsOf, now: datetime
) -> _Draft:
    """Hold the name in place of another, or beside it, if that may be; else say that it is held (without saying by whom)."""
    assert draft.claim is not None
    held, claim = known.get(draft.claim.wanted.key), draft.claim
    beside = conflict.held if isinstance(conflict, NameBeside) else None
    ours = held is not None and held.get("command_key") == draft.command.key
    if held is not None and ours and beside is None:
        if held["state"] != APPLIED or held["application_id"] in moment.alive:
            raise IdempotencyKeyReused("the command was done before")  # answered from its application
        # our own claim, from a try that died or runs beside us: the same application id, so that one of us stores it
        draft = _draft(parts, draft.index, draft.command, draft.asked, now, application_id=held["application_id"])
        assert draft.claim is not None
        claim = draft.claim
    found = [one for one in (beside or held,) if one is not None]
    # most that are held are plainly another's, and that is seen without a transaction
    if place_of(claim.wanted, claim.holder, found, moment) and (key := parts.store.hold_name(claim)):
        draft.application.name_key = draft.document["name_key"] = key
        return draft
    if beside is not None:
        parts.store.give_back_name(claim)
    elif not ours and held and held["state"] == APPLIED and held["client_id"] == draft.command.client_id:
        raise DuplicateApplication(
            "an application under this name is open already",
            metadata={"application_id": held["application_id"], "field": "name"},
        )
    raise NameTaken(
        "the trade name is held in this trade by another entity, application or reservation of this registrar "
        "(企业名称登记管理规定 art. 17)",
        metadata={"field": "name"},
    )


def _store(parts: Parts, drafts: list[_Draft], outcomes: list[Submitted]) -> None:
    results = parts.store.insert_applications([draft.document for draft in drafts])
    stored: list[tuple[str, dict[str, Any]]] = []
    broken: list[tuple[_Draft, Exception]] = []
    for draft, result in zip(drafts, results, strict=True):
        if result is None:
            outcomes[draft.index].application = draft.application
            stored += [(draft.application.application_id, entry) for entry in draft.entries]
        elif isinstance(result, KeyTaken):
            outcomes[draft.index].failure = IdempotencyKeyReused("the command was done before")
        else:
            broken.append((draft, result))
    parts.outbox.committed_many("applications", stored)
    if broken:
        parts.store.release_names({draft.application.name_key: draft.command.key for draft, _ in broken})
        raise broken[0][1]


def _answer_repetitions(
    parts: Parts, submissions: Sequence[tuple[Command, SetUpApplication]], outcomes: list[Submitted]
) -> None:
    """A failed submission whose key is known is a repetition: answer it from what the first one made."""
    suspects = [i for i, outcome in enumerate(outcomes) if outcome.failure is not None]
    if not suspects:
        return
    known = parts.store.applications_by_command({submissions[i][0].key for i in suspects})
    for index in suspects:
        command, outcome = submissions[index][0], outcomes[index]
        document = known.get(command.key)
        if document is None:
            continue
        try:
            version_made_by(document, command.key, command.digest)
        except IdempotencyKeyReused as failure:
            outcome.failure = failure
            continue
        outcome.application, outcome.failure, outcome.replayed = as_received(parts.application_of(document)), None, True


def as_received(application: Application) -> Application:
    """The application as its applicant was first answered, whatever became of it since."""
    application.state = ApplicationState.RETURNED if application.gaps else ApplicationState.UNDER_REVIEW
    application.version, application.due_date = 1, application.first_due_date
    return application


def gap_fields(application: Application) -> list[dict[str, str]]:
    """The one-time notice as plain fields."""
    return [asdict(gap) for gap in application.gaps]
