"""Cases between regions as the accepting window handles them, and as both regions read them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from google.protobuf import struct_pb2
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from tongban.common.v1.paging_pb2 import PageRequest
from tongban.handoff.v1 import messages_pb2 as pb
from tongban.handoff.v1 import service_pb2 as rpc

from gateway.auth import Client, requires, unit_of
from gateway.clients import FILE_SECONDS
from gateway.context import REPLAYED_HEADERS, Command, expected_version, parts_of
from gateway.described import told_model
from gateway.messages import answer, enum_values, to_json
from gateway.models import ID_PATTERN, Asked, ExpectedVersion, PageSize, PageToken, next_link
from gateway.openapi import VERSION_EXTRA
from gateway.routing import GatewayRoute

router = APIRouter(prefix="/v1/handoff", tags=["handoff"], route_class=GatewayRoute)
HandoffCaseId = Annotated[str, Path(pattern=ID_PATTERN, examples=["hof_01KA3N6Q0V8T3J5M9W2XYZABCD"])]
HandoffCase = told_model(pb.HandoffCase)
SIDES = enum_values(pb.Side, "SIDE_")
STATES = enum_values(pb.HandoffState, "HANDOFF_STATE_")
EXAMPLE = {
    "holder_code": "91320411MAXX00015L",
    "content": {"applicant_name": "常州云帆商贸有限公司", "premises": "深圳市南山区科技园路1号"},
    "materials": ["application_form", "business_licence"],
}


class CaseOpened(Asked):
    """What the window received for a partner region. The applicant has seen what is handed over and agreed."""

    item: str = Field(pattern=r"^[a-z0-9_]{1,60}$", description="name in the agreement", examples=["food_sales_permit"])
    deciding_region: str = Field(pattern=r"^[0-9]{6}$", examples=["440305"])
    mode: Literal["COLLECT_ELSEWHERE", "FULLY_ONLINE"] = Field(
        description="异地代收代办 or 全程网办", examples=["COLLECT_ELSEWHERE"]
    )
    identity_check: Literal["IN_PERSON", "REAL_NAME_ONLINE"] = Field(examples=["IN_PERSON"])
    consent: bool = Field(description="the applicant agreed to the hand-over (PIPL art. 23)", examples=[True])
    application: dict[str, Any] = Field(
        description="in the shape of the item's service: a set-up application, or a permit case", examples=[EXAMPLE]
    )


class MaterialsBrought(Asked):
    """What the notice asked for."""

    materials: list[Annotated[str, Field(min_length=1, max_length=60)]] = Field(
        min_length=1, max_length=50, examples=[["premises_layout"]]
    )
    expected_version: ExpectedVersion = None


class StepTaken(Asked):
    """A step without further fields."""

    expected_version: ExpectedVersion = None


@router.post("/cases", status_code=201, summary="Receive a case for a partner region", response_model=HandoffCase)
async def open_case(
    request: Request, body: CaseOpened, context: Command, client: Annotated[Client, requires("handoff:write")]
) -> Response:
    """The window checks form and identity, and the case goes out at once, signed; the answer names both regions and who
    answers for what. 403 when no agreement in force covers the item, the direction and the mode, or the window holds no
    authorisation; 400 names everything that the form lacks."""
    services = parts_of(request).services
    application = struct_pb2.Struct()
    application.update(body.application)
    told = await services.command(
        services.handoff.OpenCase,
        rpc.OpenCaseRequest(
            context=context, unit_code=unit_of(client), application=application,
            **body.model_dump(exclude={"application"}),
        ),
    )  # fmt: skip
    return _shown(told, 201)


@router.get("/cases", summary="List cases between regions", response_model=told_model(rpc.ListCasesResponse))
async def list_cases(
    request: Request, client: Annotated[Client, requires("handoff:read")],
    side: Annotated[Literal["ACCEPTING", "DECIDING"] | None, Query(examples=["ACCEPTING"])] = None,
    state: Annotated[str | None, Query(pattern=f"^({'|'.join(STATES)})$", examples=["FORWARDED"])] = None,
    page_size: PageSize = 50, page_token: PageToken = "",
) -> Response:  # fmt: skip
    """Newest first: those we received for others (ACCEPTING), those we decide for others (DECIDING)."""
    services = parts_of(request).services
    query = rpc.ListCasesRequest(
        side=SIDES.get(side or "", 0), state=STATES.get(state or "", 0),
        page=PageRequest(page_size=page_size, page_token=page_token),
    )  # fmt: skip
    found = await services.query(services.handoff.ListCases, query)
    return answer(found, headers=next_link(request, found.next_page_token))


@router.get("/cases/{handoff_case_id}", summary="Read a case between regions", response_model=HandoffCase)
async def get_case(
    request: Request, handoff_case_id: HandoffCaseId, client: Annotated[Client, requires("handoff:read")]
) -> Response:
    """The case with both regions' clocks, who owes the next step, and what happened. `ETag` is its version."""
    services = parts_of(request).services
    told = await services.query(services.handoff.GetCase, rpc.GetCaseRequest(handoff_case_id=handoff_case_id))
    return answer(told.case, headers={"ETag": f'"{told.case.version}"'})


