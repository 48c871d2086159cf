"""Whose entities: the one question about a person, for registrars. Its number stands in the body only, so that no address,
proxy or log ever holds it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from tongban.common.v1.paging_pb2 import PageRequest
from tongban.registration.v1 import service_pb2 as rpc

from gateway.auth import Client, requires
from gateway.context import parts_of
from gateway.messages import answer
from gateway.routes.registration.person_models import EntitiesOfPerson, PersonQuery
from gateway.routing import GatewayRoute

router = APIRouter(prefix="/v1/registration", tags=["registration"], route_class=GatewayRoute)


@router.post("/entities/by-person", summary="Find the entities of a person", response_model=EntitiesOfPerson)
async def find_entities_by_person(
    request: Request, body: PersonQuery, client: Annotated[Client, requires("registration:decide")]
) -> Response:
    """Changes nothing: no Idempotency-Key. Every question is kept with who asked and why, before it is answered."""
    services = parts_of(request).services
    found = await services.query(
        services.registration.FindEntitiesByPerson,
        rpc.FindEntitiesByPersonRequest(
            id_type=body.id_type,
            id_number=body.id_number,
            purpose=body.purpose,
            asked_by=client.subject,
            page=PageRequest(page_size=body.page_size, page_token=body.page_token),
        ),
    )
    return answer(found)
