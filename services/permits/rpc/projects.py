"""The methods of construction projects; each maps, calls one use case, maps back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tongban.permits.v1 import messages_pb2 as pb
from tongban.permits.v1 import service_pb2 as rpc

from services.permits.domain.project import Project
from services.permits.domain.project_types import PlannedItem, ProjectPath, project_lists
from services.permits.rpc import mapping
from services.permits.usecases import projects
from services.permits.usecases.context import Parts
from services.permits.usecases.flows import PROJECT, load
from shared.commands import Command, command_of
from shared.paging import page_size, read_token, write_token

Step = Callable[[Parts, Command, str, int, str, Any], Any]

STEPS: dict[str, Step] = {
    "conclude_pre_review": lambda p, c, i, v, u, m: projects.conclude_pre_review(
        p, c, i, v, u, m.key, list(m.reason_codes)
    ),
    "record_land_contract": lambda p, c, i, v, u, m: projects.record_land_contract(p, c, i, v, u, m.contract_date),
    "land_fell_through": lambda p, c, i, v, u, m: projects.land_fell_through(p, c, i, v, u, m.reason_code),
}


class ProjectMethods:
    """Part of the servicer; the contract describes each method."""

    _parts: Parts

    def ListProjectTraits(self, request: Any, context: Any) -> Any:
        return rpc.ListProjectTraitsResponse(
            traits=[
                pb.ProjectTrait(key=t.key, text=t.text, text_en=t.text_en, values=t.values)
                for t in project_lists().traits
            ]
        )

    def PlanProject(self, request: Any, context: Any) -> Any:
        planned, path = projects.plan(self._parts, dict(request.traits))
        return rpc.PlanProjectResponse(plan=_plan(planned, path))

    def StartProject(self, request: Any, context: Any) -> Any:
        project, document, replayed = projects.begin(
            self._parts, command_of(request.context, request), dict(request.traits), request.holder_code,
            mapping.content_of(request.content),
        )  # fmt: skip
        return rpc.StartProjectResponse(project=self._project(project, document), replayed=replayed)

    def GetProject(self, request: Any, context: Any) -> Any:
        project, document = load(PROJECT, self._parts, request.project_id, request.only_client_id)
        return rpc.GetProjectResponse(project=self._project(project, document))

    def ListProjects(self, request: Any, context: Any) -> Any:
        query = ("projects", request.client_id)
        found, last = self._parts.store.own_projects(
            request.client_id, read_token(request.page.page_token, *query), page_size(request.page.page_size)
        )
        return rpc.ListProjectsResponse(
            projects=[self._project(self._parts.project_of(document), {}) for document in found],
            next_page_token=write_token(last, *query) if last else "",
        )

    def OpenProjectItems(self, request: Any, context: Any) -> Any:
        project, document, replayed = projects.hand_in(
            self._parts, command_of(request.context, request), request.project_id, list(request.keys),
            list(request.materials), request.event_date, request.only_client_id,
        )  # fmt: skip
        return rpc.OpenProjectItemsResponse(project=self._project(project, document), replayed=replayed)

    def HandleProject(self, request: Any, context: Any) -> Any:
        step = request.WhichOneof("step")
        project, document, replayed = STEPS[step](
            self._parts, command_of(request.context, request), request.project_id, request.expected_version,
            request.unit_code, getattr(request, step),
        )  # fmt: skip
        return rpc.HandleProjectResponse(project=self._project(project, document), replayed=replayed)

    def _project(self, project: Project, document: mapping.Document) -> Any:
        return _message(project, document, mapping.standing_message(project.standing(self._parts.clock.now())))


def _plan(planned: list[PlannedItem], path: ProjectPath) -> Any:
    return pb.ProjectPlan(
        items=[
            pb.PlannedProjectItem(
                key=p.key, item_key=p.item_key, item_code=p.item_code, kind=p.kind, name=p.name, name_en=p.name_en,
                line=p.line, stage=p.stage, after=p.after, because=p.because, days=p.days, unit_code=p.unit_code,
                joint=p.joint,
            )
            for p in planned
        ],
        critical=path.critical, critical_days=path.days, serial_days=path.serial_days,
    )  # fmt: skip


def _message(project: Project, document: mapping.Document, standing: Any) -> Any:
    return pb.Project(
        project_id=project.project_id, state=project.state, version=project.version,
        division_code=project.division_code, holder_code=project.holder_code, traits=project.traits,
        received_time=mapping.stamp(project.received_time), critical=project.critical,
        critical_days=project.critical_days, serial_days=project.serial_days,
        land_contract_date=project.land_contract_date, land_to_permit_minutes=project.land_to_permit_minutes(),
        reason_code=project.reason_code, standing=standing, timeline=mapping.timeline_messages(document),
        items=[
            pb.ProjectItem(
                item_id=i.item_id, key=i.key, item_key=i.item_key, item_code=i.item_code, kind=i.kind, line=i.line,
                stage=i.stage, after=i.after, because=i.because, days=i.days, unit_code=i.unit_code, joint=i.joint,
                state=i.state, pre_reviewed=i.pre_reviewed, case_id=i.case_id, due_date=i.due_date,
                done_date=i.done_date, reason_codes=i.reason_codes,
            )
            for i in project.items
        ],
    )  # fmt: skip
