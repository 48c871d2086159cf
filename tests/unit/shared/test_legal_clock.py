"""The legal clock (domain-rules §0; cases T1, T2, T3, T6, T7, T8, T12, T24, T36)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.case_clocks import CaseClocks, ClockAlreadyExtended, ClockAlreadyStarted, ClockExpired, ClockNotRunning
from shared.clock import LOCAL
from shared.legal_clock import ClockMark, ClockState, MarkKind, deadline
from shared.limits import Limits, NoLimitInForce
from shared.working_calendar import is_working_day

# one line a limit, so that the table can be read
DATA = """
limits:
  notice: [{amount: 5, unit: working_day, roll: false, valid_from: 2004-07-01, valid_to: null, source: "行政许可法 art. 32"}]
  decision:
    - {amount: 20, unit: working_day, roll: false, valid_from: 2004-07-01, valid_to: 2025-12-31, source: "许可法 42"}
    - {amount: 15, unit: working_day, roll: false, valid_from: 2026-01-01, valid_to: null, source: "made up for the test"}
  decision_extension: [{amount: 10, unit: working_day, roll: false, valid_from: 2004-07-01, valid_to: null, source: "许可法 42"}]
  joint: [{amount: 45, unit: working_day, roll: false, valid_from: 2004-07-01, valid_to: null, source: "许可法 42"}]
  joint_extension: [{amount: 15, unit: working_day, roll: false, valid_from: 2004-07-01, valid_to: null, source: "许可法 42"}]
  delivery: [{amount: 10, unit: working_day, roll: false, valid_from: 2004-07-01, valid_to: null, source: "行政许可法 art. 44"}]
  filing: [{amount: 30, unit: natural_day, roll: true, valid_from: 2004-07-01, valid_to: null, source: "条例 art. 29"}]
  inquiry: [{amount: 3, unit: month, roll: true, valid_from: 2004-07-01, valid_to: null, source: "实施细则 art. 53"}]
  sign: [{amount: 30, unit: minute, roll: false, valid_from: 2004-07-01, valid_to: null, source: "天津 2025"}]
