from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class CertificateIssued(_message.Message):
    __slots__ = ("certificate_id", "identifier", "certificate_type", "holder_ref", "holder_code", "issue_date", "file_sha256", "origin_ref", "holder_version", "replaces_certificate_id")
    CERTIFICATE_ID_FIELD_NUMBER: _ClassVar[int]
    IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_TYPE_FIELD_NUMBER: _ClassVar[int]
    HOLDER_REF_FIELD_NUMBER: _ClassVar[int]
    HOLDER_CODE_FIELD_NUMBER: _ClassVar[int]
    ISSUE_DATE_FIELD_NUMBER: _ClassVar[int]
    FILE_SHA256_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_REF_FIELD_NUMBER: _ClassVar[int]
    HOLDER_VERSION_FIELD_NUMBER: _ClassVar[int]
    REPLACES_CERTIFICATE_ID_FIELD_NUMBER: _ClassVar[int]
    certificate_id: str
    identifier: str
    certificate_type: str
    holder_ref: str
    holder_code: str
    issue_date: str
    file_sha256: str
    origin_ref: str
    holder_version: int
    replaces_certificate_id: str
    def __init__(self, certificate_id: _Optional[str] = ..., identifier: _Optional[str] = ..., certificate_type: _Optional[str] = ..., holder_ref: _Optional[str] = ..., holder_code: _Optional[str] = ..., issue_date: _Optional[str] = ..., file_sha256: _Optional[str] = ..., origin_ref: _Optional[str] = ..., holder_version: _Optional[int] = ..., replaces_certificate_id: _Optional[str] = ...) -> None: ...

class CertificateStateChanged(_message.Message):
    __slots__ = ("certificate_id", "identifier", "certificate_type", "holder_ref", "holder_code", "state", "reason_code", "certificate_version")
    CERTIFICATE_ID_FIELD_NUMBER: _ClassVar[int]
    IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_TYPE_FIELD_NUMBER: _ClassVar[int]
    HOLDER_REF_FIELD_NUMBER: _ClassVar[int]
    HOLDER_CODE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_VERSION_FIELD_NUMBER: _ClassVar[int]
    certificate_id: str
    identifier: str
    certificate_type: str
    holder_ref: str
    holder_code: str
    state: str
    reason_code: str
    certificate_version: int
    def __init__(self, certificate_id: _Optional[str] = ..., identifier: _Optional[str] = ..., certificate_type: _Optional[str] = ..., holder_ref: _Optional[str] = ..., holder_code: _Optional[str] = ..., state: _Optional[str] = ..., reason_code: _Optional[str] = ..., certificate_version: _Optional[int] = ...) -> None: ...
