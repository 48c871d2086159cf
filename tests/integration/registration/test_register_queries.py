"""Lists of the register by day of founding and by business scope, alone and together (REG queries; each on an index)."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from tongban.common.v1 import paging_pb2
from tongban.registration.v1 import service_pb2 as rpc

from services.registration.store import RegisterStore, entity_queries
from services.registration.store.entity_queries import EntityQueries, QueryTooBroad
from tests.integration.registration.test_applications import refused_with
from tests.integration.registration.test_register import import_rows, row

pytestmark = pytest.mark.integration
SCOPES = (
    "食品销售；日用百货销售。",
    "一般项目：机械制造；食品销售（仅销售预包装食品）",
    "餐饮服务，食品经营",
    "软件开发",
)


@pytest.fixture
def register(stub: Any) -> list[str]:
    """Twelve entities: scopes in turn, founded on the first of each month of 2020."""
    rows = [
        row(
            n + 1, business_scope=SCOPES[n % 4], registered_on=f"2020-{n + 1:02}-01",
            name=f"常州{'甲乙丙'[n % 3]}{chr(0x4E00 + n)}机械有限公司",
        )
        for n in range(12)
    ]  # fmt: skip
    assert import_rows(stub, rows).imported == 12
    return [one.uscc for one in rows]


def listed(stub: Any, size: int = 5, **asked: Any) -> list[Any]:
    found, token = [], ""
    while True:
        page = stub.ListEntities(
            rpc.ListEntitiesRequest(page=paging_pb2.PageRequest(page_size=size, page_token=token), **asked)
        )
        found += page.entities
        token = page.next_page_token
        if not token:
            assert len({one.entity_id for one in found}) == len(found)
            return found


def test_days_of_founding_bound_a_list_in_their_order_and_both_count(stub: Any, register: list[str]) -> None:
    found = listed(stub, 2, founded_from="2020-03-01", founded_to="2020-07-01")
    assert [one.founding_date for one in found] == [f"2020-{month:02}-01" for month in (3, 4, 5, 6, 7)]
    assert len(listed(stub, founded_from="2020-11-02")) == 1
    assert len(listed(stub, founded_to="2020-02-29")) == 2


@pytest.mark.parametrize("few", [0, 1000])
def test_the_beginning_of_any_item_of_the_scope_finds_an_entity_once(
    stub: Any, register: list[str], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """`few` 0: every keyword counts as frequent, so that both ways to read are played."""
    monkeypatch.setattr(entity_queries, "FEW", few)
    for keyword, count in {
        "食品": 9,
        "食品销售": 6,
        "食品销": 6,
        "机械": 3,
        "销售": 0,
        "制造": 0,
        "餐饮服务": 3,
        "软件": 3,
    }.items():
        found = listed(stub, 2, scope_keyword=keyword)
        assert len(found) == count, keyword
        assert [one.entity_id for one in found] == sorted(one.entity_id for one in found)


@pytest.mark.parametrize("few", [0, 1000])
def test_all_conditions_go_together_and_page_without_gaps(
    stub: Any, register: list[str], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Against the same condition asked of each entity in turn."""
    monkeypatch.setattr(entity_queries, "FEW", few)
    everything = listed(stub, 50)
    names = ({}, {"name_prefix": "常州甲"}, {"name_contains": "甲" + chr(0x4E00)}, {"name_contains": "机械"})
    days = ({}, {"founded_from": "2020-04-01"}, {"founded_from": "2020-02-01", "founded_to": "2020-10-01"})
    scopes: tuple[dict[str, str], ...] = ({}, {"scope_keyword": "食品"}, {"scope_keyword": "软件"})
    divisions: tuple[dict[str, str], ...] = ({}, {"division_code": "320411"}, {"division_code": "320402"})
    for parts in itertools.product(names, days, scopes, divisions):
        asked = {key: value for part in parts for key, value in part.items()}
        right = {one.entity_id for one in everything if _fits(one, asked)}
        assert {one.entity_id for one in listed(stub, 2, **asked)} == right, asked


def _fits(one: Any, asked: dict[str, str]) -> bool:
    items = one.business_scope.replace("一般项目：", "").replace("，", "；").replace("。", "").split("；")
    return (
        one.name.startswith(asked.get("name_prefix", ""))
        and asked.get("name_contains", "") in one.name
        and asked.get("founded_from", "") <= one.founding_date <= asked.get("founded_to", "9")
        and any(item.startswith(asked.get("scope_keyword", "")) for item in items)
        and one.division_code == asked.get("division_code", one.division_code)
    )


NAMES = [("", ""), ("常州", ""), ("", "机械")]
FILTERS: list[dict[str, str]] = [
    {}, {"division_code": "320411"}, {"division_code": "320411", "state": "ACTIVE", "entity_type": "LIMITED_COMPANY"},
]  # fmt: skip
DAYS = [("", ""), ("2020-01-01", ""), ("", "2020-12-31"), ("2020-01-01", "2020-12-31")]


