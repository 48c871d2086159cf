"""What registration hears: its own events keep the work list, certificates' events link the licence, bundles bring
applications; and the questions it answers (`questions` in deploy/topology.yaml)."""

from __future__ import annotations

from typing import Any

from services.registration.domain.bundle import Heard
from services.registration.domain.statistics import Move, move_of_state
from services.registration.usecases import bundle_steps, entities, holder_facts, statistics, work_list
from services.registration.usecases.forwarded import ContentMissing, ForwardedCase, receive_forwarded
from shared.consumer import on_events
from shared.events import Event
from shared.failures import Unavailable
from shared.questions import AnotherService, answers, ask
from shared.worker import PartsProvider

PURPOSE = "RECEIVE_SET_UP_APPLICATION"


class ForwarderDoesNotAnswer(Unavailable):
    """Whoever forwarded the case could not be asked, or its answer broke; the event waits."""


class RegistrationHandlers:
    """Event handlers of registration."""

    name = "registration"
    parts = PartsProvider()
    permits = AnotherService("permits")
    handoff = AnotherService("handoff")

    @on_events("registration.on_application_submitted.v1")
    def on_application_submitted(self, events: list[Event]) -> None:
        """A case waits for a registrar."""
        work_list.open_cases(
            self.parts.extra, [(e.data.application_id, e.data.division_code, e.data.due_date, e.time) for e in events]
        )

    @on_events("registration.on_review_extended.v1")
    def on_review_extended(self, events: list[Event]) -> None:
        """A case may wait longer."""
        work_list.move_cases(self.parts.extra, [e.data.application_id for e in events])

    @on_events("registration.on_review_dated.v1")
    def on_review_dated(self, events: list[Event]) -> None:
        """The due date of a case is known now."""
        work_list.move_cases(self.parts.extra, [e.data.application_id for e in events])

    @on_events("registration.on_application_refused.v1")
    def on_application_refused(self, events: list[Event]) -> None:
        """A case is decided, and with it the licence of a bundle."""
        work_list.close_cases(self.parts.extra, [e.data.application_id for e in events])
        self._bundles_go_on(events)

    @on_events("registration.on_application_withdrawn.v1")
    def on_application_withdrawn(self, events: list[Event]) -> None:
        """The applicant took it back: nobody decides it any more."""
        work_list.close_cases(self.parts.extra, [e.data.application_id for e in events])
        self._bundles_go_on(events)

    @on_events("registration.on_entity_registered.v1")
    def on_entity_registered(self, events: list[Event]) -> None:
        """A case is decided, and there is one entity more."""
        work_list.close_cases(self.parts.extra, [e.data.application_id for e in events if e.data.application_id])
        statistics.note_moves(self.parts.extra, [(e.id, e.data.entity_id, Move.SET_UP, e.time) for e in events])
        self._bundles_go_on(events)

    @on_events("registration.on_entity_imported.v1")
    def on_entity_imported(self, events: list[Event]) -> None:
        """An entity was taken over: it counts."""
        statistics.note_moves(self.parts.extra, [(e.id, e.data.entity_id, Move.TAKEN_OVER, e.time) for e in events])

    @on_events("registration.on_entity_moved_in.v1")
    def on_entity_moved_in(self, events: list[Event]) -> None:
        """An entity came from another registrar: it counts."""
        statistics.note_moves(self.parts.extra, [(e.id, e.data.entity_id, Move.MOVED_IN, e.time) for e in events])

    @on_events("registration.on_entity_state_changed.v1")
    def on_entity_state_changed(self, events: list[Event]) -> None:
        """An entity ended, or is there again: it counts."""
        statistics.note_moves(
            self.parts.extra,
            [(e.id, e.data.entity_id, move_of_state(e.data.state, e.data.reason_code), e.time) for e in events],
        )

    @on_events("registration.on_entity_case_moved.v1")
    def on_entity_case_moved(self, events: list[Event]) -> None:
        """A bundle goes on with the case that it opened."""
        ids = list(dict.fromkeys(event.data.entity_case_id for event in events))
        bundle_steps.case_moved(self.parts.extra, ids, events[0].cause())

    @on_events("registration.on_holder_checked.v1")
    def on_holder_checked(self, events: list[Event]) -> None:
        """Permits told what an entity holds and what stands in the way of its end."""
        for e in events:
            d = e.data
            bundle_steps.holder_checked(self.parts.extra, d.check_ref, d.permit_count, list(d.reason_codes), e.cause())

    @on_events("registration.on_holder_followed.v1")
    def on_holder_followed(self, events: list[Event]) -> None:
        """Permits took in that an entity changed or ended."""
        for e in events:
            d = e.data
            kept = [f"{i}:{code}" for i, code in zip(d.kept_permit_ids, d.kept_reason_codes, strict=True)]
            heard = Heard(d.entity_version, list(d.permit_ids), list(d.certified), kept)
            bundle_steps.holder_followed(self.parts.extra, d.holder_ref, heard, e.cause())

    @on_events("registration.on_certificate_issued.v1")
    def on_certificate_issued(self, events: list[Event]) -> None:
        """The business licence exists: the register shows it; bundles may wait for this or another certificate."""
        licences = [
            (e.data.holder_ref, e.data.certificate_id, e.data.identifier, e.data.holder_version)
            for e in events
            if e.data.certificate_type == "BUSINESS_LICENCE"
        ]
        if licences:
            work_list.note_licences(self.parts.extra, licences)
        bundle_steps.certificates_issued(
            self.parts.extra,
            [(e.data.holder_code, e.data.holder_ref, e.data.holder_version, e.cause()) for e in events],
        )

    @on_events("registration.on_licence_requested.v1")
    def on_licence_requested(self, events: list[Event]) -> None:
        """A bundle needs a business licence: its application is received here like any other."""
        steps = list(dict.fromkeys(event.data.step_id for event in events))
        told = self._told("step_id", self.permits.licence_application, steps)
        cases = [(event, event.data.step_id, told.get(event.data.step_id)) for event in events]
        self._receive(cases)

    @on_events("registration.on_case_received.v1")
    def on_case_received(self, events: list[Event]) -> None:
        """A partner region handed applications over: they are received here like any other."""
        mine = [event for event in events if event.data.target == self.name]
        if mine:
            ids = list(dict.fromkeys(event.data.handoff_case_id for event in mine))
            told = self._told("handoff_case_id", self.handoff.case_content, ids)
            self._receive([(e, e.data.handoff_case_id, told.get(e.data.handoff_case_id)) for e in mine])

    def _told(self, ref: str, question: Any, refs: list[str]) -> dict[str, dict[str, Any]]:
        """The content of forwarded cases, by reference, from who forwarded them."""
        return {case[ref]: case for case in ask(ForwarderDoesNotAnswer, question, refs, PURPOSE, self.name) or ()}

    def _bundles_go_on(self, events: list[Event]) -> None:
        for event in events:
            if bundle_id := bundle_steps.bundle_of_ref(event.data.origin_ref):
                bundle_steps.advance(self.parts.extra, bundle_id, event.cause())

    def _receive(self, cases: list[tuple[Event, str, dict[str, Any] | None]]) -> None:
        told = [
            ForwardedCase(origin_ref, content["client_id"], content["application"], event.cause())
            for event, origin_ref, content in cases
            if content
        ]
        if told:
            receive_forwarded(self.parts.extra, told)
        if len(told) < len(cases):
            raise ContentMissing("a forwarded case is not shown as its event says")

    @answers  # type: ignore[untyped-decorator]
    def licence_facts(self, entity_ids: list[str], purpose: str, asked_by: str) -> list[dict[str, Any]]:
        """What a licence shows of these entities; every disclosure is logged."""
        return entities.licence_facts(self.parts.extra, entity_ids, purpose, asked_by)

    @answers  # type: ignore[untyped-decorator]
    def holder_facts(self, entity_ids: list[str], purpose: str, asked_by: str, persons: bool) -> list[dict[str, Any]]:
        """What permits show of these entities, with who represents them only if `persons`; every disclosure is logged."""
        return holder_facts.holder_facts(self.parts.extra, entity_ids, purpose, asked_by, persons)
