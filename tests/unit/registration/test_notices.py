"""Notices to creditors and shares frozen by a court, without a store (公司法 arts. 220-224; 实施细则 arts. 21, 36)."""

from __future__ import annotations

from typing import Any

import pytest

from services.registration.domain.cases.engine import ActionNotAllowed
from services.registration.domain.cases.freezing import FrozenTooLong
from services.registration.domain.cases.new_facts import SharesFrozen
from services.registration.domain.cases.notices import CreditorsNotTold, NoCompany, ObjectionOpen
from services.registration.domain.entities import Capital, EntityType
from services.registration.domain.entity import EntityState, Flag
from services.registration.domain.events import EntityCaseDeadlineMissed, EntityChanged, EntityStateChanged
from shared.failures import InvalidArgument
from tests.unit.registration.test_entity_cases import AUTHORITY, REGISTRAR, Play, entity

REDUCTION = {"event_date": "2025-02-24", "new_capital_fen": "600"}
OTHER = {"MERGER": {"other_uscc": "91320411MAXX00023F"}}
RESOLVED = {"event_date": "2025-02-24"}
READY = {"debts_dealt_with": "true"}
COURT = {"court_ref": "(2025)苏0411执123号"}


def company(**change: Any) -> Any:
    return entity(capital=Capital(1000, "CNY", "2030-01-01"), **change)


def reviewed(play: Play) -> Play:
    """A notice that runs out undisturbed, and the application."""
    play.act("TELL_CREDITORS", "2025-03-05", {"creditors_told": "true"})
    return play.due("2025-04-18").act("APPLY", "2025-04-18", READY)


def test_a_reduction_waits_forty_five_days_and_then_changes_the_capital() -> None:
    play = Play("CAPITAL_REDUCTION", company(), "2025-03-03", REDUCTION)
    assert (play.due_date("notice"), play.due_date("creditors")) == ("2025-04-17", "2025-03-06")
    assert (play.case.facts["due_date"], play.case.facts["in_time"]) == ("2025-03-26", "true")
    play.act("TELL_CREDITORS", "2025-03-05", {"creditors_told": "true"})
    assert play.due("2025-04-17", 23).states == ("ANNOUNCED", "ACTIVE")
    with pytest.raises(ActionNotAllowed, match="224"):
        play.act("APPLY", "2025-04-17", READY)
    play.due("2025-04-18").act("APPLY", "2025-04-18", READY)
    assert (play.case.state, play.due_date("review")) == ("UNDER_REVIEW", "2025-04-23")
    play.act("REGISTER", "2025-04-21", by=REGISTRAR)
    assert (play.states, play.entity.capital) == (("REGISTERED", "ACTIVE"), Capital(600, "CNY", "2030-01-01"))
    assert [e.facts for e in play.told if isinstance(e, EntityChanged)] == [["capital"]]
    assert not [e for e in play.told if isinstance(e, EntityCaseDeadlineMissed)]


def test_a_notice_that_comes_late_is_told_as_late_and_untold_creditors_are_told_upwards_once() -> None:
    play = Play("CAPITAL_REDUCTION", company(), "2025-03-27", REDUCTION)
    assert play.case.facts["in_time"] == "false"
    play.due("2025-03-28").due("2025-03-29").due("2025-05-13").due("2025-05-14")
    assert [e.clock for e in play.told if isinstance(e, EntityCaseDeadlineMissed)] == ["creditors"]
    assert play.case.state == "READY"
    with pytest.raises(CreditorsNotTold):
        play.act("APPLY", "2025-05-14", READY)
    play.act("TELL_CREDITORS", "2025-05-14", {"creditors_told": "true"}).act("APPLY", "2025-05-15", READY)
    assert play.case.state == "UNDER_REVIEW"


