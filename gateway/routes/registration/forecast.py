"""What falls due in the register, for registrars."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from tongban.registration.v1 import service_pb2 as rpc

from gateway.auth import Client, require_division, requires
from gateway.context import parts_of
from gateway.messages import answer
from gateway.models import Told
from gateway.routing import GatewayRoute

router = APIRouter(prefix="/v1/registration", tags=["registration"], route_class=GatewayRoute)


class ForecastRow(Told):
    """How many of a kind have their last day on a day."""

    day: str = Field(examples=["2026-05-11"])
    kind: str = Field(description="SET_UP, or a kind of case about an entity", examples=["SET_UP"])
    owed_by: str = Field(description="registrar, applicant, authority or platform", examples=["registrar"])
    owed: str = Field(description="what is owed", examples=["decision"])
    count: int


class RegisterForecast(Told):
    rows: list[ForecastRow]
    late: int = Field(description="last day before today, still open")
    undated: int = Field(description="open, and no day can be told")


@router.get("/forecast", summary="What falls due", response_model=RegisterForecast)
async def get_forecast(
    request: Request, client: Annotated[Client, requires("registration:decide")],
    days: Annotated[int, Query(ge=1, le=92, description="from today on", examples=[30])] = 30,
) -> Response:  # fmt: skip
    """Reviews of applications and steps in cases about entities of the token's division, by the day that is their last."""
    require_division(client, client.division)
    services = parts_of(request).services
    query = rpc.GetForecastRequest(division_code=client.division, days=days)
    return answer(await services.query(services.registration.GetForecast, query))
