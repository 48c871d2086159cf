"""PermitService: each method maps, calls one use case, maps back. Failures are turned into statuses by the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from tongban.permits.v1 import messages_pb2 as pb
from tongban.permits.v1 import service_pb2 as rpc
from tongban.permits.v1 import service_pb2_grpc

from services.permits.domain.bundle import start
from services.permits.domain.bundle_types import bundle_types
from services.permits.domain.permit import PermitState
from services.permits.rpc import mapping
from services.permits.rpc.projects import ProjectMethods
from services.permits.usecases import bundles, cases, filings, following
from services.permits.usecases.context import Asked, Parts
from services.permits.usecases.flows import BUNDLE, load
from services.permits.usecases.saving import CaseNotFound, FilingNotFound, load_case, load_filing
from shared import strict_json
from shared.commands import Command, command_of
from shared.failures import InvalidArgument, Violation
from shared.paging import page_size, read_token, write_token

Step = Callable[[Parts, Command, str, int, str, Any], Any]

STEPS: dict[str, Step] = {
    "request_materials": lambda p, c, i, v, u, m: cases.request_materials(p, c, i, v, u, list(m.gaps)),
    "accept": lambda p, c, i, v, u, m: cases.accept(p, c, i, v, u, list(m.promised)),
    "decline": lambda p, c, i, v, u, m: cases.decline(p, c, i, v, u, mapping.reasons_of(m.reasons)),
    "pause": lambda p, c, i, v, u, m: cases.pause(p, c, i, v, u, m.reason, m.owner, m.working_days),
    "resume": lambda p, c, i, v, u, m: cases.resume(p, c, i, v, u, m.reason),
    "extend": lambda p, c, i, v, u, m: cases.extend(p, c, i, v, u, m.reason),
    "grant": lambda p, c, i, v, u, m: cases.decide(p, c, i, v, u, True, []),
    "refuse": lambda p, c, i, v, u, m: cases.decide(p, c, i, v, u, False, mapping.reasons_of(m.reasons)),
    "deliver": lambda p, c, i, v, u, m: cases.deliver(p, c, i, v, u),
    "check_commitment": lambda p, c, i, v, u, m: cases.check_commitment(p, c, i, v, u, m.holds),
}


class PermitServicer(ProjectMethods, service_pb2_grpc.PermitServiceServicer):
    """The contract of `protos/tongban/permits/v1/service.proto`, where each method is described."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def ListItems(self, request: Any, context: Any) -> Any:
        offered = self._parts.catalogue.offered(self._parts.clock.today())
        return rpc.ListItemsResponse(items=[mapping.item_message(item) for item in offered])

    def SubmitCase(self, request: Any, context: Any) -> Any:
        asked = Asked(
            item_key=request.item_key, holder_code=request.holder_code, content=mapping.content_of(request.content),
            materials=tuple(request.materials), facts=dict(request.facts), committed=request.committed,
        )  # fmt: skip
        case, document, replayed = cases.submit_case(self._parts, command_of(request.context, request), asked)
        return rpc.SubmitCaseResponse(permit_case=self._case(case, document), replayed=replayed)

    def GetCase(self, request: Any, context: Any) -> Any:
        case, document = load_case(self._parts, request.case_id, request.only_client_id)
        if request.only_unit_code and request.only_unit_code != case.unit_code:
            raise CaseNotFound("no case with this id", metadata={"case_id": request.case_id})
        if not request.only_client_id:
            cases.note_reading(self._parts, case.case_id)
        return rpc.GetCaseResponse(permit_case=self._case(case, document))

    def ListCases(self, request: Any, context: Any) -> Any:
        query = ("cases", request.client_id)
        found, last = self._parts.store.own_cases(
            request.client_id, read_token(request.page.page_token, *query), page_size(request.page.page_size)
        )
        return rpc.ListCasesResponse(
            permit_cases=self._page(found), next_page_token=write_token(last, *query) if last else ""
        )

    def ListWork(self, request: Any, context: Any) -> Any:
        query = ("work", request.unit_code)
        found, last = self._parts.store.work_list(
            request.unit_code, read_token(request.page.page_token, *query), page_size(request.page.page_size)
        )
        return rpc.ListWorkResponse(
            permit_cases=self._page(found), next_page_token=write_token(last, *query) if last else ""
        )

    def ListPermits(self, request: Any, context: Any) -> Any:
        query = ("permits", request.holder_code)
        found, last = self._parts.store.permits_of_holder(
            request.holder_code, read_token(request.page.page_token, *query), page_size(request.page.page_size)
        )
        return rpc.ListPermitsResponse(
            permit_cases=self._page(found), next_page_token=write_token(last, *query) if last else ""
        )

    def SupplementCase(self, request: Any, context: Any) -> Any:
        case, document, replayed = cases.supplement(
            self._parts, command_of(request.context, request), request.case_id, list(request.materials),
            request.only_client_id,
        )  # fmt: skip
        return rpc.SupplementCaseResponse(permit_case=self._case(case, document), replayed=replayed)

    def WithdrawCase(self, request: Any, context: Any) -> Any:
        case, document, replayed = cases.withdraw(
            self._parts, command_of(request.context, request), request.case_id, request.only_client_id
        )
        return rpc.WithdrawCaseResponse(permit_case=self._case(case, document), replayed=replayed)

    def HandleCase(self, request: Any, context: Any) -> Any:
        step = request.WhichOneof("step")
        case, document, replayed = STEPS[step](
            self._parts, command_of(request.context, request), request.case_id, request.expected_version,
            request.unit_code, getattr(request, step),
        )  # fmt: skip
        return rpc.HandleCaseResponse(permit_case=self._case(case, document), replayed=replayed)

    def ChangePermit(self, request: Any, context: Any) -> Any:
        state = PermitState(pb.PermitState.Name(request.state).removeprefix("PERMIT_STATE_"))
        case, document, replayed = cases.change_permit(
            self._parts, command_of(request.context, request), request.permit_id, request.expected_version,
            request.unit_code, state, request.reason_code,
        )  # fmt: skip
        return rpc.ChangePermitResponse(permit_case=self._case(case, document), replayed=replayed)

    def SubmitFiling(self, request: Any, context: Any) -> Any:
        asked = Asked(
            item_key=request.item_key, holder_code=request.holder_code, content=mapping.content_of(request.content),
            materials=tuple(request.materials), event_date=request.event_date, project_id=request.project_id,
            subject_key=request.subject_key,
        )  # fmt: skip
        filing, document, replayed = filings.submit_filing(self._parts, command_of(request.context, request), asked)
        return rpc.SubmitFilingResponse(filing=mapping.filing_message(filing, document), replayed=replayed)

    def GetFiling(self, request: Any, context: Any) -> Any:
        filing, document = load_filing(self._parts, request.filing_id, request.only_client_id)
        if request.only_unit_code and request.only_unit_code != filing.unit_code:
            raise FilingNotFound("no filing with this id", metadata={"filing_id": request.filing_id})
        return rpc.GetFilingResponse(filing=mapping.filing_message(filing, document))

    def AmendFiling(self, request: Any, context: Any) -> Any:
        filing, document, replayed = filings.amend_filing(
            self._parts, command_of(request.context, request), request.filing_id, request.expected_version,
            list(request.materials), request.only_client_id,
        )  # fmt: skip
        return rpc.AmendFilingResponse(filing=mapping.filing_message(filing, document), replayed=replayed)

    def WithdrawFiling(self, request: Any, context: Any) -> Any:
        filing, document, replayed = filings.withdraw_filing(
            self._parts, command_of(request.context, request), request.filing_id, request.expected_version,
            request.only_client_id,
        )  # fmt: skip
        return rpc.WithdrawFilingResponse(filing=mapping.filing_message(filing, document), replayed=replayed)

    def ListBundleTypes(self, request: Any, context: Any) -> Any:
        return rpc.ListBundleTypesResponse(bundle_types=[mapping.bundle_type_message(kind) for kind in bundle_types()])

    def PlanBundle(self, request: Any, context: Any) -> Any:
        answers = dict(request.answers)
        kind, steps = bundles.plan_bundle(self._parts, request.bundle_type, answers, request.has_licence)
        # a bundle begun now, and thrown away: the same prediction as the real one
        drawn, _ = start("", kind, steps, self._parts.region, "", answers, self._parts.clock.now())
        return rpc.PlanBundleResponse(plan=mapping.plan_message(kind, steps, drawn.predicted_finish_date))

    def StartBundle(self, request: Any, context: Any) -> Any:
        content: dict[str, Any] = dict(mapping.content_of(request.content))
        if request.licence_application:
            content["licence"] = _licence(request.licence_application)
        bundle, document, replayed = bundles.start_bundle(
            self._parts, command_of(request.context, request), request.bundle_type, dict(request.answers),
            request.holder_code, list(request.materials), content, list(request.commitments),
        )  # fmt: skip
        return rpc.StartBundleResponse(bundle=self._bundle(bundle, document), replayed=replayed)

    def GetBundle(self, request: Any, context: Any) -> Any:
        bundle, document = load(BUNDLE, self._parts, request.bundle_id, request.only_client_id)
        return rpc.GetBundleResponse(bundle=self._bundle(bundle, document))

    def CorrectBundle(self, request: Any, context: Any) -> Any:
        bundle, document, replayed = bundles.correct_bundle(
            self._parts, command_of(request.context, request), request.bundle_id, request.expected_version,
            _licence(request.licence_application), request.only_client_id,
        )  # fmt: skip
        return rpc.CorrectBundleResponse(bundle=self._bundle(bundle, document), replayed=replayed)

    def EndBundle(self, request: Any, context: Any) -> Any:
        bundle, document, replayed = bundles.end_bundle(
            self._parts, command_of(request.context, request), request.bundle_id, request.expected_version,
            request.only_client_id,
        )  # fmt: skip
        return rpc.EndBundleResponse(bundle=self._bundle(bundle, document), replayed=replayed)

    def _bundle(self, bundle: Any, document: Any) -> Any:
        return mapping.bundle_message(bundle, document, self._parts.clock.now())

    def _case(self, case: Any, document: Any) -> Any:
        content = following.shown_content(self._parts, document)
        return mapping.case_message(case, document, self._parts.clock.today(), self._parts.clock.now(), content)

    def _page(self, documents: list[Any]) -> list[Any]:
        today, now = self._parts.clock.today(), self._parts.clock.now()
        return [mapping.case_message(self._parts.case_of(document), document, today, now) for document in documents]


def _licence(text: str) -> dict[str, Any]:
    try:
        found = strict_json.loads(text.encode())
        if isinstance(found, dict):
            return msgspec.convert(found, dict[str, Any])
    except InvalidArgument:
        pass
    description = "is no JSON object"
    raise InvalidArgument(
        description, reason="LICENCE_APPLICATION",
        violations=(Violation("licence_application", description, "LICENCE_APPLICATION"),),
    )  # fmt: skip
