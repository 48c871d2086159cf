"""Random bytes for keys and ids, fetched from the system in blocks.

A system call for each id or nonce costs as much as what it is for, and it gives the interpreter lock away, which a process of
many threads waits for to get back. A child process fetches its own: nothing is used twice.
"""

from __future__ import annotations

import os
import threading

_BLOCK = 4096
_lock = threading.Lock()
_random, _position = b"", 0


def random_bytes(count: int) -> bytes:
    """`count` bytes (at most 4096), not to be guessed and never given out before."""
    global _random, _position
    with _lock:
        if _position + count > len(_random):
            _random, _position = os.urandom(_BLOCK), 0
        _position += count
        return _random[_position - count : _position]


def _forget() -> None:
    global _random, _lock
    _random, _lock = b"", threading.Lock()


os.register_at_fork(after_in_child=_forget)
