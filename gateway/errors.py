"""Failures as answers: problem details (RFC 9457) with a stable `type`, from one table of the seven kinds.

`code` is the stable reason, `type` its URN, `instance` the trace id to ask about, `errors` the fields at fault. No answer
carries a stack trace, a host or the name of a collection.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.failures import (
    Aborted,
    AlreadyExists,
    FailedPrecondition,
    Failure,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    Unavailable,
    Violation,
    http_status,
    kind_of,
)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = "1"

# What the caller should do next, in both languages; the status of a kind is in shared.failures.
TITLES: dict[type[Failure], tuple[str, str]] = {
    InvalidArgument: ("The request breaks a rule", "请求不符合规则"),
    NotFound: ("There is no such thing", "未找到"),
    AlreadyExists: ("It exists already", "已存在"),
    PermissionDenied: ("You may not do this", "无权办理"),
    FailedPrecondition: ("Not possible in this state", "当前状态不允许"),
    Aborted: ("It has changed; read it again", "内容已变更，请重新读取"),
    Unavailable: ("Try again a little later", "请稍后重试"),
}
# What HTTP itself can go wrong with: reason and titles by status.
HTTP_PROBLEMS: dict[int, tuple[str, str, str]] = {
    400: ("BAD_REQUEST", "The request cannot be read", "请求无法识别"),
    401: ("UNAUTHENTICATED", "Say who you are", "需要身份验证"),
    404: ("ROUTE_NOT_FOUND", "There is no such address", "地址不存在"),
    405: ("METHOD_NOT_ALLOWED", "This address does not take this method", "不支持该请求方法"),
    408: ("BODY_TIMEOUT", "The body did not arrive in time", "请求内容未及时送达"),
    413: ("BODY_TOO_LARGE", "The body is too large", "请求内容过大"),
    415: ("CONTENT_TYPE", "This kind of content is not taken here", "不支持的内容类型"),
    429: ("RATE_LIMITED", "Too many requests", "请求过于频繁"),
    431: ("HEADERS_TOO_LARGE", "The headers are too large", "请求头过大"),
    500: ("INTERNAL_ERROR", "Something broke here", "系统内部错误"),
}
# What a caller's program needs to go on by itself: extension members of the problem, under the service's own names.
_TOLD = (
    "current_version", "expected_sequence", "application_id", "entity_id", "competent_division_code", "state", "route",
    "from", "until",
)  # fmt: skip
_TOLD_LISTS = ("entity_ids", "application_ids", "bars", "years")
# Calls that ended without a word from the service: nobody's fault that the caller could know, or ours.
_SILENT = {"RPC_UNAVAILABLE": "SERVICE_UNAVAILABLE", "RPC_DEADLINE_EXCEEDED": "SERVICE_TIMEOUT"}


class HttpProblem(HTTPException):
    """A problem of HTTP itself (401, 408, 413, 415); an HTTPException so that frameworks let it through."""

    def __init__(self, status: int, reason: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, detail, dict(headers or {}))
        self.reason = reason


def invalid_field(field: str, reason: str, detail: str) -> InvalidArgument:
    """One field at fault; `reason` is also the reason of the answer."""
    return InvalidArgument(detail, reason=reason, violations=(Violation(field, detail, reason),))


def problem_type(reason: str) -> str:
    """URN of a reason, e.g. NAME_TAKEN → urn:tongban:problem:name-taken."""
    return f"urn:tongban:problem:{reason.lower().replace('_', '-')}"


def problem(
    scope: Any, status: int, reason: str, titles: tuple[str, str], detail: str | None,
    errors: Sequence[Violation] = (), headers: Mapping[str, str] | None = None, more: Mapping[str, Any] | None = None,
) -> Response:  # fmt: skip
    """The answer; `scope` gives the trace id and the language."""
    content: dict[str, Any] = {
        "type": problem_type(reason),
        "title": titles[_prefers_chinese(scope)],
        "status": status,
        "instance": _trace_id(scope),
        "code": reason,
    }
    if detail:
        content["detail"] = detail
    if errors:
        content["errors"] = [{"field": e.field, "reason": e.reason, "detail": e.description} for e in errors]
    return Response(msgspec.json.encode(content | dict(more or {})), status, dict(headers or {}), MEDIA_TYPE)


def failure_response(scope: Any, failure: Failure) -> Response:
    """A failure as an answer."""
    status, reason, headers = http_status(failure), failure.reason, {}
    if status == 503:
        if reason.startswith("RPC_") and reason not in _SILENT:
            return internal_response(scope)
        reason, headers = _SILENT.get(reason, reason), {"Retry-After": RETRY_AFTER_SECONDS}
    told = failure.metadata
    more: dict[str, Any] = {name: told[name] for name in _TOLD if told.get(name)}
    more |= {name: re.split(r",\s*", told[name]) for name in _TOLD_LISTS if told.get(name)}
    errors = failure.violations
    if not errors and told.get("field"):  # a failure that is no mistake of form names its one field so
        errors = (Violation(told["field"], failure.message, reason),)
    return problem(scope, status, reason, TITLES[kind_of(failure)], failure.message, errors, headers, more)


def renamed(failure: Failure, rename: Callable[[str], str]) -> Failure:
    """The same failure with its fields named as the caller knows them, e.g. below `application` or not."""
    message, metadata = failure.message, dict(failure.metadata)
    for field in (violation.field for violation in failure.violations):
        if field and message.startswith(field):
            message = rename(field) + message.removeprefix(field)
            break
    if metadata.get("field"):
        metadata["field"] = rename(metadata["field"])
    violations = [Violation(rename(v.field), v.description, v.reason) for v in failure.violations]
    return kind_of(failure)(message, reason=failure.reason, violations=violations, metadata=metadata)


def internal_response(scope: Any) -> Response:
    """Something broke that has no name: nothing of it leaves the house."""
    return http_response(scope, 500)


def http_response(
    scope: Any, status: int, reason: str = "", detail: str | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """A problem of HTTP itself."""
    usual, *titles = HTTP_PROBLEMS.get(status, HTTP_PROBLEMS[400 if status < 500 else 500])
    return problem(scope, status, reason or usual, (titles[0], titles[1]), detail, headers=headers)


def known_response(scope: Any, error: Exception) -> Response:
    """A Failure or an HTTPException as an answer."""
    if isinstance(error.__cause__, Failure) and isinstance(error, HTTPException):
        error = error.__cause__
    if isinstance(error, Failure):
        return failure_response(scope, error)
    assert isinstance(error, HTTPException)
    detail = str(error.detail) if isinstance(error, HttpProblem) else None
    return http_response(scope, error.status_code, getattr(error, "reason", ""), detail, error.headers)


def answering(app: ASGIApp) -> ASGIApp:
    """`app` with its failures answered, for routes that stand outside FastAPI's layers."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except (Failure, HTTPException) as error:
            await known_response(scope, error)(scope, receive, send)

    return answered


