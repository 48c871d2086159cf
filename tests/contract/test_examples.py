"""The API's document shows an example of everything that is asked and answered, and each fits its description."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gateway.examples import EXAMPLES, answered
from tests.contract.calls import DOCUMENT

SCHEMAS = DOCUMENT["components"]["schemas"]
ROUTES = [(path, method, route) for path, methods in DOCUMENT["paths"].items() for method, route in methods.items()]


def is_shown(part: dict[str, Any], seen: frozenset[str] = frozenset()) -> bool:
    """Whether a parameter, a body or a shape has an example, itself or in any of its fields."""
    if "example" in part or part.get("examples"):
        return True
    name = part.get("$ref", "").rpartition("/")[2]
    if name:
        return name not in seen and is_shown(SCHEMAS[name], seen | {name})
    inner = [part.get("schema"), part.get("items"), *part.get("anyOf", ()), *part.get("properties", {}).values()]
    return any(is_shown(one, seen) for one in inner if one)


def parts(route: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a route takes and answers, by name; files of bytes have no example."""
    yield from ((parameter["name"], parameter) for parameter in route.get("parameters", ()))
    bodies = {"asked": route.get("requestBody", {})}
    bodies |= {status: answer for status, answer in route["responses"].items() if status.startswith("2")}
    for which, body in bodies.items():
        for kind, content in body.get("content", {}).items():
            if "contentMediaType" not in content.get("schema", {}):
                yield f"{which} {kind}", content


@pytest.mark.parametrize(("path", "method", "route"), ROUTES, ids=[f"{method} {path}" for path, method, _ in ROUTES])
def test_every_route_shows_what_is_asked_and_what_is_answered(path: str, method: str, route: dict[str, Any]) -> None:
    assert [name for name, part in parts(route) if not is_shown(part)] == []


def scalars(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Fields that are a text, a number or a list of such, of which no words are listed."""
    for name, field in schema.get("properties", {}).items():
        for kind in (field, *field.get("anyOf", ())):
            single = kind.get("items", kind)
            if single.get("type") in ("string", "integer") and not single.keys() & {"enum", "const"}:
                yield name, field


@pytest.mark.parametrize("shape", sorted(answered(DOCUMENT)))
def test_every_text_and_number_of_an_answer_has_an_example(shape: str) -> None:
    fields = scalars(SCHEMAS[shape])
    assert [name for name, field in fields if not field.get("examples") and "default" not in field] == []


def described(part: Any) -> Iterator[dict[str, Any]]:
    """Every schema with examples, anywhere in the document."""
    if isinstance(part, dict):
        if isinstance(part.get("examples"), list) and part.keys() & {"type", "anyOf", "$ref", "allOf"}:
            yield part
        for inner in part.values():
            yield from described(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from described(inner)


def test_every_example_fits_its_description() -> None:
    found = list(described(DOCUMENT))
    assert len(found) > 500
    for schema in found:
        validator = Draft202012Validator(schema | {"components": DOCUMENT["components"]})
        for example in schema["examples"]:
            assert [error.message for error in validator.iter_errors(example)] == [], schema


def test_every_whole_body_that_is_shown_fits_its_shape() -> None:
    found = [
        content
        for _, _, route in ROUTES
        for content in route.get("requestBody", {}).get("content", {}).values()
        if "example" in content
    ]
    assert len(found) > 3
    for content in found:
        validator = Draft202012Validator(content["schema"] | {"components": DOCUMENT["components"]})
        assert [error.message for error in validator.iter_errors(content["example"])] == []


def test_no_example_is_left_of_a_field_that_is_gone() -> None:
    shapes = answered(DOCUMENT)
    names = {name for shape in shapes for name in SCHEMAS[shape].get("properties", {})}
    known = names | {f"{shape}.{name}" for shape in shapes for name in SCHEMAS[shape].get("properties", {})}
    assert sorted(set(EXAMPLES) - known) == []
