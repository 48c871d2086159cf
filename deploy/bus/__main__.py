"""`python -m deploy.bus`: set up the broker of a cluster before any process starts, as its administrator.

Users, rights and policies go to the management API; then exchanges, queues and bindings are declared. Both come from the
topology inside the image, so that a release brings its own bus. Harmless to repeat; a service's new password counts at once.

Reads TONGBAN_BROKER_HOST, and files in TONGBAN_SECRETS_DIR: `admin/username`, `admin/password` and, for each service,
`<service>/TONGBAN_AMQP_URI`: the very file that the service itself gets, so that a password stands in one place.
"""

from __future__ import annotations

import base64
import json
import os
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from deploy.bus.definitions import password_hash, service_definitions
from shared.bus_topology import declare_all
from shared.topology import Topology, load_topology

AMQP_PORT, API_PORT = 5672, 15672
SECONDS = 30.0


class SecretUnusable(ValueError):
    """A secret file is missing or does not fit the topology; the message names the file, never its content."""


@dataclass(frozen=True, slots=True)
class Access:
    """The administrator, and the password hash of every service's user."""

    user: str
    password: str
    password_hashes: dict[str, str]


def read_access(folder: Path, topology: Topology) -> Access:
    """Read all secret files. Raises SecretUnusable."""
    hashes = {}
    for service in topology.services:
        file = folder / service / "TONGBAN_AMQP_URI"
        uri = urlsplit(_read(file))
        if unquote(uri.username or "") != service or not uri.password:
            raise SecretUnusable(f"{file} is no URI with the user {service} and a password")
        if unquote(uri.path.removeprefix("/")) != topology.rabbit["vhost"]:
            raise SecretUnusable(f"{file} does not name the vhost {topology.rabbit['vhost']}")
        hashes[service] = password_hash(unquote(uri.password))
    return Access(_read(folder / "admin" / "username"), _read(folder / "admin" / "password"), hashes)


def send_definitions(host: str, access: Access, content: dict[str, Any], port: int = API_PORT) -> None:
    """Give the broker its users, rights and policies. Raises OSError (urllib.error.HTTPError when it refuses)."""
    credentials = base64.b64encode(f"{access.user}:{access.password}".encode()).decode()
    request = urllib.request.Request(
        f"http://{host}:{port}/api/definitions",
        data=json.dumps(content).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Basic {credentials}"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=SECONDS):
        pass


def amqp_uri(host: str, access: Access, vhost: str, port: int = AMQP_PORT) -> str:
    """URI of the vhost for the administrator."""
    user, password = (quote(part, safe="") for part in (access.user, access.password))
    return f"amqp://{user}:{password}@{host}:{port}/{quote(vhost, safe='')}"


def main() -> None:
    """Set up the broker; any failure ends the process, and the Job tries again."""
    topology = load_topology(port_offset=0)
    host = os.environ["TONGBAN_BROKER_HOST"]
    access = read_access(Path(os.environ["TONGBAN_SECRETS_DIR"]), topology)
    send_definitions(host, access, service_definitions(topology, access.password_hashes, access.user))
    declare_all(amqp_uri(host, access, topology.rabbit["vhost"]), topology)
    print(f"{host}: {len(topology.services)} users, {len(topology.subscriptions)} subscriptions set up")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        raise SecretUnusable(f"{file} is missing") from error


if __name__ == "__main__":
    main()
