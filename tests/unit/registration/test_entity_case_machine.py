"""Any sequence of steps and days on a case about an entity: no illegal state, refusals name an article, no deadline is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.registration.domain.cases import engine
from services.registration.domain.cases.engine import ActionNotAllowed, Kind, Party
from services.registration.domain.cases.kinds import KINDS
from services.registration.domain.entities import Capital, EntityType
from services.registration.domain.entity import STATE_CHANGES, Entity, EntityState, EntityStateNotAllowed
from shared.failures import Failure
from shared.legal_clock import ClockState, deadline
from shared.standing import AuditVerdict, verdict
from tests.unit.registration.test_entity_cases import entity

START = datetime(2024, 7, 8, 2, tzinfo=UTC)
ACTIONS = sorted({action.name for kind in KINDS.values() for action in kind.actions})
# Everything that any step asks for.
FACTS = {
    "no_debts": "true", "all_investors_signed": "true", "event_date": "2024-07-01", "new_address": "科技路2号",
    "filed": "DIRECTORS", "until": "2025-01-31", "reason_codes": "WHY", "identity_verified": "true", "approved_by": "head-7",
    "new_name": "常州星河机械有限公司", "new_entity_type": "LIMITED_COMPANY", "taxes_settled": "true",
    "new_capital_fen": "100", "new_paid_in_due_date": "2029-01-31", "paid_in_full": "true",
    "transfers_shares": "true", "new_holders": "2",
    "debts_dealt_with": "true", "mended_by": "REPORT", "clearing_report_sha256": "ab", "cancellation_application": "true",
    "dissolution_decision": "true", "clearing_report": "true", "tax_clearance": "true", "branches_cancelled": "true",
    "to_division_code": "320412", "taking_over_ref": "x",
    "role": "SURVIVING", "other_uscc": "91320411MAXX00023F", "creditors_told": "true",
    "claims_settled": "true", "court_ref": "(2024)苏0411执123号",
    "report_year": "2023", "revenue_fen": "2000000000", "employees": "12", "industry": "3411",
}  # fmt: skip
step = st.tuples(
    st.sampled_from([*ACTIONS, "DUE", "DUE", "OUTSIDE", "REPORT"]), st.integers(0, 200), st.sampled_from(list(Party))
)


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(sorted(KINDS)), sole=st.booleans(), joint=st.booleans(), steps=st.lists(step, max_size=25),
    outside=st.sampled_from([EntityState.LICENCE_REVOKED, EntityState.REGISTRATION_REVOKED, EntityState.CANCELLED]),
)  # fmt: skip
def test_whatever_happens_a_case_and_its_entity_stay_in_lawful_states(
    kind: str, sole: bool, joint: bool, steps: list[tuple[str, int, Party]], outside: EntityState
) -> None:
    machine, now = KINDS[kind], START
    who, facts = cast(kind, sole, joint)
    try:
        case, _ = engine.open_case(machine, "enc_1", who, opening(machine, facts), machine.by[0], now)
    except Failure as failure:
        barred = {("CONVERSION", False), ("CHANGE_OF_OPERATOR", False), ("CHANGE", True), ("FORCED_CANCELLATION", True)}
        _expect(failure, (kind, sole) in barred)
        return
    marks = 0
    for name, days, party in steps:
        now += timedelta(days=days)
        if now.year > 2025:
            return
        before = _before(machine, case, who, now, name)
        try:
            if name == "DUE":
                engine.act_when_due(machine, case, who, now)
            elif name == "REPORT":
                who.record_report(now.year - 1 - days % 3)
            elif name == "OUTSIDE":  # what a registrar does at once, whatever procedure runs
                who.change_state(who.version, outside, "BANKRUPTCY_ENDED", now)
            else:
                uses = [a.uses for a in machine.actions if a.name == name and case.state in a.sources]
                engine.act(machine, case, who, name, said(uses[0] if uses else None, FACTS), party, now)
        except (EntityStateNotAllowed, ActionNotAllowed) as failure:
            _expect(failure, "art" in failure.message and (case.state, who.state, who.version, case.version) == before)
        except Failure as failure:
            _expect(failure, who.state is before[1])
        _check(machine, case, who, before, now)
        assert len(case.marks) >= marks, "a mark of a clock is never lost"
        marks = len(case.marks)


def cast(kind: str, sole: bool, joint: bool) -> tuple[Entity, dict[str, str]]:
    """An entity that such a case can be about, and all that may be said."""
    facts = FACTS
    who = entity(EntityType.SOLE_TRADER if sole else EntityType.LIMITED_COMPANY)
    if kind == "FORCED_CANCELLATION":
        who.state, who.state_date = EntityState.LICENCE_REVOKED, "2019-01-01"
    if kind in ("CAPITAL_REDUCTION", "MERGER", "DIVISION"):
        who.entity_type, who.capital = EntityType.LIMITED_COMPANY, Capital(1000)
        facts = FACTS | ({"role": {"MERGER": "ABSORBED", "DIVISION": "DISSOLVED"}.get(kind, "")} if sole else {})
    if kind == "CHANGE":
        who.capital = Capital(50, "CNY", "2028-12-31")
        if joint:  # it becomes a joint-stock company
            named = {"new_entity_type": "JOINT_STOCK_COMPANY", "new_name": "常州星河机械股份有限公司"}
            facts = {name: value for name, value in FACTS.items() if name != "new_holders"} | named
    if kind == "ABNORMAL_LISTING" and sole:
        who.report_owed_year, facts = 2022, FACTS | {"reason_codes": "ANNUAL_REPORT_MISSED"}
    return who, facts


def said(uses: frozenset[str] | None, facts: dict[str, str]) -> dict[str, str]:
    """Of everything, what this step may be told."""
    return {name: value for name, value in facts.items() if uses is None or name in uses}


def opening(machine: Kind, facts: dict[str, str]) -> dict[str, str]:
    """What the case may be told when it is opened; what goes only with something else is left out."""
    term = "paid_in_full" if facts["new_entity_type"] == "LIMITED_COMPANY" else "new_paid_in_due_date"
    gone = {"CHANGE": {term}, "FILING": {"new_paid_in_due_date"}}
    if facts.get("role") in ("ABSORBED", "DISSOLVED"):
        gone[machine.key] = {"new_capital_fen"}
    left_out = gone.get(machine.key, set())
    return {name: value for name, value in said(machine.uses, facts).items() if name not in left_out}


def _before(machine: Any, case: Any, who: Any, now: datetime, name: str) -> tuple[Any, ...]:
    """As it stands before a step. A step is taken after what time brought, and that stays also where the step is refused."""
    before = (case.state, who.state, who.version, case.version)
    while name in ACTIONS and engine.act_when_due(machine, case, who, now):
        _check(machine, case, who, before, now)
        before = (case.state, who.state, who.version, case.version)
    return (case.state, who.state, who.version, case.version)


def _expect(failure: Failure, right: bool) -> None:
    assert right, failure


def _check(machine: Any, case: Any, who: Any, before: tuple[Any, ...], now: datetime) -> None:
    assert case.state in {machine.first, *machine.owed, *(a.target for a in machine.actions), "OVERTAKEN"}
    if who.state is not before[1]:
        assert who.state in STATE_CHANGES[before[1]], "every move stands in the table of the law"
        assert who.version > before[2]
    standing = engine.standing(machine, case, now)
    assert verdict(standing, now)[0] in (AuditVerdict.WAITING, AuditVerdict.CLOSED) or standing.due_time <= now
    for clock in case.clocks.names():  # the deadline is a pure function of the marks, in whatever order they are read
        assert case.clocks.deadline(clock) == deadline(clock, list(reversed(case.marks)), case.clocks.limits) or any(
            a.time == b.time for i, a in enumerate(case.marks) for b in case.marks[i + 1 :]
        )
    if machine.is_open(case):
        running = [case.clocks.deadline(c) for c in case.clocks.names() if c not in case.missed]
        if any(one.state is ClockState.RUNNING and one.due_time for one in running):
            assert engine.next_due_time(machine, case, now) is not None
