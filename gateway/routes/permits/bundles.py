"""Several services as one thing 高效办成一件事: questions, a plan, one form, one list of materials."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from tongban.permits.v1 import messages_pb2 as pb
from tongban.permits.v1 import service_pb2 as rpc

from gateway.auth import Client, requires
from gateway.context import REPLAYED_HEADERS, Command, expected_version, parts_of
from gateway.described import told_model
from gateway.messages import answer
from gateway.openapi import VERSION_EXTRA
from gateway.routes.permits.cases import own_only
from gateway.routes.permits.models import BundleCorrection, BundleEnd, BundleGiven, BundleId, BundlePlanAsked
from gateway.routes.registration.submission import read_inner_application
from gateway.routing import GatewayRoute

router = APIRouter(prefix="/v1/permits", tags=["permits"], route_class=GatewayRoute)
Bundle = told_model(pb.Bundle)


@router.get("/bundle-types", summary="List bundles", response_model=told_model(rpc.ListBundleTypesResponse))
async def list_bundle_types(request: Request, client: Annotated[Client, requires("permits:read")]) -> Response:
    """What can be had as one thing, and the questions that decide what it takes."""
    services = parts_of(request).services
    return answer(await services.query(services.permits.ListBundleTypes, rpc.ListBundleTypesRequest()))


@router.post("/bundles/plan", summary="Plan a bundle", response_model=told_model(pb.BundlePlan))
async def plan_bundle(
    request: Request, body: BundlePlanAsked, client: Annotated[Client, requires("permits:read")]
) -> Response:
    """Which steps your answers lead to and why, one list of materials, how much of it is still asked of you (`material_cut`
    in hundredths of a per cent), when all is expected to be done. Begins nothing: no Idempotency-Key."""
    services = parts_of(request).services
    told = await services.query(services.permits.PlanBundle, rpc.PlanBundleRequest(**body.model_dump()))
    return answer(told.plan)


@router.post("/bundles", status_code=201, summary="Begin a bundle", response_model=Bundle)
async def start_bundle(
    request: Request, body: BundleGiven, context: Command, client: Annotated[Client, requires("permits:write")]
) -> Response:
    """The licence comes first where there is none; then every permit and filing as soon as what it needs is done."""
    services = parts_of(request).services
    told = await services.command(
        services.permits.StartBundle,
        rpc.StartBundleRequest(
            context=context, bundle_type=body.bundle_type, answers=body.answers, holder_code=body.holder_code or "",
            materials=body.materials, content=rpc.Content(**body.content.model_dump()),
            licence_application=_licence(body.licence_application), commitments=body.commitments,
        ),
    )  # fmt: skip
    return _shown(told, 201)


@router.get("/bundles/{bundle_id}", summary="Read a bundle", response_model=Bundle)
async def get_bundle(
    request: Request, bundle_id: BundleId, client: Annotated[Client, requires("permits:read")]
) -> Response:
    """Its steps, their cases, and when all is expected to be done. Your own; a deciding unit reads any."""
    services = parts_of(request).services
    query = rpc.GetBundleRequest(bundle_id=bundle_id, only_client_id=own_only(client))
    return _shown(await services.query(services.permits.GetBundle, query))


@router.post(
    "/bundles/{bundle_id}/correction", summary="Correct a bundle's licence", response_model=Bundle,
    openapi_extra=VERSION_EXTRA,
)  # fmt: skip
async def correct_bundle(
    request: Request, bundle_id: BundleId, body: BundleCorrection, context: Command,
    client: Annotated[Client, requires("permits:write")],
) -> Response:  # fmt: skip
    """The licence came back incomplete (step RETURNED): with corrected answers it is asked for again; the rest waits on."""
    services = parts_of(request).services
    told = await services.command(
        services.permits.CorrectBundle,
        rpc.CorrectBundleRequest(
            context=context, bundle_id=bundle_id, expected_version=expected_version(request, body.expected_version),
            licence_application=_licence(body.licence_application), only_client_id=client.subject,
        ),
    )  # fmt: skip
    return _shown(told)


@router.post(
    "/bundles/{bundle_id}/end", summary="End a bundle", response_model=Bundle, openapi_extra=VERSION_EXTRA
)  # fmt: skip
async def end_bundle(
    request: Request, bundle_id: BundleId, body: BundleEnd, context: Command,
    client: Annotated[Client, requires("permits:write")],
) -> Response:  # fmt: skip
    """Gives up every step that has not begun or came back. What is open goes on: take its case back where you want that."""
    services = parts_of(request).services
    told = await services.command(
        services.permits.EndBundle,
        rpc.EndBundleRequest(
            context=context, bundle_id=bundle_id, expected_version=expected_version(request, body.expected_version),
            only_client_id=client.subject,
        ),
    )  # fmt: skip
    return _shown(told)


def _licence(application: dict[str, object] | None) -> str:
    """The set-up application, judged like one that is handed in directly, in the words of the contract."""
    if application is None:
        return ""
    fields = read_inner_application(application, "licence_application")
    return msgspec.json.encode(_plain(fields)).decode()


def _plain(value: Any) -> Any:
    """Messages and their enums as plain JSON with whole enum names."""
    from google.protobuf.json_format import MessageToDict
    from google.protobuf.message import Message
    from tongban.registration.v1 import messages_pb2 as registration

    message = value if isinstance(value, Message) else registration.SetUpApplication(**value)
    return MessageToDict(message, preserving_proto_field_name=True)


def _shown(told: Any, status: int = 200) -> Response:
    headers = {"ETag": f'"{told.bundle.version}"'} | (REPLAYED_HEADERS if getattr(told, "replayed", False) else {})
    if status == 201:
        headers["Location"] = f"/v1/permits/bundles/{told.bundle.bundle_id}"
    return answer(told.bundle, status, headers)
