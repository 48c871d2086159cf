"""The register in numbers (mission 4-01, 4-02; domain-rules §9: rates from counts, two decimals, half up)."""

from __future__ import annotations

import pytest

from services.registration.domain.entity import EntityState
from services.registration.domain.statistics import (
    Move,
    change_in_percent,
    in_ten_thousands,
    months,
    move_of_state,
)


def test_stock_is_the_previous_one_and_who_came_less_who_went() -> None:
    counts = {
        ("2023-11", "TAKEN_OVER"): 1000, ("2023-12", "CANCELLED"): 10, ("2024-01", "SET_UP"): 20,
        ("2024-01", "MOVED_OUT"): 3, ("2024-03", "RESTORED"): 1, ("2024-03", "REGISTRATION_REVOKED"): 2,
    }  # fmt: skip
    found = months(counts, "2023-12", "2024-03")
    assert [(m.month, m.stock) for m in found] == [
        ("2023-12", 990), ("2024-01", 1007), ("2024-02", 1007), ("2024-03", 1006),
    ]  # fmt: skip
    assert found[1].moves[Move.SET_UP] == 20
    assert sum(found[2].moves.values()) == 0


@pytest.mark.parametrize(
    ("state", "reason", "move"),
    [
        ("CANCELLED", "SIMPLIFIED_CANCELLATION", Move.CANCELLED),
        ("REGISTRATION_REVOKED", "FALSE_REGISTRATION", Move.REGISTRATION_REVOKED),
        ("MOVED_OUT", "MOVED_OUT", Move.MOVED_OUT),
        ("ACTIVE", "REVOCATION_UNDONE", Move.RESTORED),
        ("ACTIVE", "RESUMED", None),
        ("DORMANT", "DORMANCY", None),
        ("LICENCE_REVOKED", "PENALTY", None),
    ],
)
def test_a_change_of_state_counts_only_when_an_entity_ends_or_is_there_again(
    state: str, reason: str, move: Move | None
) -> None:
    assert move_of_state(state, reason) is move


def test_every_state_is_either_stock_or_an_end() -> None:
    for state in EntityState:
        assert (move_of_state(state, "X") is None) == (state not in ("CANCELLED", "REGISTRATION_REVOKED", "MOVED_OUT"))


def test_4_01_and_4_02_are_printed_as_the_report_does() -> None:
    assert (in_ten_thousands(18_400), in_ten_thousands(176_600)) == ("1.84", "17.66")
    assert change_in_percent(18_400, 23_717) == "-22.42"
    assert change_in_percent(176_600, 170_397) == "3.64"
    assert change_in_percent(1, 0) == ""
    assert change_in_percent(10_001, 10_000) == "0.01"


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [("9999-01", "9999-12", 12), ("0001-01", "0001-12", 12), ("0999-11", "1000-02", 4), ("2024-05", "2024-05", 1)],
)
def test_months_of_any_year_are_counted_one_by_one(first: str, last: str, count: int) -> None:
    found = [month.month for month in months({}, first, last)]
    assert (found[0], found[-1], len(found)) == (first, last, count)
    assert found == sorted(set(found))