def test_an_objection_holds_the_application_until_the_claim_is_settled() -> None:
    play = Play("CAPITAL_REDUCTION", company(), "2025-03-03", REDUCTION)
    play.act("TELL_CREDITORS", "2025-03-05", {"creditors_told": "true"})
    play.act("OBJECT", "2025-03-20", {"reason_codes": "CLAIM_NOT_PAID"}, AUTHORITY)
    assert play.case.state == "ANNOUNCED"
    assert play.due("2025-04-18").case.state == "READY"
    with pytest.raises(ObjectionOpen, match="224"):
        play.act("APPLY", "2025-04-18", READY)
    play.act("APPLY", "2025-04-21", READY | {"claims_settled": "true"})
    assert play.case.state == "UNDER_REVIEW"


@pytest.mark.parametrize("step", ["ANNOUNCED", "READY", "UNDER_REVIEW"])
def test_the_company_may_give_it_up_until_it_is_registered(step: str) -> None:
    play = Play("CAPITAL_REDUCTION", company(), "2025-03-03", REDUCTION)
    if step != "ANNOUNCED":
        play.act("TELL_CREDITORS", "2025-03-05", {"creditors_told": "true"}).due("2025-04-18")
    if step == "UNDER_REVIEW":
        play.act("APPLY", "2025-04-18", READY)
    assert play.case.state == step
    play.act("WITHDRAW", "2025-04-21")
    assert (play.states, play.entity.capital) == (("WITHDRAWN", "ACTIVE"), Capital(1000, "CNY", "2030-01-01"))


@pytest.mark.parametrize(
    ("kind", "role", "state", "reason"),
    [
        ("MERGER", "ABSORBED", EntityState.CANCELLED, "MERGED"),
        ("MERGER", "SURVIVING", EntityState.ACTIVE, ""),
        ("DIVISION", "DISSOLVED", EntityState.CANCELLED, "DIVIDED"),
        ("DIVISION", "SURVIVING", EntityState.ACTIVE, ""),
    ],
)
def test_who_is_absorbed_or_dissolved_ends_and_who_survives_changes(
    kind: str, role: str, state: EntityState, reason: str
) -> None:
    facts = RESOLVED | OTHER.get(kind, {}) | {"role": role} | ({} if reason else {"new_capital_fen": "1500"})
    play = reviewed(Play(kind, company(), "2025-03-03", facts))
    play.act("REGISTER", "2025-04-21", by=REGISTRAR)
    assert (play.case.state, play.entity.state, play.entity.state_reason_code) == ("REGISTERED", state, reason)
    ended = [e.state for e in play.told if isinstance(e, EntityStateChanged)]
    assert ended == (["CANCELLED"] if reason else [])
    assert play.entity.capital == Capital(1000 if reason else 1500, "CNY", "2030-01-01")


@pytest.mark.parametrize(
    ("kind", "facts", "field", "reason"),
    [
        ("CAPITAL_REDUCTION", {"new_capital_fen": "1000"}, "facts.new_capital_fen", "NO_REDUCTION"),
        ("CAPITAL_REDUCTION", {"new_capital_fen": "0"}, "facts.new_capital_fen", "CAPITAL_INVALID"),
        ("CAPITAL_REDUCTION", REDUCTION | {"event_date": "2025-03-04"}, "facts.event_date", "EVENT_DATE_INVALID"),
        ("MERGER", {"role": "DISSOLVED"}, "facts.role", "ROLE_UNKNOWN"),
        ("MERGER", {"role": "ABSORBED", "other_uscc": "91320411MAXX00015L"}, "facts.other_uscc", "SAME_COMPANY"),
        ("MERGER", {"role": "ABSORBED", "other_uscc": "91320411MAXX00015A"}, "facts.other_uscc", "USCC_CHECK_DIGIT"),
        ("MERGER", {"role": "ABSORBED", "other_uscc": ""}, "facts.other_uscc", "FACT_MISSING"),
        ("MERGER", {"role": "ABSORBED", "new_capital_fen": "600"}, "facts.new_capital_fen", "FACT_NOT_USED"),
        ("DIVISION", {"role": "SURVIVING", "other_uscc": "91320411MAXX00023F"}, "facts.other_uscc", "FACT_NOT_USED"),
        ("CAPITAL_REDUCTION", {"new_capital_fen": "600", "role": "SURVIVING"}, "facts.role", "FACT_NOT_USED"),
    ],
)
def test_a_notice_that_cannot_be_is_refused_by_its_field(
    kind: str, facts: dict[str, str], field: str, reason: str
) -> None:
    with pytest.raises(InvalidArgument) as refused:
        Play(kind, company(), "2025-03-03", RESOLVED | OTHER.get(kind, {}) | facts)
    assert [(v.field, v.reason) for v in refused.value.violations] == [(field, reason)]


