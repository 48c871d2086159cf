"""Amounts and dates as licences print them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.certificates.domain.numerals import UnknownCurrency, capital_numerals, chinese_date
from services.registration.domain.entities import CURRENCIES
from shared.failures import InvalidArgument

VALUES = {"零": 0, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9}


@pytest.mark.parametrize(
    ("yuan", "text"),
    [
        ("3800000.00", "叁佰捌拾万元整"),
        # the examples of 支付结算办法, annex 1 (one of the two spellings it allows)
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("0.00", "零元整"),
        ("0.05", "伍分"),
        ("0.30", "叁角"),
        ("10.00", "壹拾元整"),
        ("15.00", "壹拾伍元整"),
        ("10001.00", "壹万零壹元整"),
        ("100010.00", "壹拾万零壹拾元整"),
        ("100000000.00", "壹亿元整"),
        ("1000000001.00", "壹拾亿零壹元整"),
        ("1020304050.00", "壹拾亿贰仟零叁拾万肆仟零伍拾元整"),
        ("1200345600000000.00", "壹仟贰佰万叁仟肆佰伍拾陆亿元整"),
    ],
)
def test_an_amount_is_written_in_capitals_and_closed(yuan: str, text: str) -> None:
    assert capital_numerals(int(yuan.replace(".", ""))) == text


@pytest.mark.parametrize(
    ("fen", "currency", "text"),
    [
        (10_000_000_000, "USD", "壹亿美元整"),
        (10_050, "USD", "壹佰美元伍拾美分"),
        (500_000_000, "EUR", "伍佰万欧元整"),
        (5, "GBP", "伍便士"),
        (100_000_000, "JPY", "壹佰万日元整"),
        (100_000_050, "JPY", "壹佰万日元伍拾钱"),
        (100_000_050, "HKD", "壹佰万港元伍角"),
        (100, "", "壹元整"),
    ],
)
def test_other_currencies_carry_their_own_names(fen: int, currency: str, text: str) -> None:
    assert capital_numerals(fen, currency) == text


@pytest.mark.parametrize(("fen", "currency"), [(100, "XXX"), (100, "cny")])
def test_a_currency_without_a_name_is_never_guessed(fen: int, currency: str) -> None:
    with pytest.raises(UnknownCurrency):
        capital_numerals(fen, currency)


def test_every_currency_that_registration_takes_can_be_printed() -> None:
    for currency in CURRENCIES.values():
        assert capital_numerals(100, currency).startswith("壹")


def test_a_negative_amount_is_refused() -> None:
    with pytest.raises(InvalidArgument):
        capital_numerals(-1)


@given(st.integers(min_value=1, max_value=10**14))
def test_whole_amounts_read_back_as_themselves(yuan: int) -> None:
    text = capital_numerals(yuan * 100)
    assert text.endswith("元整")
    assert read(text.removesuffix("元整")) == yuan
    assert "零零" not in text


@given(st.integers(min_value=0, max_value=10**12), st.integers(min_value=0, max_value=10**12))
def test_different_amounts_have_different_texts(one: int, other: int) -> None:
    assert (capital_numerals(one) == capital_numerals(other)) == (one == other)


def read(text: str) -> int:
    """The value of capital numerals, by another method than writing them."""
    for word, size in (("亿", 10**8), ("万", 10**4)):
        high, found, low = text.rpartition(word)
        if found:
            return read(high) * size + read(low)
    total, digit = 0, 0
    for character in text:
        if character in VALUES:
            digit = VALUES[character]
        else:
            total += digit * {"拾": 10, "佰": 100, "仟": 1000}[character]
            digit = 0
    return total + digit


def test_a_date_is_written_in_chinese_without_leading_zeros() -> None:
    assert chinese_date(date(2026, 11, 23)) == "2026年11月23日"
    assert chinese_date(date(2026, 1, 5)) == "2026年1月5日"
