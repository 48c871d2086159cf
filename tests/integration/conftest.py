"""Fixtures of all tests that start processes of the stack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.processes import Start, processes


@pytest.fixture
def process(servers: Any, tmp_path: Path) -> Iterator[Start]:
    """Starts a process of the stack, by name (`registration-worker`)."""
    with processes(servers, tmp_path) as start:
        yield start
