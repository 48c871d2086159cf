from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class NameReserved(_message.Message):
    __slots__ = ("reservation_id", "division_code", "expiry_date")
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    EXPIRY_DATE_FIELD_NUMBER: _ClassVar[int]
    reservation_id: str
    division_code: str
    expiry_date: str
    def __init__(self, reservation_id: _Optional[str] = ..., division_code: _Optional[str] = ..., expiry_date: _Optional[str] = ...) -> None: ...

class NameGivenUp(_message.Message):
    __slots__ = ("reservation_id", "division_code")
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    reservation_id: str
    division_code: str
    def __init__(self, reservation_id: _Optional[str] = ..., division_code: _Optional[str] = ...) -> None: ...

class ApplicationSubmitted(_message.Message):
    __slots__ = ("application_id", "division_code", "entity_type", "due_date", "origin_ref")
    APPLICATION_ID_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    ENTITY_TYPE_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    application_id: str
    division_code: str
    entity_type: str
    due_date: str
    origin_ref: str
    def __init__(self, application_id: _Optional[str] = ..., division_code: _Optional[str] = ..., entity_type: _Optional[str] = ..., due_date: _Optional[str] = ..., origin_ref: _Optional[str] = ...) -> None: ...

class ApplicationReturned(_message.Message):
    __slots__ = ("application_id", "division_code", "gap_reasons", "origin_ref")
    APPLICATION_ID_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    GAP_REASONS_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    application_id: str
    division_code: str
    gap_reasons: _containers.RepeatedScalarFieldContainer[str]
    origin_ref: str
    def __init__(self, application_id: _Optional[str] = ..., division_code: _Optional[str] = ..., gap_reasons: _Optional[_Iterable[str]] = ..., origin_ref: _Optional[str] = ...) -> None: ...

class ApplicationRefused(_message.Message):
    __slots__ = ("application_id", "division_code", "reason_codes", "origin_ref")
    APPLICATION_ID_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_CODES_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    application_id: str
    division_code: str
    reason_codes: _containers.RepeatedScalarFieldContainer[str]
    origin_ref: str
    def __init__(self, application_id: _Optional[str] = ..., division_code: _Optional[str] = ..., reason_codes: _Optional[_Iterable[str]] = ..., origin_ref: _Optional[str] = ...) -> None: ...

class ApplicationWithdrawn(_message.Message):
    __slots__ = ("application_id", "division_code", "origin_ref")
    APPLICATION_ID_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    application_id: str
    division_code: str
    origin_ref: str
    def __init__(self, application_id: _Optional[str] = ..., division_code: _Optional[str] = ..., origin_ref: _Optional[str] = ...) -> None: ...

class ReviewExtended(_message.Message):
    __slots__ = ("application_id", "due_date")
    APPLICATION_ID_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    application_id: str
    due_date: str
    def __init__(self, application_id: _Optional[str] = ..., due_date: _Optional[str] = ...) -> None: ...

class ReviewDated(_message.Message):
    __slots__ = ("application_id", "due_date")
    APPLICATION_ID_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    application_id: str
    due_date: str
    def __init__(self, application_id: _Optional[str] = ..., due_date: _Optional[str] = ...) -> None: ...

class EntityRegistered(_message.Message):
    __slots__ = ("entity_id", "application_id", "uscc", "entity_type", "division_code", "founding_date", "entity_version", "origin_ref")
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    APPLICATION_ID_FIELD_NUMBER: _ClassVar[int]
    USCC_FIELD_NUMBER: _ClassVar[int]
    ENTITY_TYPE_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    FOUNDING_DATE_FIELD_NUMBER: _ClassVar[int]
    ENTITY_VERSION_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    entity_id: str
    application_id: str
    uscc: str
    entity_type: str
    division_code: str
    founding_date: str
    entity_version: int
    origin_ref: str
    def __init__(self, entity_id: _Optional[str] = ..., application_id: _Optional[str] = ..., uscc: _Optional[str] = ..., entity_type: _Optional[str] = ..., division_code: _Optional[str] = ..., founding_date: _Optional[str] = ..., entity_version: _Optional[int] = ..., origin_ref: _Optional[str] = ...) -> None: ...

class EntityImported(_message.Message):
    __slots__ = ("entity_id", "uscc", "entity_type", "division_code")
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    USCC_FIELD_NUMBER: _ClassVar[int]
    ENTITY_TYPE_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    entity_id: str
    uscc: str
    entity_type: str
    division_code: str
    def __init__(self, entity_id: _Optional[str] = ..., uscc: _Optional[str] = ..., entity_type: _Optional[str] = ..., division_code: _Optional[str] = ...) -> None: ...

class EntityStateChanged(_message.Message):
    __slots__ = ("entity_id", "uscc", "state", "reason_code", "effective_date", "entity_version")
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    USCC_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_DATE_FIELD_NUMBER: _ClassVar[int]
    ENTITY_VERSION_FIELD_NUMBER: _ClassVar[int]
    entity_id: str
    uscc: str
    state: str
    reason_code: str
    effective_date: str
    entity_version: int
    def __init__(self, entity_id: _Optional[str] = ..., uscc: _Optional[str] = ..., state: _Optional[str] = ..., reason_code: _Optional[str] = ..., effective_date: _Optional[str] = ..., entity_version: _Optional[int] = ...) -> None: ...

class ForwardedCaseAccepted(_message.Message):
    __slots__ = ("origin_ref", "application_id", "due_date")
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    APPLICATION_ID_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    origin_ref: str
    application_id: str
    due_date: str
    def __init__(self, origin_ref: _Optional[str] = ..., application_id: _Optional[str] = ..., due_date: _Optional[str] = ...) -> None: ...

