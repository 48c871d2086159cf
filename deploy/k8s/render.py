"""Render `deploy/k8s/base/` from the topology: `python -m deploy.k8s.render`, or `--check` that it is in step.

Names, ports and who may talk to whom come from the one topology file; what is here is how a process runs in a cluster:
non-root, read-only root, no capabilities, probes, limits, own account, and a network that lets only named peers in.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

from shared.topology import Topology, load_topology

BASE = Path(__file__).parent / "base"
IMAGE = "tongban"
USER = 65532
METRICS_PORT, PUBLIC_PORT = "metrics", "http"
# Requests are what a process uses at rest, limits leave room for a flood (make bench shows both).
RESOURCES = {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"cpu": "1", "memory": "512Mi"}}


def manifests(topology: Topology) -> dict[str, list[dict[str, Any]]]:
    """File name → documents."""
    files: dict[str, list[dict[str, Any]]] = {"network.yaml": [_default_deny()]}
    for name, service in topology.services.items():
        rpc, worker, run = f"{name}-rpc", f"{name}-worker", ["-m", f"services.{name}"]
        files[f"{name}.yaml"] = [
            _account(name),
            _deployment(rpc, name, [*run, "rpc"], {"grpc": service.rpc_port, METRICS_PORT: service.rpc_metrics_port}),
            _service(rpc, {"grpc": service.rpc_port}),
            _disruption_budget(rpc),
            _deployment(worker, name, [*run, "worker"], {METRICS_PORT: service.worker_metrics_port}),
            _disruption_budget(worker),
            _allow(rpc, service.rpc_port, [{"podSelector": {"matchLabels": {"app": "gateway"}}}]),
        ]  # fmt: skip
    ports = {PUBLIC_PORT: topology.gateway_port, METRICS_PORT: topology.gateway_metrics_port}
    files["gateway.yaml"] = [
        _account("gateway"),
        _deployment("gateway", "gateway", ["-m", "gateway"], ports),
        _service("gateway", {PUBLIC_PORT: topology.gateway_port}),
        _disruption_budget("gateway"),
        _allow("gateway", topology.gateway_port, [{"namespaceSelector": {"matchLabels": {"tongban.io/ingress": "true"}}}]),
    ]  # fmt: skip
    files["kustomization.yaml"] = [
        {
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "namespace": "tongban",
            "labels": [{"pairs": {"app.kubernetes.io/part-of": "tongban"}}],
            "resources": sorted(name for name in files),
        }
    ]
    return files


def _account(name: str) -> dict[str, Any]:
    return _document("v1", "ServiceAccount", name) | {"automountServiceAccountToken": False}


def _deployment(name: str, account: str, arguments: list[str], ports: dict[str, int]) -> dict[str, Any]:
    # a worker and an rpc process answer probes on the metrics port, the gateway on its own
    probe_port = PUBLIC_PORT if PUBLIC_PORT in ports else METRICS_PORT

    def probe(path: str, **timing: int) -> dict[str, Any]:
        return {"httpGet": {"path": path, "port": probe_port}, **timing}

    container = {
        "name": name,
        "image": IMAGE,
        "args": arguments,
        "envFrom": [{"configMapRef": {"name": "tongban"}}, {"secretRef": {"name": f"tongban-{account}"}}],
        # keys come as Secrets; a process in a cluster never makes its own (two replicas would make two)
        "env": [{"name": "TONGBAN_CREATE_SIGNING_KEY", "value": "false"}] if account == "certificates" else [],
        "ports": [{"name": key, "containerPort": port} for key, port in ports.items()],
        # liveness never asks the store or the broker: a restart would not mend them
        "startupProbe": probe("/healthz", periodSeconds=2, failureThreshold=30),
        "livenessProbe": probe("/healthz", periodSeconds=10, failureThreshold=3),
        "readinessProbe": probe("/readyz", periodSeconds=2, failureThreshold=2),
        "resources": RESOURCES,
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        # endpoints are removed while SIGTERM arrives: keep serving until the removal has spread
        "lifecycle": {"preStop": {"sleep": {"seconds": 3}}},
        "volumeMounts": [
            {"name": "keys", "mountPath": "/keys", "readOnly": True},
            {"name": "tmp", "mountPath": "/tmp"},
        ],
    }
    pod = {
        "serviceAccountName": account,
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 30,
        "securityContext": {"runAsNonRoot": True, "runAsUser": USER, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
        "volumes": [
            {"name": "keys", "secret": {"secretName": f"tongban-{account}-keys"}},
            {"name": "tmp", "emptyDir": {}},
        ],
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "kubernetes.io/hostname",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": {"app": name}},
            }
        ],
    }
    spec = {
        "replicas": 2,
        "selector": {"matchLabels": {"app": name}},
        "template": {"metadata": {"labels": {"app": name}}, "spec": pod},
    }
    return _document("apps/v1", "Deployment", name) | {"spec": spec}


def _service(name: str, ports: dict[str, int]) -> dict[str, Any]:
    spec = {
        "selector": {"app": name},
        "ports": [{"name": key, "port": port, "targetPort": key} for key, port in ports.items()],
    }
    return _document("v1", "Service", name) | {"spec": spec}


def _disruption_budget(name: str) -> dict[str, Any]:
    spec = {"minAvailable": 1, "selector": {"matchLabels": {"app": name}}}
    return _document("policy/v1", "PodDisruptionBudget", name) | {"spec": spec}


def _default_deny() -> dict[str, Any]:
    spec = {"podSelector": {}, "policyTypes": ["Ingress"]}
    return _document("networking.k8s.io/v1", "NetworkPolicy", "default-deny") | {"spec": spec}


def _allow(name: str, port: int, peers: list[dict[str, Any]]) -> dict[str, Any]:
    spec = {
        "podSelector": {"matchLabels": {"app": name}},
        "policyTypes": ["Ingress"],
        "ingress": [{"from": peers, "ports": [{"port": port}]}],
    }
    return _document("networking.k8s.io/v1", "NetworkPolicy", f"{name}-ingress") | {"spec": spec}


def _document(version: str, kind: str, name: str) -> dict[str, Any]:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}}


def rendered() -> dict[str, str]:
    """File name → text, with the line that says where it comes from."""
    head = "# Rendered from deploy/topology.yaml by `python -m deploy.k8s.render`; edit there, not here.\n"
    return {
        name: head + yaml.safe_dump_all(documents, sort_keys=False, allow_unicode=True)
        for name, documents in manifests(load_topology(port_offset=0)).items()
    }


def main() -> None:
    """Write the files, or compare with `--check`."""
    files = rendered()
    if "--check" in sys.argv:
        there = {path.name: path.read_text(encoding="utf-8") for path in BASE.glob("*.yaml")}
        if there != files:
            raise SystemExit(
                "deploy/k8s/base is not in step with deploy/topology.yaml: run python -m deploy.k8s.render"
            )
        return
    BASE.mkdir(exist_ok=True)
    for path in BASE.glob("*.yaml"):
        path.unlink()
    for name, text in files.items():
        (BASE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
