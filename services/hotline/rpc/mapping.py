"""Between the contract's messages and the domain, nothing else."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from tongban.hotline.v1 import messages_pb2 as pb

from services.hotline.domain.dispatch import category
from services.hotline.domain.order import Order


def order_message(order: Order, document: dict[str, Any], now: datetime, content: dict[str, str] | None = None) -> Any:
    """An order; `content` only for whoever handles it."""
    standing = order.standing(now)
    message = pb.Order(
        order_id=order.order_id, state=f"ORDER_STATE_{order.state}", version=order.version, kind=order.kind,
        track=order.track, urgency=order.urgency, territory=order.territory, unit_code=order.unit_code,
        urges=len(order.requests) - 1, lead_order_id=order.lead_order_id, dispatches=order.dispatches,
        returns=order.returns, reopenings=order.reopenings, appointed=order.appointed, in_time=order.in_time,
        satisfaction=order.satisfaction, outcome_code=order.outcome_code, waits_for=standing.party, owed=standing.what,
        escalated=standing.escalated, registered_time=_stamp(order.registered_time),
        helpers=[pb.Helper(unit_code=h.unit_code, state=h.state, reason=h.reason) for h in order.helpers],
        timeline=[
            pb.TimelineEntry(
                event_id=e["id"], type=e["type"], time=_stamp(e["time"]), actor_id=e["actor_id"],
                data=json.dumps(e["data"], ensure_ascii=False),
            )
            for e in document.get("timeline", ())
        ],
    )  # fmt: skip
    if standing.due_time is not None:
        message.due_time.FromDatetime(standing.due_time)
    if order.category_code:
        found = category(order.category_code)
        message.category.CopyFrom(pb.Category(code=found.code, name=found.name, urgency=found.urgency))
    if content is not None:
        message.title, message.text, message.place = content["title"], content["text"], content["place"]
    return message


def _stamp(instant: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(instant)
    return stamp