"""


@pytest.fixture(scope="module")
def limits(tmp_path_factory: pytest.TempPathFactory) -> Limits:
    path = tmp_path_factory.mktemp("limits") / "limits.yaml"
    path.write_text(DATA, encoding="utf-8")
    return Limits(path)


def at(day: str, hour: int = 10, minute: int = 0) -> datetime:
    """An instant of a day in Shanghai."""
    return (
        datetime.combine(date.fromisoformat(day), datetime.min.time(), LOCAL)
        .replace(hour=hour, minute=minute)
        .astimezone(UTC)
    )


def clocks(limits: Limits) -> CaseClocks:
    return CaseClocks(limits, [])


def test_t1_a_notice_not_sent_in_time_accepts_as_of_receipt_and_the_decision_counts_from_there(limits: Limits) -> None:
    case = clocks(limits)
    assert str(case.start("notice", "notice", at("2025-09-26")).due_date) == "2025-10-10"
    # deemed on 2025-10-11, as of the day of receipt
    assert str(case.start("decision", "decision", at("2025-09-26")).due_date) == "2025-10-30"
    assert str(case.extend("decision", "decision_extension", at("2025-10-20"), "COMPLEX").due_date) == "2025-11-13"


def test_t2_joint_handling_takes_45_working_days_and_15_more(limits: Limits) -> None:
    case = clocks(limits)
    assert str(case.start("decision", "joint", at("2025-09-26")).due_date) == "2025-12-04"
    assert str(case.extend("decision", "joint_extension", at("2025-12-01"), "COMPLEX").due_date) == "2025-12-25"


def test_t3_delivery_over_the_spring_festival(limits: Limits) -> None:
    assert str(clocks(limits).start("delivery", "delivery", at("2025-01-22")).due_date) == "2025-02-11"


def test_t6_an_expert_review_of_eight_working_days_moves_the_due_day_by_exactly_eight(limits: Limits) -> None:
    case = clocks(limits)
    before = case.start("decision", "decision", at("2025-09-26")).due_date
    paused = case.pause("decision", at("2025-10-10"), "EXPERT_REVIEW", "unit:experts")
    assert (paused.state, paused.due_date, paused.owner) == (ClockState.PAUSED, None, "unit:experts")
    # eight working days from the 10th on, the 11th being a working Saturday
    after = case.resume("decision", at("2025-10-21"), "EXPERT_REVIEW").due_date
    assert (str(before), str(after)) == ("2025-10-30", "2025-11-11")


def test_t8_a_filing_within_thirty_days_ends_after_the_holiday(limits: Limits) -> None:
    found = clocks(limits).start("filing", "filing", at("2025-09-03"))
    assert str(found.due_date) == "2025-10-09"
    assert [step.because for step in found.steps] == ["条例 art. 29", "民法典 art. 203"]


def test_t12_an_inquiry_of_three_months_and_three_more(limits: Limits) -> None:
    case = clocks(limits)
    assert str(case.start("inquiry", "inquiry", at("2025-05-08")).due_date) == "2025-08-08"
    assert str(case.extend("inquiry", "inquiry", at("2025-08-01"), "COMPLEX").due_date) == "2025-11-10"


def test_t24_a_burst_pipe_is_signed_for_within_thirty_minutes_on_a_holiday(limits: Limits) -> None:
    found = clocks(limits).start("sign", "sign", at("2025-10-01", 23, 50))
    assert found.due_time == at("2025-10-02", 0, 20)
    assert found.missed(at("2025-10-02", 0, 20))
    assert not found.missed(at("2025-10-02", 0, 19))


def test_t36_a_deadline_that_touches_a_year_without_calendar_is_unknown_and_no_guess(limits: Limits) -> None:
    found = clocks(limits).start("decision", "decision", at("2026-12-20"))
    assert (found.state, found.due_date, found.reason) == (ClockState.UNKNOWN, None, "CALENDAR_NOT_LOADED")


def test_t36_what_has_ended_or_waits_does_so_although_no_calendar_tells_its_last_day(limits: Limits) -> None:
    case = clocks(limits)
    case.start("decision", "decision", at("2026-12-20"))
    case.pause("decision", at("2026-12-21"), "HEARING", "applicant")
    assert case.is_paused("decision", "HEARING")
    assert case.resume("decision", at("2026-12-22"), "HEARING").state is ClockState.UNKNOWN
    assert not case.is_paused("decision", "HEARING")
    ended = case.end("decision", at("2026-12-23"))
    assert (ended.state, ended.ended_time, ended.reason) == (
        ClockState.ENDED, at("2026-12-23"), "CALENDAR_NOT_LOADED",
    )  # fmt: skip
    assert not ended.missed(at("2027-12-31"))
    for late in (lambda: case.pause("decision", at("2026-12-24"), "HEARING", "applicant"),
                 lambda: case.extend("decision", "decision", at("2026-12-24"), "WHY")):  # fmt: skip
        with pytest.raises(ClockNotRunning):
            late()


def test_no_edit_resets_a_clock(limits: Limits) -> None:
    case = clocks(limits)
    case.start("decision", "decision", at("2025-09-26"))
    with pytest.raises(ClockAlreadyStarted):
        case.start("decision", "decision", at("2025-10-20"))
    case.end("decision", at("2025-10-21"))
    with pytest.raises(ClockAlreadyStarted):
        case.start("decision", "decision", at("2025-10-22"))


def test_a_running_case_keeps_the_limit_it_started_under(limits: Limits) -> None:
    case = clocks(limits)
    assert case.start("decision", "decision", at("2025-12-30")).steps[0].amount == 20
    assert case.start("second", "decision", at("2026-01-04")).steps[0].amount == 15


def test_what_is_overdue_can_be_neither_paused_nor_extended(limits: Limits) -> None:
    case = clocks(limits)
    case.start("decision", "decision", at("2025-09-26"))
    with pytest.raises(ClockExpired):
        case.pause("decision", at("2025-10-31"), "EXPERT_REVIEW", "unit:experts")
    with pytest.raises(ClockExpired):
        case.extend("decision", "decision_extension", at("2025-10-31"), "COMPLEX")


def test_the_law_gives_one_extension(limits: Limits) -> None:
    case = clocks(limits)
    case.start("decision", "decision", at("2025-09-26"))
    case.extend("decision", "decision_extension", at("2025-09-28"), "COMPLEX")
    with pytest.raises(ClockAlreadyExtended):
        case.extend("decision", "decision_extension", at("2025-09-29"), "COMPLEX")


def test_a_clock_that_is_not_paused_for_a_reason_is_not_resumed_for_it(limits: Limits) -> None:
    case = clocks(limits)
    case.start("decision", "decision", at("2025-09-26"))
    case.pause("decision", at("2025-09-28"), "HEARING", "applicant")
    with pytest.raises(ClockNotRunning):
        case.resume("decision", at("2025-09-29"), "EXPERT_REVIEW")
    with pytest.raises(ClockNotRunning):
        case.pause("decision", at("2025-09-29"), "HEARING", "applicant")


def test_a_version_that_is_not_in_the_data_is_refused(limits: Limits) -> None:
    with pytest.raises(NoLimitInForce):
        deadline("x", [ClockMark("x", MarkKind.STARTED, at("2025-01-02"), "gone@1999-01-01")], limits)


def test_the_first_deadline_of_a_case_is_the_one_that_counts(limits: Limits) -> None:
    case = clocks(limits)
    case.start("decision", "decision", at("2025-09-26"))
    case.start("notice", "notice", at("2025-09-26"))
    found = case.next_due()
    assert found is not None
    assert found.clock == "notice"


DAYS = st.integers(0, 200)
PAUSES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 15), st.sampled_from("ABC")), max_size=6)


@given(start=DAYS, pauses=PAUSES, extension=st.none() | st.integers(0, 15))
def test_a_deadline_equals_a_count_day_by_day(
    limits: Limits, start: int, pauses: list[tuple[int, int, str]], extension: int | None
) -> None:
    """Independent of the code: walk the calendar and count every working day that lies in no pause."""
    case, first = clocks(limits), date(2025, 1, 2) + timedelta(days=start)
    actions = [(begin, "pause", reason) for begin, _, reason in pauses]
    actions += [(begin + length, "resume", reason) for begin, length, reason in pauses]
    actions += [(extension, "extend", "")] if extension is not None else []
    case.start("decision", "decision", at(str(first)))
    total, stopped, since = 20, set[date](), dict[str, int]()
    for offset, what, reason in sorted(actions, key=lambda action: (action[0], action[1] != "resume")):
        time = at(str(first + timedelta(days=offset)), 11)
        try:
            if what == "pause":
                case.pause("decision", time, reason, "applicant")
                since[reason] = offset
            elif what == "resume":
                case.resume("decision", time, reason)
                stopped |= {first + timedelta(days=d) for d in range(since.pop(reason), offset)}
            else:
                case.extend("decision", "decision_extension", time, "COMPLEX")
                total += 10
        except (ClockNotRunning, ClockExpired):
            continue
    for reason in list(since):
        case.resume("decision", at(str(first + timedelta(days=90))), reason)
        stopped |= {first + timedelta(days=d) for d in range(since[reason], 90)}

    day = first
    while total:
        day += timedelta(days=1)
        total -= is_working_day(day) and day not in stopped
    assert case.deadline("decision").due_date == day
    assert case.deadline("decision").state is ClockState.RUNNING
