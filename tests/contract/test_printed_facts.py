"""Whatever registration and permits take in, a certificate can state: what cannot be printed is refused at the door, naming its
field, and never found when the entity stands and its licence cannot be made."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.certificates.domain import certificate
from services.certificates.domain.certificate import licence_from_facts
from services.certificates.domain.permit_content import content_from_facts
from services.certificates.domain.rendering import CannotBePrinted
from services.permits.domain.content import KNOWN, check_content
from services.registration.domain.entities import EntityType
from services.registration.domain.form_check import (
    Capital,
    Domicile,
    Investor,
    Material,
    Person,
    SetUpApplication,
    form_gaps,
    form_rules,
)
from services.registration.domain.moving_in import TakeOver, check_take_over
from shared.failures import InvalidArgument
from shared.ids import new_id
from shared.printable import unprintable
from tests.unit.certificates.samples import COMPANY, FOOD_PERMIT, issue

TODAY = date(2026, 3, 2)
# what people paste: zero widths, directions, controls, private use, code points without a meaning, line ends; what has no glyph
ODD = st.sampled_from("\u200b\u202e\ufeff\x00\x07\ue000\U000ffffd\u0378\n\t\u3000😀Łไ\u0323")
WORDS = ("", "云杉路1号", "机械制造；软件", "王小明")
TEXTS = st.tuples(st.sampled_from(WORDS), st.just("") | ODD, st.sampled_from(WORDS)).map("".join)
PERSONS = st.builds(
    Person, TEXTS, st.just("RESIDENT_ID"), st.just("32041119900307001X"), st.just("13800000000"), st.just("FACE")
)
CAPITALS = st.none() | st.builds(
    Capital, st.sampled_from([0, 1, 100, 123456789, 2**53 - 1]), st.sampled_from(["", "CNY", "USD", "JPY", "XYZ"]),
    st.just("2030-12-31"),
)  # fmt: skip


def stated(asked: Any, name: str, founded: str) -> dict[str, Any]:
    capital = asked.capital
    return {
        "uscc": "91320402MAXX00015K", "name": name, "entity_type": asked.entity_type.value,
        "legal_representative": asked.legal_representative.name if asked.legal_representative else "",
        "capital": capital and {"amount_fen": capital.amount_fen, "currency": capital.currency},
        "business_scope": asked.business_scope, "address": asked.domicile.address, "division_code": "320411",
        "founding_date": founded, "issue_date": TODAY.isoformat(),
    }  # fmt: skip


@settings(max_examples=300)
@given(st.sampled_from(EntityType), TEXTS, TEXTS, PERSONS, CAPITALS)
def test_a_licence_states_whatever_is_set_up(
    kind: EntityType, address: str, scope: str, head: Person, capital: Capital | None
) -> None:
    amount = capital.amount_fen if capital else 0
    asked = SetUpApplication(
        division_code="320411", entity_type=kind, name="常州市青禾机械有限公司", domicile=Domicile("320411", address),
        business_scope=scope, capital=capital, legal_representative=head,
        investors=(Investor(amount, replace(head, name="王小明")),),
        materials=tuple(Material(code, "0" * 64) for code in form_rules()[kind].materials),
    )  # fmt: skip
    if not form_gaps(asked, TODAY):
        licence_from_facts(stated(asked, asked.name, TODAY.isoformat()), new_id("cert"))


@settings(max_examples=300)
@given(st.sampled_from(EntityType), TEXTS, TEXTS, PERSONS, CAPITALS)
def test_a_licence_states_whatever_moves_in(
    kind: EntityType, address: str, scope: str, head: Person, capital: Capital | None
) -> None:
    code = {EntityType.SOLE_TRADER: "92320402MAXX00015G", EntityType.COOPERATIVE: "93320402MAXX00015D"}
    asked = TakeOver(
        "320411", "320402", "QR-1", "ab" * 32, code.get(kind, "91320402MAXX00015K"), kind, "常州星河机械有限公司",
        "1998-05-06", Domicile("320411", address), scope, capital, head,
    )  # fmt: skip
    try:
        check_take_over(asked, "320411", TODAY)
    except InvalidArgument:
        return
    licence_from_facts(stated(asked, asked.name, asked.founding_date), new_id("cert"))


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(sorted(KNOWN)) | TEXTS, TEXTS, max_size=5))
def test_a_permit_states_whatever_its_form_says(content: dict[str, str]) -> None:
    try:
        check_content(content)
    except InvalidArgument:
        return
    facts = {
        "kind": "permit", "ref": "per_01KA3N6Q0V8T3J5M9W2XYZABCD", "certificate_type": "FOOD_BUSINESS_PERMIT",
        "item_name": "食品经营许可", "holder_name": content.get("applicant_name", ""), "holder_code": "91320402MAXX00015K",
        "premises": content.get("premises", ""), "division_code": "320411", "unit_name": "", "issue_date": TODAY.isoformat(),
        "valid_from_date": TODAY.isoformat(), "valid_to_date": "",
        "fields": [{"label": label, "value": value} for label, value in content.items() if label not in KNOWN],
    }  # fmt: skip
    content_from_facts(facts, new_id("cert"))


def test_what_is_refused_is_named_by_its_field_and_never_repeated() -> None:
    head = Person("王\u200b小明", "RESIDENT_ID", "32041119900307001X", "", "FACE")
    asked = SetUpApplication(
        "320411", EntityType.LIMITED_COMPANY, "常州市青禾机械有限公司", "", Domicile("320411", "云杉路\u202e1号"), "软件\x00",
        Capital(100, "CNY", "2030-12-31"), head,
    )  # fmt: skip
    found = {gap.field: gap for gap in form_gaps(asked, TODAY) if gap.reason == "TEXT_UNPRINTABLE"}
    assert set(found) == {"domicile.address", "business_scope", "legal_representative.name"}
    assert "U+202E" in found["domicile.address"].description
    assert "云杉路" not in str(found)


def test_every_character_that_is_let_in_is_printed_but_rare_ideographs() -> None:
    """Those wait for a font, since nobody's name is changed for want of one; nothing else lies dead for it."""
    let_in = [chr(c) for c in range(0x20, 0x110000) if not 0xD800 <= c < 0xE000 and not unprintable(chr(c))]
    text = "".join(
        c for c in let_in if not unicodedata.name(c, "").startswith(("CJK UNIFIED", "CJK COMPATIBILITY IDEO"))
    )
    assert 14_000 < len(text) < 16_000
    for start in range(0, len(text), 4000):
        parts = [text[at : at + 200] for at in range(start, min(start + 4000, len(text)), 200)]
        fields = [{"label": f"字{number}", "value": f"字{part}"} for number, part in enumerate(parts)]
        assert issue(FOOD_PERMIT | {"fields": fields}).pdf


@pytest.mark.parametrize("text", ["太湖东路😀9号", "Łukasz Żółć", "สมชาย", "محمد", "x\u0323"])
def test_what_has_no_glyph_is_refused_before_it_stands_in_a_register(text: str) -> None:
    with pytest.raises(CannotBePrinted), without_the_rule():
        issue(COMPANY | {"address": text})
    assert unprintable(text)


@contextmanager
def without_the_rule() -> Iterator[None]:
    """The certificate as it would be without the rule."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(certificate, "unprintable", lambda _: [])
        yield
