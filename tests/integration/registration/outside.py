"""The world outside registration for tests of its bundles: other authorities (the development ones, called directly), and
permits, which answers what it is asked as its events would."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from deploy.local.authorities import Authorities, Behaviour, Mode
from services.registration.domain.authority import Answer, AnswerState, Question
from services.registration.domain.bundle import Heard
from services.registration.usecases import bundle_steps
from services.registration.usecases.bundle_steps import act_on_due_bundle
from services.registration.usecases.context import Parts
from services.registration.usecases.entity_cases import act_on_due_case
from services.registration.wire import read_answer
from shared.due_items import sweep_due
from shared.events import Cause

CAUSE = Cause("test")
# What happens once more or less often, depending on where a process died, and changes nothing.
LEASE_SECONDS = 31


class Outside:
    """The port to the other authorities, without HTTP."""

    def __init__(self) -> None:
        self.authorities = Authorities()
        self.asked: list[Question] = []

    def behave(self, code: str, mode: str, *reason_codes: str) -> None:
        self.authorities[code].behave(Behaviour(Mode(mode), reason_codes=list(reason_codes)))

    def ask_each(self, questions: Sequence[Question], tell: Callable[[Answer], None]) -> None:
        for question in questions:
            self.asked.append(question)
            tell(self._answer(question))

    def _answer(self, question: Question) -> Answer:
        authority = self.authorities[question.authority]
        mode = authority.behaviour(question.uscc).mode
        if mode is Mode.DOWN:
            return Answer(question.request_id, AnswerState.UNREACHABLE, "", ("HTTP_503",))
        if mode is Mode.GARBLED:
            return read_answer(question, b"\xff<html>")
        told = authority.take(
            {
                "request_id": question.request_id,
                "ask": question.ask.value,
                "uscc": question.uscc,
                "facts": dict(question.facts),
            }
        )
        if mode is Mode.SILENT:
            return Answer(question.request_id, AnswerState.UNREACHABLE, "", ("TIMEOUT",))
        if mode is Mode.WRONG:
            told = told | {"request_id": "another"}
        return read_answer(question, json.dumps(told).encode())


def permits_answers(
    parts: Parts, bundle_id: str, reason_codes: Sequence[str] = (), permits: Sequence[str] = ()
) -> None:
    """What permits does with every question and change that the bundle and its entity made, each time they are read."""
    document = parts.bundles.find("entity_bundles", bundle_id)
    assert document is not None
    for entry in document["timeline"]:
        if entry["type"] == "HolderCheckRequested":
            ref = entry["data"]["check_ref"]
            bundle_steps.holder_checked(parts, ref, len(permits), reason_codes, CAUSE)
    entity = parts.store.entity(document["entity_id"]) if document["entity_id"] else None
    for entry in entity["timeline"] if entity else ():
        ended = entry["type"] == "EntityStateChanged" and entry["data"]["state"] == "CANCELLED"
        if ended or entry["type"] == "EntityChanged":
            version = entry["data"]["entity_version"]
            certified = [] if ended else [f"{permit}@2" for permit in permits]
            heard = Heard(version, list(permits), certified, [])
            bundle_steps.holder_followed(parts, document["entity_id"], heard, CAUSE)


def sweep(parts: Parts, store: Any) -> int:
    """Bundles and cases that are due, once."""
    return sweep_due(
        store.bundles.collection, parts.clock, lambda bundle_id: act_on_due_bundle(parts, bundle_id)
    ) + sweep_due(store.cases.collection, parts.clock, lambda case_id: act_on_due_case(parts, case_id))


def run(parts: Parts, store: Any, bundle_id: str, permits: Sequence[str] = (), rounds: int = 20) -> None:
    """Everything that happens by itself at this instant."""
    before: list[Any] = []
    for _ in range(rounds):
        sweep(parts, store)
        permits_answers(parts, bundle_id, permits=permits)
        document = parts.bundles.find("entity_bundles", bundle_id)
        assert document is not None
        for part in document["parts"]:
            if part["state"] == "ASKED" and part["reference"].startswith("enc_"):
                bundle_steps.case_moved(parts, [part["reference"]], CAUSE)
        now = [document["state"], [part["state"] for part in document["parts"]]]
        if now == before:
            return
        before = now
