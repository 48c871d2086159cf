"""When a holder, as registration tells of it, has no permits any more (行政许可法 art. 70(3))."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# States of an entity that end its permits; a dormant one, or one that is being cleared, still holds them.
REVOKED = "REGISTRATION_REVOKED"
ENDED = frozenset({"LICENCE_REVOKED", REVOKED, "CANCELLED"})
# Reason of the state after a revocation that was wrong (市场主体登记管理条例 art. 42).
UNDONE = "REVOCATION_UNDONE"


def has_ended(holder: Mapping[str, Any] | None) -> bool:
    """Whether a holder has lost its licence or is no more: also while it is cleared after that. `holder`: what is noted of it
    (`Store.note_holder`), None for one that is registered elsewhere."""
    if holder is None:
        return False
    if holder["state"] in ENDED:
        return True
    version = holder.get("ended_version") or 0
    return bool(version) and not is_undone(holder, holder["ended_state"], version)


def is_undone(holder: Mapping[str, Any], state: str, version: int) -> bool:
    """Whether the end of a holder at this version was undone since. Only a revoked registration comes back (条例 arts. 40,
    42), so any newer state of it says that it did."""
    return state == REVOKED and int(holder["entity_version"]) > version
