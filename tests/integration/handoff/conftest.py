"""Two regions for the tests of a session; each test begins with nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.handoff.two_sides import TwoSides


@pytest.fixture(scope="session")
def both(servers: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoSides]:
    sides = TwoSides(servers.admin_mongo_uri, tmp_path_factory.mktemp("keys"))
    yield sides
    for side in (sides.here, sides.there):
        side.client.close()


@pytest.fixture
def sides(both: TwoSides) -> TwoSides:
    both.reset()
    return both
