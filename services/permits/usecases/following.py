"""Permits follow their holder: what it is called now, and its end. One word for all that it holds (`HolderFollowed`).

Events may come twice and in any order: a permit takes the values that registration tells now, whichever event asks, and the
answer to a version of the holder is given once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from services.permits.domain.case import OPEN_STATES, PermitCase, StaleVersion
from services.permits.domain.events import HolderFollowed
from services.permits.domain.following import LEGAL_REPRESENTATIVE, Effect, holder_facts
from services.permits.domain.holder import ENDED, UNDONE, is_undone
from services.permits.domain.permit import HELD, Permit
from services.permits.usecases.cases import content_of
from services.permits.usecases.context import Entry, Parts
from services.permits.usecases.due import HOLDER_PAGE, TRIES, end_permits, ended_permits
from services.permits.usecases.holders import answer
from services.permits.usecases.saving import CASES, save_by_itself
from shared.events import Cause
from shared.failures import Aborted, Unavailable

# Asks registration what entities are called now; the second argument: also by whom they are represented. Each answer has
# entity_id, entity_version, name and, if asked for, legal_representative.
AskHolders = Callable[[list[str], bool], Sequence[Mapping[str, Any]]]
# Registration has no value to show for what changed: only the mask of a new representative's name is registered.
NOT_TOLD = "VALUE_NOT_TOLD"
# It ended with a revocation of its holder's registration that was wrong. What is cancelled does not come back (行政许可法
# art. 70): whoever granted it decides what becomes of it.
ENDED_WITH_UNDONE_REVOCATION = "ENDED_WITH_UNDONE_REVOCATION"
_ANSWERED_AS = {"name": "name", LEGAL_REPRESENTATIVE: "legal_representative"}


class HolderNotTold(Unavailable):
    """Registration does not show the holder yet as the event says, or showed an older one; the event waits."""


@dataclass(frozen=True, slots=True)
class HolderVersion:
    """An entity at a version. `code`: by which its permits are found."""

    entity_id: str
    code: str
    version: int

    @property
    def key(self) -> str:
        """Under which the answer to this version is kept."""
        return f"{self.entity_id}@{self.version}"


@dataclass(frozen=True, slots=True)
class Change:
    """An event that says which facts of an entity changed."""

    holder: HolderVersion
    facts: tuple[str, ...]
    cause: Cause


@dataclass(slots=True)
class _Followed:
    """What became of the permits of one holder."""

    permit_ids: list[str] = field(default_factory=list)
    certified: list[str] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)

    def note(
        self, permit: Permit, certificate_type: str, effect: Effect, taken: set[str], holder: HolderVersion
    ) -> None:  # fmt: skip
        """A permit shows the facts `taken` as they are now, and keeps others. Only for what it took of this version of its
        holder, or of a later one, a certificate is still to come."""
        if taken:
            self.permit_ids.append(permit.permit_id)
        if taken and certificate_type and permit.shown_version and permit.shown_holder_version >= holder.version:
            self.certified.append(f"{permit.permit_id}@{permit.shown_version}")
        not_told = [NOT_TOLD] if taken < effect.follows.keys() else []
        self.kept += [(permit.permit_id, reason) for reason in (*not_told, *effect.kept)]

    def event(self, holder: HolderVersion) -> HolderFollowed:
        return HolderFollowed(
            holder.entity_id, holder.code, holder.version, self.permit_ids, self.certified,
            [permit_id for permit_id, _ in self.kept], [reason for _, reason in self.kept],
        )  # fmt: skip


def shown_content(parts: Parts, document: Entry) -> dict[str, str]:
    """The content of a case or filing with what its permit shows of its holder now; a disclosure must be logged first."""
    return content_of(parts, document) | _followed_lines(parts, document)


def follow(parts: Parts, changes: Sequence[Change], ask: AskHolders) -> int:
    """Let the permits of these holders follow, each once for a version of its holder; returns how many holders were told of.

    Registration is asked once for all, and only if a permit shows what changed. Raises HolderNotTold.
    """
    parts.outbox.check_capacity()
    answered = parts.store.answered([change.holder.key for change in changes])
    open_changes = [change for change in changes if change.holder.key not in answered]
    told = _Told(open_changes, ask)
    return sum(_follow_holder(parts, change, told) for change in open_changes)


def holder_moved(parts: Parts, holder: HolderVersion, state: str, reason_code: str, cause: Cause) -> bool:
    """A holder is in another state, which is noted: one that ended has no permits any more, which is told once (行政许可法
    art. 70(3)). A revocation that was undone ends none of those that are held when it is heard of; what it ended is told."""
    followed = _Followed()
    if state not in ENDED and reason_code != UNDONE:
        return False
    if state in ENDED and not _undone(parts, holder, state):
        followed.permit_ids = end_permits(parts, holder.code, cause)
    # asked once more: the undoing may be heard of beside us, before these permits ended
    if state not in ENDED or _undone(parts, holder, state):
        followed.kept = [(permit, ENDED_WITH_UNDONE_REVOCATION) for permit in ended_permits(parts, holder.code)]
    return answer(parts, holder.key, followed.event(holder), cause)


def _undone(parts: Parts, holder: HolderVersion, state: str) -> bool:
    known = parts.store.holder(holder.code)
    return known is not None and is_undone(known, state, holder.version)


class _Told:
    """Registration's answer for all holders of a message, asked for when the first permit needs it."""

    def __init__(self, changes: Sequence[Change], ask: AskHolders) -> None:
        self._ids = list(dict.fromkeys(change.holder.entity_id for change in changes))
        self._persons = any(LEGAL_REPRESENTATIVE in change.facts for change in changes)
        self._ask = ask
        self._answers: dict[str, Mapping[str, Any]] | None = None

    def of(self, holder: HolderVersion) -> Mapping[str, Any]:
        if self._answers is None:
            self._answers = {told["entity_id"]: told for told in self._ask(self._ids, self._persons)}
        told = self._answers.get(holder.entity_id)
        if told is None or int(told["entity_version"]) < holder.version:
            raise HolderNotTold("the holder is not shown as its event says")
        return told


