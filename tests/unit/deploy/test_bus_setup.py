"""The broker of a cluster gets its users, rights and policies from the topology, and passwords from the services' own files."""

from __future__ import annotations

import base64
import hashlib
import http.server
import json
import threading
import urllib.error
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.bus import __main__ as bus
from deploy.bus.definitions import definitions, password_hash, service_definitions
from shared.topology import Topology, load_topology


@pytest.fixture
def topology() -> Topology:
    return load_topology(port_offset=0)


@pytest.fixture
def secrets(tmp_path: Path, topology: Topology) -> Path:
    """The files as the Job's volume shows them."""
    for name in topology.services:
        (tmp_path / name).mkdir()
        (tmp_path / name / "TONGBAN_AMQP_URI").write_text(f"amqp://{name}:s%2F{name}@tongban-broker:5672/tongban\n")
    (tmp_path / "admin").mkdir()
    (tmp_path / "admin" / "username").write_text("default_user_x1")
    (tmp_path / "admin" / "password").write_text("p@ss/word")
    return tmp_path


@pytest.fixture
def api() -> Iterator[tuple[int, list[tuple[str, str, Any]]]]:
    """A management API that keeps what it is sent, and knows one password."""
    got: list[tuple[str, str, Any]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            given = base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode()
            got.append((self.path, given, body))
            self.send_response(204 if given == "default_user_x1:p@ss/word" else 401)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None: ...

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_port, got
        server.shutdown()
        thread.join()


def test_the_definitions_reach_the_management_api_with_every_services_own_password(
    topology: Topology, secrets: Path, api: tuple[int, list[tuple[str, str, Any]]]
) -> None:
    port, got = api
    access = bus.read_access(secrets, topology)

    bus.send_definitions("127.0.0.1", access, service_definitions(topology, access.password_hashes, access.user), port)

    ((path, _given, body),) = got
    assert path == "/api/definitions"
    assert {user["name"]: user["password_hash"] for user in body["users"]} == {
        name: password_hash(f"s/{name}") for name in topology.services
    }


def test_a_refused_administrator_is_a_failure(
    topology: Topology, secrets: Path, api: tuple[int, list[tuple[str, str, Any]]]
) -> None:
    (secrets / "admin" / "password").write_text("wrong")

    with pytest.raises(urllib.error.HTTPError):
        bus.send_definitions("127.0.0.1", bus.read_access(secrets, topology), {}, api[0])


def test_the_clusters_definitions_are_those_of_the_local_stack_save_the_administrators_password(
    topology: Topology,
) -> None:
    hashes = dict.fromkeys(("admin", *topology.services), "hash")
    local, cluster = definitions(topology, hashes), service_definitions(topology, hashes, "admin")

    assert [user for user in local["users"] if user not in cluster["users"]] == [
        user for user in local["users"] if user["name"] == "admin"
    ]
    assert {key: value for key, value in local.items() if key != "users"} == {
        key: value for key, value in cluster.items() if key != "users"
    }


def test_a_hash_is_salt_and_digest_as_rabbitmq_checks_them() -> None:
    raw = base64.b64decode(password_hash("s"))

    assert raw[4:] == hashlib.sha256(raw[:4] + b"s").digest()
    assert password_hash("s") == password_hash("s") != password_hash("t")


def test_the_administrators_uri_survives_any_password(topology: Topology, secrets: Path) -> None:
    uri = bus.amqp_uri("tongban-broker", bus.read_access(secrets, topology), "tongban")

    assert uri == "amqp://default_user_x1:p%40ss%2Fword@tongban-broker:5672/tongban"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("amqp://permits:secret-word@tongban-broker/tongban", "no URI with the user registration and a password"),
        ("amqp://registration@tongban-broker/tongban", "no URI with the user registration and a password"),
        ("amqp://registration:secret-word@tongban-broker/", "does not name the vhost tongban"),
        (None, "is missing"),
    ],
)
def test_a_secret_that_does_not_fit_is_named_without_its_content(
    topology: Topology, secrets: Path, content: str | None, sentence: str
) -> None:
    file = secrets / "registration" / "TONGBAN_AMQP_URI"
    if content is None:
        file.unlink()
    else:
        file.write_text(content)

    with pytest.raises(bus.SecretUnusable, match=sentence) as failure:
        bus.read_access(secrets, topology)

    assert "registration/TONGBAN_AMQP_URI" in str(failure.value)
    assert "secret-word" not in str(failure.value)


def test_the_job_sets_users_up_before_it_declares_as_one_of_them(
    topology: Topology, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[str, str]] = []
    monkeypatch.setenv("TONGBAN_BROKER_HOST", "tongban-broker")
    monkeypatch.setenv("TONGBAN_SECRETS_DIR", str(secrets))
    monkeypatch.setattr(bus, "send_definitions", lambda host, *_: calls.append(("definitions", host)))
    monkeypatch.setattr(bus, "declare_all", lambda uri, _: calls.append(("declare", uri.partition("@")[2])))

    bus.main()

    assert calls == [("definitions", "tongban-broker"), ("declare", "tongban-broker:5672/tongban")]
