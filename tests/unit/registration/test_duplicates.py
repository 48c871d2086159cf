"""What resembles what: pairs of names, addresses and persons that must and must not meet (issue: duplicates before acceptance)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.duplicates import (
    PERSONS,
    REASONS,
    Side,
    compare,
    fold,
    fold_address,
    match_keys,
    reasons,
)
from services.registration.domain.entities import Capital, EntityType
from services.registration.domain.form_check import Domicile
from services.registration.domain.naming import parse_name
from services.registration.domain.naming_rules import name_words, standard_forms

HERE, THERE = Domicile("320411", "常州市新北区通江路88号"), Domicile("320411", "常州市新北区太湖路1号")


def keys(name: str, domicile: Domicile = HERE, division: str = "320411", persons: tuple[str, ...] = ()) -> list[str]:
    return match_keys(parse_name(name), division, domicile, persons)


ALIKE = [
    ("常州云帆软件有限公司", "常州市新北区云帆软件有限公司"),  # another division in front
    ("常州云帆软件有限公司", "云帆软件（常州）股份有限公司"),  # division in brackets, another form
    ("常州云帆软件有限公司", "常州雲帆软件有限公司"),  # a traditional form
    ("常州龙腾贸易有限公司", "常州龍騰貿易有限公司"),
    ("常州云帆软件有限公司", " 常州云帆 软件有限公司 "),
    ("常州云(帆)软件有限公司", "常州云（帆）软件有限公司"),
    ("常州叁和机械有限公司", "常州三和机械有限公司"),  # a capital digit
    ("常州3和机械有限公司", "常州３和机械有限公司"),
    ("常州3和机械有限公司", "常州三和机械有限公司"),
    ("常州云帆ABC软件有限公司", "常州云帆ａｂｃ软件有限公司"),
    ("常州云帆有限公司", "常州市云帆有限责任公司"),  # neither states a trade
]
NOT_ALIKE = [
    ("常州云帆软件有限公司", "常州云帆机械有限公司"),  # another trade
    ("常州云帆软件有限公司", "常州星河软件有限公司"),
    ("常州云帆软件有限公司", "常州帆云软件有限公司"),
    ("常州陆和机械有限公司", "常州六和机械有限公司"),  # 陆 is a family name before it is a digit
    ("常州云帆软件有限公司", "常州云帆软件有限公司新北分公司"),  # a branch is no double of its parent
    ("常州云帆软件有限公司新北分公司", "常州云帆软件有限公司武进分公司"),
    ("常州云帆软件有限公司", "常州云帆有限公司"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_read_the_same_share_a_key(one: str, other: str) -> None:
    assert reasons(keys(one), keys(other, THERE)) == ["SIMILAR_NAME"]


@pytest.mark.parametrize(("one", "other"), NOT_ALIKE)
def test_names_of_different_businesses_share_no_key_of_names(one: str, other: str) -> None:
    assert "SIMILAR_NAME" not in reasons(keys(one), keys(other))


def test_one_trade_name_at_one_address_of_one_registrar_resembles_whatever_the_trade() -> None:
    software, machines = "常州云帆软件有限公司", "常州云帆机械有限公司"
    assert reasons(keys(software), keys(machines)) == ["SAME_TRADE_NAME_AND_ADDRESS"]
    assert reasons(keys(software), keys(machines, THERE)) == []
    assert reasons(keys(software), keys(machines, division="320412")) == []


def test_a_person_resembles_at_the_same_address_or_with_the_same_trade_name_only() -> None:
    mine = keys("常州云帆软件有限公司", HERE, persons=("p1", "p2"))
    assert reasons(mine, keys("常州星河机械有限公司", HERE, persons=("p2",))) == ["SAME_PERSON_AND_ADDRESS"]
    assert reasons(mine, keys("常州云帆机械有限公司", THERE, persons=("p1",))) == ["SAME_PERSON_AND_TRADE_NAME"]
    assert reasons(mine, keys("常州星河机械有限公司", THERE, persons=("p1",))) == []
    assert reasons(mine, keys("常州星河机械有限公司", HERE, persons=("p3",))) == []


@pytest.mark.parametrize(
    "written",
    [
        "常州市新北区通江路88号",
        "江苏省常州市新北区通江路88号",
        "通江路８８号",
        "常州市 新北区 通江路88号。",
        "新北区通江路88號",
    ],
)
def test_an_address_reads_the_same_with_and_without_its_division(written: str) -> None:
    assert fold_address(Domicile("320411", written)) == fold_address(HERE)


def test_other_numbers_of_a_street_are_other_addresses() -> None:
    assert len({fold_address(Domicile("320411", f"通江路{n}")) for n in ("88号", "8号", "88号2室", "888号")}) == 4


def test_without_an_address_or_a_name_nothing_is_made_of_what_is_not_there() -> None:
    nowhere = Domicile("320411", "")
    assert [k[0] for k in keys("常州云帆软件有限公司", nowhere, persons=("p",))] == ["a", "d"]
    assert [k[0] for k in keys("", HERE, persons=("p",))] == ["c"]
    assert len(keys("常州云帆软件有限公司", HERE, persons=tuple(map(str, range(200))))) == 2 + 2 * PERSONS


def test_every_traditional_character_that_names_may_not_have_is_compared_in_its_standard_form() -> None:
    forms = standard_forms()
    assert set(forms) == name_words().traditional_characters
    assert not set(forms.values()) & set(forms)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_brought_into_one_spelling_that_stays_and_keys_are_short(name: str, address: str) -> None:
    assert fold(fold(name)) == fold(name)
    found = keys(name, Domicile("320411", address), persons=("p",))
    assert all(len(key) == 17 and key[0] in REASONS for key in found)
    assert len(found) == len(set(found))


def side(**change: Any) -> Side:
    fields: dict[str, Any] = {
        "name": "常州云帆软件有限公司", "entity_type": EntityType.LIMITED_COMPANY, "domicile": HERE,
        "business_scope": "软件开发；软件销售", "capital": Capital(100_000_000), "legal_representative_masked": "王*明",
        "head_key": "p1", "date": "2025-03-03", "state": "UNDER_REVIEW",
        "match_keys": keys("常州云帆软件有限公司", persons=("p1",)),
    } | change  # fmt: skip
    return Side(**fields)


def test_two_are_shown_side_by_side_and_the_same_mask_is_not_the_same_person() -> None:
    other = side(
        name="常州雲帆软件有限公司", head_key="p2", capital=None, date="2001-05-08", state="ACTIVE",
        match_keys=keys("常州雲帆软件有限公司"),
    )  # fmt: skip
    why, fields = compare(side(), other)
    assert why == ["SAME_NAME", "SIMILAR_NAME", "SAME_TRADE_NAME_AND_ADDRESS"]
    assert {f.field: f.same for f in fields} == {
        "name": True, "entity_type": True, "address": True, "business_scope": True, "capital": False,
        "legal_representative": False, "date": False, "state": False,
    }  # fmt: skip
    shown = {f.field: (f.of_application, f.of_other) for f in fields}
    assert shown["legal_representative"] == ("王*明", "王*明")
    assert shown["capital"] == ("1000000.00 CNY", "")
    assert next(f.same for f in compare(side(), side())[1] if f.field == "legal_representative")
