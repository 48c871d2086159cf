"""Own case, own unit, own region: every operation of the document that names one document, by those whose it is not.

The operations come from the OpenAPI document; each must stand in `OWNERS` with who owns what it names, so a new route is in the
matrix or fails this test. Whoever is not the owner gets 403 or 404 (never 2xx, never 5xx), and nothing changes. Attack 20.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

import pytest

from deploy.demo.desk import Desk, wait_for
from deploy.demo.rows import store_application
from deploy.demo.story import ANSWERS, MATERIALS
from gateway.app import create_app
from gateway.config import read_settings
from tests.chaos.load import FOOD_MATERIALS, HOLDER
from tests.contract.calls import example_of
from tests.e2e.regions import Regions

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
DOCUMENT = create_app(read_settings()).openapi()
# (method, path) → who must not come in: clients with the right scope, of another applicant, unit, window or region.
# "public": what anybody with the scope may read (the register and certificates are public by law).
# "shared": several units have a part in it, and each reads all of it.
OWNERS: dict[tuple[str, str], tuple[str, ...] | str] = {
    ("GET", "/v1/registration/applications/{application_id}"): ("neighbour",),
    ("POST", "/v1/registration/applications/{application_id}/decision"): ("there:registrar",),
    ("GET", "/v1/registration/applications/{application_id}/duplicates"): ("there:registrar",),
    ("POST", "/v1/registration/applications/{application_id}/extension"): ("there:registrar",),
    ("POST", "/v1/registration/applications/{application_id}/withdrawal"): ("neighbour",),
    ("POST", "/v1/registration/name-reservations/{reservation_id}/end"): ("neighbour",),
    ("GET", "/v1/registration/entities/{entity_id}"): "public",
    ("GET", "/v1/registration/entities/by-code/{uscc}"): "public",
    ("POST", "/v1/registration/entities/{entity_id}/state"): ("there:registrar",),
    # anybody may contest a registration or a name, and a portal or counter brings the cases of those whom it has identified
    ("POST", "/v1/registration/entities/{entity_id}/cases"): "shared",
    ("GET", "/v1/registration/entities/{entity_id}/cases"): "shared",
    ("POST", "/v1/registration/entities/{entity_id}/ex-officio-cases"): ("there:registrar",),
    ("GET", "/v1/registration/entities/{entity_id}/authority-cases"): "shared",
    # a change: no other authority has a part in it
    ("GET", "/v1/registration/entity-cases/{entity_case_id}"): ("neighbour", "tax"),
    ("POST", "/v1/registration/entity-cases/{entity_case_id}/steps"): ("neighbour",),
    ("POST", "/v1/registration/entity-cases/{entity_case_id}/registrar-steps"): ("there:registrar",),
    ("POST", "/v1/registration/entity-cases/{entity_case_id}/objection"): "shared",
    ("GET", "/v1/registration/entities/{entity_id}/bundles"): "shared",
    ("GET", "/v1/registration/bundles/{entity_bundle_id}"): ("neighbour",),
    ("POST", "/v1/registration/bundles/{entity_bundle_id}/resumption"): ("neighbour",),
    ("POST", "/v1/registration/bundles/{entity_bundle_id}/correction"): ("neighbour",),
    ("POST", "/v1/registration/bundles/{entity_bundle_id}/end"): ("neighbour",),
    ("GET", "/v1/certificates/{certificate_id}"): "public",
    ("GET", "/v1/certificates/{certificate_id}/file"): "public",
    ("GET", "/v1/permits/cases/{case_id}"): ("neighbour", "clerk-tobacco"),
    ("POST", "/v1/permits/cases/{case_id}/supplement"): ("neighbour",),
    ("POST", "/v1/permits/cases/{case_id}/withdrawal"): ("neighbour",),
    ("POST", "/v1/permits/cases/{case_id}/steps"): ("clerk-tobacco",),
    ("POST", "/v1/permits/permits/{permit_id}/state"): ("clerk-tobacco",),
    ("GET", "/v1/permits/filings/{filing_id}"): ("neighbour", "clerk-tobacco"),
    ("POST", "/v1/permits/filings/{filing_id}/withdrawal"): ("neighbour",),
    ("POST", "/v1/permits/filings/{filing_id}/amendment"): ("neighbour",),
    ("GET", "/v1/permits/bundles/{bundle_id}"): ("neighbour",),
    ("POST", "/v1/permits/bundles/{bundle_id}/correction"): ("neighbour",),
    ("POST", "/v1/permits/bundles/{bundle_id}/end"): ("neighbour",),
    ("GET", "/v1/permits/projects/{project_id}"): ("neighbour",),
    ("POST", "/v1/permits/projects/{project_id}/items"): ("neighbour",),
    ("POST", "/v1/permits/projects/{project_id}/steps"): ("clerk-tobacco",),
    ("GET", "/v1/hotline/requests/{request_id}"): ("neighbour",),
    ("GET", "/v1/hotline/orders/{order_id}"): ("unit-water",),
    ("POST", "/v1/hotline/orders/{order_id}/steps"): ("unit-water",),
    ("GET", "/v1/hotline/centre/orders/{order_id}"): "shared",
    ("POST", "/v1/hotline/centre/orders/{order_id}/steps"): "shared",
    ("GET", "/v1/hotline/centre/orders/{order_id}/similar"): "shared",
    ("GET", "/v1/handoff/cases/{handoff_case_id}"): "shared",
    ("POST", "/v1/handoff/cases/{handoff_case_id}/supplement"): ("other-window", "there:window"),
    ("POST", "/v1/handoff/cases/{handoff_case_id}/withdrawal"): ("other-window", "there:window"),
    ("POST", "/v1/handoff/cases/{handoff_case_id}/delivery"): ("other-window", "there:window"),
    ("GET", "/v1/handoff/cases/{handoff_case_id}/result"): "shared",
    ("POST", "/v1/handoff/messages/{message_id}/retry"): "shared",
}

# bodies whose fields have no examples in the document
BODIES: dict[str, dict[str, Any]] = {
    "decision": {"decision": "REGISTER"},
    "extension": {"approved_by": "head-1"},
}


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Operations that name one document and ask for a token."""
    return [
        (method.upper(), path, operation)
        for path, item in DOCUMENT["paths"].items()
        for method, operation in item.items()
        if "{" in path and operation["security"]
    ]


