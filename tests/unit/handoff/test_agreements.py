"""Agreements between regions: what may go over, under which version, by whom (3-01, 3-02, 3-03, 3-04)."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.handoff.domain import agreement as rules
from services.handoff.domain.agreement import Agreements
from services.permits.domain.catalogue import catalogue
from shared.clock import LOCAL

DATA = Path("services/handoff/data/agreements.yaml")
NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
FIRST = datetime(2024, 6, 1, tzinfo=LOCAL)
WINDOW = "320411-window"


@pytest.fixture
def raw() -> dict[str, Any]:
    return copy.deepcopy(yaml.safe_load(DATA.read_text(encoding="utf-8")))


def nanshan(raw: dict[str, Any]) -> dict[str, Any]:
    """The first version of the agreement with Nanshan, to be changed."""
    found: dict[str, Any] = next(a for a in raw["agreements"] if a["agreement_id"] == "xinbei-nanshan")["versions"][0]
    return found


def test_3_01_the_home_region_has_an_agreement_with_each_of_its_partners(raw: dict[str, Any]) -> None:
    assert Agreements(raw, "320411").partners() == ["120112", "440103", "440305"]
    assert Agreements(raw, "440305").partners() == ["320411"]


@pytest.mark.parametrize(("seconds", "holds"), [(-1, False), (0, True), (1, True)])
def test_an_agreement_begins_with_its_first_day_to_the_second(raw: dict[str, Any], seconds: int, holds: bool) -> None:
    at = FIRST + timedelta(seconds=seconds)
    if holds:
        assert Agreements(raw, "320411").between("320411", "440305", at).version == 1
    else:
        with pytest.raises(rules.AgreementNotInForce):
            Agreements(raw, "320411").between("320411", "440305", at)


@pytest.mark.parametrize(("seconds", "holds"), [(-1, True), (0, False), (1, False)])
def test_an_agreement_ends_after_its_last_day_to_the_second(raw: dict[str, Any], seconds: int, holds: bool) -> None:
    nanshan(raw)["valid_to"] = date(2025, 3, 2)
    at = datetime(2025, 3, 3, tzinfo=LOCAL) + timedelta(seconds=seconds)
    found = [a for a in Agreements(raw, "320411").all() if a.agreement_id == "xinbei-nanshan"]
    assert found[0].in_force(at) == holds


def test_a_suspended_agreement_lets_nothing_new_begin(raw: dict[str, Any]) -> None:
    nanshan(raw)["suspended"] = [{"from": NOON, "to": NOON + timedelta(days=1)}]
    agreements = Agreements(raw, "320411")
    with pytest.raises(rules.AgreementNotInForce):
        agreements.between("320411", "440305", NOON)
    assert agreements.between("320411", "440305", NOON - timedelta(seconds=1)).version == 1
    assert agreements.between("320411", "440305", NOON + timedelta(days=1)).version == 1


def test_there_is_no_agreement_between_strangers(raw: dict[str, Any]) -> None:
    with pytest.raises(rules.AgreementNotInForce):
        Agreements(raw, "320411").between("320411", "110105", NOON)


def test_T30_an_item_taken_off_the_list_runs_on_and_new_cases_are_refused(raw: dict[str, Any]) -> None:
    old = nanshan(raw)
    new = copy.deepcopy(old) | {"version": 2, "valid_from": date(2025, 3, 3)}
    new["items"] = [item for item in new["items"] if item["item"] != "food_sales_permit"]
    old["valid_to"] = date(2025, 3, 2)
    next(a for a in raw["agreements"] if a["agreement_id"] == "xinbei-nanshan")["versions"].append(new)
    agreements = Agreements(raw, "320411")
    assert agreements.between("320411", "440305", NOON).version == 2
    with pytest.raises(rules.ItemNotAgreed):
        agreements.between("320411", "440305", NOON).item("food_sales_permit", "440305", "COLLECT_ELSEWHERE")
    kept = agreements.version("xinbei-nanshan", 1)
    assert kept.item("food_sales_permit", "440305", "COLLECT_ELSEWHERE").target == "permits"


@pytest.mark.parametrize(
    ("item", "deciding", "mode"),
    [("nothing", "440305", "COLLECT_ELSEWHERE"), ("catering_permit", "440305", "FULLY_ONLINE"),
     ("food_sales_permit", "110105", "COLLECT_ELSEWHERE")],
)  # fmt: skip
def test_3_02_an_item_off_the_list_is_refused(raw: dict[str, Any], item: str, deciding: str, mode: str) -> None:
    with pytest.raises(rules.ItemNotAgreed):
        Agreements(raw, "320411").between("320411", "440305", NOON).item(item, deciding, mode)


def test_3_04_a_window_acts_under_an_authorisation_that_holds_at_that_time(raw: dict[str, Any]) -> None:
    for entry in nanshan(raw)["authorisations"]:
        entry["revoked"] = NOON
    found = Agreements(raw, "320411").version("xinbei-nanshan", 1)
    before = found.authorisation("food_sales_permit", "440305", WINDOW, "RECEIVE", NOON - timedelta(seconds=1))
    assert before.authorisation_id == "auth-440305-320411-2024"
    for unit, right, at in ((WINDOW, "RECEIVE", NOON), ("320411-other", "RECEIVE", FIRST), (WINDOW, "DECIDE", FIRST)):
        with pytest.raises(rules.NotAuthorised):
            found.authorisation("food_sales_permit", "440305", unit, right, at)


def test_3_03_differences_are_named_element_by_element(raw: dict[str, Any]) -> None:
    nanshan(raw)["items"][1]["elements"]["440305"] |= {"promised_limit": "6 working days", "fee": "10 CNY"}
    item = Agreements(raw, "320411").version("xinbei-nanshan", 1).items["food_sales_permit"]
    assert rules.differences(item, "320411", "440305") == [
        ("promised_limit", "5 working days", "6 working days"), ("fee", "none", "10 CNY")]  # fmt: skip
    assert rules.differences(item, "320411", "320411") == []


def test_the_form_check_names_all_gaps_at_once() -> None:
    application = {"name": "x", "domicile": {"address": ""}, "holder_code": None}
    assert rules.missing_fields(["name", "domicile.address", "holder_code", "a.b.c"], application) == [
        "domicile.address", "holder_code", "a.b.c"]  # fmt: skip


@pytest.mark.parametrize("region", ["320411", "440305", "440103", "120112"])
def test_3_03_the_codes_of_permits_are_those_of_each_regions_catalogue(raw: dict[str, Any], region: str) -> None:
    for entry in raw["items"]:
        if entry["target"] == "permits":
            item = catalogue(region).item(entry["item"], NOON.date())
            assert entry["codes"][region] == item.item_code
            assert set(entry["modes"]) <= set(item.handoff_modes)
            assert set(entry["elements"][region]["materials"].split()) == {m.material_type for m in item.materials}
