"""Alert rules name metrics that code exports, and each has a test that fires it, one that must not, and a runbook."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.check import PROMTOOL, install_promtool

ROOT = Path(__file__).resolve().parents[3]
ALERTS = ROOT / "deploy" / "alerts"
RULES: list[dict[str, Any]] = yaml.safe_load((ALERTS / "rules.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
TESTS: list[dict[str, Any]] = yaml.safe_load((ALERTS / "rules_test.yaml").read_text(encoding="utf-8"))["tests"]


def exported() -> set[str]:
    """Names of the metrics that code declares; a histogram also has its parts."""
    found: set[str] = set()
    for folder in ("shared", "services", "gateway"):
        for path in (ROOT / folder).rglob("*.py"):
            declared = re.findall(r'(Counter|Gauge|Histogram)\(\s*"(tongban_\w+)"', path.read_text(encoding="utf-8"))
            for kind, name in declared:
                found |= {name} | (
                    {f"{name}_{part}" for part in ("bucket", "count", "sum")} if kind == "Histogram" else set()
                )
    return found


def unknown(expression: str) -> set[str]:
    return set(re.findall(r"tongban_\w+", expression)) - exported()


def expectations(alert: str) -> list[bool]:
    checks = [check for test in TESTS for check in test["alert_rule_test"] if check["alertname"] == alert]
    return [bool(check["exp_alerts"]) for check in checks]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_asks_only_for_metrics_that_code_exports(rule: dict[str, Any]) -> None:
    assert unknown(rule["expr"]) == set()


def test_a_metric_that_nobody_exports_is_found() -> None:
    assert unknown("tongban_outbox_oldest_agee_seconds > 60") == {"tongban_outbox_oldest_agee_seconds"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_is_tested_both_ways_and_has_a_runbook(rule: dict[str, Any]) -> None:
    assert set(expectations(rule["alert"])) == {True, False}
    assert rule["annotations"]["runbook"] == f"docs/runbooks/{rule['alert']}.md"
    assert (ROOT / rule["annotations"]["runbook"]).is_file()


def test_every_runbook_belongs_to_an_alert() -> None:
    assert {path.stem for path in (ROOT / "docs" / "runbooks").glob("*.md")} == {rule["alert"] for rule in RULES}


def test_a_rule_with_a_wrong_threshold_fails_its_tests(tmp_path: Path) -> None:
    install_promtool()
    text = (ALERTS / "rules.yaml").read_text(encoding="utf-8")
    (tmp_path / "rules.yaml").write_text(text.replace("age_seconds > 60", "age_seconds > 600"), encoding="utf-8")
    (tmp_path / "rules_test.yaml").write_text(
        (ALERTS / "rules_test.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )

    done = subprocess.run(
        [str(PROMTOOL), "test", "rules", "rules_test.yaml"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode != 0
    assert "OutboxStale" in done.stdout + done.stderr
