"""What the deciding region's own services did with a handed-over case; and the content that they ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from services.handoff.domain.case import HandoffCase, Side
from services.handoff.usecases.context import Parts
from services.handoff.usecases.moves import follow
from shared.events import Cause
from shared.ids import new_id

PREFIX = "hof_"


def is_ours(origin_ref: str) -> bool:
    """Whether a fact is about a case between regions."""
    return origin_ref.startswith(PREFIX)


def note(
    parts: Parts, origin_ref: str, event_id: str, cause: Cause, act: Callable[[HandoffCase, datetime], Any]
) -> bool:
    """Apply a fact to its case, once; only where this region decides it."""

    def acted(case: HandoffCase, now: datetime) -> Sequence[Any]:
        return list(act(case, now)) if case.side is Side.DECIDING else []

    return is_ours(origin_ref) and follow(parts, origin_ref, acted, cause, event_id)


def on_books(parts: Parts, origin_ref: str, event_id: str, cause: Cause, local_case_id: str) -> bool:
    """A service has taken the case on."""
    return note(parts, origin_ref, event_id, cause, lambda c, now: c.acknowledge(local_case_id, now))


def needs_more(parts: Parts, origin_ref: str, event_id: str, cause: Cause, gap_codes: list[str]) -> bool:
    """The one notice of all gaps."""
    return note(parts, origin_ref, event_id, cause, lambda c, now: c.need_more(gap_codes, now))


def accepted(parts: Parts, origin_ref: str, event_id: str, cause: Cause, due_date: str) -> bool:
    """Accepted in law."""
    return note(parts, origin_ref, event_id, cause, lambda c, now: c.accept(due_date, now))


def decided(
    parts: Parts, origin_ref: str, event_id: str, cause: Cause, outcome: str, reason_codes: list[str]
) -> bool:  # fmt: skip
    """Granted, refused, returned or not taken on."""
    return note(parts, origin_ref, event_id, cause, lambda c, now: c.decide(outcome, reason_codes, now))


def result(parts: Parts, origin_ref: str, event_id: str, cause: Cause, file: dict[str, Any]) -> bool:
    """The certificate exists: it goes back to the accepting region."""
    return note(
        parts, origin_ref, event_id, cause,
        lambda c, now: c.send_result(
            file["certificate_id"], file["identifier"], file["file_sha256"], file["content_base64"], now
        ),
    )  # fmt: skip


def wants_result(parts: Parts, origin_ref: str, event_id: str) -> bool:
    """Whether the file of a certificate must be asked for: a case that we decide and that has none yet."""
    document = parts.store.find(origin_ref) if is_ours(origin_ref) else None
    if document is None:
        return False
    case = parts.case_of(document)
    return case.side is Side.DECIDING and not case.file_sha256 and event_id not in case.taken


def case_content(parts: Parts, case_ids: Sequence[str], purpose: str, asked_by: str) -> list[dict[str, Any]]:
    """Item, application and client of handed-over cases that we decide. The disclosure is noted before anything is told."""
    parts.store.log_disclosure(
        {"_id": new_id("dis"), "time": parts.clock.now(), "asked_by": asked_by, "purpose": purpose,
         "refs": list(case_ids), "fields": ["application"]}
    )  # fmt: skip
    told = []
    for case_id in case_ids:
        document = parts.store.find(case_id)
        if document is None or "content" not in document:
            continue
        content = msgspec.json.decode(parts.sealer.open(bytes(document["content"]), case_id))
        told.append(content | {"handoff_case_id": case_id, "client_id": document["client_id"]})
    return told