def test_only_companies_do_this_and_only_while_their_shares_are_free() -> None:
    with pytest.raises(NoCompany, match="公司法"):
        Play("CAPITAL_REDUCTION", company(kind=EntityType.GENERAL_PARTNERSHIP), "2025-03-03", REDUCTION)
    with pytest.raises(SharesFrozen, match="224"):
        Play("CAPITAL_REDUCTION", company(flags=[Flag.SHARES_FROZEN]), "2025-03-03", REDUCTION)
    play = reviewed(Play("CAPITAL_REDUCTION", company(), "2025-03-03", REDUCTION))
    play.entity.flag(Flag.SHARES_FROZEN, True, "COURT_ORDER")
    with pytest.raises(SharesFrozen):
        play.act("REGISTER", "2025-04-21", by=REGISTRAR)


def test_a_reduction_that_is_none_any_more_when_it_is_registered_is_not_registered() -> None:
    """A merger changed the capital meanwhile: registered, the "reduction" would raise it (公司法 art. 224)."""
    reduction = reviewed(Play("CAPITAL_REDUCTION", company(), "2025-03-03", REDUCTION))
    less = Capital(int(REDUCTION["new_capital_fen"]) - 1, "CNY", "2030-01-01")
    reduction.entity.change_facts({"capital": less})
    with pytest.raises(InvalidArgument) as refused:
        reduction.act("REGISTER", "2025-04-21", by=REGISTRAR)
    assert (refused.value.reason, reduction.entity.capital) == ("NO_REDUCTION", less)
    reduction.act("REFUSE", "2025-04-21", {"reason_codes": "CAPITAL_CHANGED"}, REGISTRAR)
    assert reduction.case.state == "REFUSED"


def test_shares_are_frozen_three_years_at_most_each_time_and_free_again_by_themselves() -> None:
    with pytest.raises(FrozenTooLong, match="485"):
        Play("SHARES_FREEZE", company(), "2023-03-03", COURT | {"until": "2026-03-04"}, REGISTRAR)
    play = Play("SHARES_FREEZE", company(), "2023-03-03", COURT | {"until": "2025-03-03"}, REGISTRAR)
    assert play.entity.flags == [Flag.SHARES_FROZEN]
    play.act("EXTEND", "2025-03-03", COURT | {"until": "2026-03-03"}, REGISTRAR)
    assert play.due("2026-03-03", 23).entity.flags == [Flag.SHARES_FROZEN]
    assert (play.due("2026-03-04").case.state, play.entity.flags) == ("LAPSED", [])


def test_a_court_frees_the_shares_and_its_order_is_a_number_not_a_name() -> None:
    with pytest.raises(InvalidArgument) as refused:
        Play("SHARES_FREEZE", company(), "2023-03-03", {"court_ref": "王小明案", "until": "2025-03-03"}, REGISTRAR)
    assert refused.value.violations[0].field == "facts.court_ref"
    play = Play("SHARES_FREEZE", company(), "2023-03-03", COURT | {"until": "2025-03-03"}, REGISTRAR)
    play.act("RELEASE", "2024-03-04", COURT, REGISTRAR)
    assert (play.case.state, play.entity.flags) == ("RELEASED", [])
    assert play.due("2026-03-04").case.state == "RELEASED"
