"""House rules for a cluster: each takes the documents of a built overlay and returns what breaks it, as sentences.

The network has a file of its own (network_policies.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.k8s.cluster import STAGE_LABEL, load_cluster

CLUSTER = load_cluster()
GUIDE = Path(__file__).resolve().parents[3] / "docs" / "deploying.md"
STAGES = ("namespace", "infrastructure", "bus", "processes")
PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
SECRET_NAME = re.compile(r"(PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIALS?|AMQP_URI|MONGO_URI|PRIVATE_KEY)$", re.I)
SECRET_VALUE = re.compile(r"://[^/\s:]+:[^@\s]+@|-----BEGIN")

Document = dict[str, Any]


@dataclass(frozen=True)
class Workload:
    """Something that runs pods: of a document of ours, or of an operator's resource."""

    kind: str
    name: str
    labels: dict[str, str]
    pod: Document
    replicas: int

    @property
    def containers(self) -> list[Document]:
        return [*self.pod.get("initContainers", []), *self.pod["containers"]]

    @property
    def ours(self) -> bool:
        return self.kind in ("Deployment", "StatefulSet", "Job")


def workloads(documents: list[Document]) -> Iterator[Workload]:
    least = {
        d["spec"]["scaleTargetRef"]["name"]: d["spec"]["minReplicas"]
        for d in of_kind(documents, "HorizontalPodAutoscaler")
    }
    for document in documents:
        kind, name, spec = document["kind"], document["metadata"]["name"], document.get("spec", {})
        if kind in ("Deployment", "StatefulSet", "Job"):
            replicas = spec.get("replicas", least.get(name, 1))
            yield Workload(kind, name, spec["template"]["metadata"]["labels"], spec["template"]["spec"], replicas)
        elif kind == "RabbitmqCluster":
            pod = dict(spec["override"]["statefulSet"]["spec"]["template"]["spec"])
            given = {"image": spec.get("image", ""), "resources": spec.get("resources", {})}
            pod["containers"] = [{**given, **container} for container in pod["containers"]]
            pod["initContainers"] = [{**given, **container} for container in pod["initContainers"]]
            labels = {"app.kubernetes.io/name": name, "app.kubernetes.io/component": "rabbitmq"}
            yield Workload(kind, name, labels, pod, spec["replicas"])
        elif kind == "MongoDBCommunity":
            pod = spec["statefulSet"]["spec"]["template"]["spec"]
            yield Workload(kind, name, {"app": f"{name}-svc"}, pod, spec["members"])


def of_kind(documents: list[Document], kind: str) -> list[Document]:
    return [document for document in documents if document["kind"] == kind]


def fits(selector: Document, labels: dict[str, str]) -> bool:
    return selector.get("matchLabels", {}).items() <= labels.items()


def unpinned_images(documents: list[Document]) -> list[str]:
    """Every image has a tag that is not `latest`, or a digest."""
    return [
        f"{workload.name}: {container['image'] or 'no image'} is not pinned"
        for workload, container in _containers_with_image(documents)
        if not re.fullmatch(r"[^@]+(:(?!latest$)[\w.-]+|@sha256:[0-9a-f]{64})", container["image"])
    ]


def images_without_digest(documents: list[Document]) -> list[str]:
    """Production: every image is named by what it contains."""
    return [
        f"{workload.name}: {container['image']} has no digest"
        for workload, container in _containers_with_image(documents)
        if not re.search(r"@sha256:[0-9a-f]{64}$", container["image"])
    ]


def unlimited_containers(documents: list[Document]) -> list[str]:
    """Every container asks for CPU and memory, and has a limit of both."""
    return [
        f"{workload.name}/{container['name']} has no {side}.{unit}"
        for workload in workloads(documents)
        for container in workload.containers
        for side in ("requests", "limits")
        for unit in ("cpu", "memory")
        if unit not in container.get("resources", {}).get(side, {})
    ]


def unprobed_containers(documents: list[Document]) -> list[str]:
    """What runs all the time is asked whether it has started, lives and may get work (operators set their own probes)."""
    return [
        f"{workload.name}/{container['name']} has no {probe}"
        for workload in workloads(documents)
        if workload.kind in ("Deployment", "StatefulSet")
        for container in workload.pod["containers"]
        for probe in PROBES
        if probe not in container
    ]


