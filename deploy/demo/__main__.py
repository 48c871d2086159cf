"""`python -m deploy.demo [--input FILE] [--count N]`: needs a running stack (`make demo` starts it)."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from deploy.audit.__main__ import patient_audit, running_regions, show
from deploy.demo import report
from deploy.demo.across import Courier, Crossing
from deploy.demo.desk import Desk
from deploy.demo.messages import import_messages
from deploy.demo.play import Player, Result
from deploy.demo.rows import SAMPLE, Row, read_rows, store_application
from deploy.demo.story import Story, StoryTeller
from deploy.local.state import state_directory
from deploy.local.tokens import fetch_token
from deploy.regions.plan import FOLDER, read_regions
from shared.clock import SystemClock
from shared.national_codes import divisions
from shared.topology import load_topology

PICTURES = 24
PDFS = 200


def main(
    source: Annotated[Path, typer.Option("--input", help="register file (CSV)")] = SAMPLE,
    count: Annotated[int | None, typer.Option(help="play at most so many rows")] = None,
    messages: Annotated[Path | None, typer.Option(help="messages of citizens (CSV: citizen, title, detail)")] = None,
    output: Annotated[Path, typer.Option(help="folder for licences and pictures")] = Path("build/demo"),
    report_file: Annotated[Path, typer.Option("--report", help="where the figures go")] = Path(
        "build/reports/demo.json"
    ),
) -> None:
    """Apply for every row, decide, wait for the licence, verify it; show what came of it."""
    topology, started = load_topology(), datetime.now(UTC)
    rows, in_file = read_rows(source, topology.region, count, SystemClock().today())
    tokens = {
        role: fetch_token(f"http://127.0.0.1:{topology.issuer_port}", role) for role in ("applicant", "registrar")
    }
    console = Console()
    results, pictured = asyncio.run(_run(f"http://127.0.0.1:{topology.gateway_port}", tokens, rows, output, console))
    report.print_result(console, results, in_file)
    home, partners = _desks()
    tell = lambda line: console.print(f"  · {line}")  # noqa: E731
    imported = import_messages(home, messages) if messages else None
    if imported is not None:
        report.print_messages(console, imported)
    story, crossings = None, list[Crossing]()
    if rows:
        application, run = store_application(rows, home.region), secrets.token_hex(6)
        console.print("\n[bold]开便利店“一件事” · a store is opened as one thing[/bold]")
        story = StoryTeller(home, tell).open_a_store(application, run)
        crossings = _cross(console, home, partners, story, application, run, tell)
    report.write_page(output, results, pictured, in_file, story, crossings)
    report.write_report(report_file, results, started, story, crossings)
    console.print()
    audit = patient_audit(running_regions())
    show(console, audit)
    console.print(f"licences (PDF), pictures and the story's timeline: {output / 'index.html'}")
    if not report.is_good(results) or (story is not None and not story.ok) or not all(c.ok for c in crossings):
        raise typer.Exit(1)
    if imported is not None and not imported.ok:
        raise typer.Exit(1)
    if not audit.judgement.ok:
        raise typer.Exit(1)


def _desks() -> tuple[Desk, list[Desk]]:
    """The home region's desk, and those of the partner regions whose platforms run on this machine."""
    topology, state = load_topology(), state_directory()

    def desk(gateway: str, offset: int, code: str, directory: Path) -> Desk:
        issuer = f"http://127.0.0.1:{load_topology(port_offset=offset).issuer_port}"
        return Desk(gateway, code, lambda client: fetch_token(issuer, client, directory))

    home = desk(f"http://127.0.0.1:{topology.gateway_port}", topology.port_offset, topology.region, state)
    if not (state / "partners.yaml").exists():
        return home, []
    others = [r for r in read_regions(FOLDER, state, topology.port_offset) if r.code != topology.region]
    return home, [desk(r.gateway_url, r.port_offset, r.code, r.state.directory) for r in others]


def _cross(
    console: Console, home: Desk, partners: list[Desk], story: Story, application: dict[str, Any], run: str,
    tell: Callable[[str], None],
) -> list[Crossing]:  # fmt: skip
    """The store opens a branch in a partner region from the window at home; and the partner's window sets a company up here."""
    crossings = []
    for partner in partners:
        console.print(f"\n[bold]跨域通办 · {home.region} → {partner.region}: the store's branch[/bold]")
        branch = Courier(home, partner, tell).apply_for_permit(
            story.uscc,
            application["name"],
            f"{divisions()[partner.region].full_name}科技路1号",
            f"{run}-{partner.region}",
        )
        branch.moments += story.moments  # one matter: from the questions at home to the certificate of the branch
        console.print(f"\n[bold]跨域通办 · {partner.region} → {home.region}: a company is set up[/bold]")
        company = Courier(partner, home, tell).set_up_company(
            store_application([], home.region), f"{run}-{home.region}"
        )
        crossings += [branch, company]
    if not partners:
        console.print("\nno partner region runs on this machine (`make two-regions`): nothing goes across")
    return crossings


async def _run(
    gateway: str, tokens: dict[str, str], rows: list[Row], output: Path, console: Console
) -> tuple[list[Result], list[Result]]:
    player = Player(gateway, tokens)
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn()
    )  # fmt: skip
    with Progress(*columns, console=console) as progress:
        applying = progress.add_task("applications", total=len(rows))
        results = await player.play(rows, lambda _result: progress.advance(applying))
        licensed = [result for result in results if result.certificate_id][:PDFS]
        shutil.rmtree(output, ignore_errors=True)
        output.mkdir(parents=True)
        fetching = progress.add_task("licences", total=len(licensed))
        for index, result in enumerate(licensed):
            (output / f"{result.uscc}.pdf").write_bytes(await player.licence_file(result.certificate_id, "pdf"))
            if index < PICTURES:
                (output / f"{result.uscc}.png").write_bytes(await player.licence_file(result.certificate_id, "png"))
            progress.advance(fetching)
    await player.close()
    return results, licensed[:PICTURES]


if __name__ == "__main__":
    typer.run(main)