class ForwardedCaseRejected(_message.Message):
    __slots__ = ("origin_ref", "reason_codes")
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    REASON_CODES_FIELD_NUMBER: _ClassVar[int]
    origin_ref: str
    reason_codes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, origin_ref: _Optional[str] = ..., reason_codes: _Optional[_Iterable[str]] = ...) -> None: ...

class ReviewDeadlineMissed(_message.Message):
    __slots__ = ("application_id",)
    APPLICATION_ID_FIELD_NUMBER: _ClassVar[int]
    application_id: str
    def __init__(self, application_id: _Optional[str] = ...) -> None: ...

class EntityChanged(_message.Message):
    __slots__ = ("entity_id", "uscc", "facts", "entity_version")
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    USCC_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    ENTITY_VERSION_FIELD_NUMBER: _ClassVar[int]
    entity_id: str
    uscc: str
    facts: _containers.RepeatedScalarFieldContainer[str]
    entity_version: int
    def __init__(self, entity_id: _Optional[str] = ..., uscc: _Optional[str] = ..., facts: _Optional[_Iterable[str]] = ..., entity_version: _Optional[int] = ...) -> None: ...

class EntityFlagged(_message.Message):
    __slots__ = ("entity_id", "uscc", "flag", "on", "reason_code", "entity_version")
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    USCC_FIELD_NUMBER: _ClassVar[int]
    FLAG_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    ENTITY_VERSION_FIELD_NUMBER: _ClassVar[int]
    entity_id: str
    uscc: str
    flag: str
    on: bool
    reason_code: str
    entity_version: int
    def __init__(self, entity_id: _Optional[str] = ..., uscc: _Optional[str] = ..., flag: _Optional[str] = ..., on: _Optional[bool] = ..., reason_code: _Optional[str] = ..., entity_version: _Optional[int] = ...) -> None: ...

class EntityCaseMoved(_message.Message):
    __slots__ = ("entity_case_id", "kind", "entity_id", "uscc", "state", "reason_codes")
    ENTITY_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    USCC_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_CODES_FIELD_NUMBER: _ClassVar[int]
    entity_case_id: str
    kind: str
    entity_id: str
    uscc: str
    state: str
    reason_codes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, entity_case_id: _Optional[str] = ..., kind: _Optional[str] = ..., entity_id: _Optional[str] = ..., uscc: _Optional[str] = ..., state: _Optional[str] = ..., reason_codes: _Optional[_Iterable[str]] = ...) -> None: ...

class EntityCaseDeadlineMissed(_message.Message):
    __slots__ = ("entity_case_id", "kind", "clock")
    ENTITY_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CLOCK_FIELD_NUMBER: _ClassVar[int]
    entity_case_id: str
    kind: str
    clock: str
    def __init__(self, entity_case_id: _Optional[str] = ..., kind: _Optional[str] = ..., clock: _Optional[str] = ...) -> None: ...

class EntityMovedIn(_message.Message):
    __slots__ = ("entity_id", "uscc", "entity_type", "division_code", "from_division_code", "entity_version")
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    USCC_FIELD_NUMBER: _ClassVar[int]
    ENTITY_TYPE_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    FROM_DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    ENTITY_VERSION_FIELD_NUMBER: _ClassVar[int]
    entity_id: str
    uscc: str
    entity_type: str
    division_code: str
    from_division_code: str
    entity_version: int
    def __init__(self, entity_id: _Optional[str] = ..., uscc: _Optional[str] = ..., entity_type: _Optional[str] = ..., division_code: _Optional[str] = ..., from_division_code: _Optional[str] = ..., entity_version: _Optional[int] = ...) -> None: ...

class HolderCheckRequested(_message.Message):
    __slots__ = ("check_ref", "entity_id", "uscc")
    CHECK_REF_FIELD_NUMBER: _ClassVar[int]
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    USCC_FIELD_NUMBER: _ClassVar[int]
    check_ref: str
    entity_id: str
    uscc: str
    def __init__(self, check_ref: _Optional[str] = ..., entity_id: _Optional[str] = ..., uscc: _Optional[str] = ...) -> None: ...

class EntityBundleMoved(_message.Message):
    __slots__ = ("bundle_id", "kind", "entity_id", "uscc", "part", "part_state", "state", "reason_codes")
    BUNDLE_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    USCC_FIELD_NUMBER: _ClassVar[int]
    PART_FIELD_NUMBER: _ClassVar[int]
    PART_STATE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_CODES_FIELD_NUMBER: _ClassVar[int]
    bundle_id: str
    kind: str
    entity_id: str
    uscc: str
    part: str
    part_state: str
    state: str
    reason_codes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, bundle_id: _Optional[str] = ..., kind: _Optional[str] = ..., entity_id: _Optional[str] = ..., uscc: _Optional[str] = ..., part: _Optional[str] = ..., part_state: _Optional[str] = ..., state: _Optional[str] = ..., reason_codes: _Optional[_Iterable[str]] = ...) -> None: ...

class EntityBundleDelayed(_message.Message):
    __slots__ = ("bundle_id", "part", "owed_by")
    BUNDLE_ID_FIELD_NUMBER: _ClassVar[int]
    PART_FIELD_NUMBER: _ClassVar[int]
    OWED_BY_FIELD_NUMBER: _ClassVar[int]
    bundle_id: str
    part: str
    owed_by: str
    def __init__(self, bundle_id: _Optional[str] = ..., part: _Optional[str] = ..., owed_by: _Optional[str] = ...) -> None: ...
