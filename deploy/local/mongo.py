"""The store of the local stack: mongod as a replica set of one, with access control and one user per database."""

from __future__ import annotations

import os
import shutil
import socket
import time
from typing import Any
from urllib.parse import quote

from deploy.local.state import ROOT, State, spawn, stop_process
from shared.topology import Topology

NAME = "mongod"
ASSET = ROOT / ".venv" / "assets" / "bin" / "mongod"


class StoreDidNotStart(RuntimeError):
    """mongod ended, or did not become primary in time; the message names its log."""


def mongod_path() -> str:
    """The binary that `prepare.sh` unpacked, else the one of the PATH."""
    found = str(ASSET) if ASSET.exists() else shutil.which("mongod")
    if not found:
        raise StoreDidNotStart("there is no mongod; run deploy/local/prepare.sh")
    return found


def mongo_uri(state: State, topology: Topology, service: str) -> str:
    """URI of a service's own database with its own user; `admin` for the administrator."""
    is_admin = service == topology.mongo["admin_user"]
    database = "admin" if is_admin else topology.services[service].database
    password = quote(state.secret("mongo", service), safe="")
    options = f"replicaSet={topology.mongo['replica_set']}&directConnection=true&authSource={database}"
    return f"mongodb://{service}:{password}@127.0.0.1:{topology.mongo['port']}/{database}?{options}"


def start_mongo(state: State, topology: Topology, seconds: float = 30.0) -> None:
    """Start mongod unless it runs, make it primary and create the users. Raises StoreDidNotStart."""
    if state.identity_of(NAME) is None:
        _spawn(state, topology)
    _set_up(state, topology, time.monotonic() + seconds)


def stop_mongo(state: State, seconds: float = 20.0) -> None:
    """Stop mongod; the data stays."""
    stop_process(state.identity_of(NAME), seconds)
    state.forget(NAME)


def kill_mongo(state: State) -> None:
    """End mongod as a power cut would."""
    stop_process(state.identity_of(NAME), 10.0, (9, 9))
    state.forget(NAME)


def _spawn(state: State, topology: Topology) -> None:
    data = state.directory / "mongo"
    data.mkdir(mode=0o700, exist_ok=True)
    key = state.directory / "mongo.key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(state.secret("mongo", "keyfile").replace("-", "+").replace("_", "/"), encoding="utf-8")
    command = [
        mongod_path(), "--dbpath", str(data), "--port", str(topology.mongo["port"]), "--bind_ip", "127.0.0.1",
        "--replSet", topology.mongo["replica_set"], "--keyFile", str(key), "--noscripting", "--nounixsocket", "--quiet",
        "--wiredTigerCacheSizeGB", os.environ.get("TONGBAN_MONGO_CACHE_GB", "0.25"), "--oplogSize", "256",
        "--setParameter", "diagnosticDataCollectionEnabled=false",
        # nobody fails over to another member, so nobody needs the 15 s of grace
        "--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100",
        # what a killed process left open holds its documents no longer than this (60 s by default)
        "--setParameter", "transactionLifetimeLimitSeconds=5",
    ]  # fmt: skip
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": str(state.directory)}
    state.note(NAME, spawn(command, state.log_of(NAME), environment))


def _set_up(state: State, topology: Topology, deadline: float) -> None:
    from pymongo import MongoClient
    from pymongo.errors import OperationFailure

    user, port = topology.mongo["admin_user"], topology.mongo["port"]
    options: dict[str, Any] = {"directConnection": True, "connectTimeoutMS": 2000}
    admin_uri = mongo_uri(state, topology, user).replace(f"replicaSet={topology.mongo['replica_set']}&", "")
    _wait_for_port(state, port, deadline)
    anonymous: MongoClient[Any] = MongoClient("127.0.0.1", port, serverSelectionTimeoutMS=5000, **options)
    admin: MongoClient[Any] = MongoClient(admin_uri, serverSelectionTimeoutMS=5000, **options)
    with anonymous, admin:
        try:
            admin.admin.command("ping")
            is_new = False
        except (
            OperationFailure
        ):  # no such user yet: a fresh store, which trusts local callers until the first user exists
            is_new = True
        if is_new:
            _initiate(anonymous, topology)
            _wait_for_primary(state, anonymous, deadline)
            anonymous.admin.command("createUser", user, pwd=state.secret("mongo", user), roles=["root"])
        else:
            _follow_port(admin, port)
            _wait_for_primary(state, admin, deadline)
        _create_users(state, topology, admin)


def _wait_for_port(state: State, port: int, deadline: float) -> None:
    """mongod listens only when it is ready to answer."""
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        _check_life(state, deadline)
        time.sleep(0.03)


def _wait_for_primary(state: State, client: Any, deadline: float) -> None:
    while not client.admin.command("hello")["isWritablePrimary"]:
        _check_life(state, deadline)
        time.sleep(0.03)


def _check_life(state: State, deadline: float) -> None:
    log = state.log_of(NAME)
    if state.identity_of(NAME) is None:
        raise StoreDidNotStart(f"mongod has ended; its log: {log}")
    if time.monotonic() > deadline:
        raise StoreDidNotStart(f"mongod did not become primary in time; its log: {log}")


def _initiate(client: Any, topology: Topology) -> None:
    from pymongo.errors import OperationFailure

    member = {"_id": 0, "host": f"127.0.0.1:{topology.mongo['port']}"}
    try:
        client.admin.command("replSetInitiate", {"_id": topology.mongo["replica_set"], "members": [member]})
    except OperationFailure as error:
        if error.code != 23:  # AlreadyInitialized: an earlier start was interrupted after this step
            raise


def _follow_port(admin: Any, port: int) -> None:
    """Data that was written under another port offset: tell the replica set where it is now."""
    config = admin.admin.command("replSetGetConfig")["config"]
    host = f"127.0.0.1:{port}"
    if config["members"][0]["host"] != host:
        config["members"][0]["host"] = host
        config["version"] += 1
        admin.admin.command("replSetReconfig", config, force=True)


def _create_users(state: State, topology: Topology, admin: Any) -> None:
    known = {(user["db"], user["user"]) for user in admin.admin.command("usersInfo", {"forAllDBs": True})["users"]}
    for service in topology.services.values():
        if (service.database, service.name) not in known:
            roles = [{"role": role, "db": service.database} for role in ("readWrite", "dbAdmin")]
            password = state.secret("mongo", service.name)
            admin[service.database].command("createUser", service.name, pwd=password, roles=roles)
