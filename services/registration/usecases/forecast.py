"""What falls due in the next days, so that a registrar and the people above it can share the work out beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services.registration.usecases.context import Parts
from shared.clock import end_of_local_day

SET_UP = "SET_UP"


@dataclass(frozen=True, slots=True)
class DueRow:
    """How many of a kind have their last day on `day` (ISO date); `owed_by` owes `owed`."""

    day: str
    kind: str
    owed_by: str
    owed: str
    count: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """`late`: last day before today, still open. `undated`: open without a day that can be told."""

    rows: list[DueRow]
    late: int
    undated: int


def forecast(parts: Parts, division_code: str, days: int) -> Forecast:
    """What falls due today and in the days after it, `days` together, by day and kind."""
    today, store = parts.clock.today(), parts.store
    last = today + timedelta(days=days - 1)
    started = end_of_local_day(today - timedelta(days=1))
    reviews = store.reviews_due(division_code, today.isoformat(), last.isoformat())
    rows = [DueRow(day, SET_UP, "registrar", "decision", count) for day, count in reviews.items()]
    rows += [
        DueRow(day, kind, party.partition(":")[0], what, count)
        for day, kind, party, what, count in store.cases_due(division_code, started, end_of_local_day(last))
    ]
    late_reviews, undated_reviews = store.reviews_beside(division_code, today.isoformat())
    late_cases, undated_cases = store.cases_beside(division_code, started)
    rows.sort(key=lambda row: (row.day, row.kind, row.owed_by, row.owed))
    return Forecast(rows, late_reviews + late_cases, undated_reviews + undated_cases)
