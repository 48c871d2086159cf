"""The register in numbers: moves noted from events, each once; months from moves; the check against what exists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from prometheus_client import Gauge

from services.registration.domain import statistics
from services.registration.domain.statistics import Month, Move
from services.registration.usecases.context import Parts
from shared.clock import local_date
from shared.failures import InvalidArgument, Violation

DIFFERENCE = Gauge(
    "tongban_registration_stock_difference",
    "Entities that exist, less the stock that follows from events; 0 when all is well.",
)
LONGEST = 120


def note_moves(parts: Parts, moves: Iterable[tuple[str, str, Move | None, datetime]]) -> None:
    """(event id, entity id, move, time of the event): counted once however often the event comes, in its own month."""
    now = parts.clock.now()
    noted = [
        {"_id": event_id, "entity_id": entity_id, "move": str(move), "month": f"{local_date(time):%Y-%m}", "time": time,
         "noted_time": now}
        for event_id, entity_id, move, time in moves
        if move is not None
    ]  # fmt: skip
    if noted:
        parts.store.note_moves(noted)


def monthly(parts: Parts, first: str, last: str) -> list[Month]:
    """The months, with the stock at the end of each. Raises InvalidArgument for months that are none or too many."""
    count = (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:]) + 1
    if not 1 <= count <= LONGEST:
        violation = Violation("last_month", f"must be 1 to {LONGEST} months from first_month on", "MONTHS_RANGE")
        raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))
    return statistics.months(parts.store.moves_until(last), first, last)


def check_stock(parts: Parts) -> int:
    """What exists less what events say; told as a metric. Events that are still on their way show as a difference for a
    moment. It keeps the sums with which months are told."""
    parts.store.sum_moves(parts.clock.now())
    now = f"{local_date(parts.clock.now()):%Y-%m}"
    (month,) = statistics.months(parts.store.moves_until(now), now, now)
    difference = parts.store.count_existing() - month.stock
    DIFFERENCE.set(difference)
    return difference
