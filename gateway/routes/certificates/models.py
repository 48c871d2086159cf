"""Shapes of certificates, as the API's document shows them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from gateway.models import Asked, Told

State = Literal["ISSUED", "SUSPENDED", "EXPIRED", "REVOKED", "CANCELLED", "REPLACED"]
KEY_EXAMPLE = {
    "kty": "OKP", "crv": "Ed25519", "kid": "certificates-2026", "use": "sig",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}  # fmt: skip
IDENTIFIER_EXAMPLE = "1.2.156.3005.2.11320411999900011N001.11320411999900011N.000000001.001.X"
# the forms of a file, as the document describes them
FILE_CONTENT: dict[str, Any] = {
    "application/pdf": {"schema": {"type": "string", "contentMediaType": "application/pdf"}},
    "image/png": {"schema": {"type": "string", "contentMediaType": "image/png"}},
    "application/json": {
        "schema": {"type": "object", "description": "what was signed, and the signature over it"},
        "example": {
            "certificate": {"identifier": IDENTIFIER_EXAMPLE, "holder_code": "91320411MAXX00015L", "version": 1},
            "qr_text": f"https://gateway.example/v/{IDENTIFIER_EXAMPLE}",
            "signature": {"algorithm": "Ed25519", "key_id": "certificates-2026", "value": "3q2-7wABAgM"},
        },
    },
}


class Certificate(Told):
    """Metadata of an e-certificate (GB/T 36903), with the signature over them."""

    certificate_id: str | None = Field(examples=["cert_01KA3N6Q0V8T3J5M9W2XYZABCD"])
    identifier: str = Field(description="GB/T 36904", examples=[IDENTIFIER_EXAMPLE])
    state: State = Field(description="now")
    certificate_type: str | None = Field(examples=["BUSINESS_LICENCE"])
    type_name: str | None = Field(examples=["营业执照"])
    holder_name: str | None
    holder_code: str | None
    holder_code_type: str | None = Field(description="001: unified social credit code")
    holder_ref: str | None = Field(description="the holder in the service that caused the issue")
    issuer_name: str | None
    issuer_code: str | None
    issue_date: str | None
    valid_from_date: str | None
    valid_to_date: str | None = Field(description="null: without end")
    area_code: str | None
    signed_content: str | None = Field(description="canonical JSON (RFC 8785) that is signed, base64url")
    signature: str | None = Field(description='Ed25519 over "tongban-certificate-v1\\n" + signed content, base64url')
    key_id: str | None = Field(description="key of GET /v1/certificates/keys")
    file_sha256: str | None = Field(description="digest of the PDF, hex")
    qr_text: str | None
    issued_time: str | None
    version: int
    state_reason_code: str | None = Field(description="why it is in its state now; null while it is as issued")
    state_since_date: str | None = Field(description="since when")
    replaces_certificate_id: str | None = Field(description="the certificate in whose place it came; null: none")
    replaced_by_certificate_id: str | None = Field(description="the certificate that came in its place; null: none")


class CertificatePage(Told):
    certificates: list[Certificate]
    next_page_token: str | None


class VerifyRequest(Asked):
    """What is shown: the identifier or the text of the QR code."""

    identifier: str | None = Field(None, min_length=1, max_length=200, examples=[IDENTIFIER_EXAMPLE])
    qr_text: str | None = Field(None, min_length=1, max_length=1000)
    expected_holder_code: str | None = Field(None, max_length=18, description="holder that you expect")

    @model_validator(mode="after")
    def _one_thing_shown(self) -> VerifyRequest:
        if (self.identifier is None) == (self.qr_text is None):
            raise ValueError("show one thing: identifier or qr_text")
        return self


class VerdictPart(Told):
    part: str = Field(
        description="IDENTIFIER, RECORD, FILE_HASH, SEAL, CONTENT, SIGNATURE, KEY, QR_SIGNATURE, STATE, VALIDITY or HOLDER"
    )
    result: Literal["PASSED", "FAILED", "NOT_CHECKED"]
    reason: str | None = Field(description="stable, when failed or not checked")
    detail: str | None


class Verdict(Told):
    """A verdict in parts, never one yes or no."""

    conclusion: Literal["IN_FORCE", "NOT_IN_FORCE", "REFUSED", "UNKNOWN"]
    parts: list[VerdictPart]
    checked_time: str | None
    identifier: str | None
    state: State | None = Field(description="now, not at issue")
    certificate: Certificate | None = Field(description="what the certificate shows, when it is genuine")
    state_reason_code: str | None = Field(description="why it is in that state; null while it is as issued")
    state_since_date: str | None = Field(description="since when", examples=["2026-11-25"])


class KeySet(Told):
    """JWK set (RFC 7517): the keys of the contents (Ed25519), and those of the seals in the PDFs (P-256) with their chain."""

    keys: list[dict[str, Any]] = Field(examples=[[KEY_EXAMPLE]])
