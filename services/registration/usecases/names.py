"""Judge and hold names."""

from __future__ import annotations

from typing import Any

from services.registration.domain.application import NameTaken
from services.registration.domain.entities import EntityType
from services.registration.domain.events import NameReserved
from services.registration.domain.limits import due_date
from services.registration.domain.naming import NameParts, name_key, name_violations, parse_name
from services.registration.usecases.context import Parts
from shared.commands import Command, KeyTaken, command_entry, version_made_by
from shared.events import timeline_entry
from shared.failures import InvalidArgument, Violation
from shared.ids import new_id


def check_name(
    parts: Parts, full_name: str, division_code: str, entity_type: EntityType
) -> tuple[NameParts, list[Violation], bool]:
    """The name taken apart, what breaks a rule, and whether it could be had now."""
    name = parse_name(full_name, entity_type, division_code)
    violations = name_violations(name, division_code, entity_type)
    if violations:
        return name, violations, False
    key = name_key(name, division_code)
    held = parts.store.names_by_key([key]).get(key)
    return name, [], held is None or _has_ended(parts, held)


def reserve_name(
    parts: Parts,
    command: Command,
    full_name: str,
    division_code: str,
    entity_type: EntityType,
    needs_pre_approval: bool,
) -> tuple[str, NameParts, str, bool]:
    """Hold a name for 2 months, or 1 year when a pre-approval is needed (名称规定 art. 18).

    Returns reservation id, parts, last day, and whether it is a repetition. Raises InvalidArgument, NameTaken.
    """
    parts.outbox.check_capacity()
    name = parse_name(full_name, entity_type, division_code)
    if violations := name_violations(name, division_code, entity_type):
        raise InvalidArgument(violations[0].description, reason=violations[0].reason, violations=tuple(violations))
    now, key = parts.clock.now(), name_key(name, division_code)
    kind = "name_reservation_pre_approval" if needs_pre_approval else "name_reservation"
    reservation_id, expiry_date = new_id("nam"), due_date(kind, parts.clock.today()).isoformat()
    entry = timeline_entry(NameReserved(reservation_id, division_code, expiry_date), now, command.cause)
    document = {
        "_id": key,
        "state": "RESERVED",
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
    (outcome,) = parts.store.claim_names([document])
    if isinstance(outcome, KeyTaken):
        held = parts.store.names_by_key([key]).get(key)
        if (
            held is not None
            and version_made_by(held, command.key, command.digest) is not None
            and held.get("reservation_id")
        ):
            return held["reservation_id"], name, held["expiry_date"] or expiry_date, True
        expired = (
            held is not None and held["state"] == "RESERVED" and held["expiry_date"] < parts.clock.today().isoformat()
        )
        if not (held is not None and expired and parts.store.take_over_name(held, document)):
            raise NameTaken(
                "the trade name is held in this trade (企业名称登记管理规定 art. 17)", metadata={"field": "name"}
            )
    elif outcome is not None:
        raise outcome
    parts.outbox.committed_many("names", [(key, entry)])
    return reservation_id, name, expiry_date, False


def _has_ended(parts: Parts, held: dict[str, Any]) -> bool:
    """Whether a reservation, or the year in which a given-up name rests, is over."""
    return held["state"] in ("RESERVED", "RESTING") and bool(held["expiry_date"] < parts.clock.today().isoformat())
