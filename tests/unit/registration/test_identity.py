"""Identity documents by kind (domain-rules §1.2; the numbers are its synthetic ones, or computed like them)."""

from __future__ import annotations

from datetime import date

import pytest

from services.registration.domain.form_check import Person, person_gaps
from services.registration.domain.identity import ID_TYPES, SOURCES, number_violation
from services.registration.domain.persons import person_text

TODAY = date(2026, 11, 23)
RESIDENTS = ["32041119900307001X", "320411198512310021", "440305200002290037", "44010319700101004X", "120112198808080053",
             "320411199506150070"]  # fmt: skip
PERMITS = ["810000199003070015", "820000198512310029", "830000200002290031"]
CARDS = ["911840199003070014", "USA110090030701"]


@pytest.mark.parametrize(
    ("id_type", "number"),
    [
        *(("RESIDENT_ID", number) for number in RESIDENTS),
        *(("RESIDENCE_PERMIT", number) for number in PERMITS),
        *(("PERMANENT_RESIDENT", number) for number in CARDS),
        ("PASSPORT", "E1234567"),
        ("PASSPORT", "810000"),
    ],
)
def test_a_number_in_the_form_of_its_document_is_taken(id_type: str, number: str) -> None:
    assert number_violation(id_type, number, TODAY, "id_number") is None


@pytest.mark.parametrize(
    ("id_type", "number", "reason"),
    [
        ("RESIDENT_ID", "320411199003070012", "RESIDENT_ID_CHECK_DIGIT"),
        ("RESIDENT_ID", "440305200102290034", "RESIDENT_ID_DATE"),
        ("RESIDENT_ID", "320411900307001", "RESIDENT_ID_FORM"),
        *(("RESIDENT_ID", number, "ID_TYPE_DIFFERS") for number in (*PERMITS, CARDS[0])),
        ("RESIDENCE_PERMIT", RESIDENTS[0], "RESIDENCE_PERMIT_FORM"),
        ("RESIDENCE_PERMIT", "810000199003070016", "RESIDENT_ID_CHECK_DIGIT"),
        ("RESIDENCE_PERMIT", "810000200102290019", "RESIDENT_ID_DATE"),
        ("PERMANENT_RESIDENT", RESIDENTS[0], "PERMANENT_RESIDENT_FORM"),
        ("PERMANENT_RESIDENT", "911840199003070019", "RESIDENT_ID_CHECK_DIGIT"),
        ("PERMANENT_RESIDENT", "91184019900307001", "RESIDENT_ID_FORM"),
        ("PERMANENT_RESIDENT", "US1110090030701", "PERMANENT_RESIDENT_FORM"),
    ],
)
def test_a_number_of_another_form_is_told_without_the_number(id_type: str, number: str, reason: str) -> None:
    found = number_violation(id_type, number, TODAY, "person.id_number")
    assert found is not None
    assert (found.field, found.reason) == ("person.id_number", reason)
    assert number not in found.description


@pytest.mark.parametrize("number", PERMITS)
def test_a_permit_that_is_called_a_resident_number_is_a_gap_with_its_source(number: str) -> None:
    (gap,) = person_gaps(Person("陈小明", "RESIDENT_ID", number, "", "FACE"), "person", "经营者", TODAY)
    assert (gap.field, gap.reason, gap.source) == ("person.id_number", "ID_TYPE_DIFFERS", SOURCES["RESIDENT_ID"])
    assert "RESIDENCE_PERMIT" in gap.description
    assert list(person_gaps(Person("陈小明", "RESIDENCE_PERMIT", number, "", "FACE"), "person", "经营者", TODAY)) == []


def test_who_was_known_by_a_permit_as_a_resident_number_is_still_the_same_person() -> None:
    assert person_text("RESIDENCE_PERMIT", PERMITS[0]) == person_text("RESIDENT_ID", PERMITS[0])
    assert person_text("PERMANENT_RESIDENT", "usa110090030701") == "PERMANENT_RESIDENT|USA110090030701"
    assert len({person_text(kind, PERMITS[0]) for kind in ID_TYPES}) == 3
