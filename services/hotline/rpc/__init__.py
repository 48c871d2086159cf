"""gRPC face of the hotline."""

from services.hotline.rpc.servicer import HotlineServicer

__all__ = ["HotlineServicer"]
