"""What registration hears: its own events keep the work list, certificates' events link the licence; and the one
question it answers (`questions` in deploy/topology.yaml)."""

from __future__ import annotations

from typing import Any

from nameko.rpc import rpc

from services.registration.usecases import entities, work_list
from shared.consumer import on_events
from shared.events import Event
from shared.worker import PartsProvider


class RegistrationHandlers:
    """Event handlers of registration."""

    name = "registration"
    parts = PartsProvider()

    @on_events("registration.on_application_submitted.v1")
    def on_application_submitted(self, events: list[Event]) -> None:
        """A case waits for a registrar."""
        work_list.open_cases(
            self.parts.extra, [(e.data.application_id, e.data.division_code, e.data.due_date, e.time) for e in events]
        )

    @on_events("registration.on_review_extended.v1")
    def on_review_extended(self, events: list[Event]) -> None:
        """A case may wait longer."""
        work_list.move_cases(self.parts.extra, [(e.data.application_id, e.data.due_date) for e in events])

    @on_events("registration.on_application_refused.v1")
    def on_application_refused(self, events: list[Event]) -> None:
        """A case is decided."""
        work_list.close_cases(self.parts.extra, [e.data.application_id for e in events])

    @on_events("registration.on_entity_registered.v1")
    def on_entity_registered(self, events: list[Event]) -> None:
        """A case is decided."""
        work_list.close_cases(self.parts.extra, [e.data.application_id for e in events if e.data.application_id])

    @on_events("registration.on_certificate_issued.v1")
    def on_certificate_issued(self, events: list[Event]) -> None:
        """The business licence exists: the register shows it."""
        licences = [
            (e.data.holder_ref, e.data.certificate_id, e.data.identifier)
            for e in events
            if e.data.certificate_type == "BUSINESS_LICENCE"
        ]
        if licences:
            work_list.note_licences(self.parts.extra, licences)

    @rpc  # type: ignore[untyped-decorator]
    def licence_facts(self, entity_ids: list[str], purpose: str, asked_by: str) -> list[dict[str, Any]]:
        """What a licence shows of these entities; every disclosure is logged."""
        return entities.licence_facts(self.parts.extra, entity_ids, purpose, asked_by)
