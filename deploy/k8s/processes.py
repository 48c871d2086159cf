"""Deployments, services and accounts of the processes; the Job that sets the bus up; what scales them in production."""

from __future__ import annotations

from typing import Any

from deploy.k8s.cluster import METRICS_PORT, PUBLIC_PORT, RPC_PORT, Cluster, Document, document
from deploy.k8s.containers import (
    KEYS,
    RESTRICTED,
    SECRETS,
    USER,
    mount,
    pod,
    pod_security,
    resources,
    secret_files,
    variable,
)

IMAGE, CONFIG, BUS = "tongban", "tongban", "bus"
# Who stands where outside: a list that its service reads again while it runs, by service.
ADDRESSES = {"handoff": "partners", "registration": "authorities"}
STAGE, BUS_STAGE = "processes", "bus"
URI_KEYS = ("TONGBAN_MONGO_URI", "TONGBAN_AMQP_URI")
# Requests are what a process uses at rest, limits leave room for a flood (make bench shows both).
RESOURCES = resources("100m", "128Mi", "1", "512Mi")
LEAST_REPLICAS, MOST_REPLICAS, CPU_PERCENT = 2, 6, 70


def settings(cluster: Cluster) -> dict[str, str]:
    """The ConfigMap of all processes, as far as the topology knows it; an overlay adds public_url and issuer_url."""
    addresses = {
        f"TONGBAN_{name.upper()}_ADDRESS": f"{name}-rpc:{service.rpc_port}"
        for name, service in cluster.topology.services.items()
        if name in cluster.topology.gateway_calls
    }
    return {"TONGBAN_REGION": cluster.topology.region, "TONGBAN_BROKER_HOST": cluster.broker["name"], **addresses}


def service_documents(cluster: Cluster, name: str) -> list[Document]:
    """The two processes of a service."""
    service = cluster.topology.services[name]
    run = ["-m", f"services.{name}"]
    rpc, worker = f"{name}-rpc", f"{name}-worker"
    return [
        account(name),
        _deployment(rpc, name, [*run, "rpc"], {RPC_PORT: service.rpc_port, METRICS_PORT: service.rpc_metrics_port}),
        # headless: a gateway knows every replica and spreads its calls; a single address would pin it to one
        _service(rpc, {RPC_PORT: service.rpc_port}, clusterIP="None"),
        _deployment(worker, name, [*run, "worker"], {METRICS_PORT: service.worker_metrics_port}),
    ]


def gateway_documents(cluster: Cluster) -> list[Document]:
    """The gateway: no secret, no key."""
    ports = {PUBLIC_PORT: cluster.topology.gateway_port, METRICS_PORT: cluster.topology.gateway_metrics_port}
    return [
        account("gateway"),
        _deployment("gateway", None, ["-m", "gateway"], ports),
        _service("gateway", {PUBLIC_PORT: ports[PUBLIC_PORT]}),
    ]


def bus_documents(cluster: Cluster) -> list[Document]:
    """The Job that sets the bus up: it sees the administrator's password and every service's broker URI, nothing else."""
    sources = [secret_files(cluster.broker_admin_secret, {key: f"admin/{key}" for key in ("username", "password")})]
    sources += [
        secret_files(f"tongban-{name}", {"TONGBAN_AMQP_URI": f"{name}/TONGBAN_AMQP_URI"})
        for name in cluster.topology.services
    ]
    container = {
        "name": BUS,
        "image": IMAGE,
        "args": ["-m", "deploy.bus"],
        "env": [variable("TONGBAN_SECRETS_DIR", SECRETS), variable("TONGBAN_BROKER_HOST", cluster.broker["name"])],
        "resources": RESOURCES,
        "securityContext": RESTRICTED,
        "volumeMounts": [mount("secrets", SECRETS)],
    }
    volumes = [{"name": "secrets", "projected": {"sources": [{"secret": source} for source in sources]}}]
    template = {
        "metadata": {"labels": {"app": BUS}},
        "spec": pod(BUS, [container], volumes, pod_security(USER), restartPolicy="OnFailure"),
    }
    # it fails until the broker answers: the kubelet tries again, ever more rarely; gone some time after it is done,
    # so that the next release can create it anew (a Job cannot be changed)
    spec = {"backoffLimit": 12, "activeDeadlineSeconds": 1800, "ttlSecondsAfterFinished": 3600, "template": template}
    return [account(BUS, BUS_STAGE), document("batch/v1", "Job", BUS, BUS_STAGE, spec=spec)]


