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

class ItemKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ITEM_KIND_UNSPECIFIED: _ClassVar[ItemKind]
    ITEM_KIND_PERMIT: _ClassVar[ItemKind]
    ITEM_KIND_COMMITMENT: _ClassVar[ItemKind]
    ITEM_KIND_FILING: _ClassVar[ItemKind]

class CaseState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CASE_STATE_UNSPECIFIED: _ClassVar[CaseState]
    CASE_STATE_RECEIVED: _ClassVar[CaseState]
    CASE_STATE_NOTICE_SENT: _ClassVar[CaseState]
    CASE_STATE_ACCEPTED: _ClassVar[CaseState]
    CASE_STATE_GRANTED: _ClassVar[CaseState]
    CASE_STATE_DELIVERED: _ClassVar[CaseState]
    CASE_STATE_REFUSED: _ClassVar[CaseState]
    CASE_STATE_NOT_ACCEPTED: _ClassVar[CaseState]
    CASE_STATE_WITHDRAWN: _ClassVar[CaseState]
    CASE_STATE_ENDED: _ClassVar[CaseState]

class PermitState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PERMIT_STATE_UNSPECIFIED: _ClassVar[PermitState]
    PERMIT_STATE_IN_FORCE: _ClassVar[PermitState]
    PERMIT_STATE_SUSPENDED: _ClassVar[PermitState]
    PERMIT_STATE_REVOKED: _ClassVar[PermitState]
    PERMIT_STATE_CANCELLED: _ClassVar[PermitState]
    PERMIT_STATE_EXPIRED: _ClassVar[PermitState]

class FilingState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FILING_STATE_UNSPECIFIED: _ClassVar[FilingState]
    FILING_STATE_RETURNED_INCOMPLETE: _ClassVar[FilingState]
    FILING_STATE_RECORDED: _ClassVar[FilingState]
    FILING_STATE_WITHDRAWN: _ClassVar[FilingState]
    FILING_STATE_LAPSED: _ClassVar[FilingState]
ITEM_KIND_UNSPECIFIED: ItemKind
ITEM_KIND_PERMIT: ItemKind
ITEM_KIND_COMMITMENT: ItemKind
ITEM_KIND_FILING: ItemKind
CASE_STATE_UNSPECIFIED: CaseState
CASE_STATE_RECEIVED: CaseState
CASE_STATE_NOTICE_SENT: CaseState
CASE_STATE_ACCEPTED: CaseState
CASE_STATE_GRANTED: CaseState
CASE_STATE_DELIVERED: CaseState
CASE_STATE_REFUSED: CaseState
CASE_STATE_NOT_ACCEPTED: CaseState
CASE_STATE_WITHDRAWN: CaseState
CASE_STATE_ENDED: CaseState
PERMIT_STATE_UNSPECIFIED: PermitState
PERMIT_STATE_IN_FORCE: PermitState
PERMIT_STATE_SUSPENDED: PermitState
PERMIT_STATE_REVOKED: PermitState
PERMIT_STATE_CANCELLED: PermitState
PERMIT_STATE_EXPIRED: PermitState
FILING_STATE_UNSPECIFIED: FilingState
FILING_STATE_RETURNED_INCOMPLETE: FilingState
FILING_STATE_RECORDED: FilingState
FILING_STATE_WITHDRAWN: FilingState
FILING_STATE_LAPSED: FilingState

class Material(_message.Message):
    __slots__ = ("material_type", "name", "name_en", "tolerable", "source")
    MATERIAL_TYPE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NAME_EN_FIELD_NUMBER: _ClassVar[int]
    TOLERABLE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    material_type: str
    name: str
    name_en: str
    tolerable: bool
    source: str
    def __init__(self, material_type: _Optional[str] = ..., name: _Optional[str] = ..., name_en: _Optional[str] = ..., tolerable: _Optional[bool] = ..., source: _Optional[str] = ...) -> None: ...

