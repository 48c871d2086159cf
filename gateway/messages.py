"""Protobuf messages as the JSON of the API, by one set of rules for all messages.

snake_case names; enums as their names without prefix (0 is null); instants as RFC 3339 in +08:00; bytes as base64url;
64-bit integers as numbers (money in fen stays below 2^53); an empty text is null; nothing is left out. The reader of each
message type is made once.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from google.protobuf.descriptor import FieldDescriptor
from starlette.responses import Response

from shared.clock import LOCAL

Reader = Callable[[Any], Any]
# texts that are JSON or an instant themselves
JSON_TEXT = ".TimelineEntry.data"
_TIME_TEXTS = frozenset({"tongban.registration.v1.SubmissionReceipt.received_time"})
TIMESTAMP = "google.protobuf.Timestamp"
_readers: dict[str, list[tuple[str, Reader]]] = {}


def to_json(message: Any) -> dict[str, Any]:
    """The message as a mapping ready to be written as JSON."""
    name = message.DESCRIPTOR.full_name
    readers = _readers.get(name)
    if readers is None:
        readers = _readers[name] = [(field.name, _reader(field)) for field in message.DESCRIPTOR.fields]
    return {field: read(message) for field, read in readers}


def answer(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer of a mapping or a message."""
    value = to_json(content) if hasattr(content, "DESCRIPTOR") else content
    return Response(msgspec.json.encode(value), status, headers, "application/json")


def local_time(instant: datetime) -> str:
    """An instant as the API writes it, e.g. 2026-05-04T09:30:00.000+08:00."""
    return instant.astimezone(LOCAL).isoformat(timespec="milliseconds")


def enum_values(enum: Any, prefix: str) -> dict[str, Any]:
    """Numbers of an enum by their names as the API writes them, without the unspecified one."""
    return {name.removeprefix(prefix): value for name, value in enum.items() if value}


def _reader(field: Any) -> Reader:
    name = field.name
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        return lambda message: dict(getattr(message, name))
    convert = _converter(field)
    if field.is_repeated:
        return lambda message: [convert(item) for item in getattr(message, name)]
    if field.has_presence:
        return lambda message: convert(getattr(message, name)) if message.HasField(name) else None
    return lambda message: convert(getattr(message, name))


def _converter(field: Any) -> Reader:
    if field.message_type is not None:
        if field.message_type.full_name == TIMESTAMP:
            return lambda value: local_time(value.ToDatetime(tzinfo=LOCAL))
        return to_json
    if field.enum_type is not None:
        prefix = field.enum_type.values[0].name.removesuffix("UNSPECIFIED")
        names = {
            value.number: value.name.removeprefix(prefix) if value.number else None for value in field.enum_type.values
        }
        return lambda value: names.get(value)
    if field.type == FieldDescriptor.TYPE_BYTES:
        return lambda value: base64.urlsafe_b64encode(value).rstrip(b"=").decode() or None
    if field.full_name.endswith(JSON_TEXT):
        return lambda value: json.loads(value) if value else None
    if field.full_name in _TIME_TEXTS:
        return lambda value: local_time(datetime.fromisoformat(value)) if value else None
    if field.type == FieldDescriptor.TYPE_STRING:
        return lambda value: value or None
    return lambda value: value
