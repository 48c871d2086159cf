"""The base follows the schemas of three Kubernetes versions strictly, and a misspelt or mistyped field is refused."""

from __future__ import annotations

import copy
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml

from deploy.k8s.render import rendered

VERSIONS = ("1.30", "1.32", "1.37")
DOCUMENTS: list[dict[str, Any]] = [
    document
    for text in rendered().values()
    for document in yaml.safe_load_all(text)
    if document["kind"] != "Kustomization"
]
DEPLOYMENT = next(document for document in DOCUMENTS if document["kind"] == "Deployment")


@pytest.mark.parametrize("version", VERSIONS)
def test_every_document_follows_the_schema(version: str) -> None:
    for document in DOCUMENTS:
        kubernetes_validate.validate(document, version, strict=True)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_misspelt_probe_is_refused(version: str) -> None:
    bad = copy.deepcopy(DEPLOYMENT)
    container = bad["spec"]["template"]["spec"]["containers"][0]
    container["readinessProb"] = container.pop("readinessProbe")

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(bad, version, strict=True)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_number_in_words_is_refused(version: str) -> None:
    bad = copy.deepcopy(DEPLOYMENT)
    bad["spec"]["replicas"] = "three"

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(bad, version, strict=True)
