"""`make bench`: the full path of a case, as ratios against one process that only stores it, measured in the same run.

Full path: gateway → gRPC → store → quorum queue → consumer's write; a case counts when the registrars' work list holds it.
Sustained rate = cases handled / (flood + drain). Nothing here is asserted; the numbers are printed and reported.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from pymongo import MongoClient
from rich.console import Console
from rich.table import Table

from deploy.demo.report import percentile
from deploy.demo.rows import SAMPLE, read_rows
from deploy.local.state import open_state
from shared.clock import SystemClock
from tests.bench import handoff, register, revocation
from tests.bench.hotspots import TOP, watched
from tests.bench.paced import run_paced
from tests.bench.platform import ROOT, Platform, platform, wait_until, write_report
from tests.e2e.conftest import PARTNER_OFFSET
from tests.integration.kit.conftest import free_port

SECONDS = 6
# Pairs of monolith and full path; the middle ratio counts. The same machine differs by a tenth from minute to minute.
ROUNDS = {32: 3, 128: 5}
RUN_CHARACTERS = "东西南北中上金木水火土日月光明天地人和"


def body_template() -> str:
    """A complete, lawful application of about 1 kB, with holes for the name, the person's number and the place."""
    (row,), _ = read_rows(SAMPLE, "320411", 1, SystemClock().today())
    application = dict(row.application) | {"name": "常州@NAME@机械有限公司"}
    application["domicile"] = dict(application["domicile"]) | {"address": "常州市新北区通江路@PLACE@号"}
    text = json.dumps(application, ensure_ascii=False, separators=(",", ":"))
    return re.sub(r"\b\d{17}[\dX]\b", "@ID@", text)


