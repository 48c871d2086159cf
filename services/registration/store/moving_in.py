"""Entities that move in, in the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from services.registration.domain.entity import StaleVersion
from services.registration.domain.held_names import NameClaim
from services.registration.domain.search import search_fields
from services.registration.store.names import HeldNames
from shared.commands import KeyTaken


class MoveInStore(HeldNames):
    """The part of the register's store about entities that move in."""

    entities: Collection[dict[str, Any]]

    def entity_by_command(self, key: str) -> dict[str, Any] | None:
        """The entity that a command changed."""
        return self.entities.find_one({"commands.key": key})

    def take_in(
        self, document: dict[str, Any], expected_version: int, entries: Sequence[dict[str, Any]], command: dict[str, Any],
        claim: NameClaim,
    ) -> None:  # fmt: skip
        """Entity, events, command and name together. `expected_version` 0: it was never kept here.
        Raises KeyTaken (code, command or name), StaleVersion."""
        written = document | search_fields(document["name"], document["business_scope"])
        pending = [entry["id"] for entry in entries]

        def work(session: Any, sign: str) -> None:
            if expected_version == 0:
                self.entities.insert_one(
                    written | {"timeline": list(entries), "pending": pending, "commands": [command]}, session=session
                )
            else:
                found = {"_id": written["_id"], "version": expected_version}
                told = {"timeline": {"$each": list(entries)}, "pending": {"$each": pending}, "commands": command}
                changed = {key: value for key, value in written.items() if key != "_id"}
                if not self.entities.update_one(found, {"$set": changed, "$push": told}, session=session).matched_count:
                    raise StaleVersion("the entity changed meanwhile; try again")
            self.hold(claim, sign, session)

        try:
            with self.announced([claim]) as sign, self.client.start_session() as session:
                session.with_transaction(lambda one: work(one, sign))
        except DuplicateKeyError as error:
            raise KeyTaken(str((error.details or {}).get("keyPattern", ""))) from error
