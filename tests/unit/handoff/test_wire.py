"""The way to a partner's gateway over real HTTP: a code for whatever brings no answer, and never longer than its time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.handoff.usecases.context import Answer, WireDown
from services.handoff.wire import HttpWire
from shared.clock import SystemClock
from shared.message_keys import Partners, read_message_key
from tests.unit.outside import dripping, in_a_worker

REGIONS = ("good", "long", "closed")
POST = """
from services.handoff.usecases.context import WireDown
from services.handoff.wire import HttpWire
from shared.message_keys import Partners, read_message_key
(folder / "partners.yaml").write_text(json.dumps({"partners": {"320412": {"gateway_url": f"http://{url}/body"}}}))
wire = HttpWire(Partners(folder / "partners.yaml"), read_message_key(folder), SystemClock(), seconds)
try:
    print(json.dumps(wire.post("320412", "m_1", b"{}").status))
except WireDown as down:
    print(json.dumps(str(down)))
"""


@pytest.fixture
def address() -> Iterator[str]:
    with dripping() as address:
        yield address


@pytest.fixture
def wire(address: str, tmp_path: Path) -> HttpWire:
    file = tmp_path / "partners.yaml"
    file.write_text(json.dumps({"partners": {name: {"gateway_url": f"http://{address}/{name}"} for name in REGIONS}}))
    return HttpWire(Partners(file), read_message_key(tmp_path), SystemClock(), 10.0)


def test_what_a_partner_answers_comes_back_as_it_is(wire: HttpWire) -> None:
    assert wire.post("good", "m_1", b"{}") == Answer(200, b'{"state": "DONE"}')


@pytest.mark.parametrize(
    ("region", "code"),
    [("long", "ANSWER_TOO_LARGE"), ("closed", "UNREACHABLE"), ("440305", "PARTNER_NOT_CONNECTED")],
)
def test_why_a_message_did_not_get_through_is_told_by_a_code(wire: HttpWire, region: str, code: str) -> None:
    with pytest.raises(WireDown, match=f"^{code}$"):
        wire.post(region, "m_1", b"{}")


def test_a_partner_that_answers_byte_by_byte_is_given_up_in_time(address: str, tmp_path: Path) -> None:
    assert in_a_worker(POST, tmp_path, address) == "TIMEOUT"
