"""Bundles and projects as flows (`shared/flows.py`): they move by commands and by the events of their parts."""

from __future__ import annotations

from shared.failures import NotFound
from shared.flows import Flow, change, create, do, known, load, open_form

__all__ = [
    "BUNDLE",
    "PROJECT",
    "BundleNotFound",
    "ProjectNotFound",
    "change",
    "create",
    "do",
    "known",
    "load",
    "open_form",
]


class BundleNotFound(NotFound):
    """No bundle with this id, or it is not yours."""


class ProjectNotFound(NotFound):
    """No project with this id, or it is not yours."""


BUNDLE = Flow(
    "bundles", "bundle_id", lambda parts: parts.store, lambda parts, document: parts.bundle_of(document), BundleNotFound
)
PROJECT = Flow(
    "projects", "project_id", lambda parts: parts.store, lambda parts, document: parts.project_of(document),
    ProjectNotFound,
)  # fmt: skip
