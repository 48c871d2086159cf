"""The form check: every gap at once. Persons and codes are synthetic."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.entities import EntityType
from services.registration.domain.form_check import (
    Capital,
    Domicile,
    Investor,
    Material,
    NotCompetent,
    Person,
    SetUpApplication,
    form_gaps,
    form_rules,
    mask_id,
    mask_name,
    mask_phone,
    not_competent,
    require_competent,
)

TODAY = date(2026, 3, 2)
PERSON = Person("王小明", "RESIDENT_ID", "32041119900307001X", "13800000000", "FACE")


def complete(entity_type: EntityType) -> SetUpApplication:
    return SetUpApplication(
        division_code="320411",
        entity_type=entity_type,
        name="常州市青禾机械有限公司",
        domicile=Domicile("320411", "常州市新北区云杉路1号"),
        business_scope="机械设备制造",
        capital=Capital(100_000_000, "CNY", "2030-12-31"),
        legal_representative=PERSON,
        investors=(Investor(60_000_000, PERSON), Investor(40_000_000, uscc="91320411MAXX00015L")),
        materials=tuple(Material(code, "0" * 64) for code in form_rules()[entity_type].materials),
    )


COMPANY = complete(EntityType.LIMITED_COMPANY)


def gaps(application: SetUpApplication) -> list[tuple[str, str]]:
    return [(gap.field, gap.reason) for gap in form_gaps(application, TODAY)]


@pytest.mark.parametrize("entity_type", list(EntityType))
def test_a_complete_application_has_no_gap(entity_type: EntityType) -> None:
    assert form_gaps(complete(entity_type), TODAY) == []


@pytest.mark.parametrize("entity_type", list(EntityType))
def test_an_empty_application_is_told_everything_at_once_with_the_article(entity_type: EntityType) -> None:
    found = form_gaps(SetUpApplication("320411", entity_type), TODAY)

    fields = {gap.field for gap in found}
    assert {"name", "domicile.address", "business_scope", "legal_representative"} <= fields
    assert ("capital.amount_fen" in fields) == form_rules()[entity_type].capital_required
    assert sum(gap.reason == "MATERIAL_MISSING" for gap in found) == len(form_rules()[entity_type].materials)
    assert all(gap.source and gap.description for gap in found)


@pytest.mark.parametrize(
    ("application", "gap"),
    [
        (replace(COMPANY, name=""), ("name", "NAME_MISSING")),
        (replace(COMPANY, domicile=Domicile("320411", " ")), ("domicile.address", "ADDRESS_MISSING")),
        (replace(COMPANY, domicile=Domicile("", "云杉路1号")), ("domicile.division_code", "DOMICILE_DIVISION_MISSING")),
        (replace(COMPANY, business_scope=""), ("business_scope", "BUSINESS_SCOPE_MISSING")),
        (replace(COMPANY, capital=None), ("capital.amount_fen", "CAPITAL_MISSING")),
        (replace(COMPANY, capital=Capital(0)), ("capital.amount_fen", "CAPITAL_MISSING")),
        (replace(COMPANY, capital=Capital(100_000_000, "XYZ", "2030-12-31")), ("capital.currency", "CURRENCY_UNKNOWN")),
        (replace(COMPANY, capital=Capital(100_000_000)), ("capital.paid_in_due_date", "PAID_IN_DUE_DATE_MISSING")),
        (
            replace(COMPANY, capital=Capital(100_000_000, "CNY", "2030-13-01")),
            ("capital.paid_in_due_date", "PAID_IN_DUE_DATE_INVALID"),
        ),
        (
            replace(COMPANY, capital=Capital(100_000_000, "CNY", "2020-01-01")),
            ("capital.paid_in_due_date", "PAID_IN_DUE_DATE_PAST"),
        ),
        (
            replace(COMPANY, capital=Capital(100_000_000, "CNY", "2031-03-03")),
            ("capital.paid_in_due_date", "PAID_IN_TERM_TOO_LONG"),
        ),
        (replace(COMPANY, legal_representative=None), ("legal_representative", "LEGAL_REPRESENTATIVE_MISSING")),
        (
            replace(COMPANY, legal_representative=replace(PERSON, identity_check="")),
            ("legal_representative.identity_check", "IDENTITY_NOT_CHECKED"),
        ),
        (
            replace(COMPANY, legal_representative=replace(PERSON, id_type="LIBRARY_CARD")),
            ("legal_representative.id_type", "ID_TYPE_UNKNOWN"),
        ),
        (
            replace(COMPANY, legal_representative=replace(PERSON, id_number="")),
            ("legal_representative.id_number", "ID_NUMBER_MISSING"),
        ),
        (replace(COMPANY, investors=()), ("investors", "INVESTORS_MISSING")),
        (replace(COMPANY, investors=(Investor(99_999_999, PERSON),)), ("investors", "INVESTORS_SUM_DIFFERS")),
        (replace(COMPANY, investors=(Investor(100_000_000),)), ("investors[0]", "INVESTOR_UNNAMED")),
        (
            replace(COMPANY, investors=(Investor(100_000_000, replace(PERSON, name="")),)),
            ("investors[0].person.name", "PERSON_NAME_MISSING"),
        ),
    ],
)
def test_one_fault_is_one_gap(application: SetUpApplication, gap: tuple[str, str]) -> None:
    assert gaps(application) == [gap]


def test_a_wrong_resident_number_is_a_gap_that_names_the_field_and_hides_the_number() -> None:
    number = "320411199003070012"

    found = form_gaps(replace(COMPANY, legal_representative=replace(PERSON, id_number=number)), TODAY)

    assert [gap.field for gap in found] == ["legal_representative.id_number"]
    assert number not in found[0].description


def test_a_wrong_code_of_an_investor_is_a_gap_that_names_the_field() -> None:
    found = form_gaps(replace(COMPANY, investors=(Investor(100_000_000, uscc="91320411MAXX000154"),)), TODAY)

    assert [gap.field for gap in found] == ["investors[0].uscc"]


def test_capital_paid_in_exactly_five_years_from_today_is_in_time() -> None:
    assert gaps(replace(COMPANY, capital=Capital(100_000_000, "CNY", "2031-03-02"))) == []


def test_each_missing_material_is_one_gap() -> None:
    found = form_gaps(replace(COMPANY, materials=(Material("APPLICATION_FORM", ""),)), TODAY)

    assert [gap.reason for gap in found] == ["MATERIAL_WITHOUT_FILE"] + ["MATERIAL_MISSING"] * 4
    assert found[-1].field == "materials.APPOINTMENT_DOCUMENTS"


def test_a_reservation_holds_the_name() -> None:
    reserved = replace(COMPANY, name="", name_reservation_id="nam_1")

    assert gaps(reserved) == []
    assert [gap.reason for gap in form_gaps(reserved, TODAY, has_name=False)] == ["NAME_MISSING"]


def test_a_domicile_elsewhere_is_for_the_registrar_there() -> None:
    elsewhere = replace(COMPANY, domicile=Domicile("440305", "云杉路1号"))

    with pytest.raises(NotCompetent) as caught:
        require_competent(elsewhere, "320411")

    assert caught.value.metadata["competent_division_code"] == "440305"
    assert "深圳市南山区" in caught.value.message
    assert not_competent(COMPANY, "320411") is None
    assert not_competent(replace(COMPANY, domicile=Domicile()), "320411") is None
    assert not_competent(COMPANY, "440305") is not None


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三", "张*"), ("王小明", "王*明"), ("欧阳修远", "欧**远"), ("王", "*"), ("", ""), (" 王小明\u3000", "王*明")],
)
def test_names_are_masked_but_for_the_first_and_last_character(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_numbers_are_masked_in_the_middle() -> None:
    assert mask_id("32041119900307001X") == "320***********001X"
    assert mask_id("E12345678") == "******678"
    assert mask_phone("13800000000") == "138****0000"
    assert mask_phone("051980000000") == "********0000"


@given(st.text(max_size=30))
def test_a_mask_keeps_the_length_and_never_shows_more_than_half_of_a_number(text: str) -> None:
    for masked in (mask_id(text), mask_phone(text)):
        assert len(masked) == len(text)
    assert len(mask_name(text)) == len(text.strip())
    if text and "*" not in text:
        assert "*" in mask_id(text)
        assert "*" in mask_phone(text)