class Item(_message.Message):
    __slots__ = ("key", "item_code", "version", "kind", "name", "name_en", "basis", "division_code", "unit_code", "unit_name", "limit", "promised_days", "certificate_type", "validity_months", "handoff_modes", "conditions", "materials")
    KEY_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NAME_EN_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    UNIT_NAME_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    PROMISED_DAYS_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_TYPE_FIELD_NUMBER: _ClassVar[int]
    VALIDITY_MONTHS_FIELD_NUMBER: _ClassVar[int]
    HANDOFF_MODES_FIELD_NUMBER: _ClassVar[int]
    CONDITIONS_FIELD_NUMBER: _ClassVar[int]
    MATERIALS_FIELD_NUMBER: _ClassVar[int]
    key: str
    item_code: str
    version: str
    kind: ItemKind
    name: str
    name_en: str
    basis: str
    division_code: str
    unit_code: str
    unit_name: str
    limit: str
    promised_days: int
    certificate_type: str
    validity_months: int
    handoff_modes: _containers.RepeatedScalarFieldContainer[str]
    conditions: _containers.RepeatedScalarFieldContainer[str]
    materials: _containers.RepeatedCompositeFieldContainer[Material]
    def __init__(self, key: _Optional[str] = ..., item_code: _Optional[str] = ..., version: _Optional[str] = ..., kind: _Optional[_Union[ItemKind, str]] = ..., name: _Optional[str] = ..., name_en: _Optional[str] = ..., basis: _Optional[str] = ..., division_code: _Optional[str] = ..., unit_code: _Optional[str] = ..., unit_name: _Optional[str] = ..., limit: _Optional[str] = ..., promised_days: _Optional[int] = ..., certificate_type: _Optional[str] = ..., validity_months: _Optional[int] = ..., handoff_modes: _Optional[_Iterable[str]] = ..., conditions: _Optional[_Iterable[str]] = ..., materials: _Optional[_Iterable[_Union[Material, _Mapping]]] = ...) -> None: ...

class Permit(_message.Message):
    __slots__ = ("permit_id", "state", "version", "valid_from_date", "valid_to_date", "reason_code")
    PERMIT_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_DATE_FIELD_NUMBER: _ClassVar[int]
    VALID_TO_DATE_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    permit_id: str
    state: PermitState
    version: int
    valid_from_date: str
    valid_to_date: str
    reason_code: str
    def __init__(self, permit_id: _Optional[str] = ..., state: _Optional[_Union[PermitState, str]] = ..., version: _Optional[int] = ..., valid_from_date: _Optional[str] = ..., valid_to_date: _Optional[str] = ..., reason_code: _Optional[str] = ...) -> None: ...

class Reason(_message.Message):
    __slots__ = ("code", "description", "source")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    code: str
    description: str
    source: str
    def __init__(self, code: _Optional[str] = ..., description: _Optional[str] = ..., source: _Optional[str] = ...) -> None: ...

class Deadline(_message.Message):
    __slots__ = ("clock", "state", "due_date", "reason", "owner", "missed", "steps")
    CLOCK_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    MISSED_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    clock: str
    state: str
    due_date: str
    reason: str
    owner: str
    missed: bool
    steps: _containers.RepeatedCompositeFieldContainer[DeadlineStep]
    def __init__(self, clock: _Optional[str] = ..., state: _Optional[str] = ..., due_date: _Optional[str] = ..., reason: _Optional[str] = ..., owner: _Optional[str] = ..., missed: _Optional[bool] = ..., steps: _Optional[_Iterable[_Union[DeadlineStep, _Mapping]]] = ...) -> None: ...

class DeadlineStep(_message.Message):
    __slots__ = ("kind", "start", "end", "amount", "unit", "because")
    KIND_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    kind: str
    start: str
    end: str
    amount: int
    unit: str
    because: str
    def __init__(self, kind: _Optional[str] = ..., start: _Optional[str] = ..., end: _Optional[str] = ..., amount: _Optional[int] = ..., unit: _Optional[str] = ..., because: _Optional[str] = ...) -> None: ...

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

class Standing(_message.Message):
    __slots__ = ("kind", "party", "what", "due_time", "escalated", "flag")
    KIND_FIELD_NUMBER: _ClassVar[int]
    PARTY_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    DUE_TIME_FIELD_NUMBER: _ClassVar[int]
    ESCALATED_FIELD_NUMBER: _ClassVar[int]
    FLAG_FIELD_NUMBER: _ClassVar[int]
    kind: str
    party: str
    what: str
    due_time: _timestamp_pb2.Timestamp
    escalated: bool
    flag: str
    def __init__(self, kind: _Optional[str] = ..., party: _Optional[str] = ..., what: _Optional[str] = ..., due_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., escalated: _Optional[bool] = ..., flag: _Optional[str] = ...) -> None: ...

