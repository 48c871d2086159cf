"""`python -m deploy.audit`: the audit of every region that runs on this machine; a table, the findings by name, a report."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import grpc
import typer
from rich.console import Console
from rich.table import Table

from deploy.audit.judge import GRACE, Finding, Judgement, judge_cases, judge_events
from deploy.audit.read import ledger_entries, read_region
from deploy.demo.across import told_differently
from deploy.local.rabbit import amqp_uri
from deploy.local.state import state_directory
from deploy.regions.plan import FOLDER, Region, read_regions
from shared.topology import Topology, load_topology

SHOWN = 20


@dataclass
class Audit:
    """What the audit of all regions came to."""

    judgement: Judgement = field(default_factory=Judgement)
    counts: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    events: int = 0
    handled: int = 0
    ledger: int = 0


def run_audit(regions: Sequence[Region]) -> Audit:
    """Audit these regions. Raises grpc.RpcError when a service does not answer."""
    audit = Audit()
    for region in regions:
        topology = load_topology(port_offset=region.port_offset)
        uri = amqp_uri(region.state, topology, topology.rabbit["admin_user"])
        told = read_region(topology, uri, partial(_address, topology))
        judgement = Judgement()
        for service, count in judge_cases(judgement, told.cases).items():
            audit.counts[region.code, service] = dict(count)
        judge_events(judgement, told.published, told.queues, told.dead, told.now, told.letters)
        judgement.note("ledger_broken", [f"entry {told.ledger_broken_at}"] if told.ledger_broken_at else [])
        judgement.note("messages_parked", told.messages_parked)
        for invariant, violations in judgement.rows.items():
            audit.judgement.rows[invariant] = audit.judgement.rows.get(invariant, 0) + violations
        audit.judgement.findings += [
            Finding(found.invariant, f"{region.code} {found.what}") for found in judgement.findings
        ]  # fmt: skip
        audit.events += len(told.published)
        audit.handled += sum(len(queue.handled) for queue in told.queues)
        audit.ledger += told.ledger_entries
    _compare_ledgers(audit, regions)
    return audit


def _compare_ledgers(audit: Audit, regions: Sequence[Region]) -> None:
    """Two regions that both run here must say the same of every message that is older than the grace."""
    by_code = {region.code: region for region in regions}
    found = []
    for region in regions:
        for partner in (code for code in region.partners if code in by_code and region.code < code):
            mine, theirs = (
                ledger_entries(_address(load_topology(port_offset=by_code[one].port_offset), "handoff"), other)
                for one, other in ((region.code, partner), (partner, region.code))
            )
            young = {e["message_id"] for e in (*mine, *theirs) if datetime.now(UTC) - e["time"] < GRACE}
            differing = told_differently(mine, theirs)
            found += [f"{region.code} and {partner}: {message}" for message in differing if message not in young]
    audit.judgement.note("ledgers_disagree", found)


def _address(topology: Topology, service: str) -> str:
    return f"127.0.0.1:{topology.services[service].rpc_port}"


def patient_audit(regions: Sequence[Region], seconds: float = 60.0) -> Audit:
    """The audit once all that is under way has arrived: asked again until it is good, or the time is up."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            audit = run_audit(regions)
            if audit.judgement.ok or time.monotonic() > deadline:
                return audit
        except grpc.RpcError:
            if time.monotonic() > deadline:
                raise
        time.sleep(2.0)


def running_regions() -> list[Region]:
    """Regions of this machine whose platform has a state directory with a store."""
    topology = load_topology()
    found = read_regions(FOLDER, state_directory(), topology.port_offset)
    return [r for r in found if r.code == topology.region or (r.state.directory / "secrets.json").exists()]


def main(
    report_file: Annotated[Path, typer.Option("--report", help="where the figures go")] = Path(
        "build/reports/audit.json"
    ),
) -> None:
    """Ask, judge, show."""
    console, started = Console(highlight=False), datetime.now(UTC)
    try:
        audit = run_audit(running_regions())
    except grpc.RpcError as error:
        typer.echo(f"a service does not answer ({error.code().name}); is the stack up?", err=True)
        raise typer.Exit(2) from error
    show(console, audit)
    write_report(report_file, audit, started)
    if not audit.judgement.ok:
        raise typer.Exit(1)


def show(console: Console, audit: Audit) -> None:
    """The cases by service, the invariants, and the findings by name."""
    table = Table(
        "region", "service", "open", "progressing", "waiting", "stuck", title="open cases", title_justify="left"
    )
    for (region, service), count in sorted(audit.counts.items()):
        parts = [count.get(name, 0) for name in ("PROGRESSING", "WAITING", "STUCK")]
        table.add_row(region, service, str(sum(count.values())), *map(str, parts))
    console.print(table)
    rows = Table("invariant", "violations", title="audit", title_justify="left")
    for invariant, violations in audit.judgement.rows.items():
        rows.add_row(invariant, str(violations))
    console.print(rows)
    console.print(f"{audit.events} events stored, {audit.handled} handled, {audit.ledger} entries in ledgers")
    for found in audit.judgement.findings[:SHOWN]:
        console.print(f"  ✗ {found.invariant}: {found.what}")
    if len(audit.judgement.findings) > SHOWN:
        console.print(f"  … and {len(audit.judgement.findings) - SHOWN} more in the report")


def write_report(path: Path, audit: Audit, started: datetime) -> None:
    """`build/reports/audit.json` in the form of all reports: one row an invariant."""
    rows = [(name, count, "violations") for name, count in audit.judgement.rows.items()]
    rows += [("events_stored", audit.events, "events"), ("events_handled", audit.handled, "events")]
    for name in ("PROGRESSING", "WAITING", "STUCK"):
        rows.append((f"cases_{name.lower()}", sum(c.get(name, 0) for c in audit.counts.values()), "cases"))
    rows.append(("cases_open", sum(sum(c.values()) for c in audit.counts.values()), "cases"))
    unique = {name: (name, value, unit) for name, value, unit in rows}
    path.parent.mkdir(parents=True, exist_ok=True)
    report = {
        "command": "audit", "started": started.isoformat(), "ok": audit.judgement.ok,
        "rows": [{"name": n, "value": v, "unit": u, "baseline": None, "ratio": None} for n, v, u in unique.values()],
        "findings": [{"invariant": f.invariant, "what": f.what} for f in audit.judgement.findings],
    }  # fmt: skip
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