def flood(url: str, token: str, connections: int, run: str, template: Path) -> dict[str, float]:
    """wrk for some seconds; requests answered, seconds, latencies in ms, errors."""
    command = [
        "wrk", "-t2", f"-c{connections}", f"-d{SECONDS}s", "-s", str(ROOT / "tests/bench/load.lua"), url, "--",
        token, run, str(template),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT"))
    requests, duration, p50, p99, errors = (int(part) for part in line.split()[1:])
    if errors > requests / 100:
        raise SystemExit(f"{errors} of {requests} requests to {url} failed: nothing was measured")
    return {"requests": requests, "seconds": duration / 1e6, "p50": p50 / 1e3, "p99": p99 / 1e3, "errors": errors}


def full_path(target: Platform, connections: int, run: str, template: Path) -> dict[str, float]:
    """Flood the gateway, then wait until the last accepted case is on the work list."""
    register = target.register
    handled = lambda: register.work_items.estimated_document_count()  # noqa: E731
    before, cpu, started = handled(), target.cpu_seconds(), time.monotonic()
    result = flood(target.gateway, target.token, connections, run, template)
    accepted = register.applications.estimated_document_count()
    drained = wait_until(lambda: handled() >= register.applications.estimated_document_count(), 60)
    elapsed = time.monotonic() - started
    cases = handled() - before
    cpu_ms = (target.cpu_seconds() - cpu) * 1000 / max(cases, 1)
    return result | {
        "rate": cases / elapsed, "cpu_ms": cpu_ms, "drain": elapsed - result["seconds"], "cases": cases, "ok": drained,
        "accepted": accepted,
    }  # fmt: skip


@contextmanager
def monolith(kind: str, uri: str) -> Iterator[tuple[str, psutil.Process]]:
    """One of the monoliths, running."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.monoliths", kind, str(port), uri], cwd=ROOT)
    try:
        wait_until(lambda: any(c.laddr.port == port for c in psutil.Process(process.pid).net_connections()), 20)
        yield f"http://127.0.0.1:{port}", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(10)


def main() -> None:
    """Run all rounds, print the table, write the report."""
    if shutil.which("wrk") is None:
        raise SystemExit("make bench needs wrk (Debian package wrk): it loads the servers without taking their CPU")
    started, console, rows = datetime.now(UTC).isoformat(), Console(), []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # also then the platform is taken down
    hotspots: dict[str, list[tuple[str, float]]] = {}
    with (
        tempfile.TemporaryDirectory() as directory,
        platform(Path(directory) / "state", beside=(PARTNER_OFFSET,)) as target,
    ):
        template = Path(directory) / "body.json"
        template.write_text(body_template(), encoding="utf-8")
        rows.append(row("platform_rss_mb", target.resident_mb(), "MB"))
        state = open_state(target.folder)
        admin = f"mongodb://admin:{state.secret('mongo', 'admin')}@127.0.0.1:{target.topology.mongo['port']}"
        uri = f"{admin}/?replicaSet={target.topology.mongo['replica_set']}&directConnection=true&authSource=admin"
        marks = iter(secrets.SystemRandom().sample(RUN_CHARACTERS, len(RUN_CHARACTERS)))
        full_path(target, 32, next(marks), template)  # warm-up, not counted
        for connections, rounds in ROUNDS.items():
            pairs = []
            for _ in range(rounds):  # one after the other, so that both meet the same machine
                baseline = measure_monolith("plain", uri, connections, template, target)
                ours = full_path(target, connections, next(marks), template)
                console.print(f"c{connections}: monolith {baseline['rate']:.0f}/s, full path {ours['rate']:.0f}/s")
                pairs.append((ours["rate"] / baseline["rate"], ours, baseline))
            _, ours, baseline = sorted(pairs, key=lambda pair: pair[0])[rounds // 2]
            rows.append(row(f"full_path_c{connections}_vs_monolith", ours["rate"], "cases/s", baseline["rate"]))
            if connections == 128:
                rows.append(row("cpu_ms_per_case_c128", ours["cpu_ms"], "ms", baseline["cpu_ms"]))
                batched = measure_monolith("batched", uri, connections, template, target)
                rows.append(row("full_path_c128_vs_batched_monolith", ours["rate"], "cases/s", batched["rate"]))
        with watched(target, "registration-rpc", SECONDS) as hot:  # a flood of its own: looking costs CPU
            full_path(target, 128, next(marks), template)
        hotspots["full path c128, registration-rpc"] = hot
        mark = next(marks)
        asyncio.run(run_paced(target.gateway, target.token, template.read_text(encoding="utf-8"), mark, 300, 10))
        lags = commit_to_handled(target, mark)
        rows.append(row("commit_to_handled_p50_ms", percentile(lags, 0.50), "ms"))
        rows.append(row("commit_to_handled_p99_ms", percentile(lags, 0.99), "ms"))
        MongoClient(uri).drop_database("bench")
        rows.append(revocation.measure(target))
        measured, hotspots["handoff, worker"] = handoff.measure(target)
        rows.append(measured)
        console.print("the register: ten thousand, then a million entities (two minutes)")
        rows += register.measure(target)
    table = Table("name", "value", "unit", "baseline", "ratio", title="make bench")
    for r in rows:
        table.add_row(
            r["name"], f"{r['value']:.2f}", r["unit"], *(f"{r[k]:.2f}" if r[k] else "–" for k in ("baseline", "ratio"))
        )
    console.print(table)
    for what, hot in hotspots.items():
        told = [f"  {share:5.1%}  {name}" for name, share in hot] or ["  (py-spy may not look at processes here)"]
        console.print("\n".join([f"top {TOP} of {what}:", *told]), markup=False)
    console.print(write_report("bench", rows, started, True))


def measure_monolith(kind: str, uri: str, connections: int, template: Path, target: Platform) -> dict[str, float]:
    """Rate and CPU per case of a monolith, its share of the store included."""
    with monolith(kind, uri) as (url, process):
        flood(url, "none", connections, "暖", template)

        def cpu() -> float:
            times = process.cpu_times()
            return target.cpu_seconds() + times.user + times.system

        before = cpu()
        result = flood(url, "none", connections, "测", template)
        return result | {
            "rate": result["requests"] / result["seconds"],
            "cpu_ms": (cpu() - before) * 1000 / result["requests"],
        }


def commit_to_handled(target: Platform, mark: str) -> list[float]:
    """Milliseconds from the receipt of a case (just before its commit) to the consumer's write."""
    lags = []
    applications = target.register.applications.find({"name.trade_name": {"$regex": f"^.{mark}"}}, {"received_time": 1})
    received = {found["_id"]: found["received_time"] for found in applications}
    wait_until(
        lambda: target.register.work_items.count_documents({"_id": {"$in": list(received)}}) == len(received), 30
    )
    for item in target.register.work_items.find({"_id": {"$in": list(received)}}, {"noted_time": 1}):
        lags.append((item["noted_time"] - received[item["_id"]]).total_seconds() * 1000)
    return lags


def row(name: str, value: float, unit: str, baseline: float | None = None) -> dict[str, Any]:
    """A line of the report."""
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "baseline": baseline,
        "ratio": value / baseline if baseline else None,
    }


if __name__ == "__main__":
    main()
