"""Construction projects: one project, one list; items open as soon as what they come after is done, in four lines at once."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from tongban.common.v1.paging_pb2 import PageRequest
from tongban.permits.v1 import messages_pb2 as pb
from tongban.permits.v1 import service_pb2 as rpc

from gateway.auth import Client, require_division, requires, unit_of
from gateway.context import REPLAYED_HEADERS, Command, expected_version, parts_of
from gateway.described import told_model
from gateway.errors import invalid_field
from gateway.messages import answer
from gateway.models import PageSize, PageToken, next_link
from gateway.openapi import VERSION_EXTRA
from gateway.routes.permits.cases import own_only
from gateway.routes.permits.models import ProjectGiven, ProjectId, ProjectItemsGiven, ProjectPlanAsked, ProjectStep
from gateway.routing import GatewayRoute

router = APIRouter(prefix="/v1/permits", tags=["permits"], route_class=GatewayRoute)
Project = told_model(pb.Project)
# step → the fields it needs and those it may have
STEPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "PRE_REVIEW": (("key",), ("reason_codes",)),
    "LAND_CONTRACT": (("contract_date",), ()),
    "LAND_FELL_THROUGH": (("reason_code",), ()),
}


@router.get(
    "/project-traits", summary="What is asked of a project", response_model=told_model(rpc.ListProjectTraitsResponse)
)
async def list_project_traits(request: Request, client: Annotated[Client, requires("permits:read")]) -> Response:
    """The traits that decide which items a construction project needs."""
    services = parts_of(request).services
    return answer(await services.query(services.permits.ListProjectTraits, rpc.ListProjectTraitsRequest()))


@router.post("/projects/plan", summary="Plan a project", response_model=told_model(pb.ProjectPlan))
async def plan_project(
    request: Request, body: ProjectPlanAsked, client: Annotated[Client, requires("permits:read")]
) -> Response:
    """The list that the traits lead to 一项目一清单, why each item is on it, the critical path in working days and what it
    would take one after the other. Begins nothing: no Idempotency-Key."""
    services = parts_of(request).services
    told = await services.query(services.permits.PlanProject, rpc.PlanProjectRequest(traits=body.traits))
    return answer(told.plan)


@router.post("/projects", status_code=201, summary="Begin a project", response_model=Project)
async def start_project(
    request: Request, body: ProjectGiven, context: Command, client: Annotated[Client, requires("permits:write")]
) -> Response:
    """What comes after nothing is open at once, whichever line it is in."""
    services = parts_of(request).services
    told = await services.command(
        services.permits.StartProject,
        rpc.StartProjectRequest(
            context=context, traits=body.traits, holder_code=body.holder_code,
            content=rpc.Content(**body.content.model_dump()),
        ),
    )  # fmt: skip
    return _shown(told, 201)


@router.get("/projects", summary="List your projects", response_model=told_model(rpc.ListProjectsResponse))
async def list_projects(
    request: Request, client: Annotated[Client, requires("permits:read")], page_size: PageSize = 50,
    page_token: PageToken = "",
) -> Response:  # fmt: skip
    """Projects that you began, in order."""
    services = parts_of(request).services
    page = PageRequest(page_size=page_size, page_token=page_token)
    found = await services.query(
        services.permits.ListProjects, rpc.ListProjectsRequest(client_id=client.subject, page=page)
    )
    return answer(found, headers=next_link(request, found.next_page_token))


@router.get("/projects/{project_id}", summary="Read a project", response_model=Project)
async def get_project(
    request: Request, project_id: ProjectId, client: Annotated[Client, requires("permits:read")]
) -> Response:
    """Its items with their cases, who has the word, what happened. Your own; a deciding unit reads any."""
    services = parts_of(request).services
    query = rpc.GetProjectRequest(project_id=project_id, only_client_id=own_only(client))
    return _shown(await services.query(services.permits.GetProject, query))


@router.post("/projects/{project_id}/items", summary="Hand in items of a project", response_model=Project)
async def open_project_items(
    request: Request, project_id: ProjectId, body: ProjectItemsGiven, context: Command,
    client: Annotated[Client, requires("permits:write")],
) -> Response:  # fmt: skip
    """Items that are open become cases and filings of their own, several at once where they are open together (并联). What
    still waits for the land contract goes into pre-review (拿地即开工). What comes after something not done is 422."""
    services = parts_of(request).services
    told = await services.command(
        services.permits.OpenProjectItems,
        rpc.OpenProjectItemsRequest(
            context=context, project_id=project_id, only_client_id=client.subject, **body.model_dump()
        ),
    )
    return _shown(told)


@router.post(
    "/projects/{project_id}/steps", summary="Do a step of the unit with a project", response_model=Project,
    openapi_extra=VERSION_EXTRA,
)  # fmt: skip
async def handle_project(
    request: Request, project_id: ProjectId, body: ProjectStep, context: Command,
    client: Annotated[Client, requires("permits:decide")],
) -> Response:  # fmt: skip
    """A pre-review is concluded by the item's own unit; the land contract is recorded by the planning unit: then pre-reviewed
    files become cases in the order of their prerequisites, or lapse when it fell through."""
    parts = parts_of(request)
    version = expected_version(request, body.expected_version)
    require_division(client, parts.settings.region)
    needed, possible = STEPS[body.step]
    for name in ("key", "reason_codes", "contract_date", "reason_code"):
        given = getattr(body, name) is not None
        if given and name not in (*needed, *possible):
            raise invalid_field(name, "FIELD_UNKNOWN", f"{body.step} has no {name}")
        if not given and name in needed:
            raise invalid_field(name, "FIELD_MISSING", f"{body.step} needs {name}")
    told = await parts.services.command(
        parts.services.permits.HandleProject,
        rpc.HandleProjectRequest(
            context=context, project_id=project_id, expected_version=version, unit_code=unit_of(client), **_step(body)
        ),
    )
    return _shown(told)


def _step(body: ProjectStep) -> dict[str, Any]:
    if body.step == "PRE_REVIEW":
        return {"conclude_pre_review": rpc.ConcludePreReview(key=body.key, reason_codes=body.reason_codes or ())}
    if body.step == "LAND_CONTRACT":
        return {"record_land_contract": rpc.RecordLandContract(contract_date=body.contract_date)}
    return {"land_fell_through": rpc.LandFellThrough(reason_code=body.reason_code)}


def _shown(told: Any, status: int = 200) -> Response:
    headers = {"ETag": f'"{told.project.version}"'} | (REPLAYED_HEADERS if getattr(told, "replayed", False) else {})
    if status == 201:
        headers["Location"] = f"/v1/permits/projects/{told.project.project_id}"
    return answer(told.project, status, headers)
