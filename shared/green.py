"""Making the standard library cooperative: the first thing a worker process does."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable
from typing import Any


def patch() -> None:
    """Patch for eventlet. Must run before pymongo, pika, kombu or nameko are imported."""
    # eventlet announces that it is in bugfix mode; nameko needs it, and the line would open every worker's log
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    # its own DNS resolver takes 0.2 s and 10 MB to import; names are looked up at reconnects only
    os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
    import eventlet

    eventlet.monkey_patch()


def side_by_side(size: int = 20) -> Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]:
    """A `map` whose calls run in green threads, at most `size` at once; results in order. Each caller needs its own: a call
    that waits for another of the same one would wait for ever."""
    from eventlet import GreenPool

    pool = GreenPool(size)
    return lambda function, items: list(pool.imap(function, items))
