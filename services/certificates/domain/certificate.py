"""A certificate: what it says (content), what is signed of it, its states; a business licence from registered facts.

ISSUED ⇄ SUSPENDED          EXPIRED is never stored: it follows from the dates on reading
  └──┴──► REVOKED | CANCELLED | REPLACED      final; a wrong revocation is mended by a new version
             └─────► CANCELLED                what was revoked is cancelled in the end (行政许可法 art. 70)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import rfc8785

from services.certificates.domain.catalogue import certificate_type, issuer_of, licence_form
from services.certificates.domain.events import CertificateIssued, CertificateStateChanged
from services.certificates.domain.identifier import compose_identifier
from services.certificates.domain.numerals import capital_numerals, chinese_date
from shared.clock import local_date
from shared.failures import FailedPrecondition, InvalidArgument, Violation
from shared.printable import one_line, unprintable

BUSINESS_LICENCE = "BUSINESS_LICENCE"
SCHEMA = "tongban-certificate-v1"
# GB/T 36903: kind of the holder's code.
USCC_CODE_TYPE = "001"


class CertificateState(StrEnum):
    """Where a certificate stands."""

    ISSUED = "ISSUED"
    SUSPENDED = "SUSPENDED"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"
    CANCELLED = "CANCELLED"
    REPLACED = "REPLACED"


_FINAL = frozenset({CertificateState.REVOKED, CertificateState.CANCELLED, CertificateState.REPLACED})
_ALLOWED: dict[CertificateState, frozenset[CertificateState]] = {
    CertificateState.ISSUED: _FINAL | {CertificateState.SUSPENDED},
    CertificateState.SUSPENDED: _FINAL | {CertificateState.ISSUED},
    CertificateState.REVOKED: frozenset({CertificateState.CANCELLED}),
}


class UnprintableText(InvalidArgument):
    """A fact holds characters that must not stand on a certificate: controls, bidirectional marks, private use."""


class FactsIncomplete(FailedPrecondition):
    """A fact that the licence must state is missing; the violations name it. An incomplete licence is never issued."""


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the certificate's face (照面信息): stable code, printed label, printed value."""

    code: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Content:
    """Metadata (GB/T 36903) and face of a certificate. Dates are ISO; `valid_to_date` "" = without end.

    `amount_fen` and `currency` say the capital for machines; -1 and "" where none is stated. `replaces_identifier`: related
    certificate 关联证照, the one in whose place this comes; it is not said where there is none.
    """

    identifier: str
    certificate_type: str
    type_code: str
    type_name: str
    version: int
    holder_name: str
    holder_code: str
    holder_code_type: str
    issuer_name: str
    issuer_code: str
    issue_date: str
    valid_from_date: str
    valid_to_date: str
    area_code: str
    entity_type: str
    amount_fen: int
    currency: str
    fields: tuple[Field, ...]
    replaces_identifier: str = ""

    def canonical(self) -> bytes:
        """The bytes that are signed: RFC 8785 JSON. Raises ValueError for what JSON cannot say exactly."""
        return rfc8785.dumps(self.as_mapping())

    def as_mapping(self) -> dict[str, Any]:
        """The content as JSON says it."""
        mapping = asdict(self)
        if not self.replaces_identifier:
            del mapping["replaces_identifier"]
        return mapping | {"schema": SCHEMA, "fields": [asdict(field) for field in self.fields]}


