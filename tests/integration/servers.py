"""Store and broker for tests: the same as `make up` starts, in a directory and on ports of their own, thrown away after."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from deploy.local import mongo, rabbit
from deploy.local.environment import environment, process_plans
from deploy.local.health import can_bind
from deploy.local.state import State, open_state, stop_process
from shared.bus_topology import declare_all
from shared.topology import Topology, load_topology

STEP = 100
# Two offsets that differ by a multiple of this can meet (epmd of one, broker of the other): they share a lock.
LANES = 10
_held_locks: list[IO[str]] = []


class Servers:
    """A running store and broker. Services are named as in the topology, processes as `registration-rpc`."""

    def __init__(self, state: State, topology: Topology) -> None:
        self.state = state
        self.topology = topology

    @property
    def admin_mongo_uri(self) -> str:
        return self.mongo_uri(self.topology.mongo["admin_user"])

    @property
    def admin_amqp_uri(self) -> str:
        return self.amqp_uri(self.topology.rabbit["admin_user"])

    def mongo_uri(self, service: str) -> str:
        """The service's own database with its own user."""
        return mongo.mongo_uri(self.state, self.topology, service)

    def amqp_uri(self, service: str) -> str:
        """The vhost with the service's own user."""
        return rabbit.amqp_uri(self.state, self.topology, service)

    def environment(self, process: str) -> dict[str, str]:
        """What a process of the stack is started with."""
        plan = next(plan for plan in process_plans(self.topology) if plan.name == process)
        return environment(self.state, self.topology, plan)

    def command(self, process: str) -> tuple[str, ...]:
        """The command line of a process of the stack."""
        return next(plan.command for plan in process_plans(self.topology) if plan.name == process)

    def start_rabbit(self) -> None:
        """Start the broker again; returns when it answers."""
        rabbit.start_rabbit(self.state, self.topology)

    def stop_rabbit(self) -> None:
        """Shut the broker down in good order (takes about 6 s)."""
        rabbit.stop_rabbit(self.state)

    def kill_rabbit(self) -> None:
        """End the broker as a power cut would."""
        rabbit.kill_rabbit(self.state)

    def start_mongo(self) -> None:
        """Start the store again; returns when it is primary."""
        mongo.start_mongo(self.state, self.topology)

    def stop_mongo(self) -> None:
        """Shut the store down in good order."""
        mongo.stop_mongo(self.state)

    def kill_mongo(self) -> None:
        """End the store as a power cut would."""
        mongo.kill_mongo(self.state)


@contextmanager
def servers(state_dir: Path, offset: int | None = None, *, declare: bool = True) -> Iterator[Servers]:
    """Run a store and a broker, with all queues declared unless told otherwise; killed at the end, the data left behind."""
    state = open_state(state_dir)
    topology = load_topology(port_offset=free_offset() if offset is None else offset)
    try:
        with ThreadPoolExecutor(max_workers=2) as pool:
            starts = [pool.submit(start, state, topology) for start in (mongo.start_mongo, rabbit.start_rabbit)]
            for start in starts:
                start.result()
        running = Servers(state, topology)
        if declare:
            declare_all(running.admin_amqp_uri, topology)
        yield running
    finally:
        rabbit.kill_rabbit(state)
        stop_process(state.identity_of(rabbit.EPMD), 5.0)
        mongo.kill_mongo(state)


def free_offset(beside: Sequence[int] = ()) -> int:
    """A port offset at which all ports of the topology are free, kept for this process as long as it lives; also those of
    platforms at offsets `beside` it.

    Small offsets come first: they keep servers below the ports that the kernel hands out to clients. Parallel
    test runs do not get the same one, since each holds a lock file.
    """
    highest = max(load_topology(port_offset=0).all_ports().values())
    ephemeral = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    below = range(STEP, max(STEP, ephemeral - highest), STEP)
    above = range(below.stop // STEP * STEP + STEP, 65536 - highest, STEP)
    for offset in (*below, *above):
        wanted = [offset, *(offset + other for other in beside)]
        locks = [_lock(one // STEP % LANES) for one in wanted]
        ports = [port for one in wanted for port in load_topology(port_offset=one).all_ports().values()]
        held = [lock for lock in locks if lock is not None]
        if len(held) == len(locks) and all(can_bind(port) for port in ports):
            _held_locks.extend(held)
            return offset
        for lock in held:
            lock.close()
    raise RuntimeError("no port offset is free")


def _lock(lane: int) -> IO[str] | None:
    path = Path(tempfile.gettempdir()) / f"tongban-ports-{os.getuid()}-{lane}.lock"
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file
