"""The registrars' work list, kept in step with what happens to applications. Every step may run twice and in any order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.registration.usecases.context import Parts


def open_cases(parts: Parts, submitted: Sequence[tuple[str, str, str, datetime]]) -> None:
    """(application id, division, due date, time of the event) of applications that wait for a decision."""
    parts.store.open_work_items(
        [
            {"_id": application_id, "division_code": division_code, "due_date": due_date, "opened_time": time}
            for application_id, division_code, due_date, time in submitted
        ]
    )


def close_cases(parts: Parts, application_ids: Sequence[str]) -> None:
    """These applications are decided."""
    parts.store.close_work_items(application_ids)


def move_cases(parts: Parts, due_dates: Sequence[tuple[str, str]]) -> None:
    """(application id, new due date) of extended reviews."""
    parts.store.move_due_dates(due_dates)


def note_licences(parts: Parts, licences: Sequence[tuple[str, str, str]]) -> None:
    """(entity id, certificate id, identifier) of licences that were issued."""
    parts.store.set_licence(licences)
