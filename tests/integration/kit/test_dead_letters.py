"""Dead letters can be seen and sent back, and are never dropped (reliability J: nothing leaves a dead queue but by replay)."""

from __future__ import annotations

from typing import Any

import pytest

from shared.dead_letters import list_dead, replay_dead
from tests.integration.kit.conftest import Bus, Worker, eventually
from tests.integration.kit.sample import QUEUE, SERVICE

pytestmark = pytest.mark.integration


def test_a_dead_event_is_listed_with_its_reason_and_stays(bus: Bus, store: Any, worker: Worker) -> None:
    worker.start()
    (event_id,) = bus.send("broken-1")
    eventually(lambda: list_dead(bus.uri, SERVICE))

    (letter,) = list_dead(bus.uri, SERVICE)
    (again,) = list_dead(bus.uri, SERVICE)

    assert (letter.queue, letter.reason, letter.attempts) == (QUEUE, "ValueError", 3)
    assert letter.event_ids == (event_id,)
    assert letter.subjects == ("broken-1",)
    assert again == letter


def test_a_replayed_event_gets_its_tries_again_and_others_stay(bus: Bus, store: Any, worker: Worker) -> None:
    worker.start()
    (broken,) = bus.send("broken-1")
    bus.publish(b"no batch at all")
    eventually(lambda: len(list_dead(bus.uri, SERVICE)) == 2)
    tries = store.tries.find_one({"_id": broken})["n"]
    store.tries.update_one({"_id": broken}, {"$set": {"n": 0}})

    assert replay_dead(bus.uri, SERVICE, lambda letter: broken in letter.event_ids) == 1

    eventually(lambda: len(list_dead(bus.uri, SERVICE)) == 2)
    assert store.tries.find_one({"_id": broken})["n"] == tries
    undecodable = [letter for letter in list_dead(bus.uri, SERVICE) if not letter.event_ids]
    assert [letter.reason for letter in undecodable] == ["UNDECODABLE_MESSAGE"]
