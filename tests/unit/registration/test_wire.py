"""The way to another authority over real HTTP: signed, each thing once, and whatever comes back is judged."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from services.registration.domain.authority import Answer, AnswerState, Ask, Question
from services.registration.wire import SILENCE, HttpAuthorities, read_answer
from shared.clock import FixedClock
from shared.http_signatures import verify
from shared.message_keys import read_message_key
from tests.unit.outside import dripping, in_a_worker

NOW = datetime(2025, 3, 3, 2, tzinfo=UTC)
USCC = "91320411MAXX00015L"
QUESTION = Question("ebn_1.TAX.1", "tax", Ask.CLEAR, USCC, {"name": "云帆", "employees": "12"})
GOOD = {"request_id": QUESTION.request_id, "uscc": USCC, "state": "DONE", "reference": "T-1", "reason_codes": []}


class Office:
    """An authority's server that answers as it is told."""

    def __init__(self) -> None:
        self.answer: Any = GOOD
        self.status, self.wait = 200, threading.Event()
        self.wait.set()
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        office = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                office.requests.append((self.path, dict(self.headers.items()), body))
                office.wait.wait(10)
                told = office.answer if isinstance(office.answer, bytes) else json.dumps(office.answer).encode()
                self.send_response(office.status)
                self.send_header("Content-Length", str(len(told)))
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()
                self.wfile.write(told)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/tax"


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office()
    yield made
    made.wait.set()
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def wire(office: Office, clock: FixedClock, tmp_path: Path) -> HttpAuthorities:
    file = tmp_path / "authorities.yaml"
    file.write_text(json.dumps({"authorities": {"tax": {"url": office.url}}}))
    return HttpAuthorities(file, tmp_path, clock, 5.0, map)


@pytest.fixture
def impatient(wire: HttpAuthorities, clock: FixedClock, tmp_path: Path) -> HttpAuthorities:
    return HttpAuthorities(tmp_path / "authorities.yaml", tmp_path, clock, 1.0, map)


def told(wire: HttpAuthorities, *questions: Question) -> list[Answer]:
    answers: list[Answer] = []
    wire.ask_each(questions or (QUESTION,), answers.append)
    return answers


def test_a_question_is_signed_and_goes_under_its_own_id(wire: HttpAuthorities, office: Office, tmp_path: Path) -> None:
    assert told(wire) == [Answer(QUESTION.request_id, AnswerState.DONE, "T-1")]
    ((path, headers, body),) = office.requests
    assert (path, headers["Idempotency-Key"]) == ("/tax/requests", QUESTION.request_id)
    assert json.loads(body) == {
        "request_id": QUESTION.request_id, "ask": "CLEAR", "uscc": USCC, "facts": {"name": "云帆", "employees": "12"},
    }  # fmt: skip
    key = read_message_key(tmp_path)
    known = {key.key_id: key.private.public_key()}
    assert verify("POST", f"{office.url}/requests", headers.items(), body, known.get, NOW) == key.key_id


@pytest.mark.parametrize(
    ("status", "answer", "state", "reason"),
    [
        (503, b"maintenance", "UNREACHABLE", "HTTP_503"),
        (302, b"", "UNCLEAR", "HTTP_302"),
        (404, b"", "UNCLEAR", "HTTP_404"),
        (200, b"<html>", "UNCLEAR", "ANSWER_UNREADABLE"),
        (200, b'"DONE"', "UNCLEAR", "ANSWER_UNREADABLE"),
        (200, b"x" * 70_000, "UNCLEAR", "ANSWER_TOO_LARGE"),
        (200, {**GOOD, "request_id": "ebn_2.TAX.1"}, "UNCLEAR", "ANSWER_TO_ANOTHER"),
        (200, {**GOOD, "uscc": "91440305MAXX0004X6"}, "UNCLEAR", "ANSWER_TO_ANOTHER"),
        (200, {**GOOD, "state": "MAYBE"}, "UNCLEAR", "ANSWER_BREAKS_FORM"),
        (200, {**GOOD, "state": "UNREACHABLE"}, "UNCLEAR", "ANSWER_BREAKS_FORM"),
        (200, {**GOOD, "state": "BLOCKED"}, "UNCLEAR", "ANSWER_BREAKS_FORM"),
        (200, {**GOOD, "reference": "王小明 320411"}, "UNCLEAR", "ANSWER_BREAKS_FORM"),
        (200, {**GOOD, "state": "BLOCKED", "reason_codes": ["owes money"]}, "UNCLEAR", "ANSWER_BREAKS_FORM"),
        (200, {**GOOD, "state": "BLOCKED", "reason_codes": ["TAXES_OWED"]}, "BLOCKED", "TAXES_OWED"),
        (202, {**GOOD, "state": "PENDING"}, "PENDING", ""),
    ],
)
def test_what_comes_back_is_judged(
    wire: HttpAuthorities, office: Office, status: int, answer: Any, state: str, reason: str
) -> None:
    office.status, office.answer = status, answer
    (found,) = told(wire)
    assert (found.state, found.reason_codes) == (state, (reason,) if reason else ())


