"""Between the contract's messages and the domain, nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from tongban.permits.v1 import messages_pb2 as pb

from services.permits.domain.bundle import Bundle
from services.permits.domain.bundle_types import (
    BundleType,
    PlannedStep,
    asked_materials,
    material_cut,
    merged_materials,
)
from services.permits.domain.case import PermitCase, Reason
from services.permits.domain.catalogue import Item, Material
from services.permits.domain.filing import Filing
from shared.clock import LOCAL
from shared.legal_clock import Deadline

Document = dict[str, Any]


def content_of(message: Any) -> dict[str, str]:
    """What names persons, as it is sealed."""
    fixed = {"applicant_name": message.applicant_name, "premises": message.premises, "contact": message.contact}
    return {**dict(message.answers), **fixed}


def reasons_of(messages: Sequence[Any]) -> list[Reason]:
    return [Reason(message.code, message.description, message.source) for message in messages]


def item_message(item: Item) -> Any:
    return pb.Item(
        key=item.key, item_code=item.item_code, version=item.version, kind=f"ITEM_KIND_{item.kind}", name=item.name,
        name_en=item.name_en, basis=item.basis, division_code=item.division_code, unit_code=item.unit_code,
        unit_name=item.unit_name, limit=item.limit, promised_days=item.promised_days,
        certificate_type=item.certificate_type, validity_months=item.validity_months or 0,
        handoff_modes=item.handoff_modes, conditions=item.conditions,
        materials=[material_message(material) for material in item.materials],
    )  # fmt: skip


def material_message(material: Material) -> Any:
    return pb.Material(
        material_type=material.material_type, name=material.name, name_en=material.name_en,
        tolerable=material.tolerable, source=material.source,
    )  # fmt: skip


def case_message(
    case: PermitCase, document: Document, today: date, now: datetime, content: dict[str, str] | None = None
) -> Any:
    """A case; with `content` also who applies, its deadlines with their steps and its timeline."""
    message = pb.PermitCase(
        case_id=case.case_id, state=f"CASE_STATE_{case.state}", version=case.version, item_key=case.item_key,
        item_version=case.item_version, item_code=case.item_code, division_code=case.division_code,
        unit_code=case.unit_code, holder_code=case.holder_code, origin_ref=case.origin_ref, materials=case.materials,
        gaps=case.gaps, promised=case.promised, committed=case.committed, accepted_date=case.accepted_date,
        deemed=case.deemed, project_id=case.project_id, remedies_due_date=case.remedies_due_date,
        received_time=stamp(case.received_time),
        reasons=[pb.Reason(code=r.code, description=r.description, source=r.source) for r in case.reasons],
        standing=standing_message(case.standing(now)),
    )  # fmt: skip
    if case.decided_time is not None:
        message.decided_time.FromDatetime(case.decided_time)
    if case.permit is not None:
        permit = case.permit
        message.permit.CopyFrom(
            pb.Permit(
                permit_id=permit.permit_id,
                state=f"PERMIT_STATE_{permit.state_on(today)}",
                version=permit.version,
                valid_from_date=permit.valid_from_date,
                valid_to_date=permit.valid_to_date,
                reason_code=permit.reason_code,
            )
        )
    if content is not None:
        message.applicant_name, message.premises = content.get("applicant_name", ""), content.get("premises", "")
        message.contact = content.get("contact", "")
        message.deadlines.extend(deadline_message(case.clocks.deadline(name), now) for name in case.clocks.names())
        message.timeline.extend(timeline_messages(document))
    return message


def standing_message(standing: Any) -> Any:
    message = pb.Standing(
        kind=standing.kind, party=standing.party, what=standing.what, escalated=standing.escalated, flag=standing.flag
    )
    if standing.due_time is not None:
        message.due_time.FromDatetime(standing.due_time)
    return message


def deadline_message(deadline: Deadline, now: datetime) -> Any:
    due = deadline.due_date.isoformat() if deadline.due_date else ""
    if not due and deadline.due_time:
        due = deadline.due_time.astimezone(LOCAL).isoformat()
    steps = [
        pb.DeadlineStep(kind=s.kind, start=s.start, end=s.end, amount=s.amount, unit=s.unit, because=s.because)
        for s in deadline.steps
    ]
    return pb.Deadline(
        clock=deadline.clock, state=deadline.state, due_date=due, reason=deadline.reason, owner=deadline.owner,
        missed=deadline.missed(now), steps=steps,
    )  # fmt: skip


def filing_message(filing: Filing, document: Document, whole: bool = True) -> Any:
    return pb.Filing(
        filing_id=filing.filing_id, state=f"FILING_STATE_{filing.state}", version=filing.version,
        item_key=filing.item_key, item_code=filing.item_code, division_code=filing.division_code,
        unit_code=filing.unit_code, holder_code=filing.holder_code, project_id=filing.project_id,
        subject_key=filing.subject_key, origin_ref=filing.origin_ref, materials=filing.materials, gaps=filing.gaps,
        recorded_date=filing.recorded_date, due_date=filing.due_date, in_time=filing.in_time,
        timeline=timeline_messages(document) if whole else [],
    )  # fmt: skip


def bundle_type_message(kind: BundleType) -> Any:
    return pb.BundleType(
        key=kind.key, version=kind.version, name=kind.name, name_en=kind.name_en, promised_days=kind.promised_days,
        questions=[pb.Question(key=q.key, text=q.text, text_en=q.text_en, is_text=q.is_text) for q in kind.questions],
    )  # fmt: skip


def plan_message(kind: BundleType, steps: Sequence[PlannedStep], predicted: str) -> Any:
    asked = {merged.material.material_type for merged in asked_materials(steps)}
    total = sum(len(step.materials) for step in steps)
    return pb.BundlePlan(
        bundle_type=bundle_type_message(kind),
        steps=[
            pb.PlannedStep(
                key=s.key,
                item_key=s.item_key,
                kind=s.kind,
                name=s.name,
                name_en=s.name_en,
                after=s.after,
                because=s.because,
                days=s.days,
            )
            for s in steps
        ],
        materials=[
            pb.MergedMaterial(
                material=material_message(m.material), steps=m.steps, asked=m.material.material_type in asked
            )
            for m in merged_materials(steps)
        ],
        materials_total=total,
        materials_asked=len(asked),
        material_cut=round(material_cut(total, len(asked)) * 10000),
        predicted_finish_date=predicted,
    )


def bundle_message(bundle: Bundle, document: Document, now: datetime) -> Any:
    return pb.Bundle(
        bundle_id=bundle.bundle_id,
        state=bundle.state,
        version=bundle.version,
        bundle_type=bundle.bundle_type,
        division_code=bundle.division_code,
        holder_code=bundle.holder_code,
        promised_days=bundle.promised_days,
        received_time=stamp(bundle.received_time),
        predicted_finish_date=bundle.predicted_finish_date,
        outcome=bundle.outcome,
        commitments=bundle.commitments,
        standing=standing_message(bundle.standing(now)),
        timeline=timeline_messages(document),
        steps=[
            pb.BundleStep(
                step_id=s.step_id,
                key=s.key,
                item_key=s.item_key,
                kind=s.kind,
                after=s.after,
                because=s.because,
                state=s.state,
                case_id=s.case_id,
                reason_codes=s.reason_codes,
                due_date=s.due_date,
            )
            for s in bundle.steps
        ],
    )


def timeline_messages(document: Document) -> list[Any]:
    return [
        pb.TimelineEntry(
            event_id=entry["id"],
            type=entry["type"],
            time=stamp(entry["time"]),
            actor_id=entry["actor_id"],
            data=json.dumps(entry["data"], ensure_ascii=False),
        )
        for entry in document.get("timeline", ())
    ]


def stamp(instant: datetime) -> Timestamp:
    """An instant as the contract's type."""
    stamp = Timestamp()
    stamp.FromDatetime(instant)
    return stamp
