"""A whole platform of its own, as `make up` starts it, for the end-to-end tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bench.platform import Platform, platform


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """All processes of the stack, with data and ports of their own."""
    with platform(tmp_path_factory.mktemp("platform") / "state") as started:
        yield started
