"""What fields of answers look like: one example for each name, so that the document shows answers instead of `"string"`.

A shape that says its own example keeps it. `complete` is given the document when everything else is in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_ULID = "01KA3N6Q0V8T3J5M9W2XYZABCD"
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_CODE = "91320411MAXX00015L"
_INSTANT = "2026-05-06T09:30:00.000+08:00"
_IDENTIFIER = "1.2.156.3005.2.11320411999900011N001.11320411999900011N.000000001.001.X"
# By the end of a name, where the name itself is not below.
ENDINGS: Mapping[str, str] = {
    "_time": _INSTANT,
    "_date": "2026-05-12",
    "_until": _INSTANT,
    "uscc": _CODE,
    "_sha256": _SHA256,
}
# By name; where a name means something else in one shape, as `Shape.name`.
EXAMPLES: Mapping[str, str | int] = {
    # who and where
    "accepting_region": "320411",
    "actor_id": "registrar-7",
    "address": "常州市新北区通江路88号",
    "applicant_name": "常州云帆商贸有限公司",
    "area_code": "320411",
    "business_scope": "软件开发；信息技术咨询服务",
    "contact": "138 0000 0000",
    "currency": "CNY",
    "deciding_region": "440305",
    "division_code": "320411",
    "from_division_code": "320402",
    "from_region": "320411",
    "holder_code": _CODE,
    "holder_code_type": "USCC",
    "holder_name": "常州云帆软件有限公司",
    "issuer_code": "11320411999900011N",
    "issuer_name": "常州市新北区行政审批局",
    "legal_representative_masked": "王*明",
    "name": "常州云帆软件有限公司",
    "owner": "applicant",
    "owed_by": "registrar:320411",
    "partner_region": "440305",
    "parties": "320411",
    "party": "applicant",
    "place": "常州市新北区通江路88号",
    "premises": "常州市新北区通江路88号",
    "region": "440305",
    "shown_name": _CODE,
    "territory": "320411",
    "to_region": "440305",
    "unit_code": "320411-market",
    "unit_name": "行政审批局（市场准入）",
    "waits_for": "region:440305",
    "Order.waits_for": "unit:320411-urban",
    "Order.unit_code": "320411-urban",
    "Helper.unit_code": "320411-traffic",
    # ids and numbers
    "agreement_id": "xinbei-nanshan",
    "application_id": f"app_{_ULID}",
    "authorisation_id": "auth-440305-320411-2024",
    "bundle_id": f"bun_{_ULID}",
    "EntityBundle.bundle_id": f"ebn_{_ULID}",
    "case_id": f"pmc_{_ULID}",
    "certificate_identifier": _IDENTIFIER,
    "duplicate_entity_ids": f"ent_{_ULID}",
    "entity_id": f"ent_{_ULID}",
    "event_id": f"evt_{_ULID}",
    "filing_id": f"fil_{_ULID}",
    "followed": f"per_{_ULID}",
    "handoff_case_id": f"hof_{_ULID}",
    "hash": _SHA256,
    "head_hash": _SHA256,
    "previous_hash": _SHA256,
    "sha256": _SHA256,
    "holder_ref": f"ent_{_ULID}",
    "identifier": _IDENTIFIER,
    "item_id": f"pji_{_ULID}",
    "key_id": "320411-2026",
    "lead_order_id": f"ord_{_ULID}",
    "licence_certificate_id": f"cert_{_ULID}",
    "licence_identifier": _IDENTIFIER,
    "local_case_id": f"pmc_{_ULID}",
    "message_id": f"msg_{_ULID}",
    "next_page_token": "MjAyNi0wNS0xMnxhcHBfMDFLQTNO",
    "not_followed": f"per_{_ULID}",
    "order_id": f"ord_{_ULID}",
    "origin_ref": f"hof_{_ULID}",
    "permit_id": f"per_{_ULID}",
    "project_id": f"prj_{_ULID}",
    "public_key": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    "qr_text": f"https://gateway.example/v/{_IDENTIFIER}",
    "receipt": "eyJhbGciOiJFZERTQSIsImtpZCI6IjQ0MDMwNS0yMDI2In0…",
    "reference": "TAX-2026-000123",
    "replaced_by_certificate_id": f"cert_{_ULID}",
    "replaces_certificate_id": f"cert_{_ULID}",
    "request_id": f"req_{_ULID}",
    "signature": "MEUCIQDl3pJ2…",
    "signed_content": "eyJpZGVudGlmaWVyIjoiMS4yLjE1Ni4zMDA1…",
    "step_id": f"stp_{_ULID}",
    "subject": f"cert_{_ULID}",
    "subject_key": f"{_CODE}|prepacked_food_filing",
    # what stands in which state, why, and what is owed
    "action": "ACCEPT",
    "article": "实施细则 art. 52",
    "authority": "税务机关",
    "because": "销售散装或冷藏食品须许可 (食品安全法 art. 35)",
    "by": "registrar",
    "clock": "decision",
    "conditions": "SCHOOL_DISTANCE",
    "critical": "project_filing",
    "description": "经营场所不符合要求",
    "detail": "the signature is valid",
    "due_date_flag": "CALENDAR_NOT_LOADED",
    "duties": "SUBSTANCE",
    "element": "promised_limit",
    "accepting": "5 working days",
    "deciding": "7 working days",
    "explanation": "2026-05-06 + 3 WORKING_DAYS = 2026-05-11 (市场主体登记管理条例 art. 19)",
    "extension_approved_by": "head-7",
    "field": "capital.amount_fen",
    "flag": "NO_LIMIT_IN_LAW",
    "flags": "ABNORMAL_LIST",
    "gaps": "premises_layout",
    "message_type": "CASE_FORWARDED",
    "of_application": "常州云帆软件有限公司",
    "of_other": "常州云凡软件有限公司",
    "outcome": "COMPLETE",
    "HandoffCase.outcome": "GRANTED",
    "outcome_code": "SOLVED",
    "owed": "decision",
    "part": "SIGNATURE",
    "promised": "premises_layout",
    "reason": "FIELD_RULE",
    "Deadline.reason": "INSPECTION",
    "Helper.reason": "NOT_COMPETENT",
    "MessageReport.reason": "UNREACHABLE",
    "VerdictPart.reason": "CHECK_CHARACTER",
    "reason_code": "UNDER_INVESTIGATION",
    "reason_codes": "PREMISES_NOT_FIT",
    "reasons": "NAME_ALIKE",
    "satisfaction": "SATISFIED",
    "source": "食品安全法 art. 33",
    "state": "RUNNING",
    "Helper.state": "OPEN",
    "MessageReport.state": "DELIVERED",
    "BundleStep-Output.state": "OPEN",
    "ProjectItem.state": "OPEN",
    "state_reason_code": "UNDER_INVESTIGATION",
    "text": "小区门口路灯不亮已有三天",
    "title": "路灯不亮",
    "track": "CITIZEN",
    "type": "CaseForwarded",
    "MessageReport.type": "CASE_FORWARDED",
    "urgency": "GENERAL",
    "what": "supplement",
    # one line of the explanation of a deadline
    "DeadlineStep.kind": "STARTED",
    "end": "2026-05-11",
    "start": "2026-05-06",
    "unit": "WORKING_DAYS",
    "time": _INSTANT,
    # the catalogue, bundles and projects
    "after": "licence",
    "PlannedProjectItem.after": "project_filing",
    "ProjectItem.after": "project_filing",
    "basis": "食品安全法 art. 35",
    "bundle_type": "convenience_store",
    "certificate_type": "FOOD_BUSINESS_PERMIT",
    "code": "PREMISES_NOT_FIT",
    "Category.code": "010104",
    "Category.name": "城乡建设",
    "commitments": "food_permit",
    "handoff_modes": "FULLY_ONLINE",
    "item": "food_sales_permit",
    "item_code": "1132041199990010X24320131001001",
    "item_key": "food_sales_permit",
    "item_version": "2023-12-01",
    "key": "food_permit",
    "BundlePart.key": "TAX",
    "BundleType.key": "convenience_store",
    "BundleType.name": "开便利店“一件事”",
    "BundleType.name_en": "Open a convenience store",
    "Item.key": "food_sales_permit",
    "Item.name": "食品经营许可（食品销售）",
    "PlannedProjectItem.key": "project_filing",
    "PlannedProjectItem.name": "企业投资项目备案",
    "PlannedStep.name": "食品经营许可（食品销售）",
    "ProjectItem.key": "project_filing",
    "ProjectTrait.key": "land_kind",
    "ProjectTrait.text": "用地方式",
    "ProjectTrait.text_en": "How the land is had",
    "Question.key": "sells_tobacco",
    "Question.text": "是否销售卷烟",
    "Question.text_en": "Do you sell tobacco?",
    "kind": "PERMIT",
    "LedgerEntry.kind": "SENT",
    "Order.kind": "HELP",
    "Standing.kind": "WAITING",
    "limit": "decision",
    "line": "MAIN",
    "material_type": "premises_layout",
    "materials": "application_form",
    "PermitsMaterial.name": "经营场所平面图",
    "mode": "COLLECT_ELSEWHERE",
    "modes": "FULLY_ONLINE",
    "name_en": "Food business permit (sales)",
    "PermitsMaterial.name_en": "Layout of the premises",
    "required": "content.premises",
    "stage": "PLANNING",
    "steps": "food_permit",
    "type_code": "application_form",
    "values": "TRANSFER",
    "BundleType.version": "2025-01-01",
    "Item.version": "2023-12-01",
    # how much and how many
    "above_size": 3,
    "agreement_version": 1,
    "amount": 3,
    "amount_fen": 100000000,
    "attempts": 2,
    "broken_at": 0,
    "cancelled": 12197,
    "count": 7,
    "critical_days": 46,
    "days": 5,
    "dispatches": 1,
    "effective_requests": 2254,
    "entries": 1204,
    "escalated": 2,
    "first_dispatch": 2190,
    "imported": 10091,
    "land_to_permit_minutes": 95,
    "late": 2,
    "likeness": 82,
    "material_cut": 5500,
    "materials_asked": 9,
    "materials_total": 20,
    "moved_in": 31,
    "moved_out": 28,
    "next": 1204,
    "orders": 2254,
    "position": 1204,
    "promised_days": 5,
    "refused": 5,
    "registered": 2254,
    "registration_revoked": 4,
    "reopenings": 0,
    "repeated": 1,
    "replied": 2180,
    "replied_in_time": 2171,
    "requests": 2288,
    "restored": 1,
    "returns": 1,
    "row_number": 2,
    "rule_version": 1,
    "sequence": 2,
    "serial_days": 128,
    "set_up": 18400,
    "stock": 176600,
    "taken_over": 10091,
    "unchanged": 0,
    "undated": 0,
    "urged": 34,
    "urges": 1,
    "validity_months": 60,
    "version": 3,
}
_REFERENCE = re.compile(r"#/components/schemas/([\w.-]+)")


def complete(document: dict[str, Any]) -> None:
    """Give every text and number of an answer an example, unless it has its own, or words of which it is one."""
    schemas = document["components"]["schemas"]
    for shape in sorted(answered(document)):
        for name, field in schemas[shape].get("properties", {}).items():
            example = _example(shape, name)
            if example is None or field.keys() & {"examples", "default"}:
                continue
            kinds = [field, *field.get("anyOf", ())]
            if any(_fits(example, kind) for kind in kinds):
                field["examples"] = [example]
            elif any(_fits(example, kind.get("items", {})) for kind in kinds):
                field["examples"] = [[example]]


def answered(document: dict[str, Any]) -> set[str]:
    """Names of the shapes that routes answer with when they succeed, and of all that stand in these; not of what is asked."""
    given: set[str] = set()
    asked: set[str] = set()
    for route in (route for path in document["paths"].values() for route in path.values()):
        given.update(*(_reached(document, r) for status, r in route["responses"].items() if status.startswith("2")))
        asked.update(_reached(document, route.get("requestBody", {})))
    return given - asked


def _reached(document: dict[str, Any], part: Any) -> set[str]:
    found: set[str] = set()
    waiting = [part]
    while waiting:
        for name in _references(waiting.pop()):
            if name not in found:
                found.add(name)
                waiting.append(document["components"]["schemas"][name])
    return found


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, inner in part.items():
            if key == "$ref" and (reference := _REFERENCE.fullmatch(inner)):
                yield reference[1]
            yield from _references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _references(inner)


def _fits(example: str | int, schema: Mapping[str, Any]) -> bool:
    kind = "string" if isinstance(example, str) else "integer"
    return schema.get("type") == kind and not schema.keys() & {"enum", "const"}


def _example(shape: str, name: str) -> str | int | None:
    found = EXAMPLES.get(f"{shape}.{name}", EXAMPLES.get(name))
    return found if found is not None else next((text for end, text in ENDINGS.items() if name.endswith(end)), None)
