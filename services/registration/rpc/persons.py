"""The part of the contract about persons and duplicates; no rules here."""

from __future__ import annotations

from typing import Any

from tongban.registration.v1 import service_pb2 as rpc

from services.registration.rpc.mapping import entity_message
from services.registration.usecases import decide, duplicates, persons
from services.registration.usecases.context import Parts
from shared.paging import page_size, read_token, write_token


class PersonRpcs:
    """Mixed into the servicer of the service."""

    _parts: Parts

    def FindEntitiesByPerson(self, request: Any, context: Any) -> Any:
        key = persons.asked_person(self._parts, request.id_type, request.id_number)
        # a token is made of the keyed hash: from one of the number itself the number could be guessed
        query = ("entities_by_person", key)
        after, size = read_token(request.page.page_token, *query), page_size(request.page.page_size)
        found, last, barred = persons.find_entities_by_person(
            self._parts, key, request.purpose, request.asked_by, after, size
        )
        return rpc.FindEntitiesByPersonResponse(
            entities=[entity_message(self._parts.entity_of(document), document, False) for document in found],
            next_page_token=write_token(last, *query) if last else "",
            barred_until=barred,
        )

    def CompareDuplicates(self, request: Any, context: Any) -> Any:
        application, document = decide.get_application(self._parts, request.application_id)
        pairs = duplicates.compare_duplicates(self._parts, application, document)
        return rpc.CompareDuplicatesResponse(pairs=[_pair_message(pair) for pair in pairs])


def _pair_message(pair: duplicates.Pair) -> Any:
    return rpc.DuplicatePair(
        entity_id=pair.other_id,
        reasons=pair.reasons,
        fields=[
            rpc.FieldComparison(field=f.field, of_application=f.of_application, of_other=f.of_other, same=f.same)
            for f in pair.fields
        ],
    )
