"""The register in numbers: moves, each once; their counts by month; and how many entities exist.

There is a move for every entity that ever came or went, so that whoever asks does not count them all: a sweep keeps the sums
of those that were noted until some minutes ago (`sum_moves`), and only what was noted since is counted when it is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo.collection import Collection

from services.registration.domain.entity import EXISTING
from services.registration.store.work_items import taken
from shared.commands import KeyTaken
from shared.group_writer import insert_group

SUMS_COLLECTION = "move_sums"
_SUMS = {"_id": "moves"}
# A write that began before this is there or has failed: what is noted earlier is complete.
SETTLED = timedelta(minutes=5)
# After this all moves are counted anew, so that one whose writer's clock was wrong is missed for a day, not for ever.
ANEW = timedelta(days=1)
Counts = Mapping[tuple[str, str], int]


class StatisticsStore:
    """The part of the register's store about its numbers."""

    entities: Collection[dict[str, Any]]
    moves: Collection[dict[str, Any]]
    move_sums: Collection[dict[str, Any]]

    def note_moves(self, moves: Sequence[dict[str, Any]]) -> None:
        """Each once; those that stand already are left as they are."""
        for outcome in taken(insert_group(self.moves, moves)):
            if outcome is not None and not isinstance(outcome, KeyTaken):
                raise outcome

    def sum_moves(self, now: datetime) -> None:
        """Keep the sums of the moves that were noted until SETTLED before `now`: those of the last time and what was noted
        since, or, after ANEW, all of them counted again. Harmless to run twice and at once."""
        known, until = self.move_sums.find_one(_SUMS), now - SETTLED
        if known is None or until - known["counted_time"] >= ANEW:
            counted, found = until, self._counted(None, until)
        elif known["until_time"] >= until:
            return
        else:
            counted, found = known["counted_time"], _sums_of(known) + self._counted(known["until_time"], until)
        sums = [{"month": month, "move": move, "count": count} for (month, move), count in sorted(found.items())]
        self.move_sums.replace_one(_SUMS, {"until_time": until, "counted_time": counted, "sums": sums}, upsert=True)

    def moves_until(self, month: str) -> Counts:
        """(month, move) → how many, up to and with a month."""
        known = self.move_sums.find_one(_SUMS)
        found = _sums_of(known) if known else Counter[tuple[str, str]]()
        found += self._counted(known["until_time"] if known else None)
        return {key: count for key, count in found.items() if key[0] <= month}

    def count_existing(self) -> int:
        """Entities in a state in which they exist."""
        return self.entities.count_documents({"state": {"$in": sorted(EXISTING)}}, hint="state_report")

    def _counted(self, after: datetime | None, until: datetime | None = None) -> Counter[tuple[str, str]]:
        grouped = self.moves.aggregate(noted_between(after, until), hint="noted")
        return Counter({(found["_id"]["month"], found["_id"]["move"]): found["count"] for found in grouped})


def noted_between(after: datetime | None, until: datetime | None) -> list[dict[str, Any]]:
    """Steps that count moves by month and kind, from the index alone. `after` None: also those from before it was kept when a
    move was noted; `until` None: up to now."""
    noted: dict[str, Any] = {}
    if after is not None:
        noted = {"$gt": after} | ({"$lte": until} if until is not None else {})
    elif until is not None:
        noted = {"$not": {"$gt": until}}
    group = {"_id": {"month": "$month", "move": "$move"}, "count": {"$sum": 1}}
    return [{"$match": {"noted_time": noted} if noted else {}}, {"$group": group}]


def _sums_of(known: Mapping[str, Any]) -> Counter[tuple[str, str]]:
    return Counter({(one["month"], one["move"]): one["count"] for one in known["sums"]})
