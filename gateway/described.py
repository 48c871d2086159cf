"""Shapes of answers, drawn from the contract's messages, so that the document and the answers cannot differ.

`told_model(Message)` gives a pydantic model with the fields that `gateway.messages.to_json` writes: snake_case names, enums
as their names without prefix, instants as RFC 3339, nothing left out. A model is made once for each message type. What a
descriptor cannot say (meaning of a field, the words that a text may be) is said beforehand with `say`.
"""

from __future__ import annotations

from typing import Any, Literal

from google.protobuf.descriptor import FieldDescriptor
from pydantic import Field, create_model

from gateway.messages import JSON_TEXT, TIMESTAMP
from gateway.models import Told

_models: dict[str, type[Told]] = {}
# by message and field: what it means, and its words as a Literal (None: any text)
_said: dict[tuple[str, str], tuple[str, Any]] = {}
# names that hand-written models of other services have
_taken: dict[str, str] = {"TimelineEntry": "", "Material": "", "Capital": "", "Entity": "", "Application": ""}


def say(message: Any, **fields: str | tuple[str, Any]) -> None:
    """What fields of a message mean, each with a Literal of its words where it has some. Before its model is made."""
    for name, said in fields.items():
        if name not in message.DESCRIPTOR.fields_by_name or message.DESCRIPTOR.full_name in _models:
            raise ValueError(f"{message.DESCRIPTOR.full_name} has no field {name}, or is described already")
        _said[message.DESCRIPTOR.full_name, name] = (said, None) if isinstance(said, str) else said


def told_model(message: Any, leave_out: tuple[str, ...] = ()) -> type[Told]:
    """The shape of a message in answers. `leave_out`: fields that travel as headers (`replayed`)."""
    return _model(message.DESCRIPTOR, leave_out)


def _model(descriptor: Any, leave_out: tuple[str, ...] = ()) -> type[Told]:
    found = _models.get(descriptor.full_name)
    if found is None:
        fields: dict[str, Any] = {
            field.name: (_type(field), Field(description=_description(field)))
            for field in descriptor.fields
            if field.name not in leave_out
        }
        found = _models[descriptor.full_name] = create_model(_name(descriptor), __base__=Told, **fields)
    return found


def _name(descriptor: Any) -> str:
    """The message's own name, with its service before it where another message has that name already."""
    name = str(descriptor.name)
    owner = _taken.setdefault(name, descriptor.full_name)
    if owner == descriptor.full_name:
        return name
    return str(descriptor.full_name.split(".")[1].capitalize()) + name


def _type(field: Any) -> Any:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        return dict[str, str]
    single = _single(field)
    if field.is_repeated:
        return list[single]  # type: ignore[valid-type]
    return single | None if _nullable(field) else single


def _nullable(field: Any) -> bool:
    return field.type in (
        FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_BYTES, FieldDescriptor.TYPE_ENUM, FieldDescriptor.TYPE_MESSAGE,
    ) or bool(field.has_presence)  # fmt: skip


def _single(field: Any) -> Any:
    _, words = _said.get((field.containing_type.full_name, field.name), ("", None))
    if words is not None:
        return words
    if field.message_type is not None:
        return str if field.message_type.full_name == TIMESTAMP else _model(field.message_type)
    if field.enum_type is not None:
        prefix = field.enum_type.values[0].name.removesuffix("UNSPECIFIED")
        names = tuple(value.name.removeprefix(prefix) for value in field.enum_type.values if value.number)
        return Literal[names]
    if field.full_name.endswith(JSON_TEXT):
        return dict[str, Any]
    if field.type == FieldDescriptor.TYPE_BOOL:
        return bool
    return str if field.type in (FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_BYTES) else int


def _description(field: Any) -> str | None:
    """What was said of a field, or what the form of its name says of it."""
    said, _ = _said.get((field.containing_type.full_name, field.name), ("", None))
    if said:
        return said
    if field.name.endswith("_time"):
        return "RFC 3339 in +08:00"
    if field.name.endswith("_date"):
        return "ISO date"
    return None
