"""Impersonation and what undoes a revocation (mission R-04; T12, T13; 条例 arts. 40-42), name disputes and what stays on the
lists (R-05; 名称规定 art. 23), without a store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.registration.domain.cases import engine
from services.registration.domain.cases.disputes import IdentityNotVerified, NoticePublished
from services.registration.domain.cases.engine import ActionNotAllowed, CaseBarred, NotYourStep
from services.registration.domain.entities import Capital, EntityType
from services.registration.domain.entity import Entity, EntityState, Flag, remember
from services.registration.domain.events import EntityCaseDeadlineMissed, EntityChanged
from services.registration.domain.form_check import Domicile
from services.registration.domain.statistics import Move, move_of_state
from shared.failures import InvalidArgument
from tests.unit.registration.test_entity_cases import APPLICANT, AUTHORITY, REGISTRAR, Play, at, entity

WHY = {"reason_codes": "FALSE_REGISTRATION"}
WRONG = {"reason_codes": "REVOKED_WRONGLY"}
OTHER_NAME = "常州星河机械有限公司"


class Remembering(Play):
    """Keeps the entity's history, as the use cases do."""

    def act(self, action: str, day: str, facts: dict[str, str] | None = None, by: Any = REGISTRAR) -> Remembering:
        before = replace(self.entity)
        super().act(action, day, facts, by)
        remember(before, self.entity, at(day))
        return self


def inquiry(who: Entity | None = None) -> Remembering:
    """Received on 2025-04-30, accepted on 2025-05-08 (T12)."""
    play = Remembering("IMPERSONATION", who or entity(), "2025-04-30")
    return play.act("ACCEPT", "2025-05-08", {"identity_verified": "true"})


def missed(play: Play) -> list[str]:
    return [event.clock for event in play.told if isinstance(event, EntityCaseDeadlineMissed)]


# The public notice (R-04: "45-day notice"; T12: from 2025-06-10 it ends 2025-07-25).


def test_R04_while_the_45_days_notice_runs_nothing_is_revoked_and_its_end_is_nobodys_delay() -> None:
    play = inquiry().act("PUBLISH_NOTICE", "2025-06-10")
    for day in ("2025-06-11", "2025-07-25"):
        with pytest.raises(ActionNotAllowed, match=r"条例 art\. 40"):
            play.act("REVOKE", day, WHY)
    play.due("2025-07-26").due("2025-07-26")
    assert (play.case.state, missed(play)) == ("UNCONTESTED", [])
    assert play.act("REVOKE", "2025-07-26", WHY).states == ("REVOKED", "REGISTRATION_REVOKED")


def test_R04_whoever_objects_to_the_notice_is_heard_and_there_is_no_second_one() -> None:
    play = inquiry().act("PUBLISH_NOTICE", "2025-06-10")
    with pytest.raises(InvalidArgument, match="why"):
        play.act("OBJECT", "2025-06-20", by=AUTHORITY)
    play.act("OBJECT", "2025-06-20", {"reason_codes": "REGISTERED_MYSELF"}, AUTHORITY)
    assert (play.case.state, play.case.reason_codes) == ("INQUIRY", ["REGISTERED_MYSELF"])
    assert (play.due("2025-07-26").case.state, missed(play)) == ("INQUIRY", [])
    with pytest.raises(NoticePublished, match=r"art\. 40"):
        play.act("PUBLISH_NOTICE", "2025-07-28")
    assert play.act("KEEP", "2025-07-28", {"reason_codes": "NOT_FALSE"}).case.state == "NOT_REVOKED"


@pytest.mark.parametrize("stage", ["INQUIRY", "NOTICE", "UNCONTESTED"])
def test_a_suspended_inquiry_goes_on_where_it_stood_and_its_notice_stops_with_it(stage: str) -> None:
    play = inquiry()
    if stage != "INQUIRY":
        play.act("PUBLISH_NOTICE", "2025-06-10")
    day, again = ("2025-07-28", "2025-08-07") if stage == "UNCONTESTED" else ("2025-06-20", "2025-06-30")
    play.act("SUSPEND", day, {"reason_codes": "LAWSUIT"})
    assert play.due("2027-06-02").case.state == {"INQUIRY": "SUSPENDED"}.get(stage, f"{stage}_SUSPENDED")
    play.act("GO_ON", again)
    assert (play.case.state, play.due_date("inquiry")) == (stage, "2025-08-18")
    if stage == "NOTICE":
        assert play.due_date("notice") == "2025-08-04"


