"""Calls of routes whose answers are drawn from the contract: the example of each body, as the document shows it."""

from __future__ import annotations

from typing import Any

from gateway.app import create_app
from gateway.config import read_settings

PATH_VALUES = {
    "application_id": "app_1", "entity_id": "ent_1", "certificate_id": "cert_1", "uscc": "91320411MAXX00015L",
    "case_id": "pmc_1", "filing_id": "fil_1", "bundle_id": "bun_1", "permit_id": "per_1", "project_id": "prj_1",
    "order_id": "ord_1", "request_id": "req_1", "reservation_id": "nam_1",
    "entity_case_id": "enc_1", "entity_bundle_id": "ebn_1", "handoff_case_id": "hof_1", "message_id": "msg_1",
}  # fmt: skip
DRAWN = (
    "/v1/permits/", "/v1/hotline/", "/v1/handoff/", "/v1/feed/", "/v1/registration/entity-cases",
    "/v1/registration/statistics", "/v1/registration/forecast", "/v1/registration/entities/takeovers",
    "/v1/registration/entities/{entity_id}/cases", "/v1/registration/entities/{entity_id}/ex-officio-cases",
    "/v1/registration/entities/{entity_id}/bundles", "/v1/registration/bundles",
    "/v1/registration/entities/{entity_id}/authority-cases", "/v1/registration/work-items/entity-cases",
    "/v1/registration/entities/by-person", "/v1/registration/applications/{application_id}/duplicates",
)  # fmt: skip
DOCUMENT = create_app(read_settings()).openapi()


def concrete(path: str) -> str:
    """A path with values in it."""
    return path.format(**PATH_VALUES) if "{" in path else path


def example_of(schema: dict[str, Any]) -> Any:
    """A body from the examples of its fields, as a person who tries the docs page sends it."""
    if "$ref" in schema:
        return example_of(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if schema.get("examples"):
        return schema["examples"][0]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0])
    if schema.get("type") == "object":
        required = schema.get("required", ())
        fields = schema.get("properties", {})
        return {n: example_of(s) for n, s in fields.items() if n in required or s.get("examples") or "$ref" in s}
    raise AssertionError(f"a required field has no example: {schema}")


def _call(method: str, path: str, operation: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    options: dict[str, Any] = {}
    content = operation.get("requestBody", {}).get("content", {})
    if "text/csv" in content:
        options["content"] = content["text/csv"]["example"].encode()
        options["headers"] = {"Content-Type": "text/csv", "Idempotency-Key": "k"}
    if "application/json" in content:
        body = example_of(content["application/json"]["schema"])
        needs_version = any(p["name"] == "If-Match" for p in operation.get("parameters", ()))
        options["json"] = body | ({"expected_version": 1} if needs_version else {})
    queries = {
        p["name"]: p["examples"][0] if "examples" in p else p["schema"]["examples"][0]
        for p in operation.get("parameters", ())
        if p["in"] == "query" and p["required"]
    }
    if queries:
        options["params"] = queries
    return method.upper(), path, options


NEW_CALLS = [
    _call(method, path, operation)
    for path, item in DOCUMENT["paths"].items()
    if path.startswith(DRAWN)
    for method, operation in item.items()
    if "httpSignature" not in operation["security"][0]  # tests/unit/gateway/test_signed_messages.py
]
