"""Natural batching: while one call is under way, what comes in waits and goes together in the next. No timer. A further call
goes out beside it only when it is worth while, so that gateway and service work at the same time on batches of some size.

Each caller gets its own outcome. A service checks a batch as a whole before it looks at an item, so an item that breaks a
rule of the contract would fail its neighbours: such a batch is taken apart and the others are sent again (every command
carries an idempotency key, so sending again is harmless).
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from gateway import metrics
from shared.failures import Failure, InvalidArgument, Unavailable, Violation

T = TypeVar("T")
R = TypeVar("R")
_ITEM_FIELD = re.compile(r"\w+\[(\d+)\]\.?(.*)", re.DOTALL)


class Coalescer(Generic[T, R]):
    """Turns single calls of `submit` into calls of `send`, which answers a list in the order of its items.

    `calls`: calls under way at most; `worth`: items that must wait for one beside another.
    """

    def __init__(
        self,
        send: Callable[[Sequence[T]], Awaitable[Sequence[R]]],
        *,
        max_batch: int,
        calls: int = 1,
        worth: int = 1,
        max_waiting: int = 5000,
    ) -> None:
        self._send = send
        self._max_batch, self._calls, self._worth, self._max_waiting = max_batch, calls, worth, max_waiting
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._running = 0
        self._tasks: set[asyncio.Task[None]] = set()
        metrics.SUBMISSIONS_WAITING.set_function(lambda: len(self._waiting))

    async def submit(self, item: T) -> R:
        """The outcome of one item. Raises the Failure of its call; Unavailable (OVERLOADED) when too many wait."""
        if len(self._waiting) >= self._max_waiting:
            raise Unavailable("too many applications are waiting", reason="OVERLOADED")
        outcome: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, outcome))
        if self._running == 0 or (self._running < self._calls and len(self._waiting) >= self._worth):
            self._running += 1
            # the task starts after everything that this turn of the loop still brings in
            task = asyncio.create_task(self._run())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await outcome

    async def _run(self) -> None:
        try:
            while self._waiting and (self._running == 1 or len(self._waiting) >= self._worth):
                batch = [self._waiting.popleft() for _ in range(min(self._max_batch, len(self._waiting)))]
                batch = [entry for entry in batch if not entry[1].done()]
                if batch:
                    await self._deliver(batch)
        finally:
            # in the same step as the look at the queue: a task's callbacks run later, and an item that came in between
            # would find a task that no longer looks
            self._running -= 1

    async def _deliver(self, batch: list[tuple[T, asyncio.Future[R]]]) -> None:
        metrics.BATCH_SIZE.observe(len(batch))
        try:
            outcomes = await self._send([item for item, _ in batch])
            if len(outcomes) != len(batch):
                raise Unavailable("the service gave another number of outcomes", reason="RPC_OUTCOMES")
        except InvalidArgument as failure:
            await self._take_apart(batch, failure)
        except Exception as error:
            for _, future in batch:
                _fail(future, error)
        else:
            for (_, future), outcome in zip(batch, outcomes, strict=True):
                if not future.done():
                    future.set_result(outcome)

    async def _take_apart(self, batch: list[tuple[T, asyncio.Future[R]]], failure: InvalidArgument) -> None:
        """Fail the items that the failure names and send the others again; without names, each goes alone."""
        named: dict[int, list[Violation]] = {}
        for violation in failure.violations:
            match = _ITEM_FIELD.fullmatch(violation.field)
            if match and int(match[1]) < len(batch):
                named.setdefault(int(match[1]), []).append(Violation(match[2], violation.description, violation.reason))
        for index, violations in named.items():
            # the message of the call names the item by its place in the batch, which nobody outside knows
            message = f"{violations[0].field}: {violations[0].description}"
            _fail(batch[index][1], InvalidArgument(message, reason=failure.reason, violations=violations))
        others = [entry for index, entry in enumerate(batch) if index not in named]
        if named and others:
            await self._deliver(others)
        elif len(others) == 1:
            _fail(others[0][1], failure)
        else:
            for entry in others:
                await self._deliver([entry])


def _fail(future: asyncio.Future[R], error: Exception) -> None:
    if not future.done():
        future.set_exception(_copy(error) if isinstance(error, Failure) else error)


def _copy(failure: Failure) -> Failure:
    """Each caller raises its own: one exception object raised in many tasks would collect all their tracebacks."""
    kind = next(kind for kind in type(failure).__mro__ if kind.__module__ == "shared.failures")
    copied: Failure = kind(
        failure.message, reason=failure.reason, violations=failure.violations, metadata=failure.metadata
    )
    return copied
