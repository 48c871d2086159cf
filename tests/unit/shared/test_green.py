"""Cooperative code: names are looked up while the rest goes on, and what takes too long is broken off or not waited for."""

from __future__ import annotations

from pathlib import Path

import eventlet
import pytest
from eventlet.event import Event

from shared.green import side_by_side_for, within
from tests.unit.outside import in_a_worker

# The system's look-up of a name ends when another green thread says so, or is given up after ten seconds.
LOOK_UP = """
import _socket, eventlet, socket
from eventlet.patcher import original
from shared.green import within
threading = original("threading")
go_on, system = threading.Event(), _socket.getaddrinfo

def name_server(host, port, family=0, type=0, proto=0, flags=0):
    if host != "authority.example":
        return system(host, port, family, type, proto, flags)
    if flags & socket.AI_NUMERICHOST or not go_on.wait(10):
        raise socket.gaierror(socket.EAI_NONAME, "nobody answered")
    return system("127.0.0.1", port, family, type, proto, flags)

_socket.getaddrinfo = name_server
server = socket.create_server(("127.0.0.1", 0))
port, told = server.getsockname()[1], {}
socket.create_connection(("127.0.0.1", port)).close()
told["threads for an address"] = threading.active_count() - 1
try:
    with within(0.1):
        socket.getaddrinfo("authority.example", port)
except (TimeoutError, socket.gaierror) as error:
    told["broken off"] = type(error).__name__
eventlet.spawn(go_on.set)
try:
    told["connected"] = socket.create_connection(("authority.example", port)).getpeername()[1] == port
    told["found"] = socket.getaddrinfo("authority.example", port)[0][4][0]
except socket.gaierror:
    told["connected"] = False
print(json.dumps(told))
"""


def test_while_a_name_is_looked_up_the_rest_goes_on_and_an_address_needs_no_thread(tmp_path: Path) -> None:
    assert in_a_worker(LOOK_UP, tmp_path) == {
        "threads for an address": 0, "broken off": "TimeoutError", "connected": True, "found": "127.0.0.1",
    }  # fmt: skip


def test_only_the_own_limit_becomes_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.green._patched", True)
    with pytest.raises(TimeoutError), within(0.01):
        eventlet.sleep(30)
    with pytest.raises(eventlet.Timeout), eventlet.Timeout(0.01), within(30):
        eventlet.sleep(30)
    with within(30):
        eventlet.sleep(0)


def test_a_round_ends_without_the_call_that_hangs_and_the_call_goes_on() -> None:
    gate, ended = Event(), list[str]()

    def call(name: str) -> str:
        if name == "hangs":
            gate.wait()
        ended.append(name)
        return name

    each = side_by_side_for(0.05, size=2)
    assert each(call, ["hangs", "first", "second"]) == ["first", "second"]
    assert each(call, ["third"]) == ["third"]
    gate.send()
    eventlet.sleep(0)
    assert ended == ["first", "second", "third", "hangs"]
