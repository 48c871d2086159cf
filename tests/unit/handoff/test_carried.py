"""What one region sends, the other reads: a message that would be refused for its form is never made, for it would lie parked and
its case would not move."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from services.handoff.domain.case import Side, State
from services.handoff.domain.message import MOST_CODES, MOST_KEYS, Message, MessageType, MessageUnreadable, read_message
from services.handoff.usecases.receiving import _EFFECTS, MESSAGE_LIMIT
from services.handoff.usecases.window import Opening, _check_form
from shared import strict_json
from shared.failures import InvalidArgument
from tests.unit.handoff.test_case_and_ledger import START, new_case

APPLICATION: dict[str, Any] = {"holder_code": "91320411MAXX00015L", "content": {"applicant_name": "云帆"}}


def opened(application: dict[str, Any]) -> dict[str, Any]:
    """The application, once our own door and the window have taken it."""
    strict_json.loads(json.dumps({"application": application}).encode())
    _check_form(
        Opening("food_sales_permit", "440305", "w", "FULLY_ONLINE", "IN_PERSON", True, application), ("holder_code",)
    )
    return application


def sent(kind: MessageType, body: dict[str, Any]) -> Message:
    message = Message(
        message_id="msg_1", type=kind, handoff_case_id="hof_1", sequence=1, from_region="320411", to_region="440305",
        agreement_id="xinbei-nanshan", agreement_version=1, created_time=START, body=body,
    )  # fmt: skip
    return read_message(message.encoded(), MESSAGE_LIMIT)


def nested(depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in range(depth - 1):
        found = {"a": found}
    return found


@pytest.mark.parametrize(
    "more", [nested(30), {"d": {f"k{n}": 1 for n in range(MOST_KEYS - 10)}}, {"amount": 2**53}, {"amount": 10**39}]
)  # fmt: skip
def test_what_the_window_takes_the_other_region_reads(more: dict[str, Any]) -> None:
    application = opened(APPLICATION | more)
    body = {
        "item": "food_sales_permit", "mode": "FULLY_ONLINE", "authorisation_id": "auth", "unit_code": "w",
        "received_time": START.isoformat(), "identity_check": "IN_PERSON", "consent": True, "application": application,
    }  # fmt: skip
    assert sent(MessageType.CASE_FORWARDED, body).body["application"] == application


@pytest.mark.parametrize(
    "more",
    # our door takes the last one as 1e60; a Struct tells whole numbers as they are
    [nested(31), {"d": {f"k{n}": 1 for n in range(9_990)}}, {"amount": int(1e60)}],
)
def test_what_no_message_carries_is_refused_at_the_window_by_its_field(more: dict[str, Any]) -> None:
    opening = Opening("food_sales_permit", "440305", "w", "FULLY_ONLINE", "IN_PERSON", True, APPLICATION | more)
    with pytest.raises(InvalidArgument) as failure:
        _check_form(opening, ("holder_code",))
    (violation,) = failure.value.violations
    assert (violation.field, violation.reason) == ("application", "APPLICATION_FORM")


def test_the_gaps_of_two_hundred_investors_are_told_once_each() -> None:
    here, there = new_case(Side.ACCEPTING), new_case(Side.DECIDING)
    gaps = ["PERSON_NAME_MISSING", "ID_TYPE_UNKNOWN", "ID_NUMBER_MISSING", "IDENTITY_NOT_CHECKED"] * 200
    there.decide("RETURNED", gaps, START)
    (draft,) = there.drafts
    message = sent(draft.type, dict(draft.body))
    _EFFECTS[message.type](here, message.body, START)
    assert (here.state, here.reason_codes) == (State.DECIDED, gaps[:4])


def test_more_reasons_than_a_message_carries_are_not_told() -> None:
    there = new_case(Side.DECIDING)
    there.need_more([f"GAP_{n}" for n in range(MOST_CODES + 1)], START)
    assert len(there.drafts[0].body["gap_codes"]) == MOST_CODES


@pytest.mark.parametrize("day", ["9999-12-31", "2026W53T12", "2026-W53-1", "20261231", "2026-02-30", "soon"])
def test_a_day_on_which_no_clock_can_end_is_refused(day: str) -> None:
    case = new_case(Side.ACCEPTING)
    with pytest.raises(MessageUnreadable):
        _EFFECTS[MessageType.CASE_ACCEPTED](case, {"due_date": day}, START)
    _EFFECTS[MessageType.CASE_ACCEPTED](case, {"due_date": "2026-12-31"}, START + timedelta(days=1))
    assert case.next_due_time() is not None
