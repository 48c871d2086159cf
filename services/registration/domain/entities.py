"""Kinds of market entity (条例 art. 2, 实施细则 art. 9) and rows of older registers, read and judged."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from services.registration.domain.name_judgement import character_violations
from services.registration.domain.naming import normalise_name, parse_name
from shared.failures import InvalidArgument, Violation
from shared.national_codes import check_uscc
from shared.printable import text_violations

# The largest amount of every kind: a JSON number that any reader keeps whole (RFC 8259, section 6), 90 trillion yuan.
MAX_FEN = 2**53 - 1
MAX_SCOPE = 4000
MAX_ADDRESS = 300

CURRENCIES = {
    "": "CNY", "元": "CNY", "人民币": "CNY", "元人民币": "CNY", "人民币元": "CNY", "美元": "USD", "日元": "JPY",
    "欧元": "EUR", "港元": "HKD", "港币": "HKD", "澳大利亚元": "AUD", "澳元": "AUD", "英镑": "GBP", "加拿大元": "CAD",
    "加元": "CAD", "新加坡元": "SGD", "瑞士法郎": "CHF", "韩元": "KRW", "新台币": "TWD", "澳门元": "MOP",
    "德国马克": "DEM",
}  # fmt: skip
_SCALES = {"": 1, "万": 10**4, "亿": 10**8}
_CAPITAL = re.compile(
    r"(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)\(?(?P<scale>[万亿]?)(?P<currency>[^0-9()]*)\)?"
)
_NO_CAPITAL = frozenset({"", "N/A", "NA", "-", "无"})
# Control, format (bidi), surrogate and private-use characters.
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class EntityType(StrEnum):
    """Kinds of market entity, as in the proto."""

    LIMITED_COMPANY = "LIMITED_COMPANY"
    JOINT_STOCK_COMPANY = "JOINT_STOCK_COMPANY"
    STATE_OWNED = "STATE_OWNED"
    COLLECTIVE = "COLLECTIVE"
    JOINT_ENTERPRISE = "JOINT_ENTERPRISE"
    SOLE_PROPRIETORSHIP = "SOLE_PROPRIETORSHIP"
    GENERAL_PARTNERSHIP = "GENERAL_PARTNERSHIP"
    LIMITED_PARTNERSHIP = "LIMITED_PARTNERSHIP"
    COOPERATIVE = "COOPERATIVE"
    SOLE_TRADER = "SOLE_TRADER"
    BRANCH = "BRANCH"


# 公司 in the sense of the Company Law (公司法 art. 2).
COMPANIES = frozenset({EntityType.LIMITED_COMPANY, EntityType.JOINT_STOCK_COMPANY})


@dataclass(frozen=True, slots=True)
class Capital:
    """注册资本 or 出资额, in 1/100 of the currency unit. `currency`: ISO 4217, empty = CNY; the due date: ISO date."""

    amount_fen: int
    currency: str = "CNY"
    paid_in_due_date: str = ""


@dataclass(frozen=True, slots=True)
class EntityRow:
    """A row of an older register as it stands there."""

    row_number: int
    name: str
    uscc: str
    registered_on: str
    type: str = ""
    capital: str = ""
    business_scope: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row after reading: judged facts in our own terms. `capital` is None where the register states none."""

    row_number: int
    name: str
    uscc: str
    entity_type: EntityType
    registered_on: date
    capital: Capital | None
    business_scope: str
    address: str

    @property
    def division_code(self) -> str:
        """Division of the authority that gave the code (GB 32100: characters 3-8)."""
        return self.uscc[2:8]


# Texts of the column `type`, the first that stands in it decides.
_TYPE_TEXTS = (
    ("分公司", EntityType.BRANCH),
    ("分支机构", EntityType.BRANCH),
    ("经营单位", EntityType.BRANCH),
    ("股份合作", EntityType.COLLECTIVE),
    ("股份有限", EntityType.JOINT_STOCK_COMPANY),
    ("有限责任", EntityType.LIMITED_COMPANY),
    ("有限合伙", EntityType.LIMITED_PARTNERSHIP),
    ("合伙", EntityType.GENERAL_PARTNERSHIP),
    ("个人独资", EntityType.SOLE_PROPRIETORSHIP),
    ("个体", EntityType.SOLE_TRADER),
    ("专业合作", EntityType.COOPERATIVE),
    ("集体", EntityType.COLLECTIVE),
    ("国有", EntityType.STATE_OWNED),
    ("全民", EntityType.STATE_OWNED),
    ("联营", EntityType.JOINT_ENTERPRISE),
)
# Forms in the name, where the column is empty or says only where the money comes from (外商投资企业).
_NAME_FORMS = (
    ("股份有限公司", EntityType.JOINT_STOCK_COMPANY),
    ("有限责任公司", EntityType.LIMITED_COMPANY),
    ("有限公司", EntityType.LIMITED_COMPANY),
    ("（有限合伙）", EntityType.LIMITED_PARTNERSHIP),
    ("合伙）", EntityType.GENERAL_PARTNERSHIP),
    ("（个人独资）", EntityType.SOLE_PROPRIETORSHIP),
    ("专业合作社", EntityType.COOPERATIVE),
    ("联合社", EntityType.COOPERATIVE),
    ("合作社", EntityType.COLLECTIVE),
    ("公司", EntityType.COLLECTIVE),
)