def test_one_that_is_silent_is_left_alone_for_a_moment_and_holds_up_nobody(
    impatient: HttpAuthorities, office: Office, clock: FixedClock
) -> None:
    office.wait.clear()
    assert told(impatient)[0].reason_codes == ("TIMEOUT",)
    assert told(impatient, QUESTION, QUESTION)[1].reason_codes == ("NOT_ANSWERING",)
    assert len(office.requests) == 1
    office.wait.set()
    clock.advance(SILENCE + timedelta(seconds=1))
    assert told(impatient)[0].state is AnswerState.DONE


def test_one_that_answers_with_its_own_fault_is_asked_the_next_question_at_once(
    wire: HttpAuthorities, office: Office
) -> None:
    office.status = 500
    assert told(wire)[0].reason_codes == ("HTTP_500",)
    office.status = 200
    assert told(wire)[0].state is AnswerState.DONE
    assert len(office.requests) == 2


# Bundles whose authority answers byte by byte, and one whose authority answers; the timer goes round as long as it takes.
ROUNDS = """
import eventlet
from services.registration.domain.authority import Ask, Question
from services.registration.wire import HttpAuthorities
from shared.green import side_by_side, side_by_side_for
file, told, round_no = folder / "authorities.yaml", {}, 0
file.write_text(json.dumps({"authorities": {name: {"url": f"http://{url}/{name}"} for name in ("body", "good")}}))
wire = HttpAuthorities(file, folder, SystemClock(), seconds, side_by_side())

def act(name):
    question = Question(f"ebn_{name}", name, Ask.CHECK, "91320411MAXX00015L")
    wire.ask_each([question], lambda answer: told.setdefault(name, [round_no, answer.state, *answer.reason_codes]))

sweep = side_by_side_for(0.1)
for due in (["body"], ["good"], *[[]] * 200):
    round_no += 1
    sweep(act, due)
    if len(told) == 2:
        break
    eventlet.sleep(0.05)
print(json.dumps(told))
"""


def test_one_that_answers_byte_by_byte_is_unreachable_and_holds_up_no_other_bundle(tmp_path: Path) -> None:
    with dripping() as address:
        came = in_a_worker(ROUNDS, tmp_path, address, seconds=2.0)
    assert came["good"][1:] == ["DONE"]
    assert came["body"][1:] == ["UNREACHABLE", "TIMEOUT"]
    assert came["good"][0] < came["body"][0], "the second round did not wait for the first one's question"


def test_an_authority_without_an_address_is_not_connected(wire: HttpAuthorities) -> None:
    question = Question("ebn_1.BANK.1", "bank", Ask.CLOSE, USCC)
    assert told(wire, question)[0].reason_codes == ("NOT_CONNECTED",)


def test_nobody_there_is_unreachable(clock: FixedClock, tmp_path: Path) -> None:
    file = tmp_path / "authorities.yaml"
    file.write_text(json.dumps({"authorities": {"tax": {"url": "http://127.0.0.1:1"}}}))
    assert told(HttpAuthorities(file, tmp_path, clock, 0.3, map))[0].reason_codes == ("NO_CONNECTION",)


@given(st.binary(max_size=200) | st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=20),
       lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
           st.sampled_from(["request_id", "uscc", "state", "reference", "reason_codes"]), inner, max_size=5)))  # fmt: skip
def test_nothing_that_is_no_answer_counts_as_one(content: Any) -> None:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    assert read_answer(QUESTION, body).state is AnswerState.UNCLEAR
