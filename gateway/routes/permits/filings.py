"""Filings: they inform and permit nothing; complete, they are on record at once."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from tongban.permits.v1 import messages_pb2 as pb
from tongban.permits.v1 import service_pb2 as rpc

from gateway.auth import Client, requires
from gateway.context import REPLAYED_HEADERS, Command, expected_version, parts_of
from gateway.described import told_model
from gateway.messages import answer
from gateway.openapi import VERSION_EXTRA
from gateway.routes.permits.cases import own_only, unit_only
from gateway.routes.permits.models import FilingAmendment, FilingGiven, FilingId, FilingWithdrawal
from gateway.routing import GatewayRoute

router = APIRouter(prefix="/v1/permits", tags=["permits"], route_class=GatewayRoute)
Filing = told_model(pb.Filing)


@router.post("/filings", status_code=201, summary="File", response_model=Filing)
async def submit_filing(
    request: Request, body: FilingGiven, context: Command, client: Annotated[Client, requires("permits:write")]
) -> Response:
    """Complete: RECORDED at once (备案). Incomplete: RETURNED_INCOMPLETE with all gaps; there is no refusal on substance."""
    services = parts_of(request).services
    fields = body.model_dump(exclude={"content"})
    told = await services.command(
        services.permits.SubmitFiling,
        rpc.SubmitFilingRequest(context=context, content=rpc.Content(**body.content.model_dump()), **fields),
    )
    return _shown(told, 201)


@router.get("/filings/{filing_id}", summary="Read a filing", response_model=Filing)
async def get_filing(
    request: Request, filing_id: FilingId, client: Annotated[Client, requires("permits:read")]
) -> Response:
    """Your own; a deciding unit reads any."""
    services = parts_of(request).services
    query = rpc.GetFilingRequest(filing_id=filing_id, only_client_id=own_only(client), only_unit_code=unit_only(client))
    return _shown(await services.query(services.permits.GetFiling, query))


@router.post(
    "/filings/{filing_id}/amendment", summary="Mend a filing", response_model=Filing, openapi_extra=VERSION_EXTRA
)
async def amend_filing(
    request: Request, filing_id: FilingId, body: FilingAmendment, context: Command,
    client: Annotated[Client, requires("permits:write")],
) -> Response:  # fmt: skip
    """Brings what was missing; complete, it is recorded."""
    services = parts_of(request).services
    told = await services.command(
        services.permits.AmendFiling,
        rpc.AmendFilingRequest(
            context=context, filing_id=filing_id, expected_version=expected_version(request, body.expected_version),
            materials=body.materials, only_client_id=client.subject,
        ),
    )  # fmt: skip
    return _shown(told)


@router.post(
    "/filings/{filing_id}/withdrawal", summary="Take a filing back", response_model=Filing, openapi_extra=VERSION_EXTRA
)
async def withdraw_filing(
    request: Request, filing_id: FilingId, body: FilingWithdrawal, context: Command,
    client: Annotated[Client, requires("permits:write")],
) -> Response:  # fmt: skip
    """A filing may be taken back at any time."""
    services = parts_of(request).services
    told = await services.command(
        services.permits.WithdrawFiling,
        rpc.WithdrawFilingRequest(
            context=context, filing_id=filing_id, expected_version=expected_version(request, body.expected_version),
            only_client_id=client.subject,
        ),
    )  # fmt: skip
    return _shown(told)


def _shown(told: Any, status: int = 200) -> Response:
    headers = {"ETag": f'"{told.filing.version}"'} | (REPLAYED_HEADERS if getattr(told, "replayed", False) else {})
    return answer(told.filing, status, headers)