def entity_type_of(type_text: str, name: str, uscc: str) -> EntityType:
    """Kind of a registered entity: by the register's own text, else by the form in its name, else by its code.

    A name that states no form of a company belongs to a sole trader (92), a co-operative (93) or, as most of them by
    far, a sole proprietorship. A plain 公司 without 有限 dates from before the Company Law: collective. The code alone
    never makes a company: a sole trader that became one keeps its 92 (个体工商户登记管理规定 art. 17).
    """
    text = normalise_name(type_text)
    parts = parse_name(name)
    if parts.is_branch and "股份合作制" not in text:
        return EntityType.BRANCH
    for word, entity_type in _TYPE_TEXTS:
        if word in text:
            return entity_type
    for word, entity_type in _NAME_FORMS:
        if parts.form.endswith(word):
            return entity_type
    by_kind = {"92": EntityType.SOLE_TRADER, "93": EntityType.COOPERATIVE}
    return by_kind.get(uscc[:2], EntityType.SOLE_PROPRIETORSHIP)


def uscc_kind(entity_type: EntityType) -> str:
    """First two characters of a new code: 91 enterprise, 92 sole trader, 93 farmers' co-operative (GB 32100)."""
    return {EntityType.SOLE_TRADER: "92", EntityType.COOPERATIVE: "93"}.get(entity_type, "91")


def parse_capital(text: str, field: str = "capital") -> Capital | None:
    """Capital as registers write it: "380(万元人民币)", "11.34万人民币", "500(万美元)", "95(万)"; "N/A" is None.

    Exact: an amount that is no whole number of 1/100 units is refused. Raises InvalidArgument naming `field`.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if plain.upper() in _NO_CAPITAL:
        return None
    match = _CAPITAL.fullmatch(plain)
    currency = CURRENCIES.get(match["currency"]) if match else None
    if match is None or currency is None or len(plain) > 60:
        description = f"cannot be read as an amount: {text[:60]!r}; write e.g. 380(万元人民币)"
        raise _invalid(field, description, "CAPITAL_UNREADABLE")
    number = Decimal(match["number"].replace(",", ""))
    fen = number.scaleb(2) * _SCALES[match["scale"]]
    if fen != fen.to_integral_value():
        raise _invalid(field, f"is no whole number of fen: {text[:60]!r}", "CAPITAL_NOT_EXACT")
    if fen > MAX_FEN:
        raise _invalid(field, f"is larger than any register can hold: {text[:60]!r}", "CAPITAL_TOO_LARGE")
    return Capital(int(fen), currency)


def parse_date(text: str, field: str = "registered_on") -> date:
    """An ISO date, e.g. 2024-02-29. Raises InvalidArgument naming `field`."""
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise _invalid(field, f"is no date (YYYY-MM-DD): {text[:20]!r}", "DATE_INVALID")


def row_violations(row: EntityRow, today: date | None = None) -> list[Violation]:
    """Everything that keeps a row out of the register, each naming its column. With `today`, no date may be later.

    Names are judged by their characters only: a name lawful when it was registered stays lawful (名称规定 art. 4).
    """
    found = [] if row.name.strip() else [Violation("name", "is empty", "NAME_MISSING")]
    if not found:
        found = character_violations(row.name)
    checks: tuple[Callable[[], object], ...] = (
        lambda: check_uscc(row.uscc, field="uscc"),
        lambda: _check_day(row.registered_on, today),
        lambda: parse_capital(row.capital),
    )
    for check in checks:
        try:
            check()
        except InvalidArgument as failure:
            found.extend(failure.violations)
    if not row.address.strip():
        found.append(Violation("address", "is empty; a seat is a registered fact (条例 art. 8)", "ADDRESS_MISSING"))
    found.extend(text_violations("business_scope", row.business_scope, MAX_SCOPE))
    found.extend(text_violations("address", row.address, MAX_ADDRESS))
    return found


def read_row(row: EntityRow, today: date) -> ReadRow:
    """The row in our own terms. Raises InvalidArgument with every violation of the row."""
    violations = row_violations(row, today)
    if violations:
        first = violations[0]
        raise InvalidArgument(
            f"row {row.row_number}: {first.field} {first.description}",
            reason="ROW_INVALID",
            violations=tuple(violations),
        )
    return ReadRow(
        row_number=row.row_number,
        name=normalise_name(row.name),
        uscc=row.uscc,
        entity_type=entity_type_of(row.type, row.name, row.uscc),
        registered_on=parse_date(row.registered_on),
        capital=parse_capital(row.capital),
        business_scope=row.business_scope.strip(),
        address=row.address.strip(),
    )


def _check_day(text: str, today: date | None) -> None:
    day = parse_date(text)
    if today is not None and day > today:
        raise _invalid("registered_on", f"lies in the future: {text}", "DATE_IN_FUTURE")


def _invalid(field: str, description: str, reason: str) -> InvalidArgument:
    return InvalidArgument(f"{field} {description}", reason=reason, violations=(Violation(field, description, reason),))
