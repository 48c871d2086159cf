"""Permits and the holder that changes or ends, on a real store (25.4-10, 25.4-12, T16): once, in any order, across a crash."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from tongban.permits.v1 import messages_pb2 as pb
from tongban.permits.v1 import service_pb2 as rpc

from services.permits.handlers import PermitsHandlers
from services.permits.store.documents import Case, HolderAnswer
from services.permits.usecases import due, facts, following
from services.permits.usecases.cases import seal_content
from services.permits.usecases.following import Change, HolderNotTold, HolderVersion, follow
from shared.clock import FixedClock
from tests.integration.permits.conftest import COMPANY, HOUSING, MARKET, at, context, handle, submit
from tests.integration.permits.test_bundle_ways import hear, told
from tests.integration.permits.test_cases import REASON
from tests.integration.permits.test_filings_and_bundles import file
from tests.integration.permits.test_projects import begin

ENTITY = "ent_1"
OLD, NEW, NEWER = "常州云帆便利店有限公司", "常州星河便利店有限公司", "常州银河便利店有限公司"
SHOP = ["application_form", "premises_proof", "premises_layout"]
PRINCIPAL = "法定代表人（负责人）"


class Registration:
    """Registration's answer, and how often it was asked."""

    def __init__(self, version: int = 2, name: str = NEW, representative: str = "") -> None:
        self.version, self.name, self.representative = version, name, representative
        self.questions: list[tuple[list[str], bool]] = []

    def __call__(self, entity_ids: list[str], persons: bool) -> Sequence[dict[str, Any]]:
        self.questions.append((entity_ids, persons))
        answer: dict[str, Any] = {"entity_id": ENTITY, "entity_version": self.version, "name": self.name}
        return [answer | ({"legal_representative": self.representative} if persons else {})]


def changed(*names: str, version: int = 2) -> list[Change]:
    return [Change(HolderVersion(ENTITY, COMPANY, version), names or ("name",), due.SYSTEM)]


def granted(stub: Any, key: str, item: str = "food_sales_permit", unit: str = MARKET, **more: Any) -> Any:
    """A permit of COMPANY."""
    if item == "fire_check":
        return submit(stub, key, item=item, materials=SHOP, committed=True, **more).permit
    return handle(stub, submit(stub, key, item=item, **more), f"g-{key}", unit=unit, grant=rpc.Grant()).permit


def change_permit(stub: Any, permit: Any, key: str, state: int) -> Any:
    return stub.ChangePermit(
        rpc.ChangePermitRequest(
            context=context(key, "clerk"), permit_id=permit.permit_id, unit_code=MARKET, state=state, reason_code="CHECK"
        )
    ).permit_case.permit  # fmt: skip


def shown(parts: Any, permit: Any) -> dict[str, Any]:
    """What the permit's certificate shows."""
    [fact] = facts.certificate_facts(parts, [{"kind": "permit", "ref": permit.permit_id}], "ISSUE_CERTIFICATE", "x")
    return fact


def test_25_4_10_one_permit_follows_and_one_keeps_its_premises_and_both_are_told_once(
    stub: Any, parts: Any, store: Any, clock: FixedClock
) -> None:
    """Name and domicile change at once: both permits take the name, the one bound to its premises keeps them."""
    food = granted(stub, "k1")
    works = ["application_form", "contractor_contract", "fund_proof"]
    other = granted(stub, "k2", "construction_permit", HOUSING, materials=works)
    clock.set(at("2025-10-09"))
    for _ in range(2):
        follow(parts, changed("domicile", "name"), Registration())

    [event] = told(parts, "HolderFollowed")
    assert event == {
        "holder_ref": ENTITY, "holder_code": COMPANY, "entity_version": 2,
        "permit_ids": [food.permit_id, other.permit_id],
        "certified": [f"{food.permit_id}@2", f"{other.permit_id}@2"],
        "kept_permit_ids": [food.permit_id], "kept_reason_codes": ["PREMISES_NEED_OWN_CHANGE"],
    }  # fmt: skip
    assert [e["facts"] for e in told(parts, "PermitChanged")] == [["name"], ["name"]]
    fact = shown(parts, food)
    assert (fact["holder_name"], fact["premises"], fact["version"]) == (NEW, "常州市新北区通江路88号", 2)
    assert (fact["issue_date"], fact["valid_from_date"]) == ("2025-10-09", food.valid_from_date)
    [kept] = store.holder_answers.find()
    assert (kept["_id"], len(kept["timeline"])) == (f"{ENTITY}@2", 1)
    HolderAnswer(**{"answer_key" if key == "_id" else key: value for key, value in kept.items()}).validate()
    case = store.cases.find_one({"permit.permit_id": food.permit_id})
    assert NEW.encode() not in bytes(case["holder_now"])
    document = {k: v for k, v in case.items() if k != "holder_now"}
    Case(holder_now=case["holder_now"], **{"case_id" if k == "_id" else k: v for k, v in document.items()}).validate()


