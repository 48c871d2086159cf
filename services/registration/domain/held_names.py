"""Who may have a name (企业名称登记管理规定 art. 17), and what becomes of a held name when its entity changes, ends or is there
again.

A held name is one document under a unique key (`naming.name_key`: registrar, trade name, trade). Beside it stands, under a
longer key, the same trade name of those who may have it too: enterprises with an investment relation 投资关系, and entities
of an older register.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.registration.domain.entities import EntityType
from services.registration.domain.entity import EXISTING, Entity, EntityState
from services.registration.domain.naming import NameParts, name_key, parse_name, trade_name_prefix
from shared.national_codes import check_uscc

# OPEN: nobody's; somebody asks for a name without a trade (`Wanted.states_no_trade`), and its document says so to all others.
OPEN, RESERVED, APPLIED, REGISTERED, RESTING = "OPEN", "RESERVED", "APPLIED", "REGISTERED", "RESTING"
# A claim whose application is still missing after this belongs to a command that died half-way.
CLAIM_GRACE = timedelta(seconds=60)
# Between the key and the full name of one that stands beside it; keys hold no such characters, and AFTER follows it.
_BESIDE, _AFTER = "#", "$"

Held = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name that somebody wants. `prefix`: `naming.trade_name_prefix`, "" for a branch, which has its parent's name."""

    full_name: str
    division_code: str
    key: str
    prefix: str

    @property
    def states_no_trade(self) -> bool:
        """Whether it is a trade name alone: art. 17 holds its like in any trade against it, and it against them."""
        return self.key == self.prefix

    @property
    def key_beside(self) -> str:
        """Where it is held beside another that keeps the key."""
        return key_beside(self.key, self.full_name)

    @property
    def ranges(self) -> list[tuple[str, str]]:
        """Keys (from, before) of all held names that it may collide with."""
        if self.states_no_trade:
            return [(self.prefix, self.prefix[:-1] + chr(ord(self.prefix[-1]) + 1))]
        return [key_range(key) for key in (self.key, self.prefix) if key]


def is_bare(key: str) -> bool:
    """Whether this is the key of a name that states no trade (`naming.trade_name_prefix`)."""
    return key.endswith("|")


@dataclass(frozen=True, slots=True)
class Holder:
    """For whom a name is wanted, as far as it is known. `names`: those that the entity has had. `reservation_id`: whoever brings
    the number of a reservation uses it. `head_key`: keyed hash of who heads it. `related`: codes of enterprises with which there
    is an investment relation, and its own."""

    entity_id: str = ""
    names: frozenset[str] = frozenset()
    application_id: str = ""
    reservation_id: str = ""
    head_key: str = ""
    related: frozenset[str] = frozenset()


NOBODY = Holder()


