from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class PermitCaseReceived(_message.Message):
    __slots__ = ("case_id", "item_code", "division_code", "unit_code", "notice_due_date", "origin_ref")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    NOTICE_DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    case_id: str
    item_code: str
    division_code: str
    unit_code: str
    notice_due_date: str
    origin_ref: str
    def __init__(self, case_id: _Optional[str] = ..., item_code: _Optional[str] = ..., division_code: _Optional[str] = ..., unit_code: _Optional[str] = ..., notice_due_date: _Optional[str] = ..., origin_ref: _Optional[str] = ...) -> None: ...

class MaterialsRequested(_message.Message):
    __slots__ = ("case_id", "item_code", "gap_codes", "origin_ref")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    GAP_CODES_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    case_id: str
    item_code: str
    gap_codes: _containers.RepeatedScalarFieldContainer[str]
    origin_ref: str
    def __init__(self, case_id: _Optional[str] = ..., item_code: _Optional[str] = ..., gap_codes: _Optional[_Iterable[str]] = ..., origin_ref: _Optional[str] = ...) -> None: ...

class PermitCaseAccepted(_message.Message):
    __slots__ = ("case_id", "item_code", "accepted_date", "due_date", "deemed", "origin_ref")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_DATE_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    DEEMED_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    case_id: str
    item_code: str
    accepted_date: str
    due_date: str
    deemed: bool
    origin_ref: str
    def __init__(self, case_id: _Optional[str] = ..., item_code: _Optional[str] = ..., accepted_date: _Optional[str] = ..., due_date: _Optional[str] = ..., deemed: _Optional[bool] = ..., origin_ref: _Optional[str] = ...) -> None: ...

class PermitCaseClosed(_message.Message):
    __slots__ = ("case_id", "item_code", "reason_codes", "origin_ref")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_CODES_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    case_id: str
    item_code: str
    reason_codes: _containers.RepeatedScalarFieldContainer[str]
    origin_ref: str
    def __init__(self, case_id: _Optional[str] = ..., item_code: _Optional[str] = ..., reason_codes: _Optional[_Iterable[str]] = ..., origin_ref: _Optional[str] = ...) -> None: ...

class DecisionExtended(_message.Message):
    __slots__ = ("case_id", "due_date", "origin_ref")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    case_id: str
    due_date: str
    origin_ref: str
    def __init__(self, case_id: _Optional[str] = ..., due_date: _Optional[str] = ..., origin_ref: _Optional[str] = ...) -> None: ...

class DecisionPaused(_message.Message):
    __slots__ = ("case_id", "reason_code", "owner", "until_date", "origin_ref")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DATE_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    case_id: str
    reason_code: str
    owner: str
    until_date: str
    origin_ref: str
    def __init__(self, case_id: _Optional[str] = ..., reason_code: _Optional[str] = ..., owner: _Optional[str] = ..., until_date: _Optional[str] = ..., origin_ref: _Optional[str] = ...) -> None: ...

class DecisionResumed(_message.Message):
    __slots__ = ("case_id", "reason_code", "due_date", "origin_ref")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    case_id: str
    reason_code: str
    due_date: str
    origin_ref: str
    def __init__(self, case_id: _Optional[str] = ..., reason_code: _Optional[str] = ..., due_date: _Optional[str] = ..., origin_ref: _Optional[str] = ...) -> None: ...

class PermitGranted(_message.Message):
    __slots__ = ("case_id", "permit_id", "item_code", "certificate_type", "holder_ref", "holder_code", "division_code", "valid_from_date", "valid_to_date", "permit_version", "origin_ref")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    PERMIT_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_TYPE_FIELD_NUMBER: _ClassVar[int]
    HOLDER_REF_FIELD_NUMBER: _ClassVar[int]
    HOLDER_CODE_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_DATE_FIELD_NUMBER: _ClassVar[int]
    VALID_TO_DATE_FIELD_NUMBER: _ClassVar[int]
    PERMIT_VERSION_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    case_id: str
    permit_id: str
    item_code: str
    certificate_type: str
    holder_ref: str
    holder_code: str
    division_code: str
    valid_from_date: str
    valid_to_date: str
    permit_version: int
    origin_ref: str
    def __init__(self, case_id: _Optional[str] = ..., permit_id: _Optional[str] = ..., item_code: _Optional[str] = ..., certificate_type: _Optional[str] = ..., holder_ref: _Optional[str] = ..., holder_code: _Optional[str] = ..., division_code: _Optional[str] = ..., valid_from_date: _Optional[str] = ..., valid_to_date: _Optional[str] = ..., permit_version: _Optional[int] = ..., origin_ref: _Optional[str] = ...) -> None: ...