class PermitCase(_message.Message):
    __slots__ = ("case_id", "state", "version", "item_key", "item_version", "item_code", "division_code", "unit_code", "holder_code", "origin_ref", "received_time", "materials", "gaps", "promised", "committed", "accepted_date", "deemed", "decided_time", "reasons", "remedies_due_date", "permit", "standing", "deadlines", "timeline", "applicant_name", "premises", "contact", "project_id")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ITEM_KEY_FIELD_NUMBER: _ClassVar[int]
    ITEM_VERSION_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    HOLDER_CODE_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_TIME_FIELD_NUMBER: _ClassVar[int]
    MATERIALS_FIELD_NUMBER: _ClassVar[int]
    GAPS_FIELD_NUMBER: _ClassVar[int]
    PROMISED_FIELD_NUMBER: _ClassVar[int]
    COMMITTED_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_DATE_FIELD_NUMBER: _ClassVar[int]
    DEEMED_FIELD_NUMBER: _ClassVar[int]
    DECIDED_TIME_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    REMEDIES_DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    PERMIT_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    DEADLINES_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_FIELD_NUMBER: _ClassVar[int]
    APPLICANT_NAME_FIELD_NUMBER: _ClassVar[int]
    PREMISES_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    PROJECT_ID_FIELD_NUMBER: _ClassVar[int]
    case_id: str
    state: CaseState
    version: int
    item_key: str
    item_version: str
    item_code: str
    division_code: str
    unit_code: str
    holder_code: str
    origin_ref: str
    received_time: _timestamp_pb2.Timestamp
    materials: _containers.RepeatedScalarFieldContainer[str]
    gaps: _containers.RepeatedScalarFieldContainer[str]
    promised: _containers.RepeatedScalarFieldContainer[str]
    committed: bool
    accepted_date: str
    deemed: bool
    decided_time: _timestamp_pb2.Timestamp
    reasons: _containers.RepeatedCompositeFieldContainer[Reason]
    remedies_due_date: str
    permit: Permit
    standing: Standing
    deadlines: _containers.RepeatedCompositeFieldContainer[Deadline]
    timeline: _containers.RepeatedCompositeFieldContainer[TimelineEntry]
    applicant_name: str
    premises: str
    contact: str
    project_id: str
    def __init__(self, case_id: _Optional[str] = ..., state: _Optional[_Union[CaseState, str]] = ..., version: _Optional[int] = ..., item_key: _Optional[str] = ..., item_version: _Optional[str] = ..., item_code: _Optional[str] = ..., division_code: _Optional[str] = ..., unit_code: _Optional[str] = ..., holder_code: _Optional[str] = ..., origin_ref: _Optional[str] = ..., received_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., materials: _Optional[_Iterable[str]] = ..., gaps: _Optional[_Iterable[str]] = ..., promised: _Optional[_Iterable[str]] = ..., committed: _Optional[bool] = ..., accepted_date: _Optional[str] = ..., deemed: _Optional[bool] = ..., decided_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., reasons: _Optional[_Iterable[_Union[Reason, _Mapping]]] = ..., remedies_due_date: _Optional[str] = ..., permit: _Optional[_Union[Permit, _Mapping]] = ..., standing: _Optional[_Union[Standing, _Mapping]] = ..., deadlines: _Optional[_Iterable[_Union[Deadline, _Mapping]]] = ..., timeline: _Optional[_Iterable[_Union[TimelineEntry, _Mapping]]] = ..., applicant_name: _Optional[str] = ..., premises: _Optional[str] = ..., contact: _Optional[str] = ..., project_id: _Optional[str] = ...) -> None: ...

class Filing(_message.Message):
    __slots__ = ("filing_id", "state", "version", "item_key", "item_code", "division_code", "unit_code", "holder_code", "project_id", "subject_key", "origin_ref", "materials", "gaps", "recorded_date", "due_date", "in_time", "timeline")
    FILING_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ITEM_KEY_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    HOLDER_CODE_FIELD_NUMBER: _ClassVar[int]
    PROJECT_ID_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_KEY_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    MATERIALS_FIELD_NUMBER: _ClassVar[int]
    GAPS_FIELD_NUMBER: _ClassVar[int]
    RECORDED_DATE_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    IN_TIME_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_FIELD_NUMBER: _ClassVar[int]
    filing_id: str
    state: FilingState
    version: int
    item_key: str
    item_code: str
    division_code: str
    unit_code: str
    holder_code: str
    project_id: str
    subject_key: str
    origin_ref: str
    materials: _containers.RepeatedScalarFieldContainer[str]
    gaps: _containers.RepeatedScalarFieldContainer[str]
    recorded_date: str
    due_date: str
    in_time: bool
    timeline: _containers.RepeatedCompositeFieldContainer[TimelineEntry]
    def __init__(self, filing_id: _Optional[str] = ..., state: _Optional[_Union[FilingState, str]] = ..., version: _Optional[int] = ..., item_key: _Optional[str] = ..., item_code: _Optional[str] = ..., division_code: _Optional[str] = ..., unit_code: _Optional[str] = ..., holder_code: _Optional[str] = ..., project_id: _Optional[str] = ..., subject_key: _Optional[str] = ..., origin_ref: _Optional[str] = ..., materials: _Optional[_Iterable[str]] = ..., gaps: _Optional[_Iterable[str]] = ..., recorded_date: _Optional[str] = ..., due_date: _Optional[str] = ..., in_time: _Optional[bool] = ..., timeline: _Optional[_Iterable[_Union[TimelineEntry, _Mapping]]] = ...) -> None: ...

