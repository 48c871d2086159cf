"""Strict JSON: what two readers could read differently, or what is meant to hurt, is refused.

Refused: other encodings than UTF-8, a byte-order mark, lone surrogates, NUL, duplicate keys, NaN, Infinity, numbers that
overflow, integers of more than 40 digits, nesting beyond `max_depth`, more than `max_keys` keys, bodies over `max_bytes`.
"""

from __future__ import annotations

import json
import math
from typing import Any

from shared.failures import InvalidArgument

MAX_DIGITS = 40


class MalformedJson(InvalidArgument):
    """The body is no JSON that everybody reads the same way."""


def loads(data: bytes, *, max_depth: int = 32, max_keys: int = 10_000, max_bytes: int = 1_048_576) -> Any:
    """Parse. Raises MalformedJson saying what and where."""
    if len(data) > max_bytes:
        raise MalformedJson(f"body has more than {max_bytes} bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedJson(f"body is not UTF-8 (byte {error.start})") from None
    if text.startswith("\ufeff"):
        raise MalformedJson("body begins with a byte-order mark")
    _check_depth(text, max_depth)
    reader = _Reader(max_keys)
    try:
        value = json.loads(
            text,
            object_pairs_hook=reader.mapping,
            parse_constant=reader.constant,
            parse_float=reader.float,
            parse_int=reader.int,
        )
    except json.JSONDecodeError as error:
        raise MalformedJson(f"{error.msg} (line {error.lineno}, column {error.colno})") from None
    except RecursionError:
        raise MalformedJson(f"nested deeper than {max_depth}") from None
    # escapes are the only way that NUL and surrogates can still come in
    if "\\u" in text:
        _check_strings(value)
    return value


def dumps(value: Any) -> bytes:
    """Compact UTF-8. Raises ValueError for NaN and Infinity."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _check_depth(text: str, max_depth: int) -> None:
    """Count brackets outside strings; cheap when there are few of them at all."""
    if text.count("[") + text.count("{") <= max_depth:
        return
    depth, position, end = 0, 0, len(text)
    while position < end:
        character = text[position]
        if character == '"':
            position = _after_string(text, position)
            continue
        if character in "[{":
            depth += 1
            if depth > max_depth:
                raise MalformedJson(f"nested deeper than {max_depth}")
        elif character in "]}":
            depth -= 1
        position += 1


def _after_string(text: str, start: int) -> int:
    position = start + 1
    while True:
        quote = text.find('"', position)
        if quote < 0:
            return len(text)
        backslashes = quote - len(text[position:quote].rstrip("\\")) - position
        if backslashes % 2 == 0:
            return quote + 1
        position = quote + 1


class _Reader:
    def __init__(self, max_keys: int) -> None:
        self._left = max_keys

    def mapping(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        self._left -= len(pairs)
        if self._left < 0:
            raise MalformedJson("too many keys")
        found = dict(pairs)
        if len(found) != len(pairs):
            seen: set[str] = set()
            double = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            raise MalformedJson(f"key {double[:60]!r} stands twice in one object")
        return found

    def constant(self, name: str) -> Any:
        raise MalformedJson(f"{name} is no JSON number")

    def float(self, text: str) -> float:
        value = float(text)
        if math.isinf(value) or len(text) > MAX_DIGITS * 2:
            raise MalformedJson("number is out of range")
        return value

    def int(self, text: str) -> int:
        if len(text) > MAX_DIGITS:
            raise MalformedJson(f"integer has more than {MAX_DIGITS} digits")
        return int(text)


def _check_strings(value: Any) -> None:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if "\x00" in item:
                raise MalformedJson("a string holds NUL")
            if any("\ud800" <= character <= "\udfff" for character in item):
                raise MalformedJson("a string holds a lone surrogate")
        elif isinstance(item, dict):
            waiting.extend(item.keys())
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
