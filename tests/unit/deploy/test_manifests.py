"""The Kubernetes manifests name real things and keep the house rules for a cluster."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from deploy.k8s.render import BASE, rendered
from shared.topology import load_topology

DOCUMENTS = [document for text in rendered().values() for document in yaml.safe_load_all(text)]
DEPLOYMENTS = [document for document in DOCUMENTS if document["kind"] == "Deployment"]


def named(kind: str) -> set[str]:
    return {document["metadata"]["name"] for document in DOCUMENTS if document["kind"] == kind}


def container(deployment: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = deployment["spec"]["template"]["spec"]["containers"][0]
    return found


def test_the_files_are_in_step_with_the_topology() -> None:
    assert {path.name: path.read_text(encoding="utf-8") for path in BASE.glob("*.yaml")} == rendered()


def test_every_process_of_the_topology_has_its_deployment() -> None:
    services = load_topology(port_offset=0).services

    assert named("Deployment") == {"gateway"} | {
        f"{name}-{process}" for name in services for process in ("rpc", "worker")
    }


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda d: d["metadata"]["name"])
def test_a_deployment_runs_a_real_module_on_the_ports_of_the_topology(deployment: dict[str, Any]) -> None:
    run = container(deployment)

    assert importlib.util.find_spec(run["args"][1]) is not None
    assert {port["containerPort"] for port in run["ports"]} <= set(load_topology(port_offset=0).all_ports().values())


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda d: d["metadata"]["name"])
def test_a_deployment_is_restricted_probed_and_limited(deployment: dict[str, Any]) -> None:
    run, pod = container(deployment), deployment["spec"]["template"]["spec"]

    assert pod["securityContext"]["runAsNonRoot"]
    assert not pod["automountServiceAccountToken"]
    assert pod["serviceAccountName"] in named("ServiceAccount")
    assert run["securityContext"]["readOnlyRootFilesystem"]
    assert run["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert not run["securityContext"]["allowPrivilegeEscalation"]
    assert {"startupProbe", "livenessProbe", "readinessProbe", "resources"} <= set(run)
    assert run["livenessProbe"]["httpGet"]["path"] == "/healthz"  # never asks the store or the broker
    assert set(run["resources"]) == {"requests", "limits"}
    assert deployment["metadata"]["name"] in named("PodDisruptionBudget")
    assert ":latest" not in run["image"]


def test_only_the_gateway_reaches_the_services_and_nothing_else_is_open() -> None:
    policies = {d["metadata"]["name"]: d["spec"] for d in DOCUMENTS if d["kind"] == "NetworkPolicy"}

    assert policies["default-deny"] == {"podSelector": {}, "policyTypes": ["Ingress"]}
    for name, service in load_topology(port_offset=0).services.items():
        (rule,) = policies[f"{name}-rpc-ingress"]["ingress"]
        assert rule == {
            "from": [{"podSelector": {"matchLabels": {"app": "gateway"}}}],
            "ports": [{"port": service.rpc_port}],
        }


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="tool: kubectl")
def test_the_base_builds() -> None:
    done = subprocess.run(["kubectl", "kustomize", str(BASE)], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert len(list(yaml.safe_load_all(done.stdout))) == len([d for d in DOCUMENTS if d["kind"] != "Kustomization"])
