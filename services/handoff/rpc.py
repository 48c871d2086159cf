"""gRPC face of handoff."""

from __future__ import annotations

from tongban.handoff.v1 import service_pb2_grpc


class HandoffServicer(service_pb2_grpc.HandoffServiceServicer):
    """The contract of `protos/tongban/handoff/v1/service.proto`; it has no method yet."""
