"""gRPC face of permits."""

from __future__ import annotations

from tongban.permits.v1 import service_pb2_grpc


class PermitServicer(service_pb2_grpc.PermitServiceServicer):
    """The contract of `protos/tongban/permits/v1/service.proto`; it has no method yet."""
