"""What a worker does with messages, on a real broker (performance.md §10 pitfalls 2-10; peers: one bad record stops none)."""

from __future__ import annotations

import signal
import time
from typing import Any

import pytest

from shared.dead_letters import ATTEMPT_HEADER, QUEUE_HEADER, REASON_HEADER
from shared.topology import dead_queue_name
from tests.integration.kit.conftest import Bus, Worker, eventually
from tests.integration.kit.sample import QUEUE, SERVICE

pytestmark = pytest.mark.integration
DEAD = dead_queue_name(SERVICE)


def test_a_handled_event_has_one_effect_however_often_it_comes(bus: Bus, store: Any, worker: Worker) -> None:
    worker.start()
    with bus.channel() as channel:
        bus.send("ok-1", "ok-2")
        del channel
    eventually(lambda: store.effects.count_documents({}) == 2)
    (first,) = store.effects.find({"entity_id": "ok-1"})

    _send_again(bus, first["_id"])
    bus.send("ok-3")

    eventually(lambda: store.effects.find_one({"entity_id": "ok-3"}))
    assert store.effects.count_documents({"entity_id": "ok-1"}) == 1


def test_a_broken_event_is_retried_then_dead_with_its_reason_while_others_flow(
    bus: Bus, store: Any, worker: Worker
) -> None:
    worker.start()
    (broken, *_) = bus.send("broken-1", "ok-1", "ok-2")

    eventually(lambda: store.effects.count_documents({}) == 2)
    bus.send("ok-3")
    eventually(lambda: store.effects.count_documents({}) == 3)
    properties, body = eventually(lambda: bus.get(DEAD))

    assert properties.headers[REASON_HEADER] == "ValueError"
    assert properties.headers[QUEUE_HEADER] == QUEUE
    assert properties.headers[ATTEMPT_HEADER] == 3
    assert broken.encode() in body
    # in the envelope, alone at once, and after each of the three delays
    assert store.tries.find_one({"_id": broken})["n"] == 1 + 1 + 3
    assert bus.get(DEAD) is None
    assert "must not be told" not in str(properties.headers)


def test_a_flaky_event_is_handled_in_the_end(bus: Bus, store: Any, worker: Worker) -> None:
    worker.start()
    bus.send("flaky-1")

    eventually(lambda: store.effects.find_one({"entity_id": "flaky-1"}))
    assert bus.get(DEAD) is None


def test_while_another_part_is_unavailable_an_event_waits_and_is_not_dead(bus: Bus, store: Any, worker: Worker) -> None:
    worker.start()
    bus.send("waiting-1")

    eventually(lambda: store.effects.find_one({"entity_id": "waiting-1"}))
    assert 'reason="OTHER_PART_DOWN"' in worker.metrics()
    assert bus.get(DEAD) is None


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff\xfe no protobuf", "application/cloudevents-batch+protobuf"),
        (b"", "application/cloudevents-batch+protobuf"),
        (b"{}", "application/json"),
        (b"cos\nsystem\n(S'x'\ntR.", "application/x-python-serialize"),
        (b"x", "application/unknown"),
    ],
)
def test_an_undecodable_message_is_dead_and_stops_nothing(
    bus: Bus, store: Any, worker: Worker, body: bytes, content_type: str
) -> None:
    worker.start()
    bus.publish(body, content_type)
    bus.send("ok-1")

    eventually(lambda: store.effects.count_documents({}) == 1)
    properties, _ = eventually(lambda: bus.get(DEAD))
    # put aside at once, not when the broker had enough of giving it out: each time it would have broken something
    assert "delivery_limit" not in [death["reason"] for death in (properties.headers or {}).get("x-death", ())]
    assert worker.stop(signal.SIGTERM) == 0
    assert "worker_stopped_in_the_middle" not in worker.log()


def test_a_handler_that_kills_its_process_is_done_by_the_next_one(bus: Bus, store: Any, worker: Worker) -> None:
    worker.start()
    bus.send("crash-1")
    assert worker.process is not None
    assert worker.process.wait(20) == 9

    worker.start()

    eventually(lambda: store.effects.find_one({"entity_id": "crash-1"}))


