"""`python -m tests.bench.hot_route [requests] [connections]`: CPU of the gateway per application handed in.

The gateway runs as its own process; issuer, service (a fake that answers at once) and load are in this one.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time

import httpx
import msgspec
import psutil

from gateway.routes.registration.submission import EXAMPLE
from tests.unit.gateway.partners import Platform


async def load(port: int, token: str, requests: int, connections: int) -> tuple[float, list[float]]:
    """Keep `connections` busy until `requests` are answered; seconds and the time of each."""
    body = msgspec.json.encode(EXAMPLE)
    head = (
        f"POST /v1/registration/applications HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nIdempotency-Key: "
    )
    times: list[float] = []
    left = iter(range(requests))

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in left:
            started = time.perf_counter()
            writer.write(f"{head}k-{os.getpid()}-{number}\r\n\r\n".encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 201"), answer
            length = next(line for line in answer.split(b"\r\n") if line.lower().startswith(b"content-length"))
            await reader.readexactly(int(length.split(b":")[1]))
            times.append(time.perf_counter() - started)
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(connections)))
    return time.perf_counter() - started, times


def main() -> None:
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    connections = int(sys.argv[2]) if len(sys.argv) > 2 else 64
    platform = Platform()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        offset = probe.getsockname()[1] - 8080
    environment = os.environ | platform.environment | {"TONGBAN_ISSUER_URL": platform.issuer.url}
    environment |= {"TONGBAN_PORT_OFFSET": str(offset), "PYTHONPATH": ".:protos/gen"}
    with subprocess.Popen([sys.executable, "-m", "gateway"], env=environment, stdout=subprocess.DEVNULL) as process:
        url = f"http://127.0.0.1:{8080 + offset}"
        try:
            for _ in range(100):
                try:
                    if httpx.get(f"{url}/readyz").status_code == 200:
                        break
                except httpx.TransportError:
                    time.sleep(0.1)
            token = platform.issuer.token()
            asyncio.run(load(8080 + offset, token, 2000, connections))
            gateway = psutil.Process(process.pid)
            before, calls = gateway.cpu_times(), len(platform.registration.heard)
            seconds, times = asyncio.run(load(8080 + offset, token, requests, connections))
            after = gateway.cpu_times()
            calls = len(platform.registration.heard) - calls
        finally:
            process.terminate()
            process.wait(20)
    cpu = (after.user + after.system - before.user - before.system) / requests * 1000
    times.sort()
    print(f"{requests / seconds:.0f} requests/s over {connections} connections")
    print(f"{cpu:.3f} ms CPU of the gateway per request; {requests / calls:.1f} applications per call to the service")
    print(f"p50 {times[len(times) // 2] * 1000:.1f} ms, p99 {times[int(len(times) * 0.99)] * 1000:.1f} ms")
    platform.stop()


if __name__ == "__main__":
    main()
