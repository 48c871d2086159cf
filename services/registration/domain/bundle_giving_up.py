"""Giving a bundle up: our own case or application is taken back first, and only when that is sure are clearances; what another
authority did for good stays done. Where our own took effect before it could be taken back, the bundle goes on: it was too late.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.registration.domain.authority import Ask
from services.registration.domain.bundle import FINAL, UNDER_WAY, Bundle, BundleNotInState, Part, PartState

# Why a part of ours stands done although the bundle was given up.
TOO_LATE = "TOO_LATE_TO_GIVE_UP"


def give_up(bundle: Bundle, now: datetime) -> list[Any]:
    """Give up; the events. Raises BundleNotInState when the entity has ended (条例 art. 31: nothing brings it back) or nothing is
    left to give up."""
    if bundle.kind == "CANCELLATION" and any(part.state is PartState.DONE for part in bundle.doing("case")):
        raise BundleNotInState(
            "the entity is cancelled (市场主体登记管理条例 art. 31); the rest is finished, not given up"
        )
    if bundle.given_up or all(part.state in FINAL for part in bundle.parts):
        raise BundleNotInState("nothing is left to give up", metadata={"state": bundle.state})
    bundle.given_up = True
    told: list[Any] = []
    for part in _own(bundle):
        if part.state in UNDER_WAY:
            part.ask = Ask.UNDO
            told += bundle.open_part(part, now)
    return [*told, *_the_rest(bundle, now), *bundle.look_at_all(now)]


def taken_back(bundle: Bundle, part: Part, now: datetime) -> list[Any]:
    """Our own case ended without effect: everything else is given up now; the events."""
    return [*_ended(bundle, part), *_the_rest(bundle, now), *bundle.look_at_all(now)]


def too_late(bundle: Bundle, part: Part, now: datetime) -> list[Any]:
    """Our own case took effect before it could be taken back: the bundle goes on; the events."""
    bundle.given_up, part.ask = False, bundle.rules.rule(part.key).ask
    return bundle.settle(part, PartState.DONE, [TOO_LATE], now)


def _the_rest(bundle: Bundle, now: datetime) -> list[Any]:
    if any(part.ask is Ask.UNDO and part.state in UNDER_WAY for part in _own(bundle)):
        return []  # first it must be sure that the entity is left as it was
    told: list[Any] = []
    for part in bundle.parts:
        # a question that was asked may have been done there, whatever we heard
        if part.ask is Ask.CLEAR and (part.state is PartState.DONE or (part.state in UNDER_WAY and part.tries)):
            part.ask = Ask.UNDO
            told += bundle.open_part(part, now)
        elif part.state not in FINAL:
            told += _ended(bundle, part)
    return told


def _own(bundle: Bundle) -> list[Part]:
    return [*bundle.doing("case"), *bundle.doing("licence")]


def _ended(bundle: Bundle, part: Part) -> list[Any]:
    part.state, part.reason_codes, part.next_time = PartState.ENDED, ["GIVEN_UP"], None
    return [bundle.part_moved(part)]
