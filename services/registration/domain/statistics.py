"""The year of the register in numbers, from events alone: who came, who went, how many there are (mission 4-01, 4-02).

stock = previous stock + came − went, for each month; the nightly check holds it against the entities that exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from services.registration.domain.entity import EXISTING, REVOCATION_UNDONE, EntityState

CENT = Decimal("0.01")


class Move(StrEnum):
    """One entity more or less."""

    SET_UP = "SET_UP"
    # from an older register
    TAKEN_OVER = "TAKEN_OVER"
    # from another registrar
    MOVED_IN = "MOVED_IN"
    # the revocation of its registration was undone
    RESTORED = "RESTORED"
    CANCELLED = "CANCELLED"
    REGISTRATION_REVOKED = "REGISTRATION_REVOKED"
    MOVED_OUT = "MOVED_OUT"


CAME = frozenset({Move.SET_UP, Move.TAKEN_OVER, Move.MOVED_IN, Move.RESTORED})
_ENDED = {
    EntityState.CANCELLED: Move.CANCELLED,
    EntityState.REGISTRATION_REVOKED: Move.REGISTRATION_REVOKED,
    EntityState.MOVED_OUT: Move.MOVED_OUT,
}
assert not EXISTING & set(_ENDED)


def move_of_state(state: str, reason_code: str) -> Move | None:
    """What a change of state means for the stock; None when the entity exists before and after."""
    if EntityState(state) in EXISTING and reason_code == REVOCATION_UNDONE:
        return Move.RESTORED
    return _ENDED.get(EntityState(state))


@dataclass(frozen=True, slots=True)
class Month:
    """A month (ISO, e.g. 2024-03) with its moves and the stock at its end."""

    month: str
    moves: Mapping[Move, int]
    stock: int


def months(counts: Mapping[tuple[str, str], int], first: str, last: str) -> list[Month]:
    """The months from `first` to `last` from counts of (month, move) since the beginning of the register."""
    stock = sum(n if Move(move) in CAME else -n for (month, move), n in counts.items() if month < first)
    found = []
    for month in map(_month, range(_number(first), _number(last) + 1)):
        moves = {move: counts.get((month, move), 0) for move in Move}
        stock += sum(n if move in CAME else -n for move, n in moves.items())
        found.append(Month(month, moves, stock))
    return found


def _number(month: str) -> int:
    """Months since the beginning of our era; ISO months of any year are in order by it."""
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _month(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"


def change_in_percent(this: int, last: int) -> str:
    """(this − last) / last in percent, two decimals, half up, e.g. "-22.42"; "" where last is 0."""
    if last == 0:
        return ""
    return str((Decimal(this - last) * 100 / last).quantize(CENT, ROUND_HALF_UP))


def in_ten_thousands(count: int) -> str:
    """万, two decimals, half up: 18400 → "1.84"."""
    return str((Decimal(count) / 10_000).quantize(CENT, ROUND_HALF_UP))
