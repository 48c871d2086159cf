"""The seven kinds of failure, chosen by what the caller should do next (as google/rpc/code.proto puts it).

Failure
├── InvalidArgument      mend the request; the violations name the fields          400  INVALID_ARGUMENT
├── NotFound             there is no such thing, or it is not yours                404  NOT_FOUND
├── AlreadyExists        it is there already                                       409  ALREADY_EXISTS
├── PermissionDenied     you may not, whatever you send                            403  PERMISSION_DENIED
├── FailedPrecondition   not in this state; do not retry before it changes         422  FAILED_PRECONDITION
├── Aborted              somebody was faster: read again, then try again           409  ABORTED
└── Unavailable          nobody is to blame: the same call again, a little later   503  UNAVAILABLE
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """A field that broke a rule: path in the request, what to mend, stable reason."""

    field: str
    description: str
    reason: str


class Failure(Exception):
    """Base of the seven. `reason` is stable and part of the API; `message` is one sentence for a person.

    A service names its failures by subclass; the default reason is the class name, e.g. `NameTaken` → NAME_TAKEN.
    """

    def __init__(
        self,
        message: str,
        *,
        reason: str = "",
        violations: Sequence[Violation] = (),
        metadata: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason or re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).upper()
        self.violations = tuple(violations)
        self.metadata = dict(metadata or {})


class InvalidArgument(Failure):
    """The request breaks a rule that does not depend on the state of the system."""


class NotFound(Failure):
    """No such thing, or not visible to the caller (the answer is the same)."""


class AlreadyExists(Failure):
    """What should be created exists."""


class PermissionDenied(Failure):
    """The caller may not do this."""


class FailedPrecondition(Failure):
    """The system is not in the state that the operation needs."""


class Aborted(Failure):
    """A concurrent change; reload and retry at a higher level."""


class Unavailable(Failure):
    """Temporary; the same call may be retried."""


GRPC_CODES: dict[type[Failure], str] = {
    InvalidArgument: "INVALID_ARGUMENT",
    NotFound: "NOT_FOUND",
    AlreadyExists: "ALREADY_EXISTS",
    PermissionDenied: "PERMISSION_DENIED",
    FailedPrecondition: "FAILED_PRECONDITION",
    Aborted: "ABORTED",
    Unavailable: "UNAVAILABLE",
}
HTTP_STATUSES: dict[type[Failure], int] = {
    InvalidArgument: 400,
    NotFound: 404,
    AlreadyExists: 409,
    PermissionDenied: 403,
    FailedPrecondition: 422,
    Aborted: 409,
    Unavailable: 503,
}


def grpc_code_name(failure: Failure) -> str:
    """Name of the gRPC status of a failure."""
    return GRPC_CODES[kind_of(failure)]


def http_status(failure: Failure) -> int:
    """HTTP status of a failure."""
    return HTTP_STATUSES[kind_of(failure)]


def kind_of(failure: Failure) -> type[Failure]:
    """Which of the seven a failure is."""
    return next(kind for kind in GRPC_CODES if isinstance(failure, kind))


def failure_class_of(code_name: str) -> type[Failure]:
    """The kind for a gRPC status name; a status that is none of the seven is Unavailable (nobody's fault the caller knows)."""
    return next((kind for kind, name in GRPC_CODES.items() if name == code_name), Unavailable)