def bad_budgets(documents: list[Document]) -> list[str]:
    """What has replicas has a budget, and each budget lets at least one go, or no node could ever be emptied."""
    problems, covered = [], set()
    for budget in of_kind(documents, "PodDisruptionBudget"):
        name, least = budget["metadata"]["name"], budget["spec"]["minAvailable"]
        found = [w for w in workloads(documents) if fits(budget["spec"]["selector"], w.labels)]
        if len(found) != 1:
            problems.append(f"budget {name} selects {len(found)} workloads")
        problems += [
            f"budget {name}: {least} of {w.replicas} must stay"
            for w in found
            if not isinstance(least, int) or least >= w.replicas
        ]
        covered |= {w.name for w in found}
    without = [w.name for w in workloads(documents) if w.replicas > 1 and w.name not in covered]
    return problems + [f"{name} has replicas and no budget" for name in without]


def single_processes(documents: list[Document]) -> list[str]:
    """Production: everything that runs all the time runs at least twice."""
    return [f"{w.name} runs once" for w in workloads(documents) if w.kind != "Job" and w.replicas < 2]


def mounted_tokens(documents: list[Document]) -> list[str]:
    """No pod of ours gets a token of the Kubernetes API, or the addresses of all services as its environment."""
    accounts = [
        f"account {d['metadata']['name']} mounts its token"
        for d in of_kind(documents, "ServiceAccount")
        if d.get("automountServiceAccountToken") is not False
    ]
    pods = [
        f"{w.name}: {field} is not false"
        for w in workloads(documents)
        if w.ours
        for field in ("automountServiceAccountToken", "enableServiceLinks")
        if w.pod.get(field) is not False
    ]
    return accounts + pods


def unrestricted_pods(documents: list[Document]) -> list[str]:
    """Pod Security, level restricted, field by field; and a read-only root for what is ours."""
    problems = []
    for workload in workloads(documents):
        pod, security = workload.pod, workload.pod.get("securityContext", {})
        wrong = [field for field in ("hostNetwork", "hostPID", "hostIPC") if pod.get(field)]
        wrong += [f"volume {v['name']}" for v in pod.get("volumes", []) if not VOLUMES & set(v)]
        for container in workload.containers:
            own = security | container.get("securityContext", {})
            capabilities = own.get("capabilities", {})
            checks = {
                "runAsNonRoot": own.get("runAsNonRoot") is True,
                "runAsUser": isinstance(own.get("runAsUser"), int) and own["runAsUser"] > 0,
                "seccompProfile": own.get("seccompProfile", {}).get("type") in ("RuntimeDefault", "Localhost"),
                "allowPrivilegeEscalation": own.get("allowPrivilegeEscalation") is False,
                "privileged": not own.get("privileged"),
                "capabilities.drop": capabilities.get("drop") == ["ALL"],
                "capabilities.add": set(capabilities.get("add", [])) <= {"NET_BIND_SERVICE"},
                "procMount": own.get("procMount", "Default") == "Default",
                "hostPort": not any("hostPort" in port for port in container.get("ports", [])),
                "readOnlyRootFilesystem": own.get("readOnlyRootFilesystem") is True or not workload.ours,
            }
            wrong += [f"{container['name']}.{field}" for field, good in checks.items() if not good]
        problems += [f"{workload.name}: {field} is not restricted" for field in wrong]
    return problems


def secrets_in_the_open(documents: list[Document]) -> list[str]:
    """Secrets are files: none is a value, none is an environment variable, and no overlay brings one."""
    problems = [f"Secret {d['metadata']['name']} is in the overlay" for d in of_kind(documents, "Secret")]
    values = [
        (f"ConfigMap {d['metadata']['name']}", k, v)
        for d in of_kind(documents, "ConfigMap")
        for k, v in d["data"].items()
    ]
    for workload in workloads(documents):
        for container in workload.containers:
            where = f"{workload.name}/{container['name']}"
            values += [(where, entry["name"], entry.get("value", "")) for entry in container.get("env", [])]
            references = [e["name"] for e in container.get("env", []) if "secretKeyRef" in e.get("valueFrom", {})]
            references += [e["secretRef"]["name"] for e in container.get("envFrom", []) if "secretRef" in e]
            problems += [f"{where}: {name} is a secret in the environment" for name in references]
    return problems + [
        f"{where}: {key} is a secret in the open"
        for where, key, value in values
        if (value and SECRET_NAME.search(key)) or SECRET_VALUE.search(value)
    ]


