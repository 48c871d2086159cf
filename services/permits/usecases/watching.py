"""What a case or filing of this service tells of itself, and opening one for a bundle or a project."""

from __future__ import annotations

from collections.abc import Callable

from services.permits.domain.catalogue import Item, ItemKind, ItemNotFound, ItemNotOffered
from services.permits.domain.owed import Seen, seen_case, seen_filing
from services.permits.usecases.cases import AlreadyCame, submit_case
from services.permits.usecases.context import Asked, Parts
from services.permits.usecases.filings import submit_filing
from services.permits.usecases.saving import CASES, FILINGS
from shared.commands import command_by_event
from shared.events import Cause
from shared.failures import Aborted, Failure, Unavailable


def seen(parts: Parts, case_id: str) -> Seen | None:
    """The case or filing with this id as it stands now; None when it is not this service's."""
    now = parts.clock.now()
    document = parts.store.find(CASES, case_id)
    if document is not None:
        return seen_case(parts.case_of(document), now)
    document = parts.store.find(FILINGS, case_id)
    return seen_filing(parts.filing_of(document), now) if document is not None else None


def open_item(
    parts: Parts, client_id: str, key: str, item_key: str, origin_ref: str, ask: Callable[[Item], Asked], cause: Cause
) -> tuple[str, list[str]]:
    """The id of the case or filing that this became, or the reasons why it cannot be opened. `key` and `origin_ref` make it one,
    however often it is tried: after a crash it is found again. `ask`: what is handed in for the item as it is offered today.
    Raises what may pass (Unavailable, Aborted)."""
    try:
        item = parts.catalogue.item(item_key, parts.clock.today())
    except (ItemNotFound, ItemNotOffered) as failure:  # it was offered when the whole was planned
        opened = parts.store.find_by_origin(CASES, origin_ref) or parts.store.find_by_origin(FILINGS, origin_ref)
        return (str(opened["_id"]), []) if opened else ("", [failure.reason])
    asked = ask(item)
    command = command_by_event(client_id, key, origin_ref.encode(), cause)
    filing = item.kind is ItemKind.FILING
    try:
        if filing:
            return submit_filing(parts, command, asked)[0].filing_id, []
        return submit_case(parts, command, asked)[0].case_id, []
    except AlreadyCame:
        known = parts.store.find_by_origin(FILINGS if filing else CASES, origin_ref)
        if known is None:
            raise
        return str(known["_id"]), []
    except (Unavailable, Aborted):
        raise
    except Failure as failure:
        return "", [failure.reason]
