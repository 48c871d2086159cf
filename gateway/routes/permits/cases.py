"""Permit cases as their applicant sees them: hand in, read, bring what was missing, take back."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from tongban.common.v1.paging_pb2 import PageRequest
from tongban.permits.v1 import messages_pb2 as pb
from tongban.permits.v1 import service_pb2 as rpc

from gateway.auth import Client, requires, unit_of
from gateway.context import REPLAYED_HEADERS, Command, parts_of
from gateway.described import told_model
from gateway.messages import answer
from gateway.models import PageSize, PageToken, next_link
from gateway.routes.permits.models import CaseGiven, CaseId, MaterialsGiven
from gateway.routing import GatewayRoute

router = APIRouter(prefix="/v1/permits", tags=["permits"], route_class=GatewayRoute)
PermitCase = told_model(pb.PermitCase)


@router.post("/cases", status_code=201, summary="Hand in a permit case", response_model=PermitCase)
async def submit_case(
    request: Request, body: CaseGiven, context: Command, client: Annotated[Client, requires("permits:write")]
) -> Response:
    """Complete: state ACCEPTED with the last day of the decision; on commitment GRANTED at once. Incomplete: RECEIVED, and
    the unit owes one notice of all gaps within 5 working days, or the case counts as accepted (行政许可法 art. 32)."""
    services = parts_of(request).services
    told = await services.command(
        services.permits.SubmitCase,
        rpc.SubmitCaseRequest(
            context=context, item_key=body.item_key, holder_code=body.holder_code,
            content=rpc.Content(**body.content.model_dump()), materials=body.materials, facts=body.facts,
            committed=body.committed,
        ),
    )  # fmt: skip
    return shown(told, 201)


@router.get("/cases", summary="List your cases", response_model=told_model(rpc.ListCasesResponse))
async def list_cases(
    request: Request, client: Annotated[Client, requires("permits:read")], page_size: PageSize = 50,
    page_token: PageToken = "",
) -> Response:  # fmt: skip
    """Cases that you handed in, in order of receipt."""
    services = parts_of(request).services
    found = await services.query(
        services.permits.ListCases,
        rpc.ListCasesRequest(
            client_id=client.subject, page=PageRequest(page_size=page_size, page_token=page_token)
        ),
    )  # fmt: skip
    return answer(found, headers=next_link(request, found.next_page_token))


@router.get("/cases/{case_id}", summary="Read a permit case", response_model=PermitCase)
async def get_case(request: Request, case_id: CaseId, client: Annotated[Client, requires("permits:read")]) -> Response:
    """The case as it stands, with its deadlines step by step and what happened to it. `ETag` is its version.

    A deciding unit (scope `permits:decide`) reads those that it decides; everybody else their own, and another's is 404 as
    if it were none.
    """
    services = parts_of(request).services
    query = rpc.GetCaseRequest(case_id=case_id, only_client_id=own_only(client), only_unit_code=unit_only(client))
    return shown(await services.query(services.permits.GetCase, query))


@router.post("/cases/{case_id}/supplement", summary="Bring what was missing", response_model=PermitCase)
async def supplement_case(
    request: Request, case_id: CaseId, body: MaterialsGiven, context: Command,
    client: Annotated[Client, requires("permits:write")],
) -> Response:  # fmt: skip
    """All of it accepts the case; less of it waits on. Also for materials that you promised."""
    services = parts_of(request).services
    told = await services.command(
        services.permits.SupplementCase,
        rpc.SupplementCaseRequest(
            context=context, case_id=case_id, materials=body.materials, only_client_id=client.subject
        ),
    )
    return shown(told)


@router.post("/cases/{case_id}/withdrawal", summary="Take a case back", response_model=PermitCase)
async def withdraw_case(
    request: Request, case_id: CaseId, context: Command, client: Annotated[Client, requires("permits:write")]
) -> Response:
    """Before a decision, at any time."""
    services = parts_of(request).services
    told = await services.command(
        services.permits.WithdrawCase,
        rpc.WithdrawCaseRequest(context=context, case_id=case_id, only_client_id=client.subject),
    )
    return shown(told)


def own_only(client: Client) -> str:
    """Whose cases a caller may read: "" for a deciding unit, else its own."""
    return "" if "permits:decide" in client.scopes else client.subject


def unit_only(client: Client) -> str:
    """The unit whose cases a deciding caller may read; "" for everybody else. Raises PermissionDenied (UNIT_MISSING)."""
    return unit_of(client) if "permits:decide" in client.scopes else ""


def shown(told: Any, status: int = 200) -> Response:
    """The case of an answer of the service, with its version as ETag."""
    case = told.permit_case
    headers = {"ETag": f'"{case.version}"'}
    if getattr(told, "replayed", False):
        headers |= REPLAYED_HEADERS
    if status == 201:
        headers["Location"] = f"/v1/permits/cases/{case.case_id}"
    return answer(case, status, headers)