class Question(_message.Message):
    __slots__ = ("key", "text", "text_en", "is_text")
    KEY_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TEXT_EN_FIELD_NUMBER: _ClassVar[int]
    IS_TEXT_FIELD_NUMBER: _ClassVar[int]
    key: str
    text: str
    text_en: str
    is_text: bool
    def __init__(self, key: _Optional[str] = ..., text: _Optional[str] = ..., text_en: _Optional[str] = ..., is_text: _Optional[bool] = ...) -> None: ...

class BundleType(_message.Message):
    __slots__ = ("key", "version", "name", "name_en", "promised_days", "questions")
    KEY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NAME_EN_FIELD_NUMBER: _ClassVar[int]
    PROMISED_DAYS_FIELD_NUMBER: _ClassVar[int]
    QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    key: str
    version: str
    name: str
    name_en: str
    promised_days: int
    questions: _containers.RepeatedCompositeFieldContainer[Question]
    def __init__(self, key: _Optional[str] = ..., version: _Optional[str] = ..., name: _Optional[str] = ..., name_en: _Optional[str] = ..., promised_days: _Optional[int] = ..., questions: _Optional[_Iterable[_Union[Question, _Mapping]]] = ...) -> None: ...

class PlannedStep(_message.Message):
    __slots__ = ("key", "item_key", "kind", "name", "name_en", "after", "because", "days")
    KEY_FIELD_NUMBER: _ClassVar[int]
    ITEM_KEY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NAME_EN_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    key: str
    item_key: str
    kind: str
    name: str
    name_en: str
    after: _containers.RepeatedScalarFieldContainer[str]
    because: str
    days: int
    def __init__(self, key: _Optional[str] = ..., item_key: _Optional[str] = ..., kind: _Optional[str] = ..., name: _Optional[str] = ..., name_en: _Optional[str] = ..., after: _Optional[_Iterable[str]] = ..., because: _Optional[str] = ..., days: _Optional[int] = ...) -> None: ...

class MergedMaterial(_message.Message):
    __slots__ = ("material", "steps", "asked")
    MATERIAL_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    ASKED_FIELD_NUMBER: _ClassVar[int]
    material: Material
    steps: _containers.RepeatedScalarFieldContainer[str]
    asked: bool
    def __init__(self, material: _Optional[_Union[Material, _Mapping]] = ..., steps: _Optional[_Iterable[str]] = ..., asked: _Optional[bool] = ...) -> None: ...

class BundlePlan(_message.Message):
    __slots__ = ("bundle_type", "steps", "materials", "materials_total", "materials_asked", "material_cut", "predicted_finish_date")
    BUNDLE_TYPE_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    MATERIALS_FIELD_NUMBER: _ClassVar[int]
    MATERIALS_TOTAL_FIELD_NUMBER: _ClassVar[int]
    MATERIALS_ASKED_FIELD_NUMBER: _ClassVar[int]
    MATERIAL_CUT_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_FINISH_DATE_FIELD_NUMBER: _ClassVar[int]
    bundle_type: BundleType
    steps: _containers.RepeatedCompositeFieldContainer[PlannedStep]
    materials: _containers.RepeatedCompositeFieldContainer[MergedMaterial]
    materials_total: int
    materials_asked: int
    material_cut: int
    predicted_finish_date: str
    def __init__(self, bundle_type: _Optional[_Union[BundleType, _Mapping]] = ..., steps: _Optional[_Iterable[_Union[PlannedStep, _Mapping]]] = ..., materials: _Optional[_Iterable[_Union[MergedMaterial, _Mapping]]] = ..., materials_total: _Optional[int] = ..., materials_asked: _Optional[int] = ..., material_cut: _Optional[int] = ..., predicted_finish_date: _Optional[str] = ...) -> None: ...

