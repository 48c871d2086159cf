"""Held names in the store. Whoever wants one that may be in somebody's way looks and writes in one transaction.

A name with a trade and the same trade name without one have different keys, so that a unique key alone does not keep them
apart (`Wanted.states_no_trade`). What does:

- Who wants the one without a trade says so first, to all processes (`BareNames`) and under its key (`announced`), looks then, and
  holds it only if what it said still stands.
- Everybody else's write stands before they look under that key: a claim because it was inserted before, any other write
  because it is in a transaction with a write to that key (`pass_by`). That write takes back what was said there. A claim looks
  only where somebody ever wanted such a name.

So of two at once one sees the other, and exactly one of them gets the name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any

from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from services.registration.domain.held_names import (
    APPLIED,
    OPEN,
    REGISTERED,
    RESERVED,
    AsOf,
    NameClaim,
    NameMove,
    Wanted,
    is_bare,
    is_over,
    key_beside,
    key_range,
    place_of,
)
from services.registration.store.bare_names import BareNames
from services.registration.store.work_items import taken
from services.registration.usecases.name_register import NameBeside
from shared.clock import local_date
from shared.commands import KeyTaken
from shared.group_writer import MAX_GROUP, Grouped, insert_group
from shared.ids import new_id

BARE_NAMES = "bare_names"
# What a document that is replaced leaves: events that are not published yet, commands that may be repeated.
_LEFT = ("timeline", "pending", "commands")


class HeldNames:
    """Names, and the applications that hold some of them."""

    def __init__(self, client: MongoClient[dict[str, Any]], database: str) -> None:
        self.client, self.database = client, database
        self.names: Collection[dict[str, Any]] = client[database]["names"]
        self.applications: Collection[dict[str, Any]] = client[database]["applications"]
        self._writes: Grouped[Sequence[NameClaim], list[Exception | None]] = Grouped(self._write_group, MAX_GROUP, len)
        self.bare_names = BareNames(client[database][BARE_NAMES])

    def claim_names(self, claims: Sequence[NameClaim]) -> list[Exception | None]:
        """Claim names that nobody holds, many in one write: KeyTaken where the key is there, or where no trade is
        stated (`hold_name` does these); NameBeside where the claim stands beside one without a trade."""
        stated = [claim for claim in claims if not claim.wanted.states_no_trade]
        outcomes = self._writes.do(stated) if stated else []
        # our own claims stand now
        prefixes = {c.wanted.prefix for c, outcome in zip(stated, outcomes, strict=True) if outcome is None} - {""}
        found = self.names_by_key(self.bare_names.among(prefixes)) if prefixes else {}
        told = iter(
            NameBeside(found[claim.wanted.prefix]) if outcome is None and claim.wanted.prefix in found else outcome
            for claim, outcome in zip(stated, outcomes, strict=True)
        )
        return [KeyTaken("states no trade") if claim.wanted.states_no_trade else next(told) for claim in claims]

    def _write_group(self, group: list[Sequence[NameClaim]]) -> list[list[Exception | None]]:
        written = [dict(claim.written) for claims in group for claim in claims]
        outcomes = iter(taken(insert_group(self.names, written)))
        return [list(islice(outcomes, len(claims))) for claims in group]

    def hold_name(self, claim: NameClaim) -> str:
        """Hold a name that is free for its holder, also in place of a document that is in nobody's way. Returns the key under
        which it is held, "" when it is not free."""
        try:
            with self.announced([claim]) as sign, self.client.start_session() as session:
                return session.with_transaction(lambda one: self.hold(claim, sign, one))
        except (KeyTaken, DuplicateKeyError):
            return ""

    @contextmanager
    def announced(self, claims: Sequence[NameClaim]) -> Iterator[str]:
        """Say of names without a trade that somebody wants them, for all to see, before it is looked whether they are free.
        Yields the sign under which it was said. One that is an entity's says enough by itself."""
        sign, said = "", []
        alone = [claim for claim in claims if claim.wanted.states_no_trade]
        for claim in alone:
            sign = sign or new_id("sgn")
            try:
                self.names.update_one(
                    {"_id": claim.wanted.key, "state": {"$ne": REGISTERED}},
                    {"$set": {"sign": sign}, "$setOnInsert": _open(claim.wanted, claim.now)},
                    upsert=True,
                )
            except DuplicateKeyError:
                continue
            said.append(claim.wanted.key)
        try:
            self.bare_names.settle(claim.wanted.key for claim in alone)
            yield sign
        except BaseException:
            for key in said:
                self.names.delete_one({"_id": key, "state": OPEN, "sign": {"$in": [sign, None]}})
                self.names.update_one({"_id": key, "sign": sign}, {"$unset": {"sign": ""}})
            raise

    def hold(self, claim: NameClaim, sign: str, session: Any) -> str:
        """The same within a transaction, under the sign with which it was `announced`. Raises KeyTaken."""
        wanted = claim.wanted
        if wanted.prefix and not wanted.states_no_trade:
            pass_by(self.names, wanted, claim.now, session)
        found = self.names_in_the_way(wanted, session)
        ids = [one["application_id"] for one in found if one["state"] == APPLIED]
        alive = self.applications_exist(ids, session) if ids else frozenset[str]()
        place = place_of(wanted, claim.holder, found, AsOf(claim.today, claim.now, alive))
        if place is None:
            raise _held()
        written = dict(claim.written) | {"_id": place.key}
        if place.by_relation:
            written["related"] = sorted(claim.holder.related)
        if place.instead_of is None:
            self.names.insert_one(written, session=session)
            return place.key
        signed = {"sign": sign} if place.key == wanted.prefix else {}
        if not self._replace(place.instead_of, written, session, **signed):
            raise _held()
        return place.key

    def give_back_name(self, claim: NameClaim) -> None:
        """A claim that may not stay."""
        mine = {key: claim.written.get(key) for key in ("_id", "state", "application_id", "reservation_id")}
        self.names.delete_one(mine)

    def names_by_key(self, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Names under these keys."""
        asked = list(keys)
        return {name["_id"]: name for name in self.names.find({"_id": {"$in": asked}})} if asked else {}

    def names_in_the_way(self, wanted: Wanted, session: Any = None) -> list[dict[str, Any]]:
        """Names that may collide with one."""
        ranges = [{"_id": {"$gte": first, "$lt": before}} for first, before in wanted.ranges]
        return list(self.names.find({"$or": ranges}, session=session))

    def name_by_command(self, command_key: str) -> dict[str, Any] | None:
        """The name that a command reserved."""
        return self.names.find_one({"commands.key": command_key})

    def name_of_reservation(self, reservation_id: str) -> dict[str, Any] | None:
        """The name with a reservation's id."""
        return self.names.find_one({"reservation_id": reservation_id})

    def reservations_of(self, client_id: str, today: str, after: str, size: int) -> tuple[list[dict[str, Any]], str]:
        """Names that a client holds by reservations that have not lapsed, newest first, and the key of the page's last ("" on the
        last page)."""
        query: dict[str, Any] = {"client_id": client_id, "state": RESERVED, "expiry_date": {"$gte": today}}
        query |= {"reservation_id": {"$lt": after}} if after else {}
        found = list(self.names.find(query).sort("reservation_id", -1).hint("reserved").limit(size + 1))
        return found[:size], found[size - 1]["reservation_id"] if len(found) > size else ""

    def lapse(self, held: Mapping[str, Any], last_day: str, entry: dict[str, Any], command: dict[str, Any]) -> bool:
        """Let a reservation end on a day that has passed, with its event; whether it still stood as it was read."""
        same = {key: held[key] for key in ("_id", "reservation_id", "expiry_date")} | {"state": RESERVED}
        told = {"timeline": entry, "pending": entry["id"], "commands": command}
        return self.names.update_one(same, {"$set": {"expiry_date": last_day}, "$push": told}).matched_count == 1

    def applications_exist(self, ids: Iterable[str], session: Any = None) -> set[str]:
        """Those of the applications that are there."""
        return {
            found["_id"] for found in self.applications.find({"_id": {"$in": list(ids)}}, {"_id": 1}, session=session)
        }

    def release_names(self, claims: Mapping[str, str]) -> None:
        """Give back names (key → command that claimed it) whose application could not be stored."""
        self.names.delete_many(
            {"_id": {"$in": list(claims)}, "command_key": {"$in": list(claims.values())}, "state": APPLIED}
        )

    def names_not_held(self, names: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those of the names of entities that are not held for them yet, under their key or beside another."""
        places = [(name["_id"], key_beside(name["_id"], name["full_name"])) for name in names]
        held = self.names_by_key(key for keys in places for key in keys)

        def is_held(name: Mapping[str, Any], keys: Iterable[str]) -> bool:
            found = [held[key] for key in keys if key in held and held[key]["state"] == REGISTERED]
            return any(
                one["full_name"] == name["full_name"] and one.get("entity_id") in (None, name["entity_id"])
                for one in found
            )

        return [name for name, keys in zip(names, places, strict=True) if not is_held(name, keys)]

    def note_names(self, names: Sequence[dict[str, Any]]) -> None:
        """Hold the names of entities of an older register, which are facts: what has ended makes room for them, and beside
        what is held they are held too. It does not wait until every process knows of those without a trade: facts need not be
        free."""
        self.bare_names.note(name["_id"] for name in names if is_bare(name["_id"]))
        outcomes = insert_group(self.names, names)
        double = [name for name, outcome in zip(names, outcomes, strict=True) if isinstance(outcome, DuplicateKeyError)]
        if not double:
            return
        held, beside = self.names_by_key([name["_id"] for name in double]), []
        for name in double:
            one = held.get(name["_id"])
            if (
                one is None
                or not is_over(one, local_date(name["claimed_time"]).isoformat())
                or not self._replace(one, name)
            ):
                beside.append(name | {"_id": key_beside(name["_id"], name["full_name"])})
        insert_group(self.names, beside)

    def _replace(self, held: Mapping[str, Any], name: Mapping[str, Any], session: Any = None, **more: Any) -> bool:
        """Put a name in the place of a held one that is still as it was read."""
        same = {key: held.get(key) for key in ("_id", "state", "full_name", "claimed_time")} | more
        left = {key: held[key] for key in _LEFT if key in held}
        return self.names.replace_one(same, {**left, **name}, session=session).matched_count == 1


def move_names(
    names: HeldNames, moves: Sequence[NameMove], claim: NameClaim | None, sign: str, session: Any
) -> None:  # fmt: skip
    """Write what becomes of the names of an entity, within a transaction. Raises KeyTaken when the one it claims is not free."""
    for move in moves:
        first, before = key_range(move.key)
        there = {"_id": {"$gte": first, "$lt": before}, "state": move.from_state}
        written = {"$set": dict(move.written) | {"entity_id": move.entity_id}}
        own = there | {"entity_id": move.entity_id}
        if names.names.update_many(own, written, session=session).matched_count == 0:
            # noted before entities were; one key may be another's: an older register holds a name twice
            older = there | {"entity_id": None, "full_name": move.full_name}
            names.names.update_one(older, written, session=session)
    if claim is not None:
        names.hold(claim, sign, session)


def pass_by(names: Collection[dict[str, Any]], wanted: Wanted, now: datetime, session: Any) -> None:
    """Write under the key of the name without a trade, so that this transaction and whoever wants that one meet."""
    passed = {"$set": {"passed_time": now}, "$unset": {"sign": ""}}
    if names.update_one({"_id": wanted.prefix}, passed, session=session).matched_count == 0:
        # nothing is left of it; but two who write the same key at once do not both come through
        names.insert_one({"_id": wanted.prefix} | _open(wanted, now), session=session)
        names.delete_one({"_id": wanted.prefix}, session=session)


def _open(wanted: Wanted, now: datetime) -> dict[str, Any]:
    return {"state": OPEN, "full_name": "", "division_code": wanted.division_code, "claimed_time": now}


def _held() -> KeyTaken:
    # as the driver names the index of a key that is there
    return KeyTaken(str({"_id": 1}))
