"""Persons as the register must find them again: one text for one person, however the number is written.

Only a keyed hash of this text is ever stored open (PIPL art. 51); what it is hashed with, the use cases say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from stdnum.iso7064 import mod_11_2

from services.registration.domain.form_check import Person, SetUpApplication
from services.registration.domain.identity import RESIDENCE_PERMIT, RESIDENT_ID, number_violation
from shared.failures import FailedPrecondition, InvalidArgument, Violation

BAR_ARTICLE = "市场主体登记管理条例 art. 40"
FALSE_REGISTRATION_BAR = "false_registration_bar"
HEAD_FIELD = "legal_representative"
# Who acts or approves is told by a pseudonym; a name has other letters, or spaces.
PSEUDONYM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}", re.ASCII)


class PersonBarred(FailedPrecondition):
    """A person named in the application was directly responsible for a false registration (条例 art. 40)."""


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person and the field that names them."""

    field: str
    person: Person


def named_persons(asked: SetUpApplication) -> list[NamedPerson]:
    """Everybody whom a set-up application names with a number: who heads it first, then who puts in capital."""
    head = [NamedPerson(HEAD_FIELD, asked.legal_representative)] if asked.legal_representative else []
    investors = [
        NamedPerson(f"investors[{index}].person", investor.person)
        for index, investor in enumerate(asked.investors)
        if investor.person is not None
    ]
    return [named for named in (*head, *investors) if named.person.id_number.strip()]


def person_text(id_type: str, id_number: str) -> str:
    """ "<id_type>|<number>" in one spelling: full-width digits, spaces and a small x do not matter, and a resident number of
    15 digits (before 1999) is the person's number of 18 (GB 11643-1999: century and check digit are added). Residence permits
    were taken for resident numbers before they had a kind of their own; no two persons share a number of this form, so they
    keep that spelling, and whoever was found or barred by it still is."""
    number = "".join(unicodedata.normalize("NFKC", id_number).split()).upper()
    if id_type == RESIDENT_ID and len(number) == 15 and number.isascii() and number.isdigit():
        longer = f"{number[:6]}19{number[6:]}"
        number = longer + mod_11_2.calc_check_digit(longer)
    return f"{RESIDENT_ID if id_type == RESIDENCE_PERMIT else id_type}|{number}"


def require_not_barred(bars: Mapping[str, str], named: Sequence[tuple[str, str]]) -> None:
    """Raise PersonBarred for the first who may register nothing. `bars`: person key → last day; `named`: (field, key)."""
    for field, key in named:
        if key in bars:
            raise PersonBarred(
                f"this person may register nothing until {bars[key]} ({BAR_ARTICLE})",
                metadata={"field": field, "until": bars[key]},
            )


def require_number(id_type: str, id_number: str, known_types: frozenset[str], prefix: str = "") -> None:
    """Raise InvalidArgument naming the field unless a person can be found by this. A mistyped number would find nobody, and a
    bar on it would keep nobody from anything."""
    found: list[Violation | None] = []
    if id_type not in known_types:
        found.append(
            Violation(f"{prefix}id_type", f"must be one of {', '.join(sorted(known_types))}", "ID_TYPE_UNKNOWN")
        )
    if not id_number.strip():
        found.append(Violation(f"{prefix}id_number", "must be given", "ID_NUMBER_MISSING"))
    else:
        number = person_text(id_type, id_number).partition("|")[2]
        found.append(number_violation(id_type, number, date.max, f"{prefix}id_number"))
    if told := tuple(one for one in found if one):
        raise InvalidArgument(f"{told[0].field} {told[0].description}", reason=told[0].reason, violations=told)


def pseudonym_violations(text: str, field: str) -> list[Violation]:
    """Why this is no pseudonym of an official; empty when it is one."""
    if PSEUDONYM.fullmatch(text):
        return []
    return [Violation(field, "must be a pseudonym (letters, digits and . _ : -), not a name", "PSEUDONYM_INVALID")]


def require_pseudonym(text: str, field: str) -> None:
    """Raise InvalidArgument naming the field unless this is a pseudonym."""
    for violation in pseudonym_violations(text, field):
        raise InvalidArgument(f"{field} {violation.description}", reason=violation.reason, violations=(violation,))
