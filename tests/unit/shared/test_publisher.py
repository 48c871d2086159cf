"""The publishing connection while there is no broker."""

from __future__ import annotations

import gc
import threading
from pathlib import Path
from typing import Any

import pika
import pytest

from shared import publisher
from shared.outgoing import Outcome, Outgoing
from shared.publisher import Publisher


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_broker_that_stays_away_costs_no_files_and_what_is_handed_over_fails_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried, enough = [], threading.Event()
    connect = pika.SelectConnection

    def counted(*arguments: Any, **options: Any) -> Any:
        tried.append(open_files())
        if len(tried) > 60:
            enough.set()
        return connect(*arguments, **options)

    monkeypatch.setattr(pika, "SelectConnection", counted)
    monkeypatch.setattr(publisher, "RECONNECT_SECONDS", (0.0,))
    gc.disable()  # as in a process whose memory is settled
    try:
        one = Publisher("amqp://127.0.0.1:1/?connection_attempts=1")
        one.start()
        assert enough.wait(60)
        outcomes: list[Outcome] = []
        one.publish(Outgoing("e", "k", b"", outcomes.append, "text/plain"))
        one.stop()
    finally:
        gc.enable()
    assert outcomes == [Outcome.FAILED]
    assert max(tried) < min(tried) + 20, tried
