"""A process that carries a bundle on until nothing is left to do at an instant, or is killed (SIGKILL) at its n-th step.

    python -m tests.integration.registration.victim <mongo uri> <database> <authorities url> <key folder>

reads lines {"bundle_id", "now", "kill_at"} and answers each with {"killed", "points"}. For each line it forks: the child
connects anew, counts every command to the store (before it is sent, after it was answered) and every question to an authority
(the same), and dies at the one it is told. So a kill falls between any two things that leave a trace.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pymongo import MongoClient, monitoring

from services.registration.domain.authority import Answer, Question
from services.registration.store import RegisterStore
from services.registration.store.bundles import bundle_of
from services.registration.store.entity_cases import case_of
from services.registration.store.register import application_of, entity_of
from services.registration.usecases.context import Parts
from services.registration.wire import HttpAuthorities
from shared.clock import FixedClock
from shared.documents import to_document
from shared.mongo import CLIENT_OPTIONS
from shared.personal_data import Sealer
from tests.integration.registration.outside import run

PERMITS = ("per_1", "per_2")


class Points(monitoring.CommandListener):
    """Counts what leaves a trace, in a file that outlives the process; ends the process at the one it is told."""

    def __init__(self, file: Path, kill_at: int) -> None:
        self._file, self._kill_at, self.count = file, kill_at, 0

    def pass_one(self, event: Any = None) -> None:
        self.count += 1
        self._file.write_text(str(self.count))
        if self.count == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    started = succeeded = failed = pass_one


class Silent:
    """An outbox whose process dies before it publishes: what it would have told is found in the store."""

    def committed_many(self, collection: str, items: Any) -> None:
        """Nothing goes out."""

    def check_capacity(self) -> None:
        """Always room."""


class Counted(HttpAuthorities):
    """Asks authorities one by one, each a point before and after."""

    points: Points

    def ask_each(self, questions: Sequence[Question], tell: Callable[[Answer], None]) -> None:
        addresses = self._addresses()
        for question in questions:
            self.points.pass_one()
            answer = self._ask(question, addresses[question.authority])
            self.points.pass_one()
            tell(answer)


def live(points: Points, order: dict[str, Any], uri: str, database: str, url: str, keys: Path) -> None:
    client: MongoClient[dict[str, Any]] = MongoClient(uri, event_listeners=[points], **CLIENT_OPTIONS)
    store, clock = RegisterStore(client, database), FixedClock(datetime.fromisoformat(order["now"]))
    addresses = keys / "authorities.yaml"
    codes = ("tax", "social_insurance", "housing_fund", "customs", "seals", "bank")
    text = {"authorities": {code: {"url": f"{url}/authorities/{code}"} for code in codes}}
    addresses.write_text(json.dumps(text))  # JSON is YAML
    wire = Counted(addresses, keys, clock, 5.0, map)
    wire.points = points
    parts = Parts(
        store, Silent(), clock, Sealer(bytes(32)), "320411", to_document, application_of, entity_of, store.cases, case_of,
        store.bundles, bundle_of, wire,
    )  # fmt: skip
    run(parts, store, order["bundle_id"], permits=PERMITS)


def main() -> None:
    uri, database, url, keys = sys.argv[1:5]
    with tempfile.TemporaryDirectory() as folder:
        for line in sys.stdin:
            order, count = json.loads(line), Path(folder) / "count"
            count.write_text("0")
            child = os.fork()
            if child == 0:
                live(Points(count, order["kill_at"]), order, uri, database, url, Path(keys))
                os._exit(0)
            _, status = os.waitpid(child, 0)
            killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
            if not killed and status != 0:
                raise SystemExit(f"the child failed: {status}")
            print(json.dumps({"killed": killed, "points": int(count.read_text())}), flush=True)


if __name__ == "__main__":
    main()
