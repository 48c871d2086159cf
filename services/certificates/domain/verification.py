"""The verdict on a certificate: eleven parts, each passed, failed or not checked with a stable reason, and a conclusion.

What is shown is judged against the record and the keys; the state is the one of now, not of the day of issue. Nothing
here raises because of what was shown.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.certificates.domain.certificate import Certificate, CertificateState
from services.certificates.domain.identifier import IdentifierMalformed, parse_identifier
from services.certificates.domain.qr import QrClaim, QrMalformed, fingerprint, read_qr
from services.certificates.domain.rendition import Rendition
from services.certificates.domain.sealing import Seals
from services.certificates.domain.shown import Kind, Shown
from services.certificates.domain.signing import CERTIFICATE_PREFIX, Key, KeyRing, was_valid
from shared.clock import local_date


class Part(StrEnum):
    """What is looked at, in the order told."""

    IDENTIFIER = "IDENTIFIER"
    RECORD = "RECORD"
    FILE_HASH = "FILE_HASH"
    SEAL = "SEAL"
    CONTENT = "CONTENT"
    SIGNATURE = "SIGNATURE"
    KEY = "KEY"
    QR_SIGNATURE = "QR_SIGNATURE"
    STATE = "STATE"
    VALIDITY = "VALIDITY"
    HOLDER = "HOLDER"


class Result(StrEnum):
    """How a part came out."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    NOT_CHECKED = "NOT_CHECKED"


