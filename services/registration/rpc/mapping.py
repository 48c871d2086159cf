"""Between the messages of the contract and the domain; no rules here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from tongban.common.v1 import failure_pb2
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.domain.application import Application, RefusalReason
from services.registration.domain.entities import EntityRow, EntityType
from services.registration.domain.entity import Entity
from services.registration.domain.form_check import Capital, Domicile, Investor, Material, Person, SetUpApplication
from services.registration.domain.handed_in import read_handed_in
from services.registration.domain.naming import NameParts, parse_name
from services.registration.domain.paid_in import duties
from services.registration.usecases.entities import Verdict
from services.registration.usecases.submit import Submitted
from shared.failures import Failure, InvalidArgument, Violation, grpc_code_name

_OF_REGISTRARS = frozenset({"DuplicatesReviewed"})
_TYPE_PREFIX, _STATE_PREFIX, _ENTITY_STATE_PREFIX = "ENTITY_TYPE_", "APPLICATION_STATE_", "ENTITY_STATE_"


def entity_type_of(value: int) -> EntityType:
    """Raises InvalidArgument (ENTITY_TYPE_MISSING) for the unspecified value."""
    if value == pb.ENTITY_TYPE_UNSPECIFIED:
        violation = Violation("entity_type", "say which kind of entity is to be registered", "ENTITY_TYPE_MISSING")
        raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))
    return EntityType(pb.EntityType.Name(value).removeprefix(_TYPE_PREFIX))  # type: ignore[arg-type, unused-ignore]


def application_of(asked: Any) -> SetUpApplication:
    """What the applicant asks for, as the domain knows it."""
    return SetUpApplication(
        division_code=asked.division_code,
        entity_type=entity_type_of(asked.entity_type),
        name=asked.name,
        name_reservation_id=asked.name_reservation_id,
        domicile=Domicile(asked.domicile.division_code, asked.domicile.address),
        business_scope=asked.business_scope,
        # an amount of nothing is no capital: a kind that registers one lacks it, and no other has one of zero
        capital=_capital(asked.capital) if asked.capital.amount_fen else None,
        legal_representative=person_of(asked.legal_representative) if asked.HasField("legal_representative") else None,
        investors=tuple(investor_of(investor) for investor in asked.investors),
        materials=tuple(Material(material.type_code, material.sha256) for material in asked.materials),
    )


def _capital(capital: Any) -> Capital:
    return Capital(capital.amount_fen, capital.currency or "CNY", capital.paid_in_due_date)


def person_of(person: Any) -> Person:
    """A person as the domain knows them."""
    return Person(person.name, person.id_type, person.id_number, person.phone, person.identity_check)


def investor_of(investor: Any) -> Investor:
    """Who puts in capital, as the domain knows them."""
    person = person_of(investor.person) if investor.WhichOneof("holder") == "person" else None
    return Investor(investor.amount_fen, person, investor.uscc)


def row_of(row: Any) -> EntityRow:
    return EntityRow(
        row_number=row.row_number,
        name=row.name,
        uscc=row.uscc,
        registered_on=row.registered_on,
        type=row.type,
        capital=row.capital,
        business_scope=row.business_scope,
        address=row.address,
    )


def reason_of(reason: Any) -> RefusalReason:
    return RefusalReason(reason.code, reason.description, reason.source)


def name_message(name: NameParts) -> Any:
    return pb.NameParts(
        full_name=name.full_name, division=name.division, trade_name=name.trade_name, trade=name.trade, form=name.form
    )


def violation_message(violation: Violation) -> Any:
    return failure_pb2.FieldViolation(field=violation.field, description=violation.description, reason=violation.reason)


def _gaps(application: Application) -> list[Any]:
    return [
        pb.Gap(field=gap.field, reason=gap.reason, description=gap.description, source=gap.source)
        for gap in application.gaps
    ]


def _type_value(entity_type: EntityType) -> str:
    return _TYPE_PREFIX + entity_type


def outcome_message(submitted: Submitted) -> Any:
    """Receipt or failure of one submission."""
    if submitted.failure is not None:
        return rpc.SubmissionOutcome(failure=failure_message(submitted.failure))
    application = submitted.application
    assert application is not None
    receipt = rpc.SubmissionReceipt(
        application_id=application.application_id,
        state=_STATE_PREFIX + application.state,
        version=application.version,
        name=name_message(application.name),
        received_time=application.received_time.isoformat(),
        due_date=application.due_date,
        due_date_flag=application.undated,
        gaps=_gaps(application),
        replayed=submitted.replayed,
    )
    return rpc.SubmissionOutcome(receipt=receipt)


def failure_message(failure: Failure) -> Any:
    return failure_pb2.ItemFailure(
        code=grpc_code_name(failure),
        reason=failure.reason,
        message=failure.message,
        violations=[violation_message(violation) for violation in failure.violations],
        metadata=failure.metadata,
    )


def reserved_message(held: Mapping[str, Any]) -> Any:
    """A reserved name."""
    return rpc.ReservedName(
        reservation_id=held["reservation_id"], expiry_date=held["expiry_date"],
        name=name_message(parse_name(held["full_name"], registrar_division=held["division_code"])),
    )  # fmt: skip


def application_message(application: Application, document: dict[str, Any]) -> Any:
    """The application with its timeline and what was handed in with it."""
    given = read_handed_in(document.get("handed_in"))
    message = pb.Application(
        application_id=application.application_id,
        state=_STATE_PREFIX + application.state,
        version=application.version,
        division_code=application.division_code,
        entity_type=_type_value(application.entity_type),
        name=name_message(application.name),
        domicile=_domicile_message(application.domicile),
        business_scope=application.business_scope,
        capital=_capital_message(application.capital),
        legal_representative_masked=application.legal_representative_masked,
        received_time=_timestamp(application.received_time),
        due_date=application.due_date,
        due_date_flag=application.undated,
        extended=application.extended,
        gaps=_gaps(application),
        refusal_reasons=[
            pb.RefusalReason(code=r.code, description=r.description, source=r.source)
            for r in application.refusal_reasons
        ],
        entity_id=application.entity_id,
        uscc=application.uscc,
        timeline=timeline_messages(document),
        materials=[pb.Material(type_code=kind, sha256=sha256) for kind, sha256 in given.materials],
        investors=[
            pb.InvestorShown(name_masked=name, uscc=uscc, amount_fen=fen) for name, uscc, fen in given.investors
        ],
        extension_approved_by=application.extension_approved_by,
    )
    if application.decided_time:
        message.decided_time.CopyFrom(_timestamp(application.decided_time))
    return message


def entity_message(entity: Entity, document: dict[str, Any], with_timeline: bool = True) -> Any:
    """The entity, with its timeline unless it is one of a list."""
    return pb.Entity(
        entity_id=entity.entity_id,
        uscc=entity.uscc,
        state=_ENTITY_STATE_PREFIX + entity.state,
        version=entity.version,
        entity_type=_type_value(entity.entity_type),
        name=entity.name,
        division_code=entity.division_code,
        domicile=_domicile_message(entity.domicile),
        business_scope=entity.business_scope,
        capital=_capital_message(entity.capital),
        founding_date=entity.founding_date,
        legal_representative_masked=entity.legal_representative_masked,
        application_id=entity.application_id,
        licence_certificate_id=entity.licence_certificate_id,
        licence_identifier=entity.licence_identifier,
        imported=entity.imported,
        state_reason_code=entity.state_reason_code,
        state_date=entity.state_date,
        flags=list(entity.flags),
        shown_name=entity.shown_name,
        last_report_year=entity.last_report_year,
        above_size=entity.above_size,
        from_division_code=entity.from_division_code,
        duties=[
            pb.EntityDuty(code=duty.code, due_date=duty.due_date, latest_date=duty.latest, source=duty.source)
            for duty in duties(entity)
        ],
        timeline=timeline_messages(document) if with_timeline else [],
    )


def _domicile_message(domicile: Domicile) -> Any:
    return pb.Domicile(division_code=domicile.division_code, address=domicile.address)


def _capital_message(capital: Capital | None) -> Any:
    if capital is None:
        return None
    return pb.Capital(
        amount_fen=capital.amount_fen, currency=capital.currency, paid_in_due_date=capital.paid_in_due_date or ""
    )


def without_notes(document: dict[str, Any]) -> dict[str, Any]:
    """A document without what registrars note for themselves: it names other applicants' applications."""
    return {**document, "timeline": [e for e in document["timeline"] if e["type"] not in _OF_REGISTRARS]}


def timeline_messages(document: dict[str, Any]) -> list[Any]:
    return [
        pb.TimelineEntry(
            event_id=entry["id"],
            type=entry["type"],
            time=_timestamp(entry["time"]),
            actor_id=entry["actor_id"],
            data=json.dumps(entry["data"], ensure_ascii=False),
        )
        for entry in document.get("timeline", ())
    ]


def work_item_message(item: dict[str, Any]) -> Any:
    return pb.WorkItem(
        application_id=item["_id"],
        division_code=item["division_code"],
        due_date=item["due_date"],
        opened_time=_timestamp(item["opened_time"]),
        open=item["open"],
    )


def verdict_message(verdict: Verdict) -> Any:
    return rpc.RowVerdict(
        row_number=verdict.row_number,
        verdict=f"IMPORT_VERDICT_{verdict.verdict}",
        entity_id=verdict.entity_id,
        violations=[violation_message(violation) for violation in verdict.violations],
        duplicate_entity_ids=verdict.duplicate_entity_ids,
    )


def _timestamp(time: datetime) -> Timestamp:
    timestamp = Timestamp()
    timestamp.FromDatetime(time)
    return timestamp
