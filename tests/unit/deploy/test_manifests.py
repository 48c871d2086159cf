"""The Kubernetes manifests name real things, are in step with the topology, and leave out no process."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.bus import __main__ as bus
from deploy.k8s.cluster import load_cluster
from deploy.k8s.render import FOLDER, HEAD, OVERLAYS, present, rendered
from gateway.config import Settings as GatewaySettings
from services.registration.domain.bundle_types import authority_codes
from shared.message_keys import Partners
from shared.settings import ProcessSettings, read_settings
from shared.topology import load_topology
from tests.unit.deploy.built import NAMES, build, built, named

CLUSTER = load_cluster()
DEPLOYMENTS = list(named(built("base"), "Deployment").values())


def container(deployment: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = deployment["spec"]["template"]["spec"]["containers"][0]
    return found


def test_the_files_are_in_step_with_the_topology() -> None:
    assert present() == rendered()


def test_a_rendered_file_edited_by_hand_or_left_over_is_found(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "k8s", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "k8s" / "base" / "retired.yaml").write_text(HEAD, encoding="utf-8")
    file = tmp_path / "k8s" / "base" / "network.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("port: 5672", "port: 5673", 1), encoding="utf-8")

    found, wanted = present(tmp_path / "k8s"), rendered()

    assert {path for path in found if found[path] != wanted.get(path)} == {"base/retired.yaml", "base/network.yaml"}


def test_every_process_of_the_topology_has_its_deployment() -> None:
    services = load_topology(port_offset=0).services

    assert set(named(built("base"), "Deployment")) == {"gateway"} | {
        f"{name}-{process}" for name in services for process in ("rpc", "worker")
    }


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda d: d["metadata"]["name"])
def test_a_deployment_runs_a_real_module_on_the_ports_of_the_topology(deployment: dict[str, Any]) -> None:
    run = container(deployment)

    assert importlib.util.find_spec(run["args"][1]) is not None
    assert {port["containerPort"] for port in run["ports"]} <= set(load_topology(port_offset=0).all_ports().values())
    assert run["livenessProbe"]["httpGet"]["path"] == "/healthz"  # never asks the store or the broker


def test_the_job_runs_the_bus_setup_with_the_brokers_ports() -> None:
    (job,) = named(built("base"), "Job").values()

    assert container(job)["args"] == ["-m", "deploy.bus"]
    assert importlib.util.find_spec("deploy.bus.__main__") is not None
    assert (CLUSTER.broker["port"], CLUSTER.broker["api_port"]) == (bus.AMQP_PORT, bus.API_PORT)


def test_the_jobs_files_are_where_the_bus_setup_reads_them(tmp_path: Path) -> None:
    (job,) = named(built("base"), "Job").values()
    (volume,) = job["spec"]["template"]["spec"]["volumes"]
    contents = {"username": "admin", "password": "secret"}
    for source in volume["projected"]["sources"]:
        service = source["secret"]["name"].removeprefix("tongban-")
        for item in source["secret"]["items"]:
            path = tmp_path / item["path"]
            path.parent.mkdir(exist_ok=True)
            path.write_text(contents.get(item["key"], f"amqp://{service}:secret@tongban-broker:5672/tongban"))

    assert set(bus.read_access(tmp_path, CLUSTER.topology).password_hashes) == set(CLUSTER.topology.services)


def test_a_service_reads_its_settings_from_the_files_that_its_volume_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    volumes = named(built("base"), "Deployment")["permits-worker"]["spec"]["template"]["spec"]["volumes"]
    (source,) = next(volume for volume in volumes if volume["name"] == "secrets")["projected"]["sources"]
    (tmp_path / "..2026").mkdir()
    (tmp_path / "..data").symlink_to("..2026")  # as the kubelet lays a volume out
    for item in source["secret"]["items"]:
        (tmp_path / "..2026" / item["key"]).write_text(f"of {item['key']}")
        (tmp_path / item["path"]).symlink_to(f"..data/{item['key']}")
    monkeypatch.setenv("TONGBAN_SECRETS_DIR", str(tmp_path))

    settings = read_settings(ProcessSettings)

    assert (settings.mongo_uri, settings.amqp_uri) == ("of TONGBAN_MONGO_URI", "of TONGBAN_AMQP_URI")


@pytest.mark.parametrize("overlay", NAMES)
def test_the_gateway_finds_every_service_it_calls_and_its_issuer(overlay: str, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = built(overlay)
    reference = container(named(documents, "Deployment")["gateway"])["envFrom"][0]["configMapRef"]["name"]
    for key, value in named(documents, "ConfigMap")[reference]["data"].items():
        monkeypatch.setenv(key, value)
    services = {name: d["spec"]["ports"][0]["port"] for name, d in named(documents, "Service").items()}

    settings = GatewaySettings()

    for name in CLUSTER.topology.gateway_calls:
        host, _, port = settings.address(name).partition(":")
        assert services[host] == int(port) == CLUSTER.topology.services[name].rpc_port
    assert "127.0.0.1" not in settings.issuer_url


@pytest.mark.parametrize("overlay", NAMES)
def test_a_key_folder_is_where_its_service_looks(overlay: str) -> None:
    for name, deployment in named(built(overlay), "Deployment").items():
        mounts = {mount["name"]: mount["mountPath"] for mount in container(deployment)["volumeMounts"]}
        service = CLUSTER.processes.get(name, "gateway")
        assert mounts.get("keys") == (None if service == "gateway" else f"/keys/{service}")


def listed_addresses(overlay: str, process: str, setting: str) -> str:
    """The content of the list that a process finds where its setting says."""
    documents = built(overlay)
    deployment = named(documents, "Deployment")[process]
    env = {entry["name"]: entry["value"] for entry in container(deployment)["env"]}
    folder, _, file = env[setting].rpartition("/")
    mounted = {mount["mountPath"]: mount["name"] for mount in container(deployment)["volumeMounts"]}
    volumes = {volume["name"]: volume for volume in deployment["spec"]["template"]["spec"]["volumes"]}
    content: str = named(documents, "ConfigMap")[volumes[mounted[folder]]["configMap"]["name"]]["data"][file]
    return content


@pytest.mark.parametrize("overlay", NAMES)
def test_handoff_reads_its_partners_where_the_list_is_mounted(overlay: str, tmp_path: Path) -> None:
    for name in ("handoff-rpc", "handoff-worker"):
        (tmp_path / "partners.yaml").write_text(listed_addresses(overlay, name, "TONGBAN_PARTNERS_FILE"))
        assert Partners(tmp_path / "partners.yaml").all() == {}


@pytest.mark.parametrize("overlay", NAMES)
def test_registration_finds_the_other_authorities_where_the_list_is_mounted(overlay: str) -> None:
    content = listed_addresses(overlay, "registration-worker", "TONGBAN_AUTHORITIES_FILE")
    found = yaml.safe_load(content)["authorities"]
    assert set(found) == (set(authority_codes()) if overlay == "local" else set())
    assert all(body["url"] == f"http://issuer:8081/authorities/{code}" for code, body in found.items())


def test_every_overlay_is_checked() -> None:
    assert {path.parent.name for path in OVERLAYS.glob("*/kustomization.yaml")} == set(NAMES)


def test_a_missing_kubectl_fails_with_a_sentence_and_skips_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(pytest.fail.Exception, match="kubectl is not on the PATH: install it"):
        build(tmp_path)
