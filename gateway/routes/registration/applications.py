"""Applications: hand in (the hot route), read, decide, extend, and the registrars' work list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response
from tongban.common.v1.paging_pb2 import PageRequest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from gateway.auth import Client, require_division, requires
from gateway.bodies import whole_body
from gateway.clients import Services
from gateway.context import COMMAND, REPLAYED_HEADERS, Command, expected_version, parts_of
from gateway.errors import renamed
from gateway.messages import answer, enum_values, local_time, to_json
from gateway.models import ID_PATTERN, DivisionCode, PageSize, PageToken, next_link
from gateway.openapi import PROBLEMS, VERSION_EXTRA, json_body
from gateway.routes.registration.models import (
    Application,
    ApplicationPage,
    Comparison,
    DecisionRequest,
    ExtensionRequest,
    SubmissionReceipt,
    WithdrawalRequest,
    WorkItemPage,
)
from gateway.routes.registration.own_page import own_page
from gateway.routes.registration.submission import EXAMPLE, SetUpApplication, read_application
from gateway.routing import GatewayRoute, RawRoute
from shared.failures import Failure, InvalidArgument, Violation, failure_class_of

router = APIRouter(prefix="/v1/registration", tags=["registration"], route_class=GatewayRoute)
STATES = {value: name for name, value in enum_values(pb.ApplicationState, "APPLICATION_STATE_").items()}
DECISIONS = enum_values(pb.Decision, "DECISION_")
ApplicationId = Annotated[str, Path(pattern=ID_PATTERN, examples=["app_01KA3N6Q0V8T3J5M9W2XYZABCD"])]


async def submit_application(request: Request) -> Response:
    """Receives a set-up application 设立登记申请.

    A complete one is under review and has a due date. An incomplete one comes back at once: state RETURNED with `gaps`, the
    one-time notice of everything that is missing; no persons and no files are kept, its name is free, and a new try is a new
    application with a new key.
    """
    parts = parts_of(request)
    application = read_application(await whole_body(request.receive))
    submission = rpc.Submission(context=request.scope["tongban.command"], application=application)
    try:
        outcome = await parts.submissions.submit(submission)
    except InvalidArgument as failure:  # it broke a rule of the contract, which names it below `application`
        raise renamed(failure, _own_name) from None
    if outcome.WhichOneof("outcome") != "receipt":
        raise _failure_of(outcome.failure)
    receipt = outcome.receipt
    headers = {"Location": f"/v1/registration/applications/{receipt.application_id}", "ETag": f'"{receipt.version}"'}
    if receipt.replayed:
        headers |= REPLAYED_HEADERS
    return Response(msgspec.json.encode(receipt_json(receipt)), 201, headers, "application/json")


def receipt_json(receipt: Any) -> dict[str, Any]:
    """What `to_json` makes of a receipt, without its `replayed`, which is a header; written out because it is hot."""
    name = receipt.name
    return {
        "application_id": receipt.application_id,
        "state": STATES[receipt.state],
        "version": receipt.version,
        "name": {
            "full_name": name.full_name or None,
            "division": name.division or None,
            "trade_name": name.trade_name or None,
            "trade": name.trade or None,
            "form": name.form or None,
        },
        "received_time": local_time(datetime.fromisoformat(receipt.received_time)),
        "due_date": receipt.due_date or None,
        "due_date_flag": receipt.due_date_flag or None,
        "gaps": [to_json(gap) for gap in receipt.gaps],
    }


async def submit_batch(services: Services, submissions: Sequence[Any]) -> Sequence[Any]:
    """One call for many applications; their outcomes in order. A connection that broke is tried again: all carry a key."""
    request = rpc.SubmitApplicationsRequest(submissions=submissions)
    return (await services.command(services.registration.SubmitApplications, request)).outcomes  # type: ignore[no-any-return]


def _failure_of(item: Any) -> Failure:
    violations = [Violation(v.field, v.description, v.reason) for v in item.violations]
    kind, reason = failure_class_of(item.code), item.reason or "UNSPECIFIED"
    return renamed(kind(item.message, reason=reason, violations=violations, metadata=dict(item.metadata)), _own_name)


def _own_name(field: str) -> str:
    return field.removeprefix("application.")


router.add_api_route(
    "/applications",
    submit_application,
    methods=["POST"],
    status_code=201,
    summary="Hand in a set-up application",
    response_model=SubmissionReceipt,
    dependencies=[requires("registration:write"), COMMAND],
    # 404: the name reservation
    openapi_extra={"requestBody": json_body(SetUpApplication, EXAMPLE), PROBLEMS: [404]},
    route_class_override=RawRoute,
)


@router.get("/applications", summary="Your own applications", response_model=ApplicationPage)
async def list_own_applications(
    request: Request, client: Annotated[Client, requires("registration:read")], page_size: PageSize = 50,
    page_token: PageToken = "",
) -> Response:  # fmt: skip
    """The applications that you handed in, newest first, without what happened to them."""
    return await own_page(request, client, "ListApplicationsOf", rpc.ListApplicationsOfRequest, page_size, page_token)


@router.get("/applications/{application_id}", summary="Read an application", response_model=Application)
async def get_application(
    request: Request, application_id: ApplicationId, client: Annotated[Client, requires("registration:read")]
) -> Response:
    """The application as it stands, with what happened to it. `ETag` is its version.

    A registrar (scope `registration:decide`) reads any; everybody else their own, and another's is 404 as if it were none.
    """
    own_only = "" if "registration:decide" in client.scopes else client.subject
    return _shown(await _read(request, application_id, own_only))


@router.post(
    "/applications/{application_id}/decision",
    summary="Register or refuse",
    response_model=Application,
    openapi_extra=VERSION_EXTRA,
)
async def decide_application(
    request: Request, application_id: ApplicationId, body: DecisionRequest, context: Command,
    client: Annotated[Client, requires("registration:decide")],
) -> Response:  # fmt: skip
    """Registering gives the code and creates the entity; the licence follows by itself. A refusal states its reasons.

    An application that resembles an entity or another application is compared first (`GET …/duplicates`), and registered
    with `duplicates_reviewed`. Only a registrar of the application's division decides.
    """
    version = expected_version(request, body.expected_version)
    require_division(client, (await _read(request, application_id)).division_code)
    parts = parts_of(request)
    decided = await parts.services.command(
        parts.services.registration.DecideApplication,
        rpc.DecideApplicationRequest(
            context=context,
            application_id=application_id,
            expected_version=version,
            decision=DECISIONS[body.decision],
            reasons=[pb.RefusalReason(**reason.model_dump()) for reason in body.reasons],
            duplicates_reviewed=body.duplicates_reviewed,
        ),
    )
    return _shown(decided.application, decided.replayed)


@router.post(
    "/applications/{application_id}/withdrawal",
    summary="Take an application back",
    response_model=Application,
    openapi_extra=VERSION_EXTRA,
)
async def withdraw_application(
    request: Request, application_id: ApplicationId, body: WithdrawalRequest, context: Command,
    client: Annotated[Client, requires("registration:write")],
) -> Response:  # fmt: skip
    """As long as it is not decided, and only your own; its name is free again. Nothing is left of it to decide."""
    version = expected_version(request, body.expected_version)
    parts = parts_of(request)
    withdrawn = await parts.services.command(
        parts.services.registration.WithdrawApplication,
        rpc.WithdrawApplicationRequest(
            context=context, application_id=application_id, expected_version=version, only_client_id=client.subject
        ),
    )
    return _shown(withdrawn.application, withdrawn.replayed)


@router.get(
    "/applications/{application_id}/duplicates", summary="Compare with what it resembles", response_model=Comparison
)
async def compare_duplicates(
    request: Request, application_id: ApplicationId, client: Annotated[Client, requires("registration:decide")]
) -> Response:
    """The application beside each entity, and each other application under review, that it resembles now: field by field, and
    why. Empty: nothing does. For a registrar of its division."""
    require_division(client, (await _read(request, application_id)).division_code)
    services = parts_of(request).services
    query = rpc.CompareDuplicatesRequest(application_id=application_id)
    return answer(await services.query(services.registration.CompareDuplicates, query))


@router.post(
    "/applications/{application_id}/extension",
    summary="Take three more working days",
    response_model=Application,
    openapi_extra=VERSION_EXTRA,
)
async def extend_review(
    request: Request, application_id: ApplicationId, body: ExtensionRequest, context: Command,
    client: Annotated[Client, requires("registration:decide")],
) -> Response:  # fmt: skip
    """For a complex case, approved by the head of the registrar; once (实施细则 art. 18)."""
    version = expected_version(request, body.expected_version)
    require_division(client, (await _read(request, application_id)).division_code)
    parts = parts_of(request)
    extended = await parts.services.command(
        parts.services.registration.ExtendReview,
        rpc.ExtendReviewRequest(
            context=context, application_id=application_id, expected_version=version, approved_by=body.approved_by
        ),
    )
    return _shown(extended.application, extended.replayed)


@router.get("/work-items", summary="Open cases by due date", response_model=WorkItemPage)
async def list_work_items(
    request: Request, division_code: DivisionCode, client: Annotated[Client, requires("registration:decide")],
    page_size: PageSize = 50, page_token: PageToken = "",
) -> Response:  # fmt: skip
    """The work list of the registrar of the token's division."""
    require_division(client, division_code)
    parts = parts_of(request)
    found = await parts.services.query(
        parts.services.registration.ListWorkItems,
        rpc.ListWorkItemsRequest(
            division_code=division_code, page=PageRequest(page_size=page_size, page_token=page_token)
        ),
    )
    return answer(found, headers=next_link(request, found.next_page_token))


async def _read(request: Request, application_id: str, only_client_id: str = "") -> Any:
    services = parts_of(request).services
    query = rpc.GetApplicationRequest(application_id=application_id, only_client_id=only_client_id)
    return (await services.query(services.registration.GetApplication, query)).application


def _shown(application: Any, replayed: bool = False) -> Response:
    headers = {"ETag": f'"{application.version}"'} | (REPLAYED_HEADERS if replayed else {})
    return answer(application, headers=headers)
