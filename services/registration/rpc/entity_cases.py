"""The part of the contract about cases of entities; no rules here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.domain.cases import engine
from services.registration.domain.cases.engine import EntityCase, Party
from services.registration.domain.cases.kinds import KINDS, concerning
from services.registration.rpc.mapping import investor_of, person_of, timeline_messages
from services.registration.usecases import entity_cases, statistics
from services.registration.usecases.context import Parts
from services.registration.usecases.entities import get_entity
from shared.commands import command_of
from shared.failures import InvalidArgument, Violation
from shared.legal_clock import ClockState
from shared.paging import page_size, read_token, write_token


class EntityCaseRpcs:
    """Mixed into the servicer of the service."""

    _parts: Parts

    def OpenEntityCase(self, request: Any, context: Any) -> Any:
        case, document, replayed = entity_cases.open_entity_case(
            self._parts, command_of(request.context, request), request.kind, request.entity_id, request.division_code,
            dict(request.facts), _party(request.by), person_of(request.person) if request.HasField("person") else None,
            tuple(investor_of(investor) for investor in request.investors),
        )  # fmt: skip
        return rpc.OpenEntityCaseResponse(entity_case=self._message(case, document), replayed=replayed)

    def ActOnEntityCase(self, request: Any, context: Any) -> Any:
        case, document, replayed = entity_cases.act_on_entity_case(
            self._parts, command_of(request.context, request), request.entity_case_id, request.expected_version,
            request.action, dict(request.facts), _party(request.by), request.division_code, request.only_client_id,
            person_of(request.person) if request.HasField("person") else None,
        )  # fmt: skip
        return rpc.ActOnEntityCaseResponse(entity_case=self._message(case, document), replayed=replayed)

    def GetEntityCase(self, request: Any, context: Any) -> Any:
        as_party = _party(request.as_party) if request.as_party else None
        case, document = entity_cases.load_case(self._parts, request.entity_case_id, request.only_client_id, as_party)
        return rpc.GetEntityCaseResponse(entity_case=self._message(case, document))

    def ListEntityCases(self, request: Any, context: Any) -> Any:
        party = _party(request.as_party) if request.as_party else None
        kinds = sorted(concerning(party)) if party else []
        query = ("entity_cases", request.entity_id, *((str(party),) if party else ()))
        found, last = self._parts.cases.of_entity(
            request.entity_id, read_token(request.page.page_token, *query), page_size(request.page.page_size), kinds
        )
        if not found:
            get_entity(self._parts, request.entity_id)
        return rpc.ListEntityCasesResponse(
            entity_cases=[self._message(self._parts.case_of(document), {}) for document in found],
            next_page_token=write_token(last, *query) if last else "",
        )

    def ListCasesOf(self, request: Any, context: Any) -> Any:
        of = str(request.WhichOneof("of") or "")
        query = ("cases_of", of, getattr(request, of, ""))
        after, size = read_token(request.page.page_token, *query), page_size(request.page.page_size)
        if of == "division_code":
            found, last = self._parts.cases.owed_by(f"registrar:{request.division_code}", after, size)
        elif of == "client_id":
            found, last = self._parts.cases.of_client(request.client_id, after, size)
        else:
            violation = Violation("of", "must say whose cases", "MISSING")
            raise InvalidArgument("say whose cases", reason=violation.reason, violations=(violation,))
        return rpc.ListCasesOfResponse(
            entity_cases=[self._message(self._parts.case_of(document), {}) for document in found],
            next_page_token=write_token(last, *query) if last else "",
        )

    def GetStatistics(self, request: Any, context: Any) -> Any:
        months = statistics.monthly(self._parts, request.first_month, request.last_month)
        return rpc.GetStatisticsResponse(
            months=[
                rpc.RegisterMonth(month=m.month, stock=m.stock, **{k.lower(): n for k, n in m.moves.items()})
                for m in months
            ],
            above_size=self._parts.store.count_above_size(),
        )

    def _message(self, case: EntityCase, document: dict[str, Any]) -> Any:
        return case_message(case, document, self._parts.clock.now())


def case_message(case: EntityCase, document: dict[str, Any], now: datetime) -> Any:
    """A case with its clocks explained, who owes what, and what may be done now."""
    kind = KINDS[case.kind]
    standing = engine.standing(kind, case, now)
    message = pb.EntityCase(
        entity_case_id=case.entity_case_id, kind=case.kind, state=case.state, version=case.version, entity_id=case.entity_id,
        uscc=case.uscc, division_code=case.division_code, facts=case.facts, reason_codes=case.reason_codes,
        deadlines=[_deadline(case, clock) for clock in case.clocks.names()],
        steps=[
            pb.CaseStep(action=action.name, by=list(action.by), article=action.article)
            for action in kind.actions
            if case.state in action.sources and not action.when_over and action.possible(case)
        ],
        owed_by=standing.party, owed=standing.what, escalated=standing.escalated, flag=standing.flag,
        timeline=timeline_messages(document),
    )  # fmt: skip
    message.received_time.FromDatetime(case.received_time)
    if standing.due_time is not None:
        message.owed_until.FromDatetime(standing.due_time)
    return message


def _deadline(case: EntityCase, clock: str) -> Any:
    found = case.clocks.deadline(clock)
    steps = found.steps or case.clocks.untold(clock)
    told = [f"{s.kind}: {s.start} → {s.end}, {s.amount} {s.unit} ({s.because})" for s in steps]
    told += [found.reason] if found.state is ClockState.UNKNOWN else []
    return pb.CaseDeadline(
        clock=clock, state=found.state, due_date=found.due_date.isoformat() if found.due_date else "", explanation=told
    )


def _party(value: int) -> Party:
    return Party(rpc.CaseParty.Name(value).removeprefix("CASE_PARTY_").lower())  # type: ignore[arg-type, unused-ignore]
