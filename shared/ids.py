"""Ids: `<prefix>_<ULID>`, sortable by time, monotonic within a process, safe for threads, greenlets and forks.

Not to be guessed, not even from an id of the same millisecond: 79 random bits, and 64 for each step within a millisecond
(reliability attack 19). ULID: 48 bits of milliseconds and 80 more, in Crockford's base 32, upper case.
"""

from __future__ import annotations

import os
import re
import secrets
import threading
import time
from datetime import UTC, datetime, timedelta

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [a + b for a in ALPHABET for b in ALPHABET]
_EPOCH, _MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
_FORM = re.compile(rf"[a-z][a-z0-9]*_([0-7][{ALPHABET}]{{9}})[{ALPHABET}]{{16}}", re.ASCII)
_lock = threading.Lock()
_last = (0, 0)
# Random bytes are fetched in blocks: a system call for each id costs as much as the rest of it.
_BLOCK = 4096
_random, _position = b"", 0


def _start_afresh() -> None:
    """A forked child must not go on with the parent's random bytes, nor wait for a lock that nobody will release."""
    global _lock, _last, _random, _position
    _lock, _last, _random, _position = threading.Lock(), (0, 0), b"", 0


os.register_at_fork(after_in_child=_start_afresh)


def _random_bits(count: int) -> int:
    """`count` random bits (a multiple of 8); the caller holds the lock."""
    global _random, _position
    size = count // 8
    if _position + size > len(_random):
        _random, _position = secrets.token_bytes(_BLOCK), 0
    _position += size
    return int.from_bytes(_random[_position - size : _position])


def new_ulid() -> str:
    """26 characters: 48 bits of milliseconds, 80 random bits; within one millisecond they grow by a random step.

    When the clock is set back, or the room of a millisecond is used up, the time part runs ahead of the clock.
    """
    global _last
    milliseconds = time.time_ns() // 1_000_000
    with _lock:
        last_time, last_random = _last
        if milliseconds <= last_time:
            milliseconds, random = last_time, last_random + 1 + _random_bits(64)
            if random >> 80:
                milliseconds, random = last_time + 1, _random_bits(80) >> 1
        else:
            random = _random_bits(80) >> 1
        _last = (milliseconds, random)
    return _encode((milliseconds << 80) | random)


def new_id(prefix: str) -> str:
    """A new id, e.g. `app_01JD…`; the prefix is lower-case letters and digits."""
    return f"{prefix}_{new_ulid()}"


def id_time(identifier: str) -> datetime:
    """When an id was made (UTC, milliseconds). Raises ValueError for what is no id of ours."""
    match = _FORM.fullmatch(identifier)
    if match is None:
        raise ValueError(f"{identifier[:60]!r} is no id")
    value = 0
    for character in match[1]:
        value = value * 32 + ALPHABET.index(character)
    try:
        return _EPOCH + value * _MILLISECOND
    except OverflowError:
        raise ValueError(f"{identifier[:60]!r} is no id: its time lies after the year 9999") from None


def bound_before(prefix: str, instant: datetime) -> str:
    """The smallest id of an instant's millisecond: everything below was made before it, nothing of it is below.

    Raises ValueError for an instant before 1970, TypeError for a naive one.
    """
    # whole numbers: timestamp() * 1000 is a millisecond short for one instant in three hundred
    milliseconds = (instant - _EPOCH) // _MILLISECOND
    if milliseconds < 0:
        raise ValueError("there are no ids from before 1970")
    return f"{prefix}_{_encode(milliseconds << 80)}"


def _encode(value: int) -> str:
    pairs = []
    for _ in range(13):
        value, low = divmod(value, 1024)
        pairs.append(_PAIRS[low])
    return "".join(reversed(pairs))
