"""Judge and hold names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from services.registration.domain.application import NameTaken
from services.registration.domain.entities import EntityType
from services.registration.domain.events import NameGivenUp, NameReserved
from services.registration.domain.form_check import require_own_division
from services.registration.domain.held_names import (
    APPLIED,
    RESERVED,
    AsOf,
    Held,
    Holder,
    NameClaim,
    Wanted,
    is_over,
    place_of,
    require_codes,
    wanted_name,
)
from services.registration.domain.limits import due_date
from services.registration.domain.name_judgement import name_violations
from services.registration.domain.naming import NameParts, parse_name
from services.registration.usecases.context import Parts
from services.registration.usecases.name_register import NameBeside
from shared.commands import Command, KeyTaken, command_entry, version_made_by
from shared.events import timeline_entry
from shared.failures import Aborted, FailedPrecondition, InvalidArgument, NotFound, Violation
from shared.ids import new_id

TAKEN = "the trade name is held in this trade (企业名称登记管理规定 art. 17)"


class ReservationNotFound(NotFound):
    """No name reservation with this id, or it has expired."""


class ReservationUsed(FailedPrecondition):
    """An application holds the name: taking that back frees it."""


def check_name(
    parts: Parts, full_name: str, division_code: str, entity_type: EntityType, related: Sequence[str] = ()
) -> tuple[NameParts, list[Violation], bool]:
    """The name taken apart, what breaks a rule, and whether it could be had now. `related`: codes of enterprises with an
    investment relation. Raises InvalidArgument for what is no code, NotCompetent for another registrar's division."""
    require_codes(related)
    name = parse_name(full_name, entity_type, division_code)
    violations = name_violations(name, division_code, entity_type)
    require_own_division(division_code, parts.region)
    if violations:
        return name, violations, False
    wanted, holder = wanted_name(name, division_code), Holder(related=frozenset(related))
    found = parts.store.names_in_the_way(wanted)
    if place_of(wanted, holder, found, as_of(parts, found)) is None:
        text = f"{TAKEN}: choose another trade name, or name the enterprises with an investment relation"
        return name, [Violation("name", text, "NAME_TAKEN")], False
    return name, [], True


def require_free(parts: Parts, wanted: Wanted, holder: Holder, field: str) -> None:
    """Raise NameTaken, naming the field, unless the holder could have the name now."""
    found = parts.store.names_in_the_way(wanted)
    if place_of(wanted, holder, found, as_of(parts, found)) is None:
        raise NameTaken(TAKEN, metadata={"field": field})


def as_of(parts: Parts, found: Iterable[Held]) -> AsOf:
    """Now, and which applications of these names are there."""
    ids = [one["application_id"] for one in found if one["state"] == APPLIED]
    alive = parts.store.applications_exist(ids) if ids else frozenset[str]()
    return AsOf(parts.clock.today().isoformat(), parts.clock.now(), alive)


def reserve_name(
    parts: Parts,
    command: Command,
    full_name: str,
    division_code: str,
    entity_type: EntityType,
    needs_pre_approval: bool,
    related: Sequence[str] = (),
) -> tuple[str, NameParts, str, bool]:
    """Hold a name for 2 months, or 1 year when a pre-approval is needed (名称规定 art. 18).

    `related` as in `check_name`. Returns reservation id, parts, last day, and whether it is a repetition. Raises
    InvalidArgument, NotCompetent, NameTaken.
    """
    parts.outbox.check_capacity()
    require_codes(related)
    name = parse_name(full_name, entity_type, division_code)
    violations = name_violations(name, division_code, entity_type)
    require_own_division(division_code, parts.region)
    if violations:
        raise InvalidArgument(violations[0].description, reason=violations[0].reason, violations=tuple(violations))
    now, wanted = parts.clock.now(), wanted_name(name, division_code)
    kind = "name_reservation_pre_approval" if needs_pre_approval else "name_reservation"
    reservation_id, expiry_date = new_id("nam"), due_date(kind, parts.clock.today()).isoformat()
    entry = timeline_entry(NameReserved(reservation_id, division_code, expiry_date), now, command.cause)
    document = {
        "_id": wanted.key,
        "state": RESERVED,
        "full_name": name.full_name,
        "division_code": division_code,
        "reservation_id": reservation_id,
        "expiry_date": expiry_date,
        "application_id": None,
        "client_id": command.client_id,
        "command_key": None,
        "claimed_time": now,
        "timeline": [entry],
        "pending": [entry["id"]],
        "commands": [command_entry(command.key, command.digest, 1)],
    }
    # a reservation is not prolonged by another one: the client's own one is held against it like any other
    holder = Holder(reservation_id=reservation_id, related=frozenset(related))
    claim = NameClaim(wanted, holder, document, parts.clock.today().isoformat(), now)
    (outcome,) = parts.store.claim_names([claim])
    if outcome is not None and not isinstance(outcome, KeyTaken):
        raise outcome
    if outcome is not None:
        if not isinstance(outcome, NameBeside) and (known := _reserved(parts, command)) is not None:
            return known["reservation_id"], name, known["expiry_date"] or expiry_date, True
        if not (key := parts.store.hold_name(claim)):
            if isinstance(outcome, NameBeside):
                parts.store.give_back_name(claim)
            elif (known := _reserved(parts, command)) is not None:  # the same command was done beside us
                return known["reservation_id"], name, known["expiry_date"] or expiry_date, True
            raise NameTaken(TAKEN, metadata={"field": "name"})
    else:
        key = wanted.key
    parts.outbox.committed_many("names", [(key, entry)])
    return reservation_id, name, expiry_date, False


def _reserved(parts: Parts, command: Command) -> dict[str, Any] | None:
    """The name that this command reserved before. Raises IdempotencyKeyReused."""
    held = parts.store.name_by_command(command.key)
    if held is None or not held.get("reservation_id"):
        return None
    version_made_by(held, command.key, command.digest)
    return held


def give_up_name(parts: Parts, command: Command, reservation_id: str) -> tuple[Held, bool]:
    """A client gives up a name that it reserved; free at once, like one that has lapsed. Returns the name as held and whether
    this repeats a command. Raises ReservationNotFound, ReservationUsed, Aborted."""
    parts.outbox.check_capacity()
    if (known := _reserved(parts, command)) is not None:
        return known, True
    held, today = parts.store.name_of_reservation(reservation_id), parts.clock.today()
    if (
        held is None
        or held["client_id"] != command.client_id
        or (held["state"] == RESERVED and is_over(held, f"{today}"))
    ):
        raise ReservationNotFound("no such name reservation, or it has expired", metadata={"field": "reservation_id"})
    if held["state"] != RESERVED:
        raise ReservationUsed(
            "an application or an entity holds the name; an application can be taken back",
            metadata={"application_id": held.get("application_id") or ""},
        )
    now, last_day = parts.clock.now(), (today - timedelta(days=1)).isoformat()
    entry = timeline_entry(NameGivenUp(reservation_id, held["division_code"]), now, command.cause)
    if not parts.store.lapse(held, last_day, entry, command_entry(command.key, command.digest, 2)):
        raise Aborted("the name was changed beside this; try again")
    parts.outbox.committed_many("names", [(held["_id"], entry)])
    return held | {"expiry_date": last_day}, False
