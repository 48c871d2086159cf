"""Cases about entities without a store (mission 4-02, 4-04, 4-17, R-04, R-05, 25.4-12; domain-rules §2, §10)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.registration.domain.cases import engine
from services.registration.domain.cases.cancellation import ClaimsStillOpen, TooEarly
from services.registration.domain.cases.disputes import IdentityNotVerified
from services.registration.domain.cases.dormancy import DormantTooLong, ExtensionTooEarly
from services.registration.domain.cases.engine import ActionNotAllowed, CaseBarred, EntityCase, NotYourStep, Party
from services.registration.domain.cases.kinds import KINDS, diagram
from services.registration.domain.entities import EntityType
from services.registration.domain.entity import STATE_CHANGES, Entity, EntityState, Flag
from services.registration.domain.events import EntityCaseDeadlineMissed, EntityStateChanged
from services.registration.domain.form_check import Domicile
from services.registration.domain.pictures import facts_block, readme_block
from shared.clock import LOCAL
from shared.failures import InvalidArgument

GOOD = {"no_debts": "true", "all_investors_signed": "true"}
APPLICANT, REGISTRAR, AUTHORITY = Party.APPLICANT, Party.REGISTRAR, Party.AUTHORITY


def at(day: str, hour: int = 10) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), LOCAL).replace(hour=hour)


def entity(kind: EntityType = EntityType.LIMITED_COMPANY, code: str = "91320411MAXX00015L", **change: Any) -> Entity:
    found = Entity(
        entity_id="ent_1", uscc=code, state=EntityState.ACTIVE, version=1, entity_type=kind, name="常州云帆机械有限公司",
        division_code="320411", domicile=Domicile("320411", "科技路1号"), business_scope="机械制造", capital=None,
        founding_date="2020-01-06",
    )  # fmt: skip
    for name, value in change.items():
        setattr(found, name, value)
    return found


class Play:
    """A case and its entity, played step by step."""

    def __init__(
        self, key: str, who: Entity, day: str, facts: dict[str, str] | None = None, by: Party = APPLICANT
    ) -> None:
        self.kind, self.entity = KINDS[key], who
        self.case: EntityCase
        self.case, self.told = engine.open_case(self.kind, "enc_1", who, facts or {}, by, at(day))

    def act(self, action: str, day: str, facts: dict[str, str] | None = None, by: Party = APPLICANT) -> Play:
        self.told += engine.act(self.kind, self.case, self.entity, action, facts or {}, by, at(day))
        return self

    def due(self, day: str, hour: int = 10) -> Play:
        self.told += engine.act_when_due(self.kind, self.case, self.entity, at(day, hour))
        return self

    def due_date(self, clock: str) -> str:
        return str(self.case.clocks.deadline(clock).due_date)

    @property
    def states(self) -> tuple[str, str]:
        return self.case.state, self.entity.state


def test_T8_a_change_of_director_is_filed_in_thirty_days_and_late_is_told_not_refused() -> None:
    filed = {"filed": "DIRECTORS", "event_date": "2025-09-03"}
    in_time = Play("FILING", entity(), "2025-10-09", filed).case
    assert (in_time.state, in_time.facts["due_date"], in_time.facts["in_time"]) == ("RECORDED", "2025-10-09", "true")
    late = Play("FILING", entity(), "2025-10-10", filed).case
    assert (late.state, late.facts["in_time"]) == ("RECORDED", "false")


def test_T10_a_sole_trader_is_cancelled_after_ten_days_without_objection_and_without_notice() -> None:
    play = Play("SIMPLIFIED_CANCELLATION", entity(EntityType.SOLE_TRADER), "2025-09-25", GOOD)
    assert (play.states, play.due_date("objections")) == (("PUSHED", "CANCELLING"), "2025-10-09")
    assert play.due("2025-10-09", 23).states == ("PUSHED", "CANCELLING")
    assert play.due("2025-10-10", 0).states == ("CANCELLED", "CANCELLED")
    assert [e.state for e in play.told if isinstance(e, EntityStateChanged)] == ["CANCELLING", "CANCELLED"]


def test_a_company_applies_within_twenty_days_after_its_notice_or_is_as_before() -> None:
    play = Play("SIMPLIFIED_CANCELLATION", entity(), "2025-03-03", GOOD)
    assert play.due_date("objections") == "2025-03-24"  # 20 days end on a Sunday
    with pytest.raises(ActionNotAllowed, match=r"登记管理条例 art\. 33"):
        play.act("APPLY", "2025-03-10")
    assert play.due("2025-03-25").states == ("OPEN_FOR_APPLICATION", "CANCELLING")
    assert play.due_date("application") == "2025-04-14"
    assert play.due("2025-04-15").states == ("LAPSED", "ACTIVE")
    again = Play("SIMPLIFIED_CANCELLATION", entity(), "2025-03-03", GOOD).due("2025-03-25").act("APPLY", "2025-04-14")
    assert again.states == ("CANCELLED", "CANCELLED")


def test_an_objection_stops_a_simplified_cancellation_and_says_why() -> None:
    play = Play("SIMPLIFIED_CANCELLATION", entity(), "2025-03-03", GOOD)
    with pytest.raises(InvalidArgument, match="why"):
        play.act("OBJECT", "2025-03-05", by=AUTHORITY)
    play.act("OBJECT", "2025-03-05", {"reason_codes": "TAXES_OWED"}, AUTHORITY)
    assert (play.states, play.case.reason_codes) == (("OBJECTED", "ACTIVE"), ["TAXES_OWED"])


@pytest.mark.parametrize(
    ("flags", "said", "reason", "article"),
    [
        ([Flag.ABNORMAL_LIST], {}, "ON_ABNORMAL_LIST", "art. 48(1)"),
        ([Flag.SHARES_FROZEN], {}, "SHARES_FROZEN", "art. 48(2)"),
        ([], {"in_lawsuit_or_arbitration": "true"}, "IN_LAWSUIT", "art. 48(3)"),
        ([], {"fine_not_paid": "true"}, "FINE_NOT_PAID", "art. 48(5)"),
    ],
)
def test_T11_what_bars_a_simplified_cancellation_is_named_with_its_article_and_the_ordinary_way_is_offered(
    flags: list[Flag], said: dict[str, str], reason: str, article: str
) -> None:
    with pytest.raises(CaseBarred) as barred:
        Play("SIMPLIFIED_CANCELLATION", entity(flags=flags), "2025-03-03", GOOD | said)
    assert barred.value.reason == reason
    assert article in barred.value.message
    assert barred.value.metadata["route"] == "ORDINARY_CANCELLATION"
    assert Play("ORDINARY_CANCELLATION", entity(flags=flags), "2025-03-03").states[1] == "CLEARING"


def test_an_ordinary_cancellation_waits_for_the_creditors_and_names_all_gaps_at_once() -> None:
    play = Play("ORDINARY_CANCELLATION", entity(), "2025-03-03").act("TELL_CREDITORS", "2025-03-12")
    assert play.due_date("claims") == "2025-04-27"  # a working Sunday
    with pytest.raises(ClaimsStillOpen, match="2025-04-27"):
        play.act("FINISH_CLEARING", "2025-04-20", {"clearing_report_sha256": "ab"})
    play.due("2025-04-28", 0)
    assert play.case.state == "CLAIMS_OVER"
    assert not [
        one for one in play.told if isinstance(one, EntityCaseDeadlineMissed)
    ]  # the law sets no day for the report
    still = engine.standing(play.kind, play.case, at("2025-09-01"))
    assert (still.party, still.what, still.due_time, still.escalated) == ("applicant", "clearing_report", None, False)
    play.act("FINISH_CLEARING", "2025-09-01", {"clearing_report_sha256": "ab"})
    with pytest.raises(InvalidArgument) as gaps:
        play.act("APPLY", "2025-09-10", {"tax_clearance": "true"})
    assert len(gaps.value.violations) == 4
    materials = ("cancellation_application", "dissolution_decision", "clearing_report", "tax_clearance")
    play.act("APPLY", "2025-09-11", dict.fromkeys((*materials, "branches_cancelled"), "true"))
    assert play.states == ("CANCELLED", "CANCELLED")


def test_T36_creditors_whose_last_day_no_calendar_tells_may_still_bring_claims_and_no_day_is_made_up() -> None:
    play = Play("ORDINARY_CANCELLATION", entity(), "2026-11-26").act("TELL_CREDITORS", "2026-11-27")
    with pytest.raises(ClaimsStillOpen, match="CALENDAR_NOT_LOADED") as refused:
        play.act("FINISH_CLEARING", "2026-12-01", {"clearing_report_sha256": "ab"})
    assert "until" not in refused.value.metadata
    (counted,) = play.case.clocks.untold("claims")
    assert (counted.start, counted.end, counted.amount, counted.unit) == ("2026-11-27", "?", 45, "natural_day")


def test_a_clearing_group_owes_the_word_to_creditors_by_the_first_of_its_days() -> None:
    play = Play("ORDINARY_CANCELLATION", entity(), "2025-03-03")
    owed = engine.standing(play.kind, play.case, at("2025-03-04"))
    assert (owed.what, owed.due_time, owed.escalated) == ("creditors_notice", at("2025-03-14", 0), False)
    play.due("2025-03-14")
    assert engine.standing(play.kind, play.case, at("2025-03-14")).escalated


def test_a_company_in_clearing_may_go_on() -> None:
    assert Play("ORDINARY_CANCELLATION", entity(), "2025-03-03").act("WITHDRAW", "2025-03-10").states[1] == "ACTIVE"


def test_a_forced_cancellation_needs_three_years_and_a_notice_of_sixty_days() -> None:
    revoked = {"state": EntityState.LICENCE_REVOKED, "state_date": "2022-05-10"}
    with pytest.raises(TooEarly, match="2025-05-11"):  # three whole years: the last day counts (民法典 arts. 201-202)
        Play("FORCED_CANCELLATION", entity(**revoked), "2025-05-10", by=REGISTRAR)
    play = Play("FORCED_CANCELLATION", entity(**revoked), "2025-05-11", by=REGISTRAR)
    with pytest.raises(ActionNotAllowed, match="241"):
        play.act("CANCEL", "2025-06-10", by=REGISTRAR)
    assert play.due("2025-07-11").act("CANCEL", "2025-07-11", by=REGISTRAR).states == ("CANCELLED", "CANCELLED")


def test_dormancy_lasts_three_years_at_most_all_times_together() -> None:
    play = Play("DORMANCY", entity(), "2024-02-01", {"until": "2025-02-01"})
    assert play.states == ("DORMANT", "DORMANT")
    with pytest.raises(ExtensionTooEarly):
        play.act("EXTEND", "2024-12-31", {"until": "2026-02-01"})
    play.act("EXTEND", "2025-01-02", {"until": "2026-02-01"})
    assert play.due("2026-02-02").states == ("RESUMED", "ACTIVE")
    assert play.entity.dormant_days == 731
    with pytest.raises(DormantTooLong):
        Play("DORMANCY", play.entity, "2026-03-02", {"until": "2027-03-03"})
    assert Play("DORMANCY", play.entity, "2026-03-02", {"until": "2027-02-27"}).states[1] == "DORMANT"


def test_T12_an_impersonation_has_its_statutory_times() -> None:
    play = Play("IMPERSONATION", entity(), "2025-04-30")
    assert play.due_date("acceptance") == "2025-05-08"
    play.act("ACCEPT", "2025-05-08", {"identity_verified": "true"}, REGISTRAR)
    assert (play.due_date("inquiry"), play.entity.flags) == ("2025-08-08", [Flag.IMPERSONATION_INQUIRY])
    play.act("PUBLISH_NOTICE", "2025-06-10", by=REGISTRAR)
    assert play.due_date("notice") == "2025-07-25"
    play.act("EXTEND", "2025-08-01", {"approved_by": "head-7"}, REGISTRAR)
    assert (play.case.state, play.due_date("inquiry")) == ("UNCONTESTED", "2025-11-10")
    play.act("REVOKE", "2025-09-01", {"reason_codes": "FALSE_REGISTRATION"}, REGISTRAR)
    assert (play.states, play.entity.flags) == (("REVOKED", "REGISTRATION_REVOKED"), [])
    play.act("UNDO", "2025-10-10", {"reason_codes": "REVOKED_WRONGLY"}, REGISTRAR)
    assert play.states == ("UNDONE", "ACTIVE")


def test_T13_without_a_verified_identity_it_is_not_accepted_and_may_be_refused() -> None:
    play = Play("IMPERSONATION", entity(), "2025-04-30")
    with pytest.raises(IdentityNotVerified, match="52"):
        play.act("ACCEPT", "2025-05-06", by=REGISTRAR)
    play.act("NOT_ACCEPT", "2025-05-06", {"reason_codes": "IDENTITY_NOT_VERIFIED"}, REGISTRAR)
    assert play.states == ("NOT_ACCEPTED", "ACTIVE")


def test_only_the_false_items_may_be_revoked() -> None:
    play = Play("IMPERSONATION", entity(legal_representative_masked="王*明"), "2025-04-30")
    play.act("ACCEPT", "2025-05-08", {"identity_verified": "true"}, REGISTRAR)
    play.act("REVOKE", "2025-06-09", {"reason_codes": "FALSE_ITEM", "items": "legal_representative"}, REGISTRAR)
    assert (play.states, play.entity.legal_representative_masked) == (("REVOKED", "ACTIVE"), "")
    assert play.entity.business_scope == "机械制造"


def test_an_item_that_cannot_be_revoked_alone_is_refused_and_nothing_changes() -> None:
    play = Play("IMPERSONATION", entity(legal_representative_masked="王*明"), "2025-04-30")
    play.act("ACCEPT", "2025-05-08", {"identity_verified": "true"}, REGISTRAR)
    with pytest.raises(InvalidArgument) as refused:
        play.act("REVOKE", "2025-06-09", {"reason_codes": "FALSE_ITEM", "items": "name,term"}, REGISTRAR)
    assert refused.value.violations[0].reason == "ITEM_UNKNOWN"
    assert (play.case.state, play.entity.legal_representative_masked) == ("INQUIRY", "王*明")


def test_a_suspended_inquiry_stops_its_clock() -> None:
    play = Play("IMPERSONATION", entity(), "2025-04-30").act(
        "ACCEPT", "2025-05-08", {"identity_verified": "true"}, REGISTRAR
    )
    play.act("SUSPEND", "2025-06-02", {"reason_codes": "LAWSUIT"}, REGISTRAR)
    assert play.due("2026-06-02").states[0] == "SUSPENDED"
    play.act("GO_ON", "2025-06-12", by=REGISTRAR)
    assert play.due_date("inquiry") == "2025-08-18"


def test_R05_after_a_ruling_the_code_stands_for_the_name_and_late_renaming_leads_to_the_abnormal_list() -> None:
    play = Play("NAME_DISPUTE", entity(), "2025-03-03").act("ACCEPT", "2025-03-05", by=REGISTRAR)
    assert (play.due_date("ruling"), play.entity.flags) == ("2025-06-05", [Flag.NAME_DISPUTE])
    play.act("ORDER_RENAME", "2025-05-06", {"reason_codes": "CONFUSION"}, REGISTRAR)
    assert (play.entity.shown_name, play.due_date("rename")) == ("91320411MAXX00015L", "2025-06-05")
    assert play.due("2025-06-06").states[0] == "RENAME_LATE"
    assert set(play.entity.flags) == {Flag.NAME_WITHDRAWN, Flag.ABNORMAL_LIST}
    play.act("RENAME", "2025-06-10", {"new_name": "常州星河机械有限公司"}, REGISTRAR)
    assert (play.states[0], play.entity.shown_name, play.entity.flags) == ("RENAMED", "常州星河机械有限公司", [])


def test_who_stands_on_the_abnormal_list_for_something_else_stays_there_when_the_name_is_mended() -> None:
    listed = entity(flags=[Flag.ABNORMAL_LIST], listed_for={"ABNORMAL_LIST": ["SEAT_NOT_FOUND"]})
    play = Play("NAME_DISPUTE", listed, "2025-03-03").act("ACCEPT", "2025-03-05", by=REGISTRAR)
    play.act("ORDER_RENAME", "2025-05-06", {"reason_codes": "CONFUSION"}, REGISTRAR).due("2025-06-06")
    play.act("RENAME", "2025-06-10", {"new_name": "常州星河机械有限公司"}, REGISTRAR)
    assert (play.states[0], play.entity.flags) == ("RENAMED", [Flag.ABNORMAL_LIST])


def test_T16_a_sole_trader_that_becomes_a_company_keeps_code_and_founding_date() -> None:
    trader = entity(EntityType.SOLE_TRADER, "92320411MAXX00023C")
    facts = {"taxes_settled": "true", "debts_dealt_with": "true", "new_name": "常州云帆机械有限公司"}
    facts |= {"new_capital_fen": "10000000", "new_paid_in_due_date": "2030-09-03"}
    play = Play("CONVERSION", trader, "2025-09-03", facts | {"new_entity_type": "LIMITED_COMPANY"})
    play.act("REGISTER", "2025-09-04", by=REGISTRAR)
    assert (trader.uscc, trader.founding_date) == ("92320411MAXX00023C", "2020-01-06")
    assert (trader.entity_type, play.states) == (EntityType.LIMITED_COMPANY, ("REGISTERED", "ACTIVE"))
    with pytest.raises(InvalidArgument, match=r"发展条例 art\. 13"):
        Play("CONVERSION", entity(EntityType.SOLE_TRADER), "2025-09-03", facts | {"debts_dealt_with": ""})
    for capital in (str(2**53), "0", ""):
        with pytest.raises(InvalidArgument) as refused:
            too_much = facts | {"new_entity_type": "LIMITED_COMPANY", "new_capital_fen": capital}
            Play("CONVERSION", entity(EntityType.SOLE_TRADER), "2025-09-03", too_much)
        assert refused.value.violations[0].field == "facts.new_capital_fen"


def test_three_years_on_the_abnormal_list_lead_to_the_serious_list() -> None:
    play = Play("ABNORMAL_LISTING", entity(), "2022-07-01", {"reason_codes": "ANNUAL_REPORT_MISSED"}, REGISTRAR)
    assert play.entity.flags == [Flag.ABNORMAL_LIST]
    play.due("2025-07-02")
    assert (play.case.state, set(play.entity.flags)) == ("SERIOUS", {Flag.ABNORMAL_LIST, Flag.SERIOUS_LIST})
    play.act("REMOVE", "2025-08-01", {"mended_by": "REPORTS_HANDED_IN"}, REGISTRAR)
    assert play.entity.flags == []


def test_a_missed_deadline_is_told_upwards_once() -> None:
    play = Play("CHANGE", entity(), "2025-03-03", {"event_date": "2025-03-01", "new_address": "科技路2号"})
    play.due("2025-03-07").due("2025-03-10")
    assert [e.clock for e in play.told if isinstance(e, EntityCaseDeadlineMissed)] == ["review"]
    play.act("REGISTER", "2025-03-11", by=REGISTRAR)
    assert play.entity.domicile.address == "科技路2号"


def test_nobody_takes_another_partys_step() -> None:
    with pytest.raises(NotYourStep):
        Play("FORCED_CANCELLATION", entity(state=EntityState.LICENCE_REVOKED), "2025-03-03")
    change = {"event_date": "2025-03-01", "new_address": "科技路2号"}
    with pytest.raises(NotYourStep):
        Play("CHANGE", entity(), "2025-03-03", change).act("REGISTER", "2025-03-04")


def test_every_machine_is_whole() -> None:
    """Each state is reached, each open state has a way out, each move of an entity stands in the law's table."""
    for kind in KINDS.values():
        named = {
            kind.first,
            *kind.owed,
            *(a.target for a in kind.actions),
            *(s for a in kind.actions for s in a.sources),
        }
        sole = {"SIMPLIFIED_CANCELLATION": {"PUSHED"}, "ORDINARY_CANCELLATION": {"NOTHING_TO_CLEAR"}}
        reached = {kind.first, *(a.target for a in kind.actions)} | sole.get(kind.key, set())
        assert named == reached, kind.key
        for state in kind.owed:
            assert any(state in a.sources and a.target != state for a in kind.actions), (kind.key, state)
        assert all(a.article for a in kind.actions)
    assert set(STATE_CHANGES) == set(EntityState)


