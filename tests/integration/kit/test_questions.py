"""Questions between services over a real broker: those who wait for somebody else do not keep others waiting (ADR 7)."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from shared.queue_consumer import KEPT_FOR_ANSWERS
from shared.settings import ProcessSettings
from tests.integration.kit.conftest import Bus, Worker, eventually
from tests.integration.kit.sample import SERVICE

pytestmark = pytest.mark.integration
SILENT = "rpc-silent"


@pytest.fixture
def silent(bus: Bus) -> Iterator[str]:
    """The queue of a service that takes questions and answers none."""
    with bus.channel() as channel:
        channel.exchange_declare("nameko-rpc", "topic", durable=True)
        channel.queue_declare(SILENT, durable=True)
        channel.queue_bind(SILENT, "nameko-rpc", "silent.*")
    yield SILENT
    with bus.channel() as channel:
        channel.queue_delete(SILENT)


def test_a_worker_answers_while_its_handlers_wait_for_somebody_silent(
    bus: Bus, store: Any, worker: Worker, silent: str
) -> None:
    worker.start()
    at_once = ProcessSettings(mongo_uri="", amqp_uri="").worker_greenlets
    seats = at_once - at_once // KEPT_FOR_ANSWERS
    for number in range(2 * at_once):
        bus.send(f"asking-{number}")
    eventually(lambda: bus.count(silent) >= seats)

    where = bus.ask(f"{SERVICE}.echo", "still here")

    _properties, body = eventually(lambda: bus.get(where))
    assert json.loads(body)["result"] == "still here"
    assert bus.count(silent) == seats  # it came while all of them waited
    worker.stop(signal.SIGKILL)


def test_a_question_for_whose_answer_nobody_waits_is_not_kept(
    bus: Bus, store: Any, worker: Worker, silent: str
) -> None:
    worker.start()
    bus.send("asking-1")
    eventually(lambda: bus.count(silent) == 1)
    worker.stop(signal.SIGKILL)
    eventually(lambda: bus.count(silent) == 0, 20)


def test_questions_and_answers_go_on_after_the_death_of_the_broker(
    bus: Bus, store: Any, worker: Worker, servers: Any
) -> None:
    worker.start()
    bus.send("echoing-1")
    eventually(lambda: store.effects.count_documents({}) == 1)
    servers.kill_rabbit()
    servers.start_rabbit()
    bus.send("echoing-2")
    eventually(lambda: store.effects.count_documents({}) == 2, 30)
