"""Persons by keyed hash and the three-year bar (mission R-04; domain rule T13; 条例 arts. 40, 42)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tongban.common.v1 import paging_pb2
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.store import RegisterStore
from services.registration.store.persons import BarredPerson
from services.registration.usecases.context import Parts
from services.registration.usecases.forwarded import receive_forwarded
from shared.clock import FixedClock
from tests.integration.registration.conftest import asked, context, decide, received, sample_row, submit
from tests.integration.registration.test_applications import refused_with
from tests.integration.registration.test_entity_cases import REGISTRAR, acted, opened, registered
from tests.integration.registration.test_forwarded import case, events

pytestmark = pytest.mark.integration
HEAD = sample_row().application["legal_representative"]
INVESTOR = sample_row().application["investors"][0]["person"]
# 15 digits, and the number of 18 that the same person has
OLD, LONG = "320411880307003", "32041119880307003X"


@pytest.fixture(autouse=True)
def in_a_known_year(clock: FixedClock) -> None:
    clock.set(datetime(2025, 3, 3, 2, tzinfo=UTC))


def by_person(stub: Any, person: dict[str, str], **more: Any) -> Any:
    return stub.FindEntitiesByPerson(
        rpc.FindEntitiesByPersonRequest(
            id_type=person["id_type"],
            id_number=person["id_number"],
            purpose="CHECK_OF_BAR",
            asked_by="registrar-1",
            **more,
        )
    )


def a_person(number: str, name: str = "李小红") -> dict[str, str]:
    return {"name": name, "id_type": "RESIDENT_ID", "id_number": number, "identity_check": "FACE"}


def revoked(stub: Any, entity: Any, person: dict[str, str] | None) -> Any:
    """The registration of an entity is revoked as false; `person` is directly responsible."""
    opening = opened(stub, entity, "IMPERSONATION", {}, f"open-{entity.entity_id}").entity_case
    by = {"by": REGISTRAR, "division_code": "320411"}
    case = acted(stub, opening, "ACCEPT", f"accept-{entity.entity_id}", {"identity_verified": "true"}, **by)
    reasons = {"reason_codes": "FALSE_REGISTRATION"}
    named = {"person": pb.Person(**person)} if person else {}
    return acted(stub, case, "REVOKE", f"revoke-{entity.entity_id}", reasons, **by, **named)


def test_the_entities_of_a_person_are_found_as_head_or_investor_and_each_question_is_logged_without_the_number(
    stub: Any, store: RegisterStore
) -> None:
    entity = registered(stub)
    for person in (HEAD, INVESTOR):
        answer = by_person(stub, person)
        assert ([e.entity_id for e in answer.entities], answer.barred_until) == ([entity.entity_id], "")
    assert not by_person(stub, a_person("120112198808080053")).entities
    logged = list(store.disclosures.find())
    assert [d["entity_ids"] for d in logged] == [[entity.entity_id], [entity.entity_id], []]
    assert {(d["asked_by"], d["purpose"]) for d in logged} == {("registrar-1", "CHECK_OF_BAR")}
    kept = json.dumps([logged, list(store.entities.find({}, {"persons": 0}))], default=str, ensure_ascii=False)
    assert HEAD["id_number"] not in kept
    assert HEAD["name"] not in kept


def test_a_number_of_fifteen_digits_full_width_or_with_a_small_x_is_the_same_person(stub: Any) -> None:
    head = a_person(LONG)
    application = decide(stub, received(stub, legal_representative=head).application_id).application
    for number in (OLD, LONG, LONG.lower(), "３２０４１１１９８８０３０７００３Ｘ"):
        found = by_person(stub, a_person(number)).entities
        assert [e.entity_id for e in found] == [application.entity_id], number
    passport = {"id_type": "PASSPORT", "id_number": LONG}
    assert not by_person(stub, passport).entities


def test_the_entities_of_a_person_come_in_pages_and_a_token_belongs_to_its_person(stub: Any) -> None:
    ids = [registered(stub, number).entity_id for number in range(3)]
    first = by_person(stub, HEAD, page=paging_pb2.PageRequest(page_size=2))
    token = first.next_page_token
    second = by_person(stub, HEAD, page=paging_pb2.PageRequest(page_size=2, page_token=token))
    assert [e.entity_id for e in (*first.entities, *second.entities)] == ids
    assert not second.next_page_token
    other = paging_pb2.PageRequest(page_size=2, page_token=token)
    assert refused_with(lambda: by_person(stub, INVESTOR, page=other)).reason == "PAGE_TOKEN"


@pytest.mark.parametrize(
    ("person", "field", "reason"),
    [
        ({"id_type": "DRIVING_LICENCE", "id_number": LONG}, "id_type", "ID_TYPE_UNKNOWN"),
        ({"id_type": "RESIDENT_ID", "id_number": "  "}, "id_number", "ID_NUMBER_MISSING"),
        ({"id_type": "RESIDENT_ID", "id_number": "320411199003070012"}, "id_number", "RESIDENT_ID_CHECK_DIGIT"),
        ({"id_type": "RESIDENT_ID", "id_number": "3204119003"}, "id_number", "RESIDENT_ID_FORM"),
        ({"id_type": "RESIDENT_ID", "id_number": "320411901303070"}, "id_number", "RESIDENT_ID_DATE"),
    ],
)
def test_who_cannot_be_found_is_told_by_the_field_and_nothing_is_logged(
    stub: Any, store: RegisterStore, person: dict[str, str], field: str, reason: str
) -> None:
    failure = refused_with(lambda: by_person(stub, person))
    assert [(v.field, v.reason) for v in failure.violations] == [(field, reason)]
    assert store.disclosures.count_documents({}) == 0


def test_T13_whoever_is_responsible_for_a_false_registration_registers_nothing_for_three_years(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    barred = a_person(LONG)
    revoked(stub, registered(stub), barred)
    (bar,) = store.barred_persons.find()
    assert bar["until"] == "2028-03-03"
    assert LONG not in str(bar)
    BarredPerson._from_son(bar).validate()

    for number, change in enumerate(
        ({"legal_representative": barred | {"id_number": OLD, "name": "李红"}},
         {"investors": [{"person": barred, "amount_fen": 50_000_000}]})
    ):  # fmt: skip
        failure = submit(stub, asked(name="常州星河机械有限公司", **change), f"barred-{number}").failure
        assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "PERSON_BARRED")
        assert "2028-03-03" in failure.message
        assert "art. 40" in failure.message
        assert barred["name"] not in str(failure)
    assert by_person(stub, barred).barred_until == "2028-03-03"
    assert store.names.count_documents({"state": "APPLIED"}) == 0

    forwarded = case("stp_barred", name="常州星河机械有限公司", legal_representative=barred)
    receive_forwarded(parts, [forwarded])
    assert events(parts, "ForwardedCaseRejected")[0]["reason_codes"] == ["PERSON_BARRED"]

    clock.set(datetime(2028, 3, 3, 15, tzinfo=UTC))
    assert submit(stub, asked(legal_representative=barred), "last-day").failure.reason == "PERSON_BARRED"
    clock.set(datetime(2028, 3, 3, 16, tzinfo=UTC))  # midnight in Shanghai
    assert by_person(stub, barred).barred_until == ""
    in_time = asked(name="常州星河机械有限公司", legal_representative=barred,
                    capital=dict(sample_row().application["capital"]) | {"paid_in_due_date": "2030-01-01"})  # fmt: skip
    assert submit(stub, in_time, "after").receipt.application_id


def test_one_who_is_barred_in_a_group_stops_no_other_and_the_group_asks_nothing_of_its_own(
    stub: Any, parts: Parts, store: RegisterStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    barred = a_person(LONG)
    revoked(stub, registered(stub), barred)
    questions: list[int] = []
    ask = store.bars
    monkeypatch.setattr(store, "bars", lambda keys, today: questions.append(1) or ask(keys, today))
    names = [f"常州{chr(0x6D77 + n)}远机械有限公司" for n in range(6)]
    outcomes = stub.SubmitApplications(
        rpc.SubmitApplicationsRequest(
            submissions=[
                rpc.Submission(
                    context=context(f"group-{n}"),
                    application=asked(name=name, **({"legal_representative": barred} if n == 2 else {})),
                )
                for n, name in enumerate(names)
            ]
        )
    ).outcomes
    assert [o.WhichOneof("outcome") for o in outcomes] == ["receipt", "receipt", "failure"] + ["receipt"] * 3
    assert questions == []


def test_who_was_barred_after_the_application_came_is_not_registered(stub: Any) -> None:
    barred = a_person(LONG)
    waiting = received(stub, "waiting", name="常州星河机械有限公司", legal_representative=barred)
    revoked(stub, registered(stub), barred)
    assert refused_with(lambda: decide(stub, waiting.application_id)).reason == "PERSON_BARRED"


def test_a_bar_goes_with_the_revocation_that_is_undone_and_is_written_with_its_step_or_not_at_all(
    stub: Any, store: RegisterStore
) -> None:
    barred, entity = a_person(LONG), registered(stub)
    case = revoked(stub, entity, barred)
    registrar = {"by": REGISTRAR, "division_code": "320411"}
    again = {"person": pb.Person(**barred), "version": case.version, **registrar}
    failure = refused_with(
        lambda: acted(stub, case, "REVOKE", "again", {"reason_codes": "FALSE_REGISTRATION"}, **again)
    )
    assert failure.reason == "ACTION_NOT_ALLOWED"
    assert store.barred_persons.count_documents({}) == 1

    acted(stub, case, "UNDO", "undo", {"reason_codes": "REVOKED_WRONGLY"}, **registrar)

    assert store.barred_persons.count_documents({}) == 0
    assert by_person(stub, barred).barred_until == ""


def test_a_person_whom_no_step_asks_for_is_refused_and_a_repeated_revocation_is_one_bar(
    stub: Any, store: RegisterStore
) -> None:
    entity = registered(stub)
    opening = opened(stub, entity, "IMPERSONATION", {}).entity_case
    registrar = {"by": REGISTRAR, "division_code": "320411"}
    person = {"person": pb.Person(**a_person(LONG))}
    verified = {"identity_verified": "true"}
    failure = refused_with(lambda: acted(stub, opening, "ACCEPT", "a-1", verified, **registrar, **person))
    assert [(v.field, v.reason) for v in failure.violations] == [("person", "PERSON_NOT_ASKED")]
    accepted = acted(stub, opening, "ACCEPT", "a-2", verified, **registrar)
    nobody = {"person": pb.Person(id_type="RESIDENT_ID")}
    reasons = {"reason_codes": "FALSE_REGISTRATION"}
    failure = refused_with(lambda: acted(stub, accepted, "REVOKE", "r-1", reasons, **registrar, **nobody))
    assert failure.violations[0].field == "person.id_number"
    first = acted(stub, accepted, "REVOKE", "r-2", reasons, **registrar, **person)
    second = acted(stub, accepted, "REVOKE", "r-2", reasons, **registrar, **person)
    assert (first.version, first.state) == (second.version, second.state) == (3, "REVOKED")
    assert store.barred_persons.count_documents({}) == 1


PERSON_QUERIES = [
    ("entities", {"person_keys": "x"}, [("_id", 1)], "persons"),
    ("entities", {"person_keys": "x", "_id": {"$gt": "ent_1"}}, [("_id", 1)], "persons"),
    ("barred_persons", {"person_key": {"$in": ["x", "y"]}, "until": {"$gte": "2025-01-01"}},
     [("person_key", 1), ("until", 1)], "person"),
]  # fmt: skip


@pytest.mark.parametrize(("collection", "query", "sort", "index"), PERSON_QUERIES)
def test_every_query_about_persons_has_its_index(
    store: RegisterStore, collection: str, query: dict[str, Any], sort: Any, index: str
) -> None:
    found = store.client[store.database][collection].find(query).sort(sort).hint(index)
    plan = str(found.explain()["queryPlanner"]["winningPlan"])
    assert f"'indexName': '{index}'" in plan
    assert "COLLSCAN" not in plan
    assert "'stage': 'SORT'" not in plan
