"""The ledger of one side: every message sent and received and every receipt, each entry chained to the one before.

Any change, removal or reordering breaks the chain from that entry on; whoever keeps the head's hash can prove it. What both
sides hold of one message is the same: its digest and the digest of its receipt, so either can prove alone who had what and
when. Entries carry digests, never content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import rfc8785

GENESIS = "0" * 64
SENT, RECEIPTED, RECEIVED = "SENT", "RECEIPTED", "RECEIVED"
_HASHED = (
    "position", "time", "kind", "message_id", "message_type", "handoff_case_id", "sequence", "from_region", "to_region",
    "message_sha256", "receipt_sha256", "previous_hash",
)  # fmt: skip


def link(entry: Mapping[str, Any], position: int, previous_hash: str) -> dict[str, Any]:
    """The entry at its place in the chain, with its hash: SHA-256 over its canonical JSON (RFC 8785)."""
    placed = {**entry, "position": position, "previous_hash": previous_hash}
    return placed | {"hash": entry_hash(placed)}


def entry_hash(entry: Mapping[str, Any]) -> str:
    """Hash of an entry from its own fields."""
    plain = {name: entry[name] for name in _HASHED}
    return hashlib.sha256(rfc8785.dumps({**plain, "time": entry["time"].isoformat()})).hexdigest()


def broken_at(entries: Iterable[Mapping[str, Any]]) -> tuple[int, int, str]:
    """Read the whole chain: (entries read, first position that does not hold or 0, hash of the head)."""
    count, head = 0, GENESIS
    for count, entry in enumerate(entries, 1):
        if entry["position"] != count or entry["previous_hash"] != head or entry_hash(entry) != entry["hash"]:
            return count, count, head
        head = entry["hash"]
    return count, 0, head


def disagreements(ours: Iterable[Mapping[str, Any]], theirs: Iterable[Mapping[str, Any]]) -> list[str]:
    """Ids of messages about which two ledgers do not say the same: sent and receipted here, received there, same digests."""
    mine, other = _by_message(ours), _by_message(theirs)
    return sorted(
        message for message in mine.keys() | other.keys() if not _agree(mine.get(message), other.get(message))
    )


def _by_message(entries: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, tuple[str, str]]]:
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for entry in entries:
        found.setdefault(entry["message_id"], {})[entry["kind"]] = (entry["message_sha256"], entry["receipt_sha256"])
    return found


def _agree(one: dict[str, tuple[str, str]] | None, other: dict[str, tuple[str, str]] | None) -> bool:
    if one is None or other is None:
        return False
    sender, receiver = (one, other) if SENT in one else (other, one)
    return (
        SENT in sender and RECEIVED in receiver and sender.get(RECEIPTED) == receiver[RECEIVED]
        and sender[SENT][0] == receiver[RECEIVED][0]
    )  # fmt: skip
