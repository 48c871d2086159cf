"""How the tests ask for a verdict, in the order of the use case."""

from __future__ import annotations

from dataclasses import replace

from services.certificates.domain.certificate import Certificate
from services.certificates.domain.shown import Kind, Shown, look_inside, show_file
from services.certificates.domain.verification import Measures, Part, Result, Verdict, judge
from tests.unit.certificates.samples import MEASURES, company


class Records:
    """What the store answers."""

    def __init__(self, *records: Certificate) -> None:
        self.by_hash = {record.file_sha256: record for record in records}
        self.by_identifier = {record.content.identifier: record for record in records}


def verify(shown: Shown | bytes, records: Records, measures: Measures = MEASURES, holder: str = "") -> Verdict:
    """The order of the use case: by hash, else by what is found inside."""
    data = shown if isinstance(shown, bytes) else b""
    if isinstance(shown, bytes):
        shown = show_file(shown)
    record = records.by_hash.get(shown.file_sha256)
    if record is not None:
        shown = replace(shown, identifier=record.content.identifier)
    elif shown.kind is Kind.PDF:
        shown = look_inside(shown, data)
    return judge(shown, record or records.by_identifier.get(shown.identifier), measures, holder)


def known() -> Records:
    return Records(company().record)


def outcome(verdict: Verdict, part: Part) -> tuple[Result, str]:
    finding = verdict.finding(part)
    return finding.result, finding.reason


def results(verdict: Verdict) -> dict[str, str]:
    return {finding.part.value: finding.reason or finding.result.value for finding in verdict.findings}
