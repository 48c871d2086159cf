"""The port to another authority: one question, one answer, under an id that makes it one however often it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Ask(StrEnum):
    """What an authority is asked for. CHECK changes nothing there; UNDO takes a CLEAR back."""

    CHECK = "CHECK"
    CLEAR = "CLEAR"
    OPEN = "OPEN"
    UPDATE = "UPDATE"
    CLOSE = "CLOSE"
    UNDO = "UNDO"


class AnswerState(StrEnum):
    """What an authority answers. PENDING: taken in, ask again later under the same id. BLOCKED: not as things stand, with
    reasons; once they are gone, it is another question. UNREACHABLE and UNCLEAR are what became of a question that got no
    answer, or one that cannot be the answer to it."""

    DONE = "DONE"
    BLOCKED = "BLOCKED"
    PENDING = "PENDING"
    UNREACHABLE = "UNREACHABLE"
    UNCLEAR = "UNCLEAR"


# The reason of an answer to a question that was not even asked: the authority was silent a moment ago and is left alone.
NOT_ANSWERING = "NOT_ANSWERING"


@dataclass(frozen=True, slots=True)
class Question:
    """`request_id`: an authority does what it is asked once for each. `facts`: what stands in the register and the answers
    that the applicant gave for this authority; no persons."""

    request_id: str
    authority: str
    ask: Ask
    uscc: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """`reference`: number of the result there; `reason_codes`: why it is blocked, or what went wrong on the way."""

    request_id: str
    state: AnswerState
    reference: str = ""
    reason_codes: tuple[str, ...] = ()
