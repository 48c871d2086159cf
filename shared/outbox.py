"""Outbox inside the aggregate: a document carries the ids of its unpublished events in `pending`, its events in `timeline`.

State and event are one write. After the commit `committed` publishes at once, in groups that form by themselves (what
queued while the last group was under way, never a timer). Confirmed ids are pulled from `pending` a little later, for many
documents at once and without waiting for the journal: nobody waits for it, and an id whose pull a crash undoes is only
published again. What is left behind is found by a partial index and published again by `sweep`; consumers are idempotent.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pymongo.collection import Collection

from shared import metrics
from shared.clock import Clock
from shared.events import CONTENT_TYPE, encode, encode_batch
from shared.failures import Unavailable
from shared.leftovers import Leftovers
from shared.logs import get_logger
from shared.mongo import NOT_AWAITED
from shared.outgoing import Outcome, Outgoing
from shared.publisher import Publisher
from shared.topology import Topology, exchange_name, routing_key

log = get_logger(__name__)
# Confirmations of this time are noted together.
SETTLE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class _Pending:
    collection: str
    document_id: str
    entry: dict[str, Any]


class Outbox:
    """Publishes what documents of one service carry. One per process."""

    def __init__(
        self, service: str, collections: dict[str, Collection[Any]], publisher: Publisher, topology: Topology,
        clock: Clock, limit: int = 20_000,
    ) -> None:  # fmt: skip
        self._service, self._topology, self._limit = service, topology, limit
        self.collections = collections
        self._leftovers = Leftovers(collections, clock)
        self._publisher = publisher
        self._fresh: list[_Pending] = []
        self._confirmed: list[_Pending] = []
        self._under_way: set[str] = set()
        self._behind = 0
        self._wake, self._stopping = threading.Condition(), False

    def start(self) -> None:
        for step, has_work in (
            (self._publish_fresh, lambda: bool(self._fresh)),
            (self._settle_confirmed, lambda: bool(self._confirmed)),
        ):
            threading.Thread(target=self._loop, args=(step, has_work), name=step.__name__, daemon=True).start()

    def committed(self, collection: str, document_id: str, entries: Sequence[dict[str, Any]]) -> None:
        """Publish the entries that were just stored with the document. Never blocks, never raises."""
        self.committed_many(collection, [(document_id, entry) for entry in entries])

    def committed_many(self, collection: str, items: Iterable[tuple[str, dict[str, Any]]]) -> None:
        """The same for a group of documents of one collection."""
        fresh = [_Pending(collection, document_id, entry) for document_id, entry in items]
        with self._wake:
            self._fresh.extend(fresh)
            self._under_way.update(item.entry["id"] for item in fresh)
            self._wake.notify_all()

    def check_capacity(self) -> None:
        """Back-pressure, asked before a command: raises Unavailable (OUTBOX_FULL) above the limit."""
        if len(self._under_way) + self._behind > self._limit:
            raise Unavailable(
                "events cannot be published as fast as they arise; try again later",
                reason="OUTBOX_FULL", metadata={"retry_after_seconds": "5"},
            )  # fmt: skip

    def stop(self, timeout: float = 5.0) -> None:
        """Publish what is here, then stop the threads; leftovers stay in the store for the sweeper."""
        deadline = time.monotonic() + timeout
        while (self._under_way or self._confirmed) and self._publisher.connected and time.monotonic() < deadline:
            time.sleep(0.01)
        with self._wake:
            self._stopping = True
            self._wake.notify_all()

    def sweep(self) -> int:
        """Publish leftovers of all collections again; returns how many events. Run by one worker at a time (lease)."""
        swept: list[str] = []
        for name, document_id, entries in self._leftovers.find():
            left = [entry for entry in entries if entry["id"] not in self._under_way]
            swept += [entry["id"] for entry in left]
            self.committed(name, document_id, left)
        self.measure()
        metrics.OUTBOX_PENDING.set(self._behind)
        metrics.OUTBOX_OLDEST.set(self._leftovers.oldest_age())
        metrics.OUTBOX_SWEPT.inc(len(swept))
        return len(swept)

    def measure(self) -> None:
        """Look how far behind the store is: the back-pressure of every process, whether it sweeps or not."""
        self._behind = self._leftovers.count(self._limit + 1)

    def _loop(self, step: Callable[[], None], has_work: Callable[[], bool]) -> None:
        while not self._stopping:
            with self._wake:
                self._wake.wait_for(lambda: self._stopping or has_work())
            try:
                step()
            except Exception as error:  # the thread lives as long as the process; what it held is swept up later
                log.warning("outbox_step_failed", step=step.__name__, error=type(error).__name__)
                time.sleep(0.5)

    def _publish_fresh(self) -> None:
        with self._wake:
            fresh, self._fresh = self._fresh, []
        by_type: dict[str, list[_Pending]] = defaultdict(list)
        for item in fresh:
            by_type[item.entry["type"]].append(item)
        for event, items in by_type.items():
            for start in range(0, len(items), self._topology.events_per_message):
                group = items[start : start + self._topology.events_per_message]
                try:
                    self._publish_group(event, group)
                except Exception as error:  # e.g. an event without its message: it stays in the store, and others flow
                    log.exception("event_not_encoded", event_type=event, error=type(error).__name__)
                    self._on_outcome(event, group, Outcome.FAILED)

    def _publish_group(self, event: str, items: list[_Pending]) -> None:
        body = encode_batch(encode(self._service, self._topology.region, i.document_id, i.entry) for i in items)
        self._publisher.publish(
            Outgoing(
                exchange=exchange_name(self._service),
                routing_key=routing_key(self._service, event),
                body=body,
                content_type=CONTENT_TYPE,
                mandatory=self._topology.has_audience(self._service, event),
                on_outcome=partial(self._on_outcome, event, items),
            )
        )

    def _on_outcome(self, event: str, items: list[_Pending], outcome: Outcome) -> None:
        with self._wake:
            if outcome is Outcome.CONFIRMED:
                self._confirmed.extend(items)
                metrics.EVENTS_PUBLISHED.labels(event).inc(len(items))
                self._wake.notify_all()
                return
            self._under_way.difference_update(item.entry["id"] for item in items)
        if outcome is Outcome.UNROUTABLE:
            metrics.EVENTS_UNROUTABLE.labels(event).inc(len(items))
            log.error("event_unroutable", event_type=event, events=len(items))
        else:
            metrics.PUBLISH_FAILED.inc()

    def _settle_confirmed(self) -> None:
        time.sleep(SETTLE_SECONDS)
        with self._wake:
            confirmed, self._confirmed = self._confirmed, []
        by_collection: dict[str, list[_Pending]] = defaultdict(list)
        for item in confirmed:
            by_collection[item.collection].append(item)
        try:
            for name, items in by_collection.items():
                documents = {"_id": {"$in": list({item.document_id for item in items})}}
                published = {"pending": {"$in": [item.entry["id"] for item in items]}}
                self.collections[name].with_options(write_concern=NOT_AWAITED).update_many(
                    documents, {"$pull": published}
                )
        finally:
            with self._wake:
                self._under_way.difference_update(item.entry["id"] for item in confirmed)
