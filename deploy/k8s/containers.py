"""How a container of ours runs: restricted (Pod Security), limited, with its secrets as files."""

from __future__ import annotations

from typing import Any

from deploy.k8s.cluster import Document

USER = 65532
SECRETS, KEYS = "/secrets", "/keys"
RESTRICTED: Document = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}


def resources(cpu: str, memory: str, cpu_limit: str, memory_limit: str) -> Document:
    """What is set aside for a container, and what it can never exceed."""
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"cpu": cpu_limit, "memory": memory_limit}}


def pod_security(user: int, group: int | None = None) -> Document:
    """Security of a pod; volumes belong to `group` when the process must write them."""
    found: Document = {"runAsNonRoot": True, "runAsUser": user, "seccompProfile": {"type": "RuntimeDefault"}}
    return found | ({"runAsGroup": group, "fsGroup": group} if group is not None else {})


def pod(account: str, containers: list[Document], volumes: list[Document], security: Document, **more: Any) -> Document:
    """A pod without a token of the Kubernetes API and without the environment of its neighbours.

    Kubernetes would put every service's address into the environment, under names that may look like our settings.
    """
    return {
        "serviceAccountName": account,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": security,
        **more,
        "containers": containers,
        "volumes": volumes,
    }


def variable(name: str, value: str) -> Document:
    """An environment variable."""
    return {"name": name, "value": value}


def mount(name: str, path: str, read_only: bool = True) -> Document:
    """Where a volume is seen."""
    return {"name": name, "mountPath": path} | ({"readOnly": True} if read_only else {})


def secret_files(secret: str, keys: dict[str, str]) -> Document:
    """Chosen keys of a Secret as files: key -> path."""
    return {"name": secret, "items": [{"key": key, "path": path} for key, path in keys.items()]}
