"""Certificates over the API and on the pages for people."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import httpx
import pytest
from tongban.certificates.v1 import messages_pb2 as cpb

from tests.unit.gateway.partners import IDENTIFIER, Platform, verdict_in_force

VERIFY = "/v1/certificates/verify"


def test_a_certificate_is_told_with_its_signature_as_base64url(api: httpx.Client) -> None:
    told = api.get("/v1/certificates/crt_7").json()
    assert (told["certificate_id"], told["state"], told["signature"]) == ("crt_7", "ISSUED", "_wA")
    assert told["issued_time"] == "2026-05-05T09:30:00.000+08:00"
    assert told["valid_to_date"] is None


def test_certificates_of_a_holder_come_in_pages(api: httpx.Client, platform: Platform) -> None:
    answer = api.get("/v1/certificates", params={"holder_code": "91320411MAXX00015L", "page_size": 7})
    assert [c["certificate_id"] for c in answer.json()["certificates"]] == ["crt_1"]
    assert answer.json()["next_page_token"] is None
    assert platform.certificates.heard[0].page.page_size == 7


def test_the_next_page_of_entities_is_linked_with_the_same_filters(api: httpx.Client, platform: Platform) -> None:
    answer = api.get("/v1/registration/entities", params={"name_prefix": "常州", "page_size": 1})
    link = re.fullmatch(r'<(.*)>; rel="next"', answer.headers["Link"])
    assert link
    api.get(link[1])
    second = platform.registration.heard[1]
    assert (second.name_prefix, second.page.page_size, second.page.page_token) == ("常州", 1, "bmV4dA==")


@pytest.mark.parametrize(
    ("kind", "media_type"), [("pdf", "application/pdf"), ("json", "application/json"), ("png", "image/png")]
)
def test_a_file_is_an_attachment_of_the_kind_asked_for_whatever_the_service_says(
    api: httpx.Client, kind: str, media_type: str
) -> None:
    answer = api.get("/v1/certificates/crt_1/file", params={"format": kind})
    assert answer.content == b"%PDF-1.7"
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Content-Disposition"].startswith(
        f'attachment; filename="certificate.{kind}"; filename*=UTF-8'
    )
    assert answer.headers["Cache-Control"] == "no-store"


def test_keys_are_public_and_may_be_kept(anybody: httpx.Client) -> None:
    answer = anybody.get("/v1/certificates/keys")
    assert answer.json() == {"keys": []}
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    again = anybody.get("/v1/certificates/keys", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_anybody_verifies_an_identifier_a_qr_text_and_files(anybody: httpx.Client, platform: Platform) -> None:
    anybody.post(VERIFY, json={"identifier": IDENTIFIER, "expected_holder_code": "91"})
    anybody.post(VERIFY, json={"qr_text": "https://x/v/1?h=2"})
    pdf = {"Content-Type": "application/pdf"}
    anybody.post(VERIFY, content=b"%PDF-1", headers=pdf, params={"expected_holder_code": "92"})
    answer = anybody.post(VERIFY, files={"file": ("c.json", b'{"a":1}')}, data={"expected_holder_code": "93"})
    assert answer.status_code == 200
    heard = [(r.WhichOneof("shown"), r.expected_holder_code) for r in platform.certificates.heard]
    assert heard == [("identifier", "91"), ("qr_text", ""), ("file", "92"), ("file", "93")]
    assert platform.certificates.heard[3].file == b'{"a":1}'
    told = answer.json()
    assert (told["conclusion"], told["state"]) == ("IN_FORCE", "ISSUED")
    assert {part["result"] for part in told["parts"]} == {"PASSED", "NOT_CHECKED"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({}, "INVALID_FIELD"),
        ({"identifier": "1", "qr_text": "2"}, "INVALID_FIELD"),
        ({"identifier": 1}, "INVALID_FIELD"),
        ({"identifier": "1", "what": "2"}, "INVALID_FIELD"),
        ({"identifier": "x" * 201}, "INVALID_FIELD"),
        ([], "INVALID_FIELD"),
    ],
)
def test_a_question_that_shows_nothing_usable_is_400(anybody: httpx.Client, content: object, code: str) -> None:
    answer = anybody.post(VERIFY, json=content)
    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.text


def test_a_form_with_unknown_fields_or_nothing_in_it_is_400(anybody: httpx.Client, platform: Platform) -> None:
    assert anybody.post(VERIFY, files={"other": b"x"}).json()["code"] == "FIELD_UNKNOWN"
    assert anybody.post(VERIFY, files={"file": b""}).json()["code"] == "NOTHING_SHOWN"
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert anybody.post(VERIFY, content=b"--y\r\n", headers=broken).status_code == 400
    assert (
        anybody.post(VERIFY, content=b"", headers={"Content-Type": "application/pdf"}).json()["code"] == "NOTHING_SHOWN"
    )
    assert platform.certificates.heard == []


class Page(HTMLParser):
    """What a page shows and what it loads."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.words: list[str] = []
        self.loads: list[str] = []
        self.tags: set[str] = set()
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loads += [value or "" for name, value in attrs if name in ("src", "href", "action")]

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(data.strip())

    @property
    def text(self) -> str:
        return " ".join(self.words)


