"""The partner region of a running platform: a second whole platform that knows it, and is known by it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from deploy.demo.desk import PATIENCE_SECONDS, Desk
from deploy.local.health import can_bind
from deploy.local.tokens import fetch_token
from deploy.regions.plan import FOLDER, Region, introduce, read_regions
from shared.topology import load_topology
from tests.bench.platform import ROOT, Platform


@dataclass
class Regions:
    """Home and partner, each with its desk."""

    home: Region
    partner: Region
    here: Desk
    there: Desk

    @staticmethod
    def desk(region: Region, patience: float = PATIENCE_SECONDS) -> Desk:
        """A desk of its own at one of the regions."""
        issuer = f"http://127.0.0.1:{load_topology(port_offset=region.port_offset).issuer_port}"
        directory = region.state.directory
        return Desk(region.gateway_url, region.code, lambda client: fetch_token(issuer, client, directory), patience)


@contextmanager
def with_partner(home: Platform) -> Iterator[Regions]:
    """Start the partner; take it down whatever happens."""
    found = read_regions(FOLDER, home.folder, home.topology.port_offset)
    mine, partner = (next(r for r in found if (r.code == home.topology.region) == is_home) for is_home in (True, False))
    ports = load_topology(port_offset=partner.port_offset).all_ports()
    assert all(can_bind(port) for port in ports.values()), f"ports of the partner are taken: {ports}"
    introduce([mine, partner])
    local = [sys.executable, "-m", "deploy.local"]
    surroundings = home.environment | {
        "TONGBAN_REGION": partner.code, "TONGBAN_PORT_OFFSET": str(partner.port_offset),
        "TONGBAN_STATE": str(partner.state.directory),
    }  # fmt: skip
    try:
        subprocess.run([*local, "up"], env=surroundings, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        yield Regions(mine, partner, Regions.desk(mine), Regions.desk(partner))
    finally:
        subprocess.run([*local, "clean"], env=surroundings, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
