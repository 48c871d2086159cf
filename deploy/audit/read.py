"""Asking every service, the broker and handoff's ledger of one region what the audit wants to know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import grpc
import pika
import pika.exceptions
from tongban.audit.v1 import service_pb2 as pb
from tongban.audit.v1.service_pb2_grpc import AuditServiceStub
from tongban.handoff.v1 import service_pb2 as handoff
from tongban.handoff.v1.service_pb2_grpc import HandoffServiceStub

from deploy.audit.judge import Case, Published, Queue
from shared.dead_letters import list_dead
from shared.topology import Topology, dead_queue_name, retry_queue_name

SECONDS = 30.0
# Dead letters that a finding names; `tongban dead list` shows more.
NAMED = 5
FAR_FUTURE = datetime.max.replace(tzinfo=UTC)


@dataclass
class Told:
    """What the services of one region said at `now`."""

    now: datetime
    cases: list[Case]
    published: dict[str, Published]
    queues: list[Queue]
    dead: dict[str, int]
    letters: dict[str, list[str]]
    ledger_entries: int
    ledger_broken_at: int
    messages_parked: list[str]


def read_region(topology: Topology, amqp_uri: str, service_address: Callable[[str], str]) -> Told:
    """Ask everybody. `service_address(name)` is where a service's rpc process listens. Raises grpc.RpcError.

    Handled comes before published: an event that is handled while the audit reads is then in both.
    """
    handled: dict[str, set[str]] = {}
    since: dict[str, datetime] = {}
    cases: list[Case] = []
    published: dict[str, Published] = {}
    begun = datetime.now(UTC)
    stubs = {n: AuditServiceStub(grpc.insecure_channel(service_address(n))) for n in topology.services}  # type: ignore[no-untyped-call, unused-ignore]
    for stub in stubs.values():
        for page in _pages(stub.ReadHandled, pb.ReadHandledRequest):
            for batch in page.batches:
                handled.setdefault(batch.queue, set()).update(batch.event_ids)
            since |= {queue: _aware(time) for queue, time in page.noted_since.items()}
    for name, stub in stubs.items():
        for page in _pages(stub.ReadStandings, pb.ReadStandingsRequest):
            cases += [
                Case(name, c.collection, c.case_id, c.verdict, c.reason, c.party, c.owed) for c in page.cases
            ]  # fmt: skip
        for page in _pages(stub.ReadPublished, pb.ReadPublishedRequest):
            published |= {
                e.event_id: Published(e.event_id, name, e.type, e.subject, _aware(e.time), e.pending)
                for e in page.events
            }
    messages, dead = _messages(topology, amqp_uri)
    queues = [
        Queue(s.queue, s.publisher, s.event, frozenset(handled.get(s.queue, ())), since.get(s.queue, FAR_FUTURE),
              messages[s.queue])
        for s in topology.subscriptions
    ]  # fmt: skip
    handing = HandoffServiceStub(grpc.insecure_channel(service_address("handoff")))  # type: ignore[no-untyped-call, unused-ignore]
    ledger = handing.VerifyLedger(handoff.VerifyLedgerRequest(), timeout=SECONDS)
    parked = handing.ListMessages(handoff.ListMessagesRequest(state="PARKED"), timeout=SECONDS).messages
    return Told(
        begun, cases, published, queues, dead, _letters(amqp_uri, dead), ledger.entries, ledger.broken_at,
        [f"{m.message_id} to {m.partner_region}: {m.reason}" for m in parked],
    )  # fmt: skip


def _letters(uri: str, dead: Mapping[str, int]) -> dict[str, list[str]]:
    """The first dead letters of each service that has some: which queue gave up which event, and why."""
    return {
        service: [
            f"{one.queue} {', '.join(one.event_ids) or 'undecodable'} {one.reason}"
            for one in list_dead(uri, service, NAMED)
        ]
        for service, count in dead.items()
        if count
    }


def ledger_entries(address: str, partner: str) -> list[dict[str, Any]]:
    """The whole ledger of a region with one partner."""
    stub, token = HandoffServiceStub(grpc.insecure_channel(address)), ""  # type: ignore[no-untyped-call, unused-ignore]
    found: list[dict[str, Any]] = []
    while True:
        request = handoff.ListLedgerRequest(partner_region=partner)
        request.page.page_size, request.page.page_token = 200, token
        page = stub.ListLedger(request, timeout=SECONDS)
        found += [
            {"kind": e.kind, "message_id": e.message_id, "message_sha256": e.message_sha256,
             "receipt_sha256": e.receipt_sha256, "time": _aware(e.time)}
            for e in page.entries
        ]  # fmt: skip
        token = page.next_page_token
        if not token:
            return found


def _pages(method: Callable[..., Any], request: Callable[..., Any]) -> Iterator[Any]:
    cursor = ""
    while True:
        page = method(request(cursor=cursor), timeout=SECONDS)
        yield page
        cursor = page.next_cursor
        if not cursor:
            return


def _messages(topology: Topology, uri: str) -> tuple[dict[str, int], dict[str, int]]:
    """Messages of each subscription (its queue and its delay queues), and of each service's dead queue."""
    connection = pika.BlockingConnection(pika.URLParameters(uri))
    try:

        def count(queue: str) -> int:
            channel = connection.channel()
            try:
                found: int = channel.queue_declare(queue, passive=True).method.message_count
                channel.close()
                return found
            except pika.exceptions.ChannelClosedByBroker:
                return 0  # a delay queue is there only when it was used

        steps = range(1, len(topology.retry_delays_s) + 1)
        messages = {
            s.queue: sum(count(q) for q in (s.queue, *(retry_queue_name(s.queue, n) for n in steps)))
            for s in topology.subscriptions
        }
        dead = {name: count(dead_queue_name(name)) for name in topology.services}
    finally:
        connection.close()
    return messages, dead


def _aware(stamp: Any) -> datetime:
    found: datetime = stamp.ToDatetime(tzinfo=UTC)
    return found
