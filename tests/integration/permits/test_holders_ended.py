"""A holder that ends beside a grant or a record, and one whose revocation was wrong, on a real store: nothing is left in force
for who has ended, whichever is heard of first, and what ended wrongly is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import grpc
import pytest
from tongban.permits.v1 import messages_pb2 as pb
from tongban.permits.v1 import service_pb2 as rpc

from services.permits.domain.holder import has_ended
from services.permits.handlers import PermitsHandlers
from services.permits.store.documents import Holder
from services.permits.usecases import cases, due, facts, filings
from shared.clock import FixedClock
from tests.integration.permits.conftest import COMPANY, context, handle, submit
from tests.integration.permits.test_bundle_ways import hear, told
from tests.integration.permits.test_cases import reason_of
from tests.integration.permits.test_filings_and_bundles import file
from tests.integration.permits.test_holders import ENTITY, granted

DEVICES = ["application_form", "premises_proof", "premises_layout", "quality_rules"]


def registered(parts: Any) -> None:
    hear(
        parts,
        "on_entity_registered",
        entity_id=ENTITY,
        uscc=COMPANY,
        entity_version=1,
        origin_ref="",
        application_id="a",
    )


def moves(parts: Any, state: str, version: int, reason_code: str = "") -> None:
    hear(
        parts, "on_entity_state_changed", entity_id=ENTITY, uscc=COMPANY, state=state, entity_version=version,
        reason_code=reason_code,
    )  # fmt: skip


def permit_states(store: Any) -> list[str]:
    return [case["permit"]["state"] for case in store.cases.find({"permit": {"$type": "object"}})]


def filing_of(stub: Any, filing: Any) -> Any:
    return stub.GetFiling(rpc.GetFilingRequest(filing_id=filing.filing_id)).filing


def after_the_look(monkeypatch: pytest.MonkeyPatch, module: Any, happens: Callable[[], None]) -> None:
    """Something happens between the look at the holder and what is stored."""
    look = module.holder_ref_of

    def slow(parts: Any, code: str) -> str:
        found: str = look(parts, code)
        happens()
        return found

    monkeypatch.setattr(module, "holder_ref_of", slow)


@pytest.mark.parametrize("later", [[], [("CLEARING", 3)]], ids=["revoked", "revoked and being cleared"])
def test_a_grant_beside_the_end_of_the_holder_ends_with_it(
    stub: Any, parts: Any, store: Any, monkeypatch: pytest.MonkeyPatch, later: list[tuple[str, int]]
) -> None:
    """行政许可法 art. 70(3): the holder's end is heard of while the unit grants; its answer has been given already."""
    registered(parts)
    case = submit(stub)
    after_the_look(
        monkeypatch, cases, lambda: [moves(parts, *one) for one in [("LICENCE_REVOKED", 2), *later]] and None
    )
    permit = handle(stub, case, "g1", grant=rpc.Grant()).permit
    assert permit_states(store) == ["IN_FORCE"]

    granted_event = told(parts, "PermitGranted")[0]
    hear(parts, "on_permit_granted", **granted_event)

    assert permit_states(store) == ["CANCELLED"]
    assert [(e["permit_id"], e["state"], e["reason_code"]) for e in told(parts, "PermitStateChanged")] == [
        (permit.permit_id, "CANCELLED", "HOLDER_ENDED"),
    ]


def test_a_grant_to_a_holder_that_goes_on_or_is_kept_elsewhere_stays(stub: Any, parts: Any, store: Any) -> None:
    granted(stub, "k1")
    hear(parts, "on_permit_granted", **told(parts, "PermitGranted")[0])
    registered(parts)
    moves(parts, "DORMANT", 2)
    hear(parts, "on_permit_granted", **told(parts, "PermitGranted")[0])
    assert permit_states(store) == ["IN_FORCE"]


