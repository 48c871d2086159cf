"""Making the standard library cooperative: the first thing a worker process does; and what only cooperative code can do."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

# Whether `patch` ran in this process.
_patched = False


def patch() -> None:
    """Patch for eventlet. Must run before pymongo, pika, kombu or nameko are imported."""
    global _patched
    # eventlet announces that it is in bugfix mode; nameko needs it, and the line would open every worker's log
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    # its own DNS resolver takes 0.2 s and 10 MB to import; names are looked up by the system's, in threads (below)
    os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
    # look-ups, and one signer of certificates; twenty threads would lie idle
    os.environ.setdefault("EVENTLET_THREADPOOL_SIZE", "4")
    import eventlet

    eventlet.monkey_patch()
    _look_up_names_in_threads()
    _patched = True


def _look_up_names_in_threads() -> None:
    """The system's look-up is one blocking call: while a name server is silent, nothing else of the worker would run."""
    import socket

    from eventlet import tpool
    from eventlet.green import socket as green_socket

    blocking = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> Any:
        try:  # an address needs nobody to be asked, and no thread
            return blocking(host, port, family, type, proto, flags | socket.AI_NUMERICHOST)
        except socket.gaierror:
            return tpool.execute(blocking, host, port, family, type, proto, flags)

    socket.getaddrinfo = green_socket.getaddrinfo = getaddrinfo


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise TimeoutError where what is inside takes longer, whatever it waits for. In a process that is not patched a wait
    cannot be broken off: there it does nothing."""
    if not _patched:
        yield
        return
    from eventlet import Timeout

    limit = Timeout(seconds)
    try:
        yield
    except Timeout as raised:
        if raised is not limit:
            raise
        raise TimeoutError(f"not through within {seconds} s") from None
    finally:
        limit.cancel()


def side_by_side(size: int = 20) -> Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]:
    """A `map` whose calls run in green threads, at most `size` at once; results in order. Each caller needs its own: a call
    that waits for another of the same one would wait for ever."""
    from eventlet import GreenPool

    pool = GreenPool(size)
    return lambda function, items: list(pool.imap(function, items))


def side_by_side_for(
    seconds: float, size: int = 20
) -> Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]:  # fmt: skip
    """The same for a round that comes again: it waits so long, and gives the results that are there, in no order. Calls that
    still run go on without it; those that found no place among `size` are not begun."""
    from eventlet import GreenPool, Timeout

    pool = GreenPool(size)

    def each(function: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
        done: list[Any] = []
        with Timeout(seconds, False):
            begun = [pool.spawn(lambda one: done.append(function(one)), item) for item in items]
            for call in begun:
                call.wait()
        return list(done)

    return each
