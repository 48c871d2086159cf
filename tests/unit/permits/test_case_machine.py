"""Any sequence of steps on a permit case: no illegal state, no lost pause, the deadline is that of a count day by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.permits.domain.case import CaseState, PermitCase, Reason, receive
from services.permits.domain.catalogue import catalogue, gaps_of
from services.permits.domain.due import due_events
from services.permits.domain.filing import FilingState, submit
from services.permits.domain.limits import limits
from services.permits.domain.permit import PermitState
from shared.case_clocks import CaseClocks
from shared.clock import local_date
from shared.failures import Failure
from shared.legal_clock import ClockMark, ClockState
from shared.standing import AuditVerdict, StandingKind, verdict
from shared.working_calendar import is_working_day

START = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)
ITEM = catalogue("320411").item("food_sales_permit", date(2025, 3, 3))
ALL = [material.material_type for material in ITEM.required()]
TOLERABLE = [material.material_type for material in ITEM.materials if material.tolerable]
REASON = [Reason("NOT_FIT", "does not fit", "art. 1")]
NEXT: dict[CaseState, set[CaseState]] = {
    CaseState.RECEIVED: {
        CaseState.NOTICE_SENT, CaseState.ACCEPTED, CaseState.NOT_ACCEPTED, CaseState.WITHDRAWN, CaseState.ENDED,
    },
    CaseState.NOTICE_SENT: {CaseState.ACCEPTED, CaseState.WITHDRAWN, CaseState.ENDED},
    CaseState.ACCEPTED: {CaseState.GRANTED, CaseState.REFUSED, CaseState.WITHDRAWN, CaseState.ENDED},
    CaseState.GRANTED: {CaseState.DELIVERED},
}  # fmt: skip
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["notice", "bring", "accept", "promise", "decline", "withdraw", "pause", "resume", "extend", "grant", "refuse",
             "deliver", "due"]
        ),
        st.integers(0, 9),
    ),
    max_size=25,
)  # fmt: skip


def act(case: PermitCase, step: str, now: datetime) -> Any:
    """One step; a refusal is an answer too."""
    steps: dict[str, Any] = {
        "notice": lambda: case.request_materials([], now),
        "bring": lambda: case.supplement(ALL, now),
        "accept": lambda: case.accept([], TOLERABLE, now),
        "promise": lambda: case.accept(case.gaps, TOLERABLE, now),
        "decline": lambda: case.decline(REASON, now),
        "withdraw": lambda: case.withdraw(now),
        "pause": lambda: case.pause("HEARING", "applicant", 5, now),
        "resume": lambda: case.resume("HEARING", now),
        "extend": lambda: case.extend("COMPLEX", now),
        "grant": lambda: case.grant("per_1", ITEM, now),
        "refuse": lambda: case.refuse(REASON, now),
        "deliver": lambda: case.deliver(now),
        "due": lambda: due_events(case, now),
    }
    return steps[step]()


@given(STEPS, st.sets(st.sampled_from(ALL)))
def test_whatever_happens_the_case_is_lawful_and_its_deadline_is_that_of_a_count_by_day(
    steps: list[tuple[str, int]], brought: set[str]
) -> None:
    materials = sorted(brought)
    gaps = [material.material_type for material in gaps_of(ITEM, materials)]
    case, _ = receive("pmc_1", ITEM, ("91320411MAXX00015L", ""), materials, gaps, False, "", START)
    now = START
    stopped: set[date] = set()
    paused_since: date | None = None
    extra = 0
    for step, days in steps:
        now += timedelta(days=days)
        due_events(case, now)  # the sweeper has always been there first
        before = (case.state, case.version, len(case.marks))
        try:
            act(case, step, now)
        except Failure:
            assert (case.state, case.version, len(case.marks)) == before, "a refused step changes nothing"
        else:
            today = local_date(now)
            if step == "pause":
                paused_since = today
            elif step == "resume" and paused_since:
                stopped |= {paused_since + timedelta(days=d) for d in range((today - paused_since).days)}
                paused_since = None
            extra += 10 if step == "extend" else 0
        if case.state is not before[0]:
            assert case.state in NEXT[before[0]]
        found = case.clocks.deadline("decision")
        if found.state is ClockState.RUNNING and paused_since is None:
            day, left = date.fromisoformat(case.accepted_date), 20 + extra
            while left:
                day += timedelta(days=1)
                left -= is_working_day(day) and day not in stopped
            assert found.due_date == day
        standing = case.standing(now)
        if standing.kind is StandingKind.WAITING:
            assert standing.party
            assert verdict(standing, now)[0] is AuditVerdict.WAITING
        assert (case.permit is not None) == (case.state in (CaseState.GRANTED, CaseState.DELIVERED))


@given(st.lists(st.sampled_from(list(PermitState)), max_size=12))
def test_a_permit_that_is_revoked_or_cancelled_stays_so(states: list[PermitState]) -> None:
    case, _ = receive("pmc_1", ITEM, ("91320411MAXX00015L", ""), ALL, [], False, "", START)
    case.grant("per_1", ITEM, START)
    permit = case.permit
    assert permit is not None
    for state in states:
        before = permit.state
        try:
            permit.change("pmc_1", state, "REASON", date(2025, 3, 3))
        except Failure:
            assert permit.state is before
        else:
            assert before in (PermitState.IN_FORCE, PermitState.SUSPENDED)
            assert permit.state is state is not PermitState.EXPIRED


FILED = catalogue("320411").item("prepacked_food_filing", date(2025, 3, 3))


@given(st.lists(st.sampled_from(["amend", "withdraw", "lapse"]), max_size=8), st.booleans())
def test_a_filing_is_never_refused_and_recorded_once(steps: list[str], complete: bool) -> None:
    kinds = [material.material_type for material in FILED.required()]
    filing, told = submit(
        "fil_1", FILED, ("91320411MAXX00015L", ""), kinds if complete else [], [] if complete else kinds, ("", ""), "", "",
        START,
    )  # fmt: skip
    recorded = int(type(told).__name__ == "FilingRecorded")
    assert recorded == int(complete)
    for step in steps:
        if step == "lapse" and filing.state is not FilingState.RETURNED_INCOMPLETE:
            continue  # the sweeper finds no clock that runs
        acts: dict[str, Any] = {
            "amend": lambda: filing.amend(kinds, START), "withdraw": lambda: filing.withdraw(START),
            "lapse": lambda: filing.lapse(START),
        }  # fmt: skip
        try:
            recorded += int(type(acts[step]()).__name__ == "FilingRecorded")
        except Failure:
            continue
    assert recorded <= 1
    assert filing.state in set(FilingState)
    with pytest.raises(ValueError, match="REFUSED"):
        FilingState("REFUSED")


def test_T2_joint_handling_has_45_working_days_and_15_more() -> None:
    marks: list[ClockMark] = []
    clocks = CaseClocks(limits(), marks)
    accepted = datetime(2025, 9, 26, 2, 0, tzinfo=UTC)
    assert clocks.start("decision", "joint_decision", accepted).due_date == date(2025, 12, 4)
    extended = clocks.extend("decision", "joint_decision_extension", accepted + timedelta(days=20), "COMPLEX")
    assert extended.due_date == date(2025, 12, 25)
    assert "art. 42(2)" in clocks.deadline("decision").steps[0].because
