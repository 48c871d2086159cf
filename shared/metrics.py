"""Metrics that every process exports; a service adds its own in its files. All are listed in docs/metrics.md (tested).

Labels have few values: route templates, event types, queue names, failure reasons; never ids.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

LATENCY_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

RPC_DURATION = Histogram(
    "tongban_rpc_duration_seconds", "Time to answer a gRPC call.", ["method", "code"], buckets=LATENCY_BUCKETS
)
EVENTS_PUBLISHED = Counter("tongban_events_published_total", "Events that the broker confirmed.", ["event"])
EVENTS_UNROUTABLE = Counter(
    "tongban_events_unroutable_total", "Events that no queue took; they stay in the outbox.", ["event"]
)
PUBLISH_FAILED = Counter(
    "tongban_publish_failed_total", "Messages the broker did not confirm; the sweeper repeats them."
)
OUTBOX_SWEPT = Counter("tongban_outbox_swept_total", "Leftover events that a sweep published again.")
OUTBOX_PENDING = Gauge("tongban_outbox_pending_events", "Documents with events older than the sweep's grace period.")
OUTBOX_OLDEST = Gauge("tongban_outbox_oldest_age_seconds", "Age of the oldest unpublished event.")
GROUP_SIZE = Histogram(
    "tongban_group_write_size", "Documents written by one grouped insert.", buckets=(1, 2, 5, 10, 20, 50, 100, 200)
)
EVENTS_HANDLED = Counter("tongban_events_handled_total", "Events whose handler finished.", ["queue"])
EVENTS_RETRIED = Counter(
    "tongban_events_retried_total", "Events put on a delay queue after a failure.", ["queue", "reason"]
)
EVENTS_DEAD = Counter("tongban_events_dead_total", "Events moved to the dead queue.", ["queue", "reason"])
HANDLING_DURATION = Histogram(
    "tongban_handling_duration_seconds", "Time a handler took for one message.", ["queue"], buckets=LATENCY_BUCKETS
)
BROKER_CONNECTED = Gauge("tongban_broker_connected", "1 while the publishing connection is open.")
DUE_ACTED = Counter("tongban_due_items_acted_total", "Due cases that a sweep acted on.", ["collection"])
DUE_FAILED = Counter(
    "tongban_due_items_failed_total", "Due cases whose sweep failed; tried again later.", ["collection"]
)
DUE_UNMOVED = Counter(
    "tongban_due_items_unmoved_total", "Due cases that stayed due though acting on them did not fail.", ["collection"]
)
