"""Ids, failures, page tokens, sealing, logs, events."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any

import grpc
import pytest
from cryptography.exceptions import InvalidTag
from google.rpc import error_details_pb2, status_pb2
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.events import EntityRegistered
from shared import failures, ids
from shared.clock import FixedClock, SystemClock, end_of_local_day, local_date
from shared.events import Cause, decode_batch, encode, encode_batch, timeline_entry
from shared.failures import Failure, InvalidArgument, Violation
from shared.grpc_errors import status_of
from shared.ids import bound_before, id_time, new_id
from shared.logs import drop_personal_data
from shared.paging import read_token, write_token
from shared.personal_data import Sealer


def test_ids_are_sorted_by_time_and_unique_across_threads() -> None:
    made: list[list[str]] = []

    def work() -> None:
        made.append([new_id("app") for _ in range(2000)])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(ids == sorted(ids) for ids in made)
    assert len({i for ids in made for i in ids}) == 8000


def test_an_id_tells_its_time_and_bounds_a_range() -> None:
    before = SystemClock().now()
    made = new_id("evt")

    assert abs(id_time(made) - before) < timedelta(seconds=1)
    assert (
        bound_before("evt", before - timedelta(seconds=1)) < made < bound_before("evt", before + timedelta(seconds=5))
    )


@given(st.integers(0, 2**128 - 1))
def test_an_id_is_128_bits_in_base_32(value: int) -> None:
    digits = ids._encode(value)
    assert len(digits) == 26
    assert reduce(lambda told, digit: told * 32 + ids.ALPHABET.index(digit), digits, 0) == value


def test_each_of_the_seven_failures_has_one_status_in_each_table() -> None:
    kinds = [kind for kind in Failure.__subclasses__() if kind.__module__ == "shared.failures"]

    assert len(kinds) == 7
    assert set(kinds) == set(failures.GRPC_CODES) == set(failures.HTTP_STATUSES)
    assert all(hasattr(grpc.StatusCode, name) for name in failures.GRPC_CODES.values())
    assert all(failures.failure_class_of(name) is kind for kind, name in failures.GRPC_CODES.items())


def test_a_failure_keeps_its_reason_fields_and_metadata_over_grpc() -> None:
    class NameTaken(failures.AlreadyExists):
        pass

    failure = NameTaken(
        "held", violations=[Violation("name", "held by another", "NAME_TAKEN")], metadata={"field": "name"}
    )
    status = status_of(failure)

    assert failure.reason == "NAME_TAKEN"
    assert status.code is grpc.StatusCode.ALREADY_EXISTS
    assert b"NAME_TAKEN" in dict(status.trailing_metadata)["grpc-status-details-bin"]


@pytest.mark.parametrize("description", ["must be given", "名称中有不允许的字符" * 20, "x" * 20_000])
def test_a_status_names_few_enough_violations_to_be_carried_and_says_how_many_more(description: str) -> None:
    """Trailers above 8 KiB end the call with another error than ours."""
    violations = [Violation(f"investors[{n}].amount_fen", description, "FIELD_RULE") for n in range(600)]
    status = status_of(InvalidArgument("wrong", reason="INVALID_FIELD", violations=violations))
    sent = status_pb2.Status.FromString(dict(status.trailing_metadata)["grpc-status-details-bin"])
    told = error_details_pb2.BadRequest()
    assert sent.details[1].Unpack(told)
    named = [v.field for v in told.field_violations]
    assert 1 <= len(named) <= 30
    assert named == [v.field for v in violations[: len(named)]]
    assert sent.message == f"wrong (and {600 - len(named)} more)"
    assert sent.ByteSize() < 5000
    few = status_of(InvalidArgument("wrong", violations=[Violation("name", "x", "X")] * 30))
    assert few.details == "wrong"


def test_a_page_token_fits_its_query_only() -> None:
    token = write_token("ent_1", "entities", "320411")

    assert read_token(token, "entities", "320411") == "ent_1"
    assert read_token("", "anything") == ""
    for wrong in (token, "x", "%%%", "aGVsbG8="):
        with pytest.raises(InvalidArgument) as caught:
            read_token(wrong, "entities", "320412")
        assert caught.value.reason == "PAGE_TOKEN"


def test_a_sealed_blob_opens_only_in_its_own_context_and_unaltered() -> None:
    sealer = Sealer(bytes(range(32)))
    sealed = sealer.seal("王小明".encode(), "app_1")

    assert sealer.open(sealed, "app_1") == "王小明".encode()
    assert sealer.seal(b"x", "a") != sealer.seal(b"x", "a")
    for blob, context in ((sealed, "app_2"), (sealed[:-1] + bytes([sealed[-1] ^ 1]), "app_1")):
        with pytest.raises(InvalidTag):
            sealer.open(blob, context)
    assert sealer.lookup("a") == sealer.lookup("a") != Sealer(bytes(32)).lookup("a")


def test_a_log_line_carries_no_personal_field_and_cannot_be_forged() -> None:
    event: dict[str, Any] = {
        "event": "x",
        "name": "王小明",
        "phone": "13800000000",
        "trace": "a\nb\x1b[31m",
        "case_id": "app_1",
    }

    drop_personal_data(None, "info", event)

    assert event == {"event": "x", "name": "[dropped]", "phone": "[dropped]", "trace": "a�b�[31m", "case_id": "app_1"}


def test_a_day_in_shanghai_begins_eight_hours_before_utc() -> None:
    clock = FixedClock(datetime(2026, 11, 23, 16, 30, tzinfo=UTC))

    assert clock.today().isoformat() == "2026-11-24"
    assert end_of_local_day(local_date(clock.now())) == datetime(2026, 11, 24, 16, 0, tzinfo=UTC)


def test_an_event_survives_the_bus_with_its_cause() -> None:
    event = EntityRegistered("ent_1", "app_1", "91320411MAXX00015L", "LIMITED_COMPANY", "320411", "2026-11-23", 1)
    entry = timeline_entry(event, SystemClock().now(), Cause("client", "corr-1", "evt_0", "00-ab-cd-01"))

    (received,) = decode_batch(encode_batch([encode("registration", "320411", "ent_1", entry)]))

    assert (received.id, received.subject, received.correlation_id) == (entry["id"], "ent_1", "corr-1")
    assert received.type == "tongban.registration.v1.EntityRegistered"
    assert received.data.uscc == event.uscc
    assert received.time == entry["time"]
    assert decode_batch(received.raw)[0].id == received.id
    assert received.cause().causation_id == entry["id"]


@pytest.mark.parametrize("body", [b"", b"\xff\xff", b"{}", b"\x0a\x02\x0a\x00"])
def test_what_is_no_batch_of_events_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidArgument):
        decode_batch(body)
