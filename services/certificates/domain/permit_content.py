"""What a permit certificate or a filing form says, from the facts that permits gives.

Standing lines (holder, code, premises, validity) are named by the kind of certificate (`data/types.yaml`); between them stand
the lines of the item itself, in permits' words and order.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.certificates.domain.catalogue import CertificateType, issuer_of, item_certificate_type
from services.certificates.domain.certificate import (
    USCC_CODE_TYPE,
    Content,
    FactsIncomplete,
    Field,
    printable,
    serial_of,
)
from services.certificates.domain.identifier import compose_identifier
from services.certificates.domain.numerals import chinese_date
from shared.failures import InvalidArgument, Violation
from shared.labels import spelt
from shared.national_codes import check_uscc

# GB/T 36903: the holder's code is a resident id.
RESIDENT_CODE_TYPE = "111"
# A holder who has no public code: a person's identity number stands on no certificate and in no QR code.
NO_CODE = "0"
# A face that names more is no certificate.
MAX_FIELDS = 60
# Standing lines that say who holds it: an answer of the form under the same label is not printed beside them.
OF_REGISTER = frozenset({"holder", "holder_code"})
_FORMS = {"permit": "permit", "filing": "filing"}


def content_from_facts(facts: Mapping[str, Any], certificate_id: str) -> Content:
    """Content of the certificate of a permit or the form of a filing (`kind`).

    Raises UnknownIssuer, UnprintableText, FactsIncomplete, UnknownCertificateType.
    """
    day = _day(facts, "issue_date")
    kind = item_certificate_type(facts["certificate_type"], _FORMS[facts["kind"]], facts.get("item_name") or "", day)
    issuer = issuer_of(facts["division_code"], day, printable(facts.get("unit_name"), "unit_name"))
    name = printable(facts["holder_name"], "holder_name")
    if not name:
        violation = Violation("holder_name", "the certificate must name its holder", "MISSING")
        raise FactsIncomplete("facts are missing that the certificate must state", violations=(violation,))
    code = facts.get("holder_code") or NO_CODE
    start = facts.get("valid_from_date") or day.isoformat()
    end = facts.get("valid_to_date") or ""
    return Content(
        identifier=compose_identifier(kind.type_code, issuer.code, serial_of(certificate_id)),
        certificate_type=kind.certificate_type,
        type_code=kind.type_code,
        type_name=printable(kind.name, "item_name"),
        version=1,
        holder_name=name,
        holder_code=code,
        holder_code_type=_code_type(code),
        issuer_name=issuer.name,
        issuer_code=issuer.code,
        issue_date=day.isoformat(),
        valid_from_date=start,
        valid_to_date=end,
        area_code=facts["division_code"],
        entity_type="",
        amount_fen=-1,
        currency="",
        fields=_lines(kind, facts, name, code, start, end),
    )


def _lines(
    kind: CertificateType, facts: Mapping[str, Any], name: str, code: str, start: str, end: str
) -> tuple[Field, ...]:
    number = facts["ref"].rpartition("_")[2].upper()
    validity = f"{chinese_date(date.fromisoformat(start))}至" + (
        chinese_date(date.fromisoformat(end)) if end else "长期"
    )
    given = [
        ("field", printable(field["label"], "fields"), printable(str(field["value"]), "fields"))
        for field in facts.get("fields") or ()
    ]
    lines = [
        ("number", "备案编号" if kind.form == "filing" else "许可证编号", number),
        ("holder", kind.labels["holder"], name),
        ("holder_code", kind.labels["code"], "" if code == NO_CODE else code),
        ("premises", kind.labels["premises"], printable(facts.get("premises"), "premises")),
        *given[:MAX_FIELDS],
        ("validity", kind.labels["validity"], validity),
    ]
    # what the item states itself (a number of its own) is not stated twice; but who the holder is says the register, which
    # the item's own answer does not follow
    stated = [line for line in lines if line[1] and line[2]]
    of_register = {spelt(label) for code, label, _ in stated if code in OF_REGISTER}
    own = {spelt(label) for _, label, _ in given} - of_register
    kept = [line for line in stated if spelt(line[1]) not in (of_register if line[0] == "field" else own)]
    return tuple(
        Field(f"field_{position}" if code == "field" else code, label, value)
        for position, (code, label, value) in enumerate(kept)
    )


def _day(facts: Mapping[str, Any], field: str) -> date:
    try:
        return date.fromisoformat(facts[field])
    except (KeyError, TypeError, ValueError):
        violation = Violation(field, "is no date", "MISSING")
        raise FactsIncomplete("facts are missing that the certificate must state", violations=(violation,)) from None


def _code_type(code: str) -> str:
    if code == NO_CODE:
        return ""
    try:
        check_uscc(code)
    except InvalidArgument:
        return RESIDENT_CODE_TYPE
    return USCC_CODE_TYPE
