"""Cases about entities: changes, filings, dormancy, cancellations, listings, disputes; each with its statutory clocks."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response
from tongban.common.v1.paging_pb2 import PageRequest
from tongban.registration.v1 import service_pb2 as rpc

from gateway.auth import Client, require_division, requires
from gateway.context import REPLAYED_HEADERS, Command, expected_version, parts_of
from gateway.messages import answer
from gateway.models import ID_PATTERN, DivisionCode, PageSize, PageToken, next_link
from gateway.openapi import VERSION_EXTRA
from gateway.routes.registration.case_models import (
    CaseObjection,
    CaseOpening,
    CaseOpeningExOfficio,
    CaseStepTaken,
    EntityCase,
    EntityCasePage,
)
from gateway.routes.registration.own_page import own_page
from gateway.routes.registration.person_models import investor_messages, person_message
from gateway.routing import GatewayRoute

router = APIRouter(prefix="/v1/registration", tags=["registration"], route_class=GatewayRoute)
EntityId = Annotated[str, Path(pattern=ID_PATTERN, examples=["ent_01KA3N6Q0V8T3J5M9W2XYZABCD"])]
CaseId = Annotated[str, Path(pattern=ID_PATTERN, examples=["enc_01KA3N6Q0V8T3J5M9W2XYZABCD"])]


@router.post(
    "/entities/{entity_id}/cases", summary="Open a case about an entity", response_model=EntityCase, status_code=201
)
async def open_entity_case(
    request: Request, entity_id: EntityId, body: CaseOpening, context: Command,
    client: Annotated[Client, requires("registration:write")],
) -> Response:  # fmt: skip
    """What the entity (or who is affected) asks for. `steps` of the answer says what may be done next, by whom, by which
    article; `deadlines` how each statutory clock is counted. 422 names the article that bars it, and what stays open.
    """
    return await _open(request, entity_id, body, context, rpc.CASE_PARTY_APPLICANT, "")


@router.post(
    "/entities/{entity_id}/ex-officio-cases",
    summary="Open a case ex officio",
    response_model=EntityCase,
    status_code=201,
)
async def open_entity_case_ex_officio(
    request: Request, entity_id: EntityId, body: CaseOpeningExOfficio, context: Command,
    client: Annotated[Client, requires("registration:supervise")],
) -> Response:  # fmt: skip
    """What the registrar of the entity's division begins: a listing, a forced cancellation, an inquiry; or enters: what a court
    orders, what another registrar asks for."""
    services = parts_of(request).services
    entity = (await services.query(services.registration.GetEntity, rpc.GetEntityRequest(entity_id=entity_id))).entity
    require_division(client, entity.division_code)
    return await _open(request, entity_id, body, context, rpc.CASE_PARTY_REGISTRAR, client.division)


@router.get("/entities/{entity_id}/cases", summary="Cases of an entity", response_model=EntityCasePage)
async def list_entity_cases(
    request: Request, entity_id: EntityId, client: Annotated[Client, requires("registration:decide")],
    page_size: PageSize = 50, page_token: PageToken = "",
) -> Response:  # fmt: skip
    """Newest first, for registrars."""
    services = parts_of(request).services
    query = rpc.ListEntityCasesRequest(
        entity_id=entity_id, page=PageRequest(page_size=page_size, page_token=page_token)
    )
    found = await services.query(services.registration.ListEntityCases, query)
    return answer(found, headers=next_link(request, found.next_page_token))


@router.get(
    "/entities/{entity_id}/authority-cases", summary="Cases in which an authority has a part", response_model=EntityCasePage
)  # fmt: skip
async def list_cases_of_authorities(
    request: Request, entity_id: EntityId, client: Annotated[Client, requires("registration:object")],
    page_size: PageSize = 50, page_token: PageToken = "",
) -> Response:  # fmt: skip
    """Newest first, for tax, social insurance and other authorities: cancellations and notices to creditors, to which they may
    object, and what waits for an authority."""
    services = parts_of(request).services
    query = rpc.ListEntityCasesRequest(
        entity_id=entity_id, page=PageRequest(page_size=page_size, page_token=page_token),
        as_party=rpc.CASE_PARTY_AUTHORITY,
    )  # fmt: skip
    found = await services.query(services.registration.ListEntityCases, query)
    return answer(found, headers=next_link(request, found.next_page_token))


@router.get("/entity-cases", summary="Your own cases about entities", response_model=EntityCasePage)
async def list_own_cases(
    request: Request, client: Annotated[Client, requires("registration:read")], page_size: PageSize = 50,
    page_token: PageToken = "",
) -> Response:  # fmt: skip
    """The cases that you opened, newest first, without what happened in them."""
    return await own_page(request, client, "ListCasesOf", rpc.ListCasesOfRequest, page_size, page_token)


@router.get(
    "/work-items/entity-cases", summary="Cases about entities that wait for the registrar", response_model=EntityCasePage
)  # fmt: skip
async def list_cases_of_registrar(
    request: Request, division_code: DivisionCode, client: Annotated[Client, requires("registration:decide")],
    page_size: PageSize = 50, page_token: PageToken = "",
) -> Response:  # fmt: skip
    """What the registrar of the token's division owes, by what is due first; what has no limit in law comes last. Set-up
    applications stand in `GET /v1/registration/work-items`."""
    require_division(client, division_code)
    services, page = parts_of(request).services, PageRequest(page_size=page_size, page_token=page_token)
    query = rpc.ListCasesOfRequest(division_code=division_code, page=page)
    found = await services.query(services.registration.ListCasesOf, query)
    return answer(found, headers=next_link(request, found.next_page_token))


@router.get("/entity-cases/{entity_case_id}", summary="Read a case about an entity", response_model=EntityCase)
async def get_entity_case(
    request: Request, entity_case_id: CaseId, client: Annotated[Client, requires("registration:read")]
) -> Response:
    """The case with its clocks, who owes what by when, and what happened. `ETag` is its version.

    A registrar (scope `registration:decide`) reads any; an authority (scope `registration:object`) those in which it has a
    part; everybody else their own, and another's is 404 as if it were none.
    """
    own_only = "" if "registration:decide" in client.scopes else client.subject
    as_party = rpc.CASE_PARTY_AUTHORITY if "registration:object" in client.scopes else rpc.CASE_PARTY_UNSPECIFIED
    return _shown(await _read(request, entity_case_id, own_only, as_party))


@router.post(
    "/entity-cases/{entity_case_id}/steps", summary="Take a step of the applicant", response_model=EntityCase,
    openapi_extra=VERSION_EXTRA,
)  # fmt: skip
async def take_step(
    request: Request, entity_case_id: CaseId, body: CaseStepTaken, context: Command,
    client: Annotated[Client, requires("registration:write")],
) -> Response:  # fmt: skip
    """Only in one's own case."""
    version = expected_version(request, body.expected_version)
    return await _act(request, entity_case_id, version, body.action, body.facts, context, rpc.CASE_PARTY_APPLICANT, "",
                      client.subject, person_message(body.person))  # fmt: skip


