"""A limit that gets a new version while an inquiry is suspended: the case keeps its own, and its paused days (实施细则 arts. 53,
55; a later rule moves no running case)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from services.registration.domain.cases import engine
from services.registration.domain.cases.engine import EntityCase
from services.registration.domain.limits import limits
from shared.legal_clock import deadline
from shared.limits import Limits
from shared.working_calendar import add_months, is_working_day
from tests.unit.registration.test_entity_cases import REGISTRAR, Play, at, entity

DATA = Path("services/registration/data/limits.yaml")
KIND, MONTHS = "impersonation_inquiry", 3
ACCEPTED = date(2025, 1, 8)


def changed_table(folder: Path, since: date, months: int) -> Limits:
    """The service's own table, in which the inquiry has another length from a day on."""
    table = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    (old,) = table["limits"][KIND]
    new = old | {"amount": months, "valid_from": since, "source": "a later rule"}
    table["limits"][KIND] = [old | {"valid_to": since - timedelta(days=1)}, new]
    file = folder / "limits.yaml"
    file.write_text(yaml.safe_dump(table, allow_unicode=True), encoding="utf-8")
    return Limits(file)


@contextmanager
def in_force(table: Limits) -> Iterator[None]:
    """What a process reads that is started with the changed data."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "limits", lambda: table)
        yield


def accepted() -> Play:
    play = Play("IMPERSONATION", entity(), "2025-01-06")
    return play.act("ACCEPT", ACCEPTED.isoformat(), {"identity_verified": "true"}, REGISTRAR)


def counted_by_hand(paused: tuple[date, date]) -> date:
    """Day after day: each that is not paused uses one of the days that the inquiry had; the last rolls off a day off."""
    left = (add_months(ACCEPTED, MONTHS, roll=False) - ACCEPTED).days
    day = ACCEPTED
    while left:
        day += timedelta(days=1)
        left -= not paused[0] <= day < paused[1]
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def stored_and_read(play: Play) -> None:
    """The case as another process finds it."""
    play.case = msgspec.convert(msgspec.to_builtins(play.case), EntityCase)


@settings(max_examples=120, deadline=None)
@given(
    before=st.integers(1, 89), length=st.integers(1, 150), share=st.floats(0, 1), months=st.integers(1, 12),
    looked=st.booleans(),
)  # fmt: skip
def test_a_rule_that_changes_during_a_pause_moves_no_deadline_and_loses_no_paused_day(
    tmp_path_factory: Any, before: int, length: int, share: float, months: int, looked: bool
) -> None:
    suspended = ACCEPTED + timedelta(days=before)
    going_on = suspended + timedelta(days=length)
    since = suspended + timedelta(days=round(share * length))
    play = accepted().act("SUSPEND", suspended.isoformat(), {"reason_codes": "LAWSUIT"}, REGISTRAR)
    with in_force(changed_table(tmp_path_factory.mktemp("limits"), since, months)):
        stored_and_read(play)
        if looked:  # the sweeper sees a paused case and lets it be
            play.due(going_on.isoformat(), 0)
        assert play.case.state == "SUSPENDED"
        play.act("GO_ON", going_on.isoformat(), {}, REGISTRAR)
        found = play.case.clocks.deadline("inquiry")
        assert found.due_date == counted_by_hand((suspended, going_on))
        pinned = [mark.limit for mark in play.case.marks if mark.clock == "inquiry" and mark.limit]
        assert pinned == [f"{KIND}@2022-03-01"]
        assert [(s.amount, s.because) for s in found.steps if s.kind == "PAUSED"] == [(length, "SUSPENDED")]


def test_with_the_new_length_the_deadline_would_be_another_and_a_case_accepted_later_has_it(tmp_path: Path) -> None:
    """The test above can fail: the changed table is read, and would count otherwise."""
    play = accepted().act("SUSPEND", "2025-02-10", {"reason_codes": "LAWSUIT"}, REGISTRAR)
    with in_force(changed_table(tmp_path, date(2025, 2, 20), 1)):
        play.act("GO_ON", "2025-03-12", {}, REGISTRAR)
        assert play.due_date("inquiry") == counted_by_hand((date(2025, 2, 10), date(2025, 3, 12))).isoformat()
        later = Play("IMPERSONATION", entity(), "2025-03-11")
        later.act("ACCEPT", "2025-03-12", {"identity_verified": "true"}, REGISTRAR)
        assert later.due_date("inquiry") == "2025-04-14"
        swapped = [
            replace(mark, limit=f"{KIND}@2025-02-20") if mark.limit.startswith(KIND) else mark
            for mark in play.case.marks
        ]
        assert deadline("inquiry", swapped, engine.limits()).due_date == date(2025, 2, 8)
    assert play.due_date("inquiry") == counted_by_hand((date(2025, 2, 10), date(2025, 3, 12))).isoformat()
    assert limits().limit(KIND, date(2025, 3, 12)).amount == MONTHS


def test_an_extension_after_the_change_is_counted_from_the_kept_length(tmp_path: Path) -> None:
    play = accepted().act("SUSPEND", "2025-02-10", {"reason_codes": "LAWSUIT"}, REGISTRAR)
    with in_force(changed_table(tmp_path, date(2025, 2, 20), 1)):
        play.act("GO_ON", "2025-03-12", {}, REGISTRAR)
        play.act("EXTEND", "2025-05-06", {"approved_by": "head-7"}, REGISTRAR)
        # three months and three more end on 8 July; thirty days were paused
        assert play.due_date("inquiry") == "2025-08-07"
        assert not play.case.clocks.deadline("inquiry").missed(at("2025-08-07", 23))
