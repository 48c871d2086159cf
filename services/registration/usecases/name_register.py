"""The store as the use cases about names see it (`store/names.py` says more)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from services.registration.domain.held_names import Held, NameClaim, Wanted
from shared.commands import KeyTaken


class NameBeside(KeyTaken):
    """The claim stands, but so does `held`, the same trade name without a trade: whether it is in the way must be looked at."""

    def __init__(self, held: Held) -> None:
        super().__init__("the trade name is held without a trade")
        self.held = held


class NameRegister(Protocol):
    """Part of `context.Register`."""

    def claim_names(self, claims: Sequence[NameClaim]) -> list[Exception | None]: ...
    def hold_name(self, claim: NameClaim) -> str: ...
    def give_back_name(self, claim: NameClaim) -> None: ...
    def names_by_key(self, keys: Iterable[str]) -> dict[str, dict[str, Any]]: ...
    def names_in_the_way(self, wanted: Wanted) -> list[dict[str, Any]]: ...
    def name_by_command(self, command_key: str) -> dict[str, Any] | None: ...
    def name_of_reservation(self, reservation_id: str) -> dict[str, Any] | None: ...
    def release_names(self, claims: Mapping[str, str]) -> None: ...
    def note_names(self, names: Sequence[dict[str, Any]]) -> None: ...
