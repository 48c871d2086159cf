"""The part of the contract about bundles of entities; no rules here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from google.protobuf.json_format import MessageToDict
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.domain.bundle import Bundle
from services.registration.domain.bundle_types import authority_name
from services.registration.rpc.mapping import timeline_messages
from services.registration.usecases import bundles
from services.registration.usecases.context import Parts
from services.registration.usecases.entities import get_entity
from shared.commands import command_of
from shared.paging import page_size, read_token, write_token


class EntityBundleRpcs:
    """Mixed into the servicer of the service."""

    _parts: Parts

    def StartEntityBundle(self, request: Any, context: Any) -> Any:
        bundle, document, replayed = bundles.start_bundle(
            self._parts, command_of(request.context, request), request.kind, request.entity_id, dict(request.facts),
            _told(request, "application"), request.division_code, _told(request, "person"),
            [_fields(investor) for investor in request.investors],
        )  # fmt: skip
        return rpc.StartEntityBundleResponse(bundle=self._bundle(bundle, document), replayed=replayed)

    def ActOnEntityBundle(self, request: Any, context: Any) -> Any:
        bundle, document, replayed = bundles.act_on_bundle(
            self._parts, command_of(request.context, request), request.bundle_id, request.expected_version,
            request.action, _told(request, "application"), request.only_client_id,
        )  # fmt: skip
        return rpc.ActOnEntityBundleResponse(bundle=self._bundle(bundle, document), replayed=replayed)

    def GetEntityBundle(self, request: Any, context: Any) -> Any:
        bundle, document = bundles.load_bundle(self._parts, request.bundle_id, request.only_client_id)
        return rpc.GetEntityBundleResponse(bundle=self._bundle(bundle, document))

    def ListEntityBundles(self, request: Any, context: Any) -> Any:
        query = ("entity_bundles", request.entity_id)
        found, last = self._page(self._parts.bundles.of_entity, request.page, *query)
        if not found:
            get_entity(self._parts, request.entity_id)
        return rpc.ListEntityBundlesResponse(bundles=found, next_page_token=last)

    def ListBundlesOf(self, request: Any, context: Any) -> Any:
        query = ("bundles_of", request.client_id)
        found, last = self._page(self._parts.bundles.of_client, request.page, *query)
        return rpc.ListBundlesOfResponse(bundles=found, next_page_token=last)

    def _page(self, read: Callable[[str, str, int], Any], page: Any, *query: str) -> tuple[list[Any], str]:
        """Bundles as messages, without what happened in them, and the token of the next page."""
        found, last = read(query[1], read_token(page.page_token, *query), page_size(page.page_size))
        messages = [self._bundle(self._parts.bundle_of(document), {}) for document in found]
        return messages, write_token(last, *query) if last else ""

    def _bundle(self, bundle: Bundle, document: dict[str, Any]) -> Any:
        return bundle_message(bundle, document, self._parts.clock.now())


def bundle_message(bundle: Bundle, document: dict[str, Any], now: datetime) -> Any:
    """A bundle with its parts and who owes what."""
    standing = bundle.standing(now)
    message = pb.EntityBundle(
        bundle_id=bundle.bundle_id, kind=bundle.kind, state=bundle.state, version=bundle.version,
        outcome=bundle.outcome, entity_id=bundle.entity_id, uscc=bundle.uscc, owed_by=standing.party,
        owed=standing.what, owed_flag=standing.flag, escalated=standing.escalated, timeline=timeline_messages(document),
        parts=[
            pb.BundlePart(
                key=part.key, authority=authority_name(bundle.rules.rule(part.key).authority), ask=part.ask,
                state=part.state, attempts=part.tries, reason_codes=part.reason_codes, reference=part.reference,
                followed=part.followed, not_followed=part.not_followed, due_date=part.due_date, owed_by=part.owed_by,
                owed=part.owed,
            )
            for part in bundle.parts
        ],
    )  # fmt: skip
    message.received_time.FromDatetime(bundle.received_time)
    if standing.due_time is not None:
        message.owed_until.FromDatetime(standing.due_time)
    for told, part in zip(message.parts, bundle.parts, strict=True):
        if part.next_time is not None:
            told.next_time.FromDatetime(part.next_time)
    return message


def _told(request: Any, field: str) -> dict[str, Any] | None:
    """A message as fields and enum names; None when it was not given."""
    if not request.HasField(field):
        return None
    return _fields(getattr(request, field))


def _fields(message: Any) -> dict[str, Any]:
    told: dict[str, Any] = MessageToDict(message, preserving_proto_field_name=True)
    return told
