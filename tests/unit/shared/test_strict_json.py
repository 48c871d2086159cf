"""JSON that everybody reads the same way (reliability §3: attacks 10-13)."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.strict_json import MalformedJson, dumps, loads


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'{"region":"320411","region":"440305"}', "stands twice"),
        (b'{"a":{"b":1,"b":1}}', "stands twice"),
        (b'{"r\\u0065gion":1,"region":2}', "stands twice"),
        (b"\xef\xbb\xbf{}", "byte-order mark"),
        (b'"\xc0\xaf"', "not UTF-8"),
        (b'"\xed\xa0\x80"', "not UTF-8"),
        (b'"\\ud800"', "surrogate"),
        (b'{"\\udfff":1}', "surrogate"),
        (b'"a\\u0000b"', "NUL"),
        (b"NaN", "no JSON number"),
        (b"[Infinity]", "no JSON number"),
        (b"-Infinity", "no JSON number"),
        (b"1e999", "out of range"),
        (b"1" * 5000, "digits"),
        (b"[" * 33 + b"]" * 33, "nested deeper"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "nested deeper"),
        (b"{", "line 1"),
        (b"", "line 1"),
        (b"{} x", "line 1"),
        (b"'a'", "line 1"),
    ],
)
def test_what_two_readers_could_read_differently_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(MalformedJson) as caught:
        loads(data)
    assert says in caught.value.message
    assert caught.value.reason == "MALFORMED_JSON"


@pytest.mark.parametrize("data", [b"[" * 100_000, b'{"a":' * 100_000, b"[" * 100_000 + b"]" * 100_000])
def test_a_hundred_thousand_brackets_are_refused_before_they_are_parsed(data: bytes) -> None:
    with pytest.raises(MalformedJson, match="nested deeper"):
        loads(data)


def test_a_million_keys_and_a_body_over_the_cap_are_refused() -> None:
    many = b"{" + b",".join(b'"k%d":1' % i for i in range(10_001)) + b"}"
    with pytest.raises(MalformedJson, match="keys"):
        loads(many)
    with pytest.raises(MalformedJson, match="bytes"):
        loads(b'"' + b"x" * 2_000_000 + b'"')


def test_brackets_inside_strings_do_not_count_as_nesting() -> None:
    assert loads(b'{"a":"' + b"[" * 100 + b'\\"{{"}') == {"a": "[" * 100 + '"{{'}


scalars = st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
values = st.recursive(
    scalars | texts, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
)


@given(values)
def test_what_is_written_is_read_back(value: object) -> None:
    assert loads(dumps(value)) == value


@given(st.binary(max_size=200))
def test_no_bytes_crash_it(data: bytes) -> None:
    with contextlib.suppress(MalformedJson):
        loads(data)
