"""What each process is started with: its command, where it says that it is ready, and its environment.

A process gets the secrets it needs and no others: a service its own database's and its own broker user's password, the
gateway none, the issuer the place of its key and of its clients' secrets.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

from deploy.local.mongo import mongo_uri
from deploy.local.rabbit import amqp_uri
from deploy.local.state import ROOT, State
from shared.topology import Topology

# What a process inherits from whoever starts the stack, besides settings (TONGBAN_*).
INHERITED = (
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "LD_PRELOAD",
    "FAKETIME",
    "FAKETIME_DONT_FAKE_MONOTONIC",
)
SECRET_SETTINGS = ("TONGBAN_MONGO_URI", "TONGBAN_AMQP_URI", "TONGBAN_SECRETS_DIR")
BUNDLES = ROOT / "services" / "registration" / "data" / "bundles.yaml"
FONTS = ROOT / ".venv" / "assets" / "fonts"


@dataclass(frozen=True, slots=True)
class ProcessPlan:
    """A process of the stack. `service` is None for the gateway and the issuer; `ready_url` answers 200 when ready."""

    name: str
    command: tuple[str, ...]
    ready_url: str
    service: str | None = None

    @property
    def module(self) -> str:
        """The Python module that is run."""
        return self.command[2]

    @property
    def exists(self) -> bool:
        """Whether the module is in the checkout (a part of the platform may not be built yet)."""
        place = ROOT.joinpath(*self.module.split("."))
        return place.with_suffix(".py").exists() or (place / "__main__.py").exists()


def process_plans(topology: Topology) -> tuple[ProcessPlan, ...]:
    """All processes besides the store and the broker, in the order in which they are shown."""
    plans = [
        _plan("issuer", ("deploy.local.issuer",), topology.issuer_port, "/healthz"),
        _plan("gateway", ("gateway",), topology.gateway_port, "/readyz"),
    ]
    for name, service in topology.services.items():
        for kind, port in (("rpc", service.rpc_metrics_port), ("worker", service.worker_metrics_port)):
            plans.append(_plan(f"{name}-{kind}", (f"services.{name}", kind), port, "/readyz", name))
    return tuple(plans)


def environment(state: State, topology: Topology, plan: ProcessPlan) -> dict[str, str]:
    """The whole environment of a process."""
    settings = {key: value for key, value in os.environ.items() if key.startswith("TONGBAN_")}
    result = {key: os.environ[key] for key in INHERITED if key in os.environ}
    result |= {key: value for key, value in settings.items() if key not in SECRET_SETTINGS}
    result |= {
        "PYTHONPATH": f"{ROOT}:{ROOT / 'protos' / 'gen'}",
        "PYTHONUNBUFFERED": "1",
        # one arena for all threads: a pool of threads at rest keeps 10 MB less
        "MALLOC_ARENA_MAX": "1",
        "TONGBAN_REGION": topology.region,
        "TONGBAN_PORT_OFFSET": str(topology.port_offset),
        "TONGBAN_STATE": str(state.directory),
        "TONGBAN_FONT_DIR": str(FONTS),
        "TONGBAN_PUBLIC_URL": f"http://127.0.0.1:{topology.gateway_port}",
        "TONGBAN_ISSUER_URL": f"http://127.0.0.1:{topology.issuer_port}",
    }
    if plan.name != "gateway":
        result["TONGBAN_KEY_DIR"] = str(state.keys)
    if plan.service is not None:
        result["TONGBAN_MONGO_URI"] = mongo_uri(state, topology, plan.service)
        result["TONGBAN_AMQP_URI"] = amqp_uri(state, topology, plan.service)
    if plan.service == "registration":
        result["TONGBAN_AUTHORITIES_FILE"] = str(authorities_file(state, topology))
    if plan.service == "handoff":
        # written when this platform is told of others (deploy.regions); until then no partner is connected
        result["TONGBAN_PARTNERS_FILE"] = str(state.directory / "partners.yaml")
    return result


def authorities_file(state: State, topology: Topology) -> Path:
    """Where the other authorities are: in development all of them answer in the issuer's process."""
    path = state.directory / "authorities.yaml"
    bundles = yaml.safe_load(BUNDLES.read_text(encoding="utf-8"))["bundles"].values()
    known = {part["authority"] for body in bundles for part in body["parts"] if part["does"] == "authority"}
    url = f"http://127.0.0.1:{topology.issuer_port}/authorities"
    text = yaml.safe_dump({"authorities": {code: {"url": f"{url}/{code}"} for code in sorted(known)}})
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    return path


def _plan(name: str, arguments: tuple[str, ...], port: int, path: str, service: str | None = None) -> ProcessPlan:
    return ProcessPlan(name, (sys.executable, "-m", *arguments), f"http://127.0.0.1:{port}{path}", service)