def _follow_holder(parts: Parts, change: Change, told: _Told) -> bool:
    followed, after = _Followed(), ""
    while True:
        page, after = parts.store.cases_of_holder(change.holder.code, after, HOLDER_PAGE)
        for document in page:
            _follow_case(parts, change, document, told, followed)
        if not after:
            break
    _follow_filings(parts, change, followed)
    return answer(parts, change.holder.key, followed.event(change.holder), change.cause)


def _follow_filings(parts: Parts, change: Change, followed: _Followed) -> None:
    """What is on record under the old value stays so until its holder files the change; that is told."""
    after, today = "", parts.clock.today()
    while True:
        page, after = parts.store.filings_of_holder(change.holder.code, after, HOLDER_PAGE)
        for document in page:
            content = content_of(parts, document)
            effect = holder_facts().effect(document["item_key"], change.facts, content, today, filing=True)
            followed.kept += [(document["_id"], reason) for reason in effect.kept]
        if not after:
            return


def _follow_case(parts: Parts, change: Change, found: Entry, told: _Told, followed: _Followed) -> None:
    """Let the permit of a case follow; a case that has none yet takes the new values, so that its permit will show them."""
    document: Entry | None = found
    for _ in range(TRIES):
        if document is None:
            return
        case, today = parts.case_of(document), parts.clock.today()
        permit = case.permit
        if permit.state_on(today) not in HELD if permit else case.state not in OPEN_STATES:
            return
        content = shown_content(parts, document)
        effect = holder_facts().effect(case.item_key, change.facts, content, today)
        taken: set[str] = set()
        if effect.follows:
            try:
                taken = _take(parts, change, case, document, content, effect, told.of(change.holder))
            except StaleVersion:
                document = parts.store.find(CASES, document["_id"])
                continue
        if permit:
            followed.note(permit, case.certificate_type, effect, taken, change.holder)
        return
    raise Aborted("the case keeps changing")


def _take(
    parts: Parts, change: Change, case: PermitCase, document: Entry, content: Mapping[str, str], effect: Effect,
    told: Mapping[str, Any],
) -> set[str]:  # fmt: skip
    """Let a case and its permit show what registration told, unless they do already. Returns the facts that they show as they
    are now. Raises StaleVersion."""
    version, known = int(told["entity_version"]), document.get("holder_version") or 0
    if version < known:
        raise HolderNotTold("the permit knows a newer version of its holder than was told")
    new = {fact: value for fact, value in _values(told).items() if fact in effect.follows}
    differ = [fact for fact, value in new.items() if any(content[line] != value for line in effect.follows[fact])]
    if not differ and version == known:
        return set(new)
    events: list[Any] = []
    if differ and case.permit:
        ref, today = change.holder.entity_id, parts.clock.today()
        events += case.permit.follow(case.case_id, differ, case.certificate_type, ref, case.origin_ref, today, version)
    case.version += 1
    lines = _followed_lines(parts, document)
    for fact, value in new.items():
        lines |= dict.fromkeys(effect.follows[fact], value)
    sealed = parts.sealer.seal(msgspec.json.encode(lines), _context(case.case_id))
    more = {"holder_now": sealed, "holder_version": version}
    save_by_itself(parts, case, document["version"], events, parts.clock.now(), change.cause, more)
    return set(new)


def _values(told: Mapping[str, Any]) -> dict[str, str]:
    """What registration tells, by fact; an empty value is no value."""
    return {fact: str(told[key]) for fact, key in _ANSWERED_AS.items() if told.get(key)}


def _followed_lines(parts: Parts, document: Entry) -> dict[str, str]:
    if not document.get("holder_now"):
        return {}
    opened = parts.sealer.open(bytes(document["holder_now"]), _context(document["_id"]))
    lines: dict[str, str] = msgspec.json.decode(opened)
    return lines


def _context(case_id: str) -> str:
    return f"{case_id}|holder"