class BundleStep(_message.Message):
    __slots__ = ("step_id", "key", "item_key", "kind", "after", "because", "state", "case_id", "reason_codes", "due_date")
    STEP_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    ITEM_KEY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_CODES_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    step_id: str
    key: str
    item_key: str
    kind: str
    after: _containers.RepeatedScalarFieldContainer[str]
    because: str
    state: str
    case_id: str
    reason_codes: _containers.RepeatedScalarFieldContainer[str]
    due_date: str
    def __init__(self, step_id: _Optional[str] = ..., key: _Optional[str] = ..., item_key: _Optional[str] = ..., kind: _Optional[str] = ..., after: _Optional[_Iterable[str]] = ..., because: _Optional[str] = ..., state: _Optional[str] = ..., case_id: _Optional[str] = ..., reason_codes: _Optional[_Iterable[str]] = ..., due_date: _Optional[str] = ...) -> None: ...

class Bundle(_message.Message):
    __slots__ = ("bundle_id", "state", "version", "bundle_type", "division_code", "holder_code", "steps", "received_time", "promised_days", "predicted_finish_date", "outcome", "timeline", "commitments", "standing")
    BUNDLE_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    BUNDLE_TYPE_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    HOLDER_CODE_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_TIME_FIELD_NUMBER: _ClassVar[int]
    PROMISED_DAYS_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_FINISH_DATE_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_FIELD_NUMBER: _ClassVar[int]
    COMMITMENTS_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    bundle_id: str
    state: str
    version: int
    bundle_type: str
    division_code: str
    holder_code: str
    steps: _containers.RepeatedCompositeFieldContainer[BundleStep]
    received_time: _timestamp_pb2.Timestamp
    promised_days: int
    predicted_finish_date: str
    outcome: str
    timeline: _containers.RepeatedCompositeFieldContainer[TimelineEntry]
    commitments: _containers.RepeatedScalarFieldContainer[str]
    standing: Standing
    def __init__(self, bundle_id: _Optional[str] = ..., state: _Optional[str] = ..., version: _Optional[int] = ..., bundle_type: _Optional[str] = ..., division_code: _Optional[str] = ..., holder_code: _Optional[str] = ..., steps: _Optional[_Iterable[_Union[BundleStep, _Mapping]]] = ..., received_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., promised_days: _Optional[int] = ..., predicted_finish_date: _Optional[str] = ..., outcome: _Optional[str] = ..., timeline: _Optional[_Iterable[_Union[TimelineEntry, _Mapping]]] = ..., commitments: _Optional[_Iterable[str]] = ..., standing: _Optional[_Union[Standing, _Mapping]] = ...) -> None: ...

class ProjectTrait(_message.Message):
    __slots__ = ("key", "text", "text_en", "values")
    KEY_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TEXT_EN_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    key: str
    text: str
    text_en: str
    values: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, key: _Optional[str] = ..., text: _Optional[str] = ..., text_en: _Optional[str] = ..., values: _Optional[_Iterable[str]] = ...) -> None: ...

class PlannedProjectItem(_message.Message):
    __slots__ = ("key", "item_key", "item_code", "kind", "name", "name_en", "line", "stage", "after", "because", "days", "unit_code", "joint")
    KEY_FIELD_NUMBER: _ClassVar[int]
    ITEM_KEY_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NAME_EN_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    JOINT_FIELD_NUMBER: _ClassVar[int]
    key: str
    item_key: str
    item_code: str
    kind: str
    name: str
    name_en: str
    line: str
    stage: str
    after: _containers.RepeatedScalarFieldContainer[str]
    because: str
    days: int
    unit_code: str
    joint: bool
    def __init__(self, key: _Optional[str] = ..., item_key: _Optional[str] = ..., item_code: _Optional[str] = ..., kind: _Optional[str] = ..., name: _Optional[str] = ..., name_en: _Optional[str] = ..., line: _Optional[str] = ..., stage: _Optional[str] = ..., after: _Optional[_Iterable[str]] = ..., because: _Optional[str] = ..., days: _Optional[int] = ..., unit_code: _Optional[str] = ..., joint: _Optional[bool] = ...) -> None: ...

