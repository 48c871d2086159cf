"""A system outside that answers as the first part of the path says, and a worker's process that asks it."""

from __future__ import annotations

import gzip
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# Far less than a read may wait, and far more of them than an exchange may take: whoever has no limit for the whole hears the
# good answer at the end.
PAUSE, BYTES = 0.02, 150
LIMIT_SECONDS = 0.4
PACKED = gzip.compress(b" " * 20_000_000)
PATCHED = """
from shared.green import patch
patch()
import json, sys
from pathlib import Path
from shared.clock import SystemClock
folder, url, seconds = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
"""


def in_a_worker(script: str, folder: Path, url: str = "", seconds: float = LIMIT_SECONDS) -> Any:
    """What the script prints, read as JSON; it runs as a worker does, and finds `folder`, `url` and `seconds`."""
    command = [sys.executable, "-c", PATCHED + script, str(folder), url, str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def dripping() -> Iterator[str]:
    """The address (host and port) of a server: `/body`, `/headers` and TLS come byte by byte, `/packed` is small and
    large, `/long` is large, `/closed` says nothing, `/good` answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_accept, args=(server,), daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"


def _accept(server: socket.socket) -> None:
    with suppress(OSError):
        while True:
            connection, _ = server.accept()
            threading.Thread(target=_serve, args=(connection,), daemon=True).start()


def _serve(connection: socket.socket) -> None:
    with connection, suppress(OSError):
        if connection.recv(1, socket.MSG_PEEK) == b"\x16":  # the first byte of TLS
            connection.sendall(b"\x16\x03\x03\x40\x00")
            _drip(connection, b"\x00")
            return
        with connection.makefile("rb") as file:
            path = file.readline().decode().split()[1].split("/")[1]
            lengths = [line for line in iter(file.readline, b"\r\n") if line.lower().startswith(b"content-length")]
            asked = json.loads(file.read(int(lengths[0].split(b":")[1])))
        _answer(connection, path, json.dumps(asked | {"state": "DONE"}).encode())


def _answer(connection: socket.socket, path: str, told: bytes) -> None:
    if path == "closed":
        return
    connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n")
    if path == "headers":
        connection.sendall(b"X-Slow: ")
        _drip(connection, b"x")
        connection.sendall(b"\r\n")
    content = {"packed": PACKED, "long": b" " * 70_000 + told, "body": b" " * BYTES + told}.get(path, told)
    if path == "packed":
        connection.sendall(b"Content-Encoding: gzip\r\n")
    connection.sendall(f"Content-Length: {len(content)}\r\n\r\n".encode())
    if path == "body":
        _drip(connection, b" ")
        content = told
    connection.sendall(content)


def _drip(connection: socket.socket, byte: bytes) -> None:
    for _ in range(BYTES):
        connection.sendall(byte)
        time.sleep(PAUSE)
