"""Commands of the local stack: `tongban up`, `status`, `logs`, `restart`, `token`, `ports`, `down`, `clean`, `dead`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from deploy.local import dead
from deploy.local.state import State, open_state, remove_state, state_directory
from shared.topology import load_topology

app = typer.Typer(
    help="The local stack of Tongban.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)  # fmt: skip
app.add_typer(dead.app, name="dead")
# Servers beside the supervised processes, with log files too.
SERVER_LOGS = ("mongod", "rabbitmq", "rabbitmq-start", "epmd", "supervisor")


@app.command()
def up(
    timeout: Annotated[float, typer.Option(help="seconds to wait until all is ready")] = 60.0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="print nothing unless something fails")] = False,
) -> None:
    """Start what does not run yet and wait until all is ready."""
    from rich.console import Console

    from deploy.local.stack import StackFailed, bring_up

    console, begun = Console(highlight=False), time.monotonic()
    state, topology = open_state(), load_topology()

    def tell(line: str) -> None:
        if not quiet:
            console.print(line)

    try:
        if quiet or not console.is_terminal:
            bring_up(state, topology, tell, timeout)
        else:
            with console.status("starting …"):
                bring_up(state, topology, tell, timeout)
    except StackFailed as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if not quiet:
        _print_addresses(state, time.monotonic() - begun)


@app.command()
def status() -> None:
    """Show all processes: state, restarts, memory, uptime, and why one is not ready."""
    from rich.console import Console
    from rich.table import Table

    from deploy.local.stack import process_table

    table = Table("process", "pid", "state", "restarts", "MB", "up", "not ready because", box=None, pad_edge=False)
    rows = process_table(_existing_state(), load_topology())
    for row in rows:
        memory = f"{row['mb']:.0f}" if row["mb"] else "–"
        uptime = _duration(row["uptime"]) if row["uptime"] else "–"
        table.add_row(
            row["name"], str(row["pid"] or "–"), row["state"], str(row["restarts"]), memory, uptime, row["reason"] or ""
        )
    console = Console(highlight=False)
    console.print(table, width=None if console.is_terminal else 160)
    console.print(f"{sum(row['mb'] or 0 for row in rows):.0f} MB in all")
    if any(row["state"] != "ready" for row in rows):
        raise typer.Exit(1)


@app.command()
def logs(
    process: Annotated[str | None, typer.Argument(help="name of a process; all when left out")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="go on as lines are written")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", help="lines of each log to begin with")] = 20,
) -> None:
    """Show the last log lines of one process or of all."""
    from deploy.local.stack import last_lines

    state = _existing_state()
    files = sorted(state.logs.glob("*.log"))
    if process is not None:
        files = [file for file in files if file.stem == process]
        if not files:
            typer.echo(
                f"there is no log of {process}; logs: {', '.join(f.stem for f in sorted(state.logs.glob('*.log')))}",
                err=True,
            )
            raise typer.Exit(1)
    places = {file: file.stat().st_size for file in files}
    width = max((len(file.stem) for file in files), default=0) if process is None else 0
    for file in files:
        for line in last_lines(file, lines):
            print(f"{file.stem:<{width}} | {line}" if width else line)
    while follow:
        time.sleep(0.3)
        for file, place in places.items():
            places[file] = _print_from(file, place, width)


@app.command()
def restart(process: Annotated[str, typer.Argument(help="name of a process, or mongod, or rabbitmq")]) -> None:
    """Restart one process and wait until it is ready."""
    from deploy.local import stack

    try:
        stack.restart(_existing_state(), load_topology(), process, typer.echo)
    except stack.StackFailed as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


@app.command()
def token(
    client: Annotated[str, typer.Option(help="registrar, applicant, partner-440305 or ops")] = "registrar",
    scope: Annotated[
        str | None, typer.Option(help="scopes, separated by spaces; all of the client when left out")
    ] = None,
) -> None:
    """Print a bearer token of the development issuer."""
    import httpx

    from deploy.local.state import CLIENT_NAMES
    from deploy.local.tokens import fetch_token

    if client not in CLIENT_NAMES:
        typer.echo(f"there is no client {client}; clients: {', '.join(CLIENT_NAMES)}", err=True)
        raise typer.Exit(1)
    issuer = f"http://127.0.0.1:{load_topology().issuer_port}"
    try:
        print(fetch_token(issuer, client, _existing_state().directory, scope or ""))
    except httpx.HTTPStatusError as error:
        typer.echo(f"the issuer refused: {error.response.text}", err=True)
        raise typer.Exit(1) from error
    except httpx.HTTPError as error:
        typer.echo("the issuer does not answer; is the stack up?", err=True)
        raise typer.Exit(1) from error


@app.command()
def ports() -> None:
    """List all ports of the stack."""
    for purpose, port in sorted(load_topology().all_ports().items(), key=lambda item: item[1]):
        print(f"{port:>5}  {purpose}")


@app.command()
def down() -> None:
    """Stop everything; the data stays."""
    from deploy.local.stack import bring_down

    if state_directory().exists():
        bring_down(open_state(), typer.echo)


@app.command()
def clean() -> None:
    """Stop everything and delete all data, logs and keys."""
    from deploy.local.stack import bring_down

    if not state_directory().exists():
        return
    state = open_state()
    bring_down(state, typer.echo)
    remove_state(state)
    typer.echo(f"{state.directory} deleted")


def _print_addresses(state: State, seconds: float) -> None:
    from deploy.local.environment import process_plans

    topology = load_topology()
    gateway = f"http://127.0.0.1:{topology.gateway_port}"
    missing = [plan.name for plan in process_plans(topology) if not plan.exists]
    if missing:
        print(f"not built yet, not started: {', '.join(missing)}")
    print(f"all ready after {seconds:.1f} s")
    for name, address in {
        "API and its docs": f"{gateway}/docs",
        "check a licence": f"{gateway}/verify",
        "metrics": f"http://127.0.0.1:{topology.gateway_metrics_port}/metrics",
        "token": "make token CLIENT=applicant",
        "logs": str(_short(state.logs)),
    }.items():
        print(f"  {name:<18} {address}")


def _existing_state() -> State:
    if not state_directory().exists():
        typer.echo("there is no stack; start it with `make up`", err=True)
        raise typer.Exit(1)
    return open_state()


def _print_from(file: Path, place: int, width: int) -> int:
    size = file.stat().st_size
    if size < place:  # begun anew
        place = 0
    if size > place:
        with file.open("rb") as source:
            source.seek(place)
            text = source.read(size - place).decode(errors="replace")
        for line in text.splitlines():
            print(f"{file.stem:<{width}} | {line}" if width else line, flush=True)
    return size


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def _short(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