def test_a_permit_that_does_not_show_what_changed_is_left_alone_and_nobody_is_asked(stub: Any, parts: Any) -> None:
    granted(stub, "k1")
    ask = Registration()
    assert follow(parts, changed("business_scope"), ask) == 1
    assert ask.questions == []
    [event] = told(parts, "HolderFollowed")
    assert event["permit_ids"] == event["certified"] == event["kept_permit_ids"] == []


def test_a_holder_without_permits_is_told_of_too(parts: Any) -> None:
    assert follow(parts, changed(), Registration()) == 1
    [event] = told(parts, "HolderFollowed")
    assert (event["permit_ids"], event["kept_permit_ids"]) == ([], [])


def test_only_a_permit_whose_form_names_the_representative_follows_a_new_one(stub: Any, parts: Any) -> None:
    one, two = granted(stub, "k1"), granted(stub, "k2")
    document = parts.store.case_of_permit(two.permit_id)
    content = following.shown_content(parts, document) | {PRINCIPAL: "王小明"}
    sealed = seal_content(parts, document["_id"], content)
    parts.store.cases.update_one({"_id": document["_id"]}, {"$set": {"content": sealed}})
    ask = Registration(representative="李小红")

    follow(parts, changed(following.LEGAL_REPRESENTATIVE), ask)

    assert ask.questions == [([ENTITY], True)]
    assert told(parts, "HolderFollowed")[0]["permit_ids"] == [two.permit_id]
    assert shown(parts, two)["fields"] == [{"label": PRINCIPAL, "value": "李小红"}]
    assert shown(parts, one)["fields"] == []
    assert (shown(parts, two)["holder_name"], shown(parts, one)["version"]) == (OLD, 1)


def test_an_answer_older_than_the_event_makes_it_wait_and_changes_nothing(stub: Any, parts: Any, store: Any) -> None:
    permit = granted(stub, "k1")
    with pytest.raises(HolderNotTold):
        follow(parts, changed(version=3), Registration(version=2))
    assert shown(parts, permit)["version"] == 1
    assert store.holder_answers.count_documents({}) == 0


def test_a_crash_between_permits_and_the_answer_ends_in_the_same_answer(
    stub: Any, parts: Any, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    permits = [granted(stub, f"k{number}") for number in range(3)]
    seen: list[str] = []

    def dies(*arguments: Any, **more: Any) -> Any:
        seen.append("x")
        if len(seen) == 3:
            raise MemoryError("killed")
        return save(*arguments, **more)

    save = following.save_by_itself
    with monkeypatch.context() as patched:
        patched.setattr(following, "save_by_itself", dies)
        with pytest.raises(MemoryError):
            follow(parts, changed(), Registration())
    with monkeypatch.context() as patched:
        patched.setattr(following, "answer", lambda *_: (_ for _ in ()).throw(MemoryError("killed")))
        with pytest.raises(MemoryError):
            follow(parts, changed(), Registration())
    assert told(parts, "HolderFollowed") == []

    assert follow(parts, changed(), Registration()) == 1

    [event] = told(parts, "HolderFollowed")
    assert event["certified"] == [f"{permit.permit_id}@2" for permit in permits]
    assert len(told(parts, "PermitChanged")) == 3


@pytest.mark.parametrize("seed", range(4))
def test_changes_in_any_order_and_twice_end_with_the_newest_name_and_one_answer_each(
    stub: Any, parts: Any, seed: int
) -> None:
    permit = granted(stub, "k1")
    events = [changed(version=2), changed("domicile", version=3), changed(version=4)] * 2
    random.Random(seed).shuffle(events)
    for event in events:
        follow(parts, event, Registration(version=4, name=NEWER))
    assert shown(parts, permit)["holder_name"] == NEWER
    assert sorted(e["entity_version"] for e in told(parts, "HolderFollowed")) == [2, 3, 4]
    assert len(told(parts, "PermitChanged")) == 1


def test_workers_at_once_change_a_permit_once_and_answer_once(stub: Any, parts: Any) -> None:
    permit = granted(stub, "k1")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: follow(parts, changed(), Registration()), range(4)))
    assert sum(answers) == len(told(parts, "HolderFollowed")) == len(told(parts, "PermitChanged")) == 1
    assert shown(parts, permit)["version"] == 2


