"""Importing a register: rows are read strictly and go through in groups while the file still comes in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from gateway.csv_rows import MAX_LINES, CsvReader, CsvRow
from gateway.routes.registration.imports import COLUMNS
from shared.failures import InvalidArgument
from tests.unit.gateway.partners import Platform

PATH = "/v1/registration/entities/imports"
HEADER = ",".join(COLUMNS)


def row(number: int, name: str = "名") -> str:
    return f"{name}{number},91320411MAXX00015L,2019-03-11,有限责任公司,100万人民币,软件,某路{number}号"


def send(api: httpx.Client, content: str | bytes | Iterator[bytes], **parameters: str) -> httpx.Response:
    headers = {"Content-Type": "text/csv", "Idempotency-Key": "import-1"}
    body = content.encode() if isinstance(content, str) else content
    return api.post(PATH, content=body, headers=headers, params=parameters)


def test_rows_get_verdicts_and_only_refused_ones_are_told(api: httpx.Client, platform: Platform) -> None:
    answer = send(api, f"{HEADER}\n{row(1)}\n,x,x,x,x,x,x\n{row(3)}\n")
    assert answer.status_code == 200
    assert answer.json() == {
        "imported": 2,
        "unchanged": 0,
        "refused": 1,
        "verdicts": [
            {
                "row_number": 2,
                "verdict": "REFUSED",
                "entity_id": None,
                "violations": [{"field": "name", "reason": "NAME_MISSING", "detail": "is missing"}],
                "duplicate_entity_ids": [],
            }
        ],
    }
    sent = platform.registration.heard[0]
    assert sent.context.idempotency_key == "import-1"
    assert [(r.row_number, r.name) for r in sent.rows] == [(1, "名1"), (2, ""), (3, "名3")]


def test_all_verdicts_are_told_when_asked_for(api: httpx.Client) -> None:
    answer = send(api, f"{HEADER}\n{row(1)}\n{row(2)}\n", verdicts="all")
    assert [(v["row_number"], v["entity_id"]) for v in answer.json()["verdicts"]] == [(1, "ent_1"), (2, "ent_2")]


def test_rows_that_resemble_an_entity_are_told_beside_the_refused_ones_when_asked_for(api: httpx.Client) -> None:
    told = send(api, f"{HEADER}\n{row(1)}\n{row(2, '像')}\n,x,x,x,x,x,x\n", verdicts="resembling").json()["verdicts"]
    assert [(v["row_number"], v["verdict"], v["duplicate_entity_ids"]) for v in told] == [
        (2, "IMPORTED", ["ent_alike"]), (3, "REFUSED", []),
    ]  # fmt: skip


def test_rows_go_in_groups_of_500_and_only_the_first_carries_the_context(api: httpx.Client, platform: Platform) -> None:
    answer = send(api, "\n".join([HEADER, *(row(i) for i in range(1, 1202))]))
    assert answer.json()["imported"] == 1201
    assert [len(request.rows) for request in platform.registration.heard] == [500, 500, 201]
    assert [request.HasField("context") for request in platform.registration.heard] == [True, False, False]


def test_a_row_with_another_number_of_columns_is_refused_by_its_number(api: httpx.Client, platform: Platform) -> None:
    answer = send(api, f"{HEADER}\n{row(1)}\nshort,row\n{row(3)},more\n{row(4)}\n")
    told = answer.json()
    assert (told["imported"], told["refused"]) == (2, 2)
    assert [(v["row_number"], v["violations"][0]["reason"]) for v in told["verdicts"]] == [
        (2, "CSV_COLUMNS"),
        (3, "CSV_COLUMNS"),
    ]
    assert [r.row_number for r in platform.registration.heard[0].rows] == [1, 4]


def test_a_file_with_bom_crlf_quotes_and_columns_in_another_order_is_read(
    api: httpx.Client, platform: Platform
) -> None:
    header = ",".join(reversed(COLUMNS))
    content = f'\ufeff{header}\r\n"路 1, 2 楼\n后门","说""明""",100万,公司,2019-03-11,91,"甲, 乙"\r\n'
    assert send(api, content).json()["imported"] == 1
    sent = platform.registration.heard[0].rows[0]
    assert (sent.address, sent.business_scope, sent.name) == ("路 1, 2 楼\n后门", '说"明"', "甲, 乙")


