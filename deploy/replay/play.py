"""Plays messages through the hotline's own use cases: filed when they came, replied when they were replied to.

What the file does not say is added in the plainest way: a unit signs half an hour after the dispatch; the centre finds a
unit for an order without one only when its reply comes. The clock jumps from one instant to the next, and whatever falls
due in between is swept first, as the worker does.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from deploy.replay.messages import Message
from services.hotline.domain.order import OrderState
from services.hotline.store import HotlineStore
from services.hotline.usecases import orders
from services.hotline.usecases.context import Filed, Parts
from shared.clock import FixedClock
from shared.commands import Command
from shared.due_items import sweep_due

SIGN_AFTER = timedelta(minutes=30)
FALLBACK_UNIT = "approval"


@dataclass
class Replay:
    """What came of it: the order of each message, which of them joined an open one, which had no unit at first."""

    order_of: dict[str, str] = field(default_factory=dict)
    urged: set[str] = field(default_factory=set)
    unowned: set[str] = field(default_factory=set)


def play(
    parts: Parts, store: HotlineStore, clock: FixedClock, messages: Sequence[Message], tick: Callable[[], None]
) -> Replay:
    """Play all messages; `tick` is called for each that is done with."""
    done = Replay()
    agenda: list[tuple[datetime, int, str, int]] = []
    for number, message in enumerate(messages):
        heapq.heappush(agenda, (message.received_time, 0, "file", number))
        heapq.heappush(agenda, (max(message.replied_time, message.received_time + 2 * SIGN_AFTER), 2, "reply", number))
    while agenda:
        instant, _, what, number = heapq.heappop(agenda)
        _sweep_until(parts, store, clock, instant)
        message = messages[number]
        if what == "file":
            order, _, _, _ = orders.file_request(parts, _command(message, "file"), _filed(message))
            done.order_of[message.message_id] = order.order_id
            if len(order.requests) > 1:
                done.urged.add(message.message_id)
            elif order.state is OrderState.UNOWNED:
                done.unowned.add(message.message_id)
            else:
                heapq.heappush(agenda, (instant + SIGN_AFTER, 1, "sign", number))
        elif what == "sign":
            _sign(parts, message, done.order_of[message.message_id])
        else:
            if message.message_id not in done.urged:
                _reply(parts, message, done.order_of[message.message_id])
            tick()
    return done


def _sweep_until(parts: Parts, store: HotlineStore, clock: FixedClock, instant: datetime) -> None:
    """Everything due before `instant`, each at its own time."""
    while True:
        first = store.orders.find_one(
            {"next_due_time": {"$lte": instant}}, {"next_due_time": 1}, sort=[("next_due_time", 1)]
        )
        if first is None:
            break
        clock.set(max(clock.now(), first["next_due_time"]))
        if not sweep_due(store.orders, clock, lambda order_id: orders.act_on_order(parts, order_id)):
            break
    clock.set(max(clock.now(), instant))


def _sign(parts: Parts, message: Message, order_id: str) -> None:
    orders.change_order(parts, _command(message, "sign"), order_id, lambda order, now: [order.sign(now)])


def _reply(parts: Parts, message: Message, order_id: str) -> None:
    order, _ = orders.load_order(parts, order_id)
    if order.state is OrderState.UNOWNED:
        unit = f"{parts.region}-{FALLBACK_UNIT}"
        orders.dispatch(parts, _command(message, "dispatch"), order_id, order.version, unit, "")
        _sign(parts, message, order_id)
    orders.change_order(parts, _command(message, "reply"), order_id, lambda o, now: [o.reply(now)])


def _filed(message: Message) -> Filed:
    return Filed(caller=message.caller, title=message.title or "（无标题）", text=message.text, kind="COMPLAINT")


def _command(message: Message, what: str) -> Command:
    return Command("replay", f"{what}-{message.message_id}", message.message_id.encode())
