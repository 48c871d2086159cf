"""The printed licence: what stands on it, that everything fits, that it reads back."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from services.certificates.domain.certificate import licence_from_facts
from services.certificates.domain.fitting import fit_face
from services.certificates.domain.fonts import require_fonts
from services.certificates.domain.rendering import CannotBePrinted, FontsMissing, Renderer
from services.certificates.domain.rendition import read_rendition, sign_content
from shared.ids import new_id
from tests.unit.certificates.samples import (
    COMPANY,
    KEY,
    PARTNERSHIP,
    PUBLIC_URL,
    SOLE_TRADER,
    company,
    font_dir,
    issue,
    renderer,
)

SCOPE = (
    "智能装备制造；软件开发；技术服务、技术开发、技术咨询（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）；"
)
POINTS_PER_MM = 72 / 25.4


def page_text(pdf: bytes, number: int = 0) -> str:
    text = pypdfium2.PdfDocument(pdf)[number].get_textpage().get_text_range()
    return re.sub(r"\s", "", text)


def test_the_face_shows_every_field_the_code_and_the_issuer() -> None:
    for facts in (COMPANY, SOLE_TRADER, PARTNERSHIP):
        issued = issue(facts)
        text = page_text(issued.pdf)
        for field in issued.record.content.fields:
            assert re.sub(r"\s", "", field.value) in text
            assert field.label in text
        for constant in ("营业执照", "统一社会信用代码", "登记机关", "电子营业执照与纸质营业执照具有同等法律效力"):
            assert constant in text
        assert facts["uscc"] in text
        assert issued.record.content.identifier in text
        assert f"{PUBLIC_URL}/v/{issued.record.content.identifier}" in text


def test_rare_characters_are_printed_from_an_embedded_font() -> None:
    issued = issue(SOLE_TRADER)
    assert "欧阳䶮𬭚" in page_text(issued.pdf)
    fonts = [
        font["/DescendantFonts"][0].get_object()
        for font in (f.get_object() for f in PdfReader(io.BytesIO(issued.pdf)).pages[0]["/Resources"]["/Font"].values())
    ]
    assert fonts
    for font in fonts:
        assert "NotoSerifCJKsc" in font["/BaseFont"]
        assert "/FontFile3" in font["/FontDescriptor"]


def test_a_character_that_no_font_has_is_never_printed_as_a_hole() -> None:
    with pytest.raises(CannotBePrinted) as failure:
        issue(COMPANY | {"legal_representative": "王\U00030edd"})  # 𰻝, newer than the fonts
    assert "王" not in failure.value.message
    assert issue(COMPANY).pdf, "the compiler goes on after a failure"


def test_missing_fonts_are_noticed_at_the_start(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(FontsMissing):
        Renderer(tmp_path, PUBLIC_URL)
    with pytest.raises(FontsMissing):
        require_fonts(tmp_path)
    require_fonts(font_dir())


def test_the_same_certificate_gives_the_same_bytes_also_in_another_process_s_compiler() -> None:
    rendition = sign_content(licence_from_facts(COMPANY, new_id("cert")), KEY, PUBLIC_URL)
    first = renderer().pdf(rendition)
    issue(SOLE_TRADER)
    assert renderer().pdf(rendition) == first
    assert Renderer(font_dir(), PUBLIC_URL).pdf(rendition) == first


def test_the_file_is_pdf_a_3b_with_the_identifier_in_its_metadata() -> None:
    issued = company()
    reader = PdfReader(io.BytesIO(issued.pdf))
    xmp = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in xmp
    assert issued.record.content.identifier in xmp
    assert reader.metadata is not None
    assert reader.metadata.title == f"营业执照 {COMPANY['name']}"
    assert issued.record.content.identifier in str(reader.metadata.get("/Keywords"))


def test_the_file_carries_its_signed_json() -> None:
    issued = company()
    attachments = PdfReader(io.BytesIO(issued.pdf)).attachments
    assert attachments == {"certificate.json": [issued.json]}
    assert read_rendition(issued.json).content == issued.record.content


def qr_codes(picture: Any) -> Any:
    """What a phone looks for; among the lines of a page a reader of all kinds sometimes sees a bar code that is none."""
    return zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)


@pytest.mark.parametrize("dpi", [110, 150, 300])
def test_the_qr_code_reads_from_the_rasterised_page(dpi: int) -> None:
    for facts in (COMPANY, SOLE_TRADER, PARTNERSHIP):
        issued = issue(facts)
        picture = pypdfium2.PdfDocument(issued.pdf)[0].render(scale=dpi / 72).to_pil()
        assert [found.text for found in qr_codes(picture)] == [issued.record.qr_text]


def test_a_soiled_qr_code_still_reads() -> None:
    issued = company()
    picture = pypdfium2.PdfDocument(issued.pdf)[0].render(scale=3).to_pil().convert("L")
    position = qr_codes(picture)[0].position
    left, top, size = position.top_left.x, position.top_left.y, position.top_right.x - position.top_left.x
    stain = Image.new("L", (size // 5, size // 5), 90)
    picture.paste(stain, (left + size // 2, top + size // 2))
    assert [found.text for found in qr_codes(picture)] == [issued.record.qr_text]


def test_the_picture_is_a_png_of_the_first_page_and_its_qr_code_reads() -> None:
    issued = company()
    picture = Image.open(io.BytesIO(renderer().picture(read_rendition(issued.json))))
    assert (picture.format, picture.mode) == ("PNG", "RGBA")
    assert picture.width > picture.height > 800
    assert [found.text for found in qr_codes(picture)] == [issued.record.qr_text]


@pytest.mark.parametrize("length", [5, 120, 380, 450, 600, 800, 1100, 1500, 1700, 1900, 2300, 3200, 4000])
@pytest.mark.parametrize("facts", [COMPANY, PARTNERSHIP], ids=["short facts", "long facts"])
def test_a_scope_of_any_length_fits_the_sheet(length: int, facts: dict) -> None:
    scope = (SCOPE * 80)[:length]
    issued = issue(facts | {"business_scope": scope})
    document = pypdfium2.PdfDocument(issued.pdf)
    pages = [page_text(issued.pdf, number) for number in range(len(document))]
    assert any(scope in page for page in pages), "nothing is cut off"
    assert len(pages) <= 2
    assert_nothing_collides(document)


def test_the_longest_facts_that_registration_takes_fit_the_sheet() -> None:
    facts = PARTNERSHIP | {
        "name": "常州市" + "长" * 110 + "有限公司",
        "address": "新北区" * 100,
        "business_scope": SCOPE * 60,
    }
    issued = issue(facts)
    document = pypdfium2.PdfDocument(issued.pdf)
    assert facts["address"] in page_text(issued.pdf)
    assert facts["name"] in page_text(issued.pdf)
    assert_nothing_collides(document)


def test_a_scope_in_latin_letters_fits_too() -> None:
    scope = "Import and export of MACHINERY, software development; " * 30
    document = pypdfium2.PdfDocument(issue(COMPANY | {"business_scope": scope}).pdf)
    assert_nothing_collides(document)


def assert_nothing_collides(document: pypdfium2.PdfDocument) -> None:
    """Every character lies inside the frame, and no two lie on each other."""
    for page in document:
        width, height = page.get_size()
        textpage = page.get_textpage()
        boxes = [
            (index, textpage.get_charbox(index))
            for index in range(textpage.count_chars())
            if not textpage.get_text_range(index, 1).isspace()
        ]
        inner = 15 * POINTS_PER_MM
        cells = defaultdict(list)
        for index, (left, bottom, right, top) in boxes:
            assert left > inner - 1, textpage.get_text_range(index, 1)
            assert right < width - inner + 1
            assert bottom > inner
            assert top < height - inner
            middle = ((left + right) / 2, (bottom + top) / 2)
            cells[int(middle[0] // 4), int(middle[1] // 4)].append((index, left, bottom, right, top))
        for (column, row), members in cells.items():
            near = [other for i in (-1, 0, 1) for j in (-1, 0, 1) for other in cells.get((column + i, row + j), ())]
            for index, left, bottom, right, top in members:
                for other, left2, bottom2, right2, top2 in near:
                    if other <= index + 1:  # neighbours in a line may be kerned into each other
                        continue
                    shared = (min(right, right2) - max(left, left2), min(top, top2) - max(bottom, bottom2))
                    small = min((right - left) * (top - bottom), (right2 - left2) * (top2 - bottom2))
                    if min(shared) > 0 and shared[0] * shared[1] > 0.3 * small:
                        pair = textpage.get_text_range(index, 1) + textpage.get_text_range(other, 1)
                        raise AssertionError(f"{pair} lie on each other")


def test_letters_shrink_step_by_step_and_never_below_six_points_on_the_first_page() -> None:
    sizes = []
    for length in range(0, 4001, 100):
        fit = fit_face({"name": "甲", "business_scope": "营" * length})
        sizes.append((fit.layout, fit.sizes["business_scope"]))
        assert fit.sizes["business_scope"] >= 6
        assert (fit.annex_size > 0) == (fit.layout == "annex")
    order = ["columns", "wide", "annex"]
    assert [layout for layout, _ in sizes] == sorted((layout for layout, _ in sizes), key=order.index)
    assert {layout for layout, _ in sizes} == set(order)
