"""The QR code of a certificate: a link that carries its own signature, so that it can be judged without the store.

`{public_url}/v/{identifier}?h=<holder code>&d=<issue date>&f=<fingerprint>&k=<key id>&s=<signature>`; the fingerprint
is the first 16 bytes of the SHA-256 of the signed content, the signature covers the fields before it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import segno

from services.certificates.domain.signing import QR_PREFIX, Key, KeyRing, from_base64url, to_base64url
from shared.failures import InvalidArgument

MAX_LENGTH = 1000
FINGERPRINT_BYTES = 16
_FORM = re.compile(
    r"(?P<public_url>(?:https?://[0-9A-Za-z.:\[\]-]+(?:/[0-9A-Za-z._~/-]*)?)?)/v/(?P<identifier>[^/?#&=\s]+)"
    r"\?h=(?P<holder_code>[0-9A-Z]{1,18})&d=(?P<issue_date>[0-9]{8})&f=(?P<fingerprint>[0-9A-Za-z_-]{22})"
    r"&k=(?P<key_id>[0-9A-Za-z_-]{1,32})&s=(?P<signature>[0-9A-Za-z_-]{1,200})",
    re.ASCII,
)
_DARK = re.compile(rb"\x01+")


class QrMalformed(InvalidArgument):
    """The text is no QR code of a certificate. Reason QR_TOO_LONG or QR_FORM."""


@dataclass(frozen=True, slots=True)
class QrClaim:
    """What a QR code says. `public_url` is "" for a link without its host; `issue_date` is yyyymmdd."""

    public_url: str
    identifier: str
    holder_code: str
    issue_date: str
    fingerprint: bytes
    key_id: str
    signature: bytes = b""

    def message(self) -> bytes:
        """What is signed: everything but the address, which the verifier compares with its own."""
        fields = (self.identifier, self.holder_code, self.issue_date, to_base64url(self.fingerprint), self.key_id)
        return QR_PREFIX + "\n".join(fields).encode()

    def holds(self, ring: KeyRing) -> bool:
        """Whether the key that it names signed it."""
        key = ring.find(self.key_id)
        return key is not None and key.verify(self.message(), self.signature)


def fingerprint(signed_content: bytes) -> bytes:
    """Short digest of a certificate's content that its QR code carries."""
    return hashlib.sha256(signed_content).digest()[:FINGERPRINT_BYTES]


def write_qr(
    public_url: str, identifier: str, holder_code: str, issue_date: str, signed_content: bytes, key: Key
) -> str:
    """Text of the QR code; `issue_date` is an ISO date."""
    day = issue_date.replace("-", "")
    claim = QrClaim(public_url, identifier, holder_code, day, fingerprint(signed_content), key.key_id)
    f, s = to_base64url(claim.fingerprint), to_base64url(key.sign(claim.message()))
    return f"{public_url}/v/{identifier}?h={holder_code}&d={day}&f={f}&k={key.key_id}&s={s}"


def read_qr(text: str) -> QrClaim:
    """Take the text apart as written; order, spelling and number of the fields are fixed. Raises QrMalformed."""
    if len(text) > MAX_LENGTH:
        raise QrMalformed("longer than a QR code of a certificate can be", reason="QR_TOO_LONG")
    match = _FORM.fullmatch(text)
    if match is None:
        raise QrMalformed("not of the form of a certificate's QR code", reason="QR_FORM")
    try:
        digest, signature = from_base64url(match["fingerprint"]), from_base64url(match["signature"])
    except ValueError as error:
        raise QrMalformed("not of the form of a certificate's QR code", reason="QR_FORM") from error
    return QrClaim(
        public_url=match["public_url"],
        identifier=match["identifier"],
        holder_code=match["holder_code"],
        issue_date=match["issue_date"],
        fingerprint=digest,
        key_id=match["key_id"],
        signature=signature,
    )


def qr_picture(text: str) -> str:
    """The code as SVG, error correction M: up to 15 % of it may be soiled.

    The mask is fixed: looking for the best of eight costs four times as much, and any of them is read.
    """
    rows = segno.make_qr(text, error="m", boost_error=False, mask=3).matrix
    size = len(rows)
    runs = ((y, run.start(), run.end()) for y, row in enumerate(rows) for run in _DARK.finditer(bytes(row)))
    lines = "".join(f"M{start} {y}.5h{end - start}" for y, start, end in runs)
    # a little more than one module high, so that no seam shows between the rows
    path = f'<path stroke="#000" stroke-width="1.03" d="{lines}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">{path}</svg>'
