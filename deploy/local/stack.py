"""Bringing the whole stack up and down."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from deploy.local import health, supervisor
from deploy.local.environment import ProcessPlan, process_plans
from deploy.local.mongo import start_mongo, stop_mongo
from deploy.local.rabbit import amqp_uri, start_rabbit, stop_rabbit
from deploy.local.state import ROOT, Identity, State, read_clients, read_json, spawn, stop_process, write_json
from shared.failures import Failure
from shared.topology import Topology

Tell = Callable[[str], None]
# When all that is missing has ended so often, with store and broker there, waiting longer is of no use.
HOPELESS_RESTARTS = 4


class StackFailed(RuntimeError):
    """The stack cannot be brought up; the message says what to do, line by line."""


def bring_up(state: State, topology: Topology, tell: Tell, seconds: float = 60.0) -> None:
    """Start what does not run and wait until all is ready; harmless to repeat. Raises StackFailed."""
    with state.locked("up"):
        _check_offset(state, topology)
        plans = [plan for plan in process_plans(topology) if plan.exists]
        if is_ready(state, topology, plans):
            return
        taken = health.taken_ports(topology.all_ports(), health.own_pids(state))
        if taken:
            raise StackFailed("\n".join(str(port) for port in taken) + "\nnothing was started")
        write_json(state.directory / "stack.json", {"port_offset": topology.port_offset})
        read_clients(state.directory)
        _start_all(state, topology, plans, tell)
        _wait_until_ready(state, plans, tell, time.monotonic() + seconds)


def is_ready(state: State, topology: Topology, plans: list[ProcessPlan]) -> bool:
    """Whether the supervisor runs these very processes and all of them, store and broker are ready."""
    if state.identity_of(supervisor.NAME) is None:
        return False
    alive = {process["name"] for process in supervisor.supervised(state) if process["alive"]}
    if alive != {plan.name for plan in plans}:
        return False
    return all(h.ready for h in (*health.server_health(state, topology), *health.probe_all(plans)))


def bring_down(state: State, tell: Tell) -> None:
    """Stop everything, services first; the data stays."""
    identity = state.identity_of(supervisor.NAME)
    if identity is not None:
        stop_process(identity, supervisor.STOP_SECONDS + 10)
        tell("services stopped")
    state.forget(supervisor.NAME)
    supervisor.stop_leftovers(state)
    state.processes_file.unlink(missing_ok=True)
    for name, stop in (("rabbitmq", stop_rabbit), ("mongod", stop_mongo)):
        was_running = state.identity_of(name) is not None
        stop(state)
        if was_running:
            tell(f"{name} stopped")


def restart(state: State, topology: Topology, name: str, tell: Tell) -> None:
    """Restart one process, or the store or the broker, and wait until it is ready. Raises StackFailed."""
    if name in ("mongod", "rabbitmq"):
        stop_mongo(state) if name == "mongod" else stop_rabbit(state)
        start_mongo(state, topology) if name == "mongod" else start_rabbit(state, topology)
        tell(f"{name} runs again")
        return
    plan = next((plan for plan in process_plans(topology) if plan.name == name), None)
    process = next((process for process in supervisor.supervised(state) if process["name"] == name), None)
    if plan is None or process is None:
        known = ", ".join(["mongod", "rabbitmq", *(p["name"] for p in supervisor.supervised(state))])
        raise StackFailed(f"there is no process {name} in the running stack; known: {known}")
    if process["alive"]:
        stop_process(Identity(process["pid"], process["ticks"]), supervisor.STOP_SECONDS)
    time.sleep(2 * supervisor.ROUND_SECONDS)
    _wait_until_ready(state, [plan], tell, time.monotonic() + 60)


def _check_offset(state: State, topology: Topology) -> None:
    noted = (read_json(state.directory / "stack.json") or {}).get("port_offset", topology.port_offset)
    if noted != topology.port_offset and health.own_pids(state):
        raise StackFailed(
            f"the stack in {state.directory} runs with TONGBAN_PORT_OFFSET={noted};"
            " stop it first, or set TONGBAN_STATE to another directory for a second one"
        )


def _start_all(state: State, topology: Topology, plans: list[ProcessPlan], tell: Tell) -> None:
    """Store and broker at the same time, the processes as soon as the store is there: they wait for the broker."""
    begun = time.monotonic()

    def start_store_and_processes() -> None:
        start_mongo(state, topology)
        tell(f"mongod ready after {time.monotonic() - begun:.1f} s")
        _start_supervisor(state, topology, plans)

    def start_broker() -> None:
        start_rabbit(state, topology)
        declare_all(amqp_uri(state, topology, topology.rabbit["admin_user"]), topology)
        tell(f"rabbitmq ready, queues declared after {time.monotonic() - begun:.1f} s")

    from shared.bus_topology import declare_all

    try:
        with ThreadPoolExecutor(max_workers=2) as pool:
            for future in [pool.submit(start_store_and_processes), pool.submit(start_broker)]:
                future.result()
    except (RuntimeError, Failure) as error:
        raise StackFailed(str(error)) from error


def _start_supervisor(state: State, topology: Topology, plans: list[ProcessPlan]) -> None:
    identity = state.identity_of(supervisor.NAME)
    known = {process["name"] for process in supervisor.supervised(state)}
    if identity is not None and known == {plan.name for plan in plans}:
        return
    stop_process(identity, supervisor.STOP_SECONDS + 10)  # it runs other processes than the topology now says
    surroundings = os.environ | {
        "TONGBAN_STATE": str(state.directory),
        "TONGBAN_PORT_OFFSET": str(topology.port_offset),
        "PYTHONPATH": str(ROOT),
    }
    command = (sys.executable, "-m", "deploy.local.supervisor")
    state.note(supervisor.NAME, spawn(command, state.log_of(supervisor.NAME), surroundings))


def _wait_until_ready(state: State, plans: list[ProcessPlan], tell: Tell, deadline: float) -> None:
    begun = time.monotonic()
    while not supervisor.has_begun(state):  # until then an orphan may answer that is about to be ended
        if time.monotonic() > deadline or state.identity_of(supervisor.NAME) is None:
            raise StackFailed(f"the supervisor has not begun; its log: {state.log_of(supervisor.NAME)}")
        time.sleep(0.05)
    restarts = {process["name"]: process["restarts"] for process in supervisor.supervised(state)}
    waiting = list(plans)
    while waiting:
        found = health.probe_all(waiting)
        for answer in found:
            if answer.ready:
                tell(f"{answer.name} ready after {time.monotonic() - begun:.1f} s")
        unready = [answer for answer in found if not answer.ready]
        names = {answer.name for answer in unready}
        waiting = [plan for plan in waiting if plan.name in names]
        if not waiting:
            return
        now = {process["name"]: process["restarts"] for process in supervisor.supervised(state)}
        is_hopeless = all(now.get(name, 0) - restarts.get(name, 0) >= HOPELESS_RESTARTS for name in names)
        if is_hopeless or time.monotonic() > deadline:
            raise StackFailed("\n".join(_failure(state, answer) for answer in unready))
        time.sleep(0.15)


def _failure(state: State, answer: health.Health) -> str:
    log = state.log_of(answer.name)
    lines = last_lines(log, 5)
    return f"{answer.name} is not ready: {answer.reason}\n  log: {log}" + "".join(f"\n  | {line}" for line in lines)


def last_lines(path: Path, count: int) -> list[str]:
    """The last lines of a file, none if there is no file."""
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 65536))
            return file.read().decode(errors="replace").splitlines()[-count:] if count else []
    except FileNotFoundError:
        return []


def process_table(state: State, topology: Topology) -> list[dict[str, Any]]:
    """One row a process: name, pid, state, restarts, memory in MB, uptime in s, reason why not ready."""
    import psutil

    plans = [plan for plan in process_plans(topology) if plan.exists]
    health_of = {h.name: h for h in (*health.server_health(state, topology), *health.probe_all(plans))}
    described = {process["name"]: process for process in supervisor.supervised(state)}
    rows = []
    for name in health_of:
        noted = state.identity_of(name)
        process = described.get(name, {})
        pid = noted.pid if noted else process["pid"] if process.get("alive") else None
        row: dict[str, Any] = {
            "name": name,
            "pid": pid,
            "restarts": process.get("restarts", 0),
            "mb": None,
            "uptime": None,
        }
        row["reason"] = health_of[name].reason
        row["state"] = ("ready" if health_of[name].ready else "running") if pid else process.get("state", "stopped")
        if row["state"] == "running" and pid is None:
            row["state"] = "stopped"
        if pid is not None:
            try:
                seen = psutil.Process(pid)
                row["mb"], row["uptime"] = seen.memory_info().rss / 1e6, time.time() - seen.create_time()
            except psutil.Error:
                row["pid"] = None
        rows.append(row)
    return rows
