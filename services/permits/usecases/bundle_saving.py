"""Storing bundles: load, act, save in one write, again when somebody was faster; repetitions answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from services.permits.domain.bundle import Bundle
from services.permits.domain.case import StaleVersion
from services.permits.usecases.context import Command, Entry, Parts
from shared.commands import command_entry, version_made_by
from shared.events import Cause, timeline_entry
from shared.failures import Aborted, NotFound

BUNDLES = "bundles"
TRIES = 10


class BundleNotFound(NotFound):
    """No bundle with this id, or it is not yours."""


def load_bundle(parts: Parts, bundle_id: str, only_client_id: str = "") -> tuple[Bundle, Entry]:
    """The bundle and its document. Another client's is not found, as if it were none."""
    document = parts.store.find(BUNDLES, bundle_id)
    if document is None or (only_client_id and document["client_id"] != only_client_id):
        raise BundleNotFound("no bundle with this id", metadata={"bundle_id": bundle_id[:64]})
    return parts.bundle_of(document), document


def change_bundle(
    parts: Parts, bundle_id: str, act: Callable[[Bundle, datetime], list[Any]], cause: Cause, looked: bool = False
) -> int:
    """Load, act, save, again when somebody was faster; how many events. Nothing is written when nothing changed, unless it
    was `looked` at because it was due: then the next time to look is noted."""
    for _ in range(TRIES):
        bundle, document = load_bundle(parts, bundle_id)
        before, now = parts.to_document(bundle, ""), parts.clock.now()
        events = act(bundle, now)
        if not events and not looked and parts.to_document(bundle, "") == before:
            return 0
        try:
            _save(parts, bundle, document, events, now, cause, None)
        except StaleVersion:
            continue
        return len(events)
    raise Aborted("the bundle keeps changing; try again")


def command_bundle(
    parts: Parts, command: Command, bundle_id: str, version: int, only_client_id: str,
    act: Callable[[Bundle, datetime], list[Any]], given: dict[str, Any] | None = None,
) -> tuple[Bundle, Entry, bool]:  # fmt: skip
    """The applicant's act, once. `given` is put into the sealed form in the same write. Returns the bundle, its document and
    whether this repeats a command."""
    parts.outbox.check_capacity()
    bundle, document = load_bundle(parts, bundle_id, only_client_id)
    if version_made_by(document, command.key, command.digest) is not None:
        return bundle, document, True
    bundle.require(version)
    now = parts.clock.now()
    events = act(bundle, now)
    sealed: Entry = {}
    if given:
        content = open_form(parts, document) | given
        sealed = {"content": parts.sealer.seal(msgspec.json.encode(content), bundle_id)}
    try:
        _save(parts, bundle, document, events, now, command.cause, command, sealed)
    except StaleVersion:
        bundle, document = load_bundle(parts, bundle_id, only_client_id)
        if version_made_by(document, command.key, command.digest) is None:
            raise
        return bundle, document, True
    return (*load_bundle(parts, bundle_id), False)


def open_form(parts: Parts, document: Entry) -> dict[str, Any]:
    """The sealed form of a bundle; whoever shows it logs that first."""
    found: dict[str, Any] = msgspec.json.decode(parts.sealer.open(bytes(document["content"]), document["_id"]))
    return found


def document_of(parts: Parts, bundle: Bundle, now: datetime) -> Entry:
    """The stored form, with what is derived from it: standing and when to look next."""
    document = parts.to_document(bundle, "bundle_id")
    document["standing"] = parts.to_document(bundle.standing(now), "")
    document["next_due_time"] = bundle.next_due_time(now)
    return document


def _save(
    parts: Parts, bundle: Bundle, loaded: Entry, events: list[Any], now: datetime, cause: Cause, command: Command | None,
    more: Entry | None = None,
) -> None:  # fmt: skip
    bundle.version += 1
    entries = [timeline_entry(event, now, cause) for event in events]
    made = command_entry(command.key, command.digest, bundle.version) if command else None
    parts.store.save(BUNDLES, document_of(parts, bundle, now) | (more or {}), loaded["version"], entries, made)
    parts.outbox.committed_many(BUNDLES, [(bundle.bundle_id, entry) for entry in entries])
