"""Names: judge one, hold one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response
from tongban.registration.v1 import service_pb2 as rpc

from gateway.auth import Client, requires
from gateway.context import REPLAYED_HEADERS, Command, parts_of
from gateway.messages import answer, to_json
from gateway.models import ID_PATTERN, PageSize, PageToken
from gateway.openapi import PROBLEMS
from gateway.routes.registration.models import (
    NameCheck,
    NameJudgement,
    NameReservation,
    NameReservationPage,
    NameReservationRequest,
)
from gateway.routes.registration.own_page import own_page
from gateway.routes.registration.submission import ENTITY_TYPES
from gateway.routing import GatewayRoute

router = APIRouter(prefix="/v1/registration", tags=["registration"], route_class=GatewayRoute)
ReservationId = Annotated[str, Path(pattern=ID_PATTERN, examples=["nam_01KA3N6Q0V8T3J5M9W2XYZABCD"])]


@router.post("/names/check", summary="Check a name", response_model=NameJudgement, openapi_extra={PROBLEMS: [422]})
async def check_name(
    request: Request, body: NameCheck, client: Annotated[Client, requires("registration:read")]
) -> Response:
    """Takes a name apart and judges it by the naming rules, without holding it. Changes nothing: no Idempotency-Key.

    A name that somebody has is a violation too (NAME_TAKEN). 422 (NOT_COMPETENT) for a division of another registrar, who
    alone knows the names there."""
    services = parts_of(request).services
    found = await services.query(
        services.registration.CheckName,
        rpc.CheckNameRequest(
            division_code=body.division_code,
            name=body.name,
            entity_type=ENTITY_TYPES[body.entity_type],
            invested_usccs=body.invested_usccs,
        ),
    )
    content = to_json(found)
    content["violations"] = [problem_field(violation) for violation in content["violations"]]
    return answer(content)


@router.post("/name-reservations", status_code=201, summary="Reserve a name", response_model=NameReservation)
async def reserve_name(
    request: Request, body: NameReservationRequest, context: Command,
    client: Annotated[Client, requires("registration:write")],
) -> Response:  # fmt: skip
    """Holds a name 名称保留: 2 months, 1 year when a pre-approval is needed. A name that is held: 409 NAME_TAKEN."""
    services = parts_of(request).services
    reserved = await services.command(
        services.registration.ReserveName,
        rpc.ReserveNameRequest(
            context=context,
            division_code=body.division_code,
            name=body.name,
            entity_type=ENTITY_TYPES[body.entity_type],
            needs_pre_approval=body.needs_pre_approval,
            invested_usccs=body.invested_usccs,
        ),
    )
    content = to_json(reserved)
    return answer(content, 201, REPLAYED_HEADERS if content.pop("replayed") else None)


@router.get("/name-reservations", summary="Your own name reservations", response_model=NameReservationPage)
async def list_own_reservations(
    request: Request, client: Annotated[Client, requires("registration:read")], page_size: PageSize = 50,
    page_token: PageToken = "",
) -> Response:  # fmt: skip
    """The names that you hold by a reservation, newest first: neither lapsed nor used by an application."""
    return await own_page(request, client, "ListReservationsOf", rpc.ListReservationsOfRequest, page_size, page_token)


@router.post(
    "/name-reservations/{reservation_id}/end",
    summary="Give a reserved name up",
    response_model=NameReservation,
    openapi_extra={PROBLEMS: [422]},
)
async def give_up_name(
    request: Request, reservation_id: ReservationId, context: Command,
    client: Annotated[Client, requires("registration:write")],
) -> Response:  # fmt: skip
    """The name is free at once. Your own; another's is 404, as if there were none. A name that an application has used (422
    RESERVATION_USED) is freed by taking the application back."""
    services = parts_of(request).services
    told = await services.command(
        services.registration.GiveUpName, rpc.GiveUpNameRequest(context=context, reservation_id=reservation_id)
    )
    return answer(told.reservation, headers=REPLAYED_HEADERS if told.replayed else {})


def problem_field(violation: dict[str, str]) -> dict[str, str]:
    """A FieldViolation of the contract in the words of a problem's `errors`."""
    return {"field": violation["field"], "reason": violation["reason"], "detail": violation["description"]}
