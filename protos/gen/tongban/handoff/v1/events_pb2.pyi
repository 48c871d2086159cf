from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class HandoffCaseOpened(_message.Message):
    __slots__ = ("handoff_case_id", "item_code", "deciding_region", "agreement_version")
    HANDOFF_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    DECIDING_REGION_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_VERSION_FIELD_NUMBER: _ClassVar[int]
    handoff_case_id: str
    item_code: str
    deciding_region: str
    agreement_version: int
    def __init__(self, handoff_case_id: _Optional[str] = ..., item_code: _Optional[str] = ..., deciding_region: _Optional[str] = ..., agreement_version: _Optional[int] = ...) -> None: ...

class MessageQueued(_message.Message):
    __slots__ = ("message_id", "handoff_case_id", "to_region", "sequence")
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    HANDOFF_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    TO_REGION_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    handoff_case_id: str
    to_region: str
    sequence: int
    def __init__(self, message_id: _Optional[str] = ..., handoff_case_id: _Optional[str] = ..., to_region: _Optional[str] = ..., sequence: _Optional[int] = ...) -> None: ...

class CaseReceived(_message.Message):
    __slots__ = ("handoff_case_id", "target", "item_code", "accepting_region", "agreement_version")
    HANDOFF_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    ACCEPTING_REGION_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_VERSION_FIELD_NUMBER: _ClassVar[int]
    handoff_case_id: str
    target: str
    item_code: str
    accepting_region: str
    agreement_version: int
    def __init__(self, handoff_case_id: _Optional[str] = ..., target: _Optional[str] = ..., item_code: _Optional[str] = ..., accepting_region: _Optional[str] = ..., agreement_version: _Optional[int] = ...) -> None: ...

class MaterialsSupplied(_message.Message):
    __slots__ = ("handoff_case_id", "target", "materials")
    HANDOFF_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    MATERIALS_FIELD_NUMBER: _ClassVar[int]
    handoff_case_id: str
    target: str
    materials: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, handoff_case_id: _Optional[str] = ..., target: _Optional[str] = ..., materials: _Optional[_Iterable[str]] = ...) -> None: ...

class CaseWithdrawn(_message.Message):
    __slots__ = ("handoff_case_id", "target")
    HANDOFF_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    handoff_case_id: str
    target: str
    def __init__(self, handoff_case_id: _Optional[str] = ..., target: _Optional[str] = ...) -> None: ...

class HandoffStateChanged(_message.Message):
    __slots__ = ("handoff_case_id", "state", "side", "reason_code", "case_version", "partner_region")
    HANDOFF_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    CASE_VERSION_FIELD_NUMBER: _ClassVar[int]
    PARTNER_REGION_FIELD_NUMBER: _ClassVar[int]
    handoff_case_id: str
    state: str
    side: str
    reason_code: str
    case_version: int
    partner_region: str
    def __init__(self, handoff_case_id: _Optional[str] = ..., state: _Optional[str] = ..., side: _Optional[str] = ..., reason_code: _Optional[str] = ..., case_version: _Optional[int] = ..., partner_region: _Optional[str] = ...) -> None: ...

class ResultReceived(_message.Message):
    __slots__ = ("handoff_case_id", "outcome", "certificate_identifier", "file_sha256")
    HANDOFF_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    FILE_SHA256_FIELD_NUMBER: _ClassVar[int]
    handoff_case_id: str
    outcome: str
    certificate_identifier: str
    file_sha256: str
    def __init__(self, handoff_case_id: _Optional[str] = ..., outcome: _Optional[str] = ..., certificate_identifier: _Optional[str] = ..., file_sha256: _Optional[str] = ...) -> None: ...

class HandoffDeadlineMissed(_message.Message):
    __slots__ = ("handoff_case_id", "clock", "owed_by")
    HANDOFF_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    CLOCK_FIELD_NUMBER: _ClassVar[int]
    OWED_BY_FIELD_NUMBER: _ClassVar[int]
    handoff_case_id: str
    clock: str
    owed_by: str
    def __init__(self, handoff_case_id: _Optional[str] = ..., clock: _Optional[str] = ..., owed_by: _Optional[str] = ...) -> None: ...

class HandoffCaseClosed(_message.Message):
    __slots__ = ("handoff_case_id", "outcome")
    HANDOFF_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    handoff_case_id: str
    outcome: str
    def __init__(self, handoff_case_id: _Optional[str] = ..., outcome: _Optional[str] = ...) -> None: ...
