"""Set-up applications from receipt to decision (mission 4-01; REG 16-22, RREG 18)."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.usecases.context import Parts
from shared.clock import FixedClock
from shared.grpc_errors import failure_of
from shared.national_codes import check_uscc
from tests.integration.registration.conftest import asked, context, decide, received, sample_row, submit

pytestmark = pytest.mark.integration


def refused_with(call: Any) -> Any:
    """The failure that a call ends with."""
    with pytest.raises(grpc.RpcError) as caught:
        call()
    return failure_of(caught.value)


def test_a_complete_application_is_under_review_with_its_due_date(stub: Any, parts: Parts) -> None:
    receipt = received(stub)

    assert receipt.state == pb.APPLICATION_STATE_UNDER_REVIEW
    assert receipt.due_date == "2026-11-26"
    assert parts.outbox.types() == ["ApplicationSubmitted"]


def test_T7_received_on_a_working_sunday_before_the_holidays_it_is_due_after_them(stub: Any, clock: FixedClock) -> None:
    clock.set(datetime(2025, 9, 28, 2, tzinfo=UTC))
    receipt = received(stub)
    assert receipt.due_date == "2025-10-09"

    request = rpc.ExtendReviewRequest(
        context=context("extend"), application_id=receipt.application_id, expected_version=1, approved_by="head-7"
    )
    extended = stub.ExtendReview(request).application

    assert (extended.due_date, extended.version) == ("2025-10-13", 2)
    request.context.idempotency_key = "extend-again"
    request.expected_version = 2
    assert refused_with(lambda: stub.ExtendReview(request)).reason == "REVIEW_ALREADY_EXTENDED"


def test_an_incomplete_application_is_returned_with_all_gaps_at_once(stub: Any, parts: Parts) -> None:
    receipt = received(stub, business_scope="", materials=[], domicile={"division_code": "320411", "address": ""})

    assert receipt.state == pb.APPLICATION_STATE_RETURNED
    reasons = [gap.reason for gap in receipt.gaps]
    assert len(reasons) >= 5
    assert all(gap.field and gap.description and gap.source for gap in receipt.gaps)
    assert {"business_scope", "domicile.address"} <= {gap.field for gap in receipt.gaps}
    assert parts.outbox.types() == ["ApplicationReturned"]
    failure = refused_with(lambda: decide(stub, receipt.application_id))
    assert failure.reason == "APPLICATION_WAS_RETURNED"
    # everything went back: the name is free for the new application
    assert received(stub, "key-2").state == pb.APPLICATION_STATE_UNDER_REVIEW


def test_registering_gives_a_code_with_both_check_digits_and_creates_the_entity_in_one_step(
    stub: Any, parts: Parts
) -> None:
    receipt = received(stub)

    application = decide(stub, receipt.application_id).application

    check_uscc(application.uscc)
    assert application.uscc.startswith("91320411MA")
    entity = stub.GetEntity(rpc.GetEntityRequest(uscc=application.uscc)).entity
    assert entity.entity_id == application.entity_id
    assert entity.founding_date == "2026-11-23"
    assert entity.name == sample_row().name
    assert [entry.type for entry in entity.timeline] == ["EntityRegistered"]
    assert parts.outbox.types() == ["ApplicationSubmitted", "EntityRegistered"]


def test_codes_are_never_given_twice_even_by_many_at_once(stub: Any) -> None:
    receipts = [
        received(stub, f"key-{i}", name=f"常州{a}{b}机械有限公司")
        for i, (a, b) in enumerate(zip("金木水火土日月山", "鑫森淼焱垚晶朋岩", strict=True))
    ]
    codes: list[str] = []

    def register(index: int) -> None:
        codes.append(decide(stub, receipts[index].application_id, key=f"d-{index}").application.uscc)

    threads = [threading.Thread(target=register, args=(index,)) for index in range(len(receipts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(codes)) == len(receipts)


def test_a_refusal_needs_reasons_and_frees_the_name(stub: Any, parts: Parts) -> None:
    receipt = received(stub)
    request = rpc.DecideApplicationRequest(
        context=context("d"), application_id=receipt.application_id, expected_version=1, decision=pb.DECISION_REFUSE
    )
    failure = refused_with(lambda: stub.DecideApplication(request))
    assert (failure.reason, failure.violations[0].field) == ("REASONS_MISSING", "reasons")

    application = decide(stub, receipt.application_id, refuse=("SCOPE_FORBIDDEN",)).application

    assert application.state == pb.APPLICATION_STATE_REFUSED
    assert application.refusal_reasons[0].source
    assert parts.outbox.types()[-1] == "ApplicationRefused"
    assert received(stub, "key-2").state == pb.APPLICATION_STATE_UNDER_REVIEW


def test_the_same_command_again_gets_the_same_answer_and_has_one_effect(stub: Any, parts: Parts) -> None:
    first = received(stub)
    decided = decide(stub, first.application_id)

    again = received(stub)
    decided_again = decide(stub, first.application_id)

    assert again.replayed
    assert not first.replayed
    assert again.application_id == first.application_id
    assert again.state == first.state == pb.APPLICATION_STATE_UNDER_REVIEW
    assert decided_again.replayed
    assert decided_again.application.uscc == decided.application.uscc
    assert parts.outbox.types() == ["ApplicationSubmitted", "EntityRegistered"]


def test_the_same_key_with_another_content_is_refused(stub: Any) -> None:
    received(stub)

    outcome = submit(stub, asked(business_scope="另一经营范围"))

    assert outcome.failure.reason == "IDEMPOTENCY_KEY_REUSED"


def test_a_key_of_another_client_never_matches(stub: Any) -> None:
    first = received(stub)

    outcome = submit(stub, asked(name="常州鸿蒙远山机械有限公司"), "key-1", client="client-2")

    assert outcome.receipt.application_id != first.application_id


def test_a_hundred_identical_submissions_at_once_make_one_application(stub: Any, store: Any) -> None:
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(submit(stub, asked()))) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert store.applications.count_documents({}) == 1
    ids = {answer.receipt.application_id for answer in answers if answer.WhichOneof("outcome") == "receipt"}
    failures = {answer.failure.reason for answer in answers if answer.WhichOneof("outcome") == "failure"}
    assert len(ids) == 1
    # one that looked while the first was between its two writes may only say: try again
    assert failures <= {"IDEMPOTENCY_KEY_REUSED"} or not failures


def test_a_duplicate_application_is_told_which_one_is_open(stub: Any) -> None:
    first = received(stub)

    outcome = submit(stub, asked(), "key-2")

    assert outcome.failure.reason == "DUPLICATE_APPLICATION"
    assert outcome.failure.metadata["application_id"] == first.application_id


def test_a_name_held_by_somebody_else_is_refused_without_saying_by_whom(stub: Any) -> None:
    first = received(stub)

    outcome = submit(stub, asked(), "key-2", client="client-2")

    assert (outcome.failure.code, outcome.failure.reason) == ("ALREADY_EXISTS", "NAME_TAKEN")
    assert first.application_id not in str(outcome.failure)


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"name": "新北区好运机械有限公司"}, "NAME_DIVISION_INCOMPLETE", "name"),
        ({"name": "中国好运机械有限公司"}, "NAME_NEEDS_STATE_COUNCIL", "name"),
        ({"division_code": "999999"}, "UNKNOWN_DIVISION", "division_code"),
        ({"domicile": {"division_code": "999999", "address": "某路1号"}}, "UNKNOWN_DIVISION", "domicile.division_code"),
        ({"entity_type": "UNSPECIFIED"}, "ENTITY_TYPE_MISSING", "entity_type"),
    ],
)
def test_bad_input_names_the_field(stub: Any, store: Any, changes: dict[str, Any], reason: str, field: str) -> None:
    outcome = submit(stub, asked(**changes))

    assert outcome.failure.reason == reason
    assert next(violation.field for violation in outcome.failure.violations) == field
    assert store.applications.count_documents({}) == store.names.count_documents({}) == 0


def test_a_domicile_elsewhere_is_told_who_is_competent(stub: Any) -> None:
    outcome = submit(stub, asked(domicile={"division_code": "320412", "address": "某镇某路1号"}))

    assert outcome.failure.reason == "NOT_COMPETENT"
    assert outcome.failure.metadata["competent_division_code"] == "320412"


def test_a_bad_submission_fails_alone_in_its_batch(stub: Any, store: Any) -> None:
    names = ("常州鸿蒙远山机械有限公司", "新北区好运机械有限公司", "常州清河流水机械有限公司")
    submissions = [
        rpc.Submission(context=context(f"k{i}"), application=asked(name=name)) for i, name in enumerate(names)
    ]

    outcomes = stub.SubmitApplications(rpc.SubmitApplicationsRequest(submissions=submissions)).outcomes

    assert [outcome.WhichOneof("outcome") for outcome in outcomes] == ["receipt", "failure", "receipt"]
    assert store.applications.count_documents({}) == 2


def test_a_stale_version_is_told_to_reload(stub: Any) -> None:
    receipt = received(stub)

    failure = refused_with(lambda: decide(stub, receipt.application_id, version=7))

    assert (type(failure).__name__, failure.reason) == ("Aborted", "STALE_VERSION")
    assert failure.metadata["current_version"] == "1"


def test_of_two_registrars_at_once_one_decides(stub: Any, store: Any) -> None:
    receipt = received(stub)
    outcomes: list[str] = []

    def work(key: str) -> None:
        try:
            decide(stub, receipt.application_id, key=key)
            outcomes.append("done")
        except grpc.RpcError as error:
            outcomes.append(failure_of(error).reason)

    threads = [threading.Thread(target=work, args=(f"key-{i}",)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "STALE_VERSION", "APPLICATION_ALREADY_DECIDED"}
    assert store.entities.count_documents({}) == 1


def test_a_claim_of_a_command_that_died_half_way_is_taken_up_by_its_repetition(stub: Any, store: Any) -> None:
    first = received(stub)
    store.applications.delete_one({"_id": first.application_id})  # the crash: name claimed, application not stored

    again = received(stub)

    assert again.application_id == first.application_id
    assert store.names.find_one({})["application_id"] == again.application_id


def test_a_claim_of_a_command_that_died_half_way_is_free_for_others_after_a_minute(
    stub: Any, store: Any, clock: FixedClock
) -> None:
    first = received(stub)
    store.applications.delete_one({"_id": first.application_id})
    assert submit(stub, asked(), "other", client="client-2").failure.reason == "NAME_TAKEN"

    clock.advance(timedelta(seconds=61))

    assert submit(stub, asked(), "other-2", client="client-2").WhichOneof("outcome") == "receipt"


def test_of_an_application_that_went_back_no_persons_and_no_files_are_kept(stub: Any, store: Any) -> None:
    receipt = received(stub, materials=[])
    (kept,) = store.applications.find({"_id": receipt.application_id})
    assert (receipt.state, {"persons", "handed_in"} & set(kept)) == (pb.APPLICATION_STATE_RETURNED, set())
    assert store.names.count_documents({}) == 0
    assert not stub.CompareDuplicates(rpc.CompareDuplicatesRequest(application_id=receipt.application_id)).pairs
    assert refused_with(lambda: decide(stub, receipt.application_id)).reason == "APPLICATION_WAS_RETURNED"


def test_persons_are_stored_sealed_and_shown_masked(stub: Any, store: Any) -> None:
    receipt = received(stub)
    person = sample_row().application["legal_representative"]

    stored = str(store.applications.find_one({"_id": receipt.application_id}))
    shown = str(stub.GetApplication(rpc.GetApplicationRequest(application_id=receipt.application_id)))

    for secret in (person["name"], person["id_number"], person["phone"]):
        assert secret not in stored
        assert secret not in shown
    assert (
        "*"
        in stub.GetApplication(
            rpc.GetApplicationRequest(application_id=receipt.application_id)
        ).application.legal_representative_masked
    )


def test_another_clients_application_is_not_found_as_if_it_were_none(stub: Any) -> None:
    receipt = received(stub)

    def read(application_id: str, client: str) -> Any:
        request = rpc.GetApplicationRequest(application_id=application_id, only_client_id=client)
        return stub.GetApplication(request)

    assert read(receipt.application_id, "client-1").application.application_id == receipt.application_id
    other = refused_with(lambda: read(receipt.application_id, "client-2"))
    none = refused_with(lambda: read("app_none", "client-2"))
    assert (other.reason, other.message) == (none.reason, none.message)


def test_a_reserved_name_is_used_by_its_holder_only_and_for_its_term(stub: Any, clock: FixedClock) -> None:
    request = rpc.ReserveNameRequest(
        context=context("reserve"),
        division_code="320411",
        name=sample_row().name,
        entity_type=pb.ENTITY_TYPE_LIMITED_COMPANY,
    )
    held = stub.ReserveName(request)
    assert held.expiry_date == "2027-01-23"
    again = stub.ReserveName(request)
    assert (again.reservation_id, again.replayed, held.replayed) == (held.reservation_id, True, False)
    assert submit(stub, asked(), "without", client="client-2").failure.reason == "NAME_TAKEN"

    receipt = received(stub, "with", name=None, name_reservation_id=held.reservation_id)

    assert receipt.name.full_name == sample_row().name


def test_an_expired_reservation_holds_nobody_back(stub: Any, clock: FixedClock) -> None:
    clock.set(datetime(2026, 1, 5, 2, tzinfo=UTC))
    held = stub.ReserveName(
        rpc.ReserveNameRequest(
            context=context("reserve"),
            division_code="320411",
            name=sample_row().name,
            entity_type=pb.ENTITY_TYPE_LIMITED_COMPANY,
        )
    )
    assert held.expiry_date == "2026-03-05"
    clock.set(datetime(2026, 3, 6, 2, tzinfo=UTC))

    assert (
        submit(stub, asked(name=None, name_reservation_id=held.reservation_id), "late").failure.reason
        == "RESERVATION_NOT_FOUND"
    )
    assert received(stub, "new").state == pb.APPLICATION_STATE_UNDER_REVIEW


def test_checking_a_name_tells_all_violations_and_holds_nothing(stub: Any, store: Any) -> None:
    bad = stub.CheckName(
        rpc.CheckNameRequest(division_code="320411", name="新北区好", entity_type=pb.ENTITY_TYPE_LIMITED_COMPANY)
    )
    good = stub.CheckName(
        rpc.CheckNameRequest(division_code="320411", name=sample_row().name, entity_type=pb.ENTITY_TYPE_LIMITED_COMPANY)
    )

    assert len(bad.violations) >= 2
    assert not bad.available
    assert good.available
    assert not good.violations
    assert good.parts.trade_name
    assert store.names.count_documents({}) == 0


def test_a_field_rule_of_the_contract_is_checked_before_anything_runs(stub: Any) -> None:
    request = rpc.SubmitApplicationsRequest(
        submissions=[rpc.Submission(context=context("bad key!"), application=asked())]
    )

    failure = refused_with(lambda: stub.SubmitApplications(request))

    assert failure.reason == "INVALID_FIELD"
    assert failure.violations[0].field == "submissions[0].context.idempotency_key"


def test_whoever_reviews_sees_the_files_and_who_puts_in_what_and_no_name_in_clear(stub: Any) -> None:
    form = asked()
    receipt = submit(stub, form, "seen").receipt
    shown = stub.GetApplication(rpc.GetApplicationRequest(application_id=receipt.application_id)).application
    assert [(m.type_code, m.sha256) for m in shown.materials] == [(m.type_code, m.sha256) for m in form.materials]
    assert [i.amount_fen for i in shown.investors] == [i.amount_fen for i in form.investors]
    assert all("*" in i.name_masked for i in shown.investors if not i.uscc)
    back = submit(stub, asked(business_scope=None), "back").receipt
    returned = stub.GetApplication(rpc.GetApplicationRequest(application_id=back.application_id)).application
    assert (list(returned.materials), list(returned.investors)) == ([], [])