def test_sigterm_lets_the_running_handler_finish(bus: Bus, store: Any, worker: Worker) -> None:
    worker.start()
    bus.send("slow-1")
    eventually(lambda: store.tries.count_documents({}) == 1)

    assert worker.stop(signal.SIGTERM) == 0

    assert store.effects.find_one({"entity_id": "slow-1"})
    time.sleep(0.2)
    assert bus.get(QUEUE) is None


def test_sigkill_in_a_handler_loses_nothing(bus: Bus, store: Any, worker: Worker) -> None:
    worker.start()
    bus.send("slow-1", "ok-1")
    eventually(lambda: store.tries.count_documents({}) >= 1)
    worker.stop(signal.SIGKILL)

    worker.start()

    eventually(lambda: store.effects.count_documents({}) == 2)


def test_the_worker_is_back_within_ten_seconds_of_the_broker(
    bus: Bus, store: Any, worker: Worker, servers: Any
) -> None:
    worker.start()
    servers.stop_rabbit()
    eventually(lambda: worker.ready() == 503)
    servers.start_rabbit()
    back = time.monotonic()

    bus.send("ok-1")

    eventually(lambda: store.effects.count_documents({}) == 1)
    eventually(lambda: worker.ready() == 200)
    assert time.monotonic() - back < 10


def test_the_broker_dies_under_running_handlers_and_the_worker_consumes_on(
    bus: Bus, store: Any, worker: Worker, servers: Any
) -> None:
    """The answers to the broker break in another way than nameko knows; `make chaos` found a worker that heard nothing more."""
    worker.start()
    for turn in range(2):
        bus.send(f"slow-{turn}", f"slow-{turn}-b")
        time.sleep(0.5)
        servers.kill_rabbit()
        time.sleep(2.5)  # the handlers end while nobody listens
        servers.start_rabbit()
        bus.send(f"ok-{turn}")
        eventually(lambda turn=turn: store.effects.count_documents({}) == 3 * (turn + 1), 30)


def test_a_queue_with_other_arguments_makes_the_worker_not_ready_and_says_why(bus: Bus, worker: Worker) -> None:
    with bus.channel() as channel:
        channel.queue_delete(QUEUE)
        channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": "quorum", "x-max-length": 5})
    try:
        worker.start(wait=False)
        eventually(lambda: "other arguments" in worker.reasons())
        assert worker.ready() == 503
        with bus.channel() as channel:
            channel.queue_delete(QUEUE)
        eventually(lambda: worker.ready() == 200)  # and it heals by itself
    finally:
        with bus.channel() as channel:
            channel.queue_delete(QUEUE)


def test_a_worker_has_no_grpc_in_its_process() -> None:
    """A gRPC server in a patched process hangs, a client freezes the hub (pitfall 12)."""
    import subprocess
    import sys

    code = (
        "import sys; sys.argv=['x','worker']\n"
        "import services.registration.__main__, services.registration.handlers, shared.worker, nameko.runners\n"
        "import eventlet.patcher, socket; assert eventlet.patcher.is_monkey_patched('socket')\n"
        "bad=[m for m in sys.modules if m=='grpc' or m.startswith('grpc.') or m=='pkg_resources']; assert not bad, bad"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _send_again(bus: Bus, event_id: str) -> None:
    """The same event once more, as a broker would after a lost acknowledgement."""
    from datetime import UTC, datetime

    from services.registration.domain.events import EntityRegistered
    from shared.events import Cause, encode, encode_batch, timeline_entry

    entry = timeline_entry(
        EntityRegistered("ok-1", "app_1", "91320411MAXX00015L", "LIMITED_COMPANY", "320411", "2026-11-23", 1),
        datetime.now(UTC),
        Cause(),
    )
    entry["id"] = event_id
    bus.publish(encode_batch([encode("registration", "320411", "ok-1", entry)]))
