"""Counts of a span of days, computed from stored facts when they are asked for."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from services.hotline.domain.order import Order, effective_requests
from services.hotline.usecases.context import Parts
from shared.clock import end_of_local_day

RULE_VERSION = 1


def count(parts: Parts, first: date, last: date) -> dict[str, int]:
    """Orders, requests, effective requests (3-15) and how they went, of the days `first` to `last`."""
    start, end = end_of_local_day(first - timedelta(days=1)), end_of_local_day(last)
    found = [parts.order_of(document) for document in parts.store.registered_between(start, end)]
    groups: dict[str, list[Order]] = defaultdict(list)
    for order in found:
        groups[order.lead_order_id or order.order_id].append(order)
    replied = [order for order in found if order.state in ("REPLIED", "CLOSED") and order.dispatches]
    return {
        "orders": len(found),
        "requests": sum(len(order.requests) for order in found),
        "effective_requests": sum(effective_requests(group) for group in groups.values()),
        "replied": len(replied),
        "replied_in_time": sum(order.in_time for order in replied),
        "first_dispatch": sum(order.dispatches == 1 for order in replied),
        "escalated": sum(order.escalations > 0 for order in found),
        "rule_version": RULE_VERSION,
    }
