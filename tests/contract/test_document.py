"""The API's document against the contract of the services, the routes and the answers."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import msgspec
import pytest
from buf.validate import validate_pb2
from google.protobuf.descriptor import FieldDescriptor
from tongban.certificates.v1 import messages_pb2 as cpb
from tongban.common.v1 import failure_pb2
from tongban.registration.v1 import messages_pb2 as pb
from tongban.registration.v1 import service_pb2 as rpc

import gateway
from gateway.app import create_app
from gateway.auth import SCOPES
from gateway.config import Settings, read_settings
from gateway.errors import TITLES
from gateway.messages import to_json
from gateway.routes.certificates import models as certificates
from gateway.routes.registration import models as registration
from gateway.routes.registration import submission
from gateway.routes.registration.applications import receipt_json
from gateway.routes.registration.submission import EXAMPLE, read_application
from shared.failures import HTTP_STATUSES, InvalidArgument
from tests.contract.calls import NEW_CALLS, concrete
from tests.unit.gateway.partners import IDENTIFIER, Platform, sample_application

DOCUMENT = create_app(read_settings()).openapi()
OPERATIONS = [(m.upper(), p, o) for p, item in DOCUMENT["paths"].items() for m, o in item.items()]

MESSAGES: list[tuple[type, Any, set[str]]] = [
    (registration.NameParts, pb.NameParts, set()),
    (registration.NameReservation, rpc.ReserveNameResponse, {"replayed"}),
    (registration.NameReservation, rpc.ReservedName, set()),
    (registration.NameReservationPage, rpc.ListReservationsOfResponse, set()),
    (registration.NameJudgement, rpc.CheckNameResponse, set()),
    (registration.Domicile, pb.Domicile, set()),
    (registration.Capital, pb.Capital, set()),
    (registration.Gap, pb.Gap, set()),
    (registration.SubmissionReceipt, rpc.SubmissionReceipt, {"replayed"}),
    (registration.RefusalReason, pb.RefusalReason, set()),
    (registration.RefusalReasonGiven, pb.RefusalReason, set()),
    (registration.Application, pb.Application, set()),
    (registration.ApplicationPage, rpc.ListApplicationsOfResponse, set()),
    (registration.WorkItem, pb.WorkItem, set()),
    (registration.WorkItemPage, rpc.ListWorkItemsResponse, set()),
    (registration.Entity, pb.Entity, set()),
    (registration.EntityPage, rpc.ListEntitiesResponse, set()),
    (registration.RowVerdict, rpc.RowVerdict, set()),
    (registration.ImportResult, rpc.ImportEntitiesResponse, set()),
    (registration.TimelineEntry, pb.TimelineEntry, set()),
    (certificates.Certificate, cpb.Certificate, set()),
    (certificates.Verdict, cpb.Verdict, set()),
    (certificates.VerdictPart, cpb.VerdictPart, set()),
]


@pytest.mark.parametrize(("model", "message", "left_out"), MESSAGES, ids=lambda value: getattr(value, "__name__", ""))
def test_the_document_has_the_fields_of_the_contract(model: Any, message: Any, left_out: set[str]) -> None:
    assert set(model.model_fields) == {field.name for field in message.DESCRIPTOR.fields} - left_out


def test_the_words_of_an_enum_are_those_of_the_contract() -> None:
    for words, enum, prefix in (
        (registration.EntityType, pb.EntityType, "ENTITY_TYPE_"),
        (submission.EntityType, pb.EntityType, "ENTITY_TYPE_"),
        (registration.EntityState, pb.EntityState, "ENTITY_STATE_"),
        (registration.ApplicationState, pb.ApplicationState, "APPLICATION_STATE_"),
        (certificates.State, cpb.CertificateState, "CERTIFICATE_STATE_"),
    ):
        assert list(words.__args__) == [name.removeprefix(prefix) for name, value in enum.items() if value]


STRUCTS: list[tuple[type[msgspec.Struct], Any]] = [
    (submission.SetUpApplication, pb.SetUpApplication),
    (submission.PersonGiven, pb.Person),
    (submission.InvestorGiven, pb.Investor),
    (submission.CapitalGiven, pb.Capital),
    (submission.DomicileGiven, pb.Domicile),
    (submission.MaterialGiven, pb.Material),
]


@pytest.mark.parametrize(("struct", "message"), STRUCTS, ids=lambda value: getattr(value, "__name__", ""))
def test_what_passes_the_gateway_passes_the_rules_of_the_contract(struct: Any, message: Any) -> None:
    """Otherwise one bad application would fail the call that carries its neighbours."""
    schema = DOCUMENT["components"]["schemas"][struct.__name__]["properties"]
    assert set(schema) == {field.name for field in message.DESCRIPTOR.fields}
    for field in message.DESCRIPTOR.fields:
        rules = field.GetOptions().Extensions[validate_pb2.field]
        told = schema[field.name]
        if rules.string.HasField("max_len"):
            assert told["maxLength"] <= rules.string.max_len, field.name
        if rules.string.HasField("pattern"):
            # a look-ahead that takes back what Python's `$` lets pass is no other rule
            assert told["pattern"].replace(r"(?!\n)", "") == rules.string.pattern, field.name
            assert re.search(told["pattern"], "\n") is None, field.name
        if rules.int64.HasField("gte"):
            assert told["minimum"] >= rules.int64.gte, field.name
        if rules.repeated.HasField("max_items"):
            assert told["maxItems"] <= rules.repeated.max_items, field.name
        if field.type == FieldDescriptor.TYPE_INT64:
            assert told["maximum"] < 2**63, field.name


def test_the_example_of_an_application_becomes_a_whole_message() -> None:
    fields = read_application(msgspec.json.encode(EXAMPLE))
    message = pb.SetUpApplication(**fields)
    assert message.IsInitialized()
    told = to_json(message)
    assert told["capital"] == EXAMPLE["capital"]
    assert told["entity_type"] == EXAMPLE["entity_type"]


BODIES: list[bytes] = [
    b"{}", b'{"name":""}', b'{"name":"a","name":"a"}', b'{"name":"\\u0061"}', b' { "name" : "a" } ', b'{"name":1}',
    b'{"investors":[{"uscc":"1","amount_fen":0}]}', b'{"investors":[{"uscc":"1"},{"uscc":"1","uscc":"2"}]}',
    b'{"capital":{}}', b'{"capital":null}', b"[]", b"null", b'"x"', b'{"entity_type":""}', b'{"entity_type":"BRANCH"}',
    b'{"capital":{"amount_fen":1.0}}', b'{"capital":{"amount_fen":1e2}}', b'{"capital":{"amount_fen":01}}',
    b'{"name":"\x7f"}', b'{"name":"\xf0\x9f\x98\x80"}', b'{"name":"\xed\xa0\x80"}', b'{"name":"a\nb"}', b'{"x":1}',
    b'{"materials":[{"sha256":""}]}', b'{"name":"a"}\x00', b'{"name":"' + "名".encode() * 121 + b'"}',
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES)
def test_the_fast_way_of_reading_and_the_strict_way_agree(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def outcome() -> Any:
        try:
            return read_application(body)
        except InvalidArgument as failure:
            return failure.reason, [v.field for v in failure.violations]

    fast = outcome()
    monkeypatch.setattr(submission, "_read_fast", lambda body: None)
    assert fast == outcome()


def test_a_receipt_written_out_is_what_the_general_way_writes() -> None:
    receipt = rpc.SubmissionReceipt(
        application_id="app_1", state=pb.APPLICATION_STATE_RETURNED, version=2, name=pb.NameParts(full_name="x", form="y"),
        received_time="2026-05-04T01:30:00.5+00:00", gaps=[pb.Gap(field="f", reason="R", description="d")],
    )  # fmt: skip
    expected = to_json(receipt)
    del expected["replayed"]
    assert receipt_json(receipt) == expected


def test_a_message_with_nothing_in_it_has_all_its_fields() -> None:
    told = to_json(pb.Application())
    assert told["name"] is None
    assert told["state"] is None
    assert (told["gaps"], told["extended"], told["uscc"]) == ([], False, None)
    assert to_json(sample_application())["timeline"][0]["data"] == {"a": "b"}
    assert to_json(failure_pb2.ItemFailure(metadata={"a": "b"}))["metadata"] == {"a": "b"}


def validator(schema: dict[str, Any]) -> Any:
    return jsonschema_rs.Draft202012Validator(schema | {"components": DOCUMENT["components"]})


CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/v1/registration/applications", {"json": EXAMPLE}),
    ("GET", "/v1/registration/applications/{application_id}", {}),
    (
        "POST",
        "/v1/registration/applications/{application_id}/decision",
        {"json": {"decision": "REGISTER", "expected_version": 3}},
    ),
    (
        "POST",
        "/v1/registration/applications/{application_id}/extension",
        {"json": {"approved_by": "h", "expected_version": 3}},
    ),
    ("POST", "/v1/registration/applications/{application_id}/withdrawal", {"json": {"expected_version": 3}}),
    ("GET", "/v1/registration/applications", {}),
    ("GET", "/v1/registration/name-reservations", {}),
    ("POST", "/v1/registration/name-reservations/{reservation_id}/end", {}),
    ("GET", "/v1/registration/work-items", {"params": {"division_code": "320411"}}),
    (
        "POST",
        "/v1/registration/names/check",
        {"json": {"division_code": "320411", "name": "名", "entity_type": "BRANCH"}},
    ),
    (
        "POST",
        "/v1/registration/name-reservations",
        {"json": {"division_code": "320411", "name": "名", "entity_type": "BRANCH"}},
    ),
    (
        "POST",
        "/v1/registration/entities/imports",
        {
            "content": b"name,uscc,registered_on,type,capital,business_scope,address\n,,,,,,\n",
            "headers": {"Content-Type": "text/csv", "Idempotency-Key": "k"},
        },
    ),
    ("GET", "/v1/registration/entities", {}),
    ("GET", "/v1/registration/entities/by-code/{uscc}", {}),
    ("GET", "/v1/registration/entities/{entity_id}", {}),
    (
        "POST",
        "/v1/registration/entities/{entity_id}/state",
        {"json": {"state": "CANCELLED", "reason_code": "DISSOLVED", "expected_version": 2}},
    ),
    ("POST", "/v1/certificates/verify", {"json": {"identifier": IDENTIFIER}}),
    ("GET", "/v1/certificates/keys", {}),
    ("GET", "/v1/certificates", {"params": {"holder_code": "91320411MAXX00015L"}}),
    ("GET", "/v1/certificates/{certificate_id}", {}),
    ("GET", "/v1/certificates/{certificate_id}/file", {}),
    ("GET", "/healthz", {}),
    ("GET", "/readyz", {}),
    *NEW_CALLS,
]


@pytest.mark.parametrize(
    ("method", "path", "options"), CALLS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_good_answer_has_the_shape_and_status_of_the_document(
    api: httpx.Client, platform: Platform, method: str, path: str, options: dict[str, Any]
) -> None:
    headers = {"Idempotency-Key": "k"}
    if DOCUMENT["paths"][path][method.lower()]["security"] == [{"bearer": ["feed:read"]}]:
        headers["Authorization"] = f"Bearer {platform.issuer.token('feed:read', division='440305')}"
    answer = api.request(method, concrete(path), **({"headers": headers} | options))
    operation = DOCUMENT["paths"][path][method.lower()]
    [status] = [code for code in operation["responses"] if code.startswith("2")]
    assert answer.status_code == int(status), answer.text
    content = operation["responses"][status]["content"]
    schema = content[answer.headers["Content-Type"]]["schema"]
    if answer.headers["Content-Type"] == "application/json" and not path.endswith("/file"):
        validator(schema).validate(answer.json())


def test_every_operation_is_among_those_calls() -> None:
    signed = {(m, p) for m, p, o in OPERATIONS if "httpSignature" in (o["security"] or [{}])[0]}
    assert {(m, p) for m, p, _ in OPERATIONS} - signed == {(m, p) for m, p, _ in CALLS}
    assert signed == {("POST", "/v1/handoff/messages")}  # tests/unit/gateway/test_signed_messages.py


@pytest.mark.parametrize(
    ("path", "status"),
    [("/v1/registration/applications/app_none", 404), ("/v1/registration/entities?page_size=x", 400)],
)
def test_a_problem_has_the_shape_of_the_document(api: httpx.Client, path: str, status: int) -> None:
    answer = api.get(path)
    assert answer.status_code == status
    validator({"$ref": "#/components/schemas/Problem"}).validate(answer.json())


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=lambda value: str(value)[:60])
def test_every_operation_is_described(method: str, path: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"]
    assert "422" not in operation["responses"] or operation["responses"]["422"]["$ref"].endswith("Problem422")
    for body in operation.get("requestBody", {}).get("content", {}).values():
        assert body["schema"]


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=lambda value: str(value)[:60])
def test_every_command_asks_for_an_idempotency_key(method: str, path: str, operation: dict[str, Any]) -> None:
    harmless = (
        "/v1/registration/names/check",
        "/v1/registration/entities/by-person",
        "/v1/certificates/verify",
        "/v1/permits/bundles/plan",
        "/v1/permits/projects/plan",
    )
    asks = any(p["name"] == "Idempotency-Key" and p["required"] for p in operation.get("parameters", ()))
    assert asks == (method != "GET" and path not in harmless)


def test_every_reference_of_the_document_leads_somewhere() -> None:
    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return own + [ref for value in node.values() for ref in references(value)]
        return [ref for value in node for ref in references(value)] if isinstance(node, list) else []

    for reference in references(DOCUMENT):
        node: Any = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            assert part in node, reference
            node = node[part]


def test_the_seven_failures_have_titles_and_statuses() -> None:
    assert set(TITLES) == set(HTTP_STATUSES)


def test_the_document_and_its_page_are_served_and_load_nothing_from_elsewhere(anybody: httpx.Client) -> None:
    document = anybody.get("/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    page = anybody.get("/docs")
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert "'unsafe-eval'" not in page.headers["Content-Security-Policy"]
    for address in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"):
        assert anybody.get(f"/static/vendor/swagger-ui-dist/{address}").status_code == 200


def test_vendored_files_are_those_that_were_recorded() -> None:
    folder = Path(gateway.__file__).parent / "static" / "vendor"
    recorded = {
        name: digest
        for package in json.loads((folder / "VENDOR.json").read_text(encoding="utf-8"))["packages"]
        for name, digest in package["files"].items()
    }
    found = {str(f.relative_to(folder)): f for f in folder.rglob("*") if f.is_file() and f.name != "VENDOR.json"}
    assert set(found) == set(recorded)
    assert all(hashlib.sha256(file.read_bytes()).hexdigest() == recorded[name] for name, file in found.items())
    assert sum(file.stat().st_size for file in found.values()) < 2_000_000


def test_every_setting_and_scope_stands_in_the_readme() -> None:
    readme = (Path(gateway.__file__).parent / "README.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"`TONGBAN_{name.upper()}`" in readme, name
    for scope in SCOPES:
        assert f"`{scope}`" in readme, scope
