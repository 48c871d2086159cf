import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OrderState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ORDER_STATE_UNSPECIFIED: _ClassVar[OrderState]
    ORDER_STATE_UNOWNED: _ClassVar[OrderState]
    ORDER_STATE_DISPATCHED: _ClassVar[OrderState]
    ORDER_STATE_SIGNED: _ClassVar[OrderState]
    ORDER_STATE_DISPUTED: _ClassVar[OrderState]
    ORDER_STATE_REPLIED: _ClassVar[OrderState]
    ORDER_STATE_CLOSED: _ClassVar[OrderState]
ORDER_STATE_UNSPECIFIED: OrderState
ORDER_STATE_UNOWNED: OrderState
ORDER_STATE_DISPATCHED: OrderState
ORDER_STATE_SIGNED: OrderState
ORDER_STATE_DISPUTED: OrderState
ORDER_STATE_REPLIED: OrderState
ORDER_STATE_CLOSED: OrderState

class Category(_message.Message):
    __slots__ = ("code", "name", "urgency")
    CODE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    URGENCY_FIELD_NUMBER: _ClassVar[int]
    code: str
    name: _containers.RepeatedScalarFieldContainer[str]
    urgency: str
    def __init__(self, code: _Optional[str] = ..., name: _Optional[_Iterable[str]] = ..., urgency: _Optional[str] = ...) -> None: ...

class Helper(_message.Message):
    __slots__ = ("unit_code", "state", "reason")
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    unit_code: str
    state: str
    reason: str
    def __init__(self, unit_code: _Optional[str] = ..., state: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class TimelineEntry(_message.Message):
    __slots__ = ("event_id", "type", "time", "actor_id", "data")
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    event_id: str
    type: str
    time: _timestamp_pb2.Timestamp
    actor_id: str
    data: str
    def __init__(self, event_id: _Optional[str] = ..., type: _Optional[str] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., actor_id: _Optional[str] = ..., data: _Optional[str] = ...) -> None: ...

class Order(_message.Message):
    __slots__ = ("order_id", "state", "version", "kind", "track", "category", "urgency", "territory", "unit_code", "urges", "lead_order_id", "helpers", "dispatches", "returns", "reopenings", "appointed", "in_time", "satisfaction", "outcome_code", "registered_time", "waits_for", "owed", "due_time", "escalated", "title", "text", "place", "timeline")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    TRACK_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    URGENCY_FIELD_NUMBER: _ClassVar[int]
    TERRITORY_FIELD_NUMBER: _ClassVar[int]
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    URGES_FIELD_NUMBER: _ClassVar[int]
    LEAD_ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    HELPERS_FIELD_NUMBER: _ClassVar[int]
    DISPATCHES_FIELD_NUMBER: _ClassVar[int]
    RETURNS_FIELD_NUMBER: _ClassVar[int]
    REOPENINGS_FIELD_NUMBER: _ClassVar[int]
    APPOINTED_FIELD_NUMBER: _ClassVar[int]
    IN_TIME_FIELD_NUMBER: _ClassVar[int]
    SATISFACTION_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_CODE_FIELD_NUMBER: _ClassVar[int]
    REGISTERED_TIME_FIELD_NUMBER: _ClassVar[int]
    WAITS_FOR_FIELD_NUMBER: _ClassVar[int]
    OWED_FIELD_NUMBER: _ClassVar[int]
    DUE_TIME_FIELD_NUMBER: _ClassVar[int]
    ESCALATED_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    state: OrderState
    version: int
    kind: str
    track: str
    category: Category
    urgency: str
    territory: str
    unit_code: str
    urges: int
    lead_order_id: str
    helpers: _containers.RepeatedCompositeFieldContainer[Helper]
    dispatches: int
    returns: int
    reopenings: int
    appointed: bool
    in_time: bool
    satisfaction: str
    outcome_code: str
    registered_time: _timestamp_pb2.Timestamp
    waits_for: str
    owed: str
    due_time: _timestamp_pb2.Timestamp
    escalated: bool
    title: str
    text: str
    place: str
    timeline: _containers.RepeatedCompositeFieldContainer[TimelineEntry]
    def __init__(self, order_id: _Optional[str] = ..., state: _Optional[_Union[OrderState, str]] = ..., version: _Optional[int] = ..., kind: _Optional[str] = ..., track: _Optional[str] = ..., category: _Optional[_Union[Category, _Mapping]] = ..., urgency: _Optional[str] = ..., territory: _Optional[str] = ..., unit_code: _Optional[str] = ..., urges: _Optional[int] = ..., lead_order_id: _Optional[str] = ..., helpers: _Optional[_Iterable[_Union[Helper, _Mapping]]] = ..., dispatches: _Optional[int] = ..., returns: _Optional[int] = ..., reopenings: _Optional[int] = ..., appointed: _Optional[bool] = ..., in_time: _Optional[bool] = ..., satisfaction: _Optional[str] = ..., outcome_code: _Optional[str] = ..., registered_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., waits_for: _Optional[str] = ..., owed: _Optional[str] = ..., due_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., escalated: _Optional[bool] = ..., title: _Optional[str] = ..., text: _Optional[str] = ..., place: _Optional[str] = ..., timeline: _Optional[_Iterable[_Union[TimelineEntry, _Mapping]]] = ...) -> None: ...

class SimilarOrder(_message.Message):
    __slots__ = ("order", "likeness")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LIKENESS_FIELD_NUMBER: _ClassVar[int]
    order: Order
    likeness: int
    def __init__(self, order: _Optional[_Union[Order, _Mapping]] = ..., likeness: _Optional[int] = ...) -> None: ...
