"""Broker and store of a production namespace, as custom resources of the two operators."""

from __future__ import annotations

from deploy.k8s.cluster import Cluster, Document, document
from deploy.k8s.containers import RESTRICTED, resources
from deploy.k8s.processes import disruption_budget

STAGE = "infrastructure"
NODES = 3
BROKER_USER, STORE_USER = 999, 2000
STORE_VERSION = "6.0.5"
BROKER_CONFIG = """\
default_queue_type = quorum
cluster_partition_handling = pause_minority
disk_free_limit.relative = 1.0
"""
# The operators' own containers; the store's init containers copy programs and leave.
STORE_INIT_CONTAINERS = ("mongod-posthook", "mongodb-agent-readinessprobe")
SMALL = resources("50m", "64Mi", "500m", "256Mi")


def broker_documents(cluster: Cluster) -> list[Document]:
    """RabbitmqCluster: three nodes on three machines; two of them decide, so two must stay."""
    name, labels = cluster.broker["name"], cluster.broker_labels
    pod = {
        "securityContext": _pod_security(BROKER_USER),
        "containers": [{"name": "rabbitmq", "securityContext": _without_read_only_root()}],
        "initContainers": [{"name": "setup-container", "securityContext": _without_read_only_root()}],
        "topologySpreadConstraints": [_zones(labels)],
    }
    spec = {
        "replicas": NODES,
        "image": "rabbitmq",
        "resources": resources("1", "2Gi", "2", "2Gi"),
        "persistence": {"storage": "20Gi"},
        "rabbitmq": {"additionalConfig": BROKER_CONFIG},
        "affinity": _one_per_machine(labels),
        "override": {"statefulSet": {"spec": {"template": {"spec": pod}}}},
    }
    return [
        document("rabbitmq.com/v1beta1", "RabbitmqCluster", name, STAGE, spec=spec),
        disruption_budget(name, labels, NODES - 1, STAGE),
    ]


def store_documents(cluster: Cluster) -> list[Document]:
    """MongoDBCommunity: a replica set of three with a user and a database for each service."""
    name, labels = cluster.store["name"], cluster.store_labels
    # no read-only root here: agent and server are the operator's, and write where it wants
    security = _without_read_only_root()
    pod = {
        "securityContext": _pod_security(STORE_USER),
        "containers": [
            {
                "name": "mongod",
                "image": "mongo",
                "resources": resources("1", "2Gi", "2", "4Gi"),
                "securityContext": security,
            },
            {"name": "mongodb-agent", "resources": SMALL, "securityContext": security},
        ],
        "initContainers": [
            {"name": container, "resources": SMALL, "securityContext": security} for container in STORE_INIT_CONTAINERS
        ],
        "affinity": _one_per_machine(labels),
        "topologySpreadConstraints": [_zones(labels)],
    }
    spec = {
        "members": NODES,
        "type": "ReplicaSet",
        "version": STORE_VERSION,
        "security": {"authentication": {"modes": ["SCRAM"]}},
        "users": [_user(service.name, service.database) for service in cluster.topology.services.values()],
        "additionalMongodConfig": {"security.javascriptEnabled": False},
        "statefulSet": {
            "spec": {
                "template": {"spec": pod},
                "volumeClaimTemplates": [_claim("data-volume", "50Gi"), _claim("logs-volume", "2Gi")],
            }
        },
    }
    return [
        document("mongodbcommunity.mongodb.com/v1", "MongoDBCommunity", name, STAGE, spec=spec),
        disruption_budget(name, labels, NODES - 1, STAGE),
    ]


def _user(service: str, database: str) -> Document:
    return {
        "name": service,
        "db": database,
        "passwordSecretRef": {"name": f"tongban-{service}", "key": "store-password"},
        "roles": [{"name": role, "db": database} for role in ("readWrite", "dbAdmin")],
        "scramCredentialsSecretName": f"tongban-store-{service}",
    }


def _claim(name: str, storage: str) -> Document:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": storage}}}
    return {"metadata": {"name": name}, "spec": spec}


def _pod_security(user: int) -> Document:
    profile = {"type": "RuntimeDefault"}
    return {"runAsNonRoot": True, "runAsUser": user, "runAsGroup": user, "fsGroup": user, "seccompProfile": profile}


def _without_read_only_root() -> Document:
    return {key: value for key, value in RESTRICTED.items() if key != "readOnlyRootFilesystem"}


def _one_per_machine(labels: dict[str, str]) -> Document:
    term = {"labelSelector": {"matchLabels": labels}, "topologyKey": "kubernetes.io/hostname"}
    return {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}


def _zones(labels: dict[str, str]) -> Document:
    return {
        "maxSkew": 1,
        "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": labels},
    }
