"""The pages. What they show is what the API answers; a page never fails because the thing shown is false."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from gateway.context import parts_of
from gateway.errors import HttpProblem
from gateway.messages import to_json
from gateway.portal.words import CONCLUSIONS, PARTS, REASONS, RESULTS, STATE_REASONS, STATES
from gateway.routes.certificates.verification import judge, shown_in
from gateway.routing import GatewayRoute
from shared.clock import LOCAL
from shared.failures import Failure, Unavailable, http_status

router = APIRouter(include_in_schema=False, route_class=GatewayRoute)
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_MAX_IDENTIFIER = 200


@router.get("/")
async def landing(request: Request) -> Response:
    """Links to what there is."""
    return _page("landing.html", cache=True)


@router.get("/verify")
async def verify_form(request: Request) -> Response:
    """The form."""
    return _page("verify.html", error=None)


@router.post("/verify")
async def verify_shown(request: Request) -> Response:
    """The verdict on what was typed or uploaded; the form again when nothing usable was."""
    try:
        shown, expected = await shown_in(request)
        return _verdict_page(await judge(request, shown, expected))
    except Unavailable:
        return _unavailable()
    except Failure as failure:
        return _page("verify.html", http_status(failure), error=REASONS.get(failure.reason, "请检查输入后重试。"))
    except HttpProblem as problem:
        # of a body that is too large or too slow nothing more is read: say it here
        return _page("verify.html", problem.status_code, error=REASONS.get(problem.reason, "请检查输入后重试。"))


@router.get("/v/{identifier}")
async def verify_code(request: Request, identifier: str) -> Response:
    """Where the QR code of a certificate leads: judged as it was scanned, signature and all."""
    query = request.scope["query_string"].decode("latin-1")
    if query:
        shown = {"qr_text": f"{parts_of(request).settings.public_url}/v/{identifier}?{query}"[:1000]}
    else:
        shown = {"identifier": identifier[:_MAX_IDENTIFIER]}
    try:
        return _verdict_page(await judge(request, shown, ""))
    except Unavailable:
        return _unavailable()
    except Failure as failure:
        return _page("verify.html", http_status(failure), error=REASONS.get(failure.reason, "请检查输入后重试。"))


def _verdict_page(message: Any) -> Response:
    verdict = to_json(message)
    conclusion = verdict["conclusion"] or "UNKNOWN"
    certificate = verdict["certificate"]
    return _page(
        "verdict.html",
        headline=CONCLUSIONS[conclusion],
        state=STATES.get(verdict["state"] or ""),
        since=verdict["state_since_date"],
        why=_why(verdict["state_reason_code"] or ""),
        certificate=certificate,
        facts=_facts(certificate) if certificate else [],
        identifier=verdict["identifier"],
        checked_time=_minute(verdict["checked_time"]),
        parts=[_part(part) for part in verdict["parts"]],
    )


def _why(code: str) -> tuple[str, str] | None:
    return STATE_REASONS.get(code, (code, "")) if code else None


def _facts(certificate: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    """Rows of what the certificate shows: Chinese, English, value, whether it is a code."""
    until = certificate["valid_to_date"] or "长期"
    start = certificate["valid_from_date"]
    rows = [
        ("持证主体", "Holder", certificate["holder_name"], False),
        ("统一社会信用代码", "Code", certificate["holder_code"], True),
        ("证照类型", "Type", certificate["type_name"], False),
        ("颁发机构", "Issuer", certificate["issuer_name"], False),
        ("颁发日期", "Issued", certificate["issue_date"], False),
        ("有效期", "Validity", f"{start} 至 {until}" if start else until, False),
    ]
    return [(zh, en, value, code) for zh, en, value, code in rows if value]


def _part(part: dict[str, Any]) -> dict[str, Any]:
    name, result = part["part"], part["result"] or "NOT_CHECKED"
    mark, kind = RESULTS[result]
    zh, en = PARTS.get(name, (name, ""))
    told = None if result == "PASSED" else REASONS.get(part["reason"] or "", part["detail"])
    return {"zh": zh, "en": en, "mark": mark, "kind": kind, "told": told}


def _minute(instant: str | None) -> str:
    when = datetime.fromisoformat(instant) if instant else datetime.now(LOCAL)
    return when.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M:%S")


def _unavailable() -> Response:
    return _page("unavailable.html", 503, headers={"Retry-After": "5"})


def _page(
    name: str, status: int = 200, *, cache: bool = False, headers: dict[str, str] | None = None, **values: Any
) -> Response:
    kept = {"Cache-Control": "public, max-age=300"} if cache else {}
    return HTMLResponse(_templates.get_template(name).render(**values), status, headers=kept | (headers or {}))
