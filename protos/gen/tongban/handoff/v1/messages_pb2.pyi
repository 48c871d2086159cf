import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class HandoffState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HANDOFF_STATE_UNSPECIFIED: _ClassVar[HandoffState]
    HANDOFF_STATE_RECEIVED: _ClassVar[HandoffState]
    HANDOFF_STATE_FORWARDED: _ClassVar[HandoffState]
    HANDOFF_STATE_ACKNOWLEDGED: _ClassVar[HandoffState]
    HANDOFF_STATE_NEED_MORE: _ClassVar[HandoffState]
    HANDOFF_STATE_SUPPLEMENTED: _ClassVar[HandoffState]
    HANDOFF_STATE_ACCEPTED: _ClassVar[HandoffState]
    HANDOFF_STATE_DECIDED: _ClassVar[HandoffState]
    HANDOFF_STATE_RESULT_SENT: _ClassVar[HandoffState]
    HANDOFF_STATE_DELIVERED: _ClassVar[HandoffState]
    HANDOFF_STATE_CLOSED: _ClassVar[HandoffState]
    HANDOFF_STATE_WITHDRAWN: _ClassVar[HandoffState]

class Side(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SIDE_UNSPECIFIED: _ClassVar[Side]
    SIDE_ACCEPTING: _ClassVar[Side]
    SIDE_DECIDING: _ClassVar[Side]

class Direction(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DIRECTION_UNSPECIFIED: _ClassVar[Direction]
    DIRECTION_OUT: _ClassVar[Direction]
    DIRECTION_IN: _ClassVar[Direction]
HANDOFF_STATE_UNSPECIFIED: HandoffState
HANDOFF_STATE_RECEIVED: HandoffState
HANDOFF_STATE_FORWARDED: HandoffState
HANDOFF_STATE_ACKNOWLEDGED: HandoffState
HANDOFF_STATE_NEED_MORE: HandoffState
HANDOFF_STATE_SUPPLEMENTED: HandoffState
HANDOFF_STATE_ACCEPTED: HandoffState
HANDOFF_STATE_DECIDED: HandoffState
HANDOFF_STATE_RESULT_SENT: HandoffState
HANDOFF_STATE_DELIVERED: HandoffState
HANDOFF_STATE_CLOSED: HandoffState
HANDOFF_STATE_WITHDRAWN: HandoffState
SIDE_UNSPECIFIED: Side
SIDE_ACCEPTING: Side
SIDE_DECIDING: Side
DIRECTION_UNSPECIFIED: Direction
DIRECTION_OUT: Direction
DIRECTION_IN: Direction

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

class Responsibility(_message.Message):
    __slots__ = ("region", "duties")
    REGION_FIELD_NUMBER: _ClassVar[int]
    DUTIES_FIELD_NUMBER: _ClassVar[int]
    region: str
    duties: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, region: _Optional[str] = ..., duties: _Optional[_Iterable[str]] = ...) -> None: ...

class ClockReading(_message.Message):
    __slots__ = ("clock", "state", "due_date", "due_time", "owed_by", "missed")
    CLOCK_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    DUE_TIME_FIELD_NUMBER: _ClassVar[int]
    OWED_BY_FIELD_NUMBER: _ClassVar[int]
    MISSED_FIELD_NUMBER: _ClassVar[int]
    clock: str
    state: str
    due_date: str
    due_time: _timestamp_pb2.Timestamp
    owed_by: str
    missed: bool
    def __init__(self, clock: _Optional[str] = ..., state: _Optional[str] = ..., due_date: _Optional[str] = ..., due_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., owed_by: _Optional[str] = ..., missed: _Optional[bool] = ...) -> None: ...

class HandoffCase(_message.Message):
    __slots__ = ("handoff_case_id", "state", "side", "version", "item_code", "item", "accepting_region", "deciding_region", "agreement_id", "agreement_version", "mode", "authorisation_id", "unit_code", "received_time", "local_case_id", "decision_due_date", "outcome", "reason_codes", "certificate_identifier", "file_sha256", "waits_for", "owed", "due_time", "escalated", "responsibilities", "clocks", "timeline")
    HANDOFF_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    ACCEPTING_REGION_FIELD_NUMBER: _ClassVar[int]
    DECIDING_REGION_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_ID_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_VERSION_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    AUTHORISATION_ID_FIELD_NUMBER: _ClassVar[int]
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_TIME_FIELD_NUMBER: _ClassVar[int]
    LOCAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    REASON_CODES_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    FILE_SHA256_FIELD_NUMBER: _ClassVar[int]
    WAITS_FOR_FIELD_NUMBER: _ClassVar[int]
    OWED_FIELD_NUMBER: _ClassVar[int]
    DUE_TIME_FIELD_NUMBER: _ClassVar[int]
    ESCALATED_FIELD_NUMBER: _ClassVar[int]
    RESPONSIBILITIES_FIELD_NUMBER: _ClassVar[int]
    CLOCKS_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_FIELD_NUMBER: _ClassVar[int]
    handoff_case_id: str
    state: HandoffState
    side: Side
    version: int
    item_code: str
    item: str
    accepting_region: str
    deciding_region: str
    agreement_id: str
    agreement_version: int
    mode: str
    authorisation_id: str
    unit_code: str
    received_time: _timestamp_pb2.Timestamp
    local_case_id: str
    decision_due_date: str
    outcome: str
    reason_codes: _containers.RepeatedScalarFieldContainer[str]
    certificate_identifier: str
    file_sha256: str
    waits_for: str
    owed: str
    due_time: _timestamp_pb2.Timestamp
    escalated: bool
    responsibilities: _containers.RepeatedCompositeFieldContainer[Responsibility]
    clocks: _containers.RepeatedCompositeFieldContainer[ClockReading]
    timeline: _containers.RepeatedCompositeFieldContainer[TimelineEntry]
    def __init__(self, handoff_case_id: _Optional[str] = ..., state: _Optional[_Union[HandoffState, str]] = ..., side: _Optional[_Union[Side, str]] = ..., version: _Optional[int] = ..., item_code: _Optional[str] = ..., item: _Optional[str] = ..., accepting_region: _Optional[str] = ..., deciding_region: _Optional[str] = ..., agreement_id: _Optional[str] = ..., agreement_version: _Optional[int] = ..., mode: _Optional[str] = ..., authorisation_id: _Optional[str] = ..., unit_code: _Optional[str] = ..., received_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., local_case_id: _Optional[str] = ..., decision_due_date: _Optional[str] = ..., outcome: _Optional[str] = ..., reason_codes: _Optional[_Iterable[str]] = ..., certificate_identifier: _Optional[str] = ..., file_sha256: _Optional[str] = ..., waits_for: _Optional[str] = ..., owed: _Optional[str] = ..., due_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., escalated: _Optional[bool] = ..., responsibilities: _Optional[_Iterable[_Union[Responsibility, _Mapping]]] = ..., clocks: _Optional[_Iterable[_Union[ClockReading, _Mapping]]] = ..., timeline: _Optional[_Iterable[_Union[TimelineEntry, _Mapping]]] = ...) -> None: ...

class MessageReport(_message.Message):
    __slots__ = ("message_id", "handoff_case_id", "direction", "type", "sequence", "partner_region", "state", "attempts", "next_attempt_time", "reason", "created_time", "receipt_time", "message_sha256", "receipt")
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    HANDOFF_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    PARTNER_REGION_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_ATTEMPT_TIME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CREATED_TIME_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_TIME_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_SHA256_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    handoff_case_id: str
    direction: Direction
    type: str
    sequence: int
    partner_region: str
    state: str
    attempts: int
    next_attempt_time: _timestamp_pb2.Timestamp
    reason: str
    created_time: _timestamp_pb2.Timestamp
    receipt_time: _timestamp_pb2.Timestamp
    message_sha256: str
    receipt: str
    def __init__(self, message_id: _Optional[str] = ..., handoff_case_id: _Optional[str] = ..., direction: _Optional[_Union[Direction, str]] = ..., type: _Optional[str] = ..., sequence: _Optional[int] = ..., partner_region: _Optional[str] = ..., state: _Optional[str] = ..., attempts: _Optional[int] = ..., next_attempt_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., reason: _Optional[str] = ..., created_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., receipt_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., message_sha256: _Optional[str] = ..., receipt: _Optional[str] = ...) -> None: ...

class LedgerEntry(_message.Message):
    __slots__ = ("position", "time", "kind", "message_id", "message_type", "handoff_case_id", "sequence", "from_region", "to_region", "message_sha256", "receipt_sha256", "previous_hash", "hash")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_TYPE_FIELD_NUMBER: _ClassVar[int]
    HANDOFF_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    FROM_REGION_FIELD_NUMBER: _ClassVar[int]
    TO_REGION_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_SHA256_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_SHA256_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_HASH_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    position: int
    time: _timestamp_pb2.Timestamp
    kind: str
    message_id: str
    message_type: str
    handoff_case_id: str
    sequence: int
    from_region: str
    to_region: str
    message_sha256: str
    receipt_sha256: str
    previous_hash: str
    hash: str
    def __init__(self, position: _Optional[int] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., kind: _Optional[str] = ..., message_id: _Optional[str] = ..., message_type: _Optional[str] = ..., handoff_case_id: _Optional[str] = ..., sequence: _Optional[int] = ..., from_region: _Optional[str] = ..., to_region: _Optional[str] = ..., message_sha256: _Optional[str] = ..., receipt_sha256: _Optional[str] = ..., previous_hash: _Optional[str] = ..., hash: _Optional[str] = ...) -> None: ...

class PublicKey(_message.Message):
    __slots__ = ("key_id", "region", "public_key")
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_KEY_FIELD_NUMBER: _ClassVar[int]
    key_id: str
    region: str
    public_key: bytes
    def __init__(self, key_id: _Optional[str] = ..., region: _Optional[str] = ..., public_key: _Optional[bytes] = ...) -> None: ...

class AgreedItem(_message.Message):
    __slots__ = ("item", "item_code", "deciding_region", "modes", "required", "differences")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    DECIDING_REGION_FIELD_NUMBER: _ClassVar[int]
    MODES_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCES_FIELD_NUMBER: _ClassVar[int]
    item: str
    item_code: str
    deciding_region: str
    modes: _containers.RepeatedScalarFieldContainer[str]
    required: _containers.RepeatedScalarFieldContainer[str]
    differences: _containers.RepeatedCompositeFieldContainer[ElementDifference]
    def __init__(self, item: _Optional[str] = ..., item_code: _Optional[str] = ..., deciding_region: _Optional[str] = ..., modes: _Optional[_Iterable[str]] = ..., required: _Optional[_Iterable[str]] = ..., differences: _Optional[_Iterable[_Union[ElementDifference, _Mapping]]] = ...) -> None: ...

class ElementDifference(_message.Message):
    __slots__ = ("element", "accepting", "deciding")
    ELEMENT_FIELD_NUMBER: _ClassVar[int]
    ACCEPTING_FIELD_NUMBER: _ClassVar[int]
    DECIDING_FIELD_NUMBER: _ClassVar[int]
    element: str
    accepting: str
    deciding: str
    def __init__(self, element: _Optional[str] = ..., accepting: _Optional[str] = ..., deciding: _Optional[str] = ...) -> None: ...

class Agreement(_message.Message):
    __slots__ = ("agreement_id", "version", "parties", "valid_from_date", "valid_to_date", "in_force", "items")
    AGREEMENT_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    PARTIES_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_DATE_FIELD_NUMBER: _ClassVar[int]
    VALID_TO_DATE_FIELD_NUMBER: _ClassVar[int]
    IN_FORCE_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    agreement_id: str
    version: int
    parties: _containers.RepeatedScalarFieldContainer[str]
    valid_from_date: str
    valid_to_date: str
    in_force: bool
    items: _containers.RepeatedCompositeFieldContainer[AgreedItem]
    def __init__(self, agreement_id: _Optional[str] = ..., version: _Optional[int] = ..., parties: _Optional[_Iterable[str]] = ..., valid_from_date: _Optional[str] = ..., valid_to_date: _Optional[str] = ..., in_force: _Optional[bool] = ..., items: _Optional[_Iterable[_Union[AgreedItem, _Mapping]]] = ...) -> None: ...

class FeedEntry(_message.Message):
    __slots__ = ("sequence", "event_id", "type", "subject", "time", "data")
    class DataEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    event_id: str
    type: str
    subject: str
    time: _timestamp_pb2.Timestamp
    data: _containers.ScalarMap[str, str]
    def __init__(self, sequence: _Optional[int] = ..., event_id: _Optional[str] = ..., type: _Optional[str] = ..., subject: _Optional[str] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., data: _Optional[_Mapping[str, str]] = ...) -> None: ...
