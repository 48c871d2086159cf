"""The tree keeps its rules; and a planted fault is found, so that none of these tests passes for nothing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.check import BUF, RELEASED, install_tools
from tests.structure import rules

ROOT = Path(__file__).resolve().parents[2]
RULES = [
    rules.missing_service_files, rules.long_files, rules.event_problems, rules.queue_problems,
    rules.question_problems, rules.undocumented_metrics,
    rules.undocumented_settings, rules.stale_pitfalls,
    rules.direct_store_connections, rules.unpatched_workers, rules.foreign_addresses,
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_tree_keeps_the_rule(rule: Callable[[Path], list[str]]) -> None:
    assert rule(ROOT) == []


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the tree to plant faults in."""
    for folder in ("shared", "services", "gateway", "deploy", "protos", "docs", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def run(copy: Path, command: list[str], folder: str = ".") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": f"{copy}:{copy / 'protos' / 'gen'}"}
    return subprocess.run(command, cwd=copy / folder, env=environment, capture_output=True, text=True, check=False)


def test_a_cross_service_import_is_found(copy: Path) -> None:
    lint = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    assert run(copy, lint).returncode == 0
    with (copy / "services" / "hotline" / "domain.py").open("a") as file:
        file.write("\nimport services.registration.domain.naming\n")

    done = run(copy, lint)

    assert done.returncode != 0
    assert "Services never import each other" in done.stdout


def test_a_driver_in_the_domain_is_found(copy: Path) -> None:
    with (copy / "services" / "hotline" / "domain.py").open("a") as file:
        file.write("\nimport pymongo\n")

    done = run(copy, [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"])

    assert done.returncode != 0
    assert "Domain and use cases are pure" in done.stdout


@pytest.mark.parametrize("name", ["README.md", "domain.py", "handlers.py", "config.py"])
def test_a_missing_file_in_a_service_is_found(copy: Path, name: str) -> None:
    place = copy / "services" / "handoff" / name
    # a file that grew past the limit is a package of the same name
    place.unlink() if place.exists() else shutil.rmtree(place.with_suffix(""))

    assert rules.missing_service_files(copy) == [
        f"services/handoff has no {name.removesuffix('.py') if name != 'config.py' else name}"
    ]


def test_an_undocumented_metric_is_found(copy: Path) -> None:
    with (copy / "shared" / "metrics.py").open("a") as file:
        file.write('\nNEW = Counter("tongban_surprises_total", "x")\n')

    assert rules.undocumented_metrics(copy) == ["docs/metrics.md does not describe tongban_surprises_total"]


def test_an_undocumented_event_is_found(copy: Path) -> None:
    edit(copy / "docs" / "events.md", "`registration.EntityRegistered`", "`registration.Something`")

    assert rules.event_problems(copy) == ["docs/events.md does not describe registration.EntityRegistered"]


def test_an_event_without_its_message_or_its_publisher_is_found(copy: Path) -> None:
    edit(
        copy / "deploy" / "topology.yaml",
        "      EntityRegistered:      {}",
        "      EntityRegistered:      {}\n      EntityVanished: {}",
    )

    problems = rules.event_problems(copy)

    assert "registration: EntityVanished has no message in events.proto" in problems
    assert "registration: nothing publishes EntityVanished" in problems


def test_a_queue_without_its_handler_is_found(copy: Path) -> None:
    edit(
        copy / "services" / "registration" / "handlers.py",
        '@on_events("registration.on_review_extended.v1")',
        "@no_entrypoint",
    )

    assert rules.queue_problems(copy) == ["registration.on_review_extended.v1 has no handler"]


def test_a_setting_that_the_readme_does_not_list_is_found(copy: Path) -> None:
    edit(copy / "services" / "hotline" / "README.md", "TONGBAN_OUTBOX_LIMIT", "TONGBAN_OTHER")

    assert rules.undocumented_settings(copy) == ["services/hotline/README.md does not list TONGBAN_OUTBOX_LIMIT"]


def test_a_store_opened_elsewhere_is_found(copy: Path) -> None:
    with (copy / "services" / "hotline" / "store.py").open("a") as file:
        file.write("\nclient = MongoClient('x')\n")

    assert rules.direct_store_connections(copy) == ["services/hotline/store.py opens a store by itself"]


def test_an_import_before_the_patch_is_found(copy: Path) -> None:
    edit(copy / "services" / "permits" / "__main__.py", "import sys\n", "import sys\nimport pymongo\n")

    assert "before it patches" in rules.unpatched_workers(copy)[0]


def test_a_file_past_its_length_is_found(copy: Path) -> None:
    (copy / "services" / "hotline" / "domain.py").write_text('"""x"""\n' * 401)

    assert rules.long_files(copy) == ["services/hotline/domain.py has 401 lines, more than 400"]


def test_a_renumbered_proto_field_is_found(copy: Path) -> None:
    install_tools()
    breaking = [str(BUF), "breaking", "--against", str(RELEASED)]
    assert run(copy, breaking, "protos").returncode == 0
    path = copy / "protos" / "tongban" / "registration" / "v1" / "events.proto"
    path.write_text(re.sub(r"string uscc = 3;", "string uscc = 30;", path.read_text(encoding="utf-8"), count=1))

    done = run(copy, breaking, "protos")

    assert done.returncode == 100
    assert 'field "3" with name "uscc"' in done.stdout


def test_generated_code_out_of_step_is_found(copy: Path) -> None:
    edit(
        copy / "protos" / "tongban" / "registration" / "v1" / "events.proto",
        "string uscc = 3;",
        "string uscc = 3;\n  string more = 99;",
    )

    done = run(copy, [sys.executable, "-m", "deploy.protos", "--check"])

    assert done.returncode != 0
    assert "not in step" in done.stderr
