"""Text that people may read in a register and on a certificate: whoever takes it in judges it as whoever prints it does.

A fact that one service takes and another cannot print is found when it is too late: the entity stands, its certificate
cannot be made. So what the fonts of the certificates lack is not taken in (`data/printable.yaml`): an emoji, another script, a
letter that plain Latin does not have. Only an ideograph is, whichever it is: a person has the right to a rare one in his name, and
its certificate waits for a font.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import yaml

from shared.failures import Violation

# controls, formats (zero width, direction), lone surrogates, private use, and what no Unicode that we know has assigned
_NEVER = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
UNPRINTABLE = "TEXT_UNPRINTABLE"
_FILE = Path(__file__).parent / "data" / "printable.yaml"
# What nearly every text is written in: plain Latin, common ideographs, Chinese punctuation.
_USUAL = re.compile(r"[ -~\u3001-\u3017\u4E00-\u9FEA\uFF01-\uFF5E]*")
# Every block of unified and compatibility ideographs, with those that no font has yet.
_IDEOGRAPHS = "3400-4DBF 4E00-9FFF F900-FAFF 20000-323AF"


@cache
def _lacking() -> re.Pattern[str]:
    """What no font of the certificates has."""
    data = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    ranges = f"{data['characters']} {data['variation_selectors']} {_IDEOGRAPHS}".split()
    ends = [(first, last or first) for first, _, last in (one.partition("-") for one in ranges)]
    had = "".join(f"\\U{int(first, 16):08X}-\\U{int(last, 16):08X}" for first, last in ends)
    return re.compile(f"[^{had}]")


def one_line(text: str) -> str:
    """A text as it is printed: NFC, on one line, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def unprintable(text: str) -> list[str]:
    """Code points (`U+200B`) that stand in no register and on no certificate. Line ends and spaces of any kind become one
    space and are none."""
    if _USUAL.fullmatch(text):  # the many ranges of the fonts are slow to ask
        return []
    lacking, line = _lacking(), one_line(text)
    found = {c for c in line if unicodedata.category(c) in _NEVER} | set(lacking.findall(line))
    return [f"U+{code:04X}" for code in sorted(map(ord, found))]


def text_violations(field: str, text: str, longest: int = 0) -> list[Violation]:
    """What keeps a text out: more than `longest` characters (0: any number), or some that cannot be printed. Never the text."""
    found = []
    if longest and len(text) > longest:
        found.append(Violation(field, f"is longer than {longest} characters", "TOO_LONG"))
    if unseen := unprintable(text):
        found.append(
            Violation(field, f"holds characters that no certificate can show: {', '.join(unseen[:8])}", UNPRINTABLE)
        )
    return found