@router.post(
    "/entity-cases/{entity_case_id}/registrar-steps", summary="Take a step of the registrar", response_model=EntityCase,
    openapi_extra=VERSION_EXTRA,
)  # fmt: skip
async def take_registrar_step(
    request: Request, entity_case_id: CaseId, body: CaseStepTaken, context: Command,
    client: Annotated[Client, requires("registration:decide")],
) -> Response:  # fmt: skip
    """Only by a registrar of the entity's division."""
    version = expected_version(request, body.expected_version)
    require_division(client, (await _read(request, entity_case_id)).division_code)
    return await _act(request, entity_case_id, version, body.action, body.facts, context, rpc.CASE_PARTY_REGISTRAR,
                      client.division, "", person_message(body.person))  # fmt: skip


@router.post(
    "/entity-cases/{entity_case_id}/objection", summary="Object to a cancellation or a notice", response_model=EntityCase,
    openapi_extra=VERSION_EXTRA,
)  # fmt: skip
async def object_to_case(
    request: Request, entity_case_id: CaseId, body: CaseObjection, context: Command,
    client: Annotated[Client, requires("registration:object")],
) -> Response:  # fmt: skip
    """Tax, social insurance or another authority objects while the notice runs: a cancellation ends with it, a reduction,
    merger or division waits until the claim is settled, and an inquiry into an impersonation goes on without the notice."""
    version = expected_version(request, body.expected_version)
    facts = {"reason_codes": ",".join(body.reason_codes)}
    return await _act(request, entity_case_id, version, "OBJECT", facts, context, rpc.CASE_PARTY_AUTHORITY, "", "")


async def _open(
    request: Request, entity_id: str, body: CaseOpening | CaseOpeningExOfficio, context: Any, by: Any, division: str
) -> Response:  # fmt: skip
    services = parts_of(request).services
    asked = rpc.OpenEntityCaseRequest(
        context=context, kind=body.kind, entity_id=entity_id, by=by, division_code=division, facts=body.facts,
        person=person_message(body.person),
        investors=investor_messages(getattr(body, "investors", ())),
    )  # fmt: skip
    told = await services.command(services.registration.OpenEntityCase, asked)
    headers = {"Location": f"/v1/registration/entity-cases/{told.entity_case.entity_case_id}"}
    return _shown(told.entity_case, told.replayed, headers, 201)


async def _act(
    request: Request, case_id: str, version: int, action: str, facts: dict[str, str], context: Any, by: Any, division: str,
    only_client_id: str, person: Any = None,
) -> Response:  # fmt: skip
    services = parts_of(request).services
    asked = rpc.ActOnEntityCaseRequest(
        context=context, entity_case_id=case_id, expected_version=version, action=action, by=by, division_code=division,
        only_client_id=only_client_id, facts=facts, person=person,
    )  # fmt: skip
    told = await services.command(services.registration.ActOnEntityCase, asked)
    return _shown(told.entity_case, told.replayed)


async def _read(request: Request, case_id: str, only_client_id: str = "", as_party: Any = None) -> Any:
    services = parts_of(request).services
    query = rpc.GetEntityCaseRequest(entity_case_id=case_id, only_client_id=only_client_id, as_party=as_party)
    return (await services.query(services.registration.GetEntityCase, query)).entity_case


def _shown(case: Any, replayed: bool = False, more: dict[str, str] | None = None, status: int = 200) -> Response:
    headers = {"ETag": f'"{case.version}"'} | (more or {}) | (REPLAYED_HEADERS if replayed else {})
    return answer(case, status, headers)
