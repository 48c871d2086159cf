"""The verdict in parts: genuine, altered, forged, revoked, hostile."""

from __future__ import annotations

import hashlib
import io
import json
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from services.certificates.domain.certificate import CertificateState
from services.certificates.domain.rendition import (
    read_rendition,
    sign_content,
)
from services.certificates.domain.shown import (
    show_identifier,
    show_qr,
)
from services.certificates.domain.signing import Ed25519Key, KeyRing
from services.certificates.domain.verification import Conclusion, Part, Result
from tests.unit.certificates.samples import COMPANY, KEY, MEASURES, NOW, PUBLIC_URL, RING, SOLE_TRADER, company, issue
from tests.unit.certificates.verdicts import Records, known, outcome, results, verify

PASSED, FAILED, SKIPPED = Result.PASSED, Result.FAILED, Result.NOT_CHECKED


def test_the_pdf_as_issued_is_in_force_in_every_part_that_it_shows() -> None:
    verdict = verify(company().pdf, known(), holder=COMPANY["uscc"])
    assert verdict.conclusion is Conclusion.IN_FORCE
    assert results(verdict) == {
        "IDENTIFIER": "PASSED", "RECORD": "PASSED", "FILE_HASH": "PASSED", "SEAL": "PASSED", "CONTENT": "PASSED",
        "SIGNATURE": "PASSED", "KEY": "PASSED", "QR_SIGNATURE": "NOT_SHOWN", "STATE": "PASSED", "VALIDITY": "PASSED",
        "HOLDER": "PASSED",
    }  # fmt: skip
    assert verdict.certificate == company().record
    assert verdict.state is CertificateState.ISSUED


def test_the_json_as_issued_is_in_force_with_its_qr_code() -> None:
    verdict = verify(company().json, known())
    assert verdict.conclusion is Conclusion.IN_FORCE
    assert outcome(verdict, Part.FILE_HASH) == (PASSED, "")
    assert outcome(verdict, Part.QR_SIGNATURE) == (PASSED, "")
    assert outcome(verdict, Part.HOLDER) == (SKIPPED, "NOT_ASKED")


def test_the_qr_code_and_the_identifier_as_issued_are_in_force() -> None:
    record = company().record
    for shown in (show_qr(record.qr_text), show_qr(record.qr_text.removeprefix(PUBLIC_URL))):
        verdict = verify(shown, known())
        assert verdict.conclusion is Conclusion.IN_FORCE
        assert outcome(verdict, Part.QR_SIGNATURE) == (PASSED, "")
        assert outcome(verdict, Part.CONTENT) == (PASSED, "")
        assert outcome(verdict, Part.FILE_HASH) == (SKIPPED, "NOT_SHOWN")
    verdict = verify(show_identifier(record.content.identifier), known())
    assert verdict.conclusion is Conclusion.IN_FORCE
    assert outcome(verdict, Part.CONTENT) == (SKIPPED, "NOT_SHOWN")


def test_every_verdict_has_all_ten_parts_in_one_order_and_every_part_says_why() -> None:
    for shown in (company().pdf, company().json, b"", show_identifier("x"), show_qr("x")):
        verdict = verify(shown, known())
        assert [finding.part for finding in verdict.findings] == list(Part)
        for finding in verdict.findings:
            assert finding.detail
            assert (finding.reason == "") == (finding.result is PASSED)


def test_every_single_byte_change_of_the_json_is_refused() -> None:
    issued, records = company(), known()
    generator = random.Random(7)
    for position in range(len(issued.json)):
        changed = bytearray(issued.json)
        changed[position] ^= generator.randrange(1, 256)
        verdict = verify(bytes(changed), records)
        assert verdict.conclusion is Conclusion.REFUSED, position
        assert verdict.certificate is None


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_other_spelling_of_the_json_passes(data: st.DataObject) -> None:
    original = company().json
    start = data.draw(st.integers(0, len(original)))
    end = data.draw(st.integers(start, min(start + 5, len(original))))
    changed = (
        original[:start]
        + data.draw(st.sampled_from([b"", b" ", b"\n", b"A", b"==", b'"a":1,', b"\\u0041", b"\xff"]))
        + original[end:]
    )
    verdict = verify(changed, known())
    assert (verdict.conclusion is Conclusion.IN_FORCE) == (changed == original)


