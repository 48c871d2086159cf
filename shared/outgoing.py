"""A message on its way to the broker, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Outcome(Enum):
    """What became of a message."""

    CONFIRMED = "confirmed"
    UNROUTABLE = "unroutable"
    FAILED = "failed"


@dataclass(slots=True)
class Outgoing:
    """A message to publish. `on_outcome` is called once, on the publisher's thread, and must not block."""

    exchange: str
    routing_key: str
    body: bytes
    on_outcome: Callable[[Outcome], None]
    content_type: str
    mandatory: bool = True
    headers: dict[str, Any] = field(default_factory=dict)
    returned: bool = False
