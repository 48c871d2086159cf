"""Several authorities as one thing 一件事: opening an enterprise, changing its information, cancelling it (1+N)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response
from tongban.common.v1.paging_pb2 import PageRequest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from gateway.auth import Client, requires
from gateway.context import REPLAYED_HEADERS, Command, expected_version, parts_of
from gateway.described import told_model
from gateway.messages import answer
from gateway.models import ID_PATTERN, PageSize, PageToken, next_link
from gateway.openapi import PROBLEMS, VERSION_EXTRA
from gateway.routes.registration.bundle_models import BundleApplication, BundleStart, BundleStep, EntityBundle
from gateway.routes.registration.own_page import own_page
from gateway.routes.registration.person_models import investor_messages, person_message
from gateway.routes.registration.submission import read_inner_application
from gateway.routing import GatewayRoute

router = APIRouter(prefix="/v1/registration", tags=["registration"], route_class=GatewayRoute)
EntityId = Annotated[str, Path(pattern=ID_PATTERN, examples=["ent_01KA3N6Q0V8T3J5M9W2XYZABCD"])]
BundleId = Annotated[str, Path(pattern=ID_PATTERN, examples=["ebn_01KA3N6Q0V8T3J5M9W2XYZABCD"])]


@router.post(
    "/bundles", status_code=201, summary="Begin a bundle of an entity", response_model=EntityBundle,
    openapi_extra={PROBLEMS: [404]},
)  # fmt: skip
async def start_entity_bundle(
    request: Request, body: BundleStart, context: Command, client: Annotated[Client, requires("registration:write")]
) -> Response:
    """One request for the licence, seals, tax, social insurance, housing fund and bank; or for the change everywhere; or for
    the end everywhere (1+N). Each of the `parts` says how it stands and why; a cancellation first shows all blocks at once and
    touches nothing while there is one."""
    services = parts_of(request).services
    told = await services.command(
        services.registration.StartEntityBundle,
        rpc.StartEntityBundleRequest(
            context=context, kind=body.kind, entity_id=body.entity_id or "", application=_application(body.application),
            facts=body.facts, person=person_message(body.person), investors=investor_messages(body.investors),
        ),
    )  # fmt: skip
    return _shown(told, 201)


@router.get("/bundles", summary="Your own bundles of entities", response_model=told_model(rpc.ListBundlesOfResponse))
async def list_own_bundles(
    request: Request, client: Annotated[Client, requires("registration:read")], page_size: PageSize = 50,
    page_token: PageToken = "",
) -> Response:  # fmt: skip
    """The bundles that you began, newest first, without what happened in them."""
    return await own_page(request, client, "ListBundlesOf", rpc.ListBundlesOfRequest, page_size, page_token)


@router.get("/bundles/{entity_bundle_id}", summary="Read a bundle of an entity", response_model=EntityBundle)
async def get_entity_bundle(
    request: Request, entity_bundle_id: BundleId, client: Annotated[Client, requires("registration:read")]
) -> Response:
    """Its parts, who owes what by when, and what happened. Your own; a registrar (scope `registration:decide`) reads any."""
    services = parts_of(request).services
    own_only = "" if "registration:decide" in client.scopes else client.subject
    query = rpc.GetEntityBundleRequest(bundle_id=entity_bundle_id, only_client_id=own_only)
    return _shown(await services.query(services.registration.GetEntityBundle, query))


@router.get(
    "/entities/{entity_id}/bundles", summary="Bundles of an entity",
    response_model=told_model(rpc.ListEntityBundlesResponse),
)  # fmt: skip
async def list_entity_bundles(
    request: Request, entity_id: EntityId, client: Annotated[Client, requires("registration:decide")],
    page_size: PageSize = 50, page_token: PageToken = "",
) -> Response:  # fmt: skip
    """Newest first, for registrars."""
    services = parts_of(request).services
    query = rpc.ListEntityBundlesRequest(
        entity_id=entity_id, page=PageRequest(page_size=page_size, page_token=page_token)
    )
    found = await services.query(services.registration.ListEntityBundles, query)
    return answer(found, headers=next_link(request, found.next_page_token))


@router.post(
    "/bundles/{entity_bundle_id}/resumption", summary="Ask again what is blocked", response_model=EntityBundle,
    openapi_extra=VERSION_EXTRA,
)  # fmt: skip
async def resume_entity_bundle(
    request: Request, entity_bundle_id: BundleId, body: BundleStep, context: Command,
    client: Annotated[Client, requires("registration:write")],
) -> Response:  # fmt: skip
    """After you cleared what stood in the way. Blocks are also looked at once a day, and who gave no answer is asked again."""
    version = expected_version(request, body.expected_version)
    return await _act(request, entity_bundle_id, version, "RESUME", None, context, client)


@router.post(
    "/bundles/{entity_bundle_id}/correction", summary="Correct the application of an opening", response_model=EntityBundle,
    openapi_extra=VERSION_EXTRA,
)  # fmt: skip
async def correct_entity_bundle(
    request: Request, entity_bundle_id: BundleId, body: BundleApplication, context: Command,
    client: Annotated[Client, requires("registration:write")],
) -> Response:  # fmt: skip
    """The application came back (part LICENCE is RETURNED): with corrected answers it is handed in again; the rest waits on."""
    version = expected_version(request, body.expected_version)
    return await _act(request, entity_bundle_id, version, "CORRECT", body.application, context, client)


@router.post(
    "/bundles/{entity_bundle_id}/end",
    summary="Give a bundle up",
    response_model=EntityBundle,
    openapi_extra=VERSION_EXTRA,
)
async def end_entity_bundle(
    request: Request, entity_bundle_id: BundleId, body: BundleStep, context: Command,
    client: Annotated[Client, requires("registration:write")],
) -> Response:  # fmt: skip
    """Gives up what is not done. Clearances for a cancellation are taken back; an entity that has ended stays ended."""
    version = expected_version(request, body.expected_version)
    return await _act(request, entity_bundle_id, version, "END", None, context, client)


async def _act(
    request: Request, bundle_id: str, version: int, action: str, application: dict[str, object] | None, context: Any,
    client: Client,
) -> Response:  # fmt: skip
    services = parts_of(request).services
    asked = rpc.ActOnEntityBundleRequest(
        context=context, bundle_id=bundle_id, expected_version=version, action=action,
        application=_application(application), only_client_id=client.subject,
    )  # fmt: skip
    return _shown(await services.command(services.registration.ActOnEntityBundle, asked))


def _application(given: dict[str, object] | None) -> Any:
    """The application, judged like one that is handed in directly."""
    return None if given is None else pb.SetUpApplication(**read_inner_application(given, "application"))


def _shown(told: Any, status: int = 200) -> Response:
    headers = {"ETag": f'"{told.bundle.version}"'} | (REPLAYED_HEADERS if getattr(told, "replayed", False) else {})
    if status == 201:
        headers["Location"] = f"/v1/registration/bundles/{told.bundle.bundle_id}"
    return answer(told.bundle, status, headers)
