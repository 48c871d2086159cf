"""`make check`: format, lint, types, import contracts, protos (lint, format, in step, not broken), structural tests.

Runs all steps, prints one line each, and fails when one of them does. A step's output is shown only when it fails.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
TOOLS = ROOT / "requirements" / "npm"
BUF = TOOLS / "node_modules" / "@bufbuild" / "buf-linux-x64" / "bin" / "buf"
# The protos that partners build against, as they stood at the last release; kept in the tree so that a shallow clone can
# compare too. `python -m deploy.protos --release` moves it at a release.
RELEASED = ROOT / "protos" / "released.binpb"
# From the distribution's package, unpacked beside the other tools: installing it would start a server.
PROMETHEUS = ROOT / ".venv" / "prometheus"
PROMTOOL = PROMETHEUS / "usr" / "bin" / "promtool"


@dataclass(frozen=True)
class Step:
    """One check: what it is called and the command that does it."""

    name: str
    command: list[str]
    cwd: Path = ROOT


def steps() -> list[Step]:
    """All checks in order, cheap ones first."""
    python = str(BIN / "python")
    pytest = [python, "-m", "pytest", "-p", "no:randomly", "-p", "no:xdist"]
    return [
        Step("format", [str(BIN / "ruff"), "format", "--check", "."]),
        Step("lint", [str(BIN / "ruff"), "check", "."]),
        Step("import contracts", [str(BIN / "lint-imports"), "--no-cache"]),
        Step("proto lint", [str(BUF), "lint"], ROOT / "protos"),
        Step(
            "proto format",
            [str(BUF), "format", "-d", "--exit-code", "--exclude-path", "buf", "--exclude-path", "cloudevents"],
            ROOT / "protos",
        ),
        Step("proto breaking", [str(BUF), "breaking", "--against", str(RELEASED)], ROOT / "protos"),
        Step("proto in step", [python, "-m", "deploy.protos", "--check"]),
        Step("manifests in step", [python, "-m", "deploy.k8s.render", "--check"]),
        Step("manifests", [*pytest, "tests/unit/deploy", "-k", "manifests or policies or image or bus"]),
        Step("alert rules", [str(PROMTOOL), "test", "rules", str(ROOT / "deploy" / "alerts" / "rules_test.yaml")]),
        Step("picture in step", [python, "-m", "deploy.diagram", "--check"]),
        Step("types", [str(BIN / "mypy")]),
        Step("routes", [*pytest, "tests/contract", "-k", "authenticates or planted or stale or public"]),
        Step("structure", [*pytest, "tests/structure"]),
    ]


def install_tools() -> None:
    """Install buf from its npm package, by the lock file, and unpack promtool, if they are not there yet."""
    install_promtool()
    if not BUF.exists():
        subprocess.run(["npm", "ci", "--ignore-scripts", "--silent", "--no-audit", "--no-fund"], cwd=TOOLS, check=True)


def install_promtool() -> None:
    """Unpack promtool from the distribution's package, if it is not there yet; installs nothing in the system."""
    if not PROMTOOL.exists():
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["apt-get", "download", "-qq", "prometheus"], cwd=folder, check=True)
            (package,) = Path(folder).glob("prometheus_*.deb")
            subprocess.run(["dpkg-deb", "-x", str(package), str(PROMETHEUS)], check=True)


def main() -> None:
    """Command line entry; arguments name steps to run alone."""
    install_tools()
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'protos' / 'gen'}"}
    failed = []
    for step in steps():
        if len(sys.argv) > 1 and step.name not in sys.argv[1:]:
            continue
        started = time.perf_counter()
        done = subprocess.run(step.command, cwd=step.cwd, env=environment, capture_output=True, text=True, check=False)
        good = done.returncode == 0
        print(f"{'ok  ' if good else 'FAIL'} {step.name:<18} {time.perf_counter() - started:5.1f} s", flush=True)
        if not good:
            failed.append(step.name)
            print(done.stdout + done.stderr, flush=True)
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
