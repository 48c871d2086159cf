"""What docs/deploying.md tells an operator to type does what it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from deploy.k8s.render import OVERLAYS
from shared.message_keys import read_message_key
from tests.unit.deploy import policies
from tests.unit.deploy.built import NAMES, build, built, named
from tests.unit.deploy.network_policies import wrong_doors

TEXT = policies.GUIDE.read_text(encoding="utf-8")
CLUSTER = policies.CLUSTER


def code(language: str, after: str) -> str:
    """The first block of code after a heading."""
    found = re.search(rf"^## {after}.*?^```{language}\n(.*?)^```", TEXT, re.M | re.S)
    assert found is not None
    return found[1]


def test_an_overlay_as_the_guide_shows_it_builds_with_its_own_images_and_addresses(tmp_path: Path) -> None:
    wanted = yaml.safe_load(code("yaml", "Your overlay").replace("sha256:…", f"sha256:{'a1' * 32}"))
    wanted["resources"] = [os.path.relpath(OVERLAYS / "production", tmp_path)]
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(wanted), encoding="utf-8")
    shutil.copy(OVERLAYS / "production" / "images.yaml", tmp_path)
    (tmp_path / "partners.yaml").write_text('partners: {"440305": {gateway_url: "https://partner.example"}}\n')
    (tmp_path / "authorities.yaml").write_text('authorities: {tax: {url: "https://tax.example"}}\n')

    documents = list(build(tmp_path))

    images = {c["image"] for w in policies.workloads(documents) for c in w.containers if "image" in c}
    assert images == {
        f"registry.your-district.example/{n}@sha256:{'a1' * 32}" for n in ("tongban", "rabbitmq", "mongo")
    }
    maps = named(documents, "ConfigMap")
    assert "partner.example" in maps.pop("tongban-partners")["data"]["partners.yaml"]
    assert "tax.example" in maps.pop("tongban-authorities")["data"]["authorities.yaml"]
    ((_name, config),) = maps.items()
    assert config["data"]["TONGBAN_PUBLIC_URL"] == "https://…"
    assert config["data"]["TONGBAN_PERMITS_ADDRESS"] == "permits-rpc:18412"
    assert [rule(documents) for rule in (policies.dangling_references, policies.images_without_digest)] == [[], []]
    assert wrong_doors(documents, "production") == []


@pytest.mark.parametrize("overlay", NAMES)
def test_the_secrets_made_as_the_guide_shows_have_the_keys_that_the_pods_mount(overlay: str, tmp_path: Path) -> None:
    """Runs the guide's lines with a kubectl that writes down what it is told."""
    script = code("", "Secrets")
    fake = tmp_path / "kubectl"
    fake.write_text('#!/bin/sh\nprintf "%s\\n" "$@" >> calls\necho END >> calls\n', encoding="utf-8")
    fake.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    subprocess.run(["bash", "-eu", "-c", script], cwd=tmp_path, env=environment, check=True, capture_output=True)

    made: dict[str, dict[str, str]] = {}
    for call in (tmp_path / "calls").read_text(encoding="utf-8").split("END\n"):
        _, _, name_and_rest = call.partition("generic\n")
        name, _, rest = name_and_rest.partition("\n")
        made[name] = dict(re.findall(r"--from-literal=([^=]+)=(.*)", rest))
    own = {f"tongban-{service}" for service in CLUSTER.topology.services}
    assert own | {f"{name}-keys" for name in own} <= set(made)
    for _who, name, key in policies.secret_references(built(overlay)):
        if name in own:
            assert key in made[name]
    for service in CLUSTER.topology.services:
        amqp, mongo = (urlsplit(made[f"tongban-{service}"][key]) for key in ("TONGBAN_AMQP_URI", "TONGBAN_MONGO_URI"))
        assert (amqp.username, amqp.hostname, amqp.port) == (service, CLUSTER.broker["name"], CLUSTER.broker["port"])
        assert amqp.path == f"/{CLUSTER.topology.rabbit['vhost']}"
        assert (mongo.username, mongo.password) == (service, made[f"tongban-{service}"]["store-password"])
        assert mongo.path == f"/{CLUSTER.topology.services[service].database}"
        assert mongo.hostname == f"{CLUSTER.store['name']}-0.{CLUSTER.store_service}"
        assert (tmp_path / "keys" / service / "personal-data.key").stat().st_size == 32
    for service in ("handoff", "registration"):
        made_key = (tmp_path / "keys" / service / "message-key.pem").read_bytes()
        assert read_message_key(tmp_path / "keys" / service).key_id
        assert (tmp_path / "keys" / service / "message-key.pem").read_bytes() == made_key


def test_the_stages_of_the_guide_are_those_of_the_documents_in_the_same_order() -> None:
    assert (
        tuple(re.findall(r"apply -k <folder> -l tongban.io/stage=(\w+)", code("", "Install and upgrade")))
        == policies.STAGES
    )


def test_what_a_stage_needs_is_there_in_an_earlier_one() -> None:
    """An account or a ConfigMap that came later would hold the pods of an earlier stage up."""
    for overlay in NAMES:
        documents = built(overlay)
        stage = {(d["kind"], d["metadata"]["name"]): d["metadata"]["labels"]["tongban.io/stage"] for d in documents}
        for workload in (w for w in policies.workloads(documents) if w.ours):
            needs = [("ServiceAccount", workload.pod["serviceAccountName"])]
            needs += [
                ("ConfigMap", e["configMapRef"]["name"]) for c in workload.containers for e in c.get("envFrom", [])
            ]
            at = policies.STAGES.index(stage[workload.kind, workload.name])
            assert [need for need in needs if policies.STAGES.index(stage[need]) > at] == []
