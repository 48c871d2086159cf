"""The 1+N cancellation is killed at random points of its life, and comes to the same end (mission 4-04, 25.4-11).

KILL_POINTS=50 points, drawn anew each time; SEED repeats them (it is printed when a test fails).
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from tongban.registration.v1 import service_pb2 as rpc

from deploy.local.authorities import Authorities, routes
from services.registration.store.register import RegisterStore
from shared.clock import FixedClock
from tests.integration.registration.test_bundles import started
from tests.integration.registration.test_entity_cases import GOOD, registered

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
POINTS = int(os.environ.get("KILL_POINTS", "50"))
SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
START = datetime(2025, 3, 3, 2, tzinfo=UTC)
# The instants of its life: it begins, the notice of 20 days is over, the lease of whoever died while asking is over.
LIFE = (START, datetime(2025, 3, 25, 2, tzinfo=UTC))
AUTHORITIES = ("tax", "social_insurance", "housing_fund", "customs", "seals", "bank")
LEASE = timedelta(seconds=31)


@pytest.fixture(scope="module")
def authorities() -> Iterator[tuple[Authorities, str]]:
    """The other authorities, behind HTTP."""
    known = Authorities()
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes(known)), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        threading.Event().wait(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield known, f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def victim(servers: Any, register_store: RegisterStore, authorities: Any, tmp_path: Path) -> Iterator[Any]:
    arguments = [servers.mongo_uri("registration"), register_store.database, authorities[1], str(tmp_path)]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.integration.registration.victim", *arguments], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": ".:protos/gen"},
    ) as process:  # fmt: skip

        def live(bundle_id: str, now: datetime, kill_at: int = 0) -> tuple[bool, int]:
            """Whether it was killed, and how many points it passed."""
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps({"bundle_id": bundle_id, "now": now.isoformat(), "kill_at": kill_at}) + "\n")
            process.stdin.flush()
            told = json.loads(process.stdout.readline())
            return told["killed"], told["points"]

        yield live
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 0


def lived(victim: Any, bundle_id: str, kill_at: int = 0) -> tuple[int, bool]:
    """Live through all instants, killed at one point of the whole life; (points, whether it was killed)."""
    passed, was_killed = 0, False
    for instant in LIFE:
        killed, points = victim(bundle_id, instant, max(kill_at - passed, 0) if not was_killed else 0)
        passed += points
        was_killed = was_killed or killed
        for later in range(1, 3):  # whoever comes after it, once it is due again
            victim(bundle_id, instant + later * LEASE)
    return passed, was_killed


def end_of(store: RegisterStore, known: Authorities, bundle_id: str) -> dict[str, Any]:
    """All that is left of a bundle, without ids and times that differ from one to the next."""
    bundle = store.bundles.find("entity_bundles", bundle_id)
    assert bundle is not None
    entity = store.entity(bundle["entity_id"])
    assert entity is not None
    cases = list(store.entity_cases.find({"entity_id": bundle["entity_id"]}).sort("_id", -1))
    moved = Counter(
        (e["type"], e["data"].get("part", ""), e["data"].get("part_state", ""), e["data"].get("state", ""))
        for e in bundle["timeline"]
    )
    return {
        "bundle": (bundle["state"], bundle["outcome"], "open_key" in bundle, "next_due_time" in bundle),
        "parts": {part["key"]: (part["state"], bool(part["reference"]), part["followed"]) for part in bundle["parts"]},
        "moved": moved,
        "entity": (entity["state"], entity["version"], [e["type"] for e in entity["timeline"]]),
        "cases": [(case["kind"], case["state"], [e["data"]["state"] for e in case["timeline"]]) for case in cases],
        "name": [n["state"] for n in store.names.find({"full_name": entity["name"]})],
        "effects": {code: [ask for ask, _ in known[code].effects(entity["uscc"])] for code in AUTHORITIES},
    }


def test_4_04_killed_at_any_point_the_cancellation_comes_to_the_same_end(
    stub: Any, store: RegisterStore, clock: FixedClock, victim: Any, authorities: Any
) -> None:
    clock.set(START)
    known, drawn = authorities[0], random.Random(SEED)

    def begun(number: int) -> str:
        bundle: rpc.StartEntityBundleResponse = started(
            stub, "CANCELLATION", registered(stub, number), f"start-{number}", facts=GOOD
        )
        return str(bundle.bundle.bundle_id)

    reference = begun(0)
    points, _ = lived(victim, reference)
    whole = end_of(store, known, reference)
    assert whole["bundle"][:2] == ("FINISHED", "COMPLETE")
    assert whole["entity"][0] == "CANCELLED"
    assert points > POINTS
    for number, point in enumerate(sorted(drawn.sample(range(1, points + 1), POINTS)), start=1):
        bundle_id = begun(number)
        _, killed = lived(victim, bundle_id, point)
        assert killed, f"point {point} of {points} was not reached (SEED={SEED})"
        assert end_of(store, known, bundle_id) == whole, f"killed at point {point} of {points} (SEED={SEED})"
