"""What a bundle hears of permits and certificates about its own change, and not about another one (25.4-10, 25.4-11)."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from services.certificates.domain.lines import LICENCE_FACTS
from services.registration.domain.bundle import Bundle, Heard, PartState, begin
from services.registration.domain.bundle_following import (
    WITHOUT_LICENCE,
    follow,
    hear_holder,
    hear_issued,
    no_licence,
    version_left,
)
from services.registration.domain.bundle_types import bundle_kind
from services.registration.domain.entity import EntityState
from tests.unit.registration.test_bundles import START, begun

OURS = Heard(5, ["per_1"], ["per_1@2"], ["per_2:PREMISES_NEED_OWN_CHANGE"])
LATER = Heard(6, [], [], [])
EARLIER = Heard(4, ["per_3"], [], [])


def changed(version: int = 5) -> Bundle:
    """An information change whose case left the entity at this version."""
    bundle = begun("INFORMATION_CHANGE")
    bundle.entity_version = version
    part = bundle.part("ENTITY")
    assert part is not None
    bundle.settle(part, PartState.DONE, [], START)
    return bundle


def part(bundle: Bundle, key: str) -> Any:
    found = bundle.part(key)
    assert found is not None
    return found


@pytest.mark.parametrize("order", list(permutations([EARLIER, OURS, LATER])))
@pytest.mark.parametrize("before", [True, False])
def test_25_4_10_what_was_not_updated_is_told_whichever_change_is_answered_first(
    order: tuple[Heard, ...], before: bool
) -> None:
    """The word about another change of the entity, before the part is open or after, hides nothing."""
    bundle = begun("INFORMATION_CHANGE") if before else changed()
    for heard in order:
        hear_holder(bundle, heard, START)
    if before:
        bundle.entity_version = 5
        bundle.settle(part(bundle, "ENTITY"), PartState.DONE, [], START)
        follow(bundle, START)
    permits = part(bundle, "PERMITS")
    assert (permits.state, permits.followed, permits.not_followed) == (
        PartState.DONE, ["per_1"], ["per_2:PREMISES_NEED_OWN_CHANGE"],
    )  # fmt: skip
    assert part(bundle, "CERTIFICATES").state is PartState.ASKED
    hear_issued(bundle, "per_1", 2, START)
    assert part(bundle, "CERTIFICATES").followed == ["per_1@2"]


def test_the_answer_to_another_change_settles_nothing() -> None:
    bundle = changed()
    for heard in (EARLIER, LATER):
        assert hear_holder(bundle, heard, START) == []
    assert part(bundle, "PERMITS").state is PartState.ASKED


@pytest.mark.parametrize("state", sorted(WITHOUT_LICENCE))
@pytest.mark.parametrize("held", [True, False])
def test_no_licence_is_waited_for_in_a_state_without_one(state: EntityState, held: bool) -> None:
    bundle = changed()
    no_licence(bundle, state, held, True, START)
    licence = part(bundle, "LICENCE")
    assert (licence.state, licence.reason_codes) == (PartState.DONE, ["LICENCE_ENDED"])
    assert no_licence(bundle, state, held, True, START) == []


@pytest.mark.parametrize("state", sorted(set(EntityState) - WITHOUT_LICENCE))
def test_a_licence_that_is_due_is_waited_for_in_every_other_state(state: EntityState) -> None:
    bundle = changed()
    assert no_licence(bundle, state, True, True, START) == []
    assert part(bundle, "LICENCE").state is PartState.ASKED


def test_a_licence_waits_for_a_representative_and_is_looked_at_again_every_day() -> None:
    """条例 art. 22: a licence names who is registered; whoever applied registers one."""
    bundle = changed()
    no_licence(bundle, EntityState.ACTIVE, True, False, START)
    licence = part(bundle, "LICENCE")
    assert (licence.state, licence.reason_codes) == (PartState.BLOCKED, ["REPRESENTATIVE_NOT_REGISTERED"])
    assert bundle.standing(START).party == "applicant"
    bundle.act_when_due(START + timedelta(days=1))
    assert licence.state is PartState.ASKED
    no_licence(bundle, EntityState.ACTIVE, True, False, START + timedelta(days=1))
    hear_issued(bundle, "ent_1", 7, START + timedelta(days=1, hours=1))  # the later change is on it too
    assert licence.state is PartState.DONE


def entry(kind: str, version: int, minutes: int, **data: Any) -> dict[str, Any]:
    return {"type": kind, "time": START + timedelta(minutes=minutes), "data": {"entity_version": version} | data}


TIMELINE = [
    entry("EntityRegistered", 1, 0),
    entry("EntityChanged", 2, 1),
    entry("EntityFlagged", 3, 1),
    entry("EntityChanged", 4, 2),
    entry("EntityStateChanged", 5, 3, state="CANCELLING"),
    entry("EntityStateChanged", 6, 4, state="CANCELLED"),
    entry("EntityFlagged", 7, 5),
]


def test_the_version_of_a_change_is_that_of_its_case_and_of_a_cancellation_that_of_the_end() -> None:
    change = begun("INFORMATION_CHANGE")
    assert [version_left(change, TIMELINE, START + timedelta(minutes=m)) for m in (0, 1, 2)] == [0, 2, 4]
    assert version_left(change, TIMELINE, START + timedelta(minutes=3)) == 4, "what it asked for was there already"
    assert version_left(change, TIMELINE, None) == 0
    cancellation = begun("CANCELLATION")
    assert version_left(cancellation, TIMELINE, None) == 6
    assert version_left(cancellation, TIMELINE[:-2], START) == 0


def test_25_4_10_a_licence_is_waited_for_where_certificates_issues_one_anew_and_nowhere_else() -> None:
    rule = bundle_kind("INFORMATION_CHANGE").rule("LICENCE")
    assert set(rule.when) == LICENCE_FACTS
    transfer, _ = begin(
        "ebn_1", bundle_kind("INFORMATION_CHANGE"), "320411", ("ent_1", "91320411MAXX00015L"), {}, {}, ["shareholders"], START
    )  # fmt: skip
    assert transfer.part("LICENCE") is None
    assert transfer.part("PERMITS") is not None