def test_the_readme_shows_the_pictures_as_code_and_data_have_them() -> None:
    text = Path("services/registration/README.md").read_text(encoding="utf-8")
    shown = text.partition("<!-- pictures -->\n")[2].partition("<!-- /pictures -->")[0]
    assert shown == readme_block()


def test_the_readme_says_what_is_said_in_cases_as_the_code_has_it() -> None:
    text = Path("services/registration/README.md").read_text(encoding="utf-8")
    assert text.partition("<!-- facts -->\n")[2].partition("<!-- /facts -->")[0] == facts_block()
    assert all(kind.uses is not None for kind in KINDS.values())
    assert all(action.uses is not None for kind in KINDS.values() for action in kind.actions)


def test_a_name_in_clear_is_refused_by_its_field() -> None:
    said = {"event_date": "2025-03-01", "new_legal_representative_masked": "王小明"}
    with pytest.raises(InvalidArgument) as refused:
        Play("CHANGE", entity(), "2025-03-03", said)
    assert ("facts.new_legal_representative_masked", "NAME_NOT_MASKED") in [
        (v.field, v.reason) for v in refused.value.violations
    ]


def test_the_readme_shows_the_machines_as_the_code_has_them() -> None:
    text = Path("services/registration/README.md").read_text(encoding="utf-8")
    shown = text.partition("<!-- machines -->\n```\n")[2].partition("```\n<!-- /machines -->")[0]
    assert shown == diagram()


