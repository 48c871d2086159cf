"""Changes of registered facts without a store: capital, type, who holds shares, what is not used, and in time or not (domain-rules
§2: REG 8, 24, 29; CO 12, 47, 224, 228; T36)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.registration.domain.cases.new_facts import SharesFrozen, changed_facts
from services.registration.domain.cases.persons import opening_facts
from services.registration.domain.entities import Capital, EntityType
from services.registration.domain.entity import Entity, EntityState, Flag
from services.registration.domain.events import EntityChanged
from services.registration.domain.form_check import Investor, Person
from services.registration.domain.limits import LimitUnit, limit
from services.registration.domain.paid_in import duties
from shared.clock import local_date
from shared.failures import InvalidArgument
from tests.unit.registration.test_entity_cases import REGISTRAR, Play, at, entity

DAY = {"event_date": "2025-03-01"}
TERM = {"new_paid_in_due_date": "2030-03-03"}
FULL = {"paid_in_full": "true"}
JOINT_STOCK = {"new_entity_type": "JOINT_STOCK_COMPANY", "new_name": "常州云帆机械股份有限公司"}
PARTNERS = [Investor(600, Person("李小红", "RESIDENT_ID", "320411198512310021", "", "FACE")),
            Investor(400, uscc="91320411MAXX00023F")]  # fmt: skip


def company(kind: EntityType = EntityType.LIMITED_COMPANY, **change: Any) -> Entity:
    return entity(kind, **({"capital": Capital(1000, "CNY", "2028-12-31")} | change))


def registered(who: Entity, facts: dict[str, str]) -> Play:
    return Play("CHANGE", who, "2025-03-03", DAY | facts).act("REGISTER", "2025-03-04", by=REGISTRAR)


def told(play: Play) -> list[list[str]]:
    return [event.facts for event in play.told if isinstance(event, EntityChanged)]


def refused(kind: str, who: Entity, facts: dict[str, str], day: str = "2025-03-03") -> list[tuple[str, str]]:
    with pytest.raises(InvalidArgument) as failure:
        Play(kind, who, day, facts)
    return [(v.field, v.reason) for v in failure.value.violations]


def test_more_capital_is_a_change_and_what_is_added_is_paid_in_within_five_years() -> None:
    play = registered(company(), {"new_capital_fen": "1500"} | TERM)
    assert (play.entity.capital, told(play)) == (Capital(1500, "CNY", "2030-03-03"), [["capital"]])
    earlier = registered(company(), {"new_capital_fen": "1500", "new_paid_in_due_date": "2026-01-31"})
    assert earlier.entity.capital == Capital(1500, "CNY", "2028-12-31"), "all of it is paid in by the later day"
    assert registered(company(), {"new_capital_fen": "1500"} | FULL).entity.capital == Capital(
        1500, "CNY", "2028-12-31"
    )


@pytest.mark.parametrize(
    ("kind", "facts", "field", "reason"),
    [
        (EntityType.LIMITED_COMPANY, {"new_capital_fen": "1500"}, "new_paid_in_due_date", "PAID_IN_DUE_DATE_MISSING"),
        (EntityType.LIMITED_COMPANY, {"new_capital_fen": "1500", "new_paid_in_due_date": "2030-03-04"},
         "new_paid_in_due_date", "PAID_IN_TERM_TOO_LONG"),
        (EntityType.LIMITED_COMPANY, {"new_capital_fen": "1500", "new_paid_in_due_date": "2025-03-02"},
         "new_paid_in_due_date", "PAID_IN_DUE_DATE_PAST"),
        (EntityType.LIMITED_COMPANY, {"new_capital_fen": "900"}, "new_capital_fen", "CAPITAL_REDUCTION_NEEDED"),
        (EntityType.JOINT_STOCK_COMPANY, {"new_capital_fen": "900"}, "new_capital_fen", "CAPITAL_REDUCTION_NEEDED"),
        (EntityType.LIMITED_COMPANY, {"new_capital_fen": "1.5"}, "new_capital_fen", "CAPITAL_INVALID"),
        (EntityType.LIMITED_COMPANY, {"new_address": "科技路2号"} | TERM, "new_paid_in_due_date", "FACT_NOT_USED"),
        (EntityType.LIMITED_COMPANY, {"new_address": "科技路2号"} | FULL, "paid_in_full", "FACT_NOT_USED"),
        (EntityType.JOINT_STOCK_COMPANY, {"new_capital_fen": "1500"} | TERM, "paid_in_full", "NOT_DECLARED"),
        (EntityType.JOINT_STOCK_COMPANY, {"new_capital_fen": "1500"} | TERM | FULL, "new_paid_in_due_date", "FACT_NOT_USED"),
        (EntityType.GENERAL_PARTNERSHIP, {"new_capital_fen": "1500"} | TERM, "new_paid_in_due_date", "FACT_NOT_USED"),
    ],
)  # fmt: skip
def test_capital_that_cannot_be_changed_so_is_refused_by_its_field(
    kind: EntityType, facts: dict[str, str], field: str, reason: str
) -> None:
    assert refused("CHANGE", company(kind), DAY | facts) == [(f"facts.{field}", reason)]


def test_only_a_company_needs_the_notice_to_creditors_and_a_sole_trader_registers_no_capital() -> None:
    partnership = registered(company(EntityType.GENERAL_PARTNERSHIP), {"new_capital_fen": "900"})
    assert partnership.entity.capital == Capital(900, "CNY", "2028-12-31")
    trader = entity(EntityType.SOLE_TRADER)
    assert refused("CHANGE", trader, DAY | {"new_capital_fen": "900"}) == [("facts.new_capital_fen", "NO_CAPITAL")]


def test_a_capital_that_grew_meanwhile_is_not_reduced_by_a_change_that_was_an_increase() -> None:
    play = Play("CHANGE", company(), "2025-03-03", DAY | {"new_capital_fen": "1500"} | TERM)
    play.entity.capital = Capital(2000)
    with pytest.raises(InvalidArgument, match="224"):
        play.act("REGISTER", "2025-03-04", by=REGISTRAR)
    assert (play.case.state, play.entity.capital) == ("UNDER_REVIEW", Capital(2000))


def test_a_limited_company_becomes_a_joint_stock_company_by_a_change_and_its_code_stays() -> None:
    play = registered(company(), JOINT_STOCK | FULL)
    found = play.entity
    assert (found.uscc, found.founding_date) == ("91320411MAXX00015L", "2020-01-06")
    assert (found.entity_type, found.name) == (EntityType.JOINT_STOCK_COMPANY, JOINT_STOCK["new_name"])
    assert found.capital == Capital(1000), "its shares are paid in"
    assert told(play) == [["capital", "entity_type", "name"]]


@pytest.mark.parametrize(
    ("kind", "facts", "violations"),
    [
        (EntityType.LIMITED_COMPANY, JOINT_STOCK, [("facts.paid_in_full", "NOT_DECLARED")]),
        (EntityType.LIMITED_COMPANY, FULL | {"new_entity_type": "JOINT_STOCK_COMPANY"}, [("facts.new_name", "NAME_FORM_MISMATCH")]),
        (EntityType.LIMITED_COMPANY, {"new_entity_type": "GENERAL_PARTNERSHIP"},
         [("facts.new_entity_type", "ENTITY_TYPE_NOT_ALLOWED")]),
        (EntityType.LIMITED_COMPANY, {"new_entity_type": "COMPANY"}, [("facts.new_entity_type", "ENTITY_TYPE_NOT_ALLOWED")]),
        (EntityType.SOLE_TRADER, {"new_entity_type": "LIMITED_COMPANY"},
         [("facts.new_entity_type", "ENTITY_TYPE_NOT_ALLOWED")]),
        (EntityType.JOINT_STOCK_COMPANY, FULL | {"new_entity_type": "LIMITED_COMPANY"}, [("investors", "INVESTORS_MISSING")]),
        (EntityType.COLLECTIVE, {"new_entity_type": "LIMITED_COMPANY"},
         [("facts.new_paid_in_due_date", "PAID_IN_DUE_DATE_MISSING")]),
    ],
)  # fmt: skip
def test_a_type_follows_by_a_change_only_where_the_law_allows_it_and_by_the_conditions_of_the_new_one(
    kind: EntityType, facts: dict[str, str], violations: list[tuple[str, str]]
) -> None:
    assert refused("CHANGE", company(kind), DAY | facts) == violations


def noted(who: Entity, facts: dict[str, str], investors: Any = tuple(PARTNERS), kind: str = "CHANGE") -> dict[str, str]:
    return dict(opening_facts(kind, who, DAY | facts, None, investors, local_date(at("2025-03-03"))))


def test_a_transfer_of_shares_names_all_who_hold_them_afterwards_and_is_told() -> None:
    facts = noted(company(), {"transfers_shares": "true"})
    assert facts["new_holders"] == "2"
    play = registered(company(), facts)
    assert (play.case.state, told(play)) == ("REGISTERED", [["shareholders"]])
    more = noted(company(), {"new_capital_fen": "1500"} | TERM, [*PARTNERS, Investor(500, uscc="91320411MAXX00015L")])
    assert told(registered(company(), more)) == [["capital", "shareholders"]]


@pytest.mark.parametrize(
    ("kind", "who", "facts", "investors", "field", "reason"),
    [
        ("CHANGE", company(), {"transfers_shares": "true"}, [], "investors", "INVESTORS_MISSING"),
        ("CHANGE", company(), {}, PARTNERS[:1], "investors", "INVESTORS_SUM_DIFFERS"),
        ("CHANGE", company(), {"new_capital_fen": "1500"}, PARTNERS, "investors", "INVESTORS_SUM_DIFFERS"),
        ("CHANGE", company(), {}, [Investor(1000, Person("李小红", "RESIDENT_ID", "320411198512310021"))],
         "investors[0].person.identity_check", "IDENTITY_NOT_CHECKED"),
        ("CHANGE", company(), {"new_holders": "2"}, [], "facts.new_holders", "FACT_UNKNOWN"),
        ("CHANGE", company(EntityType.JOINT_STOCK_COMPANY), {}, PARTNERS, "investors", "INVESTORS_NOT_ASKED"),
        ("CHANGE", company(EntityType.COOPERATIVE), {}, PARTNERS, "investors", "INVESTORS_NOT_ASKED"),
        ("DORMANCY", company(), {}, PARTNERS, "investors", "INVESTORS_NOT_ASKED"),
    ],
)  # fmt: skip
def test_holders_that_are_missing_or_not_registered_are_told_by_their_field(
    kind: str, who: Entity, facts: dict[str, str], investors: list[Investor], field: str, reason: str
) -> None:
    with pytest.raises(InvalidArgument) as failure:
        noted(who, facts, investors, kind)
    assert [(v.field, v.reason) for v in failure.value.violations] == [(field, reason)]


def test_frozen_shares_are_not_transferred_neither_when_it_is_applied_for_nor_when_it_is_registered() -> None:
    frozen, facts = company(flags=[Flag.SHARES_FROZEN]), noted(company(), {})
    with pytest.raises(SharesFrozen, match="253"):
        Play("CHANGE", frozen, "2025-03-03", facts)
    play = Play("CHANGE", company(), "2025-03-03", facts)
    play.entity.flag(Flag.SHARES_FROZEN, True, "COURT_ORDER")
    with pytest.raises(SharesFrozen):
        play.act("REGISTER", "2025-03-04", by=REGISTRAR)
    assert play.case.state == "UNDER_REVIEW"
    assert registered(company(flags=[Flag.SHARES_FROZEN]), {"new_address": "科技路2号"}).case.state == "REGISTERED"


def test_who_owns_a_sole_proprietorship_heads_it_so_that_a_new_head_is_a_transfer() -> None:
    facts = DAY | {"new_legal_representative_masked": "李*红"}
    with pytest.raises(SharesFrozen):
        Play("CHANGE", company(EntityType.SOLE_PROPRIETORSHIP, flags=[Flag.SHARES_FROZEN]), "2025-03-03", facts)
    Play("CHANGE", company(flags=[Flag.SHARES_FROZEN]), "2025-03-03", facts)


@pytest.mark.parametrize(
    ("kind", "who", "facts", "field"),
    [
        ("CHANGE", company(), {"new_address": "科技路2号", "filed": "DIRECTORS"}, "filed"),
        ("CHANGE", company(), {"new_address": "科技路2号", "taxes_settled": "true"}, "taxes_settled"),
        ("CHANGE_OF_OPERATOR", entity(EntityType.SOLE_TRADER), {"new_name": "常州星河服饰店"}, "new_name"),
        ("CONVERSION", entity(EntityType.SOLE_TRADER), {"new_address": "科技路2号"}, "new_address"),
        ("FILING", company(), {"filed": "DIRECTORS", "new_name": "常州星河机械有限公司"}, "new_name"),
        ("FILING", company(), {"filed": "DIRECTORS"} | TERM, "new_paid_in_due_date"),
        ("MOVE_OUT", company(), {"to_division_code": "320412", "taking_over_ref": "x", "until": "2025-06-01"}, "until"),
        ("ANNUAL_REPORT", company(), {"report_year": "2024", "new_name": "常州星河机械有限公司"}, "new_name"),
    ],
)
def test_a_fact_that_a_kind_does_not_use_is_refused_by_its_field_not_swallowed(
    kind: str, who: Entity, facts: dict[str, str], field: str
) -> None:
    day = {} if kind in ("MOVE_OUT", "ANNUAL_REPORT") else DAY
    assert refused(kind, who, day | facts) == [(f"facts.{field}", "FACT_NOT_USED")]


@pytest.mark.parametrize(
    ("address", "elsewhere"),
    [
        ("深圳市南山区科技路1号", "深圳市南山区"), ("江苏省常州市天宁区延陵路1号", "江苏省常州市天宁区"),
        ("天宁区延陵路1号", "天宁区"), ("常州市新北区黄河路1号", ""), ("新北区黄河路1号", ""), ("南京路1号", ""),
        ("中山市场1号", ""), ("海棠村1号", ""),
    ],
)  # fmt: skip
def test_a_seat_in_another_registrars_division_is_a_move_not_a_change(address: str, elsewhere: str) -> None:
    asked = DAY | {"new_address": address}
    if elsewhere:
        assert refused("CHANGE", company(), asked) == [("facts.new_address", "ADDRESS_ELSEWHERE")]
    else:
        assert told(registered(company(), {"new_address": address})) == [["domicile"]]


@pytest.mark.parametrize(
    ("code", "reason"), [("320411", "SAME_DIVISION"), ("999999", "DIVISION_INVALID"), ("99", "DIVISION_INVALID")]
)
def test_a_company_moves_to_another_division_that_there_is(code: str, reason: str) -> None:
    asked = {"to_division_code": code, "taking_over_ref": "QR-1"}
    assert refused("MOVE_OUT", company(), asked) == [("facts.to_division_code", reason)]


def test_what_was_checked_is_what_is_registered_no_step_brings_another_value() -> None:
    play = Play("CHANGE", company(), "2025-03-03", DAY | {"new_address": "科技路2号"})
    for action, facts in (("EXTEND", {"approved_by": "head-7"}), ("REGISTER", {})):
        with pytest.raises(InvalidArgument) as failure:
            play.act(action, "2025-03-04", facts | {"new_address": "科技路9号"}, REGISTRAR)
        assert [(v.field, v.reason) for v in failure.value.violations] == [("facts.new_address", "FACT_NOT_USED")]
    play.act("REGISTER", "2025-03-04", by=REGISTRAR)
    assert play.entity.domicile.address == "科技路2号"


def test_what_is_said_as_it_stands_is_no_change_and_is_not_told_as_one() -> None:
    same = {"new_name": "常州云帆机械有限公司", "new_address": "科技路1号", "new_capital_fen": "1000"}
    assert refused("CHANGE", company(), DAY | same) == [("facts", "NO_CHANGE")]
    play = registered(company(), same | {"new_business_scope": "机械销售"})
    assert told(play) == [["business_scope"]]


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("CHANGE", {"new_address": "科技路1号", "new_business_scope": "机械销售"}),
        ("CHANGE", JOINT_STOCK | FULL | {"new_capital_fen": "1500", "new_address": "科技路2号"}),
        ("CHANGE", {"new_legal_representative_masked": "李*红", "new_holders": "2"}),
        ("CHANGE_OF_OPERATOR", {"taxes_settled": "true", "debts_dealt_with": "true", "new_legal_representative_masked": "李*红"}),
        ("CONVERSION", {"taxes_settled": "true", "debts_dealt_with": "true", "new_name": "常州云帆服饰有限公司",
                        "new_entity_type": "LIMITED_COMPANY", "new_capital_fen": "1000", "new_holders": "2"} | TERM),
    ],
)  # fmt: skip
def test_what_a_bundle_tells_as_changed_is_what_the_case_changes(kind: str, facts: dict[str, str]) -> None:
    who = company() if kind == "CHANGE" else entity(EntityType.SOLE_TRADER, name="常州云帆服饰店")
    before = changed_facts(kind, who, facts)
    play = Play(kind, who, "2025-03-03", DAY | facts).act("REGISTER", "2025-03-04", by=REGISTRAR)
    assert told(play) == [before]


def test_a_conversion_into_a_limited_company_states_by_when_its_capital_is_paid_in() -> None:
    facts = {"taxes_settled": "true", "debts_dealt_with": "true", "new_capital_fen": "1000"}
    limited = facts | {"new_name": "常州云帆服饰有限公司", "new_entity_type": "LIMITED_COMPANY"}
    trader = entity(EntityType.SOLE_TRADER, name="常州云帆服饰店")
    assert refused("CONVERSION", trader, limited) == [("facts.new_paid_in_due_date", "PAID_IN_DUE_DATE_MISSING")]
    late = limited | {"new_paid_in_due_date": "2030-03-04"}
    assert refused("CONVERSION", trader, late) == [("facts.new_paid_in_due_date", "PAID_IN_TERM_TOO_LONG")]
    play = Play("CONVERSION", trader, "2025-03-03", limited | TERM).act("REGISTER", "2025-03-04", by=REGISTRAR)
    assert play.entity.capital == Capital(1000, "CNY", "2030-03-03")
    sole = facts | {"new_name": "常州云帆服饰厂（个人独资）", "new_entity_type": "SOLE_PROPRIETORSHIP"}
    assert refused("CONVERSION", entity(EntityType.SOLE_TRADER), sole | TERM) == [
        ("facts.new_paid_in_due_date", "FACT_NOT_USED")
    ]


@pytest.mark.parametrize(
    ("kind", "event", "today", "due", "in_time", "undated"),
    [
        (EntityType.LIMITED_COMPANY, "2025-02-01", "2025-03-03", "2025-03-03", "true", None),
        (EntityType.LIMITED_COMPANY, "2025-01-31", "2025-03-04", "2025-03-03", "false", None),
        (EntityType.LIMITED_COMPANY, "2022-01-10", "2025-03-03", "", "unknown", "CALENDAR_NOT_LOADED"),
        (EntityType.LIMITED_COMPANY, "2004-01-10", "2025-03-03", "", "unknown", "LIMIT_NOT_LOADED"),
        (EntityType.GENERAL_PARTNERSHIP, "2022-01-10", "2025-03-03", "", "unknown", "LIMIT_NOT_LOADED"),
        (EntityType.LIMITED_COMPANY, "2026-12-05", "2027-06-08", "", "unknown", "CALENDAR_NOT_LOADED"),
    ],
)
def test_T36_a_day_that_cannot_be_told_is_unknown_and_no_reason_to_turn_anybody_away(
    kind: EntityType, event: str, today: str, due: str, in_time: str, undated: str | None
) -> None:
    facts = {"event_date": event, "new_address": "科技路2号"}
    case = Play("CHANGE", company(kind), today, facts).case
    assert (case.facts["due_date"], case.facts["in_time"], case.facts.get("undated")) == (due, in_time, undated)


def test_before_2022_a_company_had_thirty_days_too() -> None:
    found = limit("company_change_registration", date(2022, 1, 10))
    assert (found.amount, found.unit) == (30, LimitUnit.NATURAL_DAY)
    assert "公司登记管理条例" in found.source


def test_a_filing_of_before_2022_is_recorded_without_a_day_and_a_notice_of_an_unknown_year_is_not_called_in_time() -> (
    None
):
    case = Play("FILING", company(), "2025-03-03", {"filed": "DIRECTORS", "event_date": "2021-12-01"}).case
    assert (case.state, case.facts["in_time"], case.facts["undated"]) == ("RECORDED", "unknown", "LIMIT_NOT_LOADED")
    facts = {"new_capital_fen": "600", "event_date": "2026-12-05"}
    case = Play("CAPITAL_REDUCTION", company(), "2026-12-07", facts).case
    assert (case.facts["due_date"], case.facts["in_time"]) == ("", "unknown")


OLDER = {"founding_date": "2024-06-30", "capital": Capital(1000, "CNY", "2045-01-01")}
FILED = DAY | {"filed": "SUBSCRIBED_CAPITAL"}


def test_an_older_company_with_a_long_term_must_shorten_it_by_a_filing_and_then_owes_nothing() -> None:
    who = company(**OLDER)
    (duty,) = duties(who)
    assert (duty.code, duty.due_date, duty.latest) == ("SHORTEN_PAID_IN_TERM", "2027-06-30", "2032-06-30")
    assert "art. 2" in duty.source
    assert refused("FILING", who, FILED | {"new_paid_in_due_date": "2032-07-01"}) == [
        ("facts.new_paid_in_due_date", "PAID_IN_TERM_TOO_LONG")
    ]
    play = Play("FILING", who, "2025-03-03", FILED | {"new_paid_in_due_date": "2032-06-30"})
    assert (play.case.state, who.capital) == ("RECORDED", Capital(1000, "CNY", "2032-06-30"))
    assert (told(play), duties(who)) == ([["paid_in_due_date"]], [])


@pytest.mark.parametrize(
    "change",
    [
        {"founding_date": "2024-07-01"},
        {"capital": Capital(1000, "CNY", "2032-06-30")},
        {"capital": Capital(1000)},
        {"capital": None},
        {"state": EntityState.CANCELLED},
        {"entity_type": EntityType.GENERAL_PARTNERSHIP},
    ],
)
def test_nobody_else_has_to_shorten_a_term(change: dict[str, Any]) -> None:
    assert duties(company(**(OLDER | change))) == []


def test_a_term_that_is_filed_alone_is_not_lengthened_beyond_the_law() -> None:
    young = company(founding_date="2025-01-06", capital=Capital(1000, "CNY", "2029-01-01"))
    assert refused("FILING", young, FILED | {"new_paid_in_due_date": "2030-01-07"}) == [
        ("facts.new_paid_in_due_date", "PAID_IN_TERM_TOO_LONG")
    ]
    Play("FILING", young, "2025-03-03", FILED | {"new_paid_in_due_date": "2030-01-06"})
    old = company(founding_date="2010-01-06", capital=Capital(1000, "CNY", "2028-01-01"))
    assert refused("FILING", old, FILED | {"new_paid_in_due_date": "2028-01-02"}) == [
        ("facts.new_paid_in_due_date", "PAID_IN_TERM_TOO_LONG")
    ]
    partnership = company(EntityType.GENERAL_PARTNERSHIP)
    assert refused("FILING", partnership, FILED | TERM) == [("facts.new_paid_in_due_date", "FACT_NOT_USED")]