@dataclass(frozen=True, slots=True)
class AsOf:
    """When it is asked, and which of the applications that hold names are there (a claim without one is dead)."""

    today: str
    now: datetime
    alive: Set[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name may be held. `instead_of`: the document there now, whose time is over or which is the holder's own.
    `by_relation`: only because of an investment relation."""

    key: str
    instead_of: Held | None
    by_relation: bool


@dataclass(frozen=True, slots=True)
class NameClaim:
    """A name to be held: what is written (with `wanted.key` as its key, unless it is held beside another), and for whom."""

    wanted: Wanted
    holder: Holder
    written: Mapping[str, Any]
    today: str
    now: datetime


@dataclass(frozen=True, slots=True)
class NameMove:
    """What is written about the name that an entity holds under a key, if it stands in `from_state`."""

    key: str
    written: Mapping[str, Any]
    entity_id: str
    full_name: str
    from_state: str = REGISTERED


def wanted_name(parts: NameParts, division_code: str) -> Wanted:
    """A name taken apart, as it is held at a registrar."""
    bare = parts.is_branch or not parts.trade_name
    prefix = "" if bare else trade_name_prefix(parts, division_code)
    return Wanted(parts.full_name, division_code, name_key(parts, division_code), prefix)


def key_beside(key: str, full_name: str) -> str:
    """Where a name is held beside another that keeps the key."""
    return f"{key}{_BESIDE}{full_name}"


def key_range(key: str) -> tuple[str, str]:
    """Keys (from, before) of the name that is held under a key, and of those beside it."""
    return key, f"{key}{_AFTER}"


def place_of(wanted: Wanted, holder: Holder, found: Iterable[Held], as_of: AsOf) -> Place | None:
    """Where the holder may hold the name (art. 17), given what is held in `Wanted.ranges`; None when it is not free for it.

    Nothing is held against it that has ended (a reservation that lapsed, a year of rest that is over, a claim whose
    application never came), that is its own (the reservation, the former name, the name of the sole trader whose operator
    it is), or that belongs to an enterprise with an investment relation 有投资关系的除外; but one full name is never held
    twice.
    """
    held = {one["_id"]: one for one in found}
    others = [one for one in held.values() if not _has_ended(one, as_of) and not _is_own(one, holder)]
    if any(one["full_name"] == wanted.full_name or not _is_related(one, holder) for one in others):
        return None
    beside = any(one["_id"] == wanted.key or one["_id"].startswith(wanted.key + _BESIDE) for one in others)
    key = wanted.key_beside if beside else wanted.key
    return Place(key, held.get(key), bool(others))


def is_over(held: Held, today: str) -> bool:
    """Whether a held name is nobody's any more: a reservation that lapsed, a year of rest that is over."""
    return held["state"] == OPEN or bool(held["state"] in (RESERVED, RESTING) and held["expiry_date"] < today)


def _has_ended(held: Held, as_of: AsOf) -> bool:
    dead = held["state"] == APPLIED and held["application_id"] not in as_of.alive
    return is_over(held, as_of.today) or bool(dead and held["claimed_time"] < as_of.now - CLAIM_GRACE)


def _is_own(held: Held, holder: Holder) -> bool:
    if held["state"] == RESERVED:
        return _same(held.get("reservation_id"), holder.reservation_id)
    if held["state"] == APPLIED:
        return _same(held["application_id"], holder.application_id)
    if held["state"] == RESTING and _same(held.get("rests_for"), holder.head_key):
        return True
    if held.get("entity_id"):
        return _same(held["entity_id"], holder.entity_id)
    # held before entities were noted with their names
    return held["full_name"] in holder.names


def _same(one: str | None, other: str) -> bool:
    return bool(other) and one == other


def _is_related(held: Held, holder: Holder) -> bool:
    # what is only applied for may be given back, and then nothing would stand where others stand beside it
    if held["state"] not in (REGISTERED, RESTING):
        return False
    return not holder.related.isdisjoint((held.get("uscc", ""), *held.get("related", ())))


def require_codes(codes: Iterable[str], field: str = "invested_usccs") -> None:
    """Raise InvalidArgument unless each is a unified social credit code."""
    for code in codes:
        check_uscc(code, field)


def holder_of(
    entity: Entity, reservation_id: str = "", related: Iterable[str] = ()
) -> Holder:  # fmt: skip
    """An entity of the register that wants a name."""
    former = (past.facts["name"] for past in entity.past if "name" in past.facts)
    return Holder(
        entity.entity_id, frozenset({entity.name, *former}), reservation_id=reservation_id,
        related=frozenset({entity.uscc, *related}),
    )  # fmt: skip


def entity_name(entity: Entity, wanted: Wanted, now: datetime) -> dict[str, Any]:
    """The name of an entity of the register, as it is held."""
    return {
        "_id": wanted.key, "state": REGISTERED, "full_name": wanted.full_name, "division_code": wanted.division_code,
        "expiry_date": None, "application_id": None, "client_id": "", "command_key": None, "claimed_time": now,
        "entity_id": entity.entity_id, "uscc": entity.uscc,
    }  # fmt: skip


def claim_of(entity: Entity, holder: Holder, today: str, now: datetime) -> NameClaim:
    """The name of an entity is to be held for it."""
    wanted = _wanted(entity)
    return NameClaim(wanted, holder, entity_name(entity, wanted, now), today, now)


def name_moves(before: Entity, entity: Entity, rest_until: str, head_key: str = "") -> list[NameMove]:
    """What becomes of the name that the entity had. One that is given up, or whose entity ends, rests until `rest_until` (ISO
    date); of a sole trader that was cancelled it rests for others only, so that its operator (`head_key`) may set up an
    enterprise under it: the second way from sole trader to enterprise (促进个体工商户发展条例 art. 13). An entity that is there
    again has its name again, unless somebody else holds it meanwhile."""
    old = _wanted(before)
    move = NameMove(old.key, {}, entity.entity_id, old.full_name)
    rest = {"state": RESTING, "expiry_date": rest_until}
    if entity.state not in EXISTING:
        if before.state not in EXISTING:
            return []
        own = entity.state is EntityState.CANCELLED and before.entity_type is EntityType.SOLE_TRADER and head_key
        return [replace(move, written=rest | ({"rests_for": head_key} if own else {}))]
    if before.state not in EXISTING:
        return [replace(move, written={"state": REGISTERED, "expiry_date": None}, from_state=RESTING)]
    new = _wanted(entity)
    if new.key != old.key:
        return [replace(move, written=rest)]
    # only its division or its form is another one
    return [replace(move, written={"full_name": new.full_name})] if new.full_name != old.full_name else []


def takes_another_name(before: Entity, entity: Entity) -> bool:
    """Whether another name is to be held for an entity that was there and is there."""
    return before.state in EXISTING and entity.state in EXISTING and _wanted(before).key != _wanted(entity).key


def _wanted(entity: Entity) -> Wanted:
    return wanted_name(parse_name(entity.name, entity.entity_type, entity.division_code), entity.division_code)
