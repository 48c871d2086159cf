"""Near-duplicates without keeping words: a signature of keyed hashes over the text's shingles (MinHash)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from hashlib import blake2b

SIGNATURE, ROWS = 32, 2
# estimated share of common shingles from which two texts count as about the same matter
ALIKE = 0.5
# what lies beyond says nothing new about the matter, and costs time
LONGEST = 2000
PRIME = 2**61 - 1
# Fixed: signatures of different days must fit together.
_PERMUTATIONS = tuple(
    tuple(int.from_bytes(blake2b(f"{name}{number}".encode(), digest_size=7).digest(), "big") + 1 for name in "ab")
    for number in range(SIGNATURE)
)
_NOISE = re.compile(r"[\W_]+")


def shingles(text: str) -> set[str]:
    """Three-character pieces of the text, full-width and punctuation made equal."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text).lower())
    return {plain[i : i + 3] for i in range(max(1, len(plain) - 2))} if plain else set()


def signature(text: str, key: Callable[[str], str]) -> list[str]:
    """The signature of a text; `key` hashes with the service's own key, so that nobody else can guess words from it."""
    hashed = [int(key(piece)[:15], 16) for piece in shingles(text[:LONGEST])]
    if not hashed:
        return []
    return [f"{min((a * piece + b) % PRIME for piece in hashed):016x}" for a, b in _PERMUTATIONS]


def bands(found: Sequence[str]) -> list[str]:
    """Look-up keys: two alike texts share at least one of them, most likely."""
    return [f"{i}:{found[i]}{found[i + 1]}" for i in range(0, len(found), ROWS)]


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """Estimated share of common shingles, 0 to 1."""
    return sum(a == b for a, b in zip(one, other, strict=False)) / SIGNATURE if one and other else 0.0
