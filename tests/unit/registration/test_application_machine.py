"""The machine of a set-up application: whatever happens, no illegal state, and the deadline is what a count by day gives."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.application import (
    Application,
    ApplicationState,
    RefusalReason,
    WithdrawnWhereItCameFrom,
    receive,
)
from services.registration.domain.entities import EntityType
from services.registration.domain.form_check import Gap, SetUpApplication
from services.registration.domain.naming import NameParts
from shared.case_clocks import ClockExpired
from shared.clock import local_date
from shared.failures import Failure, InvalidArgument
from shared.working_calendar import is_working_day

START = datetime(2025, 1, 2, 2, 0, tzinfo=UTC)
FINAL = (ApplicationState.RETURNED, ApplicationState.REGISTERED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["extend", "refuse", "refuse_bare", "register", "stale", "withdraw"]), st.integers(0, 96)
    ),
    max_size=12,
)


def counted(start: date, days: int) -> date:
    """The last of so many working days after a day, day by day."""
    while days:
        start += timedelta(days=1)
        days -= is_working_day(start)
    return start


def new_application(received: datetime, gaps: list[Gap]) -> Application:
    asked = SetUpApplication(
        division_code="320411", entity_type=EntityType.LIMITED_COMPANY, name="x", name_reservation_id=""
    )
    return receive("app_1", asked, NameParts("x", "常州", "云帆", "软件", "有限公司"), "key", gaps, received)[0]


def act(application: Application, step: str, now: datetime) -> Any:
    version = application.version
    steps: dict[str, Any] = {
        "extend": lambda: application.extend(version, "head-7", now),
        "refuse": lambda: application.refuse(version, [RefusalReason("UNLAWFUL", "x", "条例 art. 20")], now),
        "refuse_bare": lambda: application.refuse(version, [], now),
        "register": lambda: application.register(version, "ent_1", "91320411MAXX00015L", now),
        "withdraw": lambda: application.withdraw(version, now),
        "stale": lambda: application.register(version - 1, "ent_2", "91320411MAXX00015L", now),
    }
    return steps[step]()


@given(st.integers(0, 300), st.booleans(), STEPS)
def test_whatever_happens_a_decision_stands_and_the_deadline_is_counted_from_receipt(
    offset: int, complete: bool, steps: list[tuple[str, int]]
) -> None:
    received = START + timedelta(days=offset)
    application = new_application(received, [] if complete else [Gap("name", "MISSING", "x", "条例 art. 16")])
    assert (application.state is ApplicationState.UNDER_REVIEW) == complete
    now, extensions = received, 0
    for step, hours in steps:
        now += timedelta(hours=hours)
        before = (application.state, application.version, application.due_date, application.uscc)
        try:
            act(application, step, now)
        except Failure:
            assert (application.state, application.version, application.due_date, application.uscc) == before
            continue
        assert before[0] is ApplicationState.UNDER_REVIEW, "nothing follows a decision"
        assert step not in ("stale", "refuse_bare")
        assert step != "extend" or local_date(now).isoformat() <= before[2], "what is over is not extended"
        assert application.version == before[1] + 1
        extensions += step == "extend"
        assert (application.state in FINAL) == (step != "extend")
        assert (application.decided_time == now) == (step != "extend")
    assert extensions <= 1
    if complete:
        first = counted(local_date(received), 3)
        assert application.first_due_date == first.isoformat()
        assert application.due_date == (counted(first, 3) if extensions else first).isoformat()
    assert bool(application.uscc) == (application.state is ApplicationState.REGISTERED)
    assert bool(application.refusal_reasons) == (application.state is ApplicationState.REFUSED)


def test_RREG18_a_review_is_extended_on_its_last_day_and_not_after_it_and_who_approved_is_kept() -> None:
    received = datetime(2025, 3, 3, 2, tzinfo=UTC)
    for day, expired in ((6, False), (7, True)):
        application = new_application(received, [])
        assert application.due_date == "2025-03-06"
        before = dataclasses.replace(application)
        if expired:
            with pytest.raises(ClockExpired, match="2025-03-06"):
                application.extend(1, "head-7", datetime(2025, 3, day, 2, tzinfo=UTC))
            assert application == before
        else:
            application.extend(1, "head-7", datetime(2025, 3, day, 15, 59, tzinfo=UTC))
            assert (application.due_date, application.extension_approved_by) == ("2025-03-11", "head-7")


@pytest.mark.parametrize("name", ["王小明", "Wang Xiaoming", "", "x" * 129])
def test_an_extension_is_approved_by_a_pseudonym_and_not_by_a_name(name: str) -> None:
    application = new_application(START, [])
    with pytest.raises(InvalidArgument) as caught:
        application.extend(1, name, START)
    assert [(v.field, v.reason) for v in caught.value.violations] == [("approved_by", "PSEUDONYM_INVALID")]


@pytest.mark.parametrize(
    ("origin_ref", "may"), [("", True), ("ebn_1.LICENCE.1", True), ("stp_1", False), ("hof_1", False)]
)
def test_what_came_from_elsewhere_is_taken_back_there(origin_ref: str, may: bool) -> None:
    application = new_application(START, [])
    application.origin_ref = origin_ref
    if may:
        assert application.withdraw(1, START).origin_ref == origin_ref
        return
    with pytest.raises(WithdrawnWhereItCameFrom):
        application.withdraw(1, START)
    assert (application.state, application.version) == (ApplicationState.UNDER_REVIEW, 1)
