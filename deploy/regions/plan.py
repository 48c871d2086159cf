"""What a region's file says, and what its platform needs to know of its partners.

    region: "440305"          division code
    port_offset: 500         shifts every port of the topology
    partners: ["320411"]      regions it exchanges messages with

A region's platform keeps its data in the state directory of the home platform with its code at the end.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from deploy.local.state import State, open_state
from shared.message_keys import read_message_key, write_text
from shared.national_codes import division
from shared.topology import load_topology

FOLDER = Path(__file__).parent


class RegionFileWrong(ValueError):
    """A region's file does not say what it must; the message says what."""


@dataclass(frozen=True, slots=True)
class Region:
    """One platform: its code, where its ports begin, its state, whom it exchanges messages with."""

    code: str
    port_offset: int
    partners: tuple[str, ...]
    state: State

    @property
    def gateway_url(self) -> str:
        """Address of its gateway on this machine."""
        return f"http://127.0.0.1:{load_topology(port_offset=self.port_offset).gateway_port}"

    @property
    def environment(self) -> dict[str, str]:
        """What makes a command of the local stack work on this platform."""
        return os.environ | {
            "TONGBAN_REGION": self.code,
            "TONGBAN_PORT_OFFSET": str(self.port_offset),
            "TONGBAN_STATE": str(self.state.directory),
        }


def read_regions(folder: Path, base: Path, base_offset: int = 0) -> list[Region]:
    """Every region of a folder, the home platform (offset 0) first. `base`: state directory of the home platform.

    Raises RegionFileWrong for an unknown division, ports that meet, or a partner without a file.
    """
    raw = [(path, yaml.safe_load(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.yaml"))]
    regions = [_region(path, body, base, base_offset) for path, body in raw]
    codes = {region.code for region in regions}
    for region in regions:
        if unknown := set(region.partners) - codes:
            raise RegionFileWrong(f"{region.code}: there is no file for its partner {', '.join(sorted(unknown))}")
    ports = [port for region in regions for port in load_topology(port_offset=region.port_offset).all_ports().values()]
    if len(set(ports)) < len(ports):
        raise RegionFileWrong("the ports of two regions meet; give them offsets further apart")
    return sorted(regions, key=lambda region: region.port_offset)


def _region(path: Path, body: Mapping[str, Any], base: Path, base_offset: int) -> Region:
    code = str(body.get("region", ""))
    try:
        division(code)
    except Exception as error:
        raise RegionFileWrong(f"{path.name}: {code!r} is no division that is known here") from error
    offset = int(body["port_offset"])
    directory = base if offset == 0 else base.with_name(f"{base.name}-{code}")
    return Region(code, base_offset + offset, tuple(map(str, body.get("partners", ()))), open_state(directory))


def introduce(regions: list[Region]) -> None:
    """Tell every platform its partners' addresses and public keys (a file in its state; handoff reads it when it changes)."""
    known = {region.code: region for region in regions}
    for region in regions:
        partners = {}
        for code in region.partners:
            key = read_message_key(known[code].state.keys / "handoff")
            partners[code] = {"gateway_url": known[code].gateway_url, "keys": {key.key_id: write_text(key.public)}}
        text = yaml.safe_dump({"partners": partners}, sort_keys=True)
        place = region.state.directory / "partners.yaml"
        part = place.with_suffix(".part")
        part.write_text(text, encoding="utf-8")
        part.replace(place)
