"""Certificates of permits and forms of filings: what they say, and that everything that they say is printed."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import yaml
import zxingcpp
from pypdf import PdfReader

from services.certificates.domain.catalogue import DATA, certificate_type
from services.certificates.domain.certificate import FactsIncomplete, UnprintableText, content_from_mapping
from services.certificates.domain.permit_content import NO_CODE, content_from_facts
from shared.clock import local_date
from shared.ids import new_id
from shared.national_codes import check_uscc
from tests.unit.certificates.samples import COMPLETION_FILING, FOOD_PERMIT, NOW, issue, renderer
from tests.unit.certificates.samples import Issued as Made

TYPES = yaml.safe_load((DATA / "types.yaml").read_text(encoding="utf-8"))["types"]


def content(**changes: Any) -> Any:
    return content_from_facts(FOOD_PERMIT | changes, new_id("cert"))


def text_of(made: Made) -> str:
    pages = PdfReader(io.BytesIO(made.pdf)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def test_a_permit_names_holder_premises_the_item_s_own_lines_and_its_validity() -> None:
    said = content()
    assert [field.label for field in said.fields] == [
        "许可证编号", "经营者名称", "统一社会信用代码", "经营场所", "法定代表人（负责人）", "主体业态", "经营项目", "有效期限",
    ]  # fmt: skip
    assert said.fields[-1].value == "2026年11月23日至2031年11月22日"
    assert (said.type_name, said.valid_to_date, said.holder_code_type) == ("食品经营许可证", "2031-11-22", "001")
    assert len({field.code for field in said.fields}) == len(said.fields)
    assert content_from_mapping(said.as_mapping()) == said


def test_a_permit_without_end_says_so() -> None:
    assert content(valid_to_date="").fields[-1].value == "2026年11月23日至长期"


def test_the_deciding_body_signs_under_its_own_code() -> None:
    market = content(unit_name="常州市新北区市场监督管理局")
    assert market.issuer_name == "常州市新北区市场监督管理局"
    assert market.issuer_code != content().issuer_code
    assert market.issuer_code in market.identifier
    unknown = content(unit_name="常州市新北区某某局")
    assert (unknown.issuer_name, unknown.issuer_code) == ("常州市新北区某某局", content().issuer_code)


def test_a_kind_that_the_catalogue_does_not_know_is_issued_under_its_item_s_name() -> None:
    said = content(certificate_type="SOMETHING_NEW", item_name="某某许可")
    assert (said.certificate_type, said.type_name) == ("SOMETHING_NEW", "某某许可")
    made = issue(FOOD_PERMIT | {"certificate_type": "SOMETHING_NEW", "item_name": "某某许可"})
    assert "某某许可" in text_of(made)
    form = issue(COMPLETION_FILING | {"certificate_type": "NEW_FORM", "item_name": "某某备案"})
    assert "备案机关" in text_of(form)


def test_a_holder_without_a_public_code_is_named_without_one() -> None:
    said = content(holder_code="")
    assert (said.holder_code, said.holder_code_type) == (NO_CODE, "")
    assert "统一社会信用代码" not in [field.label for field in said.fields]


def test_what_the_item_states_itself_is_not_stated_twice() -> None:
    said = content(fields=[{"label": "许可证编号", "value": "JY23204110001234"}])
    assert [field.value for field in said.fields if field.label == "许可证编号"] == ["JY23204110001234"]


def test_who_the_holder_is_says_the_register_and_not_an_older_answer_under_the_same_label() -> None:
    """25.4-10: the name changed; the form was filled in before."""
    old = [
        {"label": "经营者名称", "value": "常州云帆便利店有限公司"},
        {"label": " 统一社会信用代码", "value": "91320411MAXX00023G"},
        {"label": "经营项目", "value": "散装食品销售"},
    ]
    said = content(fields=old)
    assert [(f.label, f.value) for f in said.fields[1:]] == [
        ("经营者名称", FOOD_PERMIT["holder_name"]),
        ("统一社会信用代码", FOOD_PERMIT["holder_code"]),
        ("经营场所", FOOD_PERMIT["premises"]),
        ("经营项目", "散装食品销售"),
        ("有效期限", "2026年11月23日至2031年11月22日"),
    ]
    assert len(said.fields) == 6
    bracketed = content(
        certificate_type="TOBACCO_RETAIL_PERMIT",
        fields=[{"label": "企业(字号)名称", "value": "常州云帆便利店有限公司"}],
    )
    assert "常州云帆便利店有限公司" not in [field.value for field in bracketed.fields]


def test_where_no_standing_line_is_the_answer_of_the_form_stands() -> None:
    """A holder without a public code: what its form says under that label is all there is."""
    said = content(holder_code="", fields=[{"label": "统一社会信用代码", "value": "无"}])
    assert [field.value for field in said.fields if field.label == "统一社会信用代码"] == ["无"]


@pytest.mark.parametrize(
    ("changes", "failure"),
    [
        ({"holder_name": ""}, FactsIncomplete),
        ({"issue_date": ""}, FactsIncomplete),
        ({"holder_name": "常州\u202e公司"}, UnprintableText),
        ({"fields": [{"label": "备注", "value": "\u0007"}]}, UnprintableText),
    ],
)
def test_what_cannot_stand_on_a_certificate_is_refused(changes: dict[str, Any], failure: type[Exception]) -> None:
    with pytest.raises(failure):
        content(**changes)


@pytest.mark.parametrize("facts", [FOOD_PERMIT, COMPLETION_FILING], ids=["permit", "filing"])
def test_everything_signed_is_printed_and_the_code_reads(facts: dict[str, Any]) -> None:
    made = issue(facts)
    printed = text_of(made)
    for field in made.record.content.fields:
        assert "".join(field.value.split()) in printed
    picture = pypdfium2.PdfDocument(made.pdf)[0].render(scale=150 / 72).to_pil()
    assert [found.text for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)] == [
        made.record.qr_text
    ]
    xmp = PdfReader(io.BytesIO(made.pdf)).trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in xmp


@pytest.mark.parametrize("facts", [FOOD_PERMIT, COMPLETION_FILING], ids=["permit", "filing"])
@pytest.mark.parametrize("count", [0, 12, 40])
def test_long_texts_are_printed_whole(facts: dict[str, Any], count: int) -> None:
    fields = [{"label": f"事项{n:02d}", "value": f"第{n:02d}项内容" * (3 + n % 4)} for n in range(count)]
    made = issue(facts | {"fields": fields, "premises": "常州市新北区某某路" * 12})
    printed = text_of(made)
    for field in made.record.content.fields:
        assert "".join(field.value.split()) in printed
    assert renderer() is not None


def test_every_kind_of_certificate_has_its_own_valid_type_code_a_form_and_a_source() -> None:
    codes = [entry["type_code"] for versions in TYPES.values() for entry in versions]
    assert len(codes) == len(set(codes))
    for name in TYPES:
        kind = certificate_type(name, local_date(NOW))
        check_uscc(kind.type_code[:18])
        assert (len(kind.type_code), kind.form in ("licence", "permit", "filing")) == (21, True)
        assert TYPES[name][0]["source"]


def test_every_unit_that_issues_has_a_valid_code() -> None:
    issuers = yaml.safe_load((Path(DATA) / "issuers.yaml").read_text(encoding="utf-8"))
    for versions in issuers["units"].values():
        check_uscc(versions[0]["code"])
