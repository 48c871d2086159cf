"""What a local stack keeps in its state directory: data, logs, passwords, process ids.

secrets.json      generated passwords (mode 600)        run/<name>.json   process id and start time of a server
clients.json      secrets of the issuer's clients       processes.json    what the supervisor runs
keys/             secret keys of the processes          logs/<name>.log   one file a process
mongo/ rabbit/    data of store and broker
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
CLIENTS_FILE = Path(__file__).parent / "clients.yaml"
_CLIENTS: dict[str, Any] = yaml.safe_load(CLIENTS_FILE.read_text(encoding="utf-8"))
CLIENT_NAMES: tuple[str, ...] = tuple(_CLIENTS)
# They prove themselves by signed assertions and have no secret (deploy/local/tokens.py).
ASSERTING_CLIENTS = frozenset(name for name, body in _CLIENTS.items() if body.get("auth") == "private_key_jwt")
# Programs started by this very process, kept so that they can be reaped when they end.
_children: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True, slots=True)
class Identity:
    """A process that cannot be mistaken for a later one with the same id: `ticks` is its start time since boot."""

    pid: int
    ticks: int

    @property
    def alive(self) -> bool:
        """Whether that very process still runs (one that only waits to be reaped does not)."""
        child = _children.get(self.pid)
        if child is not None and child.poll() is not None:
            del _children[self.pid]
            return False
        return start_ticks(self.pid) == self.ticks


@dataclass(frozen=True, slots=True)
class State:
    """The state directory of one stack."""

    directory: Path

    @property
    def logs(self) -> Path:
        """Folder of the log files."""
        return self.directory / "logs"

    @property
    def keys(self) -> Path:
        """Folder of the processes' secret keys."""
        return self.directory / "keys"

    @property
    def processes_file(self) -> Path:
        """What the supervisor runs, written by it."""
        return self.directory / "processes.json"

    def log_of(self, name: str) -> Path:
        """Log file of a process."""
        return self.logs / f"{name}.log"

    def identity_of(self, name: str) -> Identity | None:
        """The server or supervisor noted under this name, if that very process still runs."""
        noted = read_json(self.directory / "run" / f"{name}.json")
        identity = Identity(noted["pid"], noted["ticks"]) if noted else None
        return identity if identity is not None and identity.alive else None

    def note(self, name: str, pid: int) -> Identity:
        """Remember a started process."""
        identity = Identity(pid, start_ticks(pid) or 0)
        write_json(
            self.directory / "run" / f"{name}.json", {"pid": pid, "ticks": identity.ticks, "started": time.time()}
        )
        return identity

    def forget(self, name: str) -> None:
        """Forget a process that has ended."""
        (self.directory / "run" / f"{name}.json").unlink(missing_ok=True)

    def secret(self, *path: str) -> str:
        """A generated password, made at the first call, e.g. `secret("mongo", "registration")`."""
        with self.locked("secrets"):
            file = self.directory / "secrets.json"
            content = read_json(file) or {}
            node = content
            for part in path[:-1]:
                node = node.setdefault(part, {})
            if path[-1] not in node:
                node[path[-1]] = secrets.token_urlsafe(24)
                write_json(file, content)
            return str(node[path[-1]])

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Hold a lock of this stack; the lock ends with the process."""
        path = self.directory / "run" / f"{name}.lock"
        with path.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def state_directory() -> Path:
    """`TONGBAN_STATE`, or `.tongban` in the checkout."""
    return Path(os.environ.get("TONGBAN_STATE") or ROOT / ".tongban").resolve()


def open_state(directory: Path | None = None) -> State:
    """The state in a directory (default: `state_directory()`), which is made when it is missing."""
    state = State(directory.resolve() if directory else state_directory())
    for folder in (state.directory, state.keys, state.logs, state.directory / "run"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return state


def read_clients(directory: Path | None = None) -> dict[str, str]:
    """Secrets of the development issuer's clients by client id, generated at the first call."""
    state = open_state(directory)
    with state.locked("clients"):
        file = state.directory / "clients.json"
        clients: dict[str, str] = read_json(file) or {}
        missing = [name for name in CLIENT_NAMES if name not in clients and name not in ASSERTING_CLIENTS]
        if missing:
            clients |= {name: secrets.token_urlsafe(24) for name in missing}
            write_json(file, clients)
    return clients


def read_json(path: Path) -> Any:
    """Content of a JSON file; None when it is missing or broken (a crash can leave an empty one)."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def write_json(path: Path, content: object) -> None:
    """Replace a file in one step, readable by its owner only."""
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1, ensure_ascii=False)
    Path(part).replace(path)


def start_ticks(pid: int) -> int | None:
    """Start time of a living process in clock ticks since boot; None when there is none, or only its remains."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def spawn(command: Sequence[str], log: Path, environment: Mapping[str, str], cwd: Path = ROOT) -> int:
    """Start a program in a session of its own, its output appended to a log file; returns its process id."""
    with log.open("ab") as sink:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            env=dict(environment),
            cwd=cwd,
            start_new_session=True,
        )
    _children[child.pid] = child
    return child.pid


def wait_gone(identity: Identity, seconds: float) -> bool:
    """Wait for the end of a process; False when it still runs after the time."""
    deadline = time.monotonic() + seconds
    while identity.alive:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def stop_process(identity: Identity | None, seconds: float, signals: tuple[int, int] = (15, 9)) -> None:
    """Ask a process to end, and end it when it has not after `seconds`."""
    for number in signals:
        if identity is None or not identity.alive:
            return
        try:
            os.kill(identity.pid, number)
        except ProcessLookupError:
            return
        wait_gone(identity, seconds)


def remove_state(state: State) -> None:
    """Delete the directory with everything in it, if it is one of ours."""
    if not (state.directory / "run").is_dir():
        raise ValueError(f"{state.directory} is not a state directory of the local stack")
    shutil.rmtree(state.directory)
