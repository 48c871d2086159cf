"""What both regions can prove and look up: agreements, keys, the ledger."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response
from tongban.common.v1.paging_pb2 import PageRequest
from tongban.handoff.v1 import service_pb2 as rpc

from gateway.auth import Client, requires
from gateway.context import parts_of
from gateway.described import told_model
from gateway.messages import answer
from gateway.models import PageSize, PageToken, next_link
from gateway.routing import GatewayRoute
from shared.failures import PermissionDenied

router = APIRouter(prefix="/v1/handoff", tags=["handoff"], route_class=GatewayRoute)
Partner = Annotated[
    str, Query(pattern=r"^([0-9]{6})?$", description="only entries with this partner", examples=["440305"])
]
CaseFilter = Annotated[str, Query(pattern=r"^[A-Za-z0-9_.-]{0,64}$", examples=["hof_01KA3N6Q0V8T3J5M9W2XYZABCD"])]


@router.get("/agreements", summary="Agreements and their items", response_model=told_model(rpc.ListAgreementsResponse))
async def list_agreements(request: Request, client: Annotated[Client, requires("handoff:read")]) -> Response:
    """Every version, with each item in each direction and the elements in which the two regions' versions differ."""
    services = parts_of(request).services
    return answer(await services.query(services.handoff.ListAgreements, rpc.ListAgreementsRequest()))


@router.get("/keys", summary="Keys of the partners", response_model=told_model(rpc.ListKeysResponse))
async def list_keys(request: Request, client: Annotated[Client, requires("handoff:read")]) -> Response:
    """Public keys (Ed25519) that messages and receipts are checked with, our own among them."""
    services = parts_of(request).services
    return answer(await services.query(services.handoff.ListKeys, rpc.ListKeysRequest()))


@router.get("/ledger", summary="Read the ledger", response_model=told_model(rpc.ListLedgerResponse))
async def list_ledger(
    request: Request, client: Annotated[Client, requires("handoff:read")], partner_region: Partner = "",
    handoff_case_id: CaseFilter = "", page_size: PageSize = 50, page_token: PageToken = "",
) -> Response:  # fmt: skip
    """Every message sent and received and every receipt, in order, each entry chained to the one before."""
    return await _ledger(request, partner_region, handoff_case_id, page_size, page_token)


@router.get("/ledger/verification", summary="Verify the ledger", response_model=told_model(rpc.VerifyLedgerResponse))
async def verify_ledger(request: Request, client: Annotated[Client, requires("handoff:read")]) -> Response:
    """Computes the whole chain again; names the first entry that does not hold."""
    services = parts_of(request).services
    return answer(await services.query(services.handoff.VerifyLedger, rpc.VerifyLedgerRequest(), timeout=60.0))


@router.get("/partner-ledger", summary="Your part of our ledger", response_model=told_model(rpc.ListLedgerResponse))
async def list_partner_ledger(
    request: Request, client: Annotated[Client, requires("feed:read")], handoff_case_id: CaseFilter = "",
    page_size: PageSize = 50, page_token: PageToken = "",
) -> Response:  # fmt: skip
    """For a partner region, to compare with its own: the entries about messages between us."""
    if not client.division or client.division == parts_of(request).settings.region:
        raise PermissionDenied("your token names no partner region", reason="DIVISION_MISMATCH")
    return await _ledger(request, client.division, handoff_case_id, page_size, page_token)


async def _ledger(request: Request, partner: str, case_id: str, page_size: int, page_token: str) -> Response:
    services = parts_of(request).services
    query = rpc.ListLedgerRequest(
        partner_region=partner, handoff_case_id=case_id, page=PageRequest(page_size=page_size, page_token=page_token)
    )
    found = await services.query(services.handoff.ListLedger, query)
    return answer(found, headers=next_link(request, found.next_page_token))
