"""What handoff hears: its own messages to deliver, what the deciding services did with handed-over cases, and states that
partners follow in the feed; and the one question it answers (`questions` in deploy/topology.yaml)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import eventlet

from services.handoff.usecases import delivery, facts, feed
from shared.consumer import on_events
from shared.events import Event
from shared.failures import Unavailable
from shared.questions import AnotherService, answers, ask
from shared.worker import PartsProvider

DELIVERIES = 8
PURPOSE = "SEND_RESULT_TO_ACCEPTING_REGION"


class CertificatesDoesNotAnswer(Unavailable):
    """The file of a certificate could not be asked for; the event waits."""


class HandoffHandlers:
    """Event handlers of handoff."""

    name = "handoff"
    parts = PartsProvider()
    certificates = AnotherService("certificates")

    @on_events("handoff.on_message_queued.v1")
    def on_message_queued(self, events: list[Event]) -> None:
        """Messages wait: deliver them now, several at once (a case's own stay in order). What fails is tried again by the
        timer."""
        pool = eventlet.GreenPool(DELIVERIES)
        for _ in pool.imap(lambda e: delivery.deliver_case(self.parts.extra, e.data.message_id), events):
            continue

    @on_events("handoff.on_registration_case_accepted.v1")
    def on_registration_case_accepted(self, events: list[Event]) -> None:
        """A handed-over application is on registration's books, complete, and the registrar's time runs."""
        for e in self._of_cases(events):
            facts.on_books(self.parts.extra, e.data.origin_ref, f"{e.id}-books", e.cause(), e.data.application_id)
            facts.accepted(self.parts.extra, e.data.origin_ref, e.id, e.cause(), e.data.due_date)

    @on_events("handoff.on_registration_case_rejected.v1")
    def on_registration_case_rejected(self, events: list[Event]) -> None:
        """Registration cannot receive it."""
        self._decided(events, "NOT_ACCEPTED")

    @on_events("handoff.on_permits_case_accepted.v1")
    def on_permits_case_accepted(self, events: list[Event]) -> None:
        """A handed-over case is on the books of permits."""
        for e in self._of_cases(events):
            facts.on_books(self.parts.extra, e.data.origin_ref, e.id, e.cause(), e.data.case_id)

    @on_events("handoff.on_permits_case_rejected.v1")
    def on_permits_case_rejected(self, events: list[Event]) -> None:
        """Permits cannot receive it."""
        self._decided(events, "NOT_ACCEPTED")

    @on_events("handoff.on_application_returned.v1")
    def on_application_returned(self, events: list[Event]) -> None:
        """An incomplete application went back with the notice of all gaps: a new one is a new case."""
        for e in self._of_cases(events):
            args = (e.data.origin_ref, e.id, e.cause(), "RETURNED", list(e.data.gap_reasons))
            facts.decided(self.parts.extra, *args)

    @on_events("handoff.on_application_refused.v1")
    def on_application_refused(self, events: list[Event]) -> None:
        """Registration refused."""
        self._decided(events, "REFUSED")

    @on_events("handoff.on_entity_registered.v1")
    def on_entity_registered(self, events: list[Event]) -> None:
        """Registered."""
        self._decided(events, "GRANTED", lambda e: [])

    @on_events("handoff.on_materials_requested.v1")
    def on_materials_requested(self, events: list[Event]) -> None:
        """Permits sent its one notice."""
        for e in self._of_cases(events):
            facts.needs_more(self.parts.extra, e.data.origin_ref, e.id, e.cause(), list(e.data.gap_codes))

    @on_events("handoff.on_permit_case_accepted.v1")
    def on_permit_case_accepted(self, events: list[Event]) -> None:
        """Accepted in law: the decision is due."""
        for e in self._of_cases(events):
            facts.accepted(self.parts.extra, e.data.origin_ref, e.id, e.cause(), e.data.due_date)

    @on_events("handoff.on_permit_case_closed.v1")
    def on_permit_case_closed(self, events: list[Event]) -> None:
        """Not accepted, or ended without a decision."""
        self._decided(events, "CLOSED")

    @on_events("handoff.on_permit_granted.v1")
    def on_permit_granted(self, events: list[Event]) -> None:
        """Granted."""
        self._decided(events, "GRANTED", lambda e: [])

    @on_events("handoff.on_permit_refused.v1")
    def on_permit_refused(self, events: list[Event]) -> None:
        """Refused."""
        self._decided(events, "REFUSED")

    @on_events("handoff.on_certificate_issued.v1")
    def on_certificate_issued(self, events: list[Event]) -> None:
        """The certificate of a handed-over case exists: it goes back. A business licence also when a bundle asked for it."""
        for e in self._of_cases(events):
            if not facts.wants_result(self.parts.extra, e.data.origin_ref, e.id):
                continue
            facts.result(self.parts.extra, e.data.origin_ref, e.id, e.cause(), self._file(e.data.certificate_id))

    @on_events("handoff.on_certificate_state_changed.v1")
    def on_certificate_state_changed(self, events: list[Event]) -> None:
        """Partners follow certificates."""
        feed.append(self.parts.extra, events)

    @on_events("handoff.on_permit_state_changed.v1")
    def on_permit_state_changed(self, events: list[Event]) -> None:
        """Partners follow permits."""
        feed.append(self.parts.extra, events)

    @on_events("handoff.on_entity_state_changed.v1")
    def on_entity_state_changed(self, events: list[Event]) -> None:
        """Partners follow entities."""
        feed.append(self.parts.extra, events)

    @answers  # type: ignore[untyped-decorator]
    def case_content(self, handoff_case_ids: list[str], purpose: str, asked_by: str) -> list[dict[str, Any]]:
        """Item, application and client of handed-over cases; every disclosure is logged."""
        return facts.case_content(self.parts.extra, handoff_case_ids, purpose, asked_by)

    def _of_cases(self, events: list[Event]) -> list[Event]:
        return [event for event in events if facts.is_ours(event.data.origin_ref)]

    def _decided(
        self, events: list[Event], outcome: str, codes: Callable[[Event], list[str]] = lambda e: list(e.data.reason_codes)
    ) -> None:  # fmt: skip
        for e in self._of_cases(events):
            facts.decided(self.parts.extra, e.data.origin_ref, e.id, e.cause(), outcome, codes(e))

    def _file(self, certificate_id: str) -> dict[str, Any]:
        question = self.certificates.certificate_file
        told: dict[str, Any] = ask(CertificatesDoesNotAnswer, question, certificate_id, PURPOSE, self.name)
        return told
