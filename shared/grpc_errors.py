"""Failures over gRPC: status with google.rpc details on the way out, the same failure on the way in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import grpc
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from shared.failures import Failure, Unavailable, Violation, failure_class_of, grpc_code_name

DOMAIN = "tongban"
# A status travels in the trailers of the answer, and a client gives up the call when they are larger than 8 KiB: so many
# violations are told, of so many bytes together, and of each so many characters.
MOST_VIOLATIONS, VIOLATION_BYTES, LONGEST = 30, 4096, 500


def status_of(failure: Failure) -> Any:
    """The failure as a rich gRPC status (ErrorInfo always, BadRequest when fields are named). The message says how many fields are
    at fault beside those that are named."""
    code = grpc.StatusCode[grpc_code_name(failure)]
    info = error_details_pb2.ErrorInfo(reason=failure.reason, domain=DOMAIN, metadata=failure.metadata)
    details = [_packed(info)]
    message = failure.message
    if failure.violations:
        violations = _told(failure.violations)
        details.append(_packed(error_details_pb2.BadRequest(field_violations=violations)))
        if more := len(failure.violations) - len(violations):
            message += f" (and {more} more)"
    return rpc_status.to_status(status_pb2.Status(code=code.value[0], message=message, details=details))


def _told(violations: Sequence[Violation]) -> list[Any]:
    told: list[Any] = []
    room = VIOLATION_BYTES
    for violation in violations[:MOST_VIOLATIONS]:
        one = error_details_pb2.BadRequest.FieldViolation(
            field=violation.field, description=violation.description[:LONGEST], reason=violation.reason
        )
        room -= one.ByteSize()
        if room < 0:
            break
        told.append(one)
    return told


def failure_of(error: grpc.RpcError) -> Failure:
    """The failure that a call ended with. What carries no reason of ours becomes Unavailable."""
    status = rpc_status.from_call(error)
    if status is None:
        code = error.code() if callable(getattr(error, "code", None)) else None
        return Unavailable("the service does not answer", reason=f"RPC_{code.name if code else 'FAILED'}")
    reason, metadata, violations = "", {}, []
    for detail in status.details:
        info, bad_request = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            reason, metadata = info.reason, dict(info.metadata)
        elif detail.Unpack(bad_request):
            violations = [Violation(v.field, v.description, v.reason) for v in bad_request.field_violations]
    kind = failure_class_of(error.code().name)
    return kind(status.message, reason=reason or "UNSPECIFIED", violations=tuple(violations), metadata=metadata)


def _packed(message: Any) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(message)
    return packed
