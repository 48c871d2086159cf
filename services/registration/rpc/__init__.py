"""gRPC face of registration: the servicer, and the mapping between messages and the domain."""

from services.registration.rpc.servicer import RegistrationServicer

__all__ = ["RegistrationServicer"]
