"""Work orders: the units' and the centre's lists, steps, orders about the same matter, counts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from tongban.common.v1.paging_pb2 import PageRequest
from tongban.hotline.v1 import messages_pb2 as pb
from tongban.hotline.v1 import service_pb2 as rpc

from gateway.auth import Client, require_division, requires, unit_of
from gateway.context import REPLAYED_HEADERS, Command, expected_version, parts_of
from gateway.described import told_model
from gateway.errors import invalid_field
from gateway.messages import answer
from gateway.models import ID_PATTERN, Asked, ExpectedVersion, PageSize, PageToken, next_link
from gateway.openapi import VERSION_EXTRA
from gateway.routing import GatewayRoute

router = APIRouter(prefix="/v1/hotline", tags=["hotline"], route_class=GatewayRoute)
OrderId = Annotated[str, Path(pattern=ID_PATTERN, examples=["ord_01KA3N6Q0V8T3J5M9W2XYZABCD"])]
Day = Annotated[str, Query(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", examples=["2026-11-01"])]
UnitCode = Annotated[str, Field(pattern=r"^[0-9]{6}-[a-z]{1,40}$", examples=["320411-urban"])]
Order = told_model(pb.Order)
# step → its message's fields as they are called here
UNIT_STEPS = {
    "SIGN": (), "GIVE_BACK": ("reason_code", "proposed_unit_code"), "EXTEND": ("reason_code",),
    "ADD_HELPER": ("unit_code",), "SETTLE_PART": ("unit_code", "excuse"), "REPLY": (),
}  # fmt: skip
CENTRE_STEPS = {
    "DISPATCH": ("unit_code", "category_code"), "FOLLOW_UP": ("reached", "resolved", "satisfaction"),
    "CLOSE": ("outcome_code",), "JOIN": ("lead_order_id",),
}  # fmt: skip
OPTIONAL = frozenset({"excuse", "category_code", "satisfaction"})
MESSAGES: dict[str, Any] = {
    "SIGN": rpc.Sign, "GIVE_BACK": rpc.GiveBack, "EXTEND": rpc.Extend, "ADD_HELPER": rpc.AddHelper,
    "SETTLE_PART": rpc.SettlePart, "REPLY": rpc.Reply, "DISPATCH": rpc.Dispatch, "FOLLOW_UP": rpc.FollowUp,
    "CLOSE": rpc.Close, "JOIN": rpc.Join,
}  # fmt: skip


class UnitOrderStep(Asked):
    """One step of the unit that has the order; exactly the fields of that step are given.

    SIGN · GIVE_BACK (`reason_code`, `proposed_unit_code`) · EXTEND (`reason_code`) · ADD_HELPER (`unit_code`) ·
    SETTLE_PART (`unit_code`; with `excuse` the lead excuses it) · REPLY
    """

    step: Literal["SIGN", "GIVE_BACK", "EXTEND", "ADD_HELPER", "SETTLE_PART", "REPLY"] = Field(examples=["SIGN"])
    reason_code: str | None = Field(None, pattern=r"^[A-Z0-9_]{1,60}$")
    proposed_unit_code: UnitCode | None = Field(None, examples=[])
    unit_code: UnitCode | None = Field(None, examples=[])
    excuse: str | None = Field(None, max_length=200)
    expected_version: ExpectedVersion = None


class CentreOrderStep(Asked):
    """One step of the centre; exactly the fields of that step are given.

    DISPATCH (`unit_code`, `category_code`) · FOLLOW_UP (`reached`, `resolved`, `satisfaction`) · CLOSE (`outcome_code`) ·
    JOIN (`lead_order_id`)
    """

    step: Literal["DISPATCH", "FOLLOW_UP", "CLOSE", "JOIN"] = Field(examples=["CLOSE"])
    unit_code: UnitCode | None = Field(None, examples=[])
    category_code: str | None = Field(None, pattern=r"^[0-9]{6}$")
    reached: bool | None = None
    resolved: bool | None = None
    satisfaction: Literal["VERY_SATISFIED", "SATISFIED", "FAIR", "DISSATISFIED", "VERY_DISSATISFIED"] | None = None
    outcome_code: Literal["ANSWERED_ON_CALL", "WITHDRAWN", "OUT_OF_SCOPE", "NUISANCE"] | None = Field(
        None, examples=["ANSWERED_ON_CALL"]
    )
    lead_order_id: str | None = Field(None, pattern=ID_PATTERN)
    expected_version: ExpectedVersion = None


@router.get("/work", summary="Your unit's orders", response_model=told_model(rpc.ListWorkResponse))
async def list_unit_work(
    request: Request, client: Annotated[Client, requires("hotline:handle")], page_size: PageSize = 50,
    page_token: PageToken = "",
) -> Response:  # fmt: skip
    """Orders that wait for the unit of the token, by what is due first."""
    return await _work(request, client, f"unit:{unit_of(client)}", page_size, page_token)


@router.get("/centre/work", summary="The centre's orders", response_model=told_model(rpc.ListWorkResponse))
async def list_centre_work(
    request: Request, client: Annotated[Client, requires("hotline:dispatch")], page_size: PageSize = 50,
    page_token: PageToken = "",
) -> Response:  # fmt: skip
    """Orders without a unit, in dispute, or to be followed up, by what is due first."""
    return await _work(request, client, "centre", page_size, page_token)


@router.get("/orders/{order_id}", summary="Read an order of your unit", response_model=Order)
async def get_order(
    request: Request, order_id: OrderId, client: Annotated[Client, requires("hotline:handle")]
) -> Response:
    """With what the caller said, never who it was. An order that lies with another unit is 404 as if it were none."""
    return await _read(request, client, order_id, unit_of(client))


@router.get("/centre/orders/{order_id}", summary="Read any order", response_model=Order)
async def get_any_order(
    request: Request, order_id: OrderId, client: Annotated[Client, requires("hotline:dispatch")]
) -> Response:
    """For the centre."""
    return await _read(request, client, order_id, "")


@router.post(
    "/orders/{order_id}/steps", summary="Do a step of the unit", response_model=Order, openapi_extra=VERSION_EXTRA
)
async def handle_order(
    request: Request, order_id: OrderId, body: UnitOrderStep, context: Command,
    client: Annotated[Client, requires("hotline:handle")],
) -> Response:  # fmt: skip
    """Sign, return with ground and proposed body (twice at most, then the centre appoints), extend once, reply."""
    return await _step(request, client, order_id, body, context, UNIT_STEPS[body.step], unit_of(client))


@router.post(
    "/centre/orders/{order_id}/steps", summary="Do a step of the centre", response_model=Order,
    openapi_extra=VERSION_EXTRA,
)  # fmt: skip
async def direct_order(
    request: Request, order_id: OrderId, body: CentreOrderStep, context: Command,
    client: Annotated[Client, requires("hotline:dispatch")],
) -> Response:  # fmt: skip
    """Dispatch (out of a dispute: appoint), follow up, close, join orders on one matter under one lead."""
    return await _step(request, client, order_id, body, context, CENTRE_STEPS[body.step], "")


@router.get(
    "/centre/orders/{order_id}/similar", summary="Orders about the same matter",
    response_model=told_model(rpc.ListSimilarResponse),
)  # fmt: skip
async def list_similar(
    request: Request, order_id: OrderId, client: Annotated[Client, requires("hotline:dispatch")]
) -> Response:
    """Most alike first, by wording; for the officer to judge."""
    parts = parts_of(request)
    require_division(client, parts.settings.region)
    query = rpc.ListSimilarRequest(order_id=order_id)
    return answer(await parts.services.query(parts.services.hotline.ListSimilar, query))


@router.get("/statistics", summary="Counts of a span of days", response_model=told_model(rpc.GetStatisticsResponse))
async def get_statistics(
    request: Request, client: Annotated[Client, requires("hotline:dispatch")], from_date: Day, to_date: Day
) -> Response:
    """Orders, requests, effective requests by the rule's version, replies in time; computed from stored facts."""
    services = parts_of(request).services
    query = rpc.GetStatisticsRequest(from_date=from_date, to_date=to_date)
    return answer(await services.query(services.hotline.GetStatistics, query))