def test_an_answer_older_than_what_the_permit_knows_takes_nothing_back(stub: Any, parts: Any) -> None:
    permit = granted(stub, "k1")
    follow(parts, changed(version=5), Registration(version=5, name=NEWER))
    with pytest.raises(HolderNotTold):
        follow(parts, changed(version=4), Registration(version=4, name=NEW))
    assert shown(parts, permit)["holder_name"] == NEWER


def test_a_suspended_permit_follows_and_says_that_it_is_suspended_still(stub: Any, parts: Any) -> None:
    permit = granted(stub, "k1")
    change_permit(stub, permit, "c1", pb.PERMIT_STATE_SUSPENDED)
    follow(parts, changed(), Registration())
    assert told(parts, "HolderFollowed")[0]["certified"] == [f"{permit.permit_id}@3"]
    assert told(parts, "PermitStateChanged")[-1] == {
        "permit_id": permit.permit_id, "case_id": told(parts, "PermitChanged")[0]["case_id"], "state": "SUSPENDED",
        "reason_code": "CHECK", "permit_version": 4,
    }  # fmt: skip


def test_what_is_not_held_any_more_does_not_follow(stub: Any, parts: Any, clock: FixedClock) -> None:
    revoked, expired = granted(stub, "k1"), granted(stub, "k2")
    change_permit(stub, revoked, "c1", pb.PERMIT_STATE_REVOKED)
    handle(stub, submit(stub, "k3"), "r3", refuse=rpc.Refuse(reasons=[REASON]))
    clock.set(at("2031-01-10"))
    follow(parts, changed(), Registration())
    [event] = told(parts, "HolderFollowed")
    assert event["permit_ids"] == []
    assert (shown(parts, revoked)["holder_name"], shown(parts, expired)["holder_name"]) == (OLD, OLD)


def test_a_case_under_review_takes_the_new_name_and_its_permit_is_granted_under_it(
    stub: Any, parts: Any, store: Any
) -> None:
    case = submit(stub)
    for version in (2, 3):
        follow(parts, changed(version=version), Registration(version=3))
    assert [event["permit_ids"] for event in told(parts, "HolderFollowed")] == [[], []]
    assert told(parts, "PermitChanged") == []
    read = stub.GetCase(rpc.GetCaseRequest(case_id=case.case_id)).permit_case
    assert read.applicant_name == NEW
    permit = handle(stub, read, "g1", grant=rpc.Grant()).permit
    assert (shown(parts, permit)["holder_name"], shown(parts, permit)["version"]) == (NEW, 1)
    assert store.cases.distinct("holder_version") == [3]


def test_a_grant_beside_a_change_loses_neither(stub: Any, parts: Any) -> None:
    """The unit grants between the reading and the writing of the case: the new permit follows like any other."""
    case, seen, answer = submit(stub), [], Registration()

    def granted_meanwhile(entity_ids: list[str], persons: bool) -> Any:
        seen.append(handle(stub, case, "g1", grant=rpc.Grant()).permit)
        return answer(entity_ids, persons)

    follow(parts, changed(), granted_meanwhile)
    [permit] = seen
    assert told(parts, "HolderFollowed")[0]["certified"] == [f"{permit.permit_id}@2"]
    assert shown(parts, permit)["holder_name"] == NEW


def test_a_representative_whose_name_nobody_knows_is_kept_and_said_so(stub: Any, parts: Any) -> None:
    permit = granted(stub, "k1")
    document = parts.store.case_of_permit(permit.permit_id)
    content = following.shown_content(parts, document) | {PRINCIPAL: "王小明"}
    sealed = seal_content(parts, document["_id"], content)
    parts.store.cases.update_one({"_id": document["_id"]}, {"$set": {"content": sealed}})
    follow(parts, changed(following.LEGAL_REPRESENTATIVE), Registration(representative=""))
    [event] = told(parts, "HolderFollowed")
    assert (event["permit_ids"], event["kept_reason_codes"]) == ([], ["VALUE_NOT_TOLD"])


def test_more_permits_than_a_page_all_follow(stub: Any, parts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "HOLDER_PAGE", 2)
    permits = [granted(stub, f"k{number}") for number in range(5)]
    ask = Registration()
    follow(parts, changed(), ask)
    assert told(parts, "HolderFollowed")[0]["permit_ids"] == [permit.permit_id for permit in permits]
    assert len(ask.questions) == 1


