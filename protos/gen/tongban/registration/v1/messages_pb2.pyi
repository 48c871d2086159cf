import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class EntityType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ENTITY_TYPE_UNSPECIFIED: _ClassVar[EntityType]
    ENTITY_TYPE_LIMITED_COMPANY: _ClassVar[EntityType]
    ENTITY_TYPE_JOINT_STOCK_COMPANY: _ClassVar[EntityType]
    ENTITY_TYPE_STATE_OWNED: _ClassVar[EntityType]
    ENTITY_TYPE_COLLECTIVE: _ClassVar[EntityType]
    ENTITY_TYPE_JOINT_ENTERPRISE: _ClassVar[EntityType]
    ENTITY_TYPE_SOLE_PROPRIETORSHIP: _ClassVar[EntityType]
    ENTITY_TYPE_GENERAL_PARTNERSHIP: _ClassVar[EntityType]
    ENTITY_TYPE_LIMITED_PARTNERSHIP: _ClassVar[EntityType]
    ENTITY_TYPE_COOPERATIVE: _ClassVar[EntityType]
    ENTITY_TYPE_SOLE_TRADER: _ClassVar[EntityType]
    ENTITY_TYPE_BRANCH: _ClassVar[EntityType]

class ApplicationState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    APPLICATION_STATE_UNSPECIFIED: _ClassVar[ApplicationState]
    APPLICATION_STATE_UNDER_REVIEW: _ClassVar[ApplicationState]
    APPLICATION_STATE_RETURNED: _ClassVar[ApplicationState]
    APPLICATION_STATE_REGISTERED: _ClassVar[ApplicationState]
    APPLICATION_STATE_REFUSED: _ClassVar[ApplicationState]
    APPLICATION_STATE_WITHDRAWN: _ClassVar[ApplicationState]

class EntityState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ENTITY_STATE_UNSPECIFIED: _ClassVar[EntityState]
    ENTITY_STATE_ACTIVE: _ClassVar[EntityState]
    ENTITY_STATE_LICENCE_REVOKED: _ClassVar[EntityState]
    ENTITY_STATE_REGISTRATION_REVOKED: _ClassVar[EntityState]
    ENTITY_STATE_CANCELLED: _ClassVar[EntityState]
    ENTITY_STATE_DORMANT: _ClassVar[EntityState]
    ENTITY_STATE_CANCELLING: _ClassVar[EntityState]
    ENTITY_STATE_CLEARING: _ClassVar[EntityState]
    ENTITY_STATE_MOVED_OUT: _ClassVar[EntityState]

