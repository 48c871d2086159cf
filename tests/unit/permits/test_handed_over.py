"""What a partner region hands over is any JSON object: every one becomes a case or is answered, and none is tried for ever."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.permits.domain.catalogue import catalogue
from services.permits.domain.content import LONGEST_ANSWER, LONGEST_LABEL, MOST_ANSWERS, check_content
from services.permits.usecases.facts import ContentUnreadable, read_handed_over, take_over
from shared.clock import FixedClock
from shared.events import Cause
from shared.failures import InvalidArgument
from shared.personal_data import Sealer

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
ITEM = catalogue("320411").item("internet_cafe_permit", NOW.date())
GOOD: dict[str, Any] = {
    "holder_code": "91320411MAXX00015L", "content": {"applicant_name": "云帆", "premises": "科技园路1号"},
    "materials": ["application_form"], "facts": {"school_distance_m": "350", "building_use": "COMMERCIAL"},
}  # fmt: skip
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
# a good case in which one part is anything
OTHERS = st.tuples(st.sampled_from([*GOOD, "committed"]), ANY).map(lambda pair: GOOD | {pair[0]: pair[1]})


class Kept:
    """A store that has nothing and keeps what comes."""

    def __init__(self) -> None:
        self.documents: list[dict[str, Any]] = []

    def insert(self, collection: str, document: dict[str, Any]) -> bool:
        if collection == "forwarded":
            self.documents.append(document)
        return True

    def find(self, collection: str, document_id: str) -> Any:
        return {"_id": document_id, "version": 1}

    def find_by_command(self, *_: str) -> None:
        return None

    holder = find_by_origin = find_by_command


class Seen:
    """A case as the answer needs it."""

    case_id = "pmc_1"
    clocks = SimpleNamespace(next_due=lambda: None)


def answer(application: Any) -> dict[str, Any]:
    outbox = SimpleNamespace(check_capacity=lambda: None, committed_many=lambda *_: None)
    parts: Any = SimpleNamespace(
        store=Kept(), outbox=outbox, clock=FixedClock(NOW), sealer=Sealer(bytes(32)), catalogue=catalogue("320411"),
        to_document=lambda *_: {"_id": "pmc_1"}, case_of=lambda _: Seen(),
    )  # fmt: skip
    content = {"client_id": "region-440305", "item_code": ITEM.item_code, "application": application}
    take_over(parts, "hof_1", content, Cause())
    (document,) = parts.store.documents
    told: dict[str, Any] = document["timeline"][0]
    return told


def test_a_case_is_taken_with_its_answers_wherever_they_stand() -> None:
    assert answer(GOOD)["type"] == "ForwardedCaseAccepted"
    content = GOOD["content"] | {
        "contact": None,
        "经营面积": 80,
        "answers": {"经营项目": "上网服务", "premises": "别处"},
    }
    asked = read_handed_over(GOOD | {"content": content}, "x", "hof_1")
    assert asked.content == GOOD["content"] | {"经营面积": "80", "经营项目": "上网服务"}


@pytest.mark.parametrize(
    "other",
    [
        {"content": [GOOD["content"]]}, {"content": "云帆"}, {"content": GOOD["content"] | {"x": {"y": "z"}}},
        {"materials": 5}, {"materials": [5]}, {"materials": [{"type": "application_form"}]}, {"facts": ["x"]},
        {"facts": {"school_distance_m": [350]}}, {"holder_code": {}}, {"committed": "no"},
    ],
)  # fmt: skip
def test_what_has_another_shape_is_answered_and_not_tried_again(other: dict[str, Any]) -> None:
    with pytest.raises(ContentUnreadable):
        read_handed_over(GOOD | other, "x", "hof_1")
    told = answer(GOOD | other)
    assert (told["type"], told["data"]["reason_codes"]) == ("ForwardedCaseRejected", ["CONTENT_UNREADABLE"])


@settings(max_examples=300)
@given(ANY | OTHERS)
def test_every_json_is_answered(application: Any) -> None:
    assert answer(application)["type"] in ("ForwardedCaseAccepted", "ForwardedCaseRejected")


def test_a_form_holds_no_more_than_the_contract_lets_in_and_each_reason_is_told_once() -> None:
    answers = {f"项目{number}\u200b": "\u200b" for number in range(500)}
    told = answer(GOOD | {"content": GOOD["content"] | answers})
    assert told["data"]["reason_codes"] == ["TEXT_UNPRINTABLE", "TOO_MANY_ANSWERS"]


@pytest.mark.parametrize(
    "more",
    [
        {"项" * (LONGEST_LABEL + 1): "x"}, {"项目": "长" * (LONGEST_ANSWER + 1)}, {"premises": "路" * 301},
        {f"项目{number}": "x" for number in range(MOST_ANSWERS + 1)},
    ],
)  # fmt: skip
def test_what_no_certificate_holds_is_refused_by_its_field(more: dict[str, str]) -> None:
    check_content(GOOD["content"] | {"项" * LONGEST_LABEL: "长" * LONGEST_ANSWER})
    with pytest.raises(InvalidArgument) as failure:
        check_content(GOOD["content"] | more)
    assert failure.value.violations[0].field in ("content.answers", "content.premises")
    assert "长" not in str(failure.value.violations)
