"""Time limits of handoff, read from `data/limits.yaml`: each with its source and the days it is in force."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from shared.limits import Limits

_FILE = Path(__file__).resolve().parent.parent / "data" / "limits.yaml"


@cache
def limits() -> Limits:
    """All limits of this service."""
    return Limits(_FILE)
