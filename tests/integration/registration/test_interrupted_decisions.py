"""Decisions whose first try died or still runs: the repetition gets the answer of the one effect."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.integration.registration.conftest import decide, received


def test_the_same_decision_by_many_tries_at_once_is_one_decision_that_all_are_told(stub: Any, store: Any) -> None:
    application_id = received(stub).application_id

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: decide(stub, application_id, key="once"), range(16)))

    assert {answer.application.uscc for answer in answers} == {answers[0].application.uscc}
    assert sum(not answer.replayed for answer in answers) == 1
    assert store.entities.count_documents({}) == 1


def test_what_a_killed_process_left_open_holds_a_case_for_seconds_only(stub: Any, store: Any) -> None:
    application_id = received(stub).application_id
    session = store.client.start_session()  # as a process leaves it that dies between two writes of its transaction
    session.start_transaction()
    store.applications.update_one({"_id": application_id}, {"$set": {"version": 9}}, session=session)
    started = time.monotonic()

    answer = decide(stub, application_id)

    assert answer.application.uscc
    assert time.monotonic() - started > 1, "the transaction held nothing: this test shows nothing"
    assert answer.application.version == 2
