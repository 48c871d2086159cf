"""CertificateService over a real channel and a real store."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

import grpc
import pytest
from PIL import Image
from tongban.certificates.v1 import messages_pb2 as pb
from tongban.certificates.v1 import service_pb2 as rpc
from tongban.common.v1 import paging_pb2

from services.certificates.domain.rendition import read_rendition
from services.certificates.store import CertificateStore
from services.certificates.usecases import Parts, issue_certificates
from shared.grpc_errors import failure_of
from tests.integration.certificates.test_issuing import Registration, registered
from tests.unit.certificates.samples import COMPANY, PUBLIC_URL, SOLE_TRADER


@pytest.fixture
def licence(parts: Parts, stub: Any) -> Any:
    """The licence of COMPANY."""
    issue_certificates(parts, registered("ent_01", "ent_02"), Registration())
    return certificates_of(stub, COMPANY["uscc"])[0]


def certificates_of(stub: Any, holder_code: str) -> list[Any]:
    return list(stub.ListCertificates(rpc.ListCertificatesRequest(holder_code=holder_code)).certificates)


def file_of(stub: Any, certificate_id: str, file_format: str) -> Any:
    return stub.GetCertificateFile(
        rpc.GetCertificateFileRequest(certificate_id=certificate_id, format=f"FILE_FORMAT_{file_format}")
    )


def verdict_on(stub: Any, **shown: Any) -> Any:
    return stub.VerifyCertificate(rpc.VerifyCertificateRequest(**shown)).verdict


def parts_of(verdict: Any) -> dict[str, str]:
    return {
        part.part: part.reason or pb.PartResult.Name(part.result).removeprefix("PART_RESULT_") for part in verdict.parts
    }


def failure(call: Any, request: Any) -> Any:
    with pytest.raises(grpc.RpcError) as error:
        call(request)
    return failure_of(error.value)


def test_a_certificate_is_found_by_id_and_by_identifier(stub: Any, licence: Any) -> None:
    by_id = stub.GetCertificate(rpc.GetCertificateRequest(certificate_id=licence.certificate_id)).certificate
    by_identifier = stub.GetCertificate(rpc.GetCertificateRequest(identifier=licence.identifier)).certificate
    assert by_id == by_identifier == licence
    assert licence.state == pb.CERTIFICATE_STATE_ISSUED
    assert (licence.holder_name, licence.holder_code, licence.type_name) == (
        COMPANY["name"],
        COMPANY["uscc"],
        "营业执照",
    )
    assert (licence.holder_ref, licence.version, licence.valid_to_date) == ("ent_01", 1, "")
    assert json.loads(licence.signed_content)["identifier"] == licence.identifier


def test_what_is_not_there_and_what_cannot_be_are_told_apart(stub: Any, licence: Any) -> None:
    missing = failure(stub.GetCertificate, rpc.GetCertificateRequest(certificate_id="cert_01"))
    assert missing.reason == "CERTIFICATE_NOT_FOUND"
    wrong = failure(stub.GetCertificate, rpc.GetCertificateRequest(identifier=licence.identifier[:-1] + "?"))
    assert (wrong.reason, wrong.violations[0].field) == ("IDENTIFIER_FORM", "identifier")
    neither = failure(stub.GetCertificate, rpc.GetCertificateRequest())
    assert neither.reason == "KEY_MISSING"
    assert failure(stub.VerifyCertificate, rpc.VerifyCertificateRequest()).reason == "NOTHING_SHOWN"
    unspecified = rpc.GetCertificateFileRequest(certificate_id=licence.certificate_id)
    assert failure(stub.GetCertificateFile, unspecified).violations[0].field == "format"


def test_the_three_files(stub: Any, licence: Any) -> None:
    pdf, json_file, png = (file_of(stub, licence.certificate_id, name) for name in ("PDF", "JSON", "PNG"))
    assert hashlib.sha256(pdf.content).hexdigest() == licence.file_sha256
    assert (pdf.media_type, pdf.file_name) == ("application/pdf", f"business-licence-{COMPANY['uscc']}.pdf")
    rendition = read_rendition(json_file.content)
    assert (rendition.signed_content, rendition.signature) == (licence.signed_content, licence.signature)
    assert json_file.media_type == "application/json"
    assert Image.open(io.BytesIO(png.content)).format == "PNG"
    assert (png.media_type, png.file_name) == ("image/png", f"business-licence-{COMPANY['uscc']}.png")


def test_all_that_was_issued_verifies(stub: Any, licence: Any) -> None:
    for shown in (
        {"identifier": licence.identifier},
        {"qr_text": licence.qr_text},
        {"file": file_of(stub, licence.certificate_id, "PDF").content},
        {"file": file_of(stub, licence.certificate_id, "JSON").content},
    ):
        verdict = verdict_on(stub, **shown, expected_holder_code=COMPANY["uscc"])
        assert verdict.conclusion == pb.CONCLUSION_IN_FORCE
        assert verdict.certificate == licence
        assert verdict.state == pb.CERTIFICATE_STATE_ISSUED
        assert len(verdict.parts) == 11


def test_what_was_altered_is_refused_and_shows_nothing(stub: Any, licence: Any) -> None:
    pdf = file_of(stub, licence.certificate_id, "PDF").content
    verdict = verdict_on(stub, file=pdf + b"\n%%EOF")
    assert verdict.conclusion == pb.CONCLUSION_REFUSED
    assert parts_of(verdict)["FILE_HASH"] == "FILE_ALTERED"
    assert verdict.identifier == licence.identifier
    assert not verdict.HasField("certificate")
    verdict = verdict_on(stub, qr_text=licence.qr_text.replace(COMPANY["uscc"], SOLE_TRADER["uscc"]))
    assert parts_of(verdict)["QR_SIGNATURE"] == "SIGNATURE_INVALID"
    verdict = verdict_on(stub, file=pdf, expected_holder_code=SOLE_TRADER["uscc"])
    assert parts_of(verdict)["HOLDER"] == "OTHER_HOLDER"
    assert verdict_on(stub, qr_text=licence.qr_text.removeprefix(PUBLIC_URL)).conclusion == pb.CONCLUSION_IN_FORCE


def test_the_state_is_the_one_of_now(stub: Any, licence: Any, store: CertificateStore) -> None:
    store.certificates.update_one({"_id": licence.certificate_id}, {"$set": {"state": "REVOKED"}})
    verdict = verdict_on(stub, qr_text=licence.qr_text)
    assert verdict.conclusion == pb.CONCLUSION_NOT_IN_FORCE
    assert verdict.state == pb.CERTIFICATE_STATE_REVOKED
    assert parts_of(verdict)["STATE"] == "REVOKED"


def test_a_record_changed_in_the_store_cannot_make_a_forged_file_pass(
    stub: Any, licence: Any, store: CertificateStore
) -> None:
    forged = b"%PDF-1.7 " + licence.identifier.encode()
    changed = {"file_sha256": hashlib.sha256(forged).hexdigest()}
    store.certificates.update_one({"_id": licence.certificate_id}, {"$set": changed})
    verdict = verdict_on(stub, file=forged)
    assert verdict.conclusion == pb.CONCLUSION_REFUSED
    assert parts_of(verdict)["RECORD"] == "RECORD_INCONSISTENT"


def test_the_largest_file_allowed_is_judged_and_a_larger_one_is_refused_by_its_field(stub: Any, licence: Any) -> None:
    verdict = verdict_on(stub, file=b"%PDF-1.7" + bytes(10 * 1024 * 1024 - 8))
    assert verdict.conclusion == pb.CONCLUSION_UNKNOWN
    too_large = failure(stub.VerifyCertificate, rpc.VerifyCertificateRequest(file=bytes(10 * 1024 * 1024 + 1)))
    assert too_large.violations[0].field == "file"


def test_the_certificates_of_a_holder_come_in_pages_in_order_of_issue(parts: Parts, stub: Any) -> None:
    for version in range(1, 6):
        issue_certificates(parts, registered("ent_01", version=version), Registration(entity_version=version))
    whole = [certificate.certificate_id for certificate in certificates_of(stub, COMPANY["uscc"])]
    assert whole == sorted(whole)
    assert len(whole) == 5
    collected, token = [], ""
    while True:
        page = paging_pb2.PageRequest(page_size=2, page_token=token)
        answer = stub.ListCertificates(rpc.ListCertificatesRequest(holder_code=COMPANY["uscc"], page=page))
        collected += [certificate.certificate_id for certificate in answer.certificates]
        token = answer.next_page_token
        if not token:
            break
    assert collected == whole
    other = rpc.ListCertificatesRequest(holder_code="x", page=paging_pb2.PageRequest(page_token=_token(stub)))
    assert failure(stub.ListCertificates, other).reason == "PAGE_TOKEN"


def _token(stub: Any) -> str:
    page = paging_pb2.PageRequest(page_size=1)
    request = rpc.ListCertificatesRequest(holder_code=COMPANY["uscc"], page=page)
    return str(stub.ListCertificates(request).next_page_token)


def test_the_public_keys_are_published(stub: Any, licence: Any) -> None:
    keys = json.loads(stub.ListKeys(rpc.ListKeysRequest()).jwks)["keys"]
    assert keys[0]["kid"] == licence.key_id
    assert [len(key["x5c"]) for key in keys[1:]] == [2]
    assert not any("d" in key for key in keys)