def test_a_long_time_after_nothing_waits_for_the_platform() -> None:
    play = Play("SIMPLIFIED_CANCELLATION", entity(), "2025-03-03", GOOD)
    now = at("2025-03-03")
    while (due := engine.next_due_time(play.kind, play.case, now)) is not None and now < at("2026-06-01"):
        now = due + timedelta(minutes=1)
        play.told += engine.act_when_due(play.kind, play.case, play.entity, now)
    assert play.states == ("LAPSED", "ACTIVE")


def test_a_case_that_another_way_overtook_ends_and_touches_nothing() -> None:
    play = Play("SIMPLIFIED_CANCELLATION", entity(), "2025-03-03", GOOD)
    play.entity.change_state(play.entity.version, EntityState.LICENCE_REVOKED, "PENALTY", at("2025-03-10"))
    with pytest.raises(ActionNotAllowed) as refused:
        play.act("WITHDRAW", "2025-03-11")
    assert refused.value.reason == "CASE_OVERTAKEN"
    assert play.due("2025-03-12").states == ("OVERTAKEN", "LICENCE_REVOKED")
    assert engine.next_due_time(play.kind, play.case, at("2025-03-12")) is None


@pytest.mark.parametrize(
    ("facts", "field", "reason"),
    [
        ({"no_dets": "true"}, "facts.no_dets", "FACT_UNKNOWN"),
        ({"no_debts": "yes"}, "facts.no_debts", "NOT_TRUE"),
        ({"until": "2025-06-01"}, "facts.until", "FACT_NOT_USED"),
    ],
)
def test_what_no_step_knows_or_shows_a_name_is_refused_by_its_field(
    facts: dict[str, str], field: str, reason: str
) -> None:
    with pytest.raises(InvalidArgument) as refused:
        Play("SIMPLIFIED_CANCELLATION", entity(), "2025-03-03", GOOD | facts)
    assert [(v.field, v.reason) for v in refused.value.violations] == [(field, reason)]
