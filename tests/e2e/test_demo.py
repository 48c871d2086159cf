"""The main job from end to end, as a person sees it: applications in, verified licences out, whatever dies on the way."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.rows import COLUMNS, SAMPLE
from tests.bench.platform import ROOT, Platform

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
KILLED = ["registration-rpc", "registration-worker", "certificates-rpc", "certificates-worker", "gateway"]
CHARACTERS = "晨云星海沐雅锦诺卓凡霁岚澜屿槐棠霖禾舟帆岭屏砚樾川野序章越航"
ROWS, BAD = 80, 3


def register_file(path: Path, mark: str) -> Path:
    """80 lawful companies with names of their own, a name that breaks a rule, a double, an incomplete one."""
    names = [f"常州{mark}{CHARACTERS[i % 20]}{CHARACTERS[20 + i // 20]}机械有限公司" for i in range(ROWS)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for name in [*names, "新北区" + mark + "机械有限公司"]:
            writer.writerow(
                [name, "", "", "有限责任公司", "50(万元人民币)", "机械零部件的制造。", "常州市新北区某路1号"]
            )
        writer.writerow(
            [names[0], "", "", "有限责任公司", "60(万元人民币)", "机械零部件的制造。", "常州市新北区某路2号"]
        )
        writer.writerow([f"常州{mark}缺口机械有限公司", "", "", "有限责任公司", "50(万元人民币)", "", ""])
    return path


def start_demo(running: Platform, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "deploy.demo",
        "--output",
        str(folder / "demo"),
        "--report",
        str(folder / "demo.json"),
    ]
    return subprocess.Popen(
        [*command, *arguments],
        env=running.environment,
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def report_of(folder: Path) -> dict[str, Any]:
    report = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
    return {row["name"]: row["value"] for row in report["rows"]} | {
        "explained": report["explained"],
        "ok": report["ok"],
    }


def pid_of(running: Platform, name: str) -> int:
    return pid_in(running.folder, name)


def pid_in(folder: Path, name: str) -> int:
    """Process id of a supervised process of the stack whose state lies in `folder`."""
    processes = json.loads((folder / "processes.json").read_text(encoding="utf-8"))
    listed = processes["processes"] if isinstance(processes, dict) else processes
    return int(next(process["pid"] for process in listed if process["name"] == name))


def test_the_sample_goes_from_application_to_verified_licence(running: Platform, tmp_path: Path) -> None:
    demo = start_demo(running, tmp_path)
    output, _ = demo.communicate(timeout=240)

    assert demo.returncode == 0, output
    report = report_of(tmp_path)
    with SAMPLE.open(encoding="utf-8") as file:
        rows = sum(1 for _ in csv.DictReader(file))
    assert report["applied"] == rows
    assert report["registered"] == report["licences"] == report["verified"] == rows - 8
    assert len(report["explained"]) == 8
    assert all(explained["reasons"] for explained in report["explained"])
    # 25.4-13, 3-15, 4-07: the store was opened, complained about, its permit revoked, its certificate turned
    assert report["store_material_cut"] > 0.5
    assert report["revocation_to_verdict"] > 0
    # 3-08: two matters went across the regions and both sides' ledgers agree
    assert report["across_regions_closed"] == 2
    assert report["across_regions_messages"] == 14
    pages = (tmp_path / "demo" / "index.html").read_text(encoding="utf-8")
    for event in ("BundleFinished", "EntityRegistered", "OrderClosed", "PermitStateChanged", "CertificateIssued",
                  "HandoffCaseOpened", "ResultReceived", "HandoffCaseClosed"):  # fmt: skip
        assert event in pages
    pictures, files = list((tmp_path / "demo").glob("*.png")), list((tmp_path / "demo").glob("*.pdf"))
    assert len(files) == report["registered"]
    assert pictures
    assert all(picture.name in pages for picture in pictures)


def test_the_same_rows_again_change_nothing(running: Platform, tmp_path: Path) -> None:
    for turn in ("first", "second"):
        (tmp_path / turn).mkdir()
        source = register_file(tmp_path / f"{turn}.csv", "再")
        demo = start_demo(running, tmp_path / turn, "--input", str(source), "--count", "20")
        output, _ = demo.communicate(timeout=240)
        assert demo.returncode == 0, output

    first, second = report_of(tmp_path / "first"), report_of(tmp_path / "second")
    assert first["registered"] == second["registered"] == second["licences"] == 20


@pytest.mark.parametrize("name", KILLED)
def test_killing_a_process_during_the_run_changes_nothing_in_the_end(
    running: Platform, tmp_path: Path, name: str
) -> None:
    source = register_file(tmp_path / "register.csv", "甲乙丙丁戊"[KILLED.index(name)])
    demo = start_demo(running, tmp_path, "--input", str(source))
    time.sleep(2.5)
    pid = pid_of(running, name)
    assert demo.poll() is None, "the run was over before anything was killed"
    os.kill(pid, signal.SIGKILL)

    output, _rest = demo.communicate(timeout=240)

    assert demo.returncode == 0, output
    report = report_of(tmp_path)
    assert report["applied"] == ROWS + BAD
    assert report["registered"] == report["licences"] == report["verified"] == ROWS
    assert (report["returned"], report["refused"], report["failed"]) == (1, 2, 0)
    assert pid_of(running, name) != pid
