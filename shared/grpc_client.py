"""Calls from the gateway to a service: one channel each, a deadline on every call, failures as failures."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import grpc.aio

from shared.failures import Failure
from shared.grpc_errors import failure_of

OPTIONS = [
    ("grpc.max_receive_message_length", 64 * 1024 * 1024),
    ("grpc.max_send_message_length", 64 * 1024 * 1024),
    ("grpc.keepalive_time_ms", 10000),
    # a name that leads to several replicas: calls go to all of them in turn, not to the first alone
    ("grpc.lb_policy_name", "round_robin"),
    # a restarted service is found again within a second
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1000),
]
RETRY_DELAYS = (0.05, 0.2, 0.5, 1.0)


def open_channel(address: str) -> Any:
    """A channel to `host:port`; connects by itself and again after a restart."""
    return grpc.aio.insecure_channel(address, options=OPTIONS)


async def call(method: Any, request: Any, *, timeout: float, metadata: tuple[tuple[str, str], ...] = ()) -> Any:
    """Call a unary method. Raises the Failure that the service answered.

    A connection that broke is tried again while the time lasts: queries are harmless to repeat, and every command
    carries an idempotency key.
    """
    deadline = asyncio.get_running_loop().time() + timeout
    for delay in (*RETRY_DELAYS, None):
        remaining = deadline - asyncio.get_running_loop().time()
        try:
            return await method(request, timeout=max(remaining, 0.01), metadata=metadata)
        except grpc.RpcError as error:
            failure: Failure = failure_of(error)
            broken = error.code() is grpc.StatusCode.UNAVAILABLE and failure.reason.startswith("RPC_")
            if not broken or delay is None or remaining <= delay:
                raise failure from error
            await asyncio.sleep(delay)
    raise AssertionError("the loop returns or raises")