def test_pretty_printed_json_is_not_the_file_issued() -> None:
    verdict = verify(json.dumps(json.loads(company().json), indent=1, ensure_ascii=False).encode(), known())
    assert outcome(verdict, Part.FILE_HASH) == (FAILED, "FILE_ALTERED")
    assert verdict.identifier == company().record.content.identifier


def resign(change: dict[str, Any], key: Ed25519Key = KEY) -> bytes:
    """JSON with another content, canonical and with a signature by `key`."""
    content = replace(company().record.content, **change)
    return sign_content(content, key, PUBLIC_URL).to_bytes()


def test_changed_content_with_the_old_signature_fails_content_and_signature() -> None:
    rendition = read_rendition(company().json)
    content = replace(rendition.content, holder_name="常州市新北区别的有限公司")
    forged = replace(rendition, content=content, signed_content=content.canonical()).to_bytes()
    verdict = verify(forged, known())
    assert verdict.conclusion is Conclusion.REFUSED
    assert outcome(verdict, Part.CONTENT) == (FAILED, "CONTENT_ALTERED")
    assert outcome(verdict, Part.SIGNATURE) == (FAILED, "SIGNATURE_INVALID")
    assert outcome(verdict, Part.FILE_HASH) == (FAILED, "FILE_ALTERED")


def test_content_signed_by_a_stranger_under_our_key_id_fails_signature() -> None:
    stranger = Ed25519Key(KEY.key_id, Ed25519Key.generate(), NOW, None)
    verdict = verify(resign({"amount_fen": 1}, stranger), known())
    assert outcome(verdict, Part.SIGNATURE) == (FAILED, "SIGNATURE_INVALID")
    assert outcome(verdict, Part.QR_SIGNATURE) == (FAILED, "SIGNATURE_INVALID")


def test_an_unknown_key_and_another_algorithm_are_told() -> None:
    stranger = Ed25519Key("stranger", Ed25519Key.generate(), NOW, None)
    verdict = verify(resign({}, stranger), known())
    assert verdict.conclusion is Conclusion.REFUSED
    assert outcome(verdict, Part.KEY) == (FAILED, "UNKNOWN_KEY")
    assert outcome(verdict, Part.SIGNATURE) == (SKIPPED, "UNKNOWN_KEY")
    downgraded = replace(read_rendition(company().json), algorithm="none").to_bytes()
    verdict = verify(downgraded, known())
    assert outcome(verdict, Part.SIGNATURE) == (FAILED, "ALGORITHM")
    assert verdict.conclusion is Conclusion.REFUSED


def test_sampled_single_byte_changes_of_the_pdf_are_refused_and_still_name_the_certificate() -> None:
    issued, records = company(), known()
    generator = random.Random(11)
    positions = {0, 1, len(issued.pdf) - 1, *generator.sample(range(len(issued.pdf)), 400)}
    for position in sorted(positions):
        changed = bytearray(issued.pdf)
        changed[position] ^= generator.randrange(1, 256)
        verdict = verify(bytes(changed), records)
        assert verdict.conclusion is Conclusion.REFUSED, position
        assert outcome(verdict, Part.FILE_HASH) == (FAILED, "FILE_ALTERED")
        assert verdict.identifier == issued.record.content.identifier