def test_the_permits_of_a_holder_that_ended_are_told_of_once_and_the_same_on_a_replay(stub: Any, parts: Any) -> None:
    one, two, gone = granted(stub, "k1"), granted(stub, "k2", "fire_check"), granted(stub, "k3")
    change_permit(stub, gone, "c1", pb.PERMIT_STATE_REVOKED)
    due.end_permits(parts, COMPANY, due.SYSTEM)  # a worker that was killed before its answer
    hear(
        parts, "on_entity_state_changed", entity_id=ENTITY, uscc=COMPANY, state="CANCELLED", entity_version=7, reason_code="",
    )  # fmt: skip
    [event] = told(parts, "HolderFollowed")
    assert event == {
        "holder_ref": ENTITY, "holder_code": COMPANY, "entity_version": 7, "permit_ids": [one.permit_id, two.permit_id],
        "certified": [], "kept_permit_ids": [], "kept_reason_codes": [],
    }  # fmt: skip
    assert following.holder_moved(parts, HolderVersion(ENTITY, COMPANY, 8), "DORMANT", "", due.SYSTEM) is False


def test_an_entity_that_moved_in_may_hold_permits(stub: Any, parts: Any) -> None:
    hear(parts, "on_entity_moved_in", entity_id=ENTITY, uscc=COMPANY, entity_version=1)
    submit(stub)
    assert parts.store.cases.distinct("holder_ref") == [ENTITY]


def test_a_check_tells_what_a_holder_has_and_what_stands_in_the_way_of_its_end(stub: Any, parts: Any) -> None:
    hear(parts, "on_holder_check_requested", check_ref="chk_0", entity_id=ENTITY, uscc=COMPANY)
    granted(stub, "k1")
    change_permit(stub, granted(stub, "k2"), "c1", pb.PERMIT_STATE_SUSPENDED)
    change_permit(stub, granted(stub, "k3"), "c2", pb.PERMIT_STATE_REVOKED)
    hear(parts, "on_holder_check_requested", check_ref="chk_1", entity_id=ENTITY, uscc=COMPANY)
    submit(stub, "k4")
    file(stub, "f1", materials=[])
    begin(stub)
    hear(parts, "on_holder_check_requested", check_ref="chk_2", entity_id=ENTITY, uscc=COMPANY)

    assert told(parts, "HolderChecked") == [
        {"check_ref": "chk_0", "holder_code": COMPANY, "permit_count": 0, "reason_codes": []},
        {"check_ref": "chk_1", "holder_code": COMPANY, "permit_count": 2, "reason_codes": []},
        {
            "check_ref": "chk_2", "holder_code": COMPANY, "permit_count": 2,
            "reason_codes": ["CASE_UNDER_REVIEW", "FILING_OPEN", "PROJECT_OPEN"],
        },
    ]  # fmt: skip


def test_a_permit_past_its_last_day_is_not_counted_and_one_on_it_is(stub: Any, parts: Any, clock: FixedClock) -> None:
    granted(stub, "k1")
    granted(stub, "k2", "fire_check")  # without an end
    assert parts.store.count_permits(COMPANY, "2030-09-26") == 2
    assert parts.store.count_permits(COMPANY, "2030-09-27") == 1


def test_the_handler_asks_registration_by_its_question(stub: Any, parts: Any) -> None:
    granted(stub, "k1")
    asked: list[tuple[Any, ...]] = []

    def holder_facts(*arguments: Any) -> Any:
        asked.append(arguments)
        return Registration()(arguments[0], arguments[3])

    handlers = PermitsHandlers()
    handlers.parts, handlers.registration = SimpleNamespace(extra=parts), SimpleNamespace(holder_facts=holder_facts)
    data = SimpleNamespace(entity_id=ENTITY, uscc=COMPANY, entity_version=2, facts=["name"])
    PermitsHandlers.on_entity_changed(handlers, [SimpleNamespace(data=data, cause=lambda: due.SYSTEM)])
    assert asked == [([ENTITY], "FOLLOW_HOLDER", "permits", False)]
    assert len(told(parts, "PermitChanged")) == 1


def test_every_query_about_a_holder_uses_an_index(stub: Any, store: Any) -> None:
    submit(stub)
    file(stub)
    begin(stub)
    held = {"$in": ["IN_FORCE", "SUSPENDED"]}
    queries = {
        "cases": [
            {"holder_code": COMPANY, "state": {"$in": ["ACCEPTED", "RECEIVED"]}},
            {
                "holder_code": COMPANY,
                "_id": {"$gt": ""},
                "$or": [{"permit": {"$type": "object"}}, {"state": "ACCEPTED"}],
            },
            {"holder_code": COMPANY, "permit.state": held, "permit.valid_to_date": {"$not": {"$gt": "", "$lt": "x"}}},
        ],
        "filings": [{"holder_code": COMPANY, "state": "RETURNED_INCOMPLETE"}],
        "projects": [{"holder_code": COMPANY, "state": "RUNNING"}],
        "holder_answers": [{"_id": {"$in": ["a", "b"]}}],
    }
    for name, asked in queries.items():
        for query in asked:
            plan = str(store.collections[name].find(query).explain()["queryPlanner"]["winningPlan"])
            assert "COLLSCAN" not in plan, query
