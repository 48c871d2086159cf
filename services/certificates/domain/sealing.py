"""The seal in the PDF: a PAdES signature (ECDSA on P-256) that any PDF reader checks, beside the signature of the content.

Sealing is done by a PDF library, on our own files only. Checking does not parse the PDF: a shown file is hostile, so a scan
finds the signature (`shown.py`), and its CMS is checked here against the certificates of the seal.
"""

from __future__ import annotations

import base64
import io
from asyncio import BaseEventLoop
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.certificates.domain.signing import NoSigningKey, to_base64url

FIELD_NAME = "Seal"
# Bytes of a seal besides the certificates in it, generously.
_BESIDE_CHAIN = 1500


@dataclass(frozen=True, slots=True)
class SealShown:
    """The seal found in a file: its CMS, the digest of what it covers, whether that is the whole file, and the time that
    it claims (yyyymmddhhmmss, UTC)."""

    cms: bytes
    digest: bytes
    covers_all: bool
    time: str


@dataclass(frozen=True, slots=True)
class SealKey:
    """A certificate of the seal with its secret key (None: it seals no more, or not in this process)."""

    certificate: x509.Certificate
    secret: ec.EllipticCurvePrivateKey | None = None

    def valid_at(self, time: datetime) -> bool:
        """Whether the certificate is valid at that time."""
        return self.certificate.not_valid_before_utc <= time <= self.certificate.not_valid_after_utc


class Seals:
    """The certificates of the seal, all issued by `authority`; the newest that is valid seals."""

    def __init__(self, authority: x509.Certificate, keys: Sequence[SealKey]) -> None:
        for key in keys:
            key.certificate.verify_directly_issued_by(authority)
        self.authority = authority
        self.keys = sorted(keys, key=lambda key: key.certificate.not_valid_before_utc)
        self._sealer: tuple[SealKey, Any] | None = None

    def seal(self, pdf: bytes, name: str, now: datetime) -> bytes:
        """The PDF with the seal of the issuer `name` in it. Raises NoSigningKey."""
        from pyhanko.sign import signers
        from pyhanko.sign.fields import SigSeedSubFilter

        usable = [key for key in self.keys if key.secret is not None and key.valid_at(now)]
        if not usable:
            raise NoSigningKey("no certificate of the seal is valid now")
        meta = signers.PdfSignatureMetadata(
            field_name=FIELD_NAME, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, name=name, certify=True
        )
        signer = signers.PdfSigner(meta, signer=self._signer_of(usable[-1]))
        sealed = io.BytesIO()
        writer = _writer_class()(io.BytesIO(pdf))
        # else the library seals once more to find out how long the seal is
        _run(signer.async_sign_pdf(writer, output=sealed, bytes_reserved=self._room(usable[-1])))
        return sealed.getvalue()

    def problem(self, shown: SealShown) -> str:
        """Why a shown seal does not hold; "" when it does. Never fails because of what was shown."""
        try:
            return self._problem(shown)
        except (ValueError, TypeError, KeyError, IndexError, OverflowError, AttributeError, RecursionError):
            return "SEAL_INVALID"

    def jwks(self) -> list[dict[str, Any]]:
        """The certificates as JWK with their chain (RFC 7517 `x5c`)."""
        return [_jwk(key.certificate, self.authority) for key in self.keys]

    def _problem(self, shown: SealShown) -> str:
        from asn1crypto import cms  # type: ignore[import-untyped, unused-ignore]

        signed = cms.ContentInfo.load(shown.cms)["content"]
        (signer,) = signed["signer_infos"]
        key = self._key_named(signer["sid"].chosen)
        if key is None:
            return "SEAL_UNKNOWN"
        attributes = {attribute["type"].native: attribute["values"] for attribute in signer["signed_attrs"]}
        public = key.certificate.public_key()
        assert isinstance(public, ec.EllipticCurvePublicKey)
        try:
            signature = signer["signature"].native
            public.verify(signature, signer["signed_attrs"].untag().dump(), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return "SEAL_INVALID"
        if attributes["message_digest"][0].native != shown.digest or not shown.covers_all:
            return "SEAL_ALTERED"
        time = datetime.strptime(shown.time, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return "" if key.valid_at(time) else "SEAL_CERTIFICATE_NOT_VALID"

    def _key_named(self, sid: Any) -> SealKey | None:
        serial = sid["serial_number"].native
        return next((key for key in self.keys if key.certificate.serial_number == serial), None)

    def _room(self, key: SealKey) -> int:
        """Hex digits kept free for a seal: certificate and authority stand in it."""
        chain = (key.certificate, self.authority)
        return 2 * (_BESIDE_CHAIN + sum(len(each.public_bytes(Encoding.DER)) for each in chain))

    def _signer_of(self, key: SealKey) -> Any:
        if self._sealer is None or self._sealer[0] is not key:
            from asn1crypto import keys, x509
            from pyhanko.sign import signers
            from pyhanko_certvalidator.registry import SimpleCertificateStore

            assert key.secret is not None
            chain: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call, unused-ignore]
            chain.register(x509.Certificate.load(self.authority.public_bytes(Encoding.DER)))
            secret = key.secret.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
            certificate = x509.Certificate.load(key.certificate.public_bytes(Encoding.DER))
            self._sealer = key, signers.SimpleSigner(certificate, keys.PrivateKeyInfo.load(secret), chain)
        return self._sealer[1]


@cache
def _writer_class() -> Any:
    """Adds the seal and touches nothing else: metadata and version of the file stay those of PDF/A-3."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class SealWriter(IncrementalPdfFileWriter):
        def _update_meta(self) -> None:
            """As issued."""

        def ensure_output_version(self, version: Any) -> None:
            """As issued."""

    return SealWriter


class _NoInput(BaseEventLoop):
    """Runs coroutines that wait for nothing from outside: no selector, no sockets, so that it works beside any other loop."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = self

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None or timeout > 0:
            raise RuntimeError("sealing waits for something from outside")
        return []

    def _process_events(self, events: list[Any]) -> None:
        """There are none."""


def _run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    loop = _NoInput()
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()


def _jwk(certificate: x509.Certificate, authority: x509.Certificate) -> dict[str, Any]:
    public = certificate.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    numbers = public.public_numbers()
    chain = [base64.b64encode(each.public_bytes(Encoding.DER)).decode() for each in (certificate, authority)]
    return {
        "kty": "EC",
        "crv": "P-256",
        "alg": "ES256",
        "use": "sig",
        "kid": f"seal-{certificate.serial_number:x}"[:32],
        "x": to_base64url(numbers.x.to_bytes(32, "big")),
        "y": to_base64url(numbers.y.to_bytes(32, "big")),
        "x5c": chain,
        "not_before": certificate.not_valid_before_utc.isoformat(),
        "not_after": certificate.not_valid_after_utc.isoformat(),
    }
