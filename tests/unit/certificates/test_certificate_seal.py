"""The PAdES seal: any reader of PDFs finds it whole on what was issued and broken on what was changed."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from services.certificates.domain.seal_keys import load_seals, make_seals, write_seals
from services.certificates.domain.sealing import Seals
from services.certificates.domain.shown import show_file
from services.certificates.domain.signing import NoSigningKey
from services.certificates.domain.verification import Conclusion, Measures, Part, Result
from tests.unit.certificates.samples import (
    COMPLETION_FILING,
    FOOD_PERMIT,
    MEASURES,
    NOW,
    PUBLIC_URL,
    RING,
    SEALS,
    Issued,
    company,
    issue,
)
from tests.unit.certificates.verdicts import known, outcome, verify

# Marks that stand in the pages' part of the file: changing them breaks no structure.
CHANGED_BYTE = 5000


def status_of(pdf: bytes, seals: Seals = SEALS, moment: datetime | None = None) -> Any:
    """What the PDF library's own validator says."""
    root = asn1_x509.Certificate.load(seals.authority.public_bytes(Encoding.DER))
    context = ValidationContext(trust_roots=[root], moment=moment or NOW, allow_fetching=False)
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return validate_pdf_signature(signature, context)


def altered(pdf: bytes) -> bytes:
    """The file with one bit of a page's stream turned."""
    return pdf[:CHANGED_BYTE] + bytes([pdf[CHANGED_BYTE] ^ 1]) + pdf[CHANGED_BYTE + 1 :]


@pytest.fixture(scope="module", params=["licence", "permit", "filing"])
def issued(request: Any) -> Issued:
    return {"licence": company, "permit": lambda: issue(FOOD_PERMIT), "filing": lambda: issue(COMPLETION_FILING)}[
        request.param
    ]()


def test_an_independent_validator_finds_the_seal_whole_and_trusted(issued: Issued) -> None:
    status = status_of(issued.pdf)
    assert status.bottom_line
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.coverage.name == "ENTIRE_FILE"


def test_an_independent_validator_finds_a_changed_file_broken(issued: Issued) -> None:
    status = status_of(altered(issued.pdf))
    assert not status.intact
    assert not status.bottom_line


@pytest.mark.skipif(
    not shutil.which("pdfsig"), reason="pdfsig (poppler-utils) is not installed; pyHanko's validator ran"
)
def test_pdfsig_tells_an_issued_file_from_a_changed_one(issued: Issued, tmp_path: Path) -> None:
    for content, told in (
        (issued.pdf, "Signature is Valid"),
        (altered(issued.pdf), "Digest Mismatch"),
    ):
        path = tmp_path / "certificate.pdf"
        path.write_bytes(content)
        said = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
        assert "ETSI.CAdES.detached" in said
        assert told in said


def test_the_seal_of_what_was_issued_passes_and_a_changed_file_is_refused() -> None:
    assert outcome(verify(company().pdf, known()), Part.SEAL) == (Result.PASSED, "")
    verdict = verify(altered(company().pdf), known())
    assert verdict.conclusion is Conclusion.REFUSED
    assert outcome(verdict, Part.SEAL) == (Result.FAILED, "SEAL_ALTERED")


def test_what_is_added_after_the_seal_is_an_alteration() -> None:
    pdf = company().pdf + b"\n% added\n"
    assert outcome(verify(pdf, known()), Part.SEAL) == (Result.FAILED, "SEAL_ALTERED")


def test_a_seal_of_somebody_else_is_not_the_issuer_s() -> None:
    others = make_seals(NOW - timedelta(days=1))
    measures = Measures(RING, NOW, frozenset({PUBLIC_URL}), others)
    assert outcome(verify(company().pdf, known(), measures), Part.SEAL) == (Result.FAILED, "SEAL_UNKNOWN")
    assert not status_of(company().pdf, others).trusted


def test_a_seal_set_when_its_certificate_was_not_valid_does_not_hold() -> None:
    pdf = company().pdf
    shown = show_file(pdf).seal
    assert shown is not None
    assert SEALS.problem(shown) == ""
    assert SEALS.problem(replace(shown, time="20200101000000")) == "SEAL_CERTIFICATE_NOT_VALID"


def test_nothing_is_sealed_without_a_certificate_that_is_valid_now() -> None:
    seals = make_seals(NOW - timedelta(days=400), timedelta(days=365))
    with pytest.raises(NoSigningKey):
        seals.seal(company().pdf, "x", NOW)


def test_other_things_carry_no_seal() -> None:
    assert outcome(verify(company().json, known()), Part.SEAL) == (Result.NOT_CHECKED, "NOT_SHOWN")
    assert outcome(verify(b"%PDF-1.7 nothing", known()), Part.SEAL) == (Result.NOT_CHECKED, "NOT_SEALED")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 90_000), st.binary(min_size=1, max_size=40))
def test_whatever_is_put_into_a_sealed_file_the_verdict_is_given_and_never_good(position: int, junk: bytes) -> None:
    pdf = company().pdf
    start = position % len(pdf)
    forged = pdf[:start] + junk + pdf[start:]
    verdict = verify(forged, known(), MEASURES)
    assert verdict.conclusion is not Conclusion.IN_FORCE


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 899), st.integers(1, 255))
def test_whatever_is_turned_in_the_signature_itself_is_told_and_never_fails(position: int, mask: int) -> None:
    shown = show_file(company().pdf).seal
    assert shown is not None
    turned = bytearray(shown.cms)
    turned[position] ^= mask
    assert SEALS.problem(replace(shown, cms=bytes(turned))) in ("", "SEAL_INVALID", "SEAL_UNKNOWN", "SEAL_ALTERED")
    assert SEALS.problem(replace(shown, digest=bytes(32))) == "SEAL_ALTERED"


def test_the_first_seal_is_made_once_and_read_by_every_process(tmp_path: Path) -> None:
    first, second = load_seals(tmp_path, NOW, create_missing=True), load_seals(tmp_path, NOW, create_missing=True)
    assert first.jwks() == second.jwks()
    assert first.seal(_unsealed(), "x", NOW)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    for path in tmp_path.glob("seal-*.key"):
        path.unlink()
    retired = load_seals(tmp_path, NOW)
    with pytest.raises(NoSigningKey):
        retired.seal(_unsealed(), "x", NOW)
    with pytest.raises(FileNotFoundError):
        load_seals(tmp_path / "nowhere", NOW)


def test_of_several_processes_that_make_a_seal_the_first_one_s_is_kept(tmp_path: Path) -> None:
    wrote = [write_seals(tmp_path, make_seals(NOW)) for _ in range(4)]
    assert wrote.count(True) == 1
    assert len(list(tmp_path.iterdir())) == 2
    assert load_seals(tmp_path, NOW).seal(_unsealed(), "x", NOW)


def _unsealed() -> bytes:
    """The file as it was before its seal."""
    pdf = company().pdf
    return pdf[: pdf.index(b"%%EOF") + len(b"%%EOF\n")]