class PermitRefused(_message.Message):
    __slots__ = ("case_id", "item_code", "reason_codes", "origin_ref")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_CODES_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    case_id: str
    item_code: str
    reason_codes: _containers.RepeatedScalarFieldContainer[str]
    origin_ref: str
    def __init__(self, case_id: _Optional[str] = ..., item_code: _Optional[str] = ..., reason_codes: _Optional[_Iterable[str]] = ..., origin_ref: _Optional[str] = ...) -> None: ...

class PermitStateChanged(_message.Message):
    __slots__ = ("permit_id", "case_id", "state", "reason_code", "permit_version")
    PERMIT_ID_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    PERMIT_VERSION_FIELD_NUMBER: _ClassVar[int]
    permit_id: str
    case_id: str
    state: str
    reason_code: str
    permit_version: int
    def __init__(self, permit_id: _Optional[str] = ..., case_id: _Optional[str] = ..., state: _Optional[str] = ..., reason_code: _Optional[str] = ..., permit_version: _Optional[int] = ...) -> None: ...

class PermitDelivered(_message.Message):
    __slots__ = ("case_id", "permit_id", "origin_ref")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    PERMIT_ID_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    case_id: str
    permit_id: str
    origin_ref: str
    def __init__(self, case_id: _Optional[str] = ..., permit_id: _Optional[str] = ..., origin_ref: _Optional[str] = ...) -> None: ...

class PermitDeadlineMissed(_message.Message):
    __slots__ = ("case_id", "clock", "due_date", "unit_code")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    CLOCK_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    case_id: str
    clock: str
    due_date: str
    unit_code: str
    def __init__(self, case_id: _Optional[str] = ..., clock: _Optional[str] = ..., due_date: _Optional[str] = ..., unit_code: _Optional[str] = ...) -> None: ...

class FilingRecorded(_message.Message):
    __slots__ = ("filing_id", "item_code", "certificate_type", "holder_ref", "holder_code", "division_code", "recorded_date", "project_id", "subject_key", "origin_ref")
    FILING_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_TYPE_FIELD_NUMBER: _ClassVar[int]
    HOLDER_REF_FIELD_NUMBER: _ClassVar[int]
    HOLDER_CODE_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    RECORDED_DATE_FIELD_NUMBER: _ClassVar[int]
    PROJECT_ID_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_KEY_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    filing_id: str
    item_code: str
    certificate_type: str
    holder_ref: str
    holder_code: str
    division_code: str
    recorded_date: str
    project_id: str
    subject_key: str
    origin_ref: str
    def __init__(self, filing_id: _Optional[str] = ..., item_code: _Optional[str] = ..., certificate_type: _Optional[str] = ..., holder_ref: _Optional[str] = ..., holder_code: _Optional[str] = ..., division_code: _Optional[str] = ..., recorded_date: _Optional[str] = ..., project_id: _Optional[str] = ..., subject_key: _Optional[str] = ..., origin_ref: _Optional[str] = ...) -> None: ...

class FilingReturned(_message.Message):
    __slots__ = ("filing_id", "item_code", "gap_codes", "origin_ref")
    FILING_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    GAP_CODES_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    filing_id: str
    item_code: str
    gap_codes: _containers.RepeatedScalarFieldContainer[str]
    origin_ref: str
    def __init__(self, filing_id: _Optional[str] = ..., item_code: _Optional[str] = ..., gap_codes: _Optional[_Iterable[str]] = ..., origin_ref: _Optional[str] = ...) -> None: ...

class FilingClosed(_message.Message):
    __slots__ = ("filing_id", "item_code", "reason_codes", "origin_ref")
    FILING_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_CODES_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    filing_id: str
    item_code: str
    reason_codes: _containers.RepeatedScalarFieldContainer[str]
    origin_ref: str
    def __init__(self, filing_id: _Optional[str] = ..., item_code: _Optional[str] = ..., reason_codes: _Optional[_Iterable[str]] = ..., origin_ref: _Optional[str] = ...) -> None: ...

