"""A platform of its own for measuring: started beside whatever runs, taken down at the end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from pymongo import MongoClient

from deploy.local.mongo import mongo_uri
from deploy.local.state import open_state
from deploy.local.tokens import fetch_token
from shared.topology import Topology, load_topology
from tests.integration.servers import free_offset

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Platform:
    """A running platform: where it is, who may call it, and how much it costs."""

    topology: Topology
    folder: Path
    environment: dict[str, str]
    token: str
    register: Any

    @property
    def gateway(self) -> str:
        return f"http://127.0.0.1:{self.topology.gateway_port}"

    def processes(self) -> list[psutil.Process]:
        """Every process that belongs to it, store and broker included."""
        found = {}
        for process in psutil.process_iter():
            try:
                if process.environ().get("TONGBAN_STATE") == str(self.folder) or str(self.folder) in " ".join(
                    process.cmdline()
                ):
                    found[process.pid] = process
            except psutil.Error:
                continue
        return list(found.values())

    def cpu_seconds(self) -> float:
        """CPU time used so far by all of them."""
        total = 0.0
        for process in self.processes():
            try:
                times = process.cpu_times()
            except psutil.Error:
                continue
            total += times.user + times.system
        return total

    def resident_mb(self, with_servers: bool = False) -> float:
        """Resident memory of our own processes (without store and broker unless asked)."""
        total = 0
        for process in self.processes():
            name = process.name()
            if with_servers or not name.startswith(("mongod", "beam", "erl", "epmd", "inet_gethost", "sh", "rabbit")):
                total += process.memory_info().rss
        return total / 2**20


@contextmanager
def platform(folder: Path, beside: Sequence[int] = ()) -> Iterator[Platform]:
    """Start a platform with its data in `folder`; take it down whatever happens. `beside`: offsets that stay free for others."""
    offset = free_offset(beside)
    # settings of whoever runs the tests are not the platform's
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TONGBAN_")}
    environment = inherited | {
        "TONGBAN_STATE": str(folder), "TONGBAN_PORT_OFFSET": str(offset), "TONGBAN_LOG_LEVEL": "WARNING",
        "TONGBAN_RATE_LIMIT": "100000000/minute",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'protos' / 'gen'}",
    }  # fmt: skip
    local = [sys.executable, "-m", "deploy.local"]
    subprocess.run([*local, "up"], env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    try:
        topology, state = load_topology(port_offset=offset), open_state(folder)
        client: MongoClient[Any] = MongoClient(mongo_uri(state, topology, "registration"), tz_aware=True)
        token = fetch_token(f"http://127.0.0.1:{topology.issuer_port}", "registrar", folder)
        yield Platform(topology, folder, environment, token, client[topology.services["registration"].database])
        client.close()
    finally:
        subprocess.run([*local, "clean"], env=environment, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)


def wait_until(check: Any, seconds: float) -> bool:
    """Poll until true or time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if check():
            return True
        time.sleep(0.02)
    return False


def write_report(name: str, rows: list[dict[str, Any]], started: str, ok: bool) -> Path:
    """`build/reports/<name>.json` in the form of all reports."""
    path = ROOT / "build" / "reports" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps({"command": name, "started": started, "ok": ok, "rows": rows}, indent=1), encoding="utf-8"
    )
    return path
