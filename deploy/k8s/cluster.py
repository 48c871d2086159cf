"""What parts are called in a cluster: the `cluster` section of `deploy/topology.yaml`, typed, and the pods' labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from shared.topology import TOPOLOGY_FILE, Topology, load_topology

Document = dict[str, Any]
PUBLIC_PORT, METRICS_PORT, RPC_PORT = "http", "metrics", "grpc"
# Namespaces that may come in carry one of these labels; who runs the cluster puts them there.
INGRESS_LABEL, MONITORING_LABEL = "tongban.io/ingress", "tongban.io/monitoring"
# `kubectl apply -l tongban.io/stage=…`: the order in which things are applied (docs/deploying.md).
STAGE_LABEL = "tongban.io/stage"


@dataclass(frozen=True, slots=True)
class Cluster:
    """The topology, and what exists only in a cluster."""

    topology: Topology
    namespace: str
    broker: dict[str, Any]
    store: dict[str, Any]
    outside: dict[str, dict[str, Any]]

    @property
    def processes(self) -> dict[str, str]:
        """Processes that run all the time -> the account they run under."""
        found = {"gateway": "gateway"}
        for name in self.topology.services:
            found |= {f"{name}-rpc": name, f"{name}-worker": name}
        return found

    def metrics_port(self, process: str) -> int:
        """Where a process answers /metrics."""
        if process == "gateway":
            return self.topology.gateway_metrics_port
        name, _, kind = process.rpartition("-")
        service = self.topology.services[name]
        return service.rpc_metrics_port if kind == "rpc" else service.worker_metrics_port

    @property
    def broker_labels(self) -> dict[str, str]:
        """Labels of the broker's pods, as the RabbitMQ cluster operator sets them."""
        return {"app.kubernetes.io/name": self.broker["name"], "app.kubernetes.io/component": "rabbitmq"}

    @property
    def store_labels(self) -> dict[str, str]:
        """Labels of the store's pods, as the MongoDB community operator sets them."""
        return {"app": self.store_service}

    @property
    def store_service(self) -> str:
        """Headless service of the store, as the MongoDB community operator calls it."""
        return f"{self.store['name']}-svc"

    @property
    def broker_admin_secret(self) -> str:
        """Secret with the broker's administrator, as the RabbitMQ cluster operator calls it."""
        return f"{self.broker['name']}-default-user"


def load_cluster() -> Cluster:
    """Read the topology file; a cluster has no port offset."""
    raw = yaml.safe_load(TOPOLOGY_FILE.read_text(encoding="utf-8"))["cluster"]
    return Cluster(load_topology(port_offset=0), **raw)


def document(version: str, kind: str, name: str, stage: str | None = None, **fields: Any) -> Document:
    """A Kubernetes document with its name, and the stage it is applied in."""
    metadata: Document = {"name": name}
    if stage:
        metadata["labels"] = {STAGE_LABEL: stage}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **fields}