def test_the_code_of_a_certificate_leads_to_its_verdict(anybody: httpx.Client, platform: Platform) -> None:
    page = Page(anybody.get(f"/v/{IDENTIFIER}?h=91&d=20260505&f=a&k=c1&s=b"))
    assert (
        platform.certificates.heard[0].qr_text == f"https://tongban.example/v/{IDENTIFIER}?h=91&d=20260505&f=a&k=c1&s=b"
    )
    for said in ("有效", "常州市新北区云帆软件有限公司", "91320411MAXX00015L", "营业执照", "常州市新北区行政审批局",
                 "2026-05-05", "2026-05-06 09:30:00", IDENTIFIER, "✓", "–"):  # fmt: skip
        assert said in page.text, said


def test_a_page_loads_nothing_from_elsewhere_and_needs_no_script(anybody: httpx.Client) -> None:
    for path in ("/", "/verify", f"/v/{IDENTIFIER}"):
        answer = anybody.get(path)
        page = Page(answer)
        assert "script" not in page.tags
        assert all(address.startswith("/") for address in page.loads)
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
        for address in page.loads:
            if address.startswith("/static"):
                assert anybody.get(address).status_code == 200


@pytest.mark.parametrize(
    ("conclusion", "headline"),
    [
        (cpb.CONCLUSION_IN_FORCE, "有效"),
        (cpb.CONCLUSION_NOT_IN_FORCE, "无效"),
        (cpb.CONCLUSION_REFUSED, "无效"),
        (cpb.CONCLUSION_UNKNOWN, "未知"),
    ],
)
def test_every_conclusion_has_its_headline(
    anybody: httpx.Client, platform: Platform, conclusion: cpb.Conclusion, headline: str
) -> None:
    platform.certificates.verdict = lambda: cpb.Verdict(
        conclusion=conclusion,
        parts=[cpb.VerdictPart(part="STATE", result=cpb.PART_RESULT_FAILED, reason="REVOKED", detail="x")],
        state=cpb.CERTIFICATE_STATE_REVOKED,
    )
    page = Page(anybody.get("/v/1.2.3"))
    assert headline in page.words
    assert {"已吊销或撤销", "吊销（撤销）", "✗"} <= set(page.words)
    assert platform.certificates.heard[0].identifier == "1.2.3"


def test_what_a_certificate_says_is_shown_as_text_not_as_markup(anybody: httpx.Client, platform: Platform) -> None:
    def verdict() -> cpb.Verdict:
        told: cpb.Verdict = verdict_in_force()
        told.certificate.holder_name = "<script>alert(1)</script>"
        return told

    platform.certificates.verdict = verdict
    page = Page(anybody.get(f"/v/{IDENTIFIER}"))
    assert "script" not in page.tags
    assert "<script>alert(1)</script>" in page.text


def test_the_form_takes_a_file_an_identifier_or_a_qr_text(anybody: httpx.Client, platform: Platform) -> None:
    empty = {"file": ("", b"")}
    for files, data in (
        ({"file": ("a.pdf", b"%PDF")}, {"identifier": "", "expected_holder_code": ""}),
        (empty, {"identifier": f"  {IDENTIFIER} "}),
        (empty, {"identifier": "https://tongban.example/v/1?h=2"}),
    ):
        assert "有效" in Page(anybody.post("/verify", files=files, data=data)).words
    shown = [(r.WhichOneof("shown")) for r in platform.certificates.heard]
    assert shown == ["file", "identifier", "qr_text"]
    assert platform.certificates.heard[1].identifier == IDENTIFIER


def test_the_form_says_what_is_missing_and_stays(anybody: httpx.Client) -> None:
    answer = anybody.post("/verify", files={"file": ("", b"")}, data={"identifier": ""})
    assert answer.status_code == 400
    page = Page(answer)
    assert "请选择文件，或输入证照标识。" in page.words
    assert "form" in page.tags


def test_a_file_too_large_for_the_form_is_told_on_the_page(anybody: httpx.Client) -> None:
    try:
        answer = anybody.post("/verify", files={"file": ("a.pdf", b"x" * (2 * 1024 * 1024 + 10))})
    except httpx.TransportError:
        return  # cut while we were still sending
    assert answer.status_code == 413
    assert json.loads(answer.text)["code"] == "BODY_TOO_LARGE"
