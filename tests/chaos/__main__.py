"""`python -m tests.chaos [--seed N] [--seconds S]`: two regions of their own, load, faults, the checker, the audit, a control."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from deploy.audit.__main__ import Audit, patient_audit
from tests.bench.platform import ROOT, platform, write_report
from tests.chaos.checker import Books, Verdict, check
from tests.chaos.faults import Faults, kill
from tests.chaos.load import Notes, run_load, wait_until_quiet
from tests.e2e.conftest import PARTNER_OFFSET
from tests.e2e.regions import Regions, with_partner

ACTORS = 6
# What a person waits for at most after everything has healed; a retry of a message may be 5 minutes away.
HEALING = 420.0
CONTROL_SECONDS = 25.0


@dataclass
class Outcome:
    """One run."""

    faults: list[str]
    notes: Notes
    verdict: Verdict
    audit: Audit | None
    quiet: bool
    stuck: list[str] = field(default_factory=list)

    @property
    def bad(self) -> bool:
        found = self.verdict
        return bool(found.lost or found.doubled or found.unexpected or self.stuck)


def run(regions: Regions, seed: int, seconds: float, console: Console, control: bool = False) -> Outcome:
    """Load and faults for so long, then time to heal, then the judgement."""
    both, began = [regions.home, regions.partner], datetime.now(UTC) - timedelta(seconds=1)
    stop, calm, faults = threading.Event(), threading.Event(), Faults()
    notes, actors = run_load(regions, seed, ACTORS, stop)
    work = _forget if control else faults.run
    breaking = threading.Thread(target=work, args=(both, seed, calm), daemon=True)
    breaking.start()
    _wait(console, f"seed {seed}{' (control)' if control else ''}", seconds, notes, faults)
    if control:
        for region in both:  # the broker is away for a moment: what was not published is in memory only
            kill(region, "rabbitmq", 1.0)
        time.sleep(3.0)
    calm.set()
    breaking.join(60)
    stop.set()
    patience = 30.0 if control else HEALING
    quiet = wait_until_quiet(actors, patience)
    audit = patient_audit(both, 20.0 if control else 120.0)
    outcome = Outcome(faults.done, notes, check(notes, both, began), audit, quiet)
    outcome.stuck = [*notes.stuck, *([] if quiet else ["actors still wait for their matters"])]
    outcome.stuck += [f"audit {f.invariant}: {f.what}" for f in audit.judgement.findings]
    return outcome


def _forget(regions: list[Any], seed: int, stop: threading.Event) -> None:
    """The control's fault: the stores forget what they had to publish, all the time."""
    books = [Books(region) for region in regions]
    while not stop.is_set():
        for one in books:
            one.forget_outbox()
        time.sleep(0.002)


def _wait(console: Console, what: str, seconds: float, notes: Notes, faults: Faults) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TextColumn("{task.fields[told]}"))
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(what, total=seconds, told="")
        begun = time.monotonic()
        while time.monotonic() - begun < seconds:
            time.sleep(0.5)
            told = f"{len(notes.promises)} promises, {len(faults.done)} faults"
            progress.update(task, completed=time.monotonic() - begun, told=told)


def main(
    seed: Annotated[int, typer.Option(help="order of the faults and of the load")] = 1,
    seconds: Annotated[float, typer.Option(help="how long to break things")] = 180.0,
    with_control: Annotated[bool, typer.Option("--control/--no-control", help="also a run without outbox")] = True,
) -> None:
    """Break two regions for a while; everything that was promised must be there, once, and nothing else."""
    console, started = Console(highlight=False), datetime.now(UTC).isoformat()
    for name in [name for name in os.environ if name.startswith("TONGBAN_")]:
        del os.environ[name]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # also then the platforms are taken down
    folder = Path(tempfile.mkdtemp(prefix="tongban-chaos-"))
    with platform(folder / "state", beside=(PARTNER_OFFSET,)) as home, with_partner(home) as regions:
        outcome = run(regions, seed, seconds, console)
        _show(console, outcome)
        if outcome.bad:
            _keep_logs(console, folder)
        control = run(regions, seed + 1000, CONTROL_SECONDS, console, control=True) if with_control else None
    shutil.rmtree(folder, ignore_errors=True)
    caught = control is None or control.bad
    values = [
        ("faults", len(outcome.faults)), ("promised", len(outcome.notes.promises)), ("lost", len(outcome.verdict.lost)),
        ("doubled", len(outcome.verdict.doubled)), ("unexpected", len(outcome.verdict.unexpected)),
        ("stuck", len(outcome.stuck)), ("seed", seed),
        *([("control_caught", int(control.bad))] if control is not None else []),  # not told when it did not run
    ]  # fmt: skip
    table = Table("chaos", "")
    for name, value in values:
        table.add_row(name, str(value))
    console.print(table)
    if control is not None:
        found = len(control.verdict.lost), len(control.stuck)
        console.print(f"control without outbox: {found[0]} lost, {found[1]} stuck")
    rows = [{"name": n, "value": v, "unit": "", "baseline": None, "ratio": None} for n, v in values]
    ok = not outcome.bad and caught
    write_report("chaos", rows, started, ok)
    if not ok:
        raise typer.Exit(1)


def _keep_logs(console: Console, folder: Path) -> None:
    """The logs of a run that broke a promise, for whoever looks for the fault."""
    kept = ROOT / "build" / "chaos-logs"
    shutil.rmtree(kept, ignore_errors=True)
    for state in folder.iterdir():
        shutil.copytree(state / "logs", kept / state.name)
    console.print(f"logs: {kept.relative_to(ROOT)}")


def _show(console: Console, outcome: Outcome) -> None:
    for name in ("lost", "doubled", "unexpected"):
        for line in getattr(outcome.verdict, name)[:15]:
            console.print(f"  ✗ {name}: {line}")
    for line in outcome.stuck[:15]:
        console.print(f"  ✗ stuck: {line}")


if __name__ == "__main__":
    typer.run(main)
