"""Documents that are one aggregate each: stored, found and saved with their events and their command in one write."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from pymongo.errors import DuplicateKeyError

from shared.commands import IdempotencyKeyReused
from shared.failures import Aborted


class DocumentStore(ABC):
    """The part of a service's store that all its aggregates share. `absent_when_empty`: fields that are left out where they
    are empty, because their indexes are sparse. `stale`: what a service calls a document that changed meanwhile."""

    absent_when_empty: tuple[str, ...] = ("next_due_time",)
    stale: type[Aborted] = Aborted

    @property
    @abstractmethod
    def collections(self) -> dict[str, Any]:
        """Collections with an outbox, by name."""

    def insert(self, collection: str, document: dict[str, Any]) -> bool:
        """Store a new document; False when its command, its origin or another unique key has one already."""
        try:
            self.collections[collection].insert_one(self._stored(document))
        except DuplicateKeyError:
            return False
        return True

    def find(self, collection: str, document_id: str) -> dict[str, Any] | None:
        """By its id."""
        found: dict[str, Any] | None = self.collections[collection].find_one({"_id": document_id})
        return found

    def find_by_command(self, collection: str, key: str) -> dict[str, Any] | None:
        """The one that a command made or changed."""
        found: dict[str, Any] | None = self.collections[collection].find_one({"commands.key": key})
        return found

    def save(
        self, collection: str, document: dict[str, Any], expected_version: int, entries: Sequence[dict[str, Any]],
        command: dict[str, Any] | None,
    ) -> None:  # fmt: skip
        """The new version with its events and its command, in one write. Raises `stale`, IdempotencyKeyReused."""
        changed = {k: v for k, v in self._stored(document).items() if k != "_id"}
        update: dict[str, Any] = {
            "$set": changed,
            "$push": {
                "timeline": {"$each": list(entries)},
                "pending": {"$each": [entry["id"] for entry in entries]},
                **({"commands": command} if command else {}),
            },
        }
        if gone := {k: "" for k in self.absent_when_empty if k in document and not document[k]}:
            update["$unset"] = gone
        try:
            result = self.collections[collection].update_one(
                {"_id": document["_id"], "version": expected_version}, update
            )
        except DuplicateKeyError as error:
            raise IdempotencyKeyReused("this Idempotency-Key was used for another command") from error
        if result.matched_count == 0:
            raise self.stale("it changed meanwhile; read it again")

    def _stored(self, document: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in document.items() if not (k in self.absent_when_empty and not v)}
