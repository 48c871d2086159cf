"""Kinds of entity and rows of older registers. Every row here is invented."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.entities import (
    Capital,
    EntityRow,
    EntityType,
    entity_type_of,
    parse_capital,
    parse_date,
    read_row,
    row_violations,
    uscc_kind,
)
from shared.failures import InvalidArgument

TODAY = date(2026, 3, 2)
ROW = EntityRow(
    row_number=7,
    name="常州市青禾机械有限公司",
    uscc="91320411MAXX00015L",
    registered_on="2012-02-29",
    type="有限责任公司",
    capital="68,000(万元人民币)",
    business_scope="机械设备制造。",
    address="常州市新北区云杉路1号",
)


def changed(**fields: str) -> EntityRow:
    names = ("name", "uscc", "registered_on", "type", "capital", "business_scope", "address")
    return EntityRow(row_number=7, **({name: getattr(ROW, name) for name in names} | fields))


@pytest.mark.parametrize(
    ("text", "capital"),
    [
        ("380(万元人民币)", Capital(380_000_000, "CNY")),
        ("11.34万人民币", Capital(11_340_000, "CNY")),
        ("68,000(万元人民币)", Capital(68_000_000_000, "CNY")),
        ("2,074.2900(万元人民币)", Capital(2_074_290_000, "CNY")),
        ("500(万美元)", Capital(500_000_000, "USD")),
        ("1万日元", Capital(1_000_000, "JPY")),
        ("95(万)", Capital(95_000_000, "CNY")),
        ("3(万元)", Capital(3_000_000, "CNY")),
        ("1.5亿元", Capital(15_000_000_000, "CNY")),
        ("0(万元人民币)", Capital(0, "CNY")),
        ("１００（万元人民币）", Capital(100_000_000, "CNY")),
        ("N/A", None),
        ("", None),
    ],
)
def test_capital_is_read_exactly_in_every_notation_of_the_registers(text: str, capital: Capital | None) -> None:
    assert parse_capital(text) == capital


@pytest.mark.parametrize(
    "text", ["abc", "-5万", "1,00万", "5(万贝壳)", "1e9", "0.00000001万", "9" * 30 + "万", "NaN", "٣万"]
)
def test_capital_that_cannot_be_read_names_its_column(text: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        parse_capital(text)

    assert caught.value.violations[0].field == "capital"


def test_capital_ends_where_every_reader_of_json_still_tells_amounts_apart() -> None:
    assert parse_capital("9007199254(万元人民币)") == Capital(9_007_199_254_000_000)
    for text in ("9007199255(万元人民币)", "9000000000000(万元人民币)"):
        with pytest.raises(InvalidArgument) as caught:
            parse_capital(text)
        assert caught.value.violations[0].reason == "CAPITAL_TOO_LARGE"


@given(st.integers(0, 9 * 10**11))
def test_no_fen_is_lost(ten_thousandths: int) -> None:
    text = f"{Decimal(ten_thousandths) / 10**4:f}(万元人民币)"

    found = parse_capital(text)

    assert found is not None
    assert found.amount_fen == ten_thousandths * 100


@pytest.mark.parametrize(
    "text", ["2023-02-29", "2023-2-1", "20230201", "2023-13-01", "", "２０２３-01-01", "2023-01-01T00:00"]
)
def test_a_day_that_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        parse_date(text)

    assert caught.value.violations[0].field == "registered_on"


@pytest.mark.parametrize(
    ("type_text", "name", "uscc", "expected"),
    [
        ("有限责任公司", "常州青禾机械有限公司", "91", EntityType.LIMITED_COMPANY),
        ("", "常州青禾机械有限公司", "91", EntityType.LIMITED_COMPANY),
        ("", "常州青禾机械有限公司", "92", EntityType.LIMITED_COMPANY),  # T16: the code alone makes no sole trader
        ("", "常州青禾机械股份有限公司", "91", EntityType.JOINT_STOCK_COMPANY),
        ("外商投资企业", "青禾（常州）机械有限公司", "91", EntityType.LIMITED_COMPANY),
        ("个人独资企业", "常州市青禾机械厂", "91", EntityType.SOLE_PROPRIETORSHIP),
        ("", "常州市青禾机械厂", "91", EntityType.SOLE_PROPRIETORSHIP),
        ("普通合伙", "常州市青禾机械厂", "91", EntityType.GENERAL_PARTNERSHIP),
        ("", "常州市青禾机械厂（普通合伙）", "91", EntityType.GENERAL_PARTNERSHIP),
        ("", "常州青禾企业管理中心（有限合伙）", "91", EntityType.LIMITED_PARTNERSHIP),
        ("", "常州市青禾葡萄专业合作社", "93", EntityType.COOPERATIVE),
        ("", "常州市新北区青禾小吃店", "92", EntityType.SOLE_TRADER),
        ("集体所有制", "常州市青禾五金厂", "91", EntityType.COLLECTIVE),
        ("股份合作制", "常州市青禾五金厂", "91", EntityType.COLLECTIVE),
        ("国有企业", "常州市青禾物资公司", "91", EntityType.STATE_OWNED),
        ("联营企业", "常州市青禾物资公司", "91", EntityType.JOINT_ENTERPRISE),
        ("", "常州市青禾物资公司", "91", EntityType.COLLECTIVE),
        ("", "常州青禾机械有限公司新北分公司", "91", EntityType.BRANCH),
        ("集体分支机构(非法人)", "常州市青禾供销社农资部", "91", EntityType.BRANCH),
    ],
)
def test_the_kind_comes_from_the_register_then_the_form_then_the_code(
    type_text: str, name: str, uscc: str, expected: EntityType
) -> None:
    assert entity_type_of(type_text, name, uscc) is expected


def test_new_codes_begin_by_kind() -> None:
    kinds = {entity_type: uscc_kind(entity_type) for entity_type in EntityType}

    assert kinds[EntityType.SOLE_TRADER] == "92"
    assert kinds[EntityType.COOPERATIVE] == "93"
    assert {kind for entity_type, kind in kinds.items() if entity_type not in ("SOLE_TRADER", "COOPERATIVE")} == {"91"}


def test_a_good_row_is_read_into_our_own_terms() -> None:
    read = read_row(ROW, TODAY)

    assert row_violations(ROW, TODAY) == []
    assert (read.division_code, read.registered_on) == ("320411", date(2012, 2, 29))
    assert (read.entity_type, read.capital) == (EntityType.LIMITED_COMPANY, Capital(68_000_000_000))


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ({"name": ""}, "name"),
        ({"name": "常州青禾Machine有限公司"}, "name"),
        ({"name": "一、常州青禾厂;二、常州云杉厂"}, "name"),
        ({"uscc": "91320411MAXX000154"}, "uscc"),
        ({"registered_on": "2012-02-30"}, "registered_on"),
        ({"registered_on": "2026-03-03"}, "registered_on"),
        ({"capital": "many"}, "capital"),
        ({"address": " "}, "address"),
        ({"address": "常州市\ue003路1号"}, "address"),
        ({"business_scope": "五金" * 2001}, "business_scope"),
    ],
)
def test_a_bad_row_names_its_column(fields: dict[str, str], column: str) -> None:
    violations = row_violations(changed(**fields), TODAY)

    assert [violation.field for violation in violations] == [column]


def test_all_faults_of_a_row_are_told_at_once() -> None:
    row = changed(name="", uscc="x", registered_on="x", capital="x", address="")

    with pytest.raises(InvalidArgument) as caught:
        read_row(row, TODAY)

    assert {v.field for v in caught.value.violations} == {"name", "uscc", "registered_on", "capital", "address"}


@given(st.builds(EntityRow, st.integers(1, 9), *(st.text(max_size=40) for _ in range(7))))
def test_any_row_is_judged_without_failing(row: EntityRow) -> None:
    assert all(violation.field and violation.reason for violation in row_violations(row, TODAY))
