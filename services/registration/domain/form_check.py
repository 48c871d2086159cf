"""The form check of a set-up application (条例 arts. 16, 19; 实施细则 arts. 16, 18, 25-30): every gap at once.

Form only, not substance. What it finds goes to the applicant as one notice (一次性告知) and the application goes back.
Masks for lists, logs and answers stand here too (PIPL art. 6: no more than needed).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path

import yaml

from services.registration.domain.entities import CURRENCIES, EntityType, parse_date
from services.registration.domain.entities import Capital as Capital
from services.registration.domain.identity import ID_TYPES as ID_TYPES
from services.registration.domain.identity import SOURCES, number_violation
from services.registration.domain.limits import limit
from shared.failures import FailedPrecondition, InvalidArgument
from shared.national_codes import check_uscc, division
from shared.printable import text_violations
from shared.working_calendar import add_months

REG = "市场主体登记管理条例"
RREG = "市场主体登记管理条例实施细则"
_FACTS = f"{REG} art. 8; {RREG} art. 6"
_IDENTITY = f"{REG} art. 16(2); {RREG} art. 25(2)"
IDENTITY_CHECKS = frozenset({"FACE", "IN_PERSON", "NOTARISED"})
_FILE = Path(__file__).resolve().parent.parent / "data" / "materials.yaml"
_CURRENCY_CODES = frozenset({"", *CURRENCIES.values()})


@dataclass(frozen=True, slots=True)
class Person:
    """A person in an application. `identity_check`: FACE, IN_PERSON, NOTARISED; empty = not yet (实施细则 art. 16)."""

    name: str = ""
    id_type: str = ""
    id_number: str = ""
    phone: str = ""
    identity_check: str = ""


@dataclass(frozen=True, slots=True)
class Investor:
    """Who puts in capital: a person, or an organisation by its code."""

    amount_fen: int
    person: Person | None = None
    uscc: str = ""


@dataclass(frozen=True, slots=True)
class Domicile:
    """住所 or 主要经营场所. `division_code`: six digits, GB/T 2260."""

    division_code: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """A file of the application: its kind and its SHA-256 in hex."""

    type_code: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class SetUpApplication:
    """What an applicant asks for (proto `SetUpApplication`). `name`, or the reservation that holds it."""

    division_code: str
    entity_type: EntityType
    name: str = ""
    name_reservation_id: str = ""
    domicile: Domicile = Domicile()
    business_scope: str = ""
    capital: Capital | None = None
    legal_representative: Person | None = None
    investors: tuple[Investor, ...] = ()
    materials: tuple[Material, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap of the one-time notice: the field, a stable reason, what to bring or mend, the article."""

    field: str
    reason: str
    description: str
    source: str


@dataclass(frozen=True, slots=True)
class FormRule:
    """What an application for one kind of entity must hold. `materials`: kind of material → (title, source)."""

    head: str
    capital_required: bool
    investors_required: bool
    investors_sum: bool
    paid_in_due_date_required: bool
    materials: Mapping[str, tuple[str, str]]


class NotCompetent(FailedPrecondition):
    """Another registrar is competent: the domicile lies in its division (实施细则 arts. 10, 18)."""


@cache
def form_rules() -> Mapping[EntityType, FormRule]:
    """The rules of `data/materials.yaml`, one per kind of entity."""
    data = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    titles = data["material_titles"]
    return {
        EntityType(kind): FormRule(
            head=rule["head"],
            capital_required=rule["capital"] == "required",
            investors_required=rule["investors"] == "required",
            investors_sum=rule["investors_sum"],
            paid_in_due_date_required=rule["paid_in_due_date"] == "required",
            materials={code: (titles[code], source) for code, source in rule["materials"].items()},
        )
        for kind, rule in data["entity_types"].items()
    }


def form_gaps(application: SetUpApplication, today: date, has_name: bool | None = None) -> list[Gap]:
    """All gaps of an application at once (实施细则 art. 18); empty = complete and in form.

    `has_name`: whether a name is known (declared, or held by the reservation); None = look at the application itself.
    """
    rule = form_rules()[application.entity_type]
    if has_name is None:
        has_name = bool(application.name.strip() or application.name_reservation_id)
    return [
        *_fact_gaps(application, has_name),
        *_capital_gaps(application, rule, today),
        *_head_gaps(application, rule, today),
        *investor_gaps(application.investors, application.capital, rule, today),
        *_material_gaps(application, rule),
    ]


