"""Verifying 核验: what is shown becomes the service's question, its verdict the answer. Used by the API and the pages."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from tongban.certificates.v1 import service_pb2 as rpc

from gateway.clients import FILE_SECONDS
from gateway.context import parts_of
from gateway.errors import HttpProblem, invalid_field
from gateway.routes.certificates.models import VerifyRequest
from shared import strict_json
from shared.failures import InvalidArgument, Violation

MAX_FILE = 10 * 1024 * 1024
MAX_HOLDER_CODE = 18
FORM_FIELDS = ("file", "identifier", "expected_holder_code")


async def judge(request: Request, shown: dict[str, Any], expected_holder_code: str) -> Any:
    """The verdict on what is shown: one of `identifier`, `qr_text`, `file`."""
    services = parts_of(request).services
    question = rpc.VerifyCertificateRequest(**shown, expected_holder_code=expected_holder_code)
    return (await services.query(services.certificates.VerifyCertificate, question, FILE_SECONDS)).verdict


async def shown_in(request: Request) -> tuple[dict[str, Any], str]:
    """What a request shows, and the holder it expects: as JSON, as a PDF, or as a form with a file.

    Raises InvalidArgument naming the field, HttpProblem 413 for a file that is too large.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/pdf":
        expected = request.query_params.get("expected_holder_code", "")
        return {"file": _checked_file(await request.body())}, _checked_code(expected)
    if kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
        return await _shown_in_form(request)
    return _shown_in_json(await request.body())


def _shown_in_json(body: bytes) -> tuple[dict[str, Any], str]:
    try:
        asked = VerifyRequest.model_validate(strict_json.loads(body))
    except ValidationError as error:
        found = [_violation(e) for e in error.errors(include_url=False)]
        message = f"{found[0].field}: {found[0].description}"
        raise InvalidArgument(message, reason="INVALID_FIELD", violations=found) from None
    shown = {"identifier": asked.identifier} if asked.identifier else {"qr_text": asked.qr_text}
    return shown, asked.expected_holder_code or ""


async def _shown_in_form(request: Request) -> tuple[dict[str, Any], str]:
    try:
        form = await request.form(max_files=1, max_fields=len(FORM_FIELDS), max_part_size=4096)
    except MultiPartException as error:
        raise invalid_field("body", "MALFORMED_FORM", error.message) from None
    try:
        unknown = [name for name in form if name not in FORM_FIELDS]
        if unknown:
            raise invalid_field(unknown[0][:60], "FIELD_UNKNOWN", f"the form has the fields {', '.join(FORM_FIELDS)}")
        file, identifier = form.get("file"), _text(form.get("identifier"))
        expected = _checked_code(_text(form.get("expected_holder_code")))
        content = await file.read(MAX_FILE + 1) if isinstance(file, UploadFile) else b""
    finally:
        await form.close()
    if content:
        return {"file": _checked_file(content)}, expected
    if not identifier:
        raise invalid_field("file", "NOTHING_SHOWN", "send a file or an identifier")
    return shown_text(identifier), expected


def shown_text(text: str) -> dict[str, Any]:
    """What a person typed or pasted: an identifier, or the text of a QR code."""
    if "/v/" in text:
        if len(text) > 1000:
            raise invalid_field("identifier", "FIELD_RULE", "longer than the text of a QR code")
        return {"qr_text": text}
    if len(text) > 200:
        raise invalid_field("identifier", "FIELD_RULE", "longer than an identifier")
    return {"identifier": text}


def _checked_file(content: bytes) -> bytes:
    if len(content) > MAX_FILE:
        raise HttpProblem(413, "FILE_TOO_LARGE", f"a file of at most {MAX_FILE} bytes is checked")
    if not content:
        raise invalid_field("file", "NOTHING_SHOWN", "the file is empty")
    return content


def _checked_code(code: str) -> str:
    if len(code) > MAX_HOLDER_CODE:
        raise invalid_field("expected_holder_code", "FIELD_RULE", f"at most {MAX_HOLDER_CODE} characters")
    return code


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _violation(error: Any) -> Violation:
    field = ".".join(str(part) for part in error["loc"]) or "body"
    reasons = {"extra_forbidden": "FIELD_UNKNOWN", "missing": "FIELD_MISSING", "string_type": "FIELD_TYPE"}
    return Violation(field, str(error["msg"]).removeprefix("Value error, "), reasons.get(error["type"], "FIELD_RULE"))
