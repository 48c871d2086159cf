"""Processes are kept running, told apart from strangers, and stopped."""

from __future__ import annotations

import http.server
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local.environment import ProcessPlan
from deploy.local.health import probe, taken_ports
from deploy.local.state import Identity, State, open_state, remove_state, start_ticks
from deploy.local.supervisor import Supervisor, has_begun, stop_leftovers, supervised


@pytest.fixture
def state(tmp_path: Path) -> State:
    return open_state(tmp_path / "state")


def dummy(name: str, code: str) -> tuple[ProcessPlan, dict[str, str]]:
    return ProcessPlan(name, (sys.executable, "-c", code), "http://127.0.0.1:9/"), dict(os.environ)


def wait_for(condition: Callable[[], object], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def run(state: State) -> Iterator[Callable[..., Supervisor]]:
    running = []

    def start(*plans: tuple[ProcessPlan, dict[str, str]]) -> Supervisor:
        supervisor = Supervisor(state, plans)
        thread = threading.Thread(target=supervisor.run)
        thread.start()
        running.append((supervisor, thread))
        wait_for(lambda: len(supervised(state)) == len(plans))
        return supervisor

    yield start
    for supervisor, thread in running:
        supervisor.stop()
        thread.join(30)
        assert not thread.is_alive()


def test_a_killed_process_is_started_again_and_counted(state: State, run: Callable[..., Supervisor]) -> None:
    run(dummy("sleeper", "import time; time.sleep(60)"))
    before = supervised(state)[0]
    os.kill(before["pid"], signal.SIGKILL)
    wait_for(lambda: supervised(state)[0]["restarts"] == 1 and supervised(state)[0]["alive"])
    after = supervised(state)[0]
    assert after["pid"] != before["pid"]
    assert after["exit_code"] == -signal.SIGKILL


def test_a_process_that_keeps_failing_is_tried_ever_more_rarely(state: State, run: Callable[..., Supervisor]) -> None:
    begun = time.monotonic()
    run(dummy("broken", "print('cannot start'); raise SystemExit(3)"))
    wait_for(lambda: supervised(state)[0]["restarts"] == 3, 30)
    assert time.monotonic() - begun >= 0.4 + 0.8
    assert "cannot start" in state.log_of("broken").read_text(encoding="utf-8")


def test_stopping_ends_all_processes_and_leaves_no_record(state: State, run: Callable[..., Supervisor]) -> None:
    supervisor = run(*(dummy(f"sleeper{n}", "import time; time.sleep(60)") for n in range(3)))
    pids = [process["pid"] for process in supervised(state)]
    supervisor.stop()
    wait_for(lambda: not state.processes_file.exists())
    assert [pid for pid in pids if start_ticks(pid) is not None] == []


def test_a_stack_counts_as_begun_only_under_the_supervisor_that_runs_now(
    state: State, run: Callable[..., Supervisor]
) -> None:
    state.processes_file.write_text('{"supervisor": 1, "processes": []}')
    state.note("supervisor", os.getpid())
    assert not has_begun(state)
    run(dummy("sleeper", "import time; time.sleep(60)"))
    assert has_begun(state)
    state.forget("supervisor")
    assert not has_begun(state)


def test_what_a_killed_supervisor_left_behind_is_ended(state: State) -> None:
    orphan = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    ticks = start_ticks(orphan.pid)
    state.processes_file.write_text(f'{{"processes": [{{"name": "x", "pid": {orphan.pid}, "ticks": {ticks}}}]}}')
    stop_leftovers(state)
    assert orphan.wait(5) == -signal.SIGTERM


def test_a_stranger_with_the_same_process_id_is_not_ours(state: State) -> None:
    identity = state.note("mongod", os.getpid())
    assert identity.alive
    assert not Identity(identity.pid, identity.ticks - 1).alive
    (state.directory / "run" / "mongod.json").write_text(f'{{"pid": {identity.pid}, "ticks": {identity.ticks - 1}}}')
    assert state.identity_of("mongod") is None


def test_a_taken_port_is_named_with_its_purpose_and_holder() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        found = [str(taken) for taken in taken_ports({"gateway": port}, own=set())]
        assert found == [f"port {port} (gateway) is taken by pid {os.getpid()}"]
        assert taken_ports({"gateway": port}, own={os.getpid()}) == []
    assert taken_ports({"gateway": port}, own=set()) == []


def test_readiness_tells_the_reasons() -> None:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b'{"reasons": {"store": "store does not answer"}}'
            self.send_response(503)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None: ...

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.handle_request).start()
        assert probe("x", f"http://127.0.0.1:{server.server_port}/readyz").reason == "store: store does not answer"
    assert probe("x", f"http://127.0.0.1:{server.server_port}/readyz").reason == "does not listen yet"


def test_a_directory_that_is_not_a_state_directory_is_never_deleted(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    with pytest.raises(ValueError, match="not a state directory"):
        remove_state(State(tmp_path))
    assert (tmp_path / "precious").exists()
