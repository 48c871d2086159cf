"""gRPC face of hotline."""

from __future__ import annotations

from tongban.hotline.v1 import service_pb2_grpc


class HotlineServicer(service_pb2_grpc.HotlineServiceServicer):
    """The contract of `protos/tongban/hotline/v1/service.proto`; it has no method yet."""
