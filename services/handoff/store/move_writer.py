"""Moves of cases are written in transactions, those that wait for each other together.

Every move writes the head of the one ledger, so moves of one process cannot be written at once; what waits while a
transaction runs becomes the next one (the cost of a commit is the journal's, not the number of documents'). A group that
fails is written again move by move, so that each gets its own verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pymongo import InsertOne, MongoClient, ReturnDocument, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.handoff.domain.case import StaleVersion
from services.handoff.domain.ledger import GENESIS, link
from services.handoff.usecases.context import Move
from shared.clock import Clock
from shared.commands import IdempotencyKeyReused, KeyTaken
from shared.group_writer import Grouped

Entry = dict[str, Any]
T = TypeVar("T")
DUPLICATE_KEY = 11000
# Moves of a group, with one more for each quarter of a megabyte that their messages have.
GROUP_SIZE, BYTES = 32, 256 * 1024
# Where ledger and feed end.
HEADS = {"_id": "heads"}


class MoveWriter:
    """Writes moves into the collections of one region."""

    def __init__(
        self, client: MongoClient[Entry], cases: Collection[Entry], messages: Collection[Entry],
        ledger: Collection[Entry], feed: Collection[Entry], counters: Collection[Entry], clock: Clock,
    ) -> None:  # fmt: skip
        self._client, self._clock = client, clock
        self._cases, self._messages, self._ledger, self._feed, self._counters = cases, messages, ledger, feed, counters
        self._grouped: Grouped[Move, Exception | None] = Grouped(self._write, GROUP_SIZE, _size)

    def save(self, move: Move) -> None:
        """One move, whole or not at all. Raises StaleVersion, KeyTaken (the case or a message is here already),
        IdempotencyKeyReused."""
        outcome = self._grouped.do(move)
        if outcome is not None:
            raise outcome

    def _write(self, moves: list[Move]) -> list[Exception | None]:
        if len(moves) > 1:
            try:
                self._transaction(lambda session: self._save(moves, session))
                return [None] * len(moves)
            except (StaleVersion, KeyTaken, DuplicateKeyError):
                pass  # which of them it was, each alone tells
        return [self._alone(move) for move in moves]

    def _alone(self, move: Move) -> Exception | None:
        try:
            self._transaction(lambda session: self._save([move], session))
        except DuplicateKeyError as error:
            if move.expected_version and "commands" in str(error):
                return IdempotencyKeyReused("this Idempotency-Key was used for another command")
            return KeyTaken("it is stored already")
        except Exception as error:  # the verdict of this move, not of the others
            return error
        return None

    def _save(self, moves: list[Move], session: ClientSession) -> None:
        ledger, feed = ([e for m in moves for e in m.ledger], [e for m in moves for e in m.feed])
        # first, so that who conflicts with another process has done nothing yet
        head = self._head(len(feed), session) if ledger or feed else {}
        written = self._cases.bulk_write([_case_write(move) for move in moves], session=session)
        if written.inserted_count + written.matched_count < len(moves):
            raise StaleVersion("the case changed meanwhile; read it again")
        if messages := [message for move in moves for message in move.messages]:
            self._messages.insert_many(messages, session=session)
        settled = [_settle(move.settled) for move in moves if move.settled]
        # a message is delivered once: whoever comes second finds it so, and the move is not made twice
        if settled and self._messages.bulk_write(settled, session=session).matched_count < len(settled):
            raise KeyTaken("the message is delivered already")
        self._place(feed, head, session)
        self._chain(ledger, head, session)

    def _head(self, feed_entries: int, session: ClientSession) -> Entry:
        """Where ledger and feed end, with room for new entries of the feed. Both are one document: two processes at once
        conflict on it, and the driver makes one of them try again."""
        head = self._counters.find_one_and_update(
            HEADS, {"$inc": {"feed": feed_entries}}, upsert=True, return_document=ReturnDocument.AFTER, session=session
        )
        assert head is not None  # upserted
        return head

    def _place(self, feed: Sequence[Entry], head: Entry, session: ClientSession) -> None:
        if feed:
            first, now = head["feed"] - len(feed) + 1, self._clock.now()
            placed = [{"_id": first + n, "noted_time": now, **entry} for n, entry in enumerate(feed)]
            self._feed.insert_many(placed, session=session)

    def _chain(self, ledger: Sequence[Entry], head: Entry, session: ClientSession) -> None:
        if not ledger:
            return
        position, last, linked = head.get("position", 0), head.get("hash", GENESIS), []
        for entry in ledger:
            position += 1
            chained = link(entry, position, last)
            last = chained["hash"]
            theirs = chained["to_region"] if chained["kind"] != "RECEIVED" else chained["from_region"]
            linked.append({"_id": position, **chained, "partner_region": theirs})
        self._ledger.insert_many(linked, session=session)
        self._counters.update_one(HEADS, {"$set": {"position": position, "hash": last}}, session=session)

    def append_feed(self, entries: Sequence[Entry]) -> int:
        """Give the entries their places in the sequence, in one transaction: no reader sees a gap that fills later."""

        def work(session: ClientSession) -> int:
            new = [entry for entry in unique.values() if entry["event_id"] not in known]
            if new:
                self._place(new, self._head(len(new), session), session)
            return len(new)

        unique, known = {entry["event_id"]: entry for entry in entries}, set[str]()
        try:
            return self._transaction(work)
        except DuplicateKeyError:  # some came before, which is rare: leave those out
            query = {"event_id": {"$in": list(unique)}}
            known = {entry["event_id"] for entry in self._feed.find(query, {"event_id": 1})}
            return self._transaction(work)

    def _transaction(self, work: Callable[[ClientSession], T]) -> T:
        with self._client.start_session() as session:
            try:
                return session.with_transaction(work)
            except BulkWriteError as error:  # how writes of many say that a key is taken
                failed = (error.details or {}).get("writeErrors", ())
                if any(one.get("code") == DUPLICATE_KEY for one in failed):
                    raise DuplicateKeyError("; ".join(str(one.get("errmsg", "")) for one in failed)) from error
                raise


def _size(move: Move) -> int:
    return 1 + sum(len(message["sealed"]) for message in move.messages) // BYTES


def _case_write(move: Move) -> InsertOne[Entry] | UpdateOne:
    kept = {k: v for k, v in move.document.items() if not (k == "next_due_time" and v is None)}
    pending = [entry["id"] for entry in move.entries]
    if move.expected_version == 0:
        new = kept | {"timeline": move.entries, "pending": pending}
        return InsertOne(new | {"commands": [move.command]} if move.command else new)
    push: Entry = {"timeline": {"$each": move.entries}, "pending": {"$each": pending}}
    push |= {"commands": move.command} if move.command else {}
    update: Entry = {"$set": {k: v for k, v in kept.items() if k != "_id"}, "$push": push}
    if "next_due_time" not in kept:
        update["$unset"] = {"next_due_time": ""}
    return UpdateOne({"_id": move.document["_id"], "version": move.expected_version}, update)


def _settle(settled: Entry) -> UpdateOne:
    change = {name: settled[name] for name in ("receipt", "receipt_time")} | {"state": "DELIVERED", "reason": ""}
    update = {"$set": change, "$unset": {"next_attempt_time": "", "claimed_until": ""}}
    return UpdateOne({"_id": settled["_id"], "state": {"$ne": "DELIVERED"}}, update)
