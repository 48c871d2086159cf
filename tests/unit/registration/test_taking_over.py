"""What another registrar hands over is judged before it is kept."""

from __future__ import annotations

from datetime import date

import pytest

from services.registration.domain.entities import Capital, EntityType
from services.registration.domain.form_check import Domicile, Person
from services.registration.domain.moving_in import TakeOver, check_take_over, moved_in
from services.registration.domain.paid_in import check_filed_term
from shared.failures import InvalidArgument
from tests.unit.registration.test_entity_cases import at

TODAY = date(2026, 3, 2)


def handed_over(paid_in: str) -> TakeOver:
    head = Person("王小明", "RESIDENT_ID", "32041119900307001X", "13800000000", "FACE")
    return TakeOver(
        "320411", "320402", "QR-1", "ab" * 32, "91320402MAXX00015K", EntityType.LIMITED_COMPANY, "常州星河机械有限公司",
        "2025-05-06", Domicile("320411", "云杉路1号"), "机械制造", Capital(100, "CNY", paid_in), head,
    )  # fmt: skip


@pytest.mark.parametrize("day", ["", "2030-05-06", "2040-12-31"])
def test_by_when_its_capital_is_paid_in_was_lawful_where_it_was_given(day: str) -> None:
    asked = handed_over(day)
    check_take_over(asked, "320411", TODAY)
    entity, _ = moved_in(asked, "ent_1", at("2026-03-02"))
    check_filed_term(entity, "2029-12-31", TODAY)


@pytest.mark.parametrize("day", ["2030-13-45", "2030/5/6", "soon", "2030-02-30"])
def test_but_it_is_a_day_or_no_later_term_could_be_held_against_it(day: str) -> None:
    with pytest.raises(InvalidArgument) as failure:
        check_take_over(handed_over(day), "320411", TODAY)
    (violation,) = failure.value.violations
    assert (violation.field, violation.reason) == ("capital.paid_in_due_date", "PAID_IN_DUE_DATE_INVALID")
