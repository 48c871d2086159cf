"""The coalescer alone: batches, order, own outcomes, isolation of failures."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from gateway.coalescing import Coalescer
from shared.failures import FailedPrecondition, Failure, InvalidArgument, Unavailable, Violation

Send = Callable[[Sequence[int]], Awaitable[Sequence[Any]]]


class Service:
    """Doubles numbers and keeps the batches; `act` may do something else."""

    def __init__(self, act: Callable[[Sequence[int]], Sequence[Any]] | None = None, seconds: float = 0.0) -> None:
        self.batches: list[list[int]] = []
        self._act = act or (lambda batch: [number * 2 for number in batch])
        self._seconds = seconds
        self.running = self.most = 0

    async def send(self, batch: Sequence[int]) -> Sequence[Any]:
        self.batches.append(list(batch))
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await asyncio.sleep(self._seconds)
            return self._act(batch)
        finally:
            self.running -= 1


async def all_of(coalescer: Coalescer[int, Any], count: int) -> list[Any]:
    return await asyncio.gather(*(coalescer.submit(i) for i in range(count)), return_exceptions=True)


def run(service: Service, count: int, **limits: int) -> list[Any]:
    async def play() -> list[Any]:
        return await asyncio.wait_for(all_of(Coalescer(service.send, **{"max_batch": 200} | limits), count), 10)

    return asyncio.run(play())


def test_each_caller_gets_its_own_outcome() -> None:
    assert run(Service(), 450) == [i * 2 for i in range(450)]


def test_items_go_in_the_order_in_which_they_came_and_never_more_than_the_cap() -> None:
    service = Service()
    run(service, 450)
    assert [len(batch) for batch in service.batches] == [200, 200, 50]
    assert [i for batch in service.batches for i in batch] == list(range(450))


def test_one_alone_does_not_wait_for_others() -> None:
    service = Service()
    assert run(service, 1) == [0]
    assert service.batches == [[0]]


def test_what_comes_during_a_call_goes_together_in_the_next() -> None:
    service = Service(seconds=0.02)

    async def play() -> None:
        coalescer: Coalescer[int, Any] = Coalescer(service.send, max_batch=200)
        first = asyncio.create_task(coalescer.submit(0))
        await asyncio.sleep(0.005)
        later = [asyncio.create_task(coalescer.submit(i)) for i in (1, 2, 3)]
        await asyncio.gather(first, *later)

    asyncio.run(play())
    assert service.batches == [[0], [1, 2, 3]]
    assert service.most == 1


def test_as_many_calls_are_in_flight_as_configured() -> None:
    service = Service(seconds=0.01)

    async def play() -> None:
        coalescer: Coalescer[int, Any] = Coalescer(service.send, max_batch=1, calls=3)
        tasks = []
        for i in range(9):
            tasks.append(asyncio.create_task(coalescer.submit(i)))
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)

    asyncio.run(play())
    assert service.most == 3


def test_a_call_beside_another_goes_out_only_when_enough_wait_and_nothing_is_left_behind() -> None:
    batches: list[int] = []

    async def play() -> list[Any]:
        answering = asyncio.Event()  # no call ends before it is set, however slow the machine is

        async def send(batch: Sequence[int]) -> Sequence[Any]:
            batches.append(len(batch))
            await answering.wait()
            return [number * 2 for number in batch]

        async def come(numbers: range) -> list[asyncio.Task[Any]]:
            tasks = [asyncio.create_task(coalescer.submit(i)) for i in numbers]
            for _ in range(5):
                await asyncio.sleep(0)
            return tasks

        coalescer: Coalescer[int, Any] = Coalescer(send, max_batch=200, calls=2, worth=10)
        tasks = await come(range(1))
        tasks += await come(range(1, 6))
        assert batches == [1]
        tasks += await come(range(6, 11))
        assert batches == [1, 10]
        tasks += await come(range(11, 14))
        assert batches == [1, 10]
        answering.set()
        return await asyncio.wait_for(asyncio.gather(*tasks), 10)

    assert asyncio.run(play()) == [i * 2 for i in range(14)]
    assert batches == [1, 10, 3]


def test_an_item_that_comes_at_the_very_end_of_a_call_is_not_left_behind() -> None:
    """Callers that ask again at once, as connections do that are kept alive."""
    service = Service()

    async def play() -> None:
        coalescer: Coalescer[int, Any] = Coalescer(service.send, max_batch=200)

        async def caller() -> None:
            for i in range(200):
                assert await coalescer.submit(i) == i * 2

        await asyncio.wait_for(asyncio.gather(*(caller() for _ in range(20))), 10)

    asyncio.run(play())


def test_a_failed_call_fails_its_own_callers_and_nobody_after_them() -> None:
    def act(batch: Sequence[int]) -> Sequence[Any]:
        if 0 in batch:
            raise Unavailable("down", reason="RPC_UNAVAILABLE")
        return batch

    outcomes = run(Service(act), 5, max_batch=2)
    assert [type(o) for o in outcomes[:2]] == [Unavailable, Unavailable]
    assert outcomes[2:] == [2, 3, 4]
    assert outcomes[0] is not outcomes[1]


def test_an_item_named_by_the_contract_check_fails_alone_with_its_own_field() -> None:
    def act(batch: Sequence[int]) -> Sequence[Any]:
        bad = [i for i, number in enumerate(batch) if number in (1, 3)]
        if bad:
            violations = [Violation(f"submissions[{i}].application.name", "too long", "FIELD_RULE") for i in bad]
            raise InvalidArgument("bad", reason="INVALID_FIELD", violations=violations)
        return batch

    service = Service(act)
    outcomes = run(service, 5)
    assert [outcomes[0], outcomes[2], outcomes[4]] == [0, 2, 4]
    for index in (1, 3):
        assert isinstance(outcomes[index], InvalidArgument)
        assert [v.field for v in outcomes[index].violations] == ["application.name"]
    assert service.batches == [[0, 1, 2, 3, 4], [0, 2, 4]]


def test_when_nobody_is_named_each_goes_alone() -> None:
    def act(batch: Sequence[int]) -> Sequence[Any]:
        if 1 in batch:
            raise InvalidArgument("bad", reason="INVALID_FIELD")
        return batch

    outcomes = run(Service(act), 3)
    assert (outcomes[0], outcomes[2]) == (0, 2)
    assert isinstance(outcomes[1], InvalidArgument)


def test_another_number_of_outcomes_is_a_failure_not_a_mix_up() -> None:
    outcomes = run(Service(lambda batch: batch[:-1]), 3)
    assert all(isinstance(outcome, Unavailable) for outcome in outcomes)


def test_a_failure_that_is_no_failure_of_ours_reaches_all_callers_too() -> None:
    def act(batch: Sequence[int]) -> Sequence[Any]:
        raise KeyError("what")

    assert all(isinstance(outcome, KeyError) for outcome in run(Service(act), 3))


def test_failures_of_a_service_keep_their_kind_and_reason() -> None:
    class Odd(FailedPrecondition):
        """A subclass whose constructor nobody here knows."""

    def act(batch: Sequence[int]) -> Sequence[Any]:
        raise Odd("not now", metadata={"a": "b"})

    outcome: Failure = run(Service(act), 1)[0]
    assert isinstance(outcome, FailedPrecondition)
    assert (outcome.reason, outcome.metadata) == ("ODD", {"a": "b"})


def test_too_many_waiting_is_told_at_once() -> None:
    outcomes = run(Service(), 10, max_waiting=4)
    assert [o for o in outcomes if isinstance(o, int)] == [0, 2, 4, 6]
    assert {o.reason for o in outcomes if isinstance(o, Unavailable)} == {"OVERLOADED"}


def test_a_caller_that_has_gone_is_not_sent() -> None:
    service = Service(seconds=0.01)

    async def play() -> None:
        coalescer: Coalescer[int, Any] = Coalescer(service.send, max_batch=200)
        first = asyncio.create_task(coalescer.submit(0))
        await asyncio.sleep(0)
        gone, stays = asyncio.create_task(coalescer.submit(1)), asyncio.create_task(coalescer.submit(2))
        await asyncio.sleep(0.002)
        gone.cancel()
        await asyncio.gather(first, stays)
        with pytest.raises(asyncio.CancelledError):
            await gone

    asyncio.run(play())
    assert service.batches == [[0], [2]]
