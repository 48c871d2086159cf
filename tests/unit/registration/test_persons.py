"""One text for one person (GB 11643-1999; domain rule T13)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from services.registration.domain.cases.facts import read_facts
from services.registration.domain.cases.persons import opening_facts
from services.registration.domain.entities import EntityType
from services.registration.domain.form_check import Investor, Person, SetUpApplication, mask_name
from services.registration.domain.identity import ID_TYPES
from services.registration.domain.persons import (
    PersonBarred,
    named_persons,
    person_text,
    require_not_barred,
    require_number,
)
from shared.failures import InvalidArgument
from tests.unit.registration.test_entity_cases import entity

LONG = "32041119880307003X"


WRITTEN = ("320411880307003", "32041119880307003x", " 320411 19880307 003X ", "３２０４１１８８０３０７００３")


@pytest.mark.parametrize("written", WRITTEN)
def test_one_person_has_one_text_however_the_number_is_written(written: str) -> None:
    assert person_text("RESIDENT_ID", written) == f"RESIDENT_ID|{LONG}"


def test_a_passport_of_fifteen_digits_stays_as_it_is() -> None:
    assert person_text("PASSPORT", "320411880307003") == "PASSPORT|320411880307003"


@given(st.sampled_from(["RESIDENT_ID", "PASSPORT"]), st.text("0123456789xXgＧ０９ｘ -　", max_size=40))
def test_any_number_gets_one_spelling_that_stays(id_type: str, number: str) -> None:
    once = person_text(id_type, number)
    assert person_text(id_type, once.removeprefix(f"{id_type}|")) == once


def test_everybody_with_a_number_is_named_and_the_first_who_is_barred_is_told_by_the_field() -> None:
    head, partner = Person("李小红", "RESIDENT_ID", LONG), Person("王小明", "PASSPORT", "E1234567")
    asked = SetUpApplication(
        "320411", EntityType.LIMITED_COMPANY, legal_representative=head,
        investors=(Investor(1, uscc="91320411MAXX00015L"), Investor(1, partner), Investor(1, Person("无"))),
    )  # fmt: skip
    named = [(n.field, person_text(n.person.id_type, n.person.id_number)) for n in named_persons(asked)]
    assert [field for field, _ in named] == ["legal_representative", "investors[1].person"]
    with pytest.raises(PersonBarred, match=r"2028-03-03 .*art\. 40") as barred:
        require_not_barred({"PASSPORT|E1234567": "2028-03-03"}, named)
    assert barred.value.metadata == {"field": "investors[1].person", "until": "2028-03-03"}
    require_not_barred({}, named)


def test_T13_a_bar_is_set_on_a_number_only_that_the_person_can_be_found_by() -> None:
    """Said as another kind of document, or mistyped, the bar would keep nobody from anything (条例 art. 40)."""
    base = "91112319900307001"
    number = base + mod_11_2.calc_check_digit(base)
    require_number("PERMANENT_RESIDENT", number, ID_TYPES)
    require_number("RESIDENT_ID", " 320411 19880307 003X ", ID_TYPES)
    require_number("PASSPORT", "E1234567", ID_TYPES)
    for id_type, told in (("RESIDENT_ID", number), ("PERMANENT_RESIDENT", base + "?"), ("PERMANENT_RESIDENT", LONG)):
        with pytest.raises(InvalidArgument) as refused:
            require_number(id_type, told, ID_TYPES, "person.")
        assert [violation.field for violation in refused.value.violations] == ["person.id_number"]


@pytest.mark.parametrize("name", ["李小红", "李小红 ", "\u3000李小红"])
def test_the_mask_that_a_change_notes_is_that_of_the_name_that_is_kept(name: str) -> None:
    """By it the licence knows that the name it has is the registered one's; else it would stay suspended."""
    person = Person(name, "RESIDENT_ID", "32041119900307001X", "13800000000", "FACE")
    noted = read_facts(opening_facts("CHANGE", entity(), {}, person, (), date(2026, 3, 2)))
    assert noted["new_legal_representative_masked"] == mask_name(name) == "李*红"
