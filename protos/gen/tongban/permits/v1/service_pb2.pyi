from buf.validate import validate_pb2 as _validate_pb2
from tongban.common.v1 import command_pb2 as _command_pb2
from tongban.common.v1 import paging_pb2 as _paging_pb2
from tongban.permits.v1 import messages_pb2 as _messages_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListItemsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListItemsResponse(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[_messages_pb2.Item]
    def __init__(self, items: _Optional[_Iterable[_Union[_messages_pb2.Item, _Mapping]]] = ...) -> None: ...

class SubmitCaseRequest(_message.Message):
    __slots__ = ("context", "item_key", "holder_code", "content", "materials", "facts", "committed")
    class FactsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    ITEM_KEY_FIELD_NUMBER: _ClassVar[int]
    HOLDER_CODE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    MATERIALS_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    COMMITTED_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    item_key: str
    holder_code: str
    content: Content
    materials: _containers.RepeatedScalarFieldContainer[str]
    facts: _containers.ScalarMap[str, str]
    committed: bool
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., item_key: _Optional[str] = ..., holder_code: _Optional[str] = ..., content: _Optional[_Union[Content, _Mapping]] = ..., materials: _Optional[_Iterable[str]] = ..., facts: _Optional[_Mapping[str, str]] = ..., committed: _Optional[bool] = ...) -> None: ...

class Content(_message.Message):
    __slots__ = ("applicant_name", "premises", "contact", "answers")
    class AnswersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    APPLICANT_NAME_FIELD_NUMBER: _ClassVar[int]
    PREMISES_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    applicant_name: str
    premises: str
    contact: str
    answers: _containers.ScalarMap[str, str]
    def __init__(self, applicant_name: _Optional[str] = ..., premises: _Optional[str] = ..., contact: _Optional[str] = ..., answers: _Optional[_Mapping[str, str]] = ...) -> None: ...