def test_an_objection_is_taken_also_while_the_inquiry_rests_and_it_can_be_kept_from_everywhere() -> None:
    play = inquiry().act("PUBLISH_NOTICE", "2025-06-10").act("SUSPEND", "2025-06-20", {"reason_codes": "LAWSUIT"})
    play.act("OBJECT", "2025-06-25", {"reason_codes": "REGISTERED_MYSELF"})
    assert play.case.state == "SUSPENDED"
    assert play.act("GO_ON", "2025-06-30").due("2025-08-10").case.state == "INQUIRY"
    kept = inquiry().act("SUSPEND", "2025-06-20", {"reason_codes": "LAWSUIT"})
    kept.act("KEEP", "2025-06-25", {"reason_codes": "GRAVE_PUBLIC_HARM"})
    assert (kept.case.state, kept.entity.flags) == ("NOT_REVOKED", [])


def test_R04_an_inquiry_that_is_late_is_suspended_all_the_same_and_its_notice_with_it() -> None:
    """实施细则 art. 55: nobody is held to silence while the question lies with a court."""
    play = inquiry().act("PUBLISH_NOTICE", "2025-07-10")
    assert (play.due_date("inquiry"), play.due_date("notice")) == ("2025-08-08", "2025-08-25")
    play.act("SUSPEND", "2025-08-12", {"reason_codes": "LAWSUIT"})
    assert (play.due("2025-09-26").case.state, missed(play)) == ("NOTICE_SUSPENDED", ["inquiry"])
    play.act("GO_ON", "2025-10-09")
    assert (play.case.state, play.due_date("notice")) == ("NOTICE", "2025-10-21")
    assert play.due("2025-10-22").case.state == "UNCONTESTED"


# Identity (T13: "impersonated person fails identity check: may be refused").


def test_T13_no_applicant_gets_round_the_identity_by_calling_the_case_ex_officio() -> None:
    with pytest.raises(InvalidArgument) as refused:
        Play("IMPERSONATION", entity(), "2025-04-30", {"ex_officio": "true"})
    assert refused.value.violations[0].field == "facts.ex_officio"
    play = Play("IMPERSONATION", entity(), "2025-04-30")
    for facts in ({}, {"ex_officio": "true"}):
        with pytest.raises((IdentityNotVerified, InvalidArgument)):
            play.act("ACCEPT", "2025-05-06", facts, REGISTRAR)
    assert Play("IMPERSONATION", entity(), "2025-04-30", by=REGISTRAR).act("ACCEPT", "2025-05-06", by=REGISTRAR)


# Undone: the original registration is there again (条例 art. 42).


@pytest.mark.parametrize(
    ("state", "restored"),
    [("ACTIVE", "ACTIVE"), ("DORMANT", "DORMANT"), ("CLEARING", "CLEARING"), ("CANCELLING", "ACTIVE"),
     ("LICENCE_REVOKED", "LICENCE_REVOKED")],
)  # fmt: skip
def test_R04_whose_revocation_is_undone_is_again_what_it_was(state: str, restored: str) -> None:
    before = entity(state=EntityState.ACTIVE)
    who = replace(before, state=EntityState(state), state_reason_code="WHY", state_date="2024-05-06")
    remember(before, who, at("2024-05-06"))
    play = inquiry(who).act("REVOKE", "2025-06-09", WHY)
    assert play.states == ("REVOKED", "REGISTRATION_REVOKED")
    play.act("UNDO", "2025-10-10", WRONG)
    assert play.states == ("UNDONE", restored)
    assert who.revocation_case_id == ""
    if restored in ("CLEARING", "LICENCE_REVOKED"):
        assert (who.state_reason_code, who.state_date) == ("WHY", "2024-05-06")
    assert move_of_state(who.state, "REVOCATION_UNDONE") is Move.RESTORED


