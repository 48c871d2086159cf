"""Hostile files and texts: a verdict always comes, and soon."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.certificates.domain.rendition import FIRST_BYTES, MAX_BYTES, RenditionMalformed, read_rendition
from services.certificates.domain.shown import MAX_FILE_BYTES, show_identifier, show_qr
from services.certificates.domain.verification import Conclusion
from tests.unit.certificates.samples import company
from tests.unit.certificates.verdicts import known, verify

STREAM = b"1 0 obj<</Type/EmbeddedFile>>stream\n"
IDENTIFIER = "1.2.156.3005.2.11320411999900011N001.11320411999900011N.JGBA2024000001.001.P"


def bomb() -> bytes:
    """60 MB in some 60 KB, beginning like a certificate."""
    return zlib.compress(FIRST_BYTES + b"0" * 60_000_000, 9)


def archive() -> bytes:
    """A ZIP file that holds 20 MB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as entries:
        entries.writestr("certificate.json", b"0" * 20_000_000)
    return file.getvalue()


def changed(old: bytes, new: bytes) -> bytes:
    """The genuine JSON with one place changed."""
    assert old in company().json
    return company().json.replace(old, new, 1)


HOSTILE_FILES: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "zip": archive,
    "pdf and zip in one": lambda: b"%PDF-1.7\n" + archive(),
    "deflate bomb in a stream": lambda: b"%PDF-1.7\n" + STREAM + bomb() + b"\nendstream",
    "many bombs": lambda: b"%PDF-1.7\n" + (STREAM + bomb()[:400] + b"\nendstream\n") * 20_000,
    "ten megabytes of stream": lambda: b"%PDF-1.7\n" + b"stream\n" * 1_490_000,
    "ten megabytes of stream with content": lambda: b"%PDF-1.7\n" + (b"stream\n" + FIRST_BYTES) * 450_000,
    "ten megabytes of roots": lambda: b"%PDF-1.7\n" + b"1.2.156.3005.2." * 690_000,
    "ten megabytes of near identifiers": lambda: b"%PDF-1.7\n" + (IDENTIFIER[:-1] + "?").encode() * 130_000,
    "deep json": lambda: b'{"certificate":' + b"[" * 200_000,
    "deep objects": lambda: b'{"a":' * 40_000,
    "long number": lambda: b'{"certificate":' + b"1" * 200_000 + b"}",
    "huge json": lambda: b'{"certificate":"' + b"a" * (MAX_BYTES + 10) + b'"}',
    "nan": lambda: changed(b'"version":1', b'"version":NaN'),
    "exponent": lambda: changed(b'"version":1', b'"version":1e0'),
    "large integer": lambda: changed(b'"version":1', b'"version":99999999999999999999'),
    "duplicate key": lambda: changed(b'"version":1', b'"version":1,"version":1'),
    "bidi": lambda: changed("常州市".encode(), "\u202e州常市".encode()),
    "lone surrogate": lambda: changed(b'"version":1', b'"version":"\\ud800"'),
    "utf-16": lambda: company().json.decode().encode("utf-16"),
    "bom": lambda: b"\xef\xbb\xbf" + company().json,
    "too large": lambda: b"%PDF-1.7\n" + bytes(MAX_FILE_BYTES),
}


@pytest.mark.timeout(20)  # a file that hangs the check fails here
@pytest.mark.parametrize("name", list(HOSTILE_FILES))
def test_hostile_files_get_a_verdict(name: str) -> None:
    data, records = HOSTILE_FILES[name](), known()
    verdict = verify(data, records)
    assert verdict.conclusion in (Conclusion.REFUSED, Conclusion.UNKNOWN)
    assert verdict.certificate is None


@pytest.mark.parametrize(
    "text",
    ["", "\u202e", "\ud800", "A" * 100_000, "１.2.156", IDENTIFIER + "\u200b", "\x00", "{}", "%s%n"],
    ids=range(9),
)
def test_hostile_texts_get_a_verdict(text: str) -> None:
    for shown in (show_identifier(text), show_qr(text)):
        verdict = verify(shown, known())
        assert verdict.conclusion is Conclusion.REFUSED
        assert verdict.certificate is None


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.binary(max_size=2000), st.binary(max_size=500).map(lambda tail: b"%PDF-1.7\nstream\n" + tail)))
def test_any_bytes_get_a_verdict(data: bytes) -> None:
    assert verify(data, known()).conclusion in (Conclusion.REFUSED, Conclusion.UNKNOWN)


KEYS = st.sampled_from(["certificate", "signature", "qr_text", "fields", "value", "schema"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
)


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_any_json_is_refused_as_a_rendition_without_another_error(value: Any) -> None:
    with pytest.raises(RenditionMalformed):
        read_rendition(json.dumps(value).encode())
