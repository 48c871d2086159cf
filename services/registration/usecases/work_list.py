"""The registrars' work list, kept in step with what happens to applications. Every step may run twice and in any order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.registration.domain.application import ApplicationState
from services.registration.domain.events import ReviewDeadlineMissed
from services.registration.usecases.context import Parts
from shared.events import Cause, timeline_entry


def open_cases(parts: Parts, submitted: Sequence[tuple[str, str, str, datetime]]) -> None:
    """(application id, division, due date, time of the event) of applications that wait for a decision."""
    now = parts.clock.now()
    parts.store.open_work_items(
        [
            {"_id": application_id, "division_code": division, "due_date": due, "opened_time": time, "noted_time": now}
            for application_id, division, due, time in submitted
        ]
    )


def close_cases(parts: Parts, application_ids: Sequence[str]) -> None:
    """These applications are decided."""
    parts.store.close_work_items(application_ids)


def move_cases(parts: Parts, application_ids: Sequence[str]) -> None:
    """The reviews of these applications were extended, or dated."""
    parts.store.move_due_dates(application_ids)


def tell_late(parts: Parts, limit: int = 200) -> int:
    """Tell the level above of reviews whose last day is over, each once (实施细则 art. 18); returns how many."""
    told, today = 0, parts.clock.today().isoformat()
    for application_id in parts.store.overdue_work_items(parts.region, today, limit):
        entry = timeline_entry(ReviewDeadlineMissed(application_id), parts.clock.now(), Cause(actor_id="platform"))
        if parts.store.tell_late(application_id, today, entry):
            parts.outbox.committed_many("applications", [(application_id, entry)])
            told += 1
    return told


def date_reviews(parts: Parts, limit: int = 200) -> int:
    """Date reviews that were received or extended before the calendar of their year was loaded (T36); returns how many."""
    dated = 0
    for application_id in parts.store.undated_work_items(parts.region, limit):
        document = parts.store.application(application_id)
        if document is None:
            continue
        application = parts.application_of(document)
        if application.state is not ApplicationState.UNDER_REVIEW:
            parts.store.close_work_items([application_id])  # decided; its event is on the way
            continue
        event = application.date_again()
        if event is None:
            break  # those that came later are no better off
        entry = timeline_entry(event, parts.clock.now(), Cause(actor_id="platform"))
        if parts.store.date_review(application, entry):
            parts.outbox.committed_many("applications", [(application_id, entry)])
            dated += 1
    return dated


def note_licences(parts: Parts, licences: Sequence[tuple[str, str, str, int]]) -> None:
    """(entity id, certificate id, identifier, version of the entity) of licences that were issued, in any order."""
    parts.store.set_licence(licences)
