"""`python -m deploy.demo [--input FILE] [--count N]`: needs a running stack (`make demo` starts it)."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from deploy.demo import report
from deploy.demo.play import Player, Result
from deploy.demo.rows import SAMPLE, Row, read_rows, store_application
from deploy.demo.story import Story, StoryTeller
from deploy.local.state import read_clients
from shared.clock import SystemClock
from shared.topology import load_topology

PICTURES = 24
PDFS = 200


def main(
    source: Annotated[Path, typer.Option("--input", help="register file (CSV)")] = SAMPLE,
    count: Annotated[int | None, typer.Option(help="play at most so many rows")] = None,
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
    story = _tell_story(console, topology.region, rows) if rows else None
    report.write_page(output, results, pictured, in_file, story)
    report.write_report(report_file, results, started, story)
    console.print(f"licences (PDF), pictures and the story's timeline: {output / 'index.html'}")
    if not report.is_good(results) or (story is not None and not story.ok):
        raise typer.Exit(1)


def _tell_story(console: Console, region: str, rows: list[Row]) -> Story:
    """Open a store as one thing; a new one each time, so that the demo can be run again."""
    topology = load_topology()
    issuer = f"http://127.0.0.1:{topology.issuer_port}"
    console.print("\n[bold]开便利店“一件事” · a store is opened as one thing[/bold]")
    teller = StoryTeller(
        f"http://127.0.0.1:{topology.gateway_port}", region, lambda client: fetch_token(issuer, client),
        lambda line: console.print(f"  · {line}"),
    )  # fmt: skip
    return teller.open_a_store(store_application(rows, region), secrets.token_hex(6))


def fetch_token(issuer: str, client_id: str, state: Path | None = None) -> str:
    """A bearer token from the development issuer of the stack whose data lie in `state` (default: this checkout's)."""
    secret = read_clients(state)[client_id]
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    answer = httpx.post(f"{issuer}/token", data=form, timeout=10)
    answer.raise_for_status()
    return str(answer.json()["access_token"])


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
