from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from tongban.common.v1 import command_pb2 as _command_pb2
from tongban.common.v1 import paging_pb2 as _paging_pb2
from tongban.handoff.v1 import messages_pb2 as _messages_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OpenCaseRequest(_message.Message):
    __slots__ = ("context", "item", "deciding_region", "unit_code", "mode", "identity_check", "consent", "application")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    DECIDING_REGION_FIELD_NUMBER: _ClassVar[int]
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_CHECK_FIELD_NUMBER: _ClassVar[int]
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    APPLICATION_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    item: str
    deciding_region: str
    unit_code: str
    mode: str
    identity_check: str
    consent: bool
    application: _struct_pb2.Struct
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., item: _Optional[str] = ..., deciding_region: _Optional[str] = ..., unit_code: _Optional[str] = ..., mode: _Optional[str] = ..., identity_check: _Optional[str] = ..., consent: _Optional[bool] = ..., application: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class OpenCaseResponse(_message.Message):
    __slots__ = ("case", "replayed")
    CASE_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    case: _messages_pb2.HandoffCase
    replayed: bool
    def __init__(self, case: _Optional[_Union[_messages_pb2.HandoffCase, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class HandleCaseRequest(_message.Message):
    __slots__ = ("context", "handoff_case_id", "expected_version", "unit_code", "supplement", "withdraw", "confirm_delivery")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    HANDOFF_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    SUPPLEMENT_FIELD_NUMBER: _ClassVar[int]
    WITHDRAW_FIELD_NUMBER: _ClassVar[int]
    CONFIRM_DELIVERY_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    handoff_case_id: str
    expected_version: int
    unit_code: str
    supplement: Supplement
    withdraw: Withdraw
    confirm_delivery: ConfirmDelivery
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., handoff_case_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., unit_code: _Optional[str] = ..., supplement: _Optional[_Union[Supplement, _Mapping]] = ..., withdraw: _Optional[_Union[Withdraw, _Mapping]] = ..., confirm_delivery: _Optional[_Union[ConfirmDelivery, _Mapping]] = ...) -> None: ...

class Supplement(_message.Message):
    __slots__ = ("materials",)
    MATERIALS_FIELD_NUMBER: _ClassVar[int]
    materials: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, materials: _Optional[_Iterable[str]] = ...) -> None: ...

class Withdraw(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ConfirmDelivery(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class HandleCaseResponse(_message.Message):
    __slots__ = ("case", "replayed")
    CASE_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    case: _messages_pb2.HandoffCase
    replayed: bool
    def __init__(self, case: _Optional[_Union[_messages_pb2.HandoffCase, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class GetCaseRequest(_message.Message):
    __slots__ = ("handoff_case_id",)
    HANDOFF_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    handoff_case_id: str
    def __init__(self, handoff_case_id: _Optional[str] = ...) -> None: ...

class GetCaseResponse(_message.Message):
    __slots__ = ("case",)
    CASE_FIELD_NUMBER: _ClassVar[int]
    case: _messages_pb2.HandoffCase
    def __init__(self, case: _Optional[_Union[_messages_pb2.HandoffCase, _Mapping]] = ...) -> None: ...

class ListCasesRequest(_message.Message):
    __slots__ = ("side", "state", "page")
    SIDE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    side: _messages_pb2.Side
    state: _messages_pb2.HandoffState
    page: _paging_pb2.PageRequest
    def __init__(self, side: _Optional[_Union[_messages_pb2.Side, str]] = ..., state: _Optional[_Union[_messages_pb2.HandoffState, str]] = ..., page: _Optional[_Union[_paging_pb2.PageRequest, _Mapping]] = ...) -> None: ...

class ListCasesResponse(_message.Message):
    __slots__ = ("cases", "next_page_token")
    CASES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    cases: _containers.RepeatedCompositeFieldContainer[_messages_pb2.HandoffCase]
    next_page_token: str
    def __init__(self, cases: _Optional[_Iterable[_Union[_messages_pb2.HandoffCase, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetResultRequest(_message.Message):
    __slots__ = ("handoff_case_id", "asked_by")
    HANDOFF_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    ASKED_BY_FIELD_NUMBER: _ClassVar[int]
    handoff_case_id: str
    asked_by: str
    def __init__(self, handoff_case_id: _Optional[str] = ..., asked_by: _Optional[str] = ...) -> None: ...

class GetResultResponse(_message.Message):
    __slots__ = ("pdf", "file_sha256", "certificate_identifier")
    PDF_FIELD_NUMBER: _ClassVar[int]
    FILE_SHA256_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    pdf: bytes
    file_sha256: str
    certificate_identifier: str
    def __init__(self, pdf: _Optional[bytes] = ..., file_sha256: _Optional[str] = ..., certificate_identifier: _Optional[str] = ...) -> None: ...

class ReceiveMessageRequest(_message.Message):
    __slots__ = ("partner_region", "key_id", "body", "signature_input", "signature", "traceparent")
    PARTNER_REGION_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_INPUT_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    TRACEPARENT_FIELD_NUMBER: _ClassVar[int]
    partner_region: str
    key_id: str
    body: bytes
    signature_input: str
    signature: str
    traceparent: str
    def __init__(self, partner_region: _Optional[str] = ..., key_id: _Optional[str] = ..., body: _Optional[bytes] = ..., signature_input: _Optional[str] = ..., signature: _Optional[str] = ..., traceparent: _Optional[str] = ...) -> None: ...

class ReceiveMessageResponse(_message.Message):
    __slots__ = ("receipt", "duplicate")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_FIELD_NUMBER: _ClassVar[int]
    receipt: str
    duplicate: bool
    def __init__(self, receipt: _Optional[str] = ..., duplicate: _Optional[bool] = ...) -> None: ...

class ListMessagesRequest(_message.Message):
    __slots__ = ("handoff_case_id", "state", "page")
    HANDOFF_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    handoff_case_id: str
    state: str
    page: _paging_pb2.PageRequest
    def __init__(self, handoff_case_id: _Optional[str] = ..., state: _Optional[str] = ..., page: _Optional[_Union[_paging_pb2.PageRequest, _Mapping]] = ...) -> None: ...

class ListMessagesResponse(_message.Message):
    __slots__ = ("messages", "next_page_token")
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    messages: _containers.RepeatedCompositeFieldContainer[_messages_pb2.MessageReport]
    next_page_token: str
    def __init__(self, messages: _Optional[_Iterable[_Union[_messages_pb2.MessageReport, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class RetryMessageRequest(_message.Message):
    __slots__ = ("context", "message_id")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    message_id: str
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., message_id: _Optional[str] = ...) -> None: ...

class RetryMessageResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: _messages_pb2.MessageReport
    def __init__(self, message: _Optional[_Union[_messages_pb2.MessageReport, _Mapping]] = ...) -> None: ...

class ListKeysRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListKeysResponse(_message.Message):
    __slots__ = ("keys",)
    KEYS_FIELD_NUMBER: _ClassVar[int]
    keys: _containers.RepeatedCompositeFieldContainer[_messages_pb2.PublicKey]
    def __init__(self, keys: _Optional[_Iterable[_Union[_messages_pb2.PublicKey, _Mapping]]] = ...) -> None: ...

class ListAgreementsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListAgreementsResponse(_message.Message):
    __slots__ = ("agreements",)
    AGREEMENTS_FIELD_NUMBER: _ClassVar[int]
    agreements: _containers.RepeatedCompositeFieldContainer[_messages_pb2.Agreement]
    def __init__(self, agreements: _Optional[_Iterable[_Union[_messages_pb2.Agreement, _Mapping]]] = ...) -> None: ...

class ListLedgerRequest(_message.Message):
    __slots__ = ("partner_region", "handoff_case_id", "page")
    PARTNER_REGION_FIELD_NUMBER: _ClassVar[int]
    HANDOFF_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    partner_region: str
    handoff_case_id: str
    page: _paging_pb2.PageRequest
    def __init__(self, partner_region: _Optional[str] = ..., handoff_case_id: _Optional[str] = ..., page: _Optional[_Union[_paging_pb2.PageRequest, _Mapping]] = ...) -> None: ...

class ListLedgerResponse(_message.Message):
    __slots__ = ("entries", "next_page_token")
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[_messages_pb2.LedgerEntry]
    next_page_token: str
    def __init__(self, entries: _Optional[_Iterable[_Union[_messages_pb2.LedgerEntry, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class VerifyLedgerRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class VerifyLedgerResponse(_message.Message):
    __slots__ = ("entries", "intact", "broken_at", "head_hash")
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    INTACT_FIELD_NUMBER: _ClassVar[int]
    BROKEN_AT_FIELD_NUMBER: _ClassVar[int]
    HEAD_HASH_FIELD_NUMBER: _ClassVar[int]
    entries: int
    intact: bool
    broken_at: int
    head_hash: str
    def __init__(self, entries: _Optional[int] = ..., intact: _Optional[bool] = ..., broken_at: _Optional[int] = ..., head_hash: _Optional[str] = ...) -> None: ...

class ListFeedRequest(_message.Message):
    __slots__ = ("partner_region", "after", "limit")
    PARTNER_REGION_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    partner_region: str
    after: int
    limit: int
    def __init__(self, partner_region: _Optional[str] = ..., after: _Optional[int] = ..., limit: _Optional[int] = ...) -> None: ...

class ListFeedResponse(_message.Message):
    __slots__ = ("entries", "next")
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[_messages_pb2.FeedEntry]
    next: int
    def __init__(self, entries: _Optional[_Iterable[_Union[_messages_pb2.FeedEntry, _Mapping]]] = ..., next: _Optional[int] = ...) -> None: ...