def content_from_mapping(mapping: Mapping[str, Any]) -> Content:
    """Content from JSON, nothing more and nothing less. Raises ValueError when it has another shape."""
    values = dict(mapping)
    if values.pop("schema", None) != SCHEMA or not isinstance(values.get("fields"), list):
        raise ValueError("not of this schema")
    try:
        fields = tuple(Field(**field) for field in values.pop("fields"))
        content = Content(**values, fields=fields)
    except TypeError as error:
        raise ValueError("not of this schema") from error
    texts = [value for field in fields for value in asdict(field).values()]
    texts += [v for k, v in asdict(content).items() if k not in ("version", "amount_fen", "fields")]
    numbers = (content.version, content.amount_fen)
    if not all(type(text) is str for text in texts) or not all(type(number) is int for number in numbers):
        raise ValueError("not of this schema")
    return content


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as kept. `state` is the stored one; ask `state_on` for the state of a day."""

    certificate_id: str
    content: Content
    state: CertificateState
    holder_ref: str
    holder_version: int
    # the event that caused it
    cause_id: str
    signed_content: bytes
    signature: bytes
    key_id: str
    file_sha256: str
    qr_text: str
    issued_time: datetime
    # what makes it one where the holder alone does not (a filing: project, building, number); else ""
    subject_key: str = ""
    # the entity that holds it, in registration; "" when it is not in this region's register
    entity_ref: str = ""
    origin_ref: str = ""
    version: int = 1
    # why and since when it is in its state; None while it is as issued
    state_reason_code: str = ""
    state_time: datetime | None = None
    # newest order applied, by where it came from (`states.py`)
    orders: Mapping[str, int] = field(default_factory=dict)
    # the certificates before and after it in its line, "" where there is none
    replaces_certificate_id: str = ""
    replaced_by_certificate_id: str = ""

    def state_on(self, day: date) -> CertificateState:
        """The state on a day: a certificate past its last day is expired, whatever job has run."""
        last = self.content.valid_to_date
        if self.state not in _FINAL and last and day > date.fromisoformat(last):
            return CertificateState.EXPIRED
        return self.state

    def issued(self) -> CertificateIssued:
        """The fact that it is in force."""
        return CertificateIssued(
            certificate_id=self.certificate_id,
            identifier=self.content.identifier,
            certificate_type=self.content.certificate_type,
            holder_ref=self.holder_ref,
            holder_code=self.content.holder_code,
            issue_date=self.content.issue_date,
            file_sha256=self.file_sha256,
            origin_ref=self.origin_ref,
            holder_version=self.holder_version,
            replaces_certificate_id=self.replaces_certificate_id,
        )

    def state_changed(self) -> CertificateStateChanged:
        """The fact that it is in its state now."""
        return CertificateStateChanged(
            certificate_id=self.certificate_id,
            identifier=self.content.identifier,
            certificate_type=self.content.certificate_type,
            holder_ref=self.holder_ref,
            holder_code=self.content.holder_code,
            state=self.state.value,
            reason_code=self.state_reason_code,
            certificate_version=self.version,
        )

    def since(self, day: date) -> date | None:
        """The first day of the state of that day; None while it is as issued."""
        if self.state_on(day) is CertificateState.EXPIRED:
            return date.fromisoformat(self.content.valid_to_date) + timedelta(days=1)
        return local_date(self.state_time) if self.state_time else None


def may_become(old: CertificateState, new: CertificateState) -> bool:
    """Whether the issuer may move a certificate from one stored state to another; nothing final comes into force again."""
    return new in _ALLOWED.get(old, frozenset())


def serial_of(certificate_id: str) -> str:
    """Serial for the identifier: the random, sortable part of the id (`cert_01J…` → `01J…`), not to be guessed."""
    return certificate_id.rpartition("_")[2].upper()


def licence_from_facts(facts: Mapping[str, Any], certificate_id: str) -> Content:
    """Business licence of an entity from the facts that registration gives (条例 art. 8).

    The founding date is the issue date (条例 art. 21), unless the facts name another `issue_date`: that of a change.

    Raises UnknownIssuer, UnknownCertificateType, UnknownCurrency, UnprintableText, FactsIncomplete.
    """
    founded = date.fromisoformat(facts["founding_date"])
    day = date.fromisoformat(facts.get("issue_date") or facts["founding_date"])
    kind, issuer = certificate_type(BUSINESS_LICENCE, day), issuer_of(facts["division_code"], day)
    form, capital = licence_form(facts["entity_type"]), facts.get("capital")
    name = printable(facts["name"], "name")
    amount_fen, currency = -1, ""
    if capital and form.capital:
        amount_fen, currency = int(capital["amount_fen"]), capital["currency"] or "CNY"
    stated = (
        ("name", "名称", name),
        ("entity_type", "类型", form.type_name),
        ("principal", form.principal, printable(facts["legal_representative"], "legal_representative")),
        ("business_scope", form.business_scope, printable(facts["business_scope"], "business_scope")),
        ("capital", form.capital, capital_numerals(amount_fen, currency) if currency else ""),
        ("founding_date", "成立日期", chinese_date(founded)),
        ("premises", form.premises, printable(facts["address"], "address")),
    )
    lines = [line for line in stated if line[1]]  # what has no label is not stated for this kind of entity
    missing = [
        Violation(code, f"the licence must state {label}", "MISSING") for code, label, value in lines if not value
    ]
    if missing:
        raise FactsIncomplete("facts are missing that the licence must state", violations=missing)
    return Content(
        identifier=compose_identifier(kind.type_code, issuer.code, serial_of(certificate_id)),
        certificate_type=kind.certificate_type,
        type_code=kind.type_code,
        type_name=kind.name,
        version=1,
        holder_name=name,
        holder_code=facts["uscc"],
        holder_code_type=USCC_CODE_TYPE,
        issuer_name=issuer.name,
        issuer_code=issuer.code,
        issue_date=day.isoformat(),
        valid_from_date=day.isoformat(),
        valid_to_date="",
        area_code=facts["division_code"],
        entity_type=facts["entity_type"],
        amount_fen=amount_fen,
        currency=currency,
        fields=tuple(Field(code, label, value) for code, label, value in lines),
    )


def printable(text: str | None, field: str) -> str:
    """Text as it may stand on a certificate: NFC, single spaces, no invisible or direction-changing characters.

    Raises UnprintableText naming the field, never the text.
    """
    normal = one_line(text or "")
    if unprintable(normal):
        violation = Violation(field, "holds characters that cannot be printed", "UNPRINTABLE_TEXT")
        raise UnprintableText(f"{field} cannot be printed", violations=(violation,))
    return normal
