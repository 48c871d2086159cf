"""Set-up applications that come from elsewhere: a licence step of a bundle, a case that a partner region handed over.

Each is received once, under a key made of its `origin_ref`; what cannot be received is answered with reasons, once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from prometheus_client import Counter

from services.registration.domain.entities import MAX_FEN, Capital, EntityType
from services.registration.domain.events import ForwardedCaseRejected
from services.registration.domain.form_check import Domicile, Investor, Material, Person, SetUpApplication
from services.registration.usecases.context import Parts
from services.registration.usecases.submit import submit_applications
from shared.commands import Command, KeyTaken
from shared.events import Cause, timeline_entry
from shared.failures import Aborted, Failure, InvalidArgument, Unavailable

FORWARDED = Counter(
    "tongban_registration_forwarded_case_received_total", "Applications that came from elsewhere.", ["outcome"]
)
_TYPE_PREFIX = "ENTITY_TYPE_"


class ContentUnreadable(InvalidArgument):
    """The content of a forwarded case has not the shape of a set-up application."""


class ContentMissing(Unavailable):
    """Whoever forwarded the case does not show its content yet."""


@dataclass(frozen=True, slots=True)
class ForwardedCase:
    """A case as its forwarder shows it. `application`: fields and enum names of the proto `SetUpApplication`."""

    origin_ref: str
    client_id: str
    application: Mapping[str, Any]
    cause: Cause


# The shape of the proto with its limits; nothing more, nothing less.
_Amount = Annotated[int, msgspec.Meta(ge=0, le=MAX_FEN)]
_Code = Annotated[str, msgspec.Meta(max_length=60)]


class _Person(msgspec.Struct, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(max_length=100)] = ""
    id_type: Annotated[str, msgspec.Meta(max_length=20)] = ""
    id_number: Annotated[str, msgspec.Meta(max_length=40)] = ""
    phone: Annotated[str, msgspec.Meta(max_length=20)] = ""
    identity_check: Annotated[str, msgspec.Meta(max_length=20)] = ""

    def told(self) -> Person:
        return Person(self.name, self.id_type, self.id_number, self.phone, self.identity_check)


class _Investor(msgspec.Struct, forbid_unknown_fields=True):
    amount_fen: _Amount = 0
    person: _Person | None = None
    uscc: str = ""


class _Capital(msgspec.Struct, forbid_unknown_fields=True):
    amount_fen: _Amount = 0
    currency: Annotated[str, msgspec.Meta(max_length=3)] = ""
    paid_in_due_date: Annotated[str, msgspec.Meta(max_length=10)] = ""


class _Domicile(msgspec.Struct, forbid_unknown_fields=True):
    division_code: Annotated[str, msgspec.Meta(max_length=6)] = ""
    address: Annotated[str, msgspec.Meta(max_length=300)] = ""


class _Material(msgspec.Struct, forbid_unknown_fields=True):
    type_code: _Code = ""
    sha256: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")] = ""


class _Application(msgspec.Struct, forbid_unknown_fields=True):
    entity_type: str
    division_code: Annotated[str, msgspec.Meta(max_length=6)] = ""
    name: Annotated[str, msgspec.Meta(max_length=120)] = ""
    name_reservation_id: Annotated[str, msgspec.Meta(max_length=64)] = ""
    domicile: _Domicile = msgspec.field(default_factory=_Domicile)
    business_scope: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    capital: _Capital | None = None
    legal_representative: _Person | None = None
    investors: Annotated[list[_Investor], msgspec.Meta(max_length=200)] = []
    materials: Annotated[list[_Material], msgspec.Meta(max_length=100)] = []


def read_application(content: Mapping[str, Any]) -> SetUpApplication:
    """The application in a forwarded content. Numbers may be texts, as the JSON of protobuf writes them; what is null is
    left out.

    Raises ContentUnreadable; it says where, never what stands there.
    """
    try:
        read = msgspec.convert(_stated(dict(content)), _Application, strict=False)
        entity_type = EntityType(read.entity_type.removeprefix(_TYPE_PREFIX))
    except (msgspec.ValidationError, ValueError, TypeError):
        raise ContentUnreadable("the content is no set-up application") from None
    person, capital = read.legal_representative, read.capital
    return SetUpApplication(
        division_code=read.division_code,
        entity_type=entity_type,
        name=read.name,
        name_reservation_id=read.name_reservation_id,
        domicile=Domicile(read.domicile.division_code, read.domicile.address),
        business_scope=read.business_scope,
        capital=Capital(capital.amount_fen, capital.currency or "CNY", capital.paid_in_due_date)
        if capital and capital.amount_fen
        else None,  # as the direct way takes it
        legal_representative=person.told() if person else None,
        investors=tuple(Investor(i.amount_fen, i.person.told() if i.person else None, i.uscc) for i in read.investors),
        materials=tuple(Material(material.type_code, material.sha256) for material in read.materials),
    )


def _stated(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _stated(part) for key, part in value.items() if part is not None}
    return [_stated(part) for part in value] if isinstance(value, (list, tuple)) else value


def receive_forwarded(parts: Parts, cases: Sequence[ForwardedCase]) -> None:
    """Receive the applications, each once however often its event comes. What cannot be received is rejected with the
    codes of the reasons. Raises Unavailable kinds (try again) after the others are done."""
    by_origin = {case.origin_ref: case for case in cases}
    rejected = parts.store.forwarded_rejected(by_origin)
    waiting: list[tuple[Command, SetUpApplication]] = []
    refusals: list[tuple[ForwardedCase, Failure]] = []
    for case in by_origin.values():
        if case.origin_ref in rejected:
            continue
        try:
            waiting.append((_command(case), read_application(case.application)))
        except Failure as failure:
            refusals.append((case, failure))
    outcomes = submit_applications(parts, waiting) if waiting else []
    later: list[Failure] = []
    for (command, _), outcome in zip(waiting, outcomes, strict=True):
        if outcome.failure is None:
            FORWARDED.labels("repeated" if outcome.replayed else "received").inc()
        elif isinstance(outcome.failure, (Unavailable, Aborted)):
            later.append(outcome.failure)
        else:
            refusals.append((by_origin[command.origin_ref], outcome.failure))
    _reject(parts, refusals)
    if later:
        raise later[0]


def _command(case: ForwardedCase) -> Command:
    # the digest is of the reference alone: a content that changed since is still the same case
    return Command(
        client_id=case.client_id,
        idempotency_key="",
        digest=hashlib.sha256(case.origin_ref.encode()).digest(),
        actor_id=case.cause.actor_id,
        correlation_id=case.cause.correlation_id,
        traceparent=case.cause.traceparent,
        origin_ref=case.origin_ref,
        causation_id=case.cause.causation_id,
    )


def _reject(parts: Parts, refusals: Sequence[tuple[ForwardedCase, Failure]]) -> None:
    if not refusals:
        return
    now = parts.clock.now()
    documents: list[dict[str, Any]] = []
    entries: list[tuple[str, dict[str, Any]]] = []
    for case, failure in refusals:
        codes = list(dict.fromkeys(violation.reason for violation in failure.violations)) or [failure.reason]
        entry = timeline_entry(ForwardedCaseRejected(case.origin_ref, codes), now, case.cause)
        entries.append((case.origin_ref, entry))
        documents.append(
            {"_id": case.origin_ref, "version": 1, "state": "REJECTED", "reason_codes": codes, "timeline": [entry],
             "pending": [entry["id"]]}
        )  # fmt: skip
    stored = []
    for pair, result in zip(entries, parts.store.insert_rejections(documents), strict=True):
        if result is None:
            stored.append(pair)
            FORWARDED.labels("rejected").inc()
        elif not isinstance(result, KeyTaken):  # taken: rejected by another handler meanwhile
            raise result
    parts.outbox.committed_many("forwarded_cases", stored)
