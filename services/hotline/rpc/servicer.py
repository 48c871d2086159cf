"""HotlineService: each method maps, calls one use case, maps back. Failures are turned into statuses by the server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from tongban.hotline.v1 import messages_pb2 as pb
from tongban.hotline.v1 import service_pb2 as rpc
from tongban.hotline.v1 import service_pb2_grpc

from services.hotline.domain.dispatch import check_unit
from services.hotline.domain.order import Order
from services.hotline.rpc import mapping
from services.hotline.usecases import orders, statistics
from services.hotline.usecases.context import Filed, Parts
from shared.commands import command_of
from shared.failures import InvalidArgument, PermissionDenied, Violation
from shared.paging import page_size, read_token, write_token

Act = Callable[[Order, Any, datetime], list[Any]]


def _nothing(act: Callable[[Order, Any], None]) -> Act:
    def acted(order: Order, message: Any, now: datetime) -> list[Any]:
        act(order, message)
        return []

    return acted


# Steps of the unit that has the order, and of the centre.
UNIT_STEPS: dict[str, Act] = {
    "sign": lambda o, m, now: [o.sign(now)],
    "give_back": lambda o, m, now: o.give_back(m.reason_code, m.proposed_unit_code, now),
    "extend": lambda o, m, now: [o.extend(m.reason_code, now)],
    "add_helper": _nothing(lambda o, m: o.add_helper(m.unit_code)),
    "reply": lambda o, m, now: [o.reply(now)],
}
CENTRE_STEPS: dict[str, Act] = {
    "follow_up": lambda o, m, now: o.follow_up(m.reached, m.resolved, m.satisfaction, now),
    "close": lambda o, m, now: [o.close(m.outcome_code, now)],
    "join": lambda o, m, now: [o.join(m.lead_order_id)],
}


class HotlineServicer(service_pb2_grpc.HotlineServiceServicer):
    """The contract of `protos/tongban/hotline/v1/service.proto`, where each method is described."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def FileRequest(self, request: Any, context: Any) -> Any:
        filed = Filed(
            caller=request.caller, title=request.title, text=request.text, kind=request.kind, place=request.place,
            territory=request.territory, category_code=request.category_code,
            track="ENTERPRISE" if request.enterprise_code else "CITIZEN", caller_code=request.enterprise_code,
        )  # fmt: skip
        command = command_of(request.context, request)
        order, document, request_id, replayed = orders.file_request(self._parts, command, filed)
        return rpc.FileRequestResponse(
            request_id=request_id, order=self._order(order, document), replayed=replayed,
            urged=order.requests[0].request_id != request_id,
        )  # fmt: skip

    def GetRequest(self, request: Any, context: Any) -> Any:
        order, document = orders.load_own(self._parts, request.request_id, request.only_client_id)
        return rpc.GetRequestResponse(order=self._order(order, document))

    def GetOrder(self, request: Any, context: Any) -> Any:
        order, document = orders.load_order(self._parts, request.order_id)
        units = {order.unit_code, *(helper.unit_code for helper in order.helpers)}
        if request.only_unit_code and request.only_unit_code not in units:
            raise orders.OrderNotFound("no order with this id", metadata={"order_id": request.order_id})
        return rpc.GetOrderResponse(order=self._order(order, document, whole=True))

    def ListWork(self, request: Any, context: Any) -> Any:
        query = ("work", request.party)
        found, last = self._parts.store.work(
            request.party, read_token(request.page.page_token, *query), page_size(request.page.page_size)
        )
        return rpc.ListWorkResponse(
            orders=[self._order(self._parts.order_of(document), {}) for document in found],
            next_page_token=write_token(last, *query) if last else "",
        )

    def HandleOrder(self, request: Any, context: Any) -> Any:
        step = request.WhichOneof("step")
        message = getattr(request, step)
        command = command_of(request.context, request)
        if step == "dispatch":
            self._centre_only(request)
            order, document, replayed = orders.dispatch(
                self._parts, command, request.order_id, request.expected_version, message.unit_code,
                message.category_code,
            )  # fmt: skip
        else:
            act = self._act(request, step, message)
            order, document, replayed = orders.change_order(self._parts, command, request.order_id, act)
        return rpc.HandleOrderResponse(order=self._order(order, document, whole=True), replayed=replayed)

    def ListSimilar(self, request: Any, context: Any) -> Any:
        found = orders.similar_orders(self._parts, request.order_id)
        return rpc.ListSimilarResponse(
            similar_orders=[
                pb.SimilarOrder(order=self._order(order, {}), likeness=round(share * 100)) for order, share in found
            ]
        )

    def GetStatistics(self, request: Any, context: Any) -> Any:
        first, last = (_day(getattr(request, name), name) for name in ("from_date", "to_date"))
        return rpc.GetStatisticsResponse(**statistics.count(self._parts, first, last))

    def _act(self, request: Any, step: str, message: Any) -> Callable[[Order, datetime], list[Any]]:
        unit = request.unit_code

        def act(order: Order, now: datetime) -> list[Any]:
            if step == "settle_part":
                # its own part a unit finishes; another's the lead excuses
                order.require(request.expected_version, "" if message.unit_code == unit else unit)
                order.settle_part(message.unit_code, "EXCUSED" if message.excuse else "DONE", message.excuse)
                return []
            if step in CENTRE_STEPS:
                self._centre_only(request)
                order.require(request.expected_version)
                return CENTRE_STEPS[step](order, message, now)
            if not unit:
                raise PermissionDenied("this is the unit's to do", reason="UNIT_MISSING")
            order.require(request.expected_version, unit)
            if step == "add_helper":
                check_unit(message.unit_code, self._parts.region)
            return UNIT_STEPS[step](order, message, now)

        return act

    def _centre_only(self, request: Any) -> None:
        if request.unit_code:
            raise PermissionDenied("this is the centre's to do", reason="CENTRE_ONLY")

    def _order(self, order: Order, document: Any, whole: bool = False) -> Any:
        content = orders.content_of(self._parts, document) if whole else None
        return mapping.order_message(order, document, self._parts.clock.now(), content)


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        violation = Violation(name, "is no date", "DATE_INVALID")
        raise InvalidArgument(violation.description, reason="DATE_INVALID", violations=(violation,)) from None
