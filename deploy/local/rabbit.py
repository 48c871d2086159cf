"""The broker of the local stack: a private RabbitMQ node on loopback with one user per service and least permissions.

Started by the inner script with environment variables; Debian's wrapper would switch to another user. Users,
permissions and policies are one definitions file that the node reads as it boots: no slow `rabbitmqctl` is needed.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from deploy.bus.definitions import definitions, password_hash
from deploy.local.state import State, read_json, spawn, stop_process, write_json
from shared.topology import Topology

NAME, EPMD = "rabbitmq", "epmd"
SCRIPTS = Path("/usr/lib/rabbitmq/bin")
# A node that loses power within a second of a queue's declaration has not yet written whose the queue's log is (rabbitmq-server
# issue 15725). It then starts the queue as a new one, and where no other node has it, without an election: it would be there and
# answer nothing for ever. Elected by hand, such a queue leads from then on, also after the next start.
ELECT = """[ra:trigger_election({N, node()}) || Q <- rabbit_amqqueue:list_by_type(rabbit_quorum_queue),
    {N, _} <- [amqqueue:get_pid(Q)], ra_leaderboard:lookup_leader(N) =:= undefined]."""
NOT_THERE_YET = 69  # what rabbitmqctl ends with (EX_UNAVAILABLE) while the node, though it listens, is still coming up


class BrokerDidNotStart(RuntimeError):
    """RabbitMQ ended, or did not answer in time; the message names its log."""


def amqp_uri(state: State, topology: Topology, service: str) -> str:
    """URI of the vhost with a service's own user; `admin` for the administrator."""
    password = quote(state.secret("rabbit", service), safe="")
    return f"amqp://{service}:{password}@127.0.0.1:{topology.rabbit['port']}/{topology.rabbit['vhost']}"


def start_rabbit(state: State, topology: Topology, seconds: float = 60.0) -> None:
    """Start the node unless it runs, with the topology's users and policies. Raises BrokerDidNotStart."""
    file = state.directory / "rabbit" / "definitions.json"
    file.parent.mkdir(mode=0o700, exist_ok=True)
    wanted = definitions(topology, _password_hashes(state, topology))
    changed = read_json(file) != wanted
    if changed:
        write_json(file, wanted)
    environment = node_environment(state, topology)
    runs, had_queues = state.identity_of(NAME) is not None, (file.parent / "mnesia").exists()
    if not runs:
        _spawn(state, topology, environment)
    _wait_for_answer(state, topology, time.monotonic() + seconds)
    if had_queues and not runs:
        _elect(state, topology, time.monotonic() + seconds)
    if changed and runs:  # it was booted with an older topology
        control(state, topology, "import_definitions", str(file))


def stop_rabbit(state: State, seconds: float = 30.0) -> None:
    """Stop the node and its name server; the data stays."""
    stop_process(state.identity_of(NAME), seconds)
    state.forget(NAME)
    stop_process(state.identity_of(EPMD), 5.0)
    state.forget(EPMD)


def kill_rabbit(state: State) -> None:
    """End the node as a power cut would."""
    stop_process(state.identity_of(NAME), 10.0, (signal.SIGKILL, signal.SIGKILL))
    state.forget(NAME)


def control(state: State, topology: Topology, *arguments: str) -> str:
    """Run `rabbitmqctl` on this node (takes about a second). Raises subprocess.CalledProcessError."""
    command = [str(SCRIPTS / "rabbitmqctl"), "-q", *arguments]
    environment = node_environment(state, topology)
    done = subprocess.run(
        command, env=environment, cwd=state.directory, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


def node_environment(state: State, topology: Topology) -> dict[str, str]:
    """Environment that makes RabbitMQ's scripts speak of this node and nothing else."""
    folder, rabbit = state.directory / "rabbit", topology.rabbit
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(rabbit["epmd_port"]),
        "RABBITMQ_NODENAME": rabbit["node"],
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(rabbit["port"]),
        "RABBITMQ_DIST_PORT": str(rabbit["dist_port"]),
        "RABBITMQ_BASE": str(folder),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(state.logs),
        "RABBITMQ_LOGS": str(state.log_of(NAME)),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "none.config"),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        # idle schedulers sleep instead of spinning; the distribution listens on loopback only
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
            "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none"
        ),
        # the server script then becomes the node instead of waiting for it: one process, whose id we know
        "detached": "yes",
    }


def _spawn(state: State, topology: Topology, environment: dict[str, str]) -> None:
    if not (SCRIPTS / "rabbitmq-server").exists():
        raise BrokerDidNotStart("there is no RabbitMQ; run deploy/local/prepare.sh")
    folder = state.directory / "rabbit"
    (folder / "enabled_plugins").write_text("[rabbitmq_prometheus].\n", encoding="utf-8")
    settings = {
        "prometheus.tcp.ip": "127.0.0.1",
        "prometheus.tcp.port": topology.rabbit["metrics_port"],
        "log.console": "false",
        "load_definitions": folder / "definitions.json",
        "disk_free_limit.absolute": "100MB",
    }
    lines = [f"{key} = {value}\n" for key, value in settings.items()]
    (folder / "rabbitmq.conf").write_text("".join(lines), encoding="utf-8")
    if state.identity_of(EPMD) is None:
        # the name server is started here and not by the node, so that it can be ended with it
        epmd = shutil.which(EPMD) or EPMD
        command = [epmd, "-port", str(topology.rabbit["epmd_port"]), "-address", "127.0.0.1"]
        state.note(EPMD, spawn(command, state.log_of(EPMD), environment))
        _wait_for_port(topology.rabbit["epmd_port"], time.monotonic() + 5.0)
    state.note(NAME, spawn([str(SCRIPTS / "rabbitmq-server")], state.log_of("rabbitmq-start"), environment, folder))


def _wait_for_answer(state: State, topology: Topology, deadline: float) -> None:
    import pika
    from pika.exceptions import AMQPError

    parameters = pika.URLParameters(amqp_uri(state, topology, topology.rabbit["admin_user"]))
    parameters.socket_timeout = parameters.blocked_connection_timeout = 5
    where = f"its log: {state.log_of(NAME)}"
    while True:
        if state.identity_of(NAME) is None:
            raise BrokerDidNotStart(f"RabbitMQ has ended; {where}")
        try:
            # users and policies are read before the node listens: who answers is complete
            if _wait_for_port(topology.rabbit["port"], time.monotonic() + 0.5):
                pika.BlockingConnection(parameters).close()
                return
        except (AMQPError, OSError) as error:
            reason = f"{type(error).__name__} {error}"
        else:
            reason = "it does not listen"
        if time.monotonic() > deadline:
            raise BrokerDidNotStart(f"RabbitMQ did not answer in time ({reason}); {where}")
        time.sleep(0.1)


def _elect(state: State, topology: Topology, deadline: float) -> None:
    while True:
        try:
            control(state, topology, "eval", ELECT)
            return
        except subprocess.CalledProcessError as error:
            if error.returncode != NOT_THERE_YET or time.monotonic() > deadline:
                raise BrokerDidNotStart(f"queues could not be asked for their leaders: {error.stderr}") from None
        time.sleep(0.2)


def _wait_for_port(port: int, deadline: float) -> bool:
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.05)
    return False


def _password_hashes(state: State, topology: Topology) -> dict[str, str]:
    users = (topology.rabbit["admin_user"], *topology.services)
    return {user: password_hash(state.secret("rabbit", user)) for user in users}
