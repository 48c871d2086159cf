"""`tongban dead list|replay SERVICE`: what could not be handled, and sending it back on purpose.

Nothing leaves a dead queue in another way. Every replay leaves a line in `<state>/audit.jsonl`: when, who, what, why.
"""

from __future__ import annotations

import getpass
import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from deploy.local.rabbit import amqp_uri
from deploy.local.state import open_state
from shared.topology import load_topology

app = typer.Typer(help="Events that could not be handled.", no_args_is_help=True)
Service = Annotated[str, typer.Argument(help="whose dead queue, e.g. certificates")]


@app.command("list")
def list_letters(service: Service, limit: Annotated[int, typer.Option(help="at most so many")] = 100) -> None:
    """Show what lies in the dead queue of a service; it stays there."""
    from rich.console import Console
    from rich.table import Table

    from shared.dead_letters import list_dead

    letters = list_dead(_uri(service), service, limit)
    table = Table("queue", "event", "subject", "tries", "reason")
    for letter in letters:
        event = letter.event_type.rpartition(".")[2] or "(cannot be decoded)"
        table.add_row(letter.queue, event, ", ".join(letter.subjects), str(letter.attempts), letter.reason)
    Console(highlight=False).print(table if letters else f"nothing lies in {service}.dead")


@app.command()
def replay(
    service: Service,
    note: Annotated[str, typer.Option(help="why now, for the audit")],
    reason: Annotated[str, typer.Option(help="only those with this reason")] = "",
) -> None:
    """Send dead events back to the queues they came from, with a fresh count of tries."""
    from shared.dead_letters import replay_dead

    replayed = replay_dead(_uri(service), service, lambda letter: not reason or letter.reason == reason)
    line = {
        "time": datetime.now(UTC).isoformat(), "who": getpass.getuser(), "what": "dead letters replayed",
        "service": service, "reason": reason or "any", "events": replayed, "note": note,
    }  # fmt: skip
    with (open_state().directory / "audit.jsonl").open("a", encoding="utf-8") as audit:
        audit.write(json.dumps(line, ensure_ascii=False) + "\n")
    print(f"{replayed} sent back")


def _uri(service: str) -> str:
    topology = load_topology()
    if service not in topology.services:
        typer.echo(f"no service {service}; there are {', '.join(topology.services)}", err=True)
        raise typer.Exit(1)
    return amqp_uri(open_state(), topology, "admin")
