"""A service that answers every call of its contract with a made-up message: each field has a value, each list one item.

An id that ends in "_none" is NOT_FOUND; what it heard is kept in `heard`; `answers` says
otherwise, by method.
"""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor import FieldDescriptor

from shared.failures import NotFound

DEPTH = 6
# texts that the document says to be one of some words
WORDS = {
    "EntityCase.kind": "CHANGE", "EntityCase.state": "UNDER_REVIEW", "CaseDeadline.state": "RUNNING",
    "EntityBundle.kind": "OPENING", "EntityBundle.state": "RUNNING", "EntityBundle.outcome": "COMPLETE",
    "EntityBundle.owed_flag": "NO_LIMIT_IN_LAW", "BundlePart.ask": "OPEN", "BundlePart.state": "DONE",
}  # fmt: skip
TEXTS = {"time": "2026-05-04T01:30:00+00:00", "date": "2026-05-04", "data": '{"a": "b"}', "token": ""}


def made_up_servicer(base: type, module: Any) -> Any:
    """An instance of a servicer class of the generated code, with all its methods answering."""
    service = next(iter(module.DESCRIPTOR.services_by_name.values()))

    def answering(name: str, response: Any) -> Any:
        def method(self: Any, request: Any, context: Any) -> Any:
            self.heard.append(request)
            for field, value in request.ListFields():
                if field.name.endswith("_id") and str(value).endswith("_none"):
                    raise NotFound("no such thing", reason="MADE_UP_NOT_FOUND")
            return self.answers.get(name) or made_up(response._concrete_class())

        return method

    methods = {name: answering(name, method.output_type) for name, method in service.methods_by_name.items()}
    servicer = type(f"MadeUp{base.__name__}", (base,), methods)()
    servicer.heard, servicer.answers = [], {}
    return servicer


def made_up(message: Any, depth: int = DEPTH) -> Any:
    """The message with a value in every field."""
    for field in message.DESCRIPTOR.fields:
        if field.containing_oneof is not None and len(field.containing_oneof.fields) > 1:
            continue
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            getattr(message, field.name)["key"] = "value"
        elif field.message_type is not None:
            if depth == 0:
                continue
            inner = getattr(message, field.name)
            target = inner.add() if field.is_repeated else inner
            target.SetInParent()
            if field.message_type.full_name == "google.protobuf.Timestamp":
                target.FromJsonString("2026-05-04T01:30:00Z")
            else:
                made_up(target, depth - 1)
        elif field.is_repeated:
            getattr(message, field.name).append(_value(field))
        else:
            setattr(message, field.name, _value(field))
    return message


def _value(field: Any) -> Any:
    if field.enum_type is not None:
        return field.enum_type.values[1].number
    if field.type == FieldDescriptor.TYPE_BOOL:
        return True
    if field.type == FieldDescriptor.TYPE_BYTES:
        return b"made up"
    if field.type == FieldDescriptor.TYPE_STRING:
        word = WORDS.get(field.full_name.removeprefix("tongban.registration.v1."))
        return word or TEXTS.get(field.name.rpartition("_")[2], f"{field.name}_1")
    return 1
