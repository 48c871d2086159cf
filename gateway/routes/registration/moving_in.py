"""Entities that move in from another registrar."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from gateway.auth import Client, require_division, requires
from gateway.context import REPLAYED_HEADERS, Command, parts_of
from gateway.messages import answer
from gateway.models import DIVISION_PATTERN, USCC_PATTERN, Asked
from gateway.routes.registration.models import Entity, EntityType
from gateway.routes.registration.submission import ENTITY_TYPES, ID_TYPES_TOLD, MAX_FEN
from gateway.routing import GatewayRoute

router = APIRouter(prefix="/v1/registration", tags=["registration"], route_class=GatewayRoute)


class PersonHandedOver(Asked):
    """A natural person. Stored sealed, shown masked, never logged."""

    name: str = Field(max_length=100, examples=["王小明"])
    id_type: str = Field(max_length=20, description=ID_TYPES_TOLD, examples=["RESIDENT_ID"])
    id_number: str = Field(max_length=40, examples=["32041119900307001X"])
    phone: str = Field("", max_length=20, examples=["13800000000"])
    identity_check: str = Field(max_length=20, description="FACE, IN_PERSON or NOTARISED", examples=["FACE"])


class DomicileHere(Asked):
    """Its seat in this division."""

    division_code: str = Field(pattern=DIVISION_PATTERN, examples=["320411"])
    address: str = Field(min_length=1, max_length=300, examples=["常州市新北区通江路88号"])


class CapitalHandedOver(Asked):
    """Registered capital."""

    amount_fen: int = Field(ge=0, le=MAX_FEN, description="in 1/100 of the currency unit", examples=[100000000])
    currency: str = Field("", max_length=3, description="ISO 4217; empty means CNY", examples=["CNY"])
    paid_in_due_date: str = Field("", max_length=10, examples=["2030-12-31"])


class TakeOver(Asked):
    """What the other registrar hands over 迁入."""

    from_division_code: str = Field(pattern=DIVISION_PATTERN, description="where it comes from", examples=["320402"])
    taking_over_ref: str = Field(
        min_length=1, max_length=64, description="of the agreement to take it over", examples=["QR-2026-0017"]
    )
    files_sha256: str = Field(
        pattern="^[0-9a-f]{64}$", description="digest of the files handed over", examples=["9f86d081884c7d65" * 4]
    )
    uscc: str = Field(pattern=USCC_PATTERN, description="it keeps its code", examples=["91320402MAXX00015K"])
    entity_type: EntityType = Field(examples=["LIMITED_COMPANY"])
    name: str = Field(min_length=1, max_length=120, examples=["常州云帆软件有限公司"])
    founding_date: str = Field(
        pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="it keeps its day of founding", examples=["2019-05-06"]
    )
    domicile: DomicileHere
    business_scope: str = Field(min_length=1, max_length=4000, examples=["软件开发；软件销售"])
    capital: CapitalHandedOver | None = Field(
        None,
        description="needed of every kind that registers one (条例 art. 8): its licence states it",
        examples=[{"amount_fen": 100000000, "currency": "CNY", "paid_in_due_date": "2030-12-31"}],
    )
    legal_representative: PersonHandedOver


@router.post("/entities/takeovers", summary="Take over an entity that moves in", response_model=Entity, status_code=201)
async def take_over_entity(
    request: Request, body: TakeOver, context: Command, client: Annotated[Client, requires("registration:decide")]
) -> Response:
    """By the registrar of the token's division, once the files of the old one are here (登记管理条例 art. 27). The entity keeps
    its code and its day of founding. One that moved out from here comes back as itself. 409 when it is kept here, or when its
    trade name is held (`NAME_TAKEN`)."""
    require_division(client, client.division)
    services = parts_of(request).services
    capital = pb.Capital(**body.capital.model_dump()) if body.capital else None
    told = await services.command(
        services.registration.TakeOverEntity,
        rpc.TakeOverEntityRequest(
            context=context, division_code=client.division, from_division_code=body.from_division_code,
            taking_over_ref=body.taking_over_ref, files_sha256=body.files_sha256, uscc=body.uscc,
            entity_type=ENTITY_TYPES[body.entity_type], name=body.name, founding_date=body.founding_date,
            domicile=pb.Domicile(**body.domicile.model_dump()), business_scope=body.business_scope, capital=capital,
            legal_representative=pb.Person(**body.legal_representative.model_dump()),
        ),
    )  # fmt: skip
    headers = {"ETag": f'"{told.entity.version}"', "Location": f"/v1/registration/entities/{told.entity.entity_id}"}
    return answer(told.entity, 201, headers | (REPLAYED_HEADERS if told.replayed else {}))
