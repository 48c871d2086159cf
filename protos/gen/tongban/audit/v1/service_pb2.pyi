import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReadStandingsRequest(_message.Message):
    __slots__ = ("cursor",)
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    def __init__(self, cursor: _Optional[str] = ...) -> None: ...

class CaseStanding(_message.Message):
    __slots__ = ("collection", "case_id", "verdict", "reason", "party", "owed", "due_time")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    PARTY_FIELD_NUMBER: _ClassVar[int]
    OWED_FIELD_NUMBER: _ClassVar[int]
    DUE_TIME_FIELD_NUMBER: _ClassVar[int]
    collection: str
    case_id: str
    verdict: str
    reason: str
    party: str
    owed: str
    due_time: _timestamp_pb2.Timestamp
    def __init__(self, collection: _Optional[str] = ..., case_id: _Optional[str] = ..., verdict: _Optional[str] = ..., reason: _Optional[str] = ..., party: _Optional[str] = ..., owed: _Optional[str] = ..., due_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ReadStandingsResponse(_message.Message):
    __slots__ = ("cases", "next_cursor")
    CASES_FIELD_NUMBER: _ClassVar[int]
    NEXT_CURSOR_FIELD_NUMBER: _ClassVar[int]
    cases: _containers.RepeatedCompositeFieldContainer[CaseStanding]
    next_cursor: str
    def __init__(self, cases: _Optional[_Iterable[_Union[CaseStanding, _Mapping]]] = ..., next_cursor: _Optional[str] = ...) -> None: ...

class ReadPublishedRequest(_message.Message):
    __slots__ = ("cursor",)
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    def __init__(self, cursor: _Optional[str] = ...) -> None: ...

class PublishedEvent(_message.Message):
    __slots__ = ("event_id", "type", "subject", "time", "pending")
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    PENDING_FIELD_NUMBER: _ClassVar[int]
    event_id: str
    type: str
    subject: str
    time: _timestamp_pb2.Timestamp
    pending: bool
    def __init__(self, event_id: _Optional[str] = ..., type: _Optional[str] = ..., subject: _Optional[str] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., pending: _Optional[bool] = ...) -> None: ...

class ReadPublishedResponse(_message.Message):
    __slots__ = ("events", "next_cursor")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_CURSOR_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[PublishedEvent]
    next_cursor: str
    def __init__(self, events: _Optional[_Iterable[_Union[PublishedEvent, _Mapping]]] = ..., next_cursor: _Optional[str] = ...) -> None: ...

class ReadHandledRequest(_message.Message):
    __slots__ = ("cursor",)
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    def __init__(self, cursor: _Optional[str] = ...) -> None: ...

class HandledBatch(_message.Message):
    __slots__ = ("queue", "event_ids")
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    EVENT_IDS_FIELD_NUMBER: _ClassVar[int]
    queue: str
    event_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, queue: _Optional[str] = ..., event_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ReadHandledResponse(_message.Message):
    __slots__ = ("batches", "next_cursor", "noted_since")
    class NotedSinceEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _timestamp_pb2.Timestamp
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
    BATCHES_FIELD_NUMBER: _ClassVar[int]
    NEXT_CURSOR_FIELD_NUMBER: _ClassVar[int]
    NOTED_SINCE_FIELD_NUMBER: _ClassVar[int]
    batches: _containers.RepeatedCompositeFieldContainer[HandledBatch]
    next_cursor: str
    noted_since: _containers.MessageMap[str, _timestamp_pb2.Timestamp]
    def __init__(self, batches: _Optional[_Iterable[_Union[HandledBatch, _Mapping]]] = ..., next_cursor: _Optional[str] = ..., noted_since: _Optional[_Mapping[str, _timestamp_pb2.Timestamp]] = ...) -> None: ...
