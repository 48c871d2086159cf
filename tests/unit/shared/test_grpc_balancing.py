"""A caller uses every replica that a service's name leads to."""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent import futures
from typing import Any

import grpc

from shared.grpc_client import call, open_channel


def replica(seen: Counter[str], name: str) -> tuple[grpc.Server, int]:
    def answer(_request: bytes, _context: Any) -> bytes:
        seen[name] += 1
        return b""

    server = grpc.server(futures.ThreadPoolExecutor(2))
    handler = grpc.method_handlers_generic_handler("test.Echo", {"Call": grpc.unary_unary_rpc_method_handler(answer)})
    server.add_generic_rpc_handlers((handler,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def test_calls_go_to_all_replicas_and_to_the_others_when_one_is_gone() -> None:
    seen: Counter[str] = Counter()
    (first, a), (second, b) = replica(seen, "a"), replica(seen, "b")

    async def play() -> None:
        channel = open_channel(f"ipv4:127.0.0.1:{a},127.0.0.1:{b}")
        method = channel.unary_unary("/test.Echo/Call")
        while len(seen) < 2:
            await call(method, b"", timeout=5.0)
        first.stop(None).wait()
        before = seen["b"]
        for _ in range(10):
            await call(method, b"", timeout=5.0)
        assert seen["b"] == before + 10
        await channel.close()

    asyncio.run(asyncio.wait_for(play(), 20.0))
    second.stop(None).wait()