@router.post(
    "/cases/{handoff_case_id}/supplement", summary="Bring what the notice asked for", response_model=HandoffCase,
    openapi_extra=VERSION_EXTRA,
)  # fmt: skip
async def supplement(
    request: Request, handoff_case_id: HandoffCaseId, body: MaterialsBrought, context: Command,
    client: Annotated[Client, requires("handoff:write")],
) -> Response:  # fmt: skip
    """At the window that received the case; goes on to the deciding region."""
    step = {"supplement": rpc.Supplement(materials=body.materials)}
    return await _step(request, handoff_case_id, body.expected_version, context, client, step)


@router.post(
    "/cases/{handoff_case_id}/withdrawal", summary="Take a case back", response_model=HandoffCase,
    openapi_extra=VERSION_EXTRA,
)  # fmt: skip
async def withdraw(
    request: Request, handoff_case_id: HandoffCaseId, body: StepTaken, context: Command,
    client: Annotated[Client, requires("handoff:write")],
) -> Response:  # fmt: skip
    """Before the decision. A decision that was made meanwhile stands."""
    step = {"withdraw": rpc.Withdraw()}
    return await _step(request, handoff_case_id, body.expected_version, context, client, step)


@router.post(
    "/cases/{handoff_case_id}/delivery", summary="The applicant has the result", response_model=HandoffCase,
    openapi_extra=VERSION_EXTRA,
)  # fmt: skip
async def confirm_delivery(
    request: Request, handoff_case_id: HandoffCaseId, body: StepTaken, context: Command,
    client: Annotated[Client, requires("handoff:write")],
) -> Response:  # fmt: skip
    """Certificate handed over, or the refusal told with its remedies: the case closes when the deciding region knows."""
    step = {"confirm_delivery": rpc.ConfirmDelivery()}
    return await _step(request, handoff_case_id, body.expected_version, context, client, step)


@router.get(
    "/cases/{handoff_case_id}/result", summary="Fetch the certificate that came back", response_class=Response,
    responses={200: {"content": {"application/pdf": {"schema": {"type": "string", "contentMediaType": "application/pdf"}}}}},
)  # fmt: skip
async def get_result(
    request: Request, handoff_case_id: HandoffCaseId, client: Annotated[Client, requires("handoff:write")]
) -> Response:
    """The PDF that the deciding region sealed, to hand to the applicant. Who fetches it is noted."""
    services = parts_of(request).services
    query = rpc.GetResultRequest(handoff_case_id=handoff_case_id, asked_by=client.subject)
    told = await services.query(services.handoff.GetResult, query, timeout=FILE_SECONDS)
    headers = {"Content-Disposition": f'attachment; filename="{handoff_case_id}.pdf"', "ETag": f'"{told.file_sha256}"'}
    return Response(told.pdf, headers=headers, media_type="application/pdf")


async def _step(
    request: Request, case_id: str, in_body: int | None, context: Any, client: Client, step: dict[str, Any]
) -> Response:  # fmt: skip
    services = parts_of(request).services
    told = await services.command(
        services.handoff.HandleCase,
        rpc.HandleCaseRequest(
            context=context, handoff_case_id=case_id, expected_version=expected_version(request, in_body),
            unit_code=unit_of(client), **step,
        ),
    )  # fmt: skip
    return _shown(told)


def _shown(told: Any, status: int = 200) -> Response:
    headers = {"ETag": f'"{told.case.version}"'} | (REPLAYED_HEADERS if told.replayed else {})
    if status == 201:
        headers["Location"] = f"/v1/handoff/cases/{told.case.handoff_case_id}"
    return answer(to_json(told.case), status, headers)