def scaling_documents(cluster: Cluster) -> list[Document]:
    """Production: what answers calls grows with its load; of every process one stays when a node is emptied."""
    found = []
    for name in cluster.processes:
        found.append(disruption_budget(name, {"app": name}, 1, STAGE))
        if not name.endswith("-worker"):
            found.append(_autoscaler(name))
    return found


def disruption_budget(name: str, labels: dict[str, str], least: int, stage: str) -> Document:
    """How many must stay when nodes are emptied on purpose."""
    spec = {"minAvailable": least, "selector": {"matchLabels": labels}}
    return document("policy/v1", "PodDisruptionBudget", name, stage, spec=spec)


def account(name: str, stage: str = STAGE) -> Document:
    """An account that may do nothing with the Kubernetes API."""
    return document("v1", "ServiceAccount", name, stage, automountServiceAccountToken=False)


def _deployment(name: str, service: str | None, arguments: list[str], ports: dict[str, int]) -> Document:
    """No number of replicas: one if nobody says otherwise, else what the overlay or the autoscaler says."""
    env, mounts, volumes = [], [mount("tmp", "/tmp", read_only=False)], [{"name": "tmp", "emptyDir": {}}]
    if service:
        env = [variable("TONGBAN_SECRETS_DIR", SECRETS)]
        mounts += [mount("secrets", SECRETS), mount("keys", f"{KEYS}/{service}")]
        uris = {key: key for key in URI_KEYS}
        volumes += [
            {"name": "secrets", "projected": {"sources": [{"secret": secret_files(f"tongban-{service}", uris)}]}},
            {"name": "keys", "secret": {"secretName": f"tongban-{service}-keys"}},
        ]
    if service in ADDRESSES:
        # a folder, not a single file: what changes in the ConfigMap arrives, and the service reads the file again
        listed = ADDRESSES[service]
        mounts.append(mount(listed, f"/{listed}"))
        volumes.append({"name": listed, "configMap": {"name": f"tongban-{listed}"}})
        env.append(variable(f"TONGBAN_{listed.upper()}_FILE", f"/{listed}/{listed}.yaml"))
    if service == "certificates":
        # keys come as Secrets; a process in a cluster never makes its own (two replicas would make two)
        env.append(variable("TONGBAN_CREATE_SIGNING_KEY", "false"))
    container = {
        "name": name,
        "image": IMAGE,
        "args": arguments,
        "envFrom": [{"configMapRef": {"name": CONFIG}}],
        "env": env,
        "ports": [{"name": key, "containerPort": port} for key, port in ports.items()],
        **_probes(PUBLIC_PORT if PUBLIC_PORT in ports else METRICS_PORT),
        "resources": RESOURCES,
        "securityContext": RESTRICTED,
        # endpoints are removed while SIGTERM arrives: keep serving until the removal has spread
        "lifecycle": {"preStop": {"sleep": {"seconds": 3}}},
        "volumeMounts": mounts,
    }
    spread = {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": {"app": name}},
    }
    run = pod(
        service or name,
        [container],
        volumes,
        pod_security(USER),
        terminationGracePeriodSeconds=30,
        topologySpreadConstraints=[spread],
    )
    spec = {
        "selector": {"matchLabels": {"app": name}},
        "template": {"metadata": {"labels": {"app": name}}, "spec": run},
    }
    return document("apps/v1", "Deployment", name, STAGE, spec=spec)


def _probes(port: str) -> Document:
    """A worker and an rpc process answer probes on the metrics port, the gateway on its own."""

    def probe(path: str, **timing: int) -> Document:
        return {"httpGet": {"path": path, "port": port}, **timing}

    return {
        # liveness never asks the store or the broker: a restart would not mend them
        "startupProbe": probe("/healthz", periodSeconds=2, failureThreshold=30),
        "livenessProbe": probe("/healthz", periodSeconds=10, failureThreshold=3),
        "readinessProbe": probe("/readyz", periodSeconds=2, failureThreshold=2),
    }


def _service(name: str, ports: dict[str, int], **more: Any) -> Document:
    spec = {
        **more,
        "selector": {"app": name},
        "ports": [{"name": key, "port": port, "targetPort": key} for key, port in ports.items()],
    }
    return document("v1", "Service", name, STAGE, spec=spec)


def _autoscaler(name: str) -> Document:
    spec = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name},
        "minReplicas": LEAST_REPLICAS,
        "maxReplicas": MOST_REPLICAS,
        "metrics": [
            {
                "type": "Resource",
                "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": CPU_PERCENT}},
            }
        ],
        # a flood comes back more often than not: grow at once, shrink after five quiet minutes
        "behavior": {"scaleDown": {"stabilizationWindowSeconds": 300}},
    }
    return document("autoscaling/v2", "HorizontalPodAutoscaler", name, STAGE, spec=spec)
