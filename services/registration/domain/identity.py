"""Identity documents of persons, by kind: what their numbers look like (the person who shows one is checked by others).

The residence permit of people from Hong Kong, Macao and Taiwan 港澳台居民居住证 and the permanent-resident card of foreigners
外国人永久居留身份证 (since December 2023) have numbers of the form of GB 11643, and begin with what no resident number begins with.
"""

from __future__ import annotations

import re
from datetime import date

from shared.failures import Violation
from shared.national_codes import resident_id_violation

RESIDENT_ID, PASSPORT = "RESIDENT_ID", "PASSPORT"
RESIDENCE_PERMIT, PERMANENT_RESIDENT = "RESIDENCE_PERMIT", "PERMANENT_RESIDENT"
ID_TYPES = frozenset({RESIDENT_ID, RESIDENCE_PERMIT, PERMANENT_RESIDENT, PASSPORT})
# Kind → article or standard of the number; a passport's form is its country's.
SOURCES = {
    RESIDENT_ID: "GB 11643-1999",
    RESIDENCE_PERMIT: "港澳台居民居住证申领发放办法 (2018); GB 11643-1999",
    PERMANENT_RESIDENT: "国家移民管理局: 外国人永久居留身份证 (2023); GB 11643-1999",
}
_PERMIT_BEGINS = ("810000", "820000", "830000")
# No number of a mainland resident begins so (GB/T 2260: 11 to 71).
_OTHERS_BEGIN = ("8", "9")
# Cards issued before December 2023 stay valid until their day: country in letters, 12 digits.
_OLD_CARD = re.compile(r"[A-Z]{3}[0-9]{12}", re.ASCII)


def number_violation(id_type: str, number: str, today: date, field: str) -> Violation | None:
    """What is wrong with the number of a document of this kind, or None. The text names the fault, never the number."""
    if id_type == RESIDENT_ID:
        if number.startswith(_OTHERS_BEGIN):
            return Violation(field, _OTHER_DOCUMENT, "ID_TYPE_DIFFERS")
        return resident_id_violation(number, today, field)
    if id_type == RESIDENCE_PERMIT:
        if not number.startswith(_PERMIT_BEGINS):
            text = f"the number of a residence permit begins with {', '.join(_PERMIT_BEGINS)}"
            return Violation(field, text, "RESIDENCE_PERMIT_FORM")
        return resident_id_violation(number, today, field)
    if id_type == PERMANENT_RESIDENT and not _OLD_CARD.fullmatch(number):
        if not number.startswith("9"):
            text = "a permanent-resident card has 18 digits that begin with 9, or three letters and 12 digits"
            return Violation(field, text, "PERMANENT_RESIDENT_FORM")
        return resident_id_violation(number, today, field)
    return None


_OTHER_DOCUMENT = (
    "is no number of a mainland resident: say id_type RESIDENCE_PERMIT for one that begins with 81, 82 or 83, "
    "PERMANENT_RESIDENT for one that begins with 9"
)
