"""AuditService of a service's rpc process: pages over what the store already keeps; nothing is computed at write time.

A store says in `audited()` which collections hold cases and how a document's standing is read; its outbox's collections hold
the published events.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from pymongo.collection import Collection
from tongban.audit.v1 import service_pb2 as pb
from tongban.audit.v1 import service_pb2_grpc

from shared.clock import Clock
from shared.handled_events import HandledEvents
from shared.open_cases import Audited
from shared.standing import AuditVerdict, verdict

PAGE = 1000
# How many documents are read for a page of those that meet a condition: closed cases stay for ever, and a page that looked for
# the open ones among all of them would take longer every year, at last longer than anybody waits.
READ = 20_000


class AuditServicer(service_pb2_grpc.AuditServiceServicer):
    """The contract of `protos/tongban/audit/v1/service.proto`."""

    def __init__(
        self, audited: Audited, published: Mapping[str, Collection[Any]], handled: HandledEvents, clock: Clock
    ) -> None:
        self._audited, self._published, self._handled, self._clock = audited, published, handled, clock

    def ReadStandings(self, request: Any, context: Any) -> Any:
        places = {name: (cases.collection, cases.query) for name, cases in self._audited.items()}
        name, documents, cursor = _page(places, request.cursor, {"timeline": 0, "content": 0, "commands": 0})
        now, told = self._clock.now(), []
        for document in documents:
            standing = self._audited[name].standing_of(document)
            found, reason = verdict(standing, now)
            if found is AuditVerdict.CLOSED:
                continue
            case = pb.CaseStanding(
                collection=name, case_id=str(document["_id"]), verdict=found, reason=reason, party=standing.party,
                owed=standing.what,
            )  # fmt: skip
            if standing.due_time is not None:
                case.due_time.FromDatetime(standing.due_time)
            told.append(case)
        return pb.ReadStandingsResponse(cases=told, next_cursor=cursor)

    def ReadPublished(self, request: Any, context: Any) -> Any:
        fields = {"timeline.id": 1, "timeline.type": 1, "timeline.time": 1, "pending": 1}
        places: dict[str, tuple[Collection[Any], dict[str, Any]]] = {n: (c, {}) for n, c in self._published.items()}
        _, documents, cursor = _page(places, request.cursor, fields)
        told = []
        for document in documents:
            pending = set(document.get("pending") or ())
            for entry in document.get("timeline") or ():
                event = pb.PublishedEvent(
                    event_id=entry["id"],
                    type=entry["type"],
                    subject=str(document["_id"]),
                    pending=entry["id"] in pending,
                )
                event.time.FromDatetime(entry["time"])
                told.append(event)
        return pb.ReadPublishedResponse(events=told, next_cursor=cursor)

    def ReadHandled(self, request: Any, context: Any) -> Any:
        after = {"_id": {"$gt": ObjectId(request.cursor)}} if request.cursor else {"_id": {"$type": "objectId"}}
        found = list(self._handled.collection.find(after).sort("_id", 1).limit(PAGE))
        answer = pb.ReadHandledResponse(
            batches=[pb.HandledBatch(queue=note["queue"], event_ids=note["ids"]) for note in found],
            next_cursor=str(found[-1]["_id"]) if len(found) == PAGE else "",
        )
        for queue, since in self._handled.since().items():
            answer.noted_since[queue].FromDatetime(since)
        return answer


def _page(
    places: Mapping[str, tuple[Collection[Any], dict[str, Any]]], cursor: str, fields: dict[str, Any]
) -> tuple[str, list[dict[str, Any]], str]:
    """One page of one collection after another: its name, its documents, the cursor of the next page ("" at the end). A page may
    be empty and have a next one."""
    names = list(places)
    if not names:
        return "", [], ""
    name, _, after = cursor.partition("|")
    name = name or names[0]
    if name not in places:
        return name, [], ""
    collection, query = places[name]
    span: dict[str, Any] = {"_id": {"$gt": after}} if after else {}
    end = _behind(collection, span) if query else ""
    if end:
        span = {"_id": span.get("_id", {}) | {"$lte": end}}
    found = list(collection.find(query | span, fields).sort("_id", 1).hint("_id_").limit(PAGE))
    if len(found) == PAGE:
        return name, found, f"{name}|{found[-1]['_id']}"
    if end:
        return name, found, f"{name}|{end}"
    rest = names[names.index(name) + 1 :]
    return name, found, f"{rest[0]}|" if rest else ""


def _behind(collection: Collection[Any], span: dict[str, Any]) -> str:
    """The id up to which a page reads; "" for up to the last."""
    found = list(collection.find(span, {"_id": 1}).sort("_id", 1).hint("_id_").skip(READ - 1).limit(1))
    return str(found[0]["_id"]) if found else ""
