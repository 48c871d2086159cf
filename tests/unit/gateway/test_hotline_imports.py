"""Requests from CSV: every row gets its verdict, a bad row stops no other, the same file again files nothing twice."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tongban.hotline.v1 import service_pb2 as rpc

from tests.unit.gateway.partners import Platform

HEADER = "caller,title,text,kind,place,territory,category_code\n"
ROW = "13800000001,噪音扰民,每晚施工,COMPLAINT,通江路88号,,\n"


def send(api: httpx.Client, text: str, key: str = "file-1") -> httpx.Response:
    headers = {"Content-Type": "text/csv", "Idempotency-Key": key}
    return api.post("/v1/hotline/requests/imports", content=text.encode(), headers=headers)


def filed(platform: Platform) -> list[Any]:
    return [r for r in platform.hotline.heard if isinstance(r, rpc.FileRequestRequest)]


def test_rows_are_filed_and_bad_ones_are_named(api: httpx.Client, platform: Platform) -> None:
    long_title = "长" * 201
    text = HEADER + ROW + f"1,{long_title},x,COMPLAINT,,,\n" + "too,few\n" + ROW.replace("每晚", "昨晚")
    platform.hotline.answers["FileRequest"] = rpc.FileRequestResponse(request_id="req_1")
    told = send(api, text).json()
    assert (told["registered"], told["refused"]) == (2, 2)
    assert [(v["row_number"], v["verdict"], v["reason"], v["field"]) for v in told["verdicts"]] == [
        (1, "REGISTERED", None, None), (2, "REFUSED", "INVALID_FIELD", "title"),
        (3, "REFUSED", "CSV_COLUMNS", "row"), (4, "REGISTERED", None, None)]  # fmt: skip
    assert sorted(r.text for r in filed(platform)) == ["昨晚施工", "每晚施工"]


def test_a_row_keeps_its_key_wherever_it_stands_and_equal_rows_are_two(api: httpx.Client, platform: Platform) -> None:
    other = ROW.replace("每晚", "昨晚")
    send(api, HEADER + ROW + other + ROW)
    first = {r.context.idempotency_key for r in filed(platform)}
    platform.forget()
    send(api, HEADER + other + ROW + ROW)
    assert {r.context.idempotency_key for r in filed(platform)} == first
    assert len(first) == 3
    platform.forget()
    send(api, HEADER + ROW, key="file-2")
    assert not first & {r.context.idempotency_key for r in filed(platform)}


@pytest.mark.parametrize(
    ("flags", "verdict"), [({}, "REGISTERED"), ({"urged": True}, "URGED"), ({"replayed": True}, "REPEATED")]
)
def test_what_became_of_a_row_is_told(
    api: httpx.Client, platform: Platform, flags: dict[str, bool], verdict: str
) -> None:
    platform.hotline.answers["FileRequest"] = rpc.FileRequestResponse(request_id="req_1", **flags)
    told = send(api, HEADER + ROW).json()
    assert told["verdicts"][0]["verdict"] == verdict
    assert told[verdict.lower()] == 1


@pytest.mark.parametrize(("text", "code"), [("", "CSV_EMPTY"), ("caller,title\n", "CSV_HEADER")])
def test_a_file_that_is_none_is_refused(api: httpx.Client, platform: Platform, text: str, code: str) -> None:
    answer = send(api, text or "\n")
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert filed(platform) == []