async def _work(request: Request, client: Client, party: str, size: int, token: str) -> Response:
    parts = parts_of(request)
    require_division(client, parts.settings.region)
    query = rpc.ListWorkRequest(party=party, page=PageRequest(page_size=size, page_token=token))
    found = await parts.services.query(parts.services.hotline.ListWork, query)
    return answer(found, headers=next_link(request, found.next_page_token))


async def _read(request: Request, client: Client, order_id: str, unit: str) -> Response:
    parts = parts_of(request)
    require_division(client, parts.settings.region)
    query = rpc.GetOrderRequest(order_id=order_id, only_unit_code=unit)
    order = (await parts.services.query(parts.services.hotline.GetOrder, query)).order
    return answer(order, headers={"ETag": f'"{order.version}"'})


async def _step(
    request: Request, client: Client, order_id: str, body: Any, context: Any, fields: tuple[str, ...], unit: str
) -> Response:
    parts = parts_of(request)
    version = expected_version(request, body.expected_version)
    require_division(client, parts.settings.region)
    given = body.model_dump(exclude={"step", "expected_version"}, exclude_none=True)
    for name in given:
        if name not in fields:
            raise invalid_field(name, "FIELD_UNKNOWN", f"{body.step} has no {name}")
    for name in fields:
        if name not in given and name not in OPTIONAL:
            raise invalid_field(name, "FIELD_MISSING", f"{body.step} needs {name}")
    told = await parts.services.command(
        parts.services.hotline.HandleOrder,
        rpc.HandleOrderRequest(
            context=context, order_id=order_id, expected_version=version, unit_code=unit,
            **{body.step.lower(): MESSAGES[body.step](**given)},
        ),
    )  # fmt: skip
    headers = {"ETag": f'"{told.order.version}"'} | (REPLAYED_HEADERS if told.replayed else {})
    return answer(told.order, headers=headers)