def install(app: FastAPI) -> None:
    """Answer every failure of the app's routes with a problem."""

    async def on_known(request: Request, error: Exception) -> Response:
        return known_response(request.scope, error)

    async def on_validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        violations = [_violation(e) for e in error.errors()]
        first = violations[0]
        message = f"{first.field}: {first.description}"
        return failure_response(request.scope, InvalidArgument(message, reason="INVALID_FIELD", violations=violations))

    app.add_exception_handler(Failure, on_known)
    app.add_exception_handler(HTTPException, on_known)
    app.add_exception_handler(RequestValidationError, on_validation)


# pydantic's kinds of error by our stable reasons; all others are FIELD_RULE
_REASONS = {
    "missing": "FIELD_MISSING",
    "extra_forbidden": "FIELD_UNKNOWN",
    "enum": "FIELD_VALUE",
    "literal_error": "FIELD_VALUE",
}


def _violation(error: Mapping[str, Any]) -> Violation:
    where, *path = error["loc"]
    field = ""
    for part in path:
        field += f"[{part}]" if isinstance(part, int) else f".{part}" if field else str(part)
    kind = str(error["type"])
    reason = _REASONS.get(kind) or ("FIELD_TYPE" if kind.endswith(("_type", "_parsing")) else "FIELD_RULE")
    # pydantic's sentences describe the rule, except for value errors, whose text is ours
    return Violation(field or str(where), re.sub(r"^Value error, ", "", str(error["msg"])), reason)


def _trace_id(scope: Any) -> str | None:
    trace = scope.get("tongban.trace")
    return trace.trace_id if trace else None


def _prefers_chinese(scope: Any) -> int:
    language = next((value for name, value in scope.get("headers", ()) if name == b"accept-language"), b"")
    return int(language.strip().lower().startswith(b"zh"))