def test_what_is_recorded_beside_the_end_of_its_holder_is_without_effect_and_what_was_before_stays(
    stub: Any, parts: Any, store: Any, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(parts)
    before = file(stub, "f1", "medical_device_filing", materials=DEVICES)
    time_before = clock.now()
    clock.advance(timedelta(seconds=5))
    with monkeypatch.context() as patched:
        after_the_look(patched, filings, lambda: moves(parts, "CANCELLED", 2))
        beside = file(stub, "f2", "medical_device_filing", materials=DEVICES)
    recorded = {event["filing_id"]: event for event in told(parts, "FilingRecorded")}
    assert len(recorded) == 2
    handlers = PermitsHandlers()
    handlers.parts = SimpleNamespace(extra=parts)
    for filing, time in ((before, time_before), (beside, clock.now())) * 2:
        event = SimpleNamespace(data=SimpleNamespace(**recorded[filing.filing_id]), time=time, cause=lambda: due.SYSTEM)
        PermitsHandlers.on_filing_recorded(handlers, [event])

    assert filing_of(stub, before).state == pb.FILING_STATE_RECORDED
    assert filing_of(stub, beside).state == pb.FILING_STATE_LAPSED
    (closed,) = told(parts, "FilingClosed")
    assert (closed["filing_id"], closed["reason_codes"]) == (beside.filing_id, ["HOLDER_ENDED"])


def test_a_returned_filing_is_not_mended_into_the_record_once_its_holder_has_ended(stub: Any, parts: Any) -> None:
    registered(parts)
    filing = file(stub, "f1", "medical_device_filing", materials=DEVICES[:1])
    moves(parts, "LICENCE_REVOKED", 2)
    with pytest.raises(grpc.RpcError) as error:
        stub.AmendFiling(
            rpc.AmendFilingRequest(
                context=context("a1"), filing_id=filing.filing_id, expected_version=1, materials=DEVICES[1:]
            )
        )
    assert reason_of(error) == "HOLDER_ENDED"
    assert told(parts, "FilingRecorded") == []


def test_no_facts_are_told_for_the_certificate_of_a_filing_that_is_not_on_record(stub: Any, parts: Any) -> None:
    """A certificate that says so would be false, also when the event of the record comes after the withdrawal."""
    filing = file(stub, "f1", "medical_device_filing", materials=DEVICES)
    returned = file(stub, "f2", "medical_device_filing", materials=[])
    refs = [{"kind": "filing", "ref": one.filing_id} for one in (filing, returned)]
    assert [fact["ref"] for fact in facts.certificate_facts(parts, refs, "X", "x")] == [filing.filing_id]
    stub.WithdrawFiling(
        rpc.WithdrawFilingRequest(context=context("w1"), filing_id=filing.filing_id, expected_version=filing.version)
    )
    assert facts.certificate_facts(parts, refs, "X", "x") == []


def test_what_ended_with_a_revocation_that_was_undone_is_told_once(stub: Any, parts: Any, store: Any) -> None:
    """条例 art. 42: the entity is back; its permits are final (行政许可法 art. 70), whoever granted them decides."""
    registered(parts)
    permits = [granted(stub, f"k{number}") for number in range(2)]
    moves(parts, "REGISTRATION_REVOKED", 2, "FALSE_REGISTRATION")
    moves(parts, "ACTIVE", 3, "REVOCATION_UNDONE")
    moves(parts, "DORMANT", 4)
    moves(parts, "ACTIVE", 5, "RESUMED")

    assert permit_states(store) == ["CANCELLED", "CANCELLED"]
    revoked, undone = told(parts, "HolderFollowed")
    assert (revoked["entity_version"], revoked["permit_ids"]) == (2, [permit.permit_id for permit in permits])
    assert (undone["entity_version"], undone["permit_ids"]) == (3, [])
    assert undone["kept_permit_ids"] == [permit.permit_id for permit in permits]
    assert undone["kept_reason_codes"] == ["ENDED_WITH_UNDONE_REVOCATION"] * 2
    submit(stub, "again")  # it may apply again


def test_a_revocation_that_is_heard_of_after_its_undoing_ends_nothing(stub: Any, parts: Any, store: Any) -> None:
    registered(parts)
    granted(stub, "k1")
    moves(parts, "ACTIVE", 3, "REVOCATION_UNDONE")
    moves(parts, "REGISTRATION_REVOKED", 2, "FALSE_REGISTRATION")
    assert permit_states(store) == ["IN_FORCE"]
    assert [(e["entity_version"], e["permit_ids"]) for e in told(parts, "HolderFollowed")] == [(3, []), (2, [])]
    assert not has_ended(store.holder(COMPANY))
    submit(stub, "k2")


def test_an_undoing_that_is_heard_of_while_permits_end_is_told_by_one_of_the_two(
    stub: Any, parts: Any, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(parts)
    permit = granted(stub, "k1")
    cancel, seen = due._cancel, []

    def undone_meanwhile(*arguments: Any) -> Any:
        if not seen:
            seen.append(True)
            moves(parts, "ACTIVE", 3, "REVOCATION_UNDONE")
        return cancel(*arguments)

    monkeypatch.setattr(due, "_cancel", undone_meanwhile)
    moves(parts, "REGISTRATION_REVOKED", 2, "FALSE_REGISTRATION")
    told_of = [permit_id for event in told(parts, "HolderFollowed") for permit_id in event["kept_permit_ids"]]
    assert told_of == [permit.permit_id]


def test_a_revoked_licence_counts_although_the_entity_was_heard_to_be_cleared_first(
    stub: Any, parts: Any, store: Any
) -> None:
    """Only a revoked registration is ever undone."""
    registered(parts)
    granted(stub, "k1")
    moves(parts, "CLEARING", 3)
    assert permit_states(store) == ["IN_FORCE"]
    moves(parts, "LICENCE_REVOKED", 2)
    assert permit_states(store) == ["CANCELLED"]
    holder = store.holder(COMPANY)
    assert (holder["state"], holder["ended_state"], holder["ended_version"]) == ("CLEARING", "LICENCE_REVOKED", 2)
    assert has_ended(holder)
    Holder(**{"holder_code" if key == "_id" else key: value for key, value in holder.items()}).validate()


def test_an_older_end_does_not_overwrite_a_newer_one(parts: Any, store: Any) -> None:
    registered(parts)
    moves(parts, "CANCELLED", 4)
    moves(parts, "LICENCE_REVOKED", 2)
    assert (store.holder(COMPANY)["ended_state"], store.holder(COMPANY)["ended_version"]) == ("CANCELLED", 4)
