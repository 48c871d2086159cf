"""Answering a broker that is gone: the message comes again, and the worker goes on consuming (found by `make chaos`)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from amqp.exceptions import ConnectionForced, RecoverableConnectionError

from shared.consumer import BatchQueueConsumer


def message(error: BaseException | None) -> Any:
    def answer() -> None:
        if error:
            raise error

    return SimpleNamespace(channel=SimpleNamespace(connection=object()), ack=answer, requeue=answer)


@pytest.mark.parametrize(
    "error",
    [BrokenPipeError(32, "Broken pipe"), ConnectionResetError(104, "reset"), OSError("gone"), ConnectionForced("closed"),
     RecoverableConnectionError("gone"), None],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("answer", ["ack_message", "requeue_message"])
def test_a_connection_that_is_gone_ends_no_worker(answer: str, error: BaseException | None) -> None:
    consumer = BatchQueueConsumer()
    getattr(consumer, answer)(message(error))
    assert consumer._in_flight == -1, "the message counts as settled"


def test_any_other_fault_is_not_swallowed() -> None:
    with pytest.raises(ValueError):
        BatchQueueConsumer().ack_message(message(ValueError("a fault of the kit")))
