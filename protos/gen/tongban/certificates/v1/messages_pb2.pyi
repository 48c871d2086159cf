import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CertificateState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CERTIFICATE_STATE_UNSPECIFIED: _ClassVar[CertificateState]
    CERTIFICATE_STATE_ISSUED: _ClassVar[CertificateState]
    CERTIFICATE_STATE_SUSPENDED: _ClassVar[CertificateState]
    CERTIFICATE_STATE_EXPIRED: _ClassVar[CertificateState]
    CERTIFICATE_STATE_REVOKED: _ClassVar[CertificateState]
    CERTIFICATE_STATE_CANCELLED: _ClassVar[CertificateState]
    CERTIFICATE_STATE_REPLACED: _ClassVar[CertificateState]

class PartResult(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PART_RESULT_UNSPECIFIED: _ClassVar[PartResult]
    PART_RESULT_PASSED: _ClassVar[PartResult]
    PART_RESULT_FAILED: _ClassVar[PartResult]
    PART_RESULT_NOT_CHECKED: _ClassVar[PartResult]

class Conclusion(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONCLUSION_UNSPECIFIED: _ClassVar[Conclusion]
    CONCLUSION_IN_FORCE: _ClassVar[Conclusion]
    CONCLUSION_NOT_IN_FORCE: _ClassVar[Conclusion]
    CONCLUSION_REFUSED: _ClassVar[Conclusion]
    CONCLUSION_UNKNOWN: _ClassVar[Conclusion]
CERTIFICATE_STATE_UNSPECIFIED: CertificateState
CERTIFICATE_STATE_ISSUED: CertificateState
CERTIFICATE_STATE_SUSPENDED: CertificateState
CERTIFICATE_STATE_EXPIRED: CertificateState
CERTIFICATE_STATE_REVOKED: CertificateState
CERTIFICATE_STATE_CANCELLED: CertificateState
CERTIFICATE_STATE_REPLACED: CertificateState
PART_RESULT_UNSPECIFIED: PartResult
PART_RESULT_PASSED: PartResult
PART_RESULT_FAILED: PartResult
PART_RESULT_NOT_CHECKED: PartResult
CONCLUSION_UNSPECIFIED: Conclusion
CONCLUSION_IN_FORCE: Conclusion
CONCLUSION_NOT_IN_FORCE: Conclusion
CONCLUSION_REFUSED: Conclusion
CONCLUSION_UNKNOWN: Conclusion

class Certificate(_message.Message):
    __slots__ = ("certificate_id", "identifier", "state", "certificate_type", "type_name", "holder_name", "holder_code", "holder_code_type", "holder_ref", "issuer_name", "issuer_code", "issue_date", "valid_from_date", "valid_to_date", "area_code", "signed_content", "signature", "key_id", "file_sha256", "qr_text", "issued_time", "version", "state_reason_code", "state_since_date", "replaces_certificate_id", "replaced_by_certificate_id")
    CERTIFICATE_ID_FIELD_NUMBER: _ClassVar[int]
    IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_TYPE_FIELD_NUMBER: _ClassVar[int]
    TYPE_NAME_FIELD_NUMBER: _ClassVar[int]
    HOLDER_NAME_FIELD_NUMBER: _ClassVar[int]
    HOLDER_CODE_FIELD_NUMBER: _ClassVar[int]
    HOLDER_CODE_TYPE_FIELD_NUMBER: _ClassVar[int]
    HOLDER_REF_FIELD_NUMBER: _ClassVar[int]
    ISSUER_NAME_FIELD_NUMBER: _ClassVar[int]
    ISSUER_CODE_FIELD_NUMBER: _ClassVar[int]
    ISSUE_DATE_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_DATE_FIELD_NUMBER: _ClassVar[int]
    VALID_TO_DATE_FIELD_NUMBER: _ClassVar[int]
    AREA_CODE_FIELD_NUMBER: _ClassVar[int]
    SIGNED_CONTENT_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    FILE_SHA256_FIELD_NUMBER: _ClassVar[int]
    QR_TEXT_FIELD_NUMBER: _ClassVar[int]
    ISSUED_TIME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    STATE_REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    STATE_SINCE_DATE_FIELD_NUMBER: _ClassVar[int]
    REPLACES_CERTIFICATE_ID_FIELD_NUMBER: _ClassVar[int]
    REPLACED_BY_CERTIFICATE_ID_FIELD_NUMBER: _ClassVar[int]
    certificate_id: str
    identifier: str
    state: CertificateState
    certificate_type: str
    type_name: str
    holder_name: str
    holder_code: str
    holder_code_type: str
    holder_ref: str
    issuer_name: str
    issuer_code: str
    issue_date: str
    valid_from_date: str
    valid_to_date: str
    area_code: str
    signed_content: bytes
    signature: bytes
    key_id: str
    file_sha256: str
    qr_text: str
    issued_time: _timestamp_pb2.Timestamp
    version: int
    state_reason_code: str
    state_since_date: str
    replaces_certificate_id: str
    replaced_by_certificate_id: str
    def __init__(self, certificate_id: _Optional[str] = ..., identifier: _Optional[str] = ..., state: _Optional[_Union[CertificateState, str]] = ..., certificate_type: _Optional[str] = ..., type_name: _Optional[str] = ..., holder_name: _Optional[str] = ..., holder_code: _Optional[str] = ..., holder_code_type: _Optional[str] = ..., holder_ref: _Optional[str] = ..., issuer_name: _Optional[str] = ..., issuer_code: _Optional[str] = ..., issue_date: _Optional[str] = ..., valid_from_date: _Optional[str] = ..., valid_to_date: _Optional[str] = ..., area_code: _Optional[str] = ..., signed_content: _Optional[bytes] = ..., signature: _Optional[bytes] = ..., key_id: _Optional[str] = ..., file_sha256: _Optional[str] = ..., qr_text: _Optional[str] = ..., issued_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., version: _Optional[int] = ..., state_reason_code: _Optional[str] = ..., state_since_date: _Optional[str] = ..., replaces_certificate_id: _Optional[str] = ..., replaced_by_certificate_id: _Optional[str] = ...) -> None: ...

class VerdictPart(_message.Message):
    __slots__ = ("part", "result", "reason", "detail")
    PART_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    part: str
    result: PartResult
    reason: str
    detail: str
    def __init__(self, part: _Optional[str] = ..., result: _Optional[_Union[PartResult, str]] = ..., reason: _Optional[str] = ..., detail: _Optional[str] = ...) -> None: ...

class Verdict(_message.Message):
    __slots__ = ("conclusion", "parts", "checked_time", "identifier", "state", "certificate", "state_reason_code", "state_since_date")
    CONCLUSION_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    CHECKED_TIME_FIELD_NUMBER: _ClassVar[int]
    IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    STATE_REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    STATE_SINCE_DATE_FIELD_NUMBER: _ClassVar[int]
    conclusion: Conclusion
    parts: _containers.RepeatedCompositeFieldContainer[VerdictPart]
    checked_time: _timestamp_pb2.Timestamp
    identifier: str
    state: CertificateState
    certificate: Certificate
    state_reason_code: str
    state_since_date: str
    def __init__(self, conclusion: _Optional[_Union[Conclusion, str]] = ..., parts: _Optional[_Iterable[_Union[VerdictPart, _Mapping]]] = ..., checked_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., identifier: _Optional[str] = ..., state: _Optional[_Union[CertificateState, str]] = ..., certificate: _Optional[_Union[Certificate, _Mapping]] = ..., state_reason_code: _Optional[str] = ..., state_since_date: _Optional[str] = ...) -> None: ...
