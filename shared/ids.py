"""Ids: `<prefix>_<ULID>`, sortable by time, not to be guessed (80 random bits), monotonic within a process."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

from shared.random_bytes import random_bytes

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [a + b for a in ALPHABET for b in ALPHABET]
_50_BITS, _40_BITS = 2**50 - 1, 2**40 - 1
_lock = threading.Lock()
_last = (0, 0)


def new_ulid() -> str:
    """26 characters: 48 bits of milliseconds, 80 random bits; within one millisecond the random part counts up."""
    global _last
    milliseconds = time.time_ns() // 1_000_000
    with _lock:
        last_time, last_random = _last
        if milliseconds <= last_time:
            milliseconds, random = last_time, last_random + 1 + int.from_bytes(random_bytes(2))
        else:
            random = int.from_bytes(random_bytes(10)) >> 1
        _last = (milliseconds, random)
    return _encode((milliseconds << 80) | random)


def new_id(prefix: str) -> str:
    """A new id, e.g. `app_01JD…`."""
    return f"{prefix}_{new_ulid()}"


def id_time(identifier: str) -> datetime:
    """When an id was made (UTC, milliseconds). Raises ValueError for what is no id of ours."""
    ulid = identifier.rpartition("_")[2]
    value = 0
    for character in ulid[:10]:
        value = value * 32 + ALPHABET.index(character)
    return datetime.fromtimestamp(value / 1000, UTC)


def bound_before(prefix: str, instant: datetime) -> str:
    """The smallest id of an instant: everything below was made before it."""
    return f"{prefix}_{_encode(int(instant.timestamp() * 1000) << 80)}"


def _encode(value: int) -> str:
    """26 characters. Written out, since every document and event has an id: in three small numbers, for arithmetic on 128 bits is
    slow."""
    pair, high, middle, low = _PAIRS, value >> 90, value >> 40 & _50_BITS, value & _40_BITS
    return (
        f"{pair[high >> 30]}{pair[high >> 20 & 1023]}{pair[high >> 10 & 1023]}{pair[high & 1023]}"
        f"{pair[middle >> 40]}{pair[middle >> 30 & 1023]}{pair[middle >> 20 & 1023]}{pair[middle >> 10 & 1023]}"
        f"{pair[middle & 1023]}{pair[low >> 30]}{pair[low >> 20 & 1023]}{pair[low >> 10 & 1023]}{pair[low & 1023]}"
    )
