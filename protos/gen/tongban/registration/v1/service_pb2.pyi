from buf.validate import validate_pb2 as _validate_pb2
from tongban.common.v1 import command_pb2 as _command_pb2
from tongban.common.v1 import failure_pb2 as _failure_pb2
from tongban.common.v1 import paging_pb2 as _paging_pb2
from tongban.registration.v1 import messages_pb2 as _messages_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CaseParty(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CASE_PARTY_UNSPECIFIED: _ClassVar[CaseParty]
    CASE_PARTY_APPLICANT: _ClassVar[CaseParty]
    CASE_PARTY_REGISTRAR: _ClassVar[CaseParty]
    CASE_PARTY_AUTHORITY: _ClassVar[CaseParty]

class ImportVerdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    IMPORT_VERDICT_UNSPECIFIED: _ClassVar[ImportVerdict]
    IMPORT_VERDICT_IMPORTED: _ClassVar[ImportVerdict]
    IMPORT_VERDICT_UNCHANGED: _ClassVar[ImportVerdict]
    IMPORT_VERDICT_REFUSED: _ClassVar[ImportVerdict]
CASE_PARTY_UNSPECIFIED: CaseParty
CASE_PARTY_APPLICANT: CaseParty
CASE_PARTY_REGISTRAR: CaseParty
CASE_PARTY_AUTHORITY: CaseParty
IMPORT_VERDICT_UNSPECIFIED: ImportVerdict
IMPORT_VERDICT_IMPORTED: ImportVerdict
IMPORT_VERDICT_UNCHANGED: ImportVerdict
IMPORT_VERDICT_REFUSED: ImportVerdict

class CheckNameRequest(_message.Message):
    __slots__ = ("division_code", "name", "entity_type", "invested_usccs")
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ENTITY_TYPE_FIELD_NUMBER: _ClassVar[int]
    INVESTED_USCCS_FIELD_NUMBER: _ClassVar[int]
    division_code: str
    name: str
    entity_type: _messages_pb2.EntityType
    invested_usccs: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, division_code: _Optional[str] = ..., name: _Optional[str] = ..., entity_type: _Optional[_Union[_messages_pb2.EntityType, str]] = ..., invested_usccs: _Optional[_Iterable[str]] = ...) -> None: ...

class CheckNameResponse(_message.Message):
    __slots__ = ("parts", "violations", "available")
    PARTS_FIELD_NUMBER: _ClassVar[int]
    VIOLATIONS_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    parts: _messages_pb2.NameParts
    violations: _containers.RepeatedCompositeFieldContainer[_failure_pb2.FieldViolation]
    available: bool
    def __init__(self, parts: _Optional[_Union[_messages_pb2.NameParts, _Mapping]] = ..., violations: _Optional[_Iterable[_Union[_failure_pb2.FieldViolation, _Mapping]]] = ..., available: _Optional[bool] = ...) -> None: ...

class ReserveNameRequest(_message.Message):
    __slots__ = ("context", "division_code", "name", "entity_type", "needs_pre_approval", "invested_usccs")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ENTITY_TYPE_FIELD_NUMBER: _ClassVar[int]
    NEEDS_PRE_APPROVAL_FIELD_NUMBER: _ClassVar[int]
    INVESTED_USCCS_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    division_code: str
    name: str
    entity_type: _messages_pb2.EntityType
    needs_pre_approval: bool
    invested_usccs: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., division_code: _Optional[str] = ..., name: _Optional[str] = ..., entity_type: _Optional[_Union[_messages_pb2.EntityType, str]] = ..., needs_pre_approval: _Optional[bool] = ..., invested_usccs: _Optional[_Iterable[str]] = ...) -> None: ...

class ReserveNameResponse(_message.Message):
    __slots__ = ("reservation_id", "name", "expiry_date", "replayed")
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    EXPIRY_DATE_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    reservation_id: str
    name: _messages_pb2.NameParts
    expiry_date: str
    replayed: bool
    def __init__(self, reservation_id: _Optional[str] = ..., name: _Optional[_Union[_messages_pb2.NameParts, _Mapping]] = ..., expiry_date: _Optional[str] = ..., replayed: _Optional[bool] = ...) -> None: ...

class ListReservationsOfRequest(_message.Message):
    __slots__ = ("client_id", "page")
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    client_id: str
    page: _paging_pb2.PageRequest
    def __init__(self, client_id: _Optional[str] = ..., page: _Optional[_Union[_paging_pb2.PageRequest, _Mapping]] = ...) -> None: ...

