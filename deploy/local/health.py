"""What is ready and what is not, and who holds our ports."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from deploy.local.environment import ProcessPlan
from deploy.local.state import State
from deploy.local.supervisor import NAME as SUPERVISOR
from deploy.local.supervisor import supervised
from shared.topology import Topology

PROBE_SECONDS = 2.0
SERVERS = ("mongod", "rabbitmq", "epmd")


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a process is ready, and if not, why."""

    name: str
    reason: str | None

    @property
    def ready(self) -> bool:
        """Whether the process may get work."""
        return self.reason is None


@dataclass(frozen=True, slots=True)
class TakenPort:
    """A port of ours that somebody else listens on; `pid` is None when it cannot be seen (another user's process)."""

    port: int
    purpose: str
    pid: int | None

    def __str__(self) -> str:
        by = f"pid {self.pid}" if self.pid else "another user's process"
        return f"port {self.port} ({self.purpose}) is taken by {by}"


def probe(name: str, url: str) -> Health:
    """Ask a process whether it is ready."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        body = answer.read()
    except ConnectionRefusedError:
        return Health(name, "does not listen yet")
    except (OSError, http.client.HTTPException) as error:
        return Health(name, f"does not answer ({type(error).__name__})")
    finally:
        connection.close()
    return Health(name, None if answer.status == 200 else _reason(answer.status, body))


def probe_all(plans: Iterable[ProcessPlan]) -> list[Health]:
    """Ask all processes at the same time."""
    listed = list(plans)
    with ThreadPoolExecutor(max_workers=max(1, len(listed))) as pool:
        return list(pool.map(lambda plan: probe(plan.name, plan.ready_url), listed))


def server_health(state: State, topology: Topology) -> list[Health]:
    """Whether store and broker run and listen."""
    found = []
    for name, port in (("mongod", topology.mongo["port"]), ("rabbitmq", topology.rabbit["port"])):
        if state.identity_of(name) is None:
            found.append(Health(name, "does not run"))
        else:
            found.append(Health(name, None if _listens(port) else "does not listen yet"))
    return found


def own_pids(state: State) -> set[int]:
    """Process ids of this stack."""
    noted = (state.identity_of(name) for name in (*SERVERS, SUPERVISOR))
    return {identity.pid for identity in noted if identity} | {p["pid"] for p in supervised(state) if p["alive"]}


def taken_ports(ports: dict[str, int], own: set[int]) -> list[TakenPort]:
    """The ports that something not ours keeps us from listening on."""
    blocked = {purpose: port for purpose, port in ports.items() if not can_bind(port)}
    if not blocked:
        return []
    holders = _holders(set(blocked.values()))
    taken = []
    for purpose, port in blocked.items():
        pids = holders.get(port, {None})
        if not pids & own:
            taken.append(TakenPort(port, purpose, next(iter(pids))))
    return taken


def can_bind(port: int) -> bool:
    """Whether a server could listen on a port of the loopback address now."""
    with socket.socket() as probe_socket:
        probe_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe_socket.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _holders(ports: set[int]) -> dict[int, set[int | None]]:
    import psutil

    found: dict[int, set[int | None]] = {}
    for connection in psutil.net_connections("tcp"):
        if connection.laddr and connection.laddr.port in ports:
            found.setdefault(connection.laddr.port, set()).add(connection.pid)
    return found


def _listens(port: int) -> bool:
    with socket.socket() as probe_socket:
        probe_socket.settimeout(PROBE_SECONDS)
        return probe_socket.connect_ex(("127.0.0.1", port)) == 0


def _reason(status: int, body: bytes) -> str:
    try:
        reasons = json.loads(body).get("reasons") or {}
    except (ValueError, AttributeError):
        reasons = {}
    if isinstance(reasons, dict) and reasons:
        return "; ".join(f"{name}: {reason}" for name, reason in reasons.items())
    return f"answers {status}"