@pytest.mark.parametrize("few", [0, 1000])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("founded", DAYS)
@pytest.mark.parametrize("scope", ["", "食品"])
@pytest.mark.parametrize("filters", FILTERS)
def test_every_combination_of_conditions_is_read_on_an_index_and_only_few_are_sorted(
    store: RegisterStore, register: list[str], monkeypatch: pytest.MonkeyPatch, few: int, name: tuple[str, str],
    founded: tuple[str, str], scope: str, filters: dict[str, str],
) -> None:  # fmt: skip
    monkeypatch.setattr(entity_queries, "FEW", few)
    queries = EntityQueries(store.entities)
    query, order, hint = queries.plan(filters, *name, founded, scope)
    cursor = store.entities.find(query).sort(list(dict.fromkeys([(order, 1), ("_id", 1)])))
    plan = str((cursor.hint(hint) if hint else cursor).explain()["queryPlanner"]["winningPlan"])
    if not any((name[0], name[1], *founded, scope, *filters)):
        assert (query, order) == ({}, "_id")
        return
    assert "'stage': 'IXSCAN'" in plan
    assert "COLLSCAN" not in plan
    if hint and not few:  # where nothing is rare; else at most FEW entities are sorted
        assert "'stage': 'SORT'" not in plan
    if any(founded) and not any(name) and not few:
        assert "'indexName': 'founded'" in plan
        assert "2020-" in plan.partition("indexBounds")[2], "the days are bounds of the index"


@pytest.mark.parametrize("rare", [{"state": "MOVED_OUT"}, {"entity_type": "COOPERATIVE"}, {"division_code": "320499"}])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("founded", DAYS)
@pytest.mark.parametrize("scope", ["", "食品"])
def test_a_condition_that_few_meet_is_not_looked_for_among_all_others(
    store: RegisterStore, register: list[str], monkeypatch: pytest.MonkeyPatch, name: tuple[str, str],
    founded: tuple[str, str], scope: str, rare: dict[str, str],
) -> None:  # fmt: skip
    monkeypatch.setattr(entity_queries, "FEW", 2)
    store.entities.update_one({"uscc": register[8]}, {"$set": rare})
    queries = EntityQueries(store.entities)
    query, order, hint = queries.plan(rare, *name, founded, scope)
    cursor = store.entities.find(query).sort(list(dict.fromkeys([(order, 1), ("_id", 1)])))
    stats = (cursor.hint(hint) if hint else cursor).explain()["executionStats"]
    assert (stats["nReturned"], stats["totalDocsExamined"]) == (1, 1)
    assert [one["uscc"] for one in queries.page(rare, *name, "", 5, founded, scope)[0]] == [register[8]]


def test_a_list_leaves_what_grows_with_the_years_in_the_store(store: RegisterStore, register: list[str]) -> None:
    page, _ = EntityQueries(store.entities).page({}, "", "", "", 1)
    assert not {"timeline", "pending", "commands"} & page[0].keys()


def test_a_page_after_the_first_begins_in_the_index(store: RegisterStore, register: list[str]) -> None:
    queries = EntityQueries(store.entities)
    query, order, hint = queries.plan({}, "", "", ("2020-01-01", ""), "")
    _, last = queries.page({}, "", "", "", 3, ("2020-01-01", ""))
    value, _, entity_id = last.rpartition("|")
    query["$or"] = [{order: {"$gt": value}}, {order: value, "_id": {"$gt": entity_id}}]
    plan = str(
        store.entities.find(query).sort([(order, 1), ("_id", 1)]).hint(hint).explain()["queryPlanner"]["winningPlan"]
    )
    assert "COLLSCAN" not in plan
    assert "'stage': 'SORT'" not in plan


def test_what_would_read_too_much_is_told_instead_of_kept_waiting(
    store: RegisterStore, register: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow:
        """The collection, whose reads take as long as a register of millions."""

        def __init__(self, entities: Any) -> None:
            self._entities = entities

        def find(self, query: dict[str, Any], shown: Any) -> Any:
            long = {"$range": [0, {"$multiply": [100_000, {"$strLenCP": "$founding_date"}]}]}
            counted = {"$reduce": {"input": long, "initialValue": 0, "in": {"$add": ["$$value", 1]}}}
            return self._entities.find({"$and": [query, {"$expr": {"$gt": [counted, 0]}}]}, shown)

        def count_documents(self, *args: Any, **options: Any) -> int:
            return int(self._entities.count_documents(*args, **options))

    monkeypatch.setattr(entity_queries, "SEARCH_MS", 20)
    slow: Any = Slow(store.entities)
    with pytest.raises(QueryTooBroad):
        EntityQueries(slow).page({}, "", "", "", 5, ("2020-01-01", ""))
    with pytest.raises(QueryTooBroad):
        EntityQueries(slow).page({}, "常州", "", "", 5)


@pytest.mark.parametrize(
    ("asked", "field", "reason"),
    [
        ({"founded_from": "2020-02-30"}, "founded_from", "DATE_INVALID"),
        ({"founded_from": "2020-03-01", "founded_to": "2020-02-01"}, "founded_to", "DAYS_REVERSED"),
        ({"scope_keyword": "食"}, "scope_keyword", "QUERY_TOO_SHORT"),
        ({"scope_keyword": "食品；服装"}, "scope_keyword", "SCOPE_KEYWORD_INVALID"),
    ],
)
def test_a_condition_that_cannot_be_is_refused_by_its_field(
    stub: Any, asked: dict[str, str], field: str, reason: str
) -> None:
    failure = refused_with(lambda: stub.ListEntities(rpc.ListEntitiesRequest(**asked)))
    assert [(v.field, v.reason) for v in failure.violations] == [(field, reason)]


def test_a_changed_scope_is_found_and_the_old_one_is_not(stub: Any, clock: Any) -> None:
    from tests.integration.registration.test_entity_cases import REGISTRAR, acted, opened, registered

    entity = registered(stub)
    facts = {"event_date": "2026-11-20", "new_business_scope": "水产养殖；食品销售"}
    case = opened(stub, entity, "CHANGE", facts).entity_case
    acted(stub, case, "REGISTER", "register", by=REGISTRAR, division_code="320411")
    assert [one.entity_id for one in listed(stub, scope_keyword="水产")] == [entity.entity_id]
    assert listed(stub, scope_keyword=entity.business_scope[:4]) == []
