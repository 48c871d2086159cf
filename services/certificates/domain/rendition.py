"""The JSON rendition of a certificate: content, signature and QR text in one canonical spelling (RFC 8785).

There is exactly one sequence of bytes for a certificate. A reader writes again what it read and compares, so that no
other spelling (spaces, order, escapes, spare bits of base64) passes for the certificate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import rfc8785

from services.certificates.domain.certificate import Content, content_from_mapping
from services.certificates.domain.qr import write_qr
from services.certificates.domain.signing import CERTIFICATE_PREFIX, Key, from_base64url, to_base64url
from shared import strict_json
from shared.failures import InvalidArgument

MAX_BYTES = 256 * 1024
FIRST_BYTES = b'{"certificate":{'


class RenditionMalformed(InvalidArgument):
    """The bytes are no JSON rendition: of another shape, or not in the one spelling."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """A certificate with its proof, as read or to be written."""

    content: Content
    signed_content: bytes
    signature: bytes
    algorithm: str
    key_id: str
    qr_text: str

    def to_bytes(self) -> bytes:
        """The file."""
        signature = {"algorithm": self.algorithm, "key_id": self.key_id, "value": to_base64url(self.signature)}
        mapping: dict[str, Any] = {
            "certificate": self.content.as_mapping(),
            "qr_text": self.qr_text,
            "signature": signature,
        }
        return rfc8785.dumps(mapping)


def sign_content(content: Content, key: Key, public_url: str) -> Rendition:
    """Sign a content and its QR code with one key."""
    signed_content = content.canonical()
    qr_text = write_qr(public_url, content.identifier, content.holder_code, content.issue_date, signed_content, key)
    signature = key.sign(CERTIFICATE_PREFIX + signed_content)
    return Rendition(content, signed_content, signature, key.algorithm, key.key_id, qr_text)


def read_rendition(data: bytes) -> Rendition:
    """Read a rendition. Raises RenditionMalformed; the message says what is wrong, never what stands there."""
    try:
        mapping = strict_json.loads(data, max_depth=8, max_keys=500, max_bytes=MAX_BYTES)
        rendition = _rendition(mapping)
        spelling = rendition.to_bytes()
    except InvalidArgument as error:
        raise RenditionMalformed(error.message) from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise RenditionMalformed("not of the shape of a certificate") from None
    if spelling != data:
        raise RenditionMalformed("not in the one spelling of a certificate")
    return rendition


def _rendition(mapping: Any) -> Rendition:
    content = content_from_mapping(mapping["certificate"])
    signature, qr_text = mapping["signature"], mapping["qr_text"]
    names = (signature["algorithm"], signature["key_id"], qr_text)
    if not all(type(name) is str for name in names):
        raise ValueError("not text")
    value = from_base64url(signature["value"])
    return Rendition(content, content.canonical(), value, signature["algorithm"], signature["key_id"], qr_text)