class ProjectPlan(_message.Message):
    __slots__ = ("items", "critical", "critical_days", "serial_days")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    CRITICAL_FIELD_NUMBER: _ClassVar[int]
    CRITICAL_DAYS_FIELD_NUMBER: _ClassVar[int]
    SERIAL_DAYS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[PlannedProjectItem]
    critical: _containers.RepeatedScalarFieldContainer[str]
    critical_days: int
    serial_days: int
    def __init__(self, items: _Optional[_Iterable[_Union[PlannedProjectItem, _Mapping]]] = ..., critical: _Optional[_Iterable[str]] = ..., critical_days: _Optional[int] = ..., serial_days: _Optional[int] = ...) -> None: ...

class ProjectItem(_message.Message):
    __slots__ = ("item_id", "key", "item_key", "item_code", "kind", "line", "stage", "after", "because", "days", "unit_code", "joint", "state", "pre_reviewed", "case_id", "due_date", "done_date", "reason_codes")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    ITEM_KEY_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    JOINT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PRE_REVIEWED_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    DONE_DATE_FIELD_NUMBER: _ClassVar[int]
    REASON_CODES_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    key: str
    item_key: str
    item_code: str
    kind: str
    line: str
    stage: str
    after: _containers.RepeatedScalarFieldContainer[str]
    because: str
    days: int
    unit_code: str
    joint: bool
    state: str
    pre_reviewed: bool
    case_id: str
    due_date: str
    done_date: str
    reason_codes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, item_id: _Optional[str] = ..., key: _Optional[str] = ..., item_key: _Optional[str] = ..., item_code: _Optional[str] = ..., kind: _Optional[str] = ..., line: _Optional[str] = ..., stage: _Optional[str] = ..., after: _Optional[_Iterable[str]] = ..., because: _Optional[str] = ..., days: _Optional[int] = ..., unit_code: _Optional[str] = ..., joint: _Optional[bool] = ..., state: _Optional[str] = ..., pre_reviewed: _Optional[bool] = ..., case_id: _Optional[str] = ..., due_date: _Optional[str] = ..., done_date: _Optional[str] = ..., reason_codes: _Optional[_Iterable[str]] = ...) -> None: ...

class Project(_message.Message):
    __slots__ = ("project_id", "state", "version", "division_code", "holder_code", "traits", "items", "received_time", "critical", "critical_days", "serial_days", "land_contract_date", "land_to_permit_minutes", "reason_code", "standing", "timeline")
    class TraitsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    PROJECT_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    HOLDER_CODE_FIELD_NUMBER: _ClassVar[int]
    TRAITS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_TIME_FIELD_NUMBER: _ClassVar[int]
    CRITICAL_FIELD_NUMBER: _ClassVar[int]
    CRITICAL_DAYS_FIELD_NUMBER: _ClassVar[int]
    SERIAL_DAYS_FIELD_NUMBER: _ClassVar[int]
    LAND_CONTRACT_DATE_FIELD_NUMBER: _ClassVar[int]
    LAND_TO_PERMIT_MINUTES_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_FIELD_NUMBER: _ClassVar[int]
    project_id: str
    state: str
    version: int
    division_code: str
    holder_code: str
    traits: _containers.ScalarMap[str, str]
    items: _containers.RepeatedCompositeFieldContainer[ProjectItem]
    received_time: _timestamp_pb2.Timestamp
    critical: _containers.RepeatedScalarFieldContainer[str]
    critical_days: int
    serial_days: int
    land_contract_date: str
    land_to_permit_minutes: int
    reason_code: str
    standing: Standing
    timeline: _containers.RepeatedCompositeFieldContainer[TimelineEntry]
    def __init__(self, project_id: _Optional[str] = ..., state: _Optional[str] = ..., version: _Optional[int] = ..., division_code: _Optional[str] = ..., holder_code: _Optional[str] = ..., traits: _Optional[_Mapping[str, str]] = ..., items: _Optional[_Iterable[_Union[ProjectItem, _Mapping]]] = ..., received_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., critical: _Optional[_Iterable[str]] = ..., critical_days: _Optional[int] = ..., serial_days: _Optional[int] = ..., land_contract_date: _Optional[str] = ..., land_to_permit_minutes: _Optional[int] = ..., reason_code: _Optional[str] = ..., standing: _Optional[_Union[Standing, _Mapping]] = ..., timeline: _Optional[_Iterable[_Union[TimelineEntry, _Mapping]]] = ...) -> None: ...
