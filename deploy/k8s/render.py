"""Render `deploy/k8s/` from the topology: `python -m deploy.k8s.render`, or `--check` that it is in step.

`base/` holds the processes, the network and the Job that sets the bus up; `overlays/local` and `overlays/production` add a
broker, a store and what scales. Names, ports and who may talk to whom come from the one topology file; an overlay's
`kustomization.yaml` is written by hand: images, addresses and numbers that differ from place to place stand there.
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from deploy.k8s import production, single
from deploy.k8s.cluster import STAGE_LABEL, Cluster, Document, document, load_cluster
from deploy.k8s.network import base_policies, issuer_policies, production_policies
from deploy.k8s.processes import (
    ADDRESSES,
    CONFIG,
    LEAST_REPLICAS,
    STAGE,
    bus_documents,
    gateway_documents,
    scaling_documents,
    service_documents,
    settings,
)

FOLDER = Path(__file__).parent
BASE, OVERLAYS = FOLDER / "base", FOLDER / "overlays"
HEAD = "# Rendered from deploy/topology.yaml by `python -m deploy.k8s.render`; edit there, not here.\n"


def manifests(cluster: Cluster) -> dict[str, list[Document]]:
    """Path under `deploy/k8s` -> documents."""
    base = {f"{name}.yaml": service_documents(cluster, name) for name in cluster.topology.services}
    base |= {"gateway.yaml": gateway_documents(cluster), "bus.yaml": bus_documents(cluster)}
    base |= {"network.yaml": base_policies(cluster), "namespace.yaml": [_namespace(cluster)]}
    files = {f"base/{name}": documents for name, documents in base.items()}
    files["base/kustomization.yaml"] = [_kustomization(cluster, sorted(base))]
    parts = {
        "production/broker": production.broker_documents(cluster),
        "production/store": production.store_documents(cluster),
        "production/scaling": scaling_documents(cluster),
        "production/network": production_policies(cluster),
        "local/broker": single.broker_documents(cluster),
        "local/store": single.store_documents(cluster),
        "local/issuer": single.issuer_documents(cluster) + issuer_policies(cluster),
    }
    parts["production/workers/kustomization"] = [_workers(cluster)]
    return files | {f"overlays/{name}.yaml": documents for name, documents in parts.items()}


def rendered() -> dict[str, str]:
    """Path under `deploy/k8s` -> text, with the line that says where it comes from."""
    return {path: HEAD + _text(documents) for path, documents in manifests(load_cluster()).items()}


def present(folder: Path = FOLDER) -> dict[str, str]:
    """The rendered files as they stand in the tree: those that begin with the line."""
    texts = {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.yaml")}
    return {path: text for path, text in texts.items() if text.startswith(HEAD)}


def main() -> None:
    """Write the files, or compare with `--check`."""
    files = rendered()
    if "--check" in sys.argv:
        if present() != files:
            raise SystemExit("deploy/k8s is not in step with deploy/topology.yaml: run python -m deploy.k8s.render")
        return
    for path in present().keys() - files.keys():
        (FOLDER / path).unlink()
    for path, text in files.items():
        (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / path).write_text(text, encoding="utf-8")


def _namespace(cluster: Cluster) -> Document:
    found = document("v1", "Namespace", cluster.namespace, "namespace")
    found["metadata"]["labels"] |= {
        f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "audit", "warn")
    }
    return found


def _kustomization(cluster: Cluster, resources: list[str]) -> Document:
    def generator(name: str, literals: list[str], **options: bool) -> Document:
        labelled = {"labels": {STAGE_LABEL: STAGE}, **options}
        return {"name": name, "namespace": cluster.namespace, "literals": literals, "options": labelled}

    # a generated ConfigMap carries its content's hash in its name: changed settings restart the processes;
    # the lists of addresses keep their names, since they are read again while they run
    config = generator(CONFIG, [f"{key}={value}" for key, value in settings(cluster).items()])
    lists = [
        generator(f"tongban-{name}", [f"{name}.yaml={name}: {{}}"], disableNameSuffixHash=True)
        for name in ADDRESSES.values()
    ]
    return {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "namespace": cluster.namespace,
        "labels": [{"pairs": {"app.kubernetes.io/part-of": "tongban"}}],
        "resources": resources,
        "configMapGenerator": [config, *lists],
    }


def _workers(cluster: Cluster) -> Document:
    # a worker is sized by what waits in its queues, which CPU does not tell: a number, not an autoscaler
    replicas = [{"name": f"{name}-worker", "count": LEAST_REPLICAS} for name in cluster.topology.services]
    return {"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "replicas": replicas}


class _Dumper(yaml.SafeDumper):
    """Every occurrence in full (no anchors), and texts of several lines as blocks."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent_text)


def _text(documents: list[Document]) -> str:
    return yaml.dump_all(documents, Dumper=_Dumper, sort_keys=False, allow_unicode=True)


if __name__ == "__main__":
    main()
