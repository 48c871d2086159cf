"""Amounts in Chinese capital numerals and dates in Chinese form, as licences print them."""

from __future__ import annotations

from datetime import date

from shared.failures import InvalidArgument

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_WAN, _YI = 10**4, 10**8
# Currency unit, tenth, hundredth (ISO 4217). Without a word for the tenth the fraction is said in hundredths.
_CURRENCIES: dict[str, tuple[str, str, str]] = {
    "CNY": ("元", "角", "分"),
    "HKD": ("港元", "角", "分"),
    "MOP": ("澳门元", "角", "分"),
    "TWD": ("新台币元", "角", "分"),
    "USD": ("美元", "", "美分"),
    "EUR": ("欧元", "", "欧分"),
    "GBP": ("英镑", "", "便士"),
    "CHF": ("瑞士法郎", "", "生丁"),
    "CAD": ("加元", "", "加分"),
    "AUD": ("澳元", "", "澳分"),
    "NZD": ("新西兰元", "", "分"),
    "SGD": ("新加坡元", "", "分"),
    "JPY": ("日元", "", "钱"),
    "KRW": ("韩元", "", "钱"),
    "DEM": ("德国马克", "", "芬尼"),
}


class UnknownCurrency(InvalidArgument):
    """No Chinese name of this currency is loaded."""


def capital_numerals(amount_fen: int, currency: str = "CNY") -> str:
    """Amount (in hundredths, not negative) in capitals, closed by 整 unless a smaller coin closes it.

    380000000 → 叁佰捌拾万元整. Follows annex 1 of 支付结算办法 (正确填写票据和结算凭证的基本规定), which leaves a 零
    after a group that ends in zeros to the writer; here none is written.
    Raises UnknownCurrency; InvalidArgument (AMOUNT).
    """
    if amount_fen < 0:
        raise InvalidArgument("an amount is not negative", reason="AMOUNT")
    if (currency or "CNY") not in _CURRENCIES:
        raise UnknownCurrency("the currency cannot be printed", metadata={"currency": currency})
    unit, tenth, hundredth = _CURRENCIES[currency or "CNY"]
    whole, cents = divmod(amount_fen, 100)
    text = f"{_integer(whole)}{unit}" if whole or not cents else ""
    if not cents:
        return text + "整"
    if not tenth:
        return f"{text}{_integer(cents)}{hundredth}"
    tenths, hundredths = divmod(cents, 10)
    text += f"{_DIGITS[tenths]}{tenth}" if tenths else "零" if whole else ""
    return text + (f"{_DIGITS[hundredths]}{hundredth}" if hundredths else "")


def chinese_date(day: date) -> str:
    """2026-11-23 → 2026年11月23日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _integer(number: int) -> str:
    """Whole number in capitals; a digit skipped between two groups is said once, as 零."""
    for size, word in ((_YI, "亿"), (_WAN, "万")):
        if number >= size:
            high, low = divmod(number, size)
            if not low:
                return _integer(high) + word
            return _integer(high) + word + ("零" if low < size // 10 else "") + _integer(low)
    return _group(number)


def _group(number: int) -> str:
    text, skipped = "", False
    for position, digit in enumerate(reversed(f"{number:d}")):
        if digit == "0":
            skipped = bool(text)
            continue
        text = _DIGITS[int(digit)] + _UNITS[position] + ("零" if skipped else "") + text
        skipped = False
    return text or "零"