def not_competent(application: SetUpApplication, registrar_division: str) -> NotCompetent | None:
    """Why this registrar may not decide, or None: the domicile must lie in its division (实施细则 art. 10).

    A domicile without a division is a gap, not a question of competence.
    """
    for field, code in (
        ("domicile.division_code", application.domicile.division_code),
        ("division_code", application.division_code),
    ):
        if code and code != registrar_division:
            return _competent_elsewhere(code, field)
    return None


def require_own_division(code: str, registrar_division: str) -> None:
    """Raise NotCompetent when another registrar keeps the names of this division: it alone knows which are free."""
    if code != registrar_division:
        raise _competent_elsewhere(code, "division_code")


def _competent_elsewhere(code: str, field: str) -> NotCompetent:
    return NotCompetent(
        f"the registrar of {_division_name(code)} is competent; apply there ({RREG} art. 10)",
        metadata={"competent_division_code": code, "field": field},
    )


def require_competent(application: SetUpApplication, registrar_division: str) -> None:
    """Raise NotCompetent unless this registrar may decide."""
    if (failure := not_competent(application, registrar_division)) is not None:
        raise failure


def _fact_gaps(application: SetUpApplication, has_name: bool) -> Iterator[Gap]:
    if not has_name:
        yield Gap(
            "name", "NAME_MISSING", "state the name (名称) or the reservation that holds it", f"{REG} arts. 8, 10"
        )
    if not application.domicile.division_code:
        description = "state the division of the domicile (住所)"
        yield Gap("domicile.division_code", "DOMICILE_DIVISION_MISSING", description, _FACTS)
    if not application.domicile.address.strip():
        description = "state the address of the domicile or place of business (住所、经营场所)"
        yield Gap("domicile.address", "ADDRESS_MISSING", description, _FACTS)
    if not application.business_scope.strip():
        source = f"{REG} arts. 8, 14; {RREG} art. 12"
        yield Gap("business_scope", "BUSINESS_SCOPE_MISSING", "choose the business scope (经营范围)", source)
    yield from _unprintable("domicile.address", application.domicile.address)
    yield from _unprintable("business_scope", application.business_scope)


def _capital_gaps(application: SetUpApplication, rule: FormRule, today: date) -> Iterator[Gap]:
    capital = application.capital
    if capital is None or capital.amount_fen <= 0:
        if rule.capital_required:
            description = "state the capital (注册资本、出资额), more than zero"
            yield Gap("capital.amount_fen", "CAPITAL_MISSING", description, f"{REG} arts. 8, 13")
        return
    if capital.currency not in _CURRENCY_CODES:
        source = f"{REG} art. 13; {RREG} art. 13"
        yield Gap("capital.currency", "CURRENCY_UNKNOWN", "state the currency as ISO 4217, e.g. CNY", source)
    if rule.paid_in_due_date_required:
        yield from paid_in_gaps(capital.paid_in_due_date, "capital.paid_in_due_date", "paid_in_capital", today)


def paid_in_gaps(text: str, field: str, limit_kind: str, today: date) -> Iterator[Gap]:
    """What is wrong with the day by which capital is paid in, an ISO date; the limit counts from today."""
    if not text:
        description = "state by when the capital is paid in (出资期限)"
        yield Gap(field, "PAID_IN_DUE_DATE_MISSING", description, "公司法 arts. 46, 47")
        return
    try:
        due = parse_date(text, field)
    except InvalidArgument as failure:
        yield Gap(field, "PAID_IN_DUE_DATE_INVALID", failure.message, "公司法 art. 47")
        return
    if due < today:
        description = f"lies in the past: what is still to be paid in is due on {today.isoformat()} or later"
        yield Gap(field, "PAID_IN_DUE_DATE_PAST", description, "公司法 art. 47")
        return
    term = limit(limit_kind, today)
    latest = add_months(today, term.amount, roll=False)
    if due > latest:
        description = f"the capital must be paid in within {term.amount // 12} years, by {latest.isoformat()}"
        yield Gap(field, "PAID_IN_TERM_TOO_LONG", description, term.source)


def _head_gaps(application: SetUpApplication, rule: FormRule, today: date) -> Iterator[Gap]:
    head = application.legal_representative
    if head is None or not head.name.strip():
        yield Gap("legal_representative", "LEGAL_REPRESENTATIVE_MISSING", f"name the {rule.head}", _FACTS)
        return
    yield from person_gaps(head, "legal_representative", rule.head, today)