class BundleStarted(_message.Message):
    __slots__ = ("bundle_id", "bundle_type", "division_code", "predicted_finish_date")
    BUNDLE_ID_FIELD_NUMBER: _ClassVar[int]
    BUNDLE_TYPE_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_FINISH_DATE_FIELD_NUMBER: _ClassVar[int]
    bundle_id: str
    bundle_type: str
    division_code: str
    predicted_finish_date: str
    def __init__(self, bundle_id: _Optional[str] = ..., bundle_type: _Optional[str] = ..., division_code: _Optional[str] = ..., predicted_finish_date: _Optional[str] = ...) -> None: ...

class BundleStepChanged(_message.Message):
    __slots__ = ("bundle_id", "step_id", "item_code", "state", "predicted_finish_date")
    BUNDLE_ID_FIELD_NUMBER: _ClassVar[int]
    STEP_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_FINISH_DATE_FIELD_NUMBER: _ClassVar[int]
    bundle_id: str
    step_id: str
    item_code: str
    state: str
    predicted_finish_date: str
    def __init__(self, bundle_id: _Optional[str] = ..., step_id: _Optional[str] = ..., item_code: _Optional[str] = ..., state: _Optional[str] = ..., predicted_finish_date: _Optional[str] = ...) -> None: ...

class BundleFinished(_message.Message):
    __slots__ = ("bundle_id", "outcome")
    BUNDLE_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    bundle_id: str
    outcome: str
    def __init__(self, bundle_id: _Optional[str] = ..., outcome: _Optional[str] = ...) -> None: ...

class BundleDelayed(_message.Message):
    __slots__ = ("bundle_id", "step_id", "item_key", "party", "what", "due_time")
    BUNDLE_ID_FIELD_NUMBER: _ClassVar[int]
    STEP_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_KEY_FIELD_NUMBER: _ClassVar[int]
    PARTY_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    DUE_TIME_FIELD_NUMBER: _ClassVar[int]
    bundle_id: str
    step_id: str
    item_key: str
    party: str
    what: str
    due_time: str
    def __init__(self, bundle_id: _Optional[str] = ..., step_id: _Optional[str] = ..., item_key: _Optional[str] = ..., party: _Optional[str] = ..., what: _Optional[str] = ..., due_time: _Optional[str] = ...) -> None: ...

class LicenceRequested(_message.Message):
    __slots__ = ("bundle_id", "step_id", "division_code")
    BUNDLE_ID_FIELD_NUMBER: _ClassVar[int]
    STEP_ID_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    bundle_id: str
    step_id: str
    division_code: str
    def __init__(self, bundle_id: _Optional[str] = ..., step_id: _Optional[str] = ..., division_code: _Optional[str] = ...) -> None: ...

class ForwardedCaseAccepted(_message.Message):
    __slots__ = ("origin_ref", "case_id", "due_date")
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    origin_ref: str
    case_id: str
    due_date: str
    def __init__(self, origin_ref: _Optional[str] = ..., case_id: _Optional[str] = ..., due_date: _Optional[str] = ...) -> None: ...

class ForwardedCaseRejected(_message.Message):
    __slots__ = ("origin_ref", "reason_codes")
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    REASON_CODES_FIELD_NUMBER: _ClassVar[int]
    origin_ref: str
    reason_codes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, origin_ref: _Optional[str] = ..., reason_codes: _Optional[_Iterable[str]] = ...) -> None: ...

class ProjectStarted(_message.Message):
    __slots__ = ("project_id", "division_code", "item_codes")
    PROJECT_ID_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODES_FIELD_NUMBER: _ClassVar[int]
    project_id: str
    division_code: str
    item_codes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, project_id: _Optional[str] = ..., division_code: _Optional[str] = ..., item_codes: _Optional[_Iterable[str]] = ...) -> None: ...

class ProjectItemOpened(_message.Message):
    __slots__ = ("project_id", "item_code", "line")
    PROJECT_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    project_id: str
    item_code: str
    line: str
    def __init__(self, project_id: _Optional[str] = ..., item_code: _Optional[str] = ..., line: _Optional[str] = ...) -> None: ...

class ProjectItemDone(_message.Message):
    __slots__ = ("project_id", "item_code", "done_date")
    PROJECT_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    DONE_DATE_FIELD_NUMBER: _ClassVar[int]
    project_id: str
    item_code: str
    done_date: str
    def __init__(self, project_id: _Optional[str] = ..., item_code: _Optional[str] = ..., done_date: _Optional[str] = ...) -> None: ...

