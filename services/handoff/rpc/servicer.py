"""HandoffService: each method maps, calls one use case, maps back. Failures are turned into statuses by the server."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from google.protobuf import json_format
from tongban.handoff.v1 import messages_pb2 as pb
from tongban.handoff.v1 import service_pb2 as rpc
from tongban.handoff.v1 import service_pb2_grpc

from services.handoff.domain.case import HandoffCase
from services.handoff.rpc import mapping
from services.handoff.usecases import delivery, moves, receiving, window
from services.handoff.usecases.context import Parts
from services.handoff.usecases.feed import CursorExpired
from shared.commands import command_of
from shared.message_keys import raw_public
from shared.paging import page_size, read_token, write_token


class HandoffServicer(service_pb2_grpc.HandoffServiceServicer):
    """The contract of `protos/tongban/handoff/v1/service.proto`, where each method is described."""

    def __init__(self, parts: Parts, store: Any) -> None:
        self._parts, self._store = parts, store

    def OpenCase(self, request: Any, context: Any) -> Any:
        opening = window.Opening(
            item=request.item, deciding_region=request.deciding_region, unit_code=request.unit_code, mode=request.mode,
            identity_check=request.identity_check, consent=request.consent,
            application=_plain(json_format.MessageToDict(request.application)),
        )  # fmt: skip
        command = command_of(request.context, request)
        case, document, replayed = window.open_handoff(self._parts, command, opening)
        return rpc.OpenCaseResponse(case=self._case(case, document), replayed=replayed)

    def HandleCase(self, request: Any, context: Any) -> Any:
        step = request.WhichOneof("step")

        def act(case: HandoffCase, now: datetime) -> list[Any]:
            case.require(request.expected_version, request.unit_code)
            if step == "supplement":
                return case.supplement(list(request.supplement.materials), now)
            return case.withdraw(now) if step == "withdraw" else case.deliver(now)

        command = command_of(request.context, request)
        case, document, replayed = moves.change_case(self._parts, request.handoff_case_id, act, command)
        return rpc.HandleCaseResponse(case=self._case(case, document), replayed=replayed)

    def GetCase(self, request: Any, context: Any) -> Any:
        case, document = moves.load_case(self._parts, request.handoff_case_id)
        return rpc.GetCaseResponse(case=self._case(case, document))

    def ListCases(self, request: Any, context: Any) -> Any:
        side = pb.Side.Name(request.side).removeprefix("SIDE_") if request.side else ""
        state = pb.HandoffState.Name(request.state).removeprefix("HANDOFF_STATE_") if request.state else ""
        query = ("handoff-cases", side, state)
        found, last = self._store.list_cases(
            side, state, read_token(request.page.page_token, *query), page_size(request.page.page_size)
        )
        return rpc.ListCasesResponse(
            cases=[self._case(self._parts.case_of(document), {}) for document in found],
            next_page_token=write_token(last, *query) if last else "",
        )

    def GetResult(self, request: Any, context: Any) -> Any:
        pdf, case = window.result_file(self._parts, request.handoff_case_id, request.asked_by)
        return rpc.GetResultResponse(
            pdf=pdf, file_sha256=case.file_sha256, certificate_identifier=case.certificate_identifier
        )

    def ReceiveMessage(self, request: Any, context: Any) -> Any:
        signed = receiving.Signed(
            request.partner_region, request.key_id, request.body, request.signature_input, request.signature,
            request.traceparent,
        )  # fmt: skip
        receipt, duplicate = receiving.receive_message(self._parts, signed)
        return rpc.ReceiveMessageResponse(receipt=receipt, duplicate=duplicate)

    def ListMessages(self, request: Any, context: Any) -> Any:
        query = ("handoff-messages", request.handoff_case_id, request.state)
        found, last = self._store.list_messages(
            request.handoff_case_id, request.state, read_token(request.page.page_token, *query),
            page_size(request.page.page_size),
        )  # fmt: skip
        return rpc.ListMessagesResponse(
            messages=[mapping.message_report(document) for document in found],
            next_page_token=write_token(last, *query) if last else "",
        )

    def RetryMessage(self, request: Any, context: Any) -> Any:
        return rpc.RetryMessageResponse(
            message=mapping.message_report(delivery.retry_message(self._parts, request.message_id))
        )

    def ListKeys(self, request: Any, context: Any) -> Any:
        own = self._parts.key
        keys = [pb.PublicKey(key_id=own.key_id, region=self._parts.region, public_key=own.public)]
        for partner in self._parts.partners.all().values():
            keys += [
                pb.PublicKey(key_id=key_id, region=partner.region, public_key=raw_public(key))
                for key_id, key in partner.keys.items()
            ]
        return rpc.ListKeysResponse(keys=keys)

    def ListAgreements(self, request: Any, context: Any) -> Any:
        now, parts = self._parts.clock.now(), self._parts
        return rpc.ListAgreementsResponse(
            agreements=[mapping.agreement_message(one, parts.region, now) for one in parts.agreements.all()]
        )

    def ListLedger(self, request: Any, context: Any) -> Any:
        query = ("handoff-ledger", request.partner_region, request.handoff_case_id)
        after = read_token(request.page.page_token, *query)
        found, last = self._store.list_ledger(
            request.partner_region, request.handoff_case_id, int(after or 0), page_size(request.page.page_size)
        )
        return rpc.ListLedgerResponse(
            entries=[mapping.ledger_message(entry) for entry in found],
            next_page_token=write_token(last, *query) if last else "",
        )

    def VerifyLedger(self, request: Any, context: Any) -> Any:
        entries, broken, head = self._store.verify_ledger()
        return rpc.VerifyLedgerResponse(entries=entries, intact=not broken, broken_at=broken, head_hash=head)

    def ListFeed(self, request: Any, context: Any) -> Any:
        if 0 < request.after < self._store.feed_begins():
            raise CursorExpired("what follows this cursor is no longer kept", metadata={"cursor": str(request.after)})
        found = self._store.list_feed(request.partner_region, request.after, request.limit)
        return rpc.ListFeedResponse(
            entries=[mapping.feed_message(entry) for entry in found], next=found[-1]["_id"] if found else request.after
        )

    def _case(self, case: HandoffCase, document: dict[str, Any]) -> Any:
        return mapping.case_message(case, document, self._parts.clock.now())


def _plain(value: Any) -> Any:
    """Numbers of a Struct are doubles; whole ones come back as integers, as they were sent (money in fen)."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
