"""The one description of processes, ports, users and queues (`deploy/topology.yaml`), typed.

Everything that must agree on a name or a port reads it here: the local stack, the bus set-up, the services, the
Kubernetes manifests, the documentation and the tests.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TOPOLOGY_FILE = Path(__file__).resolve().parent.parent / "deploy" / "topology.yaml"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A queue and the event it is bound to, e.g. `certificates.on_entity_registered.v1` ← `registration.EntityRegistered`."""

    queue: str
    consumer: str
    publisher: str
    event: str

    @property
    def routing_key(self) -> str:
        return routing_key(self.publisher, self.event)

    @property
    def handler(self) -> str:
        """Name of the handler method: the middle part of the queue's name."""
        return self.queue.split(".")[1]


@dataclass(frozen=True, slots=True)
class Question:
    """A question between services that cannot wait for an event (nameko RPC), e.g. `registration.licence_facts`."""

    name: str
    asked_by: tuple[str, ...]
    reason: str

    @property
    def answered_by(self) -> str:
        return self.name.split(".")[0]


@dataclass(frozen=True, slots=True)
class Service:
    """One service: its database, its two processes and what it says and hears on the bus."""

    name: str
    database: str
    rpc_port: int
    rpc_metrics_port: int
    worker_metrics_port: int
    publishes: tuple[str, ...]
    subscriptions: tuple[Subscription, ...]


@dataclass(frozen=True, slots=True)
class Topology:
    """The whole platform of one region. Ports already carry the offset."""

    region: str
    services: dict[str, Service]
    questions: tuple[Question, ...]
    gateway_port: int
    gateway_metrics_port: int
    gateway_calls: tuple[str, ...]
    issuer_port: int
    mongo: dict[str, Any]
    rabbit: dict[str, Any]
    retry_delays_s: tuple[float, ...]
    delivery_limit: int
    events_per_message: int
    publish_window: int
    port_offset: int

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        return tuple(s for service in self.services.values() for s in service.subscriptions)

    def has_audience(self, publisher: str, event: str) -> bool:
        """Whether a queue exists for the event; if so it is published mandatory (an unroutable event is an alarm)."""
        return any(s.publisher == publisher and s.event == event for s in self.subscriptions)

    def all_ports(self) -> dict[str, int]:
        """Every local port by the name of what listens on it, for the check before anything starts."""
        ports = {"gateway": self.gateway_port, "gateway metrics": self.gateway_metrics_port, "issuer": self.issuer_port}
        ports |= {"mongod": self.mongo["port"], "rabbitmq": self.rabbit["port"]}
        ports |= {f"rabbitmq {key}": self.rabbit[f"{key}_port"] for key in ("dist", "epmd", "metrics")}
        for service in self.services.values():
            ports[f"{service.name} rpc"] = service.rpc_port
            ports[f"{service.name} rpc metrics"] = service.rpc_metrics_port
            ports[f"{service.name} worker metrics"] = service.worker_metrics_port
        return ports


def routing_key(publisher: str, event: str) -> str:
    """CloudEvents type and routing key of an event: the full name of its protobuf message."""
    return f"tongban.{publisher}.v1.{event}"


def exchange_name(publisher: str) -> str:
    """The topic exchange that a service's events go to."""
    return f"{publisher}.events"


def dead_queue_name(consumer: str) -> str:
    """The queue that keeps what a service could not handle, with the reason."""
    return f"{consumer}.dead"


def retry_queue_name(queue: str, step: int) -> str:
    """The delay queue of a subscription's n-th retry (from 1)."""
    return f"{queue}.retry.{step}"


def load_topology(path: Path = TOPOLOGY_FILE, port_offset: int | None = None) -> Topology:
    """Read the file; the offset comes from the argument or from TONGBAN_PORT_OFFSET (default 0)."""
    offset = int(os.environ.get("TONGBAN_PORT_OFFSET", "0")) if port_offset is None else port_offset
    return _load(path, offset)


@cache
def _load(path: Path, offset: int) -> Topology:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    infrastructure, bus = raw["infrastructure"], raw["bus"]
    return Topology(
        region=os.environ.get("TONGBAN_REGION", raw["region"]),
        services={name: _service(name, body, offset) for name, body in raw["services"].items()},
        questions=tuple(
            Question(name, tuple(body["asked_by"]), body["reason"]) for name, body in raw.get("questions", {}).items()
        ),
        gateway_port=raw["gateway"]["port"] + offset,
        gateway_metrics_port=raw["gateway"]["metrics_port"] + offset,
        gateway_calls=tuple(raw["gateway"]["calls"]),
        issuer_port=raw["issuer"]["port"] + offset,
        mongo=_shifted(infrastructure["mongo"], offset),
        rabbit=_shifted(infrastructure["rabbit"], offset),
        retry_delays_s=tuple(float(delay) for delay in bus["retry_delays_s"]),
        delivery_limit=bus["delivery_limit"],
        events_per_message=bus["events_per_message"],
        publish_window=bus["publish_window"],
        port_offset=offset,
    )


def _service(name: str, body: dict[str, Any], offset: int) -> Service:
    subscriptions = tuple(
        Subscription(queue=queue, consumer=name, publisher=event.split(".")[0], event=event.split(".")[1])
        for queue, event in body["consumes"].items()
    )
    return Service(
        name=name,
        database=body["database"],
        rpc_port=body["rpc"]["port"] + offset,
        rpc_metrics_port=body["rpc"]["metrics_port"] + offset,
        worker_metrics_port=body["worker"]["metrics_port"] + offset,
        publishes=tuple(body["publishes"]),
        subscriptions=subscriptions,
    )


def _shifted(node: dict[str, Any], offset: int) -> dict[str, Any]:
    return {key: value + offset if key.endswith("port") else value for key, value in node.items()}
