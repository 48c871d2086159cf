"""Bad input and attacks on the body, on raw sockets where a client library would not do it."""

from __future__ import annotations

import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest

from gateway.config import read_settings
from tests.unit.gateway.conftest import SECONDS
from tests.unit.gateway.partners import Platform

PATH = "/v1/registration/applications"
CHECK = "/v1/registration/names/check"

BAD_JSON: dict[str, bytes] = {
    "a key twice": b'{"division_code":"320411","division_code":"440305"}',
    "a key twice in depth": b'{"capital":{"amount_fen":1,"amount_fen":2}}',
    "a key twice, once escaped": b'{"name":"a","na\\u006de":"b"}',
    "NaN": b'{"capital":{"amount_fen":NaN}}',
    "Infinity": b'{"capital":{"amount_fen":-Infinity}}',
    "a number out of range": b'{"capital":{"amount_fen":1e999}}',
    "5,000 digits": b'{"capital":{"amount_fen":' + b"9" * 5000 + b"}}",
    "a lone surrogate": b'{"name":"\\ud800"}',
    "NUL": b'{"name":"a\\u0000b"}',
    "no UTF-8": b'{"name":"\xff\xfe"}',
    "an overlong encoding": b'{"name":"\xc0\xaf"}',
    "a surrogate in UTF-8": b'{"name":"\xed\xa0\x80"}',
    "a byte-order mark": b"\xef\xbb\xbf{}",
    "a control character": b'{"name":"a\x01b"}',
    "an open object": b'{"name":',
    "two values": b"{}{}",
    "nothing but spaces": b"   ",
    "depth": b"[" * 100_000,
    "depth in objects": b'{"a":' * 50_000,
    "a comment": b'{"name":"a"/**/}',
    "single quotes": b"{'name':'a'}",
    "a trailing comma": b'{"name":"a",}',
}


