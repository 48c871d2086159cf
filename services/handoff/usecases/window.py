"""The accepting window: open a case for a partner region, and its later steps; and reading the result."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.handoff.domain.agreement import RECEIVE, missing_fields
from services.handoff.domain.case import HandoffCase, Side, State, WrongState, open_case
from services.handoff.domain.message import check_carried
from services.handoff.usecases.context import Entry, Parts
from services.handoff.usecases.moves import SYSTEM, load_case, store_move
from shared.commands import Command, KeyTaken, version_made_by
from shared.failures import Aborted, InvalidArgument, Violation
from shared.ids import new_id
from shared.strict_json import MalformedJson

CONTENT_LIMIT = 256 * 1024


@dataclass(frozen=True, slots=True)
class Opening:
    """What the window brings. `application`: in the shape of the item's service."""

    item: str
    deciding_region: str
    unit_code: str
    mode: str
    identity_check: str
    consent: bool
    application: Mapping[str, Any]


def open_handoff(parts: Parts, command: Command, opening: Opening) -> tuple[HandoffCase, Entry, bool]:
    """Receive a case for a partner region and send it on. Returns the case, its document, whether this repeats a command.

    Raises AgreementNotInForce, ItemNotAgreed, NotAuthorised, InvalidArgument (what the form lacks, all gaps at once).
    """
    parts.outbox.check_capacity()
    known = parts.store.find_by_command(command.key)
    if known is not None:
        version_made_by(known, command.key, command.digest)
        return parts.case_of(known), known, True
    now = parts.clock.now()
    if opening.deciding_region == parts.region:
        raise _invalid("deciding_region", "is this region: hand the case in here", "OWN_REGION")
    agreement = parts.agreements.between(parts.region, opening.deciding_region, now)
    item = agreement.item(opening.item, opening.deciding_region, opening.mode)
    right = agreement.authorisation(item.item, opening.deciding_region, opening.unit_code, RECEIVE, now)
    _check_form(opening, item.required)
    case = HandoffCase(
        handoff_case_id=new_id("hof"), side=Side.ACCEPTING, state=State.RECEIVED, version=1, item=item.item,
        item_code=item.codes[opening.deciding_region], target=item.target, mode=opening.mode,
        accepting_region=parts.region, deciding_region=opening.deciding_region,
        agreement_id=agreement.agreement_id, agreement_version=agreement.version,
        authorisation_id=right.authorisation_id, unit_code=opening.unit_code, client_id=command.client_id,
        received_time=now, since_time=now,
    )  # fmt: skip
    events = open_case(case, opening.application, opening.identity_check)
    try:
        store_move(parts, case, 0, events, now, command.cause, command)
    except KeyTaken:
        known = parts.store.find_by_command(command.key)
        if known is None:
            raise Aborted("the case could not be stored; try again") from None
        version_made_by(known, command.key, command.digest)
        return parts.case_of(known), known, True
    return (*load_case(parts, case.handoff_case_id), False)


def act_on_case(parts: Parts, case_id: str) -> bool:
    """Tell the level above of clocks that have passed, each once; whether anything was done."""
    case, document = load_case(parts, case_id)
    now = parts.clock.now()
    events = case.due(now)
    if not events:
        case.version += 1  # only looked at again, because a calendar could not tell: note when to look next
    store_move(parts, case, document["version"], events, now, SYSTEM)
    return bool(events)


def result_file(parts: Parts, case_id: str, asked_by: str) -> tuple[bytes, HandoffCase]:
    """The certificate that came back. The disclosure is noted before it is shown. Raises WrongState when there is none."""
    case, _ = load_case(parts, case_id)
    found = parts.store.message_of(case_id, "RESULT_SENT") if case.file_sha256 else None
    if found is None:
        raise WrongState("no certificate has come back yet", reason="NO_RESULT")
    parts.store.log_disclosure(
        {"_id": new_id("dis"), "time": parts.clock.now(), "asked_by": asked_by, "purpose": "DELIVER_RESULT",
         "refs": [case_id], "fields": ["certificate_file"]}
    )  # fmt: skip
    message = json.loads(parts.sealer.open(bytes(found["sealed"]), found["_id"]))
    return base64.b64decode(message["body"]["file_base64"]), case


def _check_form(opening: Opening, required: tuple[str, ...]) -> None:
    violations = [
        Violation(f"application.{path}", "must be there: the window checks the form", "FIELD_MISSING")
        for path in missing_fields(required, opening.application)
    ]
    if not opening.consent:
        violations.append(Violation("consent", "the applicant must agree to the hand-over (PIPL art. 23)", "CONSENT"))
    if violations:
        raise InvalidArgument("the form is not complete", reason="FORM_INCOMPLETE", violations=tuple(violations))
    if len(json.dumps(opening.application, ensure_ascii=False).encode()) > CONTENT_LIMIT:
        raise _invalid("application", f"has more than {CONTENT_LIMIT} bytes", "APPLICATION_TOO_LARGE")
    try:
        check_carried(opening.application)
    except MalformedJson as failure:
        raise _invalid("application", f"cannot be sent on: {failure.message}", "APPLICATION_FORM") from None


def _invalid(field: str, text: str, reason: str) -> InvalidArgument:
    return InvalidArgument(f"{field} {text}", reason=reason, violations=(Violation(field, text, reason),))
