"""Events: what a command appends to a case's timeline is what is published.

A service declares an event twice with the same name and fields: a dataclass in its domain and a protobuf message in
`protos/tongban/<service>/v1/events.proto` (a test compares them). In the document the event is a timeline entry, on the
bus a CloudEvent 1.0 in the protobuf format; up to `events_per_message` of one type travel in one message.
"""

from __future__ import annotations

import dataclasses
import importlib
import re
from collections.abc import Hashable, Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

from cloudevents.v1 import cloudevents_pb2
from google.protobuf.message import DecodeError, Message

from shared.failures import InvalidArgument
from shared.ids import new_id
from shared.topology import load_topology, routing_key

CONTENT_TYPE = "application/cloudevents-batch+protobuf"


@dataclasses.dataclass(frozen=True, slots=True)
class Cause:
    """Why something happens: carried from a command or an event into everything that follows."""

    actor_id: str = ""
    correlation_id: str = ""
    causation_id: str = ""
    traceparent: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Event:
    """An event as a consumer sees it. `data` is the message of events.proto; `time` is aware UTC."""

    id: str
    type: str
    subject: str
    time: datetime
    data: Any
    source: str = ""
    correlation_id: str = ""
    causation_id: str = ""
    traceparent: str = ""
    # the event alone in an envelope, to be published again as it came
    raw: bytes = b""

    def cause(self) -> Cause:
        """The cause of what a handler does in answer to this event."""
        return Cause(self.source, self.correlation_id, self.id, self.traceparent)


@cache
def _field_names(kind: Hashable) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(cast(Any, kind)))


def timeline_entry(event: Any, time: datetime, cause: Cause) -> dict[str, Any]:
    """A domain event (dataclass) as the entry that is stored in its document and published from there."""
    return {
        "id": new_id("evt"),
        "type": type(event).__name__,
        "time": time,
        "actor_id": cause.actor_id,
        "correlation_id": cause.correlation_id,
        "causation_id": cause.causation_id,
        "traceparent": cause.traceparent,
        "data": {name: getattr(event, name) for name in _field_names(cast(Hashable, type(event)))},
    }


def encode(service: str, region: str, subject: str, entry: dict[str, Any]) -> cloudevents_pb2.CloudEvent:
    """A timeline entry as a CloudEvent. Raises KeyError when events.proto lacks the message."""
    event_type = routing_key(service, entry["type"])
    cloud_event = cloudevents_pb2.CloudEvent(
        id=entry["id"], source=f"//tongban/{region}/{service}", spec_version="1.0", type=event_type
    )
    attributes = cloud_event.attributes
    attributes["subject"].ce_string = subject
    attributes["time"].ce_timestamp.FromDatetime(entry["time"])
    attributes["dataschema"].ce_uri = f"protos/tongban/{service}/v1/events.proto"
    for name, key in (("correlationid", "correlation_id"), ("causationid", "causation_id"), ("traceparent",) * 2):
        if entry.get(key):
            attributes[name].ce_string = entry[key]
    cloud_event.proto_data.Pack(message_class(event_type)(**entry["data"]))
    return cloud_event


def encode_batch(events: Iterable[cloudevents_pb2.CloudEvent]) -> bytes:
    """Events of one type as the body of one message."""
    return cloudevents_pb2.CloudEventBatch(events=events).SerializeToString()


def decode_batch(body: bytes) -> list[Event]:
    """The events of a message. Raises InvalidArgument (UNDECODABLE_MESSAGE, UNKNOWN_EVENT_TYPE)."""
    try:
        batch = cloudevents_pb2.CloudEventBatch.FromString(body)
        events = [_decode(cloud_event) for cloud_event in batch.events]
    except (DecodeError, TypeError, ValueError) as error:
        raise InvalidArgument("message is no batch of CloudEvents", reason="UNDECODABLE_MESSAGE") from error
    if not events:
        raise InvalidArgument("message carries no event", reason="UNDECODABLE_MESSAGE")
    return events


def _decode(cloud_event: cloudevents_pb2.CloudEvent) -> Event:
    try:
        data = message_class(cloud_event.type)()
    except KeyError as error:
        raise InvalidArgument("no such event type is known here", reason="UNKNOWN_EVENT_TYPE") from error
    if not cloud_event.id or not cloud_event.proto_data.Unpack(data):
        raise InvalidArgument("event without id or with other data than its type", reason="UNDECODABLE_MESSAGE")
    attributes = cloud_event.attributes
    return Event(
        id=cloud_event.id,
        type=cloud_event.type,
        subject=attributes["subject"].ce_string,
        time=attributes["time"].ce_timestamp.ToDatetime(tzinfo=UTC),
        data=data,
        source=cloud_event.source,
        correlation_id=attributes["correlationid"].ce_string,
        causation_id=attributes["causationid"].ce_string,
        traceparent=attributes["traceparent"].ce_string,
        raw=encode_batch([cloud_event]),
    )


@cache
def message_class(event_type: str) -> type[Message]:
    """Message class of an event type `tongban.<service>.v1.<Event>`. Raises KeyError when no events.proto declares it."""
    match = re.fullmatch(r"tongban\.([a-z]+)\.v1\.([A-Za-z]+)", event_type)
    if match is None or match[1] not in load_topology().services:
        raise KeyError(event_type)
    try:
        module = importlib.import_module(f"tongban.{match[1]}.v1.events_pb2")
        return cast(type[Message], getattr(module, match[2]))
    except (ImportError, AttributeError) as error:
        raise KeyError(event_type) from error
