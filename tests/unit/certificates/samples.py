"""Synthetic facts and issued certificates for the tests of certificates (codes of GB 32100 that belong to nobody)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from services.certificates.domain.certificate import Certificate
from services.certificates.domain.issuing import Wanted
from services.certificates.domain.issuing import issue as issue_certificate
from services.certificates.domain.rendering import Renderer
from services.certificates.domain.rendition import sign_content
from services.certificates.domain.seal_keys import make_seals
from services.certificates.domain.signing import Ed25519Key, KeyRing
from services.certificates.domain.verification import Measures
from shared.events import Cause
from shared.ids import new_id

PUBLIC_URL = "https://tongban.example"
NOW = datetime(2026, 11, 23, 5, 40, tzinfo=UTC)
KEY = Ed25519Key("c00000001", Ed25519Key.generate(), NOW - timedelta(days=30), None)
RING = KeyRing([KEY], KEY.key_id)
SEALS = make_seals(NOW - timedelta(days=30))
MEASURES = Measures(RING, NOW, frozenset({PUBLIC_URL}), SEALS)

COMPANY: dict[str, Any] = {
    "entity_id": "ent_01",
    "entity_version": 1,
    "uscc": "91320411MAXX00015L",
    "name": "常州市新北区龙城智能装备制造有限公司",
    "entity_type": "LIMITED_COMPANY",
    "legal_representative": "王小明",
    "capital": {"amount_fen": 380_000_000, "currency": "CNY"},
    "business_scope": "智能装备制造；软件开发（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
    "address": "江苏省常州市新北区三井街道太湖东路9-1号1206室",
    "division_code": "320411",
    "founding_date": "2026-11-23",
}
SOLE_TRADER: dict[str, Any] = COMPANY | {
    "entity_id": "ent_02",
    "uscc": "92320411MAXX00023C",
    "name": "常州市新北区𬭚记䶮食小吃店",
    "entity_type": "SOLE_TRADER",
    "legal_representative": "欧阳䶮𬭚",
    "capital": None,
    "business_scope": "小餐饮；食品销售（仅销售预包装食品）",
    "address": "常州市新北区春江街道通江中路88号",
}
PARTNERSHIP: dict[str, Any] = COMPANY | {
    "entity_id": "ent_03",
    "uscc": "91440305MAXX0004X6",
    "name": "深圳市南山区前海国际供应链综合服务科技合伙企业（有限合伙）",
    "entity_type": "LIMITED_PARTNERSHIP",
    "legal_representative": "深圳市某某股权投资管理有限公司（委派代表：李四）",
    "capital": {"amount_fen": 10_000_000_050, "currency": "USD"},
    "business_scope": "供应链管理服务；国内贸易代理；技术服务、技术开发、技术咨询、技术交流、技术转让、技术推广；" * 33,
    "address": "深圳市南山区粤海街道高新区社区科技南路18号深圳湾科技生态园12栋裙楼904-905（集群注册）",
    "division_code": "440305",
}
FOOD_PERMIT: dict[str, Any] = {
    "kind": "permit",
    "ref": "prm_01KA3N6Q0V8T3J5M9W2XYZABCD",
    "version": 1,
    "certificate_type": "FOOD_BUSINESS_PERMIT",
    "item_code": "11320411999900011N2000131012000",
    "item_name": "食品经营许可",
    "holder_name": "常州市新北区龙城智能装备制造有限公司",
    "holder_code": "91320411MAXX00015L",
    "holder_ref": "ent_01",
    "premises": "江苏省常州市新北区三井街道太湖东路9-1号1206室",
    "valid_from_date": "2026-11-23",
    "valid_to_date": "2031-11-22",
    "issue_date": "2026-11-23",
    "division_code": "320411",
    "unit_name": "常州市新北区行政审批局",
    "project_id": "",
    "fields": [
        {"label": "法定代表人（负责人）", "value": "王小明"},
        {"label": "主体业态", "value": "餐饮服务经营者（小型餐馆）"},
        {"label": "经营项目", "value": "热食类食品制售；冷食类食品制售（不含生食类）；自制饮品制售"},
    ],
}
COMPLETION_FILING: dict[str, Any] = FOOD_PERMIT | {
    "kind": "filing",
    "ref": "fil_01KA3N6Q0V8T3J5M9W2XYZABCD",
    "certificate_type": "COMPLETION_FILING_FORM",
    "item_name": "房屋建筑工程竣工验收备案",
    "premises": "常州市新北区薛家镇黄河西路与庆阳路交叉口东北侧",
    "valid_to_date": "",
    "issue_date": "2026-11-23",
    "project_id": "prj_01KA3N6Q0V8T3J5M9W2XYZABCD",
    "fields": [
        {"label": "工程名称", "value": "龙城智能装备制造基地一期 3 号厂房"},
        {"label": "项目代码", "value": "2411-320411-89-01-123456"},
        {"label": "建筑面积", "value": "18,632.40 平方米"},
        {"label": "结构类型", "value": "钢筋混凝土框架结构，地上 4 层"},
        {"label": "勘察单位", "value": "江苏某某勘察设计研究院有限公司"},
        {"label": "设计单位", "value": "常州某某建筑设计研究院股份有限公司"},
        {"label": "施工单位", "value": "江苏某某建设工程集团有限公司"},
        {"label": "监理单位", "value": "常州某某工程监理有限公司"},
        {"label": "开工日期", "value": "2025年3月18日"},
        {"label": "竣工验收日期", "value": "2026年11月10日"},
    ],
}


@dataclass(frozen=True)
class Issued:
    """A certificate with its files."""

    record: Certificate
    pdf: bytes
    json: bytes


@cache
def renderer() -> Renderer:
    """One compiler for all tests."""
    return Renderer(font_dir(), PUBLIC_URL)


def font_dir() -> Path:
    """Where `make` unpacks the fonts."""
    return Path(__file__).resolve().parents[3] / ".venv" / "assets" / "fonts"


def issue(facts: dict[str, Any], ring: KeyRing = RING, now: datetime = NOW) -> Issued:
    """A certificate as the service issues it."""
    wanted = wanted_for(facts)
    made = issue_certificate(wanted, facts, new_id("cert"), ring.signer(now), SEALS, renderer(), now)
    rendition = sign_content(made.certificate.content, ring.signer(now), PUBLIC_URL)
    return Issued(made.certificate, made.pdf, rendition.to_bytes())


def wanted_for(facts: dict[str, Any]) -> Wanted:
    """What the event asks for that these facts answer."""
    cause = Cause(causation_id="evt_01")
    if "kind" in facts:
        kind, version = facts["kind"], facts["version"]
        return Wanted(facts["ref"], version, cause, kind, facts["certificate_type"], facts["holder_ref"])
    return Wanted(facts["entity_id"], facts["entity_version"], cause, entity_ref=facts["entity_id"])


@cache
def company() -> Issued:
    """The licence of COMPANY."""
    return issue(COMPANY)
