"""Who may have a name (企业名称登记管理规定 art. 17)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.cases.facts import read_facts
from services.registration.domain.held_names import (
    CLAIM_GRACE,
    AsOf,
    Holder,
    Wanted,
    place_of,
    wanted_name,
)
from services.registration.domain.naming import parse_name
from shared.failures import InvalidArgument

XINBEI = "320411"
NOW = datetime(2025, 3, 3, 2, tzinfo=UTC)
TODAY = "2025-03-03"
PARENT, SISTER = "91320411MAXX00015L", "91440305MAXX0004X6"
MACHINES, FOOD, BARE = "常州日湖机械有限公司", "常州日湖食品有限公司", "常州日湖有限公司"


def wanted(name: str) -> Wanted:
    return wanted_name(parse_name(name, "LIMITED_COMPANY", XINBEI), XINBEI)


def held(name: str, state: str = "REGISTERED", **more: Any) -> dict[str, Any]:
    return {
        "_id": wanted(name).key, "state": state, "full_name": name, "expiry_date": None, "application_id": None,
        "client_id": "", "claimed_time": NOW,
    } | more  # fmt: skip


def key_for(name: str, holder: Holder, *found: dict[str, Any], alive: frozenset[str] = frozenset()) -> str:
    """Where the name may be held, with what a store would find of `found`; "" when it is not free."""
    asked = wanted(name)
    seen = [one for one in found if any(first <= one["_id"] < before for first, before in asked.ranges)]
    place = place_of(asked, holder, seen, AsOf(TODAY, NOW, alive))
    return place.key if place else ""


ANYBODY = Holder()


@pytest.mark.parametrize(
    ("state", "more", "free"),
    [
        ("REGISTERED", {}, False),
        ("RESTING", {"expiry_date": TODAY}, False),
        ("RESTING", {"expiry_date": "2025-03-02"}, True),
        ("RESERVED", {"expiry_date": TODAY, "reservation_id": "nam_1"}, False),
        ("RESERVED", {"expiry_date": "2025-03-02", "reservation_id": "nam_1"}, True),
        ("APPLIED", {"application_id": "app_1", "claimed_time": NOW - timedelta(hours=1)}, False),
        ("APPLIED", {"application_id": "app_2", "claimed_time": NOW - CLAIM_GRACE}, False),
        ("APPLIED", {"application_id": "app_2", "claimed_time": NOW - CLAIM_GRACE - timedelta(seconds=1)}, True),
        ("OPEN", {}, True),
    ],
)
def test_what_is_held_is_free_for_anybody_when_its_time_is_over(state: str, more: dict[str, Any], free: bool) -> None:
    found = held(MACHINES, state, **more)
    assert bool(key_for(MACHINES, ANYBODY, found, alive=frozenset({"app_1"}))) is free


@pytest.mark.parametrize(
    ("holder", "found"),
    [
        (Holder(entity_id="ent_1"), held(MACHINES, "RESTING", expiry_date="2026-01-01", entity_id="ent_1")),
        (Holder(names=frozenset({MACHINES})), held(MACHINES, "RESTING", expiry_date="2026-01-01")),
        (Holder(reservation_id="nam_1"), held(MACHINES, "RESERVED", expiry_date="2025-05-01", reservation_id="nam_1")),
        (Holder(application_id="app_1"), held(MACHINES, "APPLIED", application_id="app_1")),
        (Holder(head_key="k"), held(MACHINES, "RESTING", expiry_date="2026-01-01", rests_for="k", entity_id="ent_2")),
    ],
)
def test_what_is_its_own_is_free_for_its_holder_alone(holder: Holder, found: dict[str, Any]) -> None:
    assert key_for(MACHINES, holder, found) == wanted(MACHINES).key
    assert key_for(MACHINES, ANYBODY, found) == ""
    other = Holder("ent_9", frozenset({FOOD}), "app_9", "nam_9", "k9")
    assert key_for(MACHINES, other, found) == ""


def test_a_former_name_that_another_entity_has_had_since_is_not_its_own() -> None:
    found = held(MACHINES, "RESTING", expiry_date="2026-01-01", entity_id="ent_2")
    assert key_for(MACHINES, Holder("ent_1", frozenset({MACHINES})), found) == ""


def test_a_reservation_that_became_something_else_is_no_longer_one() -> None:
    found = held(MACHINES, "RESTING", expiry_date="2026-01-01", reservation_id="nam_1", entity_id="ent_2")
    assert key_for(MACHINES, Holder(reservation_id="nam_1"), found) == ""


def test_a_trade_name_without_a_trade_is_held_against_all_trades_and_all_trades_against_it() -> None:
    assert key_for(MACHINES, ANYBODY, held(BARE)) == ""
    assert key_for(BARE, ANYBODY, held(MACHINES)) == ""
    assert key_for(FOOD, ANYBODY, held(MACHINES)) == wanted(FOOD).key
    assert key_for(BARE, ANYBODY, held("常州日月机械有限公司")) == wanted(BARE).key
    assert key_for(BARE, ANYBODY, held(MACHINES, "RESTING", expiry_date="2025-03-02")) == wanted(BARE).key
    assert key_for(BARE, ANYBODY, held(MACHINES, "RESTING", expiry_date="2026-03-02")) == ""


@pytest.mark.parametrize("name", ["常州日湖超市", "常州日湖大药房", "常州日湖饭店"])
def test_a_form_that_says_what_is_done_states_the_trade(name: str) -> None:
    assert not wanted(name).states_no_trade
    assert key_for(name, ANYBODY, held(MACHINES)) == wanted(name).key


def test_a_branch_has_its_parents_trade_name_and_collides_with_its_own_full_name_only() -> None:
    branch = "常州日湖有限公司新北分公司"
    assert key_for(branch, ANYBODY, held(BARE)) == wanted(branch).key
    assert key_for(branch, ANYBODY, held(branch)) == ""


def test_an_investment_relation_lets_it_stand_beside_the_others_but_one_full_name_is_never_held_twice() -> None:
    related, parent = Holder(related=frozenset({PARENT})), held(MACHINES, uscc=PARENT)
    name = "常州市新北区日湖机械有限公司"
    assert wanted(name).key == wanted(MACHINES).key
    assert key_for(name, related, parent) == wanted(name).key_beside
    assert key_for(name, Holder(related=frozenset({SISTER})), parent) == ""
    assert key_for(MACHINES, related, parent) == ""
    assert key_for(BARE, related, parent) == wanted(BARE).key
    assert key_for(BARE, related, parent, held(FOOD, uscc=SISTER)) == ""


def test_what_stands_beside_a_name_keeps_it_from_others_when_that_name_is_free_again() -> None:
    name = "常州市新北区日湖机械有限公司"
    beside = held(name, uscc=SISTER, related=[PARENT]) | {"_id": wanted(name).key_beside}
    over = held(MACHINES, "RESTING", expiry_date="2025-03-02", uscc=PARENT)
    assert key_for(MACHINES, ANYBODY, over, beside) == ""
    assert key_for(BARE, ANYBODY, over, beside) == ""
    # another one of the same parent
    third = "江苏日湖机械有限公司"
    assert key_for(third, Holder(related=frozenset({PARENT})), over, beside) == wanted(third).key_beside


def test_what_is_only_applied_for_or_reserved_has_no_relations() -> None:
    for state, more in (("APPLIED", {"application_id": "app_1"}), ("RESERVED", {"expiry_date": "2025-05-01"})):
        found = held(MACHINES, state, uscc=PARENT, **more)
        name, holder = "常州市新北区日湖机械有限公司", Holder(related=frozenset({PARENT}))
        assert key_for(name, holder, found, alive=frozenset({"app_1"})) == ""


@given(st.sampled_from([MACHINES, FOOD, BARE]), st.sampled_from([MACHINES, FOOD, BARE]))
def test_of_two_names_each_is_held_against_the_other_or_neither(one: str, other: str) -> None:
    assert bool(key_for(one, ANYBODY, held(other))) is bool(key_for(other, ANYBODY, held(one)))


def test_a_code_of_an_invested_enterprise_is_judged_where_it_is_said() -> None:

    read_facts({"invested_usccs": f"{PARENT},{SISTER}", "name_reservation_id": "nam_1"})
    with pytest.raises(InvalidArgument) as caught:
        read_facts({"invested_usccs": f"{PARENT},123"})
    assert [(v.field, v.reason) for v in caught.value.violations] == [("facts.invested_usccs", "USCC_LENGTH")]