def listed_secrets() -> dict[str, set[str]]:
    """Secrets of the table in docs/deploying.md with their keys; `<service>` stands for each service."""
    found: dict[str, set[str]] = {}
    for name, keys in re.findall(r"^\| `(tongban-[^`]+)` \| ([^|]+) \|", GUIDE.read_text(encoding="utf-8"), re.M):
        services = CLUSTER.topology.services if "<service>" in name else [""]
        for service in services:
            found.setdefault(name.replace("<service>", service), set()).update(re.findall(r"`([^`]+)`", keys))
    return found


def secret_references(documents: list[Document]) -> Iterator[tuple[str, str, str | None]]:
    """Who names which Secret and which key of it (None: all of it)."""
    for workload in workloads(documents):
        for volume in workload.pod.get("volumes", []):
            sources = [s["secret"] for s in volume.get("projected", {}).get("sources", []) if "secret" in s]
            whole = [volume["secret"] | {"name": volume["secret"]["secretName"]}] if "secret" in volume else []
            for source in sources + whole:
                for key in [item["key"] for item in source.get("items", [])] or [None]:
                    yield workload.name, source["name"], key
    for document in of_kind(documents, "MongoDBCommunity"):
        for user in document["spec"]["users"]:
            yield document["metadata"]["name"], user["passwordSecretRef"]["name"], user["passwordSecretRef"]["key"]


def dangling_references(documents: list[Document]) -> list[str]:
    """Every ConfigMap, account, service, target and volume that is named exists; every Secret is in the guide's table."""
    there = {
        kind: {d["metadata"]["name"] for d in of_kind(documents, kind)}
        for kind in ("ConfigMap", "ServiceAccount", "Service")
    }
    running, listed = list(workloads(documents)), listed_secrets()
    wanted: list[tuple[str, str, str]] = []
    problems = []
    for w in running:
        pod = w.pod
        if w.ours:
            wanted.append((w.name, "ServiceAccount", pod["serviceAccountName"]))
        wanted += [(w.name, "ConfigMap", v["configMap"]["name"]) for v in pod.get("volumes", []) if "configMap" in v]
        volumes = {v["name"] for v in pod.get("volumes", [])} | ({"data"} if w.kind == "StatefulSet" else set())
        for container in w.containers:
            sources = [e["configMapRef"]["name"] for e in container.get("envFrom", []) if "configMapRef" in e]
            wanted += [(w.name, "ConfigMap", name) for name in sources]
            mounts = [m["name"] for m in container.get("volumeMounts", [])]
            problems += [f"{w.name} mounts {name}, which is no volume" for name in mounts if name not in volumes]
    wanted += [(d["metadata"]["name"], "Service", d["spec"]["serviceName"]) for d in of_kind(documents, "StatefulSet")]
    problems += [
        f"{who} names {kind} {name}, which does not exist" for who, kind, name in wanted if name not in there[kind]
    ]
    for who, name, key in secret_references(documents):
        if name not in listed or (key and key not in listed[name]):
            problems.append(
                f"{who} names Secret {name}{f' key {key}' if key else ''}, which docs/deploying.md does not list"
            )
    deployments = {w.name for w in running if w.kind == "Deployment"}
    for scaler in of_kind(documents, "HorizontalPodAutoscaler"):
        target = scaler["spec"]["scaleTargetRef"]["name"]
        problems += [] if target in deployments else [f"autoscaler of {target}, which does not exist"]
    for service in of_kind(documents, "Service"):
        name, spec = service["metadata"]["name"], service["spec"]
        ports = {
            p["name"]
            for w in running
            if spec["selector"].items() <= w.labels.items()
            for c in w.containers
            for p in c["ports"]
        }
        problems += [
            f"service {name} leads to no port {p['targetPort']}" for p in spec["ports"] if p["targetPort"] not in ports
        ]
    return problems


def unstaged_documents(documents: list[Document]) -> list[str]:
    """Everything says in which step of an installation it is applied; the guide applies by these labels."""
    return [
        f"{d['kind']} {d['metadata']['name']} has no stage"
        for d in documents
        if d["metadata"].get("labels", {}).get(STAGE_LABEL) not in STAGES
    ]


def _containers_with_image(documents: list[Document]) -> Iterator[tuple[Workload, Document]]:
    """Containers whose image is ours to choose: the operators choose that of their agents and init containers."""
    for workload in workloads(documents):
        for container in workload.containers:
            if workload.ours or "image" in container:
                yield workload, {"image": "", **container}
