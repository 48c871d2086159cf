"""Keeps the processes of the stack running: `python -m deploy.local.supervisor`, started by `tongban up`.

A process that ends is started again after a pause that grows from 0.2 to 5 s and is short again once a process has
lived for 10 s. What runs is written to `processes.json`. SIGTERM stops all of them: SIGTERM first, SIGKILL after 20 s.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from deploy.local.environment import ProcessPlan, environment, process_plans
from deploy.local.state import ROOT, Identity, State, open_state, read_json, start_ticks, write_json
from shared.topology import Topology, load_topology

NAME = "supervisor"
FIRST_PAUSE, LONGEST_PAUSE, SETTLED = 0.2, 5.0, 10.0
STOP_SECONDS = 20.0
ROUND_SECONDS = 0.1


@dataclass(slots=True)
class Supervised:
    """One process under supervision; `child` is None while it waits for its next start."""

    plan: ProcessPlan
    environment: dict[str, str]
    child: subprocess.Popen[bytes] | None = None
    ticks: int = 0
    started: float = 0.0
    restarts: int = 0
    pause: float = FIRST_PAUSE
    start_at: float = 0.0
    exit_code: int | None = None

    def start(self, state: State) -> None:
        """Start the process; its output goes to its log."""
        with state.log_of(self.plan.name).open("ab") as log:
            self.child = subprocess.Popen(
                self.plan.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment, cwd=ROOT,
                start_new_session=True,
            )  # fmt: skip
        self.ticks = start_ticks(self.child.pid) or 0
        self.started = time.time()

    def collect(self, now: float) -> bool:
        """Notice an end and plan the next start; True when it has ended."""
        if self.child is None or (code := self.child.poll()) is None:
            return False
        lived = time.time() - self.started
        self.pause = FIRST_PAUSE if lived >= SETTLED else min(self.pause * 2, LONGEST_PAUSE)
        self.start_at, self.child, self.exit_code = now + self.pause, None, code
        self.restarts += 1
        when = time.strftime("%F %T")
        print(f"{when} {self.plan.name} ended with {code} after {lived:.1f} s; again in {self.pause:.1f} s")
        return True

    def describe(self) -> dict[str, Any]:
        """What `tongban status` reads."""
        return {
            "name": self.plan.name,
            "pid": self.child.pid if self.child else None,
            "ticks": self.ticks,
            "started": self.started,
            "restarts": self.restarts,
            "state": "running" if self.child else "waiting",
            "exit_code": self.exit_code,
        }


class Supervisor:
    """Runs plans until it is told to stop."""

    def __init__(self, state: State, plans: tuple[tuple[ProcessPlan, dict[str, str]], ...]) -> None:
        self._state = state
        self._processes = [Supervised(plan, environment) for plan, environment in plans]
        self._stopping = False

    def run(self) -> None:
        """Start everything, keep it running; returns when `stop` was called and all have ended."""
        stop_leftovers(self._state)
        while not self._stopping:
            if self._round():
                self._write()
            time.sleep(ROUND_SECONDS)
        self._end_all()
        self._state.processes_file.unlink(missing_ok=True)

    def stop(self, *_: object) -> None:
        """End all processes at the next round (usable as a signal handler)."""
        self._stopping = True

    def _round(self) -> bool:
        changed, now = False, time.monotonic()
        for process in self._processes:
            changed |= process.collect(now)
            if process.child is None and now >= process.start_at:
                process.start(self._state)
                changed = True
        return changed

    def _write(self) -> None:
        described = [process.describe() for process in self._processes]
        write_json(self._state.processes_file, {"supervisor": os.getpid(), "processes": described})

    def _end_all(self) -> None:
        living = [process.child for process in self._processes if process.child is not None]
        for child in living:
            child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in living:
            try:
                child.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                print(f"process {child.pid} did not end in {STOP_SECONDS:.0f} s and is killed")
                child.kill()
                child.wait()


def supervised(state: State) -> list[dict[str, Any]]:
    """What `processes.json` says, with `alive` told from the system: a crashed supervisor leaves an old file."""
    content = read_json(state.processes_file) or {"processes": []}
    described: list[dict[str, Any]] = content["processes"]
    for process in described:
        process["alive"] = process["pid"] is not None and Identity(process["pid"], process["ticks"]).alive
    return described


def has_begun(state: State) -> bool:
    """Whether the running supervisor has dealt with what an earlier one left, and started its own processes."""
    identity, content = state.identity_of(NAME), read_json(state.processes_file)
    return identity is not None and content is not None and content.get("supervisor") == identity.pid


def stop_leftovers(state: State, seconds: float = STOP_SECONDS) -> None:
    """End processes that a supervisor left behind when it was killed."""
    left = [Identity(process["pid"], process["ticks"]) for process in supervised(state) if process["alive"]]
    for number in (signal.SIGTERM, signal.SIGKILL):
        for identity in left:
            if identity.alive:
                os.kill(identity.pid, number)
        deadline = time.monotonic() + seconds
        while any(identity.alive for identity in left) and time.monotonic() < deadline:
            time.sleep(0.05)


def plans_to_run(state: State, topology: Topology) -> tuple[tuple[ProcessPlan, dict[str, str]], ...]:
    """All plans whose module is in the checkout, each with its environment."""
    return tuple((plan, environment(state, topology, plan)) for plan in process_plans(topology) if plan.exists)


def main() -> None:
    """Run until SIGTERM."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    state = open_state()
    supervisor = Supervisor(state, plans_to_run(state, load_topology()))
    signal.signal(signal.SIGTERM, supervisor.stop)
    signal.signal(signal.SIGINT, supervisor.stop)
    supervisor.run()


if __name__ == "__main__":
    main()
