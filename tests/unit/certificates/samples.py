"""Synthetic facts and issued certificates for the tests of certificates (codes of GB 32100 that belong to nobody)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from services.certificates.domain.certificate import Certificate, CertificateState, licence_from_facts
from services.certificates.domain.rendering import Renderer
from services.certificates.domain.rendition import sign_content
from services.certificates.domain.signing import Ed25519Key, KeyRing
from services.certificates.domain.verification import Measures
from shared.ids import new_id

PUBLIC_URL = "https://tongban.example"
NOW = datetime(2026, 11, 23, 5, 40, tzinfo=UTC)
KEY = Ed25519Key("c00000001", Ed25519Key.generate(), NOW - timedelta(days=30), None)
RING = KeyRing([KEY], KEY.key_id)
MEASURES = Measures(RING, NOW, frozenset({PUBLIC_URL}))

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
    """A licence as the service issues it."""
    certificate_id = new_id("cert")
    content = licence_from_facts(facts, certificate_id)
    rendition = sign_content(content, ring.signer(now), PUBLIC_URL)
    pdf = renderer().pdf(rendition)
    record = Certificate(
        certificate_id=certificate_id,
        content=content,
        state=CertificateState.ISSUED,
        holder_ref=facts["entity_id"],
        holder_version=facts["entity_version"],
        cause_id="evt_01",
        signed_content=rendition.signed_content,
        signature=rendition.signature,
        key_id=rendition.key_id,
        file_sha256=hashlib.sha256(pdf).hexdigest(),
        qr_text=rendition.qr_text,
        issued_time=now,
    )
    return Issued(record, pdf, rendition.to_bytes())


@cache
def company() -> Issued:
    """The licence of COMPANY."""
    return issue(COMPANY)
