"""Permit cases as the deciding unit sees them: work list, steps, permits in force."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response
from tongban.common.v1.paging_pb2 import PageRequest
from tongban.permits.v1 import messages_pb2 as pb
from tongban.permits.v1 import service_pb2 as rpc

from gateway.auth import Client, require_division, requires, unit_of
from gateway.context import Command, expected_version, parts_of
from gateway.described import told_model
from gateway.errors import invalid_field
from gateway.messages import answer, enum_values
from gateway.models import USCC_PATTERN, PageSize, PageToken, next_link
from gateway.openapi import VERSION_EXTRA
from gateway.routes.permits.cases import PermitCase, shown
from gateway.routes.permits.models import CaseId, PermitChange, PermitId, UnitStep
from gateway.routing import GatewayRoute

router = APIRouter(prefix="/v1/permits", tags=["permits"], route_class=GatewayRoute)
PERMIT_STATES = enum_values(pb.PermitState, "PERMIT_STATE_")
# step → the fields it needs (in the contract's words) and those it may have
STEPS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "REQUEST_MATERIALS": ("request_materials", (), ("materials",)),
    "ACCEPT": ("accept", (), ("materials",)),
    "DECLINE": ("decline", ("reasons",), ()),
    "PAUSE": ("pause", ("reason", "owner", "working_days"), ()),
    "RESUME": ("resume", ("reason",), ()),
    "EXTEND": ("extend", ("reason",), ()),
    "GRANT": ("grant", (), ()),
    "REFUSE": ("refuse", ("reasons",), ()),
    "DELIVER": ("deliver", (), ()),
    "CHECK_COMMITMENT": ("check_commitment", ("holds",), ()),
}
MESSAGES: dict[str, Any] = {
    "request_materials": lambda body: rpc.RequestMaterials(gaps=body.materials or ()),
    "accept": lambda body: rpc.Accept(promised=body.materials or ()),
    "decline": lambda body: rpc.Decline(reasons=_reasons(body)),
    "pause": lambda body: rpc.Pause(reason=body.reason, owner=body.owner, working_days=body.working_days),
    "resume": lambda body: rpc.Resume(reason=body.reason),
    "extend": lambda body: rpc.Extend(reason=body.reason),
    "grant": lambda body: rpc.Grant(),
    "refuse": lambda body: rpc.Refuse(reasons=_reasons(body)),
    "deliver": lambda body: rpc.Deliver(),
    "check_commitment": lambda body: rpc.CheckCommitment(holds=body.holds),
}


@router.get("/work", summary="Your unit's work list", response_model=told_model(rpc.ListWorkResponse))
async def list_work(
    request: Request, client: Annotated[Client, requires("permits:decide")], page_size: PageSize = 50,
    page_token: PageToken = "",
) -> Response:  # fmt: skip
    """Cases that wait for the unit of the token, by what is due first."""
    parts = parts_of(request)
    require_division(client, parts.settings.region)
    found = await parts.services.query(
        parts.services.permits.ListWork,
        rpc.ListWorkRequest(unit_code=unit_of(client), page=PageRequest(page_size=page_size, page_token=page_token)),
    )
    return answer(found, headers=next_link(request, found.next_page_token))


@router.post(
    "/cases/{case_id}/steps",
    summary="Do a step of the unit",
    response_model=PermitCase,
    openapi_extra=VERSION_EXTRA,
)
async def handle_case(
    request: Request, case_id: CaseId, body: UnitStep, context: Command,
    client: Annotated[Client, requires("permits:decide")],
) -> Response:  # fmt: skip
    """Notice, acceptance, pause, extension, decision, delivery. Only the item's own unit may; a step that the state of the
    case does not allow is 422 and names the article."""
    parts = parts_of(request)
    version = expected_version(request, body.expected_version)
    require_division(client, parts.settings.region)
    step, needed, possible = STEPS[body.step]
    for name in ("materials", "reasons", "reason", "owner", "working_days", "holds"):
        given = getattr(body, name) is not None
        if given and name not in (*needed, *possible):
            raise invalid_field(name, "FIELD_UNKNOWN", f"{body.step} has no {name}")
        if not given and name in needed:
            raise invalid_field(name, "FIELD_MISSING", f"{body.step} needs {name}")
    told = await parts.services.command(
        parts.services.permits.HandleCase,
        rpc.HandleCaseRequest(
            context=context, case_id=case_id, expected_version=version, unit_code=unit_of(client),
            **{step: MESSAGES[step](body)},
        ),
    )  # fmt: skip
    return shown(told)


@router.get("/permits", summary="List permits of a holder", response_model=told_model(rpc.ListPermitsResponse))
async def list_permits(
    request: Request, client: Annotated[Client, requires("permits:decide")],
    holder_code: Annotated[str, Query(pattern=USCC_PATTERN, examples=["91320411MAXX00015L"])],
    page_size: PageSize = 50, page_token: PageToken = "",
) -> Response:  # fmt: skip
    """Cases of a holder that led to a permit, with the permit's state of today."""
    services = parts_of(request).services
    require_division(client, parts_of(request).settings.region)
    found = await services.query(
        services.permits.ListPermits,
        rpc.ListPermitsRequest(
            holder_code=holder_code, page=PageRequest(page_size=page_size, page_token=page_token)
        ),
    )  # fmt: skip
    return answer(found, headers=next_link(request, found.next_page_token))


@router.post(
    "/permits/{permit_id}/state", summary="Suspend, reinstate, revoke or cancel a permit", response_model=PermitCase
)
async def change_permit(
    request: Request, permit_id: PermitId, body: PermitChange, context: Command,
    client: Annotated[Client, requires("permits:decide")],
) -> Response:  # fmt: skip
    """Revoked (行政许可法 art. 69) and cancelled (art. 70) are final. Its certificate turns within a second."""
    parts = parts_of(request)
    require_division(client, parts.settings.region)
    told = await parts.services.command(
        parts.services.permits.ChangePermit,
        rpc.ChangePermitRequest(
            context=context, permit_id=permit_id, unit_code=unit_of(client), state=PERMIT_STATES[body.state],
            reason_code=body.reason_code,
        ),
    )  # fmt: skip
    return shown(told)


def _reasons(body: UnitStep) -> list[Any]:
    return [pb.Reason(**reason.model_dump()) for reason in body.reasons or ()]
