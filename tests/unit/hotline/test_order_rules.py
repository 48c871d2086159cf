"""Rules of the hotline without a store: any sequence of steps, the duty list, near-duplicates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.hotline.domain.dispatch import categories, competent_unit, suggest
from services.hotline.domain.order import MOST_URGES, Order, OrderState, Request, UrgedTooOften, register
from services.hotline.domain.similar import ALIKE, bands, likeness, signature
from shared.failures import Failure
from shared.legal_clock import ClockState
from shared.personal_data import Sealer
from shared.standing import AuditVerdict, StandingKind, verdict

START = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)
KEY = Sealer(bytes(32)).lookup
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["dispatch", "sign", "back", "extend", "reply", "good", "bad", "close", "urge", "due"]),
        st.integers(0, 60 * 30),
    ),
    max_size=25,
)


def new_order() -> Order:
    request = Request("req_0", "caller", "client", START)
    order, _ = register(
        "ord_1", request, "COMPLAINT", "CITIZEN", "020101", "GENERAL", "", "320411", "320411-ecology", START
    )
    return order


def act(order: Order, step: str, now: datetime, number: int) -> Any:
    """One step; a refusal is an answer too."""
    steps: dict[str, Any] = {
        "dispatch": lambda: order.dispatch("320411-urban", now, appointed=order.state is OrderState.DISPUTED),
        "sign": lambda: order.sign(now),
        "back": lambda: order.give_back("NOT_COMPETENT", "320411-urban", now),
        "extend": lambda: order.extend("COMPLEX", now),
        "reply": lambda: order.reply(now),
        "good": lambda: order.follow_up(True, True, "SATISFIED", now),
        "bad": lambda: order.follow_up(True, False, "DISSATISFIED", now),
        "close": lambda: order.close("WITHDRAWN", now),
        "urge": lambda: order.urge(Request(f"req_{number}", "caller", "client", now)),
        "due": lambda: order.due(now),
    }
    return steps[step]()


@given(STEPS)
@example([("back", 0), ("dispatch", 0), ("back", 0), ("dispatch", 0), ("dispatch", 0), ("back", 0)])
def test_whatever_happens_an_open_order_has_an_owner_and_a_deadline_and_late_is_told(
    steps: list[tuple[str, int]],
) -> None:
    order, now, version = new_order(), START, 1
    for number, (step, minutes) in enumerate(steps):
        now += timedelta(minutes=minutes)
        before = (order.state, order.version, len(order.marks))
        try:
            act(order, step, now, number)
        except Failure:
            assert (order.state, order.version, len(order.marks)) == before, "a refused step changes nothing"
            continue
        assert order.version >= version
        version = order.version
        order.due(now)
        standing = order.standing(now)
        if order.state is OrderState.CLOSED:
            assert standing.kind is StandingKind.CLOSED
            assert all(order.clocks.deadline(n).state is ClockState.ENDED for n in order.clocks.names())
            continue
        assert standing.party
        assert standing.due_time is not None
        assert verdict(standing, now)[0] is AuditVerdict.WAITING
        assert (order.state in (OrderState.UNOWNED, OrderState.DISPUTED)) == (not order.unit_code)
        assert order.returns <= 2 or order.appointed


def test_every_category_has_a_unit_and_every_word_a_category() -> None:
    assert len({found.code for found in categories()}) == len(categories())
    for found in categories():
        assert competent_unit(found.code, "", "320411").startswith("320411-")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("小区停水三天了", "010101"),
        ("楼下广场舞噪音太大", "020101"),
        ("拖欠农民工工资半年", "060101"),
        ("孩子小学入学学位问题", "040101"),
        ("天气很好", None),
    ],
)
def test_words_point_to_a_category_or_to_none(text: str, code: str | None) -> None:
    found = suggest(text)
    assert (found.code if found else None) == code


def test_alike_texts_are_found_and_others_are_not() -> None:
    one = signature("小区旁工地夜间施工噪音扰民，每晚十一点后仍在打桩。", KEY)
    other = signature("小区旁工地夜间施工噪音扰民!每晚十一点后仍在打桩", KEY)
    far = signature("通江路路灯坏了三天没人修，晚上很暗，请尽快维修。", KEY)
    assert likeness(one, other) >= ALIKE
    assert set(bands(one)) & set(bands(other))
    assert likeness(one, far) < 0.2
    assert signature("", KEY) == []


def test_an_order_that_is_urged_for_ever_stays_small_enough_to_be_answered() -> None:
    order = new_order()
    for number in range(MOST_URGES):
        order.urge(Request(f"req_{number}", "caller", "client", START))
    version = order.version
    with pytest.raises(UrgedTooOften):
        order.urge(Request("req_more", "caller", "client", START))
    assert (len(order.requests), order.version) == (MOST_URGES + 1, version)
    order.close("WITHDRAWN", START)
