"""Names: judge one, hold one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from tongban.registration.v1 import service_pb2 as rpc

from gateway.auth import Client, requires
from gateway.context import REPLAYED_HEADERS, Command, parts_of
from gateway.messages import answer, to_json
from gateway.openapi import PROBLEMS
from gateway.routes.registration.models import NameCheck, NameJudgement, NameReservation, NameReservationRequest
from gateway.routes.registration.submission import ENTITY_TYPES
from gateway.routing import GatewayRoute

router = APIRouter(prefix="/v1/registration", tags=["registration"], route_class=GatewayRoute)


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


def problem_field(violation: dict[str, str]) -> dict[str, str]:
    """A FieldViolation of the contract in the words of a problem's `errors`."""
    return {"field": violation["field"], "reason": violation["reason"], "detail": violation["description"]}