class SubmitCaseResponse(_message.Message):
    __slots__ = ("permit_case", "replayed")
    PERMIT_CASE_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    permit_case: _messages_pb2.PermitCase
    replayed: bool
    def __init__(self, permit_case: _Optional[_Union[_messages_pb2.PermitCase, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class GetCaseRequest(_message.Message):
    __slots__ = ("case_id", "only_client_id", "only_unit_code")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    ONLY_CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    ONLY_UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    case_id: str
    only_client_id: str
    only_unit_code: str
    def __init__(self, case_id: _Optional[str] = ..., only_client_id: _Optional[str] = ..., only_unit_code: _Optional[str] = ...) -> None: ...

class GetCaseResponse(_message.Message):
    __slots__ = ("permit_case",)
    PERMIT_CASE_FIELD_NUMBER: _ClassVar[int]
    permit_case: _messages_pb2.PermitCase
    def __init__(self, permit_case: _Optional[_Union[_messages_pb2.PermitCase, _Mapping]] = ...) -> None: ...

class ListCasesRequest(_message.Message):
    __slots__ = ("client_id", "page")
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    client_id: str
    page: _paging_pb2.PageRequest
    def __init__(self, client_id: _Optional[str] = ..., page: _Optional[_Union[_paging_pb2.PageRequest, _Mapping]] = ...) -> None: ...

class ListCasesResponse(_message.Message):
    __slots__ = ("permit_cases", "next_page_token")
    PERMIT_CASES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    permit_cases: _containers.RepeatedCompositeFieldContainer[_messages_pb2.PermitCase]
    next_page_token: str
    def __init__(self, permit_cases: _Optional[_Iterable[_Union[_messages_pb2.PermitCase, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListWorkRequest(_message.Message):
    __slots__ = ("unit_code", "page")
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    unit_code: str
    page: _paging_pb2.PageRequest
    def __init__(self, unit_code: _Optional[str] = ..., page: _Optional[_Union[_paging_pb2.PageRequest, _Mapping]] = ...) -> None: ...

class ListWorkResponse(_message.Message):
    __slots__ = ("permit_cases", "next_page_token")
    PERMIT_CASES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    permit_cases: _containers.RepeatedCompositeFieldContainer[_messages_pb2.PermitCase]
    next_page_token: str
    def __init__(self, permit_cases: _Optional[_Iterable[_Union[_messages_pb2.PermitCase, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class SupplementCaseRequest(_message.Message):
    __slots__ = ("context", "case_id", "materials", "only_client_id")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    MATERIALS_FIELD_NUMBER: _ClassVar[int]
    ONLY_CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    case_id: str
    materials: _containers.RepeatedScalarFieldContainer[str]
    only_client_id: str
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., case_id: _Optional[str] = ..., materials: _Optional[_Iterable[str]] = ..., only_client_id: _Optional[str] = ...) -> None: ...

class SupplementCaseResponse(_message.Message):
    __slots__ = ("permit_case", "replayed")
    PERMIT_CASE_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    permit_case: _messages_pb2.PermitCase
    replayed: bool
    def __init__(self, permit_case: _Optional[_Union[_messages_pb2.PermitCase, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class WithdrawCaseRequest(_message.Message):
    __slots__ = ("context", "case_id", "only_client_id")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    ONLY_CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    case_id: str
    only_client_id: str
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., case_id: _Optional[str] = ..., only_client_id: _Optional[str] = ...) -> None: ...

class WithdrawCaseResponse(_message.Message):
    __slots__ = ("permit_case", "replayed")
    PERMIT_CASE_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    permit_case: _messages_pb2.PermitCase
    replayed: bool
    def __init__(self, permit_case: _Optional[_Union[_messages_pb2.PermitCase, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class HandleCaseRequest(_message.Message):
    __slots__ = ("context", "case_id", "expected_version", "unit_code", "request_materials", "accept", "decline", "pause", "resume", "extend", "grant", "refuse", "deliver", "check_commitment")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_MATERIALS_FIELD_NUMBER: _ClassVar[int]
    ACCEPT_FIELD_NUMBER: _ClassVar[int]
    DECLINE_FIELD_NUMBER: _ClassVar[int]
    PAUSE_FIELD_NUMBER: _ClassVar[int]
    RESUME_FIELD_NUMBER: _ClassVar[int]
    EXTEND_FIELD_NUMBER: _ClassVar[int]
    GRANT_FIELD_NUMBER: _ClassVar[int]
    REFUSE_FIELD_NUMBER: _ClassVar[int]
    DELIVER_FIELD_NUMBER: _ClassVar[int]
    CHECK_COMMITMENT_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    case_id: str
    expected_version: int
    unit_code: str
    request_materials: RequestMaterials
    accept: Accept
    decline: Decline
    pause: Pause
    resume: Resume
    extend: Extend
    grant: Grant
    refuse: Refuse
    deliver: Deliver
    check_commitment: CheckCommitment
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., case_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., unit_code: _Optional[str] = ..., request_materials: _Optional[_Union[RequestMaterials, _Mapping]] = ..., accept: _Optional[_Union[Accept, _Mapping]] = ..., decline: _Optional[_Union[Decline, _Mapping]] = ..., pause: _Optional[_Union[Pause, _Mapping]] = ..., resume: _Optional[_Union[Resume, _Mapping]] = ..., extend: _Optional[_Union[Extend, _Mapping]] = ..., grant: _Optional[_Union[Grant, _Mapping]] = ..., refuse: _Optional[_Union[Refuse, _Mapping]] = ..., deliver: _Optional[_Union[Deliver, _Mapping]] = ..., check_commitment: _Optional[_Union[CheckCommitment, _Mapping]] = ...) -> None: ...

class RequestMaterials(_message.Message):
    __slots__ = ("gaps",)
    GAPS_FIELD_NUMBER: _ClassVar[int]
    gaps: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, gaps: _Optional[_Iterable[str]] = ...) -> None: ...

class Accept(_message.Message):
    __slots__ = ("promised",)
    PROMISED_FIELD_NUMBER: _ClassVar[int]
    promised: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, promised: _Optional[_Iterable[str]] = ...) -> None: ...

class Decline(_message.Message):
    __slots__ = ("reasons",)
    REASONS_FIELD_NUMBER: _ClassVar[int]
    reasons: _containers.RepeatedCompositeFieldContainer[_messages_pb2.Reason]
    def __init__(self, reasons: _Optional[_Iterable[_Union[_messages_pb2.Reason, _Mapping]]] = ...) -> None: ...

class Pause(_message.Message):
    __slots__ = ("reason", "owner", "working_days")
    REASON_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    WORKING_DAYS_FIELD_NUMBER: _ClassVar[int]
    reason: str
    owner: str
    working_days: int
    def __init__(self, reason: _Optional[str] = ..., owner: _Optional[str] = ..., working_days: _Optional[int] = ...) -> None: ...

class Resume(_message.Message):
    __slots__ = ("reason",)
    REASON_FIELD_NUMBER: _ClassVar[int]
    reason: str
    def __init__(self, reason: _Optional[str] = ...) -> None: ...

class Extend(_message.Message):
    __slots__ = ("reason",)
    REASON_FIELD_NUMBER: _ClassVar[int]
    reason: str
    def __init__(self, reason: _Optional[str] = ...) -> None: ...

class Grant(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Refuse(_message.Message):
    __slots__ = ("reasons",)
    REASONS_FIELD_NUMBER: _ClassVar[int]
    reasons: _containers.RepeatedCompositeFieldContainer[_messages_pb2.Reason]
    def __init__(self, reasons: _Optional[_Iterable[_Union[_messages_pb2.Reason, _Mapping]]] = ...) -> None: ...

class Deliver(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CheckCommitment(_message.Message):
    __slots__ = ("holds",)
    HOLDS_FIELD_NUMBER: _ClassVar[int]
    holds: bool
    def __init__(self, holds: _Optional[bool] = ...) -> None: ...

class HandleCaseResponse(_message.Message):
    __slots__ = ("permit_case", "replayed")
    PERMIT_CASE_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    permit_case: _messages_pb2.PermitCase
    replayed: bool
    def __init__(self, permit_case: _Optional[_Union[_messages_pb2.PermitCase, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class ChangePermitRequest(_message.Message):
    __slots__ = ("context", "permit_id", "expected_version", "unit_code", "state", "reason_code")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    PERMIT_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    permit_id: str
    expected_version: int
    unit_code: str
    state: _messages_pb2.PermitState
    reason_code: str
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., permit_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., unit_code: _Optional[str] = ..., state: _Optional[_Union[_messages_pb2.PermitState, str]] = ..., reason_code: _Optional[str] = ...) -> None: ...

class ChangePermitResponse(_message.Message):
    __slots__ = ("permit_case", "replayed")
    PERMIT_CASE_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    permit_case: _messages_pb2.PermitCase
    replayed: bool
    def __init__(self, permit_case: _Optional[_Union[_messages_pb2.PermitCase, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class ListPermitsRequest(_message.Message):
    __slots__ = ("holder_code", "page")
    HOLDER_CODE_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    holder_code: str
    page: _paging_pb2.PageRequest
    def __init__(self, holder_code: _Optional[str] = ..., page: _Optional[_Union[_paging_pb2.PageRequest, _Mapping]] = ...) -> None: ...

class ListPermitsResponse(_message.Message):
    __slots__ = ("permit_cases", "next_page_token")
    PERMIT_CASES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    permit_cases: _containers.RepeatedCompositeFieldContainer[_messages_pb2.PermitCase]
    next_page_token: str
    def __init__(self, permit_cases: _Optional[_Iterable[_Union[_messages_pb2.PermitCase, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class SubmitFilingRequest(_message.Message):
    __slots__ = ("context", "item_key", "holder_code", "content", "materials", "event_date", "project_id", "subject_key")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    ITEM_KEY_FIELD_NUMBER: _ClassVar[int]
    HOLDER_CODE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    MATERIALS_FIELD_NUMBER: _ClassVar[int]
    EVENT_DATE_FIELD_NUMBER: _ClassVar[int]
    PROJECT_ID_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_KEY_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    item_key: str
    holder_code: str
    content: Content
    materials: _containers.RepeatedScalarFieldContainer[str]
    event_date: str
    project_id: str
    subject_key: str
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., item_key: _Optional[str] = ..., holder_code: _Optional[str] = ..., content: _Optional[_Union[Content, _Mapping]] = ..., materials: _Optional[_Iterable[str]] = ..., event_date: _Optional[str] = ..., project_id: _Optional[str] = ..., subject_key: _Optional[str] = ...) -> None: ...

class SubmitFilingResponse(_message.Message):
    __slots__ = ("filing", "replayed")
    FILING_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    filing: _messages_pb2.Filing
    replayed: bool
    def __init__(self, filing: _Optional[_Union[_messages_pb2.Filing, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class GetFilingRequest(_message.Message):
    __slots__ = ("filing_id", "only_client_id", "only_unit_code")
    FILING_ID_FIELD_NUMBER: _ClassVar[int]
    ONLY_CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    ONLY_UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    filing_id: str
    only_client_id: str
    only_unit_code: str
    def __init__(self, filing_id: _Optional[str] = ..., only_client_id: _Optional[str] = ..., only_unit_code: _Optional[str] = ...) -> None: ...

class GetFilingResponse(_message.Message):
    __slots__ = ("filing",)
    FILING_FIELD_NUMBER: _ClassVar[int]
    filing: _messages_pb2.Filing
    def __init__(self, filing: _Optional[_Union[_messages_pb2.Filing, _Mapping]] = ...) -> None: ...

class AmendFilingRequest(_message.Message):
    __slots__ = ("context", "filing_id", "expected_version", "materials", "only_client_id")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    FILING_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    MATERIALS_FIELD_NUMBER: _ClassVar[int]
    ONLY_CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    filing_id: str
    expected_version: int
    materials: _containers.RepeatedScalarFieldContainer[str]
    only_client_id: str
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., filing_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., materials: _Optional[_Iterable[str]] = ..., only_client_id: _Optional[str] = ...) -> None: ...

class AmendFilingResponse(_message.Message):
    __slots__ = ("filing", "replayed")
    FILING_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    filing: _messages_pb2.Filing
    replayed: bool
    def __init__(self, filing: _Optional[_Union[_messages_pb2.Filing, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class WithdrawFilingRequest(_message.Message):
    __slots__ = ("context", "filing_id", "expected_version", "only_client_id")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    FILING_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    ONLY_CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    filing_id: str
    expected_version: int
    only_client_id: str
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., filing_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., only_client_id: _Optional[str] = ...) -> None: ...

class WithdrawFilingResponse(_message.Message):
    __slots__ = ("filing", "replayed")
    FILING_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    filing: _messages_pb2.Filing
    replayed: bool
    def __init__(self, filing: _Optional[_Union[_messages_pb2.Filing, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class ListBundleTypesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListBundleTypesResponse(_message.Message):
    __slots__ = ("bundle_types",)
    BUNDLE_TYPES_FIELD_NUMBER: _ClassVar[int]
    bundle_types: _containers.RepeatedCompositeFieldContainer[_messages_pb2.BundleType]
    def __init__(self, bundle_types: _Optional[_Iterable[_Union[_messages_pb2.BundleType, _Mapping]]] = ...) -> None: ...

class PlanBundleRequest(_message.Message):
    __slots__ = ("bundle_type", "answers", "has_licence")
    class AnswersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    BUNDLE_TYPE_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    HAS_LICENCE_FIELD_NUMBER: _ClassVar[int]
    bundle_type: str
    answers: _containers.ScalarMap[str, str]
    has_licence: bool
    def __init__(self, bundle_type: _Optional[str] = ..., answers: _Optional[_Mapping[str, str]] = ..., has_licence: _Optional[bool] = ...) -> None: ...

class PlanBundleResponse(_message.Message):
    __slots__ = ("plan",)
    PLAN_FIELD_NUMBER: _ClassVar[int]
    plan: _messages_pb2.BundlePlan
    def __init__(self, plan: _Optional[_Union[_messages_pb2.BundlePlan, _Mapping]] = ...) -> None: ...

class StartBundleRequest(_message.Message):
    __slots__ = ("context", "bundle_type", "answers", "holder_code", "materials", "content", "licence_application", "commitments")
    class AnswersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    BUNDLE_TYPE_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    HOLDER_CODE_FIELD_NUMBER: _ClassVar[int]
    MATERIALS_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    LICENCE_APPLICATION_FIELD_NUMBER: _ClassVar[int]
    COMMITMENTS_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    bundle_type: str
    answers: _containers.ScalarMap[str, str]
    holder_code: str
    materials: _containers.RepeatedScalarFieldContainer[str]
    content: Content
    licence_application: str
    commitments: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., bundle_type: _Optional[str] = ..., answers: _Optional[_Mapping[str, str]] = ..., holder_code: _Optional[str] = ..., materials: _Optional[_Iterable[str]] = ..., content: _Optional[_Union[Content, _Mapping]] = ..., licence_application: _Optional[str] = ..., commitments: _Optional[_Iterable[str]] = ...) -> None: ...

class StartBundleResponse(_message.Message):
    __slots__ = ("bundle", "replayed")
    BUNDLE_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    bundle: _messages_pb2.Bundle
    replayed: bool
    def __init__(self, bundle: _Optional[_Union[_messages_pb2.Bundle, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class GetBundleRequest(_message.Message):
    __slots__ = ("bundle_id", "only_client_id")
    BUNDLE_ID_FIELD_NUMBER: _ClassVar[int]
    ONLY_CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    bundle_id: str
    only_client_id: str
    def __init__(self, bundle_id: _Optional[str] = ..., only_client_id: _Optional[str] = ...) -> None: ...

class GetBundleResponse(_message.Message):
    __slots__ = ("bundle",)
    BUNDLE_FIELD_NUMBER: _ClassVar[int]
    bundle: _messages_pb2.Bundle
    def __init__(self, bundle: _Optional[_Union[_messages_pb2.Bundle, _Mapping]] = ...) -> None: ...

class CorrectBundleRequest(_message.Message):
    __slots__ = ("context", "bundle_id", "expected_version", "licence_application", "only_client_id")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    BUNDLE_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    LICENCE_APPLICATION_FIELD_NUMBER: _ClassVar[int]
    ONLY_CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    bundle_id: str
    expected_version: int
    licence_application: str
    only_client_id: str
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., bundle_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., licence_application: _Optional[str] = ..., only_client_id: _Optional[str] = ...) -> None: ...

class CorrectBundleResponse(_message.Message):
    __slots__ = ("bundle", "replayed")
    BUNDLE_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    bundle: _messages_pb2.Bundle
    replayed: bool
    def __init__(self, bundle: _Optional[_Union[_messages_pb2.Bundle, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class EndBundleRequest(_message.Message):
    __slots__ = ("context", "bundle_id", "expected_version", "only_client_id")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    BUNDLE_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    ONLY_CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    bundle_id: str
    expected_version: int
    only_client_id: str
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., bundle_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., only_client_id: _Optional[str] = ...) -> None: ...

class EndBundleResponse(_message.Message):
    __slots__ = ("bundle", "replayed")
    BUNDLE_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    bundle: _messages_pb2.Bundle
    replayed: bool
    def __init__(self, bundle: _Optional[_Union[_messages_pb2.Bundle, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class ListProjectTraitsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListProjectTraitsResponse(_message.Message):
    __slots__ = ("traits",)
    TRAITS_FIELD_NUMBER: _ClassVar[int]
    traits: _containers.RepeatedCompositeFieldContainer[_messages_pb2.ProjectTrait]
    def __init__(self, traits: _Optional[_Iterable[_Union[_messages_pb2.ProjectTrait, _Mapping]]] = ...) -> None: ...

class PlanProjectRequest(_message.Message):
    __slots__ = ("traits",)
    class TraitsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    TRAITS_FIELD_NUMBER: _ClassVar[int]
    traits: _containers.ScalarMap[str, str]
    def __init__(self, traits: _Optional[_Mapping[str, str]] = ...) -> None: ...

class PlanProjectResponse(_message.Message):
    __slots__ = ("plan",)
    PLAN_FIELD_NUMBER: _ClassVar[int]
    plan: _messages_pb2.ProjectPlan
    def __init__(self, plan: _Optional[_Union[_messages_pb2.ProjectPlan, _Mapping]] = ...) -> None: ...

class StartProjectRequest(_message.Message):
    __slots__ = ("context", "traits", "holder_code", "content")
    class TraitsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    TRAITS_FIELD_NUMBER: _ClassVar[int]
    HOLDER_CODE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    traits: _containers.ScalarMap[str, str]
    holder_code: str
    content: Content
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., traits: _Optional[_Mapping[str, str]] = ..., holder_code: _Optional[str] = ..., content: _Optional[_Union[Content, _Mapping]] = ...) -> None: ...

class StartProjectResponse(_message.Message):
    __slots__ = ("project", "replayed")
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    project: _messages_pb2.Project
    replayed: bool
    def __init__(self, project: _Optional[_Union[_messages_pb2.Project, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class GetProjectRequest(_message.Message):
    __slots__ = ("project_id", "only_client_id")
    PROJECT_ID_FIELD_NUMBER: _ClassVar[int]
    ONLY_CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    project_id: str
    only_client_id: str
    def __init__(self, project_id: _Optional[str] = ..., only_client_id: _Optional[str] = ...) -> None: ...

class GetProjectResponse(_message.Message):
    __slots__ = ("project",)
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    project: _messages_pb2.Project
    def __init__(self, project: _Optional[_Union[_messages_pb2.Project, _Mapping]] = ...) -> None: ...

class ListProjectsRequest(_message.Message):
    __slots__ = ("client_id", "page")
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    client_id: str
    page: _paging_pb2.PageRequest
    def __init__(self, client_id: _Optional[str] = ..., page: _Optional[_Union[_paging_pb2.PageRequest, _Mapping]] = ...) -> None: ...

class ListProjectsResponse(_message.Message):
    __slots__ = ("projects", "next_page_token")
    PROJECTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    projects: _containers.RepeatedCompositeFieldContainer[_messages_pb2.Project]
    next_page_token: str
    def __init__(self, projects: _Optional[_Iterable[_Union[_messages_pb2.Project, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class OpenProjectItemsRequest(_message.Message):
    __slots__ = ("context", "project_id", "keys", "materials", "event_date", "only_client_id")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    PROJECT_ID_FIELD_NUMBER: _ClassVar[int]
    KEYS_FIELD_NUMBER: _ClassVar[int]
    MATERIALS_FIELD_NUMBER: _ClassVar[int]
    EVENT_DATE_FIELD_NUMBER: _ClassVar[int]
    ONLY_CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    project_id: str
    keys: _containers.RepeatedScalarFieldContainer[str]
    materials: _containers.RepeatedScalarFieldContainer[str]
    event_date: str
    only_client_id: str
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., project_id: _Optional[str] = ..., keys: _Optional[_Iterable[str]] = ..., materials: _Optional[_Iterable[str]] = ..., event_date: _Optional[str] = ..., only_client_id: _Optional[str] = ...) -> None: ...

class OpenProjectItemsResponse(_message.Message):
    __slots__ = ("project", "replayed")
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    project: _messages_pb2.Project
    replayed: bool
    def __init__(self, project: _Optional[_Union[_messages_pb2.Project, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class HandleProjectRequest(_message.Message):
    __slots__ = ("context", "project_id", "expected_version", "unit_code", "conclude_pre_review", "record_land_contract", "land_fell_through")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    PROJECT_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    CONCLUDE_PRE_REVIEW_FIELD_NUMBER: _ClassVar[int]
    RECORD_LAND_CONTRACT_FIELD_NUMBER: _ClassVar[int]
    LAND_FELL_THROUGH_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    project_id: str
    expected_version: int
    unit_code: str
    conclude_pre_review: ConcludePreReview
    record_land_contract: RecordLandContract
    land_fell_through: LandFellThrough
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., project_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., unit_code: _Optional[str] = ..., conclude_pre_review: _Optional[_Union[ConcludePreReview, _Mapping]] = ..., record_land_contract: _Optional[_Union[RecordLandContract, _Mapping]] = ..., land_fell_through: _Optional[_Union[LandFellThrough, _Mapping]] = ...) -> None: ...

class ConcludePreReview(_message.Message):
    __slots__ = ("key", "reason_codes")
    KEY_FIELD_NUMBER: _ClassVar[int]
    REASON_CODES_FIELD_NUMBER: _ClassVar[int]
    key: str
    reason_codes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, key: _Optional[str] = ..., reason_codes: _Optional[_Iterable[str]] = ...) -> None: ...

class RecordLandContract(_message.Message):
    __slots__ = ("contract_date",)
    CONTRACT_DATE_FIELD_NUMBER: _ClassVar[int]
    contract_date: str
    def __init__(self, contract_date: _Optional[str] = ...) -> None: ...

class LandFellThrough(_message.Message):
    __slots__ = ("reason_code",)
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    reason_code: str
    def __init__(self, reason_code: _Optional[str] = ...) -> None: ...

class HandleProjectResponse(_message.Message):
    __slots__ = ("project", "replayed")
    PROJECT_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    project: _messages_pb2.Project
    replayed: bool
    def __init__(self, project: _Optional[_Union[_messages_pb2.Project, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...
