"""The faults: every process, broker and store of both regions, killed as a power cut would, in an order that the seed gives."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from deploy.local import mongo, rabbit
from deploy.local.environment import process_plans
from deploy.local.state import Identity
from deploy.regions.plan import Region
from shared.topology import load_topology

# Between two faults; what was killed needs a little time to come back, so that progress is made at all.
PAUSES = (2.5, 5.0)
DOWN = (0.5, 2.0)
SERVERS = ("mongod", "rabbitmq")


@dataclass
class Faults:
    """What was killed, in order."""

    done: list[str] = field(default_factory=list)

    def targets(self, regions: list[Region]) -> list[tuple[Region, str]]:
        """Everything that can be killed."""
        names = [plan.name for plan in process_plans(load_topology()) if plan.name != "issuer"]
        return [(region, name) for region in regions for name in (*names, *SERVERS)]

    def run(self, regions: list[Region], seed: int, stop: threading.Event) -> None:
        """Kill until told to stop; each target comes once before any comes twice."""
        chance = random.Random(seed)
        for region, name in self._order(regions, chance):
            if stop.wait(chance.uniform(*PAUSES)):
                return
            kill(region, name, chance.uniform(*DOWN))
            self.done.append(f"{region.code} {name}")

    def _order(self, regions: list[Region], chance: random.Random) -> Iterator[tuple[Region, str]]:
        while True:
            round_ = self.targets(regions)
            chance.shuffle(round_)
            yield from round_


def kill(region: Region, name: str, down: float) -> None:
    """End one part with SIGKILL. The supervisor starts processes again; store and broker are away for `down` seconds."""
    topology = load_topology(port_offset=region.port_offset)
    if name in SERVERS:
        end, start = (
            (mongo.kill_mongo, mongo.start_mongo) if name == "mongod" else (rabbit.kill_rabbit, rabbit.start_rabbit)
        )
        end(region.state)
        time.sleep(down)
        start(region.state, topology)
        return
    listed = json.loads((region.state.directory / "processes.json").read_text(encoding="utf-8"))
    processes = listed["processes"] if isinstance(listed, dict) else listed
    found = next((process for process in processes if process["name"] == name), None)
    if found and found["pid"] and Identity(found["pid"], found["ticks"]).alive:
        os.kill(found["pid"], signal.SIGKILL)