class ListReservationsOfResponse(_message.Message):
    __slots__ = ("reservations", "next_page_token")
    RESERVATIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    reservations: _containers.RepeatedCompositeFieldContainer[ReservedName]
    next_page_token: str
    def __init__(self, reservations: _Optional[_Iterable[_Union[ReservedName, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ReservedName(_message.Message):
    __slots__ = ("reservation_id", "name", "expiry_date")
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    EXPIRY_DATE_FIELD_NUMBER: _ClassVar[int]
    reservation_id: str
    name: _messages_pb2.NameParts
    expiry_date: str
    def __init__(self, reservation_id: _Optional[str] = ..., name: _Optional[_Union[_messages_pb2.NameParts, _Mapping]] = ..., expiry_date: _Optional[str] = ...) -> None: ...

class GiveUpNameRequest(_message.Message):
    __slots__ = ("context", "reservation_id")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_ID_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    reservation_id: str
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., reservation_id: _Optional[str] = ...) -> None: ...

class GiveUpNameResponse(_message.Message):
    __slots__ = ("reservation", "replayed")
    RESERVATION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    reservation: ReservedName
    replayed: bool
    def __init__(self, reservation: _Optional[_Union[ReservedName, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class SubmitApplicationsRequest(_message.Message):
    __slots__ = ("submissions",)
    SUBMISSIONS_FIELD_NUMBER: _ClassVar[int]
    submissions: _containers.RepeatedCompositeFieldContainer[Submission]
    def __init__(self, submissions: _Optional[_Iterable[_Union[Submission, _Mapping]]] = ...) -> None: ...

class Submission(_message.Message):
    __slots__ = ("context", "application")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    APPLICATION_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    application: _messages_pb2.SetUpApplication
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., application: _Optional[_Union[_messages_pb2.SetUpApplication, _Mapping]] = ...) -> None: ...

class SubmitApplicationsResponse(_message.Message):
    __slots__ = ("outcomes",)
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    outcomes: _containers.RepeatedCompositeFieldContainer[SubmissionOutcome]
    def __init__(self, outcomes: _Optional[_Iterable[_Union[SubmissionOutcome, _Mapping]]] = ...) -> None: ...

class SubmissionOutcome(_message.Message):
    __slots__ = ("receipt", "failure")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    receipt: SubmissionReceipt
    failure: _failure_pb2.ItemFailure
    def __init__(self, receipt: _Optional[_Union[SubmissionReceipt, _Mapping]] = ..., failure: _Optional[_Union[_failure_pb2.ItemFailure, _Mapping]] = ...) -> None: ...

class SubmissionReceipt(_message.Message):
    __slots__ = ("application_id", "state", "version", "name", "received_time", "due_date", "gaps", "replayed", "due_date_flag")
    APPLICATION_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_TIME_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FIELD_NUMBER: _ClassVar[int]
    GAPS_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    DUE_DATE_FLAG_FIELD_NUMBER: _ClassVar[int]
    application_id: str
    state: _messages_pb2.ApplicationState
    version: int
    name: _messages_pb2.NameParts
    received_time: str
    due_date: str
    gaps: _containers.RepeatedCompositeFieldContainer[_messages_pb2.Gap]
    replayed: bool
    due_date_flag: str
    def __init__(self, application_id: _Optional[str] = ..., state: _Optional[_Union[_messages_pb2.ApplicationState, str]] = ..., version: _Optional[int] = ..., name: _Optional[_Union[_messages_pb2.NameParts, _Mapping]] = ..., received_time: _Optional[str] = ..., due_date: _Optional[str] = ..., gaps: _Optional[_Iterable[_Union[_messages_pb2.Gap, _Mapping]]] = ..., replayed: _Optional[bool] = ..., due_date_flag: _Optional[str] = ...) -> None: ...

class GetApplicationRequest(_message.Message):
    __slots__ = ("application_id", "only_client_id")
    APPLICATION_ID_FIELD_NUMBER: _ClassVar[int]
    ONLY_CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    application_id: str
    only_client_id: str
    def __init__(self, application_id: _Optional[str] = ..., only_client_id: _Optional[str] = ...) -> None: ...

class GetApplicationResponse(_message.Message):
    __slots__ = ("application",)
    APPLICATION_FIELD_NUMBER: _ClassVar[int]
    application: _messages_pb2.Application
    def __init__(self, application: _Optional[_Union[_messages_pb2.Application, _Mapping]] = ...) -> None: ...

class ListApplicationsOfRequest(_message.Message):
    __slots__ = ("client_id", "page")
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    client_id: str
    page: _paging_pb2.PageRequest
    def __init__(self, client_id: _Optional[str] = ..., page: _Optional[_Union[_paging_pb2.PageRequest, _Mapping]] = ...) -> None: ...

class ListApplicationsOfResponse(_message.Message):
    __slots__ = ("applications", "next_page_token")
    APPLICATIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    applications: _containers.RepeatedCompositeFieldContainer[_messages_pb2.Application]
    next_page_token: str
    def __init__(self, applications: _Optional[_Iterable[_Union[_messages_pb2.Application, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DecideApplicationRequest(_message.Message):
    __slots__ = ("context", "application_id", "expected_version", "decision", "reasons", "duplicates_reviewed")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    APPLICATION_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    DUPLICATES_REVIEWED_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    application_id: str
    expected_version: int
    decision: _messages_pb2.Decision
    reasons: _containers.RepeatedCompositeFieldContainer[_messages_pb2.RefusalReason]
    duplicates_reviewed: bool
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., application_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., decision: _Optional[_Union[_messages_pb2.Decision, str]] = ..., reasons: _Optional[_Iterable[_Union[_messages_pb2.RefusalReason, _Mapping]]] = ..., duplicates_reviewed: _Optional[bool] = ...) -> None: ...

class DecideApplicationResponse(_message.Message):
    __slots__ = ("application", "replayed")
    APPLICATION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    application: _messages_pb2.Application
    replayed: bool
    def __init__(self, application: _Optional[_Union[_messages_pb2.Application, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class WithdrawApplicationRequest(_message.Message):
    __slots__ = ("context", "application_id", "expected_version", "only_client_id")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    APPLICATION_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    ONLY_CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    application_id: str
    expected_version: int
    only_client_id: str
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., application_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., only_client_id: _Optional[str] = ...) -> None: ...

class WithdrawApplicationResponse(_message.Message):
    __slots__ = ("application", "replayed")
    APPLICATION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    application: _messages_pb2.Application
    replayed: bool
    def __init__(self, application: _Optional[_Union[_messages_pb2.Application, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class ExtendReviewRequest(_message.Message):
    __slots__ = ("context", "application_id", "expected_version", "approved_by")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    APPLICATION_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    APPROVED_BY_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    application_id: str
    expected_version: int
    approved_by: str
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., application_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., approved_by: _Optional[str] = ...) -> None: ...

class ExtendReviewResponse(_message.Message):
    __slots__ = ("application", "replayed")
    APPLICATION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    application: _messages_pb2.Application
    replayed: bool
    def __init__(self, application: _Optional[_Union[_messages_pb2.Application, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class ListWorkItemsRequest(_message.Message):
    __slots__ = ("division_code", "page")
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    division_code: str
    page: _paging_pb2.PageRequest
    def __init__(self, division_code: _Optional[str] = ..., page: _Optional[_Union[_paging_pb2.PageRequest, _Mapping]] = ...) -> None: ...

class ListWorkItemsResponse(_message.Message):
    __slots__ = ("work_items", "next_page_token")
    WORK_ITEMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    work_items: _containers.RepeatedCompositeFieldContainer[_messages_pb2.WorkItem]
    next_page_token: str
    def __init__(self, work_items: _Optional[_Iterable[_Union[_messages_pb2.WorkItem, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetEntityRequest(_message.Message):
    __slots__ = ("entity_id", "uscc", "as_of")
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    USCC_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    entity_id: str
    uscc: str
    as_of: str
    def __init__(self, entity_id: _Optional[str] = ..., uscc: _Optional[str] = ..., as_of: _Optional[str] = ...) -> None: ...

class GetEntityResponse(_message.Message):
    __slots__ = ("entity",)
    ENTITY_FIELD_NUMBER: _ClassVar[int]
    entity: _messages_pb2.Entity
    def __init__(self, entity: _Optional[_Union[_messages_pb2.Entity, _Mapping]] = ...) -> None: ...

class ChangeEntityStateRequest(_message.Message):
    __slots__ = ("context", "entity_id", "division_code", "expected_version", "state", "reason_code")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    entity_id: str
    division_code: str
    expected_version: int
    state: _messages_pb2.EntityState
    reason_code: str
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., entity_id: _Optional[str] = ..., division_code: _Optional[str] = ..., expected_version: _Optional[int] = ..., state: _Optional[_Union[_messages_pb2.EntityState, str]] = ..., reason_code: _Optional[str] = ...) -> None: ...

class ChangeEntityStateResponse(_message.Message):
    __slots__ = ("entity", "replayed")
    ENTITY_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    entity: _messages_pb2.Entity
    replayed: bool
    def __init__(self, entity: _Optional[_Union[_messages_pb2.Entity, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class GetStatisticsRequest(_message.Message):
    __slots__ = ("first_month", "last_month")
    FIRST_MONTH_FIELD_NUMBER: _ClassVar[int]
    LAST_MONTH_FIELD_NUMBER: _ClassVar[int]
    first_month: str
    last_month: str
    def __init__(self, first_month: _Optional[str] = ..., last_month: _Optional[str] = ...) -> None: ...

class GetStatisticsResponse(_message.Message):
    __slots__ = ("months", "above_size")
    MONTHS_FIELD_NUMBER: _ClassVar[int]
    ABOVE_SIZE_FIELD_NUMBER: _ClassVar[int]
    months: _containers.RepeatedCompositeFieldContainer[RegisterMonth]
    above_size: int
    def __init__(self, months: _Optional[_Iterable[_Union[RegisterMonth, _Mapping]]] = ..., above_size: _Optional[int] = ...) -> None: ...

class RegisterMonth(_message.Message):
    __slots__ = ("month", "set_up", "taken_over", "restored", "cancelled", "registration_revoked", "moved_out", "stock", "moved_in")
    MONTH_FIELD_NUMBER: _ClassVar[int]
    SET_UP_FIELD_NUMBER: _ClassVar[int]
    TAKEN_OVER_FIELD_NUMBER: _ClassVar[int]
    RESTORED_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_FIELD_NUMBER: _ClassVar[int]
    REGISTRATION_REVOKED_FIELD_NUMBER: _ClassVar[int]
    MOVED_OUT_FIELD_NUMBER: _ClassVar[int]
    STOCK_FIELD_NUMBER: _ClassVar[int]
    MOVED_IN_FIELD_NUMBER: _ClassVar[int]
    month: str
    set_up: int
    taken_over: int
    restored: int
    cancelled: int
    registration_revoked: int
    moved_out: int
    stock: int
    moved_in: int
    def __init__(self, month: _Optional[str] = ..., set_up: _Optional[int] = ..., taken_over: _Optional[int] = ..., restored: _Optional[int] = ..., cancelled: _Optional[int] = ..., registration_revoked: _Optional[int] = ..., moved_out: _Optional[int] = ..., stock: _Optional[int] = ..., moved_in: _Optional[int] = ...) -> None: ...

class OpenEntityCaseRequest(_message.Message):
    __slots__ = ("context", "kind", "entity_id", "by", "division_code", "facts", "person", "investors")
    class FactsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    INVESTORS_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    kind: str
    entity_id: str
    by: CaseParty
    division_code: str
    facts: _containers.ScalarMap[str, str]
    person: _messages_pb2.Person
    investors: _containers.RepeatedCompositeFieldContainer[_messages_pb2.Investor]
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., kind: _Optional[str] = ..., entity_id: _Optional[str] = ..., by: _Optional[_Union[CaseParty, str]] = ..., division_code: _Optional[str] = ..., facts: _Optional[_Mapping[str, str]] = ..., person: _Optional[_Union[_messages_pb2.Person, _Mapping]] = ..., investors: _Optional[_Iterable[_Union[_messages_pb2.Investor, _Mapping]]] = ...) -> None: ...

class OpenEntityCaseResponse(_message.Message):
    __slots__ = ("entity_case", "replayed")
    ENTITY_CASE_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    entity_case: _messages_pb2.EntityCase
    replayed: bool
    def __init__(self, entity_case: _Optional[_Union[_messages_pb2.EntityCase, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class ActOnEntityCaseRequest(_message.Message):
    __slots__ = ("context", "entity_case_id", "expected_version", "action", "by", "division_code", "only_client_id", "facts", "person")
    class FactsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    ENTITY_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    ONLY_CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    entity_case_id: str
    expected_version: int
    action: str
    by: CaseParty
    division_code: str
    only_client_id: str
    facts: _containers.ScalarMap[str, str]
    person: _messages_pb2.Person
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., entity_case_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., action: _Optional[str] = ..., by: _Optional[_Union[CaseParty, str]] = ..., division_code: _Optional[str] = ..., only_client_id: _Optional[str] = ..., facts: _Optional[_Mapping[str, str]] = ..., person: _Optional[_Union[_messages_pb2.Person, _Mapping]] = ...) -> None: ...

class ActOnEntityCaseResponse(_message.Message):
    __slots__ = ("entity_case", "replayed")
    ENTITY_CASE_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    entity_case: _messages_pb2.EntityCase
    replayed: bool
    def __init__(self, entity_case: _Optional[_Union[_messages_pb2.EntityCase, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class GetEntityCaseRequest(_message.Message):
    __slots__ = ("entity_case_id", "only_client_id", "as_party")
    ENTITY_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    ONLY_CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    AS_PARTY_FIELD_NUMBER: _ClassVar[int]
    entity_case_id: str
    only_client_id: str
    as_party: CaseParty
    def __init__(self, entity_case_id: _Optional[str] = ..., only_client_id: _Optional[str] = ..., as_party: _Optional[_Union[CaseParty, str]] = ...) -> None: ...

class GetEntityCaseResponse(_message.Message):
    __slots__ = ("entity_case",)
    ENTITY_CASE_FIELD_NUMBER: _ClassVar[int]
    entity_case: _messages_pb2.EntityCase
    def __init__(self, entity_case: _Optional[_Union[_messages_pb2.EntityCase, _Mapping]] = ...) -> None: ...

class ListEntityCasesRequest(_message.Message):
    __slots__ = ("entity_id", "page", "as_party")
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    AS_PARTY_FIELD_NUMBER: _ClassVar[int]
    entity_id: str
    page: _paging_pb2.PageRequest
    as_party: CaseParty
    def __init__(self, entity_id: _Optional[str] = ..., page: _Optional[_Union[_paging_pb2.PageRequest, _Mapping]] = ..., as_party: _Optional[_Union[CaseParty, str]] = ...) -> None: ...

class ListEntityCasesResponse(_message.Message):
    __slots__ = ("entity_cases", "next_page_token")
    ENTITY_CASES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    entity_cases: _containers.RepeatedCompositeFieldContainer[_messages_pb2.EntityCase]
    next_page_token: str
    def __init__(self, entity_cases: _Optional[_Iterable[_Union[_messages_pb2.EntityCase, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListCasesOfRequest(_message.Message):
    __slots__ = ("division_code", "client_id", "page")
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    division_code: str
    client_id: str
    page: _paging_pb2.PageRequest
    def __init__(self, division_code: _Optional[str] = ..., client_id: _Optional[str] = ..., page: _Optional[_Union[_paging_pb2.PageRequest, _Mapping]] = ...) -> None: ...

class ListCasesOfResponse(_message.Message):
    __slots__ = ("entity_cases", "next_page_token")
    ENTITY_CASES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    entity_cases: _containers.RepeatedCompositeFieldContainer[_messages_pb2.EntityCase]
    next_page_token: str
    def __init__(self, entity_cases: _Optional[_Iterable[_Union[_messages_pb2.EntityCase, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListEntitiesRequest(_message.Message):
    __slots__ = ("division_code", "state", "entity_type", "name_prefix", "page", "name_contains", "founded_from", "founded_to", "scope_keyword")
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ENTITY_TYPE_FIELD_NUMBER: _ClassVar[int]
    NAME_PREFIX_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    NAME_CONTAINS_FIELD_NUMBER: _ClassVar[int]
    FOUNDED_FROM_FIELD_NUMBER: _ClassVar[int]
    FOUNDED_TO_FIELD_NUMBER: _ClassVar[int]
    SCOPE_KEYWORD_FIELD_NUMBER: _ClassVar[int]
    division_code: str
    state: _messages_pb2.EntityState
    entity_type: _messages_pb2.EntityType
    name_prefix: str
    page: _paging_pb2.PageRequest
    name_contains: str
    founded_from: str
    founded_to: str
    scope_keyword: str
    def __init__(self, division_code: _Optional[str] = ..., state: _Optional[_Union[_messages_pb2.EntityState, str]] = ..., entity_type: _Optional[_Union[_messages_pb2.EntityType, str]] = ..., name_prefix: _Optional[str] = ..., page: _Optional[_Union[_paging_pb2.PageRequest, _Mapping]] = ..., name_contains: _Optional[str] = ..., founded_from: _Optional[str] = ..., founded_to: _Optional[str] = ..., scope_keyword: _Optional[str] = ...) -> None: ...

class ListEntitiesResponse(_message.Message):
    __slots__ = ("entities", "next_page_token")
    ENTITIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    entities: _containers.RepeatedCompositeFieldContainer[_messages_pb2.Entity]
    next_page_token: str
    def __init__(self, entities: _Optional[_Iterable[_Union[_messages_pb2.Entity, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class EntityRow(_message.Message):
    __slots__ = ("row_number", "name", "uscc", "registered_on", "type", "capital", "business_scope", "address")
    ROW_NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    USCC_FIELD_NUMBER: _ClassVar[int]
    REGISTERED_ON_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    CAPITAL_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_SCOPE_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    row_number: int
    name: str
    uscc: str
    registered_on: str
    type: str
    capital: str
    business_scope: str
    address: str
    def __init__(self, row_number: _Optional[int] = ..., name: _Optional[str] = ..., uscc: _Optional[str] = ..., registered_on: _Optional[str] = ..., type: _Optional[str] = ..., capital: _Optional[str] = ..., business_scope: _Optional[str] = ..., address: _Optional[str] = ...) -> None: ...

class ImportEntitiesRequest(_message.Message):
    __slots__ = ("context", "rows")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    rows: _containers.RepeatedCompositeFieldContainer[EntityRow]
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., rows: _Optional[_Iterable[_Union[EntityRow, _Mapping]]] = ...) -> None: ...

class RowVerdict(_message.Message):
    __slots__ = ("row_number", "verdict", "entity_id", "violations", "duplicate_entity_ids")
    ROW_NUMBER_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    VIOLATIONS_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_ENTITY_IDS_FIELD_NUMBER: _ClassVar[int]
    row_number: int
    verdict: ImportVerdict
    entity_id: str
    violations: _containers.RepeatedCompositeFieldContainer[_failure_pb2.FieldViolation]
    duplicate_entity_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, row_number: _Optional[int] = ..., verdict: _Optional[_Union[ImportVerdict, str]] = ..., entity_id: _Optional[str] = ..., violations: _Optional[_Iterable[_Union[_failure_pb2.FieldViolation, _Mapping]]] = ..., duplicate_entity_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ImportEntitiesResponse(_message.Message):
    __slots__ = ("verdicts", "imported", "unchanged", "refused")
    VERDICTS_FIELD_NUMBER: _ClassVar[int]
    IMPORTED_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    verdicts: _containers.RepeatedCompositeFieldContainer[RowVerdict]
    imported: int
    unchanged: int
    refused: int
    def __init__(self, verdicts: _Optional[_Iterable[_Union[RowVerdict, _Mapping]]] = ..., imported: _Optional[int] = ..., unchanged: _Optional[int] = ..., refused: _Optional[int] = ...) -> None: ...

class StartEntityBundleRequest(_message.Message):
    __slots__ = ("context", "kind", "entity_id", "application", "facts", "division_code", "person", "investors")
    class FactsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    APPLICATION_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    INVESTORS_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    kind: str
    entity_id: str
    application: _messages_pb2.SetUpApplication
    facts: _containers.ScalarMap[str, str]
    division_code: str
    person: _messages_pb2.Person
    investors: _containers.RepeatedCompositeFieldContainer[_messages_pb2.Investor]
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., kind: _Optional[str] = ..., entity_id: _Optional[str] = ..., application: _Optional[_Union[_messages_pb2.SetUpApplication, _Mapping]] = ..., facts: _Optional[_Mapping[str, str]] = ..., division_code: _Optional[str] = ..., person: _Optional[_Union[_messages_pb2.Person, _Mapping]] = ..., investors: _Optional[_Iterable[_Union[_messages_pb2.Investor, _Mapping]]] = ...) -> None: ...

class StartEntityBundleResponse(_message.Message):
    __slots__ = ("bundle", "replayed")
    BUNDLE_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    bundle: _messages_pb2.EntityBundle
    replayed: bool
    def __init__(self, bundle: _Optional[_Union[_messages_pb2.EntityBundle, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class ActOnEntityBundleRequest(_message.Message):
    __slots__ = ("context", "bundle_id", "expected_version", "action", "application", "only_client_id")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    BUNDLE_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    APPLICATION_FIELD_NUMBER: _ClassVar[int]
    ONLY_CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    bundle_id: str
    expected_version: int
    action: str
    application: _messages_pb2.SetUpApplication
    only_client_id: str
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., bundle_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., action: _Optional[str] = ..., application: _Optional[_Union[_messages_pb2.SetUpApplication, _Mapping]] = ..., only_client_id: _Optional[str] = ...) -> None: ...

class ActOnEntityBundleResponse(_message.Message):
    __slots__ = ("bundle", "replayed")
    BUNDLE_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    bundle: _messages_pb2.EntityBundle
    replayed: bool
    def __init__(self, bundle: _Optional[_Union[_messages_pb2.EntityBundle, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class GetEntityBundleRequest(_message.Message):
    __slots__ = ("bundle_id", "only_client_id")
    BUNDLE_ID_FIELD_NUMBER: _ClassVar[int]
    ONLY_CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    bundle_id: str
    only_client_id: str
    def __init__(self, bundle_id: _Optional[str] = ..., only_client_id: _Optional[str] = ...) -> None: ...

class GetEntityBundleResponse(_message.Message):
    __slots__ = ("bundle",)
    BUNDLE_FIELD_NUMBER: _ClassVar[int]
    bundle: _messages_pb2.EntityBundle
    def __init__(self, bundle: _Optional[_Union[_messages_pb2.EntityBundle, _Mapping]] = ...) -> None: ...

class ListEntityBundlesRequest(_message.Message):
    __slots__ = ("entity_id", "page")
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    entity_id: str
    page: _paging_pb2.PageRequest
    def __init__(self, entity_id: _Optional[str] = ..., page: _Optional[_Union[_paging_pb2.PageRequest, _Mapping]] = ...) -> None: ...

class ListEntityBundlesResponse(_message.Message):
    __slots__ = ("bundles", "next_page_token")
    BUNDLES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    bundles: _containers.RepeatedCompositeFieldContainer[_messages_pb2.EntityBundle]
    next_page_token: str
    def __init__(self, bundles: _Optional[_Iterable[_Union[_messages_pb2.EntityBundle, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListBundlesOfRequest(_message.Message):
    __slots__ = ("client_id", "page")
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    client_id: str
    page: _paging_pb2.PageRequest
    def __init__(self, client_id: _Optional[str] = ..., page: _Optional[_Union[_paging_pb2.PageRequest, _Mapping]] = ...) -> None: ...

class ListBundlesOfResponse(_message.Message):
    __slots__ = ("bundles", "next_page_token")
    BUNDLES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    bundles: _containers.RepeatedCompositeFieldContainer[_messages_pb2.EntityBundle]
    next_page_token: str
    def __init__(self, bundles: _Optional[_Iterable[_Union[_messages_pb2.EntityBundle, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class TakeOverEntityRequest(_message.Message):
    __slots__ = ("context", "division_code", "from_division_code", "taking_over_ref", "files_sha256", "uscc", "entity_type", "name", "founding_date", "domicile", "business_scope", "capital", "legal_representative")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    FROM_DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    TAKING_OVER_REF_FIELD_NUMBER: _ClassVar[int]
    FILES_SHA256_FIELD_NUMBER: _ClassVar[int]
    USCC_FIELD_NUMBER: _ClassVar[int]
    ENTITY_TYPE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FOUNDING_DATE_FIELD_NUMBER: _ClassVar[int]
    DOMICILE_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_SCOPE_FIELD_NUMBER: _ClassVar[int]
    CAPITAL_FIELD_NUMBER: _ClassVar[int]
    LEGAL_REPRESENTATIVE_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    division_code: str
    from_division_code: str
    taking_over_ref: str
    files_sha256: str
    uscc: str
    entity_type: _messages_pb2.EntityType
    name: str
    founding_date: str
    domicile: _messages_pb2.Domicile
    business_scope: str
    capital: _messages_pb2.Capital
    legal_representative: _messages_pb2.Person
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., division_code: _Optional[str] = ..., from_division_code: _Optional[str] = ..., taking_over_ref: _Optional[str] = ..., files_sha256: _Optional[str] = ..., uscc: _Optional[str] = ..., entity_type: _Optional[_Union[_messages_pb2.EntityType, str]] = ..., name: _Optional[str] = ..., founding_date: _Optional[str] = ..., domicile: _Optional[_Union[_messages_pb2.Domicile, _Mapping]] = ..., business_scope: _Optional[str] = ..., capital: _Optional[_Union[_messages_pb2.Capital, _Mapping]] = ..., legal_representative: _Optional[_Union[_messages_pb2.Person, _Mapping]] = ...) -> None: ...

class TakeOverEntityResponse(_message.Message):
    __slots__ = ("entity", "replayed")
    ENTITY_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    entity: _messages_pb2.Entity
    replayed: bool
    def __init__(self, entity: _Optional[_Union[_messages_pb2.Entity, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class FindEntitiesByPersonRequest(_message.Message):
    __slots__ = ("id_type", "id_number", "purpose", "asked_by", "page")
    ID_TYPE_FIELD_NUMBER: _ClassVar[int]
    ID_NUMBER_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    ASKED_BY_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    id_type: str
    id_number: str
    purpose: str
    asked_by: str
    page: _paging_pb2.PageRequest
    def __init__(self, id_type: _Optional[str] = ..., id_number: _Optional[str] = ..., purpose: _Optional[str] = ..., asked_by: _Optional[str] = ..., page: _Optional[_Union[_paging_pb2.PageRequest, _Mapping]] = ...) -> None: ...

class FindEntitiesByPersonResponse(_message.Message):
    __slots__ = ("entities", "next_page_token", "barred_until")
    ENTITIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    BARRED_UNTIL_FIELD_NUMBER: _ClassVar[int]
    entities: _containers.RepeatedCompositeFieldContainer[_messages_pb2.Entity]
    next_page_token: str
    barred_until: str
    def __init__(self, entities: _Optional[_Iterable[_Union[_messages_pb2.Entity, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., barred_until: _Optional[str] = ...) -> None: ...

class CompareDuplicatesRequest(_message.Message):
    __slots__ = ("application_id",)
    APPLICATION_ID_FIELD_NUMBER: _ClassVar[int]
    application_id: str
    def __init__(self, application_id: _Optional[str] = ...) -> None: ...

class FieldComparison(_message.Message):
    __slots__ = ("field", "of_application", "of_other", "same")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    OF_APPLICATION_FIELD_NUMBER: _ClassVar[int]
    OF_OTHER_FIELD_NUMBER: _ClassVar[int]
    SAME_FIELD_NUMBER: _ClassVar[int]
    field: str
    of_application: str
    of_other: str
    same: bool
    def __init__(self, field: _Optional[str] = ..., of_application: _Optional[str] = ..., of_other: _Optional[str] = ..., same: _Optional[bool] = ...) -> None: ...

class DuplicatePair(_message.Message):
    __slots__ = ("entity_id", "reasons", "fields")
    ENTITY_ID_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    entity_id: str
    reasons: _containers.RepeatedScalarFieldContainer[str]
    fields: _containers.RepeatedCompositeFieldContainer[FieldComparison]
    def __init__(self, entity_id: _Optional[str] = ..., reasons: _Optional[_Iterable[str]] = ..., fields: _Optional[_Iterable[_Union[FieldComparison, _Mapping]]] = ...) -> None: ...

class CompareDuplicatesResponse(_message.Message):
    __slots__ = ("pairs",)
    PAIRS_FIELD_NUMBER: _ClassVar[int]
    pairs: _containers.RepeatedCompositeFieldContainer[DuplicatePair]
    def __init__(self, pairs: _Optional[_Iterable[_Union[DuplicatePair, _Mapping]]] = ...) -> None: ...

class GetForecastRequest(_message.Message):
    __slots__ = ("division_code", "days")
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    division_code: str
    days: int
    def __init__(self, division_code: _Optional[str] = ..., days: _Optional[int] = ...) -> None: ...

class GetForecastResponse(_message.Message):
    __slots__ = ("rows", "late", "undated")
    ROWS_FIELD_NUMBER: _ClassVar[int]
    LATE_FIELD_NUMBER: _ClassVar[int]
    UNDATED_FIELD_NUMBER: _ClassVar[int]
    rows: _containers.RepeatedCompositeFieldContainer[ForecastRow]
    late: int
    undated: int
    def __init__(self, rows: _Optional[_Iterable[_Union[ForecastRow, _Mapping]]] = ..., late: _Optional[int] = ..., undated: _Optional[int] = ...) -> None: ...

class ForecastRow(_message.Message):
    __slots__ = ("day", "kind", "owed_by", "owed", "count")
    DAY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    OWED_BY_FIELD_NUMBER: _ClassVar[int]
    OWED_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    day: str
    kind: str
    owed_by: str
    owed: str
    count: int
    def __init__(self, day: _Optional[str] = ..., kind: _Optional[str] = ..., owed_by: _Optional[str] = ..., owed: _Optional[str] = ..., count: _Optional[int] = ...) -> None: ...