class Conclusion(StrEnum):
    """What follows from the parts."""

    IN_FORCE = "IN_FORCE"
    NOT_IN_FORCE = "NOT_IN_FORCE"
    REFUSED = "REFUSED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Finding:
    """How one part came out. `reason` is "" when it passed; `detail` is one sentence without personal data."""

    part: Part
    result: Result
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole. `certificate` only when the record was found and every part holds; `state` None without a record."""

    conclusion: Conclusion
    findings: tuple[Finding, ...]
    checked_time: datetime
    identifier: str
    state: CertificateState | None
    certificate: Certificate | None
    # since when it is in this state, and why; None and "" while it is as issued
    state_since: date | None = None
    state_reason_code: str = ""

    def finding(self, part: Part) -> Finding:
        """The finding of one part."""
        return next(finding for finding in self.findings if finding.part is part)


@dataclass(frozen=True, slots=True)
class Measures:
    """What a verifier judges with: keys, time, addresses that may stand in a QR code, certificates of the seal."""

    ring: KeyRing
    now: datetime
    public_urls: Collection[str]
    seals: Seals


_SEAL_PROBLEMS = {
    "SEAL_ALTERED": "the file was changed after it was sealed",
    "SEAL_INVALID": "the seal's signature does not hold",
    "SEAL_UNKNOWN": "the seal is not one of this issuer",
    "SEAL_CERTIFICATE_NOT_VALID": "the seal's certificate was not valid when the file was sealed",
}
# Failing these does not mean that something shown is false.
_ABOUT_NOW = frozenset({Part.STATE, Part.VALIDITY})


def judge(
    shown: Shown,
    record: Certificate | None,
    measures: Measures,
    expected_holder_code: str = "",
    damaged: bool = False,
) -> Verdict:
    """Judge what was shown against the record found for it (None: there is none, or it is `damaged`)."""
    day = local_date(measures.now)
    findings = (
        _identifier(shown),
        _record(shown, record, damaged),
        _file_hash(shown, record, measures.ring),
        _seal(shown, measures.seals),
        _content(shown, record),
        *_signature_and_key(shown, record, measures),
        _qr_signature(shown, measures),
        _state(record),
        _validity(record, day),
        _holder(shown, record, expected_holder_code),
    )
    conclusion = _conclude(findings)
    return Verdict(
        conclusion=conclusion,
        findings=findings,
        checked_time=measures.now,
        identifier=shown.identifier if _passed(findings, Part.IDENTIFIER) else "",
        state=record.state_on(day) if record else None,
        certificate=record if conclusion is Conclusion.IN_FORCE else None,
        state_since=record.since(day) if record else None,
        state_reason_code=record.state_reason_code if record and record.state_on(day) is record.state else "",
    )


def _conclude(findings: tuple[Finding, ...]) -> Conclusion:
    failed = [finding for finding in findings if finding.result is Result.FAILED]
    false = [f for f in failed if f.part not in _ABOUT_NOW and f.reason != "NOT_FOUND"]
    if false:
        return Conclusion.REFUSED
    if not _passed(findings, Part.RECORD):
        return Conclusion.UNKNOWN
    return Conclusion.NOT_IN_FORCE if failed else Conclusion.IN_FORCE


def _identifier(shown: Shown) -> Finding:
    if not shown.identifier and shown.kind is not Kind.IDENTIFIER:
        return _skip(Part.IDENTIFIER, shown.problem or "NO_IDENTIFIER", "no identifier was found in what was shown")
    try:
        parse_identifier(shown.identifier)
    except IdentifierMalformed as error:
        return _fail(Part.IDENTIFIER, error.reason, error.message)
    return _pass(Part.IDENTIFIER, "the form and the check character are right")


def _record(shown: Shown, record: Certificate | None, damaged: bool) -> Finding:
    if damaged:
        return _fail(Part.RECORD, "RECORD_INCONSISTENT", "the record was changed in the store")
    if record is None:
        if not shown.identifier:
            return _skip(Part.RECORD, "NO_IDENTIFIER", "nothing to look for")
        return _fail(Part.RECORD, "NOT_FOUND", "no certificate with this identifier was issued here")
    try:
        agrees = record.content.canonical() == record.signed_content and record.content.identifier == shown.identifier
    except ValueError:
        agrees = False
    if not agrees:
        return _fail(Part.RECORD, "RECORD_INCONSISTENT", "the record differs from the content that was signed")
    return _pass(Part.RECORD, "the issuer's record was found")


def _file_hash(shown: Shown, record: Certificate | None, ring: KeyRing) -> Finding:
    if shown.kind in (Kind.IDENTIFIER, Kind.QR):
        return _skip(Part.FILE_HASH, "NOT_SHOWN", "no file was shown")
    if record is None:
        return _skip(Part.FILE_HASH, shown.problem or "NO_RECORD", "there is no record to compare the file with")
    if shown.file_sha256 == record.file_sha256:
        return _pass(Part.FILE_HASH, "the file is byte for byte the one issued")
    if shown.rendition is not None and shown.kind is Kind.JSON and shown.rendition == rendition_of(record, ring):
        return _pass(Part.FILE_HASH, "the file is byte for byte the one issued")
    return _fail(Part.FILE_HASH, "FILE_ALTERED", "the file is not the one issued under this identifier")


def _seal(shown: Shown, seals: Seals) -> Finding:
    if shown.kind is not Kind.PDF:
        return _skip(Part.SEAL, "NOT_SHOWN", "only a PDF carries a seal")
    if shown.seal is None:
        return _skip(Part.SEAL, "NOT_SEALED", "the file carries no seal")
    problem = seals.problem(shown.seal)
    return _fail(Part.SEAL, problem, _SEAL_PROBLEMS[problem]) if problem else _pass(Part.SEAL, "the seal is unbroken")


def rendition_of(record: Certificate, ring: KeyRing) -> Rendition:
    """The JSON rendition of a certificate as issued."""
    key = ring.find(record.key_id)
    algorithm = key.algorithm if key else ""
    return Rendition(record.content, record.signed_content, record.signature, algorithm, record.key_id, record.qr_text)


def _content(shown: Shown, record: Certificate | None) -> Finding:
    if shown.kind is Kind.IDENTIFIER:
        return _skip(Part.CONTENT, "NOT_SHOWN", "an identifier alone shows no content")
    if record is None:
        return _skip(Part.CONTENT, shown.problem or "NO_RECORD", "there is no record to compare the content with")
    if shown.qr is not None:
        return _qr_content(shown.qr, record)
    if shown.kind is Kind.PDF and shown.file_sha256 == record.file_sha256:
        return _pass(Part.CONTENT, "the file was made from the signed content")
    if shown.rendition is None:
        return _skip(Part.CONTENT, shown.problem or "UNREADABLE", "the content of the file could not be read")
    if shown.rendition.signed_content != record.signed_content:
        return _fail(Part.CONTENT, "CONTENT_ALTERED", "the content differs from what was issued")
    if shown.kind is Kind.PDF:
        return _skip(Part.CONTENT, "FILE_ALTERED", "the data inside is as issued; the pages may show something else")
    return _pass(Part.CONTENT, "the content is what was issued")


def _qr_content(claim: QrClaim, record: Certificate) -> Finding:
    said = (claim.holder_code, claim.issue_date, claim.fingerprint)
    content = record.content
    if said != (content.holder_code, content.issue_date.replace("-", ""), fingerprint(record.signed_content)):
        return _fail(Part.CONTENT, "CONTENT_ALTERED", "the code speaks of another content than was issued")
    return _pass(Part.CONTENT, "the code belongs to the content that was issued")


def _signature_and_key(shown: Shown, record: Certificate | None, measures: Measures) -> tuple[Finding, Finding]:
    """The signature of what is shown if it carries one, else that of the record; and the key it was made with."""
    ring, shown_rendition = measures.ring, shown.rendition
    if shown_rendition is not None:
        key_id, signature, content = shown_rendition.key_id, shown_rendition.signature, shown_rendition.signed_content
    elif record is not None:
        key_id, signature, content = record.key_id, record.signature, record.signed_content
    elif shown.qr is not None:
        return _skip(Part.SIGNATURE, "NO_RECORD", "a QR code carries its own signature only"), _key(
            ring.find(shown.qr.key_id), None, shown.qr.issue_date
        )
    else:
        reason = shown.problem or "NO_RECORD"
        return _skip(Part.SIGNATURE, reason, "nothing signed was found"), _skip(Part.KEY, reason, "no key was named")
    key = ring.find(key_id)
    issue_date = shown_rendition.content.issue_date if shown_rendition else ""
    finding = _key(key, record, issue_date)
    if key is None:
        return _skip(Part.SIGNATURE, "UNKNOWN_KEY", "the key is not one of this issuer"), finding
    if shown_rendition is not None and shown_rendition.algorithm != key.algorithm:
        return _fail(Part.SIGNATURE, "ALGORITHM", "the algorithm is not that of the key"), finding
    if not key.verify(CERTIFICATE_PREFIX + content, signature):
        return _fail(Part.SIGNATURE, "SIGNATURE_INVALID", "the signature does not fit the content"), finding
    return _pass(Part.SIGNATURE, "the issuer's signature fits the content"), finding


def _key(key: Key | None, record: Certificate | None, issue_date: str) -> Finding:
    if key is None:
        return _fail(Part.KEY, "UNKNOWN_KEY", "the key is not one of this issuer")
    if record is not None:
        valid = was_valid(key, record.issued_time)
    else:
        # without the record only the day is known, and a licence may be printed some days after it
        valid = key.not_after is None or _iso(issue_date) <= local_date(key.not_after).isoformat()
    if not valid:
        return _fail(Part.KEY, "KEY_NOT_VALID", "the key was not in use when the certificate was issued")
    return _pass(Part.KEY, "the key was in use when the certificate was issued")


def _qr_signature(shown: Shown, measures: Measures) -> Finding:
    claim = shown.qr
    if shown.kind is Kind.QR and claim is None:
        return _fail(Part.QR_SIGNATURE, shown.problem, "the text is not that of a certificate's QR code")
    if claim is None and shown.rendition is not None:
        try:
            claim = read_qr(shown.rendition.qr_text)
        except QrMalformed as error:
            return _fail(Part.QR_SIGNATURE, error.reason, "the file names a QR text that is none")
    if claim is None:
        return _skip(Part.QR_SIGNATURE, "NOT_SHOWN", "no QR code was shown")
    if claim.public_url and claim.public_url not in measures.public_urls:
        return _fail(Part.QR_SIGNATURE, "FOREIGN_ADDRESS", "the code leads to another address than the issuer's")
    if not claim.holds(measures.ring):
        return _fail(Part.QR_SIGNATURE, "SIGNATURE_INVALID", "the signature does not fit the code")
    return _pass(Part.QR_SIGNATURE, "the issuer's signature fits the code")


def _state(record: Certificate | None) -> Finding:
    if record is None:
        return _skip(Part.STATE, "NO_RECORD", "the state is known to the issuer's record only")
    if record.state is not CertificateState.ISSUED:
        since = f" since {local_date(record.state_time)}" if record.state_time else ""
        why = f" ({record.state_reason_code})" if record.state_reason_code else ""
        newer = "; a newer one was issued in its place" if record.state is CertificateState.REPLACED else ""
        return _fail(Part.STATE, record.state.value, f"the certificate is not in force{since}{why}{newer}")
    return _pass(Part.STATE, "neither suspended nor revoked, cancelled or replaced")


def _validity(record: Certificate | None, day: date) -> Finding:
    if record is None:
        return _skip(Part.VALIDITY, "NO_RECORD", "the dates are known to the issuer's record only")
    if day.isoformat() < record.content.valid_from_date:
        return _fail(Part.VALIDITY, "NOT_YET_VALID", "the first day of validity lies ahead")
    if record.content.valid_to_date and day.isoformat() > record.content.valid_to_date:
        return _fail(Part.VALIDITY, "EXPIRED", "the last day of validity has passed")
    return _pass(Part.VALIDITY, "valid today")


def _holder(shown: Shown, record: Certificate | None, expected: str) -> Finding:
    if not expected:
        return _skip(Part.HOLDER, "NOT_ASKED", "no holder was expected")
    if record is not None:
        code = record.content.holder_code
    elif shown.rendition is not None:
        code = shown.rendition.content.holder_code
    elif shown.qr is not None:
        code = shown.qr.holder_code
    else:
        return _skip(Part.HOLDER, "NO_RECORD", "the holder is known to the issuer's record only")
    if code != expected:
        return _fail(Part.HOLDER, "OTHER_HOLDER", "the certificate belongs to another holder")
    return _pass(Part.HOLDER, "the holder is the one expected")


def _iso(day: str) -> str:
    return day if "-" in day else f"{day[:4]}-{day[4:6]}-{day[6:8]}"


def _passed(findings: tuple[Finding, ...], part: Part) -> bool:
    return any(finding.part is part and finding.result is Result.PASSED for finding in findings)


def _pass(part: Part, detail: str) -> Finding:
    return Finding(part, Result.PASSED, "", detail)


def _fail(part: Part, reason: str, detail: str) -> Finding:
    return Finding(part, Result.FAILED, reason, detail)


def _skip(part: Part, reason: str, detail: str) -> Finding:
    return Finding(part, Result.NOT_CHECKED, reason, detail)
