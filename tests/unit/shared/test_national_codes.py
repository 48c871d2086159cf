"""National code standards (domain-rules §1, §7)."""

from __future__ import annotations

from datetime import date

import pytest

from shared.failures import InvalidArgument
from shared.national_codes import (
    check_resident_id,
    check_uscc,
    compose_uscc,
    division,
    mod_37_36_check,
    mod_37_36_digit,
    uscc_check_digit,
)

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "code",
    [
        "91320411MAXX00015L", "92320411MAXX00023C", "93320411MAXX000314", "91440305MAXX0004X6", "91440103MAXX001030",
        "92120112MAXX00058G", "11320411999900011N", "1232041199990002XB", "52320411MJ9999016G", "91320411MAXX00090D",
        "91350100M000100Y43",
    ],
)  # fmt: skip
def test_a_valid_code_passes_both_check_digits(code: str) -> None:
    check_uscc(code)
    assert compose_uscc(code[:2], code[2:8], code[8:16]) == code


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("91320411MAXX000154", "USCC_CHECK_DIGIT"),
        ("91320411MAXX00016P", "USCC_ORGANISATION_DIGIT"),
        ("91320411MIXX00015L", "USCC_CHARACTER"),
        ("91230411MAXX00015L", "USCC_CHECK_DIGIT"),
        ("91320411MAXX00015", "USCC_LENGTH"),
        ("91320411maxx00015l", "USCC_CHARACTER"),
        ("９1320411MAXX00015L", "USCC_CHARACTER"),
        ("", "USCC_LENGTH"),
    ],
)
def test_an_invalid_code_is_refused_with_the_part_that_is_wrong_and_the_field(code: str, reason: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        check_uscc(code, field="holder.uscc")
    assert (caught.value.reason, caught.value.violations[0].field) == (reason, "holder.uscc")


def test_the_published_worked_example_gives_three() -> None:
    assert uscc_check_digit("91350100M000100Y4") == "3"


@pytest.mark.parametrize(
    "number",
    ["32041119900307001X", "320411198512310021", "440305200002290037", "44010319700101004X", "120112198808080053",
     "320411199506150070"],
)  # fmt: skip
def test_a_valid_identity_number_passes(number: str) -> None:
    check_resident_id(number, TODAY)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("320411199003070012", "RESIDENT_ID_CHECK_DIGIT"),
        ("440305200102290034", "RESIDENT_ID_DATE"),
        ("32041119900307001x", "RESIDENT_ID_FORM"),
        ("320411900307001", "RESIDENT_ID_FORM"),
        ("320411209001010011", "RESIDENT_ID_DATE"),
        ("３20411199003070012", "RESIDENT_ID_FORM"),
    ],
)
def test_an_invalid_identity_number_is_refused_with_its_field(number: str, reason: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        check_resident_id(number, TODAY, field="legal_representative.id_number")
    assert caught.value.reason == reason
    assert caught.value.violations[0].field == "legal_representative.id_number"


@pytest.mark.parametrize(
    "text",
    [
        "11100000000013338W011" + "11430000006122244L" + "20230000403" + "001" + "U",
        "11100000MB03271699022" + "340100" + "000000016" + "001" + "9",
        "11100000000013338W009" + "11330105002500287C" + "2025052201" + "002" + "0",
        "11320411999900011N001" + "11320411999900011N" + "JGBA2024000001" + "001" + "P",
        "A12425GABC1234002M",
    ],
)
def test_real_certificate_identifiers_carry_the_right_check_character(text: str) -> None:
    assert mod_37_36_check(text)
    assert not mod_37_36_check(text[:-1] + ("Q" if text[-1] != "Q" else "P"))


def test_the_next_version_of_a_serial_has_its_own_check_character() -> None:
    assert mod_37_36_digit("11320411999900011N00111320411999900011NJGBA2024000001002") == "N"


def test_divisions_are_known_by_name_and_an_unknown_one_names_the_field() -> None:
    assert division("320411").full_name == "江苏省常州市新北区"
    assert division("120112").full_name == "天津市津南区"
    assert division("320405").valid_to is not None
    with pytest.raises(InvalidArgument) as caught:
        division("999999", field="domicile.division_code")
    assert (caught.value.reason, caught.value.violations[0].field) == ("UNKNOWN_DIVISION", "domicile.division_code")