def test_a_restored_dormancy_or_clearing_is_taken_up_by_a_new_case_since_the_old_one_ended_with_the_revocation() -> (
    None
):
    sleeper = Play("DORMANCY", entity(), "2025-03-03", {"until": "2026-03-03"})
    remember(entity(), sleeper.entity, at("2025-03-03"))
    play = inquiry(sleeper.entity).act("REVOKE", "2025-06-09", WHY)
    assert sleeper.due("2025-06-10").case.state == "OVERTAKEN"
    play.act("UNDO", "2025-10-10", WRONG)
    again = Play("DORMANCY", play.entity, "2025-10-11", {"until": "2026-03-03"})
    assert again.act("RESUME", "2025-11-10").states == ("RESUMED", "ACTIVE")
    assert again.entity.dormant_days == 98 + 31  # the time of the revocation was no dormancy

    before = entity(state=EntityState.LICENCE_REVOKED, state_date="2024-01-08")
    clearing = replace(before, state=EntityState.CLEARING)
    remember(before, clearing, at("2025-03-03"))
    play = inquiry(clearing).act("REVOKE", "2025-06-09", WHY).act("UNDO", "2025-06-10", WRONG)
    cleared = Play("ORDINARY_CANCELLATION", play.entity, "2025-06-11")
    assert cleared.act("WITHDRAW", "2025-06-12").states == ("WITHDRAWN", "LICENCE_REVOKED")


def full() -> Entity:
    return entity(capital=Capital(1000, "CNY", "2029-01-01"), legal_representative_masked="王*明")


ALL = "legal_representative,business_scope,address,capital,name"


def test_R04_only_the_false_items_go_and_come_back_when_that_was_wrong() -> None:
    play = inquiry(full()).act("REVOKE", "2025-06-09", WHY | {"items": ALL})
    who = play.entity
    assert (play.states, who.legal_representative_masked, who.business_scope, who.capital) == (
        ("REVOKED", "ACTIVE"), "", "", None,
    )  # fmt: skip
    assert (who.domicile, who.shown_name) == (Domicile("320411"), who.uscc)
    play.act("UNDO", "2025-06-12", WRONG)
    assert play.states == ("UNDONE", "ACTIVE")
    restored = full()
    for fact in ("legal_representative_masked", "business_scope", "capital", "domicile", "shown_name", "flags"):
        assert getattr(who, fact) == getattr(restored, fact), fact
    told = [event.facts for event in play.told if isinstance(event, EntityChanged)]
    assert told == [["business_scope", "capital", "domicile", "legal_representative_masked"]] * 2


def test_what_was_registered_anew_since_stays_and_another_revocation_is_not_undone_with_it() -> None:
    play = inquiry(full()).act("REVOKE", "2025-06-09", WHY | {"items": ALL})
    play.entity.change_facts({"business_scope": "机械销售"})
    play.entity.change_state(
        play.entity.version, EntityState.REGISTRATION_REVOKED, "FALSE_REGISTRATION", at("2025-07-01")
    )
    play.act("UNDO", "2025-07-12", WRONG)
    assert play.states == ("UNDONE", "REGISTRATION_REVOKED")
    assert (play.entity.business_scope, play.entity.legal_representative_masked) == ("机械销售", "王*明")


def test_a_name_that_a_ruling_withdrew_stays_withdrawn_whatever_becomes_of_the_revocation() -> None:
    play = inquiry(entity(flags=[Flag.NAME_WITHDRAWN])).act("REVOKE", "2025-06-09", WHY | {"items": "name"})
    play.act("UNDO", "2025-06-12", WRONG)
    assert play.entity.flags == [Flag.NAME_WITHDRAWN]


