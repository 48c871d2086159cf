"""The way to the other authorities: HTTP, signed (shared.http_signatures), each behind its own address.

    authorities:
      tax: {url: "https://…"}

`POST <url>/requests` with {"request_id", "ask", "uscc", "facts"}; the answer repeats request_id and uscc: {"request_id",
"uscc", "state": DONE | BLOCKED | PENDING, "reference", "reason_codes"}. Whoever answers anything else is UNCLEAR, whoever does
not answer in time UNREACHABLE, and both are asked again under the same id. One that was silent is left alone for a moment, so
that nobody waits for it again and again; one that answers with its own fault (5xx) is not: the next question may fare better.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import yaml
from prometheus_client import Counter

from services.registration.domain.authority import NOT_ANSWERING, Answer, AnswerState, Question
from shared import strict_json
from shared.clock import Clock
from shared.logs import get_logger
from shared.message_keys import read_message_key

if TYPE_CHECKING:
    from shared.posting import Poster

log = get_logger(__name__)
ASKED = Counter(
    "tongban_registration_authority_asked_total", "Questions to other authorities, by what came back.",
    ["authority", "outcome"],
)  # fmt: skip
SILENCE = timedelta(seconds=5)
# Whoever is asked again after these is waited for again.
SILENT = ("TIMEOUT", "NO_CONNECTION")
_CODE = re.compile(r"[A-Z0-9_]{1,60}")
_REFERENCE = re.compile(r"[\x21-\x7e]{0,64}")


# Calls a function for each of some items side by side.
Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


class HttpAuthorities:
    """Asks the other authorities; each question has `seconds` until its answer is read."""

    def __init__(self, file: Path | None, key_folder: Path, clock: Clock, seconds: float, each: Each) -> None:
        self._file, self._clock, self._seconds, self._each = file, clock, seconds, each
        self._key = read_message_key(key_folder)
        self._silent_until: dict[str, datetime] = {}

    def ask_each(self, questions: Sequence[Question], tell: Callable[[Answer], None]) -> None:
        """Ask all at once, and tell each answer as it comes. Raises what `tell` raises, after all were asked."""
        addresses = self._addresses()
        list(self._each(lambda q: tell(self._ask(q, addresses.get(q.authority, ""))), questions))

    def _addresses(self) -> dict[str, str]:
        if self._file is None or not self._file.exists():
            return {}
        raw: dict[str, Any] = yaml.safe_load(self._file.read_text(encoding="utf-8")) or {}
        return {str(code): str(body["url"]).rstrip("/") for code, body in (raw.get("authorities") or {}).items()}

    def _ask(self, question: Question, url: str) -> Answer:
        if not url:
            return _none(question, AnswerState.UNREACHABLE, "NOT_CONNECTED")
        if self._silent_until.get(question.authority, self._clock.now()) > self._clock.now():
            return _none(question, AnswerState.UNREACHABLE, NOT_ANSWERING)
        answer = self._post(question, url)
        ASKED.labels(question.authority, answer.state.value).inc()
        if answer.state in (AnswerState.UNREACHABLE, AnswerState.UNCLEAR):
            if answer.reason_codes[0] in SILENT:
                self._silent_until[question.authority] = self._clock.now() + SILENCE
            log.warning("authority_gave_no_answer", authority=question.authority, reason=answer.reason_codes[0])
        return answer

    def _post(self, question: Question, url: str) -> Answer:
        from shared.posting import TOO_LARGE, NoAnswer

        asked = {
            "request_id": question.request_id, "ask": question.ask.value, "uscc": question.uscc,
            "facts": dict(question.facts),
        }  # fmt: skip
        try:
            status, read = self._poster.post(f"{url}/requests", question.request_id, msgspec.json.encode(asked))
        except NoAnswer as none:
            state = AnswerState.UNCLEAR if none.reason == TOO_LARGE else AnswerState.UNREACHABLE
            return _none(question, state, none.reason)
        if status >= 500:
            return _none(question, AnswerState.UNREACHABLE, f"HTTP_{status}")
        if status not in (200, 201, 202):
            return _none(question, AnswerState.UNCLEAR, f"HTTP_{status}")
        return read_answer(question, read)

    @cached_property
    def _poster(self) -> Poster:
        # loaded with the first question: most workers at rest never ask any
        from shared.posting import Poster

        return Poster(self._key, self._clock, self._seconds)


def read_answer(question: Question, body: bytes) -> Answer:
    """What an authority answered; UNCLEAR when it cannot be the answer to this question."""
    try:
        read = strict_json.loads(body)
    except strict_json.MalformedJson:
        read = None
    if not isinstance(read, dict):
        return _none(question, AnswerState.UNCLEAR, "ANSWER_UNREADABLE")
    if read.get("request_id") != question.request_id or read.get("uscc") != question.uscc:
        return _none(question, AnswerState.UNCLEAR, "ANSWER_TO_ANOTHER")
    state, reference, codes = read.get("state"), read.get("reference", ""), read.get("reason_codes", [])
    fits = (
        state in ("DONE", "BLOCKED", "PENDING") and isinstance(reference, str) and _REFERENCE.fullmatch(reference)
        and isinstance(codes, list) and all(isinstance(code, str) and _CODE.fullmatch(code) for code in codes)
    )  # fmt: skip
    if not fits or (state == "BLOCKED" and not codes):
        return _none(question, AnswerState.UNCLEAR, "ANSWER_BREAKS_FORM")
    return Answer(question.request_id, AnswerState(str(state)), reference, tuple(codes) if state == "BLOCKED" else ())


def _none(question: Question, state: AnswerState, reason: str) -> Answer:
    return Answer(question.request_id, state, "", (reason,))
