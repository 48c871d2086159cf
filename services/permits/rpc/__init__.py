"""gRPC face of permits."""

from services.permits.rpc.servicer import PermitServicer

__all__ = ["PermitServicer"]
