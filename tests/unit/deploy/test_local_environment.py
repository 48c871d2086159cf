"""Each process is started with what it needs and with nobody else's secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.local.environment import ProcessPlan, environment, process_plans
from deploy.local.state import State, open_state
from shared.topology import Topology, load_topology


@pytest.fixture
def state(tmp_path: Path) -> State:
    return open_state(tmp_path / "state")


@pytest.fixture
def topology() -> Topology:
    return load_topology(port_offset=200)


def plan_of(topology: Topology, name: str) -> ProcessPlan:
    return next(plan for plan in process_plans(topology) if plan.name == name)


def test_every_service_has_two_processes_beside_gateway_and_issuer(topology: Topology) -> None:
    names = {plan.name for plan in process_plans(topology)}
    assert names == {"issuer", "gateway"} | {f"{s}-{kind}" for s in topology.services for kind in ("rpc", "worker")}


def test_a_service_gets_its_own_two_passwords_and_no_others(state: State, topology: Topology) -> None:
    users = ["admin", *topology.services]
    passwords = {(kind, user): state.secret(kind, user) for kind in ("mongo", "rabbit") for user in users}
    for plan in process_plans(topology):
        text = " ".join(environment(state, topology, plan).values())
        seen = {owner for owner, password in passwords.items() if password in text}
        assert seen == ({("mongo", plan.service), ("rabbit", plan.service)} if plan.service else set())


def test_the_gateway_is_not_told_where_the_keys_are(state: State, topology: Topology) -> None:
    assert "TONGBAN_KEY_DIR" not in environment(state, topology, plan_of(topology, "gateway"))


def test_secrets_of_whoever_starts_the_stack_are_not_handed_on(
    state: State, topology: Topology, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONGBAN_MONGO_URI", "mongodb://outer")
    monkeypatch.setenv("SOME_CLOUD_TOKEN", "outer")
    monkeypatch.setenv("TONGBAN_LOG_LEVEL", "DEBUG")
    found = environment(state, topology, plan_of(topology, "gateway"))
    assert "outer" not in " ".join(found.values())
    assert found["TONGBAN_LOG_LEVEL"] == "DEBUG"


def test_addresses_carry_the_port_offset(state: State, topology: Topology) -> None:
    found = environment(state, topology, plan_of(topology, "registration-rpc"))
    assert found["TONGBAN_PORT_OFFSET"] == "200"
    assert found["TONGBAN_PUBLIC_URL"] == "http://127.0.0.1:8280"
    assert found["TONGBAN_ISSUER_URL"] == "http://127.0.0.1:8281"
    password = state.secret("mongo", "registration")
    options = "replicaSet=tongban&directConnection=true&authSource=registration"
    assert found["TONGBAN_MONGO_URI"] == f"mongodb://registration:{password}@127.0.0.1:27611/registration?{options}"
    assert found["TONGBAN_AMQP_URI"].endswith("@127.0.0.1:25611/tongban")


def test_passwords_stay_the_same_and_are_readable_by_their_owner_only(state: State) -> None:
    assert state.secret("mongo", "permits") == state.secret("mongo", "permits")
    assert state.secret("mongo", "permits") != state.secret("rabbit", "permits")
    assert (state.directory / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert state.keys.stat().st_mode & 0o777 == 0o700
