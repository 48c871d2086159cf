"""The fonts that certificates are set in; looked for at the start, loaded when the first certificate is drawn."""

from __future__ import annotations

from pathlib import Path

from shared.failures import Unavailable

FONT_FAMILIES = ("Noto Serif CJK SC", "Noto Sans CJK SC")
_SUFFIXES = frozenset({".otf", ".ttf", ".ttc", ".otc"})


class FontsMissing(Unavailable):
    """The folder of fonts lacks a family that certificates are set in. An operator must act; issuing waits."""


def require_fonts(folder: Path) -> None:
    """Raise FontsMissing when the folder holds no font file at all: a process that cannot draw must not start."""
    if not folder.is_dir() or not any(path.suffix.lower() in _SUFFIXES for path in folder.rglob("*")):
        raise FontsMissing(f"{folder} holds no fonts")