class Decision(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DECISION_UNSPECIFIED: _ClassVar[Decision]
    DECISION_REGISTER: _ClassVar[Decision]
    DECISION_REFUSE: _ClassVar[Decision]
ENTITY_TYPE_UNSPECIFIED: EntityType
ENTITY_TYPE_LIMITED_COMPANY: EntityType
ENTITY_TYPE_JOINT_STOCK_COMPANY: EntityType
ENTITY_TYPE_STATE_OWNED: EntityType
ENTITY_TYPE_COLLECTIVE: EntityType
ENTITY_TYPE_JOINT_ENTERPRISE: EntityType
ENTITY_TYPE_SOLE_PROPRIETORSHIP: EntityType
ENTITY_TYPE_GENERAL_PARTNERSHIP: EntityType
ENTITY_TYPE_LIMITED_PARTNERSHIP: EntityType
ENTITY_TYPE_COOPERATIVE: EntityType
ENTITY_TYPE_SOLE_TRADER: EntityType
ENTITY_TYPE_BRANCH: EntityType
APPLICATION_STATE_UNSPECIFIED: ApplicationState
APPLICATION_STATE_UNDER_REVIEW: ApplicationState
APPLICATION_STATE_RETURNED: ApplicationState
APPLICATION_STATE_REGISTERED: ApplicationState
APPLICATION_STATE_REFUSED: ApplicationState
APPLICATION_STATE_WITHDRAWN: ApplicationState
ENTITY_STATE_UNSPECIFIED: EntityState
ENTITY_STATE_ACTIVE: EntityState
ENTITY_STATE_LICENCE_REVOKED: EntityState
ENTITY_STATE_REGISTRATION_REVOKED: EntityState
ENTITY_STATE_CANCELLED: EntityState
ENTITY_STATE_DORMANT: EntityState
ENTITY_STATE_CANCELLING: EntityState
ENTITY_STATE_CLEARING: EntityState
ENTITY_STATE_MOVED_OUT: EntityState
DECISION_UNSPECIFIED: Decision
DECISION_REGISTER: Decision
DECISION_REFUSE: Decision

class NameParts(_message.Message):
    __slots__ = ("full_name", "division", "trade_name", "trade", "form")
    FULL_NAME_FIELD_NUMBER: _ClassVar[int]
    DIVISION_FIELD_NUMBER: _ClassVar[int]
    TRADE_NAME_FIELD_NUMBER: _ClassVar[int]
    TRADE_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    full_name: str
    division: str
    trade_name: str
    trade: str
    form: str
    def __init__(self, full_name: _Optional[str] = ..., division: _Optional[str] = ..., trade_name: _Optional[str] = ..., trade: _Optional[str] = ..., form: _Optional[str] = ...) -> None: ...

class Person(_message.Message):
    __slots__ = ("name", "id_type", "id_number", "phone", "identity_check")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ID_TYPE_FIELD_NUMBER: _ClassVar[int]
    ID_NUMBER_FIELD_NUMBER: _ClassVar[int]
    PHONE_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_CHECK_FIELD_NUMBER: _ClassVar[int]
    name: str
    id_type: str
    id_number: str
    phone: str
    identity_check: str
    def __init__(self, name: _Optional[str] = ..., id_type: _Optional[str] = ..., id_number: _Optional[str] = ..., phone: _Optional[str] = ..., identity_check: _Optional[str] = ...) -> None: ...

class Investor(_message.Message):
    __slots__ = ("person", "uscc", "amount_fen")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    USCC_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FEN_FIELD_NUMBER: _ClassVar[int]
    person: Person
    uscc: str
    amount_fen: int
    def __init__(self, person: _Optional[_Union[Person, _Mapping]] = ..., uscc: _Optional[str] = ..., amount_fen: _Optional[int] = ...) -> None: ...

class Capital(_message.Message):
    __slots__ = ("amount_fen", "currency", "paid_in_due_date")
    AMOUNT_FEN_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    PAID_IN_DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    amount_fen: int
    currency: str
    paid_in_due_date: str
    def __init__(self, amount_fen: _Optional[int] = ..., currency: _Optional[str] = ..., paid_in_due_date: _Optional[str] = ...) -> None: ...

class Domicile(_message.Message):
    __slots__ = ("division_code", "address")
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    division_code: str
    address: str
    def __init__(self, division_code: _Optional[str] = ..., address: _Optional[str] = ...) -> None: ...

class Material(_message.Message):
    __slots__ = ("type_code", "sha256")
    TYPE_CODE_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    type_code: str
    sha256: str
    def __init__(self, type_code: _Optional[str] = ..., sha256: _Optional[str] = ...) -> None: ...

class SetUpApplication(_message.Message):
    __slots__ = ("division_code", "entity_type", "name", "name_reservation_id", "domicile", "business_scope", "capital", "legal_representative", "investors", "materials")
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    ENTITY_TYPE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NAME_RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    DOMICILE_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_SCOPE_FIELD_NUMBER: _ClassVar[int]
    CAPITAL_FIELD_NUMBER: _ClassVar[int]
    LEGAL_REPRESENTATIVE_FIELD_NUMBER: _ClassVar[int]
    INVESTORS_FIELD_NUMBER: _ClassVar[int]
    MATERIALS_FIELD_NUMBER: _ClassVar[int]
    division_code: str
    entity_type: EntityType
    name: str
    name_reservation_id: str
    domicile: Domicile
    business_scope: str
    capital: Capital
    legal_representative: Person
    investors: _containers.RepeatedCompositeFieldContainer[Investor]
    materials: _containers.RepeatedCompositeFieldContainer[Material]
    def __init__(self, division_code: _Optional[str] = ..., entity_type: _Optional[_Union[EntityType, str]] = ..., name: _Optional[str] = ..., name_reservation_id: _Optional[str] = ..., domicile: _Optional[_Union[Domicile, _Mapping]] = ..., business_scope: _Optional[str] = ..., capital: _Optional[_Union[Capital, _Mapping]] = ..., legal_representative: _Optional[_Union[Person, _Mapping]] = ..., investors: _Optional[_Iterable[_Union[Investor, _Mapping]]] = ..., materials: _Optional[_Iterable[_Union[Material, _Mapping]]] = ...) -> None: ...

class Gap(_message.Message):
    __slots__ = ("field", "reason", "description", "source")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    field: str
    reason: str
    description: str
    source: str
    def __init__(self, field: _Optional[str] = ..., reason: _Optional[str] = ..., description: _Optional[str] = ..., source: _Optional[str] = ...) -> None: ...

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

class Application(_message.Message):
    __slots__ = ("application_id", "state", "version", "division_code", "entity_type", "name", "domicile", "business_scope", "capital", "legal_representative_masked", "received_time", "due_date", "extended", "gaps", "refusal_reasons", "entity_id", "uscc", "decided_time", "timeline", "due_date_flag", "duplicate_entity_ids", "materials", "investors", "extension_approved_by")
    APPLICATION_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    ENTITY_TYPE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DOMICILE_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_SCOPE_FIELD_NUMBER: _ClassVar[int]
    CAPITAL_FIELD_NUMBER: _ClassVar[int]
    LEGAL_REPRESENTATIVE_MASKED_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_TIME_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    EXTENDED_FIELD_NUMBER: _ClassVar[int]
    GAPS_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_REASONS_FIELD_NUMBER: _ClassVar[int]
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    USCC_FIELD_NUMBER: _ClassVar[int]
    DECIDED_TIME_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FLAG_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_ENTITY_IDS_FIELD_NUMBER: _ClassVar[int]
    MATERIALS_FIELD_NUMBER: _ClassVar[int]
    INVESTORS_FIELD_NUMBER: _ClassVar[int]
    EXTENSION_APPROVED_BY_FIELD_NUMBER: _ClassVar[int]
    application_id: str
    state: ApplicationState
    version: int
    division_code: str
    entity_type: EntityType
    name: NameParts
    domicile: Domicile
    business_scope: str
    capital: Capital
    legal_representative_masked: str
    received_time: _timestamp_pb2.Timestamp
    due_date: str
    extended: bool
    gaps: _containers.RepeatedCompositeFieldContainer[Gap]
    refusal_reasons: _containers.RepeatedCompositeFieldContainer[RefusalReason]
    entity_id: str
    uscc: str
    decided_time: _timestamp_pb2.Timestamp
    timeline: _containers.RepeatedCompositeFieldContainer[TimelineEntry]
    due_date_flag: str
    duplicate_entity_ids: _containers.RepeatedScalarFieldContainer[str]
    materials: _containers.RepeatedCompositeFieldContainer[Material]
    investors: _containers.RepeatedCompositeFieldContainer[InvestorShown]
    extension_approved_by: str
    def __init__(self, application_id: _Optional[str] = ..., state: _Optional[_Union[ApplicationState, str]] = ..., version: _Optional[int] = ..., division_code: _Optional[str] = ..., entity_type: _Optional[_Union[EntityType, str]] = ..., name: _Optional[_Union[NameParts, _Mapping]] = ..., domicile: _Optional[_Union[Domicile, _Mapping]] = ..., business_scope: _Optional[str] = ..., capital: _Optional[_Union[Capital, _Mapping]] = ..., legal_representative_masked: _Optional[str] = ..., received_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., due_date: _Optional[str] = ..., extended: _Optional[bool] = ..., gaps: _Optional[_Iterable[_Union[Gap, _Mapping]]] = ..., refusal_reasons: _Optional[_Iterable[_Union[RefusalReason, _Mapping]]] = ..., entity_id: _Optional[str] = ..., uscc: _Optional[str] = ..., decided_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., timeline: _Optional[_Iterable[_Union[TimelineEntry, _Mapping]]] = ..., due_date_flag: _Optional[str] = ..., duplicate_entity_ids: _Optional[_Iterable[str]] = ..., materials: _Optional[_Iterable[_Union[Material, _Mapping]]] = ..., investors: _Optional[_Iterable[_Union[InvestorShown, _Mapping]]] = ..., extension_approved_by: _Optional[str] = ...) -> None: ...

class InvestorShown(_message.Message):
    __slots__ = ("name_masked", "uscc", "amount_fen")
    NAME_MASKED_FIELD_NUMBER: _ClassVar[int]
    USCC_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FEN_FIELD_NUMBER: _ClassVar[int]
    name_masked: str
    uscc: str
    amount_fen: int
    def __init__(self, name_masked: _Optional[str] = ..., uscc: _Optional[str] = ..., amount_fen: _Optional[int] = ...) -> None: ...

class RefusalReason(_message.Message):
    __slots__ = ("code", "description", "source")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    code: str
    description: str
    source: str
    def __init__(self, code: _Optional[str] = ..., description: _Optional[str] = ..., source: _Optional[str] = ...) -> None: ...

class Entity(_message.Message):
    __slots__ = ("entity_id", "uscc", "state", "version", "entity_type", "name", "division_code", "domicile", "business_scope", "capital", "founding_date", "legal_representative_masked", "application_id", "licence_certificate_id", "licence_identifier", "imported", "timeline", "state_reason_code", "state_date", "flags", "shown_name", "last_report_year", "above_size", "from_division_code", "duties")
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    USCC_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ENTITY_TYPE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    DOMICILE_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_SCOPE_FIELD_NUMBER: _ClassVar[int]
    CAPITAL_FIELD_NUMBER: _ClassVar[int]
    FOUNDING_DATE_FIELD_NUMBER: _ClassVar[int]
    LEGAL_REPRESENTATIVE_MASKED_FIELD_NUMBER: _ClassVar[int]
    APPLICATION_ID_FIELD_NUMBER: _ClassVar[int]
    LICENCE_CERTIFICATE_ID_FIELD_NUMBER: _ClassVar[int]
    LICENCE_IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    IMPORTED_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_FIELD_NUMBER: _ClassVar[int]
    STATE_REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    STATE_DATE_FIELD_NUMBER: _ClassVar[int]
    FLAGS_FIELD_NUMBER: _ClassVar[int]
    SHOWN_NAME_FIELD_NUMBER: _ClassVar[int]
    LAST_REPORT_YEAR_FIELD_NUMBER: _ClassVar[int]
    ABOVE_SIZE_FIELD_NUMBER: _ClassVar[int]
    FROM_DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    DUTIES_FIELD_NUMBER: _ClassVar[int]
    entity_id: str
    uscc: str
    state: EntityState
    version: int
    entity_type: EntityType
    name: str
    division_code: str
    domicile: Domicile
    business_scope: str
    capital: Capital
    founding_date: str
    legal_representative_masked: str
    application_id: str
    licence_certificate_id: str
    licence_identifier: str
    imported: bool
    timeline: _containers.RepeatedCompositeFieldContainer[TimelineEntry]
    state_reason_code: str
    state_date: str
    flags: _containers.RepeatedScalarFieldContainer[str]
    shown_name: str
    last_report_year: int
    above_size: str
    from_division_code: str
    duties: _containers.RepeatedCompositeFieldContainer[EntityDuty]
    def __init__(self, entity_id: _Optional[str] = ..., uscc: _Optional[str] = ..., state: _Optional[_Union[EntityState, str]] = ..., version: _Optional[int] = ..., entity_type: _Optional[_Union[EntityType, str]] = ..., name: _Optional[str] = ..., division_code: _Optional[str] = ..., domicile: _Optional[_Union[Domicile, _Mapping]] = ..., business_scope: _Optional[str] = ..., capital: _Optional[_Union[Capital, _Mapping]] = ..., founding_date: _Optional[str] = ..., legal_representative_masked: _Optional[str] = ..., application_id: _Optional[str] = ..., licence_certificate_id: _Optional[str] = ..., licence_identifier: _Optional[str] = ..., imported: _Optional[bool] = ..., timeline: _Optional[_Iterable[_Union[TimelineEntry, _Mapping]]] = ..., state_reason_code: _Optional[str] = ..., state_date: _Optional[str] = ..., flags: _Optional[_Iterable[str]] = ..., shown_name: _Optional[str] = ..., last_report_year: _Optional[int] = ..., above_size: _Optional[str] = ..., from_division_code: _Optional[str] = ..., duties: _Optional[_Iterable[_Union[EntityDuty, _Mapping]]] = ...) -> None: ...

class EntityDuty(_message.Message):
    __slots__ = ("code", "due_date", "latest_date", "source")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    LATEST_DATE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    code: str
    due_date: str
    latest_date: str
    source: str
    def __init__(self, code: _Optional[str] = ..., due_date: _Optional[str] = ..., latest_date: _Optional[str] = ..., source: _Optional[str] = ...) -> None: ...

class EntityBundle(_message.Message):
    __slots__ = ("bundle_id", "kind", "state", "version", "outcome", "entity_id", "uscc", "received_time", "parts", "owed_by", "owed", "owed_until", "escalated", "timeline", "owed_flag")
    BUNDLE_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    USCC_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_TIME_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    OWED_BY_FIELD_NUMBER: _ClassVar[int]
    OWED_FIELD_NUMBER: _ClassVar[int]
    OWED_UNTIL_FIELD_NUMBER: _ClassVar[int]
    ESCALATED_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_FIELD_NUMBER: _ClassVar[int]
    OWED_FLAG_FIELD_NUMBER: _ClassVar[int]
    bundle_id: str
    kind: str
    state: str
    version: int
    outcome: str
    entity_id: str
    uscc: str
    received_time: _timestamp_pb2.Timestamp
    parts: _containers.RepeatedCompositeFieldContainer[BundlePart]
    owed_by: str
    owed: str
    owed_until: _timestamp_pb2.Timestamp
    escalated: bool
    timeline: _containers.RepeatedCompositeFieldContainer[TimelineEntry]
    owed_flag: str
    def __init__(self, bundle_id: _Optional[str] = ..., kind: _Optional[str] = ..., state: _Optional[str] = ..., version: _Optional[int] = ..., outcome: _Optional[str] = ..., entity_id: _Optional[str] = ..., uscc: _Optional[str] = ..., received_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., parts: _Optional[_Iterable[_Union[BundlePart, _Mapping]]] = ..., owed_by: _Optional[str] = ..., owed: _Optional[str] = ..., owed_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., escalated: _Optional[bool] = ..., timeline: _Optional[_Iterable[_Union[TimelineEntry, _Mapping]]] = ..., owed_flag: _Optional[str] = ...) -> None: ...

class BundlePart(_message.Message):
    __slots__ = ("key", "authority", "ask", "state", "attempts", "reason_codes", "reference", "next_time", "followed", "not_followed", "due_date", "owed_by", "owed")
    KEY_FIELD_NUMBER: _ClassVar[int]
    AUTHORITY_FIELD_NUMBER: _ClassVar[int]
    ASK_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    REASON_CODES_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    NEXT_TIME_FIELD_NUMBER: _ClassVar[int]
    FOLLOWED_FIELD_NUMBER: _ClassVar[int]
    NOT_FOLLOWED_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    OWED_BY_FIELD_NUMBER: _ClassVar[int]
    OWED_FIELD_NUMBER: _ClassVar[int]
    key: str
    authority: str
    ask: str
    state: str
    attempts: int
    reason_codes: _containers.RepeatedScalarFieldContainer[str]
    reference: str
    next_time: _timestamp_pb2.Timestamp
    followed: _containers.RepeatedScalarFieldContainer[str]
    not_followed: _containers.RepeatedScalarFieldContainer[str]
    due_date: str
    owed_by: str
    owed: str
    def __init__(self, key: _Optional[str] = ..., authority: _Optional[str] = ..., ask: _Optional[str] = ..., state: _Optional[str] = ..., attempts: _Optional[int] = ..., reason_codes: _Optional[_Iterable[str]] = ..., reference: _Optional[str] = ..., next_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., followed: _Optional[_Iterable[str]] = ..., not_followed: _Optional[_Iterable[str]] = ..., due_date: _Optional[str] = ..., owed_by: _Optional[str] = ..., owed: _Optional[str] = ...) -> None: ...

class EntityCase(_message.Message):
    __slots__ = ("entity_case_id", "kind", "state", "version", "entity_id", "uscc", "division_code", "received_time", "facts", "reason_codes", "deadlines", "steps", "owed_by", "owed", "owed_until", "escalated", "flag", "timeline")
    class FactsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ENTITY_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    USCC_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_TIME_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    REASON_CODES_FIELD_NUMBER: _ClassVar[int]
    DEADLINES_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    OWED_BY_FIELD_NUMBER: _ClassVar[int]
    OWED_FIELD_NUMBER: _ClassVar[int]
    OWED_UNTIL_FIELD_NUMBER: _ClassVar[int]
    ESCALATED_FIELD_NUMBER: _ClassVar[int]
    FLAG_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_FIELD_NUMBER: _ClassVar[int]
    entity_case_id: str
    kind: str
    state: str
    version: int
    entity_id: str
    uscc: str
    division_code: str
    received_time: _timestamp_pb2.Timestamp
    facts: _containers.ScalarMap[str, str]
    reason_codes: _containers.RepeatedScalarFieldContainer[str]
    deadlines: _containers.RepeatedCompositeFieldContainer[CaseDeadline]
    steps: _containers.RepeatedCompositeFieldContainer[CaseStep]
    owed_by: str
    owed: str
    owed_until: _timestamp_pb2.Timestamp
    escalated: bool
    flag: str
    timeline: _containers.RepeatedCompositeFieldContainer[TimelineEntry]
    def __init__(self, entity_case_id: _Optional[str] = ..., kind: _Optional[str] = ..., state: _Optional[str] = ..., version: _Optional[int] = ..., entity_id: _Optional[str] = ..., uscc: _Optional[str] = ..., division_code: _Optional[str] = ..., received_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., facts: _Optional[_Mapping[str, str]] = ..., reason_codes: _Optional[_Iterable[str]] = ..., deadlines: _Optional[_Iterable[_Union[CaseDeadline, _Mapping]]] = ..., steps: _Optional[_Iterable[_Union[CaseStep, _Mapping]]] = ..., owed_by: _Optional[str] = ..., owed: _Optional[str] = ..., owed_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., escalated: _Optional[bool] = ..., flag: _Optional[str] = ..., timeline: _Optional[_Iterable[_Union[TimelineEntry, _Mapping]]] = ...) -> None: ...

class CaseDeadline(_message.Message):
    __slots__ = ("clock", "state", "due_date", "explanation")
    CLOCK_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    clock: str
    state: str
    due_date: str
    explanation: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, clock: _Optional[str] = ..., state: _Optional[str] = ..., due_date: _Optional[str] = ..., explanation: _Optional[_Iterable[str]] = ...) -> None: ...

class CaseStep(_message.Message):
    __slots__ = ("action", "by", "article")
    ACTION_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_FIELD_NUMBER: _ClassVar[int]
    action: str
    by: _containers.RepeatedScalarFieldContainer[str]
    article: str
    def __init__(self, action: _Optional[str] = ..., by: _Optional[_Iterable[str]] = ..., article: _Optional[str] = ...) -> None: ...

class WorkItem(_message.Message):
    __slots__ = ("application_id", "division_code", "due_date", "opened_time", "open")
    APPLICATION_ID_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    OPENED_TIME_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    application_id: str
    division_code: str
    due_date: str
    opened_time: _timestamp_pb2.Timestamp
    open: bool
    def __init__(self, application_id: _Optional[str] = ..., division_code: _Optional[str] = ..., due_date: _Optional[str] = ..., opened_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., open: _Optional[bool] = ...) -> None: ...
