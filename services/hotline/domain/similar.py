"""Near-duplicates without keeping words: a signature of keyed hashes over the text's shingles (MinHash)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from hashlib import blake2b

SIGNATURE, ROWS = 32, 2
# estimated share of common shingles from which two texts count as about the same matter
ALIKE = 0.5
_NOISE = re.compile(r"[\W_]+")


def shingles(text: str) -> set[str]:
    """Three-character pieces of the text, full-width and punctuation made equal."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text).lower())
    return {plain[i : i + 3] for i in range(max(1, len(plain) - 2))} if plain else set()


def signature(text: str, key: Callable[[str], str]) -> list[str]:
    """The signature of a text; `key` hashes with the service's own key, so that nobody else can guess words from it."""
    hashed = [key(piece).encode() for piece in shingles(text)]
    if not hashed:
        return []
    return [
        min(blake2b(piece, digest_size=6, salt=bytes([number])).hexdigest() for piece in hashed)
        for number in range(SIGNATURE)
    ]


def bands(found: Sequence[str]) -> list[str]:
    """Look-up keys: two alike texts share at least one of them, most likely."""
    return [f"{i}:{found[i]}{found[i + 1]}" for i in range(0, len(found), ROWS)]


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """Estimated share of common shingles, 0 to 1."""
    return sum(a == b for a, b in zip(one, other, strict=False)) / SIGNATURE if one and other else 0.0
