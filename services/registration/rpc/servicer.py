"""RegistrationService: each method maps, calls one use case, maps back. Failures are turned into statuses by the server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc
from tongban.registration.v1 import service_pb2_grpc

from services.registration.domain.entity import EntityState
from services.registration.rpc import mapping
from services.registration.rpc.bundles import EntityBundleRpcs
from services.registration.rpc.entity_cases import EntityCaseRpcs
from services.registration.rpc.forecast import ForecastRpcs
from services.registration.rpc.moving_in import MovingInRpcs
from services.registration.rpc.persons import PersonRpcs
from services.registration.usecases import decide, duplicates, entities, entity_states, names, submit
from services.registration.usecases.context import Parts
from shared.commands import Command, command_of
from shared.failures import Failure
from shared.grpc_server import check_request
from shared.paging import page_size, read_token, write_token


class RegistrationServicer(
    EntityCaseRpcs,
    EntityBundleRpcs,
    ForecastRpcs,
    MovingInRpcs,
    PersonRpcs,
    service_pb2_grpc.RegistrationServiceServicer,
):
    """The contract of `protos/tongban/registration/v1/service.proto`, where each method is described."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def CheckName(self, request: Any, context: Any) -> Any:
        name, violations, available = names.check_name(
            self._parts,
            request.name,
            request.division_code,
            mapping.entity_type_of(request.entity_type),
            request.invested_usccs,
        )
        return rpc.CheckNameResponse(
            parts=mapping.name_message(name),
            violations=[mapping.violation_message(violation) for violation in violations],
            available=available,
        )

    def ReserveName(self, request: Any, context: Any) -> Any:
        reservation_id, name, expiry_date, replayed = names.reserve_name(
            self._parts,
            command_of(request.context, request),
            request.name,
            request.division_code,
            mapping.entity_type_of(request.entity_type),
            request.needs_pre_approval,
            request.invested_usccs,
        )
        return rpc.ReserveNameResponse(
            reservation_id=reservation_id,
            name=mapping.name_message(name),
            expiry_date=expiry_date,
            replayed=replayed,
        )

    def ListReservationsOf(self, request: Any, context: Any) -> Any:
        query = ("reservations_of", request.client_id)
        after, size = read_token(request.page.page_token, *query), page_size(request.page.page_size)
        today = self._parts.clock.today().isoformat()
        found, last = self._parts.store.reservations_of(request.client_id, today, after, size)
        return rpc.ListReservationsOfResponse(
            reservations=[mapping.reserved_message(held) for held in found],
            next_page_token=write_token(last, *query) if last else "",
        )

    def GiveUpName(self, request: Any, context: Any) -> Any:
        command = command_of(request.context, request)
        held, replayed = names.give_up_name(self._parts, command, request.reservation_id)
        return rpc.GiveUpNameResponse(reservation=mapping.reserved_message(held), replayed=replayed)

    def SubmitApplications(self, request: Any, context: Any) -> Any:
        outcomes: list[submit.Submitted | None] = []
        submissions = []
        for submission in request.submissions:
            try:
                asked = mapping.application_of(submission.application)
            except Failure as failure:
                outcomes.append(submit.Submitted(failure=failure))
            else:
                outcomes.append(None)
                submissions.append((command_of(submission.context, submission.application), asked))
        done = iter(submit.submit_applications(self._parts, submissions)) if submissions else iter(())
        return rpc.SubmitApplicationsResponse(
            outcomes=[mapping.outcome_message(outcome or next(done)) for outcome in outcomes]
        )

    def GetApplication(self, request: Any, context: Any) -> Any:
        application, document = decide.get_application(self._parts, request.application_id, request.only_client_id)
        if request.only_client_id:  # an applicant is not told whom it resembles
            document = mapping.without_notes(document)
        message = mapping.application_message(application, document)
        if not request.only_client_id:
            message.duplicate_entity_ids.extend(duplicates.resembled(self._parts, application, document).entity_ids)
        return rpc.GetApplicationResponse(application=message)

    def ListApplicationsOf(self, request: Any, context: Any) -> Any:
        query = ("applications_of", request.client_id)
        after, size = read_token(request.page.page_token, *query), page_size(request.page.page_size)
        found, last = self._parts.store.applications_of(request.client_id, after, size)
        return rpc.ListApplicationsOfResponse(
            applications=[mapping.application_message(self._parts.application_of(one), {}) for one in found],
            next_page_token=write_token(last, *query) if last else "",
        )

    def DecideApplication(self, request: Any, context: Any) -> Any:
        command = command_of(request.context, request)
        if request.decision == pb.DECISION_REGISTER:
            application, replayed = decide.register_application(
                self._parts, command, request.application_id, request.expected_version, request.duplicates_reviewed
            )
        else:
            reasons = [mapping.reason_of(reason) for reason in request.reasons]
            application, replayed = decide.refuse_application(
                self._parts, command, request.application_id, request.expected_version, reasons
            )
        return rpc.DecideApplicationResponse(
            application=mapping.application_message(application, {}), replayed=replayed
        )

    def WithdrawApplication(self, request: Any, context: Any) -> Any:
        application, replayed = decide.withdraw_application(
            self._parts, command_of(request.context, request), request.application_id, request.expected_version,
            request.only_client_id,
        )  # fmt: skip
        return rpc.WithdrawApplicationResponse(
            application=mapping.application_message(application, {}), replayed=replayed
        )

    def ExtendReview(self, request: Any, context: Any) -> Any:
        command = command_of(request.context, request)
        application, replayed = decide.extend_review(
            self._parts, command, request.application_id, request.expected_version, request.approved_by
        )
        return rpc.ExtendReviewResponse(application=mapping.application_message(application, {}), replayed=replayed)

    def ListWorkItems(self, request: Any, context: Any) -> Any:
        query = ("work_items", request.division_code)
        items, last = self._parts.store.list_work_items(
            request.division_code, read_token(request.page.page_token, *query), page_size(request.page.page_size)
        )
        return rpc.ListWorkItemsResponse(
            work_items=[mapping.work_item_message(item) for item in items],
            next_page_token=write_token(last, *query) if last else "",
        )

    def GetEntity(self, request: Any, context: Any) -> Any:
        if request.as_of:
            told = entities.get_entity_as_of(self._parts, request.entity_id, request.uscc, request.as_of)
            return rpc.GetEntityResponse(entity=mapping.entity_message(*told))
        entity, document = entities.get_entity(self._parts, request.entity_id, request.uscc)
        return rpc.GetEntityResponse(entity=mapping.entity_message(entity, document))

    def ChangeEntityState(self, request: Any, context: Any) -> Any:
        entity, replayed = entity_states.change_entity_state(
            self._parts,
            command_of(request.context, request),
            request.entity_id,
            request.division_code,
            request.expected_version,
            EntityState(pb.EntityState.Name(request.state).removeprefix("ENTITY_STATE_")),
            request.reason_code,
        )
        return rpc.ChangeEntityStateResponse(entity=mapping.entity_message(entity, {}), replayed=replayed)

    def ListEntities(self, request: Any, context: Any) -> Any:
        filters = {
            "division_code": request.division_code,
            "state": pb.EntityState.Name(request.state).removeprefix("ENTITY_STATE_") if request.state else "",
            "entity_type": pb.EntityType.Name(request.entity_type).removeprefix("ENTITY_TYPE_")
            if request.entity_type
            else "",
        }
        founded = entities.founding_days(request.founded_from, request.founded_to)
        query = (
            "entities",
            *filters.values(),
            request.name_prefix,
            request.name_contains,
            *founded,
            request.scope_keyword,
        )
        after, size = read_token(request.page.page_token, *query), page_size(request.page.page_size)
        found, last = self._parts.store.list_entities(
            filters, request.name_prefix, request.name_contains, after, size, founded, request.scope_keyword
        )
        return rpc.ListEntitiesResponse(
            entities=[mapping.entity_message(self._parts.entity_of(document), document, False) for document in found],
            next_page_token=write_token(last, *query) if last else "",
        )

    def ImportEntities(self, requests: Iterator[Any], context: Any) -> Any:
        verdicts: list[Any] = []
        command: Command | None = None
        for request in requests:
            check_request(request)
            if command is None:
                command = command_of(request.context, request)
            rows = [mapping.row_of(row) for row in request.rows]
            verdicts += [mapping.verdict_message(v) for v in entities.import_rows(self._parts, command, rows)]
        counts = {kind: sum(v.verdict == value for v in verdicts) for kind, value in rpc.ImportVerdict.items()}
        return rpc.ImportEntitiesResponse(
            verdicts=verdicts,
            imported=counts["IMPORT_VERDICT_IMPORTED"],
            unchanged=counts["IMPORT_VERDICT_UNCHANGED"],
            refused=counts["IMPORT_VERDICT_REFUSED"],
        )
