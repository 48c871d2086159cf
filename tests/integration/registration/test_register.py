"""The register: import, look-up, lists, work list, licence facts (mission 4-02; issue: per-row verdicts)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
from tongban.common.v1 import paging_pb2
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.domain.search import query_grams
from services.registration.store import RegisterStore
from services.registration.store.documents import DOCUMENTS
from services.registration.store.entity_queries import EntityQueries
from services.registration.usecases import entities, work_list
from services.registration.usecases.context import Parts
from shared.grpc_errors import failure_of
from shared.national_codes import compose_uscc
from tests.integration.registration.conftest import asked, context, decide, received, submit
from tests.integration.registration.test_applications import refused_with

pytestmark = pytest.mark.integration


def row(number: int, **changes: str) -> Any:
    """A lawful row of an older register (invented)."""
    fields = {
        "name": f"常州远{'一二三四五六七八九'[number % 9]}{'甲乙丙丁戊己庚辛壬癸'[number // 9 % 10]}机械有限公司",
        "uscc": compose_uscc("91", "320411", f"MAXX{number:04d}"),
        "registered_on": "2001-05-08",
        "capital": "50(万元人民币)",
        "business_scope": "机械零部件的制造。",
        "address": "常州市新北区某路1号",
    }
    return rpc.EntityRow(row_number=number, **(fields | changes))


def import_rows(stub: Any, *groups: list[Any]) -> Any:
    return stub.ImportEntities(
        iter([rpc.ImportEntitiesRequest(context=context("import-1"), rows=group) for group in groups])
    )


def test_every_row_gets_its_verdict_and_a_bad_row_stops_no_other(stub: Any, store: Any) -> None:
    answer = import_rows(
        stub,
        [row(1), row(2, uscc="91320411MAXX00016P"), row(3, registered_on="2001-02-30")],
        [row(4, name=""), row(5), row(6, uscc=row(1).uscc)],
    )

    verdicts = {verdict.row_number: verdict for verdict in answer.verdicts}
    assert (answer.imported, answer.unchanged, answer.refused) == (2, 0, 4)
    assert verdicts[2].violations[0].reason == "USCC_ORGANISATION_DIGIT"
    assert [verdicts[n].violations[0].field for n in (2, 3, 4, 6)] == ["uscc", "registered_on", "name", "uscc"]
    assert store.entities.count_documents({}) == 2


def test_a_row_whose_code_another_registrar_gave_is_kept_under_that_one_and_nobody_here_acts_on_it(
    stub: Any, store: Any
) -> None:
    city = compose_uscc("91", "320400", "MAXX0002")
    (kept, _) = import_rows(stub, [row(1, uscc=city), row(2)]).verdicts
    assert sorted(entity["division_code"] for entity in store.entities.find()) == ["320400", "320411"]
    request = rpc.ChangeEntityStateRequest(
        context=context("x"), entity_id=kept.entity_id, division_code="320411", expected_version=1,
        state=pb.ENTITY_STATE_LICENCE_REVOKED, reason_code="PENALTY",
    )  # fmt: skip
    assert refused_with(lambda: stub.ChangeEntityState(request)).reason == "DIVISION_MISMATCH"


@pytest.mark.parametrize(
    ("column", "value"),
    [("capital", "381(万元人民币)"), ("business_scope", "面馆"), ("address", "云杉路9号"), ("type", "股份有限公司"),
     ("registered_on", "2001-02-03")],
)  # fmt: skip
def test_a_row_that_says_something_else_than_the_register_is_not_called_unchanged(
    stub: Any, column: str, value: str
) -> None:
    import_rows(stub, [row(1)])
    (verdict,) = import_rows(stub, [row(1, **{column: value})]).verdicts
    (violation,) = verdict.violations
    assert (violation.field, violation.reason) == ("uscc", "USCC_TAKEN")
    assert f"another {column};" in violation.description


def test_the_same_file_again_changes_nothing(stub: Any, store: Any) -> None:
    first = import_rows(stub, [row(1), row(2)])

    again = import_rows(stub, [row(1), row(2), row(3)])

    assert (again.imported, again.unchanged, again.refused) == (1, 2, 0)
    assert again.verdicts[0].entity_id == first.verdicts[0].entity_id
    assert store.entities.count_documents({}) == 3
    assert store.names.count_documents({"state": "REGISTERED"}) == 3, "a name held twice would never be free again"


def test_a_file_that_broke_off_between_entities_and_names_is_mended_by_sending_it_again(
    stub: Any, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(names: Any) -> None:
        raise RuntimeError("killed between the two writes")

    with monkeypatch.context() as killed:
        killed.setattr(store, "note_names", dies)
        with pytest.raises(grpc.RpcError):
            import_rows(stub, [row(1), row(2)])
    again = import_rows(stub, [row(1), row(2)])
    assert (again.imported, again.unchanged) == (0, 2)
    kept = {entity["_id"]: entity["name"] for entity in store.entities.find()}
    assert {name["entity_id"]: name["full_name"] for name in store.names.find()} == kept


def test_lists_come_in_pages_without_gaps_or_repeats(stub: Any) -> None:
    import_rows(stub, [row(number) for number in range(1, 26)])
    seen, token = [], ""
    while True:
        page = stub.ListEntities(
            rpc.ListEntitiesRequest(division_code="320411", page=paging_pb2.PageRequest(page_size=10, page_token=token))
        )
        seen += [entity.uscc for entity in page.entities]
        token = page.next_page_token
        if not token:
            break

    assert len(seen) == len(set(seen)) == 25


def test_a_list_by_beginning_of_the_name_is_paged_by_name(stub: Any) -> None:
    import_rows(stub, [row(number) for number in range(1, 21)])
    request = rpc.ListEntitiesRequest(name_prefix="常州远一", page=paging_pb2.PageRequest(page_size=1))
    first = stub.ListEntities(request)
    request.page.page_token = first.next_page_token

    second = stub.ListEntities(request)

    assert first.entities[0].name < second.entities[0].name
    assert second.entities[0].name.startswith("常州远一")


def test_a_page_token_of_another_query_is_refused(stub: Any) -> None:
    import_rows(stub, [row(number) for number in range(1, 4)])
    page = stub.ListEntities(rpc.ListEntitiesRequest(page=paging_pb2.PageRequest(page_size=1)))

    with pytest.raises(grpc.RpcError) as caught:
        stub.ListEntities(
            rpc.ListEntitiesRequest(
                division_code="320411", page=paging_pb2.PageRequest(page_token=page.next_page_token)
            )
        )

    assert failure_of(caught.value).reason == "PAGE_TOKEN"


def test_a_given_code_that_an_imported_entity_holds_is_passed_over(stub: Any, store: Any) -> None:
    from services.registration.domain.codes import uscc_of
    from services.registration.domain.entities import EntityType

    following = store.counters.find_one({"_id": "subject_code"}) or {"next": 0}
    store._numbers = iter(range(0))
    taken = uscc_of(EntityType.LIMITED_COMPANY, "320411", following["next"])
    assert import_rows(stub, [row(1, uscc=taken)]).imported == 1

    application = decide(stub, received(stub).application_id).application

    assert application.uscc != taken


def test_the_work_list_shows_open_cases_by_due_date_whatever_the_order_of_events(
    stub: Any, parts: Parts, store: Any
) -> None:
    time = datetime(2026, 11, 23, tzinfo=UTC)
    work_list.close_cases(parts, ["app_3"])  # the decision's event came first
    work_list.open_cases(parts, [("app_2", "320411", "2026-11-27", time), ("app_1", "320411", "2026-11-26", time)])
    work_list.open_cases(parts, [("app_3", "320411", "2026-11-26", time), ("app_1", "320411", "2026-11-26", time)])
    store.applications.insert_one({"_id": "app_1", "version": 2, "due_date": "2026-12-01"})
    work_list.move_cases(parts, ["app_1"])
    work_list.open_cases(parts, [("app_1", "320411", "2026-11-26", time)])  # repeated after the extension

    items = stub.ListWorkItems(rpc.ListWorkItemsRequest(division_code="320411")).work_items

    assert [(item.application_id, item.due_date) for item in items] == [
        ("app_2", "2026-11-27"),
        ("app_1", "2026-12-01"),
    ]


def test_licence_facts_are_told_with_a_purpose_and_logged_without_content(stub: Any, parts: Parts, store: Any) -> None:
    application = decide(stub, received(stub).application_id).application

    (facts,) = entities.licence_facts(parts, [application.entity_id], "issue the business licence", "certificates")

    assert facts["uscc"] == application.uscc
    assert len(facts["legal_representative"]) >= 2
    (disclosure,) = store.disclosures.find()
    assert disclosure["entity_ids"] == [application.entity_id]
    assert disclosure["asked_by"] == "certificates"
    assert facts["legal_representative"] not in str(disclosure)


def test_what_is_written_is_what_the_documents_declare(stub: Any, store: Any) -> None:
    decide(stub, received(stub).application_id)
    import_rows(stub, [row(1)])

    for document in DOCUMENTS:
        if document._meta["collection"] == "work_items":
            continue
        for stored in store.client[store.database][document._meta["collection"]].find():
            record = document._from_son(stored)
            record.validate()
            assert set(record.to_mongo()) >= set(stored)


QUERIES = [
    ("entities", {"uscc": "x"}, None, "uscc"),
    ("entities", {"division_code": "320411"}, [("_id", 1)], "division"),
    ("entities", {"name": {"$regex": "^常州"}}, [("name", 1), ("_id", 1)], "name"),
    ("entities", {"grams": "云帆"}, [("_id", 1)], "grams"),
    ("entity_cases", {"commands.key": "a"}, None, "commands"),
    ("entity_cases", {"entity_id": "x"}, [("_id", -1)], "entity"),
    ("entity_cases", {"next_due_time": {"$lte": datetime(2025, 1, 1, tzinfo=UTC)}}, [("next_due_time", 1)], "due"),
    ("entity_cases", {"pending": {"$type": "string", "$lt": "evt_1"}}, None, "outbox_pending"),
    ("applications", {"commands.key": {"$in": ["a"]}}, None, "commands"),
    ("names", {"reservation_id": "x"}, None, "reservation"),
    ("names", {"_id": {"$in": ["x"]}}, None, "_id_"),
    ("work_items", {"division_code": "320411", "open": True}, [("due_date", 1), ("_id", 1)], "open"),
    ("applications", {"pending": {"$type": "string", "$lt": "evt_1"}}, None, "outbox_pending"),
    ("entities", {"pending": {"$type": "string", "$lt": "evt_1"}}, None, "outbox_pending"),
]


@pytest.mark.parametrize(("collection", "query", "sort", "index"), QUERIES)
def test_every_query_has_its_index(store: Any, collection: str, query: dict[str, Any], sort: Any, index: str) -> None:
    cursor = store.client[store.database][collection].find(query)
    if sort:
        cursor = cursor.sort(sort)

    plan = str(cursor.explain()["queryPlanner"]["winningPlan"])

    assert f"'indexName': '{index}'" in plan
    assert "COLLSCAN" not in plan
    assert "'stage': 'SORT'" not in plan


def test_names_are_found_by_what_they_contain_however_they_are_written(stub: Any, store: RegisterStore) -> None:
    names = ["常州云帆机械有限公司", "常州星河机械有限公司", "常州云ABC贸易有限公司", "常州（云帆）贸易有限公司"]
    for number, name in enumerate(names):
        store.insert_entities(
            [
                {
                    "_id": f"ent_{number}",
                    "uscc": f"code-{number}",
                    "name": name,
                    "division_code": "320411",
                    "state": "ACTIVE",
                }
            ]
        )

    def found(text: str, size: int = 50, token: str = "") -> tuple[list[str], str]:
        documents, last = store.list_entities({}, "", text, token, size)
        return [document["name"] for document in documents], last

    assert found("云帆")[0] == [names[0], names[3]]
    assert found("机械有限")[0] == names[:2]
    assert found("abc")[0] == [names[2]]
    assert found("(云帆)")[0] == [names[3]]
    assert found("帆云")[0] == []
    first, last = found("有限公司", 3)
    assert (first, found("有限公司", 3, last)) == (names[:3], ([names[3]], ""))
    assert store.list_entities({"state": "CANCELLED"}, "", "云帆", "", 50) == ([], "")
    request = rpc.ListEntitiesRequest(name_contains="云")
    assert refused_with(lambda: stub.ListEntities(request)).violations[0].reason == "QUERY_TOO_SHORT"


def test_a_search_reads_the_pair_that_the_fewest_names_have(store: RegisterStore) -> None:
    store.insert_entities(
        [{"_id": f"ent_{n}", "uscc": f"c-{n}", "name": f"常州{n:04}机械有限公司"} for n in range(300)]
        + [{"_id": "ent_x", "uscc": "c-x", "name": "常州云帆机械有限公司"}]
    )
    queries = EntityQueries(store.entities)
    assert queries._rarest(query_grams("云帆机械")) in ("云帆", "帆机")
    plan = store.entities.find({"grams": "云帆"}).sort("_id", 1).hint("grams").explain()["executionStats"]
    assert (plan["totalDocsExamined"], plan["totalKeysExamined"]) == (1, 1)


def test_the_last_year_that_a_date_can_have_breaks_nothing(stub: Any) -> None:
    entity_id = decide(stub, received(stub).application_id).application.entity_id
    late = rpc.GetEntityRequest(entity_id=entity_id, as_of="9999-12-31")
    assert refused_with(lambda: stub.GetEntity(late)).reason == "DATE_IN_FUTURE"
    months = stub.GetStatistics(rpc.GetStatisticsRequest(first_month="9999-01", last_month="9999-12")).months
    assert [month.month for month in months] == [f"9999-{n:02}" for n in range(1, 13)]
    facts = {"report_year": "9999", "revenue_fen": "1", "employees": "1", "industry": "5211"}
    report = rpc.OpenEntityCaseRequest(
        context=context("report"), kind="ANNUAL_REPORT", entity_id=entity_id, by=rpc.CASE_PARTY_APPLICANT, facts=facts
    )
    assert refused_with(lambda: stub.OpenEntityCase(report)).reason == "NO_REPORT_PERIOD"


@pytest.mark.parametrize("field", ["name_prefix", "name_contains", "scope_keyword"])
def test_a_search_for_what_the_store_cannot_search_for_names_its_field(stub: Any, field: str) -> None:
    failure = refused_with(lambda: stub.ListEntities(rpc.ListEntitiesRequest(**{field: "常\0州"})))
    assert (failure.reason, [v.field for v in failure.violations]) == ("TEXT_UNPRINTABLE", [field])


def test_hundreds_of_faults_in_one_application_are_told_over_the_contract(stub: Any) -> None:
    application = asked()
    del application.investors[:]
    for _ in range(200):
        application.investors.add(amount_fen=1, person={"name": "x" * 101, "id_number": "9" * 41, "phone": "1" * 21})
    failure = refused_with(lambda: submit(stub, application, "many"))
    assert failure.reason == "INVALID_FIELD"
    assert failure.violations[0].field == "submissions[0].application.investors[0].person.name"
    told = len(failure.violations)
    assert 20 <= told <= 30
    assert failure.message.endswith(f"(and {600 - told} more)")
