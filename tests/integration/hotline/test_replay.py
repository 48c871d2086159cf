"""Answered messages replayed on the simulated clock; the figures equal a count made outside the platform (3-15).

REPLAY_FILE names a file of real messages; without it the small sample written for this test is played.
"""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest

from deploy.replay.messages import Message, read_messages
from deploy.replay.play import SIGN_AFTER, play
from shared.clock import LOCAL, FixedClock
from shared.standing import AuditVerdict, verdict

SAMPLE = Path(__file__).parent / "answered_sample.csv"


def due_of(message: Message, urgency: str) -> datetime:
    """The first late instant, counted day by day with another library's calendar; nothing of the platform is used."""
    if urgency == "DANGER":
        return message.received_time + timedelta(hours=2)
    if urgency == "UTILITY":
        return message.received_time + timedelta(hours=24)
    day, left = message.received_time.date(), 5
    while left:
        day += timedelta(days=1)
        left -= chinese_calendar.is_workday(day)
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), LOCAL)


@pytest.mark.timeout(900)
def test_every_message_has_an_order_and_the_figures_are_those_of_an_independent_count(
    parts: Any, store: Any, clock: FixedClock
) -> None:
    messages = read_messages(Path(os.environ.get("REPLAY_FILE", SAMPLE)))
    clock.set(messages[0].received_time)

    done = play(parts, store, clock, messages, lambda: None)

    found = {document["_id"]: parts.order_of(document) for document in store.orders.find()}
    # nothing lost, nothing doubled: every message is a request of exactly one order
    assert set(done.order_of) == {message.message_id for message in messages}
    assert set(done.order_of.values()) == set(found)
    assert sum(len(order.requests) for order in found.values()) == len(messages)
    # every order has an owner or was escalated to the level above
    end = clock.now()
    for order in found.values():
        assert order.unit_code
        assert verdict(order.standing(end), end)[0] in (AuditVerdict.WAITING, AuditVerdict.CLOSED)
    heads = [m for m in messages if m.message_id not in done.urged]
    for message in heads:
        order = found[done.order_of[message.message_id]]
        waited = date.fromordinal(max(message.replied_time, message.received_time + 2 * SIGN_AFTER).toordinal())
        if message.message_id in done.unowned and (waited - message.received_time.date()).days > 11:
            assert order.escalations > 0, "nobody had it and nobody was told"
    # in time or late, by our limits: the platform's word against a count by day
    owned = [message for message in heads if message.message_id not in done.unowned]
    platform = {m.message_id for m in owned if found[done.order_of[m.message_id]].in_time}
    counted = {
        m.message_id
        for m in owned
        if max(m.replied_time, m.received_time + 2 * SIGN_AFTER) < due_of(m, found[done.order_of[m.message_id]].urgency)
    }
    assert platform == counted
    late = len(owned) - len(counted)
    print(
        f"\n{len(messages)} messages: {len(found)} orders, {len(done.urged)} urges, {len(done.unowned)} without a category;"
        f" of {len(owned)} with a unit {len(counted)} replied in time, {late} late"
    )
    assert sum(order.escalations > 0 for m in owned if (order := found[done.order_of[m.message_id]])) >= late


def test_the_sample_shows_an_urge_an_order_without_category_and_both_verdicts(
    parts: Any, store: Any, clock: FixedClock
) -> None:
    messages = read_messages(SAMPLE)
    clock.set(messages[0].received_time)
    done = play(parts, store, clock, messages, lambda: None)
    assert (done.urged, done.unowned) == ({"2"}, {"6"})
    late = {m for m, order_id in done.order_of.items() if not parts.order_of(store.find(order_id)).in_time}
    assert "4" in late
    assert "3" not in late
