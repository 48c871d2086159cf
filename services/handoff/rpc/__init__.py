"""gRPC face of handoff."""

from services.handoff.rpc.servicer import HandoffServicer

__all__ = ["HandoffServicer"]
