"""Duplicates are found before anything is accepted, on every way in, and compared side by side (issue: duplicates)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.domain.duplicates import MOST, match_keys
from services.registration.domain.entity import EXISTING
from services.registration.domain.form_check import Domicile
from services.registration.domain.naming import parse_name
from services.registration.store import RegisterStore
from services.registration.store.persons import PersonStore
from services.registration.usecases.context import Parts
from services.registration.usecases.forwarded import receive_forwarded
from shared.clock import FixedClock
from shared.national_codes import compose_uscc
from tests.integration.registration.conftest import asked, context, decide, received, sample_row, submit
from tests.integration.registration.test_applications import refused_with
from tests.integration.registration.test_entity_states import change as change_state
from tests.integration.registration.test_forwarded import case
from tests.integration.registration.test_register import import_rows, row

pytestmark = pytest.mark.integration
REGISTERED, ALIKE, OTHER = "常州云帆软件有限公司", "云帆软件（常州）有限公司", "常州星河机械有限公司"
# persons and an address of their own, so that only the names resemble each other
SOMEBODY = {"name": "李小红", "id_type": "RESIDENT_ID", "id_number": "32041119880307003X", "identity_check": "FACE"}
ELSEWHERE = {"domicile": {"division_code": "320411", "address": "太湖路1号"}, "legal_representative": SOMEBODY,
             "investors": [{"person": SOMEBODY, "amount_fen": 500_000_000}]}  # fmt: skip


@pytest.fixture(autouse=True)
def in_a_known_year(clock: FixedClock) -> None:
    clock.set(datetime(2025, 3, 3, 2, tzinfo=UTC))


@pytest.fixture
def known(stub: Any) -> str:
    """The id of an entity of the older register of the city, whose name another registrar gave."""
    code = compose_uscc("91", "320400", "MAXX0001")
    (verdict,) = import_rows(stub, [row(1, name=REGISTERED, uscc=code)]).verdicts
    return str(verdict.entity_id)


def shown(stub: Any, application_id: str) -> Any:
    return stub.GetApplication(rpc.GetApplicationRequest(application_id=application_id)).application


def compared(stub: Any, application_id: str) -> dict[str, Any]:
    pairs = stub.CompareDuplicates(rpc.CompareDuplicatesRequest(application_id=application_id)).pairs
    return {pair.entity_id: pair for pair in pairs}


def over_the_api(stub: Any, parts: Parts, name: str) -> str:
    return str(received(stub, f"api-{len(name)}", name=name, **ELSEWHERE).application_id)


def forwarded(stub: Any, parts: Parts, name: str) -> str:
    receive_forwarded(parts, [case("stp_alike", name=name, **ELSEWHERE)])
    found = parts.store.applications.find_one({"origin_ref": "stp_alike"})  # type: ignore[attr-defined]
    assert not found["gaps"], found["gaps"]
    return str(found["_id"])


@pytest.mark.parametrize("way", [over_the_api, forwarded])
def test_an_application_that_resembles_an_entity_is_under_review_and_registered_only_after_it_was_compared(
    stub: Any, parts: Parts, known: str, way: Callable[..., str]
) -> None:
    application_id = way(stub, parts, ALIKE)
    application = shown(stub, application_id)
    assert (application.state, list(application.duplicate_entity_ids)) == (pb.APPLICATION_STATE_UNDER_REVIEW, [known])

    failure = refused_with(lambda: decide(stub, application_id, reviewed=False))
    assert (failure.reason, failure.metadata["entity_ids"]) == ("DUPLICATES_NOT_REVIEWED", known)
    assert known in failure.message
    pair = compared(stub, application_id)[known]
    assert list(pair.reasons) == ["SIMILAR_NAME"]
    fields = {f.field: (f.of_application, f.of_other, f.same) for f in pair.fields}
    assert fields["name"] == (ALIKE, REGISTERED, False)
    assert fields["entity_type"] == ("LIMITED_COMPANY", "LIMITED_COMPANY", True)
    assert fields["legal_representative"] == ("李*红", "", False)
    assert fields["date"] == ("2025-03-03", "2001-05-08", False)

    decided = decide(stub, application_id, reviewed=True, key="reviewed").application

    assert decided.state == pb.APPLICATION_STATE_REGISTERED
    (word,) = [e for e in shown(stub, application_id).timeline if e.type == "DuplicatesReviewed"]
    assert (word.actor_id, word.time.ToDatetime(UTC)) == ("registrar", parts.clock.now())
    assert json.loads(word.data)["entity_ids"] == [known]
    assert "DuplicatesReviewed" not in parts.outbox.types()  # type: ignore[attr-defined]


def test_an_applicant_is_not_told_whose_applications_its_own_was_compared_with(stub: Any) -> None:
    first = received(stub, "first", name=OTHER, **ELSEWHERE)
    own = received(stub, "own", name="常州天河机械有限公司", **ELSEWHERE)
    failure = refused_with(lambda: decide(stub, own.application_id, reviewed=False))
    assert failure.metadata["application_ids"] == first.application_id
    decide(stub, own.application_id)

    request = rpc.GetApplicationRequest(application_id=own.application_id, only_client_id="client-1")
    told = stub.GetApplication(request).application

    assert first.application_id in str(shown(stub, own.application_id).timeline)
    assert first.application_id not in str(told)
    assert [entry.type for entry in told.timeline] == ["ApplicationSubmitted"]


def test_what_resembles_nothing_is_registered_without_a_word(stub: Any, known: str) -> None:
    application_id = over_the_api(stub, None, OTHER)  # type: ignore[arg-type]
    assert list(shown(stub, application_id).duplicate_entity_ids) == []
    assert compared(stub, application_id) == {}
    decided = decide(stub, application_id, reviewed=False).application
    assert decided.state == pb.APPLICATION_STATE_REGISTERED
    assert not [e for e in shown(stub, application_id).timeline if e.type == "DuplicatesReviewed"]


def test_what_resembles_may_be_refused_without_a_comparison(stub: Any, known: str) -> None:
    application_id = over_the_api(stub, None, ALIKE)  # type: ignore[arg-type]
    decided = decide(stub, application_id, refuse=("DOUBLE",), reviewed=False).application
    assert decided.state == pb.APPLICATION_STATE_REFUSED


def test_open_applications_resemble_each_other_in_one_group_and_across_and_the_applicant_learns_of_no_other(
    stub: Any, store: RegisterStore
) -> None:
    """Same persons, same address, other names: each is shown to the registrar beside the others."""
    first = received(stub, "one", name="常州星河机械有限公司").application_id
    group = [("常州天河机械有限公司", "two"), ("常州银河机械有限公司", "three")]
    outcomes = stub.SubmitApplications(
        rpc.SubmitApplicationsRequest(
            submissions=[rpc.Submission(context=context(key), application=asked(name=name)) for name, key in group]
        )
    ).outcomes
    second, third = (outcome.receipt.application_id for outcome in outcomes)
    others = {first: {second, third}, second: {first, third}, third: {first, second}}
    assert {one: set(compared(stub, one)) for one in others} == others  # also with those that came later
    assert list(compared(stub, third)[second].reasons) == ["SAME_PERSON_AND_ADDRESS"]
    assert second not in str(shown(stub, third))
    assert refused_with(lambda: decide(stub, first, reviewed=False)).reason == "DUPLICATES_NOT_REVIEWED"

    entity_id = decide(stub, first, key="d-1").application.entity_id

    assert set(compared(stub, third)) == {second, entity_id}  # what was an application is an entity now
    assert compared(stub, third)[entity_id].fields[5].same  # the same legal representative


def test_an_entity_that_has_ended_is_no_duplicate_and_one_that_came_meanwhile_is(stub: Any, known: str) -> None:
    application_id = over_the_api(stub, None, ALIKE)  # type: ignore[arg-type]
    entity = stub.GetEntity(rpc.GetEntityRequest(entity_id=known)).entity
    change_state(stub, known, "CANCELLED", entity.version, division=entity.division_code)
    assert compared(stub, application_id) == {}
    (verdict,) = import_rows(stub, [row(7, name=REGISTERED)]).verdicts
    failure = refused_with(lambda: decide(stub, application_id, reviewed=False))
    assert failure.metadata["entity_ids"] == verdict.entity_id


def test_a_name_that_the_law_forbids_stays_refused(stub: Any) -> None:
    received(stub, "one", name=OTHER)
    assert submit(stub, asked(name=OTHER), "two", "client-2").failure.reason == "NAME_TAKEN"


def test_a_flood_of_applications_asks_nothing_and_one_that_is_decided_asks_twice(
    stub: Any, store: RegisterStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions: list[str] = []
    for name in ("entities_resembling", "applications_resembling"):
        ask = getattr(store, name)
        monkeypatch.setattr(store, name, lambda *a, ask=ask, name=name: questions.append(name) or ask(*a))
    names = [f"常州{chr(0x6D77 + n)}远机械有限公司" for n in range(20)]
    outcomes = stub.SubmitApplications(
        rpc.SubmitApplicationsRequest(
            submissions=[
                rpc.Submission(context=context(f"group-{n}"), application=asked(name=name))
                for n, name in enumerate(names)
            ]
        )
    ).outcomes
    assert questions == []
    failure = refused_with(lambda: decide(stub, outcomes[0].receipt.application_id, reviewed=False))
    assert questions == ["entities_resembling", "applications_resembling"]
    assert (
        len(failure.metadata["application_ids"].split(",")) == MOST
    )  # the same persons at the same place, twenty times


def alike_entities(
    store: RegisterStore, keys: list[str], number: int, state: str = "ACTIVE", prefix: str = ""
) -> list[str]:
    """Entities as bare as the look-up needs them."""
    ids = [f"ent_{prefix or state.lower()}{n:03}" for n in range(number)]
    store.entities.insert_many({"_id": i, "uscc": i, "state": state, "match_keys": keys} for i in ids)
    return ids


def test_a_trade_name_that_hundreds_share_hides_neither_the_same_person_nor_the_same_address(
    stub: Any, store: RegisterStore
) -> None:
    application_id = received(stub, "one", name=OTHER).application_id
    by_kind = {key[0]: key for key in store.application(application_id)["match_keys"]}  # type: ignore[index]
    alike_entities(store, [by_kind["a"]], 120)
    alike_entities(store, [by_kind["c"], by_kind["a"]], 120, "CANCELLED")
    same_name = alike_entities(store, [by_kind["d"], by_kind["a"]], 2, prefix="named")
    (same_address,) = alike_entities(store, [by_kind["b"], by_kind["a"]], 1, prefix="addressed")
    (same_both,) = alike_entities(store, [by_kind["c"], by_kind["d"]], 1, prefix="zz")

    told = list(shown(stub, application_id).duplicate_entity_ids)

    assert told[:4] == [same_both, same_address, *same_name]  # what says most comes first
    assert len(told) == MOST
    assert all(one.startswith("ent_active") for one in told[4:]), "no more of what has ended"
    failure = refused_with(lambda: decide(stub, application_id, reviewed=False))
    assert failure.metadata["entity_ids"].split(",") == told


def test_an_address_of_hundreds_of_open_applications_hides_no_application_of_the_same_person(
    stub: Any, store: RegisterStore
) -> None:
    first = received(stub, "one", name=OTHER).application_id
    keys = store.application(first)["match_keys"]  # type: ignore[index]
    by_kind = {key[0]: key for key in keys}
    for kind, number in (("b", 120), ("c", 1)):
        store.applications.insert_many(
            {"_id": f"app_{kind}{n:03}", "state": "UNDER_REVIEW", "alike_key": by_kind[kind],
             "match_keys": [by_kind[kind]], "commands": [{"key": f"{kind}{n}"}]}
            for n in range(number)
        )  # fmt: skip
    failure = refused_with(lambda: decide(stub, first, reviewed=False))
    told = failure.metadata["application_ids"].split(",")
    assert (told[0], len(told)) == ("app_c000", MOST)


def test_what_an_import_resembles_is_asked_once_and_a_frequent_trade_name_hides_no_address(
    stub: Any, store: RegisterStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = row(2, name=OTHER)
    keys = match_keys(parse_name(OTHER), "320411", Domicile("320411", same.address))
    alike_entities(store, [keys[0]], 3 * MOST)
    (double,) = alike_entities(store, keys, 1, prefix="zz")
    questions: list[Any] = []
    ask = store.entities_resembling
    monkeypatch.setattr(store, "entities_resembling", lambda *a: questions.append(a) or ask(*a))
    first, second = import_rows(stub, [same, row(3, name="常州日月贸易有限公司")]).verdicts
    assert (first.duplicate_entity_ids[0], len(first.duplicate_entity_ids)) == (double, MOST)
    assert list(second.duplicate_entity_ids) == []
    assert len(questions) == 1


def test_rows_of_an_import_that_resemble_are_taken_over_and_the_verdict_says_what_they_resemble(
    stub: Any, known: str
) -> None:
    rows = [
        row(2, name=ALIKE),
        row(3, name=OTHER),
        row(4, name="星河机械（常州）有限公司"),
        row(5, name="常州日月贸易有限公司"),
    ]
    answer = import_rows(stub, rows)
    told = {v.row_number: (v.entity_id, list(v.duplicate_entity_ids)) for v in answer.verdicts}
    assert (answer.imported, answer.refused) == (4, 0)
    assert told[2][1] == [known]
    assert (told[3][1], told[4][1], told[5][1]) == ([], [told[3][0]], [])
    again = import_rows(stub, rows)
    assert (again.unchanged, [list(v.duplicate_entity_ids) for v in again.verdicts]) == (4, [[], [], [], []])


def test_a_comparison_shows_no_number_and_no_name_of_a_person_and_neither_do_events(
    stub: Any, parts: Parts, store: RegisterStore
) -> None:
    first = received(stub, "one", name=OTHER)
    second = received(stub, "two", name="常州天河机械有限公司")
    told = str(stub.CompareDuplicates(rpc.CompareDuplicatesRequest(application_id=second.application_id)))
    decide(stub, first.application_id)
    told += str(parts.outbox.entries) + str(list(store.entities.find({}, {"persons": 0})))  # type: ignore[attr-defined]
    told += str(list(store.applications.find({}, {"persons": 0})))
    for person in (
        sample_row().application["legal_representative"],
        sample_row().application["investors"][0]["person"],
    ):
        assert person["id_number"] not in told
        assert person["name"] not in told


def test_an_application_that_is_not_there_is_not_compared(stub: Any) -> None:
    request = rpc.CompareDuplicatesRequest(application_id="app_none")
    assert refused_with(lambda: stub.CompareDuplicates(request)).reason == "APPLICATION_NOT_FOUND"


@pytest.mark.parametrize(
    ("collection", "index", "query"),
    [
        ("entities", "match_existing", {"match_keys": {"$in": ["a1", "b2"]}, "state": {"$in": sorted(EXISTING)}}),
        ("applications", "alike", {"alike_key": {"$in": ["a1", "b2"]}, "state": "UNDER_REVIEW"}),
    ],
)
def test_what_resembles_is_found_on_an_index(
    store: RegisterStore, collection: str, index: str, query: dict[str, Any]
) -> None:
    found = store.client[store.database][collection].find(query).hint(index)
    plan = str(found.explain()["queryPlanner"]["winningPlan"])
    assert f"'indexName': '{index}'" in plan
    assert """'["a1", "a1"]'""" in plan  # only these keys are looked at
    assert "COLLSCAN" not in plan


class Asked:
    """A collection that only remembers what it was asked."""

    name = "entities"

    def aggregate(self, pipeline: list[Any]) -> list[Any]:
        self.pipeline = pipeline
        return []


def test_each_key_is_looked_up_on_the_index_with_a_limit_of_its_own_and_nothing_that_has_ended_is_read(
    store: RegisterStore,
) -> None:
    alike_entities(store, ["a1"], 300, "CANCELLED")
    alike_entities(store, ["a1"], 300)
    alike_entities(store, ["b1"], 300, prefix="b")
    asked = Asked()
    register = PersonStore()
    register.entities = asked  # type: ignore[assignment]
    register.entities_resembling([["b1"], ["a1"]], 11)
    explained = {"aggregate": "entities", "pipeline": asked.pipeline, "cursor": {}}
    told = store.client[store.database].command("explain", explained, verbosity="executionStats")
    read = [n for name in ("totalKeysExamined", "totalDocsExamined") for n in numbers(told, name)]
    assert read
    assert max(read) <= 12, "each key alone, and only entities that exist"
    assert "COLLSCAN" not in str(told)


def numbers(told: Any, name: str) -> list[int]:
    """All values of a field, however deep."""
    if isinstance(told, dict):
        here = [int(told[name])] if name in told else []
        return here + [n for value in told.values() for n in numbers(value, name)]
    return [n for one in told for n in numbers(one, name)] if isinstance(told, list) else []
