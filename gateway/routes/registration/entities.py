"""The register: find and read market entities 经营主体."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response
from tongban.common.v1.paging_pb2 import PageRequest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from gateway.auth import Client, require_division, requires
from gateway.context import REPLAYED_HEADERS, Command, expected_version, parts_of
from gateway.messages import answer, enum_values
from gateway.models import DIVISION_PATTERN, ID_PATTERN, USCC_PATTERN, Day, PageSize, PageToken, next_link
from gateway.openapi import PROBLEMS, VERSION_EXTRA
from gateway.routes.registration.models import (
    Entity,
    EntityPage,
    EntityState,
    EntityStateChange,
    EntityType,
    RegisterStatistics,
)
from gateway.routes.registration.submission import ENTITY_TYPES
from gateway.routing import GatewayRoute
from shared.failures import InvalidArgument, Violation

router = APIRouter(prefix="/v1/registration", tags=["registration"], route_class=GatewayRoute)
MONTH_PATTERN = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
EntityId = Annotated[str, Path(pattern=ID_PATTERN, examples=["ent_01KA3N6Q0V8T3J5M9W2XYZABCD"])]
ENTITY_STATES = enum_values(pb.EntityState, "ENTITY_STATE_")


@router.get(
    "/entities", summary="List entities", response_model=EntityPage, openapi_extra={PROBLEMS: [422]}
)  # fmt: skip
async def list_entities(
    request: Request,
    client: Annotated[Client, requires("registration:read")],
    division_code: Annotated[str | None, Query(pattern=DIVISION_PATTERN, examples=["320411"])] = None,
    state: Annotated[EntityState | None, Query(examples=["ACTIVE"])] = None,
    entity_type: Annotated[EntityType | None, Query(examples=["LIMITED_COMPANY"])] = None,
    name_prefix: Annotated[
        str | None, Query(min_length=1, max_length=120, description="beginning of the name", examples=["常州云帆"])
    ] = None,
    name_contains: Annotated[
        str | None, Query(min_length=2, max_length=120, description="part of the name", examples=["云帆"])
    ] = None,
    founded_from: Annotated[
        Day | None, Query(description="founded on this day or later", examples=["2025-01-01"])
    ] = None,
    founded_to: Annotated[
        Day | None, Query(description="founded on this day or before", examples=["2025-12-31"])
    ] = None,
    scope_keyword: Annotated[
        str | None,
        Query(
            min_length=2, max_length=60, description="beginning of an item of the business scope", examples=["食品销售"]
        ),
    ] = None,
    page_size: PageSize = 50,
    page_token: PageToken = "",
) -> Response:
    """In pages: in order of registration; by name when `name_prefix` is given; by day of founding when days bound it and no
    name is searched. All conditions go together, but only one search for a name. 422 (`QUERY_TOO_BROAD`) when too much of the
    register would have to be read."""
    if name_prefix and name_contains:
        raise InvalidArgument(
            "give name_prefix or name_contains", reason="TWO_SEARCHES",
            violations=(Violation("name_contains", "goes not with name_prefix", "TWO_SEARCHES"),),
        )  # fmt: skip
    services = parts_of(request).services
    found = await services.query(
        services.registration.ListEntities,
        rpc.ListEntitiesRequest(
            division_code=division_code or "",
            state=ENTITY_STATES[state] if state else None,
            entity_type=ENTITY_TYPES[entity_type] if entity_type else None,
            name_prefix=name_prefix or "",
            name_contains=name_contains or "",
            founded_from=founded_from.isoformat() if founded_from else "",
            founded_to=founded_to.isoformat() if founded_to else "",
            scope_keyword=scope_keyword or "",
            page=PageRequest(page_size=page_size, page_token=page_token),
        ),
    )
    return answer(found, headers=next_link(request, found.next_page_token))


@router.get("/statistics", summary="The register in numbers", response_model=RegisterStatistics)
async def get_statistics(
    request: Request,
    client: Annotated[Client, requires("registration:read")],
    first_month: Annotated[str, Query(pattern=MONTH_PATTERN, examples=["2024-01"])],
    last_month: Annotated[str, Query(pattern=MONTH_PATTERN, examples=["2024-12"])],
) -> Response:
    """Month by month from events alone: who came, who went, and how many there are at the end of the month."""
    services = parts_of(request).services
    query = rpc.GetStatisticsRequest(first_month=first_month, last_month=last_month)
    return answer(await services.query(services.registration.GetStatistics, query))


@router.get("/entities/by-code/{uscc}", summary="Find an entity by its code", response_model=Entity)
async def get_entity_by_code(
    request: Request,
    uscc: Annotated[
        str, Path(pattern=USCC_PATTERN, description="unified social credit code", examples=["91320411MAXX00015L"])
    ],
    client: Annotated[Client, requires("registration:read")],
) -> Response:
    """The entity that holds a unified social credit code 统一社会信用代码."""
    return await _read(request, rpc.GetEntityRequest(uscc=uscc))


@router.get("/entities/{entity_id}", summary="Read an entity", response_model=Entity)
async def get_entity(
    request: Request,
    entity_id: EntityId,
    client: Annotated[Client, requires("registration:read")],
    as_of: Annotated[
        Day | None,
        Query(description="as it stood at the end of this day, today at the latest", examples=["2026-05-04"]),
    ] = None,
) -> Response:
    """The entity as it stands in the register, with what happened to it; or, with `as_of`, as it stood on a day, without an
    `ETag`: nothing can be changed in the past."""
    if as_of is None:
        return await _read(request, rpc.GetEntityRequest(entity_id=entity_id))
    services = parts_of(request).services
    query = rpc.GetEntityRequest(entity_id=entity_id, as_of=as_of.isoformat())
    return answer((await services.query(services.registration.GetEntity, query)).entity)


@router.post(
    "/entities/{entity_id}/state",
    summary="Revoke or cancel",
    response_model=Entity,
    openapi_extra=VERSION_EXTRA,
)
async def change_entity_state(
    request: Request, entity_id: EntityId, body: EntityStateChange, context: Command,
    client: Annotated[Client, requires("registration:supervise")],
) -> Response:  # fmt: skip
    """Revokes the licence 吊销 or the registration 撤销, or cancels the entity 注销; its certificates follow by themselves.

    Only a registrar of the entity's division does it. 422 names the article where the law knows no such way.
    """
    version = expected_version(request, body.expected_version)
    services = parts_of(request).services
    query = rpc.GetEntityRequest(entity_id=entity_id)
    require_division(client, (await services.query(services.registration.GetEntity, query)).entity.division_code)
    changed = await services.command(
        services.registration.ChangeEntityState,
        rpc.ChangeEntityStateRequest(
            context=context,
            entity_id=entity_id,
            division_code=client.division,
            expected_version=version,
            state=ENTITY_STATES[body.state],
            reason_code=body.reason_code,
        ),
    )
    return _shown(changed.entity, changed.replayed)


async def _read(request: Request, query: Any) -> Response:
    services = parts_of(request).services
    return _shown((await services.query(services.registration.GetEntity, query)).entity)


def _shown(entity: Any, replayed: bool = False) -> Response:
    headers = {"ETag": f'"{entity.version}"'} | (REPLAYED_HEADERS if replayed else {})
    return answer(entity, headers=headers)
