"""Overlays as `kubectl kustomize` builds them, each once a run."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.k8s.render import BASE, OVERLAYS

Document = dict[str, Any]
NAMES = ("local", "production")
CUSTOM_KINDS = frozenset({"RabbitmqCluster", "MongoDBCommunity"})


def built(name: str) -> list[Document]:
    """Documents of an overlay, or of the `base`. Fails the test with a sentence where kubectl is missing."""
    return list(build(BASE if name == "base" else OVERLAYS / name))


@cache
def build(folder: Path) -> tuple[Document, ...]:
    """Documents that a folder builds."""
    if shutil.which("kubectl") is None:
        pytest.fail(
            "kubectl is not on the PATH: install it (any version from 1.30), the overlays cannot be checked without"
        )
    done = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.fail(f"kubectl kustomize {folder.name}: {done.stderr}")
    return tuple(
        yaml.load_all(done.stdout, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    )  # C: ten times as fast


def named(documents: list[Document], kind: str) -> dict[str, Document]:
    """Documents of a kind by name."""
    return {document["metadata"]["name"]: document for document in documents if document["kind"] == kind}
