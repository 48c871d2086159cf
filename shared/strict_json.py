"""Strict JSON: what two readers could read differently, or what is meant to hurt, is refused.

Refused: other encodings than UTF-8, a byte-order mark, lone surrogates, NUL, duplicate keys, NaN, Infinity, numbers
that overflow, integers of more than 40 digits, nesting beyond `max_depth`, more than `max_keys` keys, bodies over
`max_bytes` (reliability attacks 10-13). Depth and keys are counted before anything is parsed.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from shared.failures import InvalidArgument

MAX_DIGITS = 40
_TO_ROUND, _NO_BRACKETS = bytes.maketrans(b"[{]}", b"(())"), bytes(set(range(256)) - set(b"[{]}"))
_PAIR = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..")
_LONE = re.compile(r"\\u[dD][89a-fA-F]")


class MalformedJson(InvalidArgument):
    """The body is no JSON that everybody reads the same way."""


def loads(data: bytes, *, max_depth: int = 32, max_keys: int = 10_000, max_bytes: int = 1_048_576) -> Any:
    """Parse. Limits are bytes, levels and keys in all. Raises MalformedJson saying what, and where it is known."""
    if len(data) > max_bytes:
        raise MalformedJson(f"body has more than {max_bytes} bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedJson(f"body is not UTF-8 (byte {error.start})") from None
    if text.startswith("\ufeff"):
        raise MalformedJson("body begins with a byte-order mark")
    if text.count("[") + text.count("{") > max_depth or text.count(":") > max_keys:
        _check_size(text, max_depth, max_keys)
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise MalformedJson(f"{error.msg} (line {error.lineno}, column {error.colno})") from None
    except RecursionError:
        raise MalformedJson(f"nested deeper than {max_depth}") from None
    # escapes are the only way that NUL and surrogates can still come in
    if "\\u" in text:
        _check_escapes(text)
    return value


def dumps(value: Any) -> bytes:
    """Compact UTF-8. Raises ValueError for NaN and Infinity."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _check_size(text: str, max_depth: int, max_keys: int) -> None:
    """Count keys and levels outside strings, without a Python step per character."""
    outside = "".join(text.replace("\\\\", "").replace('\\"', "").split('"')[::2])
    # in JSON a colon outside a string follows a key; what is no JSON is refused anyway
    if outside.count(":") > max_keys:
        raise MalformedJson(f"more than {max_keys} keys")
    brackets = outside.encode().translate(_TO_ROUND, _NO_BRACKETS)
    left_open = brackets.count(b"(") - brackets.count(b")")
    if left_open <= max_depth:
        brackets += b")" * left_open
        # each pass takes the innermost level away; many openings in a row are told without it
        for _ in range(max_depth):
            if b"()" not in brackets:
                return
            if b"(" * (max_depth + 1) in brackets:
                break
            brackets = brackets.replace(b"()", b"")
        if b"()" not in brackets:
            return
    raise MalformedJson(f"nested deeper than {max_depth}")


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        double = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise MalformedJson(f"key {double[:60]!r} stands twice in one object")
    return found


def _constant(name: str) -> Any:
    raise MalformedJson(f"{name} is no JSON number")


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value) or len(text) > MAX_DIGITS * 2:
        raise MalformedJson("number is out of range")
    return value


def _int(text: str) -> int:
    if len(text) > MAX_DIGITS and len(text.lstrip("-")) > MAX_DIGITS:
        raise MalformedJson(f"integer has more than {MAX_DIGITS} digits")
    return int(text)


def _check_escapes(text: str) -> None:
    """Find NUL and surrogates without a partner in the text of valid JSON, where `\\u` is always an escape."""
    # an escaped backslash keeps its place, or the halves on both sides of it would look like a pair
    escapes = text.replace("\\\\", "__")
    if "\\u0000" in escapes:
        raise MalformedJson("a string holds NUL")
    if _LONE.search(_PAIR.sub("", escapes)):
        raise MalformedJson("a string holds a lone surrogate")


_DECODER = json.JSONDecoder(object_pairs_hook=_mapping, parse_constant=_constant, parse_float=_float, parse_int=_int)
