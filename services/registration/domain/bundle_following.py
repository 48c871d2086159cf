"""What a bundle hears of the rest of the platform, before or after its parts that wait for it are open: order does not count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from services.registration.domain.bundle import Bundle, BundleState, Heard, PartState
from services.registration.domain.entity import EntityState

# There is nothing of the kind that could show an old value, or end.
NONE_HELD = "NONE_HELD"
# States in which an entity gets no licence any more (条例 arts. 27, 31, 40, 44-46).
WITHOUT_LICENCE = frozenset(
    {EntityState.LICENCE_REVOKED, EntityState.REGISTRATION_REVOKED, EntityState.CANCELLED, EntityState.MOVED_OUT}
)
LICENCE_ENDED = "LICENCE_ENDED"
# A licence names nobody who is not registered as its legal representative (条例 art. 22).
REPRESENTATIVE_NOT_REGISTERED = "REPRESENTATIVE_NOT_REGISTERED"
# Holders of one entity: a bundle that hears of more is not told by them.
MAX_HEARD = 2000


def version_left(bundle: Bundle, timeline: Iterable[Mapping[str, Any]], decided_time: datetime | None) -> int:
    """Version of the entity as its case left it: of the change that was registered at `decided_time`, of the end of the entity
    where it is cancelled. That is the version that the others answer; what becomes of the entity besides is not the bundle's.
    Where another way had registered the same before, the case changed nothing: then that of the last change before it.
    0 when the entity's timeline has none."""
    if bundle.kind == "CANCELLATION":
        ends = [
            e for e in timeline if e["type"] == "EntityStateChanged" and e["data"]["state"] == EntityState.CANCELLED
        ]
    else:
        changes = [e for e in timeline if e["type"] == "EntityChanged" and decided_time and e["time"] <= decided_time]
        ends = [e for e in changes if e["time"] == decided_time] or changes
    return max((entry["data"]["entity_version"] for entry in ends), default=0)


def hear_holder(bundle: Bundle, heard: Heard, now: datetime) -> list[Any]:
    """Permits took in what became of the entity, as of a version; the events."""
    if all(known.version != heard.version for known in bundle.heard):
        bundle.heard.append(heard)
    return follow(bundle, now)


def hear_issued(bundle: Bundle, holder_ref: str, holder_version: int, now: datetime) -> list[Any]:
    """A certificate shows a version of its holder; the events."""
    issued = f"{holder_ref}@{holder_version}"
    if bundle.kind == "INFORMATION_CHANGE" and issued not in bundle.issued and len(bundle.issued) < MAX_HEARD:
        bundle.issued.append(issued)
    return follow(bundle, now)


def hear_check(
    bundle: Bundle, check_ref: str, permit_count: int, reason_codes: list[str], now: datetime
) -> list[Any]:  # fmt: skip
    """Permits told what the entity holds and what stands in the way; an answer to an older question changes nothing."""
    part = next((p for p in bundle.doing("permits_check") if bundle.request_id(p) == check_ref), None)
    if part is None or part.state is not PartState.ASKED:
        return []
    state = PartState.BLOCKED if reason_codes else PartState.DONE
    return bundle.settle(part, state, reason_codes, now, f"permits:{permit_count}")


def follow(bundle: Bundle, now: datetime) -> list[Any]:
    """Settle the parts whose answer has been heard; the events."""
    if bundle.state is BundleState.FINISHED or not bundle.entity_version:
        return []
    told: list[Any] = []
    # every change is answered; the answer to a later one does not say what this one could not update
    heard = next((h for h in bundle.heard if h.version == bundle.entity_version), None)
    for part in bundle.doing("permits"):
        if part.state is PartState.ASKED and heard is not None:
            part.followed, part.not_followed = list(heard.followed), list(heard.not_followed)
            told += bundle.settle(part, PartState.DONE, [], now)
    for part in bundle.doing("certificates"):
        if part.state is PartState.ASKED and heard is not None and all(_shown(bundle, one) for one in heard.certified):
            part.followed = list(heard.certified)
            told += bundle.settle(part, PartState.DONE, [], now)
    for part in bundle.doing("own_licence"):
        wanted = f"{bundle.entity_id}@{bundle.entity_version}"
        if part.state in (PartState.ASKED, PartState.BLOCKED) and _shown(bundle, wanted):
            part.followed = [wanted]
            told += bundle.settle(part, PartState.DONE, [], now)
    return told


def no_licence(bundle: Bundle, state: EntityState, held: bool, represented: bool, now: datetime) -> list[Any]:
    """No licence comes for an entity in a state without one, or that has none (it was taken over from an older register), so
    none shows an old value; nor for one whose legal representative is not known by name, until one is registered.

    `held`: it has an e-licence; `represented`: its registered legal representative is known by name.
    """
    if state in WITHOUT_LICENCE:
        settled, code = PartState.DONE, LICENCE_ENDED
    elif not held:
        settled, code = PartState.DONE, NONE_HELD
    elif not represented:
        settled, code = PartState.BLOCKED, REPRESENTATIVE_NOT_REGISTERED
    else:
        return []
    told: list[Any] = []
    for part in bundle.doing("own_licence"):
        if part.state is PartState.ASKED:
            told += bundle.settle(part, settled, [code], now)
    return told


def _shown(bundle: Bundle, wanted: str) -> bool:
    """Whether a certificate shows this version of its holder, or a later one."""
    holder, _, version = wanted.rpartition("@")
    return any(
        ref == holder and int(number) >= int(version)
        for ref, _, number in (one.rpartition("@") for one in bundle.issued)
    )