def test_every_operation_on_a_document_says_whose_it_is() -> None:
    found = {(method, path) for method, path, _ in operations()}
    assert found - set(OWNERS) == set(), "say in OWNERS who owns what these name"
    assert set(OWNERS) - found == set(), "these are gone from the document"


@pytest.fixture(scope="module")
def documents(regions: Regions) -> dict[str, str]:
    """One document of each kind, all of the same owner at home, by the name of its path parameter."""
    desk, run = regions.here, secrets.token_hex(6)
    content = {"applicant_name": "云帆", "premises": "通江路88号", "contact": "13800000000"}
    case = desk.ask("POST", "/v1/permits/cases", "applicant", key=f"{run}-c", json={
        "item_key": "food_sales_permit", "holder_code": HOLDER, "materials": FOOD_MATERIALS, "facts": {},
        "content": content})  # fmt: skip
    granted = desk.ask("POST", f"/v1/permits/cases/{case['case_id']}/steps", "clerk-market", key=f"{run}-g",
                       json={"step": "GRANT", "expected_version": case["version"]})  # fmt: skip
    filing = desk.ask("POST", "/v1/permits/filings", "applicant", key=f"{run}-f", json={
        "item_key": "prepacked_food_filing", "holder_code": HOLDER, "materials": ["application_form"],
        "content": content})  # fmt: skip
    bundle = desk.ask("POST", "/v1/permits/bundles", "applicant", key=f"{run}-b", json={
        "bundle_type": "convenience_store", "answers": ANSWERS, "materials": MATERIALS, "content": content,
        "holder_code": HOLDER})  # fmt: skip
    body = DOCUMENT["paths"]["/v1/permits/projects"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    project = desk.ask("POST", "/v1/permits/projects", "applicant", key=f"{run}-p", json=example_of(body))
    request = desk.ask("POST", "/v1/hotline/requests", "applicant", key=f"{run}-r", json={
        "caller": run, "kind": "COMPLAINT", "title": "便利店销售过期食品", "text": f"{run}销售过期食品", "place": "x"})  # fmt: skip
    application = desk.ask(
        "POST", "/v1/registration/applications", "applicant", key=f"{run}-a", json=store_application([], "320411")
    )
    reserved = desk.ask("POST", "/v1/registration/name-reservations", "applicant", key=f"{run}-v", json={
        "name": f"常州{trade_name(run[6:10])}物流有限公司", "division_code": "320411",
        "entity_type": "LIMITED_COMPANY"})  # fmt: skip
    entity_id = registered_entity(desk, run)
    change = desk.ask("POST", f"/v1/registration/entities/{entity_id}/cases", "applicant", key=f"{run}-e", json={
        "kind": "CHANGE", "facts": {"event_date": "2026-01-05", "new_address": "通江路89号"}})  # fmt: skip
    changed = desk.ask("POST", "/v1/registration/bundles", "applicant", key=f"{run}-i", json={
        "kind": "INFORMATION_CHANGE", "entity_id": entity_id,
        "facts": {"event_date": "2026-01-05", "new_address": "通江路90号"}})  # fmt: skip
    # blocked: a change is open already
    wait_for("the block", lambda: bundle_of(desk, changed["bundle_id"])[0], lambda state: state == "BLOCKED")
    opened = desk.ask("POST", "/v1/handoff/cases", "window", key=f"{run}-h", json={
        "item": "food_sales_permit", "deciding_region": "440305", "mode": "COLLECT_ELSEWHERE",
        "identity_check": "IN_PERSON", "consent": True,
        "application": {"holder_code": HOLDER, "materials": ["application_form"], "content": content}})  # fmt: skip
    path = f"/v1/handoff/cases/{opened['handoff_case_id']}"
    wait_for("the case there", lambda: regions.there.answer("GET", path, "window").status_code, lambda s: s == 200)
    return {
        "case_id": case["case_id"], "permit_id": granted["permit"]["permit_id"], "filing_id": filing["filing_id"],
        "request_id": request["request_id"], "order_id": request["order"]["order_id"],
        "application_id": application["application_id"], "handoff_case_id": opened["handoff_case_id"],
        "bundle_id": bundle["bundle_id"], "project_id": project["project_id"], "entity_id": entity_id,
        "entity_case_id": change["entity_case_id"], "entity_bundle_id": changed["bundle_id"],
        "reservation_id": reserved["reservation_id"],
    }  # fmt: skip


def trade_name(digits: str) -> str:
    return "".join("云帆星河嘉恒瑞祥泰和盛隆昌茂源通"[int(digit, 16)] for digit in digits)


def registered_entity(desk: Desk, run: str) -> str:
    """A company in the register."""
    body = dict(store_application([], "320411")) | {"name": f"常州{trade_name(run[:4])}机械有限公司"}
    made = desk.ask("POST", "/v1/registration/applications", "applicant", key=f"{run}-n", json=body)
    return str(desk.register(made["application_id"], 1, f"{run}-d")["entity_id"])


CASES = [
    (method, path, operation, client)
    for method, path, operation in operations()
    for client in (OWNERS.get((method, path)) or ())
    if not isinstance(OWNERS.get((method, path)), str)
]


@pytest.mark.parametrize(
    ("method", "path", "operation", "client"), CASES, ids=lambda v: v if isinstance(v, str) else ""
)
def test_whoever_is_not_the_owner_stays_outside_and_changes_nothing(
    regions: Regions, documents: dict[str, str], method: str, path: str, operation: dict[str, Any], client: str
) -> None:
    desk = regions.there if client.startswith("there:") else regions.here
    name = client.removeprefix("there:")
    place = re.sub(r"\{(\w+)\}", lambda found: documents.get(found[1], "x_none"), path)
    options: dict[str, Any] = {}
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        body = BODIES.get(path.rpartition("/")[2]) or example_of(content["application/json"]["schema"])
        needs_version = any(p["name"] == "If-Match" for p in operation.get("parameters", ()))
        options["json"] = body | ({"expected_version": 1} if needs_version else {})
    before = state_of(regions, documents)
    answer = desk.answer(method, place, name, key=secrets.token_hex(8) if method != "GET" else "", **options)
    refused = answer.json().get("code", "")
    wrong_side = refused == "NOT_ACCEPTING_REGION"
    assert answer.status_code in (403, 404) or wrong_side, (answer.status_code, answer.text[:300])
    assert state_of(regions, documents) == before


def bundle_of(desk: Desk, bundle_id: str) -> tuple[str, list[int]]:
    """Where a bundle stands; its version also goes up when the platform looks at a part."""
    found = desk.ask("GET", f"/v1/registration/bundles/{bundle_id}", "applicant")
    return found["state"], [part["attempts"] for part in found["parts"]]


def state_of(regions: Regions, documents: dict[str, str]) -> list[Any]:
    """Versions of what the owner has, read by the owner."""
    desk = regions.here
    reads: list[Callable[[], Any]] = [
        lambda: desk.ask("GET", f"/v1/permits/cases/{documents['case_id']}", "applicant")["permit"]["state"],
        lambda: desk.ask("GET", f"/v1/permits/filings/{documents['filing_id']}", "applicant")["state"],
        lambda: desk.ask("GET", f"/v1/hotline/requests/{documents['request_id']}", "applicant")["version"],
        lambda: desk.ask("GET", f"/v1/registration/applications/{documents['application_id']}", "applicant")["version"],
        lambda: desk.ask("GET", f"/v1/registration/entity-cases/{documents['entity_case_id']}", "applicant")["version"],
        lambda: bundle_of(desk, documents["entity_bundle_id"]),
        lambda: desk.ask("GET", f"/v1/handoff/cases/{documents['handoff_case_id']}", "window")["outcome"],
    ]
    return [read() for read in reads]
