"""The part of the contract about entities that move in; no rules here."""

from __future__ import annotations

from typing import Any

from tongban.registration.v1 import service_pb2 as rpc

from services.registration.domain.moving_in import TakeOver
from services.registration.rpc.mapping import application_of, entity_message
from services.registration.usecases.context import Parts
from services.registration.usecases.moving_in import take_over_entity
from shared.commands import command_of


class MovingInRpcs:
    """Mixed into the servicer of the service."""

    _parts: Parts

    def TakeOverEntity(self, request: Any, context: Any) -> Any:
        entity, replayed = take_over_entity(self._parts, command_of(request.context, request), _take_over(request))
        return rpc.TakeOverEntityResponse(entity=entity_message(entity, {}), replayed=replayed)


def _take_over(request: Any) -> TakeOver:
    facts = application_of(
        rpc.Submission(
            application={
                "division_code": request.division_code, "entity_type": request.entity_type, "domicile": request.domicile,
                "legal_representative": request.legal_representative,
            } | ({"capital": request.capital} if request.HasField("capital") else {})
        ).application
    )  # fmt: skip
    assert facts.legal_representative is not None  # required by the contract
    return TakeOver(
        division_code=request.division_code, from_division_code=request.from_division_code,
        taking_over_ref=request.taking_over_ref, files_sha256=request.files_sha256, uscc=request.uscc,
        entity_type=facts.entity_type, name=request.name, founding_date=request.founding_date, domicile=facts.domicile,
        business_scope=request.business_scope, capital=facts.capital, legal_representative=facts.legal_representative,
    )  # fmt: skip