@pytest.mark.parametrize("path", [PATH, CHECK])
@pytest.mark.parametrize("kind", BAD_JSON)
def test_json_that_two_readers_could_read_differently_is_malformed(
    api: httpx.Client, platform: Platform, kind: str, path: str
) -> None:
    headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
    answer = api.post(path, content=BAD_JSON[kind], headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "MALFORMED_JSON"), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert platform.registration.heard == []


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("text/plain", "CONTENT_TYPE"),
        ("application/x-www-form-urlencoded", "CONTENT_TYPE"),
        ("application/json; charset=gbk", "CONTENT_CHARSET"),
        ("", "CONTENT_TYPE"),
    ],
)
def test_another_kind_of_content_is_415(api: httpx.Client, kind: str, code: str) -> None:
    answer = api.post(PATH, content=b"{}", headers={"Content-Type": kind, "Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["code"]) == (415, code)


def test_json_with_a_charset_is_taken(api: httpx.Client) -> None:
    headers = {"Content-Type": 'Application/JSON; charset="UTF-8"', "Idempotency-Key": "k"}
    assert api.post(PATH, content=b'{"name":"x"}', headers=headers).status_code == 201


def test_a_compressed_body_is_refused(api: httpx.Client) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip", "Idempotency-Key": "k"}
    assert api.post(PATH, content=b"\x1f\x8b", headers=headers).json()["code"] == "CONTENT_ENCODING"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/registration/entities?state[$ne]=x", "PARAMETER_UNKNOWN"),
        ("/v1/registration/entities?page_size=1&page_size=2", "PARAMETER_TWICE"),
        ("/v1/registration/entities?page_size=201", "INVALID_FIELD"),
        ("/v1/registration/entities?page_size=1e2", "INVALID_FIELD"),
        ("/v1/registration/entities?state=GONE", "INVALID_FIELD"),
        ("/v1/registration/entities?division_code=32041", "INVALID_FIELD"),
        ("/v1/registration/entities/$where", "INVALID_FIELD"),
        ("/v1/registration/entities/by-code/short", "INVALID_FIELD"),
        ("/v1/certificates?holder_code=9%27", "INVALID_FIELD"),
        ("/v1/certificates/crt_1/file?format=exe", "INVALID_FIELD"),
        ("/v1/certificates", "INVALID_FIELD"),
    ],
)
def test_bad_parameters_are_400_naming_the_parameter(api: httpx.Client, path: str, code: str) -> None:
    answer = api.get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["errors"][0]["field"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "ROUTE_NOT_FOUND"),
        ("GET", "/v1/registration/entities/", 404, "ROUTE_NOT_FOUND"),
        ("PUT", "/v1/registration/entities", 405, "METHOD_NOT_ALLOWED"),
        ("DELETE", PATH, 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/static/../config.py", 404, "ROUTE_NOT_FOUND"),
        ("GET", "/static/%2e%2e/config.py", 404, "ROUTE_NOT_FOUND"),
    ],
)
def test_what_the_framework_refuses_is_a_problem_too(
    api: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    answer = api.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"


class Wire:
    """A raw connection to the gateway."""

    def __init__(self, url: str, platform: Platform) -> None:
        where = urlsplit(url)
        self._socket = socket.create_connection((where.hostname, where.port), timeout=10)
        self._token = platform.issuer.token()

    def head(self, *lines: str, path: str = PATH) -> None:
        usual = [
            "Host: x",
            f"Authorization: Bearer {self._token}",
            "Content-Type: application/json",
            "Idempotency-Key: w",
        ]
        self.send("\r\n".join([f"POST {path} HTTP/1.1", *usual, *lines, "", ""]).encode())

    def send(self, data: bytes) -> bool:
        try:
            self._socket.sendall(data)
        except OSError:
            return False
        return True

    def answer(self) -> str:
        """Everything until the gateway closes the connection."""
        got = b""
        try:
            while piece := self._socket.recv(65536):
                got += piece
        except ConnectionResetError:
            pass
        return got.decode()


@pytest.fixture
def wire(gateway_url: str, platform: Platform) -> Wire:
    return Wire(gateway_url, platform)


def test_a_declared_body_over_the_cap_is_413_before_it_is_sent(wire: Wire) -> None:
    wire.head("Content-Length: 1048577")
    answer = wire.answer()
    assert answer.startswith("HTTP/1.1 413")
    assert "BODY_TOO_LARGE" in answer


def test_a_chunked_body_without_end_is_413_at_the_cap(wire: Wire) -> None:
    wire.head("Transfer-Encoding: chunked")
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    sent = 0
    while sent < 1000 and wire.send(chunk):
        sent += 1
    assert sent < 1000, "the gateway goes on reading"
    assert wire.answer().startswith(("HTTP/1.1 413", ""))


def test_a_chunked_body_just_over_the_cap_is_told_so(wire: Wire) -> None:
    wire.head("Transfer-Encoding: chunked")
    wire.send(b"100001\r\n" + b" " * 0x100001 + b"\r\n0\r\n\r\n")
    assert "BODY_TOO_LARGE" in wire.answer()


def test_a_content_length_that_promises_more_is_408(wire: Wire) -> None:
    started = time.monotonic()
    wire.head("Content-Length: 100")
    wire.send(b"{}")
    answer = wire.answer()
    assert answer.startswith("HTTP/1.1 408")
    assert "BODY_TIMEOUT" in answer
    assert "connection: close" in answer.lower()
    assert time.monotonic() - started < SECONDS + 2


def test_a_body_of_one_byte_at_a_time_is_408_in_all(wire: Wire) -> None:
    wire.head("Content-Length: 1000")
    started = time.monotonic()
    while time.monotonic() - started < SECONDS + 2 and wire.send(b" "):
        time.sleep(0.05)
    assert time.monotonic() - started < SECONDS + 1.5
    assert wire.answer().startswith(("HTTP/1.1 408", ""))


def test_a_content_length_that_promises_less_splits_off_no_request_that_counts(wire: Wire, platform: Platform) -> None:
    wire.head("Content-Length: 2")
    wire.send(b'{}{"name":"smuggled"}\r\n\r\n')
    answer = wire.answer()
    assert answer.endswith("}")
    assert answer.count("HTTP/1.1 ") == answer.count("HTTP/1.1 400") + answer.count("HTTP/1.1 201")
    assert "HTTP/1.1 400" in answer
    time.sleep(0.3)  # the one that counts may still be under way
    assert len(platform.registration.heard) <= 1


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 2", "Transfer-Encoding: chunked"),
        ("Content-Length: 2", "Content-Length: 3"),
        ("Content-Length: -1",),
        ("Content-Length: 2", "Host: y"),
        ("Transfer-Encoding: chunked, identity",),
        ("X: a\r\n folded", "Content-Length: 2"),
        ("X: a\rb", "Content-Length: 2"),
    ],
)
def test_ambiguous_framing_is_400(wire: Wire, platform: Platform, lines: tuple[str, ...]) -> None:
    wire.head(*lines, "Connection: close")
    wire.send(b"{}")
    answer = wire.answer()
    assert answer.startswith("HTTP/1.1 400"), answer
    assert "application/problem+json" in answer
    assert platform.registration.heard == []


def test_headers_that_never_end_are_408(wire: Wire) -> None:
    wire.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
    started = time.monotonic()
    while time.monotonic() - started < SECONDS + 2 and wire.send(b"X-A: b\r\n"):
        time.sleep(0.05)
    assert time.monotonic() - started < SECONDS + 1.5
    assert wire.answer().startswith(("HTTP/1.1 408", ""))


def test_headers_that_are_too_large_are_431(wire: Wire) -> None:
    wire.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
    for _ in range(40):
        time.sleep(0.002)
        if not wire.send(b"X-A: " + b"b" * 1000 + b"\r\n"):
            break
    assert wire.answer().startswith(("HTTP/1.1 431", ""))


def test_a_connection_that_says_nothing_is_closed(wire: Wire) -> None:
    started = time.monotonic()
    wire.answer()
    assert time.monotonic() - started < SECONDS + 2


def test_pipelined_requests_are_answered_in_order(wire: Wire) -> None:
    wire.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = wire.answer()
    assert 0 <= answer.index("HTTP/1.1 200") < answer.index("HTTP/1.1 404")


def test_in_production_a_json_body_has_10_seconds_and_1_mib() -> None:
    settings = read_settings()
    assert (settings.body_seconds, settings.body_limit, settings.file_limit) == (10.0, 2**20, 16 * 2**20)
    assert settings.header_seconds == 10.0