def test_an_incremental_update_is_refused_although_the_signed_data_inside_is_intact() -> None:
    issued = company()
    writer = PdfWriter(io.BytesIO(issued.pdf), incremental=True)
    writer.add_metadata({"/Title": "另一张执照"})
    updated = io.BytesIO()
    writer.write(updated)
    assert updated.getvalue().startswith(issued.pdf)
    for altered in (updated.getvalue(), issued.pdf + b"\n", issued.pdf + b"%PDF-1.7", b"\n" + issued.pdf):
        verdict = verify(altered, known())
        assert verdict.conclusion is Conclusion.REFUSED
        assert outcome(verdict, Part.FILE_HASH) == (FAILED, "FILE_ALTERED")
        assert outcome(verdict, Part.SIGNATURE) == (PASSED, "")
        assert outcome(verdict, Part.CONTENT) == (SKIPPED, "FILE_ALTERED")
        assert verdict.certificate is None
        assert verdict.identifier == issued.record.content.identifier


def test_a_pdf_saved_anew_by_another_program_is_refused_and_names_the_certificate() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(company().pdf)))
    writer.compress_identical_objects()
    saved = io.BytesIO()
    writer.write(saved)
    verdict = verify(saved.getvalue(), known())
    assert verdict.conclusion is Conclusion.REFUSED
    assert verdict.identifier == company().record.content.identifier


def test_every_single_character_change_of_the_qr_text_is_refused_or_unknown() -> None:
    text, records = company().record.qr_text, known()
    generator = random.Random(3)
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.&=?/:"
    for position in range(len(text)):
        character = generator.choice(alphabet.replace(text[position], ""))
        verdict = verify(show_qr(text[:position] + character + text[position + 1 :]), records)
        assert verdict.conclusion is Conclusion.REFUSED, (position, character)
        assert outcome(verdict, Part.QR_SIGNATURE)[0] is FAILED


def test_a_qr_code_that_leads_elsewhere_is_refused() -> None:
    verdict = verify(show_qr(company().record.qr_text.replace("tongban.example", "tongban.exampIe")), known())
    assert outcome(verdict, Part.QR_SIGNATURE) == (FAILED, "FOREIGN_ADDRESS")
    assert verdict.conclusion is Conclusion.REFUSED


def test_a_genuine_qr_code_of_one_licence_does_not_carry_another_identifier() -> None:
    one, other = company(), issue(SOLE_TRADER)
    mixed = one.record.qr_text.replace(one.record.content.identifier, other.record.content.identifier)
    verdict = verify(show_qr(mixed), Records(one.record, other.record))
    assert outcome(verdict, Part.QR_SIGNATURE) == (FAILED, "SIGNATURE_INVALID")
    assert outcome(verdict, Part.CONTENT) == (FAILED, "CONTENT_ALTERED")


def test_a_wrong_check_character_is_refused_without_a_record() -> None:
    identifier = company().record.content.identifier
    wrong = identifier[:-1] + ("A" if identifier[-1] != "A" else "B")
    verdict = verify(show_identifier(wrong), known())
    assert verdict.conclusion is Conclusion.REFUSED
    assert outcome(verdict, Part.IDENTIFIER) == (FAILED, "CHECK_CHARACTER")
    assert outcome(verdict, Part.RECORD) == (FAILED, "NOT_FOUND")


@pytest.mark.parametrize("state", ["SUSPENDED", "REVOKED", "CANCELLED", "REPLACED"])
def test_a_genuine_licence_that_is_not_in_force_is_told_apart_from_a_false_one(state: str) -> None:
    record = replace(company().record, state=CertificateState(state))
    for shown in (company().pdf, company().json, show_qr(record.qr_text)):
        verdict = verify(shown, Records(record))
        assert verdict.conclusion is Conclusion.NOT_IN_FORCE
        assert outcome(verdict, Part.STATE) == (FAILED, state)
        assert outcome(verdict, Part.SIGNATURE) == (PASSED, "")
        assert verdict.state is CertificateState(state)
        assert verdict.certificate is None


