"""Names taken apart and judged. Every name here is invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.name_judgement import name_violations
from services.registration.domain.naming import (
    name_key,
    normalise_name,
    parse_name,
    trade_name_prefix,
)
from services.registration.domain.naming_rules import Lexicon, lexicon, name_words
from shared.failures import InvalidArgument

XINBEI = "320411"
HEADS = ["", "江苏", "江苏省", "常州", "常州市", "常州市新北区", "常州新区", "新北区", "上海", "中国"]
BODIES = ["青禾", "青禾机械", "云杉木业", "三江口新材料科技", "机械", "禾", "青禾（常州）机械", "青禾机械（江苏）", ""]
FORMS = [
    "有限公司",
    "股份有限公司",
    "厂",
    "集团有限公司",
    "（集团）有限公司",
    "厂（普通合伙）",
    "专业合作社",
    "药店",
    "",
]
TAILS = ["", "新北分公司", "第一门市部", "（原青禾五金厂）", "太湖路支行"]
NAMES = st.builds("".join, st.tuples(*(st.sampled_from(part) for part in (HEADS, BODIES, FORMS, TAILS))))


def reasons(name: str, entity_type: str = "LIMITED_COMPANY", division: str = XINBEI) -> list[str]:
    parts = parse_name(name, entity_type, division)
    return [violation.reason for violation in name_violations(parts, division, entity_type)]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("常州市青禾机械有限公司", ("常州市", "青禾", "机械", "有限公司")),
        ("常州市新北区青禾五金机械设备有限公司", ("常州市新北区", "青禾", "五金机械设备", "有限公司")),
        ("江苏常州云杉新材料科技股份有限公司", ("江苏常州", "云杉", "新材料科技", "股份有限公司")),
        ("常州新区青禾纺织品有限公司", ("常州新区", "青禾", "纺织品", "有限公司")),
        ("青禾（常州）锅炉有限公司", ("常州", "青禾", "锅炉", "有限公司")),
        ("青禾生物科技(江苏)有限公司", ("江苏", "青禾", "生物科技", "有限公司")),
        ("常州青禾太阳能（集团）有限公司", ("常州", "青禾", "太阳能", "（集团）有限公司")),
        ("常州永新材料有限公司", ("常州", "永新", "材料", "有限公司")),
        ("常州市青禾五金厂（普通合伙）", ("常州市", "青禾", "五金", "厂（普通合伙）")),
        ("常州市新北区青禾水稻专业合作社", ("常州市新北区", "青禾", "水稻", "专业合作社")),
        ("常州市新北区薛家青禾药店", ("常州市新北区", "薛家青禾", "", "药店")),
        ("常州青禾有限公司", ("常州", "青禾", "", "有限公司")),
        ("常州青禾铜镜有限公司", ("常州", "青禾", "铜镜", "有限公司")),
    ],
)
def test_a_name_is_division_trade_name_trade_and_form(name: str, parts: tuple[str, ...]) -> None:
    found = parse_name(name)

    assert (found.division, found.trade_name, found.trade, found.form) == parts
    assert found.full_name == normalise_name(name)
    assert not found.is_branch


@pytest.mark.parametrize(
    ("name", "tail"),
    [
        ("常州青禾机械有限公司新北分公司", "新北分公司"),
        ("上海云杉银行股份有限公司常州太湖路支行", "常州太湖路支行"),
        ("常州市青禾棉纺厂第二门市部", "第二门市部"),
        ("南京青禾大药房有限公司常州三井药店", "常州三井药店"),
    ],
)
def test_a_branch_has_the_parts_of_its_parent(name: str, tail: str) -> None:
    parts = parse_name(name)

    assert parts.is_branch
    assert parts.tail == tail
    assert parts.trade_name in {"青禾", "云杉"}
    assert reasons(name, "BRANCH") == []


def test_a_declared_sole_trader_is_no_branch_of_a_works() -> None:
    assert not parse_name("常州市青禾棉纺厂门市部", "SOLE_TRADER").is_branch


@given(
    NAMES
    | st.text(alphabet="常州市江苏新北区青禾机械有限公司厂（）集团分 a1\u202e", max_size=30)
    | st.text(max_size=40)
)
def test_the_parts_put_together_are_always_the_name(name: str) -> None:
    parts = parse_name(name)

    assert parts.joined() == parts.full_name == normalise_name(name)
    assert parse_name(parts.full_name) == parts


@given(NAMES | st.text(max_size=80), st.sampled_from([*name_words().forms, ""]))
def test_any_input_is_judged_without_failing(name: str, entity_type: str) -> None:
    parts = parse_name(name, entity_type, XINBEI)

    violations = name_violations(parts, XINBEI, entity_type)

    assert all(v.field == "name" and v.reason.startswith("NAME_") and v.description for v in violations)
    assert name_key(parts, XINBEI).startswith(f"{XINBEI}|")


@pytest.mark.parametrize(
    ("name", "entity_type"),
    [
        ("常州市青禾智能装备有限公司", "LIMITED_COMPANY"),
        ("常州市新北区青禾供应链管理有限责任公司", "LIMITED_COMPANY"),
        ("江苏青禾新能源科技股份有限公司", "JOINT_STOCK_COMPANY"),
        ("云杉（常州）半导体科技有限公司", "LIMITED_COMPANY"),
        ("常州青禾企业管理中心（有限合伙）", "LIMITED_PARTNERSHIP"),
        ("常州青禾税务师事务所（普通合伙）", "GENERAL_PARTNERSHIP"),
        ("常州市青禾五金厂（个人独资）", "SOLE_PROPRIETORSHIP"),
        ("常州市新北区青禾小吃店", "SOLE_TRADER"),
        ("常州市新北区青禾葡萄种植专业合作社", "COOPERATIVE"),
        ("常州恒泰国际贸易有限公司", "LIMITED_COMPANY"),
        ("常州青禾中国旅行社有限公司", "LIMITED_COMPANY"),
        ("常州安康食品有限公司", "LIMITED_COMPANY"),
    ],
)
def test_a_lawful_modern_name_passes(name: str, entity_type: str) -> None:
    assert reasons(name, entity_type) == []


@pytest.mark.parametrize(
    ("name", "entity_type", "reason"),
    [
        ("青禾机械有限公司", "LIMITED_COMPANY", "NAME_DIVISION_MISSING"),
        ("青禾机械常州有限公司", "LIMITED_COMPANY", "NAME_DIVISION_MISSING"),
        ("新北区青禾机械有限公司", "LIMITED_COMPANY", "NAME_DIVISION_INCOMPLETE"),
        ("高新区青禾机械有限公司", "LIMITED_COMPANY", "NAME_DIVISION_INCOMPLETE"),
        ("江苏新北区青禾机械有限公司", "LIMITED_COMPANY", "NAME_DIVISION_INCOMPLETE"),
        ("上海青禾机械有限公司", "LIMITED_COMPANY", "NAME_DIVISION_FOREIGN"),
        ("青禾（深圳）科技有限公司", "LIMITED_COMPANY", "NAME_DIVISION_FOREIGN"),
        ("常州市武进区青禾机械有限公司", "LIMITED_COMPANY", "NAME_DIVISION_FOREIGN"),
        ("溧阳市青禾机械有限公司", "LIMITED_COMPANY", "NAME_DIVISION_FOREIGN"),
        ("常州禾有限公司", "LIMITED_COMPANY", "NAME_TRADE_NAME_TOO_SHORT"),
        ("常州市机械有限公司", "LIMITED_COMPANY", "NAME_TRADE_NAME_TOO_SHORT"),
        ("常州机械设备有限公司", "LIMITED_COMPANY", "NAME_TRADE_NAME_IS_TRADE"),
        ("常州无锡机械有限公司", "LIMITED_COMPANY", "NAME_TRADE_NAME_IS_DIVISION"),
        ("常州新北机械有限公司", "LIMITED_COMPANY", "NAME_TRADE_NAME_IS_DIVISION"),
        ("常州市青禾机械", "LIMITED_COMPANY", "NAME_FORM_MISSING"),
        ("常州市青禾机械厂", "LIMITED_COMPANY", "NAME_FORM_MISMATCH"),
        ("常州市青禾机械股份有限公司", "LIMITED_COMPANY", "NAME_FORM_MISMATCH"),
        ("常州市青禾机械有限公司", "JOINT_STOCK_COMPANY", "NAME_FORM_MISMATCH"),
        ("常州市青禾小吃有限公司", "SOLE_TRADER", "NAME_FORM_MISMATCH"),
        ("常州市青禾机械厂", "GENERAL_PARTNERSHIP", "NAME_FORM_MISMATCH"),
        ("常州市青禾机械厂", "SOLE_PROPRIETORSHIP", "NAME_FORM_MISMATCH"),
        ("常州青禾机械有限公司新北分公司", "LIMITED_COMPANY", "NAME_FORM_MISMATCH"),
        ("常州市青禾机械有限公司", "BRANCH", "NAME_PARENT_MISSING"),
        ("中国青禾机械有限公司", "LIMITED_COMPANY", "NAME_NEEDS_STATE_COUNCIL"),
        ("国家青禾机械有限公司", "LIMITED_COMPANY", "NAME_NEEDS_STATE_COUNCIL"),
        ("青禾机械（中国）有限公司", "LIMITED_COMPANY", "NAME_CHINA_IN_BRACKETS"),
        ("常州中华机械有限公司", "LIMITED_COMPANY", "NAME_STATE_WORD"),
        ("常州青禾赌博用品有限公司", "LIMITED_COMPANY", "NAME_FORBIDDEN_CONTENT"),
        ("常州加拿大青禾贸易有限公司", "LIMITED_COMPANY", "NAME_FORBIDDEN_CONTENT"),
        ("常州青禾机械有限公司（原云杉五金厂）", "LIMITED_COMPANY", "NAME_MORE_THAN_ONE"),
        ("常州青禾（云杉）机械有限公司", "LIMITED_COMPANY", "NAME_BRACKETS"),
        ("常州青禾" + "云" * 60 + "有限公司", "LIMITED_COMPANY", "NAME_TOO_LONG"),
        ("常州市青禾機械有限公司", "LIMITED_COMPANY", "NAME_NOT_STANDARD_CHARACTERS"),
        ("", "LIMITED_COMPANY", "NAME_CHARACTERS"),
    ],
)
def test_a_name_that_breaks_a_rule_is_refused_with_its_reason(name: str, entity_type: str, reason: str) -> None:
    assert reason in reasons(name, entity_type)


@pytest.mark.parametrize(
    "character", ["\u202e", "\u200b", "\u2f29", "А", "A", "１", "7", "·", " ", "、", "\U0001f600", "々"]
)
def test_letters_digits_look_alikes_and_hidden_characters_are_refused(character: str) -> None:
    name = f"常州市青{character}禾机械有限公司"

    if character == "\u2f29":  # a radical that looks like 小 and is read as 小
        assert parse_name(name).trade_name == "青小禾"
    else:
        assert "NAME_CHARACTERS" in reasons(name)


def test_a_refusal_shows_no_character_that_turns_the_text() -> None:
    (violation,) = name_violations(parse_name("常州市青禾\u202e机械有限公司"), XINBEI, "LIMITED_COMPANY")

    assert "\u202e" not in violation.description
    assert "U+202E" in violation.description
    assert "art. 5" in violation.description


def test_every_refusal_names_its_article() -> None:
    for name in ("青禾机械", "中国青禾有限公司", "上海禾有限公司", "新北区机械厂"):
        for violation in name_violations(parse_name(name), XINBEI, "LIMITED_COMPANY"):
            assert "art." in violation.description


def test_a_division_is_judged_by_where_the_registrar_sits() -> None:
    assert reasons("深圳市南山区青禾科技有限公司", division="440305") == []
    assert reasons("天津市津南区青禾科技有限公司", division="120112") == []
    assert "NAME_DIVISION_FOREIGN" in reasons("常州青禾科技有限公司", division="440103")


def test_a_division_without_naming_data_is_told_as_bad_input() -> None:
    with pytest.raises(InvalidArgument) as caught:
        name_violations(parse_name("常州青禾机械有限公司"), "999999", "LIMITED_COMPANY")

    assert caught.value.reason == "UNKNOWN_DIVISION"
    assert caught.value.violations[0].field == "division_code"


def test_names_with_the_same_trade_name_and_trade_share_a_key_whatever_division_or_form() -> None:
    keys = {
        name_key(parse_name(name), XINBEI)
        for name in ("常州市青禾机械有限公司", "江苏青禾机械股份有限公司", "青禾（常州）机械有限公司", "常州青禾机械厂")
    }

    assert keys == {f"{XINBEI}|青禾|机械"}


def test_names_of_other_trades_or_registrars_have_other_keys() -> None:
    parts = parse_name("常州市青禾机械有限公司")

    assert name_key(parts, XINBEI) != name_key(parse_name("常州市青禾食品有限公司"), XINBEI)
    assert name_key(parts, XINBEI) != name_key(parts, "320412")


def test_branches_of_one_parent_have_keys_of_their_own() -> None:
    first = parse_name("常州青禾机械有限公司第一分公司")
    second = parse_name("常州青禾机械有限公司第二分公司")

    assert name_key(first, XINBEI) != name_key(second, XINBEI)


def test_a_name_without_a_trade_has_the_beginning_of_all_keys_of_its_trade_name() -> None:
    bare, trading = parse_name("常州青禾有限公司"), parse_name("常州青禾机械有限公司")

    assert name_key(bare, XINBEI) == trade_name_prefix(trading, XINBEI)
    assert name_key(trading, XINBEI).startswith(name_key(bare, XINBEI))


def test_the_lexicon_is_given_or_the_one_of_the_data() -> None:
    assert 300 <= len(lexicon().terms) <= 600
    assert parse_name("常州青禾铜镜有限公司", lexicon=Lexicon.of(frozenset({"禾铜镜"}))).trade == "铜镜"
    assert parse_name("常州大青禾铜镜有限公司", lexicon=Lexicon.of(frozenset({"禾铜镜"}))).trade == "禾铜镜"
