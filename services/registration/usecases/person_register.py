"""The store as the use cases about persons and duplicates see it (`store/persons.py` says more)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


class PersonRegister(Protocol):
    """Part of `context.Register`."""

    def bars(self, person_keys: Iterable[str], today: str) -> dict[str, str]: ...
    def known_bars(self, today: str) -> dict[str, str]: ...
    def forget_bars(self) -> None: ...
    def entities_of_person(self, person_key: str, after: str, size: int) -> tuple[list[dict[str, Any]], str]: ...
    def entities_resembling(self, groups: Iterable[Sequence[str]], most: int) -> list[dict[str, Any]]: ...
    def applications_resembling(self, groups: Iterable[Sequence[str]], most: int) -> list[dict[str, Any]]: ...
    def applications_by_id(self, ids: Iterable[str]) -> list[dict[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Beside:
    """What a step of a case writes beside the case, its entity's facts and the names, in the same transaction."""

    # fields of the entity's document that are no registered facts: its sealed person, the keys by which it is found
    entity: Mapping[str, Any] = field(default_factory=dict)
    # who is barred by the step, as `store/persons.py` keeps it
    bar: Mapping[str, str] | None = None
    # the bar that this case made is gone (条例 art. 42)
    unbar: bool = False
    # keyed hash of who headed the entity before the step
    head_key: str = ""
    # `open_key`s of other cases of the entity that are looked at again, and when
    woken: tuple[str, ...] = ()
    # the step brought the entity into another state or under another flag: all its open cases are looked at again
    wakes_all: bool = False
    at: datetime | None = None
    # whom revoked items took out of the register, sealed with the case until that is undone
    taken_out: bytes | None = None


NOTHING_BESIDE = Beside()