def test_a_registration_that_was_revoked_at_once_can_be_restored_although_an_inquiry_ended_with_it() -> None:
    open_inquiry = inquiry(entity(state=EntityState.LICENCE_REVOKED, state_date="2024-05-06"))
    who = open_inquiry.entity
    before = replace(who)
    who.change_state(who.version, EntityState.REGISTRATION_REVOKED, "FALSE_REGISTRATION", at("2025-06-09"))
    remember(before, who, at("2025-06-09"))
    assert open_inquiry.due("2025-06-10").case.state == "OVERTAKEN"
    upheld = Play("REVOCATION_REVIEW", who, "2025-06-11").act("UPHOLD", "2025-06-12", WHY, REGISTRAR)
    assert upheld.states == ("UPHELD", "REGISTRATION_REVOKED")
    review = Play("REVOCATION_REVIEW", who, "2025-06-13", by=REGISTRAR)
    with pytest.raises(NotYourStep):
        review.act("UNDO", "2025-06-13", WRONG, APPLICANT)
    assert review.act("UNDO", "2025-06-13", WRONG, REGISTRAR).states == ("UNDONE", "LICENCE_REVOKED")
    assert who.flags == []


def test_what_a_case_revoked_is_undone_in_that_case_which_holds_who_is_barred() -> None:
    play = inquiry().act("REVOKE", "2025-06-09", WHY)
    with pytest.raises(CaseBarred) as barred:
        Play("REVOCATION_REVIEW", play.entity, "2025-06-10")
    assert (barred.value.reason, barred.value.metadata["entity_case_id"]) == ("UNDONE_IN_ITS_CASE", "enc_1")
    with pytest.raises(InvalidArgument, match="there again"):
        entity().change_state(1, EntityState.LICENCE_REVOKED, "REVOCATION_UNDONE", at("2025-06-10"))


# Names (R-05: "rename in 30 days, else code shown instead of the name").


def ruled(who: Entity | None = None) -> Play:
    """A ruling of 2025-05-06: rename by 2025-06-05."""
    play = Play("NAME_DISPUTE", who or entity(), "2025-03-03").act("ACCEPT", "2025-03-05", by=REGISTRAR)
    return play.act("ORDER_RENAME", "2025-05-06", {"reason_codes": "CONFUSION"}, REGISTRAR)


@pytest.mark.parametrize("name", ["常州云帆机械有限公司", "常州云帆机械有限责任公司", "云帆机械（常州）有限公司"])
def test_R05_the_name_that_must_go_is_no_new_name_whichever_way_it_is_asked_for(name: str) -> None:
    play = ruled()
    change = {"event_date": "2025-05-07", "new_name": name}
    for refused in (
        lambda: play.act("RENAME", "2025-05-07", {"new_name": name}, REGISTRAR),
        lambda: Play("CHANGE", play.entity, "2025-05-07", change),
    ):
        with pytest.raises(InvalidArgument) as failure:
            refused()
        assert [(v.field, v.reason) for v in failure.value.violations] == [("facts.new_name", "NAME_DISPUTED")]
    assert play.entity.shown_name == play.entity.uscc


def test_R05_a_change_that_was_asked_for_before_the_ruling_is_not_registered_after_it_under_the_same_name() -> None:
    who = entity()
    change = Play("CHANGE", who, "2025-05-05", {"event_date": "2025-05-05", "new_name": "常州云帆机械有限责任公司"})
    ruled(who)
    with pytest.raises(InvalidArgument) as failure:
        change.act("REGISTER", "2025-05-07", by=REGISTRAR)
    assert failure.value.reason == "NAME_DISPUTED"


def test_R05_a_complainant_renames_nobody() -> None:
    with pytest.raises(NotYourStep):
        ruled().act("RENAME", "2025-05-07", {"new_name": OTHER_NAME}, APPLICANT)


@pytest.mark.parametrize("late", [False, True])
def test_R05_who_obeys_by_a_change_of_name_ends_the_dispute_and_is_listed_no_longer(late: bool) -> None:
    play = ruled()
    day = "2025-06-10" if late else "2025-05-12"
    assert play.due(day).case.state == ("RENAME_LATE" if late else "RENAME_ORDERED")
    change = Play("CHANGE", play.entity, day, {"event_date": day, "new_name": OTHER_NAME})
    change.act("REGISTER", day, by=REGISTRAR)
    assert (play.entity.flags, "NAME_DISPUTE" in change.kind.wakes) == ([], True)
    play.due(day).due("2025-08-01").due("2028-08-01")
    assert (play.case.state, play.entity.flags) == ("RENAMED", [])


