"""Text that people may read in a register and on a certificate: whoever takes it in judges it as whoever prints it does.

A fact that one service takes and another cannot print is found when it is too late: the entity stands, its certificate
cannot be made.
"""

from __future__ import annotations

import unicodedata

from shared.failures import Violation

# controls, formats (zero width, direction), lone surrogates, private use, and what no Unicode that we know has assigned
_NEVER = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
UNPRINTABLE = "TEXT_UNPRINTABLE"


def one_line(text: str) -> str:
    """A text as it is printed: NFC, on one line, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def unprintable(text: str) -> list[str]:
    """Code points (`U+200B`) that stand in no register and on no certificate. Line ends and spaces of any kind become one
    space and are none."""
    if text.isprintable():  # nearly all are, and this asks in C
        return []
    return sorted({f"U+{ord(c):04X}" for c in one_line(text) if unicodedata.category(c) in _NEVER})


def text_violations(field: str, text: str, longest: int = 0) -> list[Violation]:
    """What keeps a text out: more than `longest` characters (0: any number), or some that cannot be printed. Never the text."""
    found = []
    if longest and len(text) > longest:
        found.append(Violation(field, f"is longer than {longest} characters", "TOO_LONG"))
    if unseen := unprintable(text):
        found.append(Violation(field, f"holds characters that cannot be seen: {', '.join(unseen[:8])}", UNPRINTABLE))
    return found