def investor_gaps(
    investors: Sequence[Investor], capital: Capital | None, rule: FormRule, today: date
) -> Iterator[Gap]:  # fmt: skip
    """What a list of who puts in capital lacks; their amounts add up to the capital."""
    if not investors:
        if rule.investors_required:
            description = "name everyone who puts in capital (股东、出资人、合伙人、成员)"
            yield Gap("investors", "INVESTORS_MISSING", description, _FACTS)
        return
    for index, investor in enumerate(investors):
        field = f"investors[{index}]"
        if investor.person is not None:
            yield from person_gaps(investor.person, f"{field}.person", "investor (投资人)", today)
        elif investor.uscc:
            yield from _refused(partial(check_uscc, investor.uscc, field=f"{field}.uscc"), f"{RREG} art. 25(2)")
        else:
            description = "say who this investor is: a person, or an organisation's code"
            yield Gap(field, "INVESTOR_UNNAMED", description, _FACTS)
    if rule.investors_sum and capital is not None and capital.amount_fen > 0:
        total = sum(investor.amount_fen for investor in investors)
        if total != capital.amount_fen:
            yield Gap(
                "investors",
                "INVESTORS_SUM_DIFFERS",
                f"the investors' amounts add up to {total} fen, the capital is {capital.amount_fen} fen: must be equal",
                f"{RREG} arts. 7, 13",
            )


def person_gaps(person: Person, field: str, role: str, today: date) -> Iterator[Gap]:
    """What a person lacks to be registered as the `role`, with the real-name check (实施细则 art. 16)."""
    if not person.name.strip():
        yield Gap(f"{field}.name", "PERSON_NAME_MISSING", f"state the name of the {role}", _FACTS)
    yield from _unprintable(f"{field}.name", person.name)
    if person.id_type not in ID_TYPES:
        description = f"state the kind of identity document of the {role}: {', '.join(sorted(ID_TYPES))}"
        yield Gap(f"{field}.id_type", "ID_TYPE_UNKNOWN", description, _IDENTITY)
    if not person.id_number.strip():
        yield Gap(f"{field}.id_number", "ID_NUMBER_MISSING", f"state the identity number of the {role}", _IDENTITY)
    elif (wrong := number_violation(person.id_type, person.id_number, today, f"{field}.id_number")) is not None:
        yield Gap(wrong.field, wrong.reason, wrong.description, SOURCES[person.id_type])
    if person.identity_check not in IDENTITY_CHECKS:
        yield Gap(
            f"{field}.identity_check",
            "IDENTITY_NOT_CHECKED",
            f"the {role} must pass the real-name check: by face, in person, or by a notarised document",
            f"{REG} art. 15; {RREG} art. 16",
        )


def _material_gaps(application: SetUpApplication, rule: FormRule) -> Iterator[Gap]:
    given = {material.type_code: material for material in application.materials}
    for code, (title, source) in rule.materials.items():
        if code not in given:
            yield Gap(f"materials.{code}", "MATERIAL_MISSING", f"bring: {title}", source)
        elif not given[code].sha256:
            yield Gap(f"materials.{code}", "MATERIAL_WITHOUT_FILE", f"the file is missing: {title}", source)


def _unprintable(field: str, text: str) -> Iterator[Gap]:
    """What the licence states must be fit for print (条例 art. 22)."""
    for violation in text_violations(field, text):
        yield Gap(field, violation.reason, violation.description, _FACTS)


def _refused(check: Callable[[], object], source: str) -> Iterator[Gap]:
    """The violations of a check as gaps. Their texts name the fault, never the number itself."""
    try:
        check()
    except InvalidArgument as failure:
        for violation in failure.violations:
            yield Gap(violation.field, violation.reason, violation.description, source)


def _division_name(code: str) -> str:
    try:
        return division(code).full_name
    except InvalidArgument:
        return code


def mask_name(name: str) -> str:
    """张三 → 张*; 王小明 → 王*明; 欧阳修远 → 欧**远. Spaces around a name are none of it: by their masks two spellings of one name
    are compared, and the facts of a case lose such spaces."""
    name = name.strip()
    if len(name) < 2:
        return "*" * len(name)
    if len(name) == 2:
        return f"{name[0]}*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_id(number: str) -> str:
    """32041119900307001X → 320***********001X; short numbers (passports) keep their last three characters."""
    if len(number) >= 15:
        return number[:3] + "*" * (len(number) - 7) + number[-4:]
    kept = 3 if len(number) > 6 else 0
    return "*" * (len(number) - kept) + number[len(number) - kept :]


def mask_phone(number: str) -> str:
    """13800000000 → 138****0000; other numbers keep at most four digits, never more than half of them."""
    if len(number) == 11:
        return f"{number[:3]}****{number[-4:]}"
    kept = min(4, len(number) // 2)
    return "*" * (len(number) - kept) + number[len(number) - kept :]
