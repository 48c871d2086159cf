"""CertificateService: each method maps, calls one use case, maps back. Failures become statuses in the server."""

from __future__ import annotations

from datetime import date
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from tongban.certificates.v1 import messages_pb2 as pb
from tongban.certificates.v1 import service_pb2 as rpc
from tongban.certificates.v1 import service_pb2_grpc

from services.certificates import usecases
from services.certificates.domain.certificate import Certificate
from services.certificates.domain.shown import show_identifier, show_qr
from services.certificates.domain.verification import Verdict
from services.certificates.usecases import FileFormat, Parts
from shared.failures import InvalidArgument, Violation
from shared.paging import page_size, read_token, write_token

_FORMATS = {
    rpc.FILE_FORMAT_PDF: FileFormat.PDF,
    rpc.FILE_FORMAT_JSON: FileFormat.JSON,
    rpc.FILE_FORMAT_PNG: FileFormat.PNG,
}


class CertificateServicer(service_pb2_grpc.CertificateServiceServicer):
    """The contract of `protos/tongban/certificates/v1/service.proto`, where each method is described."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def GetCertificate(self, request: Any, context: Any) -> Any:
        found = usecases.get_certificate(self._parts, request.certificate_id, request.identifier)
        return rpc.GetCertificateResponse(certificate=certificate_message(found, self._parts.clock.today()))

    def ListCertificates(self, request: Any, context: Any) -> Any:
        query = ("certificates", request.holder_code)
        after, size = read_token(request.page.page_token, *query), page_size(request.page.page_size)
        found, last = usecases.list_certificates(self._parts, request.holder_code, after, size)
        today = self._parts.clock.today()
        return rpc.ListCertificatesResponse(
            certificates=[certificate_message(certificate, today) for certificate in found],
            next_page_token=write_token(last, *query) if last else "",
        )

    def GetCertificateFile(self, request: Any, context: Any) -> Any:
        file_format = _FORMATS[request.format]
        content, name = usecases.get_file(self._parts, request.certificate_id, file_format)
        return rpc.GetCertificateFileResponse(
            content=content, media_type=usecases.MEDIA_TYPES[file_format], file_name=name
        )

    def VerifyCertificate(self, request: Any, context: Any) -> Any:
        kind = request.WhichOneof("shown")
        if kind is None:
            violation = Violation("shown", "show an identifier, a file or the text of a QR code", "NOTHING_SHOWN")
            raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))
        shown = getattr(request, kind)
        if kind != "file":
            shown = show_identifier(shown) if kind == "identifier" else show_qr(shown)
        verdict = usecases.verify(self._parts, shown, request.expected_holder_code)
        return rpc.VerifyCertificateResponse(verdict=verdict_message(verdict, self._parts.clock.today()))

    def ListKeys(self, request: Any, context: Any) -> Any:
        return rpc.ListKeysResponse(jwks=usecases.key_set(self._parts))


def certificate_message(certificate: Certificate, today: date) -> Any:
    """A certificate with its state of today."""
    content = certificate.content
    issued_time = Timestamp()
    issued_time.FromDatetime(certificate.issued_time)
    return pb.Certificate(
        certificate_id=certificate.certificate_id,
        identifier=content.identifier,
        state=f"CERTIFICATE_STATE_{certificate.state_on(today)}",
        certificate_type=content.certificate_type,
        type_name=content.type_name,
        holder_name=content.holder_name,
        holder_code=content.holder_code,
        holder_code_type=content.holder_code_type,
        holder_ref=certificate.holder_ref,
        issuer_name=content.issuer_name,
        issuer_code=content.issuer_code,
        issue_date=content.issue_date,
        valid_from_date=content.valid_from_date,
        valid_to_date=content.valid_to_date,
        area_code=content.area_code,
        signed_content=certificate.signed_content,
        signature=certificate.signature,
        key_id=certificate.key_id,
        file_sha256=certificate.file_sha256,
        qr_text=certificate.qr_text,
        issued_time=issued_time,
        version=content.version,
        state_reason_code=certificate.state_reason_code,
        state_since_date=_iso(certificate.since(today)),
        replaces_certificate_id=certificate.replaces_certificate_id,
        replaced_by_certificate_id=certificate.replaced_by_certificate_id,
    )


def verdict_message(verdict: Verdict, today: date) -> Any:
    """A verdict with all its parts."""
    checked_time = Timestamp()
    checked_time.FromDatetime(verdict.checked_time)
    message = pb.Verdict(
        state=f"CERTIFICATE_STATE_{verdict.state or 'UNSPECIFIED'}",
        conclusion=f"CONCLUSION_{verdict.conclusion}",
        parts=[
            pb.VerdictPart(
                part=finding.part.value,
                result=f"PART_RESULT_{finding.result}",
                reason=finding.reason,
                detail=finding.detail,
            )
            for finding in verdict.findings
        ],
        checked_time=checked_time,
        identifier=verdict.identifier,
        state_reason_code=verdict.state_reason_code,
        state_since_date=_iso(verdict.state_since),
    )
    if verdict.certificate is not None:
        message.certificate.CopyFrom(certificate_message(verdict.certificate, today))
    return message


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
