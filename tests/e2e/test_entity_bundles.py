"""Bundles of entities on a running platform, with its development authorities: opened everywhere, changed everywhere, ended as
far as the law's notice lets a test go (mission 25.4-09, 25.4-10, 25.4-11, 4-04)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from deploy.demo.desk import Desk, wait_for
from deploy.demo.rows import store_application
from shared.topology import load_topology
from tests.chaos.load import FOOD_MATERIALS
from tests.e2e.regions import Regions

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
CONTENT = {"applicant_name": "旧名", "premises": "通江路88号", "contact": "13800000000"}
ANSWERS = {"staff_count": "12", "bank_code": "BOC", "invoice_kind": "DIGITAL", "seal_kinds": "OFFICIAL"}
LETTERS = "云帆星河嘉恒瑞祥泰和盛隆昌茂源通"


def trade_name(run: str) -> str:
    return "".join(LETTERS[int(c, 16)] for c in run[:6])


@pytest.fixture(scope="module")
def office(regions: Regions) -> Iterator[Callable[[str, dict[str, Any]], None]]:
    """Says how one of the development authorities behaves."""
    port = load_topology(port_offset=regions.home.port_offset).issuer_port
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        yield lambda code, body: client.put(f"/authorities/{code}/behaviour", json=body).raise_for_status() and None


def bundle_of(desk: Desk, bundle_id: str) -> Any:
    return desk.ask("GET", f"/v1/registration/bundles/{bundle_id}", "applicant")


def states(bundle: Any) -> dict[str, str]:
    return {part["key"]: part["state"] for part in bundle["parts"]}


def test_an_enterprise_is_opened_changed_and_almost_ended(regions: Regions, office: Callable[..., None]) -> None:
    desk, run = regions.here, secrets.token_hex(6)
    # 25.4-09: one form, six results; the bank is down for a while
    office("bank", {"mode": "DOWN"})
    body = dict(store_application([], "320411")) | {"name": f"常州{trade_name(run)}机械有限公司"}
    opened = desk.ask("POST", "/v1/registration/bundles", "applicant", key=f"{run}-open", json={
        "kind": "OPENING", "application": body, "facts": ANSWERS})  # fmt: skip
    licence = next(part for part in opened["parts"] if part["key"] == "LICENCE")
    assert (licence["state"], opened["owed_by"]) == ("ASKED", "registrar:320411")
    desk.register(licence["reference"], 1, f"{run}-d")
    found = wait_for(
        "all but the bank", lambda: bundle_of(desk, opened["bundle_id"]),
        lambda b: states(b) == dict.fromkeys(states(b), "DONE") | {"BANK": "UNREACHABLE"},
    )  # fmt: skip
    office("bank", {"mode": "OK"})
    desk.ask("POST", f"/v1/registration/bundles/{opened['bundle_id']}/resumption", "applicant", key=f"{run}-resume",
             json={"expected_version": found["version"]})  # fmt: skip
    found = wait_for("the bank", lambda: bundle_of(desk, opened["bundle_id"]), lambda b: b["state"] == "FINISHED")
    assert (found["outcome"], set(states(found).values())) == ("COMPLETE", {"DONE"})
    entity_id, uscc = found["entity_id"], found["uscc"]
    entity = f"/v1/registration/entities/{entity_id}"
    first = wait_for("the licence", lambda: desk.ask("GET", entity, "applicant")["licence_certificate_id"], bool)

    # 25.4-10: the name changes everywhere; a permit follows and its certificate is issued anew, linked with the old one
    case = desk.ask("POST", "/v1/permits/cases", "applicant", key=f"{run}-c", json={
        "item_key": "food_sales_permit", "holder_code": uscc, "materials": FOOD_MATERIALS, "facts": {},
        "content": CONTENT})  # fmt: skip
    granted = desk.ask("POST", f"/v1/permits/cases/{case['case_id']}/steps", "clerk-market", key=f"{run}-g",
                       json={"step": "GRANT", "expected_version": case["version"]})  # fmt: skip
    permit_id = granted["permit"]["permit_id"]
    wait_for("its certificate", lambda: certificates_of(desk, uscc), lambda found: len(found) == 2)
    new_name = f"常州{trade_name(run[::-1])}机械有限公司"
    facts = {"event_date": "2026-01-05", "new_name": new_name}
    changed = desk.ask("POST", "/v1/registration/bundles", "applicant", key=f"{run}-change", json={
        "kind": "INFORMATION_CHANGE", "entity_id": entity_id, "facts": facts})  # fmt: skip
    of_entity = next(part for part in changed["parts"] if part["key"] == "ENTITY")["reference"]
    desk.ask("POST", f"/v1/registration/entity-cases/{of_entity}/registrar-steps", "registrar", key=f"{run}-r",
             json={"action": "REGISTER", "expected_version": 1})  # fmt: skip
    found = wait_for("the change", lambda: bundle_of(desk, changed["bundle_id"]), lambda b: b["state"] == "FINISHED")
    assert (found["outcome"], set(states(found).values())) == ("COMPLETE", {"DONE"})
    parts = {part["key"]: part for part in found["parts"]}
    assert parts["PERMITS"]["followed"] == [permit_id]
    assert len(parts["CERTIFICATES"]["followed"]) == 1
    held = {one["certificate_id"]: one for one in certificates_of(desk, uscc)}
    in_force = [one for one in held.values() if one["state"] == "ISSUED"]
    assert sorted(one["certificate_type"] for one in in_force) == ["BUSINESS_LICENCE", "FOOD_BUSINESS_PERMIT"]
    assert {one["holder_name"] for one in in_force} == {new_name}
    assert held[first]["state"] == "REPLACED"
    newest = next(one for one in in_force if one["certificate_type"] == "BUSINESS_LICENCE")
    assert (newest["replaces_certificate_id"], held[first]["replaced_by_certificate_id"]) == (
        first, newest["certificate_id"],
    )  # fmt: skip

    # 25.4-11: all blocks at once, nothing touched; then cleared; the notice runs; given up, and every clearance is taken back
    office("tax", {"mode": "BLOCKED", "reason_codes": ["TAXES_OWED"], "uscc": uscc})
    office("customs", {"mode": "BLOCKED", "reason_codes": ["DECLARATION_OPEN"], "uscc": uscc})
    ended = desk.ask("POST", "/v1/registration/bundles", "applicant", key=f"{run}-end", json={
        "kind": "CANCELLATION", "entity_id": entity_id, "facts": {"no_debts": "true", "all_investors_signed": "true"}})  # fmt: skip
    found = wait_for(
        "the checks", lambda: bundle_of(desk, ended["bundle_id"]),
        lambda b: all(state != "ASKED" for state in states(b).values()),
    )  # fmt: skip
    blocks = {part["key"]: part["reason_codes"] for part in found["parts"] if part["state"] == "BLOCKED"}
    assert blocks == {"TAX_CHECK": ["TAXES_OWED"], "CUSTOMS_CHECK": ["DECLARATION_OPEN"]}
    assert (found["state"], desk.ask("GET", entity, "applicant")["state"]) == ("BLOCKED", "ACTIVE")
    assert next(part for part in found["parts"] if part["key"] == "PERMITS_CHECK")["reference"] == "permits:1"
    for code in ("tax", "customs"):
        office(code, {"mode": "OK", "uscc": uscc})
    desk.ask("POST", f"/v1/registration/bundles/{ended['bundle_id']}/resumption", "applicant", key=f"{run}-again",
             json={"expected_version": found["version"]})  # fmt: skip
    found = wait_for(
        "the notice", lambda: bundle_of(desk, ended["bundle_id"]), lambda b: states(b)["ENTITY"] == "ASKED"
    )  # fmt: skip
    wait_for("the state", lambda: desk.ask("GET", entity, "applicant")["state"], lambda s: s == "CANCELLING")
    found = bundle_of(desk, ended["bundle_id"])
    desk.ask("POST", f"/v1/registration/bundles/{ended['bundle_id']}/end", "applicant", key=f"{run}-up",
             json={"expected_version": found["version"]})  # fmt: skip
    found = wait_for("the end", lambda: bundle_of(desk, ended["bundle_id"]), lambda b: b["state"] == "FINISHED")
    assert found["outcome"] == "ENDED"
    assert {states(found)[key] for key in ("TAX", "SOCIAL_INSURANCE", "HOUSING_FUND", "CUSTOMS")} == {"ENDED"}
    assert desk.ask("GET", entity, "applicant")["state"] == "ACTIVE"
    assert not [one for one in certificates_of(desk, uscc) if one["state"] == "CANCELLED"]


def certificates_of(desk: Desk, uscc: str) -> list[dict[str, Any]]:
    """What is held under a code."""
    listed = desk.ask("GET", f"/v1/certificates?holder_code={uscc}", "applicant")["certificates"]
    return [desk.ask("GET", f"/v1/certificates/{one['certificate_id']}", "applicant") for one in listed]