def test_a_file_that_comes_byte_by_byte_is_read_the_same(api: httpx.Client, platform: Platform) -> None:
    content = f'{HEADER}\n"引\n号",{row(1).partition(",")[2]}\n{row(2)}'.encode()
    answer = send(api, (content[i : i + 1] for i in range(len(content))))
    assert answer.json()["imported"] == 2
    assert [r.name for r in platform.registration.heard[0].rows] == ["引\n号", "名2"]


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"", "CSV_EMPTY", "first row"),
        (b"\n\n", "CSV_EMPTY", "first row"),
        (b"name,uscc\nx,y\n", "CSV_HEADER", "missing: registered_on"),
        (f"{HEADER},owner\n".encode(), "CSV_HEADER", "unknown: owner"),
        (f"{HEADER},name\n".encode(), "CSV_HEADER", "named twice"),
        (f"{HEADER}\n{row(1)}\n".encode("gbk"), "CSV_ENCODING", "not UTF-8 near row 1"),
        (f"{HEADER}\n\x00\n".encode(), "CSV_ENCODING", "NUL"),
        (f"{HEADER}\n".encode() + b"x" * 70_000, "CSV_LINE", "row 1"),
    ],
)
def test_a_file_that_cannot_be_read_is_400_saying_why(api: httpx.Client, content: bytes, code: str, said: str) -> None:
    answer = send(api, content)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert said in answer.json()["detail"]


def test_a_file_over_the_cap_is_413_though_it_came_in_chunks(api: httpx.Client) -> None:
    line = (row(1) + "\n").encode()
    pieces = (line * 1000 for _ in range(60))

    def body() -> Iterator[bytes]:
        yield f"{HEADER}\n".encode()
        yield from pieces

    try:
        answer = send(api, body())
    except httpx.TransportError:
        return  # the gateway cut the line while we were still sending
    assert (answer.status_code, answer.json()["code"]) == (413, "BODY_TOO_LARGE")


def test_a_registrar_imports_only_for_the_own_division(api: httpx.Client, platform: Platform) -> None:
    assert send(api, f"{HEADER}\n", division_code="440305").json()["code"] == "DIVISION_MISMATCH"
    api.headers["Authorization"] = f"Bearer {platform.issuer.token(division='440305')}"
    assert send(api, f"{HEADER}\n").json()["code"] == "DIVISION_MISMATCH"
    assert platform.registration.heard == []


def test_a_header_alone_imports_nothing(api: httpx.Client, platform: Platform) -> None:
    assert send(api, f"{HEADER}\n").json() == {"imported": 0, "unchanged": 0, "refused": 0, "verdicts": []}
    assert platform.registration.heard == []


def test_what_the_service_says_of_the_whole_import_is_told(api: httpx.Client, platform: Platform) -> None:
    platform.registration.import_failure = InvalidArgument("no context", reason="INVALID_FIELD")
    answer = send(api, "\n".join([HEADER, *(row(i) for i in range(5000))]))
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_FIELD")


def read(*pieces: bytes) -> list[CsvRow]:
    async def play() -> list[CsvRow]:
        async def source() -> AsyncIterator[bytes]:
            for piece in pieces:
                yield piece

        return [found async for found in CsvReader(("a", "b")).rows(source())]

    return asyncio.run(play())


def test_a_quote_that_nobody_closes_costs_one_row_and_no_other() -> None:
    lines = b'a,b\n1,"open\n' + b"".join(b"%d,x\n" % i for i in range(2, 60))
    found = read(lines)
    assert [r.number for r in found] == list(range(1, 60))
    assert [r.number for r in found if r.violation] == [1]
    assert found[0].violation is not None
    assert found[0].violation.reason == "CSV_QUOTES"
    assert MAX_LINES < 60


def test_an_open_quote_in_the_last_row_is_told() -> None:
    assert [(r.number, bool(r.violation)) for r in read(b'a,b\n1,2\n3,"4')] == [(1, False), (2, True)]


def test_text_after_a_closing_quote_is_refused() -> None:
    assert [bool(r.violation) for r in read(b'a,b\n"1"x,2\n3,4\n')] == [True, False]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_the_cut_of_the_pieces_does_not_matter(size: int) -> None:
    content = 'a,b\r\n名,"x\n""y"""\r\n\r\n3,4'.encode()
    whole = read(content)
    assert read(*(content[i : i + size] for i in range(0, len(content), size))) == whole
    assert [r.values for r in whole] == [{"a": "名", "b": 'x\n"y"'}, {"a": "3", "b": "4"}]