def test_R05_a_name_that_is_changed_before_the_ruling_leaves_nothing_to_rule_on() -> None:
    play = Play("NAME_DISPUTE", entity(), "2025-03-03").act("ACCEPT", "2025-03-05", by=REGISTRAR)
    play.entity.change_facts({"name": "常州云帆机械有限责任公司"})
    assert play.due("2025-03-06").case.state == "ACCEPTED"  # to the law the same name
    play.entity.change_facts({"name": OTHER_NAME})
    assert (play.due("2025-03-07").case.state, play.entity.flags) == ("RENAMED", [])


@pytest.mark.parametrize("accepted", [False, True])
def test_R05_who_asked_for_a_ruling_may_take_that_back_before_it(accepted: bool) -> None:
    play = Play("NAME_DISPUTE", entity(), "2025-03-03")
    if accepted:
        play.act("ACCEPT", "2025-03-05", by=REGISTRAR)
        assert play.entity.flags == [Flag.NAME_DISPUTE]
    play.act("WITHDRAW", "2025-03-10", by=APPLICANT)
    assert (play.case.state, play.entity.flags) == ("WITHDRAWN", [])
    assert engine.next_due_time(play.kind, play.case, at("2025-03-10")) is None
    with pytest.raises(NotYourStep):
        Play("NAME_DISPUTE", entity(), "2025-03-03").act("WITHDRAW", "2025-03-10", by=REGISTRAR)
    with pytest.raises(ActionNotAllowed):
        ruled().act("WITHDRAW", "2025-05-07", by=APPLICANT)


@pytest.mark.parametrize("state", ["CLEARING", "CANCELLING", "LICENCE_REVOKED"])
def test_R05_no_other_procedure_ends_a_name_dispute(state: str) -> None:
    who = entity()
    play = Play("NAME_DISPUTE", who, "2025-03-03").act("ACCEPT", "2025-03-05", by=REGISTRAR)
    who.move(EntityState(state), "WHY", at("2025-03-10"))
    play.due("2025-03-11").act("ORDER_RENAME", "2025-03-12", {"reason_codes": "CONFUSION"}, REGISTRAR)
    assert (play.case.state, who.flags) == ("RENAME_ORDERED", [Flag.NAME_WITHDRAWN])
    play.act("RENAME", "2025-03-20", {"new_name": OTHER_NAME}, REGISTRAR)
    assert (play.case.state, who.shown_name, who.flags) == ("RENAMED", OTHER_NAME, [])


def test_R05_a_conversion_takes_another_name_too() -> None:
    trader = entity(EntityType.SOLE_TRADER, "92320411MAXX00023C", name="常州云帆服饰店")
    play = ruled(trader)
    facts = {
        "taxes_settled": "true", "debts_dealt_with": "true", "new_entity_type": "LIMITED_COMPANY",
        "new_capital_fen": "10000000", "new_paid_in_due_date": "2029-05-07", "event_date": "2025-05-07",
    }  # fmt: skip
    with pytest.raises(InvalidArgument) as failure:
        Play("CONVERSION", trader, "2025-05-07", facts | {"new_name": "常州云帆服饰有限公司"})
    assert failure.value.reason == "NAME_DISPUTED"
    made = Play("CONVERSION", trader, "2025-05-07", facts | {"new_name": "常州星河服饰有限公司"})
    made.act("REGISTER", "2025-05-08", by=REGISTRAR)
    assert (trader.shown_name, trader.flags) == ("常州星河服饰有限公司", [])
    assert play.due("2025-05-08").case.state == "RENAMED"


# The lists have reasons: 名称规定 art. 23, 实施细则 art. 70, 信息公示条例 art. 17.


def listed(who: Entity, why: str) -> Play:
    return Play("ABNORMAL_LISTING", who, "2025-07-01", {"reason_codes": why}, REGISTRAR)


