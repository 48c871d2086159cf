"""Values of facts: codes are codes, registered facts are what a register can keep (events carry ids and codes only)."""

from __future__ import annotations

import pytest

from services.registration.domain.cases.engine import Party
from services.registration.domain.cases.facts import LONGEST_VALUE, MOST_REASONS, VALUES, read_facts
from services.registration.domain.entities import MAX_ADDRESS, MAX_SCOPE
from services.registration.domain.events import EntityCaseMoved, EntityFlagged
from shared.failures import InvalidArgument
from tests.unit.registration.test_entity_cases import AUTHORITY, GOOD, REGISTRAR, Play, entity

PRIVATE = "张三 320411199003070012 欠我钱," + "x" * 100
CHANGED = {"event_date": "2025-03-01", "new_address": "科技路2号"}


def refused(facts: dict[str, str]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidArgument) as caught:
        read_facts(facts)
    return [(violation.field, violation.reason) for violation in caught.value.violations]


@pytest.mark.parametrize("text", [PRIVATE, "lower", "A B", "A, B", "OWES-TAX", "X" * 61, "原因", "A\0"])
@pytest.mark.parametrize(
    ("kind", "opening", "action", "by"),
    [
        ("SIMPLIFIED_CANCELLATION", GOOD, "OBJECT", AUTHORITY),
        ("CHANGE", CHANGED, "REFUSE", REGISTRAR),
        ("ABNORMAL_LISTING", None, "", REGISTRAR),
    ],
)
def test_reasons_of_every_kind_are_codes_and_nothing_else_reaches_an_event(
    kind: str, opening: dict[str, str] | None, action: str, by: Party, text: str
) -> None:
    reasons = {"reason_codes": text}
    with pytest.raises(InvalidArgument) as caught:
        if opening is None:
            Play(kind, entity(), "2025-03-03", reasons, by)
        else:
            Play(kind, entity(), "2025-03-03", opening).act(action, "2025-03-04", reasons, by)
    assert [(v.field, v.reason) for v in caught.value.violations] == [("facts.reason_codes", "REASON_CODE_INVALID")]
    assert text not in str(caught.value)


def test_reasons_are_twenty_codes_at_most_and_stand_in_the_event_as_they_were_said() -> None:
    codes = [f"CODE_{n}" for n in range(MOST_REASONS)]
    play = Play("ABNORMAL_LISTING", entity(), "2025-03-03", {"reason_codes": ",".join(codes)}, REGISTRAR)
    (moved,) = [event for event in play.told if isinstance(event, EntityCaseMoved)]
    (flagged,) = [event for event in play.told if isinstance(event, EntityFlagged)]
    assert (moved.reason_codes, flagged.reason_code) == (codes, "CODE_0")
    assert refused({"reason_codes": ",".join([*codes, "ONE_MORE"])}) == [("facts.reason_codes", "TOO_MANY_REASONS")]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("new_address", "   ", "FACT_BLANK"),
        ("new_address", "\u3000\u3000", "FACT_BLANK"),
        ("new_address", "x" * (MAX_ADDRESS + 1), "TOO_LONG"),
        ("new_business_scope", "软件开发\u202e", "TEXT_UNPRINTABLE"),
        ("new_business_scope", "软件\0开发", "TEXT_UNPRINTABLE"),
        ("new_business_scope", "软" * (MAX_SCOPE + 1), "TOO_LONG"),
        ("new_name", "常州云帆\u200b机械有限公司", "TEXT_UNPRINTABLE"),
        ("new_name", "云" * (LONGEST_VALUE + 1), "TOO_LONG"),
        ("new_legal_representative_masked", "王*\u202e明", "TEXT_UNPRINTABLE"),
        ("taking_over_ref", "x" * 4000, "TOO_LONG"),
        ("items", "name\0", "TEXT_UNPRINTABLE"),
        ("approved_by", "王小明", "PSEUDONYM_INVALID"),
        ("approved_by", "Wang Xiaoming", "PSEUDONYM_INVALID"),
    ],
)
def test_what_a_register_cannot_keep_is_refused_and_the_fact_is_named(name: str, text: str, reason: str) -> None:
    assert refused({name: text}) == [(f"facts.{name}", reason)]


def test_everything_that_is_wrong_is_told_at_once() -> None:
    found = refused({"new_address": " ", "reason_codes": "why not", "no_debts": "yes", "colour": "red"})
    assert {reason for _, reason in found} == {"FACT_BLANK", "REASON_CODE_INVALID", "NOT_TRUE", "FACT_UNKNOWN"}


def test_an_absent_value_is_no_fault() -> None:
    assert read_facts(dict.fromkeys(sorted(set(VALUES) - {"new_legal_representative_masked"}), ""))


def test_a_change_registers_the_name_in_its_one_spelling_and_texts_without_spaces_at_their_ends() -> None:
    said = {
        "event_date": "2025-03-01", "new_name": " 常州星河(常州)机械有限公司\u3000", "new_address": " 科技路2号\n",
        "new_business_scope": " 软件开发 ",
    }  # fmt: skip
    read = read_facts(said)
    assert read["new_name"] == "常州星河（常州）机械有限公司"
    said["new_name"] = "  常州星河机械有限公司\u3000"
    play = Play("CHANGE", entity(), "2025-03-03", said).act("REGISTER", "2025-03-04", by=REGISTRAR)
    told = (play.entity.name, play.entity.domicile.address, play.entity.business_scope)
    assert told == ("常州星河机械有限公司", "科技路2号", "软件开发")
    assert play.case.facts["new_name"] == "常州星河机械有限公司"
