"""What is built follows the schemas of three Kubernetes versions strictly; a misspelt or mistyped field is refused.

The operators' resources have no schema in the package: they are held against the fields that we use of them.
"""

from __future__ import annotations

import copy
import json
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest

from tests.unit.deploy.built import CUSTOM_KINDS, NAMES, built, named

VERSIONS = ("1.30", "1.32", "1.37")
# Field -> what it must be: a type, one value of a tuple, or the fields below it; a list has one entry's shape.
POD_PARTS = {"securityContext": dict, "containers": list, "initContainers": list, "topologySpreadConstraints": list}
SHAPES: dict[str, dict[str, Any]] = {
    "RabbitmqCluster": {
        "apiVersion": ("rabbitmq.com/v1beta1",),
        "spec": {
            "replicas": (3, 5, 7),
            "image": str,
            "resources": {"requests": dict, "limits": dict},
            "persistence": {"storage": str},
            "rabbitmq": {"additionalConfig": str},
            "affinity": dict,
            "override": {"statefulSet": {"spec": {"template": {"spec": POD_PARTS}}}},
        },
    },
    "MongoDBCommunity": {
        "apiVersion": ("mongodbcommunity.mongodb.com/v1",),
        "spec": {
            "members": (3, 5, 7),
            "type": ("ReplicaSet",),
            "version": str,
            "security": {"authentication": {"modes": [("SCRAM",)]}},
            "users": [
                {
                    "name": str,
                    "db": str,
                    "passwordSecretRef": {"name": str, "key": str},
                    "roles": [{"name": str, "db": str}],
                    "scramCredentialsSecretName": str,
                }
            ],
            "additionalMongodConfig": dict,
            "statefulSet": {
                "spec": {"template": {"spec": {**POD_PARTS, "affinity": dict}}, "volumeClaimTemplates": list}
            },
        },
    },
}


def misfits(value: Any, shape: Any, path: str = "") -> list[str]:
    """Where a value does not have the shape; an unknown field counts, and a missing one."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{path} is no mapping"]
        wrong = [f"{path}.{key} is unknown or missing" for key in sorted(set(value) ^ set(shape))]
        return wrong + [p for key in shape if key in value for p in misfits(value[key], shape[key], f"{path}.{key}")]
    if isinstance(shape, list):
        if not isinstance(value, list) or not value:
            return [f"{path} is no list with entries"]
        return [p for number, entry in enumerate(value) for p in misfits(entry, shape[0], f"{path}[{number}]")]
    if isinstance(shape, tuple):
        return [] if value in shape else [f"{path} is {value!r}"]
    return [] if isinstance(value, shape) else [f"{path} is {value!r}"]


def custom_misfits(document: dict[str, Any]) -> list[str]:
    parts = {key: value for key, value in document.items() if key not in ("kind", "metadata")}
    return misfits(parts, SHAPES[document["kind"]])


@pytest.mark.parametrize("version", VERSIONS)
def test_every_document_of_every_overlay_follows_the_schema(version: str) -> None:
    # what both overlays share is looked at once
    different = {json.dumps(document): document for overlay in NAMES for document in built(overlay)}
    for document in different.values():
        if document["kind"] not in CUSTOM_KINDS:
            kubernetes_validate.validate(document, version, strict=True)


def test_the_operators_resources_have_the_fields_we_know_and_no_others() -> None:
    found = [document for document in built("production") if document["kind"] in CUSTOM_KINDS]

    assert {document["kind"] for document in found} == set(CUSTOM_KINDS) == set(SHAPES)
    assert [problem for document in found for problem in custom_misfits(document)] == []


def test_a_misspelt_field_or_a_wrong_number_of_an_operators_resource_is_found() -> None:
    (broker,) = copy.deepcopy(list(named(built("production"), "RabbitmqCluster").values()))
    broker["spec"]["replica"] = broker["spec"].pop("replicas")
    (store,) = copy.deepcopy(list(named(built("production"), "MongoDBCommunity").values()))
    store["spec"]["members"] = 2
    del store["spec"]["users"][0]["passwordSecretRef"]

    assert custom_misfits(broker) == [".spec.replica is unknown or missing", ".spec.replicas is unknown or missing"]
    assert custom_misfits(store) == [".spec.members is 2", ".spec.users[0].passwordSecretRef is unknown or missing"]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_misspelt_probe_is_refused(version: str) -> None:
    bad = copy.deepcopy(named(built("base"), "Deployment")["gateway"])
    container = bad["spec"]["template"]["spec"]["containers"][0]
    container["readinessProb"] = container.pop("readinessProbe")

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(bad, version, strict=True)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_number_in_words_is_refused(version: str) -> None:
    bad = copy.deepcopy(named(built("base"), "Deployment")["gateway"])
    bad["spec"]["replicas"] = "three"

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(bad, version, strict=True)
