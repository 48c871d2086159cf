"""The image holds what every process needs at run time, no more, and runs as nobody in particular."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from deploy.k8s.containers import USER
from tests.unit.deploy import image_rules
from tests.unit.deploy.built import built, named

ROOT = Path(__file__).resolve().parents[3]
RULES = [
    image_rules.missing_sources, image_rules.floating_bases, image_rules.privileged_user, image_rules.tools_inside,
    image_rules.careless_layers,
]  # fmt: skip
# A change of the Dockerfile (old text, new text), and what the rule says to it.
FAULTS = [
    (image_rules.missing_sources, "COPY shared shared", "COPY shared_kit shared", "shared_kit does not exist"),
    (image_rules.missing_sources, "COPY shared shared", "COPY docs docs", "docs is kept out by .dockerignore"),
    (image_rules.floating_bases, "3.11.11-slim-bookworm", "latest", "BASE=python:latest is not pinned"),
    (image_rules.floating_bases, "FROM ${BASE} AS platform", "FROM debian AS platform", "stage platform stands on debian"),
    (image_rules.privileged_user, "USER 65532:65532", "USER tongban", "USER tongban"),
    (image_rules.privileged_user, "USER 65532:65532", "USER 0", "USER 0"),
    (image_rules.tools_inside, "RUN pip uninstall", "RUN curl x && pip uninstall", "the image runs: curl x"),
    (image_rules.tools_inside, "FROM platform AS final", "FROM development AS final", "the image gets deploy/local/__init__.py"),
    (image_rules.tools_inside, " wheel pip\n", " wheel\n", "the image keeps pip"),
    (image_rules.careless_layers, "WORKDIR /app\n", "WORKDIR /app\nCOPY services services\n", "layers are not in the order"),
]  # fmt: skip
# Packages that only checks need are hidden while the modules are imported: the image does not have them.
MODULES = """
import importlib, pathlib, sys
for name in {absent}:
    sys.modules[name] = None
for name in {modules}:
    importlib.import_module(name)
image, ours = pathlib.Path.cwd(), ("shared", "services", "gateway", "deploy", "tongban")
print(sorted(
    name for name, module in list(sys.modules.items())
    if name.partition(".")[0] in ours and getattr(module, "__file__", None)
    and not pathlib.Path(module.__file__).is_relative_to(image)
))
"""


def absent_packages() -> list[str]:
    """Top-level modules of this environment that belong to no package of the image."""
    lock = (ROOT / "requirements" / "runtime.lock").read_text(encoding="utf-8")
    locked = {plain(name) for name in re.findall(r"^([\w.-]+)==", lock, re.M)}
    return sorted(
        module
        for module, packages in packages_distributions().items()
        if module.isidentifier() and not {plain(name) for name in packages} & locked
    )


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("image")
    image_rules.lay_out(ROOT, folder)
    return folder


def modules_from_elsewhere(image: Path, modules: list[str]) -> str:
    """Modules of ours that a process imports and that are not in the image, as a printed list; else the error."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{image}:{image / 'protos' / 'gen'}"}
    command = [sys.executable, "-W", "ignore", "-c", MODULES.format(modules=modules, absent=absent_packages())]
    done = subprocess.run(command, cwd=image, env=environment, capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_dockerfile_keeps_the_rule(rule: Callable[[Path], list[str]]) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize(("rule", "old", "new", "problem"), FAULTS)
def test_a_planted_fault_is_found(
    tmp_path: Path, rule: Callable[[Path], list[str]], old: str, new: str, problem: str
) -> None:
    text = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    assert old in text
    for path in ROOT.iterdir():
        if path.name not in ("deploy", ".git"):
            (tmp_path / path.name).symlink_to(path)
    (tmp_path / "deploy").mkdir()
    for path in (ROOT / "deploy").iterdir():
        if path.name != "Dockerfile":
            (tmp_path / "deploy" / path.name).symlink_to(path)
    (tmp_path / "deploy" / "Dockerfile").write_text(text.replace(old, new, 1), encoding="utf-8")

    assert any(found.startswith(problem) for found in rule(tmp_path))


def test_every_data_file_is_in_the_image(image: Path) -> None:
    assert image_rules.missing_data(ROOT, image) == []
    assert (image / "deploy" / "topology.yaml").exists()


def test_every_process_of_the_overlays_finds_all_its_modules_in_the_image(image: Path) -> None:
    documents = [*built("production")]
    runs = [*named(documents, "Deployment").values(), *named(documents, "Job").values()]
    modules = {run["spec"]["template"]["spec"]["containers"][0]["args"][1] for run in runs}
    late = {f"{name}.{part}" for name in modules if name.startswith("services.") for part in ("rpc", "handlers")}
    late |= {"shared.worker", "shared.rpc_process"}

    assert modules_from_elsewhere(image, sorted({f"{name}.__main__" for name in modules} | late)) == "[]"


def test_the_development_issuer_finds_all_its_modules_in_its_own_target(tmp_path: Path) -> None:
    image_rules.lay_out(ROOT, tmp_path, "development")

    assert modules_from_elsewhere(tmp_path, ["deploy.local.issuer"]) == "[]"
    assert (tmp_path / "deploy" / "local" / "clients.yaml").exists()


def test_a_package_that_only_checks_need_is_found(image: Path) -> None:
    assert "pytest" in absent_packages()
    assert "pytest" in modules_from_elsewhere(image, ["pytest"])


def test_a_module_or_a_data_file_that_is_not_copied_is_found(tmp_path: Path) -> None:
    image_rules.lay_out(ROOT, tmp_path)
    (tmp_path / "deploy" / "bus" / "rights.py").rename(tmp_path / "rights.py")
    (tmp_path / "services" / "permits" / "data" / "items.yaml").unlink()

    assert modules_from_elsewhere(tmp_path, ["deploy.bus.__main__"]) != "[]"
    assert image_rules.missing_data(ROOT, tmp_path) == ["services/permits/data/items.yaml is not in the image"]


def test_the_image_and_the_pods_agree_on_the_user() -> None:
    steps = [step for stage in image_rules.final(ROOT) for step in stage.steps]

    assert ("USER", f"{USER}:{USER}") in steps
