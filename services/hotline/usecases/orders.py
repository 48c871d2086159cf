"""Requests become orders; units and the centre move them. State, events, clocks and standing are one write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from services.hotline.domain.dispatch import category, check_unit, competent_unit, suggest
from services.hotline.domain.order import KINDS, Order, OrderState, Request, StaleVersion, register
from services.hotline.domain.similar import ALIKE, bands, likeness, signature
from services.hotline.usecases.context import Entry, Filed, Parts
from shared.commands import Command, command_entry, version_made_by
from shared.events import Cause, timeline_entry
from shared.failures import Aborted, InvalidArgument, NotFound, Violation
from shared.ids import new_id
from shared.national_codes import check_uscc

COLLECTION = "orders"
SYSTEM = Cause(actor_id="platform")
CANDIDATES = 20
URGE_TRIES = 20


class OrderNotFound(NotFound):
    """No order with this id, or it is not yours to see."""


def file_request(parts: Parts, command: Command, filed: Filed) -> tuple[Order, Entry, str, bool]:
    """A request becomes an order, or an urge on the open order of the same caller, matter and place.

    Returns the order, its document, the request's id, and whether this repeats a command.
    """
    parts.outbox.check_capacity()
    known = parts.store.find_by_command(command.key)
    if known is not None:
        return _repeated(parts, command, known)
    _check(filed)
    now = parts.clock.now()
    caller_key = parts.sealer.lookup(filed.caller)
    signed = signature(f"{filed.title}{filed.text}{filed.place}", parts.sealer.lookup)
    request = Request(new_id("req"), caller_key, command.client_id, now)
    head = _same_matter(parts, caller_key, signed)
    if head is not None:
        order, document, replayed = _urge(parts, command, head, request)
        return _repeated(parts, command, document) if replayed else (order, document, request.request_id, False)
    found = category(filed.category_code) if filed.category_code else suggest(filed.title + filed.text)
    unit = competent_unit(found.code, filed.territory, parts.region) if found else ""
    order, events = register(
        new_id("ord"), request, filed.kind, filed.track, found.code if found else "", found.urgency if found else "GENERAL",
        filed.territory, parts.region, unit, now,
    )  # fmt: skip
    order.signature, order.bands = signed, bands(signed)
    entries = [timeline_entry(event, now, command.cause) for event in events]
    content = {"title": filed.title, "text": filed.text, "place": filed.place, "caller": filed.caller}
    document = _document(parts, order, now) | {
        "content": parts.sealer.seal(msgspec.json.encode(content), order.order_id),
        "timeline": entries,
        "pending": [entry["id"] for entry in entries],
        "commands": [command_entry(command.key, command.digest, 1) | {"request_id": request.request_id}],
    }
    if not parts.store.insert(document):
        known = parts.store.find_by_command(command.key)
        if known is None:
            raise Aborted("the request could not be stored; try again")
        return _repeated(parts, command, known)
    parts.outbox.committed_many(COLLECTION, [(order.order_id, entry) for entry in entries])
    return order, document, request.request_id, False


def _urge(parts: Parts, command: Command, order_id: str, request: Request) -> tuple[Order, Entry, bool]:
    """Join the open order. An urge depends on no version: when another request joined meanwhile, it is tried again."""
    note = {"request_id": request.request_id}
    for _ in range(URGE_TRIES):
        try:
            return change_order(parts, command, order_id, lambda o, _now: o.urge(request), note)
        except StaleVersion:
            continue
    raise Aborted("the order keeps changing; try again")


def load_order(parts: Parts, order_id: str) -> tuple[Order, Entry]:
    """The order and its document. Raises OrderNotFound."""
    document = parts.store.find(order_id)
    if document is None:
        raise OrderNotFound("no order with this id", metadata={"order_id": order_id[:64]})
    return parts.order_of(document), document


def load_own(parts: Parts, request_id: str, client_id: str) -> tuple[Order, Entry]:
    """The order of a request that this client filed; another's is not found, as if it were none."""
    document = parts.store.find_by_request(request_id)
    order = parts.order_of(document) if document else None
    mine = order is not None and any(
        request.request_id == request_id and request.client_id == client_id for request in order.requests
    )
    if document is None or order is None or not mine:
        raise OrderNotFound("no request with this id", metadata={"request_id": request_id[:64]})
    return order, document