def test_R05_who_renames_stays_on_the_list_for_what_came_after_and_no_simplified_cancellation_opens() -> None:
    play = ruled().due("2025-06-06")
    listing = listed(play.entity, "ANNUAL_REPORT_MISSED")
    assert play.entity.listed_for["ABNORMAL_LIST"] == ["RENAME_MISSED", "ANNUAL_REPORT_MISSED"]
    play.act("RENAME", "2025-07-10", {"new_name": OTHER_NAME}, REGISTRAR)
    assert play.entity.flags == [Flag.ABNORMAL_LIST]
    with pytest.raises(CaseBarred):
        Play("SIMPLIFIED_CANCELLATION", play.entity, "2025-07-11", {"no_debts": "true", "all_investors_signed": "true"})
    listing.act("REMOVE", "2025-07-14", {"mended_by": "REPORT"}, REGISTRAR)
    assert (play.entity.flags, play.entity.listed_for) == ([], {})


def test_R05_a_name_that_was_revoked_and_then_ruled_against_is_shown_again_only_when_neither_stands() -> None:
    """名称规定 art. 23: whichever falls first."""
    revocation = inquiry().act("REVOKE", "2025-06-09", WHY | {"items": "name"})
    who = revocation.entity
    ruling = Play("NAME_DISPUTE", who, "2025-06-10").act("ACCEPT", "2025-06-11", by=REGISTRAR)
    ruling.case.entity_case_id = "enc_2"  # no two cases share one
    ruling.act("ORDER_RENAME", "2025-06-12", {"reason_codes": "CONFUSION"}, REGISTRAR)
    revocation.act("UNDO", "2025-06-13", WRONG)
    assert (ruling.case.state, who.flags, who.shown_name) == ("RENAME_ORDERED", [Flag.NAME_WITHDRAWN], who.uscc)
    ruling.act("RENAME", "2025-06-20", {"new_name": OTHER_NAME}, REGISTRAR)
    assert (who.flags, who.listed_for, who.shown_name) == ([], {}, OTHER_NAME)


def test_R05_whose_seat_is_found_stays_on_the_list_until_it_renames() -> None:
    play = ruled().due("2025-06-06")
    listed(play.entity, "SEAT_NOT_FOUND").act("REMOVE", "2025-07-14", {"mended_by": "SEAT_FOUND"}, REGISTRAR)
    assert set(play.entity.flags) == {Flag.NAME_WITHDRAWN, Flag.ABNORMAL_LIST}
    play.act("RENAME", "2025-07-20", {"new_name": OTHER_NAME}, REGISTRAR)
    assert play.entity.flags == []


def test_R05_three_years_without_another_name_lead_to_the_serious_list_and_each_reason_falls_alone() -> None:
    who = entity()
    play = Play("NAME_DISPUTE", who, "2024-03-04").act("ACCEPT", "2024-03-07", by=REGISTRAR)
    play.act("ORDER_RENAME", "2024-05-06", {"reason_codes": "CONFUSION"}, REGISTRAR).due("2024-06-06")
    listing = Play("ABNORMAL_LISTING", who, "2024-09-02", {"reason_codes": "SEAT_NOT_FOUND"}, REGISTRAR)
    play.due("2027-06-06")
    assert play.case.state == "RENAME_SERIOUS"
    assert who.listed_for["SERIOUS_LIST"] == ["RENAME_MISSED"]
    listing.due("2027-09-03")
    assert who.listed_for["SERIOUS_LIST"] == ["RENAME_MISSED", "SEAT_NOT_FOUND"]
    play.act("RENAME", "2027-09-10", {"new_name": OTHER_NAME}, REGISTRAR)
    assert set(who.flags) == {Flag.ABNORMAL_LIST, Flag.SERIOUS_LIST}
    listing.act("REMOVE", "2027-09-11", {"mended_by": "SEAT_FOUND"}, REGISTRAR)
    assert who.flags == []


def test_what_a_listing_left_behind_that_a_revocation_ended_is_taken_off_by_a_new_one() -> None:
    who = entity()
    listing = listed(who, "SEAT_NOT_FOUND")
    review = inquiry(who).act("REVOKE", "2025-07-02", WHY)
    assert listing.due("2025-07-03").case.state == "OVERTAKEN"
    review.act("UNDO", "2025-07-04", WRONG)
    assert who.flags == [Flag.ABNORMAL_LIST]
    listed(who, "FALSE_DATA").act("REMOVE", "2025-07-14", {"mended_by": "X"}, REGISTRAR)
    assert who.flags == []
