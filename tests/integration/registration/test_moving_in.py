"""Entities that move in: code and founding date are kept, the name is held, the stock counts them (条例 art. 27)."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.store.register import RegisterStore
from services.registration.usecases import statistics
from services.registration.usecases.annual_reports import list_late_reporters
from services.registration.usecases.context import Parts
from shared.clock import FixedClock
from shared.grpc_errors import failure_of
from shared.national_codes import compose_uscc, resident_id_violation
from tests.integration.registration.conftest import NOW, context, submit
from tests.integration.registration.conftest import asked as application
from tests.integration.registration.test_applications import refused_with
from tests.integration.registration.test_entity_cases import REGISTRAR, acted, entity_of, opened, registered
from tests.integration.registration.test_statistics import hear

pytestmark = pytest.mark.integration
CODE = compose_uscc("91", "320402", "MAXX0001")
_FIRST17 = "32041119900307001"
ID_NUMBER = next(n for n in (_FIRST17 + d for d in "0123456789X") if resident_id_violation(n, NOW.date(), "x") is None)
HEAD = {"name": "王小明", "id_type": "RESIDENT_ID", "id_number": ID_NUMBER, "identity_check": "FACE"}


@pytest.fixture(autouse=True)
def in_a_known_year(clock: FixedClock) -> None:
    clock.set(datetime(2025, 3, 3, 2, tzinfo=UTC))


def taken_over(stub: Any, key: str = "take", **changes: Any) -> Any:
    body = {
        "division_code": "320411", "from_division_code": "320402", "taking_over_ref": "QR-1", "files_sha256": "ab" * 32,
        "uscc": CODE, "entity_type": pb.ENTITY_TYPE_LIMITED_COMPANY, "name": "常州星河机械有限公司",
        "founding_date": "2019-05-06", "domicile": pb.Domicile(division_code="320411", address="通江路88号"),
        "business_scope": "机械制造", "capital": pb.Capital(amount_fen=100), "legal_representative": pb.Person(**HEAD),
    } | changes  # fmt: skip
    return stub.TakeOverEntity(rpc.TakeOverEntityRequest(context=context(key, "registrar"), **body))


def moved_out(stub: Any, entity: Any, key: str = "out") -> None:
    facts = {"to_division_code": "320402", "taking_over_ref": "QR-0"}
    case = opened(stub, entity, "MOVE_OUT", facts, key).entity_case
    acted(stub, case, "HAND_OVER", f"{key}-2", by=REGISTRAR, division_code="320411")


def test_an_entity_that_moves_in_keeps_its_code_and_founding_date_and_is_told_without_persons(
    stub: Any, parts: Parts, store: RegisterStore
) -> None:
    entity = taken_over(stub).entity
    assert (entity.uscc, entity.founding_date, entity.state) == (CODE, "2019-05-06", pb.ENTITY_STATE_ACTIVE)
    assert (entity.from_division_code, entity.legal_representative_masked) == ("320402", "王*明")
    (told,) = parts.outbox.entries  # type: ignore[attr-defined]
    assert told["type"] == "EntityMovedIn"
    assert told["data"] == {
        "entity_id": entity.entity_id, "uscc": CODE, "entity_type": "LIMITED_COMPANY", "division_code": "320411",
        "from_division_code": "320402", "entity_version": 1,
    }  # fmt: skip
    stored = store.entity(entity.entity_id)
    assert stored is not None
    assert "王小明" not in str(stored)
    assert json.loads(parts.sealer.open(stored["persons"], entity.entity_id))["name"] == "王小明"
    assert stored["move_in"]["taking_over_ref"] == "QR-1"
    assert submit(stub, application(name=entity.name), "k").failure.reason == "NAME_TAKEN"


def test_the_same_command_at_once_takes_it_over_once_and_another_content_is_refused(
    stub: Any, store: RegisterStore
) -> None:
    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(lambda _: taken_over(stub), range(6)))
    assert len({one.entity.entity_id for one in told}) == 1
    assert sum(not one.replayed for one in told) == 1
    assert store.names.count_documents({}) == store.entities.count_documents({}) == 1
    assert refused_with(lambda: taken_over(stub, name="常州远航机械有限公司")).reason == "IDEMPOTENCY_KEY_REUSED"


def test_what_is_kept_here_or_whose_name_is_held_here_does_not_move_in_and_nothing_is_stored(
    stub: Any, store: RegisterStore
) -> None:
    taken_over(stub)
    assert refused_with(lambda: taken_over(stub, "again")).reason == "ENTITY_ALREADY_KEPT"
    other = compose_uscc("91", "320402", "MAXX0002")
    assert refused_with(lambda: taken_over(stub, "other", uscc=other)).reason == "NAME_TAKEN"
    assert store.entities.count_documents({}) == 1


def test_two_with_one_name_at_once_are_one(stub: Any, store: RegisterStore) -> None:
    def one(number: int) -> str:
        code = compose_uscc("91", "320402", f"MAXX{number:04}")
        try:
            return str(taken_over(stub, f"k{number}", uscc=code).entity.entity_id)
        except grpc.RpcError as error:
            return failure_of(error).reason

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(one, range(4)))
    assert sorted(told)[:3] == ["NAME_TAKEN"] * 3
    assert sorted(told)[3].startswith("ent_")
    assert store.entities.count_documents({}) == store.names.count_documents({}) == 1


def test_an_entity_that_moved_out_comes_back_as_itself_with_its_resting_name(
    stub: Any, parts: Parts, store: RegisterStore, clock: FixedClock
) -> None:
    store.moves.delete_many({})
    entity = registered(stub)
    opened(stub, entity, "ABNORMAL_LISTING", {"reason_codes": "SEAT_NOT_FOUND"}, "list", by=REGISTRAR)
    moved_out(stub, entity)
    same = {"uscc": entity.uscc, "name": entity.name}
    failure = refused_with(lambda: taken_over(stub, **same))
    assert (failure.reason, failure.violations[0].field) == ("FOUNDING_DATE_DIFFERS", "founding_date")
    clock.advance(timedelta(days=40))
    back = taken_over(stub, "back", **same, founding_date=entity.founding_date).entity

    assert (back.entity_id, back.state, list(back.flags)) == (entity.entity_id, pb.ENTITY_STATE_ACTIVE, [])
    assert back.domicile.address == "通江路88号"
    assert back.version > entity.version
    assert taken_over(stub, "back", **same, founding_date=entity.founding_date).replayed
    (name,) = store.names.find()
    assert (name["state"], name["expiry_date"]) == ("REGISTERED", None)
    on = stub.GetEntity(rpc.GetEntityRequest(entity_id=entity.entity_id, as_of="2025-03-04")).entity
    assert on.state == pb.ENTITY_STATE_MOVED_OUT
    hear(parts)
    statistics.note_moves(
        parts,
        [
            (e["id"], e["data"]["entity_id"], statistics.Move.MOVED_IN, e["time"])
            for e in parts.outbox.entries  # type: ignore[attr-defined]
            if e["type"] == "EntityMovedIn"
        ],
    )
    assert statistics.check_stock(parts) == 0
    months = stub.GetStatistics(rpc.GetStatisticsRequest(first_month="2025-03", last_month="2025-04")).months
    assert [(m.set_up, m.moved_out, m.moved_in, m.stock) for m in months] == [(1, 1, 0, 0), (0, 0, 1, 1)]


def test_what_is_new_about_an_entity_that_comes_back_is_told_to_those_who_show_it(
    stub: Any, parts: Parts, store: RegisterStore
) -> None:
    """25.4-10: its permits stayed here, under the old name. Two persons may have one mask."""
    entity = registered(stub)
    moved_out(stub, entity)
    new = HEAD | {"name": "王大明"}
    back = taken_over(
        stub, "back", uscc=entity.uscc, founding_date=entity.founding_date, name="常州银河机械有限公司",
        legal_representative=pb.Person(**new),
    ).entity  # fmt: skip
    told = {e["type"]: e["data"] for e in parts.outbox.entries}  # type: ignore[attr-defined]
    assert told["EntityMovedIn"]["entity_version"] == told["EntityChanged"]["entity_version"] == back.version
    assert {"name", "domicile", "legal_representative_masked"} <= set(told["EntityChanged"]["facts"])
    assert not {"division_code", "from_division_code"} & set(told["EntityChanged"]["facts"])
    document = store.entity(entity.entity_id)
    assert document is not None
    assert document["from_division_code"] == "320402"
    assert [e["type"] for e in document["timeline"][-2:]] == ["EntityChanged", "EntityMovedIn"]


def test_an_entity_that_comes_back_as_it_went_changed_nothing(stub: Any, parts: Parts) -> None:
    entity = taken_over(stub).entity
    moved_out(stub, entity)
    taken_over(stub, "back")
    assert "EntityChanged" not in [e["type"] for e in parts.outbox.entries]  # type: ignore[attr-defined]


def test_a_name_that_rests_after_another_entity_is_not_taken_by_one_that_moves_in(stub: Any, clock: FixedClock) -> None:
    entity = registered(stub)
    moved_out(stub, entity)
    assert refused_with(lambda: taken_over(stub, name=entity.name)).reason == "NAME_TAKEN"
    clock.set(datetime(2026, 3, 5, 2, tzinfo=UTC))
    assert taken_over(stub, "later", name=entity.name).entity.name == entity.name


def test_it_owes_the_reports_that_could_still_be_handed_in_when_it_came(
    stub: Any, parts: Parts, clock: FixedClock
) -> None:
    entity = taken_over(stub).entity
    clock.set(datetime(2025, 6, 30, 2, tzinfo=UTC))
    assert list_late_reporters(parts) == 0
    clock.set(datetime(2025, 7, 1, 2, tzinfo=UTC))
    assert list_late_reporters(parts) == 1
    assert list(entity_of(stub, entity).flags) == ["ABNORMAL_LIST"]


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"uscc": CODE[:-1] + ("A" if CODE[-1] != "A" else "B")}, "uscc", "USCC_CHECK_DIGIT"),
        ({"from_division_code": "320411"}, "from_division_code", "SAME_DIVISION"),
        ({"from_division_code": "999999"}, "from_division_code", ""),
        ({"founding_date": "2026-01-01"}, "founding_date", "DATE_IN_FUTURE"),
        ({"founding_date": "2019-02-30"}, "founding_date", "DATE_INVALID"),
        ({"domicile": pb.Domicile(division_code="320411")}, "domicile.address", "ADDRESS_MISSING"),
        ({"domicile": pb.Domicile(address="x")}, "domicile.division_code", "DOMICILE_DIVISION_MISSING"),
        ({"entity_type": pb.ENTITY_TYPE_SOLE_TRADER}, "uscc", "USCC_KIND"),
        ({"legal_representative": pb.Person()}, "legal_representative", "LEGAL_REPRESENTATIVE_MISSING"),
        (
            {"legal_representative": pb.Person(**(HEAD | {"identity_check": ""}))},
            "legal_representative.identity_check", "IDENTITY_NOT_CHECKED",
        ),
        ({"capital": pb.Capital(amount_fen=1, currency="XXX")}, "capital.currency", "CURRENCY_UNKNOWN"),
        # the licence that is issued here states them: without them it could never be made
        ({"capital": None}, "capital.amount_fen", "CAPITAL_MISSING"),
        ({"business_scope": " "}, "business_scope", "BUSINESS_SCOPE_MISSING"),
        ({"business_scope": "软件\u200b开发"}, "business_scope", "TEXT_UNPRINTABLE"),
        (
            {"legal_representative": pb.Person(**(HEAD | {"name": "王\u202e小明"}))},
            "legal_representative.name", "TEXT_UNPRINTABLE",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_its_field(
    stub: Any, store: RegisterStore, changes: dict[str, Any], field: str, reason: str
) -> None:
    failure = refused_with(lambda: taken_over(stub, **changes))
    assert failure.violations[0].field == field
    assert failure.violations[0].reason == reason or not reason
    assert ID_NUMBER not in str(failure.violations)
    assert store.entities.count_documents({}) == 0


def test_it_moves_to_the_registrar_of_its_seat_only(stub: Any) -> None:
    elsewhere = pb.Domicile(division_code="320402", address="x")
    assert refused_with(lambda: taken_over(stub, domicile=elsewhere)).reason == "NOT_COMPETENT"
    assert refused_with(lambda: taken_over(stub, division_code="320402")).reason == "NOT_COMPETENT"


def test_the_command_of_a_move_is_found_on_its_index(store: RegisterStore) -> None:
    plan = str(store.entities.find({"commands.key": "a"}).explain()["queryPlanner"]["winningPlan"])
    assert "'indexName': 'commands'" in plan
    assert "COLLSCAN" not in plan
