"""The printed form of a certificate: PDF/A-3b with the signed JSON inside, and a picture. Same input, same bytes.

One warm typst compiler is kept (a new one costs twenty times as much); it is not reentrant, hence the lock.
"""

from __future__ import annotations

import json
import threading
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typst

from services.certificates.domain.catalogue import form_of
from services.certificates.domain.certificate import Content
from services.certificates.domain.fitting import ANNEX_NOTICE, fit_face
from services.certificates.domain.fonts import FONT_FAMILIES, FontsMissing
from services.certificates.domain.numerals import chinese_date
from services.certificates.domain.qr import qr_picture
from services.certificates.domain.rendition import Rendition
from shared.failures import FailedPrecondition

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
PICTURE_PPI = 110.0
# How a form is drawn: its template, and the constant part of the sheet behind it.
_FORMS = {
    "licence": ("business_licence.typ", "sheet.typ"),
    "permit": ("permit.typ", "permit_sheet.typ"),
    "filing": ("filing.typ", "filing_sheet.typ"),
}


class CannotBePrinted(FailedPrecondition):
    """The fonts lack a character of this certificate; rather than printed with a hole it waits for a font."""


class Renderer:
    """Renders certificates. One per process; raises FontsMissing at once when the fonts are not there.

    `lock` serialises the compiler; a caller that already calls one at a time may pass one that does nothing.
    """

    def __init__(self, font_dir: Path, public_url: str, lock: AbstractContextManager[Any] | None = None) -> None:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_dir)])
        missing = sorted(set(FONT_FAMILIES) - set(fonts.families()))
        if missing:
            raise FontsMissing(f"{font_dir} lacks {', '.join(missing)}")
        self._fonts = fonts
        self._compilers: dict[str, tuple[typst.Compiler, str]] = {}
        self._seals: dict[str, str] = {}
        self.public_url = public_url
        self._lock = lock or threading.Lock()

    def pdf(self, rendition: Rendition) -> bytes:
        """PDF/A-3b of the certificate with its JSON rendition inside. Raises CannotBePrinted."""
        return self._compile(rendition, format="pdf", pdf_standards=["a-3b"])

    def picture(self, rendition: Rendition) -> bytes:
        """PNG of the first page. Raises CannotBePrinted."""
        return self._compile(rendition, format="png", ppi=PICTURE_PPI)

    def _open(self, template: str, **inputs: str) -> typst.Compiler:
        main, root, fonts = str(TEMPLATES / template), str(TEMPLATES), self._fonts
        return typst.Compiler(main, root=root, font_paths=fonts, ignore_system_fonts=True, sys_inputs=inputs)

    def _form(self, form: str) -> tuple[typst.Compiler, str]:
        """The warm compiler of a form and its sheet as SVG."""
        if form not in self._compilers:
            template, sheet = _FORMS[form]
            self._compilers[form] = self._open(template), _svg(self._open(sheet))
        return self._compilers[form]

    def _seal(self, name: str) -> str:
        if name not in self._seals:
            self._seals[name] = _svg(self._open("seal.typ", name=name))
        return self._seals[name]

    def _compile(self, rendition: Rendition, **options: Any) -> bytes:
        content = rendition.content
        form = form_of(content.type_code)
        face = face_of(content, self.public_url) if form == "licence" else plain_face_of(content, self.public_url)
        inputs = {
            "face": json.dumps(face, ensure_ascii=False),
            "qr": qr_picture(rendition.qr_text),
            "attachment": rendition.to_bytes().decode(),
        }
        issued = datetime.combine(date.fromisoformat(content.issue_date), datetime.min.time(), UTC)
        try:
            with self._lock:
                compiler, inputs["sheet"] = self._form(form)
                inputs["seal"] = self._seal(content.issuer_name)
                made = compiler.compile(sys_inputs=inputs, timestamp=int(issued.timestamp()), **options)
        except typst.TypstError as error:
            if "could not be displayed" in error.message:
                raise CannotBePrinted("the fonts lack a character of this certificate") from None
            raise
        pages = made if isinstance(made, list) else [made]
        assert pages[0] is not None
        return pages[0]


def _svg(compiler: typst.Compiler) -> str:
    made = compiler.compile(format="svg")
    assert isinstance(made, bytes)
    return made.decode()


def face_of(content: Content, public_url: str) -> dict[str, Any]:
    """What the template prints."""
    fit = fit_face({field.code: field.value for field in content.fields})
    fields = []
    for field in content.fields:
        value = field.value
        if field.code == "business_scope" and fit.layout == "annex":
            value = value[:120] + "…" + ANNEX_NOTICE
        printed = {"value": value, "full_value": field.value, "size": fit.sizes[field.code]}
        fields.append({"code": field.code, "label": field.label} | printed)
    return {
        "title": content.type_name,
        "holder_name": content.holder_name,
        "holder_code": content.holder_code,
        "issuer_name": content.issuer_name,
        "issue_date": chinese_date(date.fromisoformat(content.issue_date)),
        "identifier": content.identifier,
        "verify_url": f"{public_url}/v/{content.identifier}",
        "layout": fit.layout,
        "scope_size": fit.sizes.get("business_scope", 0.0),
        "annex_size": fit.annex_size,
        "fields": fields,
    }


def plain_face_of(content: Content, public_url: str) -> dict[str, Any]:
    """What the templates of permits and filing forms print: they find the size that makes everything fit themselves."""
    return {
        "title": content.type_name,
        "holder_name": content.holder_name,
        "issuer_name": content.issuer_name,
        "issue_date": chinese_date(date.fromisoformat(content.issue_date)),
        "identifier": content.identifier,
        "verify_url": f"{public_url}/v/{content.identifier}",
        "fields": [{"code": field.code, "label": field.label, "value": field.value} for field in content.fields],
    }
