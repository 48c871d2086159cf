"""Answering a broker that is gone: the message comes again, and the worker goes on consuming (found by `make chaos`)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from amqp.exceptions import ConnectionForced, RecoverableConnectionError
from pymongo.errors import AutoReconnect, DuplicateKeyError, NetworkTimeout, ServerSelectionTimeoutError

from shared.consumer import UNAVAILABLE_ATTEMPTS, BatchQueueConsumer, tries_allowed
from shared.failures import InvalidArgument, Unavailable
from shared.questions import AnswersListener
from shared.topology import load_topology


def message(error: BaseException | None) -> Any:
    def answer() -> None:
        if error:
            raise error

    channel = SimpleNamespace(connection=object())
    return SimpleNamespace(channel=channel, ack=answer, requeue=answer, reject=answer, delivery_info={})


@pytest.mark.parametrize(
    "error",
    [BrokenPipeError(32, "Broken pipe"), ConnectionResetError(104, "reset"), OSError("gone"), ConnectionForced("closed"),
     RecoverableConnectionError("gone"), None],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("answer", ["ack_message", "requeue_message", "reject_message"])
def test_a_connection_that_is_gone_ends_no_worker(answer: str, error: BaseException | None) -> None:
    consumer = BatchQueueConsumer()
    why = [TypeError("of another kind")] if answer == "reject_message" else []
    getattr(consumer, answer)(message(error), *why)
    assert consumer._in_flight == -1, "the message counts as settled"


def test_any_other_fault_is_not_swallowed() -> None:
    with pytest.raises(ValueError):
        BatchQueueConsumer().ack_message(message(ValueError("a fault of the kit")))


@pytest.mark.parametrize(
    ("error", "waits"),
    [
        (Unavailable("away"), True), (ServerSelectionTimeoutError("away"), True), (AutoReconnect("away"), True),
        (NetworkTimeout("away"), True), (DuplicateKeyError("a fault"), False), (InvalidArgument("a fault"), False),
        (KeyError("a fault"), False),
    ],
    ids=repr,
)  # fmt: skip
def test_an_event_waits_a_day_while_the_store_or_another_part_is_away_and_is_dead_soon_where_it_is_at_fault(
    error: Exception, waits: bool
) -> None:
    topology = load_topology()
    expected = UNAVAILABLE_ATTEMPTS if waits else len(topology.retry_delays_s)
    assert tries_allowed(error, topology) == expected
    assert UNAVAILABLE_ATTEMPTS * topology.retry_delays_s[-1] >= 24 * 3600


def test_a_question_that_nobody_answers_leaves_nothing_behind() -> None:
    listener = AnswersListener()
    awaited = [listener.get_reply_event(f"asked-{number}") for number in range(3)]
    assert len(listener._reply_events) == 3
    del awaited[1:]
    assert list(listener._reply_events) == ["asked-0"]