def change_order(
    parts: Parts, command: Command, order_id: str, act: Callable[[Order, datetime], Sequence[Any]],
    note: dict[str, str] | None = None,
) -> tuple[Order, Entry, bool]:  # fmt: skip
    """Load, act, save. Returns the order, its document, and whether this repeats a command (also one still running).
    `note` is kept with the command, for the answer to its repetition."""
    parts.outbox.check_capacity()
    order, document = load_order(parts, order_id)
    if version_made_by(document, command.key, command.digest) is not None:
        return order, document, True
    now, before = parts.clock.now(), len(order.missed)
    late = order.due(now)
    if len(order.missed) > before:  # what is late is told upwards, whether the sweeper has been there or not
        _save(parts, order, document["version"], late, now, SYSTEM, None)
        order, document = load_order(parts, order_id)
    events = act(order, now)
    try:
        _save(parts, order, document["version"], events, now, command.cause, command, note)
    except StaleVersion:
        order, document = load_order(parts, order_id)
        if version_made_by(document, command.key, command.digest) is None:
            raise
        return order, document, True
    return order, document, False


def dispatch(
    parts: Parts, command: Command, order_id: str, version: int, unit_code: str, category_code: str
) -> tuple[Order, Entry, bool]:
    """The centre sends an order to a unit on the duty list; out of a dispute it appoints, and then without return."""
    check_unit(unit_code, parts.region)

    def act(order: Order, now: datetime) -> list[Any]:
        order.require(version)
        if category_code:
            order.category_code = category(category_code).code
        return [order.dispatch(unit_code, now, appointed=order.state is OrderState.DISPUTED)]

    return change_order(parts, command, order_id, act)


def act_on_order(parts: Parts, order_id: str) -> bool:
    """Tell the level above of what is late, each clock once; whether anything was done."""
    order, document = load_order(parts, order_id)
    now, before = parts.clock.now(), len(order.missed)
    events = order.due(now)
    _save(parts, order, document["version"], events, now, SYSTEM, None)
    return len(order.missed) > before


def similar_orders(parts: Parts, order_id: str) -> list[tuple[Order, float]]:
    """Orders that seem to be about the same matter, most alike first, for the officer to look at."""
    order, _ = load_order(parts, order_id)
    found = [parts.order_of(document) for document in parts.store.alike(order.bands, CANDIDATES)]
    rated = [(other, likeness(order.signature, other.signature)) for other in found if other.order_id != order_id]
    return sorted((pair for pair in rated if pair[1] >= ALIKE), key=lambda pair: -pair[1])


def content_of(parts: Parts, document: Entry) -> dict[str, str]:
    """What the caller said, for the unit that handles it."""
    opened: dict[str, str] = msgspec.json.decode(parts.sealer.open(bytes(document["content"]), document["_id"]))
    return opened


def _same_matter(parts: Parts, caller_key: str, signed: list[str]) -> str | None:
    for document in parts.store.open_of_caller(caller_key):
        if likeness(signed, document.get("signature", ())) >= ALIKE:
            return str(document["_id"])
    return None


def _check(filed: Filed) -> None:
    violations = []
    if filed.kind not in KINDS:
        violations.append(Violation("kind", f"is one of {', '.join(sorted(KINDS))}", "KIND_UNKNOWN"))
    for name in ("caller", "title"):
        if not getattr(filed, name).strip():
            violations.append(Violation(name, "is empty", "FIELD_MISSING"))
    if violations:
        raise InvalidArgument(violations[0].description, reason=violations[0].reason, violations=violations)
    if filed.track == "ENTERPRISE":
        check_uscc(filed.caller_code, field="caller_code")


def _repeated(parts: Parts, command: Command, document: Entry) -> tuple[Order, Entry, str, bool]:
    version_made_by(document, command.key, command.digest)
    order = parts.order_of(document)
    made = next(kept for kept in document["commands"] if kept["key"] == command.key)
    return order, document, str(made.get("request_id") or order.requests[-1].request_id), True


def _save(
    parts: Parts, order: Order, expected_version: int, events: Sequence[Any], now: datetime, cause: Cause,
    command: Command | None, note: dict[str, str] | None = None,
) -> None:  # fmt: skip
    entries = [timeline_entry(event, now, cause) for event in events]
    made = command_entry(command.key, command.digest, order.version) | (note or {}) if command else None
    parts.store.save(_document(parts, order, now), expected_version, entries, made)
    parts.outbox.committed_many(COLLECTION, [(order.order_id, entry) for entry in entries])


def _document(parts: Parts, order: Order, now: datetime) -> Entry:
    document = parts.to_document(order, "order_id")
    document["standing"] = parts.to_document(order.standing(now), "")
    document["next_due_time"] = order.next_due_time(now)
    return document
