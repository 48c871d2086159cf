"""`python -m deploy.regions up|down|clean|status`: all platforms of `deploy/regions/`, one after the other."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import typer

from deploy.local.state import state_directory
from deploy.regions.plan import FOLDER, Region, introduce, read_regions

app = typer.Typer(help="Several regions on one machine.", no_args_is_help=True, add_completion=False)


def _run(region: Region, *command: str) -> None:
    done = subprocess.run([sys.executable, "-m", "deploy.local", *command], env=region.environment, check=False)
    if done.returncode:
        raise typer.Exit(done.returncode)


def start(regions: list[Region]) -> None:
    """Introduce the platforms to each other, and start what does not run yet."""
    introduce(regions)
    for region in regions:
        _run(region, "up", "--quiet")


@app.command()
def up() -> None:
    """Start every region's platform and tell them of each other."""
    begun, regions = time.monotonic(), read_regions(FOLDER, state_directory())
    start(regions)
    print(f"{len(regions)} regions ready after {time.monotonic() - begun:.1f} s")
    for region in regions:
        print(f"  {region.code}  {region.gateway_url}/docs  partners {', '.join(region.partners)}  {_short(region)}")


@app.command()
def status() -> None:
    """Show the processes of every region."""
    for region in read_regions(FOLDER, state_directory()):
        print(region.code)
        _run(region, "status")


@app.command()
def down() -> None:
    """Stop every region; the data stay."""
    for region in read_regions(FOLDER, state_directory()):
        _run(region, "down")


@app.command()
def clean() -> None:
    """Stop every region and delete its data."""
    for region in read_regions(FOLDER, state_directory()):
        _run(region, "clean")


def _short(region: Region) -> Path:
    place = region.state.directory
    return place.relative_to(Path.cwd()) if place.is_relative_to(Path.cwd()) else place


if __name__ == "__main__":
    app()