class ProjectDelayed(_message.Message):
    __slots__ = ("project_id", "item_code", "line", "party", "what", "due_time")
    PROJECT_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_CODE_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    PARTY_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    DUE_TIME_FIELD_NUMBER: _ClassVar[int]
    project_id: str
    item_code: str
    line: str
    party: str
    what: str
    due_time: str
    def __init__(self, project_id: _Optional[str] = ..., item_code: _Optional[str] = ..., line: _Optional[str] = ..., party: _Optional[str] = ..., what: _Optional[str] = ..., due_time: _Optional[str] = ...) -> None: ...

class ProjectEnded(_message.Message):
    __slots__ = ("project_id", "reason_code")
    PROJECT_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    project_id: str
    reason_code: str
    def __init__(self, project_id: _Optional[str] = ..., reason_code: _Optional[str] = ...) -> None: ...

class ProjectCompleted(_message.Message):
    __slots__ = ("project_id",)
    PROJECT_ID_FIELD_NUMBER: _ClassVar[int]
    project_id: str
    def __init__(self, project_id: _Optional[str] = ...) -> None: ...

class PermitChanged(_message.Message):
    __slots__ = ("permit_id", "case_id", "facts", "certificate_type", "holder_ref", "permit_version", "origin_ref")
    PERMIT_ID_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_TYPE_FIELD_NUMBER: _ClassVar[int]
    HOLDER_REF_FIELD_NUMBER: _ClassVar[int]
    PERMIT_VERSION_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    permit_id: str
    case_id: str
    facts: _containers.RepeatedScalarFieldContainer[str]
    certificate_type: str
    holder_ref: str
    permit_version: int
    origin_ref: str
    def __init__(self, permit_id: _Optional[str] = ..., case_id: _Optional[str] = ..., facts: _Optional[_Iterable[str]] = ..., certificate_type: _Optional[str] = ..., holder_ref: _Optional[str] = ..., permit_version: _Optional[int] = ..., origin_ref: _Optional[str] = ...) -> None: ...

class HolderFollowed(_message.Message):
    __slots__ = ("holder_ref", "holder_code", "entity_version", "permit_ids", "certified", "kept_permit_ids", "kept_reason_codes")
    HOLDER_REF_FIELD_NUMBER: _ClassVar[int]
    HOLDER_CODE_FIELD_NUMBER: _ClassVar[int]
    ENTITY_VERSION_FIELD_NUMBER: _ClassVar[int]
    PERMIT_IDS_FIELD_NUMBER: _ClassVar[int]
    CERTIFIED_FIELD_NUMBER: _ClassVar[int]
    KEPT_PERMIT_IDS_FIELD_NUMBER: _ClassVar[int]
    KEPT_REASON_CODES_FIELD_NUMBER: _ClassVar[int]
    holder_ref: str
    holder_code: str
    entity_version: int
    permit_ids: _containers.RepeatedScalarFieldContainer[str]
    certified: _containers.RepeatedScalarFieldContainer[str]
    kept_permit_ids: _containers.RepeatedScalarFieldContainer[str]
    kept_reason_codes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, holder_ref: _Optional[str] = ..., holder_code: _Optional[str] = ..., entity_version: _Optional[int] = ..., permit_ids: _Optional[_Iterable[str]] = ..., certified: _Optional[_Iterable[str]] = ..., kept_permit_ids: _Optional[_Iterable[str]] = ..., kept_reason_codes: _Optional[_Iterable[str]] = ...) -> None: ...

class HolderChecked(_message.Message):
    __slots__ = ("check_ref", "holder_code", "permit_count", "reason_codes")
    CHECK_REF_FIELD_NUMBER: _ClassVar[int]
    HOLDER_CODE_FIELD_NUMBER: _ClassVar[int]
    PERMIT_COUNT_FIELD_NUMBER: _ClassVar[int]
    REASON_CODES_FIELD_NUMBER: _ClassVar[int]
    check_ref: str
    holder_code: str
    permit_count: int
    reason_codes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, check_ref: _Optional[str] = ..., holder_code: _Optional[str] = ..., permit_count: _Optional[int] = ..., reason_codes: _Optional[_Iterable[str]] = ...) -> None: ...