def test_validity_is_judged_by_the_day_in_shanghai() -> None:
    content = replace(company().record.content, valid_to_date="2026-11-30")
    rendition = sign_content(content, KEY, PUBLIC_URL)
    record = replace(
        company().record, content=content, signed_content=rendition.signed_content, signature=rendition.signature
    )
    last_instant = NOW.replace(day=30, hour=15, minute=59, second=59)  # 23:59:59 in Shanghai
    for now, expected in ((last_instant, (PASSED, "")), (last_instant + timedelta(seconds=1), (FAILED, "EXPIRED"))):
        verdict = verify(show_identifier(content.identifier), Records(record), replace(MEASURES, now=now))
        assert outcome(verdict, Part.VALIDITY) == expected
    assert verdict.conclusion is Conclusion.NOT_IN_FORCE
    assert verdict.state is CertificateState.EXPIRED
    early = verify(show_identifier(content.identifier), Records(record), replace(MEASURES, now=NOW - timedelta(days=1)))
    assert outcome(early, Part.VALIDITY) == (FAILED, "NOT_YET_VALID")


def test_another_holder_than_expected_is_refused() -> None:
    for shown in (company().pdf, company().json, show_qr(company().record.qr_text)):
        verdict = verify(shown, known(), holder=SOLE_TRADER["uscc"])
        assert verdict.conclusion is Conclusion.REFUSED
        assert outcome(verdict, Part.HOLDER) == (FAILED, "OTHER_HOLDER")


def test_a_key_that_was_not_in_use_at_issue_is_told() -> None:
    key = Ed25519Key("late", Ed25519Key.generate(), NOW + timedelta(days=1), None)
    issued = issue(COMPANY, KeyRing([replace_dates(key)], "late"))
    verdict = verify(issued.json, Records(issued.record), replace(MEASURES, ring=KeyRing([key], "late")))
    assert outcome(verdict, Part.KEY) == (FAILED, "KEY_NOT_VALID")
    assert outcome(verdict, Part.SIGNATURE) == (PASSED, "")
    assert verdict.conclusion is Conclusion.REFUSED


def replace_dates(key: Ed25519Key) -> Ed25519Key:
    """The same key with dates in which it may sign."""
    import copy

    other = copy.copy(key)
    other.not_before = NOW
    return other


def test_a_tampered_record_is_noticed() -> None:
    record = company().record
    changed = replace(record, content=replace(record.content, holder_name="别人"))
    verdict = verify(show_identifier(record.content.identifier), Records(changed))
    assert outcome(verdict, Part.RECORD) == (FAILED, "RECORD_INCONSISTENT")
    both = replace(changed, signed_content=changed.content.canonical())
    verdict = verify(show_identifier(record.content.identifier), Records(both))
    assert outcome(verdict, Part.SIGNATURE) == (FAILED, "SIGNATURE_INVALID")
    assert verdict.conclusion is Conclusion.REFUSED


def test_a_genuine_qr_code_or_file_without_a_record_is_unknown_and_its_signature_still_judged() -> None:
    verdict = verify(show_qr(company().record.qr_text), Records(), holder=COMPANY["uscc"])
    assert verdict.conclusion is Conclusion.UNKNOWN
    assert outcome(verdict, Part.QR_SIGNATURE) == (PASSED, "")
    assert outcome(verdict, Part.KEY) == (PASSED, "")
    assert outcome(verdict, Part.HOLDER) == (PASSED, "")
    for data in (company().json, company().pdf):
        verdict = verify(data, Records())
        assert verdict.conclusion is Conclusion.UNKNOWN
        assert outcome(verdict, Part.SIGNATURE) == (PASSED, "")
        assert outcome(verdict, Part.RECORD) == (FAILED, "NOT_FOUND")


def test_the_hash_in_the_record_is_that_of_the_pdf() -> None:
    assert company().record.file_sha256 == hashlib.sha256(company().pdf).hexdigest()
    assert RING.find(company().record.key_id) is KEY
