"""The services behind the gateway: one channel each, calls with a deadline, and whether they are serving."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from tongban.certificates.v1.service_pb2_grpc import CertificateServiceStub
from tongban.handoff.v1.service_pb2_grpc import HandoffServiceStub
from tongban.hotline.v1.service_pb2_grpc import HotlineServiceStub
from tongban.permits.v1.service_pb2_grpc import PermitServiceStub
from tongban.registration.v1.service_pb2_grpc import RegistrationServiceStub

from shared.grpc_client import call, open_channel

QUERY_SECONDS = 5.0
COMMAND_SECONDS = 10.0
# reading a file, drawing a picture
FILE_SECONDS = 20.0
IMPORT_SECONDS = 300.0
HEALTH_SECONDS = 0.5
HEALTH_KEPT_SECONDS = 1.0


class Services:
    """Stubs of all services. Opens its channels in the running loop; they connect by themselves."""

    def __init__(self, addresses: dict[str, str]) -> None:
        self._channels = {name: open_channel(address) for name, address in addresses.items()}
        self._health = {name: health_pb2_grpc.HealthStub(channel) for name, channel in self._channels.items()}
        self._kept: dict[str, tuple[float, str | None]] = {}
        self.registration: Any = RegistrationServiceStub(self._channels["registration"])
        self.certificates: Any = CertificateServiceStub(self._channels["certificates"])
        self.permits: Any = PermitServiceStub(self._channels["permits"])
        self.hotline: Any = HotlineServiceStub(self._channels["hotline"])
        self.handoff: Any = HandoffServiceStub(self._channels["handoff"])

    async def query(self, method: Any, request: Any, timeout: float = QUERY_SECONDS) -> Any:
        """Call a method that changes nothing. Raises the service's Failure."""
        return await call(method, request, timeout=timeout)

    async def command(self, method: Any, request: Any) -> Any:
        """Call a method with an idempotency key. Raises the service's Failure."""
        return await call(method, request, timeout=COMMAND_SECONDS)

    async def not_serving(self, names: Iterable[str]) -> dict[str, str]:
        """Why services cannot be used now, by name; empty when all serve."""
        wanted = list(names)
        found = await asyncio.gather(*(self._reason(name) for name in wanted))
        return {name: reason for name, reason in zip(wanted, found, strict=True) if reason}

    async def _reason(self, name: str) -> str | None:
        kept = self._kept.get(name)
        if kept and time.monotonic() - kept[0] < HEALTH_KEPT_SECONDS:
            return kept[1]
        try:
            answer = await self._health[name].Check(health_pb2.HealthCheckRequest(), timeout=HEALTH_SECONDS)
            serving = answer.status == health_pb2.HealthCheckResponse.SERVING
            reason = None if serving else "not serving"
        except grpc.RpcError as error:
            reason = f"no answer ({error.code().name})"
        self._kept[name] = (time.monotonic(), reason)
        return reason

    async def close(self) -> None:
        """Close all channels after the running calls."""
        await asyncio.gather(*(channel.close(grace=1.0) for channel in self._channels.values()))
