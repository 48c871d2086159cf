"""Posting to systems outside, as a worker does it: one limit for the whole exchange, whatever comes slowly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.clock import SystemClock
from shared.message_keys import read_message_key
from shared.posting import LARGEST_ANSWER, NoAnswer, Poster
from tests.unit.outside import PACKED, dripping, in_a_worker

ASK = """
from shared.message_keys import read_message_key
from shared.posting import NoAnswer, Poster
poster, came = Poster(read_message_key(folder), SystemClock(), seconds), {}
for name, scheme in (("body", "http"), ("headers", "http"), ("handshake", "https")):
    try:
        came[name] = poster.post(f"{scheme}://{url}/{name}", "m_1", b"{}")[0]
    except NoAnswer as none:
        came[name] = none.reason
print(json.dumps(came))
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with dripping() as address:
        yield address


@pytest.fixture(scope="module")
def came(address: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int | str]:
    found: dict[str, int | str] = in_a_worker(ASK, tmp_path_factory.mktemp("keys"), address)
    return found


@pytest.fixture
def poster(tmp_path: Path) -> Poster:
    return Poster(read_message_key(tmp_path), SystemClock(), 10.0)


@pytest.mark.parametrize("slowly", ["body", "headers", "handshake"])
def test_whoever_answers_byte_by_byte_is_given_up_when_the_time_of_the_exchange_is_over(
    came: dict[str, int | str], slowly: str
) -> None:
    assert came[slowly] == "TIMEOUT"


def test_what_comes_packed_is_not_unpacked(poster: Poster, address: str) -> None:
    assert len(PACKED) < LARGEST_ANSWER
    assert poster.post(f"http://{address}/packed", "m_1", b"{}") == (200, PACKED)


@pytest.mark.parametrize(("path", "reason"), [("long", "ANSWER_TOO_LARGE"), ("closed", "NO_CONNECTION")])
def test_why_there_is_no_answer_is_told_by_a_code(poster: Poster, address: str, path: str, reason: str) -> None:
    with pytest.raises(NoAnswer) as caught:
        poster.post(f"http://{address}/{path}", "m_1", b"{}")
    assert caught.value.reason == reason
    assert poster.post(f"http://{address}/good", "m_2", b"{}") == (200, b'{"state": "DONE"}')
