"""Where a service keeps cases, so that the audit finds the open ones. Apart from the audit's gRPC side, because a store is
also used in the worker, which never loads gRPC."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from pymongo.collection import Collection

from shared.standing import Standing


def stored_standing(document: dict[str, Any]) -> Standing:
    """The standing that a document carries."""
    return msgspec.convert(document["standing"], Standing)


@dataclass(frozen=True)
class OpenCases:
    """Where a store keeps cases: how the open ones are found, and how the standing of one is read."""

    collection: Collection[Any]
    query: dict[str, Any] = field(default_factory=lambda: {"standing.kind": {"$ne": "CLOSED"}})
    standing_of: Callable[[dict[str, Any]], Standing] = stored_standing


Audited = Mapping[str, OpenCases]
