"""National code standards: GB 32100 (unified social credit code), GB 11643 (resident identity), GB/T 2260 (divisions),
GB/T 17710 (check characters, ISO 7064 MOD 37,36).

python-stdnum checks only the last character of a social credit code and takes lower case; here both check digits count
and lower case is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import mul
from pathlib import Path

import yaml
from stdnum.iso7064 import mod_37_36

from shared.failures import InvalidArgument, Violation

USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUES = {character: value for value, character in enumerate(USCC_CHARACTERS)}
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
# What 17 zeros add up to as characters.
_ZEROS = ord("0") * sum(_ID_WEIGHTS)
_ID_CHECKS = "10X98765432"


def uscc_check_digit(first17: str) -> str:
    """Character 18 of a social credit code (GB 32100-2015, 5.3)."""
    total = sum(_USCC_VALUES[character] * weight for character, weight in zip(first17, _USCC_WEIGHTS, strict=True))
    return USCC_CHARACTERS[(31 - total % 31) % 31]


def organisation_check_digit(first8: str) -> str:
    """Character 9 of an organisation code (GB 11714): X for 10, 0 for 11."""
    total = sum(int(character, 36) * weight for character, weight in zip(first8, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def compose_uscc(authority_and_kind: str, division_code: str, subject8: str) -> str:
    """A social credit code with both check digits, e.g. ("91", "320411", "MAXX0001") → 91320411MAXX00015L."""
    first17 = authority_and_kind + division_code + subject8 + organisation_check_digit(subject8)
    return first17 + uscc_check_digit(first17)


def check_uscc(code: str, field: str = "uscc") -> None:
    """Raise InvalidArgument naming `field` and the part that is wrong: USCC_LENGTH, USCC_CHARACTER,
    USCC_ORGANISATION_DIGIT, USCC_CHECK_DIGIT."""
    violation = uscc_violation(code, field)
    if violation:
        raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))


def uscc_violation(code: str, field: str = "uscc") -> Violation | None:
    """What is wrong with a code, or None."""
    if len(code) != 18:
        return Violation(field, f"a unified social credit code has 18 characters, not {len(code)}", "USCC_LENGTH")
    if any(character not in _USCC_VALUES for character in code):
        return Violation(
            field, "a character is outside the set (digits and capitals without I O S V Z)", "USCC_CHARACTER"
        )
    if code[16] != organisation_check_digit(code[8:16]):
        return Violation(
            field, "check digit of the organisation code (character 17) is wrong", "USCC_ORGANISATION_DIGIT"
        )
    if code[17] != uscc_check_digit(code[:17]):
        return Violation(field, "check character (the 18th) is wrong", "USCC_CHECK_DIGIT")
    return None


def check_resident_id(number: str, today: date, field: str = "id_number") -> None:
    """Raise InvalidArgument naming `field`: RESIDENT_ID_FORM, RESIDENT_ID_DATE, RESIDENT_ID_CHECK_DIGIT (GB 11643-1999).

    The first six digits are not tied to today's divisions: people keep the code of a division that is gone.
    """
    violation = resident_id_violation(number, today, field)
    if violation:
        raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))


def resident_id_violation(number: str, today: date, field: str = "id_number") -> Violation | None:
    """What is wrong with a number, or None."""
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()) or number[17] not in "0123456789X":
        return Violation(field, "a resident identity number has 17 digits and a digit or capital X", "RESIDENT_ID_FORM")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        born = None
    if born is None or born > today:
        return Violation(field, "the birth date in the number is no date or lies in the future", "RESIDENT_ID_DATE")
    total = sum(map(mul, number[:17].encode(), _ID_WEIGHTS)) - _ZEROS
    if _ID_CHECKS[total % 11] != number[17]:
        return Violation(field, "the check digit of the number is wrong", "RESIDENT_ID_CHECK_DIGIT")
    return None


def mod_37_36_digit(text: str) -> str:
    """Check character over digits and capitals (ISO 7064 MOD 37,36)."""
    return str(mod_37_36.calc_check_digit(text))


def mod_37_36_check(text: str) -> bool:
    """Whether the last character is the check character of the rest."""
    return len(text) > 1 and mod_37_36_digit(text[:-1]) == text[-1]


@dataclass(frozen=True, slots=True)
class Division:
    """A division with its names; `valid_to` is the last day of one that was abolished."""

    code: str
    province: str
    city: str
    district: str
    valid_to: date | None = None

    @property
    def full_name(self) -> str:
        return self.province + self.city + self.district


@cache
def divisions() -> dict[str, Division]:
    """All divisions that the platform knows, by code."""
    raw = yaml.safe_load((Path(__file__).parent / "data" / "divisions.yaml").read_text(encoding="utf-8"))["divisions"]
    return {
        code: Division(
            code, body["province"], body["city"], body["district"],
            date.fromisoformat(body["valid_to"]) if "valid_to" in body else None,
        )
        for code, body in raw.items()
    }  # fmt: skip


def division(code: str, field: str = "division_code") -> Division:
    """The division of a code. Raises InvalidArgument (UNKNOWN_DIVISION) naming `field`."""
    found = divisions().get(code)
    if found is None:
        violation = Violation(
            field, f"no division with code {code[:12]!r} is known here (GB/T 2260)", "UNKNOWN_DIVISION"
        )
        raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))
    return found
