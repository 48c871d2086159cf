"""Reading what a verifier shows: an identifier, a file, the text of a QR code. Hostile input is data, never an error.

A PDF is judged by its hash first. Only one that nobody issued is looked into, to tell which certificate it claims to
be. For that no PDF parser runs: certificates carry their JSON in a stream of its own and their identifier in plain
metadata, so a scan does it, in time proportional to the file, without recursion and with bounded decompression.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass, replace
from enum import StrEnum

from services.certificates.domain.identifier import find_identifier
from services.certificates.domain.qr import QrClaim, QrMalformed, read_qr
from services.certificates.domain.rendition import FIRST_BYTES, MAX_BYTES, Rendition, RenditionMalformed, read_rendition
from services.certificates.domain.sealing import SealShown

MAX_FILE_BYTES = 10 * 1024 * 1024
# PDF readers accept the header within the first kilobyte.
_PDF_HEADER_WITHIN = 1024
_MAX_STREAMS = 5000
# The numbers of the range may be followed by blanks that kept their place free.
_RANGE = re.compile(rb"/ByteRange ?\[ ?0 (\d{1,8}) (\d{1,8}) (\d{1,8}) ?\] {0,100}")
_CONTENTS = re.compile(rb"<([0-9A-Fa-f]{2,65536})>")
_TIME = re.compile(rb"/M ?\(D(?::|\\072)(\d{14})(?:Z|\+00'00'?)")
_MAX_RANGES = 20
_STREAM = re.compile(rb"(?<!end)stream\r?\n")


class Kind(StrEnum):
    """What was shown."""

    IDENTIFIER = "IDENTIFIER"
    PDF = "PDF"
    JSON = "JSON"
    QR = "QR"
    OTHER_FILE = "OTHER_FILE"


@dataclass(frozen=True, slots=True)
class Shown:
    """What was shown, as far as it could be read.

    `identifier` is the one shown or found inside, not yet checked; `problem` says why something could not be read.
    """

    kind: Kind
    identifier: str = ""
    file_sha256: str = ""
    rendition: Rendition | None = None
    qr: QrClaim | None = None
    problem: str = ""
    seal: SealShown | None = None


def show_identifier(text: str) -> Shown:
    """Somebody typed or read out an identifier."""
    return Shown(Kind.IDENTIFIER, identifier=text)


def show_qr(text: str) -> Shown:
    """Somebody scanned a QR code."""
    try:
        claim = read_qr(text)
    except QrMalformed as error:
        # an identifier in a damaged code still says which certificate is meant
        return Shown(Kind.QR, identifier=find_identifier(text[:1000].encode(errors="replace")), problem=error.reason)
    return Shown(Kind.QR, identifier=claim.identifier, qr=claim)


def show_file(data: bytes) -> Shown:
    """Somebody sent a file: its kind and hash; a JSON rendition is read at once."""
    if len(data) > MAX_FILE_BYTES:
        return Shown(Kind.OTHER_FILE, problem="FILE_TOO_LARGE")
    digest = hashlib.sha256(data).hexdigest()
    if b"%PDF-" in data[:_PDF_HEADER_WITHIN]:
        return Shown(Kind.PDF, file_sha256=digest, seal=_seal(data))
    try:
        rendition = read_rendition(data)
    except RenditionMalformed:
        looks_like_json = data.lstrip(b" \t\r\n")[:1] == b"{"
        kind = Kind.JSON if looks_like_json else Kind.OTHER_FILE
        return Shown(kind, identifier=find_identifier(data), file_sha256=digest, problem="NOT_A_RENDITION")
    return Shown(Kind.JSON, identifier=rendition.content.identifier, file_sha256=digest, rendition=rendition)


def look_inside(shown: Shown, data: bytes) -> Shown:
    """For a PDF that was not issued as it is: which certificate it claims to be, and the signed JSON inside."""
    attachment = _attachment(data)
    if attachment:
        try:
            rendition = read_rendition(attachment)
        except RenditionMalformed:
            return replace(shown, identifier=find_identifier(attachment) or find_identifier(data))
        return replace(shown, identifier=rendition.content.identifier, rendition=rendition)
    return replace(shown, identifier=find_identifier(data))


def _attachment(data: bytes) -> bytes:
    """The first stream that begins like a JSON rendition; b"" if none does."""
    for number, match in enumerate(_STREAM.finditer(data)):
        if number == _MAX_STREAMS:
            break
        start = match.end()
        if data.startswith(FIRST_BYTES, start):
            end = data.find(b"endstream", start, start + MAX_BYTES)
            return data[start:end].rstrip(b"\r\n") if end > 0 else b""
        if _inflated(data[start : start + 256], len(FIRST_BYTES)) == FIRST_BYTES:
            return _inflated(data[start : start + MAX_BYTES], MAX_BYTES)
    return b""


def _inflated(data: bytes, limit: int) -> bytes:
    """At most `limit` bytes of a zlib stream; what could be read of a damaged one."""
    try:
        return zlib.decompressobj().decompress(data, limit)
    except zlib.error:
        return b""


def _seal(data: bytes) -> SealShown | None:
    """The last seal in a PDF: what it covers, as its range says. The bytes between the two halves of the range must be the
    signature and nothing else; what follows the range is told as not covered."""
    ranges = [match for _, match in zip(range(_MAX_RANGES), _RANGE.finditer(data), strict=False)]
    for match in reversed(ranges):
        end, start, length = (int(number) for number in match.groups())
        contents = _CONTENTS.fullmatch(data, end, start) if end < start <= len(data) else None
        time = _TIME.search(data, match.end(), match.end() + 1000)
        if contents is None or start + length > len(data):
            continue
        cms = bytes.fromhex(contents[1].decode() if len(contents[1]) % 2 == 0 else "")
        digest = hashlib.sha256(data[:end])
        digest.update(memoryview(data)[start : start + length])
        covers_all = start + length == len(data) and len(ranges) == 1
        return SealShown(cms, digest.digest(), covers_all, time[1].decode() if time else "")
    return None
