"""What permits hears: results of its own cases and of registration move bundles and projects; certificates deliver; entities
end; and the questions it answers (`questions` in deploy/topology.yaml)."""

from __future__ import annotations

from typing import Any

from services.permits.usecases import bundles, due, facts, following, holders, outcomes
from shared.consumer import on_events
from shared.events import Event
from shared.failures import Unavailable
from shared.questions import AnotherService, answers, ask
from shared.worker import PartsProvider

PURPOSE = "RECEIVE_PERMIT_CASE"
FOLLOW_PURPOSE = "FOLLOW_HOLDER"


class HandoffDoesNotAnswer(Unavailable):
    """The content of a handed-over case could not be asked for; the event waits."""


class RegistrationDoesNotAnswer(Unavailable):
    """Registration could not be asked what a holder is called now; the event waits."""


class PermitsHandlers:
    """Event handlers of permits."""

    name = "permits"
    parts = PartsProvider()
    handoff = AnotherService("handoff")
    registration = AnotherService("registration")

    @on_events("permits.on_materials_requested.v1")
    def on_materials_requested(self, events: list[Event]) -> None:
        """The applicant has the word in a step of a bundle or an item of a project."""
        self._moved(events)

    @on_events("permits.on_permit_case_accepted.v1")
    def on_permit_case_accepted(self, events: list[Event]) -> None:
        """A step of a bundle or an item of a project has a real due date."""
        self._moved(events)

    @on_events("permits.on_decision_extended.v1")
    def on_decision_extended(self, events: list[Event]) -> None:
        """A step of a bundle or an item of a project has a later due date."""
        self._moved(events)

    @on_events("permits.on_decision_paused.v1")
    def on_decision_paused(self, events: list[Event]) -> None:
        """Somebody else has the word in a step of a bundle or an item of a project."""
        self._moved(events)

    @on_events("permits.on_decision_resumed.v1")
    def on_decision_resumed(self, events: list[Event]) -> None:
        """The unit has the word again in a step of a bundle or an item of a project."""
        self._moved(events)

    @on_events("permits.on_permit_granted.v1")
    def on_permit_granted(self, events: list[Event]) -> None:
        """A step of a bundle or an item of a project is done; and the holder may have ended meanwhile."""
        for e in events:
            d, parts = e.data, self.parts.extra
            outcomes.result(parts, d.origin_ref, True, [], e.cause(), d.case_id, d.valid_from_date)
            due.permit_granted(parts, d.case_id, e.cause())

    @on_events("permits.on_permit_refused.v1")
    def on_permit_refused(self, events: list[Event]) -> None:
        """A step of a bundle or an item of a project is refused."""
        self._refused(events)

    @on_events("permits.on_permit_case_closed.v1")
    def on_permit_case_closed(self, events: list[Event]) -> None:
        """A step of a bundle or an item of a project was not accepted, withdrawn or ended."""
        self._refused(events)

    @on_events("permits.on_filing_recorded.v1")
    def on_filing_recorded(self, events: list[Event]) -> None:
        """A step of a bundle or an item of a project is done; and the holder may have ended meanwhile."""
        for e in events:
            d, parts = e.data, self.parts.extra
            outcomes.result(parts, d.origin_ref, True, [], e.cause(), d.filing_id, d.recorded_date)
            due.filing_recorded(parts, d.filing_id, e.time, e.cause())

    @on_events("permits.on_filing_returned.v1")
    def on_filing_returned(self, events: list[Event]) -> None:
        """The applicant has the word in a step of a bundle or an item of a project."""
        self._moved(events)

    @on_events("permits.on_filing_closed.v1")
    def on_filing_closed(self, events: list[Event]) -> None:
        """A step of a bundle or an item of a project came to nothing: its filing was taken back, or lapsed."""
        self._refused(events)

    @on_events("permits.on_entity_registered.v1")
    def on_entity_registered(self, events: list[Event]) -> None:
        """An entity exists: it may hold permits; and a bundle has its licence."""
        parts = self.parts.extra
        for e in events:
            parts.store.note_holder(e.data.entity_id, e.data.uscc, "ACTIVE", e.data.entity_version)
            if e.data.origin_ref:
                bundles.result(
                    parts, e.data.origin_ref, True, [], e.cause(), holder_code=e.data.uscc,
                    case_id=e.data.application_id,
                )  # fmt: skip

    @on_events("permits.on_entity_state_changed.v1")
    def on_entity_state_changed(self, events: list[Event]) -> None:
        """An entity ended or lost its licence: so do its permits. Or that was undone, which brings none of them back."""
        parts = self.parts.extra
        for e in events:
            d = e.data
            parts.store.note_holder(d.entity_id, d.uscc, d.state, d.entity_version, e.time)
            following.holder_moved(parts, _holder(e), d.state, d.reason_code, e.cause())

    @on_events("permits.on_entity_moved_in.v1")
    def on_entity_moved_in(self, events: list[Event]) -> None:
        """An entity is kept here now: it may hold permits."""
        for e in events:
            self.parts.extra.store.note_holder(e.data.entity_id, e.data.uscc, "ACTIVE", e.data.entity_version)

    @on_events("permits.on_entity_changed.v1")
    def on_entity_changed(self, events: list[Event]) -> None:
        """Facts of an entity changed: its permits follow, or keep the old value for a reason."""
        changes = [following.Change(_holder(e), tuple(e.data.facts), e.cause()) for e in events]
        following.follow(self.parts.extra, changes, self._holder_facts)

    @on_events("permits.on_holder_check_requested.v1")
    def on_holder_check_requested(self, events: list[Event]) -> None:
        """Somebody must know what an entity holds and what stands in the way of its end."""
        for e in events:
            holders.check(self.parts.extra, e.data.check_ref, e.data.uscc, e.cause())

    @on_events("permits.on_application_returned.v1")
    def on_application_returned(self, events: list[Event]) -> None:
        """The licence of a bundle came back incomplete: its applicant has the word."""
        for e in events:
            bundles.licence_returned(self.parts.extra, e.data.origin_ref, list(e.data.gap_reasons), e.cause())

    @on_events("permits.on_application_refused.v1")
    def on_application_refused(self, events: list[Event]) -> None:
        """The licence of a bundle was refused."""
        self._refused(events)

    @on_events("permits.on_forwarded_case_accepted.v1")
    def on_forwarded_case_accepted(self, events: list[Event]) -> None:
        """Registration has the licence of a bundle under review, with its due date."""
        for e in events:
            d = e.data
            bundles.licence_received(self.parts.extra, d.origin_ref, d.application_id, d.due_date, e.cause())

    @on_events("permits.on_review_extended.v1")
    def on_review_extended(self, events: list[Event]) -> None:
        """The registrar has more time for the licence of a bundle."""
        for e in events:
            bundles.licence_extended(self.parts.extra, e.data.application_id, e.data.due_date, e.cause())

    @on_events("permits.on_review_dated.v1")
    def on_review_dated(self, events: list[Event]) -> None:
        """The due date for the licence of a bundle is known now."""
        self.on_review_extended(events)

    @on_events("permits.on_forwarded_case_rejected.v1")
    def on_forwarded_case_rejected(self, events: list[Event]) -> None:
        """Registration cannot receive the licence application of a bundle."""
        self._refused(events)

    @on_events("permits.on_certificate_issued.v1")
    def on_certificate_issued(self, events: list[Event]) -> None:
        """The certificate of a permit exists: the result is delivered."""
        for e in events:
            if e.data.holder_ref.startswith("per_"):
                due.certificate_issued(self.parts.extra, e.data.holder_ref, e.cause())

    @on_events("permits.on_case_received.v1")
    def on_case_received(self, events: list[Event]) -> None:
        """A partner region handed permit cases over: they are received here like any other."""
        mine = {e.data.handoff_case_id: e for e in events if e.data.target == self.name}
        if not mine:
            return
        told = {c["handoff_case_id"]: c for c in self._content(list(mine))}
        for case_id, event in mine.items():
            if case_id not in told:
                raise HandoffDoesNotAnswer("a handed-over case is not shown as its event says")
            facts.take_over(self.parts.extra, case_id, told[case_id], event.cause())

    @on_events("permits.on_materials_supplied.v1")
    def on_materials_supplied(self, events: list[Event]) -> None:
        """What was asked for came in at the partner region."""
        for e in events:
            if e.data.target == self.name:
                facts.supplied(self.parts.extra, e.data.handoff_case_id, e.id, list(e.data.materials), e.cause())

    @on_events("permits.on_case_withdrawn.v1")
    def on_case_withdrawn(self, events: list[Event]) -> None:
        """The applicant withdrew at the partner region."""
        for e in events:
            if e.data.target == self.name:
                facts.withdrawn(self.parts.extra, e.data.handoff_case_id, e.id, e.cause())

    @answers  # type: ignore[untyped-decorator]
    def certificate_facts(self, refs: list[dict[str, str]], purpose: str, asked_by: str) -> list[dict[str, Any]]:
        """What certificates of these permits and filings show; every disclosure is logged."""
        return facts.certificate_facts(self.parts.extra, refs, purpose, asked_by)

    @answers  # type: ignore[untyped-decorator]
    def licence_application(self, step_ids: list[str], purpose: str, asked_by: str) -> list[dict[str, Any]]:
        """The licence applications of these steps of bundles; every disclosure is logged."""
        return bundles.licence_applications(self.parts.extra, step_ids, purpose, asked_by)

    def _content(self, case_ids: list[str]) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = ask(HandoffDoesNotAnswer, self.handoff.case_content, case_ids, PURPOSE, self.name)
        return told

    def _holder_facts(self, entity_ids: list[str], persons: bool) -> list[dict[str, Any]]:
        question = self.registration.holder_facts
        told: list[dict[str, Any]] = ask(
            RegistrationDoesNotAnswer, question, entity_ids, FOLLOW_PURPOSE, self.name, persons
        )
        return told

    def _moved(self, events: list[Event]) -> None:
        for e in events:
            outcomes.moved(self.parts.extra, e.data.origin_ref, e.cause())

    def _refused(self, events: list[Event]) -> None:
        for e in events:
            outcomes.result(self.parts.extra, e.data.origin_ref, False, list(e.data.reason_codes), e.cause())


def _holder(event: Event) -> following.HolderVersion:
    return following.HolderVersion(event.data.entity_id, event.data.uscc, event.data.entity_version)
